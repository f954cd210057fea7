"""How the schema judges a state from facts, and what the state means on a given day."""

from datetime import date
from itertools import pairwise

import pytest
from each import for_each
from examples import example_count
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from judging import Fact, judge, judge_in_python

from nkplan.dates import parse_date
from nkplan.judgement import age_in_months, find_overdue, is_silent, is_unverified
from nkplan.model.state import State
from nkplan.model.vocabulary import Confidence, Evidence, Status

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
    confidence=st.none() | st.sampled_from(Confidence),
    promised_status=st.none() | st.sampled_from(Status).filter(lambda status: status.event is not None),
    is_sourced=st.booleans(),
    count=st.sampled_from([None, None, None, 40.0]),
)
MANY = st.lists(FACTS, max_size=8, unique_by=lambda fact: fact.id)


def fact(
    event_date: str, status: Status | None = None, evidence: Evidence | None = None, **more: object
) -> Fact:
    given_ = {"id": f"{event_date} {status} {evidence} {more}", "event_date": event_date, "status": status}
    return Fact(**(given_ | {"evidence": evidence} | more))  # type: ignore[arg-type]


@settings(max_examples=example_count(90, 150))
@given(MANY)
def test_the_schema_judges_as_the_manual_says(facts: list[Fact]) -> None:
    assert judge(facts) == judge_in_python(facts)


@given(MANY, st.randoms())
def test_the_order_of_recording_never_changes_a_state(facts: list[Fact], random: object) -> None:
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
    claims = [one for one in facts if one.evidence is Evidence.PROMISER]
    seen = [one for one in facts if one.evidence and one.evidence.verifies]
    assert state.claimed == judge(claims).status
    assert state.verified == judge(seen).status


@given(MANY, st.sampled_from(Status))
def test_an_interested_party_settles_nothing(facts: list[Fact], said: Status) -> None:
    before, after = judge(facts), judge([*facts, fact("2026", said, Evidence.INTERESTED)])
    assert after._replace(updates=before.updates) == before


@given(MANY, st.sampled_from([Evidence.EXPERT, None]), st.sampled_from(Status))
def test_an_opinion_neither_claims_nor_verifies(
    facts: list[Fact], evidence: Evidence | None, said: Status
) -> None:
    before, after = judge(facts), judge([*facts, fact("2026", said, evidence)])
    assert (after.claimed, after.verified) == (before.claimed, before.verified)
    assert after.status is said or said is Status.ANNOUNCED


def test_only_four_classes_verify() -> None:
    assert {one for one in Evidence if one.verifies} == {
        Evidence.IMAGERY,
        Evidence.ON_SITE,
        Evidence.AUTHORITY,
        Evidence.PRESS,
    }


def test_an_event_counts_from_its_effective_day() -> None:
    """Ground was broken "in March", reported on the 11th; foundations were seen on the 12th."""
    broken = fact("2024-03", Status.GROUNDBROKEN, published="2024-03-11")
    seen = fact("2024-03-12", Status.BUILDING)
    assert judge([broken, seen]).status is Status.BUILDING
    assert judge([broken._replace(published=None), seen]).status is Status.GROUNDBROKEN
    assert judge([broken]).last_day == date(2024, 3, 11)


def test_of_two_statuses_of_one_day_the_further_one_counts() -> None:
    assert judge([fact("2024", Status.IDLE), fact("2024", Status.COMPLETED)]).status is Status.IDLE


def test_a_later_step_back_counts() -> None:
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
def test_progress_is_the_last_percentage_stated_or_what_a_status_implies(
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


def test_the_latest_promised_date_counts() -> None:
    assert judge([fact("2024", promised="2025"), fact("2020", promised="2020-10-10")]).promised == "2025"


def test_no_facts_give_an_empty_state() -> None:
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
def test_unverified_means_claimed_further_than_verified(
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
        ("2024-H1", "2024-06-30"),
        ("2023-12/2024-02", "2024-02-29"),
        ("../2024", "2024-12-31"),
    ],
)
def test_overdue_begins_the_day_after_the_promised_interval(promised: str, last_day_in_time: str) -> None:
    state = State(status=Status.BUILDING, promised=promised)
    last = parse_date(last_day_in_time).end
    assert find_overdue(state, last) is None
    overdue = find_overdue(state, date.fromordinal(last.toordinal() + 1))
    assert overdue is not None
    assert (overdue.date, overdue.stage) == (promised, "opened")


@pytest.mark.parametrize("promised", ["2020/..", "2020-03-15/.."])
def test_what_is_promised_from_a_day_on_is_never_overdue(promised: str) -> None:
    assert find_overdue(State(status=Status.BUILDING, promised=promised), date(2999, 12, 31)) is None


@pytest.mark.parametrize("status", Status)
def test_what_has_opened_or_is_cancelled_is_not_overdue(status: Status) -> None:
    state = judge([fact("2019", Status.ANNOUNCED, promised="2020"), fact("2021", status)])
    over = {Status.COMPLETED, Status.OPERATING, Status.IDLE, Status.CLOSED, Status.CANCELLED}
    assert (find_overdue(state, date(2026, 1, 1)) is None) == (status in over)


KEEPS = {
    Status.GROUNDBROKEN: {
        *(
            Status.GROUNDBROKEN,
            Status.BUILDING,
            Status.COMPLETED,
            Status.OPERATING,
            Status.IDLE,
            Status.CLOSED,
        )
    },
    Status.COMPLETED: {Status.COMPLETED, Status.OPERATING, Status.IDLE, Status.CLOSED},
    Status.OPERATING: {Status.OPERATING},
}


@for_each("status", [one for one in Status if one is not Status.CANCELLED])
@for_each("stage", KEEPS)
def test_a_promise_is_kept_once_its_stage_is_on_record(stage: Status, status: Status) -> None:
    state = judge(
        [fact("2019", Status.ANNOUNCED, promised="2020", promised_status=stage), fact("2021", status)]
    )
    assert (find_overdue(state, date(2026, 1, 1)) is None) == (status in KEEPS[stage])


@pytest.mark.parametrize("set_aside", [Status.IDLE, Status.CLOSED])
def test_a_date_promised_for_what_stands_idle_promises_use_again(set_aside: Status) -> None:
    """A factory opened in 2016, idled in 2018, and was to start again by the spring of 2022."""
    facts = [
        fact("2016-05", Status.OPERATING),
        fact("2018", set_aside),
        fact("2021-11", promised="2022-Q1", evidence=Evidence.PROMISER),
    ]
    overdue = find_overdue(judge(facts), date(2023, 1, 1))
    assert overdue is not None
    assert (overdue.date, overdue.stage) == ("2022-Q1", "in use again")
    assert find_overdue(judge(facts), date(2022, 3, 31)) is None
    running = [*facts, fact("2022-06", Status.OPERATING)]
    assert find_overdue(judge(running), date(2023, 1, 1)) is None
    assert find_overdue(judge([*running, fact("2023-06", Status.IDLE)]), date(2024, 1, 1)) is not None


def test_after_a_halt_the_promise_goes_on() -> None:
    facts = [fact("2020", Status.PAUSED), fact("2021", promised="2022", evidence=Evidence.PROMISER)]
    assert judge(facts).promised == "2022"


def test_the_date_of_another_class_is_a_forecast_and_no_promise() -> None:
    for evidence in (one for one in Evidence if one is not Evidence.PROMISER):
        state = judge([fact("2020", Status.BUILDING, evidence, promised="2021")])
        assert (state.promised, find_overdue(state, date(2026, 1, 1))) == (None, None)


def test_a_site_is_silent_once_the_last_month_is_complete() -> None:
    state = State(status=Status.BUILDING, last_day=date(2024, 1, 15))
    assert not is_silent(state, date(2026, 1, 14))
    assert is_silent(state, date(2026, 1, 15))
    assert is_silent(state, date(2024, 7, 15), 6)


@pytest.mark.parametrize("status", Status)
def test_only_what_is_neither_open_nor_halted_nor_ended_can_be_silent(status: Status) -> None:
    unfinished = {Status.ANNOUNCED, Status.PREPARING, Status.GROUNDBROKEN, Status.BUILDING}
    state = State(status=status, last_day=date(2012, 1, 15))
    assert is_silent(state, date(2030, 1, 1)) == (status in unfinished)


@given(MANY, FACTS)
def test_a_started_project_stays_started(facts: list[Fact], one: Fact) -> None:
    started = judge([*facts, one]).started
    # What is shown later can only make an opening void.
    starts = one.as_update().sets_status and one.status is not None and one.status.is_started
    assert started or not (starts and one.status in {Status.GROUNDBROKEN, Status.BUILDING})
    assert not started or judge(facts).started or starts


@given(MANY, st.sampled_from(Status))
def test_a_later_claim_verifies_nothing_and_a_later_observation_claims_nothing(
    facts: list[Fact], said: Status
) -> None:
    before = judge(facts)
    claim = judge([*facts, fact("2026", said, Evidence.PROMISER)])
    assert claim.verified == before.verified
    if said is not Status.ANNOUNCED:
        assert (claim.status, claim.claimed) == (said, said)
    for evidence in (one for one in Evidence if one.verifies):
        seen = judge([*facts, fact("2026", said, evidence)])
        assert (seen.status, seen.claimed, seen.verified) == (said, before.claimed, said)


@for_each("shown", Status)
@for_each("evidence", [*Evidence, None])
def test_a_new_announcement_moves_no_work_back(shown: Status, evidence: Evidence | None) -> None:
    """Only an observer can; what was cancelled or closed is taken up again."""
    state = judge([fact("2020", shown, Evidence.PRESS), fact("2021", Status.ANNOUNCED, evidence)])
    moves = shown in {Status.ANNOUNCED, Status.PREPARING, Status.PAUSED, Status.CANCELLED, Status.CLOSED}
    is_observer = evidence is not None and evidence.verifies
    says = evidence is not Evidence.INTERESTED
    assert state.status is (Status.ANNOUNCED if says and (moves or is_observer) else shown)


@given(MANY)
def test_the_last_evidence_is_the_latest_of_all(facts: list[Fact]) -> None:
    state = judge(facts)
    assume(Evidence.INTERESTED not in {one.evidence for one in facts})
    days = [judge([one]).last_day for one in facts]
    assert state.last_day == max((day for day in days if day), default=None)
    assert state.last_date in {None, *(one.event_date for one in facts)}
    assert (state.last_date is None) == all(one.as_update().counts_as == "nothing" for one in facts)


@pytest.mark.parametrize(
    ("event", "published", "effective_day"),
    [
        ("2024-03", "2024-03-01", date(2024, 3, 1)),
        ("2024-03", "2024-03-11", date(2024, 3, 11)),
        ("2024-03", "2024-03-31", date(2024, 3, 31)),
        ("2024-03", "2024-04-01", date(2024, 3, 31)),
        ("2024-03", "2024-02-29", date(2024, 3, 31)),
        ("2024", "2024-03", date(2024, 3, 31)),
        ("2024-Q1", "2024", date(2024, 3, 31)),
        ("2024-03-12", "2024-03-11", date(2024, 3, 12)),
        ("2024-03", None, date(2024, 3, 31)),
    ],
)
def test_the_effective_day_is_the_end_of_the_interval_or_the_publication(
    event: str, published: str | None, effective_day: date
) -> None:
    assert judge([fact(event, Status.BUILDING, published=published)]).last_day == effective_day


def test_two_vague_events_are_ordered_by_publication() -> None:
    first = fact("2024", Status.COMPLETED, published="2024-05-02")
    second = fact("2024", Status.BUILDING, published="2024-05-03")
    assert judge([second, first]).status is Status.BUILDING


@pytest.mark.parametrize(("one", "further"), list(pairwise(Status)))
def test_of_two_claims_of_one_day_the_further_status_counts(one: Status, further: Status) -> None:
    facts = [fact("2024-03-01", status, Evidence.PROMISER) for status in (further, one)]
    assert (judge(facts).status, judge(facts).claimed) == (further, further)


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        ({"percent": 30.0}, {"percent": 60.0}, {"progress": 60.0}),
        ({"percent": 0.0}, {"promised": "2025"}, {"progress": 0.0, "promised": "2025"}),
        ({"promised": "2025"}, {"promised": "2026"}, {"promised": "2026"}),
        ({"promised": "2025"}, {"percent": 30.0, "promised": "2026"}, {"promised": "2026"}),
        (
            {"event_date": "2024", "is_sourced": True},
            {"event_date": "2024-12-31", "is_sourced": True},
            {"last_date": "2024-12-31"},
        ),
    ],
)
def test_updates_of_one_day_are_ordered_by_content_not_by_id_or_recording(
    one: dict[str, object], other: dict[str, object], kept: dict[str, object]
) -> None:
    facts = [fact(**({"event_date": "2024-12-31"} | said)) for said in (one, other)]  # type: ignore[arg-type]
    for ids in ("ab", "ba"):
        named = [known._replace(id=id_) for known, id_ in zip(facts, ids, strict=True)]
        for state in (judge(named), judge(reversed(named))):
            assert {name: getattr(state, name) for name in kept} == kept


def test_a_percentage_stated_with_a_status_overrides_what_the_status_implies() -> None:
    assert judge([fact("2024", Status.PREPARING, percent=5.0)]).progress == 5.0
    assert judge([fact("2024", Status.COMPLETED, percent=95.0)]).progress == 95.0


@pytest.mark.parametrize("status", Status)
def test_progress_is_100_once_opened_and_0_before_work(status: Status) -> None:
    opened = {Status.COMPLETED, Status.OPERATING, Status.IDLE, Status.CLOSED}
    meant = 100.0 if status in opened else 0.0 if status in {Status.ANNOUNCED, Status.PREPARING} else None
    assert judge([fact("2024", status)]).progress == meant


def test_a_site_promised_for_2024_is_overdue_from_1_january_2025() -> None:
    assert find_overdue(State(promised="2024"), date(2024, 12, 31)) is None
    assert find_overdue(State(promised="2024"), date(2025, 1, 1)) is not None
    assert find_overdue(State(), date(2999, 1, 1)) is None


def test_a_claim_of_opening_is_void_once_it_is_shown_unfinished() -> None:
    claimed = fact("2024-01", Status.COMPLETED, Evidence.PROMISER, promised="2023")
    for shown in (
        fact("2024-02", Status.BUILDING, Evidence.IMAGERY),
        fact("2024-02", Status.BUILDING, Evidence.PROMISER),
    ):
        state = judge([claimed, shown])
        assert (state.opened, state.status) == (None, Status.BUILDING)
        assert find_overdue(state, date(2025, 1, 1)) is not None
    # Neither an expert's word, nor an image of the same month, nor new work on what was seen open refutes it.
    seen = fact("2024-01", Status.OPERATING, Evidence.PRESS)
    for others in (
        [fact("2024-02", Status.BUILDING, Evidence.EXPERT)],
        [fact("2024-01-31", Status.BUILDING, Evidence.IMAGERY)],
        [seen, fact("2024-02", Status.BUILDING, Evidence.IMAGERY)],
        [fact("2024-02", Status.BUILDING, Evidence.IMAGERY, confidence=Confidence.LOW)],
        [fact("2024-02", Status.ANNOUNCED, Evidence.PROMISER)],
    ):
        assert judge([claimed, *others]).opened == "2024-01"


@pytest.mark.parametrize("status", [one for one in Status if one.phase in {"before", "work"}])
def test_a_site_is_silent_24_months_after_the_effective_day_of_its_last_evidence(status: Status) -> None:
    state = judge([fact("2024-03", status, published="2024-03-11"), fact("2023", Status.BUILDING)])
    assert not is_silent(state, date(2026, 3, 10))
    assert is_silent(state, date(2026, 3, 11))
    assert age_in_months(state, date(2026, 3, 10)) == 23
    assert age_in_months(state, date(2026, 3, 11)) == 24


def test_a_report_without_a_status_ends_a_silence_and_a_note_of_ones_own_does_not() -> None:
    begun = fact("2020-01-01", Status.BUILDING)
    today = date(2026, 1, 1)
    assert is_silent(judge([begun]), today)
    assert is_silent(judge([begun, fact("2025-06")]), today)
    assert is_silent(judge([begun, fact("2025-06", evidence=Evidence.INTERESTED)]), today)
    for more in ({"is_sourced": True}, {"evidence": Evidence.EXPERT}, {"percent": 40.0}):
        assert not is_silent(judge([begun, fact("2025-06", **more)]), today)
    low = fact("2025-06", Status.IDLE, Evidence.IMAGERY, confidence=Confidence.LOW)
    assert not is_silent(judge([begun, low]), today)
    assert judge([begun, low]).status is Status.BUILDING


def test_a_paused_site_that_resumed_can_be_silent_again() -> None:
    facts = [fact("2020", Status.PAUSED)]
    assert not is_silent(judge(facts), date(2026, 1, 1))
    assert is_silent(judge([*facts, fact("2021", Status.BUILDING)]), date(2026, 1, 1))
