"""On a screen too narrow for a table, headings stay whole and nothing is lost."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from each import for_each, spread
from program import run

from nkplan.reports.views import VIEWS

SHOWN = [("list",), ("list", "--columns", "id,status,promised"), *(("report", view) for view in VIEWS)]


@cache
def read_table(db: Path, arguments: tuple[str, ...], width: int) -> str:
    since = ("--since", "2026-05") if arguments[-1] == "changes" else ()
    done = run(db, *arguments, *since, "--limit", "3", "-f", "table", COLUMNS=str(width))
    assert done.code == 0
    return done.out + done.err


@cache
def read_first_row(db: Path, arguments: tuple[str, ...]) -> str:
    since = ("--since", "2026-05") if arguments[-1] == "changes" else ()
    return run(db, *arguments, *since, "-f", "tsv").out.split("\n")[1]


@pytest.mark.parametrize("arguments", SHOWN, ids=" ".join)
@for_each("width", spread([60, 40, 19, 7, 1], 3))
def test_no_heading_breaks_inside_a_word(seeded: Path, arguments: tuple[str, ...], width: int) -> None:
    """A column that has no room is left out; a word of any other heading is whole."""
    wide, narrow = read_table(seeded, arguments, 300), read_table(seeded, arguments, width)
    head = wide.split("\n")[1:3] if "\n" in wide else []
    # Headings take one line or two; the line of the first row begins with what stands in its first cell.
    first_row = read_first_row(seeded, arguments)
    if first_row and head[-1].startswith(first_row.split("\t")[0]):
        del head[-1]
    headings = {word for line in head for word in re.findall(r"[A-Z][a-z]+", line)}
    # What has no room is left out with its whole heading, or stands in the legend.
    shown = {word for line in narrow.split("\n") for word in re.findall(r"\w+", line)}
    cut = [
        (word, part)
        for word in headings - shown
        for part in shown - headings
        if len(part) > 2 and word.startswith(part)
    ]
    assert cut == []


@pytest.mark.parametrize("width", [60, 19, 7, 1])
def test_a_report_loses_its_bars_before_its_numbers(seeded: Path, width: int) -> None:
    wide, narrow = read_table(seeded, ("report",), 300), read_table(seeded, ("report",), width)
    rows = [line.split() for line in wide.splitlines() if re.match("20x10 factories |  +20", line)]
    assert len(rows) >= 3
    for row in rows:
        # The year and the numbers are on one line, however narrow the screen is, in fewer columns.
        year, promised, named, *counts = row[(row[0] == "20x10" and 2) or 0 :]
        alike = ["/".join(counts[:2]), "/".join(counts[2:4]), "/".join(counts[5:7])]
        assert re.search(r"\s+".join([year, promised, named, *alike]), narrow)
    assert "█" not in narrow


@pytest.mark.parametrize("arguments", spread(SHOWN, 5), ids=" ".join)
def test_a_width_of_0_is_no_width(seeded: Path, arguments: tuple[str, ...]) -> None:
    since = ("--since", "2026-05") if arguments[-1] == "changes" else ()
    without = run(seeded, *arguments, *since, "-f", "table")
    assert run(seeded, *arguments, *since, "-f", "table", COLUMNS="0").out == without.out


def test_a_table_without_rows_has_its_headings(seeded: Path) -> None:
    done = run(seeded, "list", "--status", "cancelled", "-f", "table")
    assert done.code == 0
    assert {"ID", "Name", "Province"} <= set(done.out.split())


@pytest.mark.parametrize("width", [200, 80, 40])
def test_every_date_of_a_timeline_is_whole(tmp_path: Path, width: int) -> None:
    """One with two ends may break at its slash, and nowhere else."""
    dates = [
        "2024",
        "2024-03",
        "2024-03-15",
        "../2024-03-05",
        "2024-H1/2025-Q1",
        "2024-03-15/2024-04-16",
        "2024-12-10/..",
    ]
    updates = [{"project": "dam", "event_date": one, "status": "building"} for one in dates]
    projects = [{"id": "dam", "name": "Dam", "type": "site", "kind": "other"}]
    content = {"format": "nkplan/2", "kinds": ["other"], "projects": projects, "updates": updates}
    (tmp_path / "dam.json").write_text(json.dumps(content))
    db = tmp_path / "dam.db"
    assert run(db, "load", str(tmp_path / "dam.json")).code == 0
    shown = run(db, "show", "dam", "-f", "table", COLUMNS=str(width)).out
    timeline = shown.partition("Timeline\n")[2].split("\n\n")[0].splitlines()
    starts = [line.split()[0] for line in timeline if line[:1].strip()]
    assert sorted("".join(starts).replace("/", "")) == sorted("".join(dates).replace("/", ""))
    assert {*starts} == {
        part for one in dates for part in ([one] if len(one) <= 10 else re.findall(r"[^/]+/?", one))
    }
