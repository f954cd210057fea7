"""The schema refuses what the program cannot read, so that a user of `sqlite3` cannot break a record."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nkplan.dates import parse_date
from nkplan.values import read_year

DATED = [
    ("sources", "published"),
    ("announcements", "announced"),
    ("updates", "event_date"),
    ("updates", "promised"),
    ("states", "promised"),
    ("states", "last_date"),
]
YEARS = [
    ("places", "population_year"),
    ("projects", "year"),
    ("quotas", "first_year"),
    ("quotas", "last_year"),
    ("announcement_figures", "year"),
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
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = 1", [value])
        changed = connection.execute("SELECT changes()").fetchone() == (1,)
        assert changed, f"{table} has no first row to try on"
    except REFUSED:
        return False
    else:
        return True
    finally:
        connection.execute("ROLLBACK")


def is_kept_as_written(text: str) -> bool:
    """Return whether the program reads a text as a date and keeps it as written."""
    try:
        return parse_date(text).written == text
    except ValueError:
        return False


NEARLY_DATES = st.from_regex(r"[0-9]{3,5}(-[0-9Qq]{1,2}){0,2}[ zZ]?", fullmatch=True) | st.builds(
    "{:04}-{:02}-{:02}".format, st.integers(990, 3010), st.integers(0, 13), st.integers(0, 32)
)


GOOD = "2024 1000 2999 2024-Q4 2024-02 2024-02-29 2999-12-31".split()
BAD = [
    "",
    "soon",
    "now",
    "12:00",
    "2460000.5",
    "2024-q4",
    "2024-Q5",
    "2024-13",
    "2024-2",
    "2023-02-29",
    "2024-06-31",
    "2024-03-15T10:00",
    " 2024",
    "2024 ",
    "0999",
    "3000",
]
OUT_OF_RANGE = ["0999-12", "0999-12-31", "3000-01", "3000-01-01"]


def test_the_program_reads_the_good_dates_and_no_others() -> None:
    assert [text for text in (*GOOD, *BAD, *OUT_OF_RANGE) if is_kept_as_written(text)] == GOOD


@pytest.mark.parametrize(("table", "column"), DATED)
def test_a_date_column_accepts_only_the_four_forms_of_a_date(
    connection: sqlite3.Connection, table: str, column: str
) -> None:
    assert [text for text in (*GOOD, *BAD) if accepts(connection, table, column, text)] == GOOD


@pytest.mark.parametrize(("table", "column"), DATED)
def test_a_date_column_refuses_a_year_that_the_program_cannot_read(
    connection: sqlite3.Connection, table: str, column: str
) -> None:
    assert [text for text in OUT_OF_RANGE if accepts(connection, table, column, text)] == []


@given(text=NEARLY_DATES)
@example(text="2024-Q1-01")
@example(text="2024-03-15\x00")
@example(text="２０２４")
def test_the_schema_accepts_exactly_the_dates_that_the_program_reads(
    connection: sqlite3.Connection, text: str
) -> None:
    taken = [accepts(connection, table, column, text) for table, column in DATED[:4]]
    assert taken == [is_kept_as_written(text)] * 4


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


@pytest.mark.parametrize("command", ["first run", "add", "update", "load", "undo"])
def test_changes_accepts_the_commands_that_write(connection: sqlite3.Connection, command: str) -> None:
    assert accepts(connection, "changes", "command", command)


@pytest.mark.parametrize("command", ["", "delete", "Load", "list"])
def test_changes_refuses_any_other_command(connection: sqlite3.Connection, command: str) -> None:
    assert not accepts(connection, "changes", "command", command)


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


@pytest.mark.parametrize("text", ["3000-01-01", "0999-05", "2024-1-40"])
def test_the_refusal_of_a_date_never_suggests_an_invalid_one(text: str) -> None:
    with pytest.raises(ValueError, match="date") as refusal:
        parse_date(text)
    for advised in re.findall(r"write (\d[\d-]*)", str(refusal.value)):
        assert is_kept_as_written(advised), str(refusal.value)
