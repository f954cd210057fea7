"""JSON Lines: one object per line. The total is left out, so that every line is a row."""

from typing import TextIO

from nkplan.json_text import dump
from nkplan.layout.grid import Grid, make_objects
from nkplan.layout.page import Page, make_document


def write_grid(grid: Grid, out: TextIO) -> None:
    """Write an object for each row."""
    out.writelines(dump(one) + "\n" for one in make_objects(grid))


def write_page(page: Page, out: TextIO) -> None:
    """Write the page as one object on one line."""
    out.write(dump(make_document(page)) + "\n")
