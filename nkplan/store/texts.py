"""The texts that a search reads, and the words of them that are indexed."""

from collections.abc import Iterator, Mapping
from sqlite3 import Connection
from typing import Any

from nkplan.sql import read_sql
from nkplan.store.transaction import execute, fetch_rows, iterate_rows
from nkplan.words import write_words


def index_change(connection: Connection, change: int) -> None:
    """Store the searchable texts of the rows that a change recorded, and index their words."""
    execute(connection, "search.index_plain_texts", change=change)
    _store(connection, iterate_rows(connection, "search.list_texts_to_fold", change=change))


def index_again(connection: Connection) -> int:
    """Store and index again the texts that are not those of the active rows; return how many there were."""
    number = len(fetch_rows(connection, "checks.find_stale_search"))
    if number:
        execute(connection, "repairs.delete_stale_texts")
        execute(connection, "repairs.add_missing_texts")
        _store(connection, iterate_rows(connection, "repairs.list_missing_texts"))
    stale = [row for row in iterate_rows(connection, "checks.list_folded_texts") if not _has_its_words(row)]
    _store(connection, iter(stale))
    return number + len(stale)


def _store(connection: Connection, rows: Iterator[Mapping[str, Any]]) -> None:
    connection.executemany(read_sql("search.add_folded_text"), map(_add_words, rows))


def _add_words(row: Mapping[str, Any]) -> dict[str, Any]:
    title_words = write_words(row["title"], row["names"])
    return {**row, "title_words": title_words, "text_words": write_words(row["text"])}


def _has_its_words(row: Mapping[str, Any]) -> bool:
    return _add_words(row) == row
