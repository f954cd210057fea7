"""Comma-separated values, safe in a spreadsheet. A grid's total, where it has one, is the last row."""

import csv
from typing import TextIO

from nkplan.views.grid import Grid, Value, iterate_rows, show


def write_grid(grid: Grid, out: TextIO) -> None:
    """Write a line of column keys, and a line a row."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.key for column in grid.columns])
    writer.writerows(map(_disarm, row) for row in iterate_rows(grid))


def _disarm(value: Value) -> str:
    """Give a cell that no spreadsheet runs as a formula; numbers stay numbers, the negative ones too."""
    text = show(value)
    if isinstance(value, str) and text.startswith(("=", "+", "-", "@")):
        return f"'{text}"
    return text
