"""A date as people type it is stored as the one that it can mean; what can mean two is refused with both."""

import re
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

import pytest
from each import for_each
from hypothesis import example, given
from hypothesis import strategies as st

from nkplan.dates import parse_date
from nkplan.manual import read_topic
from nkplan.typed_dates import join_words, looks_like_part, read_typed_date, step_date
from nkplan.values import read_date, read_event_date

TODAY = date(2026, 11, 24)
"""A Tuesday."""

READ = (
    # Days from today.
    ("today", "2026-11-24"),
    (" Yesterday ", "2026-11-23"),
    ("the day before yesterday", "2026-11-22"),
    ("3 days ago", "2026-11-21"),
    ("a week ago", "2026-11-17"),
    ("2 weeks ago", "2026-11-10"),
    ("tomorrow", "2026-11-25"),
    ("in 3 days", "2026-11-27"),
    ("last month", "2026-10"),
    ("last quarter", "2026-Q3"),
    ("last year", "2025"),
    ("this year", "2026"),
    ("next year", "2027"),
    ("어제", "2026-11-23"),
    ("昨日", "2026-11-23"),
    ("вчера", "2026-11-23"),
    # Weekdays, of which only one can be meant.
    ("Monday", "2026-11-23"),
    ("on Friday", "2026-11-20"),
    ("last Tuesday", "2026-11-17"),
    ("월요일", "2026-11-23"),
    # The name of a month.
    ("Sept 2025", "2025-09"),
    ("Sept. 2025", "2025-09"),
    ("SEPTEMBER, 2025", "2025-09"),
    ("in March 2025", "2025-03"),
    ("2025 March", "2025-03"),
    ("24 Nov 2026", "2026-11-24"),
    ("24 November 2026", "2026-11-24"),
    ("24-Nov-2026", "2026-11-24"),
    ("24/Nov/2026", "2026-11-24"),
    ("24Nov2026", "2026-11-24"),
    ("Nov 24, 2026", "2026-11-24"),
    ("2026 Nov 24", "2026-11-24"),
    ("2026, 24 Nov", "2026-11-24"),
    ("3rd of September 2025", "2025-09-03"),
    ("the 3rd of September, 2025", "2025-09-03"),
    ("September 3rd 2025", "2025-09-03"),
    ("Tuesday, 24 November 2026", "2026-11-24"),
    ("Tue 2026-11-24", "2026-11-24"),
    ("24 ноября 2026 г.", "2026-11-24"),
    ("сентябрь 2025", "2025-09"),
    # No year: the last that has begun.
    ("24 Nov", "2026-11-24"),
    ("Nov 25", "2025-11-25"),
    ("29 Feb", "2024-02-29"),
    ("March", "2026-03"),
    ("December", "2025-12"),
    ("9월 3일", "2026-09-03"),
    # Numbers.
    ("2025-9", "2025-09"),
    ("2025-9-3", "2025-09-03"),
    ("2025/9/3", "2025-09-03"),
    ("2025.9.3", "2025-09-03"),
    ("2025. 9. 3.", "2025-09-03"),
    ("2025 9 3", "2025-09-03"),
    ("2025/9", "2025-09"),
    ("2025/11", "2025-11"),
    ("9/2025", "2025-09"),
    ("2024/25", "2024/2025"),
    ("31/12/2025", "2025-12-31"),
    ("12/31/2025", "2025-12-31"),
    ("24. 11. 2026", "2026-11-24"),
    ("24.11.2026", "2026-11-24"),
    ("04/04/2025", "2025-04-04"),
    ("20250924", "2025-09-24"),
    ("202509", "2025-09"),
    ("2026-11-24T10:00Z", "2026-11-24"),
    ("2026-11-24T10:00:00+09:00", "2026-11-24"),
    ("24 Nov 2026, 10:00 KST", "2026-11-24"),
    ("２０２５－０９－０３", "2025-09-03"),
    ("2025–09–03", "2025-09-03"),
    # Parts of a year.
    ("Q3 2025", "2025-Q3"),
    ("2025 Q3", "2025-Q3"),
    ("2025Q3", "2025-Q3"),
    ("3Q 2025", "2025-Q3"),
    ("third quarter of 2025", "2025-Q3"),
    ("the 3rd quarter of 2025", "2025-Q3"),
    ("H1 2025", "2025-H1"),
    ("first half of 2025", "2025-H1"),
    ("2025, second half", "2025-H2"),
    ("2025년 상반기", "2025-H1"),
    ("2025년 3분기", "2025-Q3"),
    ("in 2025", "2025"),
    ("2025-W37", "2025-09-08/2025-09-14"),
    # Korean, Japanese and Chinese numbers, and the years of North Korea.
    ("2025년 9월 3일", "2025-09-03"),
    ("2025년 9월 3일 수요일", "2025-09-03"),
    ("2025年9月3日", "2025-09-03"),
    ("２０２５年９月３日", "2025-09-03"),
    ("2025년 9월", "2025-09"),
    ("2025년", "2025"),
    ("주체113(2024)년 12월 21일", "2024-12-21"),
    ("주체113(2024)년", "2024"),
    ("주체113년 12월", "2024-12"),
    ("Juche 113", "2024"),
    ("December 21, Juche 113 (2024)", "2024-12-21"),
    # Intervals.
    ("by 2025-06", "../2025-06"),
    ("by June 2025", "../2025-06"),
    ("until 2025-06", "../2025-06"),
    ("no later than 24 Nov 2026", "../2026-11-24"),
    ("by the end of 2024", "../2024"),
    ("before the end of June 2025", "../2025-06"),
    ("since 2024-03", "2024-03/.."),
    ("from March 2024 on", "2024-03/.."),
    ("since the beginning of 2025", "2025/.."),
    ("from 2024-03 to 2024-06", "2024-03/2024-06"),
    ("2024-03 to 2024-06", "2024-03/2024-06"),
    ("between March 2024 and June 2024", "2024-03/2024-06"),
    ("March to June 2025", "2025-03/2025-06"),
    ("March–June 2025", "2025-03/2025-06"),
    ("3-5 March 2025", "2025-03-03/2025-03-05"),
    ("March 3-5, 2025", "2025-03-03/2025-03-05"),
    ("20 Dec to 5 Jan", "2025-12-20/2026-01-05"),
    ("2024-2026", "2024/2026"),
    ("2024-03 – 2024-06", "2024-03/2024-06"),
    ("2024.3~2024.6", "2024-03/2024-06"),
    ("Sept 2025/Oct 2025", "2025-09/2025-10"),
    ("Sept 2025/..", "2025-09/.."),
    ("../24 Nov 2026", "../2026-11-24"),
    ("2024-3/2024-6", "2024-03/2024-06"),
)

EITHER = (
    ("03/04/2025", ("2025-04-03", "2025-03-04")),
    ("3.4.2025", ("2025-04-03", "2025-03-04")),
    ("2010/11", ("2010-11", "2010/2011")),
    ("2024-03/06", ("2024-03-06", "2024-03/2024-06")),
    ("201112", ("2011-12", "2020-11-12")),
    ("last week", ("2026-11-16/2026-11-22", "2026-11-15/2026-11-21")),
    ("2 months ago", ("2026-09", "2026-09-24")),
    ("a year ago", ("2025", "2025-11-24")),
    ("Tuesday", ("2026-11-24", "2026-11-17")),
    ("last Monday", ("2026-11-23", "2026-11-16")),
    ("next Friday", ("2026-11-27", "2026-12-04")),
    ("before 2025-06", ("../2025-05", "../2025-06")),
    ("before 1 March 2024", ("../2024-02-29", "../2024-03-01")),
    ("after Q4 2024", ("2025-Q1/..", "2024-Q4/..")),
    ("end of 2024", ("2024-12-31", "2024-12", "2024-Q4")),
    ("at the end of February 2024", ("2024-02-29", "2024-02-21/2024-02-29")),
    ("mid-2025", ("2025-06", "2025-Q2", "2025-05/2025-08")),
    ("early 2026", ("2026-Q1", "2026-H1", "2026-01")),
    ("late 2025", ("2025-Q4", "2025-H2", "2025-12")),
    ("around 2025", ("2025",)),
    ("spring 2025", ("2025-03/2025-05", "2025")),
)

REFUSED = (
    ("31 Nov 2026", "2026-11-31 is not a date: 2026-11 has 30 days"),
    ("31/11/2026", "2026-11-31 is not a date: 2026-11 has 30 days"),
    ("20250229", "2025-02-29 is not a date: 2025-02 has 28 days"),
    ("2025년 2월 30일", "2025-02-30 is not a date: 2025-02 has 28 days"),
    ("２０２５－１３", "2025-13 is not a date: there is no month 13"),
    ("Nov 31", "November has 30 days"),
    ("Nov 45", "November has 30 days, and a year four digits"),
    ("24 Nov 26", "has no year of four digits: write it, as in 24 Nov 2026"),
    ("Sept '25", "has no year of four digits"),
    ("Q3 25", "has no year of four digits"),
    ("3/4/25", "write the year first"),
    ("24/11", "has no year: write it first, as in 2026-11-24"),
    ("Nov to Feb 2025", "has no year for one of its dates: write it with both"),
    ("Nov 2024 to Feb", "has no year for one of its dates: write it with both"),
    ("from June 2025 to March 2025", "runs backward: write 2025-03/2025-06"),
    ("Juche 113 (2023)", "Juche 113 is 2024, not 2023"),
    ("주체113(2023)년 12월 21일", "Juche 113 is 2024, not 2023"),
    ("Monday, 24 November 2026", "2026-11-24 is a Tuesday"),
    ("24", "'24' is not a date: put quotes around one of several words, as in \"24 Nov 2026\""),
    ("summer", "a season has no fixed months"),
    ("2025-W54", "2025 has no such week"),
    ("soon", "'soon' is not a date: write 24 Nov 2026, yesterday, 2024"),
    ("2020s", "is not a date: write 24 Nov 2026"),
    ("Sept 2025-", "is not a date"),
    ("", "is not a date"),
    ("99999 weeks ago", "is not a date"),
    ("99999 months ago", "is not a date"),
    ("25년 9월", "has no year of four digits"),
    ("2024-13", "there is no month 13"),
    ("2024-03/", "write 2024-03/.."),
    ("24092025", "is not a date"),
    ("24 Nov 2026 and 25 Nov 2026", "is not a date"),
    ("x" * 200, "is not a date"),
)

COMING = (
    ("24 Nov", "write it, as in 2026-11-24 or 2027-11-24"),
    ("March", "write it, as in 2027-03 or 2028-03"),
    ("29 Feb", "write it, as in 2028-02-29 or 2032-02-29"),
    ("by March", "write it, as in 2027-03 or 2028-03"),
    ("Friday", "it can be 2026-11-20 or 2026-11-27"),
)


def read(text: str) -> str:
    return read_typed_date(text, TODAY)


@for_each(("typed", "stored"), READ)
def test_what_has_one_reading_is_read_as_it(typed: str, stored: str) -> None:
    assert read(typed) == stored
    assert parse_date(stored).written == stored


@for_each(("typed", "stored"), READ)
def test_a_file_has_no_date_but_in_its_stored_form(typed: str, stored: str) -> None:
    for read_from_file in (read_date, partial(read_event_date, latest=date.max)):
        with pytest.raises(ValueError, match="write"):
            read_from_file(typed)
        assert read_from_file(stored) == stored


def list_rows_of_manual() -> list[list[list[str]]]:
    """Return the rows of the two tables of the manual: what is between backquotes in each column."""
    _, _, section = read_topic("words").partition("### Dates as they may be typed")
    lines = section.partition("## Glossary")[0].splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("| `")]
    return [[re.findall(r"`([^`]+)`", column) for column in row] for row in rows]


def test_the_manual_says_what_is_read_and_what_is_refused() -> None:
    rows = list_rows_of_manual()
    assert len(rows) > 20
    read_rows = rows[: next(at for at, row in enumerate(rows) if row[0] == ["03/04/2025"])]
    for typed, stored in read_rows:
        every = stored * len(typed) if len(stored) == 1 else stored
        assert [read(one) for one in typed] == every
    for typed, _ in rows[len(read_rows) :]:
        for one in typed:
            with pytest.raises(ValueError, match="write"):
                read_typed_date(one, TODAY, may_come=one == "24 Nov")


@for_each(("typed", "readings"), EITHER)
def test_what_has_two_readings_is_refused_with_both(typed: str, readings: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="write") as refusal:
        read(typed)
    named = re.findall(r"[\d./QH-]*\d(?:/\.\.)?", str(refusal.value).replace(typed, ""))
    assert tuple(one for one in named if one != typed) == readings
    assert [parse_date(one).written for one in readings] == list(readings)


@for_each(("typed", "why"), REFUSED)
def test_what_has_none_is_refused_with_a_sentence_that_says_what_to_write(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refusal:
        read(typed)
    assert why in str(refusal.value)
    assert "\n" not in str(refusal.value)


@for_each(("typed", "why"), COMING)
def test_a_date_that_may_be_to_come_has_to_name_its_year(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"year|ambiguous") as refusal:
        read_typed_date(typed, TODAY, may_come=True)
    assert why in str(refusal.value)


def test_a_day_that_has_begun_elsewhere_and_not_here_is_refused_with_both() -> None:
    tomorrow = TODAY + timedelta(days=1)
    for typed, readings in (
        ("25 Nov", "2026-11-25 or 2025-11-25"),
        ("Wednesday", "2026-11-25 or 2026-11-18"),
    ):
        with pytest.raises(ValueError, match=readings):
            read_typed_date(typed, TODAY, tomorrow)
    assert read_typed_date("24 Nov", TODAY, tomorrow) == "2026-11-24"


DAYS = st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31))
ONE = DAYS.flatmap(
    lambda day: st.sampled_from(
        [
            f"{day:%Y-%m-%d}",
            f"{day:%Y-%m}",
            f"{day:%Y}-Q{(day.month + 2) // 3}",
            f"{day:%Y}-H{(day.month + 5) // 6}",
            f"{day:%Y}",
        ]
    )
)


@given(ONE, ONE, st.sampled_from(["{}", "{}/{}", "../{}", "{}/..", " {} / {} "]), DAYS)
def test_every_date_that_a_file_can_have_is_read_as_the_file_has_it(
    one: str, other: str, form: str, today: date
) -> None:
    text = form.format(one, other)
    try:
        stored = parse_date(text).written
    except ValueError:
        return
    for may_come in (False, True):
        assert read_typed_date(text, today, may_come=may_come) == stored


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1900, 2100), st.sampled_from("/.- "))
@example(3, 4, 2025, "/")
@example(29, 2, 2023, "/")
def test_a_day_and_a_month_in_numbers_are_read_only_if_one_order_is_possible(
    one: int, two: int, year: int, sign: str
) -> None:
    readings = set()
    for month, day in ((two, one), (one, two)):
        try:
            readings.add(date(year, month, day).isoformat())
        except ValueError:
            continue
    typed = f"{one}{sign}{two}{sign}{year}"
    if len(readings) == 1:
        assert {read(typed)} == readings
        return
    with pytest.raises(ValueError, match=r"\w") as refusal:
        read(typed)
    assert all(one in str(refusal.value) for one in readings)


NAMES = ("{d} {b} {y}", "{b} {d}, {y}", "{d} {B} {y}", "{y} {b} {d}", "{d}. {b}. {y}", "{y}년 {m}월 {d}일")


@given(DAYS, st.sampled_from(NAMES), DAYS)
def test_every_day_is_read_with_the_name_of_its_month(day: date, form: str, today: date) -> None:
    typed = form.format(d=day.day, m=day.month, y=day.year, b=f"{day:%b}", B=f"{day:%B}")
    assert read_typed_date(typed, today) == day.isoformat()


@given(DAYS, DAYS)
def test_a_day_without_a_year_is_the_last_that_has_begun(day: date, today: date) -> None:
    if today.year < 1010:
        return
    read_ = date.fromisoformat(read_typed_date(f"{day:%d %B}", today))
    assert (read_.month, read_.day) == (day.month, day.day)
    assert read_ <= today
    assert not [
        year
        for year in range(read_.year + 1, today.year + 1)
        if (day.month, day.day) != (2, 29) and date(year, day.month, day.day) <= today
    ]


@given(st.text(alphabet="0123456789 /.-~年월abdefhjnoqrstuvwy,'()", max_size=20), DAYS)
def test_any_text_is_read_as_a_date_that_reads_as_itself_or_refused(text: str, today: date) -> None:
    try:
        stored = read_typed_date(text, today)
    except ValueError:
        return
    assert parse_date(stored).written == stored
    assert read_typed_date(stored, today) == stored


@for_each("today", [date.min, date(999, 12, 31), date(3000, 1, 1), date.max])
def test_a_clock_beyond_the_years_that_dates_have_stops_nothing(today: date) -> None:
    for typed, _ in (*READ, *EITHER, *REFUSED, *COMING):
        with suppress(ValueError):
            stored = read_typed_date(typed, today)
            assert parse_date(stored).written == stored


@given(ONE)
def test_the_date_before_the_date_after_is_the_date_itself(one: str) -> None:
    if "1000" <= one[:4] <= "2998" and one[:4] != "1000":
        after = step_date(one, 1)
        assert step_date(after, -1) == one
        assert parse_date(after).start == parse_date(one).end + timedelta(days=1)


@for_each(
    ("words", "joined"),
    [
        (["24", "Nov", "2026"], "24 Nov 2026"),
        (["3", "days", "ago"], "3 days ago"),
        (["by", "June", "2025"], "by June 2025"),
        (["yesterday"], "yesterday"),
        (["2024-03", "2024-05"], None),
        (["end"], None),
        (["by", "the"], None),
    ],
)
def test_the_words_of_one_date_are_joined_and_those_of_two_are_not(
    words: list[str], joined: str | None
) -> None:
    assert all(map(looks_like_part, words))
    assert join_words(words) == joined


@for_each("word", ["operating2", "opened", "operating", "finished", "note", "", "?", "x" * 200])
def test_a_word_that_no_date_has_is_no_part_of_one(word: str) -> None:
    assert not looks_like_part(word) or join_words([word]) is None
