"""Tab-separated values. The total of a grid, if any, is the last row."""

from typing import TextIO

from nkplan.layout.grid import Grid, iterate_rows, show_row


def write_grid(grid: Grid, out: TextIO) -> None:
    """Write a line of column keys, then a line for each row."""
    out.write("\t".join(column.key for column in grid.columns) + "\n")
    out.writelines("\t".join(show_row(row)) + "\n" for row in iterate_rows(grid))
