"""How far a promise has come: sites counted against quotas."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import NamedTuple

from nkplan.dates import parse_date
from nkplan.layout.grid import Column, Phrase, Value, make_grid
from nkplan.layout.report import Bars, Report
from nkplan.model.promise import DatedQuota, Programme, Quota
from nkplan.model.question import Grouping, Question
from nkplan.model.state import Site, Tally
from nkplan.model.vocabulary import QuotaPeriod, Status
from nkplan.reports.counting import COUNT_COLUMNS, PROMISED, Counts, count_site


class ProgressRow(NamedTuple):
    """One row of the report: `id` and `name` of its group, the year if it has one, and its counts."""

    id: str | None
    name: str
    year: int | None = None
    counts: Counts = Counts()


class Progress(NamedTuple):
    """The progress report: its rows and their sum."""

    by: Grouping
    rows: tuple[ProgressRow, ...]
    total: Counts


def promise_by_year(programme: Programme) -> dict[tuple[str, int | None], int]:
    """Spread a programme's quotas over its years: the number promised for each kind and year.

    The number of a year is its cohort's own quota, or else the programme's yearly one. The key with no year
    holds what is promised beyond the years that have cohorts: the rest of a total, or the yearly number for
    each further year up to the last one promised, with the numbers of cohorts that have no year. A cohort's
    number is part of a total that covers its year, or of any total if it has no year, unless it is beside it.
    If two quotas promise the same, the one announced later counts.
    """
    promised: dict[tuple[str, int | None], int] = {}
    for kind, quotas in group_quotas(programme).items():
        said = {
            year: chosen.quota
            for year in programme.years
            if (chosen := choose_quota(year, quotas)) is not None
        }
        promised |= {(kind, year): quota.quantity for year, quota in said.items()}
        if (beyond := _number_beyond(said, programme.years, quotas)) > 0:
            promised[kind, None] = beyond
    if programme.only_years is None:
        return promised
    return {key: number for key, number in promised.items() if (key[1] or 0) in programme.only_years}


def find_yearly_quotas(programme: Programme) -> dict[tuple[str, int], Quota]:
    """Return the quota that counts for each kind and each year that has a cohort."""
    return {
        (kind, year): chosen.quota
        for kind, quotas in group_quotas(programme).items()
        for year in programme.years
        if (chosen := choose_quota(year, quotas)) is not None
    }


def group_quotas(programme: Programme) -> dict[str, list[DatedQuota]]:
    """Return the quotas by which a programme's sites are measured, by kind, in the order of announcement.

    A quota with a unit counts no sites. Of a kind of which sites were promised to be completed, only those
    quotas count, or else those by which sites are to be in use; a promised start of work is no opening.
    """
    by_kind: dict[str, list[DatedQuota]] = {}
    for dated in sort_quotas(programme):
        if dated.quota.unit is None and dated.quota.promises_opening:
            by_kind.setdefault(dated.quota.kind, []).append(dated)
    return {
        kind: [dated for dated in quotas if not _promises_use(dated)] or quotas
        for kind, quotas in by_kind.items()
    }


def _promises_use(dated: DatedQuota) -> bool:
    return dated.quota.promised_status is not None and dated.quota.promised_status.is_in_use


def sort_quotas(programme: Programme) -> list[DatedQuota]:
    """Sort a programme's quotas by announcement, the latest last.

    Those of one day keep the order of the query, which sorts them by content.
    """
    return sorted(programme.quotas, key=lambda dated: _announced_day(dated.announced))


def _announced_day(announced: str | None) -> date:
    return parse_date(announced).effective_day if announced else date.min


def choose_quota(year: int, quotas: Sequence[DatedQuota]) -> DatedQuota | None:
    """Return the quota that counts for one year: the last of sorted quotas, a cohort's own first."""
    own = [dated for dated in quotas if dated.cohort_year == year]
    yearly = [
        dated
        for dated in quotas
        if dated.is_of_programme and dated.quota.per is QuotaPeriod.YEAR and dated.quota.covers(year)
    ]
    chosen = own or yearly
    return chosen[-1] if chosen else None


def _number_beyond(said: Mapping[int, Quota], years: Sequence[int], quotas: Sequence[DatedQuota]) -> int:
    """Return the number promised for years that have no cohort yet, and for cohorts that have no year.

    `said` has the quotas of the years that have cohorts. A total covers only its own years; what was promised
    for a year outside them is not part of it.
    """
    undated = {dated.cohort: dated.quota for dated in quotas if dated.cohort and dated.cohort_year is None}
    of_programme = [dated.quota for dated in quotas if dated.is_of_programme]
    totals = [quota for quota in of_programme if quota.per is QuotaPeriod.TOTAL]
    if totals:
        total = totals[-1]
        of_years = sum(
            quota.quantity for year, quota in said.items() if total.covers(year) and not quota.beside
        )
        beside = sum(quota.quantity for quota in undated.values() if quota.beside)
        return max(0, total.quantity - of_years) + beside
    bounded = [quota for quota in of_programme if quota.first_year and quota.last_year]
    further = {
        year
        for quota in bounded
        for year in range(quota.first_year or 0, (quota.last_year or 0) + 1)
        if year not in years
    }
    of_undated = sum(quota.quantity for quota in undated.values())
    return of_undated + sum(
        chosen.quota.quantity for year in further if (chosen := choose_quota(year, quotas)) is not None
    )


def find_parts(programme: Programme, others: Collection[str]) -> frozenset[str]:
    """Return the kinds whose number is within that of one of the `others`, whose number has it already."""
    return frozenset(
        kind for kind, quotas in group_quotas(programme).items() if quotas[-1].quota.within in others
    )


_NO_PROGRAMME = "no programme"
_Key = tuple[str | None, int | None]


def count_progress(sites: Iterable[Site | Tally], programmes: Sequence[Programme], by: Grouping) -> Progress:
    """Count sites against promises, row by row. Every site is in exactly one row, so the rows add up.

    So do the numbers promised, but for one that is within another's of the same rows: it is promised once.
    """
    counted = {one.id for one in programmes}
    twice = 0
    counts: dict[_Key, Counts] = {}
    names: dict[str | None, str] = {}

    def add(key: _Key, name: str, more: Counts) -> None:
        counts[key] = counts.get(key, Counts()).plus(more)
        names[key[0]] = name

    for site in sites:
        key, name = _key_of_site(by, site)
        add(key, name, count_site(site.state, site.number))
    for programme in programmes if by.has_promises else ():
        promised = promise_by_year(programme)
        parts = find_parts(programme, counted)
        for (kind, year), number in promised.items():
            key, name = _key_of_promise(by, programme, kind, year)
            if kind in parts and key[0] != programme.id:
                # A row of a kind or year has the number of both programmes.
                continue
            add(key, name, Counts(promised=number))
            twice += number if kind in parts else 0
        # A programme that promised no number and has no site yet still gets a row.
        key, name = _key_of_promise(by, programme, programme.kind, None)
        if not promised and by is not Grouping.YEAR and programme.only_years is None and key[0] not in names:
            add(key, name, Counts())
    dated = {group for group, year in counts if year is not None}
    rows = tuple(
        ProgressRow(
            id=key[0],
            name=f"{names[key[0]]}, other years" if key[1] is None and key[0] in dated else names[key[0]],
            year=key[1],
            counts=counts[key],
        )
        for key in sorted(counts, key=lambda key: _row_order(by, key))
    )
    total = reduce(Counts.plus, (row.counts for row in rows), Counts())
    if total.promised is not None:
        total = total._replace(promised=total.promised - twice)
    return Progress(by=by, rows=rows, total=total)


def _key_of_promise(by: Grouping, programme: Programme, kind: str, year: int | None) -> tuple[_Key, str]:
    if by is Grouping.KIND:
        return (kind, None), kind
    if by is Grouping.YEAR:
        return ((str(year), year), str(year)) if year else (("other", None), "other years")
    return (programme.id, year if by is Grouping.PROGRAMME_AND_YEAR else None), programme.name


def _key_of_site(by: Grouping, site: Site | Tally) -> tuple[_Key, str]:
    if by is Grouping.KIND:
        return (site.kind, None), site.kind
    if by is Grouping.YEAR:
        return ((str(site.year), site.year), str(site.year)) if site.year else ((None, None), "no year")
    if by is Grouping.REGION:
        return (site.region, None), site.region_name or Phrase.of("no {}", "region")
    if by is Grouping.STATUS:
        status = site.state.status
        return (status, None), status or "no status"
    year = site.year if by is Grouping.PROGRAMME_AND_YEAR else None
    return (site.programme, year), site.programme_name or _NO_PROGRAMME


def _row_order(by: Grouping, key: _Key) -> tuple[bool, int, str, bool, int]:
    """Sort rows by id, statuses by their order; no id comes last, and within one id no year comes last."""
    group, year = key
    rank = Status(group).rank if by is Grouping.STATUS and group else 0
    return group is None, rank, group or "", year is None, year or 0


def make_report(facts: tuple[Iterable[Tally], Sequence[Programme]], question: Question) -> Report:
    """Make the progress report; in data, each row has the filter that lists its sites."""
    by = question.by
    progress = count_progress(*facts, by)
    shown: tuple[Column, ...]
    # The id of a row is for machines; a table shows its name.
    if by is Grouping.PROGRAMME_AND_YEAR:
        id_column = Column("programme", "Programme ID")
        shown = (Column("name", "Programme"), Column("year", "Year", is_number=True))
    else:
        id_column = Column(by.value, Phrase.of("{} ID", by.capitalize()))
        shown = (Column("name", Phrase.of("{}", by.capitalize())),)
    screen = (*shown, *((PROMISED,) if by.has_promises else ()), *COUNT_COLUMNS)

    def name_counts(row: ProgressRow) -> dict[str, Value]:
        return row.counts._asdict() | {"name": row.name, "year": row.year, id_column.key: row.id}

    rows = [name_counts(row) | {"filter": _name_filter(by, row)} for row in progress.rows]
    total = name_counts(ProgressRow(None, "Total", counts=progress.total))
    return Report(
        "Progress",
        make_grid((id_column, *screen, Column("filter", "Filter")), rows, total),
        make_grid(screen, rows, total),
        ("to list the sites behind a number, add its column to the command below, as in --counted started",),
        Bars(("promised", "named"), ("verified_complete", "claimed_complete", "started")),
    )


def _name_filter(by: Grouping, row: ProgressRow) -> str | None:
    """Return the options of `nkplan list` that list the sites of a row; None if it can have no sites."""
    id_ = row.id or "none"
    if by is Grouping.PROGRAMME_AND_YEAR:
        return f"--programme {id_} --year {row.year or 'none'}"
    if by is Grouping.YEAR:
        if row.id and not row.year:
            # A promise for years that have no cohort yet has no sites.
            return None
        return f"--year {row.year or 'none'}"
    return f"--{by} {id_}"
