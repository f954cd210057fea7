"""The present state of one project, and what it is by a day: unverified, overdue, silent."""

from collections.abc import Iterable
from datetime import date

from nkplan.dates import months_between, parse_date, settle
from nkplan.model.state import Fact, State
from nkplan.model.vocabulary import Evidence, Status

SILENT_MONTHS = 24
"""After so many months without evidence a project is silent: the Global Energy Monitor's rule."""


def order_fact(fact: Fact) -> tuple[date, int, float, str, str, str]:
    """Order updates by settled day, then the further status, then what they say.

    The id comes last, where it can no longer change a state: an id tells when something was recorded.
    """
    published = parse_date(fact.published) if fact.published else None
    return (
        settle(parse_date(fact.event_date), published),
        -1 if fact.status is None else fact.status.rank,
        -1.0 if fact.percent is None else fact.percent,
        fact.promised or "",
        fact.event_date,
        fact.id,
    )


def sort_facts(facts: Iterable[Fact]) -> list[Fact]:
    """Put updates in the order in which they had surely happened, the latest last."""
    return sorted(facts, key=order_fact)


def judge(facts: Iterable[Fact]) -> State:
    """Judge the present state of a project from its updates that are not retracted, in any order.

    Updates of one day are put in order by what they say (see `order_fact`), so of one class the further
    status holds.
    """
    ordered = sort_facts(facts)
    if not ordered:
        return State()
    status = claimed = verified = None
    progress: float | None = None
    promised: str | None = None
    for fact in ordered:
        if fact.promised is not None:
            promised = fact.promised
        if fact.percent is not None:
            progress = fact.percent
        elif fact.status is not None:
            progress = _progress_of(fact.status, progress)
        if fact.status is None:
            continue
        status = fact.status
        if fact.evidence is Evidence.STATE_MEDIA:
            claimed = fact.status
        elif fact.evidence is not None and fact.evidence.verifies:
            verified = fact.status
    last = ordered[-1]
    return State(
        status=status,
        claimed=claimed,
        verified=verified,
        started=any(fact.status is not None and fact.status.is_started for fact in ordered),
        progress=progress,
        last_date=last.event_date,
        last_day=order_fact(last)[0],
        promised=promised,
        updates=len(ordered),
    )


def _progress_of(status: Status, before: float | None) -> float | None:
    """Give the percentage a status stands for: 100 once opened, 0 before work; else the one known before."""
    if status.is_complete:
        return 100.0
    if status in {Status.ANNOUNCED, Status.PREPARING}:
        return 0.0
    # A percentage said before the work began, or of a project since reopened, says nothing of the work now.
    return None if before in {0.0, 100.0} else before


def is_unverified(state: State) -> bool:
    """Tell whether more is claimed than is verified."""
    claimed = state.claimed.reach if state.claimed else 0
    verified = state.verified.reach if state.verified else 0
    return claimed > verified


def is_overdue(status: Status | None, promised: str | None, today: date) -> bool:
    """Tell whether a promised date is past while the present status is neither open nor cancelled."""
    if promised is None or parse_date(promised).end >= today:
        return False
    return status is None or not (status.is_complete or status is Status.CANCELLED)


def is_silent(state: State, today: date, months: int = SILENT_MONTHS) -> bool:
    """Tell whether no update falls in the last months; a paused or cancelled project is not silent."""
    if state.status in {Status.PAUSED, Status.CANCELLED}:
        return False
    return state.last_day is None or months_between(state.last_day, today) >= months


def age_in_months(state: State, today: date) -> int | None:
    """Give the whole months since the last evidence, or None where there is none."""
    return None if state.last_day is None else months_between(state.last_day, today)
