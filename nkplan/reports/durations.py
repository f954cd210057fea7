"""How long it takes from the start of work to the opening."""

from collections import defaultdict
from collections.abc import Iterable
from math import inf, isinf
from statistics import median
from typing import NamedTuple

from nkplan.dates import Event
from nkplan.layout.grid import Column, Value, make_grid
from nkplan.layout.report import Report, show_range
from nkplan.model.question import Question


class Span(NamedTuple):
    """When work began at a site, and when it opened."""

    kind: str
    year: int | None
    opened: Event
    start: Event | None = None


class Duration(NamedTuple):
    """The days from the start of work to the opening of `n` sites, as ranges where dates are not exact.

    What was only seen to have begun by a day took at least the days since, and what was only seen open by a
    day took at most those until. A number that such sites leave without an end is None: `shortest` if one of
    them has no least, `longest` if one has no most; `shortest_most` and `longest_least` are how long the
    shortest took at most, and the longest at least. `unknown` is how many further sites opened with no start
    on record, or with one of which nothing follows, as it is not before the opening.
    """

    kind: str
    year: int | None
    n: int
    median_least: float | None
    median_most: float | None
    shortest: float | None
    longest: float | None
    unknown: int
    shortest_most: float | None = None
    longest_least: float | None = None


def measure_durations(spans: Iterable[Span]) -> list[Duration]:
    """Measure the durations for each kind and year, ordered by kind and year."""
    known: defaultdict[tuple[str, int | None], list[tuple[float, float]]] = defaultdict(list)
    unknown: defaultdict[tuple[str, int | None], int] = defaultdict(int)
    for span in spans:
        key = (span.kind, span.year)
        if (days := _count_days(span)) is None:
            unknown[key] += 1
        else:
            known[key].append(days)
    keys = sorted({*known, *unknown}, key=lambda key: (key[0], key[1] is None, key[1] or 0))
    return [_summarise(*key, known[key], unknown[key]) for key in keys]


def _count_days(span: Span) -> tuple[float, float] | None:
    """Return the fewest and the most days that the dates allow, infinite where they set no limit."""
    start, opened = span.start, span.opened
    if start is None:
        return None
    least = -inf if opened.is_by else (opened.first - start.day).days
    most = inf if start.is_by else (opened.day - start.first).days
    if most < 0 or (most == inf and least <= 0):
        return None
    return (least if isinf(least) else max(0, least), most)


def _summarise(kind: str, year: int | None, days: list[tuple[float, float]], unknown: int) -> Duration:
    if not days:
        return Duration(kind, year, 0, None, None, None, None, unknown)
    least, most = [one[0] for one in days], [one[1] for one in days]
    found = (median(least), median(most), min(least), max(most), min(most), max(least))
    least_, most_, shortest, longest, shortest_most, longest_least = (
        None if isinf(one) else one for one in found
    )
    return Duration(
        kind, year, len(days), least_, most_, shortest, longest, unknown, shortest_most, longest_least
    )


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
    *_EXTENT[:1],
    Column("shortest_most", "Shortest, most", is_number=True),
    Column("longest_least", "Longest, least", is_number=True),
    *_EXTENT[1:],
    Column("filter", "Filter"),
)
_SCREEN = (*_GROUP, Column("median", "Median days", is_number=True), *_EXTENT)


def make_report(spans: Iterable[Span], _: Question) -> Report:
    """Show n, median and range of the days it took, by kind and year."""
    rows: list[dict[str, Value]] = []
    screen: list[dict[str, Value]] = []
    for one in measure_durations(spans):
        filter_ = f"--kind {one.kind} --year {one.year or 'none'}"
        rows.append(one._asdict() | {"filter": filter_})
        shortest: Value = one.shortest
        longest: Value = one.longest
        if None in (shortest, longest):
            # What has no end hides which is the shortest or the longest: show what is known of these.
            shortest = show_range(one.shortest, one.shortest_most)
            longest = show_range(one.longest_least, one.longest)
        median_ = show_range(one.median_least, one.median_most)
        screen.append(rows[-1] | {"median": median_, "shortest": shortest, "longest": longest})
    notes = (
        "days from the start of work to the opening, as a range if a date is not known to the day",
        "at least: work was seen, and had begun by then; at most: it was seen open, and had opened by then",
        "unknown: sites with no start of work on record, or none before the opening",
    )
    return Report("Durations", make_grid(_COLUMNS, rows), make_grid(_SCREEN, screen), notes)
