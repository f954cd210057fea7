"""Counting sites against promises."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkplan.model.promise import DatedQuota, Programme, Quota
from nkplan.model.question import Grouping
from nkplan.model.state import Site, State
from nkplan.model.vocabulary import QuotaPeriod, Status
from nkplan.reports.counting import Counts
from nkplan.reports.progress import count_progress, promise_by_year

COUNTED = ("named", "started", "claimed_complete", "verified_complete", "operating")


def quota(
    quantity: int,
    per: str = "year",
    *,
    first: int | None = None,
    last: int | None = None,
    announced: str | None = None,
    cohort_year: int | None = None,
    kind: str = "factory",
) -> DatedQuota:
    made = Quota(
        project="p", kind=kind, quantity=quantity, per=QuotaPeriod(per), first_year=first, last_year=last
    )
    return DatedQuota(quota=made, announced=announced, cohort_year=cohort_year)


def promise(years: tuple[int, ...], *quotas: DatedQuota) -> dict[tuple[str, int | None], int]:
    return promise_by_year(Programme(id="p", name="P", kind="factory", years=years, quotas=quotas))


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
    assert promise((2024, 2025), quota(20), quota(30, "total")) == {
        ("factory", 2024): 20,
        ("factory", 2025): 20,
    }


def test_a_later_quota_replaces_an_earlier_one_for_its_own_years_only() -> None:
    quotas = (quota(30, first=2025, announced="2024-08"), quota(20, first=2024, announced="2024-01-15"))
    assert promise((2024, 2025), *quotas) == {("factory", 2024): 20, ("factory", 2025): 30}


def test_a_cohorts_own_quota_replaces_that_of_its_programme() -> None:
    quotas = (quota(3, cohort_year=2025), quota(20, announced="2026"))
    assert promise((2025, 2026), *quotas) == {("factory", 2025): 3, ("factory", 2026): 20}


def test_promised_years_without_a_cohort_are_other_years() -> None:
    assert promise((2024,), quota(20, first=2024, last=2026)) == {
        ("factory", 2024): 20,
        ("factory", None): 40,
    }


def test_kinds_are_promised_separately_and_no_quota_promises_nothing() -> None:
    quotas = (quota(20), quota(5, kind="hospital", first=2025))
    promised = promise((2024, 2025), *quotas)
    assert promised == {("factory", 2024): 20, ("factory", 2025): 20, ("hospital", 2025): 5}
    assert promise((2024,)) == {}


STATUSES = st.none() | st.sampled_from(Status)
STATES = st.builds(State, status=STATUSES, claimed=STATUSES, verified=STATUSES, started=st.booleans())
PROGRAMMES = [
    Programme(id="p", name="P", kind="factory", years=(2024, 2025), quotas=(quota(20), quota(100, "total"))),
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
def test_the_rows_add_up_to_the_total_and_the_total_counts_every_site(
    sites: list[Site], by: Grouping
) -> None:
    report = count_progress(sites, PROGRAMMES, by)
    for name in COUNTED:
        assert sum(getattr(row.counts, name) for row in report.rows) == getattr(report.total, name)
    assert report.total.named == len(sites)
    assert report.total.started == sum(site.state.started for site in sites)
    assert report.total.operating == sum(site.state.status is Status.OPERATING for site in sites)
    promised = [row.counts.promised for row in report.rows if row.counts.promised is not None]
    assert report.total.promised == (sum(promised) if by.has_promises else None)
    assert not by.has_promises or report.total.promised == 100


@given(SITES)
def test_every_grouping_counts_the_same_sites(sites: list[Site]) -> None:
    totals = [count_progress(sites, PROGRAMMES, by).total for by in Grouping]
    for name in COUNTED:
        assert len({getattr(total, name) for total in totals}) == 1


@given(SITES, st.sampled_from(Grouping))
def test_no_two_rows_are_for_the_same_group(sites: list[Site], by: Grouping) -> None:
    rows = [(row.id, row.year) for row in count_progress(sites, PROGRAMMES, by).rows]
    assert len(rows) == len(set(rows))
    without_id = [id_ is None for id_, _ in rows]
    assert without_id == sorted(without_id)


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
    assert (total.claimed_complete, total.verified_complete) == (complete, complete)


def test_a_yearly_quota_ends_with_its_last_year() -> None:
    promised = promise((2023, 2024, 2025, 2026), quota(20, first=2024, last=2025))
    assert promised == {("factory", 2024): 20, ("factory", 2025): 20}


def test_the_date_of_the_announcement_decides_not_the_order_of_the_quotas() -> None:
    older, newer = quota(20, announced="2024-01-15"), quota(30, announced="2024-08")
    for quotas in ((older, newer), (newer, older)):
        assert promise((2025,), *quotas) == {("factory", 2025): 30}
    assert promise((2025,), quota(20, announced="2001"), quota(9)) == {("factory", 2025): 20}


def test_an_announcement_dated_by_year_counts_from_the_end_of_that_year() -> None:
    quotas = (quota(30, announced="2024"), quota(20, announced="2024-08"))
    for ordered in (quotas, quotas[::-1]):
        assert promise((2025,), *ordered) == {("factory", 2025): 30}


def test_a_total_of_one_kind_is_not_used_up_by_another_kind() -> None:
    quotas = (
        quota(20, kind="hospital", announced="2024"),
        quota(20, announced="2025"),
        quota(200, "total", announced="2025"),
    )
    assert promise((2024,), *quotas) == {
        ("hospital", 2024): 20,
        ("factory", 2024): 20,
        ("factory", None): 180,
    }


def test_a_later_quota_for_some_years_leaves_the_others_unchanged() -> None:
    quotas = (quota(20, announced="2024"), quota(30, first=2025, last=2025, announced="2025"))
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
        assert promise((2024,), quota(20), quota(total, "total")) == {("factory", 2024): 20}
    assert promise((2024,), quota(20), quota(21, "total"))["factory", None] == 1


def test_a_cohorts_own_quota_is_subtracted_from_the_total() -> None:
    for per in ("year", "total"):
        quotas = (quota(200, "total"), quota(20), quota(3, per, cohort_year=2025))
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
    assert promise((2024,), *quotas) == {("factory", 2024): 20, ("factory", None): 20 + 30 + 20}


QUOTAS = st.builds(
    quota,
    st.integers(1, 40),
    st.sampled_from(["year", "total"]),
    first=st.sampled_from([None, 2024, 2025]),
    last=st.sampled_from([None, 2025, 2027]),
    announced=st.sampled_from([None, "2024-01-15", "2024", "2025"]),
    cohort_year=st.sampled_from([None, None, 2024, 2025]),
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
        )
        for id_ in ("p", "q")
    )
).map(list)


@given(YEARS, st.lists(QUOTAS, max_size=5))
def test_promises_by_year_have_only_cohort_years_and_promised_kinds(
    years: tuple[int, ...], quotas: list[DatedQuota]
) -> None:
    promised = promise(years, *quotas)
    assert {year for _, year in promised} <= {None, *years}
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
    quotas = [dated._replace(quota=dated.quota._replace(kind="factory")) for dated in quotas]
    promised = promise(years, *quotas, quota(total, "total", announced="2026"))
    said = sum(number for (_, year), number in promised.items() if year is not None)
    assert sum(promised.values()) == max(total, said)


@given(SITES, SOME_PROGRAMMES, st.sampled_from(Grouping))
def test_the_rows_add_up_to_the_total_for_any_quotas(
    sites: list[Site], programmes: list[Programme], by: Grouping
) -> None:
    report = count_progress(sites, programmes, by)
    for name in COUNTED:
        assert sum(getattr(row.counts, name) for row in report.rows) == getattr(report.total, name)
    told = [row.counts.promised for row in report.rows if row.counts.promised is not None]
    assert report.total.promised == (sum(told) if told else None)
    assert report.total.named == len(sites)


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
    named = {(row.id, row.year): row.counts.named for row in rows}
    assert len(named) == len(rows)
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
    rows = count_progress(sites, PROGRAMMES, by).rows
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
        id="p", name="P", kind="factory", years=(2024,), quotas=(quota(20), quota(200, "total"))
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
def test_a_site_counts_as_operating_only_if_it_is_in_use_now(status: Status) -> None:
    site = Site(id="x", name="X", kind="k", state=State(status=status, claimed=Status.OPERATING))
    assert count_progress([site], [], Grouping.KIND).total.operating == int(status is Status.OPERATING)
