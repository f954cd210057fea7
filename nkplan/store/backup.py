"""Back up the database to a file, and restore it."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nkplan.database import (
    CHOOSE_ANOTHER,
    check_path,
    connect,
    find_bad_page,
    find_broken_reference,
    is_new,
    translating_errors,
)
from nkplan.errors import BadInput, Damaged, ForeignDatabase
from nkplan.sql import read_sql
from nkplan.store.copies import copy_bytes, copy_database, fill_part, make_name, sync
from nkplan.store.migrations import explaining, upgrade
from nkplan.store.parts import remove_leftovers, writing_part
from nkplan.store.transaction import writing
from nkplan.store.upgrade import Renamed

_PATIENCE = 2.0
"""How many seconds a restore waits for another writer, whose change would be replaced at once."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A finished copy: the `file` it went to or came from, its rows by list, and the replaced database.

    If the file was older and had to be upgraded, some of its rows may have been `renamed`.
    """

    file: Path
    rows: Mapping[str, int]
    replaced: Path | None = None
    renamed: tuple[Renamed, ...] = ()


def back_up(path: Path, target: Path | None, now: datetime) -> Copied:
    """Copy the database to a file that does not exist yet; without a target, to a dated name beside it.

    A copy that could not be restored is deleted. Raises BadInput, Unusable and ForeignDatabase.
    """
    file = make_name(path, "backup", now) if target is None else target
    if file.is_dir():
        raise BadInput(f"{file} is a directory; name a file in it")
    if file.exists() or file.is_symlink():
        raise BadInput(f"{file} exists already, and a backup replaces no file; name another file")
    if not file.parent.is_dir():
        raise BadInput(
            f"cannot create {file}: there is no folder {file.parent}; create it or name another file"
        )
    remove_leftovers(path.parent)
    remove_leftovers(file.parent)
    copy_database(path, file)
    try:
        return Copied(file, _examine(file, path))
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def restore(path: Path, file: Path, now: datetime) -> Copied:
    """Replace the database with a copy of a file, which is checked, and upgraded if it is older.

    The replaced database is copied beside it first. Raises BadInput, Unusable and ForeignDatabase, with
    nothing changed.
    """
    if not file.is_file():
        raise BadInput(f"there is no file {file}; name one that `nkplan backup` made")
    # The target of a link is replaced; the link stays.
    place = Path(os.path.realpath(path))
    check_path(place)
    if place.exists() and place.samefile(file):
        raise BadInput(f"{file} is the database itself; name a backup of it")
    remove_leftovers(place.parent)
    with writing_part(place) as part:
        with _naming_backups():
            fill_part(file, part, place, may_be_older=True)
        _check(part, file)
        with writing(part, may_be_older=True) as connection, explaining(file):
            renamed = upgrade(connection)
        rows = _examine(part, file)
        sync(part)
        return Copied(file, rows, _replace(place, part, now), renamed)


@contextmanager
def _naming_backups() -> Iterator[None]:
    """Advise the user, if a file is not a database, to name a backup rather than another --db."""
    try:
        yield
    except ForeignDatabase as error:
        if error.advice != CHOOSE_ANOTHER:
            raise
        raise ForeignDatabase(error.problem, "name a file that `nkplan backup` made") from error


def _replace(place: Path, part: Path, now: datetime) -> Path | None:
    """Replace the database with a file, and return the name of the copy of what was there."""
    kept = make_name(place, "before-restore", now)
    try:
        # While this transaction is open no other program can write, and one that waits for it will notice
        # that the file was replaced.
        with writing(place, create=True, may_be_older=True, timeout=_PATIENCE):
            if is_new(place):
                _rename(part, place)
                return None
            copy_database(place, kept, may_be_older=True)
            shutil.copymode(place, part)
            _rename(part, place)
    except Damaged:
        copy_bytes(place, kept)
        _move_journal(place, kept)
        shutil.copymode(place, part)
        _rename(part, place)
    return kept


def _rename(part: Path, place: Path) -> None:
    part.replace(place)
    sync(place.parent)


def _move_journal(place: Path, kept: Path) -> None:
    """Move the journal of a damaged file to its copy, so that it is not applied to the new file."""
    with suppress(FileNotFoundError):
        Path(f"{place}-journal").rename(f"{kept}-journal")


def _check(copy: Path, path: Path) -> None:
    """Check that a copy of a database, which may be older, is sound. Raises Damaged."""
    with translating_errors(path), closing(connect(copy, "ro")) as connection:
        if fault := find_bad_page(connection):
            raise Damaged(f"{path} is damaged ({fault}); see `nkplan check`, or use another backup")
        if broken := find_broken_reference(connection):
            raise Damaged(f"{path} is unsound ({broken}); use another backup")


def _examine(copy: Path, path: Path) -> dict[str, int]:
    """Check that a copy of a database is sound, and count its rows. Raises Damaged."""
    _check(copy, path)
    with translating_errors(path), closing(connect(copy, "ro")) as connection:
        return dict(connection.execute(read_sql("stored.count_rows")).fetchall())
