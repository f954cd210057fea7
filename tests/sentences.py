"""The sentences that were reworded, old and new, as sentences.tsv lists them.

Each line of that file has an old sentence, a tab and the new one. `{name}` stands for what the program puts
there, `{n}` and `{m}` for a number; a name that is in both is the same in both.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("sentences.tsv")
_NAME = re.compile(r"\{(\w+)\}")


class Pair(NamedTuple):
    """A sentence before and after."""

    old: str
    new: str


def read_pairs() -> list[Pair]:
    """Return the pairs, the longest old sentence first, so that no part of it is replaced before it."""
    _, *lines = FILE.read_text("utf-8").splitlines()
    return sorted((Pair(*line.split("\t")) for line in lines), key=lambda pair: -len(pair.old))


def have_same_words(old: str, new: str, pairs: Sequence[Pair]) -> bool:
    """Return whether an old text and a new one are the same except for reworded sentences.

    Line breaks and the padding of columns do not count, because a reworded sentence wraps differently.
    """
    old, new = _plain(old), _plain(new)
    return _fill(_reword(old, pairs)) == _fill(new)


def _reword(text: str, pairs: Sequence[Pair]) -> str:
    words = _fill(text)
    for pair in pairs:
        if _has_parts(words, pair.old):
            text = _find(pair.old).sub(_replace(pair.new), text)
    return text


def _has_parts(words: str, sentence: str) -> bool:
    """Return whether a text may have a sentence. The search for it is slow, and most texts have few."""
    return all(" ".join(part.split()) in words for part in _NAME.split(sentence)[::2])


def _plain(text: str) -> str:
    """Return a text without colours, the backslashes of Markdown, and the doubled quotes of a shell."""
    return re.sub(r"\x1b\[[0-9;]*m|\\|'(?=')", "", text)


def _fill(text: str) -> str:
    """Return a text as words with one space between them; a rule of any length is one word.

    What is broken behind a hyphen is joined.
    """
    return re.sub(r"(?<=\w-) ", "", re.sub(r"[─\-]{4,}", "─", " ".join(text.split())))


@cache
def _find(sentence: str) -> re.Pattern[str]:
    """Return the expression that finds a sentence, with any spaces and line breaks between its words."""
    written, seen = "", set[str]()
    for at, part in enumerate(_NAME.split(sentence)):
        if at % 2 == 0:
            written += r"\s+".join(map(re.escape, re.split(r"\s+", part))).replace(r"\-", r"\-\s*")
        elif part in seen:
            written += f"(?P={part})"
        else:
            seen.add(part)
            # At the start of a sentence the text is within one line; later it may contain line breaks.
            any_text = r"(?:.|\n){1,2000}?" if written else ".{1,500}?"
            if part in {"n", "m"}:
                any_text = r"\d+"
            written += f"(?P<{part}>{any_text})"
    # A sentence that starts with a name begins a line, perhaps after `nkplan: `, an indent or a bullet.
    start = r"(?:(?<=^nkplan: )|(?<=^  )|(?<=^- )|^(?!nkplan: |  |- ))" if sentence.startswith("{") else ""
    return re.compile(f"{start}{written}", re.MULTILINE)


def _replace(sentence: str) -> Callable[[re.Match[str]], str]:
    return lambda found: _NAME.sub(lambda name: found[name[1]], sentence)
