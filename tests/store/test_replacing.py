"""What replaces a file is whole, private, alone under its name and its owner's; what is done is said."""

import errno
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import Any, NoReturn, TextIO

import pytest
from durability import dump, find_damage
from program import Done, run
from tables import query

from nkplan.cli.options import OutputOptions
from nkplan.cli.output import Answer
from nkplan.database import translating_errors
from nkplan.errors import CommittedAnyway, Damaged, Unusable
from nkplan.store import backup as backup_module
from nkplan.store import copies, replacing, transaction
from nkplan.store.backup import back_up, restore
from nkplan.store.create import create_whole
from nkplan.store.parts import copy_access, remove_leftovers, writing_part

NOW = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)
DATED = "nkplan-before-restore-20261124T101500Z"
UPDATE = ("update", "grand-canal", "building", "--on", "2026", "--evidence", "authority")
BESIDE = ("-journal", "-wal", "-shm")
NOBODY = 65534

THEIRS = """
import sqlite3, sys
theirs = sqlite3.connect(sys.argv[1])
theirs.execute("PRAGMA journal_mode = WAL")
theirs.execute("UPDATE updates SET note = 'theirs' WHERE rowid = 1")
theirs.commit()
print("written", flush=True)
sys.stdin.read()
"""


def list_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def check_refusal(done: Done, code: int, *said: str) -> None:
    assert (done.code, done.out) == (code, "")
    (line,) = done.err.splitlines()
    for part in said:
        assert part in line


@pytest.fixture(scope="module")
def made(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a backup of the record, and with the record after an update."""
    folder = tmp_path_factory.mktemp("made")
    record = Path(shutil.copy(seeded, folder))
    back_up(record, folder / "file.db", NOW)
    assert run(record, *UPDATE).code == 0
    return folder


@pytest.fixture
def file(made: Path, record: Path, tmp_path: Path) -> Path:
    """Return a backup of the record, in a folder of its own; the record has one update more."""
    shutil.copy(made / record.name, record)
    folder = tmp_path / "backups"
    folder.mkdir()
    return Path(shutil.copy(made / "file.db", folder))


@pytest.fixture
def place(record: Path, file: Path, tmp_path: Path) -> Path:
    """Return the record in a folder of its own."""
    folder = tmp_path / "place"
    folder.mkdir()
    return record.rename(folder / record.name)


def ruin_schema(path: Path) -> None:
    """Ruin the page with the schema, without which SQLite reads nothing."""
    with path.open("r+b") as content:
        content.seek(100)
        content.write(bytes(3996))


def leave_log(path: Path) -> dict[str, bytes]:
    """Leave a file in write-ahead mode as a program that was killed does: what it wrote is in the log."""
    with closing(sqlite3.connect(path, isolation_level=None)) as theirs:
        theirs.execute("PRAGMA journal_mode = WAL")
        theirs.execute("UPDATE updates SET note = 'theirs' WHERE rowid = 1")
        theirs.execute("UPDATE updates SET note = 'theirs' WHERE rowid = 2")
        left = read_all(path.parent)
    for name, content in left.items():
        path.with_name(name).write_bytes(content)
    return left


@contextmanager
def running(path: Path) -> Iterator[None]:
    """Have another program open a file in write-ahead mode, with a change that is only in the log."""
    with subprocess.Popen(
        [sys.executable, "-IS", "-c", THEIRS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"written\n"
        yield
        other.kill()


@pytest.mark.parametrize("is_seen", [True, False])
def test_a_restore_over_a_damaged_file_takes_away_what_a_killed_program_left_beside_it(
    place: Path, file: Path, monkeypatch: pytest.MonkeyPatch, is_seen: bool
) -> None:
    """SQLite would apply the old log to the new file. What it holds is kept with the damaged one."""
    left = leave_log(place)
    ruin_schema(place)
    damaged = place.read_bytes()
    if not is_seen:
        # SQLite puts the log into the file when it closes it, if it sees that nobody else has it open.
        def refuse(*given: object, **options: object) -> NoReturn:
            raise Damaged("it is damaged")

        monkeypatch.setattr(backup_module, "writing", refuse)
    done = run(place, "restore", str(file))
    assert (done.code, done.err) == (0, "")
    (kept,) = place.parent.glob("*-before-restore-*.db")
    if is_seen:
        assert b"theirs" in kept.read_bytes()
    else:
        assert kept.read_bytes() == damaged
        assert Path(f"{kept}-wal").read_bytes() == left[f"{place.name}-wal"]
    assert [name for name in list_names(place.parent) if name.startswith(f"{place.name}-")] == []
    assert dump(place) == dump(file)
    assert find_damage(place) == []


@pytest.mark.parametrize("is_damaged", [True, False])
def test_a_restore_is_refused_while_another_program_has_the_file_open_in_write_ahead_mode(
    place: Path, file: Path, monkeypatch: pytest.MonkeyPatch, is_damaged: bool
) -> None:
    monkeypatch.setattr(backup_module, "_PATIENCE", 0.1)
    with running(place):
        if is_damaged:
            ruin_schema(place)
        before = read_all(place.parent)
        assert f"{place.name}-wal" in before
        check_refusal(run(place, "restore", str(file)), 4, f"{place} is in use")
        after = read_all(place.parent)
    assert after.keys() == before.keys()
    assert all(after[name] == content for name, content in before.items() if not name.endswith("-shm"))


def test_a_restore_does_not_wait_long_for_a_program_that_is_half_way_through_a_write(
    place: Path, file: Path
) -> None:
    """It has written to the file before its end, so that there is a journal."""
    with closing(sqlite3.connect(place, isolation_level=None)) as theirs:
        theirs.execute("PRAGMA cache_size = 1")
        theirs.execute("BEGIN")
        theirs.execute("UPDATE updates SET note = hex(randomblob(999))")
        assert Path(f"{place}-journal").stat().st_size > 0
        start = monotonic()
        check_refusal(run(place, "restore", str(file)), 4, "is in use")
        assert monotonic() - start < 10
    assert list_names(place.parent) == [place.name]


def test_a_program_that_has_the_replaced_file_open_cannot_write_to_it(place: Path, file: Path) -> None:
    """SQLite would name its journal like that of the new file."""
    with closing(sqlite3.connect(place, isolation_level=None)) as theirs:
        before = theirs.execute("SELECT count(*) FROM updates").fetchone()
        assert run(place, "restore", str(file)).code == 0
        assert theirs.execute("SELECT count(*) FROM updates").fetchone() == before
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            theirs.execute("UPDATE updates SET note = 'theirs' WHERE rowid = 1")
    assert dump(place) == dump(file)


@pytest.mark.sampled
@pytest.mark.parametrize("is_empty", [True, False])
@pytest.mark.parametrize("words", [("restore", "{file}"), ("init", "--empty")], ids=lambda words: words[0])
def test_what_is_left_beside_a_database_that_is_gone_is_not_applied_to_a_new_one(
    place: Path, file: Path, words: Sequence[str], is_empty: bool
) -> None:
    leave_log(place)
    Path(f"{place}-journal").write_bytes(b"x" * 600)
    place.unlink()
    if is_empty:
        place.touch(0o640)
    done = run(place, *(word.format(file=file) for word in words))
    assert done.code == 0
    assert find_damage(place) == []
    assert query(place, "SELECT count(*) FROM updates WHERE note = 'theirs'") == [(0,)]
    assert list_names(place.parent) == [place.name]
    if is_empty:
        assert stat.S_IMODE(place.stat().st_mode) == 0o640


def test_a_backup_gets_no_name_that_another_files_log_has(record: Path, file: Path) -> None:
    beside = record.with_name("copy.db-wal")
    beside.write_bytes(b"x")
    check_refusal(run(record, "backup", "copy.db"), 2, "copy.db-wal exists already", "name another file")
    record.with_name("nkplan-backup-20261124T101500Z.db-journal").write_bytes(b"x")
    assert back_up(record, None, NOW).file.name == "nkplan-backup-20261124T101500Z-2.db"


def test_a_restore_checks_the_database_where_it_is_before_it_says_that_it_is_restored(
    place: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_and_ruin(part: Path, target: Path) -> None:
        replacing.put_in_place(part, target)
        ruin_schema(target)

    monkeypatch.setattr(backup_module, "put_in_place", put_and_ruin)
    done = run(place, "restore", str(file))
    (kept,) = place.parent.glob("*-before-restore-*.db")
    check_refusal(
        done, 4, f"{place} was replaced with {file}", f"was there before is in {kept}", "is damaged"
    )


def test_two_restores_in_one_second_keep_two_copies(
    place: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second takes the name that the first had chosen."""
    fill = copies.fill_part

    def fill_slowly(*arguments: Any, **options: Any) -> None:
        fill(*arguments, **options)
        place.with_name(f"{DATED}.db").write_bytes(b"of the other")

    monkeypatch.setattr(copies, "fill_part", fill_slowly)
    done = restore(place, file, NOW)
    assert done.replaced == place.with_name(f"{DATED}-2.db")
    assert place.with_name(f"{DATED}.db").read_bytes() == b"of the other"
    assert list_names(place.parent) == [f"{DATED}-2.db", f"{DATED}.db", place.name]


def fail_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a disk that cannot sync folders."""
    sync = os.fsync

    def fail(number: int) -> None:
        if stat.S_ISDIR(os.fstat(number).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(number)

    monkeypatch.setattr(os, "fsync", fail)


DONE_ANYWAY = (
    "was written, but its folder cannot be synced (Input/output error)",
    "do not repeat the command",
)


@pytest.mark.parametrize("is_damaged", [True, False])
def test_a_restore_whose_folder_cannot_be_synced_is_said_to_be_done(
    place: Path, file: Path, monkeypatch: pytest.MonkeyPatch, is_damaged: bool
) -> None:
    fail_folders(monkeypatch)
    # Otherwise nothing is replaced, because the copy of it may not be on the disk.
    monkeypatch.setattr(copies, "sync_folder", lambda folder: None)
    if is_damaged:
        ruin_schema(place)
    done = run(place, "restore", str(file))
    (kept,) = place.parent.glob("*-before-restore-*.db")
    check_refusal(done, 4, f"{place} {DONE_ANYWAY[0]}", DONE_ANYWAY[1], f"what was there before is in {kept}")
    assert dump(place) == dump(file)


def test_a_new_database_whose_folder_cannot_be_synced_is_said_to_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_folders(monkeypatch)
    path = tmp_path / "new.db"
    check_refusal(run(path, "init", "--empty"), 4, f"{path} {DONE_ANYWAY[0]}", DONE_ANYWAY[1])
    assert run(path, "list").code == 0


@pytest.mark.parametrize("words", [("backup", "copy.db"), ("backup",), ("restore", "{file}")], ids=str)
def test_a_copy_whose_folder_cannot_be_synced_is_taken_back(
    place: Path, file: Path, monkeypatch: pytest.MonkeyPatch, words: Sequence[str]
) -> None:
    fail_folders(monkeypatch)
    before = read_all(place.parent)
    done = run(place, *(word.format(file=file) for word in words))
    check_refusal(done, 4, "cannot be written: Input/output error")
    assert read_all(place.parent) == before


def test_a_database_is_not_upgraded_without_a_copy_that_is_on_the_disk(
    first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_folders(monkeypatch)
    before = read_all(first.parent)
    check_refusal(run(first, "list"), 4, "cannot be written: Input/output error")
    assert read_all(first.parent) == before


class Committed(sqlite3.Connection):
    """A connection whose disk fails once it has committed."""

    error = "SQLITE_IOERR_DIR_FSYNC"

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        cursor = super().execute(sql, *values)
        if sql == "COMMIT":
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorname = self.error
            raise error
        return cursor


def use(monkeypatch: pytest.MonkeyPatch, factory: type[sqlite3.Connection]) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *given, **options: connect(*given, factory=factory, **options)
    )


@pytest.mark.parametrize("error", ["SQLITE_IOERR_DIR_FSYNC", "SQLITE_IOERR_UNLOCK"])
def test_a_disk_that_fails_after_a_commit_does_not_undo_it_and_the_user_is_told_so(
    record: Path, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Committed, "error", error)
        use(patch, Committed)
        done = run(record, *UPDATE)
    check_refusal(done, 4, f"everything was written to {record}, but ", "do not repeat the command")
    assert query(record, "SELECT command FROM changes WHERE id > 1") == [("update",)]


@pytest.mark.parametrize("words", ["created", "upgraded"])
def test_a_disk_that_fails_after_a_database_is_made_ready_has_not_let_the_command_run(
    tmp_path: Path, first: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    path = first if words == "upgraded" else tmp_path / "new.db"
    with monkeypatch.context() as patch:
        use(patch, Committed)
        done = run(path, *UPDATE)
    check_refusal(done, 4, f"the database being {words}, and nothing else was done; run the command again")
    assert query(path, "SELECT count(*) FROM changes WHERE command = 'update' AND summary LIKE 'grand%'") == [
        (0,)
    ]
    assert run(path, "list").code == 0


def test_what_interrupts_the_making_of_a_part_is_not_said_to_be_done(tmp_path: Path) -> None:
    """The part was committed, but it is no database yet."""
    path = tmp_path / "nkplan.db"
    with pytest.raises(KeyboardInterrupt), copies.naming(path):
        raise CommittedAnyway("everything was written before the interrupt")
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_DIR_FSYNC"
    with pytest.raises(Unusable) as refusal, copies.naming(path):
        raise CommittedAnyway("everything was written to the part") from error
    assert str(refusal.value) == f"{path} cannot be read or written (disk I/O error); check the disk it is on"


class Unreadable(sqlite3.Connection):
    """A connection to a disk that cannot read a page, as SQLite's check tells it."""

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if "integrity_check" in sql:
            return super().execute("SELECT 'Tree 7 page 9: unable to get the page. error code=266'")
        return super().execute(sql, *values)


@pytest.mark.parametrize("words", [("restore", "{file}"), ("backup",)], ids=lambda words: words[0])
def test_a_page_that_the_disk_cannot_read_is_not_called_damaged(
    place: Path, file: Path, monkeypatch: pytest.MonkeyPatch, words: Sequence[str]
) -> None:
    use(monkeypatch, Unreadable)
    before = read_all(place.parent)
    done = run(place, *(word.format(file=file) for word in words))
    check_refusal(done, 4, "cannot be read or written (disk I/O error); check the disk it is on")
    assert read_all(place.parent) == before


@pytest.mark.parametrize(
    ("name", "can_read", "said"),
    [
        ("SQLITE_CORRUPT", False, "cannot be read: Input/output error; check the disk it is on"),
        ("SQLITE_CORRUPT_VTAB", False, "cannot be read: Input/output error; check the disk it is on"),
        (
            "SQLITE_CORRUPT",
            True,
            "could not be read once (malformed), but is sound; check the disk it is on and try again",
        ),
        # SQLite's check does not look at the index of words.
        ("SQLITE_CORRUPT_VTAB", True, "is damaged (malformed); restore it from a backup"),
    ],
)
def test_what_sqlite_calls_damaged_may_be_a_disk_that_cannot_read(
    record: Path, monkeypatch: pytest.MonkeyPatch, name: str, can_read: bool, said: str
) -> None:
    def refuse(*given: object) -> NoReturn:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    if not can_read:
        monkeypatch.setattr(os, "pread", refuse)
    error = sqlite3.DatabaseError("malformed")
    error.sqlite_errorname = name
    with pytest.raises(Unusable) as refusal, translating_errors(record):
        raise error
    assert str(refusal.value) == f"{record} {said}"
    assert isinstance(refusal.value, Damaged) == said.startswith("is damaged")


def can_give_away(path: Path) -> bool:
    """Give a file to another user, which only root can."""
    try:
        os.chown(path, NOBODY, NOBODY)
    except PermissionError:
        return False
    path.chmod(0o640)
    return True


OVER = {
    "restore": ("restore", "{file}"),
    "backup": ("backup", "copy.db"),
    "-o": ("list", "-o", "{place}/list.csv"),
    "export": ("export", "-o", "{place}/all.json"),
}


@pytest.mark.parametrize("words", OVER.values(), ids=list(OVER))
def test_a_file_that_replaces_or_copies_another_has_its_owner_and_permissions(
    place: Path, file: Path, words: Sequence[str]
) -> None:
    replaced = [place, place.with_name("list.csv"), place.with_name("all.json")]
    for path in replaced:
        path.touch()
        if not can_give_away(path):
            pytest.skip("only root can give a file to another user")
    done = run(place, *(word.format(file=file, place=place.parent) for word in words))
    assert done.code == 0, done
    assert list_names(place.parent) != sorted(path.name for path in replaced) or "-o" in words
    for path in place.parent.iterdir():
        found = path.stat()
        assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (NOBODY, NOBODY, 0o640), path


def test_the_copy_made_before_an_upgrade_is_its_owners(first: Path) -> None:
    if not can_give_away(first):
        pytest.skip("only root can give a file to another user")
    assert run(first, "list").code == 0
    assert {path.stat().st_uid for path in first.parent.iterdir()} == {NOBODY}


def test_a_group_that_a_user_cannot_give_a_file_may_do_no_more_than_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.touch()
    target.touch()
    source.chmod(0o664)

    def refuse(*given: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", refuse)
    copy_access(source, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o644


PRIVATE = {
    "backup": ("backup", "copy.db"),
    "restore": ("restore", "{file}"),
    "-o": ("list", "-o", "list.csv"),
    "init": ("init", "--from", "-", "--db", "new.db"),
    "upgrade": ("list",),
}


@pytest.mark.parametrize("name", PRIVATE)
def test_nobody_else_can_read_what_is_being_made(
    place: Path, file: Path, first: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whenever something is synced, which is when it is complete."""
    if name == "upgrade":
        first.replace(place)
    for path in (place, file, place.with_name("list.csv")):
        path.touch()
        path.chmod(0o600)
    seen = set()

    def look(number: int) -> None:
        for path in place.parent.rglob("*"):
            if not stat.S_IMODE(path.parent.stat().st_mode) & 0o077:
                seen.add(path.name)
            elif path.is_file() and path.name != "new.db":
                assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path

    monkeypatch.setattr(os, "fsync", look)
    words = [word.format(file=file) for word in PRIVATE[name]]
    assert run(place, *words, stdin=b'{"format": "nkplan/2"}').code == 0
    assert "part" in seen


def test_a_link_under_the_name_of_what_is_being_made_is_not_followed(
    place: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder where others may write, one of them may have guessed or seen the name."""
    mine = place.with_name("mine")
    mine.write_bytes(b"")
    monkeypatch.setattr(os, "urandom", bytes)
    names = {
        f".{named}.00000000{part}"
        for named in (place.name, "copy.db", "list.csv", f"{DATED}.db", "new.db")
        for part in (".part", ".part-lock", ".part-journal", "")
    }
    for words in (("backup", "copy.db"), ("restore", str(file)), ("list", "-o", "list.csv"), ("list",)):
        for name in names:
            if not os.path.lexists(place.with_name(name)):
                place.with_name(name).symlink_to(mine)
        done = run(place, *words)
        assert done.code == (4 if len(words) > 1 else 0), words
        assert mine.read_bytes() == b""
    for path in place.parent.glob(".*.part-lock"):
        path.unlink()
    with pytest.raises(Unusable, match="cannot be written: File exists"):
        create_whole(place.with_name("new.db"), lambda part: part.write_bytes(b"mine"))
    assert mine.read_bytes() == b""
    assert not [path for path in place.parent.iterdir() if path.name in {"copy.db", "list.csv", "new.db"}]


def leave_litter(folder: Path, name: str) -> None:
    part = folder / f".{name}.0a1b2c3d.part"
    part.mkdir()
    for one in ("part", "part-journal", "aside"):
        (part / one).write_bytes(b"x")
    Path(f"{part}-lock").touch()


SWEEPS: dict[str, tuple[str, ...]] = {
    "export": ("export", "-o", "all.json"),
    "list": ("list", "-o", "list.csv"),
    "backup": ("backup",),
    "restore": ("restore", "{file}"),
    "init": ("init", "--empty", "--db", "new.db"),
}


@pytest.mark.parametrize("words", SWEEPS.values(), ids=list(SWEEPS))
def test_what_a_killed_command_left_in_a_folder_is_removed_by_the_next_that_writes_there(
    place: Path, file: Path, words: Sequence[str]
) -> None:
    leave_litter(place.parent, "all.json")
    assert run(place, *(word.format(file=file) for word in words)).code == 0
    assert not [name for name in list_names(place.parent) if name.startswith(".")]


def test_an_output_that_is_killed_leaves_only_what_the_next_removes(record: Path) -> None:
    output = record.with_name("list.csv")
    output.write_text("as it was", "utf-8")

    def die(file: TextIO) -> None:
        file.write("half")
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            Answer(OutputOptions(output=output)).write(die)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
    assert output.read_text("utf-8") == "as it was"
    assert [name for name in list_names(record.parent) if name.startswith(".")]
    assert run(record, "list", "-o", "list.csv").code == 0
    assert list_names(record.parent) == [output.name, record.name]


def test_a_long_name_can_be_written(record: Path) -> None:
    for name in ("x" * 251 + ".csv", "평" * 83 + ".csv", "😀" * 62 + ".csv"):
        assert run(record, "list", "-o", name).code == 0
        assert record.with_name(name).stat().st_size > 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("backup", "{long}"), 4),
        (("backup", "{long}/copy.db"), 2),
        (("restore", "{long}"), 4),
        (("restore", "{file}", "--db", "{long}"), 4),
        (("list", "-o", "{long}.csv"), 4),
        (("export", "-o", "{long}.json"), 4),
    ],
)
def test_a_name_that_no_file_can_have_is_refused(
    words: Sequence[str], code: int, record: Path, file: Path
) -> None:
    done = run(record, *(word.format(long="x" * 300, file=file) for word in words))
    check_refusal(done, code, "nkplan: ")


@pytest.mark.parametrize("umask", [0o077, 0o177, 0o777])
def test_the_owner_can_enter_what_is_being_made_whatever_the_umask(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        with writing_part(tmp_path / "copy.db") as part:
            assert stat.S_IMODE(part.parent.stat().st_mode) == 0o700
    finally:
        os.umask(before)


LINKED: dict[str, Callable[[Path], tuple[str, ...]]] = {
    "update": lambda file: UPDATE,
    "undo": lambda file: ("undo",),
    "load": lambda file: ("load", "-"),
    "repair": lambda file: ("check", "--repair"),
    "restore": lambda file: ("restore", str(file)),
}


@pytest.mark.parametrize("name", LINKED)
def test_a_file_with_two_names_is_not_written_to_by_either(
    place: Path, file: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """SQLite keeps the journal by the name: the other name would not see what a killed writer left."""
    monkeypatch.setattr(transaction, "_MOMENT", 0.0)
    other = place.with_name("other.db")
    os.link(place, other)
    before = read_all(place.parent)
    for path in (place, other):
        done = run(path, *LINKED[name](file), stdin=b'{"format": "nkplan/2"}')
        check_refusal(done, 4, f"{path} has another name (a hard link)", "remove the other name")
        assert read_all(place.parent) == before
    if name == "update":
        assert run(other, "list") == run(place, "list")
        other.unlink()
        assert run(place, *UPDATE).code == 0


def test_an_older_file_with_two_names_is_not_upgraded(first: Path) -> None:
    os.link(first, first.with_name("other.db"))
    before = read_all(first.parent)
    check_refusal(run(first, "list"), 4, "has another name")
    assert read_all(first.parent) == before


def test_a_write_waits_for_a_copy_that_gets_its_final_name(record: Path) -> None:
    part = record.with_name("part")
    os.link(record, part)
    timer = Timer(0.03, part.unlink)
    timer.start()
    assert run(record, *UPDATE).code == 0
    timer.join()
    assert back_up(record, None, NOW).file.stat().st_nlink == 1


def test_a_copy_that_was_killed_while_it_got_its_final_name_can_be_written_to(record: Path) -> None:
    leave_litter(record.parent, "copy.db")
    os.link(record, record.parent / ".copy.db.0a1b2c3d.part" / "linked")
    assert run(record, *UPDATE).code == 0
    assert list_names(record.parent) == [record.name]


def test_a_process_does_not_remove_what_it_is_writing(tmp_path: Path) -> None:
    with writing_part(tmp_path / "new.db") as part:
        part.write_bytes(b"half written")
        remove_leftovers(tmp_path)
        (tmp_path / "link").symlink_to(tmp_path)
        remove_leftovers(tmp_path / "link")
        assert part.read_bytes() == b"half written"
    assert list_names(tmp_path) == ["link"]


def test_where_there_are_no_hard_links_a_backup_replaces_no_file_either(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    names = [back_up(record, None, NOW).file.name for _ in range(2)]
    assert names == ["nkplan-backup-20261124T101500Z.db", "nkplan-backup-20261124T101500Z-2.db"]
    assert dump(record.with_name(names[0])) == dump(record)
