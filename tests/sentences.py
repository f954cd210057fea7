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
    """Return whether an old text and a new one are the same, but for sentences that were reworded.

    Where lines are broken and how columns are filled does not count: another sentence breaks elsewhere.
    """
    old, new = _plain(old), _plain(new)
    words = _fill(old)
    for pair in pairs:
        # Most sentences are in no one text, and to look for one in a long text takes long.
        if all(" ".join(part.split()) in words for part in _NAME.split(pair.old)[::2]):
            old = _find(pair.old).sub(_replace(pair.new), old)
    return _fill(old) == _fill(new)


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
            written += r"\s+".join(map(re.escape, re.split(r"\s+", part)))
        elif part in seen:
            written += f"(?P={part})"
        else:
            seen.add(part)
            # At the start of a sentence it ends with its line; inside, lines may be broken in it.
            any_text = r"(?:.|\n){1,2000}?" if written else ".{1,500}?"
            if part in {"n", "m"}:
                any_text = r"\d+"
            written += f"(?P<{part}>{any_text})"
    # What stands first in a line of the program's begins after its name or the spaces before it.
    start = r"(?:(?<=^nkplan: )|(?<=^  )|(?<=^- )|^(?!nkplan: |  |- ))" if sentence.startswith("{") else ""
    return re.compile(f"{start}{written}", re.MULTILINE)


def _replace(sentence: str) -> Callable[[re.Match[str]], str]:
    return lambda found: _NAME.sub(lambda name: found[name[1]], sentence)
