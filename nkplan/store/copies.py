"""Copies of the database beside it: complete, synced to disk, under a dated name that is not in use."""

import errno
import os
import re
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from nkplan.database import check_owner, connect, translating_errors
from nkplan.store.parts import writing_part

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}


def make_name(path: Path, word: str, now: datetime) -> Path:
    """Make a name beside a database that says what a copy is and when it was made, and is not in use."""
    stem = f"{path.stem}-{word}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    number = 1
    while (name := path.with_name(f"{stem}{'' if number == 1 else f'-{number}'}{path.suffix}")).exists():
        number += 1
    return name


def list_copies(path: Path, word: str) -> list[Path]:
    """List the copies with a word in their dated names, oldest first."""
    stem, suffix = re.escape(f"{path.stem}-{word}-"), re.escape(path.suffix)
    found = [
        (named[1], int(named[2] or 1), one)
        for one in path.parent.iterdir()
        if (named := re.fullmatch(rf"{stem}(\d{{8}}T\d{{6}}Z)(?:-(\d+))?{suffix}", one.name))
    ]
    return [one for _, _, one in sorted(found)]


def copy_database(path: Path, target: Path, *, may_be_older: bool = False) -> None:
    """Copy a database, as it is at one instant, to a new name: all of it or nothing.

    The copy is on disk when this returns. Raises Unusable and ForeignDatabase.
    """
    with writing_part(target) as part:
        fill_part(path, part, target, may_be_older=may_be_older)
        _give_name(part, target)


def fill_part(path: Path, part: Path, target: Path, *, may_be_older: bool = False) -> None:
    """Copy a database, as it is at one instant, to a part of a target.

    It uses SQLite's backup, so that another program's writes cannot get into the copy. Raises Unusable and
    ForeignDatabase.
    """
    with translating_errors(path), closing(connect(path, "ro")) as source:
        check_owner(source, path, may_be_older=may_be_older)
        # The first read waits for another writer until the timeout; the backup itself has no timeout.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        with translating_errors(target), closing(connect(part, "rwc")) as copy:
            source.backup(copy)
            # Another tool may have put the file into write-ahead mode. A copy is a single file that can be
            # read without write permission.
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()
    shutil.copymode(path, part)


def copy_bytes(path: Path, target: Path) -> None:
    """Copy a file that SQLite cannot read to a new name, byte for byte: all of it or nothing."""
    with writing_part(target) as part:
        shutil.copyfile(path, part)
        shutil.copymode(path, part)
        _give_name(part, target)


def _give_name(part: Path, target: Path) -> None:
    """Give a file its final name once it is on disk."""
    sync(part)
    _link(part, target)
    sync(target.parent)


def _link(part: Path, target: Path) -> None:
    """Give a file its final name, unless that is in use."""
    try:
        os.link(part, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        part.rename(target)


def sync(path: Path) -> None:
    """Wait until the content of a file, or the names in a folder, are on disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
