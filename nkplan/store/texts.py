"""The texts that a search reads, and the words of them that are indexed."""

import json
from collections.abc import Collection, Mapping
from sqlite3 import Connection
from typing import Any

from nkplan.sql import read_sql
from nkplan.store.transaction import execute, fetch_rows
from nkplan.words import write_words

# The index writes what it has collected whenever a statement ends, so that one statement for all texts is
# many times as fast as one for each. SQL cannot fold a text; it calls the program for it.


def index_change(connection: Connection, change: int) -> None:
    """Store the searchable texts of the rows that a change recorded, and index their words."""
    add_functions(connection)
    execute(connection, "search.index_change", change=change)


_FEW = 50
"""So many rows are indexed one by one: looking through all that is on record takes longer."""

_AT_ONCE = 20_000
"""How many of more rows are indexed with one look through all that is on record."""


def index_rows(connection: Connection, name: str, keys: Collection[str]) -> None:
    """Store the searchable texts of rows of a list as they are now, and index their words."""
    add_functions(connection)
    if len(keys) > _FEW:
        every = sorted(keys)
        for start in range(0, len(every), _AT_ONCE):
            some = json.dumps(every[start : start + _AT_ONCE])
            execute(connection, "search.index_rows", list=name.removesuffix("s"), keys=some)
        return
    for key in sorted(keys):
        execute(connection, "search.index_row", list=name.removesuffix("s"), id=key)


def index_missing(connection: Connection) -> None:
    """Store the searchable texts of all active rows that have none stored, and index their words."""
    add_functions(connection)
    execute(connection, "repairs.add_missing_texts")


def index_again(connection: Connection) -> int:
    """Store and index again the texts that are not those of the active rows; return how many there were."""
    number = len(fetch_rows(connection, "checks.find_stale_search"))
    if number:
        execute(connection, "repairs.delete_stale_texts")
        index_missing(connection)
    stale = [row for row in fetch_rows(connection, "checks.list_folded_texts") if not _has_its_words(row)]
    connection.executemany(read_sql("repairs.set_words"), map(_add_words, stale))
    return number + len(stale)


def add_functions(connection: Connection) -> None:
    """Let SQL fold texts: `write_words` is that of the program."""
    connection.create_function("write_words", 2, write_words, deterministic=True)


def _add_words(row: Mapping[str, Any]) -> dict[str, Any]:
    title_words = write_words(row["title"], row["names"])
    return {**row, "title_words": title_words, "text_words": write_words(row["text"])}


def _has_its_words(row: Mapping[str, Any]) -> bool:
    return _add_words(row) == row
