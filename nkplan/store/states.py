"""Judging projects again: those that a write touched, or every one."""

from sqlite3 import Connection

from nkplan.contradictions import find_contradicted
from nkplan.sql import keep_lines, read_sql
from nkplan.store.transaction import execute

FEW = 50
"""So many projects are judged by one statement: preparing more takes longer than judging these."""


def judge_all(connection: Connection) -> None:
    """Judge the state of every project from its updates, by the statements by which every write does."""
    execute(connection, "repairs.touch_all")
    judge_touched(connection)
    execute(connection, "repairs.forget_touched")


def judge_touched(connection: Connection) -> None:
    """Keep the states of the projects in the temporary table `touched`, and judge these projects again."""
    execute(connection, "writing.keep_states")
    (number,) = connection.execute(read_sql("writing.count_touched")).fetchone()
    if number:
        execute(connection, "writing.forget_judged")
        execute(connection, "writing.judge_few" if number <= FEW else "writing.judge_many")
        _find_contradicted(connection)


def _find_contradicted(connection: Connection) -> None:
    """Find again which of the touched projects have claims that contradict each other."""
    execute(connection, "writing.forget_contradicted")
    rows = connection.execute(keep_lines(read_sql("questions.list_possibly_contradicted"), {"touched"}))
    found = [{"project": project} for project in find_contradicted(rows)]
    connection.executemany(read_sql("writing.add_contradicted"), found)


def count_wrongly_contradicted(connection: Connection) -> int:
    """Count the projects of which it is not stored rightly whether their claims contradict each other."""
    rows = connection.execute(keep_lines(read_sql("questions.list_possibly_contradicted"), set()))
    stored = {project for (project,) in connection.execute(read_sql("questions.list_contradicted"))}
    return len(stored.symmetric_difference(find_contradicted(rows)))
