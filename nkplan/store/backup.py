"""Back up the database to a file, and restore it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shlex import quote

from nkplan.database import (
    CHOOSE_ANOTHER,
    REPAIR,
    check_index,
    check_path,
    check_schema,
    connect,
    explaining_access,
    find_bad_page,
    find_broken_reference,
    is_outdated,
    translating_errors,
)
from nkplan.errors import BadInput, CommittedAnyway, Damaged, ForeignDatabase, NkplanError, Unusable
from nkplan.sql import read_sql
from nkplan.sql.schema import find_view_for_table
from nkplan.store.copies import back_up_database, fill_part, is_free, keep_bytes, keep_database, naming
from nkplan.store.migrations import explaining, upgrade
from nkplan.store.parts import BESIDE, copy_access, remove_leftovers, writing_part
from nkplan.store.replacing import locking_file, put_in_place, sync, take_new_place
from nkplan.store.transaction import writing
from nkplan.store.upgrade import UNCHANGED, Upgraded

_PATIENCE = 2.0
"""How many seconds a restore waits for another writer, whose change would be replaced at once."""

_WORD = "before-restore"


@dataclass(frozen=True, slots=True)
class Copied:
    """A finished copy: the `file` it went to or came from, its rows by list, and the replaced database.

    If the file was older, it was `upgraded`.
    """

    file: Path
    rows: Mapping[str, int]
    replaced: Path | None = None
    upgraded: Upgraded = UNCHANGED


def back_up(path: Path, target: Path | None, now: datetime) -> Copied:
    """Copy the database to a file that does not exist yet; without a target, to a dated name beside it.

    A copy that could not be restored is refused. Raises BadInput, Unusable and ForeignDatabase.
    """
    rows: dict[str, int] = {}
    if target is None:
        remove_leftovers(path.parent)
    else:
        remove_leftovers(target.parent)
        with explaining_access(target):
            _check_target(target)
    file = back_up_database(path, target, "backup", now, lambda part: rows.update(_examine(part, path)))
    return Copied(file, rows)


def _check_target(file: Path) -> None:
    """Refuse the name of a backup that cannot be given to a new file. Raises BadInput."""
    # `Path.is_dir` fails for a name that no file can have.
    if os.path.isdir(file):  # noqa: PTH112
        raise BadInput(f"{file} is a directory; name a file in it")
    if not is_free(file):
        there = next(name for suffix in ("", *BESIDE) if os.path.lexists(name := f"{file}{suffix}"))
        raise BadInput(f"{there} exists already, and a backup replaces no file; name another file")
    if not os.path.isdir(file.parent):  # noqa: PTH112
        raise BadInput(
            f"cannot create {file}: there is no folder {file.parent}; create it or name another file"
        )


def restore(path: Path, file: Path, now: datetime) -> Copied:
    """Replace the database with a copy of a file, which is checked, and upgraded if it is older.

    The replaced database is copied beside it first. Raises BadInput, Unusable and ForeignDatabase, with
    nothing changed.
    """
    # The target of a link is replaced; the link stays.
    place = Path(os.path.realpath(path))
    with explaining_access(file):
        if not file.is_file():
            raise BadInput(f"there is no file {file}; name one that `nkplan backup` made")
    check_path(place)
    with explaining_access(place):
        if place.exists() and place.samefile(file):
            raise BadInput(f"{file} is the database itself; name a backup of it")
    remove_leftovers(place.parent)
    with writing_part(place) as part:
        with _advising("name a file that `nkplan backup` made"):
            fill_part(file, part, place, may_be_older=True)
        _check_schema(part, file)
        upgraded = UNCHANGED
        if is_outdated(part):
            _check(part, file)
            with naming(place), writing(part, may_be_older=True) as connection, explaining(file):
                upgraded = upgrade(connection)
        rows = _examine(part, file, _advise(file))
        sync(part)
        # It may be nkplan's and damaged from its first byte, or another program's: the user has to say which.
        with _advising("move it away first if it is to be replaced, or choose another file with --db"):
            kept = _replace(place, part, now)
    _check_restored(place, file, kept)
    return Copied(file, rows, kept, upgraded)


@contextmanager
def _advising(advice: str) -> Iterator[None]:
    """Advise the user so, if a file is not nkplan's, rather than to choose another with --db."""
    try:
        yield
    except ForeignDatabase as error:
        if error.advice != CHOOSE_ANOTHER:
            raise
        raise ForeignDatabase(error.problem, advice) from error


def _replace(place: Path, part: Path, now: datetime) -> Path | None:
    """Replace the database with a file, and return the name of the copy of what was there."""
    while not take_new_place(part, place, _PATIENCE):
        try:
            return _replace_sound(place, part, now)
        except Damaged:
            if (kept := _replace_damaged(place, part, now)) is not None:
                return kept
    return None


def _replace_sound(place: Path, part: Path, now: datetime) -> Path:
    # While this transaction is open no other program can write, and one that waits for it will notice that
    # the file was replaced. The file is not in write-ahead mode, so there is no journal beside it.
    with writing(place, may_be_older=True, may_be_changed=True, timeout=_PATIENCE, dry_run=True):
        kept = keep_database(place, _WORD, now, may_be_older=True)
        try:
            copy_access(place, part)
            with _naming_kept(kept):
                put_in_place(part, place)
        except OSError:
            kept.unlink(missing_ok=True)
            raise
    return kept


def _replace_damaged(place: Path, part: Path, now: datetime) -> Path | None:
    """Replace a file that SQLite cannot open; return None if another process has replaced it meanwhile."""
    with locking_file(place, timeout=_PATIENCE) as damaged:
        if damaged is None:
            return None
        kept = keep_bytes(damaged, place, _WORD, now)
        try:
            # They belong to the damaged file, and would be applied to the new one.
            _move_beside(place, kept)
            copy_access(place, part)
            with _naming_kept(kept):
                put_in_place(part, place)
        except OSError:
            _move_beside(kept, place)
            kept.unlink(missing_ok=True)
            raise
    return kept


def _move_beside(path: Path, target: Path) -> None:
    """Move the files that SQLite keeps beside a database to another."""
    for suffix in BESIDE:
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").rename(f"{target}{suffix}")


@contextmanager
def _naming_kept(kept: Path) -> Iterator[None]:
    """Say where the replaced database is, if the disk fails once it is replaced."""
    try:
        yield
    except CommittedAnyway as error:
        where = f"{error.problem}; what was there before is in {kept}"
        raise CommittedAnyway(where, error.advice) from error


def _check_restored(place: Path, file: Path, kept: Path | None) -> None:
    """Check the database once more where it is now: what is beside it belongs to it. Raises Unusable."""
    try:
        _check(place, place)
    except NkplanError as error:
        where = "" if kept is None else f" (what was there before is in {kept})"
        said = f"{place} was replaced with {file}{where}, but {error}"
        if isinstance(error, Damaged):
            raise Unusable(said) from error
        raise CommittedAnyway(f"{said}, and do not repeat the command") from error


def _check_schema(copy: Path, file: Path) -> None:
    """Refuse a file whose schema is not nkplan's, or that has triggers of others. Raises Unusable."""
    with translating_errors(file), closing(connect(copy, "ro")) as connection:
        check_schema(connection, file, is_written=True, advice=_advise(file))


def _advise(file: Path) -> str:
    return f"run nkplan check --repair --db {quote(str(file))} first"


def _check(copy: Path, path: Path) -> None:
    """Check that a copy of a database, which may be older, is sound. Raises Damaged."""
    with translating_errors(path), closing(connect(copy, "ro")) as connection:
        if (view := find_view_for_table(connection)) is not None:
            raise Damaged(f"{path} is damaged (a view has the name of its table {view}); see `nkplan check`")
        if fault := find_bad_page(connection):
            raise Damaged(f"{path} is damaged ({fault}); see `nkplan check`, or use another backup")
        if broken := find_broken_reference(connection):
            raise Damaged(f"{path} is unsound ({broken}); use another backup")


def _examine(copy: Path, path: Path, advice: str = REPAIR) -> dict[str, int]:
    """Check that a copy of a database is sound, and count its rows. Raises Damaged and Unusable."""
    _check(copy, path)
    with translating_errors(path), closing(connect(copy, "ro")) as connection:
        check_index(connection, path, advice)
        return dict(connection.execute(read_sql("stored.count_rows")).fetchall())
