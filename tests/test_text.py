"""Other people's text, made harmless, comparable and findable."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from unsafe import UNSAFE_RANGES

from nkplan.text import clean, explain_unknown, find_unsafe, fold, list_words, make_slug, match_ids, suggest

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
    assert told == "there is no kind 'hospitl'; did you mean hospital? (choose from canal and hospital)"
    assert explain_unknown("kind", "x", ["canal"]) == "there is no kind 'x'; write one of canal"


def test_of_all_characters_there_are_exactly_the_unsafe_are_replaced() -> None:
    unsafe = {code for first, last in UNSAFE_RANGES for code in range(first, last + 1)}
    everything = [chr(code) for code in range(0x110000)]
    cleaned = clean("".join(everything))
    assert len(cleaned) == len(everything)
    changed = {
        ord(before): after for before, after in zip(everything, cleaned, strict=True) if before != after
    }
    assert changed.keys() == unsafe
    assert {code for code, after in changed.items() if after == " "} == {0x09, 0x0A}
    assert set(changed.values()) == {" ", "\ufffd"}


@given(ANY_TEXT)
@example("a\nb\tc")
@example("fine\x85")
def test_an_unsafe_character_is_named_exactly_where_one_is_replaced(text: str) -> None:
    replaced = [before for before in text if before not in "\n\t" and clean(before) != before]
    assert find_unsafe(text) == (f"U+{ord(replaced[0]):04X}" if replaced else None)


HANGUL_AND_LATIN = st.text(
    st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
    | st.characters(min_codepoint=0x41, max_codepoint=0x24F, categories=["L"])
)


@given(HANGUL_AND_LATIN)
def test_composed_and_decomposed_names_fold_to_the_same(name: str) -> None:
    assert fold(unicodedata.normalize("NFC", name)) == fold(unicodedata.normalize("NFD", name))


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=4))
def test_names_in_hangul_fold_apart_where_they_differ(name: str) -> None:
    assert unicodedata.normalize("NFC", fold(name)) == name


@given(ANY_TEXT)
@example("№ 5")
@example("ℌ")
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_letters_of_other_scripts_are_kept_and_signs_are_not() -> None:
    assert fold("Сонг-чхон 2") == "сонгчхон2"
    assert fold("שלום") == "שלום"
    assert fold("成川郡") == "成川郡"
    assert fold("Sŏngch’ŏn") == fold("Sŏngch'ŏn") == fold("SONGCHON") == "songchon"
    assert fold(" '-/.’ʼ ") == ""


def test_vowel_signs_tell_names_apart() -> None:
    assert fold("कि") != fold("कु") != fold("क")
    assert fold("กำ") != fold("กู")


def test_a_numero_sign_is_spelt_no() -> None:
    assert fold("№ 5 mine") == fold("No 5 mine")
    assert make_slug("№ 5 mine") == "no-5-mine"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Koksan regional factories", "koksan-regional-factories"),
        ("Sŏngch'ŏn", "songchon"),
        ("  20x10 (2025) ", "20x10-2025"),
        ("성천", ""),
        ("성천 Songchon", "songchon"),
        ("--", ""),
        ("a" * 100, "a" * 80),
        ("a" * 79 + " b", "a" * 79),
    ],
)
def test_a_slug_is_the_name_in_small_latin_letters(name: str, slug: str) -> None:
    assert make_slug(name) == slug


IDS = st.lists(st.from_regex(r"[ab]{1,2}(-[ab]{1,2}){0,2}", fullmatch=True), max_size=8, unique=True)


@given(IDS, st.randoms())
def test_the_order_of_ids_never_decides_which_are_meant(ids: list[str], random: object) -> None:
    shuffled = list(ids)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for part in ("a", "ab", "a-b", *ids):
        assert match_ids(part, shuffled) == match_ids(part, ids) == sorted(match_ids(part, ids))


@given(IDS)
def test_every_id_means_itself_alone(ids: list[str]) -> None:
    for id_ in ids:
        assert match_ids(id_, ids) == match_ids(id_.upper(), ids) == [id_]


@given(IDS, st.sampled_from(["a", "ab", "b-a"]))
def test_the_best_of_the_ids_that_hold_a_part_are_meant(ids: list[str], part: str) -> None:
    words = part.split("-")

    def rank(id_: str) -> int:
        its = id_.split("-")
        runs = [its[start : start + len(words)] for start in range(len(its))]
        return 3 if id_ == part else 2 if words in runs else 1 if part in id_ else 0

    best = max(map(rank, ids), default=0)
    assert match_ids(part, ids) == sorted(id_ for id_ in ids if best and rank(id_) == best)


def test_an_ambiguous_part_gives_all_that_it_can_mean_sorted() -> None:
    ids = ["usi-hospital", "kusim-farm", "usi-factories"]
    assert match_ids("usi", ids) == ["usi-factories", "usi-hospital"]
    assert match_ids("farm", ids) == ["kusim-farm"]
    assert match_ids("성천", ids) == []


def test_the_nearest_word_is_suggested_and_none_where_none_is_near() -> None:
    words = ["building", "completed", "operating"]
    assert suggest("bulding", words) == "building"
    assert suggest("OPERATNG", words) == "operating"
    assert suggest("xyz", words) is None
    assert suggest("building", []) is None


def test_no_more_words_are_listed_than_were_asked_for() -> None:
    assert list_words("ab", most=2) == "a and b"
    words = [f"w{number}" for number in range(61)]
    assert list_words(words[:60]).endswith("w58 and w59")
    assert list_words(words).endswith("w58, w59 and 1 more")
