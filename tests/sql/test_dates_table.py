"""The table `dates` stores exactly the dates that the program writes, with the same days."""

import sqlite3
from calendar import monthrange
from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nkplan.dates import PartialDate, parse_date
from nkplan.sql import read_statements

TABLE = next(one for one in read_statements("schema") if "CREATE TABLE dates" in one)


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        opened.execute(TABLE)
        yield opened


def store(connection: sqlite3.Connection, text: str) -> tuple[str, str, str] | None:
    """Return the days that the table gives a date: first, last and effective; None if it refuses it."""
    connection.execute("BEGIN")
    try:
        connection.execute("INSERT INTO dates (date) VALUES (?)", [text])
        row: tuple[str, str, str, str] = connection.execute(
            "SELECT date, first, last, effective FROM dates"
        ).fetchone()
    except sqlite3.IntegrityError:
        return None
    else:
        assert row[0] == text
        return row[1:]
    finally:
        connection.execute("ROLLBACK")


def read(text: str) -> tuple[str, str, str] | None:
    """Return the days that the program gives a date; None if it refuses it or would write it otherwise."""
    try:
        parsed: PartialDate = parse_date(text)
    except ValueError:
        return None
    if parsed.written != text:
        return None
    days = (parsed.start, parsed.end, parsed.effective_day)
    return days[0].isoformat(), days[1].isoformat(), days[2].isoformat()


DAYS = st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31))
NEAR_DAYS = st.dates(min_value=date(2023, 12, 1), max_value=date(2025, 1, 31))


def name_parts(day: date) -> list[str]:
    """Name the day, month, quarter, half-year and year that a day is in."""
    quarter, half = (day.month + 2) // 3, (day.month + 5) // 6
    return [
        day.isoformat(),
        day.isoformat()[:7],
        f"{day.year}-Q{quarter}",
        f"{day.year}-H{half}",
        str(day.year),
    ]


SIMPLE = (DAYS | NEAR_DAYS).flatmap(lambda day: st.sampled_from(name_parts(day)))
NEAR = NEAR_DAYS.flatmap(lambda day: st.sampled_from(name_parts(day)))
INTERVALS = st.builds("{}/{}".format, NEAR, NEAR) | st.builds("{}/{}".format, SIMPLE, SIMPLE)
OPEN = st.builds("../{}".format, SIMPLE) | st.builds("{}/..".format, SIMPLE)
VALID = SIMPLE | INTERVALS | OPEN
NEARLY_SIMPLE = st.builds(
    "{:04}-{:02}-{:02}".format, st.integers(990, 3010), st.integers(0, 13), st.integers(0, 32)
) | st.from_regex(r"[0-3][0-9]{2,4}(-[0-9QqHh]{1,2}){0,2}[ zZT]?", fullmatch=True)
NEARLY = (
    NEARLY_SIMPLE
    | st.builds("{}/{}".format, NEARLY_SIMPLE | NEAR, NEARLY_SIMPLE | NEAR)
    | st.lists(SIMPLE | st.sampled_from(["", "..", ".", " "]), max_size=4).map("/".join)
)
LETTERS = st.sampled_from([*"0123456789-/.QHqhTZ +:", "\x00", "\n", "٣", "３", "–", ".."])


@st.composite
def mutate(draw: st.DrawFn) -> str:
    """Make a date with one letter added, removed or replaced."""
    text = draw(VALID)
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.just("") | LETTERS) + text[at + draw(st.integers(0, 1)) :]


@given(VALID | NEARLY | mutate() | st.lists(LETTERS, max_size=12).map("".join))
@example("2024-03-15\x00")
@example("2024\x00")
@example("2024/2025\x00")
@example("\x002024")
@example("..")
@example("../..")
@example("/")
@example("")
@example("2024/2024")
@example("../../2024")
@example("2024/../2025")
@example("2024-H1-01")
@example("2024-Q1-01")
@example("2024-Q1/2024-H1")
@example("2024-H1/2024-Q1")
@example("2024-03-20/2024-03")
@example("2024-02-30/..")
@example("../2023-02-29")
@example("2024-03-15x")
@example("2024-03-15x/2025")
@example("2024-03-15-01/..")
@example("2024/2025-03-15x")
@example("../2025-03-15 ")
@example("now")
@example("2460000.5")
@example("12:00")
@example("-001-01-01")
@example("2999/3000")
@example("0999/2000")
def test_the_table_and_the_program_accept_the_same_dates_with_the_same_days(
    connection: sqlite3.Connection, text: str
) -> None:
    assert store(connection, text) == read(text)


@pytest.mark.parametrize("year", [1000, 1900, 2000, 2023, 2024, 2100, 2999])
def test_both_know_the_days_at_the_end_of_each_month(connection: sqlite3.Connection, year: int) -> None:
    for month in range(14):
        days = monthrange(year, month)[1] if 1 <= month <= 12 else 0
        for day in (0, 1, 28, 29, 30, 31, 32):
            text = f"{year}-{month:02}-{day:02}"
            is_real = 1 <= day <= days
            for written, wanted in (
                (text, (text, text, text)),
                (f"../{text}", ("0001-01-01", text, text)),
                (f"{text}/..", (text, "9999-12-31", text)),
            ):
                assert store(connection, written) == read(written) == (wanted if is_real else None)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2024", ("2024-01-01", "2024-12-31", "2024-12-31")),
        ("2024-H1", ("2024-01-01", "2024-06-30", "2024-06-30")),
        ("2024-H2", ("2024-07-01", "2024-12-31", "2024-12-31")),
        ("2024-Q1", ("2024-01-01", "2024-03-31", "2024-03-31")),
        ("2024-Q2", ("2024-04-01", "2024-06-30", "2024-06-30")),
        ("2024-Q3", ("2024-07-01", "2024-09-30", "2024-09-30")),
        ("2024-Q4", ("2024-10-01", "2024-12-31", "2024-12-31")),
        ("2024-02", ("2024-02-01", "2024-02-29", "2024-02-29")),
        ("2024-12", ("2024-12-01", "2024-12-31", "2024-12-31")),
        ("2024-02-29", ("2024-02-29", "2024-02-29", "2024-02-29")),
        ("2024-H2/2025-Q1", ("2024-07-01", "2025-03-31", "2025-03-31")),
        ("2024-03/2024-03-31", ("2024-03-01", "2024-03-31", "2024-03-31")),
        ("../2024-H1", ("0001-01-01", "2024-06-30", "2024-06-30")),
        ("2024-Q4/..", ("2024-10-01", "9999-12-31", "2024-12-31")),
    ],
)
def test_a_date_has_these_days_in_the_table_and_in_the_program(
    connection: sqlite3.Connection, written: str, days: tuple[str, str, str]
) -> None:
    assert store(connection, written) == read(written) == days


@pytest.mark.parametrize("text", ["2024-q1", "2024-h1", " 2024", "2024 ", "2024 / 2025", "2024-03/2024-03"])
def test_the_table_refuses_what_the_program_would_write_otherwise(
    connection: sqlite3.Connection, text: str
) -> None:
    assert parse_date(text).written != text
    assert store(connection, text) is None


@pytest.mark.parametrize("value", [b"2024", None])
def test_the_table_refuses_what_is_not_text(connection: sqlite3.Connection, value: bytes | None) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO dates (date) VALUES (?)", [value])
