"""How long it takes from groundbreaking to opening."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from statistics import median
from typing import NamedTuple

from nkplan.dates import parse_date
from nkplan.layout.grid import Column, make_grid
from nkplan.layout.report import Report, show_range
from nkplan.model.question import Question


class Span(NamedTuple):
    """When `number` sites with the same dates broke ground and opened: as written, and the effective day."""

    kind: str
    year: int | None
    opened: str
    opened_day: date
    start: str | None = None
    start_day: date | None = None
    number: int = 1


class Duration(NamedTuple):
    """The days from groundbreaking to opening of `n` sites, as ranges where a date is not exact to the day.

    `unknown` is how many further sites opened with no groundbreaking on record, or one after the opening, or
    with either only seen by a day.
    """

    kind: str
    year: int | None
    n: int
    median_least: float | None
    median_most: float | None
    shortest: int | None
    longest: int | None
    unknown: int


def measure_durations(spans: Iterable[Span]) -> list[Duration]:
    """Measure the durations for each kind and year, ordered by kind and year."""
    known: defaultdict[tuple[str, int | None], list[tuple[int, int]]] = defaultdict(list)
    unknown: defaultdict[tuple[str, int | None], int] = defaultdict(int)
    for span in spans:
        key = (span.kind, span.year)
        if (days := _count_days(span)) is None:
            unknown[key] += span.number
        else:
            known[key] += [days] * span.number
    keys = sorted({*known, *unknown}, key=lambda key: (key[0], key[1] is None, key[1] or 0))
    return [_summarise(*key, known[key], unknown[key]) for key in keys]


def _count_days(span: Span) -> tuple[int, int] | None:
    """Return the fewest and the most days that the dates, of any precision, allow.

    What was only seen by a day, `../2024-05-20`, began on a day that nobody knows, and gives no duration.
    """
    if span.start is None or span.start_day is None:
        return None
    began, opened = parse_date(span.start), parse_date(span.opened)
    if not (began.has_start and opened.has_start):
        return None
    most = (span.opened_day - began.start).days
    return None if most < 0 else (max(0, (opened.start - span.start_day).days), most)


def _summarise(kind: str, year: int | None, days: list[tuple[int, int]], unknown: int) -> Duration:
    if not days:
        return Duration(kind, year, 0, None, None, None, None, unknown)
    least, most = [one[0] for one in days], [one[1] for one in days]
    return Duration(kind, year, len(days), median(least), median(most), min(least), max(most), unknown)


_GROUP = (
    Column("kind", "Kind"),
    Column("year", "Year", is_number=True),
    Column("n", "n", is_number=True),
)
_EXTENT = (
    Column("shortest", "Shortest", is_number=True),
    Column("longest", "Longest", is_number=True),
    Column("unknown", "Unknown", is_number=True),
)
_COLUMNS = (
    *_GROUP,
    Column("median_least", "Median, least", is_number=True),
    Column("median_most", "Median, most", is_number=True),
    *_EXTENT,
    Column("filter", "Filter"),
)
_SCREEN = (*_GROUP, Column("median", "Median days", is_number=True), *_EXTENT)


def make_report(spans: Iterable[Span], _: Question) -> Report:
    """Show n, median and range of the days it took, by kind and year."""
    rows = [
        one._asdict()
        | {
            "median": show_range(one.median_least, one.median_most),
            "filter": f"--kind {one.kind} --year {one.year or 'none'}",
        }
        for one in measure_durations(spans)
    ]
    notes = (
        "days from groundbreaking to opening, as a range if a date is not known to the day",
        "unknown: sites with no groundbreaking on record, one after the opening, or a date such as ../2024",
    )
    return Report("Durations", make_grid(_COLUMNS, rows), make_grid(_SCREEN, rows), notes)
