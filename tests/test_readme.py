"""The README is short, and what it prints and promises is correct."""

import re
import shlex
from pathlib import Path

from manual import PICTURE, README
from picture import draw_report
from program import ROOT, TODAY, run

from nkplan.cli.app import COMMANDS
from nkplan.manual import TOPICS
from nkplan.model.vocabulary import Evidence
from nkplan.reports.views import VIEWS

TEXT = README.read_text("utf-8")
CI = (ROOT / ".ci" / "run").read_text("utf-8")


def read_commands(name: str) -> list[str]:
    """Return the lines of a named block of the README, with continued lines joined."""
    block = re.search(rf"<!-- command: {name} -->\n```sh\n(.*?)```\n", TEXT, re.DOTALL)
    assert block is not None
    return block[1].replace("\\\n", " ").splitlines()


def run_commands(name: str, db: Path) -> list[str]:
    """Run the lines of a block that begin with nkplan, and return what each printed."""
    printed = []
    for line in read_commands(name):
        program, *words = shlex.split(line, comments=True)
        if program != "source":
            assert program == "nkplan"
            done = run(db, *words)
            assert done.code == 0, (line, done.err)
            printed.append(done.out)
    return printed


def test_the_readme_has_at_most_200_lines() -> None:
    assert len(TEXT.splitlines()) <= 200


def test_ci_runs_the_same_commands_that_a_reader_copies() -> None:
    typed = re.findall(r'^python3 "\$work/checkout/tests/tour.py" (.+)$', CI, re.MULTILINE)
    assert sorted(" ".join(typed).split()) == sorted(re.findall(r"<!-- command: (\w+) -->", TEXT))


def test_the_tour_follows_the_first_command_and_works(tmp_path: Path) -> None:
    assert read_commands("main")[0].endswith(".venv/bin/nkplan report")
    assert read_commands("tour")[0] == "source .venv/bin/activate"
    printed = run_commands("tour", tmp_path / "tour.db")
    assert len(printed) == 11
    # A list written to a file prints nothing.
    assert [bool(text) for text in printed] == [True] * 9 + [False, True]
    assert (tmp_path / "silent.csv").read_text("utf-8").startswith("id,name,kind,")


def test_the_news_commands_of_the_readme_are_recorded(tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    printed = run_commands("news", db)
    assert len(printed) == 4
    assert "hamju-factories: 2024-08-25, building, 80%" in printed[0]
    assert "verified      building -> operating" in printed[1]
    assert "hoeyang-power-station" in printed[2]
    assert "source example-2024-08-28" in printed[3]
    assert "hoeyang-power-station" in run(db, "list", "--kind", "power-station").out


def test_the_readme_names_every_view_topic_and_class_and_only_existing_commands() -> None:
    assert set(re.findall(r"`nkplan report ([a-z]+)", TEXT)) == set(VIEWS) - {"progress"}
    for topic in TOPICS:
        assert topic in TEXT.split("## The manual")[1]
    for word in Evidence:
        assert f"`{word}`" in TEXT
    assert set(re.findall(r"nkplan ([a-z]+)", TEXT)) - {"is", "keeps", "in", "can", "and"} <= {*COMMANDS}


def test_the_picture_is_what_a_terminal_shows_and_contains_no_url(tmp_path: Path) -> None:
    drawn = PICTURE.read_text("utf-8")
    assert drawn == draw_report(tmp_path / "nkplan.db")
    assert f"as of today, {TODAY}" in drawn
    assert re.findall(r"[a-z]+://[^\"]*", drawn) == ["http://www.w3.org/2000/svg"]
    assert f"({PICTURE.relative_to(ROOT)})" in TEXT
