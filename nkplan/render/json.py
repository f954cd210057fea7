"""JSON: a list of objects, or an object where there is a total or a page to show."""

from typing import TextIO

from nkplan.json_text import dump
from nkplan.layout.grid import Grid, make_objects
from nkplan.layout.page import Page, make_document
from nkplan.model.record import Content, Record
from nkplan.model.vocabulary import FILE_FORMAT


def write_grid(grid: Grid, out: TextIO) -> None:
    """Write a list of objects, an object a line; with a total, an object of `rows` and `total`."""
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
    """Write an object of the page's facts and, under its key, each section's list."""
    out.write(dump(make_document(page), indent=2) + "\n")


def write_record(record: Record, out: TextIO) -> None:
    """Write one object with the lists that have rows, a field a line, so that two can be compared by line.

    It is the text that `dump` gives with an indent of 2, made row by row.
    """
    out.write(f'{{\n  "format": {dump(FILE_FORMAT)}')
    if record.about is not None:
        out.write(f',\n  "about": {dump(record.about)}')
    for name, rows in record.lists:
        first = before = f',\n  "{name}": [\n'
        for row in rows:
            out.write(f"{before}    {_write_row(row)}")
            before = ",\n"
        if before != first:
            out.write("\n  ]")
    out.write("\n}\n")


def _write_row(row: Content) -> str:
    if isinstance(row, str):
        return dump(row)
    fields = ",\n".join(f'      "{name}": {_write_field(value)}' for name, value in row.items())
    return f"{{\n{fields}\n    }}"


def _write_field(value: object) -> str:
    if isinstance(value, list):
        # A line break inside a text is written \\n, so that those here are the lines' own.
        return dump(value, indent=2).replace("\n", "\n      ")
    return dump(value)
