"""Whatever is wrong with the disk or the file: the documented exit code, one sentence, and nothing lost."""

import gc
import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest
from durability import Aim, dump, find_damage, make_target, run_unkilled
from each import sample, spread
from program import NKPLAN, Done, make_environment, run, run_process
from tables import query

READS = [("list",), ("show", "grand-canal"), ("report",), ("search", "canal"), ("check",)]
WRITES = [
    ("add", "Dam", "--kind", "canal", "--on", "2026", "--evidence", "authority"),
    ("update", "grand-canal", "building", "--on", "2026", "--evidence", "authority"),
    ("undo", "--dry-run"),
    ("load", "-"),
]
KILOBYTE = 1024


def name_command(arguments: tuple[str, ...]) -> str:
    return arguments[0]


def check_one_sentence(done: Done, *codes: int) -> None:
    """Check that a run ended with one of the exit codes and one sentence on stderr."""
    assert done.code in codes, done
    assert done.out == ""
    (line,) = done.err.splitlines()
    assert line.startswith("nkplan: ")
    assert "Traceback" not in line


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 4 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "nkplan-test", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("cannot mount a disk to fill: there is no mount")
    if done.returncode:
        pytest.skip(f"cannot mount a disk to fill: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Fill a disk until a number of bytes are left, and return the file that fills it."""
    filler = disk / "filler"
    free = os.statvfs(disk)
    with filler.open("wb") as file:
        file.write(bytes(max(free.f_bavail * free.f_frsize - left, 0)))
    return filler


@pytest.mark.parametrize("name", ["load", "update", "add", "edit", "undo"])
def test_on_a_full_disk_a_command_writes_everything_or_nothing(seeded: Path, disk: Path, name: str) -> None:
    """At many points between a disk with no room and one with enough."""
    db = disk / "nkplan.db"
    shutil.copy(seeded, db)
    assert run_unkilled(db, make_target("update", 1)).code == 0
    start, before = db.read_bytes(), dump(db)
    assert find_damage(db) == []
    aim = make_target(name, 2)
    assert run_unkilled(db, aim).code == 0
    after = dump(db)
    ends = []
    points = 50 if name == "load" else 10
    for point in spread(range(points), points // 5 + 2):
        db.write_bytes(start)
        filler = fill(disk, point * (400 if name == "load" else 240) // points * KILOBYTE)
        done = run_unkilled(db, aim)
        filler.unlink()
        ends.append(done.code)
        if done.code:
            check_one_sentence(done, 4)
            assert "is full, and nothing was written; make room" in done.err
            # A page that was free may have other bytes, for it holds nothing.
            if db.read_bytes() != start:
                assert dump(db) == before
                assert find_damage(db) == []
        elif ends.count(0) == 1:
            assert dump(db) == after
        assert [path.name for path in disk.iterdir()] == [db.name]
    assert {0, 4} == set(ends)


def test_a_first_run_on_a_full_disk_leaves_nothing_that_blocks_the_next(disk: Path, record: Path) -> None:
    db = disk / "nkplan.db"
    for left in (0, 4, 400, 1200):
        filler = fill(disk, left * KILOBYTE)
        check_one_sentence(run(db, "list"), 4)
        filler.unlink()
    assert run(db, "list").out == run(record, "list").out
    assert dump(db).keys() == dump(record).keys()


def test_reading_commands_work_on_a_full_disk(seeded: Path, disk: Path) -> None:
    db = disk / "nkplan.db"
    shutil.copy(seeded, db)
    fill(disk, 0)
    for arguments in READS:
        assert run(db, *arguments).out.count("\n") > 1


@pytest.mark.parametrize("arguments", [*READS, *WRITES], ids=name_command)
def test_a_path_that_is_not_a_database_is_refused_and_left_unchanged(
    tmp_path: Path, record: Path, arguments: tuple[str, ...]
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("These are my notes, and no database at all. " * 30, "utf-8")
    short = tmp_path / "short.txt"
    short.write_text("x", "utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    dangling = tmp_path / "dangling.db"
    dangling.symlink_to(tmp_path / "gone" / "x.db")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    before = {path: path.read_bytes() for path in (text, short)}
    # Only `load` creates a database named with --db.
    missing = 4 if arguments[0] == "load" else 3
    for place, code in (
        (text, 5),
        (short, 5),
        (folder, 4),
        (tmp_path / "gone" / "x.db", missing),
        (text / "x.db", 4),
        (dangling, missing),
        (Path("/dev/full"), 4),
        (pipe, 4),
        (tmp_path / ("long" * 100), 4),
    ):
        stdin = '{"format": "nkplan/2"}'
        aim = Aim(arguments[0], (*arguments, "--db", str(place)), stdin)
        check_one_sentence(run_unkilled(record, aim), code)
    assert {path: path.read_bytes() for path in (text, short)} == before
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "gone").exists()
    assert pipe.is_fifo()
    assert not Path("/dev/full-journal").exists()


@pytest.mark.sampled
@pytest.mark.parametrize("arguments", WRITES[:2], ids=name_command)
@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"])
def test_a_write_whose_result_cannot_be_printed_is_reported_as_recorded(
    record: Path, arguments: tuple[str, ...], redirection: str
) -> None:
    """A user who takes it for refused would record it twice."""
    done = run_redirected(record, redirection, *arguments)
    assert done.code == 4
    (line,) = done.err.splitlines()
    assert line.startswith("nkplan: it was recorded, but ")
    assert line.endswith("; do not repeat it")
    assert query(record, "SELECT command FROM changes WHERE id > 1") == [(arguments[0],)]
    undone = run_redirected(record, redirection, "undo")
    assert undone.err == done.err
    dry = run_redirected(record, redirection, *arguments, "--dry-run")
    assert dry.code == 4
    assert "recorded" not in dry.err


def test_a_missing_working_directory_or_folder_for_the_database_is_reported(
    record: Path, tmp_path: Path
) -> None:
    check_one_sentence(run_process(record, "list", NKPLAN_DB="", HOME="/dev/null"), 4)
    check_one_sentence(run_process(record, "check", NKPLAN_DB="", HOME=str(record)), 4)
    gone = tmp_path / "gone"
    script = f"mkdir {gone}; cd {gone}; rmdir {gone}; exec {NKPLAN[0]} -m nkplan"
    for arguments in ("list --db here.db", "list -f csv -o list.csv"):
        done = subprocess.run(
            ["bash", "-c", f"{script} {arguments}"],
            env=make_environment(record),
            capture_output=True,
            text=True,
            check=False,
        )
        check_one_sentence(Done(done.returncode, done.stdout, done.stderr), 4)


def test_a_backup_or_restore_whose_result_cannot_be_printed_is_reported_as_done(record: Path) -> None:
    copy = record.with_name("copy.db")
    for arguments, done_ in (
        (("backup", str(copy)), f"backed up to {copy}"),
        (("restore", str(copy)), "restored"),
    ):
        done = run_redirected(record, ">&-", *arguments)
        assert (done.code, done.err) == (
            4,
            f"nkplan: it was {done_}, but standard output is closed; do not repeat it\n",
        )
    assert len(list(record.parent.glob("*-before-restore-*.db"))) == 1


@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-"])
def test_a_command_succeeds_even_if_its_notices_cannot_be_printed(record: Path, redirection: str) -> None:
    words = ("update", "grand-canal", "building", "--on", "2026")
    told = run(record, *words, "--dry-run")
    assert "without an evidence class" in told.err
    done = run_redirected(record, redirection, *words)
    assert done.code == 0
    assert done.out.startswith("grand-canal  ")
    assert "nkplan:" not in done.out
    assert query(record, "SELECT command FROM changes WHERE id > 1") == [("update",)]
    assert run_redirected(record, redirection, "show", "nowhere") == Done(3, "", "")


def run_redirected(db: Path, redirection: str, *arguments: str) -> Done:
    """Run the program with a stream redirected as a shell does."""
    command = ["sh", "-c", f'exec "$@" {redirection}', "sh", *NKPLAN, *arguments]
    done = subprocess.run(command, env=make_environment(db), capture_output=True, text=True, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("arguments", [("list",), WRITES[1]], ids=name_command)
def test_a_reader_that_closes_the_pipe_early_is_not_an_error(
    record: Path, arguments: tuple[str, ...]
) -> None:
    command = ["sh", "-c", '"$@" | true', "sh", *NKPLAN, *arguments]
    done = subprocess.run(command, env=make_environment(record), capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("", "")
    assert find_damage(record) == []


def damage(data: bytes, chance: random.Random) -> bytes:
    """Flip few or many bits of a file, anywhere or in its header and schema; or truncate it."""
    flipped = bytearray(data)
    end = chance.choice([len(data), len(data), 100, 8192])
    for _ in range(chance.choice([1, 4, 64, 2000]) if end == len(data) else 1):
        flipped[chance.randrange(end)] ^= 1 << chance.randrange(8)
    return bytes(flipped[: chance.randrange(len(data))] if chance.random() < 0.1 else flipped)


@pytest.mark.parametrize("seed", range(1))
def test_on_a_damaged_file_a_command_answers_or_reports_the_damage(
    seeded: Path, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    sound = seeded.read_bytes()
    db = tmp_path / "damaged.db"
    refused = 0
    # What is there already is not looked through again after each command.
    gc.collect()
    gc.freeze()
    commands = [*READS, ("list", "--as-of", "2025"), *WRITES[:3]]
    files = [damage(sound, chance) for _ in range(int(os.environ.get("NKPLAN_FLIPS", "4")))]
    pairs = product(range(len(files)), commands)
    for number, words in pairs if "NKPLAN_FLIPS" in os.environ else sample(pairs):
        damaged = files[number]
        db.write_bytes(damaged)
        done = run_unkilled(db, Aim(words[0], words))
        # A connection is closed only once nothing refers to its rows.
        gc.collect()
        if done.code in {4, 5}:
            refused += 1
            assert done.err.splitlines()[-1].startswith("nkplan: "), done
            assert damaged == db.read_bytes() or words in WRITES
        else:
            # `check` exits with 1 for findings, the others with 3 for an id that is damaged.
            assert done.code in {0, 1 if words == ("check",) else 3}, done
    assert refused > 0


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (
            "UPDATE sqlite_schema SET sql = replace(sql, 'site.name', 'sitg.name') WHERE name = 'sites'",
            ("list",),
        ),
        ("UPDATE updates SET note = CAST(x'ff' AS TEXT)", ("show", "grand-canal")),
    ],
    ids=["schema", "letters"],
)
def test_damage_that_opening_the_file_does_not_reveal_is_reported_as_damage(
    record: Path, script: str, words: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(record)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        assert connection.execute(script).rowcount > 0
    before = record.read_bytes()
    done = run(record, *words)
    check_one_sentence(done, 4)
    assert "is damaged" in done.err
    assert record.read_bytes() == before
