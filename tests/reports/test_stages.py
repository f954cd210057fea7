"""What was promised for each stage of a project, and what became of it: the rules of `judging`, one by one.

The tests ask on 2026-11-24. From the end of 2024 to that day are 693 days (365 and 328), from the end of 2025
328, and from the end of 2022 1424 (365, 366, 365 and 328).
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from program import run, run_json
from records import load, make_site

from nkplan.judgement import list_promises
from nkplan.model.state import State
from nkplan.reports.slips import STAGES

BY = {("started", "building"), ("started", "completed"), ("opened", "idle"), ("opened", "closed")}
"""What a status shows to have happened at some time up to its day."""

Update = dict[str, Any]


@pytest.fixture
def dbs(tmp_path: Path) -> Iterator[Path]:
    """Return a number of databases that do not exist yet."""
    return (tmp_path / f"{number}.db" for number in count())


def say(event_date: str, status: str | None = None, evidence: str = "promiser", **more: Any) -> Update:
    given = {"project": "x", "event_date": event_date, "evidence": evidence, "source": "s", **more}
    return given if status is None else {"status": status, **given}


def promise(promised: str, on: str = "2023-12-31", status: str | None = None, **more: Any) -> Update:
    return say(on, promised=promised, **({} if status is None else {"promised_status": status}), **more)


def make(db: Path, *updates: Update, **more: Any) -> Path:
    content = {"projects": [make_site("x")], "kinds": ["other"], "sources": [{"id": "s"}]} | more
    load(db, **content, updates=list(updates))
    return db


def list_slips(db: Path, *options: str) -> list[tuple[Any, ...]]:
    """Return, for each slip, what is to be, when it was, and the days late."""
    rows = run_json(db, "report", "slips", *options)
    return [(row["id"], row["to_be"], row["kept"], row["late_least"], row["late_most"]) for row in rows]


def list_overdue(db: Path, *options: str) -> list[tuple[Any, ...]]:
    rows = run_json(db, "report", "overdue", *options)
    return [(row["id"], row["promised"], row["to_be"], row["days_late"]) for row in rows]


# Stages


@pytest.mark.parametrize(
    ("promised_status", "to_be", "kept_by", "not_by"),
    [
        (
            "groundbroken",
            "started",
            ["groundbroken", "building", "completed"],
            ["announced", "preparing", "paused"],
        ),
        ("completed", "opened", ["completed", "operating", "idle", "closed"], ["building", "paused"]),
        (None, "opened", ["completed", "operating"], ["groundbroken", "building"]),
        ("operating", "in use", ["operating"], ["building", "completed", "idle"]),
    ],
)
def test_a_promise_is_kept_by_what_it_promises(
    dbs: Iterator[Path], promised_status: str | None, to_be: str, kept_by: list[str], not_by: list[str]
) -> None:
    for status in (*kept_by, *not_by):
        db = make(next(dbs), promise("2024", status=promised_status), say("2025-02-01", status))
        if status in not_by:
            assert list_slips(db) == [("x", to_be, None, 693, 693)], status
            assert list_overdue(db) == [("x", "2024", to_be, 693)], status
            continue
        # What is under work had started by then, what is open as well, and what is idle or closed had opened.
        is_by = (to_be, status) in BY
        kept, least = ("../2025-02-01", None) if is_by else ("2025-02-01", 32)
        assert list_slips(db) == [("x", to_be, kept, least, 32)], status
        assert list_overdue(db) == [], status


def test_a_start_is_late_until_work_is_on_record(dbs: Iterator[Path]) -> None:
    by_2024 = promise("2024", status="groundbroken")
    db = make(next(dbs), by_2024, say("2025-02-01", "groundbroken"), say("2025-03-01", "building"))
    assert list_slips(db) == [("x", "started", "2025-02-01", 32, 32)]
    # Seen under work on that day, it had begun by then.
    db = make(next(dbs), by_2024, say("2025-02-01", "building", "imagery"))
    assert list_slips(db) == [("x", "started", "../2025-02-01", None, 32)]


def test_each_stage_of_a_project_has_a_chain_of_its_own(dbs: Iterator[Path]) -> None:
    """Start by March 2024, begun in May; opening by 2024, moved to 2025, opened on 1 February 2025."""
    db = make(
        next(dbs),
        promise("2024-03", status="groundbroken"),
        promise("2024", status="completed"),
        promise("2025", "2024-06", status="completed"),
        promise("2026-03", status="operating"),
        say("2024-05-01", "groundbroken"),
        say("2025-02-01", "completed"),
    )
    # 31 days after March 2024; 238 after March 2026 (30, 31, 30, 31, 31, 30, 31 and 24).
    assert sorted(list_slips(db)) == [
        ("x", "in use", None, 238, 238),
        ("x", "opened", "2025-02-01", 32, 32),
        ("x", "started", "2024-05-01", 31, 31),
    ]
    (row,) = [row for row in run_json(db, "report", "slips") if row["to_be"] == "opened"]
    assert (row["dates"], row["moved"], row["latest_promised"]) == (2, 365, "2025")
    assert list_overdue(db) == [("x", "2026-03", "in use", 238)]


def test_a_restart_is_a_promise_of_its_own(dbs: Iterator[Path]) -> None:
    """Opened in 2016 as promised, idle since 2018; in 2021 to be in use again in 2022."""
    before = [
        promise("2016", "2015-06-01"),
        say("2016-03-01", "completed"),
        say("2018-06-01", "idle", "press"),
        promise("2022", "2021-06-01"),
    ]
    opened = ("x", "opened", "2016-03-01", -305, -305)  # 2016-03-01 to 2016-12-31
    db = make(next(dbs), *before)
    assert list_slips(db) == [("x", "in use again", None, 1424, 1424), opened]
    assert list_overdue(db) == [("x", "2022", "in use again", 1424)]
    # Inaugurated once more is not in use.
    db = make(next(dbs), *before, say("2023-01-01", "completed"))
    assert list_overdue(db) == [("x", "2022", "in use again", 1424)]
    again = [*before, say("2023-03-01", "operating", "press")]
    db = make(next(dbs), *again)
    assert list_slips(db) == [("x", "in use again", "2023-03-01", 60, 60), opened]
    assert list_overdue(db) == []
    # Only the latest status keeps it.
    lost = [*again, say("2024-01-01", "closed", "press")]
    db = make(next(dbs), *lost)
    assert list_slips(db) == [("x", "in use again", None, 1424, 1424), opened]
    assert list_overdue(db) == [("x", "2022", "in use again", 1424)]
    # In use once more, it is kept since then, not since it was for a while: 62 days into 2025 and 731 before.
    db = make(next(dbs), *lost, say("2025-03-03", "operating", "press"), say("2025-06-01", "operating"))
    assert list_slips(db) == [("x", "in use again", "2025-03-03", 793, 793), opened]
    # What is promised then is another restart, and the first had been kept.
    db = make(next(dbs), *lost, promise("2025", "2024-06-01"))
    assert list_slips(db) == [
        ("x", "in use again", None, 328, 328),
        ("x", "in use again", "2023-03-01", 60, 60),
        opened,
    ]
    assert list_overdue(db) == [("x", "2025", "in use again", 328)]


def test_after_a_halt_the_chain_goes_on(dbs: Iterator[Path]) -> None:
    db = make(next(dbs), promise("2024"), say("2024-06-01", "paused"), promise("2025", "2025-01-01"))
    assert list_slips(db) == [("x", "opened", None, 693, 693)]
    (row,) = run_json(db, "report", "slips")
    assert (row["dates"], row["moved"]) == (2, 365)


@pytest.mark.parametrize("between", ["paused", "building", "cancelled"])
def test_what_comes_after_idleness_leaves_the_chain_of_use_again(dbs: Iterator[Path], between: str) -> None:
    """What was idle is promised to be in use again, also while it is halted, rebuilt or taken up again."""
    given = [
        say("2019-01-01", "completed"),
        say("2020-01-01", "idle", "imagery"),
        promise("2024", "2020-06-01"),
        say("2022-01-01", between),
        say("2022-06-01", "preparing"),
        promise("2025", "2023-01-01"),
    ]
    db = make(next(dbs), *given)
    assert list_slips(db) == [("x", "in use again", None, 693, 693)]
    assert [row["moved"] for row in run_json(db, "report", "slips")] == [365]
    assert list_overdue(db) == [("x", "2025", "in use again", 328)]
    opened = make(next(dbs), *given, say("2022-12-01", "completed"))
    assert list_overdue(opened) == [("x", "2024", "in use again", 693)]


@pytest.mark.parametrize(
    "other",
    [
        {"evidence": "expert"},
        {"evidence": "press"},
        {"evidence": "imagery"},
        {"evidence": "interested"},
        {"evidence": "authority"},
        {"evidence": None, "confidence": "low"},
        {"withdrawn": "2026-01"},
    ],
)
def test_only_what_the_promiser_says_and_did_not_take_back_is_a_promise(
    dbs: Iterator[Path], other: Update
) -> None:
    given = promise("2024") | other
    db = make(next(dbs), {key: value for key, value in given.items() if value is not None})
    assert (list_slips(db), list_overdue(db)) == ([], [])
    db = make(next(dbs), promise("2025"), {key: value for key, value in given.items() if value is not None})
    assert list_slips(db) == [("x", "opened", None, 328, 328)]


@pytest.mark.parametrize("unsure", [{"confidence": "low"}, {"evidence": None}])
def test_the_promisers_own_word_promises_however_sure(dbs: Iterator[Path], unsure: Update) -> None:
    given = promise("2024") | unsure
    db = make(next(dbs), {key: value for key, value in given.items() if value is not None})
    assert list_slips(db) == [("x", "opened", None, 693, 693)]


def test_a_void_opening_keeps_no_promise(dbs: Iterator[Path]) -> None:
    claimed = [promise("2024"), say("2024-10-01", "completed")]
    db = make(next(dbs), *claimed)
    assert list_slips(db) == [("x", "opened", "2024-10-01", -91, -91)]
    db = make(next(dbs), *claimed, say("2025-03-01", "building", "imagery"))
    assert list_slips(db) == [("x", "opened", None, 693, 693)]
    assert list_overdue(db) == [("x", "2024", "opened", 693)]
    assert run_json(db, "report", "durations") == run_json(db, "report", "use") == []


def test_what_is_to_be_reads_alike_in_every_view() -> None:
    state = State(promised_start="1", promised="2", promised_use="3", promised_again="4")
    assert [one.stage for one in list_promises(state)] == list(STAGES.values())


# Cohorts and programmes


def make_cohort(**more: Any) -> dict[str, Any]:
    """Return two sites of a cohort of 2024 of a programme."""
    projects = [
        {"id": "p", "name": "P", "type": "programme", "kind": "other"},
        {"id": "c", "name": "C", "type": "cohort", "kind": "other", "parent": "p", "year": 2024},
        make_site("x", parent="c"),
        make_site("y", parent="c"),
    ]
    return {"projects": projects, **more}


@pytest.mark.parametrize(
    ("promised_status", "to_be", "status"),
    [
        ("groundbroken", "started", "groundbroken"),
        ("completed", "opened", "completed"),
        ("operating", "in use", "operating"),
    ],
)
def test_a_cohort_keeps_a_promise_with_the_last_of_its_sites(
    dbs: Iterator[Path], promised_status: str, to_be: str, status: str
) -> None:
    given = [promise("2024", status=promised_status, project="c"), say("2024-05-01", status)]
    db = make(next(dbs), *given, say("2024-05-01", status, project="c"), **make_cohort())
    assert list_slips(db) == [("c", to_be, None, 693, 693)]
    assert list_overdue(db) == [("y", "2024", to_be, 693)]
    db = make(next(dbs), *given, say("2025-02-01", status, project="y"), **make_cohort())
    assert list_slips(db) == [("c", to_be, "2025-02-01", 32, 32)]
    assert list_overdue(db) == []


def test_a_cohort_keeps_a_promise_without_its_cancelled_sites(dbs: Iterator[Path]) -> None:
    """From 1 May to the end of 2024 are 244 days."""
    given = [promise("2024", project="c"), say("2024-05-01", "completed")]
    db = make(next(dbs), *given, say("2024-03-01", "cancelled", project="y"), **make_cohort())
    assert list_slips(db) == [("c", "opened", "2024-05-01", -244, -244)]


def test_a_site_with_a_date_of_its_own_does_not_have_its_cohorts(dbs: Iterator[Path]) -> None:
    db = make(next(dbs), promise("2024", project="c"), promise("2025"), **make_cohort())
    assert list_overdue(db) == [("y", "2024", "opened", 693), ("x", "2025", "opened", 328)]


# Cancelled


@pytest.mark.parametrize("project", ["x", "c", "p"])
def test_nothing_is_late_from_the_day_on_which_it_is_cancelled(dbs: Iterator[Path], project: str) -> None:
    """From the end of 2024 to 11 April 2025 are 101 days."""
    given = [promise("2024"), say("2024-06-01", "building")]
    stop = say("2025-04-11", "cancelled", project=project)
    db = make(next(dbs), *given, stop, **make_cohort())
    assert list_overdue(db) == []
    assert list_slips(db) == [("x", "opened", None, 101, 101)]
    (row,) = run_json(db, "report", "slips")
    assert (row["cancelled"], row["open_ended"]) == ("2025-04-11", True)
    assert "x" not in {row["id"] for row in run_json(db, "report", "missing")}
    # The day before it was overdue.
    assert list_overdue(db, "--as-of", "2025-04-10") == [("x", "2024", "opened", 100)]
    assert list_slips(db, "--as-of", "2025-04-10") == [("x", "opened", None, 100, 100)]
    # Cancelled before it was due, it never was late.
    db = make(next(dbs), *given, stop | {"event_date": "2024-09-01"}, **make_cohort())
    assert (list_slips(db), list_overdue(db)) == ([], [])


@pytest.mark.parametrize("project", ["c", "p"])
def test_what_opens_after_it_was_cancelled_is_late_until_then(dbs: Iterator[Path], project: str) -> None:
    stop = say("2025-04-11", "cancelled", project=project)
    for day, late, cancelled in (
        ("2025-09-01", 101, "2025-04-11"),
        ("2025-02-01", 32, None),
        ("2024-12-01", -30, None),
    ):
        db = make(next(dbs), promise("2024"), say(day, "completed"), stop, **make_cohort())
        assert list_slips(db) == [("x", "opened", day, late, late)]
        assert [row["cancelled"] for row in run_json(db, "report", "slips")] == [cancelled]
    db = make(next(dbs), promise("2024"), say("2025-09-01", "idle"), stop, **make_cohort())
    assert list_slips(db) == [("x", "opened", "../2025-09-01", None, 101)]


def test_what_is_taken_up_again_is_late_as_if_it_had_never_been_cancelled(dbs: Iterator[Path]) -> None:
    given = [promise("2024"), say("2025-04-11", "cancelled"), say("2026-01-01", "building")]
    db = make(next(dbs), *given)
    assert list_slips(db) == [("x", "opened", None, 693, 693)]
    assert list_overdue(db) == [("x", "2024", "opened", 693)]


def test_nothing_of_a_cancelled_programme_is_missing_or_due(dbs: Iterator[Path]) -> None:
    quotas = [
        {"project": "p", "kind": "other", "quantity": 9, "per": "year", "first_year": 2024},
        {"project": "p", "kind": "other", "quantity": 40, "per": "total", "last_year": 2025},
    ]
    db = make(next(dbs), say("2024-06-01", "building"), **make_cohort(quotas=quotas))
    rows = [row for row in run_json(db, "report", "pace") if row["year"]]
    # 9 a year, and the 22 that the number in all leaves of 2024 and 2025.
    assert [(row["year"], row["due_so_far"]) for row in rows] == [(2024, 9), (2025, 40), (2026, 40)]
    assert {row["missing"] for row in run_json(db, "report", "missing")} == {
        "not named", "not started", "not opened"
    }  # fmt: skip
    run(db, "update", "p", "cancelled", "--on", "2026-06", "--evidence", "promiser")
    assert run_json(db, "report", "missing") == []
    rows = run_json(db, "report", "pace")
    assert {(row["due_so_far"] if row["year"] else row["left"]) for row in rows} == {None}
    assert len(run_json(db, "report", "missing", "--as-of", "2026-05-31")) > 0


# Start and opening


@pytest.mark.parametrize(
    ("start", "opened", "least", "most"),
    [
        # From 1 March to 20 December 2024 are 294 days.
        (say("2024-03-01", "groundbroken"), say("2024-12-20", "completed"), 294, 294),
        (say("2024-03-01", "groundbroken"), say("2024-12-20", "operating"), 294, 294),
        (say("2024-03-01", "building"), say("2024-12-20", "completed"), 294, None),
        (say("2024-03-01", "building", "imagery"), say("2024-12-20", "completed"), 294, None),
        (say("../2024-03-01", "groundbroken", "imagery"), say("2024-12-20", "completed"), 294, None),
        (say("2024-03-01", "groundbroken"), say("../2024-12-20", "completed", "imagery"), None, 294),
        (say("2024-03-01", "groundbroken"), say("2024-12-20", "idle", "imagery"), None, 294),
        (say("2024-03-01", "groundbroken"), say("2024-12-20", "closed", "press"), None, 294),
        (say("2024-03", "groundbroken"), say("2024-12-20", "completed"), 264, 294),
    ],
)
def test_a_duration_runs_from_the_start_of_work_to_the_opening(
    dbs: Iterator[Path], start: Update, opened: Update, least: int | None, most: int | None
) -> None:
    db = make(next(dbs), start, opened)
    (row,) = run_json(db, "report", "durations")
    assert (row["n"], row["unknown"], row["median_least"], row["median_most"]) == (1, 0, least, most)
    # A later sight of work and a later opening change nothing.
    db = make(next(dbs), start, opened, say("2024-05-01", "building"), say("2025-01-01", "operating"))
    (row,) = run_json(db, "report", "durations")
    assert (row["median_least"], row["median_most"]) == (least, most)


@pytest.mark.parametrize(
    ("opened", "completed", "year_unknown"),
    [
        ([say("2025-05-20", "completed")], 1, 0),
        ([say("../2025-05-20", "completed", "imagery")], 0, 1),
        ([say("2025-05-20", "idle", "imagery")], 0, 1),
        # Last seen unfinished in that year, or in the year before.
        ([say("2025-01-05", "building", "imagery"), say("../2025-05-20", "completed", "imagery")], 1, 0),
        ([say("2024-12-30", "building", "imagery"), say("../2025-05-20", "completed", "imagery")], 0, 1),
    ],
)
def test_an_opening_seen_by_a_day_counts_for_a_year_if_it_was_surely_in_it(
    dbs: Iterator[Path], opened: list[Update], completed: int, year_unknown: int
) -> None:
    quotas = [{"project": "p", "kind": "other", "quantity": 9, "per": "total"}]
    db = make(next(dbs), *opened, **make_cohort(quotas=quotas))
    rows = {row["year"]: row for row in run_json(db, "report", "pace")}
    asked = ("completed", "year_unknown", "completed_so_far")
    assert [rows[2025][key] for key in asked] == [completed, year_unknown, 1]
    assert (rows[None]["completed"], rows[None]["left"]) == (1, 8)


# Use


@pytest.mark.parametrize(
    ("status", "use"),
    [
        ("completed", "opened only"),
        ("operating", "in use"),
        ("idle", "idle"),
        ("closed", "closed"),
        ("building", None),
        ("paused", None),
        ("cancelled", None),
    ],
)
def test_use_is_that_of_the_latest_status(dbs: Iterator[Path], status: str, use: str | None) -> None:
    db = make(next(dbs), say("2024-05-01", "operating", "press"), say("2025-05-01", status, "expert"))
    rows = [(row["use"], row["claimed"], row["verified"]) for row in run_json(db, "report", "use")]
    assert rows == ([] if use is None else [(use, None, "operating")])
