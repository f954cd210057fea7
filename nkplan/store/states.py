"""Judging every project again, for a repair and an upgrade."""

from sqlite3 import Connection

from nkplan.store.transaction import execute


def judge_all(connection: Connection) -> None:
    """Judge the state of every project from its updates, by the statements by which every write does."""
    for script in ("repairs.touch_all", "writing.judge_touched", "repairs.forget_touched"):
        execute(connection, script)
