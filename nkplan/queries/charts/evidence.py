"""How many updates there are of each class of evidence, by period."""

from collections import Counter
from datetime import date

from nkplan.model.question import Question
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader
from nkplan.reports.charts.evidence import Amounts
from nkplan.reports.charts.periods import Unit, list_periods


def fetch(reader: Reader, question: Question, unit: Unit | None, most: int) -> Amounts:
    """Count the updates of what matches, by the period in which the thing had surely happened, and by class.

    What has begun and will only be sure to have happened later is in the last period.
    """
    last = question.day
    counted: Counter[tuple[date, str | None]] = Counter()
    rows = reader.fetch("charts.count_evidence", projects=choose_projects(reader, question.filters))
    for row in rows:
        counted[min(date.fromisoformat(row["day"]), last), row["evidence"]] += row["number"]
    if not counted:
        return ()
    first = min(day for day, _ in counted)
    periods = list_periods(first, last, unit or Unit.QUARTER)
    numbers: list[Counter[str | None]] = [Counter() for _ in periods]
    at = 0
    for (day, evidence), number in sorted(counted.items(), key=lambda item: item[0][0]):
        while periods[at].end < day:
            at += 1
        numbers[at][evidence] += number
    return tuple(zip(periods, numbers, strict=True))
