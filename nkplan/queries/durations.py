"""How long sites took to build."""

from collections.abc import Iterator
from datetime import date

from nkplan.dates import Event
from nkplan.model.question import Question
from nkplan.queries.reader import Reader
from nkplan.reports.durations import Span


def fetch(reader: Reader, question: Question) -> Iterator[Span]:
    """Iterate over when work began at sites and when they opened, in no order."""
    rows = reader.fetch("questions.list_spans", question.filters)
    rows.row_factory = None  # Most sites have dates of their own, so there are very many.
    for kind, year, opened, opened_first, opened_day, start, start_first, start_day in rows:
        begun = None if start is None else _read_event(start, start_first, start_day)
        yield Span(kind, year, _read_event(opened, opened_first, opened_day), begun)


def _read_event(written: str, first: str, day: str) -> Event:
    return Event(written, date.fromisoformat(first), date.fromisoformat(day))
