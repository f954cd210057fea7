"""The config file: what it sets, which of it comes first, and how a fault in it is told."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from program import Done, read_ids, run, show
from tables import query
from test_architecture import list_loaded

from nkplan.cli.config import KEYS
from nkplan.manual import read_topic
from nkplan.reports.views import VIEWS
from nkplan.text import find_unsafe

EXAMPLE = re.findall(r"```toml\n(.*?)```", read_topic("config"), re.DOTALL)[0]
IDLE = ("update", "grand-canal", "idle", "--on", "2026", "--evidence", "expert")


def configure(folder: Path, text: str) -> str:
    """Write a config file, and return its path."""
    file = folder / "settings" / "config.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    return str(file)


def run_with(db: Path, text: str, *arguments: str, **environment: str) -> Done:
    """Run the program with a config file of this text."""
    return run(db, *arguments, stdin=b"", NKPLAN_CONFIG=configure(db.parent, text), **environment)


def run_at_home(folder: Path, *arguments: str, **environment: str) -> Done:
    """Run the program as a user does who sets no variable and has this home."""
    return run(folder / "none.db", *arguments, stdin=b"", NKPLAN_CONFIG=None, NKPLAN_DB=None, **environment)


def test_the_database_is_that_of_db_then_of_nkplan_db_then_of_the_config_file_then_of_the_user(
    tmp_path: Path,
) -> None:
    for name in ("typed", "variable", "configured"):
        run(tmp_path / f"{name}.db", "add", f"In {name}", "--kind", "canal", "--on", "2024")
    text = f'database = "{tmp_path}/configured.db"'

    def list_with(text: str, *more: str, variable: str = "") -> list[str]:
        named = str(tmp_path / variable) if variable else ""
        done = run_with(tmp_path / "x.db", text, "list", *more, NKPLAN_DB=named)
        return [one for one in read_ids(done) if one.startswith("in-")]

    typed = ("--db", str(tmp_path / "typed.db"))
    assert list_with(text, *typed, variable="variable.db") == ["in-typed"]
    assert list_with(text, variable="variable.db") == ["in-variable"]
    assert list_with(text) == ["in-configured"]
    # Without any of them it is the one in the user's data folder, which the first command makes.
    assert list_with("") == []
    assert (tmp_path / ".local" / "share" / "nkplan" / "nkplan.db").exists()


def test_the_first_run_makes_the_database_of_the_config_file(tmp_path: Path) -> None:
    done = run_with(tmp_path / "x.db", 'database = "../mine.db"', "list", "--limit", "1", NKPLAN_DB="")
    assert done.code == 0
    assert f"created {tmp_path}/settings/../mine.db with the record that comes" in done.err
    assert (tmp_path / "mine.db").exists()


@pytest.mark.parametrize(
    ("written", "meant"), [("~/a.db", "a.db"), ("a.db", "settings/a.db"), ("../b/a.db", "settings/../b/a.db")]
)
def test_a_path_begins_at_home_or_in_the_folder_of_the_config_file(
    tmp_path: Path, written: str, meant: str
) -> None:
    (tmp_path / "b").mkdir()
    done = run_with(tmp_path / "x.db", f'database = "{written}"', "init", "--empty", NKPLAN_DB="")
    assert done.code == 0, done.err
    assert (tmp_path / meant).exists()


def test_the_config_file_of_a_user_is_found_in_the_folder_for_settings(tmp_path: Path) -> None:
    for folder, more in (
        (tmp_path / ".config" / "nkplan", {}),
        (tmp_path / "elsewhere" / "nkplan", {"XDG_CONFIG_HOME": str(tmp_path / "elsewhere")}),
    ):
        assert "It is not there, so nothing is set." in run_at_home(tmp_path, "help", "config", **more).out
        folder.mkdir(parents=True)
        database = folder / "here.db"
        (folder / "config.toml").write_text(f'database = "{database}"', "utf-8")
        done = run_at_home(tmp_path, "help", "config", **more)
        assert f"    {folder}/config.toml\n\nis there. It sets:\n\n    database  {database}\n" in done.out
        assert run_at_home(tmp_path, "list", **more).err.startswith(f"nkplan: created {database} ")


@pytest.mark.parametrize("home", ["/dev/null", "/nowhere/at/all", "here"])
def test_without_a_home_there_is_no_config_file(record: Path, home: str) -> None:
    """Nor is there one in a folder of the working directory, which may be somebody else's."""
    folder = record.parent / "here" / ".config" / "nkplan"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("no TOML", "utf-8")
    done = run(record, *IDLE, HOME=home, NKPLAN_CONFIG=None)
    assert (done.code, done.err) == (0, "")


def test_the_columns_of_the_config_file_are_those_of_a_table_unless_others_are_named(record: Path) -> None:
    text = 'columns = "id, Status,last-evidence"'
    named = ("list", "--limit", "1", "-f", "table", "--columns", "id,status,last_evidence")
    table = run_with(record, text, "list", "--limit", "1", "-f", "table").out.splitlines()
    assert run(record, *named).out.splitlines() == table
    as_list = run_with(
        record, 'columns = ["id", "status", "last_evidence"]', "list", "--limit", "1", "-f", "table"
    )
    assert as_list.out.splitlines() == table
    named = ("list", "--limit", "1", "--columns", "id,name", "-f", "table")
    assert run_with(record, text, *named).out == run(record, *named).out


@pytest.mark.parametrize("format_", ["tsv", "csv", "json", "jsonl", "md"])
def test_what_a_script_reads_has_the_same_columns_whatever_the_config_file_says(
    record: Path, format_: str
) -> None:
    command = ("list", "-f", format_)
    assert run_with(record, 'columns = "id"', *command) == run(record, *command)


def test_changes_are_recorded_under_the_author_of_the_config_file(record: Path) -> None:
    author = "Kim 김 [bold]"
    assert run_with(record, f'author = "{author}"', *IDLE, LOGNAME="lee").code == 0
    assert run(record, "undo", LOGNAME="lee").code == 0
    recorded = query(record, "SELECT recorded_by FROM changes ORDER BY id DESC LIMIT 2")
    assert recorded == [("lee",), (author,)]
    assert author in run(record, "log").out


KEEPING = """sh -c 'echo "paged by $0"; cat > /dev/null' """


@pytest.mark.parametrize(
    ("text", "environment", "shown_by"),
    [
        (f'pager = """{KEEPING}config"""', {}, "config"),
        (f'pager = """{KEEPING}config"""', {"PAGER": f"{KEEPING}PAGER"}, "config"),
        (f'pager = """{KEEPING}config"""', {"NKPLAN_PAGER": f"{KEEPING}variable"}, "variable"),
        ("pager = true", {"PAGER": f"{KEEPING}PAGER"}, "PAGER"),
        ("pager = false", {"PAGER": f"{KEEPING}PAGER"}, None),
        ("pager = false", {"NKPLAN_PAGER": f"{KEEPING}variable"}, "variable"),
        ("", {"PAGER": f"{KEEPING}PAGER"}, "PAGER"),
    ],
)
def test_the_pager_is_that_of_nkplan_pager_then_of_the_config_file_then_of_pager(
    record: Path, text: str, environment: dict[str, str], shown_by: str | None
) -> None:
    config = configure(record.parent, text)
    shown = show(record, 80, "list", height=20, NKPLAN_CONFIG=config, **environment)
    assert shown.code == 0
    if shown_by is None:
        assert b"paged" not in shown.raw
        assert shown.raw.count(b"\n") > 20
    else:
        assert shown.lines[0] == f"paged by {shown_by}"


def test_a_pager_of_the_config_file_that_cannot_start_is_named(record: Path) -> None:
    config = configure(record.parent, 'pager = "nosuchpager"')
    shown = show(record, 200, "list", height=20, NKPLAN_CONFIG=config)
    assert shown.code == 0
    notice = next(line for line in shown.lines if "nosuchpager" in line)
    assert notice.startswith(f"nkplan: pager in {config}: cannot start nosuchpager: ")


MINE = '[reports.mine]\nargs = "slips --kind hospital"\n'


def test_an_own_report_is_the_command_that_it_stands_for(record: Path) -> None:
    assert run_with(record, MINE, "report", "mine") == run(record, "report", "slips", "--kind", "hospital")


def test_an_own_report_without_a_view_is_one_of_progress(record: Path) -> None:
    text = "[reports.kinds]\nargs = '--by kind'\n"
    assert run_with(record, text, "report", "kinds") == run(record, "report", "--by", "kind")


@pytest.mark.parametrize(
    "typed",
    [
        ("mine", "--kind", "factory", "-f", "csv"),
        ("--kind", "factory", "mine", "-f", "csv"),
        ("-f", "csv", "--kind=factory", "--", "mine"),
    ],
    ids=" ".join,
)
def test_what_is_typed_with_an_own_report_is_added_to_it(record: Path, typed: tuple[str, ...]) -> None:
    both = ("report", "slips", "--kind", "hospital", "--kind", "factory", "-f", "csv")
    assert run_with(record, MINE, "report", *typed) == run(record, *both)


def test_the_name_of_an_own_report_may_also_be_the_value_of_an_option(record: Path) -> None:
    run(record, "tag", "grand-canal", "mine")
    words = ("--tag", "mine", "-f", "csv")
    text = "[reports.mine]\nargs = 'use'\n"
    assert run_with(record, text, "report", *words, "mine") == run(record, "report", "use", *words)


@pytest.mark.parametrize(
    ("args", "typed", "said"),
    [
        (
            "progress --by kind",
            ("--by", "year"),
            "--by is given twice; give it once (report own is progress --by kind)",
        ),
        ("slips", ("own",), "Got unexpected extra argument(s) (own); see nkplan report --help"),
        ("slip", (), "reports.own in {file}: there is no view 'slip'; did you mean slips? (choose from "),
        ("mine", (), "reports.own in {file} names the own report mine; name the view, and give"),
        ("own", (), "reports.own in {file} names the own report own; name the view, and give"),
        ("slips --nonsense", (), "reports.own in {file}: No such option: --nonsense"),
        ("slips --by", (), "reports.own in {file}: Option '--by' requires an argument; correct its args"),
        (
            "slips --by kind",
            (),
            "--by belongs to the view progress; write nkplan report progress --by kind",
        ),
    ],
)
def test_an_own_report_that_cannot_be_run_is_refused_in_one_sentence(
    record: Path, args: str, typed: tuple[str, ...], said: str
) -> None:
    text = f"{MINE}[reports.own]\nargs = '{args}'\n"
    done = run_with(record, text, "report", "own", *typed)
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    file = record.parent / "settings" / "config.toml"
    assert line.startswith(f"nkplan: {said.format(file=file)}")


def test_an_unknown_report_is_refused_with_the_views_and_the_own_reports(record: Path) -> None:
    done = run_with(record, MINE, "report", "mien")
    assert (done.code, done.out) == (2, "")
    assert done.err == "nkplan: there is no view 'mien'; write nkplan report mine\n"
    done = run_with(record, MINE, "report", "x-q")
    assert done.err.endswith(", next and mine\n")


FAULTS = [
    (
        "colums = 'id'",
        "there is no key 'colums'; did you mean columns? (choose from author, columns, database,",
    ),
    ("nothing_like_it = 1", "there is no key 'nothing_like_it'; write one of author, columns, "),
    ("columns = 3", 'columns is 3; write names in quotes, as in columns = "id,name,status"'),
    ("columns = ['id', 3]", "columns is a list; write names in quotes"),
    ("columns = ['id,name']", "columns is 'id,name'; write each name of a list in quotes of its own"),
    ("columns = ' , '", "columns names no column; write some"),
    ("database = true", "database is true; write a path in quotes"),
    ("database = ''", "database is ''; write the path of a file, or leave it out"),
    ("database = '~nobody-at-all/x.db'", "database is '~nobody-at-all/x.db'; there is no such home"),
    ("pager = 3", "pager is 3; write true, false for none, or a command in quotes"),
    ("pager = ''", "pager is ''; write true, false for none, or a command in quotes"),
    ('''pager = "less '"''', 'pager is "less \'"; as a command it has no closing quotation'),
    ("author = 3", 'author is 3; write a name in quotes, as in author = "Kim"'),
    ("author = '--'", "author is '--'; write a name with a letter or digit in it"),
    ('author = "Kim\\u202e"', "author is 'Kim\\u202e'; write a name of visible characters on one line"),
    ('author = "Kim\\nLee"', "author is 'Kim\\nLee'; write a name of visible characters on one line"),
    (f"author = '{'a' * 81}'", "author has 81 characters; write at most 80"),
    ("reports = 3", "reports is 3; write [reports.mine] and below it args = "),
    ("reports.mine = 'slips'", "reports.mine is 'slips'; write [reports.mine] and below it args = \"slips\""),
    ("[reports.mine]", "reports.mine has no args; write [reports.mine] and below it args = "),
    ("[reports.mine]\narg = 'x'", "reports.mine has the key 'arg'; it can have args alone"),
    ("[reports.mine]\nargs = ['slips']", "reports.mine.args is a list; write them in quotes"),
    ("[reports.mine]\nargs = ''", "reports.mine.args is empty; write a view and options"),
    ('''[reports.mine]\nargs = "slips '"''', 'reports.mine.args is "slips \'"; it has no closing quotation'),
    ("[reports.'my own']\nargs = 'slips'", "[reports.'my own'] has a name that cannot be typed as one word"),
    ("[reports.-f]\nargs = 'slips'", "[reports.'-f'] has a name that cannot be typed as one word"),
]


@pytest.mark.parametrize(("text", "said"), FAULTS)
def test_a_fault_in_the_config_file_is_told_in_one_sentence_and_nothing_is_written(
    record: Path, text: str, said: str
) -> None:
    before = record.read_bytes()
    done = run_with(record, text, *IDLE)
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith(f"nkplan: {record.parent}/settings/config.toml: {said}")
    assert record.read_bytes() == before


@pytest.mark.parametrize("view", VIEWS)
def test_an_own_report_with_the_name_of_a_view_is_refused(record: Path, view: str) -> None:
    done = run_with(record, f"[reports.{view}]\nargs = 'use'", *IDLE)
    assert done.code == 2
    assert f"reports.{view} has the name of a view of nkplan; give it another name\n" in done.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"author = Kim\n", " is not TOML: Invalid value (at line 1, column 10); write each line as in: "),
        (b"pager = true\nauthor\n", " is not TOML: Expected '=' after a key in a key/value pair (at line 2"),
        (b"# one\n# two\nauthor = '\xff'\n", ": line 3 is not in UTF-8; save the file in UTF-8"),
        (b"a = " + b"[" * 10_000, " is not TOML that nkplan reads: it is nested too deeply"),
        (b"#" * ((1 << 20) + 1), ": it has more than 1048576 bytes, so it is no config file; name another"),
    ],
    ids=["value", "key", "encoding", "depth", "size"],
)
def test_what_is_not_toml_is_told_with_its_line(record: Path, content: bytes, said: str) -> None:
    file = record.with_name("config.toml")
    file.write_bytes(content)
    done = run(record, *IDLE, NKPLAN_CONFIG=str(file))
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith(f"nkplan: {file}{said}")


def test_a_file_of_windows_is_read(record: Path) -> None:
    file = record.with_name("config.toml")
    file.write_bytes(b"\xef\xbb\xbfauthor = 'Kim'\r\n")
    assert run(record, *IDLE, NKPLAN_CONFIG=str(file)).code == 0
    assert query(record, "SELECT recorded_by FROM changes ORDER BY id DESC LIMIT 1") == [("Kim",)]


def test_a_column_of_the_config_file_that_there_is_not_is_refused_with_the_nearest(record: Path) -> None:
    done = run_with(record, "columns = 'id,nam'", "list", "-f", "table")
    assert (done.code, done.out) == (2, "")
    file = record.parent / "settings" / "config.toml"
    assert done.err.startswith(f"nkplan: columns in {file}: there is no column 'nam'; did you mean name?")


def test_a_config_file_that_is_named_must_be_there_and_readable(record: Path) -> None:
    gone = record.with_name("gone.toml")
    done = run(record, *IDLE, NKPLAN_CONFIG=str(gone))
    assert (done.code, done.out) == (3, "")
    assert done.err == (
        f"nkplan: NKPLAN_CONFIG: there is no file {gone}; name one, or set NKPLAN_CONFIG= to use none\n"
    )
    done = run(record, *IDLE, NKPLAN_CONFIG=str(record.parent))
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith(f"nkplan: cannot read the config file {record.parent}: Is a directory; ")


def test_the_config_file_can_come_through_a_pipe(record: Path) -> None:
    """As in `NKPLAN_CONFIG=<(pass show nkplan) nkplan list`, where it can be read only once."""
    reader, writer = os.pipe()
    os.write(writer, b"database = '/nowhere/else.db'\nauthor = 'Kim'")
    os.close(writer)
    done = run(record, "list", NKPLAN_CONFIG=f"/dev/fd/{reader}", NKPLAN_DB="")
    os.close(reader)
    assert done.err.startswith("nkplan: there is no folder /nowhere for the database that /dev/fd/")


def test_help_config_says_where_the_file_is_what_it_sets_and_what_it_can(record: Path) -> None:
    topic = read_topic("config").split("\n", 1)[1]
    none = run(record, "help", "config").out
    assert none == f"# The config file\n\nNKPLAN_CONFIG is empty, so no config file is used.\n{topic}"
    file = record.parent / "settings" / "config.toml"
    assert run_with(record, "pager = false\n" + MINE, "help", "config").out == (
        f"# The config file\n\n    {file}\n\nis there. It sets:\n\n"
        "    pager     false\n    reports   mine: slips --kind hospital\n\n"
        f"Not set: author, columns, database.\n{topic}"
    )
    assert "It sets nothing; it can set author, columns, database, pager and reports.\n" in (
        run_with(record, "# later\n", "help", "config").out
    )
    for key in KEYS:
        assert f"| `{key}` |" in topic


def test_help_config_shows_nothing_that_steers_a_terminal(record: Path) -> None:
    file = record.with_name("\x1b[31m\u202e.toml")
    file.write_text('pager = "\\u001b[31mless"\ndatabase = "\\u001b[31mx.db"\n', "utf-8")
    for path in (file, file.with_name("\x1b[32m.toml")):
        done = run(record, "help", "config", NKPLAN_CONFIG=str(path))
        assert find_unsafe(done.out + done.err) is None
    done = run(record, *IDLE, NKPLAN_CONFIG=str(file), NKPLAN_DB="")
    assert find_unsafe(done.out + done.err) is None


def test_help_config_explains_a_file_with_a_fault_and_then_tells_the_fault(record: Path) -> None:
    done = run_with(record, "colums = 'id'", "help", "config")
    assert done.code == 2
    assert "cannot be used as it is" in done.out
    assert "| `columns` |" in done.out
    assert "there is no key 'colums'; did you mean columns?" in done.err


def test_the_example_of_the_manual_sets_everything(record: Path) -> None:
    for key in KEYS:
        assert re.search(rf"^\[?{key}\b", EXAMPLE, re.MULTILINE)
    assert run_with(record, EXAMPLE, "list", "-f", "table").code == 0
    for name in ("mine", "late"):
        assert run_with(record, EXAMPLE, "report", name).code == 0


def test_only_a_command_that_needs_something_of_the_config_file_looks_for_it(record: Path) -> None:
    commands = [("list",), ("report",), ("show", "songchon"), ("report", "slips", "--kind", "hospital")]
    unwanted = {"platformdirs", "tomllib", "tomllib._parser"}
    assert not set().union(*list_loaded(record, commands, NKPLAN_CONFIG=None)) & unwanted


def test_looking_for_the_config_file_loads_platformdirs_and_reading_it_tomllib(record: Path) -> None:
    """Nothing else is loaded on either's account."""
    config = configure(record.parent, 'columns = "id,name"\nauthor = "Kim"\n')
    added = {}
    for statement in ("import platformdirs; platformdirs.user_config_path('x')", "import tomllib"):
        script = f"import sys, typer; {statement}; print(*sys.modules)"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        added[statement.split(";")[0].split()[-1]] = set(done.stdout.split())
    for command in (("list", "-f", "table", "--limit", "1"), IDLE):
        (without,) = list_loaded(record, [command], NKPLAN_CONFIG="")
        (looking,) = list_loaded(record, [command], NKPLAN_CONFIG=None)
        (reading,) = list_loaded(record, [command], NKPLAN_CONFIG=config)
        assert "platformdirs" in looking
        assert looking - without <= added["platformdirs"]
        assert "tomllib" in reading
        assert reading - without <= added["tomllib"]
