"""Clean text from outside for a screen, fold names for search, and find what a typed word can mean."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from itertools import zip_longest
from struct import iter_unpack

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f"
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\U0001b000-\U0001b16f\U00020000-\U000333af"
)
"""Scripts without spaces between words, as in a class of a pattern: Thai, Lao, Burmese, Khmer, kana, Han."""

# C0 except tab and newline, DEL, C1, bidirectional overrides and isolates, the byte order mark, lone
# surrogates, and invisible characters that no script needs: zero-width spaces, fillers (a name could consist
# of nothing else), invisible tags, format controls, and the code points that Unicode reserves for more of
# these. Joiners (U+200C, U+200D), directional marks (U+200E, U+200F), soft hyphens and variation selectors
# are part of ordinary writing and stay; so does a zero-width space beside a letter of a script that shows
# with it where a word ends: Thai, Lao, Burmese and Khmer. Printable ASCII, which is nearly all text, is not
# searched.
_BREAKABLE = "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17b3\u17b6-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f]"
_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u17b4\u17b5\u180e\u2028-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ud800-\udfff\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    f"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]|(?<!{_BREAKABLE})\u200b(?!{_BREAKABLE})"
)


def is_plain(text: str) -> bool:
    """Return whether a text is all printable ASCII, a quick test."""
    return text.isascii() and text.isprintable()


_PRINTABLE = bytes(range(32, 127))


def drop_printable(text: str) -> bytes | None:
    """Return what an ASCII text has beside printable signs, None for another; quick for a long text."""
    return text.encode().translate(None, _PRINTABLE) if text.isascii() else None


def compose(text: str) -> str:
    """Compose the letters of a text (Unicode's NFC), so that two texts that read the same are the same."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def find_unsafe(text: str) -> str | None:
    """Return the first character that must not reach a screen, written as in `U+001B`, or None."""
    if is_plain(text):
        return None
    found = re.search(_UNSAFE, text)
    return f"U+{ord(found[0]):04X}" if found else None


def has_visible(text: str) -> bool:
    """Return whether anything in a text can be seen: spaces, joiners, marks and blanks alone cannot."""
    return any(
        unicodedata.category(sign) not in {"Mn", "Me", "Cf", "Cc", "Zs", "Zl", "Zp"} and sign != "\u2800"
        for sign in text
    )


def clean(text: str, *, on_one_line: bool = True) -> str:
    """Replace every character that could steer a terminal with U+FFFD.

    With `on_one_line`, newlines and tabs become spaces.
    """
    if is_plain(text):
        return text
    if on_one_line:
        text = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    return re.sub(_UNSAFE, "\ufffd", text)


def escape_unsafe(written: str) -> str:
    """Escape every character of a JSON text that must not reach a screen; everything else stays."""
    if is_plain(written):
        return written
    return re.sub(_UNSAFE, lambda found: _escape(found[0]), written)


@cache
def _escape(sign: str) -> str:
    """Return the JSON escape of a character: one or two UTF-16 code units."""
    written = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{number:04x}" for (number,) in iter_unpack(">H", written))


def count_cells(text: str) -> int:
    """Return how many cells of a terminal a text takes: Hangul and other wide letters take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def is_link(text: str) -> bool:
    """Return whether a text is safe to open: an http or https address without invisible characters."""
    return (
        text.isprintable()
        and find_unsafe(text) is None
        and re.fullmatch(r"https?://[^\s<>\"\\\ufffd]+", text, re.IGNORECASE) is not None
    )


def shorten(text: str, most: int = 2000) -> str:
    """Cut the middle out of a text too long to read, and say how much was cut.

    The start of a message says what is wrong and its end what to do, so both stay.
    """
    if len(text) <= most:
        return text
    head, tail = most * 2 // 3, most // 3
    return f"{text[:head]} (... {len(text) - head - tail} characters ...) {text[-tail:]}"


def write_number(value: float) -> str:
    """Write a number in full, so that two that differ are written differently; a whole one has no point."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def quote(text: str, most: int = 100) -> str:
    """Quote what the user wrote for use in a sentence, without its middle if it is long."""
    return repr(shorten(text, most))


def show_apart(one: str, other: str, most: int) -> tuple[str, str]:
    """Write two different texts, quoted by `repr`, so that the difference shows, in about `most` characters.

    Of long ones the part around the first difference stays. An unusual space or invisible character is
    written as its code point, as in `<U+00A0>`; so is, if the texts look the same, every other character that
    looks like a more usual one.
    """
    named = [re.sub(_ESCAPE, _name_escaped, text) for text in (one, other)]
    one, other = _choose_different(named, one, other)
    if _look_of(one) == _look_of(other):
        named = ["".join(map(_name_lookalike, text)) for text in (one, other)]
        one, other = _choose_different(named, one, other)
    if max(len(one), len(other)) > most:
        pairs = enumerate(zip_longest(one, other))
        shared = next((at for at, pair in pairs if pair[0] != pair[1]), 0)
        start = max(0, shared - most // 3)
        one, other = _cut_around(one, start, most), _cut_around(other, start, most)
    return one, other


def _cut_around(text: str, start: int, most: int) -> str:
    """Cut a text down to `most` characters from `start`, and say how much was cut on either side."""
    rest = len(text) - start - most
    before = f"(... {start} characters ...) " if start else ""
    after = f" (... {rest} characters ...)" if rest > 0 else ""
    return f"{before}{text[start : start + most]}{after}"


# Letters of other scripts, dashes and quotation marks that look like ASCII ones.
_LOOKALIKES = {
    ord(sign): usual
    for signs, usuals in (
        ("АВЕЅІЈКМНОРСТУХ", "ABESIJKMHOPCTYX"),
        ("аеѕіјорсухԁһԛԝ", "aesijopcyxdhqw"),
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo"),
        ("‐‑‒–—−", "------"),
        ("‘’‛′ʼ´", "''''''"),
        ("“”″⁄", '"""/'),
    )
    for sign, usual in zip(signs, usuals, strict=True)
}


# An escape of `repr`: of a backslash, a quotation mark or a character.
_ESCAPE = r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|.)"


def _choose_different(written: Sequence[str], one: str, other: str) -> tuple[str, str]:
    """Return the two forms written of two texts, or if these are the same, the texts."""
    return (written[0], written[1]) if written[0] != written[1] else (one, other)


def _name_escaped(found: re.Match[str]) -> str:
    """Name a space or invisible character that `repr` has escaped; other escapes stay."""
    digits = found[found.lastindex] if found.lastindex else ""
    is_unseen = bool(digits) and unicodedata.category(chr(int(digits, 16))) in {"Zs", "Cf"}
    return f"<U+{int(digits, 16):04X}>" if is_unseen else found[0]


def _look_of(text: str) -> str:
    """Reduce a text to what it looks like."""
    return text if text.isascii() else "".join(map(_look_like, text))


def _look_like(sign: str) -> str:
    """Return what a character looks like: the usual one of its form, or nothing if it cannot be seen."""
    if re.match(_UNSEEN, sign):
        return ""
    return unicodedata.normalize("NFKC", sign.translate(_LOOKALIKES))


def _name_lookalike(sign: str) -> str:
    return sign if sign.isascii() or _look_like(sign) == sign else f"<U+{ord(sign):04X}>"


APOSTROPHES = (
    "'`\u00b4\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u02ee"
    "\u0384\u055a\u05f3\u07f4\u07f5\u1fbd\u1fbf\u2018\u2019\u201b\u2032\u2035"
    "\u275b\u275c\ua78b\ua78c\uff07\uff40"
)
"""The apostrophes of all scripts, and the signs that are typed for one."""

HYPHENS = (
    "-\u058a\u05be\u1400\u1806\u2010\u2011\u2012\u2013\u2043\u2212"
    "\u2e17\u2e1a\u2e40\u2e5d\u30a0\ufe63\uff0d\U00010d6e\U00010ead"
)
"""The hyphens of all scripts, and the dashes that are typed for one."""

# Letters and signs that Unicode does not decompose, as they are written in ASCII.
_IN_ASCII = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "×": "x"}
)
# What Unicode counts as letters and marks but can never be seen: joiners of graphemes, Hangul fillers, and
# selectors of a variant.
_UNSEEN = "[\u034f\u115f\u1160\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"


def fold(text: str) -> str:
    """Reduce a text to its letters and digits, without case, diacritics, apostrophes, spaces and hyphens.

    Two spellings of a name that differ in nothing else become the same. Letters of every script are kept.
    """
    return re.sub("[ '-]", "", fold_signs(text))


def fold_signs(text: str) -> str:
    """Fold a text as `fold` does, with ' for an apostrophe, - for a hyphen and a space for another sign."""
    if text.isascii():
        # A table of bytes is thirty times as fast, and most texts of a large record are ASCII.
        return text.encode("ascii").translate(_ASCII_FOLDED).decode("ascii")
    return text.translate(_FOLDED)


class _Folded(dict[int, str]):
    """What each character folds to, found when it is first seen."""

    def __missing__(self, code: int) -> str:
        self[code] = "".join(map(_fold_letter, _decompose(chr(code)).translate(_IN_ASCII)))
        return self[code]


_FOLDED = _Folded(dict.fromkeys(map(ord, APOSTROPHES), "'") | dict.fromkeys(map(ord, HYPHENS), "-"))

# The same for ASCII, and a letter or digit or a space for what remains.
_ASCII_FOLDED = "".join(
    "'" if sign in APOSTROPHES else "-" if sign in HYPHENS else sign.lower() if sign.isalnum() else " "
    for sign in map(chr, range(128))
).encode("ascii") + bytes(128)


def _fold_letter(letter: str) -> str:
    """Keep a decomposed letter, digit or vowel sign, drop a mark that sources may leave out, else a space.

    A diacritic has a combining class; a vowel sign, as in Devanagari or Thai, is a mark without one. Most
    modifier letters are apostrophes; in a script without spaces they repeat or lengthen a letter.
    """
    category = unicodedata.category(letter)
    if category in {"Me", "Cf"} or re.match(_UNSEEN, letter):
        return ""
    if category in {"Mn", "Mc"}:
        return "" if unicodedata.combining(letter) else letter
    if category == "Lm":
        return letter if re.match(f"[{UNSPACED}]", letter) else ""
    return letter if letter.isalnum() else " "


def _decompose(text: str) -> str:
    """Decompose a text and make it lower case, also where a sign such as № decomposes into a capital."""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


def fold_id(id_: str) -> str:
    """Return an id without case and in one Unicode form; ids that differ in nothing else are one."""
    if id_.isascii():
        return id_.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", id_).casefold())


_WITHOUT_APOSTROPHES = dict.fromkeys(map(ord, APOSTROPHES))


def make_slug(text: str) -> str:
    """Turn a name into an id that is easy to type; empty if none of its letters has a Latin form.

    Of a name in another script with a number in it, the number alone makes no id.
    """
    written = _decompose(text.translate(_WITHOUT_APOSTROPHES)).translate(_IN_ASCII)
    if not written.isascii():
        written = "".join(map(_write_in_ascii, written))
        if "?" in written and re.search("[a-z]", written) is None:
            return ""
    return re.sub(r"[^a-z0-9]+", "-", written).strip("-")[:80].strip("-")


def _write_in_ascii(sign: str) -> str:
    """Return a decomposed character in ASCII: nothing for a mark, `-` for a sign, `?` for another script."""
    if sign.isascii():
        return "-" if sign == "?" else sign
    category = unicodedata.category(sign)
    if category in {"Mn", "Lm", "Cf"}:
        return ""
    return "?" if sign.isalnum() or category == "Mc" else "-"


def match_ids(part: str, ids: Iterable[str]) -> list[str]:
    """Return the ids that a typed part can mean, sorted; if there is only one, that one is meant.

    The whole id takes precedence over a run of whole words in it, and that over any other part: `usi` means
    `usi-factories` although `kusim-farm` contains it too. Case, spaces and diacritics do not
    matter; of ids that differ in case only, the one typed is meant. Signs alone are part of no id.
    """
    wanted = make_slug(part)
    if not wanted or not has_letter(part):
        return []
    held = sorted(one for one in ids if wanted in one.casefold())
    if part.strip() in held:
        return [part.strip()]
    whole = [one for one in held if one.casefold() == wanted]
    worded = [one for one in held if f"-{wanted}-" in f"-{one.casefold()}-"]
    return whole or worded or held


def has_letter(text: str) -> bool:
    """Return whether a text has a letter or digit of any script; one of signs alone names nothing."""
    return any(map(str.isalnum, text))


_LONGEST_MISTYPED = 100
"""The longest word to look for a close one to: the time grows with the square of the length."""
_LEAST_LIKENESS = 0.6
_LEAST_RUN = 3


def suggest(word: str, words: Iterable[str]) -> str | None:
    """Return the word closest to a mistyped one, or None if none is close; of equals, the first."""
    near = max(((find_likeness(word, one), one) for one in words), key=lambda found: found[0], default=None)
    return None if near is None or not any(near[0]) else near[1]


def find_likeness(word: str, other: str) -> tuple[float, float]:
    """Return how alike a mistyped word is to part of another, and to the whole of it; each from 0 to 1.

    Parts are between hyphens, underscores or spaces; as many of them are taken as the word has.
    """
    word, other = word.casefold(), other.casefold()
    if len(word) > _LONGEST_MISTYPED or not has_letter(word):
        return 0.0, 0.0
    whole = _compare(word, other)
    ends = [0, *(at + 1 for at, sign in enumerate(other) if sign in _BETWEEN), len(other) + 1]
    number = 1 + sum(sign in _BETWEEN for sign in word)
    parts = (other[start : end - 1] for start, end in zip(ends, ends[number:], strict=False))
    return max([whole, *(_compare(word, part) for part in parts if part != other)]), whole


_BETWEEN = "-_ "


def _compare(word: str, other: str) -> float:
    """Return how alike two words are, from 0 to 1; 0 unless one can be the other mistyped.

    They must have most letters in the same order, and share the beginning or three letters in a row: `power`
    has three letters of `other`, but nobody means that.
    """
    if word == other:
        return 1.0
    matcher = SequenceMatcher(None, other, word, autojunk=False)
    if matcher.real_quick_ratio() < _LEAST_LIKENESS or matcher.quick_ratio() < _LEAST_LIKENESS:
        return 0.0
    likeness = matcher.ratio()
    starts_alike = word[:1] == other[:1] or word[:2] == other[1::-1]
    shares = starts_alike or matcher.find_longest_match().size >= _LEAST_RUN
    return likeness if shares and likeness >= _LEAST_LIKENESS else 0.0


def list_words(words: Iterable[str], most: int = 60) -> str:
    """Join words for a sentence, as in `a, b and c`; beyond `most`, say how many more there are."""
    every = list(words)
    if not every:
        return "none"
    if len(every) > most:
        return f"{', '.join(every[:most])} and {len(every) - most} more"
    return f"{', '.join(every[:-1])} and {every[-1]}" if len(every) > 1 else every[0]


def explain_unknown(
    name: str, word: str, words: Sequence[str], synonyms: Mapping[str, str] | None = None
) -> str:
    """Say that a vocabulary has no such word; suggest the closest one and list them all.

    `name` says what the word is, such as `status` or `kind`. `synonyms` are other words that are read as
    words of the vocabulary, which are suggested but not listed.
    """
    spellings = {one: one for one in words} | dict(synonyms or {})
    near = spellings.get(suggest(word, list(spellings)) or "")
    known = list_words(words)
    meant = f"did you mean {near}? (choose from {known})" if near else f"write one of {known}"
    return f"there is no {name} {quote(word)}; {meant}"
