"""A copy of the database, and back."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nkplan.database import (
    CHOOSE_ANOTHER,
    check_place,
    connect,
    find_bad_page,
    find_broken_reference,
    is_new,
    translating,
)
from nkplan.errors import BadInput, Damaged, NotOurs
from nkplan.sql import read_sql
from nkplan.store.copies import copy_bytes, copy_database, fill_part, make_name, sync
from nkplan.store.migrations import upgrade
from nkplan.store.parts import remove_leftovers, writing_part
from nkplan.store.transaction import writing

_PATIENCE = 2.0
"""For how many seconds a restore waits for another writer: what that one writes would be replaced at once."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was made: to or from which `file`, how many rows of each list, where the replaced is."""

    file: Path
    rows: Mapping[str, int]
    replaced: Path | None = None


def back_up(path: Path, target: Path | None, now: datetime) -> Copied:
    """Copy the database to a file that is not there yet, else to a dated name beside it.

    A copy that could not be restored is not kept. Raises BadInput, Unusable and NotOurs.
    """
    file = make_name(path, "backup", now) if target is None else target
    if file.is_dir():
        raise BadInput(f"{file} is a directory; name a file in it")
    if file.exists() or file.is_symlink():
        raise BadInput(f"{file} is there already, and a backup replaces nothing; name another file")
    if not file.parent.is_dir():
        raise BadInput(f"{file} can not be made: there is no folder {file.parent}; make it or name another")
    remove_leftovers(path.parent)
    remove_leftovers(file.parent)
    copy_database(path, file)
    try:
        return Copied(file, _examine(file, path))
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def restore(path: Path, file: Path, now: datetime) -> Copied:
    """Put a copy of a file, sound and upgraded where it is older, in the place of the database.

    What is replaced is copied beside it first. Raises BadInput, Unusable and NotOurs, with nothing changed.
    """
    if not file.is_file():
        raise BadInput(f"{file} is no file that is there; name one that `nkplan backup` made")
    # What a link leads to is replaced, and the link stays.
    place = Path(os.path.realpath(path))
    check_place(place)
    if place.exists() and place.samefile(file):
        raise BadInput(f"{file} is the database itself; name a backup of it")
    remove_leftovers(place.parent)
    with writing_part(place) as part:
        with _naming_backups():
            fill_part(file, part, place, may_be_older=True)
        _examine(part, file)
        with writing(part, may_be_older=True) as database:
            upgrade(database)
        rows = _examine(part, file)
        sync(part)
        return Copied(file, rows, _replace(place, part, now))


@contextmanager
def _naming_backups() -> Iterator[None]:
    """Say of a file that is no database which would be, and not to name another with --db."""
    try:
        yield
    except NotOurs as error:
        if error.advice != CHOOSE_ANOTHER:
            raise
        raise NotOurs(error.problem, "name a file that `nkplan backup` made") from error


def _replace(place: Path, part: Path, now: datetime) -> Path | None:
    """Put a file in the place of the database, and give the name of the copy of what was there."""
    kept = make_name(place, "before-restore", now)
    try:
        # As long as this holds the database no other writer comes in, and one that waits for it then notices
        # that it is another file.
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
    """Put the journal of a damaged file with its copy, for it must not be taken for that of another file."""
    with suppress(FileNotFoundError):
        Path(f"{place}-journal").rename(f"{kept}-journal")


def _examine(copy: Path, path: Path) -> dict[str, int]:
    """Hold a copy of a database to be sound, and count its rows. Raises Damaged."""
    with translating(path), closing(connect(copy, "ro")) as connection:
        if fault := find_bad_page(connection):
            raise Damaged(f"{path} is damaged ({fault}); see `nkplan check`, or use another backup")
        if broken := find_broken_reference(connection):
            raise Damaged(f"{path} is unsound ({broken}); use another backup")
        return dict(connection.execute(read_sql("count_rows")).fetchall())
