"""What a long file brings, put aside in temporary tables (see stage.sql), and fetched again in pieces."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from sqlite_utils import Database

from nkplan.model.batch import Batch, Place
from nkplan.rows.table import make_row, read_content, write_content
from nkplan.sql import read_sql
from nkplan.store.record import fetch_into, fetch_stored, list_years
from nkplan.store.transaction import fetch, fetch_by_keys, run
from nkplan.validation import Brought, StoredRow, key_of, list_references

_KEPT_BACK = 1_000


class Aside:
    """Where the reader of a long file puts its rows, but for updates, and the ids of rows that are faulty."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: list[tuple[int, str, str, str]] = []
        self._faulty: list[tuple[str]] = []

    def keep(self, name: str, line: int, row: Any) -> None:
        """Put a row of a list aside, by the line that it stands on."""
        self._rows.append((line, name, key_of(row), write_content(row)))
        if len(self._rows) >= _KEPT_BACK:
            self.flush()

    def keep_faulty(self, id_: str) -> None:
        """Put the id of a row aside that was left out for a fault of its own."""
        self._faulty.append((id_,))
        if len(self._faulty) >= _KEPT_BACK:
            self.flush()

    def flush(self) -> None:
        """Write what was kept back, to be written with others at once."""
        self._database.conn.executemany(read_sql("stage_brought"), self._rows)
        self._database.conn.executemany(read_sql("stage_faulty"), self._faulty)
        self._rows.clear()
        self._faulty.clear()


class Piece(NamedTuple):
    """Some rows of one list as they follow in the file; `lines` has the line of each."""

    rows: tuple[Any, ...]
    lines: tuple[int, ...]


def list_pieces(database: Database, name: str, at_once: int) -> Iterator[Piece]:
    """Go through the rows of a list as the file runs, so many at once and those that repeat one of them."""
    after = 0
    while found := fetch(database, "piece", list=name, after=after, most=at_once):
        first: dict[str, int] = {}
        for row in found:
            first.setdefault(row["key"], row["line"])
        after = max(first.values())
        yield Piece(
            tuple(read_content(name, row["content"], _locate(name, row["line"])) for row in found),
            tuple(row["line"] for row in found),
        )


def list_suspects(database: Database, at_once: int) -> Iterator[Piece]:
    """Go through the updates that are suspects, by their ids, so many ids at once."""
    after = ""
    while found := fetch(database, "suspects", after=after, most=at_once):
        after = found[-1]["id"]
        yield _read_updates(found)


def list_replacing(database: Database, at_once: int) -> Iterator[Piece]:
    """Go through the updates that take the id of an undone one."""
    after = 0
    while found := fetch(database, "replacing_updates", after=after, most=at_once):
        after = found[-1]["line"]
        yield _read_updates(found)


def _read_updates(found: list[dict[str, Any]]) -> Piece:
    return Piece(
        tuple(replace(make_row("updates", row), where=_locate("updates", row["line"])) for row in found),
        tuple(row["line"] for row in found),
    )


def _locate(name: str, line: int) -> str:
    return f"{name}, line {line}"


class Around(NamedTuple):
    """What a piece is judged beside: rows that are stored, that other pieces bring, and faulty ids."""

    stored: dict[str, dict[str, StoredRow]]
    brought: Brought
    faulty_ids: frozenset[str]


def fetch_around(database: Database, piece: Batch) -> Around:
    """Fetch all that a piece is to be judged beside, stored or brought."""
    stored = fetch_stored(database, piece)
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for name in ("places", "projects", "quotas", "announcements", "updates"):
        for row in getattr(piece, name):
            for reference in list_references(row):
                keys[reference.list].add(reference.id)
    brought: dict[str, dict[str, Any]] = {
        name: _fetch_brought(database, name, ids) for name, ids in keys.items()
    }
    if years := list_years(piece.projects):
        rivals = fetch(database, "brought_cohorts", years=years)
        brought.setdefault("projects", {}).update(_read_brought("projects", rivals))
    if piece.places:
        _fetch_outer(database, piece.places, stored["places"], brought.setdefault("places", {}))
    ids = set().union(*keys.values())
    faulty = frozenset(row["id"] for row in fetch_by_keys(database, "faulty_ids", "ids", ids))
    return Around(stored, brought, faulty)


def find_outer(database: Database, places: Iterable[Place]) -> dict[str, str | None]:
    """Give the place around each of some places, around that, and so on, stored or brought."""
    stored: dict[str, StoredRow] = {}
    brought: dict[str, Any] = {}
    _fetch_outer(database, places, stored, brought)
    outer = {id_: there.row.parent for id_, there in stored.items()}
    return outer | {place.id: place.parent for place in (*brought.values(), *places)}


def _fetch_outer(
    database: Database, places: Iterable[Place], stored: dict[str, StoredRow], brought: dict[str, Any]
) -> None:
    """Add the places around some places, to the outermost."""
    asked = {place.id for place in places}
    known = [*places, *brought.values(), *(there.row for there in stored.values())]
    while further := {place.parent for place in known} - asked - {None}:
        asked |= further
        found: dict[str, StoredRow] = {}
        fetch_into(found, database, "places", further)
        coming = _fetch_brought(database, "places", further)
        stored |= found
        brought |= coming
        known = [*coming.values(), *(there.row for there in found.values())]


def _fetch_brought(database: Database, name: str, keys: Iterable[str]) -> dict[str, Any]:
    every = sorted(set(keys))
    return _read_brought(name, fetch(database, "brought_by_keys", list=name, keys=json.dumps(every)))


def _read_brought(name: str, found: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {row["key"]: read_content(name, row["content"], _locate(name, row["line"])) for row in found}


def drop_repeated(database: Database, most: int) -> int:
    """Find the rows that stand earlier in the file, and keep the first so many; give the number of others."""
    run(database, "find_repeated")
    number: int = fetch(database, "count_repeated")[0]["number"]
    run(database, "drop_repeated", most=most)
    return max(0, number - most)
