"""Whether the claims of a project contradict each other is stored, and follows from what is on record."""

import sqlite3
from pathlib import Path

from program import TODAY, run
from records import load, make_site
from tables import query


def list_contradicted(db: Path) -> list[str]:
    """List what is stored, after a look whether `check` finds it right."""
    done = run(db, "check", "--only", "stale-state")
    assert done.code == 0, done.out
    return [project for (project,) in query(db, "SELECT project FROM contradicted ORDER BY project")]


def say(project: str, event_date: str, status: str) -> dict[str, str]:
    return {"project": project, "event_date": event_date, "status": status, "evidence": "on-site"}


def test_it_follows_from_the_updates_that_are_active(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    opened = [say("mill", "2024-05-02", "completed"), say("dam", "2024-05-02", "completed")]
    load(db, kinds=["other"], projects=[make_site("mill"), make_site("dam")], updates=opened)
    assert list_contradicted(db) == []
    # A second day of opening contradicts the first; a second day of work does not.
    load(db, updates=[say("mill", "2024-06-03", "completed"), say("dam", "2024-04-01", "building")])
    assert list_contradicted(db) == ["mill"]
    assert run(db, "undo").code == 0
    assert list_contradicted(db) == []
    for project, day, status in (
        ("dam", "2024-05", "completed"),  # The month in which it opened by the other claim.
        ("mill", "2024-05-03", "operating"),
        ("mill", "2024-05-03", "idle"),
    ):
        done = run(db, "update", project, status, "--on", day, "--evidence", "on-site")
        assert done.code == 0, done.err
    assert list_contradicted(db) == ["mill"]
    ((idle,),) = query(db, "SELECT id FROM updates WHERE status = 'idle'")
    assert run(db, "undo", idle).code == 0
    assert list_contradicted(db) == []


def test_check_finds_and_repairs_a_contradiction_that_is_not_stored(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    opened = [say("mill", "2024-05-02", "completed"), say("mill", "2024-06-03", "completed")]
    load(db, kinds=["other"], projects=[make_site("mill")], updates=opened)
    with sqlite3.connect(db) as connection:
        connection.execute("DELETE FROM contradicted")
    connection.close()
    done = run(db, "check", "--only", "stale-state")
    assert done.code == 1
    assert "its claims contradict each other, and it is not stored so; run nkplan check --repair" in done.out
    assert run(db, "check", "--repair").code == 0
    assert list_contradicted(db) == ["mill"]


def test_as_of_today_is_as_of_no_day_also_for_what_only_this_month_has_begun(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    month = TODAY[:7]
    opened = [say("mill", "2024-05-02", "completed"), say("mill", month, "completed")]
    load(db, kinds=["other"], projects=[make_site("mill")], updates=opened)
    for view in ("conflicts", "next"):
        plain = run(db, "report", view, "-f", "csv").out
        assert ("two opening dates" if view == "conflicts" else "claims contradict each other") in plain
        for days in (["--as-of", TODAY], ["--known-on", TODAY], ["--as-of", TODAY, "--known-on", TODAY]):
            assert run(db, "report", view, "-f", "csv", *days).out == plain, days
