"""Hostile text, on record or typed, cannot control a terminal, a spreadsheet or a shell.

Every text column of a real database gets the characters of `unsafe.UNSAFE_RANGES`; of a range of a hundred or
more, only the first and the last.
"""

import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unicodedata import normalize
from xml.etree import ElementTree as ET

import pytest
from each import for_each, sample
from program import make_environment, run, run_json, run_process, show
from shells import complete
from unsafe import UNSAFE_RANGES

from nkplan.cli.app import COMMANDS
from nkplan.cli.loading import LARGEST_FILE
from nkplan.model.finding import Check
from nkplan.reports.charts.views import CHARTS
from nkplan.reports.lists import NOUNS
from nkplan.reports.views import VIEWS
from nkplan.text import find_unsafe
from nkplan.values import read_text, read_url

FORMATS = ("table", "tsv", "csv", "json", "jsonl", "md")
MARKUP = "[red]stop[/red] :smile: [link=https://e.org]x[/link]"
STORABLE = [
    chr(code)
    for first, last in UNSAFE_RANGES
    for code in (range(first, last + 1) if last - first < 100 else (first, last))
    if not 0xD800 <= code <= 0xDFFF
]
# SQLite's functions read text only up to a NUL, so NUL comes last.
HOSTILE = f" {MARKUP} a\n\tb{''.join(reversed(STORABLE))}"
# A user can type any bytes but NUL; bytes that are not UTF-8 arrive as lone surrogates.
TYPED = "".join(sign for sign in STORABLE if sign != "\0") + "\udc80\udcff"

# Of some findings there are a thousand, which take seconds to print: one format is enough for them.
MANY = {Check.STALE_NAMES, Check.STALE_SEARCH, Check.STALE_KEYS}
# The cells of some hundred updates take as long to wrap: a screen of them is enough.
FEW_UPDATES = ("list", "updates", "--limit", "40")
FEW_FINDINGS = ("check", *(f"--only={check}" for check in Check if check not in MANY))
READING = [
    ("list",),
    ("list", "--columns", "name,id,region_name", "--sort", "name"),
    *(("list", noun.name) for noun in NOUNS[1:]),
    FEW_UPDATES,
    ("list", "sites", "pyongyang"),
    *(("show", one) for one in ("songchon", "greenhouse-farms", "20x10-2024")),
    *(("show", one) for one in ("20x10-policy", "kcnaw-ownproducts", "kp-02-songchon")),
    *(("report", view) for view in VIEWS if view != "changes"),
    *(("chart", view) for view in CHARTS),
    ("map",),
    ("map", "--names", "local"),
    ("report", "changes", "--since", "2024"),
    *(("report", "--by", group) for group in ("kind", "region", "year", "programme", "status")),
    ("search", "factories"),
    ("search", "Songchon", "--list", "place"),
    ("check",),
    FEW_FINDINGS,
]


def list_text_columns(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield the text columns of all tables, except those of the search index."""
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in tables:
        if not re.match("words|sqlite_", table):
            for _, name, type_, *_ in connection.execute(f"PRAGMA table_info ({table})").fetchall():
                if type_ == "TEXT":
                    yield table, name


VOCABULARIES = {"statuses", "evidence_classes", "dates"}
"""The tables of words and dates; what refers to them can be nothing else."""


def list_references(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    """Return the columns of a table that refer to another, with that table."""
    found = connection.execute(f"PRAGMA foreign_key_list ({table})").fetchall()
    return {row[3]: row[2] for row in found}


def add_hostile_text(db: Path) -> set[str]:
    """Append every unsafe character to every text column; return the columns whose checks refuse that.

    Words and dates, and the names of settings, stay as they are: a row with another would be none.
    """
    guarded = set()
    with closing(sqlite3.connect(db)) as connection, connection:
        for table, column in list_text_columns(connection):
            referring = list_references(connection, table)
            if table in VOCABULARIES or referring.get(column) in VOCABULARIES or table == "settings":
                continue
            # Keys and the columns that refer to them get the same text, so that references stay valid.
            is_key = column == "id" or column in referring
            hostile = HOSTILE.rstrip("\0") if is_key else HOSTILE
            try:
                connection.execute(f'UPDATE {table} SET "{column}" = "{column}" || ?', [hostile])
            except sqlite3.IntegrityError:
                guarded.add(column)
        connection.execute("UPDATE settings SET value = value || ? WHERE id <> 'region_level'", [HOSTILE])
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    return guarded


MARKED: dict[str, object] = {
    "format": "nkplan/2",
    "publishers": [{"domain": "e.org", "name": "E", "evidence": "press"}],
    "projects": [
        {"id": "marked", "name": "Marked", "type": "site", "kind": "canal", "tags": ["t"],
         "identifiers": [{"scheme": "s", "id": "1"}], "organisations": [{"role": "owner", "name": "O"}]}
    ],
    "quotas": [
        {"project": "20x10", "kind": "canal", "quantity": 2, "per": "year", "unit": "locks", "label": "l",
         "note": "n"}
    ],
    "updates": [
        {"project": "marked", "event_date": "2026", "status": "building", "count": 1, "unit": "locks",
         "bound": "about", "speaker": "S", "figures": [{"item": "i", "value": 1, "unit": "u", "note": "n"}]}
    ],
}  # fmt: skip
"""Rows with the fields that no shipped row has."""


@pytest.fixture(scope="module")
def hostile_db(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database in which every text has every unsafe character."""
    db = Path(shutil.copy(seeded, tmp_path_factory.mktemp("hostile_db") / "nkplan.db"))
    dam = ("--kind", "canal", "--on", "2026", "--source", "https://e.org/dam", "--id", "dam")
    update = ("update", "dam", "--note", "n", "--on", "2026")
    for arguments in (("add", "Dike", *dam), ("undo",), ("add", "Dam", *dam), update):
        assert run(db, *arguments).code == 0
    assert run(db, "load", "-", stdin=json.dumps(MARKED).encode()).code == 0
    assert add_hostile_text(db) == {
        *("effective_day", "known_day", "recorded", "last_day", "day"),
        *("start_first", "start_day", "opened_first", "opened_day"),
        *("counts_as", "confidence", "bound", "type", "per", "part", "list", "content", "geometry"),
    }
    return db


@pytest.fixture
def in_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Change to an empty folder, in which the program can run in this process."""
    monkeypatch.chdir(tmp_path)


# Every format is tried with one call of each command, the other calls in one format of each sort.
EVERY = {("list",), ("show", "songchon"), ("report", "progress"), ("search", "factories")}
FEW = {arguments for arguments in READING if arguments not in EVERY}
SOME_FORMATS = dict.fromkeys(FEW, ("table", "json")) | {
    ("check",): ("json",),
    FEW_FINDINGS: ("table",),
    ("list", "updates"): ("json",),
    FEW_UPDATES: ("table",),
}


def test_a_page_has_no_character_that_could_steer_a_screen(hostile_db: Path) -> None:
    done = run(hostile_db, "publish", "20x10-2024")
    assert done.code == 0, done.err
    assert not set(done.out) & set(STORABLE) - {"\n"}
    assert "[red]stop[/red]" in done.out


@pytest.mark.usefixtures("in_empty_folder")
@pytest.mark.parametrize(
    ("arguments", "format_"),
    sample((arguments, format_) for arguments in READING for format_ in SOME_FORMATS.get(arguments, FORMATS)),
    ids=lambda one: str(one)[:60],
)
def test_no_format_prints_an_unsafe_character_of_the_record(
    hostile_db: Path, arguments: tuple[str, ...], format_: str
) -> None:
    done = run(hostile_db, *arguments, "-f", format_)
    assert done.code == (1 if arguments[0] == "check" else 0), done.err
    assert find_unsafe(done.out) is None
    assert find_unsafe(done.err) is None
    if arguments[0] in {"list", "show"}:
        # The text itself is printed, with something else in place of its unsafe characters.
        assert "\\u202e" in done.out if format_ in {"json", "jsonl"} else "\ufffd" in done.out
        assert MARKUP in done.out or format_ == "md"


@pytest.mark.parametrize("arguments", [("map",), ("chart", "sites")], ids=" ".join)
def test_a_picture_of_hostile_text_has_no_unsafe_character_and_no_live_markup(
    hostile_db: Path, arguments: tuple[str, ...]
) -> None:
    done = run(hostile_db, *arguments, "-f", "svg")
    assert (done.code, find_unsafe(done.out)) == (0, None)
    root = ET.fromstring(done.out)  # noqa: S314
    elements = {one.tag.removeprefix("{http://www.w3.org/2000/svg}") for one in root.iter()}
    assert elements <= {*"svg title desc style rect circle text g path pattern".split()}
    assert any("\ufffd" in text for text in root.itertext())


@pytest.mark.parametrize(
    "arguments", [("list",), ("show", "songchon"), ("report",), ("search", "factories")], ids=" ".join
)
def test_no_unsafe_character_of_the_record_reaches_a_terminal(
    hostile_db: Path, arguments: tuple[str, ...]
) -> None:
    raw = show(hostile_db, 120, *arguments).raw
    text = (
        re.sub(rb"\x1b\[[0-9;]*m|\x1b\]8;[^;]*;(https?://[!-~]*)?\x1b\\", b"", raw)
        .decode()
        .replace("\r\n", "\n")
    )
    assert "\ufffd" in text
    assert find_unsafe(text) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("undo",),
        ("undo", "--dry-run"),
        ("update", "dam", "idle", "--on", "2026"),
        ("update", "factories", "idle"),
        ("show", "factories"),
        ("list", "nowhere"),
        ("add", "Dike", "--kind", "factory", "--on", "2026"),
        ("list", "--region", "nowhere"),
    ],
    ids=" ".join,
)
def test_no_message_contains_an_unsafe_character_of_the_record(
    hostile_db: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    db = Path(shutil.copy(hostile_db, tmp_path / "nkplan.db"))
    done = run(db, *arguments)
    assert done.code in {0, 2, 3}, done.err
    assert done.out + done.err
    assert find_unsafe(done.out + done.err) is None
    assert "Traceback" not in done.err


def test_the_message_of_a_conflict_contains_no_unsafe_character_of_the_record(
    hostile_db: Path, tmp_path: Path
) -> None:
    db = Path(shutil.copy(hostile_db, tmp_path / "nkplan.db"))
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE sources SET id = 'mine' WHERE id GLOB 'ytn-20260204-three*'")
    row = {"id": "mine", "title": "Other"}
    done = run(db, "load", "-", stdin=json.dumps({"format": "nkplan/2", "sources": [row]}).encode())
    assert done.code == 2
    assert "title is 'Other' here and " in done.err
    assert find_unsafe(done.err) is None


def test_an_id_that_cannot_be_looked_up_is_reported_not_a_crash(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute(
            "UPDATE sources SET id = 'zzq' || char(0, 27) || 'c' WHERE id = 'ytn-20260204-three'"
        )
    done = run(record, "show", "zzq")
    assert (done.code, done.out) == (4, "")
    assert "its id has to be fixed with sqlite3" in done.err
    assert find_unsafe(done.err) is None


def test_json_prints_what_is_stored_character_for_character(hostile_db: Path) -> None:
    (page,) = (json.loads(run(hostile_db, "show", "songchon", "-f", "jsonl").out),)
    assert page == run_json(hostile_db, "show", "songchon")
    assert page["name"] == f"Songchon regional factories{HOSTILE}"
    assert "성천" in run(hostile_db, "show", "kp-02-songchon", "-f", "json").out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_offers_no_word_that_a_shell_would_execute_or_expand(
    record: Path, hostile_db: Path, shell: str
) -> None:
    for line in ("nkplan show song", "nkplan list --region S"):
        assert complete(hostile_db, shell, line) == []
    names = ["\\$(touch x)", "$(touch x)", "`touch x`", '"; touch x; "', "*", "a\nb", "\\"]
    with closing(sqlite3.connect(record)) as connection, connection:
        regions = connection.execute("SELECT id FROM places WHERE parent IS NULL ORDER BY id").fetchall()
        assert len(regions) > len(names)
        for name, (region,) in zip(names, regions, strict=False):
            connection.execute("UPDATE places SET name = ? WHERE id = ?", [name, region])
        left = connection.execute("SELECT name FROM places WHERE parent IS NULL").fetchall()
    offered = complete(record, shell, "nkplan list --region ")
    assert sorted(offered) == sorted(name for (name,) in left if name not in names)


@pytest.mark.parametrize("line", ["nkplan bogus s", "nkplan bogus --kind s"])
def test_completion_of_an_unknown_command_offers_at_most_commands(record: Path, line: str) -> None:
    assert set(complete(record, "bash", line)) <= set(COMMANDS)


NAMES = ["می\u200cخواهم", "👩\u200d🌾 farm", "שלום\u200f", "e\u0301te\u0301", "กำแพง", "성천", "Сонгчхон"]


@pytest.mark.parametrize("format_", FORMATS)
def test_names_in_every_script_are_printed_as_loaded_and_composed(record: Path, format_: str) -> None:
    sites = [
        {"id": f"site-{number}", "name": name, "type": "site", "kind": "canal"}
        for number, name in enumerate(NAMES)
    ]
    loaded = run(record, "load", "-", stdin=json.dumps({"format": "nkplan/2", "projects": sites}).encode())
    assert loaded.code == 0, loaded.err
    out = run(record, "list", "--kind", "canal", "-f", format_).out
    assert [name for name in NAMES if normalize("NFC", name) in out] == NAMES


# ---- text that the user types


@for_each("sign", [*(sign for sign in STORABLE if sign not in "\n\t"), "\ud800"])
def test_text_with_an_unsafe_character_is_refused(sign: str) -> None:
    for read in (read_text, read_url):
        with pytest.raises(ValueError, match=re.escape(f"U+{ord(sign):04X}")):
            read(f"https://e.org/a{sign}b")


@pytest.mark.usefixtures("in_empty_folder")
@for_each(
    "arguments",
    [
        (TYPED,),
        ("list", f"zz{TYPED}zz"),
        ("list", TYPED),
        ("list", f"--{TYPED}"),
        ("list", f"-{TYPED}"),
        ("list", "sites", TYPED),
        ("list", "updates", f"zz{TYPED}zz"),
        ("list", "-f", TYPED),
        ("list", "-o", f"{TYPED}.csv/x"),
        ("list", "-o", f"x.{TYPED}"),
        *(("list", f"--{name}", f"a{TYPED}") for name in "kind status region place programme year".split()),
        *(
            ("list", f"--{name}", f"a{TYPED}")
            for name in "claimed verified evidence publisher speaker since".split()
        ),
        *(("list", "updates", f"--{name}", f"a{TYPED}") for name in ("on", "author")),
        *(
            ("list", f"--{name}", TYPED)
            for name in "counted sort columns limit months as-of known-on db".split()
        ),
        ("show", f"a{TYPED}"),
        ("report", TYPED),
        ("report", "--by", TYPED),
        ("report", "changes", "--since", TYPED),
        ("search", f"zz{TYPED}zz"),
        ("search", TYPED),
        ("search", "a", "--list", TYPED),
        ("check", "--only", TYPED),
        ("undo", TYPED),
        ("load", TYPED),
        ("add", f"X{TYPED}", "--kind", "canal", "--on", "2026"),
        ("add", "X", "--kind", f"a{TYPED}", "--on", "2026"),
        ("add", "X", "--kind", f"a{TYPED}", "--on", "2026", "--new-kind"),
        *(
            ("add", "X", "--kind", "canal", "--on", "2026", f"--{name}", f"a{TYPED}")
            for name in "id type place programme year".split()
        ),
        ("update", f"a{TYPED}", "idle"),
        ("update", "songchon", TYPED),
        *(
            ("update", "songchon", "idle", f"--{name}", f"a{TYPED}")
            for name in "on percent promised source evidence confidence note also".split()
        ),
        *(
            ("update", "songchon", "idle", "--source", "https://e.org/x", f"--{name}", f"a{TYPED}")
            for name in "title publisher published".split()
        ),
        ("update", "songchon", "idle", "--source", f"https://e.org/{TYPED}"),
    ],
)
def test_messages_do_not_repeat_unsafe_characters_of_the_command_line(
    record: Path, arguments: tuple[str, ...]
) -> None:
    before = record.read_bytes()
    done = run(record, *arguments)
    assert done.code in {0, 2, 3, 4}
    assert done.err.startswith("nkplan: ")
    assert find_unsafe(done.out + done.err) is None
    assert record.read_bytes() == before


USER = ("LOGNAME", "USER", "COLUMNS", "LINES", "TERM", "NO_COLOR")


@pytest.mark.parametrize("names", [("NKPLAN_DB",), ("NKPLAN_TODAY",), USER], ids=" ".join)
def test_unsafe_characters_of_the_environment_are_neither_printed_nor_stored(
    record: Path, names: tuple[str, ...]
) -> None:
    environment = dict.fromkeys(names, f"a{TYPED}")
    for run_it, arguments in (
        (run_process, ("list", "-f", "table")),
        (run, ("update", "songchon", "--note", "n", "--on", "2026")),
        (run, ("undo",)),
    ):
        done = run_it(record, *arguments, stdin=b"", **environment)
        assert done.code in {0, 2, 3, 4}, done.err
        assert find_unsafe(done.out + done.err) is None
        assert "Traceback" not in done.err
    assert find_unsafe(run(record, "show", "songchon").out) is None


@pytest.mark.parametrize("columns", ["²", "0", "9" * 30])
def test_an_invalid_terminal_width_is_not_a_crash(record: Path, columns: str) -> None:
    done = run(record, "report", "-f", "table", COLUMNS=columns)
    assert done.code == 0, done.err
    shown = show(record, 80, "report", COLUMNS=columns, LINES=columns)
    assert shown.code == 0, shown.lines


def test_a_file_with_any_name_can_be_loaded_and_its_name_is_cleaned(record: Path) -> None:
    name = b"k\xff\x1b[31m.json".decode("utf-8", "surrogateescape")
    (record.parent / name).write_text('{"format": "nkplan/2", "kinds": ["mine"]}', "utf-8")
    done = run(record, "load", name)
    assert (done.code, done.err) == (0, "")
    undone = run(record, "undo")
    assert undone.code == 0
    assert find_unsafe(done.out + undone.out) is None
    assert "\ufffd" in undone.out


def test_stored_text_that_is_not_utf_8_is_reported_not_a_crash(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("UPDATE projects SET note = CAST(x'61ff' AS TEXT) WHERE id = 'songchon-factories'")
    done = run(record, "show", "songchon")
    assert done.code == 4
    assert (
        done.err
        == f"nkplan: {record} is damaged: it holds text that is not UTF-8; restore it from a backup\n"
    )


LONG = "x" * 100_000


@pytest.mark.usefixtures("in_empty_folder")
@for_each(
    "arguments",
    [
        (LONG,),
        ("list", LONG),
        ("list", f"--{LONG}"),
        ("list", "--kind", LONG),
        ("list", "--as-of", LONG),
        ("list", "--limit", "9" * 100_000),
        ("list", "-o", LONG + ".csv"),
        ("show", LONG),
        ("search", LONG),
        ("undo", LONG),
        ("load", LONG),
        ("add", LONG, "--kind", "canal", "--on", "2026"),
        ("update", "songchon", "--note", LONG),
        ("update", "songchon", "idle", "--source", f"https://e.org/{LONG}"),
    ],
)
def test_messages_repeat_only_part_of_an_overlong_argument(record: Path, arguments: tuple[str, ...]) -> None:
    before = record.read_bytes()
    done = run(record, *arguments)
    assert done.code in {0, 2, 3, 4}
    assert done.err.startswith("nkplan: ")
    assert len(done.err) < 3000
    assert record.read_bytes() == before


@pytest.mark.usefixtures("in_empty_folder")
@pytest.mark.parametrize("command", [("list",), ("report",), ("search", "songchon")], ids=" ".join)
def test_a_huge_limit_is_no_limit(record: Path, command: tuple[str, ...]) -> None:
    assert run(record, *command, "--limit", "9" * 30).out == run(record, *command, "--limit", "0").out


# ---- spreadsheets

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\u3000=1", "\u00a0@x", "\n=1", "\t=1",
    "\u200e=1", "\u00ad+1", "\u034f@x", "\u200d;\u200f=1",
    "＝1+1", "＋1", "－1", "＠x", "﹦1", "﹢1", "﹣1", "﹫x",
    '="a,b"', "fine;=1+1", "fine; ＝1", ";;=1", "-", "--programme 20x10",
]  # fmt: skip
HARMLESS = ["fine", "a = b", "1-1", "a;b", "'=1", "x@e.org", "성천 - 1", "1;2;3"]


def put_notes(db: Path, notes: list[str]) -> None:
    """Write each note into one of the first updates of a site, as a user of sqlite3 can."""
    with closing(sqlite3.connect(db)) as connection, connection:
        ids = connection.execute(
            "SELECT id FROM updates WHERE project = 'songchon-factories' LIMIT ?", [len(notes)]
        )
        connection.executemany(
            "UPDATE updates SET note = ? WHERE id = ?",
            zip(notes, [id_ for (id_,) in ids.fetchall()], strict=True),
        )


def read_notes(db: Path, *arguments: str) -> list[str]:
    rows = csv.reader(io.StringIO(run(db, "show", "songchon", "-f", "csv", *arguments).out))
    return [value for section, _, field, value in rows if (section, field) == ("timeline", "note")]


SITE_UPDATES = 12  # At most as many notes at once as the site has updates.


@pytest.mark.parametrize("start", range(0, len(FORMULAS), SITE_UPDATES))
def test_no_cell_of_a_csv_starts_a_formula(record: Path, start: int) -> None:
    texts = FORMULAS[start : start + SITE_UPDATES]
    put_notes(record, texts)
    notes, exact = read_notes(record), read_notes(record, "--exact")
    cells = [cell for note in notes for cell in (note, *note.split(";"))]
    assert [
        cell for cell in cells if re.match(r"[\s\u00ad\u034f\u200d-\u200f]*[=+@＝＋－＠﹦﹢﹣﹫-]", cell)
    ] == []
    for text in texts:
        assert any(text.strip() in note.replace("'", "") for note in notes), text
        assert text in exact


def test_text_that_is_not_a_formula_is_unchanged_in_csv(record: Path) -> None:
    put_notes(record, HARMLESS)
    assert set(HARMLESS) <= set(read_notes(record))
    assert set(HARMLESS) <= set(read_notes(record, "--exact"))


def test_negative_numbers_stay_numbers_in_csv(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("UPDATE places SET latitude = -39.5 WHERE id = 'kp-02-songchon'")
    assert ",-39.5\n" in run(record, "show", "kp-02-songchon", "-f", "csv").out
    early = run(record, "report", "slips", "-f", "csv").out
    assert re.search(r",-\d+(,|\n)", early)
    assert ",'-" not in early


@pytest.mark.usefixtures("in_empty_folder")
@pytest.mark.sampled
@pytest.mark.parametrize("format_", ["tsv", "json", "jsonl", "md", "table"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("list",), ("show", "songchon"), ("report",), ("report", "slips"), ("search", "factory"),
        ("check", "--only", "quota-differs"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_exact_output_has_the_cells_of_tsv(record: Path, arguments: tuple[str, ...], format_: str) -> None:
    """The shipped record has no line breaks or tabs, the only characters that TSV cannot keep."""
    exact = csv.reader(io.StringIO(run(record, *arguments, "-f", "csv", "--exact").out))
    tsv = run(record, *arguments, "-f", "tsv").out
    assert tsv.count("\n") > 1
    assert list(exact) == [line.split("\t") for line in tsv.splitlines()]
    done = run(record, *arguments, "-f", format_, "--exact")
    assert done == run(record, *arguments, "-f", format_)


def test_exact_output_keeps_line_breaks_and_tabs_but_no_control_sequences(record: Path) -> None:
    put_notes(record, ["a\nb\tc", "d\x1b[2Je\u202ef"])
    assert {"a\nb\tc", "d\ufffd[2Je\ufffdf"} <= set(read_notes(record, "--exact"))
    assert {"a b c", "d\ufffd[2Je\ufffdf"} <= set(read_notes(record))


# ---- links

NO_LINKS = [
    "javascript:alert(1)", "JavaScript://e.org/%0aalert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://e.org/x",
    "mailto:x@e.org", "vbscript:x", " javascript:x", "https:e.org", "https://e.org/\x1b]8;;x", "https://e.org/\u202ex",
    "https://e.org/a b", "https://e.org/<script>", "http://", "//e.org/x",
]  # fmt: skip
LINK = re.compile(rb"\x1b\]8;[^;]*;([^\x1b\x07]*)(?:\x1b\\|\x07)")


@pytest.mark.usefixtures("in_empty_folder")
def test_only_web_addresses_become_links(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        cited = connection.execute(
            "SELECT DISTINCT source FROM updates WHERE source IS NOT NULL"
            " ORDER BY project <> 'songchon-factories', source"
        ).fetchall()
        given = [(id_, NO_LINKS[at % len(NO_LINKS)]) for at, (id_,) in enumerate(cited)]
        connection.executemany("UPDATE sources SET url = ?2, archive = ?2 WHERE id = ?1", given)
        connection.execute("UPDATE projects SET note = ?", [" ".join(NO_LINKS)])
    for thing in ("songchon", *(id_ for id_, _ in given[: len(NO_LINKS)])):
        markdown = run(record, "show", thing, "-f", "md").out
        assert markdown.startswith("# "), thing
        assert re.findall(r"(?<!\\)<[^ ]|(?<!\\)\]\(", markdown) == [], thing
    for thing in ("songchon", given[0][0]):
        assert [link for link in LINK.findall(show(record, 120, "show", thing).raw) if link] == []


def test_web_addresses_are_links(record: Path) -> None:
    links = LINK.findall(show(record, 120, "show", "kcnaw-ownproducts").raw)
    assert {link[:8] for link in links if link} == {b"https://"}
    assert re.search(r"- Link: <https://[^ >]+>\n", run(record, "show", "kcnaw-ownproducts", "-f", "md").out)


@for_each("url", NO_LINKS)
def test_load_refuses_a_url_that_is_not_a_web_address(record: Path, url: str) -> None:
    before = record.read_bytes()
    if url.strip() != "https://e.org/<script>":
        source = {"id": "mine", "url": url}
        loaded = run(
            record, "load", "-", stdin=json.dumps({"format": "nkplan/2", "sources": [source]}).encode()
        )
        assert loaded.code == 2, loaded.out
    assert record.read_bytes() == before


# ---- files


def test_a_file_too_large_to_read_whole_is_refused_with_advice(record: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)  # A sparse file, which takes no space on the disk.
    before = record.read_bytes()
    done = run(record, "load", str(large))
    assert done.code == 2
    assert "512 MiB" in done.err
    assert "JSON Lines" in done.err
    assert record.read_bytes() == before


def test_an_output_that_cannot_be_finished_leaves_the_old_file(record: Path, tmp_path: Path) -> None:
    """The file may not grow beyond half of the output, as on a disk that fills up."""
    there = tmp_path / "list.csv"
    there.write_text("as it was", "utf-8")
    there.chmod(0o600)
    command = f"ulimit -f 2; exec {sys.executable} -m nkplan list --columns name,id -o {there}"
    limited = subprocess.run(
        ["bash", "-c", command], env=make_environment(record), capture_output=True, text=True, check=False
    )
    assert limited.returncode == 4, limited.stderr
    assert there.read_text("utf-8") == "as it was"
    assert {one.name for one in tmp_path.iterdir()} == {record.name, there.name}
    assert run(record, "list", "-o", str(there)).code == 0
    assert there.read_text("utf-8").startswith("id,name,")
    assert there.stat().st_mode & 0o777 == 0o600
