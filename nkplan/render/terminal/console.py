"""The console that tables are drawn on."""

import os
import re
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
            return "magenta" if status.is_unused else "bold green" if status.is_in_use else "green"
    return ""


STYLES: dict[str, str] = {str(status): style for status in Status if (style := _choose_style(status))}
"""The styles of statuses, readable on dark and light backgrounds."""


class _Trimmed(StringIO):
    """A file that strips trailing spaces: Rich pads each line to its full width."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out

    def write(self, text: str) -> int:
        self._out.write("\n".join(line.rstrip(" ") for line in text.split("\n")))
        return len(text)


def make_console(out: TextIO) -> Console:
    """Make a console for a terminal, or one without colour and width limit for a file."""
    # Rich accepts digits of any script as a number of columns, and fails on some of them.
    sizes = {name: size for name in ("COLUMNS", "LINES") if (size := os.environ.get(name)) is not None}
    sane = {name: size for name, size in sizes.items() if re.fullmatch("[1-9][0-9]{0,4}", size)}
    environment = {name: value for name, value in os.environ.items() if name not in sizes} | sane
    if out.isatty():
        return Console(file=out, highlight=False, markup=False, emoji=False, _environ=environment)
    width = max(1, min(int(sane.get("COLUMNS", WIDE)), WIDE))
    return Console(
        file=_Trimmed(out),
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
        color_system=None,
        _environ=environment,
    )
