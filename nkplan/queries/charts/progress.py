"""How many sites had come how far at the end of each period."""

from nkplan.model.question import Question
from nkplan.queries import progress
from nkplan.queries.charts.ticks import Ticks
from nkplan.queries.reader import Reader
from nkplan.reports.charts.periods import Period, Unit
from nkplan.reports.charts.progress import Reached, split_counts
from nkplan.reports.progress import count_progress


def fetch(reader: Reader, question: Question, unit: Unit | None, most: int) -> list[tuple[Period, Reached]]:
    """Return what the report of progress counts at the end of each period."""

    def judge(reader: Reader, question: Question) -> Reached:
        tallies, programmes = progress.fetch(reader, question)
        return split_counts(count_progress(tallies, programmes, question.by))

    ticks = Ticks(reader, question, judge)
    is_measured = ticks.judge(question.day).is_measured
    earliest = reader.fetch("charts.find_first_number").fetchone()["day"] if is_measured else None
    return ticks.list_periods(unit, lambda one: one.has(is_measured=is_measured), earliest)
