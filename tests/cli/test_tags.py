"""Tags: what a user follows, and the lists and reports of it."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from program import run, run_json
from records import TAGS, add_tags
from shells import complete

from nkplan.reports.views import VIEWS


@pytest.fixture(scope="module")
def tagged(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped record with tags; tests must not write to it."""
    db = Path(shutil.copy(seeded, tmp_path_factory.mktemp("tagged") / "nkplan.db"))
    add_tags(db)
    return db


def list_sites(db: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in run_json(db, "list", *arguments)}


def report(db: Path, view: str, *arguments: str) -> Any:
    since = ["--since", "2025"] if view == "changes" else []
    return run_json(db, "report", view, *since, *arguments)


# ---- what a tag matches


def test_a_tag_lists_the_sites_that_have_it_or_belong_to_what_has_it(tagged: Path) -> None:
    every = list_sites(tagged)
    for tag, projects in TAGS.items():
        expected = {
            id_ for id_, site in every.items() if {id_, site["cohort"], site["programme"]} & set(projects)
        }
        assert expected
        assert set(list_sites(tagged, "--tag", tag)) == expected
    assert len(list_sites(tagged, "--tag", "followed")) == 21  # twenty counties and a canal


@pytest.mark.parametrize("typed", ["to visit", "TO VISIT", " To Visit ", "To visit,to visit"])
def test_a_tag_is_typed_in_whatever_case(tagged: Path, typed: str) -> None:
    assert list_sites(tagged, "--tag", typed) == list_sites(tagged, "--tag", "to visit")


def test_a_tag_and_another_filter_must_both_match(tagged: Path) -> None:
    found = list_sites(tagged, "--tag", "doubtful", "--status", "building")
    both = list_sites(tagged, "--tag", "doubtful").keys() & list_sites(tagged, "--status", "building").keys()
    assert found.keys() == both
    assert both
    assert list_sites(tagged, "--tag", "factories", "--programme", "20x10") == list_sites(
        tagged, "--programme", "20x10"
    )
    done = run(tagged, "list", "--tag", "factories", "--programme", "county-hospitals")
    assert "no site matches --tag factories --programme county-hospitals;" in done.err


def test_a_tag_matches_the_same_sites_on_a_past_day(tagged: Path) -> None:
    day = ["--as-of", "2024-12-31"]
    then = list_sites(tagged, *day)
    assert list_sites(tagged, "--tag", "followed", *day) == {
        id_: site for id_, site in then.items() if site["cohort"] == "20x10-2024" or id_ == "grand-canal"
    }


# ---- reports


@pytest.mark.parametrize("view", VIEWS)
def test_a_tag_of_a_programme_reports_what_the_programme_does(tagged: Path, view: str) -> None:
    by_tag = json.dumps(report(tagged, view, "--tag", "factories"))
    by_programme = json.dumps(report(tagged, view, "--programme", "20x10"))
    # The filter of a row has the option that was typed.
    assert by_tag.replace(" --tag factories", "") in {
        by_programme,
        by_programme.replace(" --programme 20x10", ""),
    }


def test_a_tag_of_two_programmes_adds_up_their_promises(tagged: Path) -> None:
    both = report(tagged, "progress", "--tag", "programmes", "--by", "programme")
    alone = report(tagged, "progress", "--programme", "20x10,county-hospitals", "--by", "programme")
    assert [row["promised"] for row in both["rows"]] == [row["promised"] for row in alone["rows"]]
    assert both["total"] == alone["total"]
    assert {row["programme"]: row["promised"] for row in both["rows"]}["20x10"] == 200


def test_no_number_was_promised_for_what_only_some_sites_of_a_programme_have(tagged: Path) -> None:
    answer = report(tagged, "progress", "--tag", "to visit")
    assert {row["promised"] for row in answer["rows"]} == {None}
    assert {row["promised_as"] for row in answer["rows"]} == {None}
    assert report(tagged, "pace", "--tag", "to visit") == report(tagged, "pace", "--region", "none")


def test_the_promises_of_a_tag_are_those_for_what_has_it(tagged: Path) -> None:
    # The waves of 2026 have no number of their own at their programme's announcement.
    every = report(tagged, "promises")
    by_tag = report(tagged, "promises", "--tag", "doubtful")
    assert by_tag
    assert all(row in every for row in by_tag)
    assert {row["project"] for row in by_tag} <= {
        "county-hospitals-2026",
        *list_sites(tagged, "--tag", "doubtful"),
    }


# ---- where a tag is seen


def test_tags_are_completed_also_after_a_comma(tagged: Path) -> None:
    assert complete(tagged, "bash", "nkplan list --tag f") == ["factories", "followed"]
    assert complete(tagged, "bash", "nkplan report pace --tag followed,d") == ["followed,doubtful"]


def test_tags_are_shown_and_searched(tagged: Path) -> None:
    assert run_json(tagged, "show", "20x10")["tags"] == ["factories", "programmes"]


# ---- tagging


def tags_of(db: Path, project: str) -> list[str]:
    tags: list[str] = run_json(db, "show", project).get("tags") or []
    return tags


def read_journal(db: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute("SELECT command, summary FROM changes ORDER BY id").fetchall()


def test_a_tag_is_given_taken_away_and_told_with_what_was_before(record: Path) -> None:
    done = run(record, "tag", "musan-hosp", "to visit", "followed")
    assert (done.code, done.err) == (0, "")
    assert done.out == "musan-hospital  Musan hospital\n  tags          none -> followed, to visit\n"
    assert tags_of(record, "musan-hospital") == ["followed", "to visit"]
    assert list(list_sites(record, "--tag", "followed")) == ["musan-hospital"]
    done = run(record, "tag", "musan-hospital", "--remove", "To Visit")
    assert done.out == "musan-hospital  Musan hospital\n  tags          followed, to visit -> followed\n"
    assert tags_of(record, "musan-hospital") == ["followed"]
    done = run(record, "list", "--tag", "to visit")
    assert (done.code, done.out) == (2, "")
    assert "there is no tag 'to visit'; there is: followed" in done.err or "followed" in done.err


def test_several_projects_are_tagged_in_one_change(record: Path) -> None:
    before = read_journal(record)
    done = run(record, "tag", "20x10", "followed", "--also", "grand-canal", "--also", "20x10")
    assert done.code == 0, done.err
    assert [line for line in done.out.splitlines() if not line.startswith(" ")] == [
        "20x10  20x10 factories",
        "grand-canal  East-West grand canal",
    ]
    [(command, summary)] = read_journal(record)[len(before) :]
    assert (command, summary) == ("tag", "followed given to 20x10, grand-canal")
    assert len(list_sites(record, "--tag", "followed")) == 61  # twenty counties in each of three years


def test_what_changes_nothing_writes_nothing(record: Path) -> None:
    assert run(record, "tag", "20x10", "followed").code == 0
    content = record.read_bytes()
    for words in (["20x10", "followed"], ["20x10", "FOLLOWED", "Followed"]):
        done = run(record, "tag", *words)
        assert (done.code, done.out) == (0, "")
        assert done.err == "nkplan: 20x10 has this already\n"
    done = run(record, "tag", "20x10", "more", "--dry-run")
    assert done.out == "20x10  20x10 factories\n  tags          followed -> followed, more\n"
    assert "dry run: nothing was recorded" in done.err
    assert record.read_bytes() == content


def test_only_the_projects_that_it_changes_are_told(record: Path) -> None:
    run(record, "tag", "20x10", "followed")
    done = run(record, "tag", "20x10", "followed", "--also", "grand-canal")
    assert done.out.startswith("grand-canal ")
    assert done.err == "nkplan: 20x10 has this already\n"
    run(record, "tag", "20x10", "followed", "--remove")
    done = run(record, "tag", "20x10", "followed", "--also", "grand-canal", "--remove")
    assert done.out.startswith("grand-canal ")
    assert done.err == "nkplan: 20x10 has no such tag\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["20x10", "folowed", "--remove"], 3, "20x10 has no tag 'folowed' to remove, only followed"),
        (["grand-canal", "x", "--remove"], 3, "grand-canal has no tag 'x' to remove, no tag at all"),
        (["20x10", "a,b"], 2, "TAG: 'a,b' has a comma;"),
        (["20x10", "None"], 2, "TAG: 'None' stands for no tag at all"),
        (["20x10", "a\x07b"], 2, "TAG: "),
        (["20x10", "good", ""], 2, "TAG is empty"),
        (["20x10", "x" * 4001], 2, "TAG: "),
        (["20x10"], 2, "Missing argument"),
        (["nowhere", "x"], 3, "there is no project 'nowhere'"),
        (["kusong", "x"], 3, "'kusong' can be any of"),
        (["20x10", "x", "--also", "nowhere"], 3, "there is no project 'nowhere'"),
    ],
)
def test_what_cannot_be_tagged_so_is_refused_and_nothing_is_recorded(
    record: Path, words: list[str], code: int, said: str
) -> None:
    run(record, "tag", "20x10", "followed")
    content = record.read_bytes()
    done = run(record, "tag", *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err.splitlines()[0]
    assert record.read_bytes() == content


def test_a_tag_has_the_spelling_that_it_has_on_record(record: Path) -> None:
    run(record, "tag", "20x10", "Follow\u00e9")
    run(record, "tag", "grand-canal", "FOLLOWE\u0301")
    assert tags_of(record, "grand-canal") == ["Follow\u00e9"]
    assert set(list_sites(record, "--tag", "follow\u00e9")) >= {"grand-canal"}


def test_tags_are_found_by_a_search_and_no_longer_once_they_are_removed(record: Path) -> None:
    def search() -> list[str]:
        return [row["id"] for row in run_json(record, "search", "zweifelhaft", "--list", "project")]

    run(record, "tag", "grand-canal", "zweifelhaft")
    assert search() == ["grand-canal"]
    run(record, "tag", "grand-canal", "zweifelhaft", "--remove")
    assert search() == []


def test_tags_change_nothing_that_is_judged(record: Path) -> None:
    commands = (["list", "--limit", "0"], ["report"], ["check"])
    before = [run(record, *words) for words in commands]
    run(record, "tag", "20x10", "followed", "--also", "musan-hospital")
    assert [run(record, *words) for words in commands] == before


def test_the_record_that_was_tagged_can_be_loaded_again(record: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    assert run(record, "export", "-o", str(file)).code == 0
    run(record, "tag", "20x10", "followed")
    done = run(record, "load", str(file))
    assert (done.code, tags_of(record, "20x10")) == (0, ["followed"]), done.err
    # A file with other tags is another thing: it says how the project is to be marked.
    tagged = json.loads(file.read_text())
    (project,) = (one for one in tagged["projects"] if one["id"] == "20x10")
    project["tags"] = ["doubtful"]
    done = run(record, "load", "-", stdin=json.dumps(tagged).encode())
    assert done.code == 2
    assert "tags is ['doubtful'] here and ['followed'] in the database" in done.err


def test_tags_are_exported_and_loaded(record: Path, tmp_path: Path) -> None:
    run(record, "tag", "20x10", "followed", "to visit")
    file = tmp_path / "all.json"
    assert run(record, "export", "-o", str(file)).code == 0
    other = tmp_path / "other.db"
    assert run(other, "load", str(file), "--bare").code == 0
    assert tags_of(other, "20x10") == ["followed", "to visit"]


def test_tagging_is_undone_and_redone_and_stays_in_the_history(record: Path) -> None:
    exports = [run(record, "export").out]
    for words in (["20x10", "a", "b", "--also", "grand-canal"], ["20x10", "a", "--remove"], ["20x10", "c"]):
        assert run(record, "tag", *words).code == 0
        exports.append(run(record, "export").out)
    for before in reversed(exports[:-1]):
        assert run(record, "undo").code == 0
        assert run(record, "export").out == before
    for after in exports[1:]:
        assert run(record, "redo").code == 0
        assert run(record, "export").out == after
    told = run(record, "log", "20x10").out
    assert told.count("\ttag\t") == 3
    assert "a removed from 20x10" in told
