"""The console that tables are drawn on."""

import os
from typing import TextIO

from rich.console import Console

WIDE = 10_000
"""The width where there is no terminal: nothing is cut."""

STYLES = {
    "completed": "green",
    "operating": "bold green",
    "idle": "magenta",
    "paused": "magenta",
    "cancelled": "red",
}
"""The styles of statuses, readable on dark and on light."""


def make_console(out: TextIO) -> Console:
    """Make the console that draws on a terminal, or without colour and without bounds into a file."""
    if out.isatty():
        return Console(file=out, highlight=False, markup=False, emoji=False)
    width = int(columns) if (columns := os.environ.get("COLUMNS", "")).isdigit() else WIDE
    return Console(file=out, width=width, highlight=False, markup=False, emoji=False, color_system=None)
