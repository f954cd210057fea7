"""A grid of named columns, and its values as text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple, Self

from nkplan.text import clean, drop_printable, is_plain

Value = str | int | float | bool | None


class _Parted(str):
    """A string in which some parts are special. Code that ignores that sees a plain string.

    `parts` are its parts in order, each with whether it is special. That is not said by a character of the
    string, so nothing in the text can imitate it.
    """

    __slots__ = ("parts",)
    parts: tuple[tuple[str, bool], ...]

    def __new__(cls, parts: Iterable[tuple[str, bool]]) -> Self:
        kept = tuple((text, is_special) for text, is_special in parts if text)
        made = super().__new__(cls, "".join(text for text, _ in kept))
        made.parts = kept
        return made


class Marked(_Parted):
    """A string in which some parts are marked, as what was searched for."""

    __slots__ = ()


class Phrase(_Parted):
    """A string in which some parts are words for which a record may have a label of its own."""

    __slots__ = ()

    @classmethod
    def of(cls, template: str, *words: str) -> Self:
        """Make a phrase of a text in which each {} stands for the next of the words."""
        texts = template.split("{}")
        pairs = zip(texts, (*words, ""), strict=True)
        return cls(part for text, word in pairs for part in ((text, False), (word, True)))


class Structured(str):
    """A text with the objects that it was written from, which JSON has instead of it."""

    __slots__ = ("parts",)
    parts: list[object]

    def __new__(cls, text: str, parts: Iterable[object]) -> "Structured":
        made = super().__new__(cls, text)
        made.parts = list(parts)
        return made


class Verified(str):
    """A status that an observation shows. Code that ignores that sees a plain string."""

    __slots__ = ()


class Column(NamedTuple):
    """A column: `key` is its permanent name, `title` its heading, and the rest says how it is drawn.

    On a narrow screen it shrinks to `min_width` cells, and columns are dropped in the order of `drop`, the
    lowest first; None is never dropped. The text of a column that `wraps` continues on the next line; a cell
    of one with `breaks` does so only after one of these characters, and only if there is too little room.
    `blank` fills a cell without a value. A yes-or-no column with `beside`, the key of another column, has no
    column of its own in a table if both are shown: its title follows the other value if it is true. A column
    with `is_verified` has statuses that an observation shows, and one with `is_word` words for which a record
    may have labels, such as evidence classes. Where there is too little room, neighbours of one `group` are
    drawn as one column, such as `20/2`; `part` names each there.
    One that `repeats` another, by its key, is left out of a table in which both have the same values.
    """

    key: str
    title: str
    is_number: bool = False
    is_status: bool = False
    is_verified: bool = False
    wraps: bool = False
    breaks: str = ""
    min_width: int | None = None
    drop: int | None = None
    blank: str = ""
    beside: str | None = None
    is_word: bool = False
    group: str | None = None
    part: str = ""
    repeats: str | None = None


class Grid(NamedTuple):
    """Rows of values under columns; `total`, if given, is a separate row for them.

    The rows `below` the total are not in it.
    """

    columns: tuple[Column, ...]
    rows: Iterable[tuple[Value, ...]]
    total: tuple[Value, ...] | None = None
    below: tuple[tuple[Value, ...], ...] = ()


def make_grid(
    columns: tuple[Column, ...],
    rows: Iterable[Mapping[str, Value]],
    total: Mapping[str, Value] | None = None,
    below: Iterable[Mapping[str, Value]] = (),
) -> Grid:
    """Make a grid of rows that map column keys to values; a missing key is an empty cell."""
    keys = [column.key for column in columns]

    def pick(row: Mapping[str, Value]) -> tuple[Value, ...]:
        return tuple(map(row.get, keys))

    return Grid(
        columns, tuple(map(pick, rows)), None if total is None else pick(total), tuple(map(pick, below))
    )


def show(value: Value) -> str:
    """Return a value as clean text on one line: yes or no, a number without trailing zeros, or nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _write_number(value)


@lru_cache(maxsize=10_000, typed=True)
def _write_number(value: float) -> str:
    """Format a number; cached, since a table repeats the same few numbers."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def show_row(row: Iterable[Value]) -> list[str]:
    """Return every value of a row as `show` does."""
    cells = _write_cells(row)
    # Most rows are plain text, which `clean` would not change; one look at the whole row saves the calls.
    return cells if is_plain("".join(cells)) else [*map(clean, cells)]


def _write_cells(row: Iterable[Value]) -> list[str]:
    """Return every value of a row as text, which is not clean yet."""
    return [
        value
        if isinstance(value, str)
        else ""
        if value is None
        else "yes"
        if value is True
        else "no"
        if value is False
        else _write_number(value)
        for value in row
    ]


def join_rows(rows: Sequence[tuple[Value, ...]], separator: str) -> str:
    """Return rows as lines of clean text, each with its values as `show` returns them and separators between.

    The separator is a control character, so that it can be in no clean value.
    """
    lines = "\n".join([separator.join(_write_cells(row)) for row in rows]) + "\n"
    # Most are plain text, which `clean` would not change; to look at all of them at once costs least.
    if rows and drop_printable(lines) == _frame(len(rows[0]), separator) * len(rows):
        return lines
    return "".join(separator.join(show_row(row)) + "\n" for row in rows)


@cache
def _frame(columns: int, separator: str) -> bytes:
    """Return a line without its values."""
    return separator.encode() * (columns - 1) + b"\n"


def drop_repeated(grid: Grid) -> Grid:
    """Leave out the columns that have in every row the value of the column that they may repeat."""
    keys = [column.key for column in grid.columns]
    whole = grid._replace(rows=tuple(grid.rows))
    pairs = [(at, keys.index(one.repeats)) for at, one in enumerate(grid.columns) if one.repeats in keys]
    same = {at for at, other in pairs if all(row[at] == row[other] for row in iterate_rows(whole))}
    if not same:
        return whole

    def pick(row: tuple[Value, ...]) -> tuple[Value, ...]:
        return tuple(value for at, value in enumerate(row) if at not in same)

    return Grid(
        tuple(column for at, column in enumerate(grid.columns) if at not in same),
        tuple(map(pick, whole.rows)),
        None if grid.total is None else pick(grid.total),
        tuple(map(pick, grid.below)),
    )


def drop_empty(grid: Grid) -> Grid:
    """Leave out columns that repeat another or are empty in every row, unless their blank has a meaning."""
    grid = drop_repeated(grid)
    rows = tuple(grid.rows)
    used = [
        at
        for at, column in enumerate(grid.columns)
        if column.blank or any(row[at] is not None and row[at] is not False for row in rows)
    ]
    columns = tuple(grid.columns[at] for at in used)

    def pick(row: tuple[Value, ...]) -> tuple[Value, ...]:
        return tuple(row[at] for at in used)

    total = None if grid.total is None else pick(grid.total)
    return Grid(columns, tuple(map(pick, rows)), total, tuple(map(pick, grid.below)))


def iterate_rows(grid: Grid) -> Iterator[tuple[Value, ...]]:
    """Yield the rows, the total if there is one, and what is below it."""
    yield from grid.rows
    if grid.total is not None:
        yield grid.total
    yield from grid.below


def make_objects(grid: Grid) -> Iterator[dict[str, Value]]:
    """Yield the rows, without the total, as objects of values by column key."""
    keys = [column.key for column in grid.columns]
    for row in grid.rows:
        yield dict(zip(keys, map(shorten_number, row), strict=True))


def shorten_number(value: Value) -> Value:
    """Return a float that is a whole number as an int, without .0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
