"""The words of a text: folded for the index, read from what a user typed, looked up, and marked in results.

The index has the words of texts as `list_forms` writes them, and what a user types is folded by the same
function. A word matches the beginning of a word; words between double quotes match whole, in the same order
and next to each other. Case, diacritics, apostrophes and hyphens do not matter, nor does any difference
between two forms of the same letter, such as full-width ones. Each letter of a script without spaces is a
word of its own, so that a word is found inside a run of them. A plural also finds its singular.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from nkplan.errors import BadInput
from nkplan.text import UNSPACED, fold, fold_signs

MOST_WORDS = 100
"""The maximum number of words in a search, so that every search can be answered."""

LONGEST_SEARCH = 1000
"""The maximum number of characters in a search: the time to split it grows faster than its length."""

# The index has this between two forms of a text, lest a phrase match the end of one and the start of the
# next. No search contains it: folding turns it into a space.
_BREAK = " \ue000 "
# The name of a place has at most this many words.
_MOST_JOINED = 5
# `re` compiles a pattern when it is first used; whoever only records uses none of these.
_PARTS = r'["“”„＂]([^"“”„＂]*)["“”„＂]?|([^\s"“”„＂]+)'
_JAMO = "[\u1100-\u11ff]+"
# A sign, or a run of letters of Hangul that may be one syllable: conjoining, of older fonts, or half-width.
_SIGN = "(?s:[\u1100-\u11ff\u3131-\u318e\uffa1-\uffdc]+|.)"
_UNSPACED_LETTER = rf"(?=[{UNSPACED}])\w[^\w ]*"
# Words in -s that are no plural of the word without it.
_NO_PLURALS = {"goods", "means", "news"}


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
        for part in re.finditer(_PARTS, _keep_printable(text))
        if has_letter(word := " ".join((part[1] if part[2] is None else part[2]).split()))
    )
    if not words:
        raise BadInput(f"TEXT: {text!r} has no letter or digit; write a word or the start of one")
    if len(words) > MOST_WORDS:
        raise BadInput(f"TEXT: it has {len(words)} words; write at most {MOST_WORDS}")
    return tuple(words)


def has_letter(text: str) -> bool:
    """Return whether a text has a letter or digit, since the index contains nothing else."""
    return bool(fold(text))


def _keep_printable(text: str) -> str:
    """Compose the letters; a control character or a lone surrogate, which no text has, becomes a space."""
    plain = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs"} else sign for sign in text)
    return unicodedata.normalize("NFC", plain)


def list_forms(text: str) -> list[str]:
    """List the forms in which the words of a text are looked up, each with single spaces between words.

    They differ if it has apostrophes or hyphens, which may be there or not, or end a word. An apostrophe that
    ends a word is looked up only beside hyphens that do.
    """
    folded = fold_signs(text)
    if not folded.isascii():
        folded = _compose(folded)
    bare = folded.replace("'", "")
    ways = dict.fromkeys((bare.replace("-", ""), bare.replace("-", " "), re.sub("['-]", " ", folded)))
    return [form for form in dict.fromkeys(map(_set_apart, ways)) if form]


def _set_apart(folded: str) -> str:
    """Put single spaces between the words of a folded text, and around each letter of an unspaced script."""
    return " ".join((folded if folded.isascii() else re.sub(_UNSPACED_LETTER, r" \g<0> ", folded)).split())


def _compose(folded: str) -> str:
    return re.sub(_JAMO, lambda found: unicodedata.normalize("NFC", found[0]), folded)


def write_words(text: str | None, names: str | None = None) -> str | None:
    """Write the words to index for a text and for folded names that are with it, separated by spaces.

    Return None if the index can read the text as it is: ASCII without apostrophes and hyphens.
    """
    if not names and (not text or (text.isascii() and not re.search("['`-]", text))):
        return None
    if not names and text and text.isascii():
        folded = fold_signs(text)
        if not re.search("'| - ", folded):
            # By far the most texts that are not plain: with hyphens in words, and nothing else to fold.
            return f"{folded.replace('-', '')}{_BREAK}{folded.replace('-', ' ')}"
    return _BREAK.join(
        [*list_forms(text or ""), *(form for name in (names or "").split() for form in list_forms(name))]
    )


def write_match(words: Sequence[Word]) -> str:
    """Write the FTS5 expression that matches texts with all of the words.

    Every word is quoted, so that nothing in it is an operator. If a word has several spellings, any of them
    matches.
    """
    every = " AND ".join(f"({_write_any(word)})" for word in words)
    if not 1 < len(words) <= _MOST_JOINED or any(word.is_phrase for word in words):
        return every
    # A name typed as several words may be written as one; the index has every place's name in that form.
    return f"({every}) OR {_write_any(Word(''.join(word.text for word in words)))}"


def _write_any(word: Word) -> str:
    star = "" if word.is_phrase else "*"
    forms = [f'"{form}"{star}' for form in list_forms(word.text)]
    return " OR ".join([*forms, *(f'"{singular}"' for singular in _list_singulars(word))])


def _list_singulars(word: Word) -> list[str]:
    """List what an English word of at least four letters can be the plural of; a phrase is meant exactly."""
    folded = fold(word.text)
    if word.is_phrase or not re.fullmatch("[a-z]{3,}(?<![isu])s", folded) or folded in _NO_PLURALS:
        return []
    endings = (("ies", "y"), ("es", ""), ("s", ""))
    return [folded.removesuffix(end) + new for end, new in endings if folded.endswith(end)]


def make_pattern(words: Sequence[Word]) -> re.Pattern[str]:
    """Make the pattern of everything to mark in a text that `find_marks` has folded."""
    singulars = (Word(one, is_phrase=True) for word in words for one in _list_singulars(word))
    # Of two words with the same beginning the longer one is marked.
    patterns = sorted(map(_write_pattern, [*words, *singulars]), key=len, reverse=True)
    return re.compile("|".join(patterns))


def _write_pattern(word: Word) -> str:
    """Write the pattern of a word: apostrophes and hyphens are optional, signs and spaces may differ."""
    folded, _, _ = _fold_signs(word.text)
    pattern = last = ""
    for signs, letter in re.findall("([ '-]*)([^ '-])", folded):
        if last:
            if _is_unspaced(last) or _is_unspaced(letter) or (signs and " " not in signs):
                pattern += "[ '-]*"
            else:
                pattern += "[ '-]+" if signs else "['-]*"
        pattern += letter
        last = letter
    starts = "" if _is_unspaced(folded.lstrip(" '-")[0]) else rf"(?<![^ '\-{UNSPACED}])"
    ends = rf"(?![^ '\-{UNSPACED}])" if word.is_phrase and not _is_unspaced(last) else ""
    return f"{starts}{pattern}{ends}"


def _is_unspaced(letter: str) -> bool:
    return re.match(f"[{UNSPACED}]", letter) is not None


def find_marks(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Find the words in a composed text: the position of the first character of each and of its end."""
    folded, starts, ends = _fold_signs(text)
    marks, done = [], 0
    for found in pattern.finditer(folded):
        start, end = starts[found.start()], ends[found.end() - 1]
        while end < len(text) and unicodedata.category(text[end]) in {"Mn", "Mc", "Me"}:
            end += 1
        # A character such as ㍿ has several letters, and can only be marked once.
        if start >= done:
            marks.append((start, end))
            done = end
    return marks


def _fold_signs(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Fold a text as `fold_signs` does, its syllables composed.

    Return with it the start and the end in the text of what each folded letter comes from.
    """
    if text.isascii():
        return fold_signs(text), range(len(text)), range(1, len(text) + 1)
    signs = [(letter, sign.span()) for sign in re.finditer(_SIGN, text) for letter in _fold_sign(sign[0])]
    spans = [span for _, span in signs]
    return "".join(letter for letter, _ in signs), [start for start, _ in spans], [end for _, end in spans]


@lru_cache(maxsize=10_000)
def _fold_sign(sign: str) -> str:
    return _compose(fold_signs(sign))
