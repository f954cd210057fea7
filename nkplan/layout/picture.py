"""A picture: a grid of cells, each with a sign and its meaning, which a renderer draws in its own colours.

A terminal, an SVG and a page draw the same picture: they know the meanings, not the charts. A picture is
drawn on a Canvas, whose rows count from 0 at the top and whose columns count from 0 at the left.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import groupby, pairwise
from typing import NamedTuple, Self

from nkplan.layout.report import Report
from nkplan.text import clean, count_cells


class Meaning(StrEnum):
    """What a cell shows. The marks of sites come first, what has come furthest before the others."""

    VERIFIED = "verified"
    CLAIMED = "claimed"
    STARTED = "started"
    PROMISED = "promised"
    DATE = "date"
    AMOUNT = "amount"
    FRAME = "frame"
    AXIS = "axis"
    LABEL = "label"
    TITLE = "title"
    TEXT = "text"
    OUTLINE = "outline"
    BORDER = "border"
    REGION = "region"

    @property
    def sign(self) -> str:
        """The sign of a mark, which says the meaning without any colour."""
        return MARKS[self]


MARKS = {Meaning.VERIFIED: "█", Meaning.CLAIMED: "▓", Meaning.STARTED: "░", Meaning.PROMISED: "·"}
"""The signs of sites, which are those of the bars of a report."""

SITE_MARKS = {Meaning.VERIFIED: "●", Meaning.CLAIMED: "◆", Meaning.STARTED: "+", Meaning.PROMISED: "○"}
"""The signs of sites on a map, one cell for each."""

LEVELS = "▁▂▃▄▅▆▇█"
"""The signs of amounts within one row, the least first."""

NOW, ACROSS, OPEN, CORNER, TICK, UP = "│", "─", "═", "└", "┴", "┤"
"""The signs of axes and timelines."""

CUT = "…"

_ASCII = str.maketrans(
    dict(zip("█▓░·", "#=:.", strict=True))
    | {NOW: "|", ACROSS: "-", OPEN: "=", CORNER: "+", TICK: "+", UP: "+", CUT: "~"}
    | dict(zip(LEVELS[:-1], ".,:-=+*", strict=True))
    | dict(zip("●◆○", "#=o", strict=True))
)
_FIRST_BRAILLE = 0x2800
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of the dots of a cell in Braille, by row and column."""


class Cell(NamedTuple):
    """A cell with a `sign`, or with `dots` in Braille; the right half of a wide letter has neither.

    What a cell that `has_shape` shows, a shape of the picture shows more exactly.
    """

    sign: str
    meaning: Meaning
    dots: int = 0
    has_shape: bool = False

    @property
    def shown(self) -> str:
        """The characters to print."""
        return chr(_FIRST_BRAILLE + self.dots) if self.dots else self.sign


Point = tuple[float, float]
"""A column and a row, counted in cells from the left and from the top, with fractions."""


class Shape(NamedTuple):
    """A line through points, or the edge of an area if it is closed; the cells show the same less exactly.

    A renderer that can draw lines draws it, and leaves out the dots and the cells that have a shape. A
    `label` stands to the left of the first point.
    """

    points: tuple[Point, ...]
    meaning: Meaning
    is_closed: bool = False
    label: str = ""


class Picture(NamedTuple):
    """Rows of cells, all of one width; None is an empty cell.

    The `title` belongs above it and the `notes` below it; `alt` says in words what it shows. `shapes` are
    in the order of drawing.
    """

    width: int
    rows: tuple[tuple[Cell | None, ...], ...]
    title: str = ""
    notes: tuple[str, ...] = ()
    alt: str = ""
    shapes: tuple[Shape, ...] = ()

    def to_ascii(self) -> Self:
        """Return the same picture in signs that every font has; text stays as it is."""
        return self._replace(rows=tuple(tuple(map(_write_in_ascii, row)) for row in self.rows))

    def runs(self, row: int) -> Iterator[tuple[str, Meaning | None]]:
        """Yield a row in parts of one meaning, up to its last cell with anything; None is for empty cells."""
        cells = list(self.rows[row])
        while cells and cells[-1] is None:
            cells.pop()
        text, meaning = "", None
        for cell in cells:
            own = None if cell is None else cell.meaning
            if text and own is not meaning:
                yield text, meaning
                text = ""
            text, meaning = text + (" " if cell is None else cell.shown), own
        if text:
            yield text, meaning

    def write(self) -> str:
        """Return the picture as lines of text, without colours."""
        lines = ("".join(text for text, _ in self.runs(row)) for row in range(len(self.rows)))
        return "".join(f"{line.rstrip()}\n" for line in lines)


class Canvas:
    """What a picture is drawn on. What lies outside of it is left out, and half a wide letter never stays."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
        self._shapes: list[Shape] = []

    def place(self, row: int, column: int, sign: str, meaning: Meaning, *, has_shape: bool = False) -> None:
        """Put a sign of one cell."""
        if 0 <= row < self.height and 0 <= column < self.width:
            self._clear(row, column)
            self._rows[row][column] = Cell(sign, meaning, has_shape=has_shape)

    def write(self, row: int, column: int, text: str, meaning: Meaning, *, has_shape: bool = False) -> int:
        """Write a text from a column on, and return the column after it. A wide letter takes two cells."""
        last: int | None = None
        for sign in clean(text):
            width = count_cells(sign)
            if not width:  # It belongs to the letter before it.
                if last is not None and (cell := self._rows[row][last]) is not None:
                    self._rows[row][last] = cell._replace(sign=cell.sign + sign)
                continue
            last = None
            if 0 <= row < self.height and column >= 0 and column + width <= self.width:
                self.place(row, column, sign, meaning, has_shape=has_shape)
                last = column
                if width == 2:
                    self.place(row, column + 1, " ", meaning)
                    self._rows[row][column + 1] = Cell("", meaning, has_shape=has_shape)
            column += width
        return column

    def fill(
        self, rows: range, columns: range, sign: str, meaning: Meaning, *, has_shape: bool = False
    ) -> None:
        """Fill a rectangle with a sign."""
        for row in rows:
            for column in columns:
                self.place(row, column, sign, meaning, has_shape=has_shape)

    def dot(self, x: int, y: int, meaning: Meaning) -> None:
        """Add a dot in Braille: a cell has two across and four down. A sign that is there already stays."""
        row, column = y // 4, x // 2
        if not (0 <= row < self.height and 0 <= column < self.width):
            return
        cell = self._rows[row][column]
        if cell is None or cell.dots:
            dots = 0 if cell is None else cell.dots
            self._rows[row][column] = Cell("", meaning, dots | _DOTS[y % 4][x % 2])

    def line(self, start: tuple[int, int], end: tuple[int, int], meaning: Meaning) -> None:
        """Draw a straight line of dots between two, both as x and y; the same in both directions."""
        (x, y), (to_x, to_y) = (start, end) if start < end else (end, start)
        steps = max(to_x - x, abs(to_y - y))
        self.dot(x, y, meaning)
        for step in range(1, steps):
            share = step / steps
            self.dot(round(x + (to_x - x) * share), round(y + (to_y - y) * share), meaning)
        if steps:
            self.dot(to_x, to_y, meaning)

    def keep(self, shape: Shape) -> None:
        """Keep a shape for those who can draw lines; cells that have it show the same to the others."""
        self._shapes.append(shape)

    def trace(self, shape: Shape) -> None:
        """Draw a shape in dots, and keep it for those who can draw lines."""
        self.keep(shape)
        # Most points of a coast are in the same dot as the one before.
        dots = [dot for dot, _ in groupby((int(x * 2), int(y * 4)) for x, y in shape.points)]
        if shape.is_closed:
            dots += dots[:1]
        for start, end in pairwise(dots):
            self.line(start, end, shape.meaning)

    def is_free(self, row: int, columns: range) -> bool:
        """Return whether a row has these columns, and nothing in them."""
        if not (0 <= row < self.height and columns.start >= 0 and columns.stop <= self.width):
            return False
        return all(self._rows[row][column] is None for column in columns)

    def has_dots(self, row: int, column: int) -> bool:
        """Return whether a cell has dots of a line."""
        if not (0 <= row < self.height and 0 <= column < self.width):
            return False
        cell = self._rows[row][column]
        return cell is not None and bool(cell.dots)

    def find_free(self, row: int, columns: range) -> Iterator[range]:
        """Yield the ranges of columns, within some of a row, that have nothing in them."""
        start: int | None = None
        for column in columns:
            if self._rows[row][column] is None:
                start = column if start is None else start
            elif start is not None:
                yield range(start, column)
                start = None
        if start is not None:
            yield range(start, columns.stop)

    def make_picture(self, title: str = "", notes: tuple[str, ...] = (), alt: str = "") -> Picture:
        """Return what was drawn."""
        return Picture(self.width, tuple(map(tuple, self._rows)), title, notes, alt, tuple(self._shapes))

    def _clear(self, row: int, column: int) -> None:
        """Remove what is in a cell, with the other half of a wide letter."""
        cells = self._rows[row]
        cell = cells[column]
        if cell is None:
            return
        if not cell.shown and column:
            cells[column - 1] = None
        elif column + 1 < self.width and (other := cells[column + 1]) is not None and not other.shown:
            cells[column + 1] = None
        cells[column] = None


class Caption(NamedTuple):
    """What stands around the picture of a file, beside its title and notes; what is empty is left out.

    `day` is its day and what it is about, `record` the title of the record, `credit` whom to name for its
    data, and `licence` that of the data; `outlines` are those to name for the outlines on a map.
    """

    day: str = ""
    record: str | None = None
    credit: str | None = None
    licence: str | None = None
    outlines: tuple[str, ...] = ()


class Chart(NamedTuple):
    """A chart: its numbers as a report, and its drawing at a width and a height.

    `about` says which sites it is about, if not all; a limit that was asked for has `left_out` so many rows.
    `usual_size` is how many cells it has across and down where no screen says so; more rows than `most_rows`
    make it no clearer. `credits` name those whose outlines are in it.
    """

    report: Report
    draw: Callable[[int, int], Picture]
    left_out: int = 0
    about: str = ""
    usual_size: tuple[int, int] = (100, 24)
    most_rows: int = 40
    credits: tuple[str, ...] = ()


def cut(text: str, width: int) -> str:
    """Return a text that takes at most so many cells, with a mark at its end where it was cut."""
    text = clean(text)
    if count_cells(text) <= width:
        return text
    kept, taken = "", 0
    for sign in text:
        taken += count_cells(sign)
        if taken > width - 1:
            break
        kept += sign
    return kept + CUT if width > 0 else ""


def _write_in_ascii(cell: Cell | None) -> Cell | None:
    if cell is None or (cell.sign.isascii() and not cell.dots):
        return cell
    if cell.dots:
        return Cell("." if cell.dots.bit_count() < 4 else ":", cell.meaning)
    return cell._replace(sign=cell.sign.translate(_ASCII))
