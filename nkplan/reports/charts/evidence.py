"""The chart of evidence: how many updates there are of each class, over time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial, reduce
from operator import add

from nkplan.layout.grid import Column, Phrase, Value, make_grid
from nkplan.layout.labels import Labels
from nkplan.layout.picture import LEVELS, Canvas, Chart, Meaning, Picture, Shape, cut
from nkplan.layout.report import Report
from nkplan.model.vocabulary import Evidence
from nkplan.reports.charts.axis import Lanes, draw_time_axis
from nkplan.reports.charts.periods import Period, Unit, find_period
from nkplan.text import count_cells

Amounts = Sequence[tuple[Period, Mapping[str | None, int]]]
"""The periods, and how many updates there are of each class in each; None is an update without a class."""

_CLASSES: tuple[str | None, ...] = (*map(str, Evidence), None)


def _name_key(evidence: str | None) -> str:
    return evidence or "no_class"


_COLUMNS = (
    Column("period", "Period"),
    Column("day", "Day"),
    *(Column(str(one), Phrase.of("{}", str(one).capitalize()), is_number=True) for one in Evidence),
    Column("no_class", "No class", is_number=True),
    Column("updates", "Updates", is_number=True),
)


def make_chart(amounts: Amounts, labels: Labels) -> Chart:
    """Make the chart of evidence."""
    rows: list[dict[str, Value]] = [
        {
            "period": period.name,
            "day": period.end.isoformat(),
            **{_name_key(one): numbers.get(one, 0) for one in _CLASSES},
            "updates": sum(numbers.values()),
        }
        for period, numbers in amounts
    ]
    title, notes = _explain(amounts[-1][0].unit) if amounts else ("Evidence", ())
    return Chart(Report(title, make_grid(_COLUMNS, rows), notes=notes), partial(draw, amounts, labels))


def _explain(unit: Unit) -> tuple[str, tuple[str, ...]]:
    """Return the title of the chart, and what has to be said of it."""
    return f"Evidence by {unit}", (
        f"how many updates there are of each class, in all and at most in a {unit}; all on one scale",
    )


_MOST_CELLS = 4
_MOST_ROWS = 8
"""The most rows of the class of which there is most."""


def draw(amounts: Amounts, labels: Labels, width: int, height: int) -> Picture:
    """Draw a row of amounts for each class that there is, with how many there are in all and at most."""
    if not amounts:
        return Picture(width, ())
    totals = reduce(add, (Counter(numbers) for _, numbers in amounts))
    classes = [one for one in _CLASSES if totals[one]]
    words = {one: labels.name(one) if one else "no class" for one in classes}
    left = min(max(count_cells(word) for word in words.values()), max(width // 4, 8)) + 1
    right = max(len(str(number)) for number in totals.values()) * 2 + len(", most ") + 1
    room = max(width - left - right, 1)
    drawn, before = _leave_out_long_ago(amounts)
    grouped = _group(drawn, room)
    most = {one: max(numbers.get(one, 0) for _, numbers in grouped) for one in classes}
    highest = max(*most.values(), 1)
    title, notes = _explain(grouped[0][0].unit)
    if before:
        notes += (f"{before} of them are from before {grouped[0][0].name} and not drawn",)
    scale = _find_rows(list(most.values()), highest, height - 2)
    lanes = Lanes(left, max(min(room, len(grouped) * _MOST_CELLS), len(grouped)), len(grouped))
    end = lanes.start(len(grouped))
    rows = {one: _count_rows(most[one], highest, scale) for one in classes}
    canvas = Canvas(width, sum(rows.values()) + 2)
    base = -1
    for evidence in classes:
        base += rows[evidence]
        canvas.write(base, 0, cut(words[evidence], left - 1), Meaning.TEXT)
        canvas.keep(Shape(((left, base + 1), (end, base + 1)), Meaning.FRAME))
        for place, (_, numbers) in enumerate(grouped):
            if number := numbers.get(evidence, 0):
                columns = lanes.columns(place)
                _fill_amount(canvas, base, columns, _level(number, highest, scale))
                canvas.keep(_outline_amount(base + 1, columns, number * scale / highest))
        canvas.write(base, end + 1, f"{totals[evidence]}, most {most[evidence]}", Meaning.LABEL)
    draw_time_axis(canvas, base + 1, lanes, [period for period, _ in grouped])
    told = ", ".join(f"{words[one]} {totals[one]}" for one in classes)
    return canvas.make_picture(title, notes, f"{amounts[0][0].name} to {amounts[-1][0].end}: {told}")


_FEW = 20


def _leave_out_long_ago(amounts: Amounts) -> tuple[Amounts, int]:
    """Leave out what lies long before the rest, and return how many that is: at most one in so many.

    It stays if the picture would not become half as long at least.
    """
    every = sum(sum(numbers.values()) for _, numbers in amounts)
    before = at = 0
    for place, (_, numbers) in enumerate(amounts):
        if (before + sum(numbers.values())) * _FEW > every:
            at = place
            break
        before += sum(numbers.values())
    return (amounts[at:], before) if at * 2 >= len(amounts) else (amounts, 0)


def _find_rows(most: Sequence[int], highest: int, height: int) -> int:
    """Return how many rows the highest amount takes, so that all classes fit a height if that is possible."""
    return next(
        (
            rows
            for rows in range(_MOST_ROWS, 1, -1)
            if sum(_count_rows(one, highest, rows) for one in most) <= height
        ),
        1,
    )


def _count_rows(number: int, highest: int, rows: int) -> int:
    return max(-(-_level(number, highest, rows) // len(LEVELS)), 1)


def _level(number: int, highest: int, rows: int) -> int:
    """Return how many eighths of a row an amount takes: at least one, if it is not 0."""
    steps = rows * len(LEVELS)
    return max((2 * number * steps + highest) // (2 * highest), int(number > 0))


def _group(amounts: Amounts, most: int) -> list[tuple[Period, Counter[str | None]]]:
    """Add up the amounts of shorter periods in longer ones, of which there are at most so many."""
    units = [one for one in Unit if one.months >= amounts[0][0].unit.months]
    grouped: dict[Period, Counter[str | None]] = {}
    for unit in units:
        grouped = {}
        for period, numbers in amounts:
            grouped.setdefault(find_period(period.start, unit), Counter()).update(numbers)
        if len(grouped) <= most:
            break
    return list(grouped.items())


def _fill_amount(canvas: Canvas, base: int, columns: range, level: int) -> None:
    """Draw a bar of so many eighths of a row in cells."""
    for row in range(-(-level // len(LEVELS))):
        part = min(level - row * len(LEVELS), len(LEVELS))
        rows = range(base - row, base - row + 1)
        canvas.fill(rows, columns, LEVELS[part - 1], Meaning.AMOUNT, has_shape=True)


_BETWEEN = 0.15
"""The space between two bars, in columns."""


def _outline_amount(base: int, columns: range, height: float) -> Shape:
    """Return the area of a bar that stands on the top of a row, with some space after it."""
    start, stop, top = columns.start, columns.stop - _BETWEEN, base - height
    return Shape(((start, base), (start, top), (stop, top), (stop, base)), Meaning.AMOUNT, is_closed=True)
