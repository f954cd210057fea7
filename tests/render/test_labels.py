"""A record's own words are what people see, and never what a program reads."""

import json
import re
import shutil
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from each import for_each, spread
from program import run, run_json, show
from records import load, make_site

from nkplan.layout.grid import Column, Grid, Phrase
from nkplan.layout.labels import Labels
from nkplan.model.vocabulary import LABELLED

FOR_PEOPLE = ("table", "md")
DATA = ("tsv", "csv", "json", "jsonl")
LABELS = {word: f"w{number}w" for number, word in enumerate(LABELLED)}
"""A label for every word, that occurs nowhere else."""
WORDS = re.compile(rf"\b({'|'.join(LABELLED)})s?\b", re.IGNORECASE)
CLASSES = [word for word in LABELLED if word != "region"]


def set_labels(db: Path, **labels: str) -> None:
    """Store labels as somebody with sqlite3 would, whatever the rules for them are."""
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("DELETE FROM settings WHERE id LIKE 'label %'")
        connection.executemany(
            "INSERT INTO settings (id, value, change_id) VALUES (?, ?, 1)",
            [(f"label {word}", label) for word, label in labels.items()],
        )


@pytest.fixture(scope="module")
def with_labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a record with a label for every word, an update of every class, and a site without a region."""
    db = tmp_path_factory.mktemp("labelled") / "labelled.db"
    sources = [
        {"id": f"s{number}", "url": f"https://e.org/{number}", "evidence": word}
        for number, word in enumerate(CLASSES)
    ]
    updates = [
        {
            "project": "a",
            "event_date": f"202{number}",
            "status": "completed",
            "promised": f"203{number}",
            "evidence": word,
            "source": f"s{number}",
        }
        for number, word in enumerate(CLASSES)
    ]
    load(
        db,
        settings={"labels": LABELS},
        kinds=["other"],
        places=[{"id": "north", "name": "North"}],
        sources=sources,
        projects=[make_site("a", "north"), make_site("b")],
        updates=updates,
    )
    return db


@pytest.fixture(scope="module")
def without_labels(with_labels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same record without its labels."""
    db = Path(shutil.copy(with_labels, tmp_path_factory.mktemp("bare")))
    set_labels(db)
    return db


@pytest.fixture
def labelled(with_labels: Path, tmp_path: Path) -> Path:
    """Return the record with labels, for one test only."""
    return Path(shutil.copy(with_labels, tmp_path))


SHOWN = [
    ("list", "--columns", "id,region,region_name"),
    ("report", "--by", "region"),
    ("report", "coverage"),
    ("report", "conflicts"),
    ("report", "slips"),
    ("show", "a"),
    *(("show", f"s{number}") for number in range(len(CLASSES))),
]


@pytest.mark.parametrize("format_", FOR_PEOPLE)
@for_each("arguments", SHOWN)
def test_people_see_the_label_wherever_the_word_was(
    with_labels: Path, without_labels: Path, arguments: tuple[str, ...], format_: str
) -> None:
    """Without labels the same output has the words in the same places, with the same letters in capitals."""
    told = run(with_labels, *arguments, "-f", format_).out
    bare = run(without_labels, *arguments, "-f", format_).out
    # A command to copy has the words that can be typed.
    words = WORDS.findall(re.sub(r"--region \S+", "", bare))
    assert words
    labels = [LABELS[word.casefold()] for word in words]
    found = re.findall(r"\bw\dw\b", told, re.IGNORECASE)
    assert [label.casefold() for label in found] == labels
    assert [label[0].isupper() for label in found] == [word[0].isupper() for word in words]
    assert WORDS.findall(re.sub(r"--region \S+", "", told)) == []


@pytest.mark.parametrize("format_", DATA)
@for_each("arguments", SHOWN)
def test_data_is_the_same_with_and_without_labels(
    with_labels: Path, without_labels: Path, arguments: tuple[str, ...], format_: str
) -> None:
    told = run(with_labels, *arguments, "-f", format_).out
    assert told == run(without_labels, *arguments, "-f", format_).out
    assert WORDS.search(told)


def test_an_output_file_of_data_has_no_label_and_one_of_markdown_has(labelled: Path) -> None:
    for suffix, has_label in (("csv", False), ("jsonl", False), ("md", True)):
        file = labelled.parent / f"a.{suffix}"
        assert run(labelled, "show", "a", "-o", str(file)).code == 0
        assert ("w0w" in file.read_text("utf-8")) == has_label, suffix


def test_an_export_has_the_words_beside_the_labels(labelled: Path) -> None:
    file = json.loads(run(labelled, "export").out)
    assert file["settings"]["labels"] == LABELS
    assert sorted(one["evidence"] for one in file["sources"]) == sorted(CLASSES)


def test_a_terminal_shows_labels_in_columns_as_wide_as_they_are(labelled: Path) -> None:
    set_labels(labelled, region="administrative-division-of-first-order")
    arguments = ("--columns", "region_name,id")
    lines = show(labelled, 100, "list", *arguments).lines
    assert lines[1:] == [
        "Administrative-division-of-first-order",
        "name                                    ID",
        "North                                   a",
        "                                        b",
    ]
    lines = show(labelled, 140, "report", "--by", "region").lines
    assert any(line.startswith("Administrative-division-of-first-order ") for line in lines)


def test_what_is_typed_and_what_is_refused_keep_the_words(labelled: Path) -> None:
    assert run(labelled, "list", "--region", "North").code == 0
    assert (
        "there is no region 'Nowhere'; write one of North" in run(labelled, "list", "--region", "Nowhere").err
    )
    assert run(labelled, "report", "--by", LABELS["region"]).code == 2
    assert run(labelled, "update", "b", "building", "--on", "2024", "--evidence", LABELS["press"]).code == 2


def test_the_echo_has_the_label_and_the_journal_the_word(labelled: Path) -> None:
    done = run(labelled, "update", "b", "building", "--on", "2024", "--evidence", "press")
    assert f"b: 2024, building, {LABELS['press']}, unsourced" in done.out
    with closing(sqlite3.connect(labelled)) as connection:
        summaries = [row[0] for row in connection.execute("SELECT summary FROM changes ORDER BY id")]
    assert summaries[-1] == "b: 2024, building, press, unsourced"
    undone = run(labelled, "undo").out
    assert f"update b: 2024, building, {LABELS['press']}, unsourced" in undone


@pytest.mark.parametrize(
    "hostile",
    [
        "a\x1b]52;c;aGk=\x07b\x1b[2Jc\x9b31md\u202ee\u200bf\rg\x00h",
        "[red]stop[/red] :smile: [link=https://e.org]x[/link]",
        "a | b <script>alert(1)</script> `c` **d**",
        "# big\n\n| x |",
        "x" * 4000,
        "성천군" * 1000,
    ],
    ids=ascii,
)
def test_a_hostile_label_steers_nothing(labelled: Path, hostile: str) -> None:
    set_labels(labelled, region=hostile, promiser=hostile)
    for arguments in spread(SHOWN[:7], 4):
        raw = show(labelled, 200, *arguments, NO_COLOR="1").raw
        text = re.sub(rb"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\x07]*\x1b\\", b"", raw).decode()
        assert [one for one in text if unicodedata.category(one) in {"Cc", "Cf"} and one not in "\r\n"] == []
        assert "x" * 41 not in text
        markdown = run(labelled, *arguments, "-f", "md").out
        assert not re.search(r"(?<!\\)<script|(?<!\\)`c|(?<!\\)\*d|^# big|^\| x \|$", markdown, re.MULTILINE)
        # Every row of a table of Markdown has as many cells as its heading.
        for table in re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE):
            rows = [len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()]
            assert len(set(rows)) == 1, table


@pytest.mark.parametrize("label", ["", "   ", "\n"])
def test_an_empty_label_in_a_damaged_record_is_none(labelled: Path, label: str) -> None:
    set_labels(labelled, region=label, press=label)
    told = run(labelled, "list", "--columns", "region_name", "-f", "md").out
    assert told.splitlines()[2] == "| Region name |"


def test_a_label_of_a_word_that_has_none_changes_nothing(labelled: Path) -> None:
    set_labels(labelled, completed="done", id="number", status="stage")
    told = run(labelled, "show", "a", "-f", "md").out
    set_labels(labelled)
    assert told == run(labelled, "show", "a", "-f", "md").out


def test_the_echo_of_a_publisher_has_the_label_of_its_usual_class(labelled: Path) -> None:
    one = {"domain": "e.org", "name": "E", "evidence": "promiser"}
    load(labelled, publishers=[one])
    assert f"  publisher e.org  E, {LABELS['promiser']}\n" in run(labelled, "undo", "--dry-run").out


def test_only_what_says_so_is_a_word() -> None:
    """A region may be called Press, and a kind promiser: names on record are no words of the program."""
    labels = Labels({"press": "paper", "region": "oblast"})
    columns = (Column("name", "Region"), Column("evidence", Phrase.of("{} ID", "Region"), is_word=True))
    grid = labels.fill_grid(Grid(columns, (("press", "press"), (Phrase.of("no {}", "region"), None))))
    assert [column.title for column in grid.columns] == ["Region", "Oblast ID"]
    assert grid.rows == (("press", "paper"), ("no oblast", None))


def test_the_shipped_record_calls_its_regions_provinces(seeded: Path) -> None:
    assert "| Province | Named |" in run(seeded, "report", "--by", "region", "-f", "md").out
    assert "state media" in run(seeded, "show", "songchon", "-f", "table").out
    assert "region_name" in run_json(seeded, "list")[0]
