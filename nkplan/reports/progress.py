"""How far a promise has come: sites counted against quotas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from nkplan.dates import parse_date
from nkplan.layout.grid import Column, Grid, Value
from nkplan.layout.report import Bars, Report
from nkplan.model.promise import DatedQuota, Programme, Quota
from nkplan.model.question import Grouping, Question
from nkplan.model.state import Site, State, Tally
from nkplan.model.vocabulary import QuotaPeriod, Status
from nkplan.reports.counts import COUNT_COLUMNS, PROMISED


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many sites; `promised` is None where no number was promised."""

    promised: int | None = None
    named: int = 0
    started: int = 0
    claimed_complete: int = 0
    verified_complete: int = 0
    operating: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            promised=_add(self.promised, other.promised),
            named=self.named + other.named,
            started=self.started + other.started,
            claimed_complete=self.claimed_complete + other.claimed_complete,
            verified_complete=self.verified_complete + other.verified_complete,
            operating=self.operating + other.operating,
        )


class ProgressRow(NamedTuple):
    """One row of the report: `id` and `name` of what it stands for, a year where it has one, its counts."""

    id: str | None
    name: str
    year: int | None = None
    counts: Counts = Counts()


class Progress(NamedTuple):
    """The progress report: its rows and their sum."""

    by: Grouping
    rows: tuple[ProgressRow, ...]
    total: Counts


def _add(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other


def promise_by_year(programme: Programme) -> dict[tuple[str, int | None], int]:
    """Spread a programme's quotas over its years: the number promised for each kind and year.

    The number of a year is its cohort's own quota, or else the programme's yearly one. The key with no year
    holds what is promised beyond the years that have cohorts: what is left of a total, or the yearly number
    for each further year up to the last one promised. Of two quotas for the same thing the one announced
    later holds.
    """
    promised: dict[tuple[str, int | None], int] = {}
    for kind, quotas in group_quotas(programme).items():
        said = {
            year: chosen.quota.quantity
            for year in programme.years
            if (chosen := choose_quota(year, quotas)) is not None
        }
        promised |= {(kind, year): number for year, number in said.items()}
        if (beyond := _number_beyond(said, programme.years, quotas)) > 0:
            promised[kind, None] = beyond
    if programme.only_year is None:
        return promised
    return {key: number for key, number in promised.items() if (key[1] or 0) == programme.only_year}


def find_yearly_quotas(programme: Programme) -> dict[tuple[str, int], Quota]:
    """Give the quota that holds for each kind and year, of the years that have cohorts."""
    return {
        (kind, year): chosen.quota
        for kind, quotas in group_quotas(programme).items()
        for year in programme.years
        if (chosen := choose_quota(year, quotas)) is not None
    }


def group_quotas(programme: Programme) -> dict[str, list[DatedQuota]]:
    """Give a programme's quotas by kind, those announced later behind."""
    by_kind: dict[str, list[DatedQuota]] = {}
    for dated in sort_quotas(programme):
        by_kind.setdefault(dated.quota.kind, []).append(dated)
    return by_kind


def sort_quotas(programme: Programme) -> list[DatedQuota]:
    """Put a programme's quotas in the order in which they were announced, the latest last.

    Those of one day stay in the order of the query, which is one of what they promise.
    """
    return sorted(programme.quotas, key=lambda dated: _announced_day(dated.announced))


def _announced_day(announced: str | None) -> date:
    return parse_date(announced).end if announced else date.min


def choose_quota(year: int, quotas: Sequence[DatedQuota]) -> DatedQuota | None:
    """Give the quota that holds for one year, the latest of quotas in order; a cohort's own comes first."""
    own = [dated for dated in quotas if dated.cohort_year == year]
    yearly = [
        dated
        for dated in quotas
        if dated.cohort_year is None and dated.quota.per is QuotaPeriod.YEAR and dated.quota.covers(year)
    ]
    chosen = own or yearly
    return chosen[-1] if chosen else None


def _number_beyond(said: Mapping[int, int], years: Sequence[int], quotas: Sequence[DatedQuota]) -> int:
    """Give the number promised for years that have no cohort yet; `said` has those of the years that do.

    A total is for its own years: what was promised for a year outside them is no part of it.
    """
    of_programme = [dated.quota for dated in quotas if dated.cohort_year is None]
    totals = [quota for quota in of_programme if quota.per is QuotaPeriod.TOTAL]
    if totals:
        total = totals[-1]
        return max(0, total.quantity - sum(number for year, number in said.items() if total.covers(year)))
    bounded = [quota for quota in of_programme if quota.first_year and quota.last_year]
    further = {
        year
        for quota in bounded
        for year in range(quota.first_year or 0, (quota.last_year or 0) + 1)
        if year not in years
    }
    return sum(
        chosen.quota.quantity for year in further if (chosen := choose_quota(year, quotas)) is not None
    )


def count_site(state: State, number: int = 1) -> Counts:
    """Count one site, or a number of sites alike, under each heading it falls under."""
    return Counts(
        named=number,
        started=number * state.started,
        claimed_complete=number * (state.claimed is not None and state.claimed.is_complete),
        verified_complete=number * (state.verified is not None and state.verified.is_complete),
        operating=number * (state.status is Status.OPERATING),
    )


_NO_PROGRAMME = "no programme"
_Key = tuple[str | None, int | None]


def count_progress(sites: Iterable[Site | Tally], programmes: Sequence[Programme], by: Grouping) -> Progress:
    """Count sites against promises, row by row. Every site is in one row, so the rows add up to the total."""
    counts: dict[_Key, Counts] = {}
    names: dict[str | None, str] = {}

    def add(key: _Key, name: str, more: Counts) -> None:
        counts[key] = counts.get(key, Counts()) + more
        names[key[0]] = name

    for site in sites:
        key, name = _key_of_site(by, site)
        add(key, name, count_site(site.state, site.number))
    for programme in programmes if by.has_promises else ():
        promised = promise_by_year(programme)
        for (kind, year), number in promised.items():
            key, name = _key_of_promise(by, programme, kind, year)
            add(key, name, Counts(promised=number))
        # A programme that promised no number, and has no site yet, has a row all the same.
        key, name = _key_of_promise(by, programme, programme.kind, None)
        if not promised and by is not Grouping.YEAR and programme.only_year is None and key[0] not in names:
            add(key, name, Counts())
    dated = {group for group, year in counts if year is not None}
    rows = tuple(
        ProgressRow(
            id=key[0],
            name=names[key[0]] + (", other years" if key[1] is None and key[0] in dated else ""),
            year=key[1],
            counts=counts[key],
        )
        for key in sorted(counts, key=lambda key: _row_order(by, key))
    )
    return Progress(by=by, rows=rows, total=sum((row.counts for row in rows), Counts()))


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
    if by is Grouping.PROVINCE:
        return (site.province, None), site.province_name or "no place"
    if by is Grouping.STATUS:
        status = site.state.status
        return (status, None), status or "no status"
    year = site.year if by is Grouping.PROGRAMME_AND_YEAR else None
    return (site.programme, year), site.programme_name or _NO_PROGRAMME


def _row_order(by: Grouping, key: _Key) -> tuple[bool, int, str, bool, int]:
    """Sort rows by id, statuses by their order; what has no id, and within one id no year, comes last."""
    group, year = key
    rank = Status(group).rank if by is Grouping.STATUS and group else 0
    return group is None, rank, group or "", year is None, year or 0


_GROUP_TITLES = {
    Grouping.PROGRAMME: "Programme",
    Grouping.YEAR: "Year",
    Grouping.KIND: "Kind",
    Grouping.PROVINCE: "Province",
    Grouping.STATUS: "Status",
}


def make_report(facts: tuple[Iterable[Tally], Sequence[Programme]], question: Question) -> Report:
    """Make the progress report; each row of data names the filter that lists its sites."""
    by = question.by
    progress = count_progress(*facts, by)
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
        Bars(("promised", "named"), ("verified_complete", "claimed_complete", "started")),
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
