"""The database as a file: whose it is, which version, how it is opened, what SQLite's errors say of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nkplan.errors import NkplanError, NotOurs, Unusable

APPLICATION_ID = int.from_bytes(b"nkpl", "big")
"""What marks a SQLite file as nkplan's."""

VERSION = 1
"""The version of the schema that this program reads and writes."""

OLDEST_SQLITE = (3, 37)
"""The first SQLite with STRICT tables."""

BUSY_TIMEOUT = 30.0
"""For how many seconds to wait for another program to finish writing."""


def is_new(path: Path) -> bool:
    """Tell whether no database has been made at a path; a first run that was cut off leaves an empty file."""
    try:
        return path.stat().st_size == 0
    except FileNotFoundError:
        return True
    except OSError as error:
        raise Unusable(
            f"{path} can not be opened: {error.strerror}; choose another file with --db"
        ) from error


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open the file in SQLite's mode `ro`, `rw` or `rwc`. Transactions are begun and ended by the caller."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise Unusable(f"this Python has SQLite {sqlite3.sqlite_version}; nkplan needs {oldest} or newer")
    if path.is_dir():
        raise Unusable(f"{path} is a directory; name a file with --db")
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_TIMEOUT, isolation_level=None
    )


def check_owner(connection: sqlite3.Connection, path: Path, *, may_be_empty: bool = False) -> None:
    """Refuse a database of another program, or one with a schema newer than this program's.

    Raises NotOurs. A file in which nothing has been made yet passes where it `may_be_empty`.
    """
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if owner != APPLICATION_ID and (tables or owner):
        raise NotOurs(f"{path} is the database of another program; choose another file with --db")
    if not version and not may_be_empty:
        raise NotOurs(f"{path} is an empty database with no record in it; remove it or choose another --db")
    if version > VERSION:
        raise NotOurs(
            f"{path} was written by a newer nkplan (schema {version}; this one knows {VERSION}); upgrade it"
        )


@contextmanager
def translating(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file into this program's; errors in a query stay what they are, bugs."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _translate(error, path) or error from error


def _translate(error: sqlite3.DatabaseError, path: Path) -> NkplanError | None:
    # An extended code such as SQLITE_IOERR_WRITE begins with its kind.
    if "no such module: fts5" in str(error):
        return Unusable(
            "the SQLite of this Python has no full-text search (FTS5), which nkplan needs; use another"
        )
    if "Could not decode to UTF-8" in str(error):
        return Unusable(f"{path} is damaged: it holds text that is not UTF-8; bring back a copy of it")
    kind = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
    match kind:
        case "SQLITE_NOTADB":
            return NotOurs(f"{path} is no nkplan database; choose another file with --db")
        case "SQLITE_BUSY" | "SQLITE_LOCKED":
            return Unusable(f"{path} is being written by another program; try again when it is done")
        case "SQLITE_READONLY" | "SQLITE_PERM" | "SQLITE_AUTH":
            return Unusable(
                f"{path} can not be written; make it and its folder writable or choose another --db"
            )
        case "SQLITE_CANTOPEN":
            return Unusable(
                f"{path} can not be opened; look at its folder and permissions or choose another --db"
            )
        case "SQLITE_FULL":
            return Unusable(
                f"the disk that holds {path} is full, and nothing was written; make room and try again"
            )
        case "SQLITE_IOERR":
            return Unusable(f"{path} can not be read or written ({error}); look at the disk it is on")
        case "SQLITE_CORRUPT":
            return Unusable(f"{path} is damaged ({error}); bring back a copy of it")
    return None
