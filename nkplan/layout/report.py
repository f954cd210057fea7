"""A report: a grid with its day, for data and for readers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from nkplan.layout.grid import Column, Grid, Value
from nkplan.model.moment import Moment


class BarPart(NamedTuple):
    """A part of a bar: the column that counts it, its word in the legend, and whether it was verified."""

    key: str
    word: str
    is_verified: bool = False


class Bars(NamedTuple):
    """A bar at the end of each row of a grid, described by column keys.

    Its full length is the largest value of `whole`; its `parts` show how much of that is reached, the
    smallest count first. `rest` is the word for what is left.
    """

    whole: tuple[str, ...]
    parts: tuple[BarPart, ...]
    rest: str


class Report(NamedTuple):
    """The answer to one question: `grid` for data, `screen`, if it differs, for readers.

    `notes` are sentences that a reader needs with the numbers, such as the method. A grid with `bars` must
    have a total. `more` are the views to look at next, in words.
    """

    title: str
    grid: Grid
    screen: Grid | None = None
    notes: tuple[str, ...] = ()
    bars: Bars | None = None
    more: str = ""

    def stamp(self, moment: Moment) -> Grid:
        """Return the grid for data, with columns for the days of the moment that differ from today."""
        days = [("as_of", "As of", moment.as_of), ("known_on", "Known on", moment.known_on)]
        given = [(key, title, day) for key, title, day in days if day is not None]
        grid = self.grid
        if not given:
            return grid
        more = tuple(day.isoformat() for _, _, day in given)
        return Grid(
            columns=(*grid.columns, *(Column(key, title) for key, title, _ in given)),
            rows=((*row, *more) for row in grid.rows),
            total=None if grid.total is None else (*grid.total, *more),
        )


def describe_moment(moment: Moment) -> str:
    """Say which day a table describes, and as known on which day."""
    match moment:
        case Moment(as_of=None, known_on=None):
            return f"as of today, {moment.today}"
        case Moment(known_on=None):
            return f"as of {moment.as_of}, as known today, {moment.today}"
        case Moment(as_of=None):
            return f"as known on {moment.known_on}"
    return f"as of {moment.as_of}, as known on {moment.known_on}"


def complete_filters(report: Report, given: Mapping[str, Sequence[str]]) -> Report:
    """Add the options that the whole report was given, by name with all values, to the filter of each row.

    An option that the row's own filter has is not repeated: the row is the narrower of the two.
    """
    keys = [column.key for column in report.grid.columns]
    if "filter" not in keys:
        return report
    at = keys.index("filter")

    def complete(row: tuple[Value, ...]) -> tuple[Value, ...]:
        # A row that can have no sites, such as years that have no cohort yet, has no filter.
        if row[at] is None:
            return row
        own = str(row[at])
        more = (
            f" --{name} {value}"
            for name, values in given.items()
            if f"--{name} " not in own
            for value in values
        )
        return (*row[:at], "".join((own, *more)), *row[at + 1 :])

    rows = tuple(map(complete, report.grid.rows))
    first = next((row[at] for row in rows if row[at] is not None), None)
    way = "" if first is None else f"nkplan list {first}"
    if way and report.more:
        way += f"; report {report.more}"
    elif way:
        way = f"the sites of the first row: {way}"
    notes = (*report.notes, way) if way else report.notes
    return report._replace(grid=report.grid._replace(rows=rows), notes=notes)


def show_range(least: float | None, most: float | None, digits: int | None = None) -> str | None:
    """Return a range as text, such as `284 to 299`, or one number if both are the same.

    Without one of its ends it is `at least 284` or `at most 299`. Numbers have so many `digits` after the
    point; without, one if they are not whole, as a median may be.
    """
    texts = [
        f"{number:.1f}".removesuffix(".0") if digits is None else f"{number:.{digits}f}"
        for number in (least, most)
        if number is not None
    ]
    if least is None:
        return None if most is None else f"at most {texts[0]}"
    if most is None:
        return f"at least {texts[0]}"
    return texts[0] if texts[0] == texts[1] else " to ".join(texts)


def name_month(day: date | None) -> str | None:
    """Return the month of a day, for what is not known to the day."""
    return None if day is None else f"{day:%Y-%m}"
