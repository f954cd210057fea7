"""A backup is the database at one instant; a restore puts all of it back or changes nothing."""

import lzma
import os
import signal
import sqlite3
import stat
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from forking import find_launcher
from program import NKPLAN, Done, make_environment, run, run_process
from tables import read_schema, read_table

from nkplan.store.backup import back_up, restore
from nkplan.store.transaction import Recorder, writing

SCHEMAS = Path(__file__).parents[1] / "schemas"
NOW = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)
UPDATE = ("update", "songchon", "idle", "--on", "2026-08", "--evidence", "expert")


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def execute(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def check_refusal(done: Done, code: int, *said: str) -> None:
    assert (done.code, done.out) == (code, "")
    assert done.err.count("\n") == 1
    for part in said:
        assert part in done.err


def test_a_backup_has_every_row_and_reports_its_path_and_counts(record: Path) -> None:
    target = record.parent / "copy.db"
    done = run(record, "backup", str(target))
    assert (done.code, done.err) == (0, "")
    assert dump(target) == dump(record)
    updates = len(read_table(record, "updates"))
    assert done.out.startswith(f"backed up {record} to {target}: ")
    assert done.out.endswith(f" and {updates} updates\n")
    assert run(target, "list").out == run(record, "list").out


def test_a_backup_of_a_database_in_write_ahead_mode_is_a_single_file(record: Path) -> None:
    """It can be read from a read-only folder, and nothing is left beside it."""
    execute(record, "PRAGMA journal_mode = WAL")
    copy = back_up(record, record.parent / "copy.db", NOW).file
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert [path.name for path in record.parent.iterdir() if path.name.startswith("copy")] == ["copy.db"]
    assert dump(copy) == dump(record)


def test_a_backup_without_a_name_is_named_by_its_time_and_put_next_to_the_database(record: Path) -> None:
    names = [back_up(record, None, NOW).file.name for _ in range(3)]
    dated = "nkplan-backup-20261124T101500Z"
    assert names == [f"{dated}.db", f"{dated}-2.db", f"{dated}-3.db"]
    assert {path.name for path in record.parent.iterdir()} == {*names, record.name}


def test_a_backup_has_the_permissions_of_the_database(record: Path) -> None:
    record.chmod(0o600)
    assert stat.S_IMODE(back_up(record, None, NOW).file.stat().st_mode) == 0o600


def test_a_backup_never_replaces_a_file(record: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_bytes(b"mine")
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "nowhere.db")
    check_refusal(run(record, "backup", str(there)), 2, "exists already", "name another file")
    check_refusal(run(record, "backup", str(link)), 2, "exists already")
    check_refusal(run(record, "backup", str(record)), 2, "exists already")
    check_refusal(run(record, "backup", str(tmp_path)), 2, "is a directory")
    check_refusal(run(record, "backup", str(tmp_path / "gone" / "x.db")), 2, "there is no folder")
    assert there.read_bytes() == b"mine"
    assert {path.name for path in tmp_path.iterdir()} == {"there.db", "link.db", "nkplan.db"}


def test_a_backup_that_runs_out_of_space_leaves_no_file(record: Path) -> None:
    target = record.parent / "copy.db"
    command = ["bash", "-c", 'ulimit -f 200; exec "$@"', "bash", *NKPLAN, "backup", str(target)]
    environment = make_environment(record)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in record.parent.iterdir()] == [record.name]


def test_an_unsound_database_is_not_backed_up(record: Path) -> None:
    execute(record, "UPDATE updates SET source = 'nowhere' WHERE rowid = 3")
    check_refusal(run(record, "backup"), 4, "row 3 of updates names a row of sources that does not exist")
    assert [path.name for path in record.parent.iterdir()] == [record.name]


def test_a_restore_puts_everything_back_and_keeps_what_it_replaced(record: Path) -> None:
    target = record.parent / "copy.db"
    run(record, "backup", str(target))
    assert run(record, *UPDATE).code == 0
    later, backed_up = dump(record), dump(target)
    record.chmod(0o640)
    done = run(record, "restore", str(target))
    assert (done.code, done.err) == (0, "")
    (kept,) = record.parent.glob("nkplan-before-restore-*.db")
    said, where = done.out.splitlines()
    assert said.startswith(f"restored {record} from {target}: ")
    assert where == f"what was there before is in {kept}"
    assert (dump(record), dump(target), dump(kept)) == (backed_up, backed_up, later)
    assert stat.S_IMODE(record.stat().st_mode) == 0o640
    assert {path.name for path in record.parent.iterdir()} == {record.name, target.name, kept.name}
    # And back again: the copy that a restore keeps can itself be restored.
    assert run(record, "restore", str(kept)).code == 0
    assert dump(record) == later


def test_a_restore_creates_the_database_if_there_is_none(record: Path, tmp_path: Path) -> None:
    place = tmp_path / "new" / "nkplan.db"
    place.parent.mkdir()
    done = run(place, "restore", str(record))
    assert done.code == 0
    assert len(done.out.splitlines()) == 1
    assert dump(place) == dump(record)
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_a_restore_follows_a_symbolic_link(record: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    place = tmp_path / "data" / "real.db"
    link = tmp_path / "link.db"
    link.symlink_to(place)
    assert run(link, "list").code == 0
    assert run(link, "restore", str(record)).code == 0
    assert link.is_symlink()
    assert dump(place) == dump(record)


def test_a_restore_of_an_older_backup_upgrades_the_database_and_not_the_backup(
    record: Path, first: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    first.rename(old)
    place = tmp_path / "place" / "nkplan.db"
    place.parent.mkdir()
    before = old.read_bytes()
    done = run(place, "restore", str(old))
    assert (done.code, done.err) == (0, "")
    assert old.read_bytes() == before
    columns = "id, project, event_date, status, percent, promised, source, announcement, note"
    assert read_table(place, "updates", columns) == read_table(old, "updates", columns)
    assert run(place, "list").err == ""
    assert sorted(path.name for path in place.parent.iterdir()) == ["nkplan.db"]
    assert len(read_schema(place)) > len(read_schema(old))


def test_a_restore_tells_each_id_that_the_upgrade_changed_and_only_then(tmp_path: Path) -> None:
    old, place, later = (tmp_path / f"{name}.db" for name in ("old", "nkplan", "later"))
    old.write_bytes(lzma.decompress((SCHEMAS / "v2.db.xz").read_bytes()))
    done = run(place, "restore", str(old))
    assert done.code == 0
    renamed = read_table(place, "former_ids", "list, former, id")
    assert renamed
    assert sorted(done.err.splitlines()) == sorted(
        f"nkplan: the id {former} in {list_} is reserved or that of another row in other letters;"
        f" it is now {id_}"
        for list_, former, id_ in renamed
    )
    again = run(later, "restore", str(place))
    assert (again.code, again.err) == (0, "")


def test_a_restore_of_an_older_backup_that_cannot_be_upgraded_is_refused_with_advice(
    first: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    first.rename(old)
    execute(old, "CREATE TABLE tags (a)")
    check_refusal(run(tmp_path / "nkplan.db", "restore", str(old)), 4, str(old), "rename or drop")
    assert [path.name for path in tmp_path.iterdir()] == ["old.db"]


def make_unsound(path: Path, how: str) -> None:
    match how:
        case "another program's":
            path.unlink()
            execute(path, "CREATE TABLE mine (x)")
        case "newer":
            execute(path, "PRAGMA user_version = 99")
        case "of a version before the first":
            execute(path, "PRAGMA user_version = -1")
        case "not a database":
            path.write_text("notes " * 500, "utf-8")
        case "empty":
            path.write_bytes(b"")
        case "truncated":
            path.write_bytes(path.read_bytes()[:-20_000])
        case "a zeroed page":
            content = bytearray(path.read_bytes())
            content[8192:12288] = bytes(4096)
            path.write_bytes(content)
        case "a dangling reference":
            execute(path, "UPDATE updates SET source = 'nowhere' WHERE rowid = 3")


UNSOUND = {
    "another program's": (5, "another program"),
    "newer": (5, "newer nkplan"),
    "of a version before the first": (5, "newer nkplan (schema -1"),
    "not a database": (5, "is not an nkplan database"),
    "empty": (5, "empty database"),
    "truncated": (4, "is damaged"),
    "a zeroed page": (4, "is damaged"),
    "a dangling reference": (4, "is unsound (row 3 of updates"),
}


@pytest.mark.parametrize("how", UNSOUND)
def test_a_restore_from_an_unsound_file_is_refused_and_changes_nothing(record: Path, how: str) -> None:
    file = record.parent / "file.db"
    back_up(record, file, NOW)
    make_unsound(file, how)
    before = record.read_bytes(), file.read_bytes()
    code, said = UNSOUND[how]
    check_refusal(run(record, "restore", str(file)), code, said, str(file))
    assert (record.read_bytes(), file.read_bytes()) == before
    assert {path.name for path in record.parent.iterdir()} == {record.name, "file.db"}


def test_a_restore_from_something_that_is_not_a_backup_is_refused(record: Path) -> None:
    check_refusal(run(record, "restore", "nowhere.db"), 2, "there is no file")
    check_refusal(run(record, "restore", str(record.parent)), 2, "there is no file")
    check_refusal(run(record, "restore", str(record)), 2, "is the database itself")
    other = record.parent / "other.txt"
    other.write_text("some text that is no database, and long enough for a page of one" * 20, "utf-8")
    check_refusal(run(record, "restore", str(other)), 5, "is not an nkplan database", "`nkplan backup` made")


@pytest.mark.parametrize("how", ["another program's", "newer", "not a database"])
def test_a_restore_never_replaces_a_foreign_or_newer_database(record: Path, how: str) -> None:
    file = record.parent / "file.db"
    back_up(record, file, NOW)
    make_unsound(record, how)
    before = record.read_bytes()
    advice = "upgrade nkplan" if how == "newer" else "move it away first if it is to be replaced"
    check_refusal(run(record, "restore", str(file)), 5, str(record), advice)
    assert record.read_bytes() == before


def test_a_restore_replaces_a_damaged_database_and_keeps_an_exact_copy(record: Path) -> None:
    file = record.parent / "file.db"
    back_up(record, file, NOW)
    make_unsound(record, "truncated")
    damaged = record.read_bytes()
    done = run(record, "restore", str(file))
    assert done.code == 0
    (kept,) = record.parent.glob("nkplan-before-restore-*.db")
    assert kept.read_bytes() == damaged
    assert dump(record) == dump(file)


def test_a_restore_never_replaces_a_database_that_is_being_written(record: Path) -> None:
    file = record.parent / "file.db"
    back_up(record, file, NOW)
    with closing(sqlite3.connect(record, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = run_process(record, "restore", str(file))
        other.execute("UPDATE updates SET note = 'written meanwhile' WHERE rowid = 1")
        other.execute("COMMIT")
    check_refusal(done, 4, "is in use: another program is writing to it")
    assert read_table(record, "updates", "note")[0] == ("written meanwhile",)
    assert {path.name for path in record.parent.iterdir()} == {record.name, "file.db"}


def test_a_writer_waiting_for_a_restore_writes_to_the_restored_database(record: Path) -> None:
    """It had opened the file that is replaced; a write to that would be reported as done and then lost."""
    file = record.parent / "file.db"
    back_up(record, file, NOW)
    with writing(record):
        command = [*NKPLAN, *UPDATE]
        writer = subprocess.Popen(command, env=make_environment(record), stdout=subprocess.PIPE)
        while not is_open(record, writer.pid):
            time.sleep(0.01)
        time.sleep(0.2)
        file.replace(record)
    assert writer.communicate()[0]
    assert writer.returncode == 0
    assert ("idle", "2026-08") in read_table(record, "updates", "status, event_date")


def is_open(path: Path, pid: int) -> bool:
    """Return whether a process has a file open for writing."""
    for number in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            if number.readlink() == path and number.lstat().st_mode & stat.S_IWUSR:
                return True
        except OSError:
            continue
    return False


def test_a_backup_while_others_write_is_a_snapshot_of_one_instant(record: Path, recorder: Recorder) -> None:
    """Each writer adds an update together with its row of the journal."""
    writers = [
        subprocess.Popen(
            [find_launcher(), "update", "songchon", "--note", f"n{number}", "--on", "2026-08"],
            env=make_environment(record),
            stdout=subprocess.DEVNULL,
        )
        for number in range(4)
    ]
    copies = []
    while any(writer.poll() is None for writer in writers):
        copies.append(back_up(record, None, NOW))
    assert [writer.returncode for writer in writers] == [0] * 4
    for copy in copies:
        changes, updates = read_table(copy.file, "changes"), read_table(copy.file, "updates")
        assert len(updates) - len(changes) == len(read_table(record, "updates")) - len(
            read_table(record, "changes")
        )
        assert copy.rows["updates"] == len(updates)
    restored = restore(record, copies[0].file, NOW)
    assert restored.rows == copies[0].rows


def list_hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def stop_during_copy(record: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a command, and suspend it once its part file is next to the database."""
    for _ in range(50):
        process = subprocess.Popen(
            [*NKPLAN, *arguments], env=make_environment(record), cwd=record.parent, stdout=subprocess.DEVNULL
        )
        while process.poll() is None and not has_part(record.parent):
            time.sleep(0.0001)
        if process.returncode is None:
            process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
            if has_part(record.parent):
                return process
            process.send_signal(signal.SIGCONT)
        assert process.wait() == 0
    pytest.fail("the command was never suspended in time")


def has_part(folder: Path) -> bool:
    return any(name.endswith(".part") for name in list_hidden(folder))


@pytest.mark.sampled
@pytest.mark.parametrize("is_killed", [True, False], ids=["killed", "running"])
@pytest.mark.parametrize("arguments", [("backup",), ("restore", "file.db")], ids=["backup", "restore"])
def test_the_next_backup_removes_files_of_a_killed_copy_and_not_of_a_running_one(
    record: Path, arguments: tuple[str, ...], is_killed: bool
) -> None:
    back_up(record, record.with_name("file.db"), NOW)
    copying = stop_during_copy(record, *arguments)
    written = list_hidden(record.parent)
    assert written != []
    if is_killed:
        copying.kill()
        copying.wait()
    back_up(record, None, NOW)
    if not is_killed:
        assert list_hidden(record.parent) == written
        copying.send_signal(signal.SIGCONT)
        assert copying.wait() == 0
    assert list_hidden(record.parent) == []


def test_a_restore_removes_leftover_part_files_and_no_file_with_a_similar_name(record: Path) -> None:
    file = record.with_name("file.db")
    back_up(record, file, NOW)
    left = [f".other.db.0a1b2c3d.part{suffix}" for suffix in ("-lock", "-journal", "")]
    kept = [".other.db.0a1b2c3d.part2", ".notes.part", ".notes.part-lock", ".x.00000000.part"]
    for name in (*left, *kept):
        record.with_name(name).write_bytes(b"x")
    restore(record, file, NOW)
    assert list_hidden(record.parent) == sorted(kept)


def test_a_restore_never_replaces_a_pipe(record: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    made = tmp_path / "made.db"
    assert run(record, "backup", str(made)).code == 0
    done = run(pipe, "restore", str(made))
    assert (done.code, done.out) == (4, "")
    assert done.err == f"nkplan: {pipe} is a device or a pipe; name a file with --db\n"
    assert pipe.is_fifo()
    assert {path.name for path in tmp_path.iterdir()} == {record.name, made.name, pipe.name}
