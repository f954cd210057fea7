"""The chart of sites: how far each had come over time, and the dates that it was promised for."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from typing import NamedTuple

from nkplan.dates import parse_date
from nkplan.judgement import tell_opening, tell_start
from nkplan.layout.grid import Column, make_grid
from nkplan.layout.labels import Labels
from nkplan.layout.picture import MARKS, NOW, Canvas, Chart, Meaning, Picture, Shape, cut
from nkplan.layout.report import Report
from nkplan.model.state import Site
from nkplan.model.vocabulary import Status
from nkplan.reports.charts.axis import Lanes, write_periods
from nkplan.reports.charts.periods import Period, Unit, find_period, list_periods
from nkplan.text import count_cells


class Promised(NamedTuple):
    """A date by which a site was promised to open, and when that was said; both as written."""

    written: str
    said: str


class Facts(NamedTuple):
    """The sites in their order, what marks each had at the end of each period, and the dates promised.

    A site without a mark was not on record then. `left_out` is how many more sites match.
    """

    sites: tuple[Site, ...] = ()
    periods: tuple[tuple[Period, Mapping[str, Meaning]], ...] = ()
    promised: Mapping[str, tuple[Promised, ...]] = {}
    left_out: int = 0


def sort_key(site: Site) -> tuple[object, ...]:
    """Sort sites by the day of their opening, else of the start of work; those without either last."""
    state = site.state
    return (
        state.opened_day is None,
        state.opened_day or date.max,
        state.start_day is None,
        state.start_day or date.max,
        site.id,
    )


def find_mark(claimed: Status | None, verified: Status | None, started: object) -> Meaning:
    """Return the mark of a site: the furthest of those under which a report counts it."""
    if verified is not None and verified.is_complete:
        return Meaning.VERIFIED
    if claimed is not None and claimed.is_complete:
        return Meaning.CLAIMED
    return Meaning.STARTED if started else Meaning.PROMISED


_COLUMNS = (
    Column("id", "ID"),
    Column("name", "Name"),
    Column("start", "Started"),
    Column("opened", "Opened"),
    Column("status", "Status", is_status=True),
    Column("claimed", "Claimed", is_status=True),
    Column("verified", "Verified", is_status=True, is_verified=True),
    Column("dates", "Dates", is_number=True),
    Column("promised", "Promised for (said on)", wraps=True),
    Column("steps", "Steps", wraps=True),
)
_WORDS = {
    Meaning.VERIFIED: "verified",
    Meaning.CLAIMED: "claimed",
    Meaning.STARTED: "started",
    Meaning.PROMISED: "named",
}


def make_chart(facts: Facts, labels: Labels) -> Chart:
    """Make the chart of sites."""
    rows = [
        {
            "id": site.id,
            "name": site.name,
            "start": tell_start(site.state),
            "opened": tell_opening(site.state),
            "status": site.state.status,
            "claimed": site.state.claimed,
            "verified": site.state.verified,
            "dates": len(facts.promised.get(site.id, ())),
            "promised": "; ".join(f"{one.written} ({one.said})" for one in facts.promised.get(site.id, ()))
            or None,
            "steps": "; ".join(_list_steps(site.id, facts)) or None,
        }
        for site in facts.sites
    ]
    title, notes = _explain(facts, facts.periods[-1][0].unit) if facts.periods else ("Sites", ())
    return Chart(Report(title, make_grid(_COLUMNS, rows), notes=notes), partial(draw, facts), facts.left_out)


def _explain(facts: Facts, unit: Unit) -> tuple[str, tuple[str, ...]]:
    """Return the title of the chart, and what has to be said of it."""
    last = facts.periods[-1][0].end
    notes = [f"each mark is how far a site had come at the end of the {unit}, the last on {last}"]
    if any(facts.promised.values()):
        notes.append("1, 2, 3: the dates it was promised to open by, in the order in which they were given")
    until, later = _find_end(facts)
    if later:
        dates = "1 date" if later == 1 else f"{later} dates"
        notes.append(f"{dates} promised for after {until}, or without an end, not drawn; -f csv has all")
    return f"Sites by {unit}", tuple(notes)


def _list_steps(site: str, facts: Facts) -> list[str]:
    """Say when a site first had each mark, by the period at the end of which it had it."""
    steps, before = [], None
    for period, marks in facts.periods:
        mark = marks.get(site)
        if mark is not before:
            steps.append(f"{period.name} {_WORDS[mark] if mark else 'not on record'}")
            before = mark
    return steps


_LEAST_AHEAD = 366
"""The days after the last one in which promised dates are always drawn; else as many as came before it."""


def _find_end(facts: Facts) -> tuple[date, int]:
    """Return the last day of the picture, and how many promised dates lie after it."""
    first, last = facts.periods[0][0].start, facts.periods[-1][0].end
    ahead = max((last - first).days, _LEAST_AHEAD)
    ends = [parse_date(one.written).end for chain in facts.promised.values() for one in chain]
    drawn = [end for end in ends if (end - last).days <= ahead]
    return max([last, *drawn]), len(ends) - len(drawn)


def _arrange(facts: Facts, until: date, most: int) -> tuple[list[int], list[Period]]:
    """Return which of the periods are drawn, and the whole periods of the picture, also those to come."""
    periods = [period for period, _ in facts.periods]
    units = [one for one in Unit if one.months >= periods[0].unit.months]
    for unit in units:
        last = {find_period(one.start, unit).start: at for at, one in enumerate(periods)}
        whole = list_periods(periods[0].start, max(until, periods[-1].end), unit)
        if len(whole) <= most:
            break
    return list(last.values()), [find_period(one.start, unit) for one in whole]


_LEAST_NAME, _MOST_NAME = 12, 34
_MOST_CELLS = 4


def draw(facts: Facts, width: int, height: int) -> Picture:
    """Draw a row for each site: its name, its marks over time, and its status."""
    del height  # There are as many rows as sites; what is longer than the screen is paged.
    if not facts.periods:
        return Picture(width, ())
    longest = max(count_cells(one.name) for one in facts.sites)
    names = min(longest, max(min(width // 3, _MOST_NAME), _LEAST_NAME))
    statuses = max(len(one.state.status or "") for one in facts.sites)
    left = names + 1
    room = max(width - left - statuses - 1, 1)
    until, _ = _find_end(facts)
    shown, periods = _arrange(facts, until, room)
    lanes = Lanes(left, max(min(room, len(periods) * _MOST_CELLS), len(periods)), len(periods))
    end = lanes.start(len(periods))
    legend = _wrap_legend(facts, width)
    canvas = Canvas(width, len(facts.sites) + 1 + len(legend))
    for at in write_periods(canvas, 0, lanes, periods):
        column = lanes.start(at)
        canvas.keep(Shape(((column, 1), (column, len(facts.sites) + 1)), Meaning.FRAME))
    for row, site in enumerate(facts.sites, 1):
        canvas.write(row, 0, cut(site.name, names), Meaning.TEXT)
        if len(shown) < len(periods):
            canvas.place(row, lanes.start(len(shown)), NOW, Meaning.AXIS)
        _draw_marks(canvas, row, lanes, [facts.periods[which][1].get(site.id) for which in shown])
        for number, promised in enumerate(facts.promised.get(site.id, ()), 1):
            day = parse_date(promised.written).end
            if day <= until:
                canvas.place(row, _find_column(day, periods, lanes), write_order(number), Meaning.DATE)
        canvas.write(row, end + 1, site.state.status or "", Meaning.TEXT)
    for row, parts in enumerate(legend, len(facts.sites) + 1):
        column = 0
        for mark, text in parts:
            canvas.place(row, column, mark.sign, mark)
            column = canvas.write(row, column + 1, f" {text}", Meaning.TEXT) + 2
    alt = f"{len(facts.sites)} sites, {periods[0].name} to {facts.periods[-1][0].end}"
    return canvas.make_picture(*_explain(facts, periods[0].unit), alt)


_BAR = (0.2, 0.8)
"""From where to where in its row a bar is drawn."""


def _draw_marks(canvas: Canvas, row: int, lanes: Lanes, marks: Sequence[Meaning | None]) -> None:
    """Draw the marks of a site at the end of each period."""
    top, bottom = (row + part for part in _BAR)
    for mark, run in groupby(range(len(marks)), marks.__getitem__):
        if mark is not None:
            periods = list(run)
            start, stop = lanes.start(periods[0]), lanes.start(periods[-1] + 1)
            canvas.fill(range(row, row + 1), range(start, stop), mark.sign, mark, has_shape=True)
            corners = ((start, top), (stop, top), (stop, bottom), (start, bottom))
            canvas.keep(Shape(corners, mark, is_closed=True))


def _find_column(day: date, periods: Sequence[Period], lanes: Lanes) -> int:
    """Return the column of a day; one before the picture begins is in its first."""
    at = next((at for at, one in enumerate(periods) if day <= one.end), len(periods) - 1)
    period, columns = periods[at], lanes.columns(at)
    passed = max((day - period.start).days, 0) / ((period.end - period.start).days + 1)
    return columns.start + int(passed * len(columns))


def write_order(number: int) -> str:
    """Return the sign of a promised date by its number."""
    return str(number) if number <= 9 else "+"


def _wrap_legend(facts: Facts, width: int) -> list[list[tuple[Meaning, str]]]:
    """Return the lines of the legend: each mark, and how many of the sites have it in the end."""
    lines: list[list[tuple[Meaning, str]]] = [[]]
    column = 0
    marks = list(facts.periods[-1][1].values())
    for mark in MARKS:
        text = f"{_WORDS[mark]} {marks.count(mark)}"
        if lines[-1] and column + len(text) + 2 > width:
            lines.append([])
            column = 0
        lines[-1].append((mark, text))
        column += len(text) + 4
    return lines
