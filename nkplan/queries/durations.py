"""How long sites took to build."""

from collections.abc import Iterator
from datetime import date

from nkplan.model.question import Question
from nkplan.queries.reader import Reader
from nkplan.reports.durations import Span


def fetch(reader: Reader, question: Question) -> Iterator[Span]:
    """Iterate over when sites broke ground and opened, with equal ones counted together."""
    for row in reader.fetch("questions.count_spans", question.filters):
        broken = row["start_day"]
        yield Span(
            kind=row["kind"],
            year=row["year"],
            opened=row["opened"],
            opened_day=date.fromisoformat(row["opened_day"]),
            start=row["start"],
            start_day=None if broken is None else date.fromisoformat(broken),
            number=row["number"],
        )
