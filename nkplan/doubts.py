"""What is doubtful about a claim before it is recorded: reasons to ask whether it is meant."""

from collections.abc import Iterable, Iterator

from nkplan.dates import parse_date
from nkplan.model.batch import Update
from nkplan.model.state import State


def find_doubts(update: Update, others: Iterable[Update], state: State) -> Iterator[str]:
    """Yield what is doubtful about a new claim, given the project's other claims and its state, as sentences.

    It moves the project back; it opens it a second time; or it repeats what happens only once under another
    date. A sighting, such as of building or operation, can be repeated.
    """
    status = update.status
    if status is None or not update.sets_status:
        return
    date = parse_date(update.event_date)
    if (
        state.status is not None
        and status.phase in {"before", "work"}
        and status.reach < state.status.reach
        and (state.last_day is None or date.effective_day >= state.last_day)
    ):
        yield (
            f"{update.project} is {state.status} by what is on record up to {state.last_date};"
            f" {status} on {update.event_date} would move it back"
        )
    if not (status.is_start or status.is_inauguration):
        return
    for other in others:
        if other.status is not status or not other.sets_status or other.withdrawn is not None:
            continue
        known = parse_date(other.event_date)
        if known.end < date.start or date.end < known.start:
            by = f" by {other.source}" if other.source else ""
            yield (f"{update.project} was {status} on {other.event_date}{by}; this says {update.event_date}")
            return
