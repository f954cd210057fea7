"""The settings as they are read: what the record says, and what holds where it says nothing."""

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from program import run
from records import load

from nkplan.model.moment import Moment
from nkplan.model.settings import Settings
from nkplan.queries.reader import reading
from nkplan.queries.settings import read_settings

GIVEN: dict[str, Any] = {
    "title": "Dams",
    "about": "Every dam.",
    "licence": "CC0",
    "credit": "A map.",
    "region_level": 2,
    "silent_months": 6,
    "labels": {"press": "paper", "region": "oblast"},
}


def read(db: Path, moment: Moment | None = None) -> Settings:
    with reading(db, moment) as reader:
        return read_settings(reader)


def test_a_record_without_settings_has_the_usual_ones(tmp_path: Path) -> None:
    db = tmp_path / "record.db"
    load(db, kinds=["other"])
    assert read(db) == Settings(region_level=1, silent_months=24, labels={})


def test_a_record_has_the_settings_of_its_file_until_they_are_undone(tmp_path: Path) -> None:
    db = tmp_path / "record.db"
    load(db, kinds=["other"])
    load(db, settings=GIVEN)
    assert read(db) == Settings(**GIVEN)
    assert run(db, "undo").code == 0
    assert read(db) == Settings()


def test_a_record_of_another_day_is_read_by_the_present_settings(tmp_path: Path) -> None:
    db = tmp_path / "record.db"
    load(db, settings=GIVEN)
    past = Moment(date(2026, 11, 24), date(2020, 1, 1), date(2020, 1, 1))
    assert read(db, past) == read(db)


def test_settings_that_nobody_can_have_recorded_break_nothing(tmp_path: Path) -> None:
    db = tmp_path / "record.db"
    load(db, settings=GIVEN, kinds=["other"], places=[{"id": "p", "name": "P"}])
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE settings SET value = 'x' WHERE id IN ('region_level', 'silent_months')")
        connection.execute("INSERT INTO settings (id, value, change_id) VALUES ('label ', 'x', 1)")
    assert read(db)[:6] == ("Dams", "Every dam.", "CC0", "A map.", 1, 24)
    for arguments in (("list",), ("report", "coverage"), ("show", "p"), ("report", "--by", "region")):
        for format_ in ("table", "json"):
            assert run(db, *arguments, "-f", format_).code == 0, arguments


def test_an_export_has_no_number_that_nobody_can_have_recorded(tmp_path: Path) -> None:
    db, again = tmp_path / "record.db", tmp_path / "again.db"
    load(db, settings=GIVEN)
    for written in ("x", "", "0", "-1", "2.5", str(2**63)):
        with closing(sqlite3.connect(db)) as connection, connection:
            connection.execute("UPDATE settings SET value = ? WHERE id = 'silent_months'", [written])
        done = run(db, "export", "-f", "json")
        assert done.code == 0
        kept = json.loads(done.out)["settings"]
        assert kept == {name: value for name, value in GIVEN.items() if name != "silent_months"}
    (tmp_path / "export.json").write_text(done.out)
    assert run(again, "load", "--bare", str(tmp_path / "export.json")).code == 0


def test_the_largest_number_that_is_recorded_is_read(tmp_path: Path) -> None:
    db = tmp_path / "record.db"
    load(
        db,
        settings={"silent_months": 2**63 - 1, "region_level": 2**63 - 1},
        kinds=["other"],
        projects=[{"id": "dam", "name": "Dam", "type": "site", "kind": "other"}],
        updates=[{"project": "dam", "event_date": "1950", "status": "building"}],
    )
    assert read(db) == Settings(region_level=2**63 - 1, silent_months=2**63 - 1)
    assert json.loads(run(db, "list", "-f", "json").out)[0]["silent"] is False
    for view in ("silent", "next", "coverage"):
        assert run(db, "report", view).code == 0
