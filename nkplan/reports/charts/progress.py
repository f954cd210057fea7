"""The chart of progress: what was promised, started, claimed and verified complete, over time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial, reduce
from itertools import groupby
from typing import NamedTuple

from nkplan.layout.grid import Column, make_grid
from nkplan.layout.labels import Labels
from nkplan.layout.picture import Canvas, Chart, Meaning, Picture, Point, Shape
from nkplan.layout.report import Report
from nkplan.model.batch import Project
from nkplan.model.promise import Programme
from nkplan.model.question import Grouping
from nkplan.model.state import Tally
from nkplan.reports.charts.axis import (
    Lanes,
    Scale,
    draw_bar_axis,
    draw_time_axis,
    find_height,
    find_scale,
    reach,
)
from nkplan.reports.charts.periods import Period, find_coarser
from nkplan.reports.counting import COUNT_COLUMNS, PROMISED, Counts, count_site
from nkplan.reports.progress import Progress, ProgressRow, count_progress


class Reached(NamedTuple):
    """What the report of a day counts: in its rows with a number promised, and in those without one."""

    measured: Counts = Counts()
    others: Counts = Counts()
    is_measured: bool = False

    def has(self, *, is_measured: bool) -> bool:
        """Return whether there is something to draw of what is measured, or else of the rest."""
        counts = self.measured if is_measured else self.others
        return bool(counts.promised or counts.named)


class Step(NamedTuple):
    """A period, and the counts at its end: those that are drawn, and those of sites beside the number."""

    period: Period
    counts: Counts
    beside: Counts = Counts()


def split_counts(progress: Progress) -> Reached:
    """Return the sums of a report: that which it compares with the numbers promised, and the rest."""
    reached = add_rows(progress.rows)
    # A number that is part of another's is promised once.
    return reached._replace(measured=progress.total) if reached.is_measured else reached


def add_rows(rows: Iterable[ProgressRow]) -> Reached:
    """Add rows of a report."""
    every = list(rows)
    measured = [row.counts for row in every if row.is_measured]
    others = [row.counts for row in every if not row.is_measured]
    return Reached(
        reduce(Counts.plus, measured, Counts()), reduce(Counts.plus, others, Counts()), bool(measured)
    )


_Row = tuple[str | None, int | None, str | None]
"""What a row is for: a programme, and a year or a cohort without one."""


class Counted:
    """What the report of a day counts of the whole record, of each programme and of each cohort."""

    def __init__(self, tallies: Sequence[Tally], programmes: Sequence[Programme]) -> None:
        progress = count_progress(tallies, programmes, Grouping.PROGRAMME_AND_YEAR)
        self.whole = split_counts(progress)
        waves = {cohort.id for one in programmes for cohort in one.cohorts if cohort.year is None}
        self._rows: defaultdict[str | None, list[ProgressRow]] = defaultdict(list)
        self._numbers: dict[_Row, ProgressRow] = {}
        for row in progress.rows:
            self._rows[row.id].append(row)
            self._numbers[row.id, row.year, row.cohort if row.cohort in waves else None] = row
        self._sites: defaultdict[str | None, list[Tally]] = defaultdict(list)
        for tally in tallies:
            self._sites[tally.cohort].append(tally)

    def add(self, programme: str | None, cohort: Project | None) -> Reached:
        """Add the rows of a programme, or of the sites of none; of a `cohort` as `count_cohort` counts it."""
        if cohort is None:
            return add_rows(self._rows.get(programme, ()))
        wave = cohort.id if cohort.year is None else None
        counts: defaultdict[_Row, Counts] = defaultdict(Counts)
        key = (programme, cohort.year, wave)
        if (own := self._numbers.get(key)) is not None and own.counts.promised is not None:
            counts[key] = Counts(promised=own.counts.promised)
        for tally in self._sites.get(cohort.id, ()):
            if wave or tally.year == cohort.year:
                key = (tally.programme, tally.year, wave)
                counts[key] = counts[key].plus(count_site(tally.state, tally.number))
        return add_rows(self._numbers[key]._replace(counts=one) for key, one in counts.items())


def list_steps(reached: Sequence[tuple[Period, Reached]]) -> list[Step]:
    """Return what is drawn: the sites with a number if there is one in the end, or else all."""
    if not reached:
        return []
    if reached[-1][1].is_measured:
        return [Step(period, one.measured, one.others) for period, one in reached]
    return [Step(period, one.others) for period, one in reached]


_BESIDE = ("named", "started", "complete_claimed", "complete_verified")
_COLUMNS = (
    Column("period", "Period"),
    Column("day", "Day"),
    PROMISED,
    *COUNT_COLUMNS,
    Column("beside_named", "Beside: named", is_number=True),
    Column("beside_started", "Beside: started", is_number=True),
    Column("beside_complete_claimed", "Beside: complete claimed", is_number=True),
    Column("beside_complete_verified", "Beside: complete verified", is_number=True),
)
_PARTS = (
    (Meaning.PROMISED, "promised"),
    (Meaning.STARTED, "started"),
    (Meaning.CLAIMED, "complete_claimed"),
    (Meaning.VERIFIED, "complete_verified"),
)
"""The parts of a bar and what counts them, the longest first: the shorter are drawn over it."""


def make_chart(reached: Sequence[tuple[Period, Reached]], labels: Labels) -> Chart:
    """Make the chart of progress."""
    steps = list_steps(reached)
    rows = [
        {"period": one.period.name, "day": one.period.end.isoformat()}
        | one.counts._asdict()
        | {f"beside_{key}": getattr(one.beside, key) for key in _BESIDE}
        for one in steps
    ]
    title, notes = _explain(steps)
    return Chart(Report(title, make_grid(_COLUMNS, rows), notes=notes), partial(draw, steps))


def _explain(steps: Sequence[Step]) -> tuple[str, tuple[str, ...]]:
    """Return the title of steps, and what has to be said of them."""
    if not steps:
        return "Progress", ()
    last = steps[-1]
    unit = last.period.unit
    notes = [
        f"each step is the record at the end of its {unit}, the last one on {last.period.end}",
        "claimed and verified mean complete",
    ]
    if last.beside.named:
        notes.append(describe_beside(last.beside))
    return f"Progress by {unit}", tuple(notes)


def describe_beside(beside: Counts) -> str:
    """Say what of the sites for which no number was promised is not in the picture."""
    sites = "1 site" if beside.named == 1 else f"{beside.named} sites"
    return (
        f"not drawn: {sites} for which no number was promised: {beside.started} started,"
        f" {beside.complete_claimed} claimed, {beside.complete_verified} verified"
    )


def _count(step: Step, key: str) -> int:
    """Return a count of a step; without any number promised, what is named stands for it."""
    return int(getattr(step.counts, key) or 0)


_MOST_CELLS = 8
"""The most columns of one period: beyond, a picture gets wider and says no more."""


def draw(steps: Sequence[Step], width: int, height: int) -> Picture:
    """Draw the steps: a bar for each period, in the marks of the bars of a report, with the last counts."""
    if not steps:
        return Picture(width, ())
    has_number = any(one.counts.promised is not None for one in steps)
    parts = [
        (meaning, "named" if key == "promised" and not has_number else key, meaning)
        for meaning, key in _PARTS
    ]
    words = ["promised" if has_number else "named", "started", "claimed", "verified"]
    highest = max(_count(one, key) for one in steps for _, key, _ in parts)
    scale = find_scale(highest, max(height - 2, len(parts)))
    labels = [
        (meaning, f"{meaning.sign} {word} {_count(steps[-1], key)}")
        for (meaning, key, _), word in zip(parts, words, strict=True)
    ]
    left = len(str(scale.top)) + 1
    right = max(len(text) for _, text in labels) + 1
    is_beside = width - left - right >= _LEAST_PLOT
    room = max(width - left - (right if is_beside else 0), 1)
    shown = [
        steps[at]._replace(period=period) for at, period in find_coarser([one.period for one in steps], room)
    ]
    lanes = Lanes(left, max(min(room, len(shown) * _MOST_CELLS), len(shown)), len(shown))
    legend = 0 if is_beside else len(labels)
    canvas = Canvas(width, scale.rows + 2 + legend)
    draw_bar_axis(canvas, scale, left - 1, lanes.start(len(shown)))
    for at, step in enumerate(shown):
        for meaning, key, _ in parts:
            rows = reach(_count(step, key), scale)
            bar = range(scale.rows - rows, scale.rows)
            canvas.fill(bar, lanes.columns(at), meaning.sign, meaning, has_shape=True)
    for meaning, key, _ in parts:
        for area in _outline([_count(one, key) for one in shown], meaning, lanes, scale):
            canvas.keep(area)
    draw_time_axis(canvas, scale.rows, lanes, [one.period for one in shown])
    if is_beside:
        end = lanes.start(len(shown)) + 1
        numbers = [_count(steps[-1], key) for _, key, _ in parts]
        for (meaning, text), row in zip(labels, _spread(numbers, scale.rows, scale.top), strict=True):
            canvas.write(row, end, text[:1], meaning)
            canvas.write(row, end + 1, text[1:], Meaning.TEXT)
    else:
        for at, (meaning, text) in enumerate(reversed(labels)):
            canvas.write(scale.rows + 2 + at, 0, text[:1], meaning)
            canvas.write(scale.rows + 2 + at, 1, text[1:], Meaning.TEXT)
    told = ", ".join(
        f"{word} {_count(steps[-1], key)}" for (_, key, _), word in zip(parts, words, strict=True)
    )
    alt = f"{shown[0].period.name} to {steps[-1].period.end}: in the end {told}"
    return canvas.make_picture(*_explain(shown), alt)


def _outline(counts: Sequence[int], meaning: Meaning, lanes: Lanes, scale: Scale) -> Iterator[Shape]:
    """Yield the areas below the steps of some counts, one for each stretch of time without a 0."""
    for is_drawn, stretch in groupby(range(len(counts)), lambda at: counts[at] > 0):
        periods = list(stretch)
        if not is_drawn:
            continue
        edge: list[Point] = [(lanes.start(periods[0]), scale.rows)]
        for count, run in groupby(periods, counts.__getitem__):
            height = find_height(count, scale)
            edge += [(edge[-1][0], height), (lanes.start(list(run)[-1] + 1), height)]
        yield Shape((*edge, (edge[-1][0], scale.rows)), meaning, is_closed=True)


_LEAST_PLOT = 12


def _spread(numbers: Sequence[int], rows: int, top: int) -> list[int]:
    """Return the row of each label: that which its bar reaches, or the nearest that is free above or below.

    The labels of larger numbers are above those of smaller ones, and of equal ones those that come first.
    """
    order = sorted(range(len(numbers)), key=lambda at: (numbers[at], -at))
    heights: list[int] = []
    for at in order:
        height = max((2 * numbers[at] * rows + top) // (2 * top), 1)
        heights.append(max(height, heights[-1] + 1) if heights else height)
    for place in range(len(heights) - 1, -1, -1):
        most = rows - (len(heights) - 1 - place)
        heights[place] = min(heights[place], most)
    placed = dict(zip(order, heights, strict=True))
    return [rows - placed[at] for at in range(len(numbers))]
