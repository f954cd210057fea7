"""`load --bare` creates the database of NKPLAN_DB from one file, without the shipped record."""

from pathlib import Path

import pytest
from program import read_ids, run
from test_init import OF_SMALL, REFUSED, SMALL, count_rows


def test_a_bare_database_contains_only_what_was_loaded(tmp_path: Path) -> None:
    path = tmp_path / "bare.db"
    done = run(path, "load", "-", "--bare", stdin=SMALL)
    assert done.code == 0, done.err
    assert done.err == f"nkplan: created {path} with what the file says and nothing else\n"
    assert count_rows(path) == OF_SMALL
    assert read_ids(run(path, "list")) == ["high-dam"]
    assert run(path, "undo").code == 0
    assert read_ids(run(path, "list")) == []


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


def test_bare_loads_into_a_database_that_was_started_empty(tmp_path: Path) -> None:
    path = tmp_path / "bare.db"
    assert run(path, "init", "--empty").code == 0
    assert run(path, "load", "-", "--bare", "--dry-run", stdin=SMALL).code == 0
    assert run(path, "load", "-", "--bare", stdin=REFUSED).code == 2
    assert count_rows(path) == {}
    done = run(path, "load", "-", "--bare", stdin=SMALL)
    assert (done.code, done.err) == (0, "")
    assert count_rows(path) == OF_SMALL


def test_bare_with_the_name_of_a_new_database_is_the_same_as_without(tmp_path: Path) -> None:
    for words in (("--bare", "--db", "one.db"), ("--db", "other.db")):
        assert run(tmp_path / "home.db", "load", "-", *words, stdin=SMALL).code == 0
    assert count_rows(tmp_path / "one.db") == count_rows(tmp_path / "other.db") == OF_SMALL
    assert not (tmp_path / "home.db").exists()
