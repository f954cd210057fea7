"""A grid of named columns, and how one value of it reads."""

from collections.abc import Iterable, Iterator, Mapping
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
    """A column: `key` is its lasting name, `title` what a person reads over it, and the rest how it is drawn.

    Where the screen is narrow it takes down to `min_width` cells, and columns are left out in the order of
    `drop`, the lowest first; None stays. The text of one that `wraps` goes on in the next line, and `blank`
    stands in a cell without a value. A truth that belongs `beside` the column of a key is said there, by its
    title, where both are shown.
    """

    key: str
    title: str
    is_number: bool = False
    is_status: bool = False
    wraps: bool = False
    min_width: int | None = None
    drop: int | None = None
    blank: str = ""
    beside: str | None = None


class Grid(NamedTuple):
    """Rows of values under columns; `total`, where there is one, is a last row set apart."""

    columns: tuple[Column, ...]
    rows: Iterable[tuple[Value, ...]]
    total: tuple[Value, ...] | None = None


def make_grid(
    columns: tuple[Column, ...], rows: Iterable[Mapping[str, Value]], total: Mapping[str, Value] | None = None
) -> Grid:
    """Make a grid of rows that name their values by the keys of columns; what one does not name is empty."""

    def pick(row: Mapping[str, Value]) -> tuple[Value, ...]:
        return tuple(row.get(column.key) for column in columns)

    return Grid(columns, tuple(map(pick, rows)), None if total is None else pick(total))


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
