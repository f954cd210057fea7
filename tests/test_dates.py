"""Dates keep the precision of their source; text that is not a date is refused with how to write one."""

import re
from datetime import date
from itertools import pairwise

import pytest
from each import for_each
from hypothesis import given
from hypothesis import strategies as st

from nkplan.dates import (
    FORMS,
    PartialDate,
    find_effective_day,
    find_known_day,
    months_between,
    parse_date,
    write_by,
)


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-H1", date(2024, 1, 1), date(2024, 6, 30)),
        ("2024-H2", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-03-15", date(2024, 3, 15), date(2024, 3, 15)),
        ("2024-03/2024-06", date(2024, 3, 1), date(2024, 6, 30)),
        ("2023-H2/2024-02", date(2023, 7, 1), date(2024, 2, 29)),
        ("2024-02-28/2025", date(2024, 2, 28), date(2025, 12, 31)),
        ("2024-Q1/2024-H1", date(2024, 1, 1), date(2024, 6, 30)),
        ("../2024-05-20", date.min, date(2024, 5, 20)),
        ("../2024-H1", date.min, date(2024, 6, 30)),
        ("2024-05-20/..", date(2024, 5, 20), date.max),
        ("2024/..", date(2024, 1, 1), date.max),
    ],
)
def test_a_date_is_the_interval_that_its_source_states(written: str, start: date, end: date) -> None:
    parsed = parse_date(written)
    assert (parsed.start, parsed.end, str(parsed)) == (start, end, written)


def test_a_lower_case_q_is_a_quarter_and_a_lower_case_h_a_half_year() -> None:
    assert parse_date("2024-q1") == parse_date("2024-Q1")
    assert parse_date("2024-h2/2025-q1") == parse_date("2024-H2/2025-Q1")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (" 2024-03 / 2024-06 ", "2024-03/2024-06"),
        ("..  /2024-h1", "../2024-H1"),
        ("2024-q3/ ..", "2024-Q3/.."),
        ("2024-03/2024-03", "2024-03"),
        ("2024-h1/2024-H1", "2024-H1"),
    ],
)
def test_an_interval_is_written_without_spaces_and_of_two_equal_dates_as_one(text: str, written: str) -> None:
    assert parse_date(text) == parse_date(written)
    assert parse_date(text).written == written


@for_each(
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
        ("2024-H3", "2024-H1"),
        ("2024-H", "2024-H1"),
        ("2025/2024", "runs backward: write 2024/2025"),
        ("2024-06-30/2024-06-01", "write 2024-06-01/2024-06-30"),
        ("2024-H2/2024-H1", "write 2024-H1/2024-H2"),
        ("2024-03-20/2024-03", "2024-03-20 is a part of 2024-03; write 2024-03-20 or 2024-03"),
        ("2024-03/2024-03-20", "2024-03-20 is a part of 2024-03; write 2024-03-20 or 2024-03"),
        ("2024-03/", "write 2024-03/.."),
        ("/2024-03", "write ../2024-03"),
        ("2024-3/2024-6", "write 2024-03/2024-06"),
        ("2024-3/", "write 2024-03/.."),
        ("../2024.3.5", "write ../2024-03-05"),
        ("../..", "write ../2024-06 for up to 2024-06, or 2024-03/.. for from 2024-03 on"),
        ("/", "write ../2024-06"),
        ("../", "write ../2024-06"),
        ("2024/2025/2026", "two dates with one slash, as in 2024-03/2024-06"),
        ("../2024/..", "two dates with one slash"),
        ("2024-13/2025", "there is no month 13"),
        ("../2023-02-29", "2023-02 has 28 days"),
        ("2024/soon", "'soon' beside the slash is not one"),
        ("2999/3000", "'3000' beside the slash is not one"),
        ("2024-03/06", "can be 2024-03-06 or 2024-03/2024-06"),
        ("2010/11", "can be 2010-11 or 2010/2011"),
        ("2024/25", "write 2024/2025"),
        ("2024/24", "there is no month 24"),
        ("2024-06/03", "write 2024-06-03"),
        ("2024-06/31", "2024-06 has 30 days"),
        ("..", "2024-03/.."),
        ("and/or", "2024-03/2024-06"),
    ],
)
def test_an_impossible_or_ambiguous_date_is_refused_with_how_to_write_it(text: str, advice: str) -> None:
    with pytest.raises(ValueError, match=r"date|ambiguous|backward|interval") as refusal:
        parse_date(text)
    assert advice in str(refusal.value)


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_every_day_is_inside_its_month_quarter_half_year_and_year(day: date) -> None:
    forms = [f"{day:%Y-%m-%d}", f"{day:%Y-%m}", f"{day:%Y}-Q{(day.month + 2) // 3}"]
    forms += [f"{day:%Y}-H{(day.month + 5) // 6}", f"{day:%Y}"]
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


SIMPLE = st.dates(min_value=date(2022, 12, 1), max_value=date(2025, 1, 31)).flatmap(
    lambda day: st.sampled_from(
        [
            f"{day}",
            f"{day:%Y-%m}",
            f"{day:%Y}-Q{(day.month + 2) // 3}",
            f"{day:%Y}-H{(day.month + 5) // 6}",
            f"{day:%Y}",
        ]
    )
)


@st.composite
def dates(draw: st.DrawFn) -> PartialDate:
    """Make a date of any form."""
    one, other = draw(SIMPLE), draw(SIMPLE)
    form = draw(st.sampled_from(["{}", "{}/{}", "../{}", "{}/.."]))
    try:
        return parse_date(form.format(one, other))
    except ValueError:  # It does not run forward.
        return parse_date(one)


@given(dates())
def test_a_date_as_written_is_the_same_date_and_its_days_are_in_order(one: PartialDate) -> None:
    assert parse_date(one.written) == one
    assert one.start <= one.effective_day <= one.end
    assert one.start <= one.first_named_day <= one.effective_day
    assert (one.has_start, one.has_end) == (not one.written.startswith(".."), not one.written.endswith(".."))
    if one.has_end:
        assert one.effective_day == one.end


@given(SIMPLE, SIMPLE)
def test_an_interval_runs_forward_or_is_refused_with_what_is_not_refused(one: str, other: str) -> None:
    first, second = parse_date(one), parse_date(other)
    is_forward = first.start <= second.start and first.end <= second.end
    try:
        joined = parse_date(f"{one}/{other}")
    except ValueError as error:
        assert not is_forward
        advised = re.findall(r"[\d./QH-]*\d[\d./QH-]*", str(error).split("write ")[1])
        assert advised
        assert all(parse_date(text).written == text for text in advised)
    else:
        assert is_forward
        assert (joined.start, joined.end) == (first.start, second.end)


@given(dates(), st.none() | dates())
def test_the_effective_day_is_in_the_interval_and_never_later_for_a_source(
    event: PartialDate, published: PartialDate | None
) -> None:
    day = find_effective_day(event, published)
    assert event.start <= day <= event.effective_day <= event.end
    if published is not None and published.effective_day < event.start:
        assert day == event.effective_day


@pytest.mark.parametrize(
    ("event", "published", "effective", "known"),
    [
        ("2024-03/2024-06", None, date(2024, 6, 30), date(2024, 6, 30)),
        ("2024-03/2024-06", "2024-05-02", date(2024, 5, 2), date(2024, 5, 2)),
        ("2024-03/2024-06", "2024-02-28", date(2024, 6, 30), date(2024, 2, 28)),
        # By 20 May at the latest, and earlier if a source said so earlier.
        ("../2024-05-20", None, date(2024, 5, 20), date(2024, 5, 20)),
        ("../2024-05-20", "2024-05-22", date(2024, 5, 20), date(2024, 5, 22)),
        ("../2024-05-20", "2019", date(2019, 12, 31), date(2019, 12, 31)),
        # From March on: it had begun by the end of March.
        ("2024-03/..", None, date(2024, 3, 31), date(2024, 3, 31)),
        ("2024-03/..", "2024-03-11", date(2024, 3, 11), date(2024, 3, 11)),
        ("2024-03/..", "2024-07-01", date(2024, 3, 31), date(2024, 7, 1)),
        ("2024-03/..", "2024-02-11", date(2024, 3, 31), date(2024, 2, 11)),
        # A source published at some time up to or from a day on.
        ("2024", "../2024-05-20", date(2024, 5, 20), date(2024, 5, 20)),
        ("2024", "2024-03/..", date(2024, 3, 31), date(2024, 3, 31)),
    ],
)
def test_when_an_event_had_surely_happened_and_was_known(
    event: str, published: str | None, effective: date, known: date
) -> None:
    source = parse_date(published) if published else None
    assert find_effective_day(parse_date(event), source) == effective
    assert find_known_day(parse_date(event), source) == known


def test_every_form_that_a_message_names_is_a_date() -> None:
    named = re.findall(r"[\d./QH-]*\d[\d./QH-]*", FORMS)
    assert len(named) == 8
    assert [parse_date(text).written for text in named] == named


@pytest.mark.parametrize(
    ("text", "first", "shown"),
    [
        ("2024-03-15", None, "2024-03-15"),
        ("2024-03-15", "2024-03-15", "2024-03-15"),
        ("2024-03-15", "2024-02-01", "../2024-03-15"),
        ("2024-03", "2024-03-01", "2024-03"),
        ("2024-03", "0001-01-01", "../2024-03"),
        ("2024-03/2024-05", "2024-01-01", "../2024-05"),
        ("2024-03/..", "2024-01-01", "../2024-03"),
        ("../2024-03", "0001-01-01", "../2024-03"),
    ],
)
def test_what_can_have_been_earlier_is_written_as_by_its_date(
    text: str, first: str | None, shown: str
) -> None:
    assert write_by(text, first) == shown
    assert str(parse_date(shown)) == shown


def test_months_are_whole_and_never_negative() -> None:
    assert months_between(date(2024, 1, 31), date(2024, 2, 29)) == 0
    assert months_between(date(2024, 1, 15), date(2026, 1, 15)) == 24
    assert months_between(date(2026, 1, 1), date(2024, 1, 1)) == 0
