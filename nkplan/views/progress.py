"""The progress report."""

from nkplan.report.progress import Counts, Grouping, Progress
from nkplan.views.grid import Column, Grid, Value

COUNT_COLUMNS = (
    Column("named", "Named", is_number=True),
    Column("started", "Started", is_number=True),
    Column("claimed_complete", "Claimed complete", is_number=True),
    Column("verified_complete", "Verified complete", is_number=True),
    Column("operating", "Operating", is_number=True),
)
PROMISED = Column("promised", "Promised", is_number=True)
_GROUP_TITLES = {
    Grouping.PROGRAMME: "Programme",
    Grouping.YEAR: "Year",
    Grouping.KIND: "Kind",
    Grouping.PROVINCE: "Province",
    Grouping.STATUS: "Status",
}


def make_report(progress: Progress) -> Grid:
    """Make the grid of a progress report."""
    by = progress.by
    heads: tuple[Column, ...]
    if by is Grouping.PROGRAMME_AND_YEAR:
        heads = (
            Column("programme", "Programme ID"),
            Column("name", "Programme"),
            Column("year", "Year", is_number=True),
        )
    else:
        heads = (Column(by.value, f"{_GROUP_TITLES[by]} ID"), Column("name", _GROUP_TITLES[by]))
    promised = (PROMISED,) if by.has_promises else ()

    def make_row(head: tuple[Value, ...], counts: Counts) -> tuple[Value, ...]:
        return (
            *head,
            *((counts.promised,) if by.has_promises else ()),
            counts.named,
            counts.started,
            counts.claimed_complete,
            counts.verified_complete,
            counts.operating,
        )

    def make_head(id_: str | None, name: str, year: int | None) -> tuple[Value, ...]:
        return (id_, name, year) if by is Grouping.PROGRAMME_AND_YEAR else (id_, name)

    return Grid(
        columns=(*heads, *promised, *COUNT_COLUMNS),
        rows=tuple(make_row(make_head(row.id, row.name, row.year), row.counts) for row in progress.rows),
        total=make_row(make_head(None, "Total", None), progress.total),
    )
