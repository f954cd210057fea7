"""The one-line timeline below the page of a site, cohort or programme."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from nkplan.dates import parse_date
from nkplan.judgement import tell_opening, tell_start
from nkplan.layout.picture import ACROSS, LEVELS, NOW, OPEN, Canvas, Meaning, Picture
from nkplan.model.detail import ProjectDetail
from nkplan.model.state import Site
from nkplan.model.vocabulary import ProjectType
from nkplan.reports.charts.periods import choose_unit, find_period, list_periods
from nkplan.reports.charts.sites import Promised, write_order
from nkplan.text import list_words

Line = Callable[[int], Picture | None]
"""Draws a timeline at a width; None if there is too little room."""

_LEAST, _MOST = 20, 90
"""The fewest and the most cells of a timeline, without what stands at its ends."""


def make_line(detail: ProjectDetail, promised: Sequence[Promised], day: date) -> Line | None:
    """Make the timeline of a project up to a day; None if there is nothing to show."""
    if detail.project.type is ProjectType.SITE:
        state = detail.state
        days = [state.start_day, state.opened_day, state.cancelled_day]
        return partial(_draw_site, detail, promised, day) if promised or any(days) else None
    opened = [site for site in detail.sites if site.state.opened_day is not None]
    return partial(_draw_openings, detail.sites, day) if opened else None


def _draw_site(
    detail: ProjectDetail, promised: Sequence[Promised], today: date, width: int
) -> Picture | None:
    """Draw when work began, when it opened and the dates promised, each by the last day it can be."""
    state = detail.state
    known = [parse_date(entry.update.event_date).effective_day for entry in detail.timeline]
    marked = [day for day in (state.start_day, state.opened_day, state.cancelled_day) if day is not None]
    first = min([today, *known, *marked])
    ahead = max((today - first).days, 366)
    dates = [(number, parse_date(one.written).end) for number, one in enumerate(promised, 1)]
    dates = [(number, end) for number, end in dates if (end - today).days <= ahead]
    last = max([today, *marked, *(end for _, end in dates)])
    before, after = f"{first:%Y-%m}", f"{last:%Y-%m}"
    cells = min(width - len(before) - len(after) - 2, _MOST)
    if cells < _LEAST:
        return None

    def find(day: date) -> int:
        return len(before) + 1 + max((day - first).days, 0) * (cells - 1) // max((last - first).days, 1)

    # What is cancelled before it opens has no line from then on.
    cancelled = None if state.opened_day is not None else state.cancelled_day
    end = find(cancelled or max([today, *marked])) + 1
    canvas = Canvas(width, 1)
    canvas.write(0, 0, before, Meaning.LABEL)
    canvas.fill(range(1), range(find(first), end), Meaning.PROMISED.sign, Meaning.AXIS)
    if state.start_day is not None:
        canvas.fill(range(1), range(find(state.start_day), end), ACROSS, Meaning.AXIS)
    if state.opened_day is not None:
        canvas.fill(range(1), range(find(state.opened_day), end), OPEN, Meaning.AXIS)
    if last > today:
        canvas.place(0, find(today), NOW, Meaning.AXIS)
    told = []
    for number, promised_end in dates:
        canvas.place(0, find(promised_end), write_order(number), Meaning.DATE)
    for sign, when, day in (
        ("S", f"started {tell_start(state)}", state.start_day),
        ("O", f"opened {tell_opening(state)}", state.opened_day),
        ("X", f"cancelled {state.cancelled_day}", state.cancelled_day),
    ):
        if day is not None:
            canvas.place(0, find(day), sign, Meaning.TITLE)
            told.append(f"{sign} {when}")
    told += [f"{write_order(number)} promised for {one.written}" for number, one in enumerate(promised, 1)]
    canvas.write(0, len(before) + cells + 2, after, Meaning.LABEL)
    return canvas.make_picture(notes=(", ".join(told),), alt=", ".join(told))


def _draw_openings(sites: Sequence[Site], today: date, width: int) -> Picture | None:
    """Draw how many of the sites opened in each period."""
    opened = [site.state.opened_day for site in sites if site.state.opened_day is not None]
    began = [site.state.start_day for site in sites if site.state.start_day is not None]
    cells = min(width - 2 * len("2024-Q1") - 2, _MOST)
    if cells < _LEAST:
        return None
    first, last = min([*opened, *began, today]), max([*opened, today])
    unit = choose_unit(first, last, cells)
    periods = list_periods(first, last, unit)
    numbers = Counter(find_period(day, unit).start for day in opened)
    most = max(numbers.values())
    names = periods[0].name, periods[-1].name
    canvas = Canvas(width, 1)
    column = canvas.write(0, 0, names[0], Meaning.LABEL) + 1
    each = max(min(cells // len(periods), 3), 1)
    for period in periods:
        number = numbers[period.start]
        sign, meaning = Meaning.PROMISED.sign, Meaning.AXIS
        if number:
            level = max((2 * number * len(LEVELS) + most) // (2 * most), 1)
            sign, meaning = LEVELS[level - 1], Meaning.AMOUNT
        canvas.fill(range(1), range(column, column + each), sign, meaning)
        column += each
    canvas.write(0, column + 1, names[1], Meaning.LABEL)
    busiest = [find_period(start, unit).name for start, number in sorted(numbers.items()) if number == most]
    told = (
        f"opened by {unit}: {len(opened)} of {len(sites)} sites, at most {most}, in {list_words(busiest, 3)}"
    )
    return canvas.make_picture(notes=(told,), alt=told)
