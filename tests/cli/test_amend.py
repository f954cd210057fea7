"""The next edition of somebody's file: what it changed is shown, agreed to and recorded as corrections."""

import copy
import json
import os
import pty
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY
from dialogue import Dialogue
from examples import example_count
from forking import fork_program
from hypothesis import given, settings
from hypothesis.strategies import lists, sampled_from
from program import Done, make_environment, run, run_json

from nkplan.errors import Unusable
from nkplan.formats.json import read_file
from nkplan.store.record import Edition, record
from nkplan.store.rewriting import rewrite
from nkplan.store.transaction import Recorder

Content = dict[str, Any]

U1, U2 = "11111111-1111-5111-8111-111111111111", "22222222-2222-5222-8222-222222222222"
SQUARE = {"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]]}

FIRST: Content = {
    "format": "nkplan/2",
    "data_set": "survey",
    "settings": {"title": "Mills"},
    "kinds": ["mill"],
    "publishers": [{"domain": "e.org", "name": "E"}],
    "places": [{"id": "north", "name": "North"}, {"id": "town", "name": "Town", "parent": "north"}],
    "outlines": [
        {"place": "north", "geometry": SQUARE},
        {"place": "town", "geometry": SQUARE, "credit": "A"},
    ],
    "sources": [
        {
            "id": "s1",
            "title": "One",
            "url": "https://e.org/1",
            "published": "2024-05-01",
            "evidence": "press",
        },
        {"id": "s2", "title": "Two", "url": "https://e.org/2", "published": "2024-06-01"},
    ],
    "announcements": [{"id": "speech", "title": "Speech", "announced": "2024-01-15", "said": "Mills."}],
    "projects": [
        {"id": "prog", "name": "Prog", "type": "programme", "kind": "mill"},
        {"id": "c24", "name": "C24", "type": "cohort", "kind": "mill", "parent": "prog", "year": 2024},
        {"id": "m1", "name": "Mill 1", "type": "site", "kind": "mill", "parent": "c24", "place": "town"},
        {"id": "m2", "name": "Mill 2", "type": "site", "kind": "mill", "parent": "c24"},
    ],
    "quotas": [{"project": "prog", "kind": "mill", "quantity": 20, "per": "year", "announcement": "speech"}],
    "updates": [
        {"id": U1, "project": "m1", "event_date": "2024-04", "status": "building", "source": "s1"},
        {"id": U2, "project": "m2", "event_date": "2024-04", "status": "building", "source": "s1"},
    ],
}


def edit(content: Content, **changes: dict[str, Any]) -> Content:
    """Return another edition: for each list, the changed rows by key, with what is new in them."""
    edition = copy.deepcopy(content)
    for name, rows in changes.items():
        for key, fields in rows.items():
            row = next(
                one for one in edition[name] if key in (one.get("id"), one.get("domain"), one.get("place"))
            )
            row.update(fields)
            for field in [field for field, value in row.items() if value is None]:
                del row[field]
    return edition


SECOND = edit(
    FIRST,
    publishers={"e.org": {"name": "E-Press", "evidence": "press"}},
    places={"town": {"name": "New Town", "names": ["Town"]}},
    outlines={"town": {"geometry": {"type": "MultiPolygon", "coordinates": 2 * [SQUARE["coordinates"]]}}},
    sources={"s1": {"title": "One, corrected", "published": "2024-05-02"}},
    announcements={"speech": {"announced": "2024-01-16", "terms": ["At once."]}},
    projects={"m1": {"name": "Mill One", "place": None}, "c24": {"note": "The first."}},
    updates={U1: {"status": "completed", "event_date": "2024-05", "source": "s3"}},
)
SECOND["settings"] = {"title": "Mills and more"}
SECOND["sources"].append(
    {"id": "s3", "url": "https://e.org/3", "published": "2024-08-01", "evidence": "press"}
)
SECOND["projects"].append({"id": "m3", "name": "Mill 3", "type": "site", "kind": "mill", "parent": "c24"})
AMENDED = 9


def load(db: Path, content: Content, *options: str) -> Done:
    file = db.parent / "edition.json"
    file.write_text(json.dumps(content), "utf-8")
    return run(db, "load", str(file), *options)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("first") / "nkplan.db"
    assert load(path, FIRST, "--bare").code == 0
    return path


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    """Return a database with the first edition and nothing else."""
    return Path(shutil.copy(made, tmp_path))


def export(db: Path) -> Content:
    content: Content = json.loads(run(db, "export").out)
    return content


def read_journal(db: Path) -> list[str]:
    with closing(sqlite3.connect(db)) as connection:
        return [command for (command,) in connection.execute("SELECT command FROM changes ORDER BY id")]


# ---- what is recorded


def test_an_amended_record_is_that_of_the_later_edition_alone(db: Path, tmp_path: Path) -> None:
    done = load(db, SECOND, "--amend", "--yes")
    assert done.code == 0, done.err
    other = tmp_path / "other.db"
    assert load(other, SECOND, "--bare").code == 0
    assert export(db) == export(other)
    for words in (["list"], ["report"], ["check"], ["show", "m1"], ["search", "one"], ["report", "promises"]):
        told = [run(one, *words).out for one in (db, other)]
        # When a row was recorded differs; nothing else does.
        lines = [[line for line in out.splitlines() if "\trecorded\t" not in line] for out in told]
        assert lines[0] == lines[1], words


def test_links_that_sources_have_of_each_other_are_corrected(db: Path) -> None:
    one, two = "https://e.org/1", "https://e.org/2"
    taken = edit(FIRST, sources={"s1": {"url": two}})
    assert f"{two} is the link of the source s2 already" in refuse(db, taken, "--amend", "--yes")
    swapped = edit(FIRST, sources={"s1": {"url": two}, "s2": {"url": one}})
    done = load(db, swapped, "--amend", "--yes")
    assert done.code == 0, done.err
    assert [source["url"] for source in export(db)["sources"]] == [two, one]
    for command, links in (("undo", [one, two]), ("redo", [two, one])):
        assert run(db, command).code == 0
        assert [source["url"] for source in export(db)["sources"]] == links
    for content in (FIRST, swapped):
        assert "nothing new" in load(db, content).out


YEARS = copy.deepcopy(FIRST)
YEARS["projects"] += [
    {"id": id_, "name": id_, "type": "cohort", "kind": "mill", "parent": "prog", "year": year}
    for id_, year in (("c25", 2025), ("c26", 2026))
]


@pytest.mark.parametrize(
    "years",
    [
        {"c24": 2025, "c25": 2024},
        {"c24": 2025, "c25": 2026, "c26": 2024},
        {"c24": 2025, "c25": 2026, "c26": 2027},
        {"c24": 2027, "new": 2024},
        {"c24": 2025, "c25": 2027, "new": 2024},
    ],
    ids=["swap", "circle", "shift", "new in place of one", "new after a shift"],
)
def test_cohorts_may_exchange_their_years(db: Path, years: dict[str, int]) -> None:
    assert load(db, YEARS).code == 0
    before = export(db)
    edition = edit(YEARS, projects={id_: {"year": year} for id_, year in years.items() if id_ != "new"})
    if "new" in years:
        new = {"id": "new", "name": "N", "type": "cohort", "kind": "mill", "parent": "prog", "year": 2024}
        edition["projects"].append(new)
    done = load(db, edition, "--amend", "--yes")
    assert done.code == 0, done.err

    def read_years() -> dict[str, int]:
        return {row["id"]: row["year"] for row in export(db)["projects"] if row["type"] == "cohort"}

    after = {"c24": 2024, "c25": 2025, "c26": 2026, **years}
    assert read_years() == after
    assert run(db, "undo").code == 0
    assert export(db) == before
    assert run(db, "redo").code == 0
    assert read_years() == after
    assert run(db, "undo").code == 0
    # What was undone is recorded again, in the same edition as what makes room for it.
    assert load(db, edition, "--amend", "--yes").code == 0
    assert read_years() == after


def test_an_edition_that_was_undone_redone_and_undone_is_taken_again(db: Path) -> None:
    edition = edit(FIRST, projects={"m1": {"name": "Mill One"}})
    assert load(db, edition, "--amend", "--yes").code == 0
    for command in ("undo", "redo", "undo"):
        assert run(db, command).code == 0
    assert "corrected: 1 project" in load(db, edition, "--amend", "--yes").out


def test_two_cohorts_of_one_year_are_refused_whatever_else_moves(db: Path) -> None:
    assert load(db, YEARS).code == 0
    edition = edit(YEARS, projects={"c24": {"year": 2025}, "c25": {"year": 2026}})
    assert "c26" in refuse(db, edition, "--amend", "--yes")


def test_it_is_one_change(db: Path) -> None:
    assert load(db, SECOND, "--amend", "--yes").code == 0
    assert read_journal(db) == ["first run", "load", "load --amend"]
    assert load(db, SECOND, "--amend", "--yes").out.startswith(f"{db.parent}/edition.json: nothing new;")
    assert read_journal(db) == ["first run", "load", "load --amend"]


def test_every_field_is_shown_old_to_new(db: Path) -> None:
    done = load(db, SECOND, "--amend", "--dry-run")
    assert done.code == 0
    lines = done.out.splitlines()
    for line in (
        "  title         Mills -> Mills and more",
        "  name          E -> E-Press",
        "  evidence      none -> press",
        "  names         none -> Town",
        "  geometry      Polygon of 5 points -> MultiPolygon of 10 points",
        "  published     2024-05-01 -> 2024-05-02",
        "  terms         none -> At once.",
        "  place         town -> none",
        "  note          none -> The first.",
        "  status        building -> completed",
        "  source        s1 -> s3",
    ):
        assert line in lines, line
    assert "source s1  One, 2024-05-01, https://e.org/1" in lines
    counted = "1 setting, 1 publisher, 1 place, 1 outline, 1 source, 1 announcement, 2 projects and 1 update"
    assert f"would be corrected: {counted}" in done.out
    assert "dry run: nothing was recorded" in done.err


def test_states_are_judged_by_what_the_later_edition_says(db: Path) -> None:
    done = load(db, SECOND, "--amend", "--yes")
    assert "m1  Mill One\n  status        building -> completed\n" in done.out
    (m1,) = (row for row in run_json(db, "list") if row["id"] == "m1")
    assert (m1["status"], m1["place"]) == ("completed", None)


def test_the_edition_before_is_known_and_changes_nothing(db: Path) -> None:
    assert load(db, SECOND, "--amend", "--yes").code == 0
    after = export(db)
    for options in ([], ["--amend", "--yes"]):
        done = load(db, FIRST, *options)
        assert (done.code, "nothing new" in done.out) == (0, True), done.err
    assert export(db) == after


def test_an_edition_has_what_is_typed_or_tagged_untouched(db: Path) -> None:
    assert run(db, "tag", "m1", "followed").code == 0
    update = ["update", "m1", "groundbroken", "--on", "2024-03", "--evidence", "press"]
    assert run(db, *update).code == 0
    assert load(db, SECOND, "--amend", "--yes").code == 0
    assert run_json(db, "show", "m1")["tags"] == ["followed"]
    assert len(run_json(db, "show", "m1")["timeline"]) == 2


def test_updates_without_a_class_get_the_one_that_the_edition_gives_their_source(db: Path) -> None:
    assert run(db, "update", "m1", "paused", "--on", "2025", "--source", "s1").code == 0
    done = load(db, edit(FIRST, sources={"s1": {"evidence": "expert"}}), "--amend", "--yes")
    assert "corrected: 1 source and 2 updates;" in done.out, done.out
    # One's own claim is not in the file, and keeps what it was given.
    classes = {one["event_date"]: one["evidence"] for one in export(db)["updates"]}
    assert classes == {"2024-04": "expert", "2025": "press"}


def test_updates_keep_their_class_if_somebody_else_changed_that_of_their_source(
    db: Path,
) -> None:
    assert run(db, "edit", "s1", "evidence=expert").code == 0
    before = export(db)
    assert "nothing new" in load(db, FIRST, "--amend", "--yes").out
    assert export(db) == before


CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("publishers", "e.org", {"name": "F", "evidence": "expert"}),
    ("places", "town", {"names": ["Stadt"], "parent": None}),
    ("places", "north", {"full_name": "North Province", "latitude": 40.5}),
    ("outlines", "town", {"credit": None}),
    ("outlines", "north", {"geometry": {"type": "MultiPolygon", "coordinates": 2 * [SQUARE["coordinates"]]}}),
    ("sources", "s1", {"evidence": None}),
    ("sources", "s1", {"evidence": "promiser", "published": "2024-04-20"}),
    ("sources", "s2", {"url": "https://e.org/two", "note": "Read."}),
    ("announcements", "speech", {"announced": "2024", "figures": [{"item": "x", "value": 2, "unit": "y"}]}),
    ("projects", "c24", {"year": 2025}),
    ("projects", "m1", {"parent": "prog", "year": 2023}),
    ("projects", "m2", {"tags": ["seen"], "organisations": [{"role": "owner", "name": "O"}]}),
    ("updates", U1, {"project": "m2", "percent": 60}),
    ("updates", U2, {"source": "s2", "status": "operating", "event_date": "2024-05"}),
    ("updates", U2, {"evidence": "imagery", "figures": [{"item": "jobs", "value": 2, "unit": "people"}]}),
]  # fmt: skip


@settings(max_examples=example_count(4, 6))
@given(lists(sampled_from(CHANGES), max_size=6))
def test_any_edition_is_recorded_as_if_it_were_the_only_one(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, str, dict[str, Any]]]
) -> None:
    folder = tmp_path_factory.mktemp("editions")
    both, alone = folder / "both.db", folder / "alone.db"
    edition = FIRST
    for name, key, fields in changes:
        edition = edit(edition, **{name: {key: fields}})
    assert load(both, FIRST, "--bare").code == 0
    done = load(both, edition, "--amend", "--yes")
    assert done.code == 0, done.err
    assert load(alone, edition, "--bare").code == 0
    assert export(both) == export(alone)
    assert run_json(both, "list") == run_json(alone, "list")


def test_a_long_file_is_amended_in_chunks(db: Path, recorder: Recorder) -> None:
    edition = edit(SECOND, updates={U2: {"status": "paused"}})
    batch = read_file(json.dumps(edition).encode(), TODAY)
    recorded = record(db, batch, "load", recorder, summary="x", chunk_size=1, edition=Edition(rewrite))
    assert len(recorded.amended) == AMENDED + 1
    whole = db.parent / "whole.db"
    assert load(whole, edition, "--bare").code == 0
    assert export(db) == export(whole)


def test_it_is_undone_and_redone_as_one(db: Path) -> None:
    first, (m1, *_) = run(db, "export").out, run_json(db, "list")
    assert load(db, SECOND, "--amend", "--yes").code == 0
    second = run(db, "export").out
    for _ in range(2):
        assert run(db, "undo").code == 0
        assert run(db, "export").out == first
        assert run_json(db, "list")[0] == m1
        assert run(db, "redo").code == 0
        assert run(db, "export").out == second


# ---- what is refused


def refuse(db: Path, content: Content, *options: str) -> str:
    before = db.read_bytes()
    done = load(db, content, *options)
    assert (done.code, done.out) == (2, "")
    assert db.read_bytes() == before
    return done.err


def test_without_amend_the_faults_say_that_there_is_such_an_option(db: Path) -> None:
    said = refuse(db, SECOND).splitlines()[0]
    assert said.endswith(
        f"{AMENDED} faults, so nothing was written;"
        " if it is a later edition, --amend takes these as corrections"
    )
    wrong = edit(SECOND, updates={U2: {"source": "nowhere"}})
    assert "--amend takes what differs as corrections" in refuse(db, wrong).splitlines()[0]
    only_wrong = edit(FIRST, updates={U2: {"source": "nowhere"}})
    assert "--amend takes what differs" in refuse(db, only_wrong)
    new = copy.deepcopy(FIRST)
    new["updates"].append({"project": "m2", "event_date": "2025", "status": "paused", "source": "nowhere"})
    assert "--amend" not in refuse(db, new)


def test_in_a_pipe_it_is_refused_without_yes(db: Path) -> None:
    said = refuse(db, SECOND, "--amend")
    advice = "look with --dry-run, then write --yes"
    assert said == f"nkplan: --amend would change {AMENDED} rows on record; {advice}\n"


def test_an_edition_that_changes_no_row_on_record_needs_no_yes(db: Path) -> None:
    more = copy.deepcopy(FIRST)
    more["projects"].append({"id": "m4", "name": "Mill 4", "type": "site", "kind": "mill"})
    assert load(db, more, "--amend").code == 0
    assert "m4" in run(db, "list").out


def test_standard_input_cannot_be_asked_about(db: Path) -> None:
    content = json.dumps(SECOND).encode()
    done = run(db, "load", "-", "--amend", stdin=content)
    assert (done.code, done.out) == (2, "")
    assert "--amend needs --yes where the file is standard input" in done.err
    assert run(db, "load", "-", "--amend", "--yes", stdin=content).code == 0


def test_yes_alone_is_refused(db: Path) -> None:
    assert "--yes answers the question of --amend" in refuse(db, SECOND, "--yes")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"updates": {U1: {"source": "nowhere"}}}, "source: there is no source nowhere; add it to sources"),
        ({"sources": {"s2": {"url": "https://e.org/1"}}}, "is the link of the source s1 already"),
        ({"places": {"north": {"parent": "town"}}}, "is within north itself"),
        ({"updates": {U1: {"status": None}}}, "it is empty; give it a status"),
        ({"projects": {"prog": {"type": "site"}}}, "parent: prog is a site;"),
    ],
)
def test_corrections_are_checked_as_other_rows_are(db: Path, changes: Content, said: str) -> None:
    assert said in refuse(db, edit(FIRST, **changes), "--amend", "--yes")


@pytest.mark.parametrize(
    ("project", "changes", "said"),
    [
        ("prog", {"type": "site"}, "c24, on record: parent: prog is a site; a cohort belongs to a programme"),
        ("c24", {"year": 2025}, "m5, on record: year: 2024 is not the year of its cohort c24, 2025"),
    ],
)
def test_what_is_on_record_has_to_fit_the_corrections(
    db: Path, project: str, changes: Content, said: str
) -> None:
    more = {"id": "m5", "name": "Mill 5", "type": "site", "kind": "mill", "parent": "c24", "year": 2024}
    assert load(db, {"format": "nkplan/2", "projects": [more]}).code == 0
    edition = edit(FIRST, projects={project: changes})
    edition["projects"] = [one for one in edition["projects"] if one["id"] == project]
    edition["quotas"] = edition["updates"] = []
    assert said in refuse(db, edition, "--amend", "--yes")


def test_nothing_is_recorded_if_others_write_while_somebody_thinks(db: Path, recorder: Recorder) -> None:
    batch = read_file(json.dumps(SECOND).encode(), TODAY)
    seen = record(db, batch, "load", recorder, summary="x", dry_run=True, edition=Edition(rewrite)).amended
    assert len(seen) == AMENDED
    between = edit(FIRST, projects={"m1": {"name": "Mill I"}})
    assert load(db, between, "--amend", "--yes").code == 0
    before = db.read_bytes()
    with pytest.raises(Unusable, match="has changed in the meantime"):
        record(db, batch, "load", recorder, summary="x", edition=Edition(rewrite, seen))
    assert db.read_bytes() == before


# ---- the question


def answer(db: Path, content: Content, keys: bytes) -> tuple[int, str]:
    """Load an edition on a terminal and type these keys when asked; return the code and what was shown."""
    file = db.parent / "edition.json"
    file.write_text(json.dumps(content), "utf-8")
    leader, follower = pty.openpty()
    environment = make_environment(db, TERM="dumb")
    wait = fork_program(["load", str(file), "--amend"], environment, db.parent, follower)
    os.close(follower)
    shown, typed = b"", False
    with suppress(OSError):
        while chunk := os.read(leader, 65536):
            shown += chunk
            if not typed and b"[y/N]" in shown:
                os.write(leader, keys)
                typed = True
    os.close(leader)
    return wait(), shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("keys", "is_recorded"),
    [
        (b"y\n", True),
        (b"YES\n", True),
        (b"n\n", False),
        (b"\n", False),
        (b"\x04", False),
        (b"perhaps\nno\n", False),
    ],
)
def test_on_a_terminal_it_is_asked_after_it_was_shown(db: Path, keys: bytes, is_recorded: bool) -> None:
    before = db.read_bytes()
    code, shown = answer(db, SECOND, keys)
    assert "  status        building -> completed" in shown.partition("[y/N]")[0]
    assert f"Change {AMENDED} rows on record to what the file says?" in shown
    assert (db.read_bytes() != before) == is_recorded
    assert ("corrected: 1 setting" in shown) == is_recorded
    assert code == (0 if is_recorded else 130)


@pytest.mark.parametrize(
    ("key", "code"), [("\x03", 130), ("\x04", 130), (None, None)], ids=["Ctrl-C", "Ctrl-D", "closed"]
)
def test_leaving_the_question_records_nothing(db: Path, key: str | None, code: int | None) -> None:
    file = db.parent / "edition.json"
    file.write_text(json.dumps(SECOND), "utf-8")
    before = db.read_bytes()
    talk = Dialogue(db, "load", str(file), "--amend")
    talk.expect("-> completed", f"Change {AMENDED} rows on record to what the file says? [y/N]:")
    if key is None:
        talk.hang_up()
    else:
        talk.press(key)
        ended, shown = talk.end()
        assert (ended, "Traceback" in shown, "corrected: " in shown) == (code, False, False), shown
        assert "nkplan: nothing was recorded\n" in shown
    assert db.read_bytes() == before
    assert file.read_text("utf-8") == json.dumps(SECOND)
    # The same command asks again, and a yes records all of it.
    assert answer(db, SECOND, b"y\n")[0] == 0
    assert "nothing new" in load(db, SECOND, "--amend").out


def test_a_terminal_is_not_asked_if_nothing_is_to_be_corrected(db: Path) -> None:
    code, shown = answer(db, FIRST, b"")
    assert (code, "nothing new" in shown, "[y/N]" in shown) == (0, True, False)


# ---- the file of another data set


OTHER = edit(FIRST, projects={"m1": {"name": "Mill One"}})
OTHER["data_set"] = "world"
OTHER["settings"] = {"title": "The world", "labels": {"region": "land"}}
WHOSE = "is of the data set world, and changes 1 row of survey"
KEPT = (
    "is of the data set world, and the record keeps its own settings: title;"
    " nkplan edit settings changes them"
)


def test_a_file_of_another_data_set_says_whose_rows_it_changes_and_keeps_the_settings(db: Path) -> None:
    run(db, "edit", "m2", "name=Mine")
    assert run(db, "add", "place", "Mine").code == 0
    other = edit(OTHER, projects={"m2": {"name": "Theirs"}})
    other["places"].append({"id": "mine", "name": "Theirs"})
    done = load(db, other, "--amend", "--yes")
    assert done.code == 0, done.err
    assert "is of the data set world, and changes 1 row of no data set and 2 rows of survey\n" in done.err
    assert KEPT in done.err
    settings_ = export(db)["settings"]
    assert (settings_["title"], settings_["labels"]) == ("Mills", {"region": "land"})
    names = {row["id"]: row["name"] for row in export(db)["projects"]}
    assert (names["m1"], names["m2"]) == ("Mill One", "Theirs")


def test_in_a_pipe_a_file_of_another_data_set_says_so_before_it_asks_for_yes(db: Path) -> None:
    before = db.read_bytes()
    done = load(db, OTHER, "--amend")
    assert (done.code, WHOSE in done.err, "write --yes" in done.err) == (2, True, True)
    assert db.read_bytes() == before
    done = load(db, OTHER, "--amend", "--dry-run")
    assert (done.code, WHOSE in done.err, KEPT in done.err) == (0, True, True)
    assert db.read_bytes() == before


def test_on_a_terminal_whose_rows_would_change_is_said_before_the_question(db: Path) -> None:
    (db.parent / "edition.json").write_text(json.dumps(OTHER), "utf-8")
    talk = Dialogue(db, "load", str(db.parent / "edition.json"), "--amend")
    talk.expect("of the data set world", "Change 1 row on record", "[y/N]:")
    talk.press("\r")
    code, _ = talk.end()
    assert (code, export(db)["projects"][2]["name"]) == (130, "Mill 1")


def test_a_file_of_another_data_set_that_differs_in_settings_only_changes_nothing(db: Path) -> None:
    other = {"format": "nkplan/2", "data_set": "world", "settings": {"title": "The world"}}
    before = db.read_bytes()
    done = load(db, other, "--amend")
    assert (done.code, KEPT in done.err, db.read_bytes() == before) == (0, True, True)


def test_the_next_edition_of_the_same_data_set_changes_its_settings_without_a_word(db: Path) -> None:
    done = load(db, SECOND, "--amend", "--yes")
    assert (done.code, "data set" in done.err, export(db)["settings"]["title"]) == (
        0,
        False,
        "Mills and more",
    )


# ---- what is gone


def test_what_the_later_edition_no_longer_has_is_listed_and_stays(db: Path) -> None:
    edition = copy.deepcopy(FIRST)
    edition["projects"].pop()
    edition["updates"].pop()
    run(db, "update", "m1", "paused", "--on", "2025", "--evidence", "press")  # of no data set
    done = load(db, edition, "--gone")
    assert done.code == 0
    assert [line for line in done.out.splitlines() if line.startswith("no longer in it")] == [
        "no longer in it: project m2  Mill 2 (site, mill, c24)",
        "no longer in it: update m2: 2024-04, building, press, source s1  222222222222",
    ]
    assert "m2" in run(db, "list").out
    done = load(db, FIRST, "--gone")
    assert "it has everything that earlier editions of its data set had" in done.err
    assert load(db, SECOND, "--amend", "--gone", "--yes").out.count("no longer in it") == 0


def test_only_rows_of_the_same_data_set_are_gone(db: Path) -> None:
    other = {"format": "nkplan/2", "data_set": "other", "projects": []}
    assert "no longer in it" not in load(db, other, "--gone").out
    nameless = {"format": "nkplan/2", "projects": []}
    assert "--gone: the file does not say which data set it is" in refuse(db, nameless, "--gone")


def test_what_was_undone_is_not_gone(db: Path) -> None:
    assert run(db, "undo", U2).code == 0
    edition = copy.deepcopy(FIRST)
    edition["updates"].pop()
    assert "no longer in it" not in load(db, edition, "--gone").out
