"""Other people's text, made harmless, comparable and findable."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from nkplan.text import clean, explain_unknown, find_unsafe, fold, list_words, make_slug, match_ids

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=[]))
STEERING = {"Cc", "Cs", "Zl", "Zp"}
TRICKS = set(
    "\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


@given(ANY_TEXT)
@example("\x1b]52;c;aGk=\x07")
@example("a\u202eb\u2066c\ud800d\x9be")
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    cleaned = clean(text)
    assert not [sign for sign in cleaned if unicodedata.category(sign) in STEERING or sign in TRICKS]
    assert clean(cleaned) == cleaned
    assert find_unsafe(cleaned) is None


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"])))
def test_letters_marks_and_signs_of_every_script_are_left_as_they_are(text: str) -> None:
    assert clean(text) == text
    assert find_unsafe(text) is None


def test_joiners_marks_and_other_directions_survive() -> None:
    for text in ("می\u200cخواهم", "👩\u200d🌾", "성천군", "שלום\u200f", "Sŏngch'ŏn", "e\u0301"):
        assert clean(text) == text
        assert find_unsafe(text) is None


def test_lines_and_tabs_become_spaces_on_one_line() -> None:
    assert clean("a\r\nb\nc\td") == "a b c d"


def test_the_first_unsafe_character_is_named() -> None:
    assert find_unsafe("fine \x1b[0m") == "U+001B"
    assert find_unsafe("a\u202eb") == "U+202E"
    assert find_unsafe("a\nb\tc") is None


def test_spellings_that_differ_in_nothing_but_signs_fold_to_the_same() -> None:
    assert fold("P'yŏngyang") == fold("PYONGYANG") == fold("pyong-yang") == "pyongyang"
    assert fold("성천군") == fold(unicodedata.normalize("NFD", "성천군"))
    assert fold("Rakwon") != fold("Ragwon")


@given(ANY_TEXT)
def test_a_slug_is_what_a_person_can_type(text: str) -> None:
    slug = make_slug(text)
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert make_slug(slug) == slug


def test_a_whole_id_comes_before_whole_words_and_those_before_other_parts() -> None:
    ids = ["usi-factories", "kusim-farm", "usi", "musical-hall"]
    assert match_ids("usi", ids) == ["usi"]
    assert match_ids("usi", ids[:2]) == ["usi-factories"]
    assert match_ids("us", ids) == ["kusim-farm", "musical-hall", "usi", "usi-factories"]
    assert match_ids("Usi Factories", ids) == ["usi-factories"]
    assert match_ids("nowhere", ids) == []
    assert match_ids("", ids) == []
    assert match_ids("kp-02", ["KP-02", "kp-02-songchon"]) == ["KP-02"]


def test_words_are_listed_as_in_a_sentence() -> None:
    assert list_words([]) == "none"
    assert list_words(["a"]) == "a"
    assert list_words(["a", "b", "c"]) == "a, b and c"
    assert list_words("abcd", most=2) == "a, b and 2 more"


def test_a_mistyped_word_is_told_with_the_nearest_and_all() -> None:
    told = explain_unknown("kind", "hospitl", ["canal", "hospital"])
    assert told == "there is no kind 'hospitl'; did you mean hospital? (of canal and hospital)"
    assert explain_unknown("kind", "x", ["canal"]) == "there is no kind 'x'; write one of canal"
