"""The report of progress and the independent judge agree on random records with every field.

`NKPLAN_EXAMPLES=3000` is the long form.
"""

from collections import Counter
from typing import Any

import judge
import judge_views
from examples import example_count
from hypothesis import assume, given, settings
from random_records import TODAY, Row, records
from test_agreement import recording

from nkplan.model.moment import Moment
from nkplan.model.question import Grouping, Question
from nkplan.queries.progress import fetch
from nkplan.queries.reader import reading
from nkplan.reports.counting import Counts
from nkplan.reports.progress import Progress, count_progress

COUNTED = {name: "seen" if name == "started_seen" else name for name in Counts._fields[1:]}
"""The columns of a report, each with the judge's name for what it counts."""

Key = tuple[str | None, int | None, str | None]


def has_ties(content: Row) -> bool:
    """Whether of two numbers announced on one day it is open which one was the later."""
    record = judge.read(content)

    def key(row: Row) -> tuple[Any, ...]:
        day = judge_views.find_quota_day(record, row)
        return (day, row["project"], row["kind"], row.get("unit"), judge_views.get_stage(row))

    keys = Counter(map(key, content.get("quotas", ())))
    return any(number > 1 for number in keys.values())


def list_promised(content: Row, moment: judge.Moment) -> Counter[Key]:
    """Return what the judge finds promised to open, or else to be in use, by programme, year and wave."""
    record = judge.read(content)
    promised: Counter[Key] = Counter()
    for programme in (row["id"] for row in content["projects"] if row["type"] == "programme"):
        owned = {programme, *(row["id"] for row in content["projects"] if row.get("parent") == programme)}
        quotas = [row for row in judge_views.list_quotas(record, moment) if row["project"] in owned]
        completed = {
            row["kind"] for row in quotas if "unit" not in row and judge_views.get_stage(row) == "completed"
        }
        for one in judge_views.list_numbers(record, programme, moment):
            stage = "completed" if one.kind in completed else "operating"
            if one.unit is None and one.stage == stage:
                promised[programme, one.year, one.wave] += one.quantity
    return promised


def ask(content: Row) -> Progress:
    question = Question(Moment(TODAY))
    with recording(content) as path, reading(path, question.moment) as reader:
        return count_progress(*fetch(reader, question), Grouping.PROGRAMME_AND_YEAR)


@given(records())
@settings(max_examples=example_count(30))
def test_the_progress_of_the_program_is_that_of_the_judge(content: Row) -> None:
    assume(not has_ties(content))
    moment = judge.Moment(TODAY)
    waves = {row["id"] for row in content["projects"] if row["type"] == "cohort" and "year" not in row}
    shown: dict[Key, Counts] = {}
    for row in ask(content).rows:
        key = (row.id, row.year, row.cohort if row.cohort in waves else None)
        assert key not in shown
        shown[key] = row.counts
    promised = list_promised(content, moment)
    counted = {
        (row.programme, row.year, row.wave): row.counted
        for row in judge_views.report_progress(content, moment)
    }
    for key in {*shown, *promised, *counted}:
        counts, expected = shown.get(key, Counts()), counted.get(key, judge_views.Counted())
        assert counts.promised == promised.get(key), key
        for column, name in COUNTED.items():
            assert getattr(counts, column) == len(getattr(expected, name)), (key, column)
