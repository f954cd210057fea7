"""What an older nkplan recorded is upgraded row for row, once, and a copy of it is kept."""

import json
import lzma
import os
import signal
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from unicodedata import normalize

import pytest
from each import is_long, sample
from forking import find_launcher
from program import NKPLAN, ROOT, make_environment, run
from tables import read_schema, read_table

from nkplan.database import VERSION
from nkplan.errors import Unusable
from nkplan.formats.json import read_file
from nkplan.identity import derive_quota_id
from nkplan.links import normalize_link
from nkplan.model.batch import Batch
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import QuotaPeriod
from nkplan.queries.reader import reading
from nkplan.rows.table import KEYS, make_row
from nkplan.store import migrations
from nkplan.store.create import create_database
from nkplan.store.migrations import COPIES_KEPT, migrate
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder
from nkplan.store.undo import undo
from nkplan.text import fold
from nkplan.validation import LISTS
from nkplan.values import is_id

SCHEMAS = ROOT / "tests" / "schemas"
NOW = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)
RECORDED = (
    "changes", "kinds", "places", "place_names", "sources", "announcements", "announcement_details",
    "announcement_figures", "projects", "quotas", "updates", "replaced_rows",
)  # fmt: skip
"""The tables of what was recorded in versions 1 and 2; the others are derived from them."""

OLD_EVIDENCE = {
    "state-media": "promiser", "satellite-imagery": "imagery", "ground-source": "on-site",
    "government": "authority", "foreign-media": "press", "expert": "expert",
}  # fmt: skip
RENAMED = {
    ("kinds", "dam"): "dam-2",
    ("kinds", "all"): "all-2",
    ("places", "River"): "River-2",
    ("sources", "source"): "source-2",
    ("sources", "Paper"): "Paper-2",
    ("announcements", "Said"): "Said-2",
    ("projects", "site"): "site-2",
    ("projects", "Grand-Canal"): "Grand-Canal-2",
}
"""The ids in the database of version 2 that differ from earlier ones in case alone, or are reserved."""

NAMED = {
    "kind": "kinds", "place": "places", "source": "sources", "announcement": "announcements",
    "project": "projects", "model": "projects",
}  # fmt: skip
"""The columns of old tables that name rows, with the list of each; a `parent` is of its own list."""

Old = tuple[int, Path]
"""A version, and a database that its program created and wrote updates, undos and retractions to."""


@pytest.fixture(params=[1, 2])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Old:
    return request.param, make_old(request.param, tmp_path)


def make_old(version: int, folder: Path) -> Path:
    path = folder / "nkplan.db"
    path.write_bytes(lzma.decompress((SCHEMAS / f"v{version}.db.xz").read_bytes()))
    return path


class Upgraded(NamedTuple):
    """A version, a database of it that was upgraded, and the copy from before that; all only to be read."""

    version: int
    path: Path
    copy: Path


@pytest.fixture(scope="module", params=[1, 2])
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    path = make_old(request.param, tmp_path_factory.mktemp("upgraded"))
    migrated = migrate(path, NOW)
    assert migrated is not None
    assert migrated.before == request.param
    return Upgraded(request.param, path, migrated.copy)


def read_rows(path: Path, table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        cursor = connection.execute(f"SELECT * FROM {table} ORDER BY rowid")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def translate(version: int, table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return what a row of an old database has to be after the upgrade; columns that are derived left out."""
    renamed = RENAMED if version == 2 else {}
    new = {
        name: normalize("NFC", value) if isinstance(value, str) else value
        for name, value in row.items()
        if name not in {"province", "rank", "settled", "known", "folded"}
    }
    for column, list_ in (*NAMED.items(), ("parent", table), ("id", table)):
        if column in new:
            new[column] = renamed.get((list_, new[column]), new[column])
    if "retracted_in" in new:
        new["undone_in"] = new.pop("retracted_in")
    if new.get("evidence") is not None:
        new["evidence"] = OLD_EVIDENCE[new["evidence"]]
    if table == "quotas":
        new["label"] = new.pop("unit")
        names = ("project", "kind", "per", "first_year", "last_year", "announcement")
        promised: dict[str, Any] = {name: new[name] for name in names}
        new["id"] = derive_quota_id(Quota(quantity=1, **promised))
    if table == "sources":
        new["url"] = {"http://E.org:80/a/../b": "http://e.org/b"}.get(new["url"], new["url"])
        new["url"] = new["url"] and normalize_link(new["url"])
        new["archive"] = new["archive"] and normalize_link(new["archive"])
    return new


UNPRIVILEGED = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""Runs a command without the capability to bypass permissions, if root runs the tests."""


def list_copies(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.stem}-before-upgrade-*"))


def start(path: Path, *arguments: str, program: Sequence[str] = NKPLAN) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [*program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=make_environment(path),
        cwd=path.parent,
    )


def test_every_released_schema_is_kept_with_rows_that_it_made(first: Path, tmp_path: Path) -> None:
    assert {path.stem for path in SCHEMAS.glob("*.sql")} == {f"v{number}" for number in range(1, VERSION)}
    with closing(sqlite3.connect(tmp_path / "empty.db")) as connection:
        connection.executescript((SCHEMAS / "v1.sql").read_text("utf-8"))
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert read_schema(first) == read_schema(tmp_path / "empty.db")
    second = tmp_path / "second.db"
    second.write_bytes(lzma.decompress((SCHEMAS / "v2.db.xz").read_bytes()))
    with closing(sqlite3.connect(tmp_path / "empty-2.db")) as connection:
        connection.executescript((SCHEMAS / "v2.sql").read_text("utf-8"))
    assert sorted(read_schema(second), key=repr) == sorted(read_schema(tmp_path / "empty-2.db"), key=repr)
    with closing(sqlite3.connect(first)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        numbers = dict(
            connection.execute("SELECT command, count(*) FROM changes GROUP BY command").fetchall()
        )
    assert numbers == {"first run": 1, "update": 5, "add": 3, "load": 1, "undo": 3}


def test_an_upgrade_keeps_every_row(upgraded: Upgraded, tmp_path: Path) -> None:
    version, path, copy = upgraded
    old = make_old(version, tmp_path)
    before = {table: read_rows(old, table) for table in RECORDED if table != "replaced_rows"}
    assert all(before.values())
    assert [row for row in before["updates"] if row["retracted_in"] is not None]
    assert copy == path.with_name("nkplan-before-upgrade-20261124T101500Z.db")
    assert {table: read_rows(copy, table) for table in before} == before
    for table, rows in before.items():
        wanted = [translate(version, table, row) for row in rows]
        kept = [
            {name: row[name] for name in one} for row, one in zip(read_rows(path, table), wanted, strict=True)
        ]
        assert kept == wanted, table


def test_what_version_3_adds_is_absent_in_an_upgraded_row(upgraded: Upgraded) -> None:
    _, path, _ = upgraded
    new = {
        "sources": ["retrieved"],
        "quotas": ["unit", "promised_status", "beside", "within"],
        "updates": [
            "promised_status", "count", "of", "unit", "bound", "speaker", "withdrawn", "withdrawn_source"
        ],
        "changes": ["data_set", "redoes"],
    }  # fmt: skip
    for table, columns in new.items():
        assert {row[column] for row in read_rows(path, table) for column in columns} == {None}, table
    for table in ("publishers", "tags", "identifiers", "organisations", "update_figures"):
        assert read_rows(path, table) == []


def test_an_upgraded_record_has_the_labels_that_version_2_had_in_its_words(upgraded: Upgraded) -> None:
    _, path, _ = upgraded
    assert {row["id"]: row["value"] for row in read_rows(path, "settings")} == {
        "label promiser": "state media",
        "label region": "province",
    }


def test_each_change_gets_the_same_uuid_in_every_copy_and_an_undo_names_what_it_undid(
    upgraded: Upgraded, tmp_path: Path
) -> None:
    version, path, _ = upgraded
    copy = make_old(version, tmp_path)
    migrate(copy, NOW + timedelta(days=1))
    changes = read_rows(path, "changes")
    uuids = [uuid.UUID(row["uuid"]) for row in changes]
    assert len(set(uuids)) == len(uuids)
    assert {one.version for one in uuids} == {5}
    assert [row["uuid"] for row in read_rows(copy, "changes")] == [row["uuid"] for row in changes]
    undoes = {row["id"]: row["undoes"] for row in changes if row["undoes"] is not None}
    assert undoes == {1: {7: 6, 9: 8}, 2: {3: 2, 7: 6}}[version]


def test_what_rows_said_before_is_kept_in_the_form_of_a_file(upgraded: Upgraded) -> None:
    version, path, _ = upgraded
    former = [
        (row["list"], row["id"], json.loads(row["content"]), row["change_id"])
        for row in read_rows(path, "former_rows")
    ]
    if version == 1:
        ((list_, id_, content, change),) = former
        assert (list_, id_, content["name"], change) == (
            "projects",
            "koksan-mine",
            "Koksan regional factories",
            10,
        )
        return
    quota = Quota(project="20x10", kind="quay", quantity=3, per=QuotaPeriod.TOTAL, label="ports")
    id_ = derive_quota_id(quota)
    assert former == [
        ("sources", "undone", {"id": "undone", "title": "First", "evidence": "authority"}, 4),
        (
            "quotas",
            id_,
            {"project": "20x10", "kind": "quay", "quantity": 3, "per": "total", "label": "ports", "id": id_},
            4,
        ),
    ]


def test_each_row_that_gets_another_id_is_told_and_can_be_found(tmp_path: Path) -> None:
    path = tmp_path / "nkplan.db"
    path.write_bytes(lzma.decompress((SCHEMAS / "v2.db.xz").read_bytes()))
    done = run(path, "list")
    assert done.code == 0
    _, *told = done.err.splitlines()
    assert sorted(told) == sorted(
        f"nkplan: the id {former} in {list_} is reserved or that of another row in other letters;"
        f" it is now {new}"
        for (list_, former), new in RENAMED.items()
    )
    rows = read_rows(path, "former_ids")
    assert {(row["list"], row["former"]): row["id"] for row in rows} == RENAMED
    assert run(path, "list").err == ""


def test_texts_become_nfc_and_two_spellings_that_become_one_are_one(tmp_path: Path) -> None:
    path = tmp_path / "nkplan.db"
    path.write_bytes(lzma.decompress((SCHEMAS / "v2.db.xz").read_bytes()))
    composed, decomposed = (normalize(form, "S\u014fng") for form in ("NFC", "NFD"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO place_names VALUES ('river', ?, 'song')", [composed])
        there = connection.execute("SELECT name FROM place_names WHERE place = 'river'").fetchall()
        assert {(composed,), (decomposed,)} <= set(there)
    migrate(path, NOW)
    names = [row["name"] for row in read_rows(path, "place_names") if row["place"] == "river"]
    assert sorted(names) == sorted({normalize("NFC", name) for (name,) in there})
    for table in (*LISTS, "place_names", "announcement_details", "announcement_figures", "changes"):
        for row in read_rows(path, table):
            texts = [value for name, value in row.items() if isinstance(value, str) and name != "folded"]
            assert texts == [normalize("NFC", text) for text in texts]
    assert all(row["folded"] == fold(row["name"]) for row in read_rows(path, "place_names"))


def test_an_upgrade_without_room_for_it_writes_nothing(old: Old, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy, the new rows and the journal take three times the size of the database."""
    _, path = old
    before, size = path.read_bytes(), path.stat().st_size
    free = 3 * size - 1

    def tell(folder: Path) -> Any:
        assert folder == path.parent
        return SimpleNamespace(free=free)

    monkeypatch.setattr("shutil.disk_usage", tell)
    with pytest.raises(Unusable, match="make room and try again") as refusal:
        migrate(path, NOW)
    assert str(refusal.value).startswith(f"{path} was written by an older nkplan, and to upgrade it")
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    free += 1
    assert migrate(path, NOW) is not None


def test_a_row_of_an_older_file_is_recognised_after_an_upgrade(old: Old, recorder: Recorder) -> None:
    _, path = old
    migrate(path, NOW)
    file = {
        "format": "nkplan/1",
        "quotas": [
            {"project": "20x10", "kind": "factory", "quantity": 200, "per": "total", "first_year": 2024,
             "unit": "cities and counties", "announcement": "20x10-policy", "note": "All ten years together."}
        ],
    }  # fmt: skip
    batch = read_file(json.dumps(file).encode(), NOW.date())
    assert batch.faults == ()
    assert record_batch(path, batch, "load", recorder, summary="x").is_empty


def test_an_upgraded_database_has_exactly_the_schema_of_a_new_one(upgraded: Upgraded, seeded: Path) -> None:
    _, path, _ = upgraded
    # Its indexes and triggers are created last, because that is faster.
    assert sorted(read_schema(path), key=repr) == sorted(read_schema(seeded), key=repr)
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(seeded)) as other:
        for pragma in ("user_version", "application_id", "page_size", "encoding", "journal_mode"):
            question = f"PRAGMA {pragma}"
            assert one.execute(question).fetchone() == other.execute(question).fetchone()
        for question in ("PRAGMA integrity_check", "PRAGMA foreign_key_check"):
            assert one.execute(question).fetchall() == other.execute(question).fetchall()
        config = "SELECT * FROM words_config ORDER BY k"
        assert one.execute(config).fetchall() == other.execute(config).fetchall()
    for table in ("statuses", "evidence_classes"):
        assert read_rows(path, table) == read_rows(seeded, table)
    names = [name for _, _, name, _ in read_table(path, "_sqlite_migrations")]
    assert names == [name for _, _, name, _ in read_table(seeded, "_sqlite_migrations")]
    assert len(names) == VERSION - 1


def read_active(path: Path) -> Batch:
    """Read every active row, as a file to load would have it."""
    made: dict[str, Any] = {}
    with reading(path) as reader:
        for name in LISTS:
            column = KEYS[name]
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
PAIRS = sample(product([1, 2], QUESTIONS))


def test_an_upgraded_database_answers_like_a_fresh_one_with_the_same_rows(
    upgraded: Upgraded, tmp_path: Path, recorder: Recorder
) -> None:
    version, first, _ = upgraded
    fresh = tmp_path / "fresh.db"
    assert create_database(fresh, [read_active(first)], recorder) is not None
    for arguments in (arguments for number, arguments in PAIRS if number == version):
        answers = [run(path, *arguments, "-f", "json") for path in (first, fresh)]
        assert answers[0].out == answers[1].out, arguments
        assert len(answers[0].out) > 100, arguments
    days = "id, effective_day, known_day, rank FROM updates WHERE undone_in IS NULL ORDER BY id"
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
    program = [find_launcher()]
    started = [
        start(first, *(("list",) if number % 2 else ("show", "songchon")), program=program)
        for number in range(8)
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
    upgrade = migrations.upgrade
    number = 0

    def upgrade_until(last: int | None, connection: sqlite3.Connection, report_progress: Any) -> None:
        def count(*_: object) -> int:
            nonlocal number
            number += 1
            return sqlite3.SQLITE_DENY if last is not None and number > last else sqlite3.SQLITE_OK

        connection.set_authorizer(count)
        try:
            upgrade(connection, report_progress)
        finally:
            connection.set_authorizer(None)

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "upgrade", partial(upgrade_until, None))
        other = first.with_name("other.db")
        other.write_bytes(before)
        assert migrate(other, NOW) is not None
        list_copies(other)[0].unlink()
        other.unlink()
    every, number = number, 0
    assert every > 500
    for last in range(1, every, every // 12):
        number = 0
        monkeypatch.setattr(migrations, "upgrade", partial(upgrade_until, last))
        with pytest.raises((sqlite3.DatabaseError, Unusable)):
            migrate(first, NOW)
        assert first.read_bytes() == before
        assert list_copies(first) == []


def find_instants() -> Iterator[float]:
    """Yield the seconds after which a process is killed: a few times, or as many as NKPLAN_KILLS says."""
    number = int(os.environ.get("NKPLAN_KILLS", "6" if is_long() else "3"))
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
        assert "it was upgraded to 3 before; nothing was changed" in done.err
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


@pytest.mark.sampled
@pytest.mark.parametrize("shared", ["publishers", "tags", "dates", "settings", "statuses", "active_updates"])
@pytest.mark.parametrize("type_", ["TABLE", "VIEW"])
def test_what_another_program_named_like_something_new_stops_the_upgrade_with_advice(
    first: Path, shared: str, type_: str
) -> None:
    with closing(sqlite3.connect(first)) as connection, connection:
        connection.execute(f"CREATE {type_} {shared} {'(a)' if type_ == 'TABLE' else 'AS SELECT 1 AS a'}")
    before = first.read_bytes()
    done = run(first, "list")
    assert (done.code, done.out) == (4, "")
    assert f"{shared} already exists); nothing was changed; rename or drop" in done.err
    assert first.read_bytes() == before
    assert list_copies(first) == []


@pytest.mark.parametrize("content", ['{"project": "x"}', "[1]", "5", '{"evidence": "hearsay"}'])
def test_a_former_row_that_nkplan_never_wrote_stops_the_upgrade(tmp_path: Path, content: str) -> None:
    path = tmp_path / "nkplan.db"
    path.write_bytes(lzma.decompress((SCHEMAS / "v2.db.xz").read_bytes()))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO replaced_rows VALUES ('quotas', 'x', ?, 1)", [content])
        ((number,),) = connection.execute("SELECT max(rowid) FROM replaced_rows").fetchall()
    before = path.read_bytes()
    with pytest.raises(
        Unusable, match=rf"row {number} of replaced_rows .*; nothing was changed; fix that row"
    ):
        migrate(path, NOW)
    assert path.read_bytes() == before


def test_states_that_are_lost_are_judged_again_by_an_upgrade(old: Old, tmp_path: Path) -> None:
    """They are derived, like the texts to search and the index of words."""
    _, path = old
    whole = tmp_path / "whole.db"
    whole.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(path)) as connection, connection:
        for (view,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
            connection.execute(f"DROP VIEW {view}")
        connection.execute("DROP TABLE states")
    migrate(path, NOW)
    migrate(whole, NOW)
    assert read_rows(path, "states") == read_rows(whole, "states") != []


def test_an_id_that_gets_a_number_is_no_longer_than_an_id_can_be(tmp_path: Path) -> None:
    path = tmp_path / "nkplan.db"
    path.write_bytes(lzma.decompress((SCHEMAS / "v2.db.xz").read_bytes()))
    longest = f"{'a' * 77}-bc"
    with closing(sqlite3.connect(path)) as connection, connection:
        for id_ in (longest, longest.upper(), longest.title(), longest[:-1] + "C"):
            connection.execute("INSERT INTO kinds (id, change_id) VALUES (?, 1)", [id_])
    migrated = migrate(path, NOW)
    assert migrated is not None
    new = [one.id for one in migrated.upgraded.renamed if one.former.lower() == longest]
    assert new == ["A" * 77 + "-2", "A" + "a" * 76 + "-3", "a" * 77 + "-4"]
    assert all(is_id(id_) for id_ in new)


def test_an_upgrade_reports_how_far_it_has_come(old: Old) -> None:
    """The bar on a terminal is drawn from this, as for a long load; it shows only after a second."""
    _, path = old
    reported: list[tuple[str, float | None]] = []
    migrate(path, NOW, lambda what, share: reported.append((what, share)))
    assert reported[:2] == [("copying", None), ("upgrading", 0.0)]
    shares = [share for what, share in reported if what == "upgrading" and share is not None]
    assert shares == sorted(shares)
    assert len({*shares}) > 2
    assert max(shares) <= 1


BESIDE = """
    CREATE TABLE mine (
        number INTEGER PRIMARY KEY,
        project TEXT REFERENCES projects (id) ON DELETE CASCADE
    );
    INSERT INTO mine (project) SELECT id FROM projects WHERE id LIKE '%-%' LIMIT 3;
    CREATE TRIGGER mine_goes AFTER DELETE ON mine BEGIN DELETE FROM kinds; END;
    CREATE INDEX fits ON projects (name, kind);
    CREATE INDEX fits_not ON updates (retracted_in);
    CREATE TRIGGER stops BEFORE UPDATE ON updates BEGIN SELECT RAISE(IGNORE); END
"""


def test_an_upgrade_keeps_what_others_have_beside_the_record_and_names_what_it_cannot(old: Old) -> None:
    _, path = old
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(BESIDE)
        rows = connection.execute("SELECT * FROM mine").fetchall()
    assert len(rows) == 3
    done = run(path, "list")
    assert done.code == 0, done.err
    told = [line for line in done.err.splitlines() if "which nkplan did not make" in line]
    assert told == [
        "nkplan: the upgrade dropped the index fits_not on updates, which nkplan did not make",
        "nkplan: the upgrade dropped the trigger stops on updates, which nkplan did not make",
    ]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM mine").fetchall() == rows
        stored = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    assert {"mine", "mine_goes", "fits"} <= stored
    assert not stored & {"fits_not", "stops"}
    assert run(path, "check", "--only", "changed-schema").code == 0


ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n"


@pytest.mark.parametrize("table", ["updates", "replaced_rows"])
def test_an_older_database_with_a_view_in_the_place_of_a_table_is_refused(old: Old, table: str) -> None:
    _, path = old
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"ALTER TABLE {table} RENAME TO kept; CREATE VIEW {table} AS {ENDLESS}")
    before = path.read_bytes()
    for db, arguments in ((path, ["list"]), (path.with_name("new.db"), ["restore", str(path)])):
        done = run(db, *arguments)
        assert (done.code, done.out) == (4, "")
        assert f"is damaged (a view has the name of its table {table})" in done.err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "script",
    [
        "UPDATE words_config SET v = 99",
        "DELETE FROM words_data",
        f"DROP VIEW judged; CREATE VIEW judged AS {ENDLESS}",
        f"DROP VIEW sites; CREATE VIEW sites AS {ENDLESS}",
    ],
)
def test_an_upgrade_rebuilds_what_is_derived_without_reading_it(tmp_path: Path, script: str) -> None:
    path = tmp_path / "old.db"
    path.write_bytes(lzma.decompress((ROOT / "tests" / "schemas" / "v2.db.xz").read_bytes()))
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    assert run(path, "list").code == 0
    assert run(path, "check", "--only", "changed-schema", "--only", "stale-search").code == 0
