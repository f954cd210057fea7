"""One transaction for each command that writes, begun so that no other program can write meanwhile."""

import getpass
import json
import os
import signal
import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from threading import current_thread, main_thread
from time import monotonic, sleep
from typing import Any, NamedTuple

from nkplan.database import (
    BUSY_TIMEOUT,
    check_owner,
    check_path,
    check_schema,
    connect,
    name_error,
    translating_errors,
)
from nkplan.errors import DO_NOT_REPEAT, CommittedAnyway, Unusable
from nkplan.sql import read_sql, read_statements
from nkplan.sql.schema import fold_name, read_parts
from nkplan.store.parts import remove_leftovers
from nkplan.text import clean, compose
from nkplan.written import mark_written

_KEYS_AT_ONCE = 10_000
_PAUSE = 0.02
"""How many seconds a writer waits before it looks again whether another has finished."""

_COMMITTED = {
    "SQLITE_IOERR_DIR_FSYNC": "its folder cannot be synced: a power cut may undo that",
    "SQLITE_IOERR_RDLOCK": "it cannot be unlocked",
    "SQLITE_IOERR_UNLOCK": "it cannot be unlocked",
}
"""The errors of a commit that come after it: SQLite has removed the journal by then. The others undo it."""

_MOMENT = 0.1
"""How many seconds a file may have two names: a copy has them while it gets its final one."""


class Recorder(NamedTuple):
    """Who writes, and when; `now` is an instant with a time zone."""

    who: str
    now: datetime

    @property
    def recorded(self) -> str:
        """The instant as the journal has it, in UTC to the second."""
        return self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def find_user_name() -> str:
    """Return the user's login name, cleaned, or `unknown` if the system has none."""
    try:
        return clean(getpass.getuser())
    except (KeyError, OSError, ImportError):
        return "unknown"


@contextmanager
def writing(
    path: Path,
    *,
    create: bool = False,
    dry_run: bool = False,
    may_be_older: bool = False,
    may_be_changed: bool = False,
    timeout: float = BUSY_TIMEOUT,
) -> Iterator[Connection]:
    """Open the database, begin a transaction, and commit it at the end; any exception rolls it back.

    With `dry_run` it is always rolled back; if it `may_be_older`, references are not enforced. It waits for
    another writer for up to `timeout` seconds. Raises Unusable, also if its schema is not this version's
    unless it `may_be_changed`, CommittedAnyway if it was committed but interrupted or not told well by the
    disk, and ForeignDatabase.
    """
    with translating_errors(path):
        connection = _begin(path, create=create, may_be_older=may_be_older, timeout=timeout)
        with closing(connection), _rolling_back(connection):
            if not may_be_changed:
                check_schema(connection, path, is_written=True)
            _refuse_triggers(connection)
            connection.execute("PRAGMA defer_foreign_keys = ON")
            yield connection
            if not dry_run:
                with holding_interrupts():
                    _commit(connection, path)
                    mark_written()


def _commit(connection: Connection, path: Path) -> None:
    try:
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if (what := _COMMITTED.get(error.sqlite_errorname)) is None:
            raise
        raise CommittedAnyway(
            f"everything was written to {path}, but {what}",
            "check the disk it is on, and do not repeat the command",
        ) from error


@contextmanager
def _rolling_back(connection: Connection) -> Iterator[None]:
    """Roll back what is not committed: a closed connection does it only once nothing refers to its rows."""
    try:
        yield
    finally:
        with suppress(sqlite3.Error):
            connection.rollback()


def _refuse_triggers(connection: Connection) -> None:
    """Refuse each statement that would run a trigger of another program's own tables.

    One can run with nkplan's statements: where its table has a foreign key, it may follow a row of nkplan's.
    """
    found = connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'trigger'").fetchall()
    # What a view reads also has its name as the source; a trigger of that name is not left by now. The
    # triggers of older versions have the same names.
    own = {part.name for part in read_parts() if part.type in {"trigger", "view"}}
    if others := {name for (name,) in found if fold_name(name) not in own}:

        def decide(_action: int, _first: Any, _second: Any, _database: Any, source: str | None) -> int:
            return sqlite3.SQLITE_DENY if source in others else sqlite3.SQLITE_OK

        connection.set_authorizer(decide)


@contextmanager
def holding_interrupts() -> Iterator[None]:
    """Delay Ctrl-C until the commit is done, and then say that it was done. Raises CommittedAnyway."""
    # Other threads get no signals, and a handler that the caller has set stays in force.
    if (
        signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        or current_thread() is not main_thread()
    ):
        yield
        return
    held = []
    signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if held:
        raise CommittedAnyway("everything was written before the interrupt", DO_NOT_REPEAT)


def _begin(path: Path, *, create: bool, may_be_older: bool, timeout: float) -> Connection:
    """Open the file at a path and begin a transaction once no other program is writing to it.

    While it waits it does not keep the file open: another process may replace it, as a restore does, and a
    connection to the replaced file would take the journal of a writer to the new one for its own, roll it
    back and delete it.
    """
    _refuse_linked(path)
    deadline = monotonic() + timeout
    while True:
        try:
            connection = _try_to_begin(path, create=create, may_be_older=may_be_older)
        except sqlite3.OperationalError as error:
            kind = name_error(error)
            if not kind.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or monotonic() >= deadline:
                raise
            sleep(_PAUSE)
        else:
            if connection is not None:
                # The commit waits for readers, which keep the file as it is.
                connection.execute(f"PRAGMA busy_timeout = {int(timeout * 1000)}")
                return connection


def _try_to_begin(path: Path, *, create: bool, may_be_older: bool) -> Connection | None:
    """Begin a transaction without waiting; return None if the file was made or replaced in the meantime."""
    opened = _identify(path)
    connection = connect(path, "rwc" if create else "rw", 0.0)
    try:
        # An upgrade drops tables, which would delete what follows their rows in a table of somebody's own.
        connection.execute(f"PRAGMA foreign_keys = {'OFF' if may_be_older else 'ON'}")
        # The removal of the journal is what commits, and is to be on disk too.
        connection.execute("PRAGMA synchronous = EXTRA")
        check_owner(connection, path, may_be_empty=create, may_be_older=may_be_older)
        # A file that another tool has put into write-ahead mode goes back to a rollback journal: readers
        # need no write permission then, and SQLite before 3.51.3 can corrupt a write-ahead log.
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        # A deferred transaction would let another writer in between reading and writing.
        connection.execute("BEGIN IMMEDIATE")
        # Another process may have upgraded the file, or replaced the one that was opened.
        if opened is not None and _identify(path) == opened:
            check_owner(connection, path, may_be_empty=create, may_be_older=may_be_older)
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None


def _refuse_linked(path: Path) -> None:
    """Refuse a file with several names (hard links). Raises Unusable.

    SQLite finds the journal by the name. Who opens the file by another would not roll back what a killed
    writer has left, and whoever rolls it back later would undo what was written since.
    """
    check_path(path)
    until = monotonic() + _MOMENT
    while _count_names(path) > 1:
        # A copy whose making was killed at that moment has another name in a hidden folder.
        remove_leftovers(Path(os.path.realpath(path)).parent)
        if monotonic() >= until:
            raise Unusable(
                f"{path} has another name (a hard link), and a write by one of them can be lost by the other;"
                " remove the other name, or copy the file and name the copy with --db"
            )
        sleep(_PAUSE)


def _count_names(path: Path) -> int:
    try:
        return path.stat().st_nlink
    except OSError:
        return 0  # Opening it will report the reason, if it is to exist.


def _identify(path: Path) -> tuple[int, int] | None:
    """Return what distinguishes a file from another that has replaced it under the same name."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def fetch_rows(connection: Connection, query: str, **values: Any) -> list[dict[str, Any]]:
    """Run a query of sql/ and return its rows."""
    cursor = connection.execute(read_sql(query), values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def fetch_by_keys(
    connection: Connection, query: str, name: str, keys: Iterable[str], **values: Any
) -> Iterator[dict[str, Any]]:
    """Run a query of sql/ for many keys, which are its parameter `name`, a JSON list."""
    every = sorted(set(keys))
    for start in range(0, len(every), _KEYS_AT_ONCE):
        yield from fetch_rows(
            connection, query, **values, **{name: json.dumps(every[start : start + _KEYS_AT_ONCE])}
        )


def execute(connection: Connection, script: str, **values: Any) -> None:
    """Run the statements of a script of sql/."""
    for statement in read_statements(script):
        connection.execute(statement, values)


def add_change(
    connection: Connection,
    command: str,
    recorder: Recorder,
    summary: str,
    *,
    data_set: str | None = None,
    undoes: int | None = None,
    redoes: int | None = None,
) -> int:
    """Add a row to the journal, its texts composed (NFC), and return its number.

    `data_set` is the data set that the rows belong to, `undoes` the change that this one undoes, and `redoes`
    the one that it records again; if these are several, `reverse_changes` has to store them.
    """
    values = {
        "uuid": make_uuid(recorder.now),
        "command": command,
        "recorded": recorder.recorded,
        "who": compose(recorder.who),
        "summary": compose(summary),
        "data_set": data_set,
        "undoes": undoes,
        "redoes": redoes,
    }
    number = connection.execute(read_sql("journal.add_change"), values).lastrowid
    assert number is not None
    return number


def make_uuid(now: datetime) -> str:
    """Make the UUID of a change recorded now: version 7, which sorts by time."""
    milliseconds = int(now.timestamp() * 1000)
    # Not by `secrets`, whose modules a short command would load for this alone.
    random = int.from_bytes(os.urandom(10), "big")
    bits = milliseconds << 80 | 7 << 76 | random >> 68 << 64 | 2 << 62 | random & (2**62 - 1)
    return str(uuid.UUID(int=bits))
