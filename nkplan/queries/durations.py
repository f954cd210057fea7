"""How long sites took to build."""

from collections.abc import Iterator
from datetime import date

from nkplan.dates import Event
from nkplan.model.question import Question
from nkplan.queries.reader import Reader
from nkplan.reports.durations import Span
from nkplan.rows.state import Row


def fetch(reader: Reader, question: Question) -> Iterator[Span]:
    """Iterate over when work began at sites and when they opened, with equal ones counted together."""
    for row in reader.fetch("questions.count_spans", question.filters):
        yield Span(
            kind=row["kind"],
            year=row["year"],
            opened=_read_event(row, "opened"),
            start=None if row["start"] is None else _read_event(row, "start"),
            number=row["number"],
        )


def _read_event(row: Row, name: str) -> Event:
    first, day = (date.fromisoformat(row[f"{name}_{part}"]) for part in ("first", "day"))
    return Event(row[name], first, day)
