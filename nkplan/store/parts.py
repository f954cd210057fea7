"""Files that are written beside their place under a hidden name, and what killed processes have left of them.

A part is `.NAME.TOKEN.part`, and its writer holds a lock on `.NAME.TOKEN.part-lock` as long as it lives: the
system lets go of that when the process ends, however it does. So a part whose lock can be had is nobody's.

The lock is of the kind that SQLite itself holds (POSIX record locks), which is seen from other machines where
a database in a shared folder is safe at all. It is on a file of its own, for a process lets go of all of its
locks on a file when it closes any descriptor of it, as SQLite does with the part.
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
"""What SQLite may have beside a database."""


@contextmanager
def writing_part(target: Path) -> Iterator[Path]:
    """Give a name to write a file under that is to take the target's; what has it in the end is removed.

    Raises Unusable where something can not be written.
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
            f"{target} can not be written: {error.strerror}; make room, or choose a place that may be written"
        ) from error


def remove_leftovers(folder: Path) -> None:
    """Remove from a folder the parts whose writers are gone; what can not be removed stays.

    Not to be called while this process writes a part: its own locks would not keep it out.
    """
    with suppress(OSError):
        for path in folder.iterdir():
            if found := _LOCK.fullmatch(path.name):
                _remove_unless_held(folder / found[1])


def _claim(target: Path) -> tuple[Path, int]:
    """Find a name that nothing has, and lock it; gives the descriptor that holds the lock."""
    while True:
        part = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
        lock = os.open(_name_lock(part), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            # Before it is locked another process may take it for one that was left.
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
    """Remove a part with what is beside it, its lock last."""
    for path in (*(Path(f"{part}{suffix}") for suffix in _BESIDE), part, _name_lock(part)):
        path.unlink(missing_ok=True)


def _name_lock(part: Path) -> Path:
    return Path(f"{part}-lock")
