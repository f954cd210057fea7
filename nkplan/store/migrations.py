"""Upgrade a database of an older nkplan: copy it first, then upgrade all of it or nothing."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection

from sqlite_utils import Database, Migrations

from nkplan.database import VERSION, find_broken_reference, is_outdated, name_error, roll_back_journal
from nkplan.errors import NkplanError, Unusable
from nkplan.store.copies import keep_database, list_copies
from nkplan.store.parts import remove_leftovers
from nkplan.store.record import ReportProgress
from nkplan.store.transaction import writing
from nkplan.store.upgrade import UNCHANGED, Upgraded, keep_indexes, list_added, list_renamed, rebuild_as_3

COPIES_KEPT = 5
"""How many of the copies made before upgrades are kept."""

_WORD = "before-upgrade"
_CANNOT_WRITE = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")

_ROOM = 3
"""How many times the size of a database its upgrade takes on its disk, besides the database itself."""

_MEBIBYTE = 2**20

# sqlite-utils calls an upgrade with the database alone.
_reporting: ContextVar[ReportProgress] = ContextVar("_reporting", default=lambda what, share: None)

MIGRATIONS = Migrations("nkplan")
"""One function for each version, in order; it upgrades from the version before."""


@MIGRATIONS()
def upgrade_to_2(database: Database, /) -> None:
    """Add the one column of version 2 that is not derived; the upgrade to version 3 derives the others."""
    database.conn.execute("ALTER TABLE announcement_figures ADD COLUMN source TEXT")


@MIGRATIONS()
def upgrade_to_3(database: Database, /) -> None:
    """Create the schema of version 3, and give it the rows of version 1 or 2.

    The schema is dropped and created again, so that it equals that of a new database exactly. While version 3
    is the newest, that is schema.sql; with version 4, version 3 needs a file of its own.
    """
    rebuild_as_3(database.conn, _reporting.get())


@dataclass(frozen=True, slots=True)
class Migrated:
    """An upgrade: the version `before`, the `copy` of the database as it was, and what it changed."""

    before: int
    copy: Path
    upgraded: Upgraded


def mark_migrated(connection: Connection, now: datetime) -> None:
    """Mark every migration as applied in a new database."""
    database = Database(connection, execute_plugins=False)
    database.table(MIGRATIONS.migrations_table).insert_all(
        {"migration_set": MIGRATIONS.name, "name": one.name, "applied_at": now.isoformat()}
        for one in MIGRATIONS.pending(database)
    )


def migrate(
    path: Path, now: datetime, report_progress: ReportProgress = lambda what, share: None
) -> Migrated | None:
    """Upgrade an older database in one transaction, after copying it beside itself.

    Return None if another process has upgraded it in the meantime. Raises Unusable and ForeignDatabase, with
    nothing changed.
    """
    remove_leftovers(path.parent)
    copy: Path | None = None
    try:
        with explaining(path), writing(path, may_be_older=True) as connection:
            before = _fetch_version(connection)
            if before == VERSION:
                return None
            _check_room(path)
            report_progress("copying", None)
            copy = keep_database(path, _WORD, now, may_be_older=True)
            upgraded = upgrade(connection, report_progress)
    except BaseException:
        # The commit can fail too, or be interrupted once it is done.
        with suppress(NkplanError, sqlite3.Error, OSError):
            roll_back_journal(path)
            if copy is not None and is_outdated(path):
                copy.unlink(missing_ok=True)
        raise
    with suppress(OSError):
        for old in list_copies(path, _WORD)[:-COPIES_KEPT]:
            old.unlink()
    return Migrated(before, copy, upgraded)


def _check_room(path: Path) -> None:
    """Refuse an upgrade for which the disk has no room: copy, new rows and journal. Raises Unusable."""
    needed = _ROOM * path.stat().st_size
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        room = f"{-(-needed // _MEBIBYTE)} MiB, but its disk has {free // _MEBIBYTE} MiB free"
        raise Unusable(
            f"{path} was written by an older nkplan, and to upgrade it and keep a copy takes about {room};"
            " make room and try again"
        )


def upgrade(connection: Connection, report_progress: ReportProgress = lambda what, share: None) -> Upgraded:
    """Upgrade a database to this program's version, in a transaction that the caller has begun.

    References are not enforced meanwhile, and are checked before and after it. Return what could not stay as
    it was, nothing if the database is not older. Raises Unusable and what SQLite raises; `explaining` says
    what to do about it.
    """
    if _fetch_version(connection) == VERSION:
        return UNCHANGED
    added = list_added(connection)
    if (broken := find_broken_reference(connection)) is not None:
        raise sqlite3.IntegrityError(broken)
    token = _reporting.set(report_progress)
    try:
        MIGRATIONS.apply(Database(connection, execute_plugins=False))
    finally:
        _reporting.reset(token)
    if (version := _fetch_version(connection)) != VERSION:
        # Another tool has changed the number: the list of upgrades in the file is complete already.
        raise Unusable(
            f"the database says that its schema is {version}, but it was upgraded to {VERSION} before;"
            " nothing was changed; restore it from a backup"
        )
    dropped = keep_indexes(connection, added)
    if (broken := find_broken_reference(connection)) is not None:
        raise sqlite3.IntegrityError(broken)
    return Upgraded(list_renamed(connection), dropped)


def _fetch_version(connection: Connection) -> int:
    ((version,),) = connection.execute("PRAGMA user_version").fetchall()
    return int(version)


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Say what to do about an upgrade that fails."""
    try:
        yield
    except Unusable as error:
        cause = error.__cause__
        name = getattr(cause, "sqlite_errorname", "")
        if name.startswith(_CANNOT_WRITE) or isinstance(cause, PermissionError):
            raise Unusable(
                f"{path} was written by an older nkplan and cannot be upgraded where it is; make it and its "
                "folder writable, or copy it elsewhere and name the copy with --db"
            ) from error
        raise
    except sqlite3.IntegrityError as error:
        raise Unusable(
            f"{path} was written by an older nkplan and cannot be upgraded ({error}); nothing was changed; "
            "fix that row or restore a backup"
        ) from error
    except sqlite3.OperationalError as error:
        # Somebody has changed the schema: a table of the same name as a new one, for example.
        if name_error(error) != "SQLITE_ERROR":
            raise
        raise Unusable(
            f"{path} was written by an older nkplan and cannot be upgraded ({error}); nothing was changed; "
            "rename or drop what another program added, or restore a backup"
        ) from error
