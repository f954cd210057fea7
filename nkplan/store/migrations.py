"""Upgrading a database that an older nkplan made: a copy of it first, then all at once or not at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection

from sqlite_utils import Database, Migrations

from nkplan.database import VERSION, find_broken_reference
from nkplan.errors import Unusable
from nkplan.store.copies import copy_database, list_copies, make_name
from nkplan.store.parts import remove_leftovers
from nkplan.store.transaction import execute, writing

COPIES_KEPT = 5
"""Of the copies that are made before an upgrade, so many are kept."""

_WORD = "before-upgrade"
_CAN_NOT_WRITE = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")

MIGRATIONS = Migrations("nkplan")
"""One function for each version, in the order of the versions: it makes that version of the one before."""


@MIGRATIONS()
def upgrade_to_2(database: Database, /) -> None:
    """Keep the days of every claim, the first events of a state, sources of figures, and words to search.

    The schema is taken down and made anew, so that it is a new database's to the letter. As long as version 2
    is the newest, that is schema.sql; whoever makes version 3 gives version 2 a file of its own.
    """
    execute(database.conn, "upgrade_2_keep")
    execute(database.conn, "schema")
    execute(database.conn, "upgrade_2_fill")
    execute(database.conn, "repairs.repair_stale_days")
    execute(database.conn, "repairs.repair_stale_state")
    execute(database.conn, "repairs.repair_stale_search")


@dataclass(frozen=True, slots=True)
class Migrated:
    """What an upgrade did: from which version, and where the copy is of what was there before."""

    before: int
    copy: Path


def mark_migrated(connection: Connection, now: datetime) -> None:
    """Note in a new database that it is past every migration."""
    database = Database(connection, execute_plugins=False)
    database.table(MIGRATIONS.migrations_table).insert_all(
        {"migration_set": MIGRATIONS.name, "name": one.name, "applied_at": now.isoformat()}
        for one in MIGRATIONS.pending(database)
    )


def migrate(path: Path, now: datetime) -> Migrated | None:
    """Upgrade an older database in one transaction, after a copy of it was made beside it.

    Gives None where another process has done it in the meantime. Raises Unusable and NotOurs, with nothing
    changed.
    """
    with _explaining(path), writing(path, may_be_older=True) as connection:
        before = _fetch_version(connection)
        if before == VERSION:
            return None
        remove_leftovers(path.parent)
        copy = make_name(path, _WORD, now)
        copy_database(path, copy, may_be_older=True)
        try:
            upgrade(connection)
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
    with suppress(OSError):
        for old in list_copies(path, _WORD)[:-COPIES_KEPT]:
            old.unlink()
    return Migrated(before, copy)


def upgrade(connection: Connection) -> None:
    """Bring a database that a transaction has been begun in to this program's version."""
    if (broken := find_broken_reference(connection)) is not None:
        raise sqlite3.IntegrityError(broken)
    MIGRATIONS.apply(Database(connection, execute_plugins=False))
    if (version := _fetch_version(connection)) != VERSION:
        # Another tool has set the number back: the list of upgrades in the file has all of them already.
        raise Unusable(
            f"the database says that it is of schema {version}, and that it was upgraded to {VERSION} before;"
            " nothing was changed; bring back a copy of it"
        )


def _fetch_version(connection: Connection) -> int:
    ((version,),) = connection.execute("PRAGMA user_version").fetchall()
    return int(version)


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    """Say of an upgrade that can not be made what to do about it."""
    try:
        yield
    except Unusable as error:
        cause = error.__cause__
        name = getattr(cause, "sqlite_errorname", "")
        if name.startswith(_CAN_NOT_WRITE) or isinstance(cause, PermissionError):
            raise Unusable(
                f"{path} was written by an older nkplan and can not be upgraded where it is; make it and its "
                "folder writable, or copy it elsewhere and name the copy with --db"
            ) from error
        raise
    except sqlite3.IntegrityError as error:
        raise Unusable(
            f"{path} was written by an older nkplan and can not be upgraded ({error}); nothing was changed; "
            "mend that row or bring back a backup"
        ) from error
