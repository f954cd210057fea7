"""Whether a state is unverified, overdue or silent on a day. The schema judges the state itself."""

from datetime import date
from functools import cache
from typing import NamedTuple

from nkplan.dates import months_between, parse_date, write_by
from nkplan.model.settings import SILENT_MONTHS
from nkplan.model.state import State
from nkplan.model.vocabulary import Status


def is_unverified(state: State) -> bool:
    """Return whether the promiser claims more than was seen."""
    return measure_gap(state) > 0


def measure_gap(state: State) -> int:
    """Measure how much further the promiser's claim reaches than what was seen; 0 or less if no further.

    A halt that was seen reaches as far as a prepared site. While the promiser's latest word is that the
    project is idle, closed, halted or cancelled, it claims nothing.
    """
    return _measure_gap(state.claimed, state.verified)


@cache
def _measure_gap(claimed: Status | None, verified: Status | None) -> int:
    if claimed is None or claimed.is_halted or claimed.is_unused:
        return 0
    return claimed.reach - (
        0 if verified is None else PREPARED if verified.phase == "halted" else verified.reach
    )


PREPARED = 1
"""How far a halt that was seen reaches: as far as `preparing`."""


def tell_start(state: State) -> str | None:
    """Return the date of the start of work, as `../D` if work was only seen to have begun by then."""
    return None if state.start is None else write_by(state.start, state.start_first)


def tell_opening(state: State) -> str | None:
    """Return the date of the opening, as `../D` if it was only seen to be open by then."""
    return None if state.opened is None else write_by(state.opened, state.opened_first)


class Promise(NamedTuple):
    """A date that holds, as written: that the project will be at a stage, such as `opened`, by then."""

    date: str
    stage: str
    is_kept: bool


def list_promises(state: State) -> list[Promise]:
    """List the dates that hold, each with whether the promise was kept."""
    found = []
    if state.promised_start is not None:
        found.append(Promise(state.promised_start, "started", state.started))
    if state.promised is not None:
        found.append(Promise(state.promised, "opened", state.opened is not None))
    if state.promised_use is not None:
        found.append(Promise(state.promised_use, "in use", state.used))
    if state.promised_again is not None:
        is_in_use = state.status is not None and state.status.is_in_use
        found.append(Promise(state.promised_again, "in use again", is_in_use))
    return found


def find_overdue(state: State, today: date) -> Promise | None:
    """Return the promise that is overdue for longest: its whole interval has passed, and it is not kept.

    Nothing of a cancelled project is overdue.
    """
    promise = choose_promise(state)
    return promise if is_overdue(promise, state, today) else None


def is_overdue(promise: Promise | None, state: State, today: date) -> bool:
    """Return whether a promise, the one to show of a state, is overdue."""
    return (
        promise is not None
        and not promise.is_kept
        and state.cancelled_day is None
        and parse_date(promise.date).end < today
    )


def choose_promise(state: State) -> Promise | None:
    """Return the promise to show: of those not kept the one due first, or else the last of those kept."""
    promises = list_promises(state)
    if not promises:
        return None
    unkept = [one for one in promises if not one.is_kept]
    if unkept:
        return min(unkept, key=lambda one: parse_date(one.date).end)
    return promises[-1]


def is_silent(state: State, today: date, months: int = SILENT_MONTHS) -> bool:
    """Return whether there was no news in the last months of a project that is not open, halted or ended."""
    if not is_news_due(state):
        return False
    age = age_in_months(state, today)
    return age is None or age >= months


def is_news_due(state: State) -> bool:
    """Return whether news of a project can be expected: it is not open, halted or ended."""
    if state.cancelled_day is not None:
        return False
    return state.status is None or not (state.status.is_open or state.status.is_halted)


def age_in_months(state: State, today: date) -> int | None:
    """Return the whole months since the last news, or None if there is none."""
    return None if state.last_day is None else months_between(state.last_day, today)
