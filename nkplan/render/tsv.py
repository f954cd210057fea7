"""Tab-separated values. The total of a grid, if any, is the last row."""

from itertools import islice
from typing import TextIO

from nkplan.layout.grid import Grid, iterate_rows, join_rows

_AT_ONCE = 50
"""How many rows are written at a time: more would leave the fast memory of the processor."""


def write_grid(grid: Grid, out: TextIO) -> None:
    """Write a line of column keys, then a line for each row."""
    out.write("\t".join(column.key for column in grid.columns) + "\n")
    rows = iterate_rows(grid)
    while some := list(islice(rows, _AT_ONCE)):
        out.write(join_rows(some, "\t"))
