"""Tags: what a user follows, and the lists and reports of it."""

import json
import shutil
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
    assert f"no site in {tagged} matches --tag factories --programme county-hospitals;" in done.err


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
