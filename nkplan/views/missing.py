"""What was promised and is not there."""

from collections import Counter
from collections.abc import Iterable

from nkplan.report.missing import Lack, Missing
from nkplan.views.grid import Column, Grid
from nkplan.views.report import Report
from nkplan.views.sites import pick_columns

_COLUMNS = (
    Column("programme", "Programme", is_needed=True),
    Column("year", "Year", is_number=True),
    Column("missing", "Missing"),
    Column("number", "Number", is_number=True),
    *pick_columns("id", "name", "kind", "place_name", "status", "promised", "last_evidence"),
)
_SCREEN = (*_COLUMNS[:3], *_COLUMNS[4:5], *_COLUMNS[8:])


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
                one.kind,
                site.place_name if site else None,
                site.state.status if site else None,
                site.promised if site else None,
                site.state.last_date if site else None,
            )
        )
    note = ", ".join(f"{counts[lack]} {lack}" for lack in Lack)
    promised = Counter(row[:2] for row in rows if row[4] is None)
    screen = []
    for row in rows:
        programme, year, lack, number, id_, _, kind = row[:7]
        told = str(lack)
        if id_ is None:
            # Where several kinds were promised for a year, the number alone does not say of what.
            told = f"{number} {lack}{f' ({kind})' if promised[programme, year] > 1 else ''}"
        screen.append((programme, year, told, id_, *row[8:]))
    return Report("Missing", Grid(_COLUMNS, tuple(rows)), Grid(_SCREEN, tuple(screen)), (note,))
