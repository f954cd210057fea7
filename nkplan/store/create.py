"""Create the database, on the first run."""

from collections.abc import Sequence
from pathlib import Path

from nkplan.database import VERSION
from nkplan.model.batch import Batch
from nkplan.store.migrations import mark_migrated
from nkplan.store.record import Recorded, Recording, finish
from nkplan.store.transaction import Recorder, add_change, execute, writing


def create_database(
    path: Path,
    batches: Sequence[Batch],
    recorder: Recorder,
    *,
    summary: str = "the record that comes with nkplan",
) -> Recorded | None:
    """Create the database and record the batches that every new one starts with, in one transaction.

    Return what the last batch added, or None if another process has created the database in the meantime.
    """
    with writing(path, create=True) as connection:
        if connection.execute("PRAGMA user_version").fetchone() == (VERSION,):
            return None
        execute(connection, "schema")
        mark_migrated(connection, recorder.now)
        change = add_change(connection, "first run", recorder, summary)
        for batch in batches:
            recording = Recording(connection, lambda: change)
            recording.record_all(batch)
        finish(connection, change)
    return recording.recorded
