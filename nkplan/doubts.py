"""What is doubtful about a claim before it is recorded: reasons to ask whether it is meant."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from nkplan.dates import PartialDate, parse_date
from nkplan.model.batch import Update
from nkplan.model.state import State


class Doubt(NamedTuple):
    """A sentence on what is doubtful.

    `contradicted` names what an observation contradicts, as in `the opening of dam`: to find that out is what
    observations are for, so that it is told and not advised against.
    """

    sentence: str
    contradicted: str = ""


def find_doubts(update: Update, others: Iterable[Update], state: State) -> Iterator[Doubt]:
    """Yield what is doubtful about a new claim, given the project's other claims and its state.

    It contradicts an opening, because it was seen unfinished afterwards; it moves the project back; it opens
    it a second time; or it repeats what happens only once under another date. A sighting, such as of building
    or operation, can be repeated.
    """
    status = update.status
    if status is None or not update.sets_status:
        return
    others = [one for one in others if one.sets_status and one.withdrawn is None]
    date = parse_date(update.event_date)
    if (opening := _find_contradicted(update, date, others, state)) is not None:
        yield Doubt(
            f"{_tell(opening)}; {status} on {update.event_date} contradicts this opening",
            f"the opening of {update.project}",
        )
    elif (
        state.status is not None
        and status.phase in {"before", "work"}
        and status.reach < state.status.reach
        and (state.last_day is None or date.effective_day >= state.last_day)
    ):
        is_of_others = update.counts_as == "observation" and (
            state.verified is None or state.verified.reach <= status.reach
        )
        yield Doubt(
            f"{update.project} is {state.status} by what is on record up to {state.last_date};"
            f" {status} on {update.event_date} would move it back",
            f"the claim that {update.project} is {state.status}" if is_of_others else "",
        )
    if not (status.is_start or status.is_inauguration):
        return
    for other in others:
        if other.status is not status:
            continue
        known = parse_date(other.event_date)
        if known.end < date.start or date.end < known.start:
            yield Doubt(f"{_tell(other)}; this says {update.event_date}")
            return


def _find_contradicted(
    update: Update, date: PartialDate, others: Sequence[Update], state: State
) -> Update | None:
    """Find the opening that an observation contradicts: an earlier one, unless it was seen open by then."""
    if update.counts_as != "observation" or update.status is None or state.opened is None:
        return None
    if update.status.phase not in {"before", "work"} or parse_date(state.opened).end >= date.start:
        return None
    openings = [one for one in others if one.status is not None and one.status.is_complete]
    for one in openings:
        if one.counts_as == "observation" and parse_date(one.event_date).effective_day <= date.start:
            return None
    return next((one for one in openings if one.event_date == state.opened), None)


def _tell(update: Update) -> str:
    by = f" by {update.source}" if update.source else ""
    return f"{update.project} was {update.status} on {update.event_date}{by}"
