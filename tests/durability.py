"""Kills commands at random instants, and runs many at once; checks what they leave in the database."""

import json
import lzma
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from derived import CHECK_DERIVED
from program import NKPLAN, Done, make_environment, run
from tables import query

from nkplan.queries.reader import reading

RELEASED = Path(__file__).parent / "schemas" / "v1.db.xz"
"""A database created by an earlier version, to be upgraded."""

Dump = dict[str, list[str]]


def dump(path: Path) -> Dump:
    """Return every row of every table, sorted, with the random ids and instants of changes replaced."""
    dumped: Dump = {}
    with closing(sqlite3.connect(path)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            if not table.startswith(("words", "_sqlite_migrations")):
                rows = map(repr, connection.execute(f"SELECT * FROM {table}"))
                dumped[table] = sorted(map(_normalize, rows) if table == "changes" else rows)
        words = connection.execute("SELECT rowid FROM words WHERE words MATCH 'aimed' ORDER BY rowid")
        dumped["words"] = [repr(row) for row in words]
    return dumped


_RANDOM_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def _normalize(row: str) -> str:
    return _INSTANT.sub("an instant", _RANDOM_ID.sub("an id", row))


def find_damage(path: Path) -> list[str]:
    """List what is wrong with a database: its pages, references, search index and stored states."""
    with closing(sqlite3.connect(path)) as connection:
        wrong = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
        wrong += [f"dangling {row}" for row in connection.execute("PRAGMA foreign_key_check")]
        kept = connection.execute("SELECT * FROM states ORDER BY project").fetchall()
        if kept != _judge(connection):
            wrong.append("states are not what the updates give")
        try:
            connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            wrong.append(f"index of words: {error}")
        connection.rollback()
    return wrong


def _judge(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Return the rows of `judged`, from three parts: that takes SQLite less than half of the time."""
    project, *names = (row[1] for row in connection.execute("PRAGMA table_info(states)"))
    parts = [
        connection.execute(f"SELECT {', '.join([project, *some])} FROM judged ORDER BY project").fetchall()
        for some in (names[:9], names[9:17], names[17:])
    ]
    return [(*one, *other[1:], *last[1:]) for one, other, last in zip(*parts, strict=True)]


KNOWN = ("--evidence", "authority")


MADE = ("nkplan: created", "nkplan: upgraded")


@dataclass
class Aim:
    """A command to kill: its arguments, and its standard input."""

    name: str
    arguments: tuple[str, ...]
    stdin: str = ""


def make_target(name: str, number: int) -> Aim:
    """Return a command of a name; each number makes a different one."""
    words: tuple[str, ...]
    match name:
        case "add":
            words = (
                "add",
                f"Dam {number}",
                "--kind",
                "canal",
                "--on",
                "2026",
                "--note",
                f"aimed {number}",
                *KNOWN,
            )
        case "update":
            words = (
                "update",
                "grand-canal",
                "building",
                "--on",
                "2026-03",
                # A claim is what it says of when, not its note.
                "--percent",
                str(number % 97),
                "--note",
                f"aimed {number}",
                *KNOWN,
            )
        case "undo" | "redo":
            words = (name,)
        case "edit":
            # The commands after it find the project by its old id.
            words = ("edit", "grand-canal", f"id=canal-{number}", f"note=aimed {number}")
        case "tag":
            words = ("tag", "grand-canal", f"aimed {number}")
        case "amend":
            canal = {"id": "grand-canal", "name": "East-West grand canal", "type": "site", "kind": "canal"}
            canals = [{**canal, "note": f"aimed {number}"}]
            file = json.dumps({"format": "nkplan/2", "projects": canals})
            return Aim("amend", ("load", "-", "--amend", "--yes"), file)
        case "load":
            updates = [
                {
                    "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{number} {part}")),
                    "project": "grand-canal",
                    "event_date": "2026",
                    "note": f"aimed {number} {part}",
                }
                for part in range(200)
            ]
            file = json.dumps({"format": "nkplan/2", "updates": updates})
            return Aim("load", ("load", "-"), file)
        case _:
            words = ("list",)
    return Aim(name, words)


@dataclass
class Figures:
    """The results of a number of kills."""

    kills: Counter[str] = field(default_factory=Counter)
    finished: int = 0
    acknowledged: int = 0
    written: int = 0
    journals: int = 0
    half_written: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Figures") -> None:
        """Add the figures of other kills to these."""
        self.kills += other.kills
        self.faults += other.faults
        for name in ("finished", "acknowledged", "written", "journals", "half_written"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def tell(self) -> Iterator[str]:
        """Yield the figures, line by line."""
        by_name = ", ".join(f"{name} {number}" for name, number in sorted(self.kills.items()))
        yield f"{self.kills.total()} runs to kill: {by_name}"
        yield f"  {self.finished} ended before they were killed"
        yield f"  {self.journals} left a journal, {self.half_written} of them with a half-written database"
        yield f"  {self.acknowledged} acknowledged the change, {self.written} wrote it"
        yield f"  {len(self.faults)} faults"
        yield from (f"  {fault}" for fault in self.faults[:20])


def kill_many(folder: Path, seeded: Path, count: int, seed: int) -> Figures:
    """Kill a number of commands at random instants, and check the database after each."""
    chance = random.Random(seed)  # noqa: S311
    figures = Figures()
    names = ["add", "update", "edit", "undo", "redo", "tag", "load", "amend", "first run", "migration"]
    released = lzma.decompress(RELEASED.read_bytes())
    db = folder / "nkplan.db"
    for number in range(count):
        # Each database goes through a dozen kills, so that earlier changes have to survive later kills.
        if number % 12 == 0:
            _empty(folder)
            shutil.copy(seeded, db)
        name = names[number % len(names)] if number >= len(names) else chance.choice(names)
        where = db
        if name in {"first run", "migration"}:
            apart = folder / "apart"
            shutil.rmtree(apart, ignore_errors=True)
            apart.mkdir()
            where = apart / "nkplan.db"
            if name == "migration":
                where.write_bytes(released)
        elif name in {"undo", "redo"}:
            # So that there is something to undo or redo.
            for aim in ("update", "undo")[: 1 + (name == "redo")]:
                done = run_unkilled(db, make_target(aim, number + 1_000_000))
                assert done.code == 0, done.err
        figures.kills[name] += 1
        for fault in _kill_one(folder, where, make_target(name, number), chance, figures):
            figures.faults.append(f"kill {number} of seed {seed}, in {name}: {fault}")
    return figures


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def run_unkilled(db: Path, aim: Aim) -> Done:
    """Run a command in this process, without killing it."""
    return run(db, *aim.arguments, stdin=aim.stdin.encode())


def _kill_one(folder: Path, db: Path, aim: Aim, chance: random.Random, figures: Figures) -> Iterator[str]:
    reference = folder / "reference.db"
    reference.unlink(missing_ok=True)
    # The next command creates or upgrades what is missing, so it always finds a complete record.
    is_first = aim.name in {"first run", "migration"}
    if db.exists():
        shutil.copy(db, reference)
    before = {} if is_first else dump(db)
    done = run_unkilled(reference, aim)
    assert done.code == 0, done.err
    after = dump(reference)
    assert after != before

    code, out, err = _run_and_kill(db, aim, chance)
    journal = db.with_name(f"{db.name}-journal")
    has_journal = journal.exists()
    needs_rollback = has_journal and _has_unwritten(db)
    told = any(word in out for word in ("recorded", "undid", "redid", "corrected", "->", "  tags "))
    acknowledged = code == 0 or told or any(word in err for word in MADE)
    figures.finished += code == 0
    figures.acknowledged += acknowledged
    figures.journals += has_journal
    figures.half_written += needs_rollback
    if code not in {0, -signal.SIGKILL} or "Traceback" in err:
        yield f"exit code {code}: {err}"
    if any(word in err for word in MADE) and dump(db) != after:
        yield f"the {aim.name} reported a record that is not there"
    # The next command can read at once, whatever the killed one left behind.
    if is_first or chance.random() < 0.25:
        done = run(db, "list")
        if done.code or done.out.count("\n") <= (100 if aim.name == "first run" else 1):
            yield f"reading after the kill: {done.code} {done.err}"
            return
    else:
        with reading(db) as reader:
            reader.fetch("sites.count_sites").fetchone()
    now = dump(db)
    figures.written += now == after
    if now not in ([after] if acknowledged or is_first else [before, after]):
        differing = [table for table in after if now.get(table) not in (before.get(table), after[table])]
        yield f"acknowledged {acknowledged}, but the database differs: {differing or 'it has only a part'}"
    yield from find_damage(db)
    if journal.exists() and journal.stat().st_size and _has_unwritten(db):
        yield "the journal is still there"
    others = {path.name for path in db.parent.iterdir()} - {db.name, journal.name}
    if is_first and any("before-upgrade" not in name or name.startswith(".") for name in others):
        yield f"other files: {sorted(others)}"


def _run_and_kill(db: Path, aim: Aim, chance: random.Random) -> tuple[int, str, str]:
    """Run a command and kill it: at a random instant, or soon after it creates a journal or writes."""
    journal = db.with_name(f"{db.name}-journal")
    changed = _read_change(db)
    began = time.monotonic()
    with subprocess.Popen(
        [*NKPLAN, *aim.arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=make_environment(db), cwd=db.parent,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(aim.stdin.encode())
        process.stdin.close()
        process.stdin = None
        match chance.randrange(4):
            case 0:
                # A command takes about a quarter of a second, a first run half of one.
                end = began + chance.uniform(0, 0.6 if aim.name == "first run" else 0.35)
                _wait(lambda: process.poll() is not None or time.monotonic() > end)
            case 1:
                _wait(lambda: process.poll() is not None or journal.exists())
                time.sleep(chance.uniform(0, 0.03))
            case 2:
                _wait(lambda: process.poll() is not None or _read_change(db) != changed)
                time.sleep(chance.uniform(0, 0.003))
            case 3:
                _wait(lambda: process.poll() is not None or _read_change(db) != changed)
        process.kill()
        out, err = process.communicate()
    return process.returncode, out.decode(), err.decode()


def _read_change(db: Path) -> tuple[int, int] | None:
    try:
        found = db.stat()
    except FileNotFoundError:
        return None
    # A first run begins with an empty file, which does not count as a change.
    return (found.st_mtime_ns, found.st_size) if found.st_size else None


def _wait(is_over: Callable[[], bool]) -> None:
    while not is_over():
        time.sleep(0.00002)


def _has_unwritten(db: Path) -> bool:
    """Return whether a journal has to be rolled back: SQLite then refuses to open the database read-only."""
    try:
        with closing(sqlite3.connect(f"{db.as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorname == "SQLITE_READONLY_ROLLBACK"
    return False


CLIENT = """
import os, sys
from nkplan.cli.run import run
what, who, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
out = os.open(os.devnull, os.O_WRONLY)
os.dup2(out, 1)
asks = (["list"], ["report"], ["show", "grand-canal"], ["search", "canal"])
for number in range(times):
    if what == "write":
        words = ["update", "grand-canal", "building", "--on", "2026-03", "--note", f"{who} {number}"]
        words += ["--source", f"https://example.org/{who}/{number}", "--evidence", "authority"]
    else:
        words = asks[number % len(asks)]
    code = run(words)
    if code:
        print(f"{what} {who} {number}: exit code {code}", file=sys.stderr)
"""


def run_concurrently(db: Path, writers: int, readers: int, times: int) -> tuple[float, list[str]]:
    """Run writers and readers on one database, each a process; return the seconds and the faults."""
    ((before,),) = query(db, "SELECT updates FROM states WHERE project = 'grand-canal'")
    began = time.monotonic()
    processes = [
        subprocess.Popen(
            [NKPLAN[0], "-c", CLIENT, what, f"{what}-{who}", str(times)],
            env=make_environment(db), stderr=subprocess.PIPE, text=True,
        )
        for what, many in (("write", writers), ("read", readers))
        for who in range(many)
    ]  # fmt: skip
    faults = []
    for process in processes:
        _, err = process.communicate()
        if process.returncode or "exit code" in err or "Traceback" in err:
            faults.append(f"exit code {process.returncode}: {err[-2000:]}")
    expected = writers * times
    counts: Sequence[tuple[str, str, int]] = (
        ("updates", "SELECT updates FROM states WHERE project = 'grand-canal'", before + expected),
        ("rows", "SELECT count(*) FROM updates WHERE note LIKE 'write-%'", expected),
        ("sources", "SELECT count(*) FROM sources WHERE url LIKE 'https://example.org/write-%'", expected),
        ("changes", "SELECT count(*) FROM changes WHERE command = 'update'", expected),
    )
    for name, sql, number in counts:
        ((found,),) = query(db, sql)
        if found != number:
            faults.append(f"{found} {name} instead of {number}")
    return time.monotonic() - began, faults + find_damage(db)


CORRECTOR = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from nkplan.cli.run import run
told = []
for words in json.loads(sys.argv[1]):
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as err:
        code = run(words)
    told.append([words, code, err.getvalue()])
json.dump(told, sys.stdout)
"""

REFUSABLE = ("undo", "redo")
"""The commands that others can get in the way of: what they are about is needed or was changed since."""


def correct_concurrently(
    db: Path, processes: int, times: int, seed: int
) -> tuple[Counter[tuple[str, int]], list[str]]:
    """Let processes record, rename, tag, amend, undo and redo at once, all of it in one project.

    Return how often each command ended with each exit code, and the faults: a change that the journal does
    not have as it was acknowledged, or a record that is not what the same commands give one by one.
    """
    alone = Path(shutil.copy(db, db.with_name("alone.db")))
    runs = [
        subprocess.Popen(
            [NKPLAN[0], "-c", CORRECTOR, json.dumps(_make_corrections(db.parent, who, times, seed))],
            env=make_environment(db, LOGNAME=f"corrector-{who}"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for who in range(processes)
    ]  # fmt: skip
    faults: list[str] = []
    counted: Counter[tuple[str, int]] = Counter()
    acknowledged: dict[str, list[list[str]]] = {}
    for who, process in enumerate(runs):
        out, err = process.communicate()
        ended = json.loads(out) if process.returncode == 0 else [(["all"], process.returncode, err)]
        counted.update((words[0], code) for words, code, _ in ended)
        acknowledged[f"corrector-{who}"] = [words for words, code, _ in ended if code == 0]
        faults += [
            f"{words}: exit code {code}: {said[-2000:]}"
            for words, code, said in ended
            if code and (words[0] not in REFUSABLE or code not in {2, 3})
        ]
    faults += _compare_journal(db, acknowledged) or _compare_alone(db, alone, acknowledged)
    checked = run(db, *CHECK_DERIVED)
    if checked.code or len(checked.out.splitlines()) > 1:
        faults.append(f"check: {checked.out}{checked.err}")
    return counted, faults + find_damage(db)


_JOURNAL = "SELECT recorded_by, command FROM changes WHERE command <> 'first run' ORDER BY id"


def _compare_journal(db: Path, acknowledged: dict[str, list[list[str]]]) -> list[str]:
    """List whose changes in the journal are not those that were acknowledged, in the same order."""
    written: dict[str, list[str]] = {who: [] for who in acknowledged}
    for who, command in query(db, _JOURNAL):
        written.setdefault(who, []).append(command.removesuffix(" --amend"))
    told = {who: [words[0] for words in commands] for who, commands in acknowledged.items()}
    return [
        f"the journal has {commands} of {who}, who was told {told.get(who)}"
        for who, commands in written.items()
        if commands != told.get(who)
    ]


def _compare_alone(db: Path, alone: Path, acknowledged: dict[str, list[list[str]]]) -> list[str]:
    """Run the commands one by one, in the order of the journal; list the tables that differ after that."""
    rest = {who: iter(commands) for who, commands in acknowledged.items()}
    for who, _ in query(db, _JOURNAL):
        words = next(rest[who])
        done = run(alone, *words, LOGNAME=who)
        if done.code:
            return [f"alone {words} is refused: {done.err}"]
    together, apart = dump(db), dump(alone)
    return [
        f"{name} differs from that of the same commands one by one"
        for name in apart
        if together[name] != apart[name]
    ]


def _make_corrections(folder: Path, who: int, times: int, seed: int) -> list[list[str]]:
    """Make the commands of one process: each is another one than those of the others."""
    chance = random.Random(f"{seed} {who}")  # noqa: S311
    names = ("update", "tag", "amend", "undo", "redo", "edit")
    made = []
    # Each does all of them first, and begins with another one.
    chosen = [names[(number + who) % len(names)] for number in range(len(names))]
    chosen += chance.choices(names, k=times - len(names))
    # After the last undo of all nothing but redos can follow, so that one of them is not refused.
    for number, name in enumerate((*chosen, "undo", "redo")):
        aim = make_target(name, who * 10_000 + number)
        words = list(aim.arguments)
        if name == "update":
            # The same claim of the same source would be a repetition.
            words += ["--source", f"https://example.org/{who}/{number}"]
        if aim.stdin:
            file = folder / f"edition-{who}-{number}.json"
            file.write_text(aim.stdin, "utf-8")
            words[words.index("-")] = str(file)
        made.append(words)
    return made


def run_first(folder: Path, processes: int) -> list[str]:
    """Let several processes create the same database at once, and return the faults."""
    db = folder / "first.db"
    runs = [
        subprocess.Popen(
            [*NKPLAN, "list"],
            env=make_environment(db), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(processes)
    ]  # fmt: skip
    ends = [process.communicate() for process in runs]
    faults = [err for process, (_, err) in zip(runs, ends, strict=True) if process.returncode]
    if len({out for out, _ in ends}) != 1 or ends[0][0].count("\n") < 100:
        faults.append("their outputs differ")
    if sum("created" in err for _, err in ends) != 1:
        faults.append(f"{[err for _, err in ends]}")
    if (commands := query(db, "SELECT command FROM changes")) != [("first run",)]:
        faults.append(f"{commands}")
    return faults + find_damage(db)
