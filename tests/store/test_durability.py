"""A write that was acknowledged survives kills and concurrent writers; any other leaves no trace.

These are the short versions; `python tests/long.py` runs the long ones.
"""

import ast
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from durability import correct_concurrently, dump, find_damage, kill_many, run_concurrently
from each import is_long
from program import ROOT, make_environment, run
from tables import query

from nkplan.errors import Unusable
from nkplan.model.batch import Batch, Update
from nkplan.model.vocabulary import Status
from nkplan.queries.reader import reading
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder, writing

KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from nkplan.store.transaction import writing
with writing(Path(sys.argv[1])) as database:
    # With so few pages in memory SQLite changes the file itself before the end.
    database.execute("PRAGMA cache_size = 1")
    database.execute("UPDATE updates SET note = 'half written'")
    os.kill(os.getpid(), signal.SIGKILL)
"""
UNPRIVILEGED = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
"""Runs a program without the capability to bypass permissions, if root runs the tests."""


@pytest.mark.parametrize("seed", range(1))
def test_a_command_killed_at_any_instant_has_written_everything_or_nothing(
    seeded: Path, tmp_path: Path, seed: int
) -> None:
    kills = 5 if is_long() else 3
    figures = kill_many(tmp_path, seeded, kills, seed)
    assert figures.faults == []
    assert figures.kills.total() == kills


def test_the_check_after_a_kill_finds_partial_writes_and_false_states(record: Path) -> None:
    """The check is itself checked: it finds a partial write and a false state."""
    assert find_damage(record) == []
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("UPDATE states SET progress = 7 WHERE project = 'grand-canal'")
        connection.execute("UPDATE updates SET source = 'nowhere' WHERE project = 'songchon-factories'")
    wrong = find_damage(record)
    assert "states are not what the updates give" in wrong
    assert any("dangling" in line for line in wrong)


def leave_half_written(db: Path) -> dict[str, bytes]:
    """Leave what a writer leaves that is killed after it has changed the file: the content of each file."""
    assert list(db.parent.iterdir()) == [db]
    files = kill_while_writing(db.name, db.read_bytes())
    for name, content in files.items():
        (db.parent / name).write_bytes(content)
    return files


@cache
def kill_while_writing(name: str, content: bytes) -> dict[str, bytes]:
    """Kill a writer after it has changed a file, and return the content of each file in its folder."""
    with TemporaryDirectory() as folder:
        db = Path(folder, name)
        db.write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-c", KILLED_WHILE_WRITING, str(db)], env=make_environment(db), check=False
        )
        assert done.returncode == -signal.SIGKILL
        files = {path.name: path.read_bytes() for path in db.parent.iterdir()}
    assert set(files) == {db.name, f"{db.name}-journal"}
    assert b"half written" in files[db.name]
    return files


@pytest.mark.parametrize("arguments", [("list",), ("show", "grand-canal"), ("report",), ("search", "canal")])
def test_a_read_after_a_kill_sees_the_record_from_before_it(record: Path, arguments: tuple[str, ...]) -> None:
    before, answer = record.read_bytes(), run(record, *arguments)
    leave_half_written(record)
    assert run(record, *arguments) == answer
    assert record.read_bytes() == before
    assert [path.name for path in record.parent.iterdir()] == [record.name]


def test_a_write_after_a_kill_builds_on_the_record_from_before_it(record: Path) -> None:
    leave_half_written(record)
    assert run(record, "update", "grand-canal", "building", "--on", "2026").code == 0
    assert query(record, "SELECT count(*) FROM updates WHERE note = 'half written'") == [(0,)]
    assert query(record, "SELECT command FROM changes ORDER BY id") == [("first run",), ("update",)]
    assert find_damage(record) == []


def test_a_symbolic_link_finds_the_journal_next_to_the_real_file(record: Path, tmp_path: Path) -> None:
    answer = run(record, "list")
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    moved = tmp_path / "moved"
    moved.mkdir()
    db = Path(shutil.move(record, moved / "nkplan.db"))
    leave_half_written(db)
    link.symlink_to(db)
    assert run(link, "list") == answer


def test_a_half_written_backup_is_restored_as_it_was_before_and_stays_as_it_is(record: Path) -> None:
    """The program that was killed may have written to a copy of the database."""
    before = dump(record)
    folder = record.parent / "half"
    folder.mkdir()
    file = Path(shutil.copy(record, folder / "file.db"))
    left = leave_half_written(file)
    folder.chmod(0o555)
    file.chmod(0o444)
    assert run(record, "update", "grand-canal", "building", "--on", "2026").code == 0
    done = run_unprivileged(record, 0o644, 0o755, "restore", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert dump(record) == before
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == left
    assert len([path for path in record.parent.iterdir() if path.is_file()]) == 2


def test_a_folder_that_may_be_written_and_not_read_gets_copies_like_any_other(record: Path) -> None:
    """It cannot be synced by itself."""
    for arguments in (("backup", "copy.db"), ("restore", "copy.db")):
        done = run_unprivileged(record, 0o644, 0o333, *arguments, cwd=record.parent)
        record.parent.chmod(0o755)
        assert (done.returncode, done.stderr) == (0, "")
    assert dump(record.with_name("copy.db")) == dump(record)


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o755), (0o644, 0o555), (0o444, 0o555)])
def test_a_reader_reports_a_half_written_file_that_it_cannot_roll_back(
    record: Path, file_mode: int, folder_mode: int
) -> None:
    answer = run(record, "list")
    files = leave_half_written(record)
    half = record.parent / "half"
    half.mkdir()
    for name in files:
        shutil.move(record.parent / name, half / name)
    db = half / record.name
    done = run_unprivileged(db, file_mode, folder_mode, "list")
    assert done.returncode == 4, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("nkplan: ")
    assert "half written by a program that was killed" in line
    assert "make both writable and try again" in line
    # Nothing is lost: once both are writable, the file is rolled back.
    half.chmod(0o755)
    db.chmod(0o644)
    assert run(db, "list") == answer


def run_unprivileged(
    db: Path, file_mode: int, folder_mode: int, *arguments: str, cwd: Path = Path("/")
) -> subprocess.CompletedProcess[str]:
    """Run the program as a user who cannot bypass permissions, on a database with the modes given."""
    command = [sys.executable, "-m", "nkplan", *arguments]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv is not installed, and permissions do not bind root")
        command = [*UNPRIVILEGED, *command]
    for path in db.parent.iterdir():
        if path.is_file():
            path.chmod(file_mode)
    db.parent.chmod(folder_mode)
    environment = make_environment(db, PYTHONDONTWRITEBYTECODE="1")
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.sampled
@pytest.mark.parametrize("arguments", [("list",), ("report", "--as-of", "2025")], ids=" ".join)
@pytest.mark.parametrize("modes", [(0o444, 0o755), (0o644, 0o555), (0o444, 0o555)])
def test_a_reader_needs_no_permission_to_write(
    record: Path, modes: tuple[int, int], arguments: tuple[str, ...]
) -> None:
    file_mode, folder_mode = modes
    folder = record.parent / "kept"
    folder.mkdir()
    db = Path(shutil.move(record, folder / record.name))
    before = db.read_bytes()
    done = run_unprivileged(db, file_mode, folder_mode, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) > 10
    done = run_unprivileged(db, file_mode, folder_mode, "update", "grand-canal", "building", "--on", "2026")
    assert done.returncode == 4
    *_, line = done.stderr.splitlines()
    assert "cannot be written; make it and its folder writable" in line
    assert "Traceback" not in done.stderr
    assert db.read_bytes() == before
    folder.chmod(0o755)


def test_missing_permission_to_read_or_write_is_reported(record: Path) -> None:
    """A database that may not be read, and an output that may not be written, although its folder may."""
    kept = record.parent / "kept"
    kept.mkdir()
    output = record.parent / "list.csv"
    output.write_text("as it was", "utf-8")
    output.chmod(0o444)
    db = Path(shutil.move(record, kept / record.name))
    done = run_unprivileged(db, 0o000, 0o755, "list", "--db", str(db))
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith(f"nkplan: {db} cannot be opened")
    done = run_unprivileged(db, 0o644, 0o755, "list", "-o", str(output))
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == f"nkplan: cannot write to {output}: Permission denied; name another file\n"
    assert output.read_text("utf-8") == "as it was"


def test_a_folder_that_may_not_be_looked_into_is_reported(record: Path) -> None:
    closed = record.parent / "closed"
    closed.mkdir()
    for words in (("backup", "x.db"), ("restore", "x.db"), ("export", "-o", "x.json")):
        closed.chmod(0o644)
        done = run_unprivileged(record, 0o644, 0o755, *words[:-1], str(closed / words[-1]))
        assert (done.returncode, done.stdout) == (4, "")
        (line,) = done.stderr.splitlines()
        assert f"{closed / words[-1]}" in line
        assert "Permission denied" in line
        closed.chmod(0o755)
    assert list(closed.iterdir()) == []


def test_a_first_run_that_was_killed_is_done_again(record: Path, tmp_path: Path) -> None:
    """Its file already has pages, and the journal that removes them."""
    db = tmp_path / "first" / "nkplan.db"
    db.parent.mkdir()
    script = KILLED_WHILE_WRITING.replace("Path(sys.argv[1])", "Path(sys.argv[1]), create=True").replace(
        "UPDATE updates SET note = 'half written'",
        "CREATE TABLE pages AS WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 5000)"
        " SELECT randomblob(500) FROM n",
    )
    subprocess.run([sys.executable, "-c", script, str(db)], env=make_environment(db), check=False)
    assert db.stat().st_size > 100_000
    done = run(db, "list")
    assert (done.code, done.out) == (0, run(record, "list").out)
    assert done.err == f"nkplan: created {db} with the record that comes with nkplan\n"


@pytest.mark.parametrize("script", ["CREATE TABLE mine (x)", "PRAGMA user_version = 99"])
def test_a_half_written_file_of_another_program_is_not_touched(record: Path, script: str) -> None:
    """SQLite would change a file of another program or of a newer nkplan just by reading it."""
    if "mine" in script:
        record.unlink()
    with closing(sqlite3.connect(record, isolation_level=None)) as connection:
        connection.execute(script)
        connection.execute("CREATE TABLE more (x)")
        connection.execute("BEGIN")
        connection.execute("PRAGMA cache_size = 1")
        connection.executemany("INSERT INTO more VALUES (?)", [["x" * 900]] * 500)
        left = record.parent / "left"
        left.mkdir()
        for path in (record, record.with_name(f"{record.name}-journal")):
            shutil.copy(path, left)
    db = left / record.name
    before = {path: path.read_bytes() for path in left.iterdir()}
    assert len(before) == 2
    for arguments in (("list",), ("undo",), ("update", "grand-canal", "idle")):
        done = run(db, *arguments)
        assert done.code == 5
        assert ("another program" if "mine" in script else "newer nkplan") in done.err
        assert {path: path.read_bytes() for path in left.iterdir()} == before


def test_concurrent_writers_and_readers_lose_nothing(record: Path) -> None:
    _, faults = run_concurrently(
        record, writers=4 if is_long() else 3, readers=2, times=6 if is_long() else 4
    )
    assert faults == []


def test_concurrent_corrections_undos_and_redos_leave_what_they_leave_one_after_the_other(
    record: Path,
) -> None:
    counted, faults = correct_concurrently(record, processes=3, times=6, seed=1)
    assert faults == []
    assert {name for name, code in counted if code == 0} == {"update", "tag", "load", "undo", "redo", "edit"}


def test_a_writing_connection_has_the_durable_settings(record: Path, recorder: Recorder) -> None:
    with writing(record) as database:
        settings = {
            name: database.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("synchronous", "foreign_keys", "journal_mode", "busy_timeout")
        }
        assert settings == {
            "synchronous": 3,
            "foreign_keys": 1,
            "journal_mode": "delete",
            "busy_timeout": 30_000,
        }
        # Its transaction keeps other writers out and lets readers in.
        with closing(sqlite3.connect(record, timeout=0)) as other:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            assert other.execute("SELECT count(*) FROM states").fetchone()


def write_and_interrupt(path: Path) -> None:
    """Record a kind, and interrupt it in the middle of the commit, as Ctrl-C does."""

    def interrupt(statement: str) -> None:
        if statement == "COMMIT":
            signal.raise_signal(signal.SIGINT)

    with writing(path) as database:
        database.execute("INSERT INTO kinds (id, folded, change_id) VALUES ('dam', 'dam', 1)")
        database.set_trace_callback(interrupt)


def test_an_interrupt_during_a_commit_reports_that_everything_was_written(record: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(
            Unusable, match="everything was written before the interrupt; do not repeat the command"
        ):
            write_and_interrupt(record)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert query(record, "SELECT id FROM kinds WHERE id = 'dam'") == [("dam",)]


def test_a_write_puts_a_file_in_write_ahead_mode_back_to_a_rollback_journal(record: Path) -> None:
    with closing(sqlite3.connect(record)) as connection:
        assert connection.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    assert run(record, "update", "grand-canal", "building", "--on", "2026").code == 0
    assert query(record, "PRAGMA journal_mode") == [("delete",)]
    assert [path.name for path in record.parent.iterdir()] == [record.name]


def test_a_file_in_write_ahead_mode_in_a_read_only_folder_is_refused_with_advice(record: Path) -> None:
    folder = record.parent / "kept"
    folder.mkdir()
    db = Path(shutil.move(record, folder / record.name))
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    done = run_unprivileged(db, 0o444, 0o555, "list")
    folder.chmod(0o755)
    assert (done.returncode, done.stdout) == (4, "")
    assert "was put into write-ahead mode by another tool" in done.stderr
    assert "make its folder writable or copy it elsewhere" in done.stderr


def test_only_the_listed_modules_open_the_database_for_writing() -> None:
    opens, writes = set(), set()
    for path in sorted((ROOT / "nkplan").rglob("*.py")):
        name = path.relative_to(ROOT / "nkplan").as_posix()
        text = path.read_text("utf-8")
        # To read a module takes much longer than to see that it has none of these words.
        for node in ast.walk(ast.parse(text)) if re.search(r"connect|Database|writing", text) else ():
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            if called in {"connect", "sqlite3.connect", "Database", "sqlite_utils.Database"}:
                mode = ast.unparse(node.args[1]) if called == "connect" else ""
                opens.add((name, called, mode))
            if called == "writing":
                writes.add(name)
    assert opens == {
        # Every connection to the file comes from `connect`; the others are in memory or a private copy.
        ("database.py", "sqlite3.connect", ""),
        ("database.py", "connect", "mode"),  # Rolls back what a killed writer left.
        ("database.py", "connect", "'ro'"),
        ("queries/reader.py", "connect", "'ro'"),
        ("queries/reader.py", "sqlite3.connect", ""),
        ("store/backup.py", "connect", "'ro'"),
        ("store/copies.py", "connect", "'ro'"),
        ("store/copies.py", "connect", "'rw'"),  # A copy, to roll back what a killed writer left in it.
        ("store/copies.py", "connect", "'rwc'"),  # The new copy, not the database.
        ("store/transaction.py", "connect", "'rwc' if create else 'rw'"),
        # These use a connection that is already open.
        ("store/migrations.py", "Database", ""),
        ("store/repair.py", "Database", ""),
    }
    assert writes == {
        f"store/{name}.py"
        for name in ("create", "record", "edit", "undo", "tags", "repair", "migrations", "backup")
    }


def test_a_reader_cannot_write(record: Path) -> None:
    before = record.read_bytes()
    with (
        pytest.raises(Exception, match="cannot be written"),
        reading(record) as reader,
    ):
        reader._connection.execute("DELETE FROM updates")  # noqa: SLF001
    assert record.read_bytes() == before


def test_a_reader_sees_the_record_at_one_instant(record: Path, recorder: Recorder) -> None:
    """A writer waits for readers, and never changes the record while one reads."""
    update = Update(
        id="00000000-0000-0000-0000-000000000001",
        project="grand-canal",
        event_date="2026",
        status=Status.IDLE,
    )
    script = "SELECT count(*) FROM updates"
    with reading(record) as reader:
        ((before,),) = reader._connection.execute(script).fetchall()  # noqa: SLF001
        with closing(sqlite3.connect(record, timeout=0)) as other:
            other.execute("DELETE FROM updates WHERE id IS NULL")
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.commit()
    record_batch(record, Batch(updates=(update,)), "update", recorder, summary="x")
    assert query(record, script) == [(before + 1,)]
