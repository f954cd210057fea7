"""The SQL of nkplan, one file a task, each to be read and pasted into `sqlite3` as it is."""

from collections.abc import Iterator
from pathlib import Path
from sqlite3 import complete_statement


def read_sql(name: str) -> str:
    """Give the text of `name`.sql."""
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


def read_statements(name: str) -> Iterator[str]:
    """Give the statements of `name`.sql one by one, to be run inside a transaction that is already open."""
    statement = ""
    for line in read_sql(name).splitlines(keepends=True):
        statement += line
        if complete_statement(statement):
            yield statement
            statement = ""
