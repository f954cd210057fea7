"""One open database, for reading only."""

import json
import sqlite3
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from nkplan.database import (
    check_owner,
    check_schema,
    connect,
    needs_rollback,
    roll_back_journal,
    translating_errors,
)
from nkplan.model.filters import Filters
from nkplan.model.moment import Moment
from nkplan.sql import keep_lines, read_sql, read_statements
from nkplan.sql.schema import (
    INDEX_OF_WORDS,
    Difference,
    compare_schema,
    find_stopping_index,
    forgetting_index,
    read_parts,
)

Kept = TypeVar("Kept")


class Reader:
    """Runs the queries of sql/ on one open database."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, days: Mapping[str, date | None] | None = None
    ) -> None:
        """Read a connection; `days` are those of an earlier moment, if any: `as_of` and `known_on`."""
        self.path = path
        self._days = days or {}
        self._asked = _name_asked(self._days)
        self.is_past = bool(self._asked)
        """Whether it reads the record as it was at an earlier moment, and has every state judged anew."""
        self.remarks: list[str] = []
        """What the user should know of how an id was understood, to be said after the answer."""
        self._connection = connection
        self._copy: sqlite3.Connection | None = None
        self._filters: Filters | None = None
        self._kept: dict[Hashable, Any] = {}

    def fetch(self, query: str, filters: Filters | None = None, /, **values: Any) -> sqlite3.Cursor:
        """Run a query and return a cursor over its rows; a query on filtered sites needs the filters."""
        if filters is not None and filters != self._filters:
            self._filter_sites(filters)
        return self._connection.execute(self._read(query, values), values)

    def move(self, as_of: date | None) -> None:
        """Read the record as it was on another day; None asks for no day, as `reading` without one does.

        The reader must have been opened for a day, or for a copy. All its days are read of one state of the
        record, whatever other programs write.
        """
        if not self._days:
            raise ValueError("the reader was not opened for a day")
        self._days = {**self._days, "as_of": as_of}
        self._kept.clear()
        asked = _name_asked(self._days)
        if as_of is not None and asked == self._asked:
            self._connection.execute("UPDATE temp.moment SET as_of = ?", [as_of.isoformat()])
            _run(self._connection, "moment.keep_reported_parents")
            _run(self._connection, "moment.keep_states_of_parents")
            return
        temporary = "SELECT type, name FROM sqlite_temp_schema WHERE type IN ('table', 'view')"
        for type_, name in self._connection.execute(temporary).fetchall():
            self._connection.execute(f"DROP {type_} temp.{name}")
        if asked:
            _create_views(self._connection, self._days, asked)
        self._asked, self._filters, self.is_past = asked, None, bool(asked)

    def keep(self, key: Hashable, read: Callable[[], Kept]) -> Kept:
        """Return what was read before under a key, of the record on this day, or read it and keep it."""
        if key not in self._kept:
            self._kept[key] = read()
        kept: Kept = self._kept[key]
        return kept

    def remark(self, sentence: str) -> None:
        """Keep a remark, once."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def fetch_ids(self, query: str, filters: Filters, /, **values: Any) -> list[str]:
        """Return only the ids that a query on filtered sites finds: SQLite judges no more than that takes."""
        if filters != self._filters:
            self._filter_sites(filters)
        rows = self._read(query, values).rstrip().removesuffix(";")
        text = f"SELECT id FROM ({rows})"  # noqa: S608  # from a file of ours
        return [row["id"] for row in self._connection.execute(text, values)]

    def fetch_page(
        self, query: str, given: Collection[str], filters: Filters | None, order: str, /, **values: Any
    ) -> sqlite3.Cursor:
        """Run the query of a list with its lines for what is `given`: at most :most rows.

        They are in an order of what is `listed`.
        """
        rows = self._prepare_list(query, given, filters)
        text = f"SELECT * FROM (\n{rows}\n) AS listed ORDER BY {order} LIMIT :most"  # noqa: S608  # from a file of ours
        return self._connection.execute(text, values)

    def count_page(
        self, query: str, given: Collection[str], filters: Filters | None, /, **values: Any
    ) -> int:
        """Count the rows of such a list."""
        rows = self._prepare_list(query, given, filters)
        text = f"SELECT count(*) FROM (\n{rows}\n)"  # noqa: S608  # from a file of ours
        return int(self._connection.execute(text, values).fetchone()[0])

    def _prepare_list(self, query: str, given: Collection[str], filters: Filters | None) -> str:
        if filters is not None and filters != self._filters:
            self._filter_sites(filters)
        return keep_lines(read_sql(query), {*given, *self._asked}).rstrip().removesuffix(";")

    def _read(self, query: str, values: Mapping[str, Any]) -> str:
        """Return the text of a query, with the lines that are for the days asked and for the value `only`."""
        return keep_lines(read_sql(query), {values.get("only"), *self._asked})

    def fetch_tuples(self, query: str, /, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query as plain tuples."""
        rows = self._connection.execute(read_sql(query), values)
        rows.row_factory = None
        return rows.fetchall()

    def _filter_sites(self, filters: Filters) -> None:
        """Create the views of what matches the filters, for this connection only."""
        values = {
            name: json.dumps(value) if isinstance(value, tuple) else value
            for name, value in filters._asdict().items()
        }
        # Each condition costs a lookup, so unused ones are dropped.
        given = {name for name, value in values.items() if value is not None}
        given |= {"any"} if given else set()
        for statement in read_statements("sites.filter_sites"):
            self._connection.execute(keep_lines(statement, given), values)
        self._filters = filters

    def fetch_from_copy(self, query: str, *, without_index: bool = False) -> Iterator[sqlite3.Row]:
        """Run a query that SQLite answers, or answers in full, only on a writable connection.

        It runs on a copy, which SQLite keeps in a temporary file and removes; in it, a view that is not this
        version's is missing. With `without_index` the copy has no index of words for this query.
        """
        if self._copy is None:
            self._copy = sqlite3.connect("", isolation_level=None)
            self._copy.row_factory = sqlite3.Row
            self._connection.backup(self._copy)
            for one in self.compare_schema():
                if one.stored_type == "view":
                    self._copy.execute(f"DROP VIEW main.{one.name}")
        with forgetting_index(self._copy) if without_index else nullcontext():
            yield from self._copy.execute(read_sql(query))

    def compare_schema(self) -> list[Difference]:
        """List what is missing from the schema or differs from what this version creates."""
        return compare_schema(self._connection)

    def find_stopping_index(self, error: Exception) -> str | None:
        """Describe the added index that stops a query, or return None."""
        return find_stopping_index(self._connection, error)

    def close(self) -> None:
        """Close the database."""
        if self._copy is not None:
            self._copy.close()
        self._connection.close()


def _name_asked(days: Mapping[str, date | None]) -> frozenset[str]:
    return frozenset(name for name, day in days.items() if day is not None)


_NEVER_OVER = "9999-12-31"
_VIEWS = (
    "possibly_contradicted",
    "valid_updates",
    "moving_updates",
    "status_updates",
    "promises",
    "beginnings",
    "progress_updates",
)
"""The schema's views that are created again over the record of a moment, and judge it."""


@contextmanager
def reading(path: Path, moment: Moment | None = None, *, may_be_changed: bool = False) -> Iterator[Reader]:
    """Open the database read-only, as it is or as it was at a moment. Raises Unusable and ForeignDatabase.

    All reads see the same state of the record, whatever other programs write in the meantime. If its schema
    is not this version's it is refused, or if it `may_be_changed`, its tables are read through this version's
    views.
    """
    past = None if moment is None or moment.is_present else moment
    days = {} if past is None else {"as_of": past.happened_by, "known_on": past.known_by}
    with translating_errors(path):
        connection = _open(path, temp_in_memory=past is not None)
        with closing(Reader(connection, path, days)) as reader:
            check_owner(connection, path)
            if may_be_changed:
                _create_own_views(connection)
            else:
                check_schema(connection, path)
            if past is not None:
                _create_views(connection, days, _name_asked(days))
            connection.row_factory = sqlite3.Row
            yield reader


@contextmanager
def reading_copy(path: Path) -> Iterator[Reader]:
    """Read the record as it is now from a copy, which SQLite keeps in a temporary file and removes.

    However long it is read, no writer has to wait; and it can be moved to other days. Raises Unusable and
    ForeignDatabase.
    """
    copy = sqlite3.connect("", isolation_level=None)
    days = {"as_of": None, "known_on": None}
    with closing(Reader(copy, path, days)) as reader, translating_errors(path):
        with closing(_open(path, temp_in_memory=False)) as connection:
            check_owner(connection, path)
            check_schema(connection, path)
            connection.backup(copy)
        copy.row_factory = sqlite3.Row
        yield reader


def _open(path: Path, *, temp_in_memory: bool) -> sqlite3.Connection:
    """Open the database and begin to read; what a killed writer left half written is rolled back first."""
    try:
        return _begin(path, temp_in_memory=temp_in_memory)
    except sqlite3.OperationalError as error:
        if not needs_rollback(error):
            raise
    roll_back_journal(path)
    return _begin(path, temp_in_memory=temp_in_memory)


def _begin(path: Path, *, temp_in_memory: bool) -> sqlite3.Connection:
    connection = connect(path, "ro")
    try:
        if temp_in_memory:
            # The place of temporary tables cannot be changed once reading has begun.
            connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _create_own_views(connection: sqlite3.Connection) -> None:
    """If the schema was changed, put this version's views before those of the file, for this connection only.

    A view in the place of a table might never end: it is hidden by one that no query can use.
    """
    differences = [one for one in compare_schema(connection) if not one.is_added]
    for part in read_parts():
        if part.type == "view" and differences:
            connection.execute(_make_temporary(str(part.statement), part.name, part.name))
    hidden = {one.name for one in differences if one.type == "table" and one.stored_type == "view"}
    if hidden.intersection(INDEX_OF_WORDS):
        hidden.add("words")
    for name in hidden:
        connection.execute(f'CREATE TEMP VIEW {name} AS SELECT * FROM main."table {name}"')  # noqa: S608


def _create_views(
    connection: sqlite3.Connection, days: Mapping[str, date | None], asked: frozenset[str]
) -> None:
    """Put the record of a moment under the names that every query uses, for this connection only."""
    values = {name: _NEVER_OVER if day is None else day.isoformat() for name, day in days.items()}
    for statement in read_statements("moment.create_views"):
        connection.execute(keep_lines(statement, asked), values)
    _run(connection, "moment.keep_reported_parents")
    if "known_on" in asked:
        _create_view(connection, "judged_unfinished")
        _run(connection, "moment.keep_unfinished")
    for view in _VIEWS:
        _create_view(connection, view)
    _run(connection, "moment.create_contradicted")
    _create_view(connection, "judged", "states")
    _run(connection, "moment.keep_states_of_parents")
    _create_view(connection, "sites")


def _run(connection: sqlite3.Connection, script: str) -> None:
    for statement in read_statements(script):
        connection.execute(statement)


def _create_view(connection: sqlite3.Connection, view: str, name: str | None = None) -> None:
    """Create a view of the schema again over the record of a moment, under its own or another name."""
    (text,) = connection.execute("SELECT sql FROM main.sqlite_schema WHERE name = ?", [view]).fetchone()
    connection.execute(_make_temporary(text, view, name or view))


def _make_temporary(statement: str, view: str, name: str) -> str:
    return statement.replace(f"CREATE VIEW {view} ", f"CREATE TEMP VIEW {name} ", 1)
