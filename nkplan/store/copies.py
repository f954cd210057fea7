"""Copies of the database beside it: complete, synced to disk, under a dated name that is not in use."""

import errno
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import BinaryIO

from nkplan.database import (
    check_owner,
    connect,
    name_error,
    name_journal,
    needs_rollback,
    refuse_in_use,
    translate,
    translating_errors,
)
from nkplan.errors import CommittedAnyway, Unusable
from nkplan.store.parts import BESIDE, copy_access, writing_part
from nkplan.store.replacing import locking_file, sync, sync_folder
from nkplan.written import forget_written, mark_written

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}

_CANNOT_READ = (
    "SQLITE_CORRUPT",
    "SQLITE_IOERR_CORRUPTFS",
    "SQLITE_IOERR_LOCK",
    "SQLITE_IOERR_READ",
    "SQLITE_IOERR_SHORT_READ",
)
"""The errors of a copy that are those of what is copied; the copy itself is new."""

_PATIENCE = 2.0
"""How many seconds a copy waits for another program that rolls back what a killed one has left."""


def is_free(path: Path) -> bool:
    """Return whether a copy can have a name: neither that nor the name of its journal is in use."""
    return not any(os.path.lexists(f"{path}{suffix}") for suffix in ("", *BESIDE))


def _make_names(path: Path, word: str, now: datetime) -> Iterator[Path]:
    """Yield names beside a database that say what a copy is and when it was made, and are not in use."""
    stem = f"{path.stem}-{word}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for number in count(1):
        name = path.with_name(f"{stem}{'' if number == 1 else f'-{number}'}{path.suffix}")
        if is_free(name):
            yield name


def list_copies(path: Path, word: str) -> list[Path]:
    """List the copies with a word in their dated names, oldest first."""
    stem, suffix = re.escape(f"{path.stem}-{word}-"), re.escape(path.suffix)
    found = [
        (named[1], int(named[2] or 1), one)
        for one in path.parent.iterdir()
        if (named := re.fullmatch(rf"{stem}(\d{{8}}T\d{{6}}Z)(?:-(\d+))?{suffix}", one.name))
    ]
    return [one for _, _, one in sorted(found)]


def back_up_database(
    path: Path, target: Path | None, word: str, now: datetime, examine: Callable[[Path], object]
) -> Path:
    """Copy a database, as it is at one instant, to a new name: all of it or nothing; return the name.

    Without a target it is a dated name beside the database. The copy gets it once it is on disk and
    `examine` finds nothing wrong with it. Raises Unusable, ForeignDatabase and what `examine` raises.
    """

    def fill(part: Path) -> None:
        fill_part(path, part, path if target is None else target)
        examine(part)

    if target is None:
        return _keep(path, word, now, fill, mark_written)
    with writing_part(target) as part:
        fill(part)
        sync(part)
        _give_name(part, target)
        mark_written()
    return target


def keep_database(path: Path, word: str, now: datetime, *, may_be_older: bool = False) -> Path:
    """Copy a database, before it is changed, to a dated name beside it, and return the name."""
    return _keep(path, word, now, lambda part: fill_part(path, part, path, may_be_older=may_be_older))


def keep_bytes(file: BinaryIO, path: Path, word: str, now: datetime) -> Path:
    """Copy an open file that SQLite cannot read, byte for byte, to a dated name beside its path."""

    def fill(part: Path) -> None:
        file.seek(0)
        with part.open("xb") as copy:
            shutil.copyfileobj(file, copy)
        copy_access(path, part)

    return _keep(path, word, now, fill)


def _keep(
    path: Path,
    word: str,
    now: datetime,
    fill: Callable[[Path], object],
    mark: Callable[[], object] = lambda: None,
) -> Path:
    names = _make_names(path, word, now)
    with writing_part(next(names)) as part:
        fill(part)
        sync(part)
        # Another process may take a name in the same second.
        for name in _make_names(path, word, now):
            with suppress(FileExistsError):
                _give_name(part, name)
                mark()
                return name
    raise AssertionError("there is always another name")


def fill_part(path: Path, part: Path, target: Path, *, may_be_older: bool = False) -> None:
    """Copy a database, as it is at one instant, to a part of a target; the database itself stays as it is.

    Raises Unusable and ForeignDatabase.
    """
    with translating_errors(path):
        try:
            _copy(path, path, part, target, may_be_older=may_be_older)
        except sqlite3.OperationalError as error:
            if not needs_rollback(error):
                raise
            _copy(path, _roll_back_aside(path, part.parent), part, target, may_be_older=may_be_older)
    copy_access(path, part)


def _copy(path: Path, file: Path, part: Path, target: Path, *, may_be_older: bool) -> None:
    """Copy a file by SQLite's backup, so that another program's writes cannot get into the copy.

    Errors name the database's `path`.
    """
    with closing(connect(file, "ro")) as source:
        check_owner(source, path, may_be_older=may_be_older)
        # The first read waits for another writer until the timeout; the backup itself has no timeout.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        with closing(connect(part, "rwc")) as copy:
            try:
                source.backup(copy)
                # Another tool may have put the file into write-ahead mode. A copy is a single file that can
                # be read without write permission.
                copy.execute("PRAGMA journal_mode = DELETE").fetchone()
            except sqlite3.DatabaseError as error:
                if name_error(error).startswith(_CANNOT_READ):
                    raise
                raise (translate(error, target) or error) from error


def _roll_back_aside(path: Path, folder: Path) -> Path:
    """Copy a file with the journal that a killed writer has left, and let SQLite roll back the copy."""
    aside = folder / "aside"
    with locking_file(path, shared=True, timeout=_PATIENCE) as file, aside.open("xb") as copy:
        if file is None:
            raise refuse_in_use(path)
        shutil.copyfileobj(file, copy)
        # Another process may have rolled it back by now.
        with suppress(FileNotFoundError):
            shutil.copyfile(name_journal(path), f"{aside}-journal")
    with closing(connect(aside, "rw")) as connection:
        connection.execute("PRAGMA user_version").fetchone()
    return aside


def _give_name(part: Path, target: Path) -> None:
    """Give a file, which is on disk, its final name. Raises FileExistsError if that is in use."""
    made = part.stat()
    try:
        _take_name(part, target)
        # A database with two names is refused by who writes to it; what is left is swept before that.
        with suppress(OSError):
            part.unlink(missing_ok=True)
        sync_folder(target.parent)
    except BaseException:
        # Ctrl-C can come when it has the name already, and the name can be that of another file.
        with suppress(OSError):
            if os.path.samestat(target.lstat(), made):
                target.unlink()
        raise


def _take_name(part: Path, target: Path) -> None:
    try:
        os.link(part, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            part.replace(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name the database in messages, not the part that is written first, and is not yet it."""
    try:
        yield
    except Unusable as error:
        if isinstance(error, CommittedAnyway) and error.__cause__ is None:
            # The part was committed before the interrupt.
            raise KeyboardInterrupt from None
        if not isinstance(error.__cause__, sqlite3.DatabaseError):
            raise
        raise (translate(error.__cause__, path) or error) from error.__cause__
    finally:
        # What was committed is no database yet.
        forget_written()
