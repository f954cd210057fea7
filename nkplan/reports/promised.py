"""What was promised in numbers, spread over years and waves."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from nkplan.model.promise import DatedQuota, Programme, Quota
from nkplan.model.vocabulary import QuotaPeriod
from nkplan.reports.claims import describe_period, name_counted


class Replaced(NamedTuple):
    """An earlier quota and the later one that replaced it."""

    earlier: DatedQuota
    later: DatedQuota


class Number(NamedTuple):
    """A number of sites promised for a year, for a wave, or, with neither, for the other years.

    A wave is a cohort without a year, by its id. `within` is the programme whose number it is part of, if
    any; `replaced` are the quotas whose number it would have been, `announcement` the id of the one that
    promised it. Of other years `first_year` and `last_year` are those that the number in all covers, as far
    as they are known; of a wave `last_year` is when all of it is promised by.
    """

    kind: str
    quantity: int
    year: int | None = None
    wave: str | None = None
    within: str | None = None
    replaced: tuple[Replaced, ...] = ()
    announcement: str | None = None
    first_year: int | None = None
    last_year: int | None = None

    def covers(self, year: int) -> bool:
        """Return whether a number of other years is for a year."""
        return (self.first_year or year) <= year <= (self.last_year or year)


class Promised(NamedTuple):
    """What a programme promised in numbers: those for its sites, and the `others`, which are only shown.

    The `others` count something else (a unit), only a start of work beside openings, or sites a year from a
    year that is not known. `totals` are the numbers in all that hold, by kind.
    """

    numbers: tuple[Number, ...] = ()
    others: tuple[DatedQuota, ...] = ()
    totals: Mapping[str, tuple[Quota, ...]] = {}


def spread(programme: Programme) -> Promised:
    """Spread a programme's quotas over its years and waves, kind by kind.

    A year has the number of its cohorts, or else the programme's number a year; a wave has its own. What a
    number in all leaves of the years that it covers has neither. A cohort's number is part of a number in all
    that covers its year, and a wave's of any, unless it is beside it. A number a year counts for every year
    up to its last one; without one for each year that has begun and each that has a cohort; and without a
    first year for none. A later quota replaces an earlier one of the same project and period.
    """
    promised = _spread_all(programme._replace(only_years=None, only_wave=None))
    numbers = promised.numbers
    if programme.only_years is not None:
        numbers = tuple(one for one in numbers if (one.year or 0) in programme.only_years)
    if programme.only_wave is not None:
        numbers = tuple(one for one in numbers if one.wave in {None, programme.only_wave})
    return promised._replace(numbers=numbers)


@lru_cache(maxsize=4)
def _spread_all(programme: Programme) -> Promised:
    # The cohorts of a programme are often counted one after another.
    grouped = group_quotas(programme)
    numbers: list[Number] = []
    totals: dict[str, tuple[Quota, ...]] = {}
    counted: set[DatedQuota] = set()
    for kind, quotas in grouped.items():
        useful = [one for one in quotas if not _is_vague(one)]
        counted.update(useful)
        made, totals[kind] = _spread_kind(programme, useful)
        numbers += made
    others = tuple(one for one in sort_quotas(programme) if one not in counted)
    return Promised(tuple(numbers), others, totals)


def _is_vague(dated: DatedQuota) -> bool:
    """Whether it is a number a year of which the first year is not known."""
    quota = dated.quota
    return quota.per is QuotaPeriod.YEAR and quota.first_year is None and dated.cohort_year is None


def _spread_kind(
    programme: Programme, quotas: Sequence[DatedQuota]
) -> tuple[list[Number], tuple[Quota, ...]]:
    of_programme = [one for one in quotas if one.is_of_programme]
    of_cohorts: defaultdict[str, list[DatedQuota]] = defaultdict(list)
    for one in quotas:
        if not one.is_of_programme:
            of_cohorts[one.cohort or str(one.cohort_year)].append(one)
    # Each with whether it is beside a number in all.
    by_year: defaultdict[int, list[tuple[Number, bool]]] = defaultdict(list)
    of_waves: list[tuple[Number, bool]] = []
    totals, replaced = _choose_totals([one for one in of_programme if one.quota.per is QuotaPeriod.TOTAL])
    end = min((one.quota.last_year for one in totals if one.quota.last_year is not None), default=None)
    for id_, own in of_cohorts.items():
        year, is_beside = own[-1].cohort_year, own[-1].quota.beside is True
        if year is not None:
            by_year[year].append((_make_number(own[-2:], year), is_beside))
        elif (of_wave := _measure_wave(programme, id_, own, None if is_beside else end)) is not None:
            of_waves.append((of_wave, is_beside))
    yearly = [one for one in of_programme if one.quota.per is QuotaPeriod.YEAR]
    for year, chosen in _choose_by_year(yearly, programme).items():
        if year not in by_year:
            by_year[year] = [(_make_number(chosen, year), False)]
    years = sorted(by_year)
    found = [*(one for year in years for one in by_year[year]), *of_waves]
    # Sums up to each year, so that no number in all has to look through all years.
    sums = [0, *accumulate(sum(_count_parts(by_year[year])) for year in years)]
    wave_parts = sum(_count_parts(of_waves))
    numbers = [number for number, _ in found]
    for total in totals:
        first, last = _find_span(total.quota)
        of_years = sums[bisect_right(years, last)] - sums[bisect_left(years, first)]
        left = max(0, total.quota.quantity - of_years)
        # A wave is part of one number in all only: of the first one that leaves something.
        part = min(left, wave_parts)
        wave_parts -= part
        if left > part:
            rest = _make_number([total], None)
            numbers.append(
                rest._replace(
                    quantity=left - part,
                    replaced=tuple(replaced.get(total, ())),
                    first_year=total.quota.first_year,
                    last_year=total.quota.last_year,
                )
            )
    return numbers, tuple(total.quota for total in totals)


def _count_parts(found: Iterable[tuple[Number, bool]]) -> Iterator[int]:
    return (number.quantity for number, is_beside in found if not is_beside)


def _make_number(quotas: Sequence[DatedQuota], year: int | None, wave: str | None = None) -> Number:
    """Make a number of the last quota, which replaced the one before if there is one."""
    quota = quotas[-1].quota
    replaced = (Replaced(quotas[0], quotas[-1]),) if len(quotas) > 1 else ()
    return Number(quota.kind, quota.quantity, year, wave, quota.within, replaced, quota.announcement)


def _measure_wave(
    programme: Programme, wave: str, quotas: Sequence[DatedQuota], end: int | None
) -> Number | None:
    """Return the number of a cohort without a year: that in all, or its numbers a year if they are more.

    `end` is the last year of the number in all that it is part of, if that is known.
    """
    totals, replaced = _choose_totals([one for one in quotas if one.quota.per is QuotaPeriod.TOTAL])
    yearly = [one for one in quotas if one.quota.per is QuotaPeriod.YEAR]
    by_year = _choose_by_year(yearly, programme._replace(years=()))
    most = max(
        sum(one.quota.quantity for one in totals),
        sum(chosen[-1].quota.quantity for chosen in by_year.values()),
    )
    told = tuple(one for total in totals for one in replaced.get(total, ()))
    years = [one.quota.last_year for one in (*totals, *(chosen[-1] for chosen in by_year.values()))]
    known = [year for year in years if year is not None]
    ends = [end] if end is not None else []
    ends += [max(known)] if known and len(known) == len(years) else []
    number = _make_number(quotas[-1:], None, wave)
    return number._replace(quantity=most, replaced=told, last_year=min(ends, default=None)) if most else None


def _choose_by_year(yearly: Sequence[DatedQuota], programme: Programme) -> dict[int, tuple[DatedQuota, ...]]:
    """Return the number a year that holds for each year, with the one that it replaced if there is one.

    The quotas are sorted, the latest last; each has a first year.
    """
    starts: defaultdict[int, list[int]] = defaultdict(list)
    ends: defaultdict[int, list[int]] = defaultdict(list)
    years: set[int] = set()
    for at, one in enumerate(yearly):
        first, last = one.quota.first_year or 0, one.quota.last_year
        starts[first].append(at)
        if last is not None:
            ends[last + 1].append(at)
        if last is not None or programme.begun is not None:
            years.update(range(first, (programme.begun or 0 if last is None else last) + 1))
    years.update(programme.years)
    # Whatever holds in a year is kept in order, so that no year has to look through all quotas.
    holding: list[int] = []
    chosen: dict[int, tuple[DatedQuota, ...]] = {}
    for year in sorted({*years, *starts, *ends}):
        for at in ends.get(year, ()):
            del holding[bisect_left(holding, at)]
        for at in starts.get(year, ()):
            insort(holding, at)
        if holding and year in years:
            chosen[year] = tuple(yearly[at] for at in holding[-2:])
    return chosen


def _choose_totals(
    totals: Sequence[DatedQuota],
) -> tuple[list[DatedQuota], dict[DatedQuota, list[Replaced]]]:
    """Return the numbers in all that hold, and for each which ones it replaced: any with a year in common.

    A number in all cannot be divided among years, so none of an earlier one is left. The quotas are sorted,
    the latest last.
    """
    # Those that hold have no year in common, so they are in the order of their years.
    spans: list[tuple[int, int]] = []
    holding: list[DatedQuota] = []
    replaced: dict[DatedQuota, list[Replaced]] = {}
    for one in totals:
        first, last = _find_span(one.quota)
        start = bisect_left(spans, first, key=lambda span: span[1])
        end = bisect_right(spans, last, key=lambda span: span[0])
        if gone := holding[start:end]:
            replaced[one] = [Replaced(other, one) for other in gone]
        holding[start:end] = [one]
        spans[start:end] = [(first, last)]
    return holding, replaced


def _find_span(quota: Quota) -> tuple[int, int]:
    """Return the first and the last year of a quota; an open side reaches as far as years do."""
    return quota.first_year or 0, quota.last_year or 9999


def number_cohort_years(programme: Programme) -> dict[tuple[str, int], Number]:
    """Return the number promised for each kind and year that has a cohort; those of its cohorts added up."""
    years = set(programme.years)
    numbers: dict[tuple[str, int], Number] = {}
    for one in spread(programme).numbers:
        if one.year is not None and one.year in years:
            before = numbers.get((one.kind, one.year))
            more = before.quantity if before else 0
            numbers[one.kind, one.year] = one._replace(quantity=one.quantity + more)
    return numbers


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
    return sorted(programme.quotas, key=lambda dated: dated.announced_day)


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


def describe_quota(dated: DatedQuota) -> str:
    """Say what a quota promises and when it was announced: `51 districts in 2017, to be started (2017)`."""
    quota = dated.quota
    first = quota.first_year or dated.cohort_year
    last = quota.last_year or dated.cohort_year
    counted = name_counted(quota.quantity == 1, quota.unit, quota.label)
    stage = f", {quota.promised_status.as_aim}" if quota.promised_status else ""
    said = f" ({dated.announced})" if dated.announced else ""
    return f"{quota.quantity} {counted} {describe_period(quota.per, first, last)}{stage}{said}"


def describe_others(quotas: Sequence[DatedQuota]) -> list[str]:
    """Describe quotas in the order of their announcements; one that a later one replaced says so."""

    def find_like(dated: DatedQuota) -> tuple[object, ...]:
        one = dated.quota
        stage = one.promised_status
        return one.project, one.kind, one.unit, stage, one.per, one.first_year, one.last_year

    latest = {find_like(one): one for one in quotas}
    return [
        describe_quota(one) + ("" if later is one else f", replaced by {later.quota.quantity}")
        for one in quotas
        for later in [latest[find_like(one)]]
    ]


def describe_replaced(one: Replaced) -> str:
    """Say which number was replaced by which, and when: `40 replaced by 20 on 2025-03-01`."""
    later = one.later.announced
    when = "" if later is None else f" on {later}" if len(later) == len("2025-03-01") else f" in {later}"
    return f"{one.earlier.quota.quantity} replaced by {one.later.quota.quantity}{when}"
