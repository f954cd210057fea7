"""Search results: a row for each, with the search words marked."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from nkplan.layout.grid import Column, Grid, Marked, Value
from nkplan.model.hit import Hit
from nkplan.text import clean
from nkplan.words import Word, find_marks, make_pattern

SEARCH_COLUMNS = (
    Column("list", "List"),
    Column("id", "ID"),
    Column("date", "Date"),
    Column("status", "Status"),
    Column("title", "Title"),
    Column("snippet", "Text"),
    Column("matches", "Matches"),
    Column("update", "Update ID"),
)
_SNIPPET = 200
_BEFORE = 4  # One part in so many of a snippet's room is for the context before its first marked word.
_CUT = "…"


def make_hits(found: Iterable[Hit], words: Sequence[Word]) -> Grid:
    """Make the grid of search results; `matches` has the words as the texts spell them, joined by `; `."""
    pattern = make_pattern(words)
    return Grid(SEARCH_COLUMNS, (_list_hit(one, pattern) for one in found))


def _list_hit(one: Hit, pattern: re.Pattern[str]) -> tuple[Value, ...]:
    title, text = mark(one.title, pattern), mark(one.text, pattern)
    matches = dict.fromkeys(part for marked in (title, text) for part, is_marked in marked.parts if is_marked)
    return (
        one.list,
        one.id,
        one.date,
        one.status,
        title or None,
        cut(text, _SNIPPET) or None,
        "; ".join(matches) or None,
        one.update,
    )


def mark(text: str | None, pattern: re.Pattern[str]) -> Marked:
    """Mark the words that a pattern finds in a text, after cleaning and composing (NFC) it."""
    plain = " ".join(unicodedata.normalize("NFC", clean(text or "")).split())
    parts, done = [], 0
    for start, end in find_marks(pattern, plain):
        parts += [(plain[done:start], False), (plain[start:end], True)]
        done = end
    return Marked([*parts, (plain[done:], False)])


def cut(marked: Marked, room: int, measure: Callable[[str], int] = len) -> Marked:
    """Cut a text to the part with the most marks that, as measured, fits the room."""
    if measure(marked) <= room:
        return marked
    sizes = [measure(character) for character in marked]
    start = _choose_start(marked, sizes, room)
    before = _CUT if start else ""
    left = room - measure(before)
    end = start
    while end < len(marked) and sizes[end] <= left:
        left -= sizes[end]
        end += 1
    after = ""
    if end < len(marked):
        # Drop the last characters to make room for the ellipsis.
        after = _CUT
        while end > start and left < measure(after):
            end -= 1
            left += sizes[end]
    return Marked([(before, False), *_slice(marked, start, end), (after, False)])


def _choose_start(marked: Marked, sizes: Sequence[int], room: int) -> int:
    """Find the start, at the beginning of a word, from which the most marks fit the room."""
    sums = _sum(sizes)
    marks, at = [], 0
    for part, is_marked in marked.parts:
        if is_marked:
            marks.append((at, at + len(part)))
        at += len(part)

    def count(start: int, reach: int) -> int:
        """Count the marks that are wholly within `reach` of a start in the text."""
        return sum(at >= start and sums[end] - sums[start] <= reach for at, end in marks)

    lead, within = room // _BEFORE, room - room // _BEFORE - 2
    best = max((at for at, _ in marks), key=lambda at: (count(at, within), -at), default=0)
    if count(0, room - 1) >= count(best, within):
        return 0
    # If little text follows the marks, show more of the text before them.
    wanted = min(sums[best] - lead, sums[-1] - room + 1)
    start = next(at for at, size in enumerate(sums) if size >= wanted)
    space = marked.find(" ", start, best)
    return space + 1 if space >= 0 else start


def _sum(sizes: Sequence[int]) -> list[int]:
    """Return the total size before each character, and last the size of the whole."""
    sums = [0]
    for size in sizes:
        sums.append(sums[-1] + size)
    return sums


def _slice(marked: Marked, start: int, end: int) -> Iterable[tuple[str, bool]]:
    at = 0
    for part, is_marked in marked.parts:
        yield part[max(start - at, 0) : max(end - at, 0)], is_marked
        at += len(part)
