"""What the user sees on a real terminal, 80, 120 and 200 columns wide."""

import json
import re
import shutil
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from program import Shown, read_ids, run, show

WIDTHS = (80, 120)
SHOWN = [("list",), ("report",), ("show", "20x10"), ("show", "hangul-2")]
HANGUL = "성천군 지방공업공장과 종합봉사소 및 병원 건설 대상"


def cells(text: str) -> int:
    """Count the cells that a text takes on a terminal: Hangul and other wide characters take two."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def text_of(shown: Shown) -> str:
    return "\n".join(shown.lines)


@pytest.fixture(scope="module")
def hangul(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the record with additional projects that have Hangul names; tests must not write to it."""
    record = Path(shutil.copy(seeded, tmp_path_factory.mktemp("hangul")))
    for number in range(3):
        name = HANGUL[: 6 + 10 * number]
        words = ("--kind", "factory", "--place", "성천군", "--id", f"hangul-{number}", "--on", "2026-01")
        done = run(record, "add", name, *words, "--evidence", "promiser")
        assert done.code == 0, done.err
    return record


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "arguments", [("list",), ("report",), ("show", "20x10"), ("show", "hangul-2")], ids=str
)
def test_no_line_is_wider_than_the_terminal(hangul: Path, width: int, arguments: tuple[str, ...]) -> None:
    shown = show(hangul, width, *arguments)
    assert shown.code == 0
    plain = re.sub(rb"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", b"", shown.raw).decode()
    lines = [line for line in plain.splitlines() if not line.startswith("nkplan: ")]
    assert len(lines) > 5
    assert max(map(cells, lines)) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_the_columns_of_a_list_are_aligned_with_and_without_hangul(hangul: Path, width: int) -> None:
    """The evidence dates of all rows begin in the same cell, whatever comes before them."""
    lines = show(hangul, width, "list").raw.decode()
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines.splitlines()]
    places = {
        cells(line[: found.start()])
        for line in plain
        if (found := re.search(r"\.\./|\b20\d\d(-[QH]?\d+){0,2}\b(?= )", line))
        and not line.startswith("nkplan")
    }
    assert len(places) == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_numbers_are_aligned_to_the_right(record: Path, width: int) -> None:
    lines = show(record, width, "report").lines
    total = next(line for line in lines if line.startswith("With a number"))
    first = next(line for line in lines if line.startswith("20x10"))
    ends = [[found.end() for found in re.finditer(r"(?<= )[\d/]+(?= |$)", line)] for line in (total, first)]
    # Promised, named, and what is counted: in eight columns, or in three where there is less room.
    number = 2 + (8 if width > 100 else 3)
    assert len(ends[0]) == number
    assert ends[0] == ends[1][-number:]


@pytest.mark.parametrize("width", WIDTHS)
def test_ids_are_never_shortened(record: Path, width: int) -> None:
    ids = [line.split("\t")[0] for line in run(record, "list").out.splitlines()[1:]]
    assert max(map(len, ids)) > 30
    shown = show(record, width, "list", "--limit", "0").lines
    # A long one breaks after a hyphen.
    first = [line.split()[0] for line in shown[3:] if not line.startswith(" ")]
    whole = re.sub(r"-\n", "-", "\n".join(first)).split("\n")
    assert whole == ids
    assert len(first) - len(whole) < len(ids) / 5


def test_a_narrow_terminal_keeps_what_was_promised_claimed_and_verified(record: Path) -> None:
    every = ("list", "--limit", "0")
    narrow, wide = text_of(show(record, 80, *every)), text_of(show(record, 200, *every))
    headings = " ".join(narrow.split("\n")[1:3]).casefold()
    for word in ("id", "status", "claimed", "verified", "last", "evidence", "promised"):
        assert word in headings.split()
    assert "kind" not in headings
    # What was left out is told nowhere: it would be told on every list.
    assert "nkplan: " not in narrow
    assert "overdue" in wide


def test_all_requested_columns_are_shown(record: Path) -> None:
    text = text_of(show(record, 80, "list", "songchon", "--columns", "name,verified,id"))
    assert text.splitlines()[0] == 'Sites with "songchon", as of today, 2026-11-24'
    assert text.splitlines()[1].split() == ["Name", "Verified", "ID"]
    assert "Songchon regional factories" in text


def test_a_list_over_the_limit_says_how_many_sites_there_are(record: Path) -> None:
    before = read_ids(run(record, "list"))
    sites = [{"id": f"site-{n}", "name": f"Site {n}", "type": "site", "kind": "other"} for n in range(60)]
    run(record, "load", "-", stdin=json.dumps({"format": "nkplan/2", "projects": sites}).encode())
    shown = show(record, 160, "list").lines
    assert shown[-1] == f"nkplan: 50 of {len(before) + 60} shown; --limit 0 for all"
    assert len([line for line in shown if re.match(r"\S+-\S+ ", line)]) == 50
    every = show(record, 160, "list", "--limit", "0").lines
    assert len([line for line in every if re.match(r"\S+-\S+ ", line)]) == len(before) + 60


def test_the_url_of_a_source_is_a_link_on_a_terminal(record: Path) -> None:
    raw = show(record, 120, "show", "songchon").raw.decode()
    assert re.search(r"\x1b\]8;[^;]*;https://kcnawatch\.org/newstream/1733734987[^\x1b]*\x1b\\", raw)


def test_no_color_removes_colours_and_nothing_else(record: Path) -> None:
    coloured, plain = show(record, 120, "list"), show(record, 120, "list", NO_COLOR="1")
    assert re.search(rb"\x1b\[[0-9;]*3[0-7]m", coloured.raw)
    assert not re.search(rb"\x1b\[[0-9;]*3[0-7]m", plain.raw)
    assert coloured.lines == plain.lines


def test_markup_and_emoji_codes_in_data_are_shown_as_written(record: Path) -> None:
    note = "[red]stop[/red] :smile: [link=https://e.org]x[/link]"
    run(record, "update", "songchon", "--note", note, "--on", "2026")
    run(record, "add", "[bold]Dam[/bold] :boom:", "--kind", "canal", "--on", "2026", "--id", "dam")
    assert note in text_of(show(record, 120, "show", "songchon"))
    assert "[bold]Dam[/bold] :boom:" in text_of(show(record, 200, "list", "dam"))


@pytest.mark.parametrize("format_", ["table", "tsv", "csv", "md"])
def test_control_characters_in_the_database_never_reach_the_terminal(record: Path, format_: str) -> None:
    hostile = "a\x1b]52;c;aGk=\x07b\x1b[2Jc\x9b31md\u202ee\u200bf\rg\x00h"
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("UPDATE projects SET name = ? WHERE id = 'songchon-factories'", [hostile])
        connection.execute("UPDATE updates SET note = ? WHERE project = 'songchon-factories'", [hostile])
        connection.execute("UPDATE sources SET title = ?, publisher = ?", [hostile, hostile])
    for arguments in (("list", "--limit", "0"), ("show", "songchon-factories")):
        raw = show(record, 200, *arguments, "-f", format_, NO_COLOR="1").raw
        text = re.sub(rb"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\x07]*\x1b\\", b"", raw).decode()
        assert "\ufffd" in text
        bad = [sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf"} and sign not in "\r\n\t"]
        assert bad == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_report_has_a_bar_for_each_row_and_a_total_under_a_line(record: Path, width: int) -> None:
    lines = show(record, width, "report").lines
    legend = next(at for at, line in enumerate(lines) if "█ verified" in line)
    lines, notes = lines[: legend + 1], lines[legend + 1 :]
    assert lines[0] == "Progress, as of today, 2026-11-24"
    assert notes[-1] == "nkplan list --programme 20x10 --year 2024; report next | slips | conflicts | use"
    # Where there is less room, numbers of a kind share a column.
    parts = "claimed/verified, started any/seen  " if width == 80 else ""
    assert lines[-1] == f"{parts}█ verified ▓ claimed ░ started · promised"
    (rule,) = [at for at, line in enumerate(lines) if set(line) == {"─", " "}]
    assert lines[rule + 1].startswith("With a number")
    without = [at for at, line in enumerate(lines) if re.search(r" (no number|none) +\d", line)]
    assert min(without) == rule + 2
    # Power, chicken farms, greenhouses, the centres of 2025, what belongs to no programme, and in one row the
    # coal villages, homes, two kinds of housing and hospitals of the regions, which have no site.
    assert len(without) == 6
    assert re.match(r"5 others, no site +no number +0 ", lines[without[-1]])
    bars = [line for line in lines[:-1] if re.search(r"[█▓░·]{6,}$", line)]
    # Factories, hospitals and service centres have 3, 2 and 2 years; the first two also have other years.
    # Power, chicken farms, greenhouses and the sites without a programme have one row, and so has the total.
    assert len(bars) == (3 + 1) + (2 + 1) + 2 + 4 + 1


def test_requested_columns_are_not_shortened_on_a_narrow_terminal(record: Path) -> None:
    keys = "id,name,kind,place_name,status,claimed,verified,last_evidence"
    text = text_of(show(record, 80, "list", "songchon", "--columns", keys))
    # Cells break between words; nothing of them is cut.
    for value in ("songchon-", "factories", "regional", "County", "operating", "building", "2025-Q3"):
        assert value in text, text
    assert "…" not in text


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_shows_the_note_of_a_quota(record: Path, width: int) -> None:
    """The note of a quota says that its years are an inference; the number alone would say too much."""
    shown = show(record, width, "show", "county-hospitals")
    assert "which are taken to be the new plan's" in " ".join(text_of(shown).split())


@pytest.mark.parametrize("width", WIDTHS)
def test_the_names_in_the_progress_of_a_page_are_not_shortened(record: Path, width: int) -> None:
    """The name is all that identifies a row of progress: it shows no id."""
    lines = show(record, width, "show", "20x10").lines
    progress = lines[lines.index("Progress") : lines.index("Sites")]
    assert len(progress) > 3
    assert "…" not in "".join(progress)


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "\x1b[31mx\x9b0m"),
        ("list", "--db", "./\x1b[31mx.db"),
        ("show", "\x1b[31mx"),
        ("load", "\x1b[31mx"),
        ("add", "\x1b[31mx", "--kind", "canal", "--on", "2026"),
        ("list", "--kind", "\x1b[31mx"),
        ("list", "-o", "\x1b[31mx/y"),
        ("\x1b[31mx",),
        ("list", "--\x1b[31mx"),
    ],
    ids=ascii,
)
def test_messages_repeat_arguments_without_their_control_characters(
    record: Path, arguments: tuple[str, ...]
) -> None:
    done = run(record, *arguments)
    assert done.err.startswith("nkplan: ")
    assert [sign for sign in done.err if unicodedata.category(sign) == "Cc" and sign != "\n"] == []


def test_the_columns_that_answer_the_question_are_kept_on_a_narrow_terminal(record: Path) -> None:
    """How long a site has been silent, what is missing in which programme, and what changed."""
    silent = show(record, 80, "report", "silent").lines
    assert all(word in " ".join(silent[1:3]) for word in ("Months", "Status"))
    assert re.search(r"grand-canal .* 34\b", " ".join(silent))
    missing = show(record, 80, "report", "missing", "--programme", "county-hospitals").lines
    assert re.search(r"^county-hospitals +80 not named", "\n".join(missing), re.MULTILINE)
    changes = show(record, 80, "report", "changes", "--since", "2026-06").lines
    assert re.search(r"^rakwon-factories +1 status groundbroken > building", "\n".join(changes), re.MULTILINE)
