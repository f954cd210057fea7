"""Search the texts of everything on record."""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from nkplan.database import refuse_broken_words
from nkplan.dates import PartialDate
from nkplan.errors import NothingThen
from nkplan.model.hit import Hit, SearchList
from nkplan.model.vocabulary import Status
from nkplan.queries.details import read_days
from nkplan.queries.reader import Reader
from nkplan.rows.state import Row
from nkplan.text import fold
from nkplan.words import Word, list_forms, write_match

Lists = Sequence[SearchList] | None
"""The lists to search; None stands for all."""

_SHORTEST_MISTYPED = 4
_MOST_LETTERS_OFF = 2
_NEAR = 0.7
_MOST_NEAR = 5
_MOST_COMPARED = 50_000


def search(reader: Reader, words: Sequence[Word], lists: Lists, most: int) -> Iterator[Hit]:
    """Iterate over the texts with all of the words, best match first; `lists` None and `most` 0 mean all."""
    values = {"match": write_match(words), "lists": _write_lists(lists), "most": most or -1}
    yield from map(_read_found, reader.fetch("search.find_texts", **values))


def search_days(reader: Reader, days: PartialDate, lists: Lists) -> list[Hit]:
    """Return the announcements of a day or month and the updates of what happened then."""
    try:
        detail = read_days(reader, days)
    except NothingThen:
        return []
    found = [
        Hit(SearchList.ANNOUNCEMENT, one.id, one.title, one.said, one.announced)
        for one in detail.announcements
    ]
    for entry in detail.timeline:
        one = entry.update
        status = one.status if one.count is None else None
        happened = (one.event_date, status, one.id)
        found.append(Hit(SearchList.UPDATE, one.project, entry.project_name, one.note, *happened))
    return [hit for hit in found if lists is None or hit.list in lists]


def count_found(reader: Reader, words: Sequence[Word], lists: Lists) -> int:
    """Count the texts that contain all of the words."""
    values = {"match": write_match(words), "lists": _write_lists(lists)}
    return int(reader.fetch("search.count_found_texts", **values).fetchone()["texts"])


def count_texts(reader: Reader, lists: Lists) -> int:
    """Count the texts in which nothing was found. Raises Unusable if the index has lost all of its words."""
    reader.fetch("search.create_vocabulary")
    if reader.fetch("search.has_lost_words").fetchone()["lost"]:
        raise refuse_broken_words(reader.path)
    if lists is None:
        return int(reader.fetch("search.count_all_texts").fetchone()["texts"])
    return int(reader.fetch("search.count_texts", lists=_write_lists(lists)).fetchone()["texts"])


def find_near_word(reader: Reader, word: Word, lists: Lists) -> str | None:
    """Return the word of the index that is nearest to a mistyped one and that the lists have, or None.

    It has the same first letter and nearly the same length, so that few words of a long index are compared.
    """
    first = " ".join(list_forms(word.text)[:1])[:1]
    letters = fold(word.text)
    if word.is_phrase or len(letters) < _SHORTEST_MISTYPED:
        return None
    length = len(unicodedata.normalize("NFC", letters))
    reader.fetch("search.create_vocabulary")
    rows = reader.fetch(
        "search.list_words_from",
        start=first,
        stop=chr(ord(first) + 1),
        shortest=length - _MOST_LETTERS_OFF,
        longest=length + _MOST_LETTERS_OFF,
        most=_MOST_COMPARED,
    )
    # Syllables of Hangul are compared by their letters.
    terms = {fold(row["term"]): row["term"] for row in rows}
    near = map(terms.__getitem__, get_close_matches(letters, terms, n=_MOST_NEAR, cutoff=_NEAR))
    return next((term for term in near if count_found(reader, [Word(term)], lists)), None)


def _write_lists(lists: Lists) -> str | None:
    return None if lists is None else json.dumps(lists)


def _read_found(row: Row) -> Hit:
    return Hit(
        list=SearchList(row["list"]),
        id=row["id"],
        title=row["title"],
        text=row["text"],
        date=row["date"],
        status=None if row["status"] is None else Status(row["status"]),
        update=row["update_id"],
    )
