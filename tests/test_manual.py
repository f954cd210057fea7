"""The manual is correct: pasted help and output, columns, words, fields, checks and paths."""

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from manual import WIDTH, list_pages, refresh
from program import ROOT, TODAY, read_ids, run, run_json
from shells import install

from nkplan import errors
from nkplan.cli.app import COMMANDS
from nkplan.cli.loading import LARGEST_FILE
from nkplan.formats.json import read_file
from nkplan.formats.jsonl import LONGEST_LINE
from nkplan.manual import TOPICS, read_topic
from nkplan.model.faults import MOST_FAULTS
from nkplan.model.finding import Check
from nkplan.model.vocabulary import Confidence, Evidence, Status
from nkplan.reports.charts.views import CHARTS
from nkplan.reports.lists import NOUNS, Noun
from nkplan.reports.views import VIEWS
from nkplan.validation import LISTS
from nkplan.values import LONGEST_TEXT, read_id
from nkplan.words import LONGEST_SEARCH, MOST_WORDS

FOLDER = ROOT / "nkplan" / "manual"
EXAMPLES = re.findall(r"```json\n(.*?)```", read_topic("formats"), re.DOTALL)
ADDITION, JSON_LINES, BARE_RECORD = EXAMPLES


def list_rows(topic: str, heading: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the table that begins with a heading."""
    table = read_topic(topic).split(f"| {heading} |")[1].split("\n\n")[0]
    for line in table.splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("| ").split(" | ")]


def read_columns(name: str) -> list[str]:
    """Return the documented columns of a command or view."""
    found = re.search(rf"^- {name}:\s+`([^`]*)`$", read_topic("output"), re.MULTILINE)
    assert found is not None, name
    return found[1].split()


def read_header(db: Path, *arguments: str) -> list[str]:
    return run(db, *arguments).out.splitlines()[0].split("\t")


@pytest.mark.parametrize("page", list_pages(), ids=lambda page: page.stem)
def test_the_pasted_help_and_output_are_what_the_program_prints(page: Path, tmp_path: Path) -> None:
    assert refresh(page, tmp_path) == page.read_text("utf-8")


def test_every_topic_has_a_page_with_a_title_and_every_page_is_a_topic() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(TOPICS)
    for topic in TOPICS:
        assert read_topic(topic).startswith("# ")


def test_no_pasted_block_is_wider_than_a_terminal_of_80_columns() -> None:
    for topic in TOPICS:
        for block in re.findall(r"-->\n```\n(.*?)```", read_topic(topic), re.DOTALL):
            assert max(map(len, block.splitlines())) <= WIDTH, topic


def test_every_command_has_its_help_in_the_manual() -> None:
    assert re.findall(r"<!-- help: nkplan ?(.*?) -->", read_topic("commands")) == ["", *COMMANDS]


def test_the_exit_codes_are_those_of_the_errors() -> None:
    documented = {int(code) for code, _ in list_rows("commands", "exit code | meaning")}
    classes = (thing for thing in vars(errors).values() if isinstance(thing, type))
    used = {one.exit_code for one in classes if issubclass(one, errors.NkplanError)}
    assert documented == used | {0, 1, 130}


@pytest.mark.parametrize("view", VIEWS)
def test_the_documented_columns_of_a_view_are_complete_and_in_order(record: Path, view: str) -> None:
    since = ["--since", "2026-06"] if view == "changes" else []
    assert read_columns(view) == read_header(record, "report", view, *since)


@pytest.mark.parametrize("view", CHARTS)
def test_the_documented_columns_of_a_chart_are_complete_and_in_order(record: Path, view: str) -> None:
    name = "chart, or chart progress" if view == "progress" else f"chart {view}"
    assert read_columns(name) == read_header(record, "chart", view)


@pytest.mark.parametrize(
    "arguments", [("list",), ("search", "factory"), ("check",), ("show", "songchon"), ("log",)]
)
def test_the_documented_columns_of_a_command_are_complete_and_in_order(
    record: Path, arguments: tuple[str, ...]
) -> None:
    name = "log and list changes" if arguments == ("log",) else arguments[0]
    assert read_columns(name) == read_header(record, *arguments)


@pytest.mark.parametrize("noun", NOUNS[1:-1], ids=lambda noun: noun.name)
def test_the_documented_columns_of_a_list_are_complete_and_in_order(record: Path, noun: Noun) -> None:
    assert read_columns(f"list {noun.name}") == read_header(record, "list", noun.name) == noun.keys


def test_the_documented_filters_of_each_noun_are_those_that_fit() -> None:
    documented = {
        noun.strip("`"): filters
        for noun, _, filters in list_rows("commands", "noun | what is listed | filters that fit")
    }
    assert list(documented) == [noun.name for noun in NOUNS]
    for noun in NOUNS:
        assert re.findall(r"`--(\w+)`", documented[noun.name]) == list(noun.filters)


@pytest.mark.parametrize(
    ("row", "ids"),
    [
        ("a programme or cohort", ["20x10", "20x10-2024"]),
        ("a site", ["songchon-factories"]),
        ("an announcement", ["20x10-policy"]),
        ("a place", ["kp-02"]),
        ("a source", ["38n-20250227"]),
    ],
)
def test_the_documented_sections_of_a_page_are_complete_and_in_order(
    record: Path, row: str, ids: list[str]
) -> None:
    documented = dict(list_rows("output", "of | sections"))[row].strip("`").split()
    for id_ in ids:
        page = run_json(record, "show", id_)
        assert [name for name, value in page.items() if isinstance(value, list)] == documented


def test_the_documented_fields_of_a_timeline_entry_are_complete(record: Path) -> None:
    entry, more = re.findall(r"`(event_date status [^`]*|project project_name)`", read_topic("output"))
    assert list(run_json(record, "show", "songchon")["timeline"][0]) == entry.split()
    several = run_json(record, "show", "38n-20250227")["timeline"][0]
    assert set(several) == {*entry.split(), *more.split()}


def test_every_status_evidence_class_and_confidence_is_explained() -> None:
    statuses = [
        (word.strip("`"), meaning) for word, meaning in list_rows("words", "status | the evidence says")
    ]
    assert statuses == [(str(one), one.meaning) for one in Status]
    counts = {"claim": "a claim", "observation": "an observation", "neither": "neither", "nothing": "nothing"}
    assert [
        (
            row[0].strip("`"),
            row[1],
            row[2].split(":")[0],
            re.findall("`(.*?)`", row[3] if len(row) > 3 else ""),
        )
        for row in list_rows("words", "class | how it is known | what it counts as | also read as")
    ] == [(str(one), one.meaning, counts[one.counts_as], list(one.synonyms)) for one in Evidence]
    assert all(f"`{word}`" in read_topic("words") for word in Confidence)


def test_the_glossary_is_sorted_and_explains_each_word_once() -> None:
    words = [word for word, _ in list_rows("words", "word | meaning")]
    assert words == sorted(set(words))


def test_the_documented_checks_are_complete_and_in_order() -> None:
    documented = [row[0].strip("`") for row in list_rows("database", "check | what it finds | exceptions")]
    assert documented == [*Check]


def test_the_documented_fields_of_the_format_are_those_that_load_reads() -> None:
    """A field that is documented but not read would be a fault in every file that follows the manual."""
    rows = dict(list_rows("formats", "list | fields of a row"))
    assert [name.strip("`") for name in rows] == [*LISTS]
    for name, fields in rows.items():
        list_ = name.strip("`")
        plain = re.sub(r"\([^)]*\)", "", fields).replace("**", "")
        words = [word for word in re.split(r"[,;]| and |at least one of", plain) if word.strip()]
        documented = {word.strip() for word in words}
        if list_ != "kinds":
            known = read_fields(list_)
            assert documented == known, list_


def read_fields(list_: str) -> set[str]:
    """Return the fields that a row of a list can have, as the reader itself lists them."""
    row = {"nothing-like-a-field": 1}
    example = {"format": "nkplan/2", list_: row if list_ == "settings" else [row]}
    faults = [
        str(fault) for fault in read_file(json.dumps(example).encode(), date.fromisoformat(TODAY)).faults
    ]
    listed = next(fault for fault in faults if "write one of " in fault)
    return set(re.split(r", | and ", listed.split("write one of ")[1]))


def test_the_example_file_loads_into_the_shipped_record(tmp_path: Path) -> None:
    (tmp_path / "example.json").write_text(ADDITION, "utf-8")
    done = run(tmp_path / "x.db", "load", str(tmp_path / "example.json"))
    assert done.code == 0, done.err
    assert "mundok-greenhouse-farm" in done.out
    assert "groundbroken" in done.out


def test_the_example_of_json_lines_loads_after_the_first_example(tmp_path: Path) -> None:
    (tmp_path / "first.json").write_text(ADDITION, "utf-8")
    (tmp_path / "then.jsonl").write_text(JSON_LINES, "utf-8")
    assert run(tmp_path / "x.db", "load", str(tmp_path / "first.json")).code == 0
    done = run(tmp_path / "x.db", "load", str(tmp_path / "then.jsonl"))
    assert done.code == 0, done.err


def test_the_example_of_another_country_loads_into_a_bare_database(tmp_path: Path) -> None:
    db = tmp_path / "ghana.db"
    (tmp_path / "ghana.json").write_text(BARE_RECORD, "utf-8")
    assert "nkplan --db ghana.db load ghana.json --dry-run" in read_topic("formats")
    assert run(tmp_path / "x.db", "--db", "ghana.db", "load", "ghana.json", "--dry-run").code == 0
    assert not db.exists()
    done = run(tmp_path / "x.db", "--db", "ghana.db", "load", "ghana.json")
    assert done.code == 0, done.err
    rows = run_json(db, "report")["rows"]
    assert [(row["programme"], row["promised"], row["named"]) for row in rows] == [("1d1f", 216, 1)]


@pytest.mark.parametrize("topic", ["architecture", "taking-part", "database", "record"])
def test_every_path_named_in_the_manual_exists(topic: str) -> None:
    named = re.findall(r"(?<![\w/])((?:nkplan|tests|\.ci)/[a-z][\w./-]*\w)", read_topic(topic))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_promise_names_tests_that_exist() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", read_topic("taking-part"))
    assert len(named) >= 30
    assert [f"{path}::{name}" for path, name in named if name not in list_tests(path)] == []


def list_tests(path: str) -> set[str]:
    """Return the names of the functions of a test module."""
    return set(re.findall(r"^def (\w+)\(", (ROOT / path).read_text("utf-8"), re.MULTILINE))


def test_the_documented_limits_are_those_that_hold() -> None:
    limits = read_topic("formats").split("## Limits")[1].split("##")[0]
    documented = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", limits)}
    assert documented == {
        80,
        LONGEST_TEXT,
        LARGEST_FILE >> 20,
        LONGEST_LINE,
        LONGEST_SEARCH,
        MOST_WORDS,
        MOST_FAULTS,
    }
    assert read_id("a" * 80) == "a" * 80
    with pytest.raises(ValueError, match="at most 80"):
        read_id("a" * 81)


def test_the_line_with_fzf_shows_the_site_that_is_chosen(record: Path) -> None:
    """With a fzf in which the user chooses the last line below the heading."""
    (line,) = re.findall(r'^nkplan show "\$\(.*fzf.*$', read_topic("commands"), re.MULTILINE)
    environment = install(record)
    fzf = record.parent / "bin" / "fzf"
    fzf.write_text('#!/bin/sh\ntest "$*" = --header-lines=1 && tail -n +2 | tail -n 1\n', "utf-8")
    fzf.chmod(0o755)
    done = subprocess.run(
        ["sh", "-c", line], env=environment, cwd=record.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    last = read_ids(run(record, "list"))[-1]
    assert done.stdout == run(record, "show", last).out
