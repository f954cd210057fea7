"""What an older nkplan recorded is upgraded row for row, once, and a copy of it is kept."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from program import NKPLAN, ROOT, make_environment, run
from sqlite_utils import Database
from tables import list_columns, read_schema, read_table

from nkplan.database import VERSION
from nkplan.errors import Unusable
from nkplan.model.batch import Batch
from nkplan.queries.reader import reading
from nkplan.rows.table import make_row
from nkplan.sql import read_statements
from nkplan.store.create import create_database
from nkplan.store.migrations import COPIES_KEPT, MIGRATIONS, migrate
from nkplan.store.transaction import Recorder
from nkplan.store.undo import undo
from nkplan.validation import LISTS

SCHEMAS = ROOT / "tests" / "schemas"
NOW = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)
RECORDED = (
    "changes", "kinds", "places", "place_names", "sources", "announcements", "announcement_details",
    "announcement_figures", "projects", "quotas", "updates", "replaced_rows",
)  # fmt: skip
"""The tables of what was recorded; the others are derived from them."""


UNPRIVILEGED = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""Runs a command without the capability to bypass permissions, if root runs the tests."""


def list_copies(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.stem}-before-upgrade-*"))


def start(path: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    command = [*NKPLAN, *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=make_environment(path), cwd=path.parent
    )


def test_every_released_schema_is_kept_with_rows_that_it_made(first: Path, tmp_path: Path) -> None:
    assert {path.stem for path in SCHEMAS.glob("*.sql")} == {f"v{number}" for number in range(1, VERSION)}
    with closing(sqlite3.connect(tmp_path / "empty.db")) as connection:
        connection.executescript((SCHEMAS / "v1.sql").read_text("utf-8"))
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert read_schema(first) == read_schema(tmp_path / "empty.db")
    with closing(sqlite3.connect(first)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        numbers = dict(
            connection.execute("SELECT command, count(*) FROM changes GROUP BY command").fetchall()
        )
    assert numbers == {"first run": 1, "update": 5, "add": 3, "load": 1, "undo": 3}


def test_an_upgrade_keeps_every_row_unchanged(first: Path) -> None:
    columns = {table: list_columns(first, table) for table in RECORDED}
    before = {table: read_table(first, table, columns[table]) for table in RECORDED}
    assert all(before.values())
    assert len([row for row in read_table(first, "updates", "undone_in") if row[0] is not None]) == 3
    migrated = migrate(first, NOW)
    assert {table: read_table(first, table, columns[table]) for table in RECORDED} == before
    assert migrated is not None
    assert migrated.copy == first.with_name("nkplan-before-upgrade-20261124T101500Z.db")
    assert {table: read_table(migrated.copy, table) for table in RECORDED} == before


def test_an_upgraded_database_has_exactly_the_schema_of_a_new_one(first: Path, seeded: Path) -> None:
    migrate(first, NOW)
    assert read_schema(first) == read_schema(seeded)
    with closing(sqlite3.connect(first)) as one, closing(sqlite3.connect(seeded)) as other:
        for pragma in ("user_version", "application_id", "page_size", "encoding", "journal_mode"):
            question = f"PRAGMA {pragma}"
            assert one.execute(question).fetchone() == other.execute(question).fetchone()
        for question in ("PRAGMA integrity_check", "PRAGMA foreign_key_check"):
            assert one.execute(question).fetchall() == other.execute(question).fetchall()
        config = "SELECT * FROM words_config ORDER BY k"
        assert one.execute(config).fetchall() == other.execute(config).fetchall()
    names = [name for _, _, name, _ in read_table(first, "_sqlite_migrations")]
    assert names == [name for _, _, name, _ in read_table(seeded, "_sqlite_migrations")]
    assert len(names) == VERSION - 1


def read_active(path: Path) -> Batch:
    """Read every active row, as a file to load would have it."""
    made: dict[str, Any] = {}
    with reading(path) as reader:
        for name in LISTS:
            column = "project" if name == "quotas" else "id"
            keys = json.dumps([row[0] for row in read_table(path, name, column)])
            rows = reader.fetch(f"stored.{name}_by_key", keys=keys).fetchall()
            # Of texts that match equally well, the one recorded first comes first.
            rows.sort(key=lambda row: keys.index(json.dumps(row[column])))
            made[name] = tuple(make_row(name, row) for row in rows if row["row_state"] == "active")
    return Batch(**made)


QUESTIONS = [
    ("list",), ("report",), ("report", "slips"), ("report", "durations"), ("report", "conflicts"),
    ("search", "works"), ("list", "--as-of", "2025-06", "--known-on", "2025-06"),
    ("check",),
]  # fmt: skip


def test_an_upgraded_database_answers_like_a_fresh_one_with_the_same_rows(
    first: Path, tmp_path: Path, recorder: Recorder
) -> None:
    migrate(first, NOW)
    fresh = tmp_path / "fresh.db"
    assert create_database(fresh, [read_active(first)], recorder) is not None
    for arguments in QUESTIONS:
        answers = [run(path, *arguments, "-f", "json") for path in (first, fresh)]
        assert answers[0].out == answers[1].out, arguments
        assert len(answers[0].out) > 100, arguments
    days = "id, effective_day, known, rank FROM updates WHERE undone_in IS NULL ORDER BY id"
    assert ask(first, days) == ask(fresh, days)
    of_announcements = days.replace("rank FROM updates", "source FROM announcements")
    assert ask(first, of_announcements) == ask(fresh, of_announcements)
    assert ask(first, "* FROM states ORDER BY project") == ask(fresh, "* FROM states ORDER BY project")
    texts = "list, id, title, text, title_words, text_words FROM texts ORDER BY list, id"
    assert ask(first, texts) == ask(fresh, texts)


def ask(path: Path, question: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT {question}").fetchall()


@pytest.mark.parametrize(
    "arguments", [("list",), ("update", "songchon", "paused", "--on", "2026-08"), ("undo",)]
)
def test_the_first_command_upgrades_the_database_and_says_so_once(
    first: Path, arguments: tuple[str, ...]
) -> None:
    done = run(first, *arguments)
    assert done.code == 0
    (copy,) = list_copies(first)
    said = f"nkplan: upgraded {first}, made by an older nkplan; {copy} is a copy from before the upgrade"
    assert done.err.splitlines()[0] == said
    again = run(first, "list")
    assert (again.code, again.err) == (0, "")
    assert list_copies(first) == [copy]


def test_a_change_recorded_before_an_upgrade_can_be_undone_after_it(first: Path, recorder: Recorder) -> None:
    migrate(first, NOW)
    # The load is the last change with active rows: its announcement and all its rows are undone together.
    undone = undo(first, (), recorder)
    assert undone.change is not None
    assert (undone.change.command, undone.change.id) == ("load", 12)
    assert len(undone.rows.updates) == 2


def test_eight_commands_at_once_upgrade_once(first: Path) -> None:
    started = [
        start(first, "list") if number % 2 else start(first, "show", "songchon") for number in range(8)
    ]
    ended = [(process.communicate(), process.returncode) for process in started]
    assert [code for _, code in ended] == [0] * 8, ended
    said = [err.decode() for (_, err), _ in ended if err]
    assert len(said) == 1
    assert said[0].startswith("nkplan: upgraded ")
    assert len(list_copies(first)) == 1
    assert sorted(path.name for path in first.parent.iterdir()) == [list_copies(first)[0].name, first.name]


def test_the_last_five_copies_are_kept_and_no_other_file_is_touched(first: Path) -> None:
    content = first.read_bytes()
    others = ["nkplan-backup-20200101T000000Z.db", "other-before-upgrade-20200101T000000Z.db"]
    for name in others:
        first.with_name(name).write_bytes(b"kept")
    made = []
    for number in range(COPIES_KEPT + 2):
        first.write_bytes(content)
        migrated = migrate(first, NOW + timedelta(seconds=number // 2))
        assert migrated is not None
        made.append(migrated.copy)
    assert list_copies(first) == sorted(made[2:])
    assert len(list_copies(first)) == COPIES_KEPT == 5
    assert all(first.with_name(name).read_bytes() == b"kept" for name in others)


def test_the_copy_from_before_an_upgrade_can_be_upgraded_too(first: Path) -> None:
    migrated = migrate(first, NOW)
    assert migrated is not None
    assert run(migrated.copy, "list").out == run(first, "list").out


def test_an_upgrade_that_fails_at_any_statement_changes_nothing(
    first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = first.read_bytes()
    scripts = ("upgrade_2_keep", "schema", "upgrade_2_fill")
    every = [text for name in scripts for text in read_statements(name)]
    for last in range(1, len(every), 9):

        def fail(connection: sqlite3.Connection, until: int = last) -> None:
            MIGRATIONS.ensure_migrations_table(Database(connection))
            for statement in every[:until]:
                connection.execute(statement)
            raise RuntimeError

        monkeypatch.setattr("nkplan.store.migrations.upgrade", fail)
        with pytest.raises(RuntimeError):
            migrate(first, NOW)
        assert first.read_bytes() == before
        assert list_copies(first) == []


def find_instants() -> Iterator[float]:
    """Yield the seconds after which a process is killed: a few times, or as many as NKPLAN_KILLS says."""
    number = int(os.environ.get("NKPLAN_KILLS", "6"))
    yield from (0.1 + 0.4 * step / number for step in range(number))


def test_a_killed_upgrade_leaves_the_old_database_or_the_new(first: Path, tmp_path: Path) -> None:
    content = first.read_bytes()
    old = {table: read_table(first, table) for table in RECORDED}
    path = tmp_path / "killed" / "nkplan.db"
    path.parent.mkdir()
    for instant in find_instants():
        path.write_bytes(content)
        process = start(path, "list")
        time.sleep(instant)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with closing(sqlite3.connect(path)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if version == 1:
            assert {table: read_table(path, table) for table in RECORDED} == old
        for copy in list_copies(path):
            assert {table: read_table(copy, table) for table in RECORDED} == old
        assert run(path, "list").code == 0
        assert [one.name for one in path.parent.iterdir() if ".part" in one.name] == []


KILLED = """
import os, sys
from pathlib import Path
from nkplan.store.migrations import upgrade
from nkplan.store.transaction import execute, writing
is_new = not Path(sys.argv[1]).exists()
with writing(Path(sys.argv[1]), create=is_new, may_be_older=True) as database:
    database.execute("PRAGMA cache_size = 1")
    execute(database, "schema") if is_new else upgrade(database)
    database.execute("PRAGMA cache_spill = 1")
    os.kill(os.getpid(), 9)
"""
"""Dies in the middle of a write, when more pages have changed than SQLite keeps in memory."""


def test_a_database_whose_version_a_user_set_back_is_refused_and_left_unchanged(record: Path) -> None:
    """Otherwise each command would upgrade it again, and push out copies that are worth keeping."""
    with closing(sqlite3.connect(record)) as connection:
        connection.execute("PRAGMA user_version = 1")
    before = record.read_bytes()
    place = record.with_name("place.db")
    for done in (run(record, "list"), run(place, "restore", str(record))):
        assert (done.code, done.out) == (4, "")
        assert "it was upgraded to 2 before; nothing was changed" in done.err
    assert record.read_bytes() == before
    assert [path.name for path in record.parent.iterdir()] == [record.name]


@pytest.mark.parametrize("what", ["created", "upgraded"])
def test_a_reader_rolls_back_what_a_killed_writer_left(first: Path, what: str) -> None:
    """Some of the pages are in the file, and next to it is the journal that removes them again."""
    before = first.read_bytes()
    path = first.with_name("new.db") if what == "created" else first
    command = [NKPLAN[0], "-c", KILLED, str(path)]
    killed = subprocess.run(command, env=make_environment(path), check=False)
    assert killed.returncode == -signal.SIGKILL
    assert Path(f"{path}-journal").stat().st_size > 0
    assert path.read_bytes() != before
    assert path.stat().st_size > 0
    done = run(path, "list")
    assert done.code == 0
    assert done.err.startswith(f"nkplan: {what} ")
    assert not Path(f"{path}-journal").exists()


def test_an_older_database_in_a_read_only_folder_is_refused_with_advice(first: Path) -> None:
    before = first.read_bytes()
    first.chmod(0o444)
    first.parent.chmod(0o555)
    command = [*UNPRIVILEGED, *NKPLAN, "list"]
    done = subprocess.run(command, env=make_environment(first), capture_output=True, text=True, check=False)
    first.parent.chmod(0o755)
    assert (done.returncode, done.stdout) == (4, "")
    assert "was written by an older nkplan and cannot be upgraded where it is" in done.stderr
    assert "copy it elsewhere and name the copy with --db" in done.stderr
    assert done.stderr.count("\n") == 1
    assert first.read_bytes() == before
    assert [path.name for path in first.parent.iterdir()] == [first.name]


def test_a_database_with_a_dangling_reference_is_not_upgraded(first: Path) -> None:
    with closing(sqlite3.connect(first)) as connection, connection:
        connection.execute("UPDATE updates SET source = 'nowhere' WHERE rowid = 3")
    before = first.read_bytes()
    done = run(first, "list")
    assert (done.code, done.out) == (4, "")
    assert "row 3 of updates names a row of sources that does not exist" in done.err
    assert first.read_bytes() == before
    assert list_copies(first) == []


def test_reading_an_older_database_without_upgrading_it_is_refused(first: Path) -> None:
    """Completion at Tab only reads, and must not upgrade."""
    with pytest.raises(Unusable, match="older nkplan"), reading(first):
        pass
