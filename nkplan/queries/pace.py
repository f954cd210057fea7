"""When sites opened, programme by programme."""

from collections import defaultdict
from datetime import date

from nkplan.model.promise import Programme
from nkplan.model.question import Question
from nkplan.queries.programmes import list_promised
from nkplan.queries.reader import Reader
from nkplan.queries.statuses import OPENED
from nkplan.reports.pace import Opening


def fetch(reader: Reader, question: Question) -> tuple[list[Programme], dict[tuple[str, str], list[Opening]]]:
    """Return what was promised, and how many sites of each programme and kind opened on each day."""
    openings: defaultdict[tuple[str, str], list[Opening]] = defaultdict(list)
    for row in reader.fetch("questions.count_openings", question.filters, opened=OPENED):
        day = date.fromisoformat(row["day"])
        openings[row["programme"], row["kind"]].append(Opening(day, row["number"], row["verified"]))
    return list_promised(reader, question.filters), openings
