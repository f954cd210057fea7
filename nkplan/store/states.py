"""Judging projects again: those that a write touched, or every one."""

from sqlite3 import Connection

from nkplan.sql import read_sql
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
