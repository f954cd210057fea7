"""Every value that a user can write is stored in its proper form, or refused with a reason and advice."""

import re
from datetime import date
from math import copysign, inf, nan
from unicodedata import is_normalized, normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nkplan.model.vocabulary import Evidence, Status
from nkplan.values import (
    LONGEST_TEXT,
    looks_like_url,
    read_date,
    read_domain,
    read_event_date,
    read_evidence,
    read_id,
    read_old_evidence,
    read_percent,
    read_seen_date,
    read_text,
    read_url,
    read_word,
    read_year,
)

TODAY = date(2026, 11, 24)


def test_the_case_of_a_word_and_space_around_it_do_not_matter() -> None:
    assert read_word(" Building\n", Status, "status") is Status.BUILDING
    assert read_evidence(" On-Site\n") is Evidence.ON_SITE


@pytest.mark.parametrize(
    ("word", "class_"),
    [
        ("state-media", Evidence.PROMISER),
        ("satellite-imagery", Evidence.IMAGERY),
        ("satellite", Evidence.IMAGERY),
        ("ground-source", Evidence.ON_SITE),
        ("ground", Evidence.ON_SITE),
        ("foreign-media", Evidence.PRESS),
        *((str(one), one) for one in Evidence),
    ],
)
def test_an_evidence_class_is_read_by_its_word_and_by_the_words_of_earlier_versions(
    word: str, class_: Evidence
) -> None:
    assert read_evidence(word) is class_
    assert read_old_evidence(word.upper()) is class_


def test_government_is_asked_about_when_it_is_typed_and_read_in_a_file_of_an_earlier_version() -> None:
    with pytest.raises(ValueError, match=r"can be promiser .* or authority .*; write the one you mean"):
        read_evidence("Government")
    assert read_old_evidence("government") is Evidence.AUTHORITY


def test_no_word_stands_for_two_evidence_classes() -> None:
    words = [word for one in Evidence for word in (str(one), *one.synonyms)]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("word", Status)
def test_every_word_of_a_vocabulary_is_read(word: Status) -> None:
    assert read_word(str(word), Status, "status") is word


def test_a_mistyped_word_is_refused_with_the_nearest_word() -> None:
    with pytest.raises(ValueError, match=r"^there is no status 'bulding'; did you mean building\?"):
        read_word("bulding", Status, "status")


@pytest.mark.parametrize("word", ["", "zzz", "state media"])
def test_an_unknown_word_is_refused_with_the_whole_vocabulary(word: str) -> None:
    with pytest.raises(ValueError, match=r"^there is no evidence class ") as refusal:
        read_word(word, Evidence, "evidence class")
    assert repr(word) in str(refusal.value)
    assert all(str(one) in str(refusal.value) for one in Evidence)


@pytest.mark.parametrize(
    "written",
    ["2024", "2024-H1", "2024-Q3", "2024-03", "2024-03-15", "2999-12-31", "2030/2031", "../2030", "2030/.."],
)
def test_a_date_past_or_future_is_kept_as_written(written: str) -> None:
    assert read_date(f" {written} ") == written


def test_a_lower_case_q_is_stored_in_upper_case() -> None:
    assert read_date("2024-q3") == "2024-Q3"


def test_text_that_is_not_a_date_is_refused() -> None:
    with pytest.raises(ValueError, match="2024-02 has 29 days"):
        read_date("2024-02-30")


@pytest.mark.parametrize(
    "written",
    [
        *["2026-11-24", "2026-11", "2026-Q4", "2026-H2", "2026", "2026-11-23", "2001"],
        *["2026-11-24/2027", "2001/2999", "../2026-11-24", "../2026", "2026-11-24/..", "2001/.."],
    ],
)
def test_the_date_of_an_event_may_be_today_or_an_interval_that_has_begun(written: str) -> None:
    assert read_event_date(written, TODAY) == written


@pytest.mark.parametrize(
    "written",
    [
        *["2026-11-25", "2026-12", "2027-Q1", "2027-H1", "2027"],
        *["2026-11-25/2027", "../2026-11-25", "../2027", "2026-12/.."],
    ],
)
def test_the_date_of_an_event_may_not_be_an_interval_that_has_not_begun(written: str) -> None:
    with pytest.raises(
        ValueError, match=rf"^{re.escape(written)} is in the future \(.* anywhere is 2026-11-24\)"
    ):
        read_event_date(written, TODAY)


def test_an_interval_is_accepted_as_event_date_from_its_first_day_on() -> None:
    for written, eve, first in (
        ("2026", date(2025, 12, 31), date(2026, 1, 1)),
        ("2026-Q4", date(2026, 9, 30), date(2026, 10, 1)),
        ("2026-11", date(2026, 10, 31), date(2026, 11, 1)),
    ):
        assert read_event_date(written, first) == written
        with pytest.raises(ValueError, match="is in the future"):
            read_event_date(written, eve)


@pytest.mark.parametrize("seen", ["2026-11-24", "2026-11", "2026-q4", "2026-H2", "2026", "2024-02-29"])
def test_what_was_seen_afterwards_happened_at_some_time_up_to_the_day(seen: str) -> None:
    assert read_seen_date(seen, TODAY, is_afterwards=True) == f"../{seen.upper()}"
    assert read_seen_date(seen, TODAY, is_afterwards=False) == seen.upper()


@pytest.mark.parametrize("is_afterwards", [True, False])
@pytest.mark.parametrize(
    ("seen", "advised"),
    [("2024-03/2024-06", "2024-06"), ("../2024-05-20", "2024-05-20"), ("2024/..", "2024")],
)
def test_something_is_seen_on_a_day_and_not_in_an_interval(
    seen: str, advised: str, is_afterwards: bool
) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(seen)} is an interval; .* such as {advised}$"):
        read_seen_date(seen, TODAY, is_afterwards=is_afterwards)


def test_nothing_was_seen_in_the_future() -> None:
    with pytest.raises(ValueError, match=r"^2026-11-25 is in the future"):
        read_seen_date("2026-11-25", TODAY, is_afterwards=True)


def test_text_that_is_not_a_date_is_refused_as_event_date() -> None:
    with pytest.raises(ValueError, match="'soon' is not a date"):
        read_event_date("soon", TODAY)


@pytest.mark.parametrize("value", [0, 0.5, 33.3, 100])
def test_a_percentage_from_0_to_100_is_accepted(value: float) -> None:
    assert read_percent(value) == value


def test_minus_zero_percent_is_zero() -> None:
    assert copysign(1, read_percent(-0.0)) == 1


@pytest.mark.parametrize("value", [-0.01, 100.01, -1, 101, nan, inf, -inf])
def test_a_percentage_outside_0_to_100_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match=rf"^{value:g} is not a percentage; write a number from 0 to 100$"):
        read_percent(value)


@pytest.mark.parametrize("value", [1000, 2024, 2999])
def test_a_year_of_four_digits_is_accepted(value: int) -> None:
    assert read_year(value) == value


@pytest.mark.parametrize("value", [999, 3000, 24, 0, -2024, 20240])
def test_a_year_that_no_date_can_have_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match=rf"^{value} is not a year; write a number from 1000 to 2999, "):
        read_year(value)


def test_a_year_is_accepted_exactly_if_it_is_accepted_as_a_date() -> None:
    for year in (1000, 2999):
        assert read_date(str(read_year(year))) == str(year)
    for year in (999, 3000):
        with pytest.raises(ValueError, match="is not a date"):
            read_date(f"{year:04}")


def test_space_around_a_text_is_removed() -> None:
    assert read_text("  성천군, \n two lines\t ") == "성천군, \n two lines"


@pytest.mark.parametrize(
    ("sign", "name"),
    [("\x1b", "U+001B"), ("\x00", "U+0000"), ("\x7f", "U+007F"), ("\x9b", "U+009B"), ("\u202e", "U+202E")],
)
def test_a_text_with_a_control_character_is_refused_and_names_it(sign: str, name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"it contains {name}, an invisible character; ")):
        read_text(f"a{sign}b")


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u3000"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^it is empty"):
        read_text(text)


@pytest.mark.parametrize(
    "text", ["\u00ad", "\u200d", " \u200c ", "\u0301", "\u20dd", "\u2800", "\u200e\u0308"]
)
def test_a_text_that_nobody_can_see_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^it has no visible character"):
        read_text(text)


@pytest.mark.parametrize("text", ["a", "성", "ก", "😀", "-", "क्\u200dष", "\xe9"])
def test_a_text_with_anything_visible_is_accepted(text: str) -> None:
    assert read_text(text) == text


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20))
@example("e\u0301\r\nx")
@example("\u212b")
@example("\u1109\u1165\u11bc")
def test_every_form_of_a_text_is_stored_composed(text: str) -> None:
    forms = set()
    for form in ("NFC", "NFD"):
        try:
            forms.add(read_text(normalize(form, text)))
        except ValueError:
            return
    (stored,) = forms
    assert is_normalized("NFC", stored)
    assert read_text(stored) == stored


@given(st.text(st.characters(categories=["L", "M", "N"]), min_size=1, max_size=20))
@example("\u0130\u0323")
def test_every_form_of_a_link_is_stored_composed(text: str) -> None:
    links = set()
    for form in ("NFC", "NFD"):
        try:
            links.add(read_url(normalize(form, f"https://{text}.org/{text}")))
        except ValueError:
            return
    (stored,) = links
    assert is_normalized("NFC", stored)


def test_a_text_is_accepted_up_to_the_maximum_length() -> None:
    assert read_text(f" {'가' * LONGEST_TEXT} ") == "가" * LONGEST_TEXT
    with pytest.raises(ValueError, match=rf"^it has {LONGEST_TEXT + 1} characters; at most {LONGEST_TEXT}"):
        read_text("가" * (LONGEST_TEXT + 1))


@pytest.mark.parametrize("text", ["songchon-factories", "20x10-2024", "KP-01", "x", "a" * 80])
def test_an_id_is_kept_as_written(text: str) -> None:
    assert read_id(text) == text


@pytest.mark.parametrize(
    ("text", "likeness"),
    [
        ("Two Words", "two-words"),
        ("a--b", "a-b"),
        ("-a", "a"),
        ("a-", "a"),
        (" a", "a"),
        ("a_b", "a-b"),
        ("Sŏngch'ŏn", "songchon"),
        ("a" * 81, "a" * 80),
    ],
)
def test_text_that_is_not_an_id_is_refused_with_a_similar_id(text: str, likeness: str) -> None:
    with pytest.raises(ValueError, match=rf"is not an id; .*, as in {likeness}$") as refusal:
        read_id(text)
    assert str(refusal.value).startswith(repr(text))


@pytest.mark.parametrize("text", ["", "성천", "--"])
def test_text_that_is_like_no_id_is_refused_without_a_suggestion(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not an id; .* at most 80$"):
        read_id(text)


@given(st.text(max_size=12) | st.from_regex("[A-Za-z\u00df\ufb00\u017f\u212a0-9-]{1,12}", fullmatch=True))
@example("straße")
@example("ﬀ")
@example("\u212a")
def test_an_accepted_id_has_only_latin_letters_digits_and_single_hyphens(text: str) -> None:
    try:
        read = read_id(text)
    except ValueError:
        return
    assert re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", read)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://example.org/a?b=C#D", "https://example.org/a?b=C#D"),
        ("http://example.org", "http://example.org/"),
        (" HTTPS://Example.ORG/Path ", "https://example.org/Path"),
        ("https://Kim@Example.org:8080/", "https://Kim@example.org:8080/"),
        ("https://example.org/성천", "https://example.org/%EC%84%B1%EC%B2%9C"),
        ("https://[::1]/a", "https://[::1]/a"),
    ],
)
def test_a_link_is_stored_in_one_form(text: str, read: str) -> None:
    assert read_url(text) == read
    assert read_url(read) == read


@pytest.mark.parametrize(
    "text",
    [
        "example.org",
        "//example.org/a",
        "ftp://example.org/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "https://:80/",
        "https://kim@/",
        "https://[::1",
        "https://example.org/a b",
        "https://exam ple.org/",
        "https://example.org/a\u00a0b",
        "https://exam\nple.org/",
        "https://example.org/a\tb",
    ],
)
def test_text_that_is_not_a_link_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"' is not a link[;:] .*(has no spaces$|; write )"):
        read_url(text)


def test_a_link_is_refused_for_the_same_reasons_as_any_text() -> None:
    with pytest.raises(ValueError, match=r"U\+001B"):
        read_url("https://example.org/\x1b[0m")
    with pytest.raises(ValueError, match="it is empty"):
        read_url(" ")
    with pytest.raises(ValueError, match="at most 4000"):
        read_url("https://example.org/" + "a" * LONGEST_TEXT)
    longest = "https://example.org/" + "a" * (LONGEST_TEXT - 20)
    assert read_url(longest) == longest
    with pytest.raises(
        ValueError, match=r"^it has 4001 characters once its letters are percent-encoded; at m"
    ):
        read_url(longest[:-8] + "성")


def test_a_link_is_distinguished_from_the_id_of_a_source() -> None:
    assert looks_like_url("https://example.org/a")
    assert looks_like_url("ftp://example.org/a")
    assert not looks_like_url("kcna-2024-01-16")
    assert not looks_like_url("example.org/a")


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("kcna.kp", "kcna.kp"),
        (" WWW.KCNA.KP ", "kcna.kp"),
        ("www.www.example.org", "example.org"),
        ("www.kr", "www.kr"),
        ("www.www.kr", "www.kr"),
        ("mu\u0308nchen.de", "m\u00fcnchen.de"),
    ],
)
def test_a_domain_is_read_without_www_and_what_is_read_is_read_as_itself(text: str, domain: str) -> None:
    assert read_domain(text) == read_domain(domain) == domain
