"""`nkplan check` finds every inconsistency that a record has, and nothing in a sound record."""

import copy
import csv
import io
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from each import sample
from program import Done, run, show

from nkplan.formats.json import read_file
from nkplan.model.finding import Check
from nkplan.queries.checks import STATUSES, find_inconsistencies
from nkplan.queries.reader import reading
from nkplan.sql import read_sql
from nkplan.store.create import create_database
from nkplan.store.repair import repair
from nkplan.store.transaction import Recorder

COHORT = {"type": "cohort", "kind": "mill", "parent": "mills"}
SITE = {"type": "site", "kind": "mill"}
OF_2024 = SITE | {"parent": "mills-24"}
NOTED = {"note": "The shell was taken down."}
UPDATES = {str(uuid5(NAMESPACE_URL, name)): name for name in "u-town u-port u-0 u-2 u-3 u-4 u-5".split()}
"""The names of updates in this module, by id."""

Record = dict[str, Any]
Change = Callable[[Record], None]
Found = tuple[str, str, str]

SOUND: Record = {
    "format": "nkplan/2",
    "kinds": ["mill"],
    "places": [
        {"id": "north", "name": "North", "latitude": 10.0, "longitude": 20.0},
        {"id": "town", "name": "Town", "parent": "north", "latitude": 10.5, "longitude": 20.0},
        {"id": "port", "name": "Port", "parent": "north", "latitude": 10.0, "longitude": 20.5},
        {"id": "ford", "name": "Ford", "parent": "north", "latitude": 10.5, "longitude": 20.5},
        {"id": "hill", "name": "Hill", "parent": "north", "latitude": 10.2, "longitude": 20.2},
        {"id": "south", "name": "South"},
    ],
    "sources": [
        {"id": "speech", "published": "2024-01-16"},
        {"id": "paper", "published": "2024-Q3"},
        {"id": "budget", "published": "2024"},
    ],
    "announcements": [
        {
            "id": "mills-2024",
            "title": "Mills",
            "announced": "2024-01-15",
            "said": "Two mills in the year.",
            "source": "speech",
            "figures": [{"item": "spending", "value": 3, "unit": "percent", "source": "budget"}],
        }
    ],
    "projects": [
        {"id": "mills", "name": "Mills", "type": "programme", "kind": "mill"},
        {"id": "mills-24", "name": "Mills of 2024", "year": 2024, **COHORT},
        {"id": "town-mill", "name": "Town mill", "place": "town", **OF_2024},
        {"id": "port-mill", "name": "Port mill", "place": "port", **OF_2024},
    ],
    "quotas": [
        {
            "project": "mills",
            "kind": "mill",
            "quantity": 2,
            "per": "year",
            "first_year": 2024,
            "announcement": "mills-2024",
        },
    ],
    "updates": [
        {
            "id": "u-town",
            "project": "town-mill",
            "event_date": "2024-Q2",
            "status": "building",
            "source": "paper",
        },
        {
            "id": "u-port",
            "project": "port-mill",
            "event_date": "2024-07",
            "status": "completed",
            "source": "paper",
        },
    ],
}
"""A small record without findings: 2 mills promised in January 2024, both named, started and reported on."""


def make(folder: Path, *changes: Change) -> Path:
    """Make a database of the sound record with some changes."""
    path = folder / "small.db"
    path.write_bytes(make_sound() if not changes else write_bytes(changes))
    return path


@cache
def make_sound() -> bytes:
    """Make a database of the sound record."""
    return write_bytes(())


def write_bytes(changes: Sequence[Change]) -> bytes:
    content = copy.deepcopy(SOUND)
    for change in changes:
        change(content)
    ids = {name: id_ for id_, name in UPDATES.items()}
    for update in content["updates"]:
        if "id" in update:
            update["id"] = ids[update["id"]]
    batch = read_file(json.dumps(content).encode(), date.max)
    assert batch.faults == ()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "small.db")
        assert create_database(path, [batch], Recorder("kim", datetime(2026, 11, 1, tzinfo=UTC))) is not None
        return path.read_bytes()


def add(list_: str, **row: Any) -> Change:
    """Return a change that adds a row; an update is of the mill in Town unless it names another project."""
    if list_ == "updates":
        row = {"project": "town-mill", "source": "speech", **row}
    return lambda content: content[list_].append(row)


def alter(id_: str, **fields: Any) -> Change:
    """Return a change that sets fields of the row with an id."""

    def change(content: Record) -> None:
        rows = [row for list_ in content.values() if isinstance(list_, list) for row in list_]
        (one,) = [row for row in rows if isinstance(row, dict) and row.get("id") == id_]
        one.update(fields)

    return change


def drop(list_: str, number: int) -> Change:
    """Return a change that removes a row."""
    return lambda content: content[list_].pop(number)


def write(path: Path, statement: str) -> None:
    """Write directly to a database, even what the program would refuse."""
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def read(done: Done) -> list[Found]:
    """Return the findings as check, row and other rows; the exit code must agree."""
    rows = list(csv.reader(io.StringIO(done.out), delimiter="\t"))
    assert rows[0] == ["check", "id", "others", "what"]
    assert done.code == (1 if rows[1:] else 0), done.err
    assert all(row[3] for row in rows)
    return [
        (row[0], row[1], " ".join(UPDATES.get(one, one) for one in row[2].split(" "))) for row in rows[1:]
    ]


INCONSISTENCIES: list[tuple[str, tuple[Change, ...], list[Found]]] = [
    (
        "a status that moves back",
        (add("updates", id="u-2", event_date="2024-11", status="groundbroken"),),
        [("moved-back", "town-mill", "u-2 u-town")],
    ),
    (
        "a site in use that is only opened later",
        (
            add("updates", id="u-2", event_date="2024-10", status="operating"),
            add("updates", id="u-3", event_date="2024-11", status="completed"),
        ),
        [("moved-back", "town-mill", "u-3 u-2")],
    ),
    (
        "work resumed at a site that had opened and stood idle",
        (
            add("updates", id="u-2", project="port-mill", event_date="2024-10", status="idle"),
            add("updates", id="u-3", project="port-mill", event_date="2024-11", status="building"),
        ),
        [("moved-back", "port-mill", "u-3 u-2")],
    ),
    (
        "a status that moves back by an observation that nothing is there",
        (add("updates", id="u-2", event_date="2024-11", status="announced", evidence="imagery"),),
        [("moved-back", "town-mill", "u-2 u-town")],
    ),
    (
        "openings that rest on use alone, as often as it was seen on the first date",
        (
            alter("u-port", status="operating"),
            add("updates", id="u-2", event_date="2024-11-02", status="operating", source="budget"),
            add("updates", id="u-3", event_date="2024-11-02", status="operating", evidence="on-site"),
            add("updates", id="u-4", event_date="2024-11-03", status="operating", source="budget"),
        ),
        [("opened-by-use", "port-mill", "u-port"), ("opened-by-use", "town-mill", "u-3 u-2")],
    ),
    (
        "a second mill of the year in the town",
        (alter("port-mill", place="town"),),
        [("twin-sites", "port-mill", "town-mill town")],
    ),
    (
        "two more mills of the year in the town, as one finding",
        (
            alter("port-mill", place="town"),
            add("projects", id="new-mill", name="New mill", parent="mills-24", place="town", **SITE),
            add("updates", id="u-2", project="new-mill", event_date="2024-11", status="building", **NOTED),
            lambda content: content["quotas"][0].update(quantity=3),
        ),
        [("twin-sites", "new-mill", "port-mill town-mill town")],
    ),
    (
        "a site begun before its programme was announced",
        (add("updates", id="u-0", event_date="2023-12", status="groundbroken"),),
        [("before-announced", "town-mill", "u-0 mills-2024")],
    ),
    (
        "a site of a cohort that opened before the cohort was promised",
        (alter("u-port", event_date="2023-07"),),
        [("before-announced", "port-mill", "u-port mills-2024")],
    ),
    (
        "a site announced only after it had opened",
        (
            add("projects", id="hill-mill", name="Hill mill", place="hill", **SITE),
            add("updates", id="u-3", project="hill-mill", event_date="2022", status="completed"),
            add("updates", id="u-4", project="hill-mill", event_date="2022-12", status="idle"),
            add("updates", id="u-5", project="hill-mill", event_date="2023-Q1", status="announced", **NOTED),
        ),
        [("before-announced", "hill-mill", "u-3 u-4 u-5")],
    ),
    (
        "a source that nothing cites",
        (add("sources", id="letter", published="2024"),),
        [("uncited-source", "letter", "")],
    ),
    (
        "a site outside the place of its programme",
        (alter("mills", place="south"),),
        [
            ("outside-programme", "port-mill", "mills port south"),
            ("outside-programme", "town-mill", "mills town south"),
        ],
    ),
    (
        "a place with a wrong degree",
        (alter("ford", latitude=15.0),),
        [("far-away", "ford", "town north")],
    ),
    (
        "a misplaced region",
        (alter("north", longitude=-20.0),),
        [("far-away", "north", "town north")],
    ),
    (
        "fewer sites than promised",
        (lambda content: content["quotas"][0].update(quantity=3),),
        [("quota-differs", "mills-24", "mills mills-2024")],
    ),
    (
        "more sites than promised",
        (lambda content: content["quotas"][0].update(quantity=1),),
        [("quota-differs", "mills-24", "mills mills-2024")],
    ),
    (
        "none of the kind that was promised",
        (
            lambda content: content["kinds"].append("other"),
            alter("town-mill", kind="other"),
            alter("port-mill", kind="other"),
        ),
        [("quota-differs", "mills-24", "mills mills-2024")],
    ),
    (
        "dates in the future",
        (
            alter("budget", published="2027"),
            alter("mills-2024", announced="2026-12-01", source="budget"),
            add("updates", id="u-2", event_date="2027-Q1", note="Said to run.", source="budget"),
        ),
        [
            ("future-date", "budget", ""),
            ("future-date", "mills-2024", ""),
            ("future-date", "town-mill", "u-2"),
        ],
    ),
    (
        "sources older than what they are cited for",
        (
            alter("mills-2024", announced="2024-01-17"),
            alter("u-port", event_date="2024-Q4"),
        ),
        [("early-source", "mills-2024", "speech"), ("early-source", "port-mill", "u-port paper")],
    ),
    (
        "a site without updates",
        (drop("updates", 0),),
        [("untold-project", "town-mill", "")],
    ),
    (
        "promised dates that had already passed",
        (
            add("updates", id="u-2", event_date="2024-Q3", promised="2024-Q2", source="paper"),
            add("updates", id="u-3", event_date="2024-07", promised="2023", source="paper"),
            add("updates", id="u-4", event_date="2024-07-02", promised="2024-07-01", source="paper"),
        ),
        [("promised-past", "town-mill", one) for one in ("u-4", "u-3", "u-2")],
    ),
]
"""What is wrong, the changes that cause it, and what is found."""


@pytest.mark.parametrize(
    ("changes", "found"), [pytest.param(*rest, id=name) for name, *rest in INCONSISTENCIES]
)
def test_an_inconsistency_is_found_with_its_rows(
    tmp_path: Path, changes: tuple[Change, ...], found: list[Found]
) -> None:
    path = make(tmp_path, *changes)
    assert read(run(path, "check", "--only", found[0][0])) == found


def test_a_sound_record_has_no_findings(tmp_path: Path) -> None:
    done = run(make(tmp_path), "check")
    assert read(done) == []
    assert done.err == f"nkplan: nothing found by 25 checks of {tmp_path / 'small.db'}\n"


def test_a_place_moved_to_another_region_by_a_direct_edit_is_found(tmp_path: Path) -> None:
    path = make(tmp_path)
    write(path, "UPDATE places SET region = 'south' WHERE id = 'town'")
    assert read(run(path, "check", "--only", "wrong-region")) == [("wrong-region", "town", "south north")]


DIRECT_EDITS: list[tuple[str, str, list[Found]]] = [
    (
        "a status with another fact",
        "UPDATE statuses SET iati = '9' WHERE status = 'idle'",
        [("changed-vocabulary", "statuses", "")],
    ),
    (
        "a lookup key of an id",
        "UPDATE projects SET folded = 'harbour' WHERE id = 'port-mill'",
        [("stale-keys", "port-mill", "")],
    ),
    (
        "a place in another region",
        "UPDATE places SET region = 'south' WHERE id = 'town'",
        [("wrong-region", "town", "south north")],
    ),
    (
        "an effective day of an update, which its state depends on too",
        "UPDATE updates SET effective_day = '2024-09-29' WHERE project = 'port-mill'",
        [("stale-days", "port-mill", "u-port"), ("stale-state", "port-mill", "")],
    ),
    (
        "a known day of an update",
        "UPDATE updates SET known_day = '2024-09-29' WHERE project = 'port-mill'",
        [("stale-days", "port-mill", "u-port")],
    ),
    (
        "a rank that is not its status's",
        "UPDATE updates SET rank = 2 WHERE project = 'town-mill'",
        [
            ("stale-days", "town-mill", "u-town"),
            ("stale-state", "town-mill", ""),
        ],
    ),
    (
        "an effective day of an announcement",
        "UPDATE announcements SET effective_day = '2024-01-16'",
        [("stale-days", "mills-2024", "")],
    ),
    (
        "the date of a source that others cite",
        """
        INSERT INTO dates (date) VALUES ('2024-05-20');
        UPDATE sources SET published = '2024-05-20' WHERE id = 'paper'
        """,
        [("stale-days", "port-mill", "u-port"), ("stale-days", "town-mill", "u-town")],
    ),
    (
        "a state that says more than the updates",
        "UPDATE states SET status = 'operating' WHERE project = 'town-mill'",
        [("stale-state", "town-mill", "")],
    ),
    (
        "first events of a state with invalid dates, which the table would refuse",
        """
        PRAGMA ignore_check_constraints = ON;
        UPDATE states SET opened = 'soon', opened_day = '2024-02-30' WHERE project = 'port-mill';
        UPDATE states SET start = '2024-13', start_day = '' WHERE project = 'town-mill'
        """,
        [
            *[("damaged-file", "database", "")] * 2,
            *[("broken-reference", "states", "")] * 2,
            ("stale-state", "port-mill", ""),
            ("stale-state", "town-mill", ""),
        ],
    ),
    (
        "a missing state",
        "DELETE FROM states WHERE project = 'town-mill'",
        [("stale-state", "town-mill", "")],
    ),
    (
        "a project that is stored as contradicted and is not",
        "INSERT INTO contradicted (project) VALUES ('town-mill')",
        [("stale-state", "town-mill", "")],
    ),
    (
        "a state of a project without updates",
        "INSERT INTO states (project, started, started_seen, used, updates) VALUES ('mills', 0, 0, 0, 1)",
        [("stale-state", "mills", "")],
    ),
    (
        "a missing text",
        "DELETE FROM texts WHERE id = 'town-mill'",
        [("stale-search", "town-mill", "")],
    ),
    (
        "a name that is not in the search index",
        "UPDATE projects SET name = 'Village mill' WHERE id = 'town-mill'",
        [("stale-search", "town-mill", "")],
    ),
    (
        "indexed words that differ from those of a plain text",
        "UPDATE texts SET title_words = 'castle' WHERE id = 'town-mill'",
        [("stale-search", "town-mill", "")],
    ),
    (
        "a text without the words of its place's names",
        "UPDATE texts SET title_words = NULL WHERE id = 'town'",
        [("stale-search", "town", "")],
    ),
    (
        "a text of a row that does not exist",
        "INSERT INTO texts (list, id, title) VALUES ('place', 'nowhere', 'Nowhere')",
        [("stale-search", "nowhere", "")],
    ),
    (
        "indexed words that no text has",
        "INSERT INTO words (rowid, title) VALUES (1, 'castle')",
        [("stale-search", "words", "")],
    ),
    (
        "a search index that lost a page",
        "DELETE FROM words_data WHERE id > 10",
        [("stale-search", "words", "")],
    ),
    (
        "an index that misses a row",
        """
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = sql || ' WHERE url IS NOT NULL' WHERE name = 'sources_by_url';
        PRAGMA writable_schema = RESET;
        REINDEX sources_by_url;
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(sql, ' WHERE url IS NOT NULL', '')
        WHERE name = 'sources_by_url';
        PRAGMA writable_schema = RESET
        """,
        [("damaged-file", "database", "")] * 4,
    ),
    (
        "a missing view that a check needs",
        "DROP VIEW judged",
        [("changed-schema", "judged", "")],
    ),
    (
        "a view without columns that a check needs",
        "DROP VIEW searched; CREATE VIEW searched AS SELECT 'project' AS list, id FROM projects",
        [("changed-schema", "searched", "")],
    ),
    (
        "a view that judges differently",
        "DROP VIEW active_updates; CREATE VIEW active_updates AS SELECT * FROM updates WHERE 0",
        [("changed-schema", "active_updates", "")],
    ),
    (
        "a table instead of a view",
        "DROP VIEW sites; CREATE TABLE sites (id)",
        [("changed-schema", "sites", "")],
    ),
    (
        "a missing trigger",
        "DROP TRIGGER texts_change",
        [("changed-schema", "texts_change", "")],
    ),
    (
        "a trigger that was missing when a text was added",
        """
        DROP TRIGGER texts_come;
        DELETE FROM texts WHERE id = 'town-mill';
        INSERT INTO texts (list, id, title) VALUES ('project', 'town-mill', 'Town mill')
        """,
        [("changed-schema", "texts_come", ""), ("stale-search", "words", "")],
    ),
    (
        "indexes that are missing or on another column",
        """
        DROP INDEX cohorts_are_one_a_year;
        DROP INDEX sources_by_url;
        CREATE INDEX Sources_By_URL ON sources (title)
        """,
        [("changed-schema", "sources_by_url", ""), ("changed-schema", "cohorts_are_one_a_year", "")],
    ),
    (
        "a missing unique index, and a row stored twice",
        """
        DROP INDEX cohorts_are_one_a_year;
        INSERT INTO projects (id, folded, name, type, kind, parent, year, change_id)
        SELECT 'again', 'again', name, type, kind, parent, year, change_id
        FROM projects WHERE id = 'mills-24';
        INSERT INTO texts (list, id, title) SELECT list, id, title FROM searched WHERE id = 'again'
        """,
        [("changed-schema", "cohorts_are_one_a_year", "")],
    ),
    (
        "a missing table",
        "DROP TABLE states",
        [("changed-schema", "states", ""), ("stale-state", "database", "")],
    ),
    (
        "a missing table of the search index",
        "DROP TABLE words_docsize",
        [("changed-schema", "words_docsize", ""), ("stale-search", "database", "")],
    ),
    (
        "an extra column",
        "ALTER TABLE kinds ADD COLUMN note TEXT",
        [("changed-schema", "kinds", "")],
    ),
    (
        "a missing view of what is indexed",
        "DROP VIEW indexed",
        [("changed-schema", "indexed", ""), ("stale-search", "database", "")],
    ),
    (
        "a place name with another spelling for look-up",
        "UPDATE place_names SET folded = 'twon' WHERE place = 'town'",
        [("stale-names", "town", ""), ("stale-search", "town", "")],
    ),
    (
        "a place name without a spelling for look-up",
        "DELETE FROM place_names WHERE place = 'town'",
        [("stale-names", "town", ""), ("stale-search", "town", "")],
    ),
    (
        "a reference to a row that does not exist",
        "UPDATE updates SET announcement = 'nothing' WHERE project = 'town-mill'",
        [("broken-reference", "town-mill", "u-town")],
    ),
]
"""What a user of `sqlite3` can do to the file, and what is found then."""
NOT_REPAIRABLE = {
    "a reference to a row that does not exist",
    "a table instead of a view",
    "a missing unique index, and a row stored twice",
    "a missing table",
    "an extra column",
}
"""The edits of what cannot be derived from anything."""


AFTER_REPAIR = {
    "the date of a source that others cite": {Check.STALE_STATE},
    "an effective day of an update, which its state depends on too": {Check.STALE_STATE},
    "first events of a state with invalid dates, which the table would refuse": {
        Check.DAMAGED_FILE,
        Check.BROKEN_REFERENCE,
    },
    "a rank that is not its status's": {Check.STALE_STATE},
    "a missing table of the search index": {Check.STALE_SEARCH},
    "a missing view of what is indexed": {Check.STALE_SEARCH},
    "a place name with another spelling for look-up": {Check.STALE_SEARCH},
    "a place name without a spelling for look-up": {Check.STALE_SEARCH},
}
"""Checks whose findings appear or disappear only once the days, views or names are repaired."""
FILE_CHECKS = (*list(Check)[:10], Check.WRONG_REGION)


def list_kinds_of_edit(edit: tuple[str, str, list[Found]]) -> tuple[object, ...]:
    """Return what an edit is of: the checks that find it, whether it is repaired, and in how many steps."""
    name, _, found = edit
    return tuple(check for check, _, _ in found), name in NOT_REPAIRABLE, name in AFTER_REPAIR


def find(path: Path, checks: Iterable[Check]) -> list[Found]:
    """Return what some checks find."""
    with reading(path, may_be_changed=True) as reader:
        found = list(find_inconsistencies(reader, checks, date.max))
    return [
        (str(one.check), one.id, " ".join(UPDATES.get(other, other) for other in one.others)) for one in found
    ]


def write_script(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


def read_rows(path: Path) -> dict[str, list[Any]]:
    """Return every row of every ordinary table, sorted."""
    connection = sqlite3.connect(path)
    tables = connection.execute(
        "SELECT name FROM sqlite_schema"
        " WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'words%'"
    ).fetchall()
    rows = {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for (name,) in tables}
    connection.close()
    rows["texts"] = [row[1:] for row in rows["texts"]]
    rows["texts"].sort(key=repr)
    return rows


@pytest.mark.parametrize(
    ("script", "found"),
    [
        pytest.param(script, found, id=name)
        for name, script, found in sample(DIRECT_EDITS, list_kinds_of_edit)
    ],
)
def test_direct_edits_are_found_and_repaired_if_the_data_can_be_derived(
    tmp_path: Path, script: str, found: list[Found], request: pytest.FixtureRequest
) -> None:
    path = make(tmp_path)
    schema, before = read_schema(path), read_rows(path)
    write_script(path, script)
    damaged = read_rows(path)
    derived = {"states", "contradicted", "texts", "statuses", "evidence_classes"}
    record = {name: rows for name, rows in damaged.items() if name not in derived}
    assert find(path, FILE_CHECKS) == found
    rebuilt = repair(path, FILE_CHECKS)
    if request.node.callspec.id in NOT_REPAIRABLE:
        assert (rebuilt, find(path, FILE_CHECKS)) == ({}, found)
        assert read_rows(path) == damaged
        return
    assert set(rebuilt) == {Check(check) for check, _, _ in found} ^ AFTER_REPAIR.get(
        request.node.callspec.id, set()
    )
    assert find(path, FILE_CHECKS) == []
    assert repair(path, FILE_CHECKS) == {}
    assert read_schema(path) == schema
    after = read_rows(path)
    assert drop_derived(path, {name: after[name] for name in record}) == drop_derived(path, record)
    for name in ("place_names", "statuses", "evidence_classes"):
        assert after[name] == before[name]


def read_schema(path: Path) -> set[tuple[str, ...]]:
    """Return every part of the schema as the file has it."""
    connection = sqlite3.connect(path)
    parts = set(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"))
    connection.close()
    return parts


def test_a_users_additions_to_the_schema_are_not_findings(tmp_path: Path) -> None:
    path = make(tmp_path)
    write_script(
        path,
        "CREATE INDEX my_index ON projects (name); CREATE VIEW my_view AS SELECT * FROM sites;"
        " CREATE TABLE my_table (x);"
        " CREATE TRIGGER my_trigger AFTER INSERT ON my_table BEGIN DELETE FROM my_table; END; ANALYZE",
    )
    schema = read_schema(path)
    assert read(run(path, "check", "--repair")) == []
    assert read_schema(path) == schema


@pytest.mark.parametrize(
    ("script", "asked", "rebuilt"),
    [
        (
            "UPDATE place_names SET folded = 'twon' WHERE place = 'town'",
            Check.STALE_NAMES,
            Check.STALE_SEARCH,
        ),
        ("DROP TRIGGER texts_go", Check.CHANGED_SCHEMA, Check.STALE_SEARCH),
    ],
)
def test_a_repair_also_rebuilds_what_depends_on_it(
    tmp_path: Path, script: str, asked: Check, rebuilt: Check
) -> None:
    path = make(tmp_path)
    write_script(path, script)
    write_script(path, read_sql("repairs.delete_stale_texts"))
    write(path, "DELETE FROM texts WHERE id = 'port-mill'")
    assert set(repair(path, [asked])) == {asked, rebuilt}
    assert find(path, FILE_CHECKS) == []


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("DROP VIEW active_updates", "view active_updates is missing); run nkplan check --repair"),
        (
            "DROP VIEW judged; DROP TABLE texts",
            "table texts is missing, and 4 more); see nkplan check, and restore it from a backup",
        ),
        (
            "DROP TABLE words_config",
            "table words_config is missing); run nkplan check --repair",
        ),
    ],
    ids=["a view", "a table", "a table of the search index"],
)
def test_a_command_that_fails_on_a_changed_schema_says_what_to_do(
    tmp_path: Path, script: str, said: str
) -> None:
    path = make(tmp_path)
    write_script(path, script)
    before = path.read_bytes()
    done = run(path, "update", "town-mill", "completed", "--on", "2024-09", "--evidence", "expert")
    assert (done.code, done.out) == (4, "")
    assert done.err == f"nkplan: {path} is damaged (its schema is not this version's: {said}\n"
    assert path.read_bytes() == before
    done = run(path, "check", "--repair")
    assert "Traceback" not in done.err
    assert done.code == (0 if "--repair" in said else 1)


def test_a_command_that_fails_on_a_stale_state_says_what_to_do(tmp_path: Path) -> None:
    path = make(tmp_path)
    before = run(path, "report", "durations")
    assert before.code == 0
    script = "UPDATE states SET opened_day = '2024-02-30', start_day = '2024-02-30'"
    write_script(path, f"PRAGMA ignore_check_constraints = ON; {script}")
    done = run(path, "report", "durations")
    said = "has days or states that do not follow from its updates; run nkplan check --repair"
    assert (done.code, done.out, done.err) == (4, "", f"nkplan: {path} {said}\n")
    assert run(path, "check", "--repair").code == 0
    assert run(path, "report", "durations") == before


DERIVED = {"effective_day", "known_day", "rank", "region", "folded", "page"}
"""Columns that are derived from others."""


def drop_derived(path: Path, tables: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the rows of some tables without derived columns; those of `place_names` are all derived."""
    kept = {}
    connection = sqlite3.connect(path)
    for table in tables.keys() - {"place_names"}:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_xinfo({table})") if row[6] != 1]
        kept[table] = [
            [value for name, value in zip(columns, row, strict=True) if name not in DERIVED]
            for row in tables[table]
        ]
    connection.close()
    return kept


def test_a_repair_rebuilds_exactly_what_was_there_before(record: Path) -> None:
    before = read_rows(record)
    write_script(
        record,
        "PRAGMA ignore_check_constraints = ON;"
        " UPDATE updates SET effective_day = '2020-01-01', known_day = '2020-01-01', rank = 1;"
        " UPDATE announcements SET effective_day = '2020-01-01', known_day = '2020-01-01';"
        " DELETE FROM states; DELETE FROM texts; UPDATE places SET region = id; DELETE FROM words_docsize",
    )
    done = run(record, "check", "--repair")
    assert read(done) == list(SHIPPED)
    assert read_rows(record) == before
    numbers = {
        check: len(before[table]) for check, table in (("stale-state", "states"), ("stale-search", "texts"))
    }
    for check, number in numbers.items():
        assert f"rebuilt what {check} found: {number} findings" in done.err
    assert run(record, "search", "songchon").out.count("\n") > 1


CIRCLES: list[tuple[str, str, Found, dict[str, str | None]]] = [
    (
        "a place within one of its own",
        "UPDATE places SET parent = 'port', region = 'south' WHERE id = 'north'",
        ("circle", "north", "port"),
        {"north": None, "port": "north"},
    ),
    (
        "three places, and one recorded before",
        """
        UPDATE places SET parent = 'ford' WHERE id = 'south';
        UPDATE places SET parent = 'town' WHERE id = 'ford';
        UPDATE places SET parent = 'south' WHERE id = 'town'
        """,
        ("circle", "town", "south ford"),
        {"town": None, "south": "ford", "ford": "town"},
    ),
    (
        "a site within itself",
        "UPDATE projects SET parent = id WHERE id = 'port-mill'",
        ("circle", "port-mill", ""),
        {"port-mill": None},
    ),
    (
        "a cohort within its site, of which its id tells the programme",
        """
        UPDATE projects SET parent = 'port-mill', id = 'mills-2024' WHERE id = 'mills-24';
        UPDATE projects SET parent = 'mills-2024' WHERE parent = 'mills-24'
        """,
        ("circle", "mills-2024", "port-mill"),
        {"mills-2024": "mills", "port-mill": "mills-2024"},
    ),
    (
        "a cohort within its site",
        "UPDATE projects SET parent = 'port-mill' WHERE id = 'mills-24'",
        ("circle", "port-mill", "mills-24"),
        {"port-mill": None, "mills-24": "port-mill"},
    ),
]
"""Who is within whom, what is found, and who is within whom after a repair."""


@pytest.mark.parametrize(
    ("script", "found", "after"), [row[1:] for row in CIRCLES], ids=[row[0] for row in CIRCLES]
)
def test_a_circle_is_found_and_opened_at_one_link(
    tmp_path: Path, script: str, found: Found, after: dict[str, str | None]
) -> None:
    path = make(tmp_path)
    write_script(path, script)
    before = read_parents(path)
    done = run(path, "check", "--only", "circle")
    assert read(done) == [found]
    assert f"takes {found[1]} out of " in done.out or f"puts {found[1]} in {after[found[1]]}," in done.out
    assert run(path, "check", "--only", "circle", "--repair").code == 0
    assert read_parents(path) == before | after
    assert find(path, [Check.CIRCLE, Check.WRONG_REGION]) == []


def read_parents(path: Path) -> dict[str, str | None]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(
            connection.execute("SELECT id, parent FROM places UNION ALL SELECT id, parent FROM projects")
        )


def test_a_circle_of_cohorts_that_cannot_be_without_a_programme_is_left(tmp_path: Path) -> None:
    path = make(tmp_path)
    write(path, "UPDATE projects SET parent = id WHERE id = 'mills-24'")
    before = read_rows(path)
    done = run(path, "check", "--only", "circle", "--repair")
    assert read(done) == [("circle", "mills-24", "")]
    assert "give one of these cohorts its programme" in done.out
    assert read_rows(path) == before


def test_a_number_that_is_part_of_itself_is_found_and_taken_out(tmp_path: Path) -> None:
    """Its total would be nothing: each number is counted within the other."""
    path = make(tmp_path)
    write_script(
        path,
        """
        INSERT INTO projects (id, folded, name, type, kind, change_id)
        SELECT 'p' || value, 'p' || value, 'P', 'programme', 'mill', 1 FROM json_each('[1, 2, 3, 4]');
        INSERT INTO quotas (id, project, kind, quantity, per, within, change_id)
        SELECT 'q' || key, value ->> 0, 'mill', 5, 'total', value ->> 1, 1 FROM json_each('[
            ["p1", "p2"], ["p2", "p3"], ["p3", "p1"], ["p2", "p1"], ["p4", "p4"], ["p4", "mills"],
            ["p1", "mills"]]')
        """,
    )
    # Two circles go through the first of these.
    found = [("circle", "p1", "p2 p3"), ("circle", "p4", "")]
    assert read(run(path, "check", "--only", "circle")) == found
    before = read_rows(path)["quotas"]
    assert run(path, "check", "--only", "circle", "--repair").code == 0
    after = read_rows(path)["quotas"]
    assert {old[0] for old, new in zip(before, after, strict=True) if old != new} == {"q0", "q4"}
    assert find(path, [Check.CIRCLE]) == []


def test_of_a_long_circle_only_the_first_are_named(tmp_path: Path) -> None:
    path = make(tmp_path)
    numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
    write(
        path,
        f"INSERT INTO places (id, folded, name, parent, change_id) {numbers}"
        " SELECT 'p' || i, 'p' || i, 'P', 'p' || (i % 2000 + 1), 1 FROM n",
    )
    [(_, first, others)] = read(done := run(path, "check", "--only", "circle"))
    assert (first, others.count(" ")) == ("p1", 1998)
    assert "(p1 within p2 within p3 within p4 within ... within p1)" in done.out
    assert run(path, "show", "p1000").code == 0


def test_damage_is_reported_and_nothing_is_rebuilt_from_it(record: Path) -> None:
    connection = sqlite3.connect(record)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'quotas'").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    content = bytearray(record.read_bytes())
    content[(page - 1) * size : page * size] = bytes(size)
    record.write_bytes(content)
    done = run(record, "check")
    checks = [line.split("\t")[0] for line in done.out.splitlines()[1:]]
    assert (done.code, checks[0]) == (1, "damaged-file")
    assert "quota-differs" in checks
    assert "nkplan restore" in done.out
    done = run(record, "check", "--repair")
    assert done.code == 1
    assert "nothing was rebuilt; restore a backup with nkplan restore" in done.err
    assert "Traceback" not in done.err
    assert record.read_bytes() == content


def test_every_check_is_tested_with_something_that_it_finds() -> None:
    in_data = {check for _, _, found in INCONSISTENCIES for check, _, _ in found}
    in_file = {check for _, _, found in DIRECT_EDITS for check, _, _ in found}
    # Tests of their own are of circles, of links, and of outlines (in tests/formats/test_geojson.py).
    assert in_data | in_file == set(Check) - {Check.CIRCLE, Check.WRONG_LINK, Check.WRONG_OUTLINE}


def test_a_link_that_cannot_be_loaded_again_is_found(tmp_path: Path) -> None:
    """An earlier version could record such links."""
    path = make(
        tmp_path,
        add("sources", id="one", url="https://example.org/a"),
        add("sources", id="two", archive="https://example.org/b"),
        add("sources", id="zero"),
        *(add("updates", event_date="2024-10", note=one, source=one) for one in ("one", "two", "zero")),
    )
    assert find(path, [Check.WRONG_LINK]) == []
    write_script(
        path,
        "UPDATE sources SET archive = 'https://example.org/a' WHERE id = 'two';"
        " UPDATE sources SET url = 'https://example.org:99999/' WHERE id = 'zero'",
    )
    assert find(path, [Check.WRONG_LINK]) == [("wrong-link", "two", "one"), ("wrong-link", "zero", "")]


def test_two_findings_do_not_hide_each_other(tmp_path: Path) -> None:
    changes = (add("sources", id="letter"), alter("port-mill", place="town"))
    found = read(run(make(tmp_path, *changes), "check"))
    assert found == [("twin-sites", "port-mill", "town-mill town"), ("uncited-source", "letter", "")]


NOT_INCONSISTENT: list[tuple[str, tuple[Change, ...]]] = [
    (
        "a status that moves back with a note",
        (add("updates", event_date="2024-11", status="groundbroken", source="budget", **NOTED),),
    ),
    (
        "a halt, a restart, an end, an idle site",
        (
            add("updates", event_date="2024-08", status="paused", source="paper"),
            add("updates", event_date="2024-09-02", status="groundbroken", source="paper"),
            add("updates", project="port-mill", event_date="2024-08", status="operating", source="paper"),
            add("updates", project="port-mill", event_date="2024-09-02", status="idle", source="paper"),
            add("updates", project="port-mill", event_date="2024-09-03", status="cancelled", source="paper"),
        ),
    ),
    (
        "the weaker of two reports of one day",
        (
            add("updates", event_date="2024-08-02", status="completed", source="paper"),
            add("updates", event_date="2024-08-02", status="building", source="paper"),
        ),
    ),
    (
        "a step back of what sets no status",
        (
            add("updates", event_date="2024-08", status="completed", evidence="promiser", source="paper"),
            add("updates", event_date="2024-09-02", status="announced", evidence="promiser", source="paper"),
            add("updates", event_date="2024-09-03", status="building", evidence="interested", source="paper"),
            add("updates", event_date="2024-09-04", status="paused", confidence="low", source="paper"),
            add("updates", event_date="2024-09-05", status="building", count=3, source="paper"),
            add("updates", event_date="2024-09-06", status="building", withdrawn="2024-10", source="budget"),
        ),
    ),
    (
        "use by a day, use after it was completed, and use that shows no first opening",
        (
            alter("u-port", event_date="../2024-07", status="operating"),
            add("updates", event_date="2024-08", status="completed", source="paper"),
            add("updates", event_date="2024-09-02", status="operating", source="paper"),
            add("projects", id="old-mill", name="Old mill", place="hill", parent="mills", **SITE),
            add("updates", project="old-mill", event_date="2019", status="idle", source="speech"),
            add("updates", project="old-mill", event_date="2020", status="operating", source="speech"),
        ),
    ),
    (
        "use that only an interested party claims, or one of low confidence",
        (
            add("updates", event_date="2024-08", status="operating", evidence="interested", source="paper"),
            add("updates", event_date="2024-09-02", status="operating", confidence="low", source="paper"),
        ),
    ),
    (
        "two sites in one place of different years or of none",
        (
            add("projects", id="one", name="One", place="town", year=2020, **SITE),
            add("projects", id="two", name="Two", place="town", **SITE),
            add("projects", id="three", name="Three", place="town", **SITE),
            add("updates", project="one", event_date="2024", note="Stands."),
            add("updates", project="two", event_date="2024", note="Stands."),
            add("updates", project="three", event_date="2024", note="Stands."),
        ),
    ),
    (
        "two sites of a year in an outermost place",
        (alter("town-mill", place="south"), alter("port-mill", place="south")),
    ),
    (
        "a site that stood before its programme was announced",
        (
            add("projects", id="old-mill", name="Old mill", place="hill", parent="mills", **SITE),
            add("updates", project="old-mill", event_date="2019", status="building", source="speech"),
            add("updates", project="old-mill", event_date="2020", status="completed", source="speech"),
        ),
    ),
    (
        "a site that was announced before its programme",
        (
            add("updates", event_date="2023-11", status="announced"),
            add("updates", event_date="2023-12", status="building"),
        ),
    ),
    (
        "work that may have begun on the day of the announcement",
        (add("updates", event_date="2024-01", status="building", source="budget"),),
    ),
    ("preparations before the announcement", (add("updates", event_date="2023", status="preparing"),)),
    ("sites within the place of their programme", (alter("mills", place="north"),)),
    ("a place at a moderate distance", (alter("ford", latitude=10.9),)),
    ("a distant place in a region with few places", (drop("places", 4), alter("ford", latitude=15.0))),
    (
        "a quota that a later one replaces",
        (
            add("announcements", id="later", title="L", announced="2024-02", said="Two.", source="paper"),
            lambda content: content["quotas"].append(
                {**content["quotas"][0], "announcement": "later"},
            ),
            lambda content: content["quotas"][0].update(quantity=5),
        ),
    ),
    (
        "a number for a year that has no cohort",
        (lambda content: content["quotas"][0].update(first_year=2024, last_year=2030),),
    ),
    (
        "dates whose interval has begun and not ended",
        (
            add("sources", id="annual", published="2026"),
            add("updates", event_date="2026-11", note="Runs.", source="annual"),
            add("updates", event_date="2026-Q4", note="Runs well.", source="annual"),
        ),
    ),
    (
        "a source published within the interval it reports on",
        (
            add("updates", event_date="2024", note="A year of work.", source="speech"),
            add("updates", event_date="2024-07", note="Walls.", source="paper"),
            add("updates", event_date="2025", note="No source is too early."),
            lambda content: content["updates"][-1].pop("source"),
        ),
    ),
    (
        "promises that may still be kept",
        (
            add("updates", event_date="2024", promised="2024-01-01", source="budget"),
            add("updates", event_date="2024-07-01", promised="2024-Q3", source="paper"),
            add("updates", event_date="2024-07-01", promised="2024-07-01", source="paper"),
            add("updates", event_date="2024-07-01", promised="2025", source="paper"),
            add("updates", event_date="2024-06-30", promised="2024-Q2", source="paper"),
        ),
    ),
]
"""What looks like an inconsistency and is not."""


@pytest.mark.parametrize("changes", [pytest.param(changes, id=name) for name, changes in NOT_INCONSISTENT])
def test_what_only_looks_inconsistent_is_not_found(tmp_path: Path, changes: tuple[Change, ...]) -> None:
    assert read(run(make(tmp_path, *changes), "check")) == []


def test_a_retracted_update_is_not_found_and_cites_nothing(tmp_path: Path) -> None:
    path = make(tmp_path, add("updates", id="u-0", event_date="2023-01", status="groundbroken"))
    ids = {name: id_ for id_, name in UPDATES.items()}
    assert len(read(run(path, "check"))) == 1
    assert run(path, "undo", ids["u-0"]).code == 0
    assert read(run(path, "check")) == []
    assert run(path, "undo", ids["u-town"], ids["u-port"]).code == 0
    assert read(run(path, "check", "--only", "uncited-source")) == [("uncited-source", "paper", "")]


def test_an_undone_announcement_cites_nothing_and_dates_nothing(tmp_path: Path) -> None:
    path = make(
        tmp_path, add("updates", id="u-0", event_date="2023-12", status="groundbroken", source="paper")
    )
    assert read(run(path, "check")) == [("before-announced", "town-mill", "u-0 mills-2024")]
    write(path, "UPDATE announcements SET undone_in = 1")
    write(path, "DELETE FROM texts WHERE list = 'announcement'")
    assert read(run(path, "check")) == [("uncited-source", "budget", ""), ("uncited-source", "speech", "")]


# ---- the shipped record

SHIPPED = {
    ("quota-differs", "service-centres-2026", "service-centres leisure-complexes-2026"): (
        "Twenty were promised in general, and sources name eleven, each at its own place: a gap in "
        "what is known, which the note of the cohort explains."
    ),
}
"""The findings in the shipped record, each with the reason for leaving it."""


def test_the_shipped_record_has_these_findings_and_no_other(record: Path) -> None:
    assert read(run(record, "check")) == list(SHIPPED)


def test_a_quota_that_differs_is_reported_with_the_note_that_explains_it(record: Path) -> None:
    (line,) = run(record, "check").out.splitlines()[1:]
    assert "20 of kind service-centre are promised for 2026, but 11 named" in line
    assert "its note: Twenty were promised" in line


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"published": "2024-03"}, "was published 2024-03"),
        ({"published": None, "retrieved": "2024-03-05"}, "was retrieved 2024-03-05"),
        ({"published": "2024-03", "retrieved": "2024-09-05"}, "was published 2024-03"),
    ],
)
def test_an_early_source_is_named_with_the_date_that_makes_it_early(
    tmp_path: Path, dates: Record, said: str
) -> None:
    dated = {name: date for name, date in dates.items() if date is not None}

    def redate(content: Record) -> None:
        (paper,) = [one for one in content["sources"] if one["id"] == "paper"]
        del paper["published"]
        paper.update(dated)

    lines = run(make(tmp_path, redate), "check", "--only", "early-source").out.splitlines()[1:]
    # The works of the mill in Port were completed in July, those in Town were under way from April to June.
    assert [line.split("\t")[1] for line in lines] == ["port-mill", "town-mill"]
    assert all(f"paper {said}, before what it is cited for" in line for line in lines)


def test_statuses_that_moved_back_in_the_shipped_record_are_found_without_their_notes(record: Path) -> None:
    """Two statuses in it move back, and each has a note that says why.

    That rural housing and Ryonpho's farm were announced again takes no work back.
    """
    write(record, "UPDATE updates SET note = NULL WHERE status IS NOT NULL")
    moved = read(run(record, "check", "--only", "moved-back"))
    assert [row for _, row, _ in moved] == ["20x10-2024", "kimhyongjik-factories"]


# ---- the command


def test_one_or_several_checks_can_be_chosen(tmp_path: Path) -> None:
    path = make(tmp_path, add("sources", id="letter"), alter("port-mill", place="town"), drop("updates", 0))
    every = read(run(path, "check"))
    assert [check for check, _, _ in every] == ["twin-sites", "uncited-source", "untold-project"]
    assert read(run(path, "check", "--only", "uncited-source", "--only", "Twin_Sites")) == every[:2]
    done = run(path, "check", "--only", "moved-back")
    assert (read(done), done.err) == ([], f"nkplan: nothing found by 1 check of {path}\n")


def test_an_unknown_check_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    done = run(make(tmp_path), "check", "--only", "moved-bakc")
    assert (done.code, done.out) == (2, "")
    assert "there is no check 'moved-bakc'; did you mean moved-back?" in done.err
    assert all(check in done.err for check in Check)


def test_findings_are_printed_in_every_format(tmp_path: Path) -> None:
    path = make(tmp_path, alter("port-mill", place="town"))
    what = "it and town-mill are both a mill of 2024 in Town; look whether one project was recorded twice"
    one = {"check": "twin-sites", "id": "port-mill", "others": "town-mill town", "what": what}
    forms = {form: run(path, "check", "-f", form) for form in ("table", "tsv", "csv", "json", "jsonl", "md")}
    assert {done.code for done in forms.values()} == {1}
    assert {done.err for done in forms.values()} == {f"nkplan: 1 finding by 25 checks of {path}\n"}
    assert json.loads(forms["json"].out) == [json.loads(forms["jsonl"].out)] == [one]
    assert list(csv.DictReader(io.StringIO(forms["csv"].out))) == [one]
    assert list(csv.DictReader(io.StringIO(forms["tsv"].out), delimiter="\t")) == [one]
    assert forms["md"].out.splitlines()[2] == f"| {' | '.join(one.values())} |"
    assert forms["table"].out.splitlines() == [
        "twin-sites  two sites of one kind and year in one place  1",
        "  port-mill",
        f"    {what}",
        "    town-mill  town",
    ]


def test_sites_of_one_kind_place_and_year_are_one_finding_however_many(tmp_path: Path) -> None:
    sites = [{"id": f"mill-{at}", "name": "Mill", "place": "town", **OF_2024} for at in range(1, 100)]
    path = make(tmp_path, lambda content: content["projects"].extend(sites))
    (found,) = json.loads(run(path, "check", "--only", "twin-sites", "-f", "json").out)
    *others, last, place = found["others"].split()
    assert (found["id"], others, last, place) == (
        "mill-1",
        sorted(one["id"] for one in sites[1:]),
        "town-mill",
        "town",
    )
    said = "it and 99 others are each a mill of 2024 in Town; look whether one project was recorded twice"
    assert found["what"] == said


def test_without_findings_every_format_is_empty_and_valid(tmp_path: Path) -> None:
    path = make(tmp_path)
    outs = {form: run(path, "check", "-f", form).out for form in ("table", "csv", "json", "jsonl")}
    assert (outs["table"], outs["jsonl"], json.loads(outs["json"])) == ("", "", [])
    assert outs["csv"] == "check,id,others,what\n"


def test_the_output_file_is_written_even_if_the_exit_code_is_1(record: Path) -> None:
    done = run(record, "check", "-o", "found.json")
    assert (done.code, done.out) == (1, "")
    (found,) = json.loads((record.parent / "found.json").read_text("utf-8"))
    assert found["check"] == "quota-differs"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_terminal_shows_findings_by_check_within_its_width(tmp_path: Path, width: int) -> None:
    changes = [alter("port-mill", place="town"), add("sources", id="letter"), add("sources", id="leaflet")]
    shown = show(make(tmp_path, *changes), width, "check")
    assert shown.code == 1
    heads = [line for line in shown.lines if line.startswith(("twin-sites", "uncited-source"))]
    assert len(heads) == 2
    at = [shown.lines.index(f"  {row}") for row in ("port-mill", "leaflet", "letter")]
    assert shown.lines.index(heads[0]) < at[0] < shown.lines.index(heads[1]) < at[1] < at[2]
    assert max(map(len, shown.lines)) <= width


def test_text_from_the_record_cannot_control_a_terminal(tmp_path: Path) -> None:
    path = make(tmp_path, alter("mills-24", note="one"), lambda content: content["quotas"].pop())
    write(path, "UPDATE projects SET note = char(27) || '[31m[bold]red' WHERE id = 'mills-24'")
    write(
        path,
        "INSERT INTO quotas (id, project, kind, quantity, per, first_year, change_id)"
        " VALUES ('q', 'mills', 'mill', 9, 'year', 2024, 1)",
    )
    shown = show(path, 80, "check")
    assert b"\x1b[31m" not in shown.raw
    assert "[bold]red" in "\n".join(shown.lines)


def test_a_first_run_checks_the_record_that_it_creates(tmp_path: Path) -> None:
    done = run(tmp_path / "new.db", "check")
    assert read(done) == list(SHIPPED)
    assert done.err.startswith("nkplan: created ")


# ---- the size of a record


def count_steps(path: Path, script: str) -> int:
    """Count the steps, in hundreds, that SQLite takes for a check."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection = sqlite3.connect(path)
    connection.set_progress_handler(step, 100)
    connection.execute(read_sql(script), {"today": "2026-11-24", **STATUSES}).fetchall()
    connection.close()
    return steps


def make_large(folder: Path, size: int) -> Path:
    """Make a database with `size` places, sources and sites, and ten updates of each site."""
    folder.mkdir()
    path = make(folder)
    numbers = f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size})"
    days = (
        "SELECT i, value, date('2024-02-01', '+' || value || ' days') AS day"
        " FROM n, json_each('[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]')"
    )
    dates = ('value FROM json_each(\'["2024-06", "2027"]\')', f"DISTINCT day FROM ({days})")
    for chosen in dates:
        write(path, f"INSERT OR IGNORE INTO dates (date) {numbers} SELECT {chosen}")
    for table, columns, values in (
        ("places", "id, folded, name, parent, region", "'p' || i, 'p' || i, 'P', 'town', 'north'"),
        ("sources", "id, folded, published", "'s' || i, 's' || i, '2024-06'"),
        (
            "projects",
            "id, folded, name, type, kind, parent, place, year",
            "'x' || i, 'x' || i, 'X', 'site', 'mill', 'mills-24', 'p' || i, 2024",
        ),
        (
            "updates",
            "id, project, event_date, status, rank, promised, source, effective_day, known_day, counts_as",
            (
                "'u' || i || '-' || value, 'x' || i, day, 'building', 3, '2027', 's' || i, day, '2024-06-30',"
                " 'unclassed'"
            ),
        ),
    ):
        rows = f"({days})" if table == "updates" else "n"
        write(path, f"INSERT INTO {table} ({columns}, change_id) {numbers} SELECT {values}, 1 FROM {rows}")
    return path


def test_the_work_of_a_check_grows_no_faster_than_the_record(tmp_path: Path) -> None:
    small, large = make_large(tmp_path / "small", 300), make_large(tmp_path / "large", 1200)
    elsewhere = {
        Check.QUOTA_DIFFERS,
        Check.FAR_AWAY,
        Check.CHANGED_SCHEMA,
        Check.CHANGED_VOCABULARY,
        Check.WRONG_OUTLINE,
    }
    for check in set(Check) - elsewhere:
        lists = {
            Check.STALE_KEYS: "list_keys",
            Check.WRONG_LINK: "list_links",
            Check.CIRCLE: "list_circling",
        }
        name = lists.get(check, f"find_{check.replace('-', '_')}")
        script = f"checks.{name}"
        assert count_steps(large, script) < 6 * count_steps(small, script) + 100, check
