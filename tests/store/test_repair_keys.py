"""What was changed in a vocabulary or in a lookup key is found by `check`, and repaired."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from program import run
from tables import query

from nkplan.model.finding import Check
from nkplan.queries.checks import find_inconsistencies
from nkplan.queries.reader import reading
from nkplan.store.repair import repair

BOTH = (Check.CHANGED_VOCABULARY, Check.STALE_KEYS)


def edit(path: Path, script: str) -> None:
    """Do what a user of `sqlite3` can do, who has not turned on foreign keys."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def find(path: Path) -> list[tuple[str, str, str]]:
    with reading(path) as reader:
        return [(one.check, one.id, one.what) for one in find_inconsistencies(reader, BOTH, date.max)]


def read_words(path: Path) -> list[Any]:
    return query(path, "SELECT * FROM statuses ORDER BY status") + query(
        path, "SELECT * FROM evidence_classes ORDER BY evidence"
    )


@pytest.mark.parametrize(
    ("script", "table", "words"),
    [
        ("UPDATE statuses SET reach = 5 WHERE status = 'idle'", "statuses", ["idle"]),
        ("UPDATE statuses SET meaning = 'x'", "statuses", "all"),
        ("UPDATE statuses SET percent = NULL WHERE status = 'closed'", "statuses", ["closed"]),
        (
            (
                "UPDATE statuses SET rank = CASE rank WHEN 1 THEN -1 ELSE -2 END WHERE rank IN (1, 2);"
                "UPDATE statuses SET rank = CASE rank WHEN -1 THEN 2 ELSE 1 END WHERE rank < 0"
            ),
            "statuses",
            ["groundbroken", "preparing"],
        ),
        ("DELETE FROM statuses WHERE status = 'closed'", "statuses", ["closed"]),
        (
            "INSERT INTO statuses VALUES ('rumoured', 11, 'before', 0, NULL, NULL, 'm', 'o', 'i', 'g')",
            "statuses",
            ["rumoured"],
        ),
        (
            "UPDATE evidence_classes SET counts_as = 'observation' WHERE evidence = 'promiser'",
            "evidence_classes",
            ["promiser"],
        ),
        (
            "INSERT INTO evidence_classes VALUES ('rumour', 'neither', 'm')",
            "evidence_classes",
            ["rumour"],
        ),
    ],
)
def test_a_changed_row_of_a_vocabulary_is_found_and_repaired(
    record: Path, script: str, table: str, words: Any
) -> None:
    right = read_words(record)
    assert find(record) == []
    edit(record, script)
    if words == "all":
        words = [word for (word,) in query(record, f"SELECT status FROM {table} ORDER BY status")]
    assert find(record) == [
        (
            "changed-vocabulary",
            table,
            f"the row {word} is not the one of this version; run nkplan check --repair",
        )
        for word in words
    ]
    assert repair(record, [Check.CHANGED_VOCABULARY])[Check.CHANGED_VOCABULARY] == len(words)
    assert find(record) == []
    assert read_words(record) == right
    assert query(record, "PRAGMA foreign_key_check") == []


def test_a_word_that_a_row_has_is_left_and_reported_again(record: Path) -> None:
    edit(
        record,
        "INSERT INTO evidence_classes VALUES ('rumour', 'neither', 'm');"
        "UPDATE updates SET evidence = 'rumour' WHERE rowid = 1",
    )
    assert repair(record, [Check.CHANGED_VOCABULARY]) == {}
    assert [id_ for _, id_, _ in find(record)] == ["evidence_classes"]
    assert query(record, "PRAGMA foreign_key_check") == []


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("UPDATE kinds SET folded = 'x' WHERE id = 'dam' OR id = 'factory'", ["factory"]),
        ("UPDATE projects SET folded = 'x' WHERE id = 'grand-canal'", ["grand-canal"]),
        ("UPDATE places SET folded = 'KP-01' WHERE id = 'KP-01'", ["KP-01"]),
        ("UPDATE sources SET folded = 'x' WHERE id = 'kcnaw-ownproducts'", ["kcnaw-ownproducts"]),
        ("UPDATE announcements SET folded = 'x' WHERE id = '20x10-policy'", ["20x10-policy"]),
        ("UPDATE sources SET page = NULL WHERE id = 'kcnaw-ownproducts'", ["kcnaw-ownproducts"]),
        ("UPDATE sources SET page = 'x' WHERE id = 'kcnaw-ownproducts'", ["kcnaw-ownproducts"]),
        (
            (
                "UPDATE projects SET folded = 'x' WHERE id = 'grand-canal';"
                "UPDATE projects SET folded = 'grand-canal' WHERE id = 'songchon-factories';"
                "UPDATE projects SET folded = 'songchon-factories' WHERE id = 'grand-canal'"
            ),
            ["grand-canal", "songchon-factories"],
        ),
    ],
)
def test_a_wrong_lookup_key_is_found_and_repaired(record: Path, script: str, found: list[str]) -> None:
    tables = ("kinds", "places", "sources", "announcements", "projects")
    right = [query(record, f"SELECT * FROM {table} ORDER BY id") for table in tables]
    edit(record, script)
    assert [(check, id_) for check, id_, _ in find(record)] == [("stale-keys", id_) for id_ in found]
    assert repair(record, [Check.STALE_KEYS]) == {Check.STALE_KEYS: len(found)}
    assert find(record) == []
    assert [query(record, f"SELECT * FROM {table} ORDER BY id") for table in tables] == right


def test_both_checks_say_what_is_wrong_and_what_to_do(record: Path) -> None:
    edit(
        record,
        "UPDATE projects SET folded = 'x' WHERE id = 'grand-canal';"
        "UPDATE statuses SET reach = 5 WHERE status = 'idle'",
    )
    only = ("--only", "changed-vocabulary", "--only", "stale-keys")
    done = run(record, "check", *only)
    assert done.code == 1
    assert "its id is looked up as 'x' instead of 'grand-canal'; run nkplan check --repair" in done.out
    assert "the row idle is not the one of this version; run nkplan check --repair" in done.out
    done = run(record, "check", "--repair", *only)
    assert done.code == 0, done.err
