"""Taking in a long file, which is never in memory whole: its rows are put aside in the order of the file.

What is put aside is compared with the record in pieces, beside what the pieces name. The rules are those of
validation.py. Most updates are told to be new and right by a query over all of them; those that are not are
judged one by one.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from sqlite_utils import Database

from nkplan.model.batch import Batch
from nkplan.model.faults import MOST_FAULTS, Faults
from nkplan.model.state import State
from nkplan.rows.state import read_state
from nkplan.sql import read_sql
from nkplan.store.record import (
    Move,
    Recorded,
    fetch_states,
    find_days,
    index,
    keep_replaced,
    refuse,
    write_rows,
)
from nkplan.store.staging import (
    Aside,
    Piece,
    drop_repeated,
    fetch_around,
    find_outer,
    list_pieces,
    list_replacing,
    list_suspects,
)
from nkplan.store.transaction import Recorder, add_change, fetch, fetch_by_keys, run, writing
from nkplan.validation import LISTS, key_of, validate

ROWS_AT_ONCE = 5_000
"""How many rows are judged and written at once, and are in memory for that."""

_LINES_AT_ONCE = 20_000
# Two random ids lie on two pages of an index, and those of a million updates have to be at hand: in KiB.
_CACHE = 128 * 1024
# What is put aside is looked up by keys, most often by those of rows that stand near.
_CACHE_ASIDE = 16 * 1024
_OTHERS = LISTS[:-1]

Tell = Callable[[str, float | None], None]
"""Is told what is being done, and what share of that is done, from 0 to 1, where it is known."""


class Lines(Protocol):
    """A file read line by line."""

    def read_updates(self, aside: Aside) -> Iterator[tuple[Any, ...]]:
        """Go through the updates, as the columns that stage_update.sql takes; other rows are put aside."""

    def read_rest(self) -> Batch:
        """Give what the file says of itself, and what is wrong with it, once its end is reached."""


@dataclass(slots=True)
class _Judged:
    """What the rows turned out to be."""

    faults: Faults = field(default_factory=Faults)
    same: Counter[str] = field(default_factory=Counter)
    retracted: Counter[str] = field(default_factory=Counter)


def record_lines(
    path: Path,
    lines: Lines,
    recorder: Recorder,
    *,
    summarize: Callable[[Batch], str],
    tell: Tell,
    most_moves: int,
    dry_run: bool = False,
    at_once: int = ROWS_AT_ONCE,
) -> Recorded:
    """Take in a file line by line as one change, with a row in the journal, or not at all.

    `summarize` says for the journal what was read; of the projects that moved, `most_moves` are given. So
    many rows are in memory `at_once`. Where all of it is there already nothing is written, the journal
    included. Raises BadFile with every fault, Unusable and NotOurs.
    """

    def stage(database: Database) -> None:
        database.conn.execute(f"PRAGMA cache_size = -{_CACHE}")
        database.conn.execute(f"PRAGMA temp.cache_size = -{_CACHE_ASIDE}")
        run(database, "stage")
        aside = Aside(database)
        database.conn.executemany(read_sql("stage_update"), lines.read_updates(aside))
        aside.flush()
        run(database, "stage_indexes")

    with writing(path, dry_run=dry_run, prepare=stage) as database:
        rest = lines.read_rest()
        tell("checking", None)
        judged = _judge(database, rest, at_once)
        refuse(judged.faults.list_first(), judged.faults.count_rest())
        brought = {row["list"]: row["number"] for row in fetch(database, "count_brought")}
        counted = fetch(database, "count_coming")[0]
        recorded = Recorded(
            new=Batch(about=rest.about),
            numbers=Counter({name: brought.get(name, 0) for name in _OTHERS})
            + Counter(updates=counted["updates"]),
            same=judged.same,
            retracted=judged.retracted,
        )
        if recorded.is_empty:
            return recorded
        change = add_change(database, "load", recorder, summarize(rest))
        tell("writing", None)
        _write_brought(database, change, at_once)
        if counted["updates"]:
            for piece in list_replacing(database, at_once):
                keep_replaced(database, "updates", piece.rows, _list_keys(piece), change)
            _keep_days(database)
            _take(database, change, counted["last"], tell)
        tell("judging", None)
        run(database, "move_coming")
        tell("indexing", None)
        index(database, change)
        return _list_moves(database, recorded, most_moves)


def _judge(database: Database, rest: Batch, at_once: int) -> _Judged:
    """Judge what was put aside, and drop what is there already."""
    judged = _Judged()
    judged.faults.add_all(rest.faults, rest.more_faults)
    # Each row that stands earlier in the file is one fault, so that no more of them can be told.
    judged.faults.number += drop_repeated(database, MOST_FAULTS)
    for name in _OTHERS:
        for piece in list_pieces(database, name, at_once):
            _judge_piece(database, name, piece, judged)
    run(database, "suspect_updates")
    for piece in list_suspects(database, at_once):
        _judge_piece(database, "updates", piece, judged)
    return judged


def _judge_piece(database: Database, name: str, piece: Piece, judged: _Judged) -> None:
    batch = _make_batch(name, piece)
    around = fetch_around(database, batch)
    validation = validate(replace(batch, faulty_ids=around.faulty_ids), around.stored, around.brought)
    judged.faults.add_all(validation.faults, validation.more_faults)
    judged.same += validation.same
    judged.retracted += validation.retracted
    by_line = list(zip(piece.lines, map(key_of, piece.rows), strict=True))
    if there := validation.there[name]:
        run(database, "drop_staged", lines=str([line for line, key in by_line if key in there]))
    replacing = [(line,) for line, key in by_line if key in validation.replacing[name]]
    database.conn.executemany(read_sql("stage_replacing"), replacing)


def _make_batch(name: str, piece: Piece) -> Batch:
    lists: dict[str, Any] = {name: piece.rows}
    return Batch(**lists)


def _list_keys(piece: Piece) -> frozenset[str]:
    return frozenset(map(key_of, piece.rows))


def _write_brought(database: Database, change: int, at_once: int) -> None:
    """Write the rows of all lists but the updates, each list after those that it names rows of."""
    for name in _OTHERS:
        for piece in list_pieces(database, name, at_once):
            replaced = {row["line"] for row in fetch(database, "replacing_lines", lines=str([*piece.lines]))}
            undone = frozenset(
                key_of(row) for row, line in zip(piece.rows, piece.lines, strict=True) if line in replaced
            )
            batch = _make_batch(name, piece)
            write_rows(database, batch, {name: undone}, change, find_outer(database, batch.places))
    run(database, "move_cited")


def _keep_days(database: Database) -> None:
    """Work out what follows from each pair of dates, once."""
    pairs = database.conn.execute(read_sql("pairs_coming"))
    database.conn.executemany(
        read_sql("stage_days"),
        ((event, published, *find_days(event, published or None).values()) for event, published in pairs),
    )


def _take(database: Database, change: int, last: int, tell: Tell) -> None:
    for first in range(1, last + 1, _LINES_AT_ONCE):
        tell("writing", first / last)
        run(database, "take_coming", first=first, last=first + _LINES_AT_ONCE - 1, change=change)


def _list_moves(database: Database, recorded: Recorded, most: int) -> Recorded:
    """Add the projects that moved."""
    rows = fetch(database, "moved", most=most)
    ids = [row["project"] for row in rows]
    before = {row["id"]: read_state(row) for row in fetch_by_keys(database, "states_before", "projects", ids)}
    names = {row["id"]: row["name"] for row in fetch_by_keys(database, "states", "projects", ids)}
    after = fetch_states(database, ids)
    moves = tuple(
        Move(project=id_, name=names[id_], before=before.get(id_, State()), after=after[id_]) for id_ in ids
    )
    return replace(recorded, moves=moves, moved=rows[0]["moved"] if rows else 0)
