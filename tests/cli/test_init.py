"""`nkplan init` makes databases, and a file that --db names is never made by a command that only asks."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from durability import dump, find_damage
from forking import find_launcher
from program import NKPLAN, Done, make_environment, read_ids, run
from shells import complete
from tables import query

from nkplan.cli.app import COMMANDS
from nkplan.store.transaction import writing
from nkplan.validation import LISTS

SMALL = json.dumps(
    {
        "format": "nkplan/2",
        "kinds": ["dam"],
        "projects": [{"id": "high-dam", "name": "High dam", "type": "site", "kind": "dam"}],
        "updates": [{"project": "high-dam", "event_date": "2026", "status": "building"}],
    }
).encode()
OF_SMALL = {"kinds": 1, "projects": 1, "updates": 1}
NOT_JSON = b'{"format": "nkplan/2",'
REFUSED = SMALL.replace(b'"dam"]', b'"canal"]')
FAULTY_LINES = b'{"format": "nkplan/2"}\n{"list": "updates", "project": "nowhere", "event_date": "2026"}\n'
ASKS = {
    "list": (),
    "show": ("grand-canal",),
    "report": (),
    "chart": (),
    "map": (),
    "publish": (),
    "search": ("canal",),
    "check": (),
    "add": ("Dam", "--kind", "canal"),
    "update": ("grand-canal", "idle"),
    "undo": (),
    "redo": (),
    "log": (),
    "edit": ("grand-canal", "note=Dug."),
    "tag": ("grand-canal", "followed"),
    "export": (),
    "backup": (),
}
"""The commands that need a database to be there already, with arguments."""


def count_rows(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in LISTS}
    return {name: count for name, count in counts.items() if count}


def list_files(folder: Path) -> list[str]:
    """List every file in a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


# ---- a file that --db names and that is not there


def test_every_command_that_needs_a_database_is_tested() -> None:
    assert {*ASKS} == {*COMMANDS} - {"init", "load", "restore", "help"}


@pytest.mark.parametrize("command", ASKS)
def test_a_missing_file_of_db_is_reported_and_not_created(tmp_path: Path, command: str) -> None:
    words = (command, *ASKS[command])
    for arguments in (("--db", "new.db", *words), (*words, "--db", "new.db")):
        assert run(tmp_path / "home.db", *arguments) == Done(
            3,
            "",
            "nkplan: there is no database new.db; correct --db, or make one with nkplan init --db new.db\n",
        )
    assert list_files(tmp_path) == []


def test_a_missing_file_is_not_created_by_a_repair_or_a_dry_run(tmp_path: Path) -> None:
    for words in (("check", "--repair"), ("undo", "--dry-run"), ("list", "-o", "list.csv")):
        assert run(tmp_path / "home.db", *words, "--db", "new.db").code == 3
    assert list_files(tmp_path) == []


def test_a_name_with_a_space_is_quoted_in_the_command_to_type(tmp_path: Path) -> None:
    done = run(tmp_path / "home.db", "list", "--db", "my record.db")
    assert done.err.endswith("there is no database my record.db; correct --db, or make one with"
                             " nkplan init --db 'my record.db'\n")  # fmt: skip


def test_an_empty_file_or_a_link_to_nothing_is_no_database_and_stays(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    (tmp_path / "link.db").symlink_to("real.db")
    for name in ("empty.db", "link.db"):
        assert run(tmp_path / "home.db", "list", "--db", name).code == 3
    assert list_files(tmp_path) == ["empty.db", "link.db"]
    assert (tmp_path / "empty.db").read_bytes() == b""


def test_a_first_run_still_creates_the_database_of_the_environment(tmp_path: Path, seeded: Path) -> None:
    path = tmp_path / "home.db"
    done = run(path, "list", "--limit", "1")
    assert done.err.startswith(f"nkplan: created {path} with the record that comes with nkplan\n")
    assert count_rows(path) == count_rows(seeded)


def test_restore_creates_the_database_that_db_names(record: Path) -> None:
    assert run(record, "backup", "copy.db").code == 0
    assert run(record, "restore", "copy.db", "--db", "new.db").code == 0
    assert dump(record.with_name("new.db")) == dump(record)


def test_completion_of_a_missing_database_offers_init_and_creates_nothing(tmp_path: Path) -> None:
    assert complete(tmp_path / "home.db", "bash", "nkplan --db new.db ini") == ["init"]
    assert complete(tmp_path / "home.db", "bash", "nkplan init --fr") == ["--from"]
    assert complete(tmp_path / "home.db", "bash", "nkplan --db new.db show s") == []
    assert list_files(tmp_path) == []


# ---- load --db NEW


@pytest.mark.parametrize("arguments", [("--db", "new.db", "load", "-"), ("load", "-", "--db", "new.db")])
def test_loading_creates_the_database_that_db_names_with_what_the_file_says(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = run(tmp_path / "home.db", *arguments, stdin=SMALL)
    assert done.code == 0
    assert done.err == "nkplan: created new.db with what the file says and nothing else\n"
    assert done.out.startswith("standard input: recorded: 1 kind, 1 project and 1 update\n")
    new = tmp_path / "new.db"
    assert list_files(tmp_path) == ["new.db"]
    assert count_rows(new) == OF_SMALL
    assert find_damage(new) == []
    assert query(new, "SELECT command, summary FROM changes") == [
        ("first run", "an empty record"),
        ("load", "standard input"),
    ]
    assert run(new, "undo").code == 0
    assert read_ids(run(new, "list")) == []


def test_loading_into_a_database_that_is_there_adds_to_it(record: Path) -> None:
    before = count_rows(record)
    done = run(record, "load", "-", "--db", record.name, stdin=SMALL)
    assert (done.code, done.err) == (0, "")
    assert count_rows(record) == {name: before[name] + OF_SMALL.get(name, 0) for name in before}


@pytest.mark.sampled
@pytest.mark.parametrize("content", [NOT_JSON, REFUSED, FAULTY_LINES, b""])
@pytest.mark.parametrize(
    "arguments",
    [
        ("load", "-", "--db", "new.db"),
        ("load", "-", "--bare"),
        ("load", "-", "--bare", "--dry-run"),
        ("init", "--from", "-"),
        ("init", "--from", "-", "--db", "new.db"),
    ],
    ids=" ".join,
)
def test_a_faulty_file_leaves_nothing(tmp_path: Path, arguments: tuple[str, ...], content: bytes) -> None:
    done = run(tmp_path / "home.db", *arguments, stdin=content)
    assert (done.code, done.out) == (2, "")
    assert "nothing was written" in done.err
    assert "created" not in done.err
    assert list_files(tmp_path) == []


def test_a_file_to_load_that_is_not_there_leaves_nothing(tmp_path: Path) -> None:
    for words in (("load", "gone.json"), ("init", "--from", "gone.json")):
        done = run(tmp_path / "home.db", *words, "--db", "new.db")
        assert (done.code, done.err) == (
            2,
            "nkplan: cannot read gone.json: No such file or directory; name another file\n",
        )
    assert list_files(tmp_path) == []


@pytest.mark.parametrize("where", [("--db", "new.db"), ("--bare",)], ids=" ".join)
def test_a_dry_run_says_what_would_be_loaded_and_leaves_nothing(
    tmp_path: Path, where: tuple[str, ...]
) -> None:
    done = run(tmp_path / "home.db", "load", "-", "--dry-run", *where, stdin=SMALL)
    assert (done.code, done.err) == (0, "nkplan: dry run: nothing was recorded\n")
    assert done.out.startswith("standard input: would be recorded: 1 kind, 1 project and 1 update\n")
    assert list_files(tmp_path) == []


def test_an_empty_file_of_the_user_is_filled_keeps_its_mode_and_stays_empty_after_a_fault(
    tmp_path: Path,
) -> None:
    new = tmp_path / "new.db"
    new.touch(0o600)
    for content in (REFUSED, NOT_JSON):
        assert run(new, "load", "-", "--db", "new.db", stdin=content).code == 2
        assert new.read_bytes() == b""
    assert run(new, "load", "-", "--db", "new.db", stdin=SMALL).code == 0
    assert count_rows(new) == OF_SMALL
    assert new.stat().st_mode & 0o777 == 0o600
    assert list_files(tmp_path) == ["new.db"]


def test_a_file_without_rows_makes_an_empty_record(tmp_path: Path) -> None:
    done = run(tmp_path / "home.db", "load", "-", "--db", "new.db", stdin=b'{"format": "nkplan/2"}')
    assert (done.code, done.out) == (0, "standard input: there are no rows in it\n")
    assert count_rows(tmp_path / "new.db") == {}


# ---- init


def test_init_makes_the_shipped_record_like_a_first_run(tmp_path: Path) -> None:
    assert run(tmp_path / "home.db", "list").code == 0
    done = run(tmp_path / "home.db", "init", "--db", "new.db")
    assert done == Done(0, "created new.db with the record that comes with nkplan\n", "")
    assert dump(tmp_path / "new.db") == dump(tmp_path / "home.db")
    assert list_files(tmp_path) == ["home.db", "new.db"]


def test_init_empty_makes_a_record_with_nothing_in_it(tmp_path: Path) -> None:
    path = tmp_path / "home.db"
    assert run(path, "init", "--empty") == Done(0, f"created {path} with an empty record\n", "")
    assert count_rows(path) == {}
    assert run(path, "list").code == 0
    assert run(path, "load", "-", stdin=SMALL).code == 0
    assert count_rows(path) == OF_SMALL


def test_init_from_makes_what_loading_into_a_new_database_makes(tmp_path: Path) -> None:
    (tmp_path / "small.json").write_bytes(SMALL)
    done = run(tmp_path / "home.db", "init", "--from", "small.json", "--db", "init.db")
    said = "created init.db with what small.json says and nothing else: 1 kind, 1 project and 1 update\n"
    assert done == Done(0, said, "")
    assert run(tmp_path / "home.db", "load", "small.json", "--db", "load.db").code == 0
    started, loaded = dump(tmp_path / "init.db"), dump(tmp_path / "load.db")
    # Only what a record is started with cannot be undone.
    assert [row.replace("'load'", "'first run'") for row in loaded.pop("changes")] == started.pop("changes")
    assert started == loaded


def test_init_creates_the_database_in_the_users_data_folder(tmp_path: Path) -> None:
    done = run(tmp_path / "x.db", "init", "--empty", NKPLAN_DB="", XDG_DATA_HOME=str(tmp_path / "data"))
    assert done.out == f"created {tmp_path}/data/nkplan/nkplan.db with an empty record\n"


@pytest.mark.parametrize("words", [(), ("--empty",), ("--from", "small.json"), ("--from", "gone.json")])
def test_init_refuses_a_file_that_is_there_and_changes_nothing(record: Path, words: tuple[str, ...]) -> None:
    notes = record.with_name("notes.txt")
    notes.write_text("notes")
    record.with_name("small.json").write_bytes(SMALL)
    before = record.read_bytes()
    for path in (record, notes):
        assert run(path, "init", *words) == Done(
            2, "", f"nkplan: {path} exists already, and init replaces no file; name a new one with --db\n"
        )
    assert (record.read_bytes(), notes.read_text()) == (before, "notes")
    assert list_files(record.parent) == ["nkplan.db", "notes.txt", "small.json"]


def test_init_takes_one_of_empty_and_from(tmp_path: Path) -> None:
    done = run(tmp_path / "home.db", "init", "--empty", "--from", "small.json")
    assert done == Done(2, "", "nkplan: --empty and --from are both given; give only one of them\n")


@pytest.mark.parametrize("words", [("init",), ("init", "--empty"), ("load", "-"), ("init", "--from", "-")])
def test_a_place_where_no_database_can_be_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "folder").mkdir()
    for name, sentence in (
        ("gone/x.db", "cannot create gone/x.db: there is no folder gone; create it or correct --db"),
        ("folder", "folder exists already" if words[0] == "init" else "folder is a directory"),
        ("/dev/null", "/dev/null is a device or a pipe; name a file with --db"),
    ):
        done = run(tmp_path / "home.db", *words, "--db", name, stdin=SMALL)
        assert done.code == (2 if "exists" in sentence else 4)
        assert done.err.startswith(f"nkplan: {sentence}")
    assert list_files(tmp_path) == ["folder"]
    assert list_files(tmp_path / "folder") == []


@pytest.mark.parametrize("words", [("init",), ("load", "-")], ids=" ".join)
def test_a_link_stays_and_its_target_is_created(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "there").mkdir()
    for name, target in (("first.db", "second.db"), ("second.db", "there/real.db")):
        (tmp_path / name).symlink_to(target)
    assert run(tmp_path / "home.db", *words, "--db", "first.db", stdin=SMALL).code == 0
    assert list_files(tmp_path) == ["first.db", "second.db", "there"]
    assert list_files(tmp_path / "there") == ["real.db"]
    assert (tmp_path / "first.db").is_symlink()
    assert find_damage(tmp_path / "there" / "real.db") == []
    assert run(tmp_path / "home.db", "list", "--db", "second.db").code == 0


def test_a_journal_left_without_its_database_does_not_get_into_a_new_one(
    tmp_path: Path, seeded: Path
) -> None:
    """A user may remove a database that was left half written, and not its journal."""
    new = tmp_path / "new.db"
    new.write_bytes(seeded.read_bytes())
    half = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN")
connection.execute("UPDATE updates SET note = 'half written'")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", half, str(new)], check=True)
    new.unlink()
    assert list_files(tmp_path) == ["new.db-journal"]
    assert run(tmp_path / "home.db", "load", "-", "--db", "new.db", stdin=SMALL).code == 0
    assert count_rows(new) == OF_SMALL
    assert find_damage(new) == []
    assert list_files(tmp_path) == ["new.db"]


# ---- several at once, and kills


def start(
    folder: Path, *arguments: str, stdin: bytes = b"", program: Sequence[str] = ()
) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [*(program or [find_launcher()]), *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=make_environment(folder / "home.db"), cwd=folder,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(stdin)
    process.stdin.close()
    process.stdin = None
    return process


def finish(processes: list[subprocess.Popen[bytes]]) -> list[Done]:
    ends = [process.communicate() for process in processes]
    return [
        Done(process.returncode, out.decode(), err.decode())
        for process, (out, err) in zip(processes, ends, strict=True)
    ]


def test_of_several_inits_at_once_one_creates_the_database(tmp_path: Path) -> None:
    done = finish([start(tmp_path, "init", "--empty", "--db", "new.db") for _ in range(4)])
    assert sorted(one.code for one in done) == [0, 2, 2, 2]
    assert sum("exists already" in one.err for one in done) == 3
    assert query(tmp_path / "new.db", "SELECT command FROM changes") == [("first run",)]
    assert list_files(tmp_path) == ["new.db"]


def test_several_loads_at_once_into_a_new_database_are_all_recorded(tmp_path: Path) -> None:
    files = [SMALL.replace(b"high-dam", f"dam-{number}".encode()) for number in range(4)]
    done = finish([start(tmp_path, "load", "-", "--db", "new.db", stdin=file) for file in files])
    assert [one.code for one in done] == [0] * 4, done
    assert sum("created" in one.err for one in done) == 1
    assert read_ids(run(tmp_path / "new.db", "list")) == [f"dam-{number}" for number in range(4)]
    assert find_damage(tmp_path / "new.db") == []
    assert list_files(tmp_path) == ["new.db"]


def test_a_first_run_and_bare_loads_at_once_make_one_database(tmp_path: Path) -> None:
    """Whichever comes first decides what it starts with; the other uses it, or is refused."""
    done = finish(
        [start(tmp_path, "list"), *(start(tmp_path, "load", "-", "--bare", stdin=SMALL) for _ in range(2))]
    )
    assert done[0].code == 0, done
    assert {one.code for one in done[1:]} <= {0, 2}
    assert sum("created" in one.err for one in done) == 1
    assert query(tmp_path / "home.db", "SELECT count(*) FROM changes WHERE command = 'first run'") == [(1,)]
    assert find_damage(tmp_path / "home.db") == []
    assert list_files(tmp_path) == ["home.db"]


LOAD_AND_WAIT = """
import os, sys
from pathlib import Path
from nkplan.store.create import create_whole

def make(part):
    part.write_bytes(b"half written")
    print(part.parent.name, flush=True)
    sys.stdin.read()
create_whole(Path(sys.argv[1]), make)
"""


def test_a_killed_creation_leaves_no_database_and_its_part_is_removed_by_the_next(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LOAD_AND_WAIT, str(tmp_path / "new.db")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=make_environment(tmp_path / "new.db"),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        part = process.stdout.readline().decode().strip()
        # Another creation leaves the part of one that is still running alone.
        assert run(tmp_path / "home.db", "load", "-", "--db", "new.db", stdin=REFUSED).code == 2
        assert part in list_files(tmp_path)
        process.kill()
    assert not (tmp_path / "new.db").exists()
    assert run(tmp_path / "home.db", "list", "--db", "new.db").code == 3
    assert run(tmp_path / "home.db", "load", "-", "--db", "new.db", stdin=SMALL).code == 0
    assert list_files(tmp_path) == ["new.db"]


@pytest.mark.sampled
@pytest.mark.parametrize("delay", [0.1, 0.2, 0.3])
@pytest.mark.parametrize("words", [("init",), ("load", "-")], ids=" ".join)
def test_a_command_killed_while_it_creates_has_created_everything_or_nothing(
    tmp_path: Path, words: tuple[str, ...], delay: float
) -> None:
    process = start(tmp_path, *words, "--db", "new.db", stdin=SMALL, program=NKPLAN)
    time.sleep(delay)
    process.kill()
    (done,) = finish([process])
    assert done.code in {0, -signal.SIGKILL}, done
    new = tmp_path / "new.db"
    if new.exists() and new.stat().st_size:
        assert find_damage(new) == []
        assert query(new, "SELECT count(*) FROM projects WHERE id IN ('high-dam', 'grand-canal')") == [(1,)]
        new.unlink()
    else:
        assert "created" not in done.out + done.err
    assert run(tmp_path / "home.db", *words, "--db", "new.db", stdin=SMALL).code == 0
    assert list_files(tmp_path) == ["new.db"]


def test_an_interrupt_while_a_new_database_is_committed_creates_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hidden file is committed by then, but it is not the database that the user asked for."""

    def create_and_interrupt(path: Path, *_: object, **__: object) -> None:
        with writing(path, create=True) as connection:
            connection.execute("CREATE TABLE t (x)")
            connection.set_trace_callback(
                lambda statement: os.kill(os.getpid(), signal.SIGINT) if statement == "COMMIT" else None
            )

    monkeypatch.setattr("nkplan.store.create.create_database", create_and_interrupt)
    # Where the tests run in the background of a shell, an interrupt is ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert run(tmp_path / "home.db", "init", "--empty") == Done(130, "", "")
    finally:
        signal.signal(signal.SIGINT, before)
    assert list_files(tmp_path) == []


def test_what_a_record_starts_with_is_not_undone(tmp_path: Path) -> None:
    db, file = tmp_path / "new.db", tmp_path / "record.json"
    file.write_text('{"format": "nkplan/2", "kinds": ["mill"]}')
    assert run(db, "init", "--from", str(file)).code == 0
    before = db.read_bytes()
    done = run(db, "undo")
    assert (done.code, done.out) == (3, "")
    assert "there is nothing to undo" in done.err
    assert db.read_bytes() == before
