"""Dates keep the precision of their source; text that is not a date is refused with how to write one."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkplan.dates import find_effective_day, months_between, parse_date


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-03-15", date(2024, 3, 15), date(2024, 3, 15)),
    ],
)
def test_a_date_is_the_interval_that_its_source_states(written: str, start: date, end: date) -> None:
    parsed = parse_date(written)
    assert (parsed.start, parsed.end, str(parsed)) == (start, end, written)


def test_a_lower_case_q_is_a_quarter() -> None:
    assert parse_date("2024-q1") == parse_date("2024-Q1")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2024-02-30", "2024-02 has 29 days"),
        ("2024-13", "no month 13"),
        ("2024-00", "no month 00"),
        ("03/04/2024", "2024-04-03 or 2024-03-04"),
        ("3.4.24", "write the year first"),
        ("15/03/2024", "write the year first"),
        ("2024/3/5", "write 2024-03-05"),
        ("2024-3", "write 2024-03"),
        ("2024-Q5", "2024-Q3"),
        ("March 2024", "2024-03-15"),
        ("٢٠٢٤", "2024-Q3"),
        ("", "2024-Q3"),
        ("0024", "2024-Q3"),
    ],
)
def test_an_impossible_or_ambiguous_date_is_refused_with_how_to_write_it(text: str, advice: str) -> None:
    with pytest.raises(ValueError, match=r"date|ambiguous") as refusal:
        parse_date(text)
    assert advice in str(refusal.value)


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_every_day_is_inside_its_month_quarter_and_year(day: date) -> None:
    forms = [f"{day:%Y-%m-%d}", f"{day:%Y-%m}", f"{day:%Y}-Q{(day.month + 2) // 3}", f"{day:%Y}"]
    intervals = [parse_date(form) for form in forms]
    assert intervals[0].start == day == intervals[0].end
    for inner, outer in pairwise(intervals):
        assert outer.start <= inner.start <= inner.end <= outer.end


def test_the_effective_day_is_the_end_or_the_publication_whichever_is_earlier() -> None:
    march = parse_date("2024-03")
    assert find_effective_day(march, None) == date(2024, 3, 31)
    assert find_effective_day(march, parse_date("2024-03-11")) == date(2024, 3, 11)
    assert find_effective_day(march, parse_date("2024-07-23")) == date(2024, 3, 31)


def test_a_source_older_than_the_event_does_not_change_its_effective_day() -> None:
    assert find_effective_day(parse_date("2024-03"), parse_date("2024-02-11")) == date(2024, 3, 31)


def test_months_are_whole_and_never_negative() -> None:
    assert months_between(date(2024, 1, 31), date(2024, 2, 29)) == 0
    assert months_between(date(2024, 1, 15), date(2026, 1, 15)) == 24
    assert months_between(date(2026, 1, 1), date(2024, 1, 1)) == 0
