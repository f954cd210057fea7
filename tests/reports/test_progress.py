"""Counting sites against promises."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from promised_numbers import promise_by_year
from records import date_quota

from nkplan.layout.grid import Column
from nkplan.model.moment import Moment
from nkplan.model.promise import Cohort, DatedQuota, Programme, Quota
from nkplan.model.question import Grouping, Question
from nkplan.model.state import Site, State, Tally
from nkplan.model.vocabulary import QuotaPeriod, Status
from nkplan.reports.counting import Counts
from nkplan.reports.progress import count_progress, make_report
from nkplan.reports.promised import Number, Replaced, spread

COUNTED = Counts._fields[1:]


def quota(
    quantity: int,
    per: str = "year",
    *,
    first: int | None = None,
    last: int | None = None,
    announced: str | None = None,
    cohort_year: int | None = None,
    wave: str | None = None,
    kind: str = "factory",
    **more: Any,
) -> DatedQuota:
    made = Quota(
        project="p",
        kind=kind,
        quantity=quantity,
        per=QuotaPeriod(per),
        first_year=first,
        last_year=last,
        **more,
    )
    return date_quota(made, announced, cohort_year, wave)


def promise(
    years: tuple[int, ...], *quotas: DatedQuota, begun: int | None = None
) -> dict[tuple[str, int | None], int]:
    return promise_by_year(
        Programme(id="p", name="P", kind="factory", years=years, quotas=quotas, begun=begun)
    )


def test_a_yearly_quota_applies_to_each_year_that_it_covers() -> None:
    assert promise((2023, 2024, 2025), quota(20, first=2024)) == {
        ("factory", 2024): 20,
        ("factory", 2025): 20,
    }


def test_the_rest_of_a_total_is_promised_for_other_years() -> None:
    promised = promise((2024,), quota(20, first=2024), quota(200, "total"))
    assert promised == {("factory", 2024): 20, ("factory", None): 180}


def test_a_year_before_a_total_begins_does_not_count_towards_it() -> None:
    """Three pilots in 2025, 20 a year from 2026, and 100 from 2026 to 2030: 80 are left after 2026."""
    quotas = (
        quota(3, cohort_year=2025),
        quota(20, first=2026),
        quota(100, "total", first=2026, last=2030),
    )
    assert promise((2025, 2026), *quotas) == {
        ("factory", 2025): 3,
        ("factory", 2026): 20,
        ("factory", None): 80,
    }


def test_a_total_that_is_used_up_leaves_nothing() -> None:
    assert promise((2024, 2025), quota(20, first=2024), quota(30, "total")) == {
        ("factory", 2024): 20,
        ("factory", 2025): 20,
    }


def test_a_later_quota_replaces_an_earlier_one_for_its_own_years_only() -> None:
    quotas = (quota(30, first=2025, announced="2024-08"), quota(20, first=2024, announced="2024-01-15"))
    assert promise((2024, 2025), *quotas) == {("factory", 2024): 20, ("factory", 2025): 30}


def test_a_cohorts_own_quota_replaces_that_of_its_programme() -> None:
    quotas = (quota(3, cohort_year=2025), quota(20, first=2024, announced="2026"))
    assert promise((2025, 2026), *quotas) == {("factory", 2025): 3, ("factory", 2026): 20}


def test_a_number_a_year_with_a_last_year_counts_for_every_year_up_to_it() -> None:
    assert promise((2024,), quota(20, first=2024, last=2026)) == {
        ("factory", 2024): 20,
        ("factory", 2025): 20,
        ("factory", 2026): 20,
    }


def test_a_number_a_year_without_a_last_year_counts_for_years_begun_and_for_cohorts() -> None:
    """From 2024, asked in 2025, with a cohort of 2027: 2024, 2025 and 2027, but not 2026."""
    assert promise((2027,), quota(20, first=2024), begun=2025) == {
        ("factory", 2024): 20,
        ("factory", 2025): 20,
        ("factory", 2027): 20,
    }


def test_a_number_a_year_without_a_first_year_is_shown_and_adds_to_nothing() -> None:
    for last in (None, 2026):
        vague = quota(20, last=last)
        programme = Programme("p", "P", "factory", (2024,), (vague, quota(90, "total")), begun=2026)
        promised = spread(programme)
        assert promised.numbers == (Number("factory", 90),)
        assert promised.others == (vague,)


def test_a_number_of_something_else_is_shown_and_adds_to_nothing() -> None:
    homes, begun = quota(5000, "total", unit="homes"), quota(51, "total", promised_status=Status.GROUNDBROKEN)
    promised = spread(Programme("p", "P", "factory", (), (quota(90, "total"), homes, begun)))
    assert promised.numbers == (Number("factory", 90),)
    assert promised.others == (homes, begun)


@pytest.mark.parametrize(
    ("of_cohort", "expected"),
    [
        # Part of the 40, so 32 are left.
        ({"cohort_year": 2025}, {("factory", 2025): 8, ("factory", None): 32}),
        # Beside them: 8 + 40 = 48.
        ({"cohort_year": 2025, "beside": True}, {("factory", 2025): 8, ("factory", None): 40}),
        # The 40 are for 2026 to 2030, so 2025 adds to them.
        ({"cohort_year": 2025, "later": True}, {("factory", 2025): 8, ("factory", None): 40}),
        # A wave, which has no year, is part of them or beside them.
        ({"wave": "w"}, {("factory", None): 8 + 32}),
        ({"wave": "w", "beside": True}, {("factory", None): 8 + 40}),
    ],
)
def test_a_cohorts_number_is_part_of_one_in_all_where_that_covers_its_year_and_it_is_not_beside(
    of_cohort: dict[str, Any], expected: dict[tuple[str, int | None], int]
) -> None:
    first, last = (2026, 2030) if of_cohort.pop("later", False) else (None, None)
    total = quota(40, "total", first=first, last=last)
    assert promise((2025,), total, quota(8, "total", **of_cohort)) == expected


def test_the_numbers_of_two_cohorts_of_a_year_are_added() -> None:
    spring, autumn = (quota(number, "total", cohort_year=2025, wave=wave) for wave, number in WAVES.items())
    assert promise((2025,), quota(40, "total"), spring, autumn) == {
        ("factory", 2025): 12 + 5,
        ("factory", None): 40 - 17,
    }


WAVES = {"spring": 12, "autumn": 5}


def test_a_later_number_replaces_an_earlier_one_and_says_so() -> None:
    """40 a year from 2024 were promised in 2024; 20 for 2025 and 2026 in March 2025."""
    earlier = quota(40, first=2024, last=2026, announced="2024-01-15")
    later = quota(20, first=2025, last=2026, announced="2025-03-01")
    programme = Programme("p", "P", "factory", (), (later, earlier))
    assert spread(programme).numbers == (
        Number("factory", 40, 2024),
        Number("factory", 20, 2025, replaced=(Replaced(earlier, later),)),
        Number("factory", 20, 2026, replaced=(Replaced(earlier, later),)),
    )
    report = make_report(([], [programme]), Question(Moment(date(2026, 11, 26))))
    told = "40 replaced by 20 on 2025-03-01"
    assert [row[report.grid.columns.index(REPLACED)] for row in report.grid.rows] == [None, told, told]
    assert f"P: {told}" in report.notes


REPLACED = Column("replaced", "Replaced")


def test_numbers_of_other_projects_kinds_units_stages_periods_or_years_are_not_replaced() -> None:
    first = quota(40, "total", first=2024, last=2025, announced="2024")
    others = [
        quota(20, "total", first=2026, last=2027, announced="2025"),
        quota(20, first=2024, last=2025, announced="2025"),
        quota(20, "total", first=2024, last=2025, announced="2025", kind="hospital"),
        quota(20, "total", first=2024, last=2025, announced="2025", unit="homes"),
        quota(20, "total", first=2024, last=2025, announced="2025", promised_status=Status.OPERATING),
        quota(20, "total", announced="2025", cohort_year=2024),
    ]
    for other in others:
        promised = spread(Programme("p", "P", "factory", (2024,), (first, other)))
        assert not any(number.replaced for number in promised.numbers), other
    (one,) = spread(Programme("p", "P", "factory", (), (first, quota(9, "total", announced="2025")))).numbers
    assert (one.quantity, len(one.replaced)) == (9, 1)


def test_numbers_in_all_for_different_years_both_hold() -> None:
    """50 from 2020 to 2024, of which 20 in 2024, and 60 from 2025 on: 30 and 60 are left."""
    quotas = (
        quota(50, "total", first=2020, last=2024),
        quota(60, "total", first=2025),
        quota(20, cohort_year=2024),
    )
    assert promise((2024,), *quotas) == {("factory", 2024): 20, ("factory", None): 30 + 60}


def test_kinds_are_promised_separately_and_no_quota_promises_nothing() -> None:
    quotas = (quota(20, first=2024), quota(5, kind="hospital", first=2025))
    promised = promise((2024, 2025), *quotas)
    assert promised == {("factory", 2024): 20, ("factory", 2025): 20, ("hospital", 2025): 5}
    assert promise((2024,)) == {}


STATUSES = st.none() | st.sampled_from(Status)
STATES = st.builds(State, status=STATUSES, claimed=STATUSES, verified=STATUSES, started=st.booleans())
PROGRAMMES = [
    Programme(
        id="p",
        name="P",
        kind="factory",
        years=(2024, 2025),
        quotas=(quota(20, first=2024), quota(100, "total")),
    ),
    Programme(id="q", name="Q", kind="hospital"),
]
SITES = st.lists(
    st.builds(
        Site,
        id=st.just("s"),
        name=st.just("S"),
        kind=st.sampled_from(["factory", "hospital", "canal"]),
        region=st.sampled_from([None, "KP-01", "KP-02"]),
        region_name=st.just("Somewhere"),
        programme=st.sampled_from([None, "p", "q"]),
        programme_name=st.just("P"),
        year=st.sampled_from([None, 2024, 2025, 2026]),
        state=STATES,
    ),
    max_size=15,
)


@given(SITES, st.sampled_from(Grouping))
def test_the_rows_count_every_site_and_those_with_a_number_add_up_to_the_total(
    sites: list[Site], by: Grouping
) -> None:
    """P promised 100 in all, whatever the year, so only its sites are in the total: of one kind by kind."""
    report = count_progress(sites, PROGRAMMES, by)
    measured = [row for row in report.rows if row.is_measured]
    for name in COUNTED:
        assert sum(getattr(row.counts, name) for row in measured or report.rows) == getattr(
            report.total, name
        )
    counted = [
        site
        for site in sites
        if site.programme == "p" and (by is not Grouping.KIND or site.kind == "factory")
    ]
    assert report.total.named == len(counted if by.has_promises else sites)
    assert sum(row.counts.named for row in report.rows) == len(sites)
    assert sum(row.counts.started for row in report.rows) == sum(site.state.started for site in sites)
    promised = [row.counts.promised for row in report.rows if row.counts.promised is not None]
    assert report.total.promised == (sum(promised) if by.has_promises else None)
    assert not by.has_promises or report.total.promised == 100


@given(SITES)
def test_every_grouping_counts_the_same_sites(sites: list[Site]) -> None:
    for name in COUNTED:
        sums = {
            sum(getattr(row.counts, name) for row in count_progress(sites, PROGRAMMES, by).rows)
            for by in Grouping
        }
        assert len(sums) == 1


@given(SITES, st.sampled_from(Grouping))
def test_no_two_rows_are_for_the_same_group_and_what_has_a_number_comes_first(
    sites: list[Site], by: Grouping
) -> None:
    rows = [(row.is_measured, row.id, row.year) for row in count_progress(sites, PROGRAMMES, by).rows]
    assert len(rows) == len(set(rows))
    order = [(not is_measured, id_ is None) for is_measured, id_, _ in rows]
    assert order == sorted(order)


def test_a_programme_without_quotas_or_sites_still_has_a_row() -> None:
    report = count_progress([], PROGRAMMES, Grouping.PROGRAMME)
    assert [(row.id, row.counts) for row in report.rows] == [("p", Counts(promised=100)), ("q", Counts())]


def test_rows_by_status_are_in_the_order_of_the_statuses() -> None:
    sites = [
        Site(id=str(n), name="S", kind="k", state=State(status=status))
        for n, status in enumerate([None, *reversed(Status)])
    ]
    rows = count_progress(sites, [], Grouping.STATUS).rows
    assert [row.id for row in rows] == [*Status, None]


@pytest.mark.parametrize(
    ("status", "complete"),
    [
        (Status.BUILDING, 0),
        (Status.COMPLETED, 1),
        (Status.OPERATING, 1),
        (Status.IDLE, 1),
        (Status.PAUSED, 0),
    ],
)
def test_a_site_counts_as_complete_if_its_status_is_open(status: Status, complete: int) -> None:
    site = Site(id="x", name="X", kind="k", state=State(claimed=status, verified=status))
    total = count_progress([site], [], Grouping.KIND).total
    assert (total.complete_claimed, total.complete_verified, total.complete_latest) == (complete, complete, 0)


def test_a_yearly_quota_ends_with_its_last_year() -> None:
    promised = promise((2023, 2024, 2025, 2026), quota(20, first=2024, last=2025))
    assert promised == {("factory", 2024): 20, ("factory", 2025): 20}


def test_the_date_of_the_announcement_decides_not_the_order_of_the_quotas() -> None:
    older, newer = quota(20, first=2024, announced="2024-01-15"), quota(30, first=2024, announced="2024-08")
    for quotas in ((older, newer), (newer, older)):
        assert promise((2025,), *quotas) == {("factory", 2025): 30}
    undated = quota(9, first=2024)
    assert promise((2025,), quota(20, first=2001, announced="2001"), undated) == {("factory", 2025): 20}


def test_an_announcement_dated_by_year_counts_from_the_end_of_that_year() -> None:
    quotas = (quota(30, first=2024, announced="2024"), quota(20, first=2024, announced="2024-08"))
    for ordered in (quotas, quotas[::-1]):
        assert promise((2025,), *ordered) == {("factory", 2025): 30}


def test_a_total_of_one_kind_is_not_used_up_by_another_kind() -> None:
    quotas = (
        quota(20, first=2024, kind="hospital", announced="2024"),
        quota(20, first=2024, announced="2025"),
        quota(200, "total", announced="2025"),
    )
    assert promise((2024,), *quotas) == {
        ("hospital", 2024): 20,
        ("factory", 2024): 20,
        ("factory", None): 180,
    }


def test_a_later_quota_for_some_years_leaves_the_others_unchanged() -> None:
    quotas = (quota(20, first=2024, announced="2024"), quota(30, first=2025, last=2025, announced="2025"))
    assert promise((2024, 2025, 2026), *quotas) == {
        ("factory", 2024): 20,
        ("factory", 2025): 30,
        ("factory", 2026): 20,
    }


def test_the_later_of_two_totals_applies() -> None:
    quotas = (quota(500, "total", announced="2025"), quota(200, "total", announced="2024"))
    assert promise((), *quotas) == {("factory", None): 500}


def test_a_total_that_years_use_up_or_exceed_leaves_nothing() -> None:
    for total in (20, 19, 1):
        assert promise((2024,), quota(20, first=2024), quota(total, "total")) == {("factory", 2024): 20}
    assert promise((2024,), quota(20, first=2024), quota(21, "total"))["factory", None] == 1


def test_a_cohorts_own_quota_is_subtracted_from_the_total() -> None:
    for per in ("year", "total"):
        quotas = (quota(200, "total"), quota(20, first=2024), quota(3, per, cohort_year=2025))
        assert promise((2024, 2025), *quotas) == {
            ("factory", 2024): 20,
            ("factory", 2025): 3,
            ("factory", None): 177,
        }


def test_a_later_quota_applies_to_years_without_a_cohort_too() -> None:
    quotas = (
        quota(20, first=2024, last=2027, announced="2024"),
        quota(30, first=2026, last=2026, announced="2025"),
    )
    assert promise((2024,), *quotas) == {
        ("factory", 2024): 20,
        ("factory", 2025): 20,
        ("factory", 2026): 30,
        ("factory", 2027): 20,
    }


QUOTAS = st.builds(
    quota,
    st.integers(1, 40),
    st.sampled_from(["year", "total"]),
    first=st.sampled_from([None, 2024, 2025]),
    last=st.sampled_from([None, 2025, 2027]),
    announced=st.sampled_from([None, "2024-01-15", "2024", "2025"]),
    cohort_year=st.sampled_from([None, None, 2024, 2025]),
    beside=st.sampled_from([None, True]),
    kind=st.sampled_from(["factory", "hospital"]),
)
YEARS = st.sampled_from([(), (2024,), (2024, 2025), (2025, 2026)])
SOME_PROGRAMMES = st.tuples(
    *(
        st.builds(
            Programme,
            id=st.just(id_),
            name=st.just(f"Programme {id_}"),
            kind=st.sampled_from(["factory", "hospital"]),
            years=YEARS,
            quotas=st.lists(QUOTAS, max_size=4).map(tuple),
            begun=st.sampled_from([None, 2025]),
        )
        for id_ in ("p", "q")
    )
).map(list)


@given(YEARS, st.lists(QUOTAS, max_size=5))
def test_promises_by_year_have_only_promised_years_and_kinds(
    years: tuple[int, ...], quotas: list[DatedQuota]
) -> None:
    promised = promise(years, *quotas)
    of_cohorts = {dated.cohort_year for dated in quotas}
    bounded = {
        year
        for dated in quotas
        if dated.quota.first_year and dated.quota.last_year
        for year in range(dated.quota.first_year, dated.quota.last_year + 1)
    }
    assert {year for _, year in promised} <= {None, *years, *of_cohorts, *bounded}
    assert {kind for kind, _ in promised} <= {dated.quota.kind for dated in quotas}
    assert all(number > 0 for number in promised.values())


@given(YEARS, st.lists(QUOTAS, max_size=5, unique_by=lambda dated: dated.announced), st.randoms())
def test_the_order_in_which_quotas_are_read_never_changes_a_promise(
    years: tuple[int, ...], quotas: list[DatedQuota], random: object
) -> None:
    shuffled = list(quotas)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    # An end of 2024 and a day in it are different days, so no two of these are announced together.
    assert promise(years, *shuffled) == promise(years, *quotas)


@given(YEARS, st.lists(QUOTAS, max_size=5), st.integers(1, 300))
def test_the_sum_promised_is_the_total_or_that_of_the_years_if_it_is_more(
    years: tuple[int, ...], quotas: list[DatedQuota], total: int
) -> None:
    """Of all years; what is beside it comes on top."""
    quotas = [dated._replace(quota=dated.quota._replace(kind="factory", beside=None)) for dated in quotas]
    promised = promise(years, *quotas, quota(total, "total", announced="2026"))
    said = sum(number for (_, year), number in promised.items() if year is not None)
    assert sum(promised.values()) == max(total, said)


@given(SITES, SOME_PROGRAMMES, st.sampled_from(Grouping))
def test_the_rows_add_up_to_the_total_for_any_quotas(
    sites: list[Site], programmes: list[Programme], by: Grouping
) -> None:
    report = count_progress(sites, programmes, by)
    measured = [row for row in report.rows if row.is_measured]
    for name in COUNTED:
        assert sum(getattr(row.counts, name) for row in measured or report.rows) == getattr(
            report.total, name
        )
    told = [row.counts.promised for row in report.rows if row.counts.promised is not None]
    assert report.total.promised == (sum(told) if told else None)
    assert all(row.is_measured for row in report.rows if row.counts.promised is not None)
    assert sum(row.counts.named for row in report.rows) == len(sites)


@given(SITES, SOME_PROGRAMMES)
def test_every_grouping_with_promises_has_all_of_them(sites: list[Site], programmes: list[Programme]) -> None:
    numbers = [number for one in programmes for number in promise_by_year(one).values()]
    for by in Grouping:
        total = count_progress(sites, programmes, by).total
        assert total.promised == (sum(numbers) if numbers and by.has_promises else None)


def key_of(site: Site, by: Grouping) -> tuple[str | None, int | None]:
    match by:
        case Grouping.PROGRAMME_AND_YEAR:
            return site.programme, site.year
        case Grouping.PROGRAMME:
            return site.programme, None
        case Grouping.YEAR:
            return (str(site.year), site.year) if site.year else (None, None)
        case Grouping.KIND:
            return site.kind, None
        case Grouping.REGION:
            return site.region, None
        case Grouping.STATUS:
            return site.state.status, None


@given(SITES, SOME_PROGRAMMES, st.sampled_from(Grouping))
def test_every_site_is_counted_in_exactly_the_row_that_it_belongs_to(
    sites: list[Site], programmes: list[Programme], by: Grouping
) -> None:
    rows = count_progress(sites, programmes, by).rows
    named: Counter[tuple[str | None, int | None]] = Counter()
    for row in rows:
        named[row.id, row.year] += row.counts.named
    belonging = Counter(key_of(site, by) for site in sites)
    assert {key: number for key, number in named.items() if number} == dict(belonging)


@given(SITES, SOME_PROGRAMMES, st.sampled_from(Grouping))
def test_the_order_of_sites_never_changes_a_report(
    sites: list[Site], programmes: list[Programme], by: Grouping
) -> None:
    named = [site._replace(programme_name=site.programme and f"Programme {site.programme}") for site in sites]
    assert count_progress(reversed(named), programmes, by) == count_progress(named, programmes, by)


@given(SITES, st.sampled_from(Grouping))
def test_rows_are_sorted_by_id_then_year_and_those_without_come_last(sites: list[Site], by: Grouping) -> None:
    every = count_progress(sites, PROGRAMMES, by).rows
    for is_measured in (True, False):
        rows = [row for row in every if row.is_measured is is_measured]
        ids = [row.id for row in rows if row.id is not None]
        places = [Status(id_).rank for id_ in ids] if by is Grouping.STATUS else ids
        assert places == sorted(places)
        assert all(row.id is None for row in rows[len(ids) :])
        for one, after in pairwise(rows):
            if one.id == after.id:
                assert one.year is not None
                assert after.year is None or one.year < after.year


def test_without_a_quota_there_are_no_other_years_once_all_sites_have_a_year() -> None:
    programme = Programme(id="q", name="Q", kind="hospital", years=(2025,))
    site = Site(id="s", name="S", kind="hospital", programme="q", programme_name="Q", year=2025)
    rows = count_progress([site], [programme], Grouping.PROGRAMME_AND_YEAR).rows
    assert [(row.name, row.year, row.counts) for row in rows] == [("Q", 2025, Counts(named=1))]


def test_a_programme_without_quotas_promises_nothing_in_every_grouping() -> None:
    programme = Programme(id="q", name="Q", kind="hospital")
    for by in Grouping:
        report = count_progress([], [programme], by)
        assert report.total == Counts()
        # A year has no row if nothing was promised for it and no site belongs to it.
        has_row = by.has_promises and by is not Grouping.YEAR
        assert [row.counts for row in report.rows] == ([Counts()] if has_row else [])


def test_the_row_of_other_years_has_a_name_of_its_own() -> None:
    programme = Programme(
        id="p", name="P", kind="factory", years=(2024,), quotas=(quota(20, first=2024), quota(200, "total"))
    )
    rows = count_progress([], [programme], Grouping.PROGRAMME_AND_YEAR).rows
    assert [(row.name, row.year, row.counts.promised) for row in rows] == [
        ("P", 2024, 20),
        ("P, other years", None, 180),
    ]
    rows = count_progress([], [programme], Grouping.YEAR).rows
    assert [(row.name, row.year, row.counts.promised) for row in rows] == [
        ("2024", 2024, 20),
        ("other years", None, 180),
    ]


def test_sites_without_programme_place_year_or_status_have_a_row_that_says_so() -> None:
    site = Site(id="s", name="S", kind="canal")
    lacking = {
        by: [(row.id, row.name) for row in count_progress([site], [], by).rows]
        for by in Grouping
        if by is not Grouping.KIND
    }
    assert lacking == {
        Grouping.PROGRAMME_AND_YEAR: [(None, "no programme")],
        Grouping.PROGRAMME: [(None, "no programme")],
        Grouping.YEAR: [(None, "no year")],
        Grouping.REGION: [(None, "no region")],
        Grouping.STATUS: [(None, "no status")],
    }


@pytest.mark.parametrize("status", Status)
def test_each_number_counts_one_kind_of_evidence_alone(status: Status) -> None:
    """One of claimed, verified and latest is this status, the others are `announced`."""
    is_complete = status in {Status.COMPLETED, Status.OPERATING, Status.IDLE, Status.CLOSED}
    other = State(status=Status.ANNOUNCED, claimed=Status.ANNOUNCED, verified=Status.ANNOUNCED)
    for axis, state in (
        ("claimed", other._replace(claimed=status)),
        ("verified", other._replace(verified=status)),
        ("latest", other._replace(status=status)),
    ):
        site = Site(id="x", name="X", kind="k", state=state)
        expected = dict.fromkeys(COUNTED, 0) | {"named": 1}
        expected |= {f"complete_{axis}": int(is_complete), f"in_use_{axis}": int(status is Status.OPERATING)}
        total = count_progress([site], [], Grouping.KIND).total
        assert total._asdict() == {"promised": None, **expected}


def test_a_site_idle_by_observation_and_in_use_by_claim_is_verified_complete_and_not_in_use() -> None:
    """Five claimed, of which one was seen idle and one in use: 5 claimed, 1 verified, 4 by the latest."""
    claimed = State(status=Status.OPERATING, claimed=Status.OPERATING, started=True)
    seen = claimed._replace(verified=Status.OPERATING, started_seen=True)
    idle = claimed._replace(status=Status.IDLE, verified=Status.IDLE, started_seen=True)
    sites = [
        Site(str(number), "S", "k", state=state)
        for number, state in enumerate([claimed, claimed, claimed, seen, idle])
    ]
    assert count_progress(sites, [], Grouping.KIND).total == Counts(None, 5, 5, 2, 5, 2, 5, 5, 1, 4)


def test_a_table_shows_the_latest_evidence_only_where_it_counts_another_number_than_claimed() -> None:
    claimed = State(status=Status.OPERATING, claimed=Status.OPERATING)
    seen = State(status=Status.COMPLETED, verified=Status.COMPLETED)
    for state, shown in ((claimed, []), (seen, ["complete_latest"])):
        report = make_report(([Tally(1, "k", state=state)], []), Question(Moment(date(2026, 11, 26))))
        assert report.screen is not None
        keys = [column.key for column in report.screen.columns]
        assert [key for key in keys if key.endswith("_latest")] == shown
        assert {"complete_latest", "in_use_latest"} <= {column.key for column in report.grid.columns}


def test_what_was_promised_without_a_number_is_told_from_what_was_not_promised() -> None:
    """P promised 20 for 2024 alone; Q promised something; a site of no programme was not promised."""
    programmes = [
        Programme("p", "P", "factory", (2024, 2025), (quota(20, cohort_year=2024),)),
        Programme("q", "Q", "hospital"),
    ]
    sites = [
        Site("a", "A", "factory", programme="p", programme_name="P", year=2024),
        Site("b", "B", "factory", programme="p", programme_name="P", year=2025),
        Site("c", "C", "factory"),
    ]
    progress = count_progress(sites, programmes, Grouping.PROGRAMME_AND_YEAR)
    assert [(row.id, row.year, row.promised_as, row.counts.named) for row in progress.rows] == [
        ("p", 2024, "number", 1),
        ("p", 2025, "no number", 1),
        ("q", None, "no number", 0),
        (None, None, "none", 1),
    ]
    assert progress.total == Counts(promised=20, named=1)
    tallies = [Tally(1, site.kind, site.programme, site.programme_name, year=site.year) for site in sites]
    report = make_report((tallies, programmes), Question(Moment(date(2026, 11, 26))))
    assert report.screen is not None
    assert report.screen.total is not None
    assert [row[:4] for row in (*report.screen.rows, report.screen.total, *report.screen.below)] == [
        ("P", 2024, 20, 1),
        ("With a number", None, 20, 1),
        ("P", 2025, "no number", 1),
        ("Q", None, "no number", 0),
        ("no programme", None, "none", 1),
    ]


def test_sites_of_a_number_in_all_are_in_the_total_whatever_their_year() -> None:
    """260 by 2020: the sites of 2018 belong to them, those of 2022 do not."""
    programme = Programme("p", "P", "factory", (2018, 2022), (quota(260, "total", last=2020),))
    sites = [
        Site(str(year), "S", "factory", programme="p", programme_name="P", year=year) for year in (2018, 2022)
    ]
    progress = count_progress(sites, [programme], Grouping.PROGRAMME_AND_YEAR)
    assert [(row.name, row.year, row.promised_as, row.counts.promised) for row in progress.rows] == [
        ("P", 2018, "in all", None),
        ("P, other years", None, "number", 260),
        ("P", 2022, "no number", None),
    ]
    assert progress.total == Counts(promised=260, named=1)


@pytest.mark.parametrize(
    "by", [Grouping.KIND, Grouping.YEAR, Grouping.PROGRAMME, Grouping.PROGRAMME_AND_YEAR]
)
def test_a_number_within_anothers_is_in_the_sum_once(by: Grouping) -> None:
    """5 and 58 of the 260 are promised by other programmes: 260, not 323."""
    outer = Programme("o", "Outer", "factory", (), (quota(260, "total"),))
    parts = [
        Programme(id_, id_.upper(), "factory", (), (quota(number, "total", within="o"),))
        for id_, number in (("a", 5), ("b", 58))
    ]
    assert count_progress([], [outer, *parts], by).total.promised == 260
    assert count_progress([], parts, by).total.promised == 63


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Plants, 2024", "Plants"),
        ("Plants of 2024", "Plants"),
        ("2024", "Plants"),
        ("First wave", "Plants, First wave"),
        ("The great year 2024", "Plants, The great year 2024"),
    ],
)
def test_the_name_of_a_cohort_is_shown_if_it_says_more_than_its_year(name: str, shown: str) -> None:
    programme = Programme("p", "Plants", "factory", (2024,), cohorts=(Cohort("c", name, 2024),))
    site = Site("s", "S", "factory", programme="p", programme_name="Plants", cohort="c", year=2024)
    (row,) = count_progress([site], [programme], Grouping.PROGRAMME_AND_YEAR).rows
    assert (row.name, row.year, row.cohort) == (shown, 2024, "c")


def _make_crowd(way: str) -> Programme:
    """Make a programme of 2,000 cohorts, half of them waves, and 1,000 quotas of one sort."""
    years = tuple(range(1000, 2000))
    cohorts = tuple(Cohort(f"y{year}", str(year), year) for year in years)
    waves = tuple(Cohort(f"w{number}", f"Wave {number}") for number in range(1000))
    make: dict[str, Callable[[int], DatedQuota]] = {
        "open": lambda at: quota(at + 1, first=1000 + at),
        "bounded": lambda at: quota(at + 1, first=1000 + at // 2, last=2000 + at),
        "in all": lambda at: quota(9000, "total", first=1000 + at, last=1000 + at),
        "replaced": lambda at: quota(at + 1, "total"),
        "of a year": lambda at: quota(at + 1, "total", cohort_year=1000 + at, wave=f"y{1000 + at}"),
        "of a wave": lambda at: quota(at + 1, "total", wave=f"w{at}"),
        "of one wave": lambda at: quota(at + 1, first=1000 + at, wave="w1"),
    }
    quotas = tuple(make[way](at) for at in range(1000))
    return Programme("p", "P", "factory", years, quotas, None, 2026, (*cohorts, *waves))


@pytest.mark.parametrize(
    "way", ["open", "bounded", "in all", "replaced", "of a year", "of a wave", "of one wave"]
)
def test_many_cohorts_and_quotas_take_no_time_that_grows_with_their_product(way: str) -> None:
    programme = _make_crowd(way)
    sites = [
        Site(one.id, "S", "factory", programme="p", programme_name="P", cohort=one.id, year=one.year)
        for one in programme.cohorts
    ]
    started = time.process_time()
    progress = count_progress(sites, [programme], Grouping.PROGRAMME_AND_YEAR)
    assert time.process_time() - started < 1
    assert sum(row.counts.named for row in progress.rows) == 2000
