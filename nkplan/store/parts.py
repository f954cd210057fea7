"""Write files in a hidden folder beside their target, and remove those that killed processes have left.

A part is written in the folder `.NAME.TOKEN.part`, which only its owner may enter: nobody else can read a
copy while it is made, or put a link under a name that is about to be written. Its writer holds a lock on
`.NAME.TOKEN.part-lock` as long as it runs: the system releases it when the process ends, however it ends. So
a part whose lock is free has no writer.

The lock is of the kind that SQLite itself uses (POSIX record locks); other machines see it wherever a
database in a shared folder is safe at all. It is on a separate file, because a process releases all of its
locks on a file when it closes any descriptor of that file, as SQLite does with the part.
"""

import fcntl
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nkplan.errors import Unusable

BESIDE = ("-journal", "-wal", "-shm")
"""The suffixes of the files that SQLite may keep beside a database."""

_LOCK = re.compile(r"(\..+\.[0-9a-f]{8}\.part)-lock", re.DOTALL)
_LONGEST = 50
"""How many characters of the target's name are in that of its folder; a file system allows 255 bytes."""

_held: set[str] = set()
"""The names of the parts that this process writes: its own locks do not keep it away."""


@contextmanager
def writing_part(target: Path) -> Iterator[Path]:
    """Yield a temporary name for a file that is to replace the target; a file left there is removed.

    Raises Unusable if something cannot be written.
    """
    try:
        with holding_part(target) as part:
            yield part
    except OSError as error:
        raise Unusable(
            f"{target} cannot be written: {error.strerror};"
            " make room, or choose a folder that you can write to"
        ) from error


@contextmanager
def holding_part(target: Path) -> Iterator[Path]:
    """Do what `writing_part` does, but raise OSError."""
    folder, lock = _claim(target)
    _held.add(folder.name)
    try:
        yield folder / "part"  # A short name: SQLite opens no path of more than 512 bytes.
    finally:
        # What was written has its final name by now, or an exception says why not.
        with suppress(OSError):
            _remove(folder)
        with suppress(OSError):
            os.close(lock)
        _held.discard(folder.name)


def remove_leftovers(folder: Path) -> None:
    """Remove from a folder the parts whose writers have ended; what cannot be removed stays."""
    with suppress(OSError):
        for name in os.listdir(folder):  # noqa: PTH208  # a folder may have many files
            if (found := _LOCK.fullmatch(name)) and found[1] not in _held:
                _remove_unless_held(folder / found[1])


def copy_access(source: Path, target: Path) -> None:
    """Give a file the owner, group and permissions of another, as far as this user may.

    If the group cannot be given, the file's group may do no more than others may.
    """
    found = source.stat()
    mode = stat.S_IMODE(found.st_mode) & 0o777
    try:
        os.chown(target, found.st_uid, found.st_gid)
    except OSError:
        try:
            os.chown(target, -1, found.st_gid)
        except OSError:
            mode = mode & ~0o070 | (mode & 0o007) << 3
    target.chmod(mode)


def _claim(target: Path) -> tuple[Path, int]:
    """Make a folder and lock its name; return it with the descriptor that holds the lock."""
    while True:
        part = target.with_name(f".{target.name[:_LONGEST]}.{os.urandom(4).hex()}.part")
        lock = os.open(_name_lock(part), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            # Until it is locked another process may take it for a leftover and remove it.
            if _lock(lock) and _name_lock(part).exists():
                part.mkdir(0o700)  # This fails if there is anything of that name, also a link.
                part.chmod(0o700)  # A umask may keep its owner from entering it.
                return part, lock
        except BaseException as error:
            # The folder may be made already, and is empty; one that was there is somebody else's.
            if not isinstance(error, FileExistsError):
                with suppress(OSError):
                    part.rmdir()
            os.close(lock)
            _name_lock(part).unlink(missing_ok=True)
            raise
        os.close(lock)


def _remove_unless_held(part: Path) -> None:
    with suppress(OSError):
        lock = os.open(_name_lock(part), os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
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
    """Remove a part with all that is in it, its lock last.

    The part of nkplan 0.2 is a file, with those of SQLite beside it.
    """
    for path in (*(Path(f"{part}{suffix}") for suffix in BESIDE), part):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    _name_lock(part).unlink(missing_ok=True)


def _name_lock(part: Path) -> Path:
    return Path(f"{part}-lock")
