"""The journal is listed, and what it lists is undone and redone, as a user types it."""

import json
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dialogue import Dialogue
from each import for_each
from processes import SOON, read_rest
from program import run, run_json, show, show_process
from tables import query
from test_pager import at_terminal, read_until

from nkplan.store.rewriting import fetch_stored, rewrite
from nkplan.store.states import judge_touched
from nkplan.store.transaction import Recorder, add_change, writing

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
CANAL = ("update", "grand-canal", "building", "--on", "2026-03", "--evidence", "press")
CITED = ("--source", "https://example.org/a", "--title", "A", "--note", "seen")


@pytest.fixture(scope="module")
def made(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a record with an update (2), its undo (3), one with a source (4), and an edited project (5)."""
    record = tmp_path_factory.mktemp("busy") / "nkplan.db"
    record.write_bytes(seeded.read_bytes())
    for arguments in (CANAL, ("undo",), (*CANAL, *CITED)):
        assert run(record, *arguments).code == 0
    with writing(record) as connection:
        row = fetch_stored(connection, "projects", ["grand-canal"])["grand-canal"]
        change = add_change(connection, "edit", Recorder("kim", NOON), "grand-canal")
        rewrite(connection, change, {"projects": {"grand-canal": row._replace(name="The canal", year=2030)}})
        judge_touched(connection)
    return record


@pytest.fixture
def busy(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "nkplan.db"
    path.write_bytes(made.read_bytes())
    return path


def list_log(db: Path, *arguments: str) -> list[int]:
    return [row["change"] for row in run_json(db, "log", *arguments)]


def test_the_log_has_every_change_the_last_first(busy: Path) -> None:
    rows = run_json(busy, "log")
    assert [(row["change"], row["command"]) for row in rows] == [
        (5, "edit"), (4, "update"), (3, "undo"), (2, "update"), (1, "first run")
    ]  # fmt: skip
    assert [(row["undone_in"], row["undoes"], row["redoes"]) for row in rows][2:4] == [
        (None, 2, None),
        (3, None, None),
    ]
    assert (rows[0]["recorded"], rows[0]["recorded_by"], rows[0]["summary"]) == (
        "2025-06-01T12:00:00Z", "kim", "grand-canal"
    )  # fmt: skip
    assert list_log(busy, "--limit", "2") == [5, 4]


@for_each(
    ("arguments", "changes"),
    [
        (("grand-canal",), [5, 4, 3, 2, 1]),
        (("grand",), [5, 4, 3, 2, 1]),
        (("Kusong hospital",), [1]),
        (("example-",), [4]),
        (("--author", "ki"), [5]),
        (("--author", "KIM,nobody"), [5]),
        (("--since", "2026-01-01"), [4, 3, 2, 1]),
        (("--since", "Yesterday", "--limit", "1"), [4]),
        (("grand-canal", "--author", "kim", "--since", "2025-06"), [5]),
        (("KP-02",), [1]),
        (("hospital",), [1]),
        (("kind/hospital",), [1]),
        (("https://example.org/a",), [4]),
        (("settings",), [1]),
    ],
)
def test_the_log_of_a_row_has_the_changes_that_touched_it(
    busy: Path, arguments: tuple[str, ...], changes: list[int]
) -> None:
    assert list_log(busy, *arguments) == changes


def test_the_log_of_a_change_has_its_rows_and_what_edited_ones_said(busy: Path) -> None:
    recorded = run_json(busy, "log", "4")
    assert [(row["list"], row["done"]) for row in recorded] == [
        ("sources", "recorded"),
        ("updates", "recorded"),
    ]
    assert recorded[1]["text"].startswith("update grand-canal: 2026-03, building, press, source example-")
    edited = run_json(busy, "log", "5")
    assert [(row["id"], row["done"], row["field"], row["before"], row["after"]) for row in edited] == [
        ("grand-canal", "edited", "name", "East-West grand canal", "The canal"),
        ("grand-canal", "edited", "year", None, "2030"),
    ]
    assert [(row["list"], row["done"]) for row in run_json(busy, "log", "3")] == [("updates", "undone")]
    assert [row["undone_in"] for row in run_json(busy, "log", "2")] == [3]


def test_an_edit_that_is_undone_and_redone_is_in_the_log_as_what_it_changed(busy: Path) -> None:
    assert run(busy, "undo").out.splitlines()[1:] == [
        "  project grand-canal",
        "    name        The canal -> East-West grand canal",
        "    year        2030 -> none",
    ]
    assert run(busy, "redo").code == 0
    pairs = [
        [(row["before"], row["after"]) for row in run_json(busy, "log", str(change))] for change in (5, 6, 7)
    ]
    assert pairs[0] == pairs[2] == [(after, before) for before, after in pairs[1]]


def test_a_retraction_that_was_redone_is_in_the_log_of_its_update(busy: Path) -> None:
    ((id_,),) = query(busy, "SELECT id FROM updates WHERE note = 'seen'")
    assert run(busy, "undo", id_[-12:]).code == run(busy, "redo", id_[-12:]).code == 0
    assert list_log(busy, id_) == list_log(busy, id_[-12:]) == [7, 6, 4]
    assert run(busy, "undo", "grand-canal").code == run(busy, "redo").code == 0
    assert list_log(busy, id_) == [9, 8, 7, 6, 4]
    assert list_log(busy, "grand-canal") == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    for change, done in ((6, "undone"), (7, "put back")):
        assert [(row["id"], row["done"]) for row in run_json(busy, "log", str(change))] == [(id_, done)]


def test_the_log_is_a_table_on_a_terminal_by_the_clock_there(busy: Path) -> None:
    shown = show_process(busy, 100, "log", "--author", "kim", TZ="Asia/Pyongyang")
    assert [line.split() for line in shown.lines if "edit" in line] == [
        ["5", "2025-06-01", "21:00", "kim", "edit", "grand-canal"]
    ]
    assert any("The canal" in line for line in show(busy, 100, "log", "5").lines)


def test_a_log_without_a_change_says_why(busy: Path) -> None:
    done = run(busy, "log", "--author", "lee")
    assert (done.code, done.out.count("\n")) == (0, 1)
    assert "no change in" in done.err
    assert "changes were made by first, kim and " in done.err
    for arguments, code, said in (
        (("log", "nowhere-at-all"), 3, "there is no project, update, source or other row 'nowhere-at-all'"),
        (("log", "source/nowhere"), 3, "there is no source 'nowhere'; write its whole id"),
        (("log", "--since", "2099"), 2, "--since: 2099 has not begun yet"),
        (("log", "4", "--author", "kim"), 2, "--author kim: a change has one day and one author"),
    ):
        done = run(busy, *arguments)
        assert (done.code, said in done.err) == (code, True)


def test_an_undo_that_is_refused_lists_what_needs_it(busy: Path) -> None:
    assert run(busy, *CANAL[:2], "idle", "--on", "2026-04", "--source", "example-").code == 0
    before = busy.read_bytes()
    done = run(busy, "undo", "4")
    assert (done.code, done.out) == (2, "")
    first, line = done.err.splitlines()
    assert first == (
        "nkplan: change 4 cannot be undone: what was recorded later needs it; to undo that too, write"
        " nkplan undo 6 4"
    )
    assert "of grand-canal, recorded by change 6, needs the source example-" in line
    assert busy.read_bytes() == before
    assert run(busy, "undo", "6", "4").code == 0


def load_many(db: Path) -> None:
    """Load 101 updates, as one more change."""
    updates = [
        {"id": str(uuid.UUID(int=at)), "project": "grand-canal", "event_date": "2026", "note": f"many {at}"}
        for at in range(101)
    ]
    file = json.dumps({"format": "nkplan/2", "updates": updates})
    assert run(db, "load", "-", stdin=file.encode()).code == 0


def test_more_than_a_hundred_rows_are_not_undone_in_a_pipe_without_yes(record: Path) -> None:
    load_many(record)
    before = record.read_bytes()
    done = run(record, "undo")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "nkplan: this would undo 101 rows (change 2, load: standard input); if that is meant, write --yes\n"
    )
    assert record.read_bytes() == before
    assert run(record, "undo", "--dry-run").code == 0
    assert run(record, "undo", "--yes").code == 0
    assert run(record, "redo").code == 2
    assert run(record, "redo", "--yes").out.splitlines()[1] == "  101 updates"


def test_the_rows_of_all_changes_named_to_one_undo_are_asked_about_together(record: Path) -> None:
    load_many(record)
    assert run(record, *CANAL).code == 0
    done = run(record, "undo", "2", "3")
    assert (done.code, done.out) == (2, "")
    assert "this would undo 102 rows (change 3, update: " in done.err


def test_a_redo_says_what_a_later_change_has_recorded_already(busy: Path, tmp_path: Path) -> None:
    update = {"project": "grand-canal", "event_date": "2026-05", "status": "idle"}
    content = {"format": "nkplan/2", "kinds": ["sluice", "lock"], "updates": [update]}
    whole, part = tmp_path / "whole.json", tmp_path / "part.json"
    whole.write_text(json.dumps(content), "utf-8")
    part.write_text(json.dumps({"format": "nkplan/2", "kinds": ["lock"]}), "utf-8")
    assert run(busy, "load", str(whole)).code == run(busy, "undo").code == 0
    assert run(busy, "load", str(part)).code == 0
    done = run(busy, "redo", "6")
    assert done.code == 0
    assert "  1 of 3 rows is on record already, by change 8" in done.out.splitlines()
    assert "  kind sluice" in done.out.splitlines()
    assert "  kind lock" not in done.out.splitlines()


def test_several_changes_undone_together_are_one_line_in_the_log(busy: Path) -> None:
    summaries = {row["change"]: row["summary"] for row in run_json(busy, "log")}
    assert run(busy, "undo", "4", "5").code == 0
    assert list_log(busy) == [6, 5, 4, 3, 2, 1]
    assert run_json(busy, "log")[0]["summary"] == f"undid changes 5 and 4: {summaries[5]}; {summaries[4]}"
    assert [(row["list"], row["done"]) for row in run_json(busy, "log", "6")] == [
        ("sources", "undone"),
        ("updates", "undone"),
        ("projects", "edited"),
        ("projects", "edited"),
    ]
    assert 6 in list_log(busy, "grand-canal")
    done = run(busy, "redo")
    assert [line for line in done.out.splitlines() if line.startswith("redid")] == [
        f"redid {row['command']} of {row['recorded']} by {row['recorded_by']}: {row['summary']}"
        for row in reversed(run_json(busy, "log")[2:4])
    ]
    assert list_log(busy) == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("typed", "is_undone"),
    [(b"Yes\n", True), (b"\n", False), (b"what\nn\n", False), (b"\x04", False), (b"\x03", False)],
)
def test_on_a_terminal_more_than_a_hundred_rows_are_asked_about(
    record: Path, typed: bytes, is_undone: bool
) -> None:
    load_many(record)
    with at_terminal(record, "undo") as (process, leader):
        asked = read_until(leader, b"[y/N]")
        assert b"this would undo 101 rows (change 2, load: standard input)" in asked
        # Meanwhile others can write.
        assert run(record, *CANAL).code == 0
        os.write(leader, typed)
        read_rest(leader)
        assert process.wait(SOON) == (0 if is_undone else 130)
    ((left,),) = query(record, "SELECT count(*) FROM updates WHERE note LIKE 'many%' AND undone_in IS NULL")
    assert left == (0 if is_undone else 101)
    assert query(record, "SELECT undone_in FROM changes WHERE id = 3") == [(None,)]


@pytest.mark.parametrize(("key", "is_redone"), [("y\r", True), ("\x03", False)], ids=["yes", "Ctrl-C"])
def test_redoing_more_than_a_hundred_rows_is_asked_about_too(record: Path, key: str, is_redone: bool) -> None:
    load_many(record)
    assert run(record, "undo", "--yes").code == 0
    before = record.read_bytes()
    talk = Dialogue(record, "redo")
    talk.expect("this would redo 101 rows", "Go on? [y/N]:")
    talk.press(key)
    code, shown = talk.end()
    assert (code, "Traceback" in shown) == (0 if is_redone else 130, False), shown
    assert ("nothing was recorded" in shown) != is_redone
    assert (record.read_bytes() != before) == is_redone
    ((active,),) = query(record, "SELECT count(*) FROM updates WHERE note LIKE 'many%' AND undone_in IS NULL")
    assert active == (101 if is_redone else 0)
