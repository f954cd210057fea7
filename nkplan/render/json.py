"""JSON: a list of objects, or one object for a page or a grid with a total."""

from typing import TextIO

from nkplan.json_text import dump
from nkplan.layout.grid import Grid, make_objects
from nkplan.layout.page import Page, make_document


def write_grid(grid: Grid, out: TextIO) -> None:
    """Write a list of objects, one per line; with a total, an object of `rows` and `total`."""
    before = "["
    close = "]"
    if grid.total is not None:
        (total,) = make_objects(Grid(grid.columns, [grid.total]))
        before = '{"rows": ['
        close = f'],\n"total": {dump(total)}}}'
    for one in make_objects(grid):
        out.write(f"{before}\n  {dump(one)}")
        before = ","
    out.write(f"{before if before != ',' else chr(10)}{close}\n")


def write_page(page: Page, out: TextIO) -> None:
    """Write an object with the page's facts and, under its key, the list of each section."""
    out.write(dump(make_document(page), indent=2) + "\n")
