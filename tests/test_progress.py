"""Counting sites against promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkplan.model.promise import DatedQuota, Programme, Quota
from nkplan.model.state import Site, State
from nkplan.model.vocabulary import QuotaPeriod, Status
from nkplan.report.progress import Counts, Grouping, promise_by_year, report_progress

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


def test_a_yearly_number_holds_for_each_year_that_it_covers() -> None:
    assert promise((2023, 2024, 2025), quota(20, first=2024)) == {
        ("factory", 2024): 20,
        ("factory", 2025): 20,
    }


def test_a_total_leaves_its_rest_to_other_years() -> None:
    promised = promise((2024,), quota(20, first=2024), quota(200, "total"))
    assert promised == {("factory", 2024): 20, ("factory", None): 180}


def test_a_total_that_is_used_up_leaves_nothing() -> None:
    assert promise((2024, 2025), quota(20), quota(30, "total")) == {
        ("factory", 2024): 20,
        ("factory", 2025): 20,
    }


def test_a_later_quota_replaces_an_earlier_one_for_its_years_alone() -> None:
    quotas = (quota(30, first=2025, announced="2024-08"), quota(20, first=2024, announced="2024-01-15"))
    assert promise((2024, 2025), *quotas) == {("factory", 2024): 20, ("factory", 2025): 30}


def test_a_cohorts_own_number_comes_before_the_programmes() -> None:
    quotas = (quota(3, cohort_year=2025), quota(20, announced="2026"))
    assert promise((2025, 2026), *quotas) == {("factory", 2025): 3, ("factory", 2026): 20}


def test_years_that_are_promised_but_have_no_cohort_are_other_years() -> None:
    assert promise((2024,), quota(20, first=2024, last=2026)) == {
        ("factory", 2024): 20,
        ("factory", None): 40,
    }


def test_kinds_are_promised_apart_and_no_number_is_none() -> None:
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
        id=st.uuids().map(str),
        name=st.just("S"),
        kind=st.sampled_from(["factory", "hospital", "canal"]),
        province=st.sampled_from([None, "KP-01", "KP-02"]),
        province_name=st.just("Somewhere"),
        programme=st.sampled_from([None, "p", "q"]),
        programme_name=st.just("P"),
        year=st.sampled_from([None, 2024, 2025, 2026]),
        state=STATES,
    ),
    max_size=30,
)


@given(SITES, st.sampled_from(Grouping))
def test_the_rows_add_up_to_the_total_and_the_total_to_the_sites(sites: list[Site], by: Grouping) -> None:
    report = report_progress(sites, PROGRAMMES, by)
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
    totals = [report_progress(sites, PROGRAMMES, by).total for by in Grouping]
    for name in COUNTED:
        assert len({getattr(total, name) for total in totals}) == 1


@given(SITES, st.sampled_from(Grouping))
def test_no_two_rows_stand_for_the_same(sites: list[Site], by: Grouping) -> None:
    rows = [(row.id, row.year) for row in report_progress(sites, PROGRAMMES, by).rows]
    assert len(rows) == len(set(rows))
    without_id = [id_ is None for id_, _ in rows]
    assert without_id == sorted(without_id)


def test_a_programme_without_number_and_sites_has_a_row_that_says_so() -> None:
    report = report_progress([], PROGRAMMES, Grouping.PROGRAMME)
    assert [(row.id, row.counts) for row in report.rows] == [("p", Counts(promised=100)), ("q", Counts())]


def test_statuses_stand_in_their_own_order() -> None:
    sites = [
        Site(id=str(n), name="S", kind="k", state=State(status=status))
        for n, status in enumerate([None, *reversed(Status)])
    ]
    rows = report_progress(sites, [], Grouping.STATUS).rows
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
def test_what_has_opened_counts_as_complete(status: Status, complete: int) -> None:
    site = Site(id="x", name="X", kind="k", state=State(claimed=status, verified=status))
    total = report_progress([site], [], Grouping.KIND).total
    assert (total.claimed_complete, total.verified_complete) == (complete, complete)
