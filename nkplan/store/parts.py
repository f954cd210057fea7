"""Write files under a hidden name beside their target, and remove those that killed processes have left.

A part is `.NAME.TOKEN.part`, and its writer holds a lock on `.NAME.TOKEN.part-lock` as long as it runs: the
system releases it when the process ends, however it ends. So a part whose lock is free has no writer.

The lock is of the kind that SQLite itself uses (POSIX record locks); other machines see it wherever a
database in a shared folder is safe at all. It is on a separate file, because a process releases all of its
locks on a file when it closes any descriptor of that file, as SQLite does with the part.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nkplan.errors import Unusable

_LOCK = re.compile(r"(\..+\.[0-9a-f]{8}\.part)-lock", re.DOTALL)
_BESIDE = ("-journal", "-wal", "-shm")
"""The suffixes of the files that SQLite may keep beside a database."""


@contextmanager
def writing_part(target: Path) -> Iterator[Path]:
    """Yield a temporary name for a file that is to replace the target; a file left there is removed.

    Raises Unusable if something cannot be written.
    """
    try:
        part, lock = _claim(target)
        try:
            yield part
        finally:
            with suppress(OSError):
                _remove(part)
            os.close(lock)
    except OSError as error:
        raise Unusable(
            f"{target} cannot be written: {error.strerror};"
            " make room, or choose a folder that you can write to"
        ) from error


def remove_leftovers(folder: Path) -> None:
    """Remove from a folder the parts whose writers have ended; what cannot be removed stays.

    Do not call this while this process writes a part: its own locks would not protect that.
    """
    with suppress(OSError):
        for path in folder.iterdir():
            if found := _LOCK.fullmatch(path.name):
                _remove_unless_held(folder / found[1])


def _claim(target: Path) -> tuple[Path, int]:
    """Find a name that is not in use and lock it; return it with the descriptor that holds the lock."""
    while True:
        part = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
        lock = os.open(_name_lock(part), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            # Until it is locked another process may take it for a leftover and remove it.
            if _lock(lock) and _name_lock(part).exists():
                return part, lock
        except BaseException:
            os.close(lock)
            _name_lock(part).unlink(missing_ok=True)
            raise
        os.close(lock)


def _remove_unless_held(part: Path) -> None:
    with suppress(OSError):
        lock = os.open(_name_lock(part), os.O_RDWR)
        try:
            if _lock(lock):
                _remove(part)
        finally:
            os.close(lock)


def _lock(number: int) -> bool:
    """Lock a file unless another process has it locked."""
    try:
        fcntl.lockf(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _remove(part: Path) -> None:
    """Remove a part with the files that belong to it, its lock last."""
    for path in (*(Path(f"{part}{suffix}") for suffix in _BESIDE), part, _name_lock(part)):
        path.unlink(missing_ok=True)


def _name_lock(part: Path) -> Path:
    return Path(f"{part}-lock")
