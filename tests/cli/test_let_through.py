"""Nothing in other people's text or in what was typed is obeyed by a terminal, a spreadsheet or a shell.

The characters are those of `unsafe.UNSAFE_RANGES`, in every text column of a real database; of a hundred
that follow each other, as tags do, the first and the last.
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

import pytest
from program import make_environment, run, run_json, run_process, show
from shells import complete
from unsafe import UNSAFE_RANGES

from nkplan.cli.app import COMMANDS
from nkplan.cli.commands.load import LARGEST_FILE
from nkplan.model.finding import Check
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
# Functions of SQLite read a text up to a NUL, which therefore stands last.
HOSTILE = f" {MARKUP} a\n\tb{''.join(reversed(STORABLE))}"
# What was typed can be of any bytes but NUL; those that are no UTF-8 come as lone surrogates.
TYPED = "".join(sign for sign in STORABLE if sign != "\0") + "\udc80\udcff"

# There are 1500 stale names, which take seconds to draw: one format is enough for them.
WITHOUT_NAMES = ("check", *(f"--only={check}" for check in Check if check is not Check.STALE_NAMES))
READING = [
    ("list",),
    ("list", "--columns", "name,id,province_name", "--sort", "name"),
    *(("show", one) for one in ("songchon", "greenhouse-farms", "20x10-2024")),
    *(("show", one) for one in ("20x10-policy", "kcnaw-ownproducts", "kp-02-songchon")),
    *(("report", view) for view in VIEWS if view != "changes"),
    ("report", "changes", "--since", "2024"),
    *(("report", "--by", group) for group in ("kind", "province", "year", "programme", "status")),
    ("search", "factories"),
    ("search", "Songchon", "--list", "place"),
    ("check",),
    WITHOUT_NAMES,
]


def list_text_columns(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Go through the columns of text of the tables, without those that are the index's own."""
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in tables:
        if not re.match("words|sqlite_", table):
            for _, name, type_, *_ in connection.execute(f"PRAGMA table_info ({table})").fetchall():
                if type_ == "TEXT":
                    yield table, name


def list_keys(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Go through the columns by which rows are found, and those that refer to them."""
    for table, column in list_text_columns(connection):
        referring = {row[3] for row in connection.execute(f"PRAGMA foreign_key_list ({table})")}
        if column in {"id", *referring}:
            yield table, column


def poison(db: Path) -> set[str]:
    """Put every unsafe character behind the text of every column; give the columns that the schema guards."""
    guarded = set()
    with closing(sqlite3.connect(db)) as connection, connection:
        keys = set(list_keys(connection))
        for table, column in list_text_columns(connection):
            # Keys and what refers to them get the same, so that the rows stay together.
            hostile = HOSTILE.rstrip("\0") if (table, column) in keys else HOSTILE
            try:
                connection.execute(f"UPDATE {table} SET {column} = {column} || ?", [hostile])
            except sqlite3.IntegrityError:
                guarded.add(column)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        # The dates of a state are worked out and have no guard, and are no text of anybody's.
        for date in ("groundbroken", "groundbroken_day", "opened", "opened_day"):
            connection.execute(f"UPDATE states SET {date} = substr({date}, 1, instr({date}, ' ') - 1)")
    return guarded


@pytest.fixture(scope="module")
def poisoned(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database in which every text has every unsafe character."""
    db = Path(shutil.copy(seeded, tmp_path_factory.mktemp("poisoned") / "nkplan.db"))
    dam = ("--kind", "canal", "--on", "2026", "--source", "https://e.org/dam", "--id", "dam")
    update = ("update", "dam", "--note", "n", "--on", "2026")
    for arguments in (("add", "Dike", *dam), ("undo",), ("add", "Dam", *dam), update):
        assert run(db, *arguments).code == 0
    guarded = poison(db)
    assert guarded == {
        *(
            "event_date",
            "announced",
            "published",
            "promised",
            "settled",
            "known",
            "recorded",
            "last_date",
            "last_day",
        ),
        *(
            "status",
            "claimed",
            "verified",
            "evidence",
            "confidence",
            "type",
            "per",
            "part",
            "command",
            "list",
        ),
        "content",
    }
    return db


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the program run here, in this process, with an empty folder around it."""
    monkeypatch.chdir(tmp_path)


# All forms of the commands, and of the many views of a report and checks one form each of those that differ.
FEW = {("report", view) for view in VIEWS if view != "progress"} | {
    arguments for arguments in READING if "--by" in arguments or "--since" in arguments
}
FORMS = dict.fromkeys(FEW, ("table", "json")) | {("check",): ("json",), WITHOUT_NAMES: ("table",)}


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize(
    ("arguments", "format_"),
    [(arguments, format_) for arguments in READING for format_ in FORMS.get(arguments, FORMATS)],
    ids=lambda one: str(one)[:60],
)
def test_no_unsafe_character_of_the_record_is_put_out_in_any_form(
    poisoned: Path, arguments: tuple[str, ...], format_: str
) -> None:
    done = run(poisoned, *arguments, "-f", format_)
    assert done.code == (1 if arguments[0] == "check" else 0), done.err
    assert find_unsafe(done.out) is None
    assert find_unsafe(done.err) is None
    if arguments[0] in {"list", "show"}:
        # What was written with unsafe characters in it is there, with something in their places.
        assert "\\u202e" in done.out if format_ in {"json", "jsonl"} else "\ufffd" in done.out
        assert MARKUP in done.out or format_ == "md"


@pytest.mark.parametrize(
    "arguments", [("list",), ("show", "songchon"), ("report",), ("search", "factories")], ids=" ".join
)
def test_no_unsafe_character_of_the_record_reaches_a_terminal(
    poisoned: Path, arguments: tuple[str, ...]
) -> None:
    raw = show(poisoned, 120, *arguments).raw
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
        ("add", "Dike", "--kind", "factory"),
        ("list", "--province", "nowhere"),
    ],
    ids=" ".join,
)
def test_no_unsafe_character_of_the_record_is_in_an_echo_or_a_refusal(
    poisoned: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    db = Path(shutil.copy(poisoned, tmp_path / "nkplan.db"))
    done = run(db, *arguments)
    assert done.code in {0, 2, 3}, done.err
    assert done.out + done.err
    assert find_unsafe(done.out + done.err) is None
    assert "Traceback" not in done.err


def test_no_unsafe_character_of_the_record_is_in_a_clash(poisoned: Path, tmp_path: Path) -> None:
    db = Path(shutil.copy(poisoned, tmp_path / "nkplan.db"))
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE sources SET id = 'mine' WHERE id GLOB 'ytn-20260204-three*'")
    row = {"id": "mine", "title": "Other"}
    done = run(db, "load", "-", stdin=json.dumps({"format": "nkplan/1", "sources": [row]}).encode())
    assert done.code == 2
    assert "title is 'Other' here and " in done.err
    assert find_unsafe(done.err) is None


def test_an_id_that_can_not_be_looked_up_is_told_and_no_bug(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute(
            "UPDATE sources SET id = 'zzq' || char(0, 27) || 'c' WHERE id = 'ytn-20260204-three'"
        )
    done = run(record, "show", "zzq")
    assert (done.code, done.out) == (4, "")
    assert "its id has to be fixed with sqlite3" in done.err
    assert find_unsafe(done.err) is None


def test_json_gives_back_what_is_stored_letter_for_letter(poisoned: Path) -> None:
    (page,) = (json.loads(run(poisoned, "show", "songchon", "-f", "jsonl").out),)
    assert page == run_json(poisoned, "show", "songchon")
    assert page["name"] == f"Songchon regional factories{HOSTILE}"
    assert "성천" in run(poisoned, "show", "kp-02-songchon", "-f", "json").out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_offered_no_word_that_it_could_take_for_more(
    record: Path, poisoned: Path, shell: str
) -> None:
    for line in ("nkplan show song", "nkplan list --province S"):
        assert complete(poisoned, shell, line) == []
    names = ["\\$(touch x)", "$(touch x)", "`touch x`", '"; touch x; "', "*", "a\nb", "\\"]
    with closing(sqlite3.connect(record)) as connection, connection:
        provinces = connection.execute("SELECT id FROM places WHERE parent IS NULL ORDER BY id").fetchall()
        assert len(provinces) > len(names)
        for name, (province,) in zip(names, provinces, strict=False):
            connection.execute("UPDATE places SET name = ? WHERE id = ?", [name, province])
        left = connection.execute("SELECT name FROM places WHERE parent IS NULL").fetchall()
    offered = complete(record, shell, "nkplan list --province ")
    assert sorted(offered) == sorted(name for (name,) in left if name not in names)


@pytest.mark.parametrize("line", ["nkplan bogus s", "nkplan bogus --kind s"])
def test_a_shell_is_told_nothing_of_a_command_that_there_is_not(record: Path, line: str) -> None:
    assert set(complete(record, "bash", line)) <= set(COMMANDS)


NAMES = ["می\u200cخواهم", "👩\u200d🌾 farm", "שלום\u200f", "e\u0301te\u0301", "กำแพง", "성천", "Сонгчхон"]


@pytest.mark.parametrize("format_", FORMATS)
def test_names_of_every_script_come_out_as_they_went_in(record: Path, format_: str) -> None:
    sites = [
        {"id": f"site-{number}", "name": name, "type": "site", "kind": "canal"}
        for number, name in enumerate(NAMES)
    ]
    loaded = run(record, "load", "-", stdin=json.dumps({"format": "nkplan/1", "projects": sites}).encode())
    assert loaded.code == 0, loaded.err
    out = run(record, "list", "--kind", "canal", "-f", format_).out
    assert [name for name in NAMES if name in out] == NAMES


# ---- what was typed


@pytest.mark.parametrize("sign", [*(sign for sign in STORABLE if sign not in "\n\t"), "\ud800"], ids=ascii)
def test_no_text_with_an_unsafe_character_is_let_in(sign: str) -> None:
    for read in (read_text, read_url):
        with pytest.raises(ValueError, match=re.escape(f"U+{ord(sign):04X}")):
            read(f"https://e.org/a{sign}b")


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize(
    "arguments",
    [
        (TYPED,),
        ("list", f"zz{TYPED}zz"),
        ("list", TYPED),
        ("list", f"--{TYPED}"),
        ("list", f"-{TYPED}"),
        ("list", "-f", TYPED),
        ("list", "-o", f"{TYPED}.csv/x"),
        ("list", "-o", f"x.{TYPED}"),
        *(("list", f"--{name}", f"a{TYPED}") for name in "kind status province place programme year".split()),
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
        ("add", f"X{TYPED}", "--kind", "canal"),
        ("add", "X", "--kind", f"a{TYPED}"),
        ("add", "X", "--kind", f"a{TYPED}", "--new-kind"),
        *(
            ("add", "X", "--kind", "canal", f"--{name}", f"a{TYPED}")
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
    ids=lambda arguments: " ".join(arguments).replace(TYPED, "TYPED"),
)
def test_no_unsafe_character_that_was_typed_is_said_again(record: Path, arguments: tuple[str, ...]) -> None:
    before = record.read_bytes()
    done = run(record, *arguments)
    assert done.code in {0, 2, 3, 4}
    assert done.err.startswith("nkplan: ")
    assert find_unsafe(done.out + done.err) is None
    assert record.read_bytes() == before


USER = ("LOGNAME", "USER", "COLUMNS", "LINES", "TERM", "NO_COLOR")


@pytest.mark.parametrize("names", [("NKPLAN_DB",), ("NKPLAN_TODAY",), USER], ids=" ".join)
def test_no_unsafe_character_of_the_environment_is_said_again_or_kept(
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
def test_a_width_that_is_none_is_no_bug(record: Path, columns: str) -> None:
    done = run(record, "report", "-f", "table", COLUMNS=columns)
    assert done.code == 0, done.err
    shown = show(record, 80, "report", COLUMNS=columns, LINES=columns)
    assert shown.code == 0, shown.lines


def test_a_file_of_any_name_can_be_loaded_and_its_name_is_kept_clean(record: Path) -> None:
    name = b"k\xff\x1b[31m.json".decode("utf-8", "surrogateescape")
    (record.parent / name).write_text('{"format": "nkplan/1", "kinds": ["mine"]}', "utf-8")
    done = run(record, "load", name)
    assert (done.code, done.err) == (0, "")
    taken_back = run(record, "undo")
    assert taken_back.code == 0
    assert find_unsafe(done.out + taken_back.out) is None
    assert "\ufffd" in taken_back.out


def test_text_that_is_no_utf_8_is_told_and_no_bug(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("UPDATE projects SET note = CAST(x'61ff' AS TEXT) WHERE id = 'songchon-factories'")
    done = run(record, "show", "songchon")
    assert done.code == 4
    assert (
        done.err
        == f"nkplan: {record} is damaged: it holds text that is not UTF-8; restore it from a backup\n"
    )


LONG = "x" * 100_000


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize(
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
        ("add", LONG, "--kind", "canal"),
        ("update", "songchon", "--note", LONG),
        ("update", "songchon", "idle", "--source", f"https://e.org/{LONG}"),
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_what_is_too_long_is_said_again_in_part_and_what_to_do_in_full(
    record: Path, arguments: tuple[str, ...]
) -> None:
    before = record.read_bytes()
    done = run(record, *arguments)
    assert done.code in {0, 2, 3, 4}
    assert done.err.startswith("nkplan: ")
    assert len(done.err) < 3000
    assert record.read_bytes() == before


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("command", [("list",), ("report",), ("search", "songchon")], ids=" ".join)
def test_a_limit_beyond_all_numbers_is_no_limit(record: Path, command: tuple[str, ...]) -> None:
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
    """Give each of the first sites a note, as a hand at sqlite3 can."""
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


SITE_UPDATES = 12  # No more notes at once than the site has updates.


@pytest.mark.parametrize("start", range(0, len(FORMULAS), SITE_UPDATES))
def test_a_formula_is_disarmed_wherever_a_spreadsheet_looks_for_one(record: Path, start: int) -> None:
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


def test_what_is_no_formula_is_left_as_it_is(record: Path) -> None:
    put_notes(record, HARMLESS)
    assert set(HARMLESS) <= set(read_notes(record))
    assert set(HARMLESS) <= set(read_notes(record, "--exact"))


def test_numbers_below_zero_are_numbers_in_csv(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("UPDATE places SET latitude = -39.5 WHERE id = 'kp-02-songchon'")
    assert ",-39.5\n" in run(record, "show", "kp-02-songchon", "-f", "csv").out
    early = run(record, "report", "slips", "-f", "csv").out
    assert re.search(r",-\d+(,|\n)", early)
    assert ",'-" not in early


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize(
    "arguments",
    [("list",), ("show", "songchon"), ("report",), ("report", "slips"), ("search", "factory"), ("check",)],
    ids=" ".join,
)
def test_exact_output_has_the_cells_of_tsv(record: Path, arguments: tuple[str, ...]) -> None:
    """Nothing of the shipped record has a line break or a tab, the only things that TSV can not have."""
    exact = csv.reader(io.StringIO(run(record, *arguments, "-f", "csv", "--exact").out))
    tsv = run(record, *arguments, "-f", "tsv").out
    assert list(exact) == [line.split("\t") for line in tsv.splitlines()]
    for format_ in ("tsv", "json", "jsonl", "md", "table"):
        done = run(record, *arguments, "-f", format_, "--exact")
        assert done == run(record, *arguments, "-f", format_)


def test_exact_output_keeps_lines_and_tabs_and_nothing_that_steers_a_terminal(record: Path) -> None:
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


@pytest.mark.usefixtures("at_home")
def test_no_address_but_of_the_web_is_made_a_link(record: Path) -> None:
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


def test_addresses_of_the_web_are_links(record: Path) -> None:
    links = LINK.findall(show(record, 120, "show", "kcnaw-ownproducts").raw)
    assert {link[:8] for link in links if link} == {b"https://"}
    assert re.search(r"- Link: <https://[^ >]+>\n", run(record, "show", "kcnaw-ownproducts", "-f", "md").out)


@pytest.mark.parametrize("url", NO_LINKS, ids=ascii)
def test_no_address_but_of_the_web_is_let_in(record: Path, url: str) -> None:
    before = record.read_bytes()
    if url.strip() != "https://e.org/<script>":
        source = {"id": "mine", "url": url}
        loaded = run(
            record, "load", "-", stdin=json.dumps({"format": "nkplan/1", "sources": [source]}).encode()
        )
        assert loaded.code == 2, loaded.out
    assert record.read_bytes() == before


# ---- files


def test_a_file_too_large_to_be_read_whole_is_refused_and_the_way_out_told(
    record: Path, tmp_path: Path
) -> None:
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)  # A hole, that takes no room on the disk.
    before = record.read_bytes()
    done = run(record, "load", str(large))
    assert done.code == 2
    assert "512 MiB" in done.err
    assert "JSON Lines" in done.err
    assert record.read_bytes() == before


def test_an_output_that_can_not_be_finished_leaves_what_was_there(record: Path, tmp_path: Path) -> None:
    """A file that may not grow beyond half of what is written, as on a disk that fills."""
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
