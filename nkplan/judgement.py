"""Whether a state is unverified, overdue or silent on a day. The schema judges the state itself."""

from datetime import date

from nkplan.dates import months_between, parse_date
from nkplan.model.settings import SILENT_MONTHS
from nkplan.model.state import State
from nkplan.model.vocabulary import Status


def is_unverified(state: State) -> bool:
    """Return whether more is claimed than is verified."""
    claimed = state.claimed.reach if state.claimed else 0
    verified = state.verified.reach if state.verified else 0
    return claimed > verified


def is_overdue(status: Status | None, promised: str | None, today: date) -> bool:
    """Return whether a promised date has passed while the status is neither open nor cancelled."""
    if promised is None or parse_date(promised).end >= today:
        return False
    return status is None or not status.is_ended


def is_silent(state: State, today: date, months: int = SILENT_MONTHS) -> bool:
    """Return whether no update falls in the last months; a paused or cancelled project is not silent."""
    if state.last_day is not None and months_between(state.last_day, today) < months:
        return False
    return state.status is None or not state.status.is_halted


def count_abandoned_months(silent_months: int) -> int:
    """Return the months after which a silent project is abandoned: the Global Energy Monitor's rule."""
    return 2 * silent_months


def age_in_months(state: State, today: date) -> int | None:
    """Return the whole months since the last evidence, or None if there is none."""
    return None if state.last_day is None else months_between(state.last_day, today)
