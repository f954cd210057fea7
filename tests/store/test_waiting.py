"""A writer that waits leaves alone what others do, even if the file is replaced in the meantime."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import sleep

from nkplan.store.transaction import writing


def test_a_writer_that_waited_for_a_replaced_file_leaves_the_journal_of_the_new_one(record: Path) -> None:
    """A restore and a first load put a new file in the place of the one that is waited for."""
    copy = Path(shutil.copy(record, record.with_name("copy.db")))

    def wait_and_write() -> int:
        with writing(record) as connection:
            return int(connection.execute("SELECT count(*) FROM kinds").fetchone()[0])

    with (
        ThreadPoolExecutor(1) as pool,
        closing(sqlite3.connect(record, isolation_level=None)) as first,
    ):
        first.execute("BEGIN EXCLUSIVE")
        waiting = pool.submit(wait_and_write)
        sleep(0.2)
        copy.replace(record)
        with closing(sqlite3.connect(record, isolation_level=None)) as second:
            # With a small cache, the journal is on the disk before the transaction ends.
            second.execute("PRAGMA cache_size = 1")
            second.execute("BEGIN IMMEDIATE")
            second.execute("UPDATE updates SET note = coalesce(note, '') || 'x'")
            assert record.with_name(f"{record.name}-journal").stat().st_size
            first.execute("ROLLBACK")
            sleep(0.2)
            second.execute("COMMIT")
            (number,) = second.execute("SELECT count(*) FROM updates WHERE note LIKE '%x'").fetchone()
        assert number
        assert waiting.result(timeout=20)
