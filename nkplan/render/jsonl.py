"""JSON Lines: an object a line. A total is left out, for each line is there to be counted."""

from typing import TextIO

from nkplan.json_text import dump
from nkplan.layout.grid import Grid, make_objects
from nkplan.layout.page import Page, make_document
from nkplan.model.record import Record
from nkplan.model.vocabulary import FILE_FORMAT


def write_grid(grid: Grid, out: TextIO) -> None:
    """Write an object for each row."""
    out.writelines(dump(one) + "\n" for one in make_objects(grid))


def write_page(page: Page, out: TextIO) -> None:
    """Write the page as one object on one line."""
    out.write(dump(make_document(page)) + "\n")


def write_record(record: Record, out: TextIO) -> None:
    """Write a line with the format and what it is about, and a line for each row, its list first."""
    about = {} if record.about is None else {"about": record.about}
    out.write(dump({"format": FILE_FORMAT, **about}) + "\n")
    for name, rows in record.lists:
        for row in rows:
            content = {"id": row} if isinstance(row, str) else row
            out.write(dump({"list": name, **content}) + "\n")
