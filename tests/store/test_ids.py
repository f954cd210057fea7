"""Ids that differ in case alone are one, and the same claim always has the same id, typed or loaded."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY
from program import Done, run
from tables import query

from nkplan.errors import BadFile
from nkplan.formats.json import read_file
from nkplan.identity import derive_update_id
from nkplan.model.batch import Update
from nkplan.model.vocabulary import Status
from nkplan.store.record import Recorded
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder

CLAIM = ("--on", "2026-10", "--evidence", "imagery")


def load(path: Path, recorder: Recorder, **lists: Any) -> Recorded:
    batch = read_file(json.dumps({"format": "nkplan/2", **lists}).encode(), TODAY)
    assert batch.faults == ()
    return record_batch(path, batch, "load", recorder, summary="x")


def load_faulty(path: Path, recorder: Recorder, **lists: Any) -> list[str]:
    with pytest.raises(BadFile) as refusal:
        load(path, recorder, **lists)
    return [str(fault) for fault in refusal.value.faults]


def count_changes(path: Path) -> int:
    ((number,),) = query(path, "SELECT count(*) FROM changes")
    return int(number)


def test_a_file_that_spells_ids_otherwise_means_the_rows_on_record(record: Path, recorder: Recorder) -> None:
    figure = {"item": "cost", "value": 1, "unit": "won", "source": "KCNAW-Ownproducts"}
    load(
        record,
        recorder,
        places=[{"id": "inner", "name": "Inner", "parent": "kp-02"}],
        announcements=[
            {"id": "an", "title": "T", "announced": "2026", "said": "S", "source": "KCNAW-OWNPRODUCTS",
             "figures": [figure]}
        ],
        projects=[
            {"id": "new", "name": "New", "type": "site", "kind": "Factory", "parent": "20X10-2026",
             "model": "Songchon-Factories", "place": "KP-02-Songchon"}
        ],
        quotas=[
            {"project": "20X10", "kind": "FACTORY", "quantity": 1, "per": "total", "announcement": "An",
             "within": "County-Hospitals"}
        ],
        updates=[
            {"project": "Songchon-Factories", "event_date": "2026-10", "status": "idle", "announcement": "AN",
             "source": "Kcnaw-Ownproducts", "withdrawn": "2026-11", "withdrawn_source": "KCNAW-ownproducts",
             "figures": [figure]}
        ],
    )  # fmt: skip
    assert query(record, "PRAGMA foreign_key_check") == []
    assert query(record, "SELECT parent, region FROM places WHERE id = 'inner'") == [("KP-02", "KP-02")]
    sources = (
        "SELECT source FROM announcements WHERE id = 'an' UNION ALL"
        " SELECT source FROM announcement_figures WHERE announcement = 'an' UNION ALL"
        " SELECT source FROM updates WHERE announcement = 'an' UNION ALL"
        " SELECT withdrawn_source FROM updates WHERE announcement = 'an' UNION ALL"
        ' SELECT one.source FROM update_figures AS one JOIN updates ON updates.id = one."update"'
        " WHERE announcement = 'an'"
    )
    assert query(record, sources) == [("kcnaw-ownproducts",)] * 5
    assert query(record, "SELECT kind, parent, model, place FROM projects WHERE id = 'new'") == [
        ("factory", "20x10-2026", "songchon-factories", "kp-02-songchon")
    ]
    assert query(record, "SELECT project, kind, within FROM quotas WHERE announcement = 'an'") == [
        ("20x10", "factory", "county-hospitals")
    ]
    said = Update(
        "songchon-factories", "2026-10", status=Status.IDLE, source="kcnaw-ownproducts", withdrawn="2026-11"
    )
    assert query(record, "SELECT id, project FROM updates WHERE announcement = 'an'") == [
        (derive_update_id(said), "songchon-factories")
    ]


def test_a_row_whose_id_is_spelled_otherwise_is_the_row_on_record(record: Path, recorder: Recorder) -> None:
    rows = {
        "kinds": ["FACTORY"],
        "projects": [{"id": "New", "name": "N", "type": "site", "kind": "factory"}],
    }
    assert load(record, recorder, **rows).numbers == {"projects": 1}
    again = rows | {"projects": [{"id": "nEW", "name": "N", "type": "site", "kind": "factory"}]}
    assert load(record, recorder, **again).is_empty
    other = [{"id": "nEW", "name": "Other", "type": "site", "kind": "factory"}]
    assert load_faulty(record, recorder, projects=other) == [
        "projects[0], line 1: it conflicts with New as stored: name is 'Other' here and 'N' in the database"
    ]


@pytest.mark.parametrize(
    ("list_", "row"),
    [
        ("places", {"name": "N"}),
        ("sources", {"title": "T"}),
        ("announcements", {"title": "T", "announced": "2026", "said": "S"}),
        ("projects", {"name": "N", "type": "site", "kind": "factory"}),
    ],
)
def test_two_ids_in_a_file_that_differ_in_case_alone_are_one(
    record: Path, recorder: Recorder, list_: str, row: dict[str, Any]
) -> None:
    rows = [{"id": id_, **row} for id_ in ("Same", "same")]
    (told,) = load_faulty(record, recorder, **{list_: rows})
    assert told.startswith(f"{list_}[1], line 1: Same appears earlier ({list_}[0], line 1): keep one")


def test_a_kind_may_be_repeated_in_any_case(record: Path, recorder: Recorder) -> None:
    assert load(record, recorder, kinds=["Dam-wall", "dam-WALL"]).numbers == {"kinds": 1}
    assert query(record, "SELECT id, folded FROM kinds WHERE folded = 'dam-wall'") == [
        ("Dam-wall", "dam-wall")
    ]


# ---- typed claims


def type_claim(path: Path, *more: str, project: str = "grand-canal") -> Done:
    return run(path, "update", project, "building", *CLAIM, *more)


def derive(project: str = "grand-canal") -> str:
    return derive_update_id(Update(project, "2026-10", status=Status.BUILDING))


def test_a_claim_typed_twice_is_told_to_be_on_record_and_not_recorded_again(record: Path) -> None:
    assert type_claim(record).code == 0
    before = record.read_bytes()
    again = type_claim(record)
    assert (again.code, again.out) == (0, "")
    assert again.err == (
        f"nkplan: grand-canal has this update already, as {derive()}; it is not recorded again\n"
    )
    assert record.read_bytes() == before


def test_a_claim_that_an_older_nkplan_recorded_under_a_random_id_is_on_record_too(
    record: Path, recorder: Recorder
) -> None:
    id_ = "0195e7a1-7000-7000-8000-000000000001"
    row = {"project": "grand-canal", "event_date": "2026-10", "status": "building", "evidence": "imagery"}
    load(record, recorder, updates=[row | {"id": id_}])
    done = type_claim(record)
    assert done.err == f"nkplan: grand-canal has this update already, as {id_}; it is not recorded again\n"


def test_of_several_projects_only_those_without_the_claim_get_it(record: Path) -> None:
    assert type_claim(record).code == 0
    done = type_claim(record, "--also", "songchon-factories")
    assert done.code == 0
    assert f"grand-canal has this update already, as {derive()}; it is not recorded again" in done.err
    assert query(record, "SELECT summary FROM changes WHERE id = 3") == [
        ("songchon-factories: 2026-10, building, imagery, unsourced",)
    ]
    ids = query(record, "SELECT id FROM updates WHERE change_id = 3")
    assert ids == [(derive("songchon-factories"),)]


@pytest.mark.parametrize("by_name", [False, True])
def test_a_claim_that_was_undone_and_is_typed_again_comes_back_with_its_id(
    record: Path, by_name: bool
) -> None:
    assert type_claim(record).code == 0
    state = query(record, "SELECT * FROM states WHERE project = 'grand-canal'")
    assert run(record, "undo", *([derive()] if by_name else [])).code == 0
    assert query(record, "SELECT * FROM states WHERE project = 'grand-canal'") != state
    done = type_claim(record)
    assert done.code == 0
    assert "already" not in done.err
    assert query(record, f"SELECT undone_in FROM updates WHERE id = '{derive()}'") == [(None,)]
    assert query(record, "SELECT * FROM states WHERE project = 'grand-canal'") == state


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--note", "n"), "note is 'n' here and absent in the database"),
        (("--confidence", "low"), "confidence is 'low' here and absent in the database"),
        (("--evidence", "press"), "evidence is 'press' here and 'imagery' in the database"),
    ],
)
def test_the_same_claim_told_otherwise_is_refused_with_both_shown(
    record: Path, more: tuple[str, ...], told: str
) -> None:
    assert type_claim(record).code == 0
    before = count_changes(record)
    done = run(
        record,
        "update",
        "grand-canal",
        "building",
        "--on",
        "2026-10",
        *(CLAIM[2:] if "--evidence" not in more else ()),
        *more,
    )
    assert (done.code, done.out) == (2, "")
    assert f"it conflicts with update {derive()} of grand-canal as stored: {told}" in done.err
    assert count_changes(record) == before


def test_a_typed_claim_is_the_one_that_a_file_has(record: Path, recorder: Recorder) -> None:
    assert type_claim(record).code == 0
    row = {"project": "grand-canal", "event_date": "2026-10", "status": "building", "evidence": "imagery"}
    assert load(record, recorder, updates=[row]).is_empty


@pytest.mark.parametrize("word", ["all", "None", "last", "settings", "project", "Updates"])
def test_a_word_of_the_command_line_is_no_new_id(record: Path, word: str) -> None:
    done = run(record, "add", "Dam", "--kind", "canal", "--id", word, *CLAIM)
    assert (done.code, done.out) == (2, "")
    assert f"--id: {word} is a word of the command line and cannot be an id" in done.err


def test_no_number_is_part_of_itself(record: Path, recorder: Recorder) -> None:
    """Neither in one file, in any order, nor together with what is on record and not undone."""

    def make(project: str, within: str, kind: str = "other") -> dict[str, Any]:
        return {"project": project, "kind": kind, "quantity": 3, "per": "total", "within": within}

    projects = [{"id": id_, "name": id_, "type": "programme", "kind": "other"} for id_ in ("a", "b", "c")]
    circle = [make("a", "b"), make("b", "c"), make("c", "a")]
    for quotas in (circle, circle[::-1], [make("a", "B"), make("B", "a", "housing")]):
        faults = load_faulty(record, recorder, projects=projects, quotas=quotas)
        assert len(faults) == len(quotas)
        assert all("itself; leave one out" in one for one in faults)
    fine = [make("a", "b"), make("a", "c", "housing"), make("b", "c")]
    load(record, recorder, projects=projects, quotas=fine)
    (fault,) = load_faulty(record, recorder, quotas=[make("c", "a")])
    assert fault.endswith("within: the number of a is part of that of c itself; leave one out")
    assert run(record, "undo").code == 0
    load(record, recorder, projects=projects, quotas=[make("c", "a")])


@pytest.mark.parametrize("name", ["set.json", "set.jsonl"])
def test_the_data_set_of_a_file_is_that_of_the_change_of_each_row(record: Path, name: str) -> None:
    row = {"domain": "example.org", "name": "Example"}
    head = {"format": "nkplan/2", "data_set": "survey-2026"}
    lines = json.dumps(head) + "\n" + json.dumps({"list": "publishers", **row})
    content = lines if name.endswith("l") else json.dumps({**head, "publishers": [row]})
    record.with_name(name).write_text(content)
    assert run(record, "load", str(record.with_name(name))).code == 0
    assert query(
        record,
        "SELECT domain FROM publishers JOIN changes ON changes.id = change_id WHERE data_set = 'survey-2026'",
    ) == [("example.org",)]
