"""The axes of charts: scales of counts, and the names of periods."""

from collections.abc import Sequence
from typing import NamedTuple

from nkplan.layout.picture import ACROSS, CORNER, NOW, TICK, UP, Canvas, Meaning, Shape
from nkplan.reports.charts.periods import Period, Unit


class Lanes(NamedTuple):
    """The columns of a number of periods, from `left` on: of `width` columns each has an equal share."""

    left: int
    width: int
    number: int

    def start(self, at: int) -> int:
        """Return the first column of a period, or for their number the column after the last."""
        return self.left + at * self.width // self.number

    def columns(self, at: int) -> range:
        """Return the columns of a period."""
        return range(self.start(at), self.start(at + 1))


class Scale(NamedTuple):
    """A scale from 0 to `top` on so many rows, with a label at every `step`."""

    top: int
    step: int
    rows: int


_ROWS_PER_LABEL = 3
_FEW_ROWS = 6


def find_scale(highest: int, rows: int) -> Scale:
    """Return a scale that ends with the highest count, with round labels, on at most so many rows.

    Of a few, each is a whole number of rows, and not many.
    """
    highest = max(highest, 1)
    rows = min(rows, max(highest * _ROWS_PER_LABEL, _FEW_ROWS))
    most = max(rows // _ROWS_PER_LABEL, 1)
    step = next(
        digit * 10**power
        for power in range(len(str(highest)) + 1)
        for digit in (1, 2, 5)
        if highest // (digit * 10**power) <= most
    )
    return Scale(highest, step, rows - rows % highest if highest <= rows else rows)


def reach(count: int, scale: Scale) -> int:
    """Return how many rows a count reaches: the nearest, but at least one if it is not 0."""
    rows = (2 * count * scale.rows + scale.top) // (2 * scale.top)
    return max(rows, int(count > 0))


def draw_bar_axis(canvas: Canvas, scale: Scale, column: int, end: int) -> None:
    """Draw the axis of counts, with its labels to the left of it and lines across up to the column `end`."""
    for row in range(scale.rows):
        canvas.place(row, column, NOW, Meaning.AXIS, has_shape=True)
    for value in range(scale.step, scale.top + 1, scale.step):
        row = scale.rows - reach(value, scale)
        canvas.place(row, column, UP, Meaning.AXIS, has_shape=True)
        canvas.write(row, column - len(str(value)), str(value), Meaning.LABEL, has_shape=True)
        height = find_height(value, scale)
        canvas.keep(Shape(((column + 1, height), (end, height)), Meaning.FRAME, label=str(value)))
    canvas.place(scale.rows, column, CORNER, Meaning.AXIS, has_shape=True)
    canvas.write(scale.rows, column - 1, "0", Meaning.LABEL, has_shape=True)
    canvas.keep(Shape(((column + 1, scale.rows), (end, scale.rows)), Meaning.AXIS, label="0"))


def find_height(count: int, scale: Scale) -> float:
    """Return how far below the top of the scale a count is, in rows."""
    return scale.rows * (1 - count / scale.top)


_TICK = 0.5
"""The length of a tick, in rows."""


def draw_time_axis(canvas: Canvas, row: int, lanes: Lanes, periods: Sequence[Period]) -> None:
    """Draw the axis of time, with a tick where a labelled period begins, and the labels below it."""
    columns = range(lanes.left, lanes.start(lanes.number))
    canvas.fill(range(row, row + 1), columns, ACROSS, Meaning.AXIS, has_shape=True)
    canvas.keep(Shape(((columns.start, row), (columns.stop, row)), Meaning.AXIS))
    for at in write_periods(canvas, row + 1, lanes, periods):
        column = lanes.start(at)
        canvas.place(row, column, TICK, Meaning.AXIS, has_shape=True)
        canvas.keep(Shape(((column, row), (column, row + _TICK)), Meaning.AXIS))


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000)
"""How many months labels can be apart."""
_GAP = 2


def write_periods(canvas: Canvas, row: int, lanes: Lanes, periods: Sequence[Period]) -> list[int]:
    """Write the names of periods where each begins, as many as there is room for; return which have one."""
    unit = periods[0].unit.months
    least = (len("2024") + _GAP) * lanes.number
    step = next((one for one in _STEPS if one >= unit and one // unit * lanes.width >= least), _STEPS[-1])
    named = []
    for at, period in enumerate(periods):
        if at and (period.start.year * 12 + period.start.month - 1) % step:
            continue
        text = _name(period) if at or period.start.month == 1 else period.name
        column = lanes.start(at)
        before = range(max(column - (_GAP if at else 0), 0), column)
        whole = range(column, column + len(text))
        if whole.stop <= canvas.width and canvas.is_free(row, before) and canvas.is_free(row, whole):
            canvas.write(row, column, text, Meaning.LABEL)
            named.append(at)
    return named


def _name(period: Period) -> str:
    if period.unit.months >= Unit.YEAR.months or period.start.month == 1:
        return f"{period.start.year:04}"
    if period.unit is Unit.QUARTER:
        return f"Q{period.start.month // 3 + 1}"
    return _MONTHS[period.start.month - 1]
