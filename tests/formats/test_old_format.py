"""A file in the format nkplan/1 and the same file in nkplan/2 make the same record."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, TODAY
from examples import example_count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program import Done, run
from records import make_empty
from tables import query

from nkplan.formats import jsonl
from nkplan.formats.json import read_file
from nkplan.identity import derive_old_update_id
from nkplan.model.batch import Batch, Update
from nkplan.model.vocabulary import Confidence, Status
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder

RECORDER = Recorder("kim", datetime(2026, 11, 24, 10, 0, 0, tzinfo=UTC))
OLD_FILE: dict[str, Any] = json.loads((ROOT / "tests" / "data" / "nkplan_1.json").read_text("utf-8"))
OLD_EVIDENCE = {
    "state-media": "promiser", "satellite-imagery": "imagery", "ground-source": "on-site",
    "government": "authority", "foreign-media": "press", "expert": "expert",
}  # fmt: skip
OLD_STATUSES = "announced preparing groundbroken building completed operating idle paused cancelled".split()


def translate(file: dict[str, Any]) -> dict[str, Any]:
    """Return an nkplan/1 file as it is written in nkplan/2."""
    new: dict[str, Any] = json.loads(json.dumps(file)) | {"format": "nkplan/2"}
    for row in (*new.get("sources", ()), *new.get("updates", ())):
        if "evidence" in row:
            row["evidence"] = OLD_EVIDENCE[row["evidence"]]
    for quota in new.get("quotas", ()):
        if "unit" in quota:
            quota["label"] = quota.pop("unit")
    for update in new.get("updates", ()):
        # In nkplan/1 the note was not in the id of a note.
        update.setdefault("id", derive_old_update_id(Update(**update)))
    return new


def read(file: dict[str, Any]) -> Batch:
    batch = read_file(json.dumps(file).encode(), TODAY)
    assert batch.faults == ()
    return batch


def make(path: Path, file: dict[str, Any]) -> Path:
    path.write_bytes(make_empty())
    record_batch(path, read(file), "load", RECORDER, summary="a file")
    return path


def dump(path: Path) -> dict[str, list[Any]]:
    """Return every row of every table but the journal."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict"
        ).fetchall()
        return {
            table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr)
            for (table,) in tables
            if table not in {"changes", "_sqlite_migrations"}
        }


def test_the_hand_made_file_is_the_same_record_in_both_formats(tmp_path: Path) -> None:
    old, new = make(tmp_path / "old.db", OLD_FILE), make(tmp_path / "new.db", translate(OLD_FILE))
    assert dump(old) == dump(new)
    for path, file in ((old, translate(OLD_FILE)), (new, OLD_FILE)):
        assert record_batch(path, read(file), "load", RECORDER, summary="x").is_empty


def test_each_word_of_nkplan_1_is_stored_in_the_new_words(tmp_path: Path) -> None:
    path = make(tmp_path / "old.db", OLD_FILE)
    assert query(path, "SELECT id, evidence FROM sources ORDER BY id") == [
        ("agency", "press"), ("court", "authority"), ("paper", "promiser"), ("picture", "imagery"),
        ("study", "expert"), ("visit", "on-site"),
    ]  # fmt: skip
    assert query(path, "SELECT label, unit FROM quotas ORDER BY quantity") == [
        ("counties", None),
        ("homes", None),
    ]
    assert query(path, "SELECT evidence FROM updates WHERE event_date = '2024-08'") == [("authority",)]


def test_the_derived_id_of_a_claim_in_nkplan_1_is_that_of_an_older_nkplan(tmp_path: Path) -> None:
    """A database that an older nkplan filled recognises the file after its upgrade."""
    path = make(tmp_path / "old.db", OLD_FILE)
    # Computed by nkplan 0.2.0.
    assert query(
        path, "SELECT id FROM updates WHERE event_date IN ('2024-05', '2024-06') ORDER BY event_date"
    ) == [(id_,) for id_ in OLD_IDS]


OLD_IDS = ("f6a2992f-6136-5910-a9c9-c438a71625f2", "79be66a0-b073-540f-8ca7-f1ed108f6937")


@pytest.mark.parametrize(
    ("list_", "field", "value"),
    [
        ("sources", "retrieved", "2024"),
        ("projects", "tags", ["t"]),
        ("quotas", "label", "counties"),
        ("quotas", "id", "0195e7a1-7000-7000-8000-000000000001"),
        ("updates", "count", 1),
        ("updates", "speaker", "S"),
        ("updates", "withdrawn", "2024"),
    ],
)
def test_a_field_of_nkplan_2_is_a_fault_in_an_nkplan_1_file(list_: str, field: str, value: object) -> None:
    row = OLD_FILE[list_][0] | {field: value}
    for content in (
        json.dumps({"format": "nkplan/1", list_: [row]}),
        f'{{"format": "nkplan/1"}}\n{json.dumps({"list": list_, **row})}',
    ):
        if "\n" in content:
            batch = jsonl.read_file(BytesIO(content.encode()), TODAY)
            faults = [*batch.faults, *batch.stream]
        else:
            faults = [*read_file(content.encode(), TODAY).faults]
        (told,) = map(str, faults)
        assert f"there is no field '{field}'" in told


def test_an_nkplan_1_file_has_no_publishers() -> None:
    rows = [{"domain": "e.org", "name": "E"}]
    batch = read_file(json.dumps({"format": "nkplan/1", "publishers": rows}).encode(), TODAY)
    (fault,) = batch.faults
    assert "there is no field 'publishers'" in str(fault)


TEXTS = st.sampled_from(["a", "성천", "e\u0301", "x y"])
DATES = st.sampled_from(["2024", "2024-Q3", "2024-03", "2024-03-15", "1999-12-31", "2026"])
EVIDENCE = st.sampled_from(list(OLD_EVIDENCE))
ROWS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "quotas": st.fixed_dictionaries(
        {
            "project": st.sampled_from(["mills", "mills-2024", "homes"]),
            "kind": st.sampled_from(["mill", "housing"]),
            "quantity": st.integers(1, 2**63 - 1),
            "per": st.sampled_from(["year", "total"]),
        },
        optional={
            "unit": TEXTS,
            "first_year": st.integers(1000, 2000),
            "last_year": st.integers(2000, 2999),
            "announcement": st.just("speech"),
            "note": TEXTS,
        },
    ),
    "updates": st.fixed_dictionaries(
        {"project": st.sampled_from(["mills", "town-mill", "homes"]), "event_date": DATES, "note": TEXTS},
        optional={
            "status": st.sampled_from(OLD_STATUSES),
            "percent": st.floats(0, 100) | st.integers(0, 100),
            "promised": DATES,
            "evidence": EVIDENCE,
            "confidence": st.sampled_from([str(one) for one in Confidence]),
            "source": st.sampled_from([row["id"] for row in OLD_FILE["sources"]]),
            "announcement": st.just("speech"),
            "id": st.uuids().map(str),
        },
    ),
}


def identify(row: dict[str, Any]) -> str:
    return str(row.get("id") or derive_old_update_id(Update(**row)))


QUOTA_KEY = ("project", "kind", "per", "first_year", "last_year", "announcement")


@settings(max_examples=example_count(6, 10), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    quotas=st.lists(
        ROWS["quotas"], max_size=5, unique_by=lambda row: tuple(row.get(name) for name in QUOTA_KEY)
    ),
    updates=st.lists(
        ROWS["updates"],
        max_size=8,
        unique_by=identify,
    ),
    classes=st.lists(
        st.none() | EVIDENCE, min_size=len(OLD_FILE["sources"]), max_size=len(OLD_FILE["sources"])
    ),
)
def test_any_nkplan_1_content_is_the_same_record_in_both_formats(
    tmp_path: Path, quotas: list[Any], updates: list[Any], classes: list[str | None]
) -> None:
    sources = [
        {name: value for name, value in (row | {"evidence": class_}).items() if value is not None}
        for row, class_ in zip(OLD_FILE["sources"], classes, strict=True)
    ]
    file = OLD_FILE | {"quotas": quotas, "updates": updates, "sources": sources}
    assert dump(make(tmp_path / "old.db", file)) == dump(make(tmp_path / "new.db", translate(file)))


def test_a_claim_in_nkplan_1_is_one_in_whatever_case_it_names_rows(tmp_path: Path) -> None:
    """The derived id follows from the names as they are on record."""
    db = tmp_path / "record.db"
    rows: dict[str, Any] = {
        "kinds": ["other"],
        "sources": [{"id": "paper"}],
        "projects": [{"id": "dam", "name": "Dam", "type": "site", "kind": "other"}],
    }

    def load(project: str, source: str) -> Done:
        update = {"project": project, "event_date": "2024", "status": "building", "source": source}
        file = json.dumps({"format": "nkplan/1", **rows, "updates": [update]})
        return run(db, "load", *([] if db.exists() else ["--bare"]), "-", stdin=file.encode())

    assert load("DAM", "Paper").code == 0
    ((id_, project, source),) = query(db, "SELECT id, project, source FROM updates")
    assert (project, source) == ("dam", "paper")
    claim = Update(project="dam", event_date="2024", status=Status.BUILDING, source="paper")
    assert id_ == derive_old_update_id(claim)
    for project, source in (("dam", "paper"), ("Dam", "PAPER")):
        assert "nothing new" in load(project, source).out
    assert query(db, "SELECT count(*) FROM updates") == [(1,)]
