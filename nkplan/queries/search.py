"""Search the texts of everything on record."""

from collections.abc import Iterator, Sequence

from nkplan.model.hit import Hit, SearchList
from nkplan.model.vocabulary import Status
from nkplan.queries.reader import Reader
from nkplan.rows.state import Row
from nkplan.words import Word, write_match


def search(reader: Reader, words: Sequence[Word], list_: SearchList | None, most: int) -> Iterator[Hit]:
    """Iterate over the texts with all of the words, best match first; `list_` None and `most` 0 mean all."""
    values = {"match": write_match(words), "list": list_, "most": most or -1}
    yield from map(_read_found, reader.fetch("search.find_texts", **values))


def count_found(reader: Reader, words: Sequence[Word], list_: SearchList | None) -> int:
    """Count the texts that contain all of the words."""
    row = reader.fetch("search.count_found_texts", match=write_match(words), list=list_).fetchone()
    return int(row["texts"])


def count_texts(reader: Reader, list_: SearchList | None) -> int:
    """Count the texts that can be searched."""
    rows = reader.fetch("search.count_texts", list=list_) if list_ else reader.fetch("search.count_all_texts")
    return int(rows.fetchone()["texts"])


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
