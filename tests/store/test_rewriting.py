"""A stored row can get other content or another id; what it said is kept, and can be given back."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest
from derived import CHECK_DERIVED
from program import run
from tables import query

from nkplan.errors import BadFile, BadInput
from nkplan.model.batch import Announcement as Speech
from nkplan.model.batch import Batch, Figure, Place, Project, Publisher, SettingRow, Source, Update
from nkplan.model.outline import Outline
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Bound, Confidence, Evidence, ProjectType, QuotaPeriod, Status
from nkplan.store.record import record as record_batch
from nkplan.store.rewriting import fetch_stored, find_taken, list_replaced, rename, rewrite
from nkplan.store.states import judge_touched
from nkplan.store.transaction import Recorder, add_change, writing
from nkplan.validation import LISTS, key_of

UPDATE = "5a3b1f0e-6d0b-4c77-9a51-0d4f6e2b8c13"
TRIANGLE = '{"type":"Polygon","coordinates":[[[1,2],[3,2.5],[1,3],[1,2]]]}'
QUOTA = "0f6c2f57-3f0c-4d5e-8a53-6b1d0a2c9e41"

BEFORE = Batch(
    settings=(SettingRow("title", "Before"),),
    kinds=("dam", "mine"),
    publishers=(Publisher("e.org", "E"),),
    places=(Place("north", "North"), Place("town", "Town", parent="north"), Place("south", "South")),
    outlines=(Outline("town", TRIANGLE, "A map"), Outline("north", TRIANGLE)),
    sources=(Source("paper", "A paper", published="2024-01"), Source("letter", retrieved="2025")),
    announcements=(Speech("speech", "A speech", "2023", "Ten dams."),),
    projects=(
        Project("dams", "Dams", ProjectType.PROGRAMME, "dam"),
        Project("dam-1", "Dam 1", ProjectType.SITE, "dam", parent="dams", place="town"),
        Project("dam-2", "Dam 2", ProjectType.SITE, "dam", place="south"),
    ),
    quotas=(Quota("dams", "dam", 10, QuotaPeriod.TOTAL, id=QUOTA, announcement="speech"),),
    updates=(
        Update("dam-1", "2024", id=UPDATE, status=Status.BUILDING, source="paper", note="Concrete."),
        Update("dam-1", "2023", status=Status.GROUNDBROKEN, source="paper", announcement="speech"),
        Update("dam-2", "2022", percent=20.0, figures=(Figure("cost", 3.5, "USD", source="letter"),)),
    ),
)
AFTER = Batch(
    settings=(SettingRow("title", "After"),),
    publishers=(Publisher("e.org", "The E", Evidence.PRESS),),
    places=(
        Place("town", "Townsville", "Townsville City", "읍", "city", "south", 40.0, 127.0, 5, 2008,
              ("Tawn",), "x"),
    ),
    outlines=(Outline("town", TRIANGLE.replace("2.5", "2.75")),),
    sources=(
        Source("paper", "The paper", "E", "2026-02", "2026-03", "https://e.org/p", Evidence.PRESS,
               note="Late."),
    ),
    announcements=(
        Speech("speech", "The speech", "2022-05", "Eleven.", "She", "A day", "paper", ("t",), ("c", "d"),
               (Figure("cost", 0.1, "USD", 2022, "letter", "n"),)),
    ),
    projects=(
        Project("dam-1", "The dam", ProjectType.SITE, "mine", None, "dam-2", "south", 2021, ("big",),
                (("gem", "1"),), (("owner", "She"),), "Moved."),
    ),
    quotas=(
        Quota("dams", "mine", 11, QuotaPeriod.YEAR, QUOTA, "beds", "beds", Status.OPERATING, None, None, 2021,
              2022, None, "n"),
    ),
    updates=(
        Update("dam-2", "2025", UPDATE, Status.COMPLETED, 90.0, "2027", Status.OPERATING, 3.0, 4.0, "MW",
               Bound.ABOUT, (Figure("jobs", 7.0, "people"),), "She", "2026", "letter", Evidence.PROMISER,
               Confidence.LOW, "letter", "speech", "Water."),
    ),
)  # fmt: skip
"""Every row with other content in every field that can have it, but for those that exclude others."""

RENAMED = {
    "kinds": ("dam", "barrage"),
    "publishers": ("e.org", "e.net"),
    "places": ("town", "city"),
    "sources": ("paper", "newspaper"),
    "announcements": ("speech", "address"),
    "projects": ("dam-1", "dam-one"),
    "quotas": (QUOTA, QUOTA.replace("0", "1")),
    "updates": (UPDATE, UPDATE.replace("5", "6")),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "dams.db"
    run(path, "init", "--empty")
    recorder = Recorder("kim", datetime(2026, 11, 24, 10, 0, 0, tzinfo=UTC))
    record_batch(path, BEFORE, "load", recorder, summary="dams")
    return path


@pytest.fixture
def dams(made: Path, tmp_path: Path) -> Path:
    """Return a database with a row of each list, and with rows that name these."""
    return Path(shutil.copy(made, tmp_path))


@contextmanager
def changing(path: Path, recorder: Recorder) -> Iterator[tuple[Connection, int]]:
    """Begin a change, and judge again what it touched."""
    with writing(path) as connection:
        yield connection, add_change(connection, "edit", recorder, "a test")
        judge_touched(connection)


def by_key(batch: Batch) -> Mapping[str, Mapping[str, Any]]:
    return {name: {key_of(row): row for row in getattr(batch, name)} for name in LISTS}


def give_back(path: Path, recorder: Recorder) -> None:
    """Give every row what the last change replaced."""
    with changing(path, recorder) as (connection, change):
        rewrite(connection, change, list_replaced(connection, change - 1))


def fetch(path: Path, name: str, key: str) -> Any:
    with writing(path, dry_run=True) as connection:
        return fetch_stored(connection, name, [key]).get(key)


def export(path: Path) -> str:
    return run(path, "export").out


def check_derived(path: Path) -> None:
    """Nothing that is derived from the rows is out of date."""
    checked = run(path, *CHECK_DERIVED)
    assert (checked.code, checked.out.splitlines()[1:]) == (0, []), checked.out
    assert query(path, "PRAGMA foreign_key_check") == []


@pytest.mark.parametrize("name", [name for name in LISTS if getattr(AFTER, name)])
def test_a_row_gets_other_content_and_can_get_back_what_it_said(
    dams: Path, recorder: Recorder, name: str
) -> None:
    first = export(dams)
    [(key, row)] = by_key(AFTER)[name].items()
    said = fetch(dams, name, key)
    with changing(dams, recorder) as (connection, change):
        rewrite(connection, change, {name: {key: row}})
    assert fetch(dams, name, key) == row != said
    check_derived(dams)
    with writing(dams, dry_run=True) as connection:
        assert list_replaced(connection, change) == {name: {key: said}}
    second = export(dams)
    assert second != first
    give_back(dams, recorder)
    assert (export(dams), fetch(dams, name, key)) == (first, said)
    check_derived(dams)
    give_back(dams, recorder)
    assert export(dams) == second
    check_derived(dams)


def test_all_rows_can_change_at_once(dams: Path, recorder: Recorder) -> None:
    first = export(dams)
    with changing(dams, recorder) as (connection, change):
        rewrite(connection, change, by_key(AFTER))
    check_derived(dams)
    second = export(dams)
    for expected in (first, second, first):
        give_back(dams, recorder)
        assert export(dams) == expected
        check_derived(dams)


def test_an_outline_keeps_its_history_when_its_place_is_renamed(dams: Path, recorder: Recorder) -> None:
    [outline] = AFTER.outlines
    with changing(dams, recorder) as (connection, edit):
        rewrite(connection, edit, {"outlines": {"town": outline}})
    edited = export(dams)
    with changing(dams, recorder) as (connection, change):
        rename(connection, change, "places", "town", "city")
    [before] = [one for one in BEFORE.outlines if one.place == "town"]
    with writing(dams, dry_run=True) as connection:
        assert list_replaced(connection, edit) == {"outlines": {"city": before._replace(place="city")}}
    again = Batch(outlines=(before._replace(place="town"),))
    assert record_batch(dams, again, "load", recorder, summary="the old file").is_empty
    reverse(dams, recorder, change)
    assert export(dams) == edited


def test_the_same_content_is_no_change(dams: Path, recorder: Recorder) -> None:
    rows = {"places": {"town": fetch(dams, "places", "town")}}
    with changing(dams, recorder) as (connection, change):
        rewrite(connection, change, rows)
    assert query(dams, "SELECT * FROM former_rows") == []


def test_a_moved_update_moves_the_states_of_both_projects(dams: Path, recorder: Recorder) -> None:
    said = fetch(dams, "updates", UPDATE)
    with changing(dams, recorder) as (connection, change):
        rewrite(connection, change, {"updates": {UPDATE: said._replace(project="dam-2")}})
    assert query(dams, "SELECT project, status FROM states ORDER BY project") == [
        ("dam-1", "groundbroken"),
        ("dam-2", "building"),
    ]


@pytest.mark.parametrize("name", RENAMED)
def test_what_names_a_renamed_row_follows(dams: Path, recorder: Recorder, name: str) -> None:
    old, new = RENAMED[name]
    first = export(dams)
    said = fetch(dams, name, old)
    with changing(dams, recorder) as (connection, change):
        rename(connection, change, name, old, new)
    second = export(dams)
    assert read_content(second) == replace(read_content(first), old, new)
    assert fetch(dams, name, old) is None
    check_derived(dams)
    assert query(dams, "SELECT list, former, id FROM former_ids WHERE former = ?", [old]) == [
        (name, old, new)
    ]
    with writing(dams, dry_run=True) as connection:
        assert list_replaced(connection, change) == {name: {new: said}}
        assert find_taken(connection, name, old) == new
        assert find_taken(connection, name, old, new) is None
    for expected in (first, second, first):
        give_back(dams, recorder)
        assert export(dams) == expected
        check_derived(dams)


def reverse(path: Path, recorder: Recorder, change: int) -> int:
    """Undo an edit, or redo it by undoing its undo, as the journal has it."""
    with writing(path) as connection:
        number = add_change(connection, "undo", recorder, "a test", undoes=change)
        [before] = connection.execute("SELECT undoes FROM changes WHERE id = ?", (change,)).fetchone()
        connection.execute("UPDATE changes SET undone_in = ? WHERE id = ?", (number, change))
        connection.execute("UPDATE changes SET undone_in = NULL WHERE id = ?", (before,))
        rewrite(connection, number, list_replaced(connection, change))
        judge_touched(connection)
    return number


def test_what_an_undone_edit_made_of_a_row_is_not_what_it_is_known_by(dams: Path, recorder: Recorder) -> None:
    said = fetch(dams, "updates", UPDATE)
    batch = Batch(updates=(said._replace(note="Edited."),))
    with changing(dams, recorder) as (connection, edit):
        rewrite(connection, edit, {"updates": {UPDATE: batch.updates[0]}})
    undo = reverse(dams, recorder, edit)
    with pytest.raises(BadFile):
        record_batch(dams, batch, "load", recorder, summary="the edited claim")
    assert record_batch(dams, Batch(updates=(said,)), "load", recorder, summary="as it is").is_empty
    reverse(dams, recorder, undo)
    for row in (said, batch.updates[0]):
        assert record_batch(dams, Batch(updates=(row,)), "load", recorder, summary="known").is_empty


def test_a_claim_that_an_undone_edit_had_made_of_another_can_be_recorded(
    dams: Path, recorder: Recorder
) -> None:
    [[id_]] = query(dams, "SELECT id FROM updates WHERE event_date = '2023'")
    said = fetch(dams, "updates", id_)
    claim = Batch(updates=(said._replace(id="", event_date="2023-06"),))
    with changing(dams, recorder) as (connection, edit):
        rewrite(connection, edit, {"updates": {id_: said._replace(event_date="2023-06")}})
    assert record_batch(dams, claim, "load", recorder, summary="the same").is_empty
    undo = reverse(dams, recorder, edit)
    reverse(dams, recorder, undo)
    assert record_batch(dams, claim, "load", recorder, summary="the same").is_empty
    reverse(dams, recorder, edit)
    assert record_batch(dams, claim, "load", recorder, summary="another").numbers == {"updates": 1}


def test_the_id_that_an_undone_renaming_gave_is_free(dams: Path, recorder: Recorder) -> None:
    with changing(dams, recorder) as (connection, edit):
        rename(connection, edit, "projects", "dam-1", "dam-one")
    undo = reverse(dams, recorder, edit)
    with writing(dams, dry_run=True) as connection:
        assert find_taken(connection, "projects", "dam-one") is None
        assert find_taken(connection, "projects", "dam-1") == "dam-1"
        rename(connection, undo, "projects", "dam-2", "dam-one")
        with pytest.raises(BadInput, match="the project dam-1 cannot be called dam-one, which means"):
            rename(connection, undo, "projects", "dam-1", "dam-one")
    reverse(dams, recorder, undo)
    with writing(dams, dry_run=True) as connection:
        assert find_taken(connection, "projects", "dam-1") == "dam-one"


def test_a_row_that_gets_its_former_id_back_is_known_by_all_it_had(dams: Path, recorder: Recorder) -> None:
    for old, new in (("dam-1", "dam-one"), ("dam-one", "dam-1")):
        with changing(dams, recorder) as (connection, edit):
            rename(connection, edit, "projects", old, new)
    with writing(dams, dry_run=True) as connection:
        assert find_taken(connection, "projects", "dam-one") == "dam-1"
    reverse(dams, recorder, edit)
    with writing(dams, dry_run=True) as connection:
        assert find_taken(connection, "projects", "dam-1") == "dam-one"


def test_rows_are_renamed_and_edited_at_once(dams: Path, recorder: Recorder) -> None:
    first = export(dams)
    rows = {old: fetch(dams, "projects", old) for old in ("dam-1", "dam-2")}
    with changing(dams, recorder) as (connection, change):
        rewrite(connection, change, {"projects": {"dam-2": rows["dam-2"]._replace(id="dam-3")}})
    with changing(dams, recorder) as (connection, change):
        rewrite(
            connection,
            change,
            {
                "projects": {
                    "dam-3": rows["dam-2"]._replace(id="dam-4", model="dam-1"),
                    "dam-1": rows["dam-1"],
                }
            },
        )
    assert fetch(dams, "projects", "dam-4").model == "dam-1"
    for number in (change, change - 1):
        reverse(dams, recorder, number)
    assert export(dams) == first
    check_derived(dams)


def read_content(exported: str) -> Any:
    """Return an export without derived ids: they are left out while they follow from what a row says."""
    content = json.loads(exported)
    chosen = {id_ for ids in RENAMED.values() for id_ in ids}
    for row in (*content["quotas"], *content["updates"]):
        if row.get("id") not in chosen:
            row.pop("id", None)
    return replace(content, "", "")


def replace(value: Any, old: str, new: str) -> Any:
    """Replace an id in every value that it is, and sort every list."""
    match value:
        case dict():
            return {name: replace(part, old, new) for name, part in value.items()}
        case list():
            return sorted((replace(part, old, new) for part in value), key=repr)
    return new if value == old else value
