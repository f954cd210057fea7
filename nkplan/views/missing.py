"""What was promised and is not there."""

from collections import Counter
from collections.abc import Iterable

from nkplan.report.missing import Lack, Missing
from nkplan.views.grid import Column, Grid
from nkplan.views.report import Report

_COLUMNS = (
    Column("programme", "Programme"),
    Column("year", "Year", is_number=True),
    Column("missing", "Missing"),
    Column("number", "Number", is_number=True),
    Column("id", "ID"),
    Column("name", "Name"),
    Column("kind", "Kind"),
    Column("place_name", "Place"),
    Column("status", "Status"),
    Column("promised", "Promised"),
    Column("last_evidence", "Last evidence"),
)
_SCREEN = (Column("owner", "Programme"), *_COLUMNS[1:3], *_COLUMNS[4:5], *_COLUMNS[8:])


def make_report(missing: Iterable[Missing]) -> Report:
    """List what is not named, not started or not opened, programme by programme and year by year."""
    counts: Counter[Lack] = Counter()
    rows = []
    for one in missing:
        counts[one.lack] += one.number
        site = one.site
        rows.append(
            (
                one.programme,
                one.year,
                one.lack,
                one.number,
                site.id if site else None,
                site.name if site else None,
                site.kind if site else None,
                site.place_name if site else None,
                site.state.status if site else None,
                site.promised if site else None,
                site.state.last_date if site else None,
            )
        )
    note = ", ".join(f"{counts[lack]} {lack}" for lack in Lack)
    screen = tuple(
        (row[0], row[1], row[2] if row[4] else f"{row[3]} {row[2]}", row[4], *row[8:]) for row in rows
    )
    return Report("Missing", Grid(_COLUMNS, tuple(rows)), Grid(_SCREEN, screen), (note,))
