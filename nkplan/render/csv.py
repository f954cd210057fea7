"""Comma-separated values, safe in a spreadsheet. The total of a grid, if any, is the last row."""

import csv
import re
from typing import TextIO

from nkplan.layout.grid import Grid, Value, iterate_rows, show
from nkplan.text import clean

# A cell can also begin at a semicolon: a spreadsheet that separates cells by semicolons does so inside our
# quotes. Spreadsheets skip leading spaces and invisible characters and read small and fullwidth variants of a
# sign as that sign.
_FORMULA = re.compile(r"(^|;)(?=[\s\u00ad\u034f\u200c-\u200f]*[=+\-@＝＋－＠﹦﹢﹣﹫])")


def write_grid(grid: Grid, out: TextIO, *, exact: bool = False) -> None:
    """Write a line of column keys, then a line for each row; `exact` keeps formulas and line breaks.

    Characters that could control a terminal are replaced even so.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.key for column in grid.columns])
    write = _show_exactly if exact else _disarm
    writer.writerows(map(write, row) for row in iterate_rows(grid))


def _disarm(value: Value) -> str:
    """Return a cell that no spreadsheet runs as a formula; numbers, even negative ones, stay numbers."""
    text = show(value)
    if not isinstance(value, str) or (text[:1].isalnum() and ";" not in text):
        return text
    return _FORMULA.sub(r"\1'", text)


def _show_exactly(value: Value) -> str:
    """Return a value with its line breaks and tabs, which a quoted cell may contain."""
    return clean(value, on_one_line=False) if isinstance(value, str) else show(value)
