"""The parts of nkplan's schema, and how the schema of a database differs from schema.sql."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from sqlite3 import Connection, DatabaseError
from typing import NamedTuple

from nkplan.sql import read_sql

INDEX_OF_WORDS = ("words", "words_config", "words_data", "words_docsize", "words_idx")
"""The index of words and the tables in which SQLite keeps it; all of them follow from the table `texts`."""

FORMER_TABLES = frozenset(
    "_sqlite_migrations announcement_details announcement_figures announcements changes kinds place_names"
    " places projects quotas replaced_rows sources updates".split()
)
"""The tables of version 1 or 2 whose rows an upgrade keeps."""


class Part(NamedTuple):
    """A table, index, view or trigger, and the statement that creates it, as SQLite stores them.

    `table` is the table of an index or a trigger, otherwise its own name; SQLite makes some parts without a
    statement.
    """

    type: str
    name: str
    table: str
    statement: str | None


class Difference(NamedTuple):
    """A part of the schema that differs from schema.sql, or a trigger that was added to one of its tables.

    `statement` creates it; it is None for an added trigger, and for a table in which SQLite keeps the index
    of words. `stored_type` is the type of what has its name in the database, or None. It `is_derived` if it
    can be rebuilt without losing rows: not a table, nor an index or trigger of a missing table.
    """

    type: str
    name: str
    table: str
    statement: str | None
    stored_type: str | None
    is_derived: bool

    @property
    def is_added(self) -> bool:
        """Whether it is a trigger that nkplan did not make."""
        return self.type == "trigger" and self.statement is None

    def __str__(self) -> str:
        if self.is_added:
            return f"trigger {self.name} on {self.table} was added"
        return f"{self.type} {self.name} {'is missing' if self.stored_type is None else 'differs'}"


def compare_schema(connection: Connection) -> list[Difference]:
    """List the triggers that were added to nkplan's tables, and what of its schema is missing or differs.

    A trigger with the name of one of nkplan's tables or views counts as added to it: while it runs, SQLite
    calls both by that name, so that nobody could tell which of them reads or writes. Added triggers come
    first, then the parts in the order of creation. What a user added beside it, such as an index, a view or a
    table, is ignored. Nothing of the schema is used for this, so that it always ends.
    """
    wanted = read_parts()
    stored = read_stored(connection)
    # A trigger may have the name of a table or a view.
    there = {fold_name(one.name): one for one in stored if one.type != "trigger"}
    triggers = {fold_name(one.name): one for one in stored if one.type == "trigger"}
    own = {one.name for one in wanted if one.type != "trigger"} | {*INDEX_OF_WORDS}
    own_triggers = {one.name for one in wanted if one.type == "trigger"}
    tables = {name for name, one in there.items() if one.type == "table"}
    # SQLite refuses a schema whose statements do not agree with the names beside them.
    found = [
        Difference("trigger", one.name, one.table, None, "trigger", is_derived=True)
        for name, one in triggers.items()
        if name not in own_triggers and not own.isdisjoint({name, one.table})
    ]
    for part in wanted:
        found_there = (triggers if part.type == "trigger" else there).get(part.name)
        if found_there != part:
            stored_type = None if found_there is None else found_there.type
            is_derived = _is_derived(part, found_there, tables)
            found.append(Difference(*part, stored_type, is_derived))
    for name in INDEX_OF_WORDS[1:]:
        if name not in tables:
            other = there.get(name)
            is_derived = "texts" in tables
            found.append(
                Difference("table", name, name, None, None if other is None else other.type, is_derived)
            )
    return found


def fold_name(name: str) -> str:
    """Return a name as SQLite compares it: in ASCII, letters that differ only in case are the same."""
    return name.lower() if name.isascii() else name


def _is_derived(part: Part, there: Part | None, tables: Collection[str]) -> bool:
    """Return whether a part can be rebuilt without losing the rows of what is there in its place."""
    if part.name == "words":
        has_own_rows = there is not None and there.type == "table" and not _is_virtual(there)
        return not has_own_rows and "texts" in tables
    if part.type == "table" or (there is not None and there.type == "table"):
        return False
    return part.type == "view" or part.table in tables


def _is_virtual(part: Part) -> bool:
    return (part.statement or "").startswith("CREATE VIRTUAL TABLE ")


def find_stopping_index(connection: Connection, error: Exception) -> str | None:
    """Describe the added index on a table of nkplan's that an error is of, or return None.

    One may be unique, or need a function or a collation that only another program has.
    """
    own = {part.name for part in read_parts()}
    what, _, of = str(error).rpartition(": ")
    is_missing = what.startswith(("unknown function", "no such function", "no such collation"))
    for one in read_stored(connection):
        if one.type == "index" and one.statement and one.name not in own and one.table in own:
            is_unique = one.statement.startswith("CREATE UNIQUE ") and of.startswith(f"{one.table}.")
            if (
                is_unique
                or of == f"index '{one.name}'"
                or (is_missing and of.removesuffix("()") in one.statement)
            ):
                return f"{one.name} on {one.table}"
    return None


def find_computing_index(connection: Connection) -> str | None:
    """Describe an added index on a table of nkplan's for which SQLite computes something, or return None.

    SQLite names no index when what it computes fails for a row, as `json(note)` does.
    """
    own = {part.name for part in read_parts()}
    for one in read_stored(connection):
        if one.type == "index" and one.statement and one.name not in own and one.table in own:
            columns = one.statement.partition("(")[2]
            if "(" in columns or ")" in columns.rstrip()[:-1]:
                return f"{one.name} on {one.table}"
    return None


def find_view_for_table(connection: Connection) -> str | None:
    """Return a view that has the name of a table of nkplan's, or None: read for it, it might never end."""
    stored = read_stored(connection)
    # In a database of version 1 or 2 others may have the names of what is new in version 3.
    is_older = any(one.name == "replaced_rows" for one in stored)
    tables = FORMER_TABLES if is_older else {part.name for part in read_parts() if part.type == "table"}
    names = {*tables, *INDEX_OF_WORDS}
    return next((one.name for one in stored if one.type == "view" and fold_name(one.name) in names), None)


def list_own_tables(connection: Connection) -> list[str]:
    """List the tables of a database that are nkplan's, of any version, and not somebody's own beside them."""
    own = {*FORMER_TABLES, *(part.name for part in read_parts() if part.type == "table")}
    return [one.name for one in read_stored(connection) if one.type == "table" and fold_name(one.name) in own]


def read_stored(connection: Connection) -> list[Part]:
    """Return every part of a database's schema, in the order of creation; tables in small letters."""
    rows = connection.execute(
        "SELECT CAST(coalesce(type, '') AS TEXT), CAST(coalesce(name, '') AS TEXT),"
        " lower(coalesce(tbl_name, '')), CAST(sql AS TEXT) FROM main.sqlite_schema ORDER BY rowid"
    )
    rows.row_factory = None
    return list(map(Part._make, rows))


@cache
def read_parts() -> tuple[Part, ...]:
    """Return the parts that schema.sql creates, in its order, as SQLite stores them."""
    return tuple(map(_read_part, read_sql("schema").split("\nCREATE ")[1:]))


_ENDS = {"TRIGGER": "\nEND"}


def _read_part(text: str) -> Part:
    """Read a part from the text that follows CREATE, up to the next one."""
    words = text.split(maxsplit=8)
    type_ = words[0] if words[0] not in {"UNIQUE", "VIRTUAL"} else words[1]
    name = words[words.index(type_) + 1]
    table = words[words.index("ON") + 1] if type_ in {"INDEX", "TRIGGER"} else name
    end = _ENDS.get(type_, "")
    statement = f"CREATE {text.partition(f'{end};')[0]}{end}"
    return Part(type_.lower(), name, table, statement)


@contextmanager
def forgetting_index(connection: Connection) -> Iterator[None]:
    """Take the index of words out of a schema for a while: SQLite cannot look past one that is damaged."""
    connection.execute("SAVEPOINT forgetting")
    try:
        # Some builds of SQLite do not let anybody write into a schema.
        with suppress(DatabaseError):
            forget_index(connection)
        yield
    finally:
        connection.execute("ROLLBACK TO forgetting")
        connection.execute("RELEASE forgetting")
        # SQLite does not notice that the schema is as it was.
        connection.execute("PRAGMA writable_schema = RESET")


def forget_index(connection: Connection) -> None:
    """Delete the index of words from the schema, and leave its tables, which become ordinary ones.

    A damaged one cannot be dropped, because SQLite opens it first.
    """
    connection.execute("PRAGMA writable_schema = ON")
    try:
        connection.execute(
            "DELETE FROM main.sqlite_schema WHERE lower(name) = 'words' AND sql LIKE 'CREATE VIRTUAL TABLE%'"
        )
    finally:
        connection.execute("PRAGMA writable_schema = RESET")


def drop_index(connection: Connection) -> None:
    """Drop the index of words, damaged or not, and whatever has the names of its tables."""
    parts = [one for one in read_stored(connection) if fold_name(one.name) in INDEX_OF_WORDS]
    # In the place of a table, a view might never end.
    for one in parts:
        if one.type == "view":
            _drop(connection, one)
    try:
        connection.execute("DROP TABLE IF EXISTS main.words")
    except DatabaseError:
        forget_index(connection)
    left = {one.name for one in read_stored(connection)}
    for one in parts:
        if one.type == "table" and one.name in left:
            _drop(connection, one)


def _drop(connection: Connection, part: Part) -> None:
    name = part.name.replace('"', '""')
    connection.execute(f'DROP {part.type} main."{name}"')
