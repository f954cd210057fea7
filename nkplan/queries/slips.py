"""The dates promised, one after another."""

from collections.abc import Iterator
from datetime import date

from nkplan.model.question import Question
from nkplan.model.vocabulary import Status
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader
from nkplan.reports.slips import PromisedDate


def fetch(reader: Reader, question: Question) -> Iterator[PromisedDate]:
    """Iterate over the promised dates, project by project, in the order in which they were given."""
    for row in reader.fetch("questions.list_promises", projects=choose_projects(reader, question.filters)):
        opened = row["opened_day"]
        yield PromisedDate(
            project=row["project"],
            name=row["name"],
            type=row["type"],
            promised=row["promised"],
            said=row["event_date"],
            said_day=date.fromisoformat(row["effective_day"]),
            source=row["source"],
            evidence=row["evidence"],
            opened=row["opened"],
            opened_day=None if opened is None else date.fromisoformat(opened),
            status=None if row["status"] is None else Status(row["status"]),
        )
