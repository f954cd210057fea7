"""The dates promised, one after another."""

from collections.abc import Iterator
from datetime import date

from nkplan.dates import Event
from nkplan.model.question import Question
from nkplan.model.vocabulary import Status
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader
from nkplan.reports.slips import PromisedDate


def fetch(reader: Reader, question: Question) -> Iterator[PromisedDate]:
    """Iterate over the promised dates, project by project and stage by stage, as they were given."""
    for row in reader.fetch("questions.list_promises", projects=choose_projects(reader, question.filters)):
        status = row["status"]
        yield PromisedDate(
            project=row["project"],
            name=row["name"],
            type=row["type"],
            stage=row["stage"],
            promised=row["promised"],
            said=row["event_date"],
            said_day=date.fromisoformat(row["effective_day"]),
            source=row["source"],
            evidence=row["evidence"],
            since=_read_day(row["since"]),
            kept=_read_event(row["kept"]),
            cancelled_day=_read_day(row["cancelled_day"]),
            is_in_use=status is not None and Status(status).is_in_use,
        )


def _read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _read_event(text: str | None) -> Event | None:
    """Read the last and the first day on which something can have happened, then the date as written."""
    if text is None:
        return None
    return Event(text[20:], date.fromisoformat(text[10:20]), date.fromisoformat(text[:10]))
