"""What is doubtful about a claim, worked out by hand from the rules in the docstring of `find_doubts`."""

from datetime import date

import pytest

from nkplan.doubts import find_doubts
from nkplan.model.batch import Update
from nkplan.model.state import State
from nkplan.model.vocabulary import Confidence, Evidence, Status

OPEN = State(status=Status.OPERATING, last_date="2025-06", last_day=date(2025, 6, 30))


def claim(status: Status | None, day: str, **more: object) -> Update:
    return Update("dam", day, status=status)._replace(**more)  # type: ignore[arg-type]


BACK = [
    (Status.BUILDING, "2025-07", True),
    (Status.GROUNDBROKEN, "2025-06-30", True),
    # What is older moves nothing.
    (Status.BUILDING, "2025-05", False),
    # A halt, an end and idleness are no step back; nor is another sighting.
    (Status.IDLE, "2025-07", False),
    (Status.PAUSED, "2025-07", False),
    (Status.CLOSED, "2025-07", False),
    (Status.CANCELLED, "2025-07", False),
    (Status.OPERATING, "2025-07", False),
]


@pytest.mark.parametrize(("status", "day", "is_doubtful"), BACK)
def test_what_moves_an_open_project_back_to_before_or_to_work_is_doubtful(
    status: Status, day: str, is_doubtful: bool
) -> None:
    found = [doubt.sentence for doubt in find_doubts(claim(status, day), [], OPEN)]
    moved = f"dam is operating by what is on record up to 2025-06; {status} on {day} would move it back"
    assert found == ([moved] if is_doubtful else [])


OPENING = claim(Status.COMPLETED, "2025-06", evidence=Evidence.PROMISER, source="paper")
OPENED = State(
    status=Status.COMPLETED,
    claimed=Status.COMPLETED,
    opened="2025-06",
    last_date="2025-09",
    last_day=date(2025, 9, 30),
)
AGAINST = "dam was completed on 2025-06 by paper; building on {} contradicts this opening"
MOVES = "dam is completed by what is on record up to 2025-09; building on {} would move it back"
SEEN: list[tuple[str, Evidence | None, list[Update], str]] = [
    ("2025-10", Evidence.IMAGERY, [], AGAINST),
    # Also before the latest news: the opening is void all the same.
    ("2025-07-01", Evidence.ON_SITE, [], AGAINST),
    # By whoever answers for the opening, or has no class, it is only a step back.
    ("2025-10", Evidence.PROMISER, [], MOVES),
    ("2025-10", Evidence.EXPERT, [], MOVES),
    ("2025-10", None, [], MOVES),
    # What was built after somebody saw it open is new work, and moves it back.
    ("2025-10", Evidence.IMAGERY, [claim(Status.OPERATING, "2025-09", evidence=Evidence.PRESS)], MOVES),
    ("2025-10", Evidence.IMAGERY, [claim(Status.OPERATING, "2025-11", evidence=Evidence.PRESS)], AGAINST),
    # Within the interval of the opening it can be both.
    ("2025-06-02", Evidence.IMAGERY, [], ""),
    ("../2025-10", Evidence.IMAGERY, [], MOVES),
]


@pytest.mark.parametrize(("day", "evidence", "others", "said"), SEEN)
def test_an_observation_that_shows_it_unfinished_contradicts_an_opening(
    day: str, evidence: Evidence | None, others: list[Update], said: str
) -> None:
    seen = claim(Status.BUILDING, day, evidence=evidence)
    found = list(find_doubts(seen, [*others, OPENING], OPENED))
    assert [doubt.sentence for doubt in found] == ([said.format(day)] if said else [])
    assert said != AGAINST or found[0].contradicted == "the opening of dam"


@pytest.mark.parametrize(
    ("evidence", "verified", "contradicted"),
    [
        (Evidence.IMAGERY, None, "the claim that dam is building"),
        (Evidence.IMAGERY, Status.ANNOUNCED, "the claim that dam is building"),
        # Whoever moves back what their own side said is asked whether that is meant.
        (Evidence.IMAGERY, Status.BUILDING, ""),
        (Evidence.PROMISER, None, ""),
        (None, None, ""),
    ],
)
def test_a_step_back_is_contradicted_by_observers_if_none_of_them_made_the_step(
    evidence: Evidence | None, verified: Status | None, contradicted: str
) -> None:
    state = State(Status.BUILDING, Status.BUILDING, verified, last_date="2025", last_day=date(2025, 12, 31))
    [doubt] = find_doubts(claim(Status.PREPARING, "2026-01", evidence=evidence), [], state)
    assert doubt.contradicted == contradicted


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(("day", "differs"), [("2024-03", False), ("2024-03-09", False), ("2024-05", True)])
def test_what_happens_once_is_doubtful_under_another_date(status: Status, day: str, differs: bool) -> None:
    happens_once = status in {Status.GROUNDBROKEN, Status.COMPLETED}
    found = list(find_doubts(claim(status, day), [claim(status, "2024-03")], State()))
    assert bool(found) == (happens_once and differs)


@pytest.mark.parametrize(
    "other",
    [
        claim(Status.COMPLETED, "2024-03", withdrawn="2024-04"),
        claim(Status.COMPLETED, "2024-03", count=3.0),
        claim(Status.COMPLETED, "2024-03", confidence=Confidence.LOW, source="s"),
        claim(Status.GROUNDBROKEN, "2024-03"),
    ],
)
def test_what_sets_no_status_or_was_taken_back_raises_no_doubt(other: Update) -> None:
    assert list(find_doubts(claim(Status.COMPLETED, "2025"), [other], State())) == []


def test_a_claim_that_sets_no_status_is_never_doubtful() -> None:
    for one in (claim(None, "2026", note="x"), claim(Status.BUILDING, "2026", count=3.0)):
        assert list(find_doubts(one, [], OPEN)) == []
