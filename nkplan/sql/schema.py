"""The schema of a database held against schema.sql: what is missing of it, and what is not as it is there."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

from nkplan.sql import read_statements


class Difference(NamedTuple):
    """A table, index, view or trigger that is not as schema.sql has it.

    `statement` makes it, `stored_type` is what has its name instead, None where nothing has. It can be
    derived where it holds no row of its own: not a table, nor what is of a table that is not there.
    """

    type: str
    name: str
    statement: str
    stored_type: str | None
    is_derived: bool

    def __str__(self) -> str:
        return f"{self.type} {self.name} {'is missing' if self.stored_type is None else 'is another'}"


def compare_schema(connection: sqlite3.Connection) -> list[Difference]:
    """List what the schema of a database lacks or has otherwise, in the order in which it is made.

    What somebody added to it, as an index or a view of their own, is none of it.
    """
    with closing(sqlite3.connect(":memory:")) as fresh:
        for statement in read_statements("schema"):
            fresh.execute(statement)
        wanted = list(_read_schema(fresh))
        kept = _name_index_tables(fresh)
    # To SQLite, names that differ in case alone are one.
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


def _name_index_tables(connection: sqlite3.Connection) -> set[str]:
    """Name the tables that SQLite keeps the index of words in; without one no word can be looked up."""
    return {
        name
        for (name,) in connection.execute(
            "SELECT lower(name) FROM main.sqlite_schema"
            " WHERE type = 'table' AND name LIKE 'words\\__%' ESCAPE '\\'"
        )
    }


def _read_schema(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, str]]:
    # How the index of words is kept in tables is SQLite's own affair, and differs between its versions.
    for row in connection.execute(
        "SELECT type, name, lower(tbl_name), sql FROM main.sqlite_schema"
        " WHERE sql IS NOT NULL AND name NOT LIKE 'words\\__%' ESCAPE '\\' ORDER BY rowid"
    ):
        type_, name, table, made = row
        yield type_, name, table, made
