"""Lines that fit the terminal they are printed on, broken between words only."""

import os
from collections.abc import Iterator
from typing import TextIO

from nkplan.text import count_cells

_INDENT = "  "
_NARROWEST = 20
"""On a narrower screen the terminal breaks lines itself."""


def wrap_for(stream: TextIO, line: str) -> str:
    """Return a line, broken to fit if the stream is a terminal; what follows the first part is indented."""
    if len(line) < _NARROWEST or not stream.isatty():
        return line
    width = _find_width(stream)
    return line if width < _NARROWEST or count_cells(line) <= width else "\n".join(_break(line, width))


def _find_width(stream: TextIO) -> int:
    """Return the number of columns: COLUMNS, else what the terminal says, else 0."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and len(columns) < 6 and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return 0


def _break(line: str, width: int) -> Iterator[str]:
    """Yield the parts of a line. A word that is longer than the screen, such as a link, stays whole."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    part, used = indent, count_cells(indent)
    is_empty = True
    # Spaces inside a part stay as they are.
    for word in line[len(indent) :].split(" "):
        cells = count_cells(word)
        if not is_empty and used + 1 + cells > width:
            yield part.rstrip(" ")
            part, used, is_empty = indent + _INDENT, len(indent) + len(_INDENT), True
        if is_empty:
            part, used = part + word, used + cells
            is_empty = not word
        else:
            part, used = f"{part} {word}", used + 1 + cells
    yield part
