"""Databases that a foreign tool, a bad disk or somebody hostile has changed, each made by a script of SQL.

`python tests/crafted.py` runs every main command on each, as a process with a time limit, and prints what
goes wrong; `python tests/crafted.py damaged 100` does so with 100 that a bad disk has changed.
test_crafted.py does the same for a few of each.
"""

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from program import NKPLAN, Done, make_environment

from nkplan.formats.json import read_file
from nkplan.sql.schema import INDEX_OF_WORDS, read_parts
from nkplan.store.create import create_database
from nkplan.store.record import record
from nkplan.store.transaction import Recorder

LIMIT = 5.0
"""How many seconds a command has to answer or to refuse."""

CODES = {0, 1, 2, 3, 4, 5}
"""The documented exit codes, but for that of an interruption; 1 is for `check` alone."""

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "list": ("list",),
    "show": ("show", "town-mill"),
    "show place": ("show", "town"),
    "report": ("report",),
    "search": ("search", "mill"),
    "check": ("check",),
    "export": ("export",),
    "update": ("update", "town-mill", "completed", "--on", "2024-09", "--evidence", "promiser"),
    "add": ("add", "Ford mill", "--kind", "mill", "--place", "town", "--on", "2025"),
    "undo": ("undo",),
    "backup": ("backup", "copy.db"),
    "restore": ("restore", "crafted.db"),
    "check --repair": ("check", "--repair"),
}
"""The main commands; `restore` puts the crafted file in the place of another, the others work on it."""
READS = ("list", "show", "show place", "report", "search")
WRITES = ("update", "add", "undo")

_RECORD = {
    "format": "nkplan/2",
    "kinds": ["mill"],
    "places": [
        {"id": "north", "name": "North"},
        {"id": "county", "name": "County", "parent": "north"},
        {"id": "town", "name": "Town", "parent": "county"},
    ],
    "sources": [{"id": "paper", "title": "The Paper", "published": "2024-Q3"}],
    "projects": [
        {"id": "mills", "name": "Mills", "type": "programme", "kind": "mill"},
        {
            "id": "mills-2024",
            "name": "Mills of 2024",
            "type": "cohort",
            "kind": "mill",
            "parent": "mills",
            "year": 2024,
        },
        {
            "id": "town-mill",
            "name": "Town mill",
            "type": "site",
            "kind": "mill",
            "parent": "mills-2024",
            "place": "town",
        },
    ],
}


@cache
def make_bytes() -> bytes:
    """Make a sound database: a programme with one site, and a change that can be undone."""
    now = datetime(2026, 11, 1, tzinfo=UTC)
    update = {"project": "town-mill", "event_date": "2024-Q2", "status": "building", "source": "paper"}
    first = read_file(json.dumps(_RECORD).encode(), date.max)
    second = read_file(json.dumps({"format": "nkplan/2", "updates": [update]}).encode(), date.max)
    assert first.faults == second.faults == ()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sound.db")
        create_database(path, [first], Recorder("kim", now))
        record(path, second, "update", Recorder("kim", now), summary="an update")
        return path.read_bytes()


ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n"
"""A query that never ends."""


class Fault(NamedTuple):
    """What is wrong with a database, the script that makes it so, and what the program has to say of it.

    `found` are the check and the id of a finding of `check`. `refused` has part of the sentence with which
    each command that has to refuse the file does so, or `may_answer`; all others answer. After
    `check --repair` the check finds nothing of the kind, unless it is not `is_repaired`.
    """

    name: str
    script: str
    found: tuple[str, str]
    refused: Mapping[str, str]
    is_repaired: bool = True
    may_answer: tuple[str, ...] = ()


NOTHING: Mapping[str, str] = {}


def _add_trigger(name: str, script: str, table: str = "updates") -> Fault:
    """Return a fault in which a trigger `mine` was added to a table of nkplan's."""
    said = f"has a trigger that nkplan did not make and that can change what is written (mine on {table})"
    refused = dict.fromkeys((*WRITES, "restore"), said)
    return Fault(name, f"CREATE TRIGGER mine {script}", ("changed-schema", "mine"), refused)


def _change(
    name: str, script: str, said: str, more: Mapping[str, str] = NOTHING, *, is_repaired: bool = True
) -> Fault:
    """Return a fault that changes a part of the schema; `more` commands refuse it for their own reasons."""
    said = f"is damaged (its schema is not this version's: {said}"
    refused = {**dict.fromkeys((*READS, *WRITES, "restore"), said), **more}
    return Fault(name, script, ("changed-schema", said.split(": ")[1].split()[1]), refused, is_repaired)


def _replace_view(view: str) -> Fault:
    script = f"DROP VIEW {view}; CREATE VIEW {view} AS {ENDLESS}"
    return _change(f"a view {view} that never ends", script, f"view {view} differs")


def _damage_index(name: str, script: str, *, answering: tuple[str, ...] = ()) -> Fault:
    """Return a fault in the tables of the search index, which only what uses them can see.

    Whether a write sees it depends on the version of SQLite.
    """
    refused = dict.fromkeys({"search", *WRITES, "backup", "restore"} - {*answering}, _BROKEN_INDEX)
    return Fault(name, script, ("stale-search", "words"), refused, may_answer=WRITES)


_BROKEN_INDEX = "is damaged, which loses nothing on record; run nkplan check --repair"
VIEWS = [part.name for part in read_parts() if part.type == "view"]
[_SITES] = [part.statement for part in read_parts() if part.name == "sites"]

FAULTS = [
    _add_trigger(
        "a trigger that drops what is written",
        "BEFORE INSERT ON updates BEGIN SELECT RAISE(IGNORE); END",
    ),
    _add_trigger(
        "a trigger that sets another status",
        "AFTER INSERT ON updates BEGIN UPDATE updates SET status = 'cancelled' WHERE id = new.id; END",
    ),
    _add_trigger(
        "a trigger that rolls back",
        "BEFORE INSERT ON updates BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
    ),
    _add_trigger(
        "a trigger that never ends",
        f"AFTER UPDATE ON updates BEGIN SELECT count(*) FROM ({ENDLESS}); END",
    ),
    _add_trigger(
        "a trigger that loads a program",
        "AFTER INSERT ON projects BEGIN SELECT load_extension('x'); END",
        "projects",
    ),
    _add_trigger(
        "a trigger on a table of the search index",
        "AFTER INSERT ON words_docsize BEGIN DELETE FROM texts; END",
        "words_docsize",
    ),
    _add_trigger(
        "a trigger instead of writing to a view",
        "INSTEAD OF INSERT ON sites BEGIN DELETE FROM updates; END",
        "sites",
    ),
    Fault(
        "a trigger with the name of a view, which is made after it",
        f"""DROP VIEW sites; CREATE TRIGGER sites BEFORE INSERT ON updates BEGIN SELECT RAISE(IGNORE); END;
        {_SITES}""",
        ("changed-schema", "sites"),
        dict.fromkeys((*WRITES, "restore"), "that can change what is written (sites on updates)"),
    ),
    Fault(
        "a trigger with the name of a table of the search index",
        "CREATE TRIGGER Words_data BEFORE INSERT ON updates BEGIN SELECT RAISE(IGNORE); END",
        ("changed-schema", "Words_data"),
        dict.fromkeys((*WRITES, "restore"), "that can change what is written (Words_data on updates)"),
    ),
    *(
        Fault(
            f"a trigger named {name} on a table of somebody's own",
            f"CREATE TABLE mine (id); CREATE TRIGGER {name} AFTER INSERT ON mine BEGIN SELECT 1; END",
            ("changed-schema", name),
            dict.fromkeys((*WRITES, "restore"), f"that can change what is written ({name} on mine)"),
        )
        for name in ("judged", "projects")
    ),
    *(
        Fault(
            f"a trigger of which the schema says another {column}",
            f"""CREATE TRIGGER mine AFTER INSERT ON updates BEGIN SELECT RAISE(IGNORE); END;
            CREATE TABLE elsewhere (x);
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET {column} = 'elsewhere' WHERE name = 'mine'""",
            ("", ""),
            dict.fromkeys(
                COMMANDS, "is damaged (malformed database schema (mine)); restore it from a backup"
            ),
        )
        for column in ("type", "tbl_name")
    ),
    *map(_replace_view, VIEWS),
    _change("a missing view", "DROP VIEW sites", "view sites is missing"),
    _change(
        "a table in the place of a view",
        "DROP VIEW sites; CREATE TABLE sites (id TEXT)",
        "view sites differs",
        is_repaired=False,
    ),
    _change("a missing index", "DROP INDEX projects_by_parent", "index projects_by_parent is missing"),
    _change("a missing trigger", "DROP TRIGGER texts_go", "trigger texts_go is missing"),
    _change(
        "another trigger under the name of one of nkplan's",
        f"""DROP TRIGGER texts_go;
        CREATE TRIGGER texts_go AFTER INSERT ON updates BEGIN SELECT count(*) FROM ({ENDLESS}); END""",
        "trigger texts_go differs",
    ),
    _change(
        "another column",
        "ALTER TABLE updates ADD COLUMN mine TEXT AS (upper(note))",
        "table updates differs",
        is_repaired=False,
    ),
    _change(
        "a missing table",
        "DROP TABLE tags",
        "table tags is missing",
        {"export": "table tags is missing"},
        is_repaired=False,
    ),
    *(
        _change(
            f"a view that never ends in the place of the table {table}",
            f"ALTER TABLE {table} RENAME TO {table}_before; CREATE VIEW {table} AS {ENDLESS}",
            f"table {table} differs",
            {"backup": f"is damaged (a view has the name of its table {table})", **more},
            is_repaired=False,
        )
        for table, more in (
            ("updates", {"export": "table updates differs"}),
            ("dates", {}),
            ("_sqlite_migrations", {}),
        )
    ),
    *(
        _change(f"no table {table}", f"DROP TABLE {table}", f"table {table} is missing", more)
        for table in INDEX_OF_WORDS
        # No search for one word tells that the sizes of the texts are missing.
        for more in [{} if table == "words_docsize" else {"backup": _BROKEN_INDEX}]
    ),
    *(
        _change(
            f"a view that never ends in the place of {table}",
            f"DROP TABLE {table}; CREATE VIEW {table} AS {ENDLESS}",
            f"table {table} differs",
            {"backup": f"is damaged (a view has the name of its table {table})"},
        )
        for table in INDEX_OF_WORDS
    ),
    _damage_index("another version of the index", "UPDATE words_config SET v = 99 WHERE k = 'version'"),
    _damage_index("no version of the index", "DELETE FROM words_config"),
    _damage_index(
        "a rank by no function",
        "UPDATE words_config SET v = 'nothing(1)' WHERE k = 'rank'",
        answering=WRITES,
    ),
    _damage_index("no pages of the index", "DELETE FROM words_data"),
    _damage_index("no structure of the index", "UPDATE words_data SET block = x'ffffffffffff' WHERE id = 10"),
    _damage_index(
        "an empty structure of the index",
        "UPDATE words_data SET block = zeroblob(8) WHERE id = 10",
        answering=("update", "undo", "backup", "restore"),
    ),
    Fault(
        "a place that is its own parent",
        "UPDATE places SET parent = id WHERE id = 'county'",
        ("circle", "county"),
        {},
    ),
    Fault(
        "three places in a circle",
        "UPDATE places SET parent = 'town' WHERE id = 'north'",
        ("circle", "north"),
        {},
    ),
    Fault(
        "a site that is its own parent",
        "UPDATE projects SET parent = id WHERE id = 'town-mill'",
        ("circle", "town-mill"),
        {},
    ),
    Fault(
        "a cohort that is its own parent",
        "UPDATE projects SET parent = id WHERE id = 'mills-2024'",
        ("circle", "mills-2024"),
        {},
    ),
    Fault(
        "a cohort within its site",
        "UPDATE projects SET parent = 'town-mill' WHERE id = 'mills-2024'",
        ("circle", "mills-2024"),
        {},
    ),
    Fault(
        "a programme within its cohort",
        "PRAGMA ignore_check_constraints = ON; UPDATE projects SET parent = 'mills-2024' WHERE id = 'mills'",
        ("circle", "mills"),
        {},
    ),
    Fault(
        "two cohorts in a circle",
        """INSERT INTO projects (id, folded, name, type, kind, parent, year, change_id)
        VALUES ('wave', 'wave', 'Wave', 'cohort', 'mill', 'wave', 2025, 1)""",
        ("circle", "wave"),
        {},
        is_repaired=False,
    ),
]


TYPICAL = [
    fault
    for fault in FAULTS
    if fault.name
    in {
        "a trigger that drops what is written",
        "a trigger that never ends",
        "a trigger of which the schema says another tbl_name",
        "a trigger with the name of a view, which is made after it",
        "a trigger with the name of a table of the search index",
        "a trigger named judged on a table of somebody's own",
        "a view judged that never ends",
        "a table in the place of a view",
        "another trigger under the name of one of nkplan's",
        "a view that never ends in the place of the table updates",
        "a view that never ends in the place of words_config",
        "another version of the index",
        "a rank by no function",
        "no pages of the index",
        "three places in a circle",
        "a cohort within its site",
    }
]
"""Those of the suite, one of each kind."""

ALLOWED = """
    CREATE INDEX my_index ON updates (note, project);
    CREATE INDEX my_other ON projects (upper(name)) WHERE note IS NOT NULL;
    CREATE VIEW my_view AS SELECT * FROM sites;
    CREATE TABLE my_table (id INTEGER PRIMARY KEY, project TEXT REFERENCES projects (id));
    CREATE TRIGGER my_trigger AFTER INSERT ON my_table BEGIN DELETE FROM my_table WHERE id < new.id; END;
    CREATE VIRTUAL TABLE my_words USING fts5 (text);
    INSERT INTO my_table (project) VALUES ('town-mill');
    ANALYZE
"""
"""What somebody may add beside nkplan's schema."""


def craft(path: Path, script: str) -> None:
    """Make a sound database on which a script was run, as a user of `sqlite3` does."""
    path.write_bytes(_craft_bytes(script))


@lru_cache(maxsize=4)
def _craft_bytes(script: str) -> bytes:
    """Make it once: every command begins with the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "crafted.db")
        path.write_bytes(make_bytes())
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)
        return path.read_bytes()


PAGE = 4096


def damage(content: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Damage a database as a bad disk does; return what was done, and the damaged content."""
    changed = bytearray(content)
    page, other = (chance.randrange(len(content) // PAGE) * PAGE for _ in range(2))
    at = page + chance.randrange(PAGE)
    match chance.randrange(8):
        case 0:
            changed[page : page + PAGE] = bytes(PAGE)
            what = f"page {page // PAGE} is zero"
        case 1:
            changed[page : page + PAGE] = chance.randbytes(PAGE)
            what = f"page {page // PAGE} is random"
        case 2:
            changed[page : page + PAGE] = content[other : other + PAGE]
            what = f"page {page // PAGE} is page {other // PAGE}"
        case 3:
            del changed[at:]
            what = f"it ends at {at}"
        case 4:
            changed[at : at + 512] = bytes(512)
            what = f"512 bytes are zero at {at}"
        case 5:
            changed[at] ^= 1 << chance.randrange(8)
            what = f"a bit is flipped at {at}"
        case 6:
            # The header of a page: its type, its number of cells and where they are.
            start = page + (100 if page == 0 else 0) + chance.randrange(16)
            changed[start : start + 2] = chance.randbytes(2)
            what = f"two bytes are random at {start}"
        case _:
            start = chance.randrange(100)
            changed[start] = chance.randrange(256)
            what = f"a byte of the header is random at {start}"
    return what, bytes(changed)


def run_damaged(
    seed: int, folder: Path, run: Callable[..., Done], names: Iterable[str] = COMMANDS
) -> Iterator[tuple[str, Done]]:
    """Run commands on a damaged database, each on a new one; the names say what the damage is."""
    what, content = damage(make_bytes(), random.Random(seed))  # noqa: S311
    yield from _run_each(lambda path: path.write_bytes(content), folder, run, names, f"{seed}, {what}: ")


def _name_journal(folder: Path) -> Path:
    return folder / "crafted.db-journal"


def list_damaged(done: Done, folder: Path) -> Iterator[str]:
    """List what is wrong with what a command did with a damaged database."""
    if _name_journal(folder).exists():
        yield "it was not rolled back"
    if "Traceback" in done.err or done.code not in CODES:
        yield f"exit code {done.code}: {done.err[-500:]}"


def run_all(
    fault: Fault, folder: Path, run: Callable[..., Done], names: Iterable[str] = COMMANDS
) -> Iterator[tuple[str, Done]]:
    """Run commands on a crafted database, each on a new one."""
    yield from _run_each(lambda path: craft(path, fault.script), folder, run, names)


def _run_each(
    make: Callable[[Path], object],
    folder: Path,
    run: Callable[..., Done],
    names: Iterable[str],
    before: str = "",
) -> Iterator[tuple[str, Done]]:
    crafted, other = folder / "crafted.db", folder / "other.db"
    for name in names:
        make(crafted)
        for left in (folder / "copy.db", _name_journal(folder)):
            left.unlink(missing_ok=True)
        if name == "restore":
            other.write_bytes(make_bytes())
        yield f"{before}{name}", run(other if name == "restore" else crafted, *COMMANDS[name])


def list_faults(fault: Fault, name: str, done: Done) -> Iterator[str]:
    """List what is wrong with what a command did with a crafted database."""
    if "Traceback" in done.err or done.code not in CODES:
        yield f"exit code {done.code}: {done.err[-500:]}"
    found = "\t".join(fault.found)
    said = fault.refused.get(name)
    if said and not (name in fault.may_answer and not done.code):
        if done.code != 4 or said not in done.err or done.out:
            yield f"exit code {done.code}, without the sentence {said!r}: {done.out[:200]}{done.err}"
    elif name == "check" and (done.code != 1 or f"\n{found}\t" not in done.out):
        yield f"exit code {done.code}, without the finding {found}: {done.out}{done.err}"
    elif name == "check --repair" and (f"\n{found}\t" in done.out) == fault.is_repaired:
        yield f"it is {'not ' if fault.is_repaired else ''}repaired: {done.out}{done.err}"
    elif not name.startswith("check") and done.code:
        yield f"it is refused: {done.err}"


def main() -> int:
    """Run every command on every crafted, or on so many damaged databases, as a process."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[1:2] == ["damaged"]:
            first = random.randrange(10**6)  # noqa: S311
            number = int(sys.argv[2])
            for seed in range(first, first + number):
                for name, done in run_damaged(seed, Path(folder), run_process_in_time):
                    wrong += [f"{name}: {one}" for one in list_damaged(done, Path(folder))]
        else:
            number = len(FAULTS)
            for fault in FAULTS:
                for name, done in run_all(fault, Path(folder), run_process_in_time):
                    wrong += [f"{fault.name}: {name}: {one}" for one in list_faults(fault, name, done)]
    print(*wrong, f"{number} databases, {len(COMMANDS)} commands each: {len(wrong) or 'no'} faults", sep="\n")
    return 1 if wrong else 0


def run_process_in_time(db: Path, *arguments: str) -> Done:
    """Run a command as a process; one that takes longer than the limit has the exit code -1."""
    try:
        done = subprocess.run(
            [*NKPLAN, *arguments],
            capture_output=True,
            env=make_environment(db),
            cwd=db.parent,
            check=False,
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        return Done(-1, "", f"no answer within {LIMIT:.0f} seconds")
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


if __name__ == "__main__":
    sys.exit(main())
