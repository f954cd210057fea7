"""The words of a search: read from what the user typed, looked up in the index, and marked in the results.

A word matches the beginning of a word; words between double quotes match whole, in the same order and next to
each other. Case, diacritics, apostrophes and hyphens do not matter, nor whether the letters of a text are
composed (Unicode's NFC) or decomposed (NFD).
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from nkplan.errors import BadInput

MOST_WORDS = 100
"""The maximum number of words in a search, so that every search can be answered."""

LONGEST_SEARCH = 1000
"""The maximum number of characters in a search: the time to split it grows faster than its length."""

# The characters that romanised names are written with or without; the view `searched` has the same.
_JOINERS = "'’‘ʼʻ`´′‐‑-"
_DROP_JOINERS = {ord(sign): "" for sign in _JOINERS} | {ord("×"): "x"}
# The name of a place has at most this many words.
_MOST_JOINED = 5
# Scripts that put no space between words; the view `searched` has the same.
_UNSPACED = "々-〇぀-ヿ㐀-鿿𠀀-𳎯"
_PARTS = re.compile(r'["“”„]([^"“”„]*)["“”„]?|([^\s"“”„]+)')


class Word(NamedTuple):
    """A word to find, or with `is_phrase` several adjacent words; composed (NFC), in its original case."""

    text: str
    is_phrase: bool = False


def read_search(text: str) -> tuple[Word, ...]:
    """Read what the user typed. Raises BadInput if it has no letter or digit, or is too long."""
    if len(text) > LONGEST_SEARCH:
        raise BadInput(f"TEXT: it has {len(text)} characters; write at most {LONGEST_SEARCH}")
    words = dict.fromkeys(
        Word(word, part[2] is None)
        for part in _PARTS.finditer(_keep_printable(text))
        if has_letter(word := " ".join((part[1] if part[2] is None else part[2]).split()))
    )
    if not words:
        raise BadInput(f"TEXT: {text!r} has no letter or digit; write a word or the start of one")
    if len(words) > MOST_WORDS:
        raise BadInput(f"TEXT: it has {len(words)} words; write at most {MOST_WORDS}")
    return tuple(words)


def has_letter(text: str) -> bool:
    """Return whether a text has a letter or digit, since the index contains nothing else."""
    return any(map(str.isalnum, text))


def _keep_printable(text: str) -> str:
    """Compose the letters; a control character or a lone surrogate, which no text has, becomes a space."""
    plain = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs"} else sign for sign in text)
    return unicodedata.normalize("NFC", plain)


def write_match(words: Sequence[Word]) -> str:
    """Write the FTS5 expression that matches texts with all of the words.

    Every word is quoted, so that nothing in it is an operator. If a word has several spellings, any of them
    matches.
    """
    every = " AND ".join(f"({_write_any(word)})" for word in words)
    if not 1 < len(words) <= _MOST_JOINED or any(word.is_phrase for word in words):
        return every
    # A name typed as several words may be written as one; the index has every place's name in that form.
    return f"({every}) OR {_write_any(Word(''.join(word.text for word in words).translate(_DROP_JOINERS)))}"


def _write_any(word: Word) -> str:
    return " OR ".join(_quote(word, spelling) for spelling in _list_spellings(word))


def _quote(word: Word, text: str) -> str:
    return '"' + text.replace('"', '""') + ('"' if word.is_phrase else '"*')


def _list_spellings(word: Word) -> list[str]:
    """List the forms that a word can have in the index: as typed, joined, letter by letter, decomposed."""
    joined = word.text.translate(_DROP_JOINERS)
    apart = re.sub(f"([{_UNSPACED}])", r" \1 ", word.text)
    composed = dict.fromkeys(one for one in (word.text, joined, apart) if has_letter(one))
    return list(dict.fromkeys([*composed, *(unicodedata.normalize("NFD", one) for one in composed)]))


def make_pattern(words: Sequence[Word]) -> re.Pattern[str]:
    """Make the pattern of everything to mark in a text that `find_marks` has folded."""
    # Of two words with the same beginning the longer one is marked.
    patterns = sorted(map(_write_pattern, words), key=len, reverse=True)
    return re.compile("|".join(patterns))


def _write_pattern(word: Word) -> str:
    """Write the pattern of a word: punctuation in it may differ, and apostrophes and hyphens are optional."""
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
    """Find the words in a composed text: the position of the first character of each and of its end."""
    folded, places = _fold_letters(text)
    marks = []
    for found in pattern.finditer(folded):
        end = places[found.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        marks.append((places[found.start()], end))
    return marks


def _fold_letters(text: str) -> tuple[str, Sequence[int]]:
    """Fold a text letter by letter, and return with it the position in the text of each folded letter."""
    if text.isascii():
        return text.lower(), range(len(text))
    folded = [(letter, at) for at, sign in enumerate(text) for letter in _fold_letter(sign)]
    return "".join(letter for letter, _ in folded), [at for _, at in folded]


@lru_cache(maxsize=10_000)
def _fold_letter(sign: str) -> str:
    """Fold a letter: small, without diacritics; a syllable made of letters (as in Hangul) stays whole."""
    if sign == "×":
        return "x"
    bare = "".join(one for one in unicodedata.normalize("NFD", sign) if not unicodedata.combining(one))
    return unicodedata.normalize("NFC", bare).lower()
