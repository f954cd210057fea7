"""What is doubtful about a claim, worked out by hand from the rules in the docstring of `find_doubts`."""

from datetime import date

import pytest

from nkplan.doubts import find_doubts
from nkplan.model.batch import Update
from nkplan.model.state import State
from nkplan.model.vocabulary import Confidence, Status

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
    assert any("would move it back" in doubt for doubt in find_doubts(claim(status, day), [], OPEN)) == (
        is_doubtful
    )


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
