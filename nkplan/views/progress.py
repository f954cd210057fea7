"""The progress report."""

from nkplan.report.progress import Counts, Grouping, Progress, ProgressRow
from nkplan.views.counts import COUNT_COLUMNS, PROMISED
from nkplan.views.grid import Column, Grid, Value
from nkplan.views.report import Report

_GROUP_TITLES = {
    Grouping.PROGRAMME: "Programme",
    Grouping.YEAR: "Year",
    Grouping.KIND: "Kind",
    Grouping.PROVINCE: "Province",
    Grouping.STATUS: "Status",
}


def make_report(progress: Progress) -> Report:
    """Make the progress report; each row of data names the filter that lists its sites."""
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
    columns = (*heads, *((PROMISED,) if by.has_promises else ()), *COUNT_COLUMNS)
    rows = tuple((*_make_head(by, row), *_list_counts(by, row.counts)) for row in progress.rows)
    total = (*_make_head(by, ProgressRow(None, "Total")), *_list_counts(by, progress.total))
    filters = [_name_filter(by, row) for row in progress.rows]
    data = Grid(
        columns=(*columns, Column("filter", "Filter")),
        rows=tuple((*row, filter_) for row, filter_ in zip(rows, filters, strict=True)),
        total=(*total, None),
    )
    # The id of a row is for machines; its name stands on the screen.
    screen = Grid(columns[1:], tuple(row[1:] for row in rows), total[1:])
    return Report(
        "Progress",
        data,
        screen,
        ("--counted COLUMN with the filter of a row lists the sites of one number, as in --counted started",),
    )


def _make_head(by: Grouping, row: ProgressRow) -> tuple[Value, ...]:
    return (row.id, row.name, row.year) if by is Grouping.PROGRAMME_AND_YEAR else (row.id, row.name)


def _list_counts(by: Grouping, counts: Counts) -> tuple[Value, ...]:
    return (
        *((counts.promised,) if by.has_promises else ()),
        counts.named,
        counts.started,
        counts.claimed_complete,
        counts.verified_complete,
        counts.operating,
    )


def _name_filter(by: Grouping, row: ProgressRow) -> str | None:
    """Name the options of `nkplan list` that list the sites of a row; None where it is of no sites at all."""
    id_ = row.id or "none"
    if by is Grouping.PROGRAMME_AND_YEAR:
        return f"--programme {id_} --year {row.year or 'none'}"
    if by is Grouping.YEAR:
        if row.id and not row.year:
            # What is promised for years that have no cohort yet has no site.
            return None
        return f"--year {row.year or 'none'}"
    return f"--{by} {id_}"
