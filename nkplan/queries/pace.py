"""When sites opened, programme by programme."""

from collections import defaultdict
from datetime import date

from nkplan.dates import Event
from nkplan.model.question import Question
from nkplan.queries.programmes import list_cancelled, list_promised
from nkplan.queries.reader import Reader
from nkplan.queries.statuses import OPENED
from nkplan.reports.pace import Facts, Opening


def fetch(reader: Reader, question: Question) -> Facts:
    """Return what was promised, when sites of each programme and kind opened, and what is cancelled."""
    openings: defaultdict[tuple[str, str], list[Opening]] = defaultdict(list)
    for row in reader.fetch("questions.count_openings", question.filters, opened=OPENED):
        first, day = map(date.fromisoformat, (row["opened_first"], row["opened_day"]))
        is_doubtful = Event(row["opened"], first, day).is_by or first.year != day.year
        earliest = first if is_doubtful else None
        opening = Opening(day, row["number"], row["verified"], earliest)
        openings[row["programme"], row["kind"]].append(opening)
    return Facts(list_promised(reader, question.filters), openings, list_cancelled(reader))
