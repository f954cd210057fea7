"""`nkplan` alone: what was announced, how far it has come, what changed last, what to look at."""

import json
import re
from pathlib import Path

from program import run, run_json, show


def read_screen(db: Path, width: int = 80) -> list[str]:
    shown = show(db, width)
    assert shown.code == 0
    return shown.lines


def test_it_says_what_was_announced_when_and_by_whom(seeded: Path) -> None:
    lines = read_screen(seeded)
    assert lines[0] == "North Korea's announced projects, as of today, 2026-11-24"
    assert lines[1] == "2024-01-15  Regional Development 20x10 Policy, Kim Jong Un"
    last = max(run_json(seeded, "export")["announcements"], key=lambda one: one["announced"])
    assert lines[2].startswith(f"{last['announced']}  {last['title']}")
    assert lines[2].endswith("the last of 49")


def test_its_numbers_are_those_of_the_report(seeded: Path) -> None:
    report = run_json(seeded, "report", "--by", "programme")["rows"]
    measured = {row["programme"]: row for row in reversed(report)}
    rows = [line.split("\t") for line in run(seeded).out.splitlines()]
    head, rows = rows[0], rows[1:]
    assert len(rows) == 5
    for row in rows:
        shown = dict(zip(head, row, strict=True))
        counted = measured[shown["programme"]]
        for key in ("promised", "named", "started", "complete_claimed", "complete_verified"):
            assert shown[key] == ("" if counted[key] is None else str(counted[key]))
    # The largest number promised comes first; what has none follows by the number of sites.
    assert [row[0] for row in rows] == [
        "20x10",
        "county-hospitals",
        "service-centres",
        "greenhouse-farms",
        "atomic-and-tidal-power",
    ]
    assert [row[2] for row in rows[:2]] == ["2024-01-15", "2024-08-31"]


def test_what_is_not_among_its_rows_is_counted_without_a_word_of_what_there_is_none(
    seeded: Path, ghana: Path
) -> None:
    assert "Besides      6 programmes and 23 sites: nkplan report" in read_screen(seeded)
    assert "Besides      1 site: nkplan report" in read_screen(ghana)


def test_it_says_what_changed_last_and_what_to_look_at_next(record: Path) -> None:
    run(record, "update", "songchon", "building", "--on", "2026-11-01", "--evidence", "imagery", "--yes")
    lines = read_screen(record, 120)
    (changed,) = [line for line in lines if line.startswith("Last change")]
    assert re.match(r"Last change  \d{4}-\d\d-\d\d, update by \S+: ", changed)
    (first,) = [line for line in lines if line.startswith("Look at")]
    ranked = run_json(record, "report", "next")
    wanted = f"Look at      {ranked[0]['id']}: {ranked[0]['reasons']}"
    assert first == (wanted if len(wanted) <= 120 else f"{wanted[:119]}…")


def test_what_takes_long_is_left_out_of_a_large_record(record: Path) -> None:
    sites = [{"id": f"site-{n}", "name": f"Site {n}", "type": "site", "kind": "other"} for n in range(2000)]
    run(record, "load", "-", stdin=json.dumps({"format": "nkplan/2", "projects": sites}).encode())
    assert not any(line.startswith("Look at") for line in read_screen(record))


def test_it_names_three_commands_to_go_on_with_and_each_exists(seeded: Path) -> None:
    commands = [line for line in read_screen(seeded) if line.startswith("nkplan ")]
    assert len(commands) == 3
    for line in commands:
        assert run(seeded, line.split()[1], "--help").code == 0


def test_it_says_how_to_begin_where_nothing_is_on_record(tmp_path: Path) -> None:
    db = tmp_path / "empty.db"
    assert run(db, "init", "--empty").code == 0
    done = run(db)
    assert done.code == 0
    assert done.err == (
        f"nkplan: {db} has no announcements yet; add some with `nkplan add` or `nkplan load`\n"
    )


def test_it_makes_the_database_with_the_shipped_record_on_the_first_run(tmp_path: Path) -> None:
    done = run(tmp_path / "new.db")
    assert done.code == 0
    assert "created" in done.err
    assert "20x10 factories" in done.out


def test_a_record_of_hostile_names_writes_no_control_character(record: Path) -> None:
    content = {
        "format": "nkplan/2",
        "projects": [{"id": "p", "name": "Dam [red] 성천군", "type": "programme", "kind": "other"}],
        "quotas": [{"project": "p", "kind": "other", "quantity": 9999, "per": "total"}],
    }
    assert run(record, "load", "-", stdin=json.dumps(content).encode()).code == 0
    assert "Dam [red] 성천군" in "\n".join(read_screen(record))
