"""Judging projects again: those that a write touched, or every one."""

from sqlite3 import Connection

from nkplan.sql import read_sql
from nkplan.store.transaction import execute


def judge_all(connection: Connection) -> None:
    """Judge the state of every project from its updates, by the statements by which every write does."""
    execute(connection, "repairs.touch_all")
    judge_touched(connection)
    execute(connection, "repairs.forget_touched")


def judge_touched(connection: Connection) -> None:
    """Keep the states of the projects in the temporary table `touched`, and judge these projects again."""
    execute(connection, "writing.keep_states")
    # To prepare the statements that judge takes SQLite longer than all else that a small write does.
    if connection.execute(read_sql("writing.is_any_touched")).fetchone() != (0,):
        execute(connection, "writing.judge_touched")
