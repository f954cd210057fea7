"""Comma-separated values, safe in a spreadsheet. A grid's total, where it has one, is the last row."""

import csv
import re
from typing import TextIO

from nkplan.layout.grid import Grid, Value, iterate_rows, show
from nkplan.text import clean

# A cell can begin at a semicolon too: where a spreadsheet parts cells by those, it does so inside our quotes.
# It reads past spaces, and takes small and wide forms of a sign for the sign; what is not seen is no better.
_FORMULA = re.compile(r"(^|;)(?=[\s\u00ad\u034f\u200c-\u200f]*[=+\-@＝＋－＠﹦﹢﹣﹫])")


def write_grid(grid: Grid, out: TextIO, *, exact: bool = False) -> None:
    """Write a line of column keys, and a line a row; `exact` leaves texts as they are.

    What could steer a terminal is replaced all the same.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.key for column in grid.columns])
    write = _show_exactly if exact else _disarm
    writer.writerows(map(write, row) for row in iterate_rows(grid))


def _disarm(value: Value) -> str:
    """Give a cell that no spreadsheet runs as a formula; numbers stay numbers, the negative ones too."""
    text = show(value)
    if not isinstance(value, str) or (text[:1].isalnum() and ";" not in text):
        return text
    return _FORMULA.sub(r"\1'", text)


def _show_exactly(value: Value) -> str:
    """Give a value with its line breaks and tabs, which a cell between quotes can have."""
    return clean(value, on_one_line=False) if isinstance(value, str) else show(value)
