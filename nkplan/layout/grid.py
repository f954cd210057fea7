"""A grid of named columns, and how one value of it reads."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from nkplan.text import clean

Value = str | int | float | bool | None


class Marked(str):
    """A text in which some parts are marked. To all that knows no marks it is the text alone.

    `parts` are its parts in order, each with whether it is marked. A mark is no sign in the text, so that
    nothing in the text can pass for one.
    """

    __slots__ = ("parts",)
    parts: tuple[tuple[str, bool], ...]

    def __new__(cls, parts: Iterable[tuple[str, bool]]) -> "Marked":
        kept = tuple((text, is_marked) for text, is_marked in parts if text)
        made = super().__new__(cls, "".join(text for text, _ in kept))
        made.parts = kept
        return made


class Column(NamedTuple):
    """A column: `key` is its lasting name, `title` what a person reads over it.

    One that `is_needed` is what a table is looked at for, and stays however narrow the screen is.
    """

    key: str
    title: str
    is_number: bool = False
    is_needed: bool = False


class Grid(NamedTuple):
    """Rows of values under columns; `total`, where there is one, is a last row set apart."""

    columns: tuple[Column, ...]
    rows: Iterable[tuple[Value, ...]]
    total: tuple[Value, ...] | None = None


def show(value: Value) -> str:
    """Give a value as clean text on one line: yes or no, a number without zeros behind it, or nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _write_number(value)


@lru_cache(maxsize=10_000, typed=True)
def _write_number(value: float) -> str:
    """Write a number, of which a table has the same few again and again."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def show_row(row: Iterable[Value]) -> list[str]:
    """Give every value of a row as `show` does."""
    # Most values are plain texts, of which `clean` would say so after a call for each.
    return [
        ""
        if value is None
        else value
        if isinstance(value, str) and value.isascii() and value.isprintable()
        else show(value)
        for value in row
    ]


def iterate_rows(grid: Grid) -> Iterator[tuple[Value, ...]]:
    """Go through the rows, and at last the total where there is one."""
    yield from grid.rows
    if grid.total is not None:
        yield grid.total


def make_objects(grid: Grid) -> Iterator[dict[str, Value]]:
    """Go through the rows, without the total, as objects of values under the keys of their columns."""
    keys = [column.key for column in grid.columns]
    for row in grid.rows:
        yield dict(zip(keys, map(shorten_number, row), strict=True))


def shorten_number(value: Value) -> Value:
    """Give a whole number as one, without a .0 behind it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
