"""How many lines of a terminal a text takes."""

import re

from rich.cells import cell_len

_UNSEEN = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
"""What steers a terminal and takes no room on it: colours and links."""


def count_lines(line: str, columns: int) -> int:
    """Give how many lines of a terminal a line of text takes that is wrapped at its width."""
    seen = _UNSEEN.sub("", line).rstrip("\r\n").expandtabs(8)
    return max(1, -(-cell_len(seen) // columns))
