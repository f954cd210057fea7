"""How a state is judged: pure functions of facts and a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkplan.dates import parse_date
from nkplan.model.state import Fact, Site, State
from nkplan.model.vocabulary import Evidence, Status
from nkplan.report.state import age_in_months, is_overdue, is_silent, is_unverified, judge

DATES = st.sampled_from(
    [
        "2023",
        "2024",
        "2024-Q1",
        "2024-Q4",
        "2024-02",
        "2024-03",
        "2024-03-01",
        "2024-03-11",
        "2024-12-20",
        "2025",
    ]
)
FACTS = st.builds(
    Fact,
    id=st.uuids().map(str),
    event_date=DATES,
    published=st.none() | DATES,
    status=st.none() | st.sampled_from(Status),
    percent=st.none() | st.integers(0, 100).map(float),
    promised=st.none() | DATES,
    evidence=st.none() | st.sampled_from(Evidence),
)
MANY = st.lists(FACTS, max_size=8, unique_by=lambda fact: fact.id)


def fact(
    event_date: str, status: Status | None = None, evidence: Evidence | None = None, **more: object
) -> Fact:
    given_ = {"id": f"{event_date} {status} {evidence} {more}", "event_date": event_date, "status": status}
    return Fact(**(given_ | {"evidence": evidence} | more))  # type: ignore[arg-type]


@given(MANY, st.randoms())
def test_an_order_of_recording_never_changes_a_state(facts: list[Fact], random: object) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge(shuffled) == judge(facts)


@given(MANY, st.lists(st.uuids().map(str), min_size=8, max_size=8, unique=True))
def test_ids_never_decide_a_state(facts: list[Fact], ids: list[str]) -> None:
    renamed = [one._replace(id=id_) for one, id_ in zip(facts, ids, strict=False)]
    assert judge(renamed) == judge(facts)


@given(MANY, FACTS)
def test_an_update_without_a_status_changes_no_status(facts: list[Fact], one: Fact) -> None:
    before, after = judge(facts), judge([*facts, one._replace(status=None)])
    for name in ("status", "claimed", "verified", "started"):
        assert getattr(after, name) == getattr(before, name)
    assert after.updates == before.updates + 1


@given(MANY)
def test_claimed_is_the_promisers_word_and_verified_an_observation(facts: list[Fact]) -> None:
    state = judge(facts)
    claims = [one for one in facts if one.evidence is Evidence.STATE_MEDIA]
    seen = [one for one in facts if one.evidence and one.evidence.verifies]
    assert state.claimed == judge(claims).status
    assert state.verified == judge(seen).status


@given(MANY, st.sampled_from([Evidence.EXPERT, None]), st.sampled_from(Status))
def test_an_opinion_neither_claims_nor_verifies(
    facts: list[Fact], evidence: Evidence | None, said: Status
) -> None:
    before, after = judge(facts), judge([*facts, fact("2026", said, evidence)])
    assert (after.claimed, after.verified) == (before.claimed, before.verified)
    assert after.status is said


def test_only_four_classes_verify() -> None:
    assert {one for one in Evidence if one.verifies} == {
        Evidence.SATELLITE_IMAGERY,
        Evidence.GROUND_SOURCE,
        Evidence.GOVERNMENT,
        Evidence.FOREIGN_MEDIA,
    }


def test_an_event_counts_from_when_it_had_surely_happened() -> None:
    """Ground was broken "in March", told on the 11th; foundations were seen on the 12th."""
    broken = fact("2024-03", Status.GROUNDBROKEN, published="2024-03-11")
    seen = fact("2024-03-12", Status.BUILDING)
    assert judge([broken, seen]).status is Status.BUILDING
    assert judge([broken._replace(published=None), seen]).status is Status.GROUNDBROKEN
    assert judge([broken]).last_day == date(2024, 3, 11)


def test_of_one_day_the_further_status_holds() -> None:
    assert judge([fact("2024", Status.IDLE), fact("2024", Status.COMPLETED)]).status is Status.IDLE


def test_a_later_step_back_holds() -> None:
    facts = [
        fact("2024-06", Status.OPERATING),
        fact("2025-01", Status.IDLE),
        fact("2024-01", Status.BUILDING),
    ]
    assert judge(facts).status is Status.IDLE


@pytest.mark.parametrize(
    ("steps", "progress"),
    [
        ([Status.ANNOUNCED], 0.0),
        ([Status.ANNOUNCED, Status.GROUNDBROKEN], None),
        ([Status.GROUNDBROKEN, 40.0], 40.0),
        ([Status.GROUNDBROKEN, 40.0, Status.BUILDING], 40.0),
        ([40.0, Status.PAUSED], 40.0),
        ([80.0, Status.COMPLETED], 100.0),
        ([Status.COMPLETED, Status.IDLE], 100.0),
        ([Status.COMPLETED, Status.BUILDING], None),
        ([Status.COMPLETED, 60.0], 60.0),
    ],
)
def test_progress_is_what_was_last_said_or_what_a_status_means(
    steps: list[Status | float], progress: float | None
) -> None:
    facts = [
        fact(f"2024-{month:02}", step) if isinstance(step, Status) else fact(f"2024-{month:02}", percent=step)
        for month, step in enumerate(steps, 1)
    ]
    assert judge(facts).progress == progress


def test_started_means_that_work_was_once_shown() -> None:
    assert judge([fact("2024-01", Status.BUILDING), fact("2024-02", Status.CANCELLED)]).started
    assert not judge([fact("2024-01", Status.ANNOUNCED), fact("2024-02", Status.PAUSED)]).started


def test_the_latest_promised_date_holds() -> None:
    assert judge([fact("2024", promised="2025"), fact("2020", promised="2020-10-10")]).promised == "2025"


def test_nothing_known_is_an_empty_state() -> None:
    assert judge([]) == State()
    assert is_silent(State(), date(2026, 1, 1))
    assert age_in_months(State(), date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("claimed", "verified", "unverified"),
    [
        (Status.COMPLETED, None, True),
        (Status.COMPLETED, Status.BUILDING, True),
        (Status.OPERATING, Status.COMPLETED, True),
        (Status.OPERATING, Status.IDLE, True),
        (Status.COMPLETED, Status.IDLE, False),
        (Status.COMPLETED, Status.COMPLETED, False),
        (Status.BUILDING, Status.OPERATING, False),
        (Status.ANNOUNCED, None, False),
        (Status.PAUSED, None, False),
        (None, Status.BUILDING, False),
    ],
)
def test_unverified_is_claimed_further_than_verified(
    claimed: Status | None, verified: Status | None, unverified: bool
) -> None:
    assert is_unverified(State(claimed=claimed, verified=verified)) is unverified


@pytest.mark.parametrize(
    ("promised", "last_day_in_time"),
    [
        ("2024", "2024-12-31"),
        ("2024-Q1", "2024-03-31"),
        ("2024-02", "2024-02-29"),
        ("2020-10-10", "2020-10-10"),
    ],
)
def test_overdue_begins_the_day_after_the_promised_interval(promised: str, last_day_in_time: str) -> None:
    site = Site(id="x", name="X", kind="other", promised=promised, state=State(status=Status.BUILDING))
    last = parse_date(last_day_in_time).end
    assert not is_overdue(site, last)
    assert is_overdue(site, date.fromordinal(last.toordinal() + 1))


@pytest.mark.parametrize("status", [None, *Status])
def test_what_has_opened_or_was_cancelled_is_not_overdue(status: Status | None) -> None:
    site = Site(id="x", name="X", kind="other", promised="2020", state=State(status=status))
    over = {Status.COMPLETED, Status.OPERATING, Status.IDLE, Status.CANCELLED}
    assert is_overdue(site, date(2026, 1, 1)) is (status not in over)


def test_silence_begins_with_the_month_that_is_full() -> None:
    state = State(status=Status.BUILDING, last_day=date(2024, 1, 15))
    assert not is_silent(state, date(2026, 1, 14))
    assert is_silent(state, date(2026, 1, 15))
    assert is_silent(state, date(2024, 7, 15), 6)
    for status in (Status.PAUSED, Status.CANCELLED):
        assert not is_silent(state._replace(status=status), date(2030, 1, 1))
