"""Tab-separated values. A grid's total, where it has one, is the last row."""

from typing import TextIO

from nkplan.layout.grid import Grid, iterate_rows, show_row


def write_grid(grid: Grid, out: TextIO) -> None:
    """Write a line of column keys, and a line a row."""
    out.write("\t".join(column.key for column in grid.columns) + "\n")
    out.writelines("\t".join(show_row(row)) + "\n" for row in iterate_rows(grid))
