"""Cleaning, folding and matching of text that other people wrote."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from unsafe import UNSAFE_RANGES

from nkplan.text import (
    clean,
    explain_unknown,
    find_unsafe,
    fold,
    fold_signs,
    list_words,
    make_slug,
    match_ids,
    show_apart,
    suggest,
    write_number,
)

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=[]))
CONTROL = {"Cc", "Cs", "Zl", "Zp"}
INVISIBLE = set(
    "\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


@given(ANY_TEXT)
@example("\x1b]52;c;aGk=\x07")
@example("a\u202eb\u2066c\ud800d\x9be")
def test_clean_removes_everything_that_controls_a_terminal(text: str) -> None:
    cleaned = clean(text)
    assert not [sign for sign in cleaned if unicodedata.category(sign) in CONTROL or sign in INVISIBLE]
    assert clean(cleaned) == cleaned
    assert find_unsafe(cleaned) is None


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"])))
def test_clean_keeps_letters_marks_and_symbols_of_every_script(text: str) -> None:
    assert clean(text) == text
    assert find_unsafe(text) is None


def test_clean_keeps_joiners_marks_and_right_to_left_text() -> None:
    for text in ("می\u200cخواهم", "👩\u200d🌾", "성천군", "שלום\u200f", "Sŏngch'ŏn", "e\u0301"):
        assert clean(text) == text
        assert find_unsafe(text) is None


THAI_LAO_BURMESE_KHMER = [
    sign
    for block in (range(0x0E00, 0x0F00), range(0x1000, 0x10A0), range(0x1780, 0x1800))
    for sign in map(chr, block)
    if unicodedata.category(sign)[0] in "LM" and find_unsafe(sign) is None
]


def test_a_zero_width_space_stays_beside_a_letter_of_a_script_that_breaks_lines_with_it() -> None:
    assert len(THAI_LAO_BURMESE_KHMER) > 300
    for letter in THAI_LAO_BURMESE_KHMER:
        for text in (f"{letter}\u200b{letter}", f"{letter}\u200b2", f"2\u200b{letter}", f"{letter}\u200b"):
            assert find_unsafe(text) is None
            assert clean(text) == text
            assert fold(text) == fold(text.replace("\u200b", ""))
        assert clean(f"{letter}\u200b\u200b\u200b{letter}") == f"{letter}\u200b\ufffd\u200b{letter}"


@given(st.characters(exclude_categories=["Cs"]), st.characters(exclude_categories=["Cs"]))
@example("ا", "ا")
@example("中", "中")
@example("\u17b4", "\u17b5")
def test_a_zero_width_space_is_refused_anywhere_else(before: str, after: str) -> None:
    uses = "THAI", "LAO", "KHMER", "MYANMAR"
    if any(unicodedata.name(sign, "THAI").startswith(uses) for sign in (before, after)) and (
        {before, after}.isdisjoint("\u17b4\u17b5")
    ):
        return
    assert "\u200b" not in clean(f"{before}\u200b{after}")
    assert find_unsafe(f"{before}\u200b{after}") is not None


def test_fold_drops_what_can_never_be_seen() -> None:
    for sign in "\u00ad\u034f\u115f\u1160\u180b\u200c\u200d\u200e\u200f\ufe00\ufe0f\U000e0100\u200b\u2060":
        assert fold(f"song{sign}chon") == "songchon", ascii(sign)
    assert fold("Łódź 20×10") == fold("Lodz 20x10") == make_slug("Łódź20×10")


def test_lines_and_tabs_become_spaces_on_one_line() -> None:
    assert clean("a\r\nb\nc\td") == "a b c d"


def test_the_first_unsafe_character_is_named() -> None:
    assert find_unsafe("fine \x1b[0m") == "U+001B"
    assert find_unsafe("a\u202eb") == "U+202E"
    assert find_unsafe("a\nb\tc") is None


def test_spellings_that_differ_only_in_marks_fold_to_the_same() -> None:
    assert fold("P'yŏngyang") == fold("PYONGYANG") == fold("pyong-yang") == "pyongyang"
    assert fold("성천군") == fold(unicodedata.normalize("NFD", "성천군"))
    assert fold("Rakwon") != fold("Ragwon")


@given(ANY_TEXT)
def test_a_slug_has_only_latin_letters_digits_and_inner_hyphens(text: str) -> None:
    slug = make_slug(text)
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert make_slug(slug) == slug


def test_a_whole_id_wins_over_whole_words_and_whole_words_over_other_parts() -> None:
    ids = ["usi-factories", "kusim-farm", "usi", "musical-hall"]
    assert match_ids("usi", ids) == ["usi"]
    assert match_ids("usi", ids[:2]) == ["usi-factories"]
    assert match_ids("us", ids) == ["kusim-farm", "musical-hall", "usi", "usi-factories"]
    assert match_ids("Usi Factories", ids) == ["usi-factories"]
    assert match_ids("nowhere", ids) == []
    assert match_ids("", ids) == []
    assert match_ids("kp-02", ["KP-02", "kp-02-songchon"]) == ["KP-02"]


def test_words_are_joined_as_in_a_sentence() -> None:
    assert list_words([]) == "none"
    assert list_words(["a"]) == "a"
    assert list_words(["a", "b", "c"]) == "a, b and c"
    assert list_words("abcd", most=2) == "a, b and 2 more"


def test_a_mistyped_word_is_reported_with_the_nearest_and_all_choices() -> None:
    told = explain_unknown("kind", "hospitl", ["canal", "hospital"])
    assert told == "there is no kind 'hospitl'; did you mean hospital? (choose from canal and hospital)"
    assert explain_unknown("kind", "x", ["canal"]) == "there is no kind 'x'; write one of canal"


def test_clean_replaces_exactly_the_unsafe_characters_of_unicode() -> None:
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
def test_find_unsafe_names_the_first_character_that_clean_replaces(text: str) -> None:
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
def test_different_hangul_names_fold_to_different_text(name: str) -> None:
    assert unicodedata.normalize("NFC", fold(name)) == name


@given(ANY_TEXT)
@example("№ 5")
@example("ℌ")
def test_folding_twice_is_the_same_as_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_fold_keeps_letters_of_other_scripts_and_drops_punctuation() -> None:
    assert fold("Сонг-чхон 2") == "сонгчхон2"
    assert fold("שלום") == "שלום"
    assert fold("成川郡") == "成川郡"
    assert fold("Sŏngch’ŏn") == fold("Sŏngch'ŏn") == fold("SONGCHON") == "songchon"
    assert fold(" '-/.’ʼ ") == ""


def test_fold_keeps_vowel_signs() -> None:
    assert fold("कि") != fold("कु") != fold("क")
    assert fold("กำ") != fold("กู")


def test_a_numero_sign_becomes_no() -> None:
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
        ("성천군 2호 발전소", ""),
        ("20×10", "20x10"),
        ("２０×１０", "20x10"),
        ("A·B — C", "a-b-c"),
        ("P’yŏngwŏn", "pyongwon"),
        ("Łódź, Øster Æble, Þing, Diyarbakır", "lodz-oster-aeble-thing-diyarbakir"),
        ("Straße", "strasse"),
        ("--", ""),
        ("a" * 100, "a" * 80),
        ("a" * 79 + " b", "a" * 79),
    ],
)
def test_a_slug_is_the_name_in_lower_case_latin_letters(name: str, slug: str) -> None:
    assert make_slug(name) == slug


IDS = st.lists(st.from_regex(r"[ab]{1,2}(-[ab]{1,2}){0,2}", fullmatch=True), max_size=8, unique=True)


@given(IDS, st.randoms())
def test_the_order_of_the_ids_never_changes_the_matches(ids: list[str], random: object) -> None:
    shuffled = list(ids)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for part in ("a", "ab", "a-b", *ids):
        assert match_ids(part, shuffled) == match_ids(part, ids) == sorted(match_ids(part, ids))


@given(IDS)
def test_a_whole_id_matches_only_itself(ids: list[str]) -> None:
    for id_ in ids:
        assert match_ids(id_, ids) == match_ids(id_.upper(), ids) == [id_]


@given(IDS, st.sampled_from(["a", "ab", "b-a"]))
def test_only_the_best_kind_of_match_is_returned(ids: list[str], part: str) -> None:
    words = part.split("-")

    def rank(id_: str) -> int:
        its = id_.split("-")
        runs = [its[start : start + len(words)] for start in range(len(its))]
        return 3 if id_ == part else 2 if words in runs else 1 if part in id_ else 0

    best = max(map(rank, ids), default=0)
    assert match_ids(part, ids) == sorted(id_ for id_ in ids if best and rank(id_) == best)


def test_an_ambiguous_part_matches_all_its_ids_in_order() -> None:
    ids = ["usi-hospital", "kusim-farm", "usi-factories"]
    assert match_ids("usi", ids) == ["usi-factories", "usi-hospital"]
    assert match_ids("farm", ids) == ["kusim-farm"]
    assert match_ids("성천", ids) == []


def test_suggest_returns_the_nearest_word_or_none() -> None:
    words = ["building", "completed", "operating"]
    assert suggest("bulding", words) == "building"
    assert suggest("OPERATNG", words) == "operating"
    assert suggest("xyz", words) is None
    assert suggest("building", []) is None


@pytest.mark.parametrize(
    ("typed", "words", "meant"),
    [
        ("power", ["canal", "other"], None),
        ("power", ["other", "power-station"], "power-station"),
        ("songchn", ["songchon", "kosong"], "songchon"),
        ("hospitl", ["housing", "hospital"], "hospital"),
        ("opertaing", ["operating", "building"], "operating"),
        ("privince", ["place", "province"], "province"),
        ("fctory", ["factory"], "factory"),
        ("satelite", ["state-media", "satellite-imagery"], "satellite-imagery"),
        ("lst", ["list", "last"], "list"),
        ("hsow", ["show"], "show"),
        ("pdate", ["update"], "update"),
        ("a", ["b", "list"], None),
        ("-", ["-", "a-b"], None),
        ("x" * 10_000, ["x" * 10_000], None),
    ],
)
def test_a_suggestion_shares_something_with_what_was_typed(
    typed: str, words: list[str], meant: str | None
) -> None:
    assert suggest(typed, words) == meant


@given(
    st.text("abcdefgh", min_size=4, max_size=12),
    st.lists(st.text("abcdefgh", min_size=3, max_size=12), max_size=5),
    st.integers(0, 10),
)
def test_a_word_itself_and_one_without_one_letter_get_a_suggestion(
    word: str, others: list[str], at: int
) -> None:
    assert suggest(word, [*others, word]) == word
    typed = word[: at % len(word)] + word[at % len(word) + 1 :]
    assert suggest(typed, [*others, word]) is not None or typed[:1] != word[:1]


@given(st.text("abcdefghij", max_size=8), st.text("abcdefghij", max_size=8))
def test_a_suggestion_begins_like_the_word_or_has_three_of_its_letters_in_a_row(
    word: str, other: str
) -> None:
    if suggest(word, [other]) is not None:
        runs = {word[at : at + 3] for at in range(len(word) - 2)}
        assert word[0] == other[0] or word[1::-1] == other[:2] or any(run in other for run in runs)


@given(ANY_TEXT, ANY_TEXT)
@example("A B", "A\u00a0B")
@example("A<U+00A0>B", "A\u00a0B")
@example("a\\xa0", "a\xa0")
@example("\u034f", "")
def test_two_texts_that_differ_are_written_differently(one: str, other: str) -> None:
    for most in (2000, 10):
        written = show_apart(repr(one), repr(other), most)
        assert (written[0] != written[1]) == (one != other)


@pytest.mark.parametrize(
    ("one", "other", "written"),
    [
        ("A B", "A\u00a0B", ("'A B'", "'A<U+00A0>B'")),
        ("a\u3000b", "a\u2009b", ("'a<U+3000>b'", "'a<U+2009>b'")),
        ("ab", "a\u200db", ("'ab'", "'a<U+200D>b'")),
        ("20-24", "20\u201324", ("'20-24'", "'20<U+2013>24'")),
        ("CAP", "\u0421AP", ("'CAP'", "'<U+0421>AP'")),
        ("a\ufe0f", "a", ("'a<U+FE0F>'", "'a'")),
        ("\u0421\u0410", "\u0421\u0411", ("'\u0421\u0410'", "'\u0421\u0411'")),
        (
            "x" * 50 + "a" + "y" * 50,
            "x" * 50 + "b",
            ("(... 48 characters ...) xxxayyyyyy (... 45 characters ...)", "(... 48 characters ...) xxxb'"),
        ),
    ],
)
def test_a_difference_that_cannot_be_seen_is_written_as_code_points(
    one: str, other: str, written: tuple[str, str]
) -> None:
    assert show_apart(repr(one), repr(other), 10 if len(one) > 50 else 600) == written


@given(st.text("-_.' \u2014\u00b7\u00d7\u2116\u2122", max_size=4), IDS)
def test_signs_alone_are_part_of_no_id(signs: str, ids: list[str]) -> None:
    assert match_ids(signs, [*ids, "x", "no", "tm"]) == []


def test_of_ids_that_differ_in_case_only_the_one_typed_is_meant() -> None:
    assert match_ids("Ab", ["AB", "Ab", "ab", "ab-c"]) == ["Ab"]
    assert match_ids("aB", ["AB", "ab-c"]) == ["AB"]


def test_at_most_the_requested_number_of_words_is_listed() -> None:
    assert list_words("ab", most=2) == "a and b"
    words = [f"w{number}" for number in range(61)]
    assert list_words(words[:60]).endswith("w58 and w59")
    assert list_words(words).endswith("w58, w59 and 1 more")


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_two_numbers_that_differ_are_written_differently(one: float, other: float) -> None:
    assert (write_number(one) == write_number(other)) == (repr(one) == repr(other))
    assert float(write_number(one)) == one


@pytest.mark.parametrize(
    ("number", "written"), [(91.0, "91"), (99.9999999, "99.9999999"), (-90, "-90"), (0.1, "0.1")]
)
def test_a_number_is_written_in_full_and_a_whole_one_without_a_point(number: float, written: str) -> None:
    assert write_number(number) == written


def test_an_ascii_text_folds_as_the_same_signs_do_in_any_other_text() -> None:
    every = "".join(map(chr, range(128)))
    assert f"{fold_signs(every)} h" == fold_signs(f"{every} ĥ")
