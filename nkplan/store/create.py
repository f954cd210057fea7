"""Create a database: on the first run, or beside its place, to appear there once it is finished."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from nkplan.database import BUSY_TIMEOUT, VERSION, check_path, explaining_access
from nkplan.errors import Unusable
from nkplan.model.batch import Batch
from nkplan.store.copies import naming
from nkplan.store.migrations import mark_migrated
from nkplan.store.parts import remove_leftovers, writing_part
from nkplan.store.record import Recorded, Recording, finish
from nkplan.store.replacing import sync, take_new_place
from nkplan.store.schema import create_schema
from nkplan.store.transaction import Recorder, add_change, writing

FIRST_RUN = "first run"
"""What the journal says was done by a change that a database starts with, and that cannot be undone."""

EMPTY = "an empty record"
"""What the journal says of a database that was created with nothing on record."""

SHIPPED = "the record that comes with nkplan"
"""What the journal says of a database that was created with the shipped record."""

_Made = TypeVar("_Made")


def create_database(
    path: Path,
    batches: Sequence[Batch],
    recorder: Recorder,
    *,
    summary: str = SHIPPED,
) -> Recorded | None:
    """Create the database and record the batches that every new one starts with, in one transaction.

    Return what the last batch added, or None if another process has created the database in the meantime.
    Raises Unusable, also if there is no folder for it.
    """
    _check_folder(path, path)
    with writing(path, create=True) as connection:
        if connection.execute("PRAGMA user_version").fetchone() == (VERSION,):
            return None
        create_schema(connection)
        mark_migrated(connection, recorder.now)
        change = add_change(connection, FIRST_RUN, recorder, summary)
        for batch in batches:
            recording = Recording(connection, lambda: change)
            recording.record_all(batch)
        finish(connection, change)
    return recording.recorded


def create_whole(path: Path, make: Callable[[Path], _Made], *, dry_run: bool = False) -> _Made | None:
    """Create a database that appears under its name only when it is finished: all of it or nothing.

    `make` is called with a hidden name beside the path, and makes the database there; what it returns is
    returned. If it raises an exception, or with `dry_run`, nothing is left. Return None if another process
    has created the database in the meantime. Raises Unusable and ForeignDatabase.
    """
    # The target of a link is created; the link stays.
    place = Path(os.path.realpath(path))
    check_path(place)
    _check_folder(path, place)
    remove_leftovers(place.parent)
    with writing_part(place) as part:
        with naming(path):
            made = make(part)
        if not dry_run:
            sync(part)
            if not take_new_place(part, place, BUSY_TIMEOUT):
                return None
    return made


def _check_folder(path: Path, place: Path) -> None:
    """Refuse a path, or the place that it is a link to, in a folder that does not exist. Raises Unusable."""
    with explaining_access(path):
        if not place.parent.is_dir():
            folder = place.parent if path.parent.is_dir() else path.parent
            raise Unusable(f"cannot create {path}: there is no folder {folder}; create it or correct --db")
