"""How many lines of a terminal a text takes."""

import re

from rich.cells import cell_len

_UNSEEN = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
"""Escape sequences, which take no room on a terminal: colours and links."""


def count_lines(line: str, columns: int) -> int:
    """Return how many lines of a terminal a line of text takes, wrapped at `columns` cells."""
    seen = _UNSEEN.sub("", line).rstrip("\r\n").expandtabs(8)
    return max(1, -(-cell_len(seen) // columns))
