"""How long it takes from groundbreaking to opening."""

from collections.abc import Iterable

from nkplan.report.durations import Duration
from nkplan.views.grid import Column, Grid
from nkplan.views.report import Report, show_range

_KIND, _YEAR = Column("kind", "Kind"), Column("year", "Year", is_number=True)
_N, _UNKNOWN = Column("n", "n", is_number=True), Column("unknown", "Unknown", is_number=True)
_COLUMNS = (
    _KIND,
    _YEAR,
    _N,
    Column("median_least", "Median, least", is_number=True),
    Column("median_most", "Median, most", is_number=True),
    Column("shortest", "Shortest", is_number=True),
    Column("longest", "Longest", is_number=True),
    _UNKNOWN,
    Column("filter", "Filter"),
)
_SCREEN = (_KIND, _YEAR, _N, Column("median", "Median days", is_number=True), *_COLUMNS[5:8])


def make_report(durations: Iterable[Duration]) -> Report:
    """Tell n, median and range of the days it took, by kind and year."""
    rows, screen = [], []
    for one in durations:
        extent = (one.shortest, one.longest, one.unknown)
        filter_ = f"--kind {one.kind} --year {one.year or 'none'}"
        rows.append((one.kind, one.year, one.n, one.median_least, one.median_most, *extent, filter_))
        screen.append((one.kind, one.year, one.n, show_range(one.median_least, one.median_most), *extent))
    notes = (
        "days from groundbreaking to opening; a date that is no day gives a range",
        "unknown: opened, with no groundbreaking on record, or one after the opening",
    )
    return Report("Durations", Grid(_COLUMNS, tuple(rows)), Grid(_SCREEN, tuple(screen)), notes)
