"""What add and update read from their options before anything is recorded."""

from datetime import date

import pytest
from each import for_each

from nkplan.cli.claims import read_claim
from nkplan.cli.options import ClaimOptions
from nkplan.model.vocabulary import Status

TODAY = date(2026, 11, 24)
SEEN_AFTERWARDS = {Status.GROUNDBROKEN, Status.COMPLETED, Status.OPERATING}


@for_each("status", [None, *Status])
@for_each("seen", ["2024-05-20", "2024-05", "2024-H1"])
def test_what_is_seen_on_a_day_is_so_on_that_day_or_happened_by_it(status: Status | None, seen: str) -> None:
    claim = read_claim(ClaimOptions(note="x", seen=seen), TODAY, TODAY, status)
    assert claim.on == (f"../{seen}" if status in SEEN_AFTERWARDS else seen)


def test_the_status_may_be_typed_in_any_case() -> None:
    assert read_claim(ClaimOptions(seen="2024-05"), TODAY, TODAY, "Operating").on == "../2024-05"


@pytest.mark.parametrize("on", ["2024-03/2024-06", "../2024-05-20", "2024-H2/.."])
def test_an_event_or_a_promise_can_have_any_date(on: str) -> None:
    claim = read_claim(ClaimOptions(on=on, promised=on), TODAY, TODAY, "completed")
    assert (claim.on, claim.update.promised) == (on, on)
