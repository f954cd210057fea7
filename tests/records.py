"""Small records that tests load into a database of their own."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from program import Done, run

from nkplan.dates import parse_date
from nkplan.model.batch import Batch
from nkplan.model.promise import DatedQuota, Quota
from nkplan.store.create import EMPTY, create_database
from nkplan.store.transaction import Recorder

INSTANT = datetime(2026, 11, 24, tzinfo=UTC)


def load(db: Path, **content: Any) -> Done:
    """Load a file with this content; into a new database, with nothing else in it."""
    file = json.dumps({"format": "nkplan/2", **content}).encode()
    if not db.exists():
        made, done = _make(file)
        db.write_bytes(made)
        return done
    done = run(db, "load", "-", stdin=file)
    assert done.code == 0, done.err
    return done


@lru_cache(maxsize=50)
def _make(file: bytes) -> tuple[bytes, Done]:
    """Make a database with nothing but a file, once: many tests begin with the same."""
    with TemporaryDirectory() as folder:
        db = Path(folder, "made.db")
        db.write_bytes(make_empty())
        done = run(db, "load", "-", stdin=file)
        assert done.code == 0, done.err
        assert folder not in done.out + done.err
        return db.read_bytes(), done


@cache
def make_empty() -> bytes:
    """Make a database with nothing on record, as `load --bare` does, once: it takes longer than to judge."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        assert create_database(path, [Batch()], Recorder("kim", INSTANT), summary=EMPTY) is not None
        return path.read_bytes()


TAGS = {
    "followed": ("20x10-2024", "grand-canal"),
    "to visit": ("20x10-2025", "kangdong-hospital", "kusong-hospital"),
    "doubtful": ("county-hospitals-2026", "tanchon-power-station"),
    "factories": ("20x10",),
    "programmes": ("20x10", "county-hospitals"),
}
"""Tags for projects of the shipped record, the last two of programmes, the others of cohorts and sites."""


def add_tags(db: Path) -> None:
    """Tag projects of the shipped record."""
    with closing(sqlite3.connect(db)) as connection, connection:
        rows = [(project, tag) for tag, projects in TAGS.items() for project in projects]
        connection.executemany("INSERT INTO tags (project, tag) VALUES (?, ?)", rows)


def make_site(id_: str, place: str | None = None, **more: str) -> Mapping[str, str]:
    """Return a site as a file has it."""
    site = {"id": id_, "name": id_.upper(), "type": "site", "kind": "other", **more}
    return site if place is None else {**site, "place": place}


def date_quota(
    quota: Quota, announced: str | None = None, cohort_year: int | None = None, cohort: str | None = None
) -> DatedQuota:
    """Return a quota that was announced on a date, of which no source settles the day."""
    day = date.min if announced is None else parse_date(announced).effective_day
    return DatedQuota(quota, announced, cohort_year, cohort, day)
