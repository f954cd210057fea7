"""What the README prints and promises is so."""

import json
import re
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import readme
from program import run

from nkplan.cli.app import COMMANDS
from nkplan.formats.json import read_file
from nkplan.model.vocabulary import Evidence, Status
from nkplan.reports.views import VIEWS
from nkplan.validation import LISTS

TEXT = readme.README.read_text("utf-8")
TODAY_DATE = date.fromisoformat(readme.TODAY)
CI = (readme.README.parent / ".ci" / "run").read_text("utf-8")


def test_the_pasted_help_and_output_are_what_the_program_prints() -> None:
    assert readme.refresh() == TEXT


def test_every_command_has_its_help_in_the_readme() -> None:
    for name in COMMANDS:
        assert f"<!-- help: nkplan {name} -->" in TEXT


def test_ci_runs_the_very_commands_that_a_reader_copies() -> None:
    assert "readme_command test" in CI
    assert readme.find_command("test").endswith(".venv/bin/python -m pytest")
    assert readme.find_command("main").endswith(".venv/bin/nkplan report")


def test_the_commands_of_the_tour_all_work(tmp_path: Path) -> None:
    tour = TEXT.split("## A first tour")[1].split("```")[1].removeprefix("sh\n")
    environment = {
        "NKPLAN_DB": str(tmp_path / "tour.db"),
        "NKPLAN_TODAY": readme.TODAY,
        "PATH": "",
        # The package beside these tests, whichever else is installed.
        "PYTHONPATH": str(readme.README.parent),
    }
    lines = [shlex.split(line, comments=True) for line in tour.splitlines() if line]
    assert len(lines) == 6
    for words in lines:
        command = [sys.executable, "-m", "nkplan", *words[1:]]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
        )
        assert done.returncode == 0, (words, done.stderr)
    assert (tmp_path / "silent.csv").read_text("utf-8").startswith("id,name,kind,")


def test_the_example_file_loads_beside_the_record(tmp_path: Path) -> None:
    example = re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert example is not None
    file = tmp_path / "example.json"
    file.write_text(example[1], "utf-8")
    command = [sys.executable, "-m", "nkplan", "--db", str(tmp_path / "x.db"), "load", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "mundok-greenhouse-farm" in done.stdout
    assert "groundbroken" in done.stdout


def test_the_readme_names_every_word_of_the_vocabularies_and_every_list_of_the_format() -> None:
    for word in (*Status, *Evidence, *LISTS):
        assert f"`{word}`" in TEXT


def test_the_documented_fields_of_the_format_are_those_that_are_read() -> None:
    """A field that is documented but not read would be a fault in every file that follows the README."""
    table = TEXT.split("| list | fields of a row |")[1].split("\n\n")[0]
    for row in table.splitlines()[3:]:
        _, name, fields, _ = row.split("|", 3)
        list_ = name.strip().strip("`")
        plain = re.sub(r"\([^)]*\)", "", fields.split(", figures")[0]).replace("**", "")
        words = [word for word in re.split(r"[,;]| and |at least one of", plain) if word.strip()]
        documented = {word.strip() for word in words}
        if list_ != "kinds":
            known = read_fields(list_)
            # The fields of a figure stand in brackets behind it.
            own = documented - {"item", "value", "unit"} | {"figures"} if "figures" in known else documented
            assert own == known, list_


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "progress"])
def test_the_documented_columns_of_a_view_are_those_that_it_has(record: Path, view: str) -> None:
    since = ["--since", "2026-06"] if view == "changes" else []
    header = run(record, "report", view, *since).out.splitlines()[0].split("\t")
    documented = re.search(rf"\n  - {view}: `([^`]*)`", TEXT)
    assert documented is not None
    assert documented[1].split() == header


def read_fields(list_: str) -> set[str]:
    """Give the fields that a row of a list can have, as the reader itself lists them."""
    example = {"format": "nkplan/1", list_: [{"nothing-like-a-field": 1}]}
    faults = [str(fault) for fault in read_file(json.dumps(example).encode(), TODAY_DATE).faults]
    listed = next(fault for fault in faults if "write one of " in fault)
    return set(re.split(r", | and ", listed.split("write one of ")[1]))
