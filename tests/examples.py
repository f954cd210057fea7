"""How many examples hypothesis makes for a test: few, or more in the long form."""

import os

from each import is_long


def example_count(few: int, long: int | None = None) -> int:
    """Return how many examples to try: `few`, `long` in the long form, or as many as NKPLAN_EXAMPLES says."""
    return int(os.environ.get("NKPLAN_EXAMPLES", (long or few) if is_long() else few))
