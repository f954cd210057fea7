"""`show` and `search` of a day or month: what was announced and what happened then."""

import json
from pathlib import Path
from typing import Any

import pytest
from program import run, run_json
from records import load


def list_announced(db: Path, start: str) -> list[str]:
    return sorted(
        one["id"] for one in run_json(db, "export")["announcements"] if one["announced"].startswith(start)
    )


def list_happened(db: Path, start: str) -> list[Any]:
    updates = run_json(db, "export")["updates"]
    return sorted(
        (one["project"], one["event_date"], one.get("note", ""))
        for one in updates
        if one["event_date"].startswith(start) and "/" not in one["event_date"]
    )


@pytest.mark.parametrize("text", ["2024-01-15", "2024-02-28", "2025-12", "2026-02"])
def test_a_day_or_month_shows_what_was_announced_and_what_happened_then(seeded: Path, text: str) -> None:
    page = run_json(seeded, "show", text)
    assert sorted(one["id"] for one in page["announcements"]) == list_announced(seeded, text)
    shown = sorted((one["project"], one["event_date"], one["note"] or "") for one in page["timeline"])
    assert shown == list_happened(seeded, text)
    assert page["announcements"] or shown
    assert page["type"] == ("day" if len(text) == 10 else "month")


@pytest.mark.parametrize("text", ["2024-01-15", "2025-12"])
def test_a_search_for_a_day_or_month_finds_the_same(seeded: Path, text: str) -> None:
    page = run_json(seeded, "show", text)
    found = run_json(seeded, "search", text)
    assert {one["id"] for one in found if one["list"] == "announcement"} == {
        one["id"] for one in page["announcements"]
    }
    assert {one["update"] for one in found if one["list"] == "update"} >= {
        one["id"] for one in page["timeline"]
    }
    only = run_json(seeded, "search", text, "--list", "announcement")
    assert {one["list"] for one in only} == {"announcement"}


def test_what_was_undone_did_not_happen(record: Path) -> None:
    run(record, "update", "songchon", "--on", "2026-10-09", "--note", "A visitor came.")
    assert len(run_json(record, "show", "2026-10-09")["timeline"]) == 1
    run(record, "undo")
    assert run(record, "show", "2026-10-09").code == 3


def test_a_row_of_a_day_that_its_text_names_too_is_found_once(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    said = {"said": "A dam by 2024-01-15.", "speaker": "Kim"}
    load(
        db,
        kinds=["other"],
        announcements=[{"id": "speech", "title": "A speech", "announced": "2024-01-15", **said}],
        projects=[{"id": "dam", "name": "Dam", "type": "site", "kind": "other"}],
        updates=[
            {"project": "dam", "event_date": "2024-01-15", "note": "Seen 2024-01-15.", "speaker": "Kim"}
        ],
    )
    found = run_json(db, "search", "2024-01-15")
    assert [(one["list"], one["id"]) for one in found] == [("announcement", "speech"), ("update", "dam")]


def test_a_year_is_no_day_and_the_answer_names_the_commands(seeded: Path) -> None:
    done = run(seeded, "show", "2024")
    assert (done.code, done.out) == (3, "")
    assert "`nkplan list --year 2024`" in done.err
    assert "`nkplan show 2024-01`" in done.err


def test_a_day_without_news_and_a_day_that_does_not_exist_are_refused(seeded: Path) -> None:
    done = run(seeded, "show", "1999-01")
    assert done.code == 3
    assert "nothing on record was announced or happened in 1999-01" in done.err
    done = run(seeded, "show", "2026-02-29")
    assert (done.code, done.err) == (3, "nkplan: 2026-02-29 is not a date: 2026-02 has 28 days\n")


def test_an_id_that_looks_like_a_day_comes_first(record: Path) -> None:
    source = {"id": "2024-01-15", "title": "A diary"}
    content = {"format": "nkplan/2", "sources": [source]}
    assert run(record, "load", "-", stdin=json.dumps(content).encode()).code == 0
    assert run_json(record, "show", "2024-01-15")["type"] == "source"


def test_a_day_is_read_as_people_type_it(seeded: Path) -> None:
    for typed in ("15 Jan 2024", "Jan 15, 2024", "2024/1/15", "2024년 1월 15일"):
        assert run_json(seeded, "show", typed)["id"] == "2024-01-15"
    assert run_json(seeded, "show", "January 2024")["id"] == "2024-01"


def test_a_day_has_no_history(seeded: Path) -> None:
    done = run(seeded, "show", "2024-01-15", "--history")
    assert (done.code, done.err) == (2, "nkplan: --history: a day has none; leave it out\n")


def test_a_date_with_two_readings_or_none_is_refused_as_a_date(seeded: Path) -> None:
    done = run(seeded, "show", "03/04/2025")
    assert (done.code, done.out) == (3, "")
    assert "2025-04-03 or 2025-03-04" in done.err
    done = run(seeded, "show", "31/02/2025")
    assert done.code == 3
    assert "2025-02 has 28 days" in done.err
