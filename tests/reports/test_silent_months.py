"""After how many months a site is silent is a setting of the record; an option overrides it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from program import read_ids, run, run_json
from records import load, make_site

from nkplan.model.vocabulary import Status

AGES = {
    "m05": "2026-06-24",
    "m07": "2026-04-24",
    "m12": "2025-11-24",
    "m23": "2024-12-24",
    "m25": "2024-10-24",
}
"""Sites by the whole months from their last evidence to the day of the tests, 2026-11-24."""


def make_record(db: Path, months: int | None) -> Path:
    settings = {} if months is None else {"settings": {"silent_months": months}}
    updates = [{"project": id_, "event_date": day, "status": "building"} for id_, day in AGES.items()]
    load(db, **settings, kinds=["other"], projects=list(map(make_site, AGES)), updates=updates)
    return db


SILENT = [
    (None, ["m25"]),
    (6, ["m07", "m12", "m23", "m25"]),
    (12, ["m12", "m23", "m25"]),
    (10**15, []),
]


@pytest.mark.parametrize(("months", "silent"), SILENT)
def test_every_answer_judges_silence_by_the_months_of_the_record(
    tmp_path: Path, months: int | None, silent: list[str]
) -> None:
    db = make_record(tmp_path / "record.db", months)
    assert read_ids(run(db, "list", "--silent")) == silent
    assert [row["id"] for row in run_json(db, "list") if row["silent"]] == silent
    by_silence = [row["id"] for row in run_json(db, "list", "--sort", "silent")]
    assert by_silence[len(AGES) - len(silent) :] == silent
    assert sorted(row["id"] for row in run_json(db, "report", "silent")) == silent
    assert [id_ for id_ in AGES if run_json(db, "show", id_)["silent"]] == silent
    reasons = {row["id"]: row["reasons"] for row in run_json(db, "report", "next")}
    assert sorted(id_ for id_, reason in reasons.items() if "no news for" in reason) == silent
    usual = 24 if months is None else months
    note = f"no news for {usual} months or more, of what is neither open, halted nor ended"
    assert note in run(db, "report", "silent", "-f", "md").out


@pytest.mark.parametrize("months", [None, 6, 10**15])
def test_the_option_overrides_the_record(tmp_path: Path, months: int | None) -> None:
    db = make_record(tmp_path / "record.db", months)
    for arguments in (("list", "--months", "12"), ("list", "--silent", "--months", "12")):
        assert read_ids(run(db, *arguments)) == ["m12", "m23", "m25"]
    assert sorted(row["id"] for row in run_json(db, "report", "silent", "--months", "12")) == [
        "m12",
        "m23",
        "m25",
    ]


@pytest.mark.parametrize("status", Status)
def test_only_what_is_neither_open_halted_nor_ended_is_silent(tmp_path: Path, status: Status) -> None:
    db = tmp_path / "record.db"
    update = {"project": "old", "event_date": "2012", "status": status, "evidence": "promiser"}
    load(db, kinds=["other"], projects=[make_site("old")], updates=[update])
    is_silent = status in {Status.ANNOUNCED, Status.PREPARING, Status.GROUNDBROKEN, Status.BUILDING}
    assert read_ids(run(db, "list", "--silent")) == ["old"] * is_silent
    assert [row["id"] for row in run_json(db, "report", "silent")] == ["old"] * is_silent


NO_NEWS = [{"note": "Ask again."}, {"evidence": "interested", "status": "paused"}]
NEWS = [
    {"note": "A visitor saw it.", "evidence": "on-site"},
    {"note": "Mentioned.", "evidence": "promiser", "confidence": "low"},
    {"status": "paused", "evidence": "press", "confidence": "low"},
    {"status": "completed", "count": 3, "evidence": "promiser"},
]


@pytest.mark.parametrize(
    ("update", "is_silent"), [(one, True) for one in NO_NEWS] + [(one, False) for one in NEWS]
)
def test_any_report_is_news_but_a_note_of_ones_own_and_the_word_of_the_interested(
    tmp_path: Path, update: dict[str, object], is_silent: bool
) -> None:
    db = tmp_path / "record.db"
    begun = {"project": "old", "event_date": "2020-05", "status": "building", "evidence": "imagery"}
    later = {"project": "old", "event_date": "2026-10", **update}
    load(db, kinds=["other"], projects=[make_site("old")], updates=[begun, later])
    (row,) = run_json(db, "list")
    assert row["silent"] is is_silent
    assert row["last_evidence"] == ("2020-05" if is_silent else "2026-10")


def test_undoing_the_setting_brings_back_the_usual_months(tmp_path: Path) -> None:
    db = make_record(tmp_path / "record.db", None)
    load(db, settings={"silent_months": 6})
    assert len(read_ids(run(db, "list", "--silent"))) == 4
    assert run(db, "undo").code == 0
    assert read_ids(run(db, "list", "--silent")) == ["m25"]


@pytest.mark.parametrize("damaged", ["", "soon", "-3", "0", "6.5", "٦", "9" * 400, "1_0"])
def test_months_that_are_no_number_count_as_not_set(tmp_path: Path, damaged: str) -> None:
    db = make_record(tmp_path / "record.db", 6)
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE settings SET value = ?", [damaged or " "])
    assert read_ids(run(db, "list", "--silent")) == ["m25"]
    assert run(db, "show", "m05", "-f", "table").code == 0
