"""`load --bare` creates a database from one file, without the record that comes with nkplan."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from program import read_ids, run

from nkplan.validation import LISTS

SMALL = json.dumps(
    {
        "format": "nkplan/1",
        "kinds": ["dam"],
        "projects": [{"id": "high-dam", "name": "High dam", "type": "site", "kind": "dam"}],
        "updates": [{"project": "high-dam", "event_date": "2026", "status": "building"}],
    }
).encode()


def count_rows(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        on_record = "SELECT count(*) FROM {} WHERE retracted_in IS NULL"
        counts = {name: connection.execute(on_record.format(name)).fetchone()[0] for name in LISTS}
    return {name: count for name, count in counts.items() if count}


OF_SMALL = {"kinds": 1, "projects": 1, "updates": 1}


def test_a_bare_database_contains_only_what_was_loaded(tmp_path: Path) -> None:
    path = tmp_path / "bare.db"
    done = run(path, "load", "-", "--bare", stdin=SMALL)
    assert done.code == 0, done.err
    assert done.err == f"nkplan: created {path} with an empty record\n"
    assert count_rows(path) == OF_SMALL
    assert read_ids(run(path, "list")) == ["high-dam"]
    assert run(path, "undo").code == 0
    assert count_rows(path) == {}


@pytest.mark.parametrize("command", [("list",), ("load", "-", "--bare")], ids=" ".join)
def test_bare_is_refused_if_the_database_has_a_record(tmp_path: Path, command: tuple[str, ...]) -> None:
    path = tmp_path / "there.db"
    assert run(path, *command, stdin=SMALL).code == 0
    before = path.read_bytes()
    done = run(path, "load", "-", "--bare", stdin=SMALL)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"nkplan: --bare: {path} already has a record; name a new file with --db, or leave --bare out\n"
    )
    assert path.read_bytes() == before


def test_bare_works_again_after_a_dry_run_or_a_refused_file(tmp_path: Path) -> None:
    path = tmp_path / "bare.db"
    faulty = SMALL.replace(b'"dam"]', b'"canal"]')
    assert run(path, "load", "-", "--bare", stdin=faulty).code == 2
    assert run(path, "load", "-", "--bare", "--dry-run", stdin=SMALL).code == 0
    assert count_rows(path) == {}
    done = run(path, "load", "-", "--bare", stdin=SMALL)
    assert done.code == 0, done.err
    assert count_rows(path) == OF_SMALL
