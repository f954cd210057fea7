"""An edited record is the one that would have been made with the edited content, and knows the old file."""

import json
from pathlib import Path
from typing import Any

import random_records
from derived import CHECK_DERIVED
from examples import example_count
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from program import run
from records import make_empty
from tables import query

from nkplan.formats.json import read_file
from nkplan.identity import derive_quota_id, derive_update_id
from nkplan.rows.table import write_content
from nkplan.rows.written import write_fields

TODAY = random_records.TODAY
DAY = {"NKPLAN_TODAY": TODAY.isoformat()}
LISTS = ("places", "sources", "announcements", "projects", "quotas", "updates")

NAMING = {
    "kinds": {"kind"},
    "places": {"place"},
    "sources": {"source", "withdrawn_source"},
    "announcements": {"announcement"},
    "projects": {"project", "model", "within"},
}
"""The fields that name rows of a list; a `parent` names one of its own."""


def call(db: Path, *arguments: str, stdin: bytes = b"") -> Any:
    return run(db, *arguments, stdin=stdin, **DAY)


def export(db: Path) -> bytes:
    return str(call(db, "export").out).encode()


def drop_ids(content: Any) -> Any:
    """Return the content of a file without derived ids: an edited claim keeps the one it had."""
    dropped = {
        name: [
            {field: value for field, value in row.items() if field != "id"} for row in content.get(name, ())
        ]
        for name in ("quotas", "updates")
    }
    return {**content, **dropped}


def compare(exported: bytes) -> Any:
    """Return what two records have to agree in: all but derived ids, and the order that these make."""
    content = drop_ids(json.loads(exported))
    return {**content, **{name: sorted(content[name], key=json.dumps) for name in ("quotas", "updates")}}


def rename(content: Any, name: str, old: str, new: str) -> Any:
    """Return the content of a file in which a row has another id, and all that name it name it so."""

    def change(list_: str, row: Any) -> Any:
        if isinstance(row, str):
            return new if list_ == name and row == old else row
        naming = NAMING[name] | ({"parent"} if list_ == name else set())
        changed = {
            field: new if value == old and (field in naming or (field == "id" and list_ == name)) else value
            for field, value in row.items()
        }
        if "figures" in row and name == "sources":
            changed["figures"] = [
                {**one, "source": new} if one.get("source") == old else one for one in row["figures"]
            ]
        return changed

    return {
        list_: [change(list_, row) for row in rows] if isinstance(rows, list) else rows
        for list_, rows in content.items()
    }


def fill_in(content: Any) -> Any:
    """Give each update without an evidence class that of its source, as a load does."""
    usual = {row["id"]: row["evidence"] for row in content.get("sources", ()) if "evidence" in row}
    updates = [
        {**row, "evidence": usual[row["source"]]}
        if "evidence" not in row and row.get("source") in usual
        else row
        for row in content["updates"]
    ]
    return {**content, "updates": updates}


def give_ids(content: Any) -> Any:
    """Give each quota and update the id that follows from it, and leave out those that another has."""
    batch = read_file(json.dumps(drop_ids(content)).encode(), TODAY)
    derived: dict[str, Any] = {}
    for name, derive in (("quotas", derive_quota_id), ("updates", derive_update_id)):
        rows = zip(getattr(batch, name), content.get(name, ()), strict=True)
        with_ids = {derive(one): {**row, "id": derive(one)} for one, row in reversed(list(rows))}
        derived[name] = list(with_ids.values())
    return {**content, **derived}


@st.composite
def edits(draw: st.DrawFn, content: Any, donors: Any) -> tuple[str, int, str, Any]:
    """Choose a row of a record, a field, and a row of another record that may have a value for it."""
    name = draw(st.sampled_from([name for name in LISTS if content.get(name) and getattr(donors, name)]))
    at = draw(st.integers(0, len(content[name]) - 1))
    donor = draw(st.sampled_from(getattr(donors, name)))
    fields = [field for field in donor._fields if field not in {"id", "origin"}]
    return name, at, draw(st.sampled_from(fields)), donor


class Record:
    """A record in a database, and the content of the file that it would have been loaded from directly."""

    def __init__(self, folder: Path, content: Any) -> None:
        self.db, self._direct = folder / "record.db", folder / "direct.db"
        self.content = content
        assert self.load_directly(content, self.db).code == 0
        self.old = [json.dumps(drop_ids(content)).encode(), export(self.db)]
        self.changes = self.count_changes()

    def count_changes(self) -> int:
        """Count the changes in the journal."""
        [[number]] = query(self.db, "SELECT count(*) FROM changes")
        return int(number)

    def load_directly(self, content: Any, db: Path | None = None) -> Any:
        """Load a file into a database with nothing else in it."""
        db = db or self._direct
        db.write_bytes(make_empty())
        return call(db, "load", "-", stdin=json.dumps(drop_ids(content)).encode())

    def edit(self, name: str, at: int, field: str, donor: Any) -> None:
        """Give a field of a row the value that another row has, if the file with it can be loaded."""
        row = self.content[name][at]
        given = [value for one, value in write_fields(name, donor) if one == field]
        done = call(self.db, "edit", f"{name}/{row['id']}", *(f"{field}={value}" for value in given or [""]))
        edited = {one: value for one, value in row.items() if one != field}
        if given:
            edited[field] = json.loads(write_content(donor))[field]
        rows = self.content[name]
        content = fill_in({**self.content, name: [*rows[:at], edited, *rows[at + 1 :]]})
        direct = self.load_directly(content)
        assert (done.code, direct.code) in {(0, 0), (2, 2)}, (done, direct)
        if not done.code:
            self.content = content

    def rename(self, name: str, old: str, new: str) -> None:
        """Rename a row."""
        done = call(self.db, "edit", f"{name}/{old}", f"id={new}")
        assert done.code == 0, done
        self.content = rename(self.content, name, old, new)

    def take_back(self) -> None:
        """Undo every edit and redo them all: each step gives the bytes of the export at that time."""
        number = self.count_changes() - self.changes
        exports = [one for at, one in enumerate(self.old[1:]) if not at or one != self.old[at]]
        assert len(exports) == number + 1
        for command, expected in (("undo", exports[-2::-1]), ("redo", exports[1:])):
            for one in expected:
                done = call(self.db, command)
                assert (done.code, export(self.db)) == (0, one), done

    def check(self) -> None:
        """Compare the record with the one that the edited file makes; no older file adds anything to it."""
        checked = call(self.db, *CHECK_DERIVED)
        assert (checked.code, checked.out.splitlines()[1:]) == (0, []), checked
        assert query(self.db, "PRAGMA foreign_key_check") == []
        exported = export(self.db)
        assert self.load_directly(self.content).code == 0
        assert compare(exported) == compare(export(self._direct))
        for file in (*self.old, exported):
            loaded = call(self.db, "load", "-", stdin=file)
            assert (loaded.code, "nothing new" in loaded.out + loaded.err) == (0, True), loaded
            assert export(self.db) == exported


@settings(
    max_examples=example_count(2, 3),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@given(data=st.data())
def test_an_edited_record_is_the_one_made_directly_and_knows_the_old_file(
    tmp_path: Path, data: st.DataObject
) -> None:
    content = fill_in(give_ids(data.draw(random_records.records())))
    record = Record(tmp_path, content)
    donors = read_file(json.dumps(data.draw(random_records.records())).encode(), TODAY)
    for number in range(data.draw(st.integers(1, 5))):
        if data.draw(st.booleans()):
            name = data.draw(st.sampled_from([name for name in NAMING if record.content.get(name)]))
            row = data.draw(st.sampled_from(record.content[name]))
            record.rename(name, row if isinstance(row, str) else row["id"], f"renamed-{number}")
        else:
            record.edit(*data.draw(edits(record.content, donors)))
        record.old.append(export(record.db))
    record.take_back()
    record.check()
