"""The periods of a chart's axis: months, quarters, years or several years."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

MOST_PERIODS = 48
"""The most periods of a chart: the record is judged once at the end of each."""


class Unit(StrEnum):
    """What a period is; `months` is how long it takes."""

    months: int

    MONTH = "month", 1
    QUARTER = "quarter", 3
    YEAR = "year", 12
    FIVE_YEARS = "five years", 60
    DECADE = "decade", 120
    CENTURY = "century", 1200

    def __new__(cls, name: str, months: int = 0) -> "Unit":
        made = str.__new__(cls, name)
        made._value_, made.months = name, months
        return made


class Period(NamedTuple):
    """A period from its first to its last day; the last one of a chart ends on the day asked about."""

    unit: Unit
    start: date
    end: date

    @property
    def name(self) -> str:
        """Its name as a date is written: `2024-03`, `2024-Q1`, `2024`, `2020/2024`."""
        year = self.start.year
        if self.unit is Unit.MONTH:
            return f"{year:04}-{self.start.month:02}"
        if self.unit is Unit.QUARTER:
            return f"{year:04}-Q{self.start.month // 3 + 1}"
        years = self.unit.months // 12
        return f"{year:04}" if years == 1 else f"{year:04}/{year + years - 1:04}"


def find_period(day: date, unit: Unit) -> Period:
    """Return the whole period in which a day is."""
    first = (day.year * 12 + day.month - 1) // unit.months * unit.months
    start, end = (divmod(months, 12) for months in (max(first, 12), first + unit.months))
    last = date.max if end[0] > date.max.year else date(end[0], end[1] + 1, 1) - timedelta(days=1)
    return Period(unit, date(start[0], start[1] + 1, 1), last)


def list_periods(first: date, last: date, unit: Unit) -> list[Period]:
    """List the periods from the day `first` to the day `last`, on which the last one ends."""
    periods = [find_period(first, unit)]
    while periods[-1].end < last:
        periods.append(find_period(periods[-1].end + timedelta(days=1), unit))
    return [*periods[:-1], periods[-1]._replace(end=last)]


def choose_unit(first: date, last: date, most: int = MOST_PERIODS) -> Unit:
    """Return the shortest unit with which there are at most so many periods from a day to another."""
    for unit in Unit:
        months = (last.year - first.year) * 12 + last.month - first.month
        if months // unit.months + 2 <= most:
            return unit
    return Unit.CENTURY


def find_coarser(periods: Sequence[Period], most: int) -> list[tuple[int, Period]]:
    """Return which periods to show where there is room for so many: the last of each longer one, with that.

    What holds at the end of a longer period is what holds at the end of the last one in it.
    """
    found: dict[date, tuple[int, Period]] = {}
    for unit in [one for one in Unit if one.months >= periods[0].unit.months]:
        found = {}
        for at, one in enumerate(periods):
            longer = find_period(one.start, unit)
            found[longer.start] = at, longer._replace(end=one.end)
        if len(found) <= most:
            break
    return list(found.values())
