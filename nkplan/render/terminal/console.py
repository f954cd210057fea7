"""The console that tables are drawn on."""

import os
import re
import sys
from contextlib import suppress
from io import StringIO
from typing import TextIO

from rich.console import Console

from nkplan.model.vocabulary import Status

WIDE = 10_000
"""The width without a terminal: nothing is cut."""


def _choose_style(status: Status) -> str:
    match status.phase:
        case "ended":
            return "red"
        case "halted":
            return "magenta"
        case "open":
            return "magenta" if status.is_unused else ""
    return ""


def _choose_verified_style(status: Status) -> str:
    if status.phase != "open" or status.is_unused:
        return _choose_style(status)
    return "bold green" if status.is_in_use else "green"


STYLES: dict[str, str] = {str(status): style for status in Status if (style := _choose_style(status))}
"""The styles of statuses, readable on dark and light backgrounds; of what is only claimed none is green."""

VERIFIED_STYLES: dict[str, str] = {
    str(status): style for status in Status if (style := _choose_verified_style(status))
}
"""The styles of statuses that an observation shows."""


class _Trimmed(StringIO):
    """A file that strips trailing spaces: Rich pads each line to its full width."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out

    def write(self, text: str) -> int:
        self._out.write("\n".join(line.rstrip(" ") for line in text.split("\n")))
        return len(text)


def make_console(out: TextIO) -> Console:
    """Make a console for a terminal, or one without colour for what is none: a file or a pipe.

    That is as wide as COLUMNS says, else as the terminal from which the command is run, if it is a pipe.
    """
    # Rich accepts digits of any script as a number of columns, and fails on some of them.
    sizes = {name: size for name in ("COLUMNS", "LINES") if (size := os.environ.get(name)) is not None}
    sane = {name: size for name, size in sizes.items() if re.fullmatch("[1-9][0-9]{0,4}", size)}
    environment = {name: value for name, value in os.environ.items() if name not in sizes} | sane
    if out.isatty():
        return Console(file=out, highlight=False, markup=False, emoji=False, _environ=environment)
    width = max(1, min(int(sane.get("COLUMNS", _find_width(out))), WIDE))
    return Console(
        file=_Trimmed(out),
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
        color_system=None,
        _environ=environment,
    )


def _find_width(out: TextIO) -> int:
    """Return the width of the terminal that standard error or input is; a file has no limit."""
    if getattr(out, "name", None) is not None:
        return WIDE
    for stream in (sys.stderr, sys.stdin):
        with suppress(OSError, ValueError, AttributeError):
            if width := os.get_terminal_size(stream.fileno()).columns:
                return width
    return WIDE
