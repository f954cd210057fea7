"""How many examples hypothesis makes for a test: few, or as many as NKPLAN_EXAMPLES says."""

import os


def example_count(few: int) -> int:
    """Return how many examples to try: `few`, or as many as NKPLAN_EXAMPLES says."""
    return int(os.environ.get("NKPLAN_EXAMPLES", few))
