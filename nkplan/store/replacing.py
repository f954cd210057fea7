"""Put a finished file in the place of a database, so that no other program is left with half of either.

SQLite finds the journal of a file by its name. So whatever it keeps beside a database must be gone before
another file gets that name, or it is applied to that file; and nobody may write to the old file meanwhile.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import BinaryIO

from nkplan.database import is_new, refuse_in_use
from nkplan.errors import CommittedAnyway
from nkplan.store.parts import BESIDE, copy_access
from nkplan.store.transaction import holding_interrupts
from nkplan.written import mark_written

_PAUSE = 0.02

# Where a file's locks are in SQLite's file format, and how many bytes: two of writers, then the readers'.
_WRITERS_AND_READERS = 0x40000000, 512
_READERS = 0x40000002, 510

_NO_SYNC = {errno.EACCES, errno.EPERM, errno.EINVAL, errno.ENOTSUP}


@contextmanager
def locking_file(path: Path, *, shared: bool = False, timeout: float) -> Iterator[BinaryIO | None]:
    """Open a file that SQLite is not to open, locked as SQLite would lock it to write, or `shared` to read.

    Who has it open in write-ahead mode keeps a reader's lock. It yields None if the file was replaced in the
    meantime. Do not open it otherwise in this process: POSIX would release the lock when that is closed.
    Raises Unusable if another program does not release it, and OSError.
    """
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    start, length = _READERS if shared else _WRITERS_AND_READERS
    deadline = monotonic() + timeout
    file = path.open("rb" if shared else "r+b")
    try:
        while True:
            try:
                fcntl.lockf(file, kind | fcntl.LOCK_NB, length, start)
                break
            except (BlockingIOError, PermissionError):
                if monotonic() >= deadline:
                    raise refuse_in_use(path) from None
                sleep(_PAUSE)
        yield file if _is_at(file, path) else None
    finally:
        # What was to be done under the lock is done by now, or an exception says why not.
        with suppress(OSError):
            file.close()


def take_new_place(part: Path, place: Path, timeout: float) -> bool:
    """Put a file in a place that has no database yet; return False if there is one by now.

    An empty file that somebody has put there keeps its owner and permissions. Raises Unusable and OSError.
    """
    while True:
        is_made = _make_empty(place)
        if not is_new(place, timeout):
            return False
        with locking_file(place, timeout=timeout) as file:
            if file is None or os.fstat(file.fileno()).st_size:
                continue
            try:
                if not is_made:
                    copy_access(place, part)
                # SQLite would remove them when it opens the empty file, but apply them to one with pages.
                for suffix in BESIDE:
                    Path(f"{place}{suffix}").unlink(missing_ok=True)
                put_in_place(part, place)
            except OSError:
                if is_made:
                    place.unlink(missing_ok=True)
                raise
            return True


def put_in_place(part: Path, place: Path) -> None:
    """Give a file, which is on disk, its final name. Raises OSError if it did not get it.

    Raises CommittedAnyway if it did, but it is not sure that its name is on disk.
    """
    with holding_interrupts():
        part.replace(place)
        mark_written()
        try:
            sync_folder(place.parent)
        except OSError as error:
            raise CommittedAnyway(
                f"{place} was written, but its folder cannot be synced ({error.strerror}):"
                " a power cut may undo that",
                "check the disk it is on, and do not repeat the command",
            ) from error


def sync(path: Path) -> None:
    """Wait until the content of a file is on disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    try:
        sync(folder)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
        # It may be written but not read, or its file system cannot sync folders.
        os.sync()


def _make_empty(path: Path) -> bool:
    """Make an empty file as SQLite would, and return whether it was not there."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
        return True
    return False


def _is_at(file: BinaryIO, path: Path) -> bool:
    """Return whether an open file is the one that a path names."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
