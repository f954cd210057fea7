"""What a person looks for: words read from what was typed, asked of the index, and marked where they stand.

A word is looked for as the beginning of a word, and words between double quotes as they stand, whole and next
to each other. Case and diacritics do not matter, nor do apostrophes and hyphens, nor whether a text has its
letters composed (Unicode's NFC) or apart (NFD).
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from nkplan.errors import BadInput

MOST_WORDS = 100
"""A search has no more words than this, so that every one can be answered."""

LONGEST_SEARCH = 1000
"""A search has no more characters than this: what takes them apart takes longer than they are long."""

# The signs that romanised names are written with or without, as the view `searched` has them.
_JOINERS = "'’‘ʼʻ`´′‐‑-"
_DROP_JOINERS = {ord(sign): "" for sign in _JOINERS} | {ord("×"): "x"}
# A name of a place has no more words than this.
_MOST_JOINED = 5
# Scripts that put no space between words, as the view `searched` has them.
_UNSPACED = "々-〇぀-ヿ㐀-鿿𠀀-𳎯"
_PARTS = re.compile(r'["“”„]([^"“”„]*)["“”„]?|([^\s"“”„]+)')


class Word(NamedTuple):
    """A word to be found, or with `is_phrase` several that stand together; composed, with no case folded."""

    text: str
    is_phrase: bool = False


def read_search(text: str) -> tuple[Word, ...]:
    """Read what was typed. Raises BadInput where it has no letter or digit, or too much of either."""
    if len(text) > LONGEST_SEARCH:
        raise BadInput(f"TEXT: it has {len(text)} characters; look for at most {LONGEST_SEARCH} at once")
    words = dict.fromkeys(
        Word(word, part[2] is None)
        for part in _PARTS.finditer(_keep_printable(text))
        if has_letter(word := " ".join((part[1] if part[2] is None else part[2]).split()))
    )
    if not words:
        raise BadInput(f"TEXT: {text!r} has no letter or digit to look for; write a word or the start of one")
    if len(words) > MOST_WORDS:
        raise BadInput(f"TEXT: it has {len(words)} words; look for at most {MOST_WORDS} at once")
    return tuple(words)


def has_letter(text: str) -> bool:
    """Tell whether a text has a letter or digit, which is what the index is made of."""
    return any(map(str.isalnum, text))


def _keep_printable(text: str) -> str:
    """Compose the letters; what no text can hold, half a character or a NUL, parts words as a space does."""
    plain = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs"} else sign for sign in text)
    return unicodedata.normalize("NFC", plain)


def write_match(words: Sequence[Word]) -> str:
    """Write the FTS5 expression that asks for all of the words.

    Every word stands in quotes, in which nothing is an operator. Where it can be spelt otherwise any of its
    spellings will do.
    """
    every = " AND ".join(f"({_write_any(word)})" for word in words)
    if not 1 < len(words) <= _MOST_JOINED or any(word.is_phrase for word in words):
        return every
    # A name that is typed in parts can be written as one, which the index has of every place's.
    return f"({every}) OR {_write_any(Word(''.join(word.text for word in words).translate(_DROP_JOINERS)))}"


def _write_any(word: Word) -> str:
    return " OR ".join(_quote(word, spelling) for spelling in _list_spellings(word))


def _quote(word: Word, text: str) -> str:
    return '"' + text.replace('"', '""') + ('"' if word.is_phrase else '"*')


def _list_spellings(word: Word) -> list[str]:
    """List the ways in which the index can have a word: as typed, joined, letter by letter, taken apart."""
    joined = word.text.translate(_DROP_JOINERS)
    apart = re.sub(f"([{_UNSPACED}])", r" \1 ", word.text)
    composed = dict.fromkeys(one for one in (word.text, joined, apart) if has_letter(one))
    return list(dict.fromkeys([*composed, *(unicodedata.normalize("NFD", one) for one in composed)]))


def make_pattern(words: Sequence[Word]) -> re.Pattern[str]:
    """Make the pattern of all that is to be marked in a text that `find_marks` has folded."""
    # Of two words that begin alike the longer one is marked.
    patterns = sorted(map(_write_pattern, words), key=len, reverse=True)
    return re.compile("|".join(patterns))


def _write_pattern(word: Word) -> str:
    """Write the pattern of a word: signs in between may be others, and the joining ones come and go."""
    folded, _ = _fold_letters(word.text)
    pattern = ""
    for signs, letters in re.findall(r"([\W_]*)([^\W_]+)", folded):
        if pattern:
            pattern += r"[\W_]*" if set(signs) <= set(_JOINERS) else r"[\W_]+"
        pattern += f"[{_JOINERS}]?".join(letters)
    starts = "" if re.match(f"[{_UNSPACED}]", folded) else r"(?<![^\W_])"
    ends = r"(?![^\W_])" if word.is_phrase and not re.search(f"[{_UNSPACED}]$", folded) else ""
    return f"{starts}{pattern}{ends}"


def find_marks(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Find where in a composed text the words stand: the first sign of each and the one after its last."""
    folded, places = _fold_letters(text)
    marks = []
    for found in pattern.finditer(folded):
        end = places[found.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        marks.append((places[found.start()], end))
    return marks


def _fold_letters(text: str) -> tuple[str, Sequence[int]]:
    """Fold a text letter by letter; beside it goes, for each letter, where in the text it comes from."""
    if text.isascii():
        return text.lower(), range(len(text))
    folded = [(letter, at) for at, sign in enumerate(text) for letter in _fold_letter(sign)]
    return "".join(letter for letter, _ in folded), [at for _, at in folded]


@lru_cache(maxsize=10_000)
def _fold_letter(sign: str) -> str:
    """Fold a letter: small, without diacritics; a syllable of which letters are parts stays one."""
    if sign == "×":
        return "x"
    bare = "".join(one for one in unicodedata.normalize("NFD", sign) if not unicodedata.combining(one))
    return unicodedata.normalize("NFC", bare).lower()
