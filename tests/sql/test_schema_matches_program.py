"""The schema refuses what the program cannot read, so that a user of `sqlite3` cannot break a record."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from examples import example_count
from hypothesis import given, settings
from hypothesis import strategies as st

from nkplan.dates import parse_date
from nkplan.model.batch import Batch, Project, Source, Update
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Bound, Evidence, ProjectType, QuotaPeriod, Status
from nkplan.rows.table import COLUMNS, list_columns
from nkplan.validation import StoredRow, validate
from nkplan.values import read_year

YEARS = [
    ("places", "population_year"),
    ("projects", "year"),
    ("quotas", "first_year"),
    ("quotas", "last_year"),
    ("announcement_figures", "year"),
    ("update_figures", "year"),
]
# For words such as `now`, which would make a CHECK depend on the day, SQLite raises another class of error.
REFUSED = (sqlite3.IntegrityError, sqlite3.OperationalError)


@pytest.fixture(scope="module")
def connection(seeded: Path) -> Iterator[sqlite3.Connection]:
    """Open an in-memory copy of the shipped record; each change to it is rolled back."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        with closing(sqlite3.connect(seeded)) as source:
            source.backup(opened)
        opened.execute("PRAGMA foreign_keys = ON")
        yield opened


def accepts(connection: sqlite3.Connection, table: str, column: str, value: object) -> bool:
    """Return whether a column accepts a value; the row is left unchanged."""
    connection.execute("BEGIN")
    try:
        connection.execute("UPDATE quotas SET first_year = NULL, last_year = NULL")
        connection.execute(
            'INSERT INTO update_figures ("update", position, item, value, unit)'
            " SELECT id, 99, 'i', 1, 'u' FROM updates LIMIT 1"
        )
        connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE rowid = (SELECT min(rowid) FROM {table})", [value]
        )
        changed = connection.execute("SELECT changes()").fetchone() == (1,)
        assert changed, f"{table} has no first row to try on"
    except REFUSED:
        return False
    else:
        return True
    finally:
        connection.execute("ROLLBACK")


@pytest.mark.parametrize("day", ["2024", "2024-02", "2023-02-29", "2024-02-30", "soon", ""])
def test_the_day_of_the_last_evidence_is_a_full_date(connection: sqlite3.Connection, day: str) -> None:
    assert accepts(connection, "states", "last_day", "2024-02-29")
    assert not accepts(connection, "states", "last_day", day)


@pytest.mark.parametrize(("table", "column"), YEARS)
def test_a_year_column_accepts_exactly_the_years_that_the_program_reads(
    connection: sqlite3.Connection, table: str, column: str
) -> None:
    for year in (1000, 2030, 2999):
        assert read_year(year) == year
        assert accepts(connection, table, column, year)
    for year in (0, 999, 3000, 20240):
        with pytest.raises(ValueError, match="is not a year"):
            read_year(year)
        assert not accepts(connection, table, column, year)


def test_every_year_column_is_tested_here(connection: sqlite3.Connection) -> None:
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    found = {
        (table, name)
        for table in tables
        for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", [table])
        if re.search(r"(^|_)year$", name)
    }
    assert found == set(YEARS)


@pytest.mark.parametrize(
    "instant", ["2026-11-24", "2026-11-24T10:00:00", "2026-11-24T25:00:00Z", "2026-02-30T10:00:00Z", "soon"]
)
def test_changes_accepts_only_instants_in_utc(connection: sqlite3.Connection, instant: str) -> None:
    assert accepts(connection, "changes", "recorded", "2026-11-24T10:00:00Z")
    assert not accepts(connection, "changes", "recorded", instant)


def test_a_detail_of_an_announcement_is_a_term_or_context(connection: sqlite3.Connection) -> None:
    assert {
        part: accepts(connection, "announcement_details", "part", part)
        for part in ("term", "context", "figure", "")
    } == {"term": True, "context": True, "figure": False, "": False}


# ---- vocabularies


def read_rows(connection: sqlite3.Connection, table: str) -> list[dict[str, object]]:
    cursor = connection.execute(f"SELECT * FROM {table} ORDER BY rowid")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def test_the_table_of_statuses_has_the_facts_of_the_program(connection: sqlite3.Connection) -> None:
    rows = read_rows(connection, "statuses")
    assert [row["status"] for row in rows] == [str(status) for status in Status]
    for row in rows:
        status = Status(str(row["status"]))
        assert row == {name: str(status) if name == "status" else getattr(status, name) for name in row}


# Design, section 2: the table of statuses and what stands under it.
REACH = {
    "announced": 0, "preparing": 1, "groundbroken": 2, "building": 3, "completed": 4, "operating": 5,
    "idle": 4, "closed": 4, "paused": 0, "cancelled": 0,
}  # fmt: skip


def test_a_query_of_the_table_finds_what_the_program_says_of_each_status(
    connection: sqlite3.Connection,
) -> None:
    def find(condition: str) -> set[str]:
        return {row[0] for row in connection.execute(f"SELECT status FROM statuses WHERE {condition}")}

    assert dict(connection.execute("SELECT status, reach FROM statuses").fetchall()) == REACH
    assert find("phase = 'open'") == {"completed", "operating", "idle"}
    assert find("phase = 'open'") == {status for status in Status if status.is_open}
    assert find("phase = 'halted'") == {"paused"}
    assert find("phase = 'ended'") == {"closed", "cancelled"}
    assert find("phase IN ('halted', 'ended')") == {status for status in Status if status.is_halted}
    assert find("event IS NOT NULL") == {status for status in Status if status.is_seen_afterwards}
    assert find("event IN ('opening', 'use')") == {"completed", "operating"}
    assert find("event = 'start'") == {"groundbroken"}
    started = "reach >= (SELECT min(reach) FROM statuses WHERE phase = 'work')"
    assert find(started) == {status for status in Status if status.is_started}
    assert find("percent = 100") == {status for status in Status if status.is_complete}


def test_the_table_of_evidence_classes_has_the_facts_of_the_program(connection: sqlite3.Connection) -> None:
    rows = read_rows(connection, "evidence_classes")
    assert rows == [
        {"evidence": str(one), "counts_as": str(one.counts_as), "meaning": one.meaning} for one in Evidence
    ]
    assert {row["evidence"]: row["counts_as"] for row in rows} == {
        "promiser": "claim", "imagery": "observation", "on-site": "observation", "authority": "observation",
        "press": "observation", "expert": "neither", "interested": "nothing",
    }  # fmt: skip


# ---- rows as a whole

WITHOUT = st.none()


def make_any(class_: Any, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(fields).map(lambda given_: class_(**given_))


NUMBERS = st.sampled_from([0.0, 1.0, 2.5, 2.0])
UPDATES = make_any(
    Update,
    project=st.just("grand-canal"),
    event_date=st.just("2026"),
    id=st.just("00000000-0000-4000-8000-000000000001"),
    status=WITHOUT | st.sampled_from(Status),
    percent=WITHOUT | st.just(5.0),
    promised=WITHOUT | st.just("2026"),
    promised_status=WITHOUT | st.sampled_from(Status),
    count=WITHOUT | NUMBERS,
    of=WITHOUT | NUMBERS,
    unit=WITHOUT | st.just("beds"),
    bound=WITHOUT | st.sampled_from(Bound),
    withdrawn=WITHOUT | st.just("2026"),
    withdrawn_source=WITHOUT | st.just("kcnaw-ownproducts"),
    note=WITHOUT | st.just("n"),
)
PROJECTS = make_any(
    Project,
    id=st.just("new"),
    name=st.just("New"),
    type=st.sampled_from(ProjectType),
    kind=st.just("other"),
    parent=WITHOUT | st.just("20x10"),
    year=WITHOUT | st.sampled_from([1000, 2999]),
)
QUOTAS = make_any(
    Quota,
    id=st.just("00000000-0000-4000-8000-000000000001"),
    project=st.just("20x10-2024"),
    kind=st.just("other"),
    quantity=st.just(1),
    per=st.sampled_from(QuotaPeriod),
    beside=WITHOUT | st.just(value=True),
    first_year=WITHOUT | st.sampled_from([2024, 2025]),
    last_year=WITHOUT | st.sampled_from([2024, 2025]),
)


@given(row=UPDATES | PROJECTS | QUOTAS)
@settings(max_examples=example_count(100, 200))
def test_the_schema_refuses_exactly_the_rows_that_the_program_refuses(
    connection: sqlite3.Connection, row: Any
) -> None:
    table = {Update: "updates", Project: "projects", Quota: "quotas"}[type(row)]
    stored = {
        "projects": {
            "20x10": StoredRow(Project("20x10", "P", ProjectType.PROGRAMME, "other")),
            "20x10-2024": StoredRow(
                Project("20x10-2024", "C", ProjectType.COHORT, "other", "20x10", year=2024)
            ),
            "grand-canal": StoredRow(Project("grand-canal", "G", ProjectType.SITE, "other")),
        },
        "kinds": {"other": StoredRow("other")},
        "sources": {"kcnaw-ownproducts": StoredRow(Source("kcnaw-ownproducts"))},
    }  # fmt: skip
    rows: dict[str, Any] = {table: (row,)}
    is_valid = not validate(Batch(**rows), stored).faults
    derived = {
        "updates": {"effective_day": "2026-12-31", "known_day": "2026-12-31", "counts_as": "neither"},
        "projects": {"folded": "new"},
        "quotas": {},
    }[table]
    given_ = dict(zip(COLUMNS[table], list_columns(table, row), strict=True)) | derived | {"change_id": 1}
    connection.execute("BEGIN")
    try:
        connection.execute("INSERT OR IGNORE INTO dates (date) VALUES ('2026')")
        connection.execute(
            f"INSERT INTO {table} ({', '.join(given_)}) VALUES ({', '.join('?' * len(given_))})",
            list(given_.values()),
        )
    except sqlite3.IntegrityError:
        assert not is_valid
    else:
        assert is_valid
    finally:
        connection.execute("ROLLBACK")


@pytest.mark.parametrize("text", ["3000-01-01", "0999-05", "2024-1-40"])
def test_the_refusal_of_a_date_never_suggests_an_invalid_one(text: str) -> None:
    with pytest.raises(ValueError, match="date") as refusal:
        parse_date(text)
    for advised in re.findall(r"write (\d[\d-]*)", str(refusal.value)):
        assert parse_date(advised).written == advised, str(refusal.value)
