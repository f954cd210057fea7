"""What the reports make of facts: examples worked out by hand, and properties that always hold."""

import re
import shutil
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from inspect import signature
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from program import read_ids, run, run_json, show
from promised_numbers import promise_by_year
from records import date_quota, load, make_site

from nkplan.contradictions import Claim, Contradiction
from nkplan.dates import Event, parse_date
from nkplan.layout.report import Report
from nkplan.model.batch import Batch, Project, Update
from nkplan.model.moment import Moment
from nkplan.model.promise import Cancelled, DatedQuota, Programme, Quota
from nkplan.model.question import Question
from nkplan.model.state import Site, State
from nkplan.model.vocabulary import Evidence, ProjectType, QuotaPeriod, Status
from nkplan.reports import coverage as coverage_view
from nkplan.reports import durations as durations_view
from nkplan.reports import missing as missing_view
from nkplan.reports import pace as pace_view
from nkplan.reports import slips as slips_view
from nkplan.reports.conflicts import NamedSite, find_conflicts
from nkplan.reports.counted import Mismatch
from nkplan.reports.coverage import Area, Coverage, SiteCount, measure_coverage
from nkplan.reports.durations import Duration, Span, measure_durations
from nkplan.reports.missing import Facts as MissingFacts
from nkplan.reports.missing import Shortfall, find_missing
from nkplan.reports.next import rank_sites
from nkplan.reports.pace import FEWEST, Facts, Opening, Pace, measure_pace
from nkplan.reports.promised import spread
from nkplan.reports.slips import PromisedDate, Slip, find_slips, is_slip
from nkplan.reports.views import VIEWS
from nkplan.store.create import create_database
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder

TODAY = date(2026, 11, 24)
QUESTION = Question(Moment(TODAY))


def promise(
    quantity: int, per: str = "year", kind: str = "factory", *, cohort_year: int | None = None, **more: object
) -> DatedQuota:
    """Make a quota of the programme `p`, announced on the first day of 2024 unless stated otherwise."""
    announced = more.pop("announced", "2024-01-01")
    quota = Quota(project="p", kind=kind, quantity=quantity, per=QuotaPeriod(per), **more)  # type: ignore[arg-type]
    return date_quota(quota, announced, cohort_year)  # type: ignore[arg-type]


def programme(
    *quotas: DatedQuota, years: tuple[int, ...] = (), only_years: tuple[int, ...] | None = None
) -> Programme:
    return Programme("p", "P", "factory", years, quotas, only_years)


def open_each_month(number: int, first: date) -> list[Opening]:
    """Open a site every thirty days, starting on the day given."""
    return [Opening(first + timedelta(days=30 * at), 1) for at in range(number)]


def measure(
    one: Programme, *openings: Opening, day: date = TODAY, cancelled: Cancelled | None = None
) -> Pace:
    facts = Facts([one], {("p", "factory"): openings}, {} if cancelled is None else {"p": cancelled})
    (pace,) = measure_pace(facts, day)
    return pace


def explain_pace(one: Programme, *openings: Opening) -> str:
    """Return the first note of the report."""
    return pace_view.make_report(Facts([one], {("p", "factory"): openings}), QUESTION).notes[0]


# Pace


def test_a_year_is_measured_against_what_was_promised_for_it() -> None:
    one = programme(promise(20, first_year=2024), promise(5, cohort_year=2025), years=(2024, 2025))
    pace = measure(one, Opening(date(2024, 5, 1), 3, 1), Opening(date(2026, 1, 1), 30))
    told = [(row.year, row.promised, row.completed, row.verified) for row in pace.rows]
    assert told == [(2024, 20, 3, 1), (2025, 5, 0, 0), (2026, 20, 30, 0)]
    so_far = [(row.due_so_far, row.completed_so_far, row.behind) for row in pace.rows]
    assert so_far == [(20, 3, 17), (25, 3, 22), (25, 33, -8)]  # 2026 has not ended.
    assert pace.forecast.refused == "no number in all was promised"


def test_a_number_a_year_without_a_first_year_adds_to_no_year() -> None:
    pace = measure(programme(promise(20), years=(2025,)), Opening(date(2024, 5, 1), 1))
    told = [(row.year, row.promised, row.due_so_far) for row in pace.rows]
    assert told == [(2024, None, 0), (2025, None, 0), (2026, None, 0)]


def test_a_programme_that_begins_later_already_has_a_row() -> None:
    (row,) = measure(programme(promise(20, first_year=2030))).rows
    assert (row.year, row.promised, row.completed) == (2026, None, 0)


def test_each_kind_of_a_programme_is_measured_against_its_own_quota() -> None:
    one = programme(promise(20, first_year=2026), promise(3, kind="hospital", first_year=2026), years=(2026,))
    openings = {
        ("p", "factory"): [Opening(date(2026, 5, 1), 2)],
        ("p", "hospital"): [Opening(date(2026, 6, 1), 3)],
    }
    paces = measure_pace(Facts([one], openings), TODAY)
    told = [(row.kind, row.promised, row.completed) for pace in paces for row in pace.rows]
    assert told == [("factory", 20, 2), ("hospital", 3, 3)]
    report = pace_view.make_report(Facts([one], openings), QUESTION)
    assert report.screen is not None
    assert [row[0] for row in report.screen.rows] == ["p, factory", "p, hospital"]
    assert report.notes[0].startswith("p, factory is measured against")


def test_a_pace_runs_from_the_slowest_span_to_the_fastest() -> None:
    # 12 opened in the 1,058 days since the promise, all of them in the last 12 months: 4.14 and 12 a year.
    one = programme(promise(24, "total", first_year=2024))
    forecast = measure(one, Opening(date(2026, 1, 1), 12)).forecast
    assert (forecast.n, forecast.left, forecast.since) == (12, 12, date(2024, 1, 1))
    assert forecast.slowest == pytest.approx(12 / 1058 * 365.25)
    assert forecast.fastest == pytest.approx(12 / 365 * 365.25)
    assert forecast.earliest == TODAY + timedelta(days=365)
    assert forecast.latest == TODAY + timedelta(days=1058)


def test_a_pace_counts_only_openings_since_the_promise() -> None:
    one = programme(promise(50, "total", announced="2024-03-15"))
    before = Opening(date(2020, 5, 1), 30)
    forecast = measure(one, before, Opening(date(2025, 5, 1), FEWEST - 1)).forecast
    assert forecast.refused == "a pace needs 5 openings; on record since 2024-03-15: 4"
    forecast = measure(one, before, Opening(date(2025, 5, 1), FEWEST)).forecast
    assert (forecast.n, forecast.completed, forecast.left) == (5, 5, 45)
    assert forecast.earliest is not None


def test_a_pace_begins_on_the_day_by_which_a_promise_from_a_month_on_was_made() -> None:
    openings = [Opening(date(2025, 5, 1), FEWEST)]
    for announced in ("2024-03/..", "../2024-03"):
        forecast = measure(programme(promise(50, "total", announced=announced)), *openings).forecast
        assert (forecast.since, forecast.n, forecast.refused) == (date(2024, 3, 31), FEWEST, None)


def test_a_promise_is_a_year_old_on_its_anniversary() -> None:
    one = programme(promise(50, "total", announced="2025-01-15"))
    openings = open_each_month(8, date(2025, 2, 1))
    young = measure(one, *openings, day=date(2026, 1, 14)).forecast
    assert young.refused == "the promise is less than 12 months old"
    assert measure(one, *openings, day=date(2026, 1, 15)).forecast.refused is None


def test_an_end_beyond_the_calendar_is_described_in_words() -> None:
    never, opening = programme(promise(2**60, "total")), Opening(date(2025, 5, 1), 9)
    forecast = measure(never, opening).forecast
    assert forecast.earliest is forecast.latest is None
    assert explain_pace(never, opening).endswith("a year it would never finish")
    slow, opening = programme(promise(40_000, "total")), Opening(date(2026, 5, 1), 9)
    assert measure(slow, opening).forecast.earliest is not None
    assert explain_pace(slow, opening).endswith(", or never at the slowest")


def test_for_a_single_year_there_is_its_promise_and_no_forecast() -> None:
    one = programme(
        promise(20, first_year=2024), promise(200, "total"), years=(2024, 2025), only_years=(2025,)
    )
    pace = measure(one, Opening(date(2026, 1, 1), 7))
    assert [(row.year, row.promised) for row in pace.rows] == [(2024, None), (2025, 20), (2026, None)]
    assert pace.forecast.refused == "the sites of one year are asked for alone"


@pytest.mark.parametrize(
    ("quota", "openings", "refused"),
    [
        (promise(5, "total"), [Opening(date(2025, 5, 1), 5)], "all of it has opened"),
        (
            promise(50, "total", announced=None),
            [Opening(date(2025, 5, 1), 9)],
            "it is not known when the number was promised",
        ),
        # It is old enough, though its years have not begun.
        (promise(50, "total", first_year=2030), [], "a pace needs 5 openings; on record since 2024-01-01: 0"),
    ],
)
def test_a_forecast_without_a_basis_is_refused(
    quota: DatedQuota, openings: list[Opening], refused: str
) -> None:
    assert measure(programme(quota), *openings).forecast.refused == refused


YEARS = st.none() | st.integers(2020, 2028)
DAYS = st.dates(date(2019, 1, 1), date(2028, 12, 31))
OPENINGS = st.lists(
    st.builds(
        lambda day, number, before: Opening(
            day, number, 1, None if before is None else day - timedelta(before)
        ),
        DAYS,
        st.integers(1, 9),
        st.none() | st.integers(0, 800),
    ),
    max_size=8,
)


@st.composite
def make_quotas(draw: st.DrawFn) -> DatedQuota:
    first, last = draw(YEARS), draw(YEARS)
    if first and last and last < first:
        first, last = last, first
    return promise(
        draw(st.integers(1, 40)),
        draw(st.sampled_from(["year", "total"])),
        draw(st.sampled_from(["factory", "hospital"])),
        cohort_year=draw(YEARS),
        announced=draw(st.none() | st.sampled_from(["2019", "2024-Q2", "2024-02-29", "2025-12"])),
        first_year=first,
        last_year=last,
    )


@st.composite
def make_programmes(draw: st.DrawFn) -> Programme:
    quotas = draw(st.lists(make_quotas(), min_size=1, max_size=4))
    return programme(*quotas, years=tuple(sorted(draw(st.sets(st.integers(2020, 2028), max_size=4)))))


@given(make_programmes(), OPENINGS, DAYS)
def test_the_rows_of_a_pace_add_up(one: Programme, openings: list[Opening], day: date) -> None:
    opened = {("p", kind): openings for kind in ("factory", "hospital")}
    paces = measure_pace(Facts([one], opened), day)
    assert [pace.forecast.kind for pace in paces] == list(
        dict.fromkeys(dated.quota.kind for dated in sorted(one.quotas, key=_announced))
    )
    for pace in paces:
        years = [row.year for row in pace.rows]
        assert years == list(range(years[0], day.year + 1))
        due = completed = 0
        for row in pace.rows:
            completed += row.completed + row.year_unknown
            assert row.completed_so_far == completed
            # What is due grows when a year ends, by no less than its number.
            assert row.due_so_far is not None
            grown, due = row.due_so_far - due, row.due_so_far
            assert grown >= (row.promised or 0) if date(row.year, 12, 31) < day else grown == 0
        assert completed == sum(opening.number for opening in openings if opening.day.year <= day.year)


def _announced(dated: DatedQuota) -> date:
    return parse_date(dated.announced).end if dated.announced else date.min


@given(make_programmes(), OPENINGS, DAYS)
def test_a_forecast_has_a_basis_or_is_refused(one: Programme, openings: list[Opening], day: date) -> None:
    for pace in measure_pace(Facts([one], {("p", "factory"): openings}), day):
        forecast = pace.forecast
        if forecast.refused is not None:
            assert (forecast.slowest, forecast.fastest) == (None, None)
            assert (forecast.earliest, forecast.latest) == (None, None)
            continue
        assert forecast.n >= FEWEST
        assert forecast.slowest is not None
        assert forecast.fastest is not None
        assert forecast.earliest is not None
        assert forecast.slowest <= forecast.fastest
        assert day <= forecast.earliest <= (forecast.latest or date.max)
        pace_view.make_report(Facts([one], {("p", "factory"): openings}), Question(Moment(day)))


def test_nothing_of_a_year_is_due_before_it_has_ended() -> None:
    one = programme(promise(20, first_year=2025))
    for day, due in (
        (date(2025, 12, 31), [0]),
        (date(2026, 1, 2), [20, 20]),
        (date(2027, 1, 1), [20, 40, 40]),
    ):
        assert [row.due_so_far for row in measure(one, day=day).rows] == due


def test_a_number_in_all_is_due_when_its_last_year_has_ended() -> None:
    """10 by 2020, of which 4 were promised for 2019 and 2 for a cohort of 2018 beside them."""
    total = promise(10, "total", last_year=2020)
    of_2019 = promise(4, cohort_year=2019)
    beside = promise(2, cohort_year=2018, beside=True)
    one = programme(total, of_2019, beside, years=(2018, 2019))
    rows = measure(one, day=date(2022, 1, 1)).rows
    assert [(row.year, row.due_so_far) for row in rows] == [
        (2018, 2), (2019, 6), (2020, 12), (2021, 12), (2022, 12)
    ]  # fmt: skip
    assert [row.due_so_far for row in measure(one, day=date(2020, 12, 31)).rows] == [2, 6, 6]
    # One without a last year is never due.
    assert [row.due_so_far for row in measure(programme(promise(10, "total"))).rows] == [0]


def test_a_number_in_all_that_was_replaced_is_not_due() -> None:
    again = programme(
        promise(10, "total", last_year=2020, announced="2018"),
        promise(30, "total", last_year=2022, announced="2020-06"),
    )
    assert [(row.year, row.due_so_far) for row in measure(again, day=date(2023, 2, 1)).rows] == [
        (2020, 0), (2021, 0), (2022, 30), (2023, 30)
    ]  # fmt: skip
    # Numbers for different years are both due.
    both = programme(
        promise(10, "total", first_year=2019, last_year=2020, announced="2018"),
        promise(30, "total", first_year=2021, last_year=2022, announced="2020-06"),
    )
    assert [row.due_so_far for row in measure(both, day=date(2023, 2, 1)).rows] == [0, 10, 10, 40, 40]


def test_what_opens_after_the_last_year_counts() -> None:
    """10 promised by 2020; 3 opened in 2019 and 5 in 2021."""
    one = programme(promise(10, "total", last_year=2020, announced="2017-01-01"))
    forecast = measure(one, Opening(date(2019, 5, 1), 3), Opening(date(2021, 5, 1), 5)).forecast
    assert (forecast.completed, forecast.left, forecast.n) == (8, 2, 8)
    # What opened between the promise and its first year counts too; what opened before the promise is not of
    # the number.
    later = programme(promise(10, "total", first_year=2020, last_year=2020, announced="2017-01-01"))
    openings = (Opening(date(2016, 5, 1), 1), Opening(date(2019, 5, 1), 3), Opening(date(2021, 5, 1), 5))
    forecast = measure(later, *openings).forecast
    assert (forecast.completed, forecast.left, forecast.n) == (8, 2, 8)
    # When nobody knows when it was promised, what opened in its years counts.
    undated = programme(promise(10, "total", first_year=2020, last_year=2020, announced=None))
    assert measure(undated, *openings).forecast.completed == 5


def test_a_promise_made_again_counts_from_the_first_time() -> None:
    first = promise(10, "total", last_year=2020, announced="2017-01-01")
    again = promise(20, "total", last_year=2025, announced="2020-06-01")
    openings = (Opening(date(2019, 5, 1), 3), Opening(date(2021, 5, 1), 5))
    forecast = measure(programme(first, again), *openings).forecast
    assert (forecast.target, forecast.since) == (again, date(2017, 1, 1))
    assert (forecast.left, forecast.n) == (12, 8)
    # A number for other years is another promise.
    other = again._replace(quota=again.quota._replace(first_year=2021))
    forecast = measure(programme(first, other), *openings).forecast
    assert (forecast.since, forecast.left, forecast.n) == (date(2020, 6, 1), 15, 5)


def test_what_was_only_seen_open_counts_for_a_year_if_it_lies_in_it() -> None:
    """2 seen in May 2025 and last seen unfinished in February; 3 in May 2025, and in 2023; 1 at no time."""
    one = programme(promise(50, "total", announced="2024-01-01"))
    seen = date(2025, 5, 1)
    openings = [
        Opening(seen, 2, 1, date(2025, 2, 1)),
        Opening(seen, 3, 1, date(2023, 7, 1)),
        Opening(date(2026, 5, 1), 1, 0, date.min),
        Opening(date(2026, 6, 1), 4, 0),
    ]
    pace = measure(one, *openings)
    rows = [
        (row.year, row.completed, row.verified, row.year_unknown, row.completed_so_far) for row in pace.rows
    ]
    assert rows == [(2025, 2, 1, 3, 5), (2026, 4, 0, 1, 10)]
    # All have opened; 6 of them surely since the promise, and 4 surely in the last 12 months.
    forecast = pace.forecast
    assert (forecast.completed, forecast.verified, forecast.left, forecast.n) == (10, 2, 40, 6)
    assert forecast.fastest == pytest.approx(4 / 365 * 365.25)
    report = pace_view.make_report(Facts([one], {("p", "factory"): openings}), QUESTION)
    assert report.screen is not None
    assert "Year unknown" in [str(column.title) for column in report.screen.columns]


def test_nothing_of_what_is_cancelled_is_due() -> None:
    one = programme(promise(20, first_year=2024, last_year=2025), promise(70, "total", last_year=2025))
    opening = Opening(date(2025, 5, 1), FEWEST)
    # 20 in 2024, 20 in 2025, and the 30 that the number in all leaves.
    pace = measure(one, opening)
    assert [(row.due_so_far, row.behind) for row in pace.rows] == [(20, 20), (70, 65), (70, 65)]
    pace = measure(one, opening, cancelled=Cancelled(years=frozenset({2024})))
    assert [row.due_so_far for row in pace.rows] == [0, 50, 50]
    wave = date_quota(Quota("w", "factory", 8, QuotaPeriod.TOTAL), "2024-02-01", None, "w")
    waves = programme(*one.quotas, wave, wave._replace(quota=wave.quota._replace(beside=True), cohort="v"))
    pace = measure(waves, opening, cancelled=Cancelled(cohorts=frozenset({"w", "v"})))
    assert [row.due_so_far for row in pace.rows] == [20, 62, 62]  # Beside the number, it had not been due.
    pace = measure(one, opening, cancelled=Cancelled(day=date(2025, 6, 1)))
    assert [(row.completed, row.due_so_far, row.behind) for row in pace.rows] == [
        (0, None, None), (5, None, None), (0, None, None)
    ]  # fmt: skip
    assert (pace.forecast.left, pace.forecast.refused) == (None, "it was cancelled on 2025-06-01")


def test_a_number_with_a_unit_is_no_number_of_sites() -> None:
    homes = promise(1_500_000, unit="homes", first_year=2024)
    assert measure_pace(Facts([programme(homes)], {}), TODAY) == []
    assert list(find_missing(MissingFacts([programme(homes)], {}, []))) == []
    both = programme(homes, promise(20, first_year=2026), years=(2026,))
    assert [row.promised for row in measure(both).rows] == [20]
    assert [row.number for row in find_missing(MissingFacts([both], {}, []))] == [20]


# Missing


def site(id_: str, status: Status | None = None, **more: object) -> Site:
    """Make a site whose state follows from one status."""
    state = State(status=status, started=status is not None and status.is_started)
    given_ = {"name": id_.title(), "kind": "factory", "programme": "p", "state": state} | more
    return Site(id_, **given_)  # type: ignore[arg-type]


def test_a_kind_that_is_fully_named_does_not_make_up_for_another() -> None:
    one = programme(
        promise(10, cohort_year=2025), promise(10, kind="hospital", cohort_year=2025), years=(2025,)
    )
    missing = list(find_missing(MissingFacts([one], {("p", "factory", 2025): 20}, [])))
    assert [(row.kind, row.year, row.shortfall, row.number) for row in missing] == [
        ("hospital", 2025, Shortfall.NOT_NAMED, 10)
    ]


def test_a_missing_number_names_its_kind_if_there_are_several() -> None:
    one = programme(
        promise(10, cohort_year=2025), promise(7, kind="hospital", cohort_year=2025), years=(2025,)
    )
    report = missing_view.make_report(MissingFacts([one], {}, []), QUESTION)
    assert report.screen is not None
    assert [row[2] for row in report.screen.rows] == ["10 not named (factory)", "7 not named (hospital)"]
    alone = missing_view.make_report(
        MissingFacts([programme(promise(9, first_year=2025, last_year=2025))], {}, []), QUESTION
    )
    assert alone.screen is not None
    assert [row[2] for row in alone.screen.rows] == ["9 not named"]
    assert alone.notes == ("9 not named, 0 not started, 0 not opened",)


def test_missing_rows_are_sorted_by_programme_and_year_the_furthest_behind_first() -> None:
    sites = [
        site("z", Status.PREPARING, year=2025),
        site("a", Status.BUILDING, year=2025),
        site("b", Status.PAUSED, year=2025),
        site("old", Status.BUILDING, year=2024),
        site("lone", programme=None),
    ]
    one = programme(promise(5, cohort_year=2025), years=(2025,))
    facts = MissingFacts([one], {("p", "factory", 2025): 3}, sites)
    missing = list(find_missing(facts))
    assert [(row.year, row.shortfall, row.site.id if row.site else None) for row in missing] == [
        (2024, Shortfall.NOT_OPENED, "old"),
        (2025, Shortfall.NOT_NAMED, None),
        (2025, Shortfall.NOT_STARTED, "b"),
        (2025, Shortfall.NOT_STARTED, "z"),
        (2025, Shortfall.NOT_OPENED, "a"),
        (None, Shortfall.NOT_STARTED, "lone"),
    ]


def test_nothing_of_what_is_cancelled_is_missing() -> None:
    """20 a year for two years and 70 in all: 20, 20 and 30. A wave without a year has 8 of the 30."""
    wave = date_quota(Quota("w", "factory", 8, QuotaPeriod.TOTAL), "2024-02-01", None, "w")
    one = programme(promise(20, first_year=2024, last_year=2025), promise(70, "total"), wave)
    stopped = site("stopped", Status.BUILDING, year=2024)
    stopped = stopped._replace(state=stopped.state._replace(cancelled_day=date(2025, 1, 1)))
    named: dict[tuple[str | None, str, int | None], int] = {("p", "factory", 2024): 15}

    def find(cancelled: Cancelled) -> list[tuple[int | None, int]]:
        facts = MissingFacts([one], named, [stopped], {"p": cancelled})
        return [(row.year, row.number) for row in find_missing(facts)]

    assert find(Cancelled()) == [(2024, 5), (2025, 20), (None, 30)]
    assert find(Cancelled(years=frozenset({2025}))) == [(2024, 5), (None, 30)]
    assert find(Cancelled(cohorts=frozenset({"w"}))) == [(2024, 5), (2025, 20), (None, 22)]
    assert find(Cancelled(day=date(2025, 6, 1))) == []


def test_the_sites_of_a_wave_make_up_for_no_other_number() -> None:
    """50 in all, 10 of them in a wave of which 14 are named; of the other 40 there are 3."""
    wave = date_quota(Quota("w", "factory", 10, QuotaPeriod.TOTAL), "2024-02-01", None, "w")
    one = programme(promise(50, "total"), wave)
    for in_wave, others, missing in ((14, 3, 37), (10, 3, 37), (4, 3, 43), (4, 46, 6), (0, 0, 50)):
        named: dict[tuple[str | None, str, int | None], int] = {("p", "factory", None): in_wave + others}
        facts = MissingFacts([one], named, [], cohorts={("w", "factory"): {None: in_wave}})
        assert [row.number for row in find_missing(facts)] == [missing], (in_wave, others)


def test_sites_of_a_year_without_a_number_belong_to_the_number_in_all() -> None:
    """40 in all for 2020 to 2025, 8 of them for 2021: of the other 32 there are 3 of 2022, and 1 of no year.

    The site of 2026 is none of them.
    """
    one = programme(
        promise(40, "total", first_year=2020, last_year=2025), promise(8, "total", cohort_year=2021)
    )
    named: dict[tuple[str | None, str, int | None], int] = {
        ("p", "factory", 2021): 5, ("p", "factory", 2022): 3,
        ("p", "factory", 2026): 1, ("p", "factory", None): 1,
    }  # fmt: skip
    assert [(row.year, row.number) for row in find_missing(MissingFacts([one], named, []))] == [
        (2021, 3), (None, 28)
    ]  # fmt: skip


def test_a_wave_is_due_at_its_own_last_year_or_with_the_number_in_all() -> None:
    """A wave of 5 beside 40 by 2022 is due at the end of its 2020, and without a year of its own never.

    One of 5 within the 40 is due with them, and then only 35 more are.
    """

    def measure_due(**more: Any) -> list[int | None]:
        wave = date_quota(Quota("w", "factory", 5, QuotaPeriod.TOTAL, **more), "2019-02-01", None, "w")
        one = programme(promise(40, "total", first_year=2020, last_year=2022, announced="2019"), wave)
        return [row.due_so_far for row in measure(one, day=date(2023, 2, 1)).rows]

    assert measure_due(beside=True, last_year=2020) == [5, 5, 45, 45]
    assert measure_due(beside=True) == [0, 0, 40, 40]
    assert measure_due() == [0, 0, 40, 40]
    assert measure_due(last_year=2020) == [5, 5, 40, 40]


def test_a_wave_is_part_of_one_number_in_all_only() -> None:
    """10 for 2016 to 2018 and 15 for 2019 to 2021, of which a wave has 5: 25 in all, not 20."""
    wave = date_quota(Quota("w", "factory", 5, QuotaPeriod.TOTAL), "2016", None, "w")
    one = programme(
        promise(10, "total", first_year=2016, last_year=2018), promise(15, "total", first_year=2019), wave
    )
    assert sum(number.quantity for number in spread(one).numbers) == 25


def test_a_number_within_another_is_missing_once() -> None:
    """260, of which 5 and 58 are within two other programmes; 40, 5 and 1 of them are named."""
    whole = Programme("p", "P", "factory", quotas=(promise(260, "total"),))
    five, youth = (
        Programme(id_, id_, "factory", quotas=(promise(number, "total", within="p"),))
        for id_, number in (("five", 5), ("youth", 58))
    )
    named: dict[tuple[str | None, str, int | None], int] = {
        ("p", "factory", None): 40, ("five", "factory", None): 5, ("youth", "factory", None): 1
    }  # fmt: skip

    def find(*asked: Programme, **cancelled: Cancelled) -> dict[str | None, int]:
        return {row.programme: row.number for row in find_missing(MissingFacts(asked, named, [], cancelled))}

    # 260 - 40 - 63 and 58 - 1: of 260, 214 have no name.
    assert find(whole, five, youth) == {"p": 157, "youth": 57}
    assert find(five, youth) == {"youth": 57}
    # What is within a cancelled programme is not cancelled with it, and the other way round.
    cancelled = Cancelled(day=date(2025, 1, 7))
    assert find(whole, five, youth, p=cancelled) == {"youth": 57}
    assert find(whole, five, youth, youth=cancelled) == {"p": 157}


def test_a_number_in_all_within_numbers_for_years_is_missing_once() -> None:
    """3 in all are within 10, of which 8 are for 2021: 2 of these 3 are of the other years, 1 is of 2021."""

    def find(*asked: Programme) -> list[tuple[str | None, int | None, int]]:
        return [(row.programme, row.year, row.number) for row in find_missing(MissingFacts(asked, {}, []))]

    inner = Programme("q", "Q", "factory", quotas=(promise(3, "total", within="p"),))
    of_2021 = promise(8, "total", cohort_year=2021)
    whole = programme(promise(10, "total", first_year=2021, last_year=2022), of_2021, years=(2021,))
    assert find(whole, inner) == [("p", 2021, 7), ("q", None, 3)]
    # All that was promised for the one year is of the other programme.
    of_one = promise(10, "total", within="p", first_year=2022, last_year=2022)
    inner = Programme("q", "Q", "factory", quotas=(of_one,))
    assert find(programme(promise(10, "year", first_year=2022, last_year=2022)), inner) == [("q", None, 10)]


NAMED = st.dictionaries(
    st.tuples(st.just("p"), st.sampled_from(["factory", "hospital"]), YEARS), st.integers(1, 40)
)


@given(make_programmes(), NAMED)
def test_named_and_missing_sites_add_up_to_what_was_promised(
    one: Programme, named: dict[tuple[str | None, str, int | None], int]
) -> None:
    short: Counter[tuple[str, int | None]] = Counter()
    for row in find_missing(MissingFacts([one], named, [])):
        assert row.shortfall is Shortfall.NOT_NAMED
        short[row.kind, row.year] += row.number
    promised = promise_by_year(one)
    rests = [rest for rest in spread(one).numbers if rest.year is None]
    for (kind, year), number in promised.items():
        there = named.get(("p", kind, year), 0)
        if year is None:
            # A number in all is also for the sites of years that it covers and that have no number.
            there += sum(
                more
                for (_, of_kind, of_year), more in named.items()
                if of_kind == kind
                and of_year is not None
                and (kind, of_year) not in promised
                and any(rest.kind == kind and rest.covers(of_year) for rest in rests)
            )
        assert short.pop((kind, year), 0) == max(0, number - there)
    assert not short


# Slips


def make_promised_date(promised: str, said: str, **more: object) -> PromisedDate:
    given_: dict[str, Any] = {"project": "x", "name": "X", "type": "site", "source": None}
    return PromisedDate(promised=promised, said=said, said_day=parse_date(said).end, **(given_ | more))


def reach(written: str, first: date | None = None) -> Event:
    """Return an event, dated as written; what was seen by then can have been from `first` on."""
    when = parse_date(written)
    return Event(written, first or when.start, when.effective_day)


def find_slip(*given_: PromisedDate, day: date = TODAY) -> Slip:
    (one,) = find_slips(given_, day)
    return one


def test_a_chain_has_each_promised_date_in_order_and_the_outcome_of_the_first() -> None:
    opened = {"kept": reach("2025-02")}
    one = find_slip(
        make_promised_date("2023", "2022-12-31", **opened),
        make_promised_date("2023", "2023-06", **opened),
        make_promised_date("2024-06", "2023-12", **opened),
        make_promised_date("2024", "2024-06", **opened),
    )
    assert [promise.promised for promise in one.chain] == ["2023", "2024-06", "2024"]
    assert one.moved == 366  # 2024 had a leap day.
    assert one.late == (398, 425)
    assert one.ratio == ((31 + 365 + 366 + 1) / 365, (31 + 365 + 366 + 28) / 365)
    assert not one.is_open_ended


def test_a_promised_date_in_the_future_is_neither_late_nor_early() -> None:
    moved = [make_promised_date("2033", "2024-01-15"), make_promised_date("2034", "2025-01-15")]
    one = find_slip(*moved)
    assert (one.late, one.ratio, one.is_open_ended) == (None, None, True)
    assert is_slip(one)
    assert not is_slip(find_slip(make_promised_date("2026", "2024-01-15")))
    late = make_promised_date("2025", "2024-01-15", project="y")
    assert find_slip(late).late == (328, 328)
    report = slips_view.make_report([*moved, late], QUESTION)
    assert [row[12:14] for row in report.grid.rows] == [(328, 328), (None, None)]


@pytest.mark.parametrize("opened", ["2025-02-01", None, "../2025-02-01"])
def test_no_lateness_is_measured_from_a_date_without_an_end(opened: str | None) -> None:
    one = find_slip(make_promised_date("2024/..", "2023", kept=opened and reach(opened)))
    assert (one.late, one.ratio) == (None, None)


@pytest.mark.parametrize(
    "opened",
    [
        reach("../2025-02-01"),
        # Idle on that day, or seen unfinished two years before "by 2025-02-01".
        Event("2025-02-01", date.min, date(2025, 2, 1)),
        reach("../2025-02-01", date(2023, 3, 1)),
    ],
)
def test_what_was_open_by_a_day_was_late_at_most(opened: Event) -> None:
    """1 February 2025 is 32 days after 2024, promised on its day before: 398 days of 366."""
    promised = make_promised_date("2024", "2023-12-31", kept=opened)
    one = find_slip(promised)
    assert (one.late, one.ratio, one.is_open_ended) == ((None, 32), (None, 398 / 366), False)
    report = slips_view.make_report([promised], QUESTION)
    assert [row[12:14] for row in report.grid.rows] == [(None, 32)]
    assert report.screen is not None
    assert [row[4:] for row in report.screen.rows] == [("at most 32", "at most 1.1")]


def test_lateness_is_measured_from_the_side_that_is_not_open() -> None:
    by_2024 = make_promised_date("../2024", "2023", kept=reach("2025-02/.."))
    one = find_slip(by_2024)
    assert one.late == (32, 59)
    assert one.ratio is not None
    assert find_slip(by_2024._replace(said="../2023")).ratio is None


def test_a_move_to_or_from_a_date_without_an_end_is_of_unknown_length() -> None:
    dates = [make_promised_date("2024", "2023"), make_promised_date("2025/..", "2024")]
    assert find_slip(*dates).moved is None
    assert find_slip(make_promised_date("2024/..", "2023"), make_promised_date("2026", "2024")).moved is None
    assert find_slip(dates[0], make_promised_date("../2025", "2024")).moved == 365
    report = slips_view.make_report(dates, QUESTION)
    assert [row[9] for row in report.grid.rows] == [None]


DATES = st.sampled_from(
    ["2023", "2024-Q1", "2024-H2", "2024-02", "2024-02-29", "2024-12-31", "2024-02/2025-06", "2025", "2027"]
)
PROMISED_DATES = st.builds(make_promised_date, DATES, DATES)


@given(st.lists(PROMISED_DATES, min_size=1, max_size=6), st.none() | DATES)
def test_slips_are_measured_from_the_first_promised_date(
    promises: list[PromisedDate], opened: str | None
) -> None:
    promises.sort(key=lambda one: one.said_day)
    day = parse_date(opened).end if opened else None
    promises = [one._replace(kept=reach(opened) if opened else None) for one in promises]
    one = find_slip(*promises)
    assert one.chain[0] == promises[0]
    assert one.chain[-1].promised == promises[-1].promised
    assert all(before.promised != after.promised for before, after in pairwise(one.chain))
    first = parse_date(one.chain[0].promised).end
    if one.chain[-1].said_day > one.chain[0].said_day:
        assert one.moved is not None
        assert first + timedelta(days=one.moved) == parse_date(one.chain[-1].promised).end
    else:
        assert one.moved == 0
    assert one.is_open_ended is (opened is None)
    if day is not None:
        assert one.late is not None
        assert first + timedelta(days=one.late.most) == day
    for found in filter(None, (one.late, one.ratio)):
        assert found.least is not None
        assert found.least <= found.most


# Durations


def span(start: str | Event | None, opened: str | Event, year: int | None = 2024) -> Span:
    began, open_ = (reach(one) if isinstance(one, str) else one for one in (start, opened))
    assert open_ is not None
    return Span("factory", year, open_, began)


def see(day: str) -> Event:
    """Return what was seen on a day and can have been at any time before."""
    return reach(day, date.min)


def test_a_duration_is_a_range_if_a_date_is_not_a_day() -> None:
    spans = [
        span("2024-02-28", "2024-03-01"),  # 2 days: the leap day is between.
        span("2024-02-28", "2024-03-01"),
        span("2024-02", "2024-04-10"),  # 41 to 69 days.
        span("2025", "2024-04-10"),  # Opened before it started.
        *[span(None, "2024")] * 3,
        span(None, "2024", year=None),
    ]
    assert measure_durations(spans) == [
        Duration("factory", 2024, 3, 2, 2, 2, 69, 4, 2, 41),
        Duration("factory", None, 0, None, None, None, None, 1),
    ]
    assert measure_durations([]) == []


@pytest.mark.parametrize(
    ("start", "opened", "least", "most"),
    [
        # 42 days lie between 28 February and 10 April 2024.
        (see("2024-02-28"), "2024-04-10", 42, None),
        ("../2024-02-28", "2024-04-10", 42, None),
        ("../2024-02", "2024-04-10", 41, None),
        ("2024-02-28", see("2024-04-10"), None, 42),
        ("2024-02-28", "../2024-04-10", None, 42),
        ("2024-02-28", "../2024-04", None, 62),
        ("2024-02", see("2024-04-10"), None, 69),
    ],
)
def test_what_was_seen_begun_took_at_least_and_what_was_seen_open_at_most(
    start: str | Event, opened: str | Event, least: int | None, most: int | None
) -> None:
    (one,) = measure_durations([span(start, opened)])
    assert (one.n, one.unknown) == (1, 0)
    assert (one.median_least, one.median_most, one.shortest, one.longest) == (least, most, least, most)
    report = durations_view.make_report([span(start, opened)], QUESTION)
    assert report.screen is not None
    text = f"at most {most}" if least is None else f"at least {least}"
    assert list(report.screen.rows) == [("factory", 2024, 1, text, text, text, 0)]


@pytest.mark.parametrize(
    ("start", "opened"),
    [
        (see("2024-02-28"), see("2024-04-10")),
        ("../2024", "../2024"),
        (see("2024-04-10"), "2024-04-10"),
        (see("2024-05-01"), "2024-04-10"),
        ("2024-05-01", see("2024-04-10")),
    ],
)
def test_dates_from_which_nothing_follows_give_no_duration(start: str | Event, opened: str | Event) -> None:
    assert measure_durations([span(start, opened)] * 2) == [
        Duration("factory", 2024, 0, None, None, None, None, 2)
    ]


def test_a_median_has_an_end_while_fewer_than_half_have_none() -> None:
    """10, 20 and 30 days, and one that took at least 5: in order 5, 10, 20, 30, and 10, 20, 30, any."""
    known = [span("2024-01-01", f"2024-01-{day}") for day in (11, 21, 31)]
    open_ = span(see("2024-01-01"), "2024-01-06")
    (one,) = measure_durations([*known, open_])
    assert (one.median_least, one.median_most) == (15, 25)
    assert (one.shortest, one.longest, one.longest_least) == (5, None, 30)
    report = durations_view.make_report([*known, open_], QUESTION)
    assert report.screen is not None
    assert list(report.screen.rows) == [("factory", 2024, 4, "15 to 25", "5 to 10", "at least 30", 0)]
    (one,) = measure_durations([*known, open_, open_, open_])
    # 5 5 5 10 20 30, and 10 20 30 with three without an end.
    assert (one.median_least, one.median_most) == (7.5, None)


EVENTS = st.builds(lambda written, is_seen: see(written) if is_seen else reach(written), DATES, st.booleans())


@given(st.lists(st.builds(span, st.none() | EVENTS, EVENTS), max_size=9))
def test_every_opening_is_measured_or_counted_as_unknown(spans: list[Span]) -> None:
    durations = measure_durations(spans)
    assert sum(one.n + one.unknown for one in durations) == len(spans)
    for one in durations:
        if not one.n:
            assert one[3:7] == (None, None, None, None)
            continue
        ends = (one.shortest, one.median_least, one.median_most, one.longest)
        known = [end for end in ends if end is not None]
        assert known == sorted(known)
        assert min(known, default=0) >= 0
        assert one.shortest_most is not None or one.longest_least is not None


# Conflicts


def claim(id_: str, event_date: str, status: Status, evidence: str = "promiser", **more: object) -> Claim:
    when, class_ = parse_date(event_date), Evidence(evidence)
    given_: dict[str, Any] = {"project": "x"} | more
    return Claim(
        id=id_,
        event_date=event_date,
        first=when.start.isoformat(),
        last=when.end.isoformat(),
        day=when.effective_day.isoformat(),
        rank=status.rank,
        counts_as=class_.counts_as,
        evidence=evidence,
        **given_,
    )


def clash(*claims: Claim) -> list[tuple[Contradiction | Mismatch, list[str]]]:
    """Return how claims of one project contradict each other, and the ids of those that do."""
    found = find_conflicts(claims, {})
    assert find_conflicts(claims[::-1], {}) == found
    return [(one.contradiction, [claim.id for claim in one.claims]) for one in found]


def test_dates_of_one_event_that_can_be_the_same_day_are_not_a_conflict() -> None:
    one, other = claim("1", "2024-12", Status.COMPLETED), claim("2", "2024", Status.COMPLETED)
    assert clash(one, other) == []
    later = claim("3", "2025-01-01", Status.COMPLETED)
    assert clash(one, other, later) == [(Contradiction.OPENING, ["2", "1", "3"])]


def test_many_dates_of_one_event_are_one_conflict_of_those_apart_from_another() -> None:
    days = [claim(f"{at:02}", f"2024-03-{at:02}", Status.GROUNDBROKEN) for at in range(1, 31)]
    month = claim("month", "2024-03", Status.GROUNDBROKEN)
    assert clash(*days, month) == [(Contradiction.START, [one.id for one in days])]


@pytest.mark.parametrize("status", [Status.OPERATING, Status.BUILDING])
def test_sightings_never_contradict_their_like(status: Status) -> None:
    assert clash(claim("1", "2023", status), claim("2", "2024-05-20", status, "imagery")) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("../2024-05-20", Status.COMPLETED), ("2023-01-01", Status.COMPLETED)),
        (("../2024-05-20", Status.GROUNDBROKEN), ("../2023", Status.GROUNDBROKEN)),
        (("../2024-05-20", Status.OPERATING), ("2024-02-01", Status.IDLE)),
        (("../2024-05-20", Status.OPERATING), ("2024-05-20", Status.IDLE)),
        (("../2024-05-20", Status.OPERATING), ("2024-05-20", Status.BUILDING)),
    ],
)
def test_what_was_seen_by_a_day_contradicts_nothing_up_to_that_day(
    one: tuple[str, Status], other: tuple[str, Status]
) -> None:
    assert clash(claim("1", *one, "imagery"), claim("2", *other, "on-site")) == []


def test_what_was_claimed_by_a_day_contradicts_an_event_after_it() -> None:
    seen = claim("1", "../2024-05-20", Status.COMPLETED)
    assert clash(seen, claim("2", "2024-06", Status.COMPLETED)) == [(Contradiction.OPENING, ["1", "2"])]
    building = claim("2", "2024-06", Status.BUILDING, "on-site")
    assert clash(seen, building) == [(Contradiction.UNFINISHED, ["1", "2"])]


@pytest.mark.parametrize(
    ("between", "evidence"),
    [
        (Status.PAUSED, "promiser"),
        (Status.CLOSED, "press"),
        (Status.CANCELLED, "expert"),
    ],
)
@pytest.mark.parametrize("event", [Status.GROUNDBROKEN, Status.COMPLETED])
def test_an_event_can_happen_again_after_a_halt(event: Status, between: Status, evidence: str) -> None:
    first, again = claim("1", "2024-02", event), claim("3", "2025-02", event)
    assert clash(first, claim("2", "2024-09", between, evidence), again) == []


def test_what_is_built_after_it_was_seen_open_is_new_work() -> None:
    begun, opened = (
        claim("1", "2020-02", Status.GROUNDBROKEN),
        claim("2", "2021-02", Status.COMPLETED, "press"),
    )
    more, again = claim("3", "2023-02", Status.GROUNDBROKEN), claim("4", "2024-02", Status.COMPLETED, "press")
    assert clash(begun, opened, more, again) == []
    assert clash(begun, more) == [(Contradiction.START, ["1", "3"])]
    assert clash(opened, again) == [(Contradiction.OPENING, ["2", "4"])]


@pytest.mark.parametrize(
    ("status", "evidence", "is_void"),
    [
        (Status.ANNOUNCED, "imagery", True),
        (Status.PREPARING, "press", True),
        (Status.BUILDING, "on-site", True),
        (Status.BUILDING, "promiser", True),
        (Status.PREPARING, "promiser", True),
        (Status.ANNOUNCED, "promiser", False),
        (Status.BUILDING, "expert", False),
    ],
)
@pytest.mark.parametrize("opening", [Status.COMPLETED, Status.OPERATING, Status.IDLE, Status.CLOSED])
def test_an_opening_contradicts_what_makes_it_void(
    opening: Status, status: Status, evidence: str, *, is_void: bool
) -> None:
    opened, later = claim("1", "2024-03", opening), claim("2", "2024-04-01", status, evidence)
    assert clash(opened, later) == ([(Contradiction.UNFINISHED, ["1", "2"])] if is_void else [])
    # A date that overlaps its own makes it not void.
    assert clash(opened, claim("2", "2024-03/2024-04", status, evidence)) == []


def test_use_and_idleness_contradict_each_other_on_one_day() -> None:
    used, idle = claim("1", "2025-04-02", Status.OPERATING), claim("2", "2025-04-02", Status.IDLE, "imagery")
    assert clash(used, idle) == [(Contradiction.USE, ["1", "2"])]
    assert clash(used, claim("2", "2025-04-03", Status.IDLE, "imagery")) == []
    # In use at some time of a year or a month, and idle at another.
    for idle_on in ("2025", "2025-04", "2025-04-02", "2025-12-31"):
        idle = claim("2", idle_on, Status.IDLE, "imagery")
        assert clash(claim("1", "2025", Status.OPERATING), idle) == []
        assert clash(claim("1", "2025-04", Status.OPERATING), idle) == []


def test_a_cohort_claimed_complete_before_its_sites_is_a_conflict() -> None:
    said = claim("1", "2024", Status.COMPLETED)
    sites = [
        NamedSite("a", "A", "2024", "2024-01-01"),
        NamedSite("b", "B", "2025", "2025-01-01"),
        NamedSite("c", "C"),
        NamedSite("d", "D", cancelled_day="2024-06-30"),
    ]
    (conflict,) = find_conflicts([said], {"x": sites})
    assert [site.id for site in conflict.sites] == ["b", "c"]
    assert conflict.named == 3
    assert find_conflicts([said], {"x": [sites[0], sites[3]]}) == []
    assert find_conflicts([said], {}) == []
    # It is one conflict, however often it is said; from 2025 on only c had not opened.
    again = claim("2", "2025-06", Status.OPERATING)
    (conflict,) = (one for one in find_conflicts([said, again], {"x": sites}))
    assert ([one.id for one in conflict.claims], len(conflict.sites)) == (["1", "2"], 2)
    (conflict,) = find_conflicts([said, again], {"x": sites[:2]})
    assert [one.id for one in conflict.claims] == ["1"]


CLAIMS = st.lists(
    st.builds(
        claim,
        st.uuids().map(str),
        DATES,
        st.sampled_from(Status),
        st.sampled_from([str(one) for one in Evidence if one is not Evidence.INTERESTED]),
    ),
    max_size=7,
    unique_by=lambda one: one.id,
)


@given(CLAIMS, DATES, st.sampled_from(Status), st.sampled_from([str(one) for one in Evidence]))
def test_no_event_that_begins_up_to_a_day_contradicts_what_was_seen_by_it(
    claims: list[Claim], day: str, status: Status, evidence: str
) -> None:
    seen = claim("seen", f"../{parse_date(day).end}", status, evidence)
    earlier = [one for one in claims if one.first <= seen.last]
    assert [one for one in find_conflicts([seen, *earlier], {}) if seen in one.claims] == []


@given(CLAIMS, st.randoms())
def test_conflicts_are_between_claims_that_cannot_both_be_true(claims: list[Claim], random: Random) -> None:
    conflicts = find_conflicts(claims, {})
    for conflict in conflicts:
        said = [one for one in conflict.claims if isinstance(one, Claim)]
        assert len(said) > 1
        for one in said:
            others = [other for other in said if other is not one]
            if conflict.contradiction is Contradiction.USE:
                assert any(other.first == one.last and other.rank != one.rank for other in others)
            else:
                assert any(other.first > one.last or one.first > other.last for other in others)
    random.shuffle(claims)
    assert find_conflicts(claims, {}) == conflicts


def test_void_openings_are_told_with_what_makes_them_void_and_not_as_two_openings() -> None:
    claims = [
        claim("1", "2024-01-10", Status.COMPLETED),
        claim("2", "2024-01-20", Status.COMPLETED, "expert"),
        claim("3", "2024-02-01", Status.BUILDING, "imagery"),
        claim("4", "2024-03-01", Status.COMPLETED, "imagery"),
    ]
    assert clash(*claims) == [(Contradiction.UNFINISHED, ["1", "2", "3"])]
    # Known by now to be void, it contradicts nothing of that time but what makes it void.
    assert find_conflicts(claims, {}, day="2024-01-31") == []


def test_idleness_is_no_halt_between_two_openings() -> None:
    one, other = claim("1", "2025-01-10", Status.COMPLETED), claim("3", "2025-01-20", Status.COMPLETED)
    idle = claim("2", "2025-01-11", Status.IDLE, "imagery")
    assert clash(one, idle, other) == [(Contradiction.OPENING, ["1", "3"])]


def test_thousands_of_dates_of_one_opening_are_one_conflict(tmp_path: Path) -> None:
    days = [(date(2015, 1, 1) + timedelta(days=at)).isoformat() for at in range(2000)]
    db = tmp_path / "many.db"
    updates = [
        {"project": "x", "event_date": day, "status": "completed", "evidence": "promiser"} for day in days
    ]
    load(db, kinds=["other"], projects=[make_site("x")], updates=updates)
    rows = run_json(db, "report", "conflicts")
    assert [(row["conflict"], row["event_date"]) for row in rows] == [(1, day) for day in days]
    (row,) = run_json(db, "report", "next")
    assert "claims contradict each other" in row["reasons"]


@pytest.mark.parametrize("number", [500, 5000])
def test_the_work_of_finding_conflicts_grows_with_the_claims_and_not_with_their_pairs(number: int) -> None:
    """Every kind of contradiction at once, counted by how often a claim is looked at."""
    statuses = [Status.COMPLETED, Status.BUILDING, Status.OPERATING, Status.IDLE, Status.GROUNDBROKEN]
    days = [date(2015, 1, 1) + timedelta(days=at) for at in range(number)]
    claims = [claim(f"{day}", f"{day}", statuses[day.toordinal() % 5]) for day in days]
    sites = [NamedSite(f"s{day}", "S", f"{day}", f"{day}") for day in days]
    looks = 0

    def look(*_: object) -> None:
        nonlocal looks
        looks += 1

    sys.setprofile(look)
    try:
        found = find_conflicts(claims, {"x": sites})
    finally:
        sys.setprofile(None)
    assert sum(len(one.claims) + len(one.sites) for one in found) <= 10 * number
    assert looks <= 200 * number


# Coverage


def test_a_site_counts_for_the_county_that_contains_its_place() -> None:
    areas = [
        Area("north", "North", None, None, "north", 100),
        Area("upper", "Upper", "county", "north", "north", 60),
        Area("village", "Village", None, "upper", "north", 5),
        Area("lower", "Lower", "county", "north", "north", 40),
        Area("south", "South", None, None, "south"),
    ]
    counts = {"village": SiteCount(2, 1, 1), "upper": SiteCount(1, 1, 0), "gone": SiteCount(9, 9, 9)}
    assert measure_coverage(areas, counts) == [
        Coverage("north", "North", 2, 1, 1, 1, 3, 100, 60),
        Coverage("south", "South", 1, 0, 0, 0, 0, None, None),
    ]
    # The people reached in a region are unknown if the population of one of its places is.
    areas[1] = areas[1]._replace(population=None)
    assert measure_coverage(areas, counts)[0].people_reached is None


AREAS = [
    Area(id_, id_, None, parent, region, 10 if parent else 20)
    for id_, parent, region in (
        ("n", None, "n"), ("n1", "n", "n"), ("n2", "n", "n"), ("n11", "n1", "n"), ("s", None, "s")
    )
]  # fmt: skip
COUNTS = st.dictionaries(
    st.sampled_from([area.id for area in AREAS]),
    st.tuples(st.integers(1, 5), st.integers(0, 5), st.integers(0, 5)).map(
        lambda three: SiteCount(three[0], min(three[:2]), min(three))
    ),
)


@given(COUNTS)
def test_no_more_places_are_reached_than_exist(counts: dict[str, SiteCount]) -> None:
    rows = measure_coverage(AREAS, counts)
    for row in rows:
        assert row.opened <= row.started <= row.named <= row.places
        assert (row.people_reached or 0) <= (row.people or 0)
    assert sum(row.sites for row in rows) == sum(count.named for count in counts.values())
    report = coverage_view.make_report((AREAS, counts), QUESTION)
    assert report.grid.total is not None
    for at in range(2, 9):
        assert report.grid.total[at] == sum(row[at] or 0 for row in rows)  # type: ignore[misc]


# Next


def test_a_status_with_one_source_or_none_is_a_reason_to_look() -> None:
    last = TODAY - timedelta(days=30)
    sites = [
        one._replace(state=one.state._replace(last_day=last))
        for one in (site(id_, Status.BUILDING) for id_ in ("none", "one", "two"))
    ]
    calls = rank_sites(sites, frozenset(), {"none": 0, "one": 1}, TODAY)
    assert [(call.site.id, call.words, call.weight) for call in calls] == [
        ("none", ("no source for building",), 1),
        ("one", ("one source for building",), 1),
    ]


def test_the_weightiest_reasons_come_first() -> None:
    late = site("late", state=State(status=Status.BUILDING, promised="2025"))
    clashing = site("clashing", Status.BUILDING)
    calls = rank_sites([clashing, late], frozenset({"clashing"}), {}, TODAY)
    assert [(call.site.id, call.weight) for call in calls] == [("clashing", 7), ("late", 6)]
    assert calls[1].words == ("328 days past 2025, to be opened", "no news on record")


# Output


@pytest.mark.parametrize(("view", "more"), [("conflicts", ()), ("pace", ()), ("progress", ("--by", "year"))])
def test_a_limit_counts_the_rows_that_are_printed(seeded: Path, view: str, more: tuple[str, ...]) -> None:
    for form in ("tsv", "jsonl", "md"):
        whole = run(seeded, "report", view, *more, "-f", form)
        some = run(seeded, "report", view, *more, "-f", form, "--limit", "2")
        lines = count_rows(whole.out, form)
        total = form == "tsv" and view == "progress"
        assert count_rows(some.out, form) == 2 + total
        assert some.err == f"nkplan: 2 of {lines - total} shown; --limit 0 for all\n"
        exact = run(seeded, "report", view, *more, "-f", form, "--limit", str(lines - total))
        assert exact == whole


def count_rows(text: str, form: str) -> int:
    """Count the rows of an output, without its headings and notes."""
    lines = text.splitlines()
    if form == "md":
        return sum(line.startswith("| ") for line in lines) - 2 - text.count("\n| **")
    return len(lines) - (form == "tsv")


def test_a_row_with_promises_only_has_no_filter(seeded: Path) -> None:
    rows = run_json(seeded, "report", "--by", "year")["rows"]
    filters = {row["year"]: row["filter"] for row in rows}
    assert filters["other"] is None
    assert filters[None] == "--year none"
    for row in rows:
        if row["filter"]:
            assert len(read_ids(run(seeded, "list", *row["filter"].split()))) == row["named"]


def test_a_site_whose_county_is_unknown_counts_for_its_region() -> None:
    areas = [Area("north", "North", None, None, "north"), Area("upper", "Upper", None, "north", "north")]
    counts = {"north": SiteCount(1, 1, 0)}
    (one,) = measure_coverage(areas, counts)
    assert (one.sites, one.named, one.places) == (1, 0, 1)
    assert coverage_view.make_report((areas, counts), QUESTION).notes[0] == "1 of 1 rows have a site"


def test_the_since_day_of_changes_must_have_begun_on_the_known_on_day(seeded: Path) -> None:
    done = run(seeded, "report", "changes", "--since", "2026-06", "--known-on", "2025")
    assert (done.code, done.out) == (2, "")
    assert "2026-06 had not begun on 2025-12-31" in done.err
    assert run(seeded, "report", "changes", "--since", "2025-12", "--known-on", "2025").code == 0


CHANGING = ["2026-04-30", "2026-05-01", "2026-05-31", "2026-06-01"]


@pytest.mark.parametrize(
    ("since", "first"),
    [
        ("2026", 0),
        ("2026-H1", 0),
        ("2026-Q2", 0),
        ("2026-04-30", 0),
        ("2026-05", 1),
        ("2026-05-01", 1),
        ("2026-05/2026-06", 1),
        ("2026-05-02", 2),
        ("2026-06", 3),
        ("2026-H2", 4),
        ("2026-11-24", 4),
    ],
)
def test_changes_begin_with_the_first_day_of_what_is_named(tmp_path: Path, since: str, first: int) -> None:
    db = tmp_path / "new.db"
    updates = [{"project": f"s{day}", "event_date": day, "status": "building"} for day in CHANGING]
    load(db, kinds=["other"], projects=[make_site(f"s{day}") for day in CHANGING], updates=updates)
    rows = run_json(db, "report", "changes", "--since", since)
    assert [row["id"] for row in rows] == [f"s{day}" for day in CHANGING[first:]]


def test_changes_are_of_what_moved_and_a_note_names_what_only_had_news(tmp_path: Path) -> None:
    old = {"event_date": "2025-05", "status": "building", "evidence": "promiser"}
    new: dict[str, dict[str, Any]] = {
        "counted": {"status": "completed", "count": 12, "evidence": "promiser"},
        "moved": {"status": "completed", "evidence": "promiser"},
        "noted": {"note": "Ask again."},
        "percent": {"percent": 40, "evidence": "promiser"},
        "promised": {"promised": "2027", "promised_status": "operating", "evidence": "promiser"},
        "quarrel": {"status": "paused", "evidence": "interested"},
        "repeated": {"status": "building", "evidence": "promiser"},
        "verified": {"status": "building", "evidence": "imagery"},
        "withdrawn": {
            "event_date": "2025-06",
            "status": "paused",
            "evidence": "press",
            "withdrawn": "2026-05-03",
        },
    }
    db = tmp_path / "moves.db"
    updates = [
        row
        for id_, one in new.items()
        for row in ({**old, "project": id_}, {"event_date": "2026-05", "project": id_, **one})
    ]
    load(db, kinds=["other"], projects=list(map(make_site, new)), updates=updates)
    rows = {row["id"]: row for row in run_json(db, "report", "changes", "--since", "2026-05")}
    assert list(rows) == ["counted", "moved", "percent", "promised", "verified", "withdrawn"]
    assert (rows["counted"]["updates"], rows["counted"]["counts"], rows["counted"]["status"]) == (
        1,
        1,
        "building",
    )
    assert (rows["moved"]["status_before"], rows["moved"]["status"], rows["moved"]["opened"]) == (
        "building",
        "completed",
        "2026-05",
    )
    assert (rows["percent"]["progress_before"], rows["percent"]["progress"]) == (None, 40)
    assert (rows["promised"]["promised_use_before"], rows["promised"]["promised_use"]) == (None, "2027")
    assert (rows["verified"]["verified_before"], rows["verified"]["verified"]) == (None, "building")
    assert (
        rows["withdrawn"]["updates"],
        rows["withdrawn"]["status_before"],
        rows["withdrawn"]["status"],
    ) == (
        0,
        "paused",
        "building",
    )
    shown = run(db, "report", "changes", "--since", "2026-05", "-f", "md").out
    assert "news that moved nothing: repeated" in shown


def test_the_year_of_a_cohort_without_sites_can_be_asked_for(record: Path, recorder: Recorder) -> None:
    cohort = Project(
        id="20x10-2033", name="2033", type=ProjectType.COHORT, kind="factory", parent="20x10", year=2033
    )
    record_batch(record, Batch(projects=(cohort,)), "load", recorder, summary="a cohort")
    (row,) = run_json(record, "report", "missing", "--year", "2033")
    assert (row["programme"], row["year"], row["missing"], row["number"]) == ("20x10", 2033, "not named", 20)


@pytest.mark.parametrize("year", ["1" * 5000, "٢٠٢٤", "24", "2024.0", "-2024"])
def test_text_that_is_not_a_year_is_refused_in_one_sentence(seeded: Path, year: str) -> None:
    done = run(seeded, "report", f"--year={year}")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("nkplan: --year: ")
    assert done.err.endswith(
        "is not a year; write a number from 1000 to 2999, or none for sites without one\n"
    )


def test_a_column_of_numbers_is_never_cut(seeded: Path) -> None:
    shown = show(seeded, 80, "report", "slips")
    (line,) = [line for line in shown.lines if line.startswith("yongbyon-light-water-reactor")]
    assert line.endswith(" at most 4445")


def test_a_cohort_with_an_idle_site_counts_as_opened(tmp_path: Path) -> None:
    def make_project(
        id_: str, type_: ProjectType, parent: str | None = None, year: int | None = None
    ) -> Project:
        return Project(id=id_, name=id_, type=type_, kind="factory", parent=parent, year=year)

    def make_update(project: str, event_date: str, status: Status) -> Update:
        evidence = Evidence.IMAGERY if status is Status.IDLE else Evidence.PROMISER
        return Update(
            id=f"{project}-{event_date}",
            project=project,
            event_date=event_date,
            status=status,
            evidence=evidence,
        )

    batch = Batch(
        kinds=("factory",),
        projects=(
            make_project("p", ProjectType.PROGRAMME),
            make_project("p-2025", ProjectType.COHORT, "p", 2025),
            *(make_project(id_, ProjectType.SITE, "p-2025") for id_ in ("a", "b", "c")),
        ),
        updates=(
            Update(id="promise", project="p-2025", event_date="2024", promised="2025-06"),
            make_update("a", "2025", Status.COMPLETED),
            make_update("b", "2025-12-31", Status.COMPLETED),
            make_update("p-2025", "2025-12-31", Status.COMPLETED),
            make_update("c", "2026-02", Status.IDLE),
        ),
    )
    db = tmp_path / "idle.db"
    create_database(db, [batch], Recorder("kim", datetime(2026, 11, 24, tzinfo=UTC)))
    assert run_json(db, "report", "conflicts") == []
    done = run(db, "report", "use")
    assert "3 opened: " in show(db, 80, "report", "use").lines[-1]
    assert read_ids(done) == ["c", "a", "b"]


HOSTILE = "\x1b]0;owned\x07[bold]x[/bold] <script>|\u202e"


@pytest.fixture(scope="module")
def hostile(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped record with such text; tests must not write to it."""
    path = Path(shutil.copy(seeded, tmp_path_factory.mktemp("hostile")))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE projects SET name = ?", [HOSTILE])
        connection.execute("UPDATE places SET name = ?, full_name = NULL", [HOSTILE])
        connection.execute("UPDATE updates SET note = ?", [HOSTILE])
        connection.execute("UPDATE quotas SET unit = ?", [HOSTILE])
    return path


@pytest.mark.parametrize("view", VIEWS)
def test_text_from_the_record_cannot_control_a_terminal_in_any_view(hostile: Path, view: str) -> None:
    command = ["report", view, *(["--since", "2024"] if view == "changes" else []), "--limit", "5"]
    for form in ("csv", "md"):  # The other formats: test_hostile_text.py.
        done = run(hostile, *command, "-f", form)
        assert done.code == 0, done.err
        assert not set(done.out) & set("\x1b\x07\u202e"), form
        assert form != "md" or not re.search(r"(?<!\\)<script|(?<!\\)\[bold", done.out)
    shown = show(hostile, 120, *command)
    assert shown.code == 0
    assert b"\x1b]0;" not in shown.raw
    assert max(map(len, shown.lines)) <= 120


def test_of_sites_that_complete_a_cohort_on_one_day_the_most_precise_date_is_used(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        (first, second, *_) = connection.execute(
            "SELECT project FROM states JOIN projects ON projects.id = project"
            " WHERE parent = '20x10-2024' ORDER BY project"
        ).fetchall()
        for (site_,), opened in ((first, "2025"), (second, "2025-12-31")):
            connection.execute("INSERT OR IGNORE INTO dates (date) VALUES (?)", [opened])
            connection.execute(
                "UPDATE states SET opened = ?1, opened_day = '2025-12-31',"
                " opened_first = (SELECT first FROM dates WHERE date = ?1) WHERE project = ?2",
                [opened, site_],
            )
    told = {row["id"]: row["kept"] for row in run_json(record, "report", "slips")}
    assert told["20x10-2024"] == "2025-12-31"


# The table of views


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_has_a_query_module_and_a_report_module_of_its_name(view: str) -> None:
    fetch = import_module(f"nkplan.queries.{view}").fetch
    make_report = import_module(f"nkplan.reports.{view}").make_report
    assert list(signature(fetch).parameters.values())[1].annotation is Question
    assert [one.annotation for one in signature(make_report).parameters.values()][1:] == [Question]
    assert signature(make_report).return_annotation is Report


def test_the_help_shows_the_question_of_each_view_on_one_line(record: Path) -> None:
    lines = run(record, "report", "--help", COLUMNS="80").out.splitlines()
    listed = lines[lines.index("Views:") + 1 :]
    assert [line.split(maxsplit=1) for line in listed] == [
        [name, view.question] for name, view in VIEWS.items()
    ]
    assert max(map(len, listed)) <= 80


def test_an_option_of_one_view_is_refused_by_every_other(seeded: Path) -> None:
    given = {"by": "kind", "since": "2025", "on": "2024-01-15", "months": "3"}
    owners = {view.option: name for name, view in VIEWS.items() if view.option}
    assert owners.keys() == given.keys()
    for option, value in given.items():
        for name in VIEWS:
            done = run(seeded, "report", name, f"--{option}", value)
            owner = owners[option]
            told = f"nkplan: --{option} belongs to the view {owner}; write nkplan report"
            told += f" {owner} --{option} {value}, or leave it out\n"
            assert (done.err == told) == (name != owners[option])


def test_a_table_says_in_words_how_many_opened_ahead_of_what_is_due() -> None:
    one = programme(promise(5, cohort_year=2025), promise(2, cohort_year=2024), years=(2024, 2025))
    facts = Facts([one], {("p", "factory"): [Opening(date(2024, 5, 1), 3)]})
    report = pace_view.make_report(facts, QUESTION)
    # Two were due at the end of 2024 and seven at that of 2025; three have opened, also by 2026.
    assert report.screen is not None
    at = [column.key for column in report.screen.columns].index("behind")
    assert [row[at] for row in report.screen.rows] == ["1 ahead", 4, 4]
