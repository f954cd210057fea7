"""Whatever somebody did to a database, every command answers or refuses in a sentence, and in time."""

import faulthandler
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest
from crafted import (
    ALLOWED,
    COMMANDS,
    LIMIT,
    TYPICAL,
    Fault,
    craft,
    list_damaged,
    list_faults,
    run_all,
    run_damaged,
)
from each import for_each, sample
from program import Done, run


@contextmanager
def limited() -> Iterator[None]:
    """End this process, and say where it was, if it takes too long: nothing else interrupts SQLite."""
    faulthandler.dump_traceback_later(LIMIT, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def run_in_time(db: Path, *arguments: str) -> Done:
    with limited():
        return run(db, *arguments)


PAIRS = sample(product((fault.name for fault in TYPICAL), COMMANDS))
"""The crafted databases, each with a command; every one is also checked."""


@pytest.mark.parametrize("fault", TYPICAL, ids=lambda fault: fault.name)
def test_every_command_answers_or_refuses_a_crafted_database(fault: Fault, tmp_path: Path) -> None:
    names = [name for name in COMMANDS if name == "check" or (fault.name, name) in PAIRS]
    wrong = [
        f"{name}: {one}"
        for name, done in run_all(fault, tmp_path, run_in_time, names)
        for one in list_faults(fault, name, done)
    ]
    assert not wrong, "\n".join(wrong)


@for_each(
    ("seed", "name"),
    sample(product(range(6), ("list", "search", "check", "update", "undo", "check --repair"))),
)
def test_every_command_answers_or_refuses_a_damaged_database(seed: int, name: str, tmp_path: Path) -> None:
    wrong = [
        f"{told}: {one}"
        for told, done in run_damaged(seed, tmp_path, run_in_time, [name])
        for one in list_damaged(done, tmp_path)
    ]
    assert not wrong, "\n".join(wrong)


def test_what_somebody_added_beside_the_schema_changes_nothing(tmp_path: Path) -> None:
    plain, added = tmp_path / "plain.db", tmp_path / "added.db"
    for name in ("list", "search", "check", "update", "add", "undo", "backup", "check --repair"):
        arguments = COMMANDS[name]
        craft(plain, "")
        craft(added, ALLOWED)
        expected = run(plain, *arguments)
        (tmp_path / "copy.db").unlink(missing_ok=True)
        done = run_in_time(added, *arguments)
        assert (done.code, done.out) == (expected.code, expected.out.replace(plain.name, added.name)), (
            done.err
        )


@pytest.mark.parametrize("fault", TYPICAL[::3], ids=lambda fault: fault.name)
def test_a_restore_replaces_what_is_crafted_and_takes_what_is_repaired_as_it_says(
    fault: Fault, tmp_path: Path
) -> None:
    place, file = tmp_path / "place.db", tmp_path / "a file.db"
    craft(file, "")
    craft(place, fault.script)
    before = place.read_bytes()
    assert run_in_time(place, "restore", file.name).code == 0
    [kept] = tmp_path.glob("place-before-restore-*.db")
    assert kept.read_bytes()[100:] == before[100:]
    assert run(place, "list").code == 0
    craft(file, fault.script)
    refused = run_in_time(place, "restore", file.name)
    assert refused.code == (4 if "restore" in fault.refused else 0)
    if "--repair" in refused.err:
        assert "; drop it, or run nkplan check --repair --db 'a file.db' first" in refused.err or (
            "; run nkplan check --repair --db 'a file.db' first" in refused.err
        )
        assert (
            run_in_time(place, "check", "--repair", "--only", "changed-schema", "--db", file.name).code == 0
        )
        assert run_in_time(place, "check", "--repair", "--only", "stale-search", "--db", file.name).code == 0
        assert run_in_time(place, "restore", file.name).code == 0
