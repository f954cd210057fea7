"""Compare the schema of a database with schema.sql: what is missing, and what differs."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from typing import NamedTuple

from nkplan.sql import read_statements


class Difference(NamedTuple):
    """A table, index, view or trigger that differs from schema.sql.

    `statement` creates it; `stored_type` is the type of what has its name in the database, or None. It
    `is_derived` if it can be rebuilt without losing rows: not a table, nor an index or trigger of a missing
    table.
    """

    type: str
    name: str
    statement: str
    stored_type: str | None
    is_derived: bool

    def __str__(self) -> str:
        return f"{self.type} {self.name} {'is missing' if self.stored_type is None else 'differs'}"


def compare_schema(connection: sqlite3.Connection) -> list[Difference]:
    """List what is missing from the schema of a database or differs, in the order of creation.

    What a user added to it, such as an index or a view, is ignored.
    """
    wanted, kept = _read_wanted()
    # To SQLite, names that differ only in case are the same.
    stored = {name.lower(): (type_, table, made) for type_, name, table, made in _read_schema(connection)}
    tables = {name for name, (type_, _, _) in stored.items() if type_ == "table"}
    found = []
    for type_, name, table, made in wanted:
        there = stored.get(name)
        if there == (type_, table, made):
            continue
        stored_type = None if there is None else there[0]
        is_derived = type_ != "table" and stored_type != "table" and (type_ == "view" or table in tables)
        found.append(Difference(type_, name, made, stored_type, is_derived))
    if "words" in tables:
        lost = sorted(kept - _name_index_tables(connection))
        found.extend(Difference("table", name, "", None, is_derived=False) for name in lost)
    return found


@cache
def _read_wanted() -> tuple[list[tuple[str, str, str, str]], set[str]]:
    """Return the parts of a new database's schema, and the tables that hold its index of words."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        for statement in read_statements("schema"):
            fresh.execute(statement)
        return list(_read_schema(fresh)), _name_index_tables(fresh)


def _name_index_tables(connection: sqlite3.Connection) -> set[str]:
    """Return the tables that hold SQLite's index of words; without any one of them no word can be found."""
    return {
        name
        for (name,) in connection.execute(
            "SELECT lower(name) FROM main.sqlite_schema"
            " WHERE type = 'table' AND name LIKE 'words\\__%' ESCAPE '\\'"
        )
    }


def _read_schema(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, str]]:
    # How the index of words is stored in tables is internal to SQLite, and differs between its versions.
    for row in connection.execute(
        "SELECT type, name, lower(tbl_name), sql FROM main.sqlite_schema"
        " WHERE sql IS NOT NULL AND name NOT LIKE 'words\\__%' ESCAPE '\\' ORDER BY rowid"
    ):
        type_, name, table, made = row
        yield type_, name, table, made
