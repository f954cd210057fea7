"""The dates promised, one after another."""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from nkplan.dates import Event
from nkplan.model.question import Question
from nkplan.model.vocabulary import Status
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader
from nkplan.reports.slips import PromisedDate
from nkplan.rows.state import Row


def fetch(reader: Reader, question: Question) -> Iterator[PromisedDate]:
    """Iterate over the promised dates, project by project and stage by stage, as they were given."""
    given = list(reader.fetch("questions.list_promises", projects=choose_projects(reader, question.filters)))
    uses = _list_uses(reader, given)
    for row in given:
        said_day = date.fromisoformat(row["effective_day"])
        kept, since = _read_event(row["kept"]), None
        if _is_of_use(row):
            kept, since = _find_use(uses.get(row["project"], ()), row["stage"], said_day)
        status = row["status"]
        cancelled_day = row["cancelled_day"]
        yield PromisedDate(
            project=row["project"],
            name=row["name"],
            type=row["type"],
            stage=row["stage"],
            promised=row["promised"],
            said=row["event_date"],
            said_day=said_day,
            source=row["source"],
            evidence=row["evidence"],
            since=since,
            kept=kept,
            cancelled_day=None if cancelled_day is None else date.fromisoformat(cancelled_day),
            is_in_use=status is not None and Status(status).is_in_use,
        )


def _is_of_use(row: Row) -> bool:
    """Whether use is promised of what its own updates show in use; of a programme nothing says so."""
    stage: str = row["stage"]
    return stage == "again" or (stage == "use" and row["type"] == "site")


def _list_uses(reader: Reader, given: Sequence[Row]) -> Mapping[str, Sequence[Event]]:
    """Return when each project of which use was promised was shown to be in use, in order."""
    projects = sorted({row["project"] for row in given if _is_of_use(row)})
    uses: defaultdict[str, list[Event]] = defaultdict(list)
    for row in reader.fetch("questions.list_uses", projects=json.dumps(projects)) if projects else ():
        first, day = map(date.fromisoformat, (row["first"], row["effective_day"]))
        uses[row["project"]].append(Event(row["event_date"], first, day))
    return uses


def _find_use(uses: Sequence[Event], stage: str, said_day: date) -> tuple[Event | None, date | None]:
    """Return the first use; for use again, the first after the promise, and the day of the last before it."""
    if stage == "use":
        return (uses[0] if uses else None), None
    at = bisect_right(uses, said_day, key=lambda use: use.day)
    return (uses[at] if at < len(uses) else None), (uses[at - 1].day if at else None)


def _read_event(text: str | None) -> Event | None:
    """Read the last and the first day on which something can have happened, then the date as written."""
    if text is None:
        return None
    return Event(text[20:], date.fromisoformat(text[10:20]), date.fromisoformat(text[:10]))
