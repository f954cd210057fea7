"""`nkplan edit` corrects any row: checked as a load is, echoed, and kept in the history."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from processes import SOON, start
from program import run, run_json
from records import load, make_empty, make_site
from tables import query

from nkplan.validation import LISTS

UPDATE = "5a3b1f0e-6d0b-4c77-9a51-0d4f6e2b8c13"
CONTENT: dict[str, Any] = {
    "settings": {"title": "Dams", "silent_months": 12, "labels": {"region": "state"}},
    "kinds": ["dam", "mine"],
    "publishers": [{"domain": "e.org", "name": "E"}],
    "places": [
        {"id": "north", "name": "North"},
        {"id": "town", "name": "Town", "parent": "north"},
        {"id": "south", "name": "South"},
    ],
    "sources": [
        {"id": "paper", "title": "A paper", "published": "2024-02", "url": "https://e.org/paper"},
        {"id": "letter", "title": "A letter", "url": "https://e.org/letter"},
    ],
    "announcements": [{"id": "speech", "title": "A speech", "announced": "2023", "said": "Ten dams."}],
    "projects": [
        {"id": "dams", "name": "Dams", "type": "programme", "kind": "dam"},
        {"id": "dams-2024", "name": "Dams 2024", "type": "cohort", "kind": "dam", "parent": "dams",
         "year": 2024},
        {"id": "dams-2025", "name": "Dams 2025", "type": "cohort", "kind": "dam", "parent": "dams",
         "year": 2025},
        {"id": "high-dam", "name": "High dam", "type": "site", "kind": "dam", "parent": "dams-2024",
         "place": "town"},
        {"id": "low-dam", "name": "Low dam", "type": "site", "kind": "dam", "year": 2024, "note": "Small."},
    ],
    "quotas": [
        {"project": "dams", "kind": "dam", "quantity": 10, "per": "total", "announcement": "speech"},
        {"project": "dams-2024", "kind": "dam", "quantity": 2, "per": "total", "beside": True},
    ],
    "updates": [
        {"id": UPDATE, "project": "high-dam", "event_date": "2024-01", "status": "building",
         "source": "paper", "evidence": "press"},
        {"project": "high-dam", "event_date": "2023-06", "status": "groundbroken", "source": "paper"},
        {"project": "low-dam", "event_date": "2022", "status": "completed", "evidence": "promiser"},
    ],
}  # fmt: skip


@pytest.fixture
def dams(tmp_path: Path) -> Path:
    """Return a database with a row of each list."""
    path = tmp_path / "dams.db"
    load(path, **CONTENT)
    return path


def edit(db: Path, *arguments: str) -> Any:
    return run(db, "edit", *arguments)


def read_one(db: Path, list_: str, **known: Any) -> Any:
    """Return the one row of a list of an export with some values."""
    rows = json.loads(run(db, "export").out)[list_]
    [row] = [row for row in rows if known.items() <= row.items()]
    return row


def refuse(db: Path, *arguments: str) -> str:
    """Check that an edit is refused in one sentence and writes nothing, and return the sentence."""
    before = db.read_bytes()
    done = edit(db, *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done
    assert db.read_bytes() == before
    return str(done.err).removeprefix("nkplan: ").rstrip("\n")


# ---- what is printed and recorded


def test_old_and_new_values_are_printed_then_the_states_that_changed(dams: Path) -> None:
    done = edit(dams, UPDATE[:8], "status=completed", "event_date=2024-02-01", "percent=100%")
    assert done.code == 0, done.err
    assert done.out.splitlines() == [
        f"update high-dam: 2024-01, building, press, source paper  {UPDATE[-12:]}",
        "  event_date    2024-01 -> 2024-02-01",
        "  status        building -> completed",
        "  percent       none -> 100",
        "high-dam  High dam",
        "  status        building -> completed",
        "  verified      building -> completed",
        "  progress      none -> 100%",
        "  last evidence 2024-01 -> 2024-02-01",
    ]
    row = read_one(dams, "updates", id=UPDATE)
    assert (row["status"], row["event_date"], row["percent"]) == ("completed", "2024-02-01", 100)


def test_an_edit_is_one_change_and_its_summary_names_row_and_fields(dams: Path) -> None:
    edit(dams, "low-dam", "note=", "name=The low dam")
    edit(dams, UPDATE[:8], "note=Seen.")
    edit(dams, "low-dam", "id=lower-dam")
    edit(dams, "settings", "title=All dams", "label region=")
    found = query(dams, "SELECT command, summary FROM changes ORDER BY id DESC LIMIT 4")
    assert found[::-1] == [
        ("edit", "project low-dam: name, note"),
        ("edit", f"update {UPDATE[-12:]} of high-dam: note"),
        ("edit", "project low-dam: id low-dam -> lower-dam"),
        ("edit", "settings: title, label region"),
    ]


@pytest.mark.parametrize("arguments", [("low-dam", "note=Small."), ("settings", "title=Dams")])
def test_nothing_to_change_is_said_and_not_recorded(dams: Path, arguments: tuple[str, ...]) -> None:
    before = dams.read_bytes()
    done = edit(dams, *arguments)
    assert (done.code, done.out) == (0, "")
    assert "nothing to change" in done.err
    assert dams.read_bytes() == before


def test_a_dry_run_prints_the_same_and_changes_nothing(dams: Path) -> None:
    before = dams.read_bytes()
    words = (UPDATE[:8], "status=idle")
    dry = edit(dams, *words, "--dry-run")
    assert (dry.code, dry.err) == (0, "nkplan: dry run: nothing was recorded\n")
    assert dams.read_bytes() == before
    assert edit(dams, *words).out == dry.out


EDITS = [
    ("publishers", "publisher/e.org", ["name=The E", "evidence=press"],
     {"name": "The E", "evidence": "press"}),
    ("places", "town", ["parent=south", "latitude=39.5", "population=7", "names=Tawn"],
     {"parent": "south", "latitude": 39.5, "population": 7, "names": ["Tawn"]}),
    ("sources", "letter", ["retrieved=2025", "publisher=E", "archive=https://e.net/1"],
     {"retrieved": "2025", "publisher": "E", "archive": "https://e.net/1"}),
    ("announcements", "speech", ["terms=One.", "terms=Two.", "figures=cost: 12.5 million USD (2017)"],
     {"terms": ["One.", "Two."],
      "figures": [{"item": "cost", "value": 12.5, "unit": "million USD", "year": 2017}]}),
    ("projects", "low-dam", ["tags+=big", "identifiers+=gem: 7", "organisations=owner: A: B", "year="],
     {"tags": ["big"], "identifiers": [{"scheme": "gem", "id": "7"}],
      "organisations": [{"role": "owner", "name": "A: B"}]}),
    ("quotas", "quota/dams-2024", ["quantity=3", "beside=", "first_year=2024", "promised_status=operating"],
     {"quantity": 3, "first_year": 2024, "promised_status": "operating"}),
    ("updates", UPDATE, ["count=3", "of=4", "bound=about", "withdrawn=2025", "withdrawn_source=letter"],
     {"count": 3, "of": 4, "bound": "about", "withdrawn": "2025", "withdrawn_source": "letter"}),
]  # fmt: skip
"""For each list, a row, changes of fields of each kind, and what an export has then."""


@pytest.mark.parametrize(("name", "id_", "changes", "fields"), EDITS, ids=[one[0] for one in EDITS])
def test_every_list_can_be_edited(
    dams: Path, name: str, id_: str, changes: list[str], fields: dict[str, Any]
) -> None:
    done = edit(dams, id_, *changes)
    assert done.code == 0, done.err
    row = read_one(dams, name, **fields)
    emptied = {one.removesuffix("=") for one in changes if one.endswith("=")}
    assert not emptied & row.keys()
    assert {one[0] for one in EDITS} | {"kinds", "settings", "outlines"} == set(LISTS)


def test_the_settings_are_set_changed_and_emptied_at_once(dams: Path) -> None:
    done = edit(
        dams, "settings", "about=All of them.", "label", "promiser=state media", "silent_months=", "title=T"
    )
    assert done.out.splitlines() == [
        "settings",
        "  title          Dams -> T",
        "  silent_months  12 -> none",
        "  about          none -> All of them.",
        "  label promiser none -> state media",
    ]
    expected = {
        "title": "T",
        "about": "All of them.",
        "labels": {"promiser": "state media", "region": "state"},
    }
    assert json.loads(run(dams, "export").out)["settings"] == expected
    # What was taken away stays so when its file is loaded again; typed, it comes back.
    assert load(dams, **CONTENT).out.startswith("standard input: nothing new")
    assert json.loads(run(dams, "export").out)["settings"] == expected
    assert edit(dams, "settings", "silent_months=24", "licence=CC BY 4.0", "credit=Us").code == 0
    expected |= {"licence": "CC BY 4.0", "credit": "Us"}
    assert json.loads(run(dams, "export").out)["settings"] == {**expected, "silent_months": 24}


def test_a_claim_that_its_source_took_back_counts_until_that_day(dams: Path) -> None:
    assert edit(dams, UPDATE[-12:], "withdrawn=2025-01-03", "withdrawn_source=letter").code == 0
    assert run_json(dams, "show", "high-dam")["status"] == "groundbroken"
    assert run_json(dams, "show", "high-dam", "--known-on", "2025-01-02")["status"] == "building"


def test_edits_of_one_row_at_once_lose_nothing(dams: Path) -> None:
    """What each adds to is read and written with no other write between."""
    runs = [start(dams, "edit", "low-dam", f"tags+=t{number}") for number in range(4)]
    assert [process.wait(SOON) for process in runs] == [0] * 4
    assert read_one(dams, "projects", id="low-dam")["tags"] == ["t0", "t1", "t2", "t3"]


# ---- what is refused


def test_an_unknown_field_is_answered_with_the_nearest_and_all_of_that_row(dams: Path) -> None:
    assert refuse(dams, "high-dam", "yaer=2024") == (
        "there is no field 'yaer'; did you mean year? (choose from id, name, type, kind, parent, model,"
        " place, year, tags, identifiers, organisations and note)"
    )
    assert "label region" in refuse(dams, "settings", "label regoin=x")


OR_SHOW = " for the update recorded last, or in place of last one of the ids that `nkplan show {}` prints"
STRAY = [
    ("high-dam", "event_date", "updates, not of projects", f"last event_date=...{OR_SHOW}"),
    ("speech", "status", "updates, not of announcements", f"last status=...{OR_SHOW}"),
    ("town", "percent", "updates, not of places", f"last percent=...{OR_SHOW.format('ID')}"),
    ("dams-2024", "quantity", "quotas, not of projects", "quota/dams-2024 quantity=..."),
    ("high-dam", "published", "sources, not of projects", "source/ID published=..."),
    ("high-dam", "latitude", "places, not of projects", "place/town latitude=..."),
    (UPDATE[:8], "published", "sources, not of updates", "source/paper published=..."),
    (UPDATE[:8], "kind", "quotas and projects, not of updates", "project/high-dam kind=..."),
    ("kind/dam", "said", "announcements, not of kinds", "announcement/ID said=..."),
    ("high-dam", "silent_months", "the settings, not of projects", "settings silent_months=..."),
    ("high-dam", "credit", "the settings, not of projects", "settings credit=..."),
    ("settings", "domain", "publishers, not of the settings", "publisher/ID domain=..."),
]


@pytest.mark.parametrize(("id_", "field", "of", "typed"), STRAY)
def test_a_field_of_another_row_is_answered_with_what_to_type(
    dams: Path, id_: str, field: str, of: str, typed: str
) -> None:
    sentence = f"{field} is a field of {of}; write nkplan edit {typed.format(id_)}"
    assert refuse(dams, id_, f"{field}=1") == sentence


FAULTS: list[tuple[str, str, str, Any]] = [
    ("updates", UPDATE, "status", "buildin"),
    ("updates", UPDATE, "event_date", "2031"),
    ("updates", UPDATE, "evidence", "government"),
    ("updates", UPDATE, "note", "a\u202eb"),
    ("updates", UPDATE, "project", "no-dam"),
    ("updates", UPDATE, "promised_status", "operating"),
    ("updates", UPDATE, "percent", 101),
    ("projects", "low-dam", "year", 99999),
    ("projects", "low-dam", "type", "cohort"),
    ("projects", "dams-2025", "year", 2024),
    ("projects", "high-dam", "year", 2025),
    ("places", "north", "parent", "town"),
    ("places", "north", "latitude", 91),
    ("sources", "letter", "url", "https://e.org/paper"),
    ("sources", "letter", "url", "ftp://e.org"),
    ("announcements", "speech", "source", "no-source"),
]
"""For each kind of rule, a row, a field and a value that breaks it."""


@pytest.mark.parametrize(("name", "id_", "field", "value"), FAULTS)
def test_a_value_is_refused_in_the_sentence_of_a_load(
    dams: Path, *, name: str, id_: str, field: str, value: Any
) -> None:
    rows = [{**row, field: value} if row.get("id") == id_ else row for row in CONTENT[name]]
    file = json.dumps({"format": "nkplan/2", **CONTENT, name: rows}).encode()
    loaded = run(dams.with_name("direct.db"), "load", "-", "--bare", stdin=file)
    sentences = [line.partition(": ")[2] for line in loaded.err.splitlines()[1:]]
    assert loaded.code == 2
    assert refuse(dams, f"{name}/{id_}", f"{field}={value}") in sentences


def test_what_names_a_row_is_checked_with_it(dams: Path) -> None:
    sentence = refuse(dams, "dams-2024", "type=site")
    assert "high-dam: parent: dams-2024 is a site; a site belongs to a programme or a cohort" in sentence
    assert "only a cohort's quota can be beside its programme's" in sentence
    edit(dams, "high-dam", "year=2024")
    assert refuse(dams, "dams-2024", "year=2026") == (
        "high-dam: year: 2024 is not the year of its cohort dams-2024, 2026; leave it out"
    )


def test_a_required_field_cannot_be_emptied(dams: Path) -> None:
    assert refuse(dams, "high-dam", "name=") == "name is missing"
    assert refuse(dams, UPDATE[:8], "status=").startswith("it is empty; give it a status")


def test_a_second_claim_of_the_same_is_refused(dams: Path) -> None:
    sentence = refuse(dams, UPDATE[:8], "event_date=2023-06", "status=groundbroken")
    assert sentence.startswith("the same claim by the same source is on record already, as ")


def test_no_sequence_of_edits_makes_two_claims_or_promises_the_same(dams: Path) -> None:
    # What the first said before is free once it says something else, and the second takes it.
    run(dams, "update", "low-dam", "building", "2021", "--evidence", "promiser")
    first, second = (
        query(dams, f"SELECT id FROM updates WHERE project = 'low-dam' AND event_date = '{year}'")[0][0]
        for year in (2022, 2021)
    )
    edit(dams, first, "event_date=2020")
    edit(dams, second, "event_date=2022", "status=completed")
    assert refuse(dams, first, "event_date=2022") == (
        f"the same claim by the same source is on record already, as {second}; undo one of the two"
    )
    ten, two = (query(dams, f"SELECT id FROM quotas WHERE quantity = {number}")[0][0] for number in (10, 2))
    edit(dams, f"quota/{ten}", "announcement=", "unit=MW")
    edit(dams, f"quota/{two}", "project=dams", "beside=", "announcement=speech")
    assert refuse(dams, f"quota/{ten}", "announcement=speech", "unit=") == (
        f"the same promise is on record already, as {two}; undo one of the two"
    )


def test_numbers_lists_and_signs_are_explained(dams: Path) -> None:
    assert refuse(dams, "low-dam", "year=soon") == (
        "year: 'soon' is not a whole number; write one, as in 2024"
    )
    assert refuse(dams, "low-dam", "year+=2024") == "year: it holds no list; write year=VALUE"
    assert refuse(dams, "low-dam", "tags-=big") == "tags: it does not have 'big'; it is empty"
    assert refuse(dams, "low-dam", "name=A", "name=B") == "name: it appears twice; keep one"
    assert refuse(dams, "speech", "figures=12").startswith(
        "figures: '12' is not a figure; write item, number"
    )
    assert refuse(dams, "low-dam", "identifiers=gem").startswith("identifiers: 'gem' lacks a part")
    assert (
        refuse(dams, "low-dam", "note") == "'note' has no field and value; write FIELD=VALUE, as in year=2024"
    )
    assert refuse(dams, "quota/dams-2024", "beside=maybe") == (
        "beside: 'maybe' is not possible; write yes, or leave it empty"
    )


def test_without_a_change_the_form_and_the_fields_are_named(dams: Path) -> None:
    sentence = refuse(dams, "letter")
    assert sentence.startswith(
        "nothing is given to change; write FIELD=VALUE, as in note=... (its fields are id, "
    )


def test_a_row_that_is_not_on_record_is_not_edited(dams: Path) -> None:
    run(dams, "undo", UPDATE)
    for done in (edit(dams, UPDATE, "note=x"), run(dams, "show", UPDATE[:8])):
        assert done.code == 3
        assert done.err.endswith(
            f"; update {UPDATE} of high-dam was undone by change 3, and nkplan redo 3 puts it back\n"
        )


def test_a_few_digits_of_an_update_on_record_are_not_said_to_be_undone(dams: Path) -> None:
    done = edit(dams, "5a3", "note=x")
    assert (done.code, "undone" in done.err) == (3, False), done.err


# ---- which row


def test_a_text_that_means_rows_of_several_lists_is_not_guessed(dams: Path) -> None:
    load(dams, sources=[{"id": "dams", "title": "On dams"}], places=[{"id": "high", "name": "High"}])
    done = edit(dams, "dams", "note=x")
    assert done.code == 3
    assert done.err.splitlines() == [
        "nkplan: 'dams' can be any of 2 rows; write one of these",
        "  project/dams  Dams",
        "  source/dams  On dams",
    ]
    for id_ in ("source/dams", "sources/dams", "SOURCE/Dams"):
        assert edit(dams, id_, "note=x").out.startswith("source dams") or id_ != "source/dams"
    assert read_one(dams, "sources", id="dams")["note"] == "x"
    # A whole id comes before a part of another.
    assert edit(dams, "high", "note=x").out.startswith("place high")


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ("high", "project high-dam"),
        ("HIGH-DAM", "project high-dam"),
        ("speech", "announcement speech"),
        ("https://e.org/letter", "source letter"),
        ("e.org", "publisher e.org"),
        ("quota/dams-2024", "quota of 2"),
        (UPDATE[-6:], "update high-dam"),
        ("The north", ""),
    ],
)
def test_a_row_is_found_by_any_part_of_its_id(dams: Path, typed: str, row: str) -> None:
    field = {"e.org": "name", "speech": "said"}.get(typed, "note")
    done = edit(dams, typed, f"{field}=x")
    assert done.code == (0 if row else 3), done.err
    assert done.out.startswith(row)


def test_what_is_missing_gets_the_nearest(dams: Path) -> None:
    done = edit(dams, "hihg-dam", "note=x")
    assert (done.code, done.err) == (3, "nkplan: there is no row 'hihg-dam'; did you mean high-dam?\n")
    done = edit(dams, "kind/damm", "id=x")
    assert done.code == 3
    assert "there is no kind 'damm'" in done.err


# ---- renaming


RENAMED = [
    ("projects", "high-dam", ("show", "HIGH-dam")),
    ("projects", "dams", ("list", "--programme", "dams")),
    ("places", "town", ("list", "--place", "town-of-old")),
    ("places", "north", ("list", "--region", "north-of-old")),
    ("kinds", "dam", ("list", "--kind", "dam")),
    ("sources", "paper", ("show", "paper")),
    ("announcements", "speech", ("show", "speech")),
]


@pytest.mark.parametrize(("name", "old", "words"), RENAMED)
def test_the_old_id_finds_the_renamed_row_with_a_notice(
    dams: Path, name: str, old: str, words: tuple[str, ...]
) -> None:
    if name == "places":
        # What is typed is first looked for among the names.
        edit(dams, old, f"id={old}-of-old")
        old += "-of-old"
    answer = run(dams, *words)
    assert answer.code == 0
    done = edit(dams, f"{name}/{old}", "id=renamed")
    assert f"{old} -> renamed" in done.out
    found = run(dams, *words)
    assert (found.code, found.err) == (0, f"nkplan: {words[-1]} is called renamed now\n")
    assert found.out.replace("renamed", old) == answer.out


def test_a_file_and_a_command_that_name_the_old_id_mean_the_renamed_row(dams: Path) -> None:
    edit(dams, "high-dam", "id=upper-dam")
    edit(dams, "paper", "id=newspaper")
    new = {"project": "High-Dam", "event_date": "2025", "status": "completed", "source": "PAPER"}
    load(dams, updates=[new])
    row = read_one(dams, "updates", event_date="2025")
    assert (row["project"], row["source"]) == ("upper-dam", "newspaper")
    done = run(dams, "update", "high-dam", "idle", "--on", "2026", "--source", "paper", "--evidence", "press")
    assert done.code == 0
    assert "high-dam is called upper-dam now" in done.err
    row = read_one(dams, "updates", event_date="2026")
    assert (row["project"], row["source"]) == ("upper-dam", "newspaper")


def test_the_old_id_is_not_free_while_the_renamed_row_is_there(dams: Path) -> None:
    edit(dams, "high-dam", "id=upper-dam")
    file = {"format": "nkplan/2", "projects": [make_site("high-dam")], "kinds": ["other"]}
    done = run(dams, "load", "-", stdin=json.dumps(file).encode())
    assert done.code == 2
    assert "it conflicts with upper-dam as stored" in done.err
    added = run(dams, "add", "Another", "--id", "high-dam", "--kind", "dam", "--on", "2026")
    assert added.code == 2
    assert "high-dam is already taken" in added.err
    assert run(dams, "add", "High dam", "--kind", "dam", "--on", "2026").out.count("high-dam-2")
    assert refuse(dams, "low-dam", "id=High-Dam") == (
        "id: High-Dam means the project upper-dam, which was called so; choose another"
    )
    assert (
        refuse(dams, "low-dam", "id=UPPER-dam") == "id: there is a project upper-dam already; choose another"
    )
    # Its own old id is free for the row itself, and another case of its id is no other id.
    assert edit(dams, "upper-dam", "id=HIGH-dam").code == 0
    assert edit(dams, "high-dam", "id=high-dam").code == 0
    assert run_json(dams, "show", "upper-dam")["id"] == "high-dam"


def test_a_word_of_the_command_line_is_no_id(dams: Path) -> None:
    assert refuse(dams, "low-dam", "id=settings").startswith("id: settings is a word of the command line")


# ---- what an edited row is known by


def test_updates_without_a_class_get_the_class_that_their_source_is_given(dams: Path) -> None:
    done = edit(dams, "paper", "evidence=authority")
    assert "  1 update that cites it and had no class is authority now" in done.out.splitlines()
    assert read_one(dams, "updates", event_date="2023-06")["evidence"] == "authority"
    assert read_one(dams, "updates", id=UPDATE)["evidence"] == "press"
    before = run(dams, "export").out
    assert load(dams, **CONTENT).out.startswith("standard input: nothing new")
    assert run(dams, "export").out == before


def test_who_records_the_corrected_claim_means_the_edited_one(dams: Path) -> None:
    number = "SELECT count(*) FROM updates"
    before = query(dams, number)
    [(id_,)] = query(dams, "SELECT id FROM updates WHERE event_date = '2022'")
    edit(dams, id_, "event_date=2022-05", "percent=90")
    claim = {"project": "low-dam", "event_date": "2022-05", "status": "completed", "percent": 90}
    load(dams, updates=[{**claim, "evidence": "promiser"}])
    assert query(dams, number) == before
    other = {"format": "nkplan/2", "updates": [{**claim, "evidence": "press"}]}
    done = run(dams, "load", "-", stdin=json.dumps(other).encode())
    assert "evidence is 'press' here and 'promiser' in the database" in done.err


def test_who_types_what_a_row_said_is_told_of_the_edit(dams: Path) -> None:
    claim = ("update", "low-dam", "building", "--on", "2023", "--evidence", "press")
    assert run(dams, *claim).code == 0
    [(id_,)] = query(dams, "SELECT id FROM updates WHERE event_date = '2023'")
    edit(dams, id_, "status=preparing")
    before = dams.read_bytes()
    done = run(dams, *claim)
    assert done.code == 2
    assert (
        f"it conflicts with update {id_} of low-dam (it said so until it was edited) as stored:"
        " status is 'building' here and 'preparing' in the database"
    ) in done.err
    assert dams.read_bytes() == before


def test_a_file_of_nkplan_1_knows_its_rows_after_edits_and_renames(tmp_path: Path) -> None:
    """Its claims have no ids, and ids of another rule if they are notes."""
    file = {
        "format": "nkplan/1",
        "kinds": ["dam"],
        "sources": [{"id": "paper", "published": "2024"}],
        "projects": [{**make_site("dam"), "kind": "dam"}],
        "updates": [
            {"project": "dam", "event_date": "2024", "note": "Seen.", "source": "paper"},
            {"project": "dam", "event_date": "2023", "status": "building", "source": "paper"},
        ],
    }
    db = tmp_path / "dams.db"
    db.write_bytes(make_empty())
    assert run(db, "load", "-", stdin=json.dumps(file).encode()).code == 0
    [(note,)] = query(db, "SELECT id FROM updates WHERE note IS NOT NULL")
    for words in (["project/dam", "id=a-dam"], ["paper", "id=newspaper"], [note, "event_date=2022"],
                  ["newspaper", "id=letter"], ["kind/dam", "id=barrage"]):  # fmt: skip
        assert edit(db, *words).code == 0
        loaded = run(db, "load", "-", stdin=json.dumps(file).encode())
        assert (loaded.code, loaded.out[:28]) == (0, "standard input: nothing new;"), words


def test_a_file_can_have_what_a_row_said_and_what_it_says(dams: Path) -> None:
    [(id_,)] = query(dams, "SELECT id FROM updates WHERE event_date = '2022'")
    edit(dams, id_, "event_date=2022-05")
    old = next(row for row in CONTENT["updates"] if row["event_date"] == "2022")
    done = load(dams, updates=[old, {**old, "event_date": "2022-05"}])
    assert done.out.startswith("standard input: nothing new")


def test_an_old_file_is_no_fault_although_the_old_content_could_not_be_recorded_now(dams: Path) -> None:
    edit(dams, "town", "parent=")
    edit(dams, "north", "parent=town")
    old = [row for row in CONTENT["places"] if row["id"] == "town"]
    assert load(dams, places=old).out.startswith("standard input: nothing new")


# ---- the history


def test_the_history_has_each_change_the_latest_first(dams: Path) -> None:
    user = os.environ.get("USER", "")
    edit(dams, "low-dam", "note=Tiny.", "tags+=a")
    edit(dams, "low-dam", "id=lower-dam")
    edit(dams, "dam", "id=barrage")
    edit(dams, "low-dam", "note=")
    lines = run_json(dams, "show", "lower-dam", "--history")["history"]
    assert [(one["field"], one.get("was"), one.get("became")) for one in lines] == [
        ("note", "Tiny.", None),
        ("id", "low-dam", "lower-dam"),
        ("note", "Small.", "Tiny."),
        ("tags", None, "a"),
    ]
    assert [one["change"] for one in lines] == [6, 4, 3, 3]
    assert {one["command"] for one in lines} == {"edit"}
    assert all(one["recorded"] and one["recorded_by"] for one in lines), user


@pytest.mark.parametrize(
    ("typed", "type_", "id_"),
    [
        ("project/dams", "programme", "dams"),
        ("announcement/dams", "announcement", "dams"),
        ("places/dams", "place", "dams"),
        ("SOURCE/dams", "source", "dams"),
        ("publisher/e.org", "publisher", "e.org"),
        ("kind/dam", "kind", "dam"),
        ("update/5a3b1f0e", "update", UPDATE),
        ("5a3b1f0e", "update", UPDATE),
        # The id that a row had before it was renamed.
        ("source/of-old", "source", "dams"),
    ],
)
def test_show_reads_list_and_id_as_edit_does(dams: Path, typed: str, type_: str, id_: str) -> None:
    speech = {"id": "dams", "title": "On dams", "announced": "2023", "said": "Dams."}
    load(dams, announcements=[speech], places=[{"id": "dams", "name": "X"}], sources=[{"id": "of-old"}])
    edit(dams, "source/of-old", "id=dams", "title=On dams")
    page = run_json(dams, "show", typed)
    assert (page["type"], page["id"]) == (type_, id_)
    # Also with its history, and as one that is missing.
    assert run_json(dams, "show", typed, "--history")["id"] == id_
    list_, _, part = typed.partition("/")
    if part:
        missing = run(dams, "show", f"{list_}/nowhere-at-all")
        assert (missing.code, missing.err.count("\n")) == (3, 1)
        one = list_.casefold().removesuffix("s")
        assert missing.err.startswith(f"nkplan: there is no {one} 'nowhere-at-all'; ")


@pytest.mark.parametrize("typed", ["update/5a3b1f0e", "5a3b1f0e", "announcement/speech"])
def test_show_reads_list_and_id_only_if_the_row_was_known_on_the_day(dams: Path, typed: str) -> None:
    past = run(dams, "show", typed, "--known-on", "2020")
    assert (past.code, past.out) == (3, "")
    assert "when less was on record" in past.err
    assert run(dams, "show", typed, "--known-on", "2025").code == 0


@pytest.mark.parametrize(
    ("id_", "change"),
    [
        (UPDATE, "note=x"),
        ("quota/dams-2024", "note=x"),
        ("publisher/e.org", "name=x"),
        ("e.org", "name=x"),
        ("low-dam", "name=x"),
        ("settings", "title=x"),
        ("kind/mine", "id=pit"),
        ("speech", "said=x"),
        ("town", "note=x"),
        ("paper", "note=x"),
    ],
)
def test_every_row_has_a_history(dams: Path, id_: str, change: str) -> None:
    nothing = run(dams, "show", id_, "--history", "-f", "json")
    assert "itself has not been edited; nkplan log " in nothing.err
    assert json.loads(nothing.out)["history"] == []
    edit(dams, id_, change)
    field, _, value = change.partition("=")
    [line] = run_json(dams, "show", "kind/pit" if id_ == "kind/mine" else id_, "--history")["history"]
    assert (line["field"], line["became"]) == (field, value)


# ---- completion


def complete(db: Path, *words: str) -> list[str]:
    environment: dict[str, Any] = {
        "_NKPLAN_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["nkplan", *words]),
        "COMP_CWORD": str(len(words)),
    }
    return run(db, stdin=b"", **environment).out.split()


def test_completion_offers_rows_fields_words_and_old_ids(dams: Path) -> None:
    assert complete(dams, "edit", "hi") == ["high-dam"]
    assert complete(dams, "edit", "sett") == ["settings"]
    assert complete(dams, "edit", "high-dam", "na") == ["name="]
    assert complete(dams, "edit", "high-dam", "type=s") == ["type=site"]
    edit(dams, "high-dam", "id=upper-dam")
    for command in ("edit", "show", "update"):
        assert complete(dams, command, "high") == ["high-dam"]
        assert complete(dams, command, "upp") == ["upper-dam"]
