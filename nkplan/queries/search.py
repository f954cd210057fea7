"""Search the texts of everything on record."""

import json
from collections.abc import Iterator, Sequence

from nkplan.model.hit import Hit, SearchList
from nkplan.model.vocabulary import Status
from nkplan.queries.reader import Reader
from nkplan.rows.state import Row
from nkplan.words import Word, write_match

Lists = Sequence[SearchList] | None
"""The lists to search; None stands for all."""


def search(reader: Reader, words: Sequence[Word], lists: Lists, most: int) -> Iterator[Hit]:
    """Iterate over the texts with all of the words, best match first; `lists` None and `most` 0 mean all."""
    values = {"match": write_match(words), "lists": _write_lists(lists), "most": most or -1}
    yield from map(_read_found, reader.fetch("search.find_texts", **values))


def count_found(reader: Reader, words: Sequence[Word], lists: Lists) -> int:
    """Count the texts that contain all of the words."""
    values = {"match": write_match(words), "lists": _write_lists(lists)}
    return int(reader.fetch("search.count_found_texts", **values).fetchone()["texts"])


def count_texts(reader: Reader, lists: Lists) -> int:
    """Count the texts that can be searched."""
    if lists is None:
        return int(reader.fetch("search.count_all_texts").fetchone()["texts"])
    return int(reader.fetch("search.count_texts", lists=_write_lists(lists)).fetchone()["texts"])


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
