"""The words of a text and of a search: that a word is found and marked however either is written."""

import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import product

import pytest
from each import for_each, sample
from hypothesis import example, given
from hypothesis import strategies as st

from nkplan.errors import BadInput
from nkplan.reports.hits import mark
from nkplan.sql import read_sql
from nkplan.text import find_unsafe, fold
from nkplan.words import make_pattern, read_search, write_match, write_words

# Nine in ten signs are letters without case, such as Han, or no signs at all: none of these is of interest.
# The planes that are left out have no others.
EVERY_SIGN = [
    sign
    for sign in map(chr, [*range(0x20000), *range(0xE0000, 0xF0000)])
    if unicodedata.category(sign) not in {"Lo", "Cn", "Co", "Cs"}
    and find_unsafe(f"a{sign}b") is None
    and find_unsafe(sign) is None
]
NAMES = {sign: unicodedata.name(sign, "") for sign in EVERY_SIGN}
APOSTROPHES = [*"`´‘’‛′‵ʹʻʼʽʾʿˈˊˋ՚׳Ꞌꞌ"]
# ŉ is a letter and an apostrophe in one.
APOSTROPHES += [sign for sign, name in NAMES.items() if "APOSTROPHE" in name and sign != "ŉ"]
HYPHENS = [*"–‒−"]
HYPHENS += [sign for sign, name in NAMES.items() if "HYPHEN" in name and unicodedata.category(sign) == "Pd"]
JOINERS = [sign for sign in EVERY_SIGN if unicodedata.category(sign) == "Cf"] + list("\u034f\ufe00\ufe0f")
SPACES = [sign for sign in EVERY_SIGN if unicodedata.category(sign) == "Zs"]
RUNS = [
    ("สร้างโรงงานใหม่ในจังหวัด", ["โรงงาน", "จังหวัด", "สร้าง", "ใหม่"], ["งานโรง", "โรงพยาบาล"]),
    ("ສ້າງໂຮງງານໃໝ່ໃນແຂວງ", ["ໂຮງງານ", "ແຂວງ", "ສ້າງ"], ["ງານໂຮງ", "ໂຮງໝໍ"]),
    ("សាងសង់រោងចក្រថ្មីនៅខេត្ត", ["រោងចក្រ", "ខេត្ត", "ថ្មី"], ["ចក្ររោង", "មន្ទីរ"]),
    ("စက်ရုံအသစ်တည်ဆောက်ပြီး", ["စက်ရုံ", "အသစ်", "ဆောက်"], ["ရုံစက်", "ဆေးရုံ"]),
    ("地方産業工場をスタート", ["産業", "工場", "スタート"], ["業産", "病院"]),
]


@dataclass
class Index:
    """An index of one text, which is in a title or elsewhere."""

    connection: sqlite3.Connection

    def finds(self, typed: str, title: str | None = None, text: str | None = None) -> bool:
        match = write_match(read_search(typed))
        self.connection.execute("DELETE FROM texts")
        self.connection.execute(
            "INSERT INTO texts (list, id, title, text, title_words, text_words)"
            " VALUES ('place', 'x', ?, ?, ?, ?)",
            [title, text, write_words(title), write_words(text)],
        )
        found = self.connection.execute("SELECT rowid FROM words WHERE words MATCH ?", [match])
        return found.fetchone() is not None


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(read_sql("schema"))
        connection.execute("BEGIN")
        yield Index(connection)


def is_marked(typed: str, text: str) -> bool:
    return any(marked for _, marked in mark(text, make_pattern(read_search(typed))).parts)


def check(index: Index, typed: str, text: str) -> None:
    assert index.finds(typed, text=text), (typed, text)
    assert index.finds(typed, title=text), (typed, text)
    assert is_marked(typed, text), (typed, text)


@for_each("sign", [*APOSTROPHES, *HYPHENS, *JOINERS])
def test_a_sign_inside_a_name_does_not_matter(index: Index, sign: str) -> None:
    written = f"song{sign}chon"
    for typed, text in (
        (written, "At Songchon."),
        ("songchon", f"At {written}."),
        (written, f"At {written}."),
    ):
        check(index, typed, text)
        check(index, f'"{typed} now"', f"{text[:-1]} now.")
    assert fold(written) == "songchon"


@for_each("sign", [*APOSTROPHES, *HYPHENS])
def test_the_word_after_an_apostrophe_or_a_hyphen_is_found(index: Index, sign: str) -> None:
    check(index, "usine", f"A l{sign}usine.")
    check(index, '"usine neuve"', f"A l{sign}usine neuve.")


@for_each("sign", SPACES)
def test_every_space_separates_words(index: Index, sign: str) -> None:
    for typed in ("factory", '"regional factory"', "regional factory", f'"regional{sign}factory"'):
        check(index, typed, f"A regional{sign}factory.")


FORMS = [
    (chr(ord(letter) + 0xFEE0), letter)
    for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
]
FORMS += [
    ("ß", "ss"), ("ẞ", "ss"), ("ﬁ", "fi"), ("ﬆ", "st"), ("æ", "ae"), ("ø", "o"), ("ł", "l"), ("ı", "i"),
    ("×", "x"), ("²", "2"), ("ｶ", "カ"), ("ﾡ", "ᄀ"), ("ㄱ", "ᄀ"), ("ﾡￂ", "가"), ("㎞", "km"), ("Ⅳ", "iv"),
    ("ŏ", "o"), ("ς", "σ"), ("ﻢ", "م"), ("ﬃ", "ffi"), ("ǆ", "dz"),
]  # fmt: skip


@for_each(
    ("one", "other", "before", "after"),
    sample(
        ((*form, *around) for form, around in product(FORMS, [("", ""), ("q", ""), ("", "q"), ("q", "q")])),
        lambda case: (case[:2], case[2:]),
    ),
)
def test_two_forms_of_a_letter_are_the_same(
    index: Index, one: str, other: str, before: str, after: str
) -> None:
    texts = [f"{before}{form}{after}" for form in (one, other)]
    for typed in texts:
        for text in texts:
            check(index, typed, f"a {text} b")
            check(index, f'"{typed}"', f"a {text} b")
    assert fold(texts[0]) == fold(texts[1])


@pytest.mark.parametrize(("text", "words", "others"), RUNS)
def test_a_word_is_found_inside_a_run_of_letters(
    index: Index, text: str, words: list[str], others: list[str]
) -> None:
    for word in words:
        for typed in (word, f'"{word}"', unicodedata.normalize("NFD", word)):
            check(index, typed, text)
            check(index, typed, f"20{text}")
            check(index, typed, f"Built: {text} (2024)")
    for word in others:
        assert not index.finds(word, text=text), word


@pytest.mark.parametrize(("text", "words", "others"), RUNS[:4])
def test_a_zero_width_space_shows_where_a_word_ends_and_does_not_matter(
    index: Index, text: str, words: list[str], others: list[str]
) -> None:
    for word in words:
        apart = text.replace(word, f"\u200b{word}\u200b")
        assert find_unsafe(apart) is None
        for typed in (word, f'"{word}"', f"\u200b{word}"):
            check(index, typed, apart)
            check(index, typed, text)
        assert fold(apart) == fold(text)


@for_each("text", ["中20×10中", "中20x10中", "the 20×10 plan", "20X10", "２０×１０地方", "กิ20×10"])
@for_each("typed", ["20x10", "20×10", '"20×10"', '"20x10"', "20X1"])
def test_a_multiplication_sign_is_an_x_beside_any_script(index: Index, text: str, typed: str) -> None:
    check(index, typed, text)


PLURALS = [
    ("factories", "factory"), ("hospitals", "hospital"), ("villages", "village"), ("buses", "bus"),
    ("boxes", "box"), ("cows", "cow"), ("FARMS", "Farm"), ("cities", "city"), ("movies", "movie"),
]  # fmt: skip


@pytest.mark.parametrize(("plural", "singular"), PLURALS)
def test_a_plural_finds_and_marks_its_singular(index: Index, plural: str, singular: str) -> None:
    check(index, plural, f"A {singular} was built.")
    check(index, plural, f"Two {plural} were built.")
    check(index, f"{plural} built", f"A {singular} was built.")
    for text in (f"{singular}q was built.", f"q{singular} was built"):
        assert not index.finds(plural, text=text), text
        assert not is_marked(plural, text), text
    assert not index.finds(f'"{plural}"', text=f"A {singular} was built.")
    assert not is_marked(f'"{plural}"', f"A {singular} was built.")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("bus", "bu"), ("glass", "glas"), ("status", "statu"), ("basis", "basi"), ("news", "new"),
        ("goods", "good"), ("gas", "ga"), ("factory", "factories"), ("заводs", "завод"), ("kw20s", "kw20"),
    ],
)  # fmt: skip
def test_a_word_that_is_no_plural_finds_only_itself(index: Index, typed: str, text: str) -> None:
    assert not index.finds(typed, text=text)


# Whatever is written

LETTERS = "abzABZéŏßﬁæøłıＡｚ２×성천ᄀ가ㄱﾡￂ地産カガｶﾞーกิำ่າກងរ្ကို́कि٣مﻢЖжσς½№㎞"
SIGNS = "'’ʼ`´-‐–\u00ad\u200d\u200c\ufe0f .,—·\u00a0。「"
WORDS = st.text(st.sampled_from(LETTERS), min_size=1, max_size=6)
DISGUISES = (
    str.upper, str.lower, str.casefold,
    lambda word: unicodedata.normalize("NFD", word), lambda word: unicodedata.normalize("NFKC", word),
    lambda word: unicodedata.normalize("NFKD", word),
    lambda word: word[:1] + "\u00ad" + word[1:], lambda word: word[:1] + "'" + word[1:],
    lambda word: word[:1] + "‐" + word[1:], lambda word: word[:1] + "\u200d" + word[1:],
    lambda word: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in word),
    lambda word: "".join(f"{one}\u0301" if one.isascii() and one.isalpha() else one for one in word),
)  # fmt: skip


@given(
    words=st.lists(WORDS, min_size=1, max_size=4),
    at=st.integers(0, 3),
    disguise=st.sampled_from(DISGUISES),
    between=st.sampled_from([" ", ". ", " — ", "\u00a0", "。"]),
)
def test_a_word_of_a_text_is_found_and_marked_in_any_disguise(
    index: Index, words: list[str], at: int, disguise: Callable[[str], str], between: str
) -> None:
    word = words[at % len(words)]
    if not fold(word):
        return
    text = between.join(words)
    disguised = disguise(word)
    check(index, disguised, text)
    check(index, f'"{word}"', text)
    check(index, word, text.replace(word, disguised))


@given(text=st.text(st.sampled_from(LETTERS + SIGNS), max_size=20),
       typed=st.text(st.sampled_from(LETTERS + SIGNS + '"'), max_size=6))  # fmt: skip
@example(text="song\u00adchon", typed="chon")
@example(text="ａ’b", typed='"b"')
@example(text="㍿", typed="株 式")
def test_what_is_found_is_marked_and_marks_do_not_change_the_text(
    index: Index, text: str, typed: str
) -> None:
    try:
        words = read_search(typed)
    except BadInput:
        return
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    marked = mark(text, make_pattern(words))
    assert marked == plain
    assert "".join(part for part, _ in marked.parts) == plain
    # A search of several words also finds names that are written as one.
    if len(words) == 1 and index.finds(typed, text=text):
        assert any(is_marked for _, is_marked in marked.parts)


@given(
    text=st.text(st.sampled_from("ab '-."), max_size=12),
    typed=st.text(st.sampled_from("ab'-"), min_size=1, max_size=4),
)
def test_a_text_that_is_indexed_as_it_is_has_the_words_of_its_folded_form(
    index: Index, text: str, typed: str
) -> None:
    """The same text, once with a sign that makes the program fold it, has the same words."""
    if not fold(typed):
        return
    assert index.finds(typed, text=text) == index.finds(typed, text=f"{text} 。")
    assert index.finds(f'"{typed}"', text=text) == index.finds(f'"{typed}"', text=f"{text} 。")
