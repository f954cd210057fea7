"""Each format prints exactly its golden file, which is a real file of its kind.

NKPLAN_GOLDEN=write python -m pytest tests/render/test_formats.py   writes the golden files again
"""

import csv
import io
import json
import os
from pathlib import Path

import pytest
from program import ROOT, run, run_json, run_process

from nkplan.reports.sites import LIST_COLUMNS

GOLDEN = ROOT / "tests" / "golden"
FORMATS = ("table", "tsv", "csv", "json", "jsonl", "md")
CASES = {
    "list": ("list", "--programme", "20x10", "--sort", "last_evidence"),
    "list-overdue": ("list", "--overdue"),
    "report": ("report",),
    "report-by-region": ("report", "--by", "region"),
    "report-at-a-moment": ("report", "--as-of", "2024-12-31", "--known-on", "2024-12-31"),
    "report-conflicts": ("report", "conflicts", "--year", "2024", "--as-of", "2025-12-31"),
    "report-slips": ("report", "slips"),
    "report-pace": ("report", "pace"),
    "report-missing": ("report", "missing", "--programme", "service-centres"),
    "report-durations": ("report", "durations"),
    "report-coverage": ("report", "coverage"),
    "report-changes": ("report", "changes", "--since", "2026-06"),
    "show-site": ("show", "unpha"),
    "show-programme": ("show", "atomic-and-tidal-power"),
    "show-cohort": ("show", "20x10-2024"),
    "show-announcement": ("show", "20x10-policy"),
    "show-source": ("show", "kcnaw-ownproducts"),
    "show-place": ("show", "Kaesong"),
}


def list_formats(name: str) -> tuple[str, ...]:
    """Return the formats to test; views of the report are written as the report itself, so a few will do."""
    return FORMATS if name in {"report", "report-by-region"} or "report" not in name else FEW


FEW = ("table", "tsv", "json", "md")


@pytest.mark.parametrize(
    ("name", "format_"), [(name, format_) for name in CASES for format_ in list_formats(name)]
)
def test_the_output_of_a_format_is_its_golden_file(record: Path, name: str, format_: str) -> None:
    # The list is printed by a real process, as for a user.
    run_it = run_process if name == "list" else run
    done = run_it(record, *CASES[name], "-f", format_, COLUMNS="160")
    assert (done.code, done.err) == (0, "")
    golden = GOLDEN / f"{name}.{'txt' if format_ == 'table' else format_}"
    if os.environ.get("NKPLAN_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(done.out, "utf-8")
    assert done.out == golden.read_text("utf-8")


def test_every_object_of_a_list_has_the_documented_keys(record: Path) -> None:
    keys = [column.key for column in LIST_COLUMNS]
    rows = run_json(record, "list")
    lines = [json.loads(line) for line in run(record, "list", "-f", "jsonl").out.splitlines()]
    assert rows == lines
    assert all(list(row) == keys for row in rows)
    assert run(record, "list").out.splitlines()[0].split("\t") == keys


def test_values_have_their_types_in_json(record: Path) -> None:
    row = run_json(record, "list", "songchon")[0]
    assert (row["year"], row["progress"], row["updates"]) == (2024, 100, 14)
    assert (row["unverified"], row["overdue"]) == (True, False)
    assert (row["promised"], row["last_evidence"]) == ("2024", "2025-Q3")
    assert run_json(record, "list", "canal")[0]["year"] is None


def test_csv_and_tsv_have_the_same_cells(record: Path) -> None:
    read = list(csv.reader(io.StringIO(run(record, "list", "-f", "csv").out)))
    assert read == [line.split("\t") for line in run(record, "list").out.splitlines()]


def test_csv_and_tsv_of_a_page_have_every_value_of_its_json(record: Path) -> None:
    page = run_json(record, "show", "songchon")
    rows = [line.split("\t") for line in run(record, "show", "songchon").out.splitlines()]
    assert rows[0] == ["section", "row", "field", "value"]
    told = {(section, row, field): value for section, row, field, value in rows[1:]}
    for number, entry in enumerate(page["timeline"], 1):
        for field, value in entry.items():
            cell = told.get(("timeline", str(number), field))
            if isinstance(value, list):
                assert all(one["item"] in (cell or "") for one in value)
            else:
                assert cell == (None if value is None else str(value))


def test_a_cell_that_a_spreadsheet_would_run_gets_a_quote_and_numbers_do_not(record: Path) -> None:
    notes = ["=1+1", "@SUM(A1)", "+1", "-1"]
    for percent, note in enumerate(notes, 5):
        run(record, "update", "songchon", "--note", note, "--on", "2026", "--percent", str(percent))
    cells = [row[3] for row in csv.reader(io.StringIO(run(record, "show", "songchon", "-f", "csv").out))]
    for note in notes:
        assert f"'{note}" in cells
        assert note not in cells
    assert "39.298" in run(record, "show", "kp-02-songchon", "-f", "csv").out


def test_markdown_and_html_in_a_note_are_escaped(record: Path) -> None:
    note = "a | b <script>alert(1)</script> **bold** [link](https://e.org) `code` \\"
    run(record, "update", "songchon", "--note", note, "--on", "2026")
    text = run(record, "show", "songchon", "-f", "md").out
    line = next(line for line in text.splitlines() if "alert" in line)
    assert r"a \| b \<script\>alert(1)\</script\> \*\*bold\*\* \[link\](https://e.org) \`code\` \\" in line


def test_a_pipe_has_whole_values_and_no_colours(record: Path) -> None:
    note = "long " * 300
    run(record, "update", "songchon", "--note", note, "--on", "2026")
    done = run_process(record, "show", "songchon")
    assert note.strip() in done.out
    for format_ in FORMATS:
        assert "\x1b" not in run(record, "show", "songchon", "-f", format_).out
        assert "\x1b" not in run(record, "list", "-f", format_).out


@pytest.mark.parametrize("suffix", ["tsv", "csv", "json", "jsonl", "md"])
def test_the_file_ending_chooses_the_format(record: Path, suffix: str) -> None:
    file = record.parent / f"list.{suffix}"
    file.write_text("old", "utf-8")
    done = run(record, "list", "-o", str(file))
    assert (done.code, done.out, done.err) == (0, "", "")
    assert file.read_text("utf-8") == run(record, "list", "-f", suffix).out
    assert sorted(path.name for path in record.parent.iterdir()) == sorted([file.name, "nkplan.db"])


def test_a_command_that_fails_leaves_the_output_file_unchanged(record: Path) -> None:
    file = record.parent / "list.csv"
    file.write_text("old", "utf-8")
    assert run(record, "show", "nowhere", "-o", str(file)).code == 3
    assert file.read_text("utf-8") == "old"


def test_output_to_a_symlink_writes_its_target_and_keeps_the_link(record: Path) -> None:
    file, link = record.parent / "list.csv", record.parent / "latest.csv"
    file.write_text("old", "utf-8")
    link.symlink_to(file)
    assert run(record, "list", "-o", str(link)).code == 0
    assert link.is_symlink()
    assert file.read_text("utf-8").startswith("id,name,")


def test_an_output_file_keeps_its_permissions(record: Path) -> None:
    file = record.parent / "list.csv"
    file.write_text("old", "utf-8")
    file.chmod(0o600)
    assert run(record, "list", "-o", str(file)).code == 0
    assert oct(file.stat().st_mode & 0o777) == oct(0o600)


def test_a_pipe_gets_utf_8_whatever_the_encoding_of_the_machine(record: Path) -> None:
    """A pipe on Windows has the machine's code page; cp1252 has no Hangul."""
    done = run_process(record, "show", "kp-02-songchon", PYTHONUTF8="0", PYTHONIOENCODING="cp1252")
    assert (done.code, done.err) == (0, "")
    assert "성천군" in done.out


@pytest.mark.parametrize("text", ["# big", "- deeper", "+ deeper", "1. one", "~~~", "> said", "~~gone~~"])
def test_text_on_record_starts_no_markdown_block(record: Path, text: str) -> None:
    announcement = {
        "id": "a",
        "title": text,
        "announced": "2026",
        "source": "s",
        "terms": [text],
        "said": text,
    }
    sources = [{"id": "s", "url": "https://e.org/s"}]
    file = {"format": "nkplan/2", "sources": sources, "announcements": [announcement]}
    loaded = run(record, "load", "-", stdin=json.dumps(file).encode())
    assert loaded.code == 0, loaded.err
    lines = run(record, "show", "a", "-f", "md").out.splitlines()
    term = lines[lines.index("## Terms") + 2]
    bare = term.removeprefix("- ")
    assert not bare.startswith(("# ", "- ", "+ ", "1. ", "~~~", "> ")), term
    assert "~~" not in term


@pytest.mark.parametrize(
    "thing", ["unpha", "20x10-2024", "20x10", "20x10-policy", "kcnaw-ownproducts", "Kaesong"]
)
def test_the_json_of_a_page_has_every_fact_that_its_tsv_has(record: Path, thing: str) -> None:
    page = run_json(record, "show", thing)
    rows = [line.split("\t") for line in run(record, "show", thing).out.splitlines()[1:]]
    facts = {field: value for _, row, field, value in rows if not row}
    assert len(facts) > 5
    for field, value in facts.items():
        assert not isinstance(page[field], list), field
        assert str(page[field]) in {value, str(value == "yes")}, field
