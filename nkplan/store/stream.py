"""Taking in a long file, whose updates are never all in memory: they are put aside in the order of the file.

What is put aside is compared with the record by queries over all of it. The rules are those of admission.py:
the queries pick the updates that can not be told to be new and right, which are judged there like others.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from sqlite_utils import Database

from nkplan.admission import LISTS, Admission, StoredRow, admit, key_of
from nkplan.model.batch import Batch, Update
from nkplan.model.faults import Faults
from nkplan.model.state import State
from nkplan.rows.state import read_state
from nkplan.rows.table import read_row
from nkplan.sql import read_sql
from nkplan.store.record import (
    Move,
    Recorded,
    fetch_states,
    fetch_stored,
    find_days,
    index,
    keep_replaced,
    refuse,
    write,
)
from nkplan.store.transaction import Recorder, add_change, fetch, fetch_by_keys, run, writing

_SUSPECTS_AT_ONCE = 10_000
_LINES_AT_ONCE = 20_000
# Two random ids lie on two pages of an index, and those of a million updates have to be at hand: in KiB.
_CACHE = 128 * 1024

Tell = Callable[[str, float | None], None]
"""Is told what is being done, and what share of that is done, from 0 to 1, where it is known."""


class Lines(Protocol):
    """A file read line by line."""

    def read_updates(self) -> Iterator[tuple[Any, ...]]:
        """Go through the updates, as the columns that stage_update.sql takes."""

    def read_rest(self) -> Batch:
        """Give the rows of all other lists, and what is wrong with the file, once its end is reached."""


@dataclass(slots=True)
class _Judged:
    """What the suspects turned out to be."""

    faults: Faults = field(default_factory=Faults)
    same: int = 0
    retracted: int = 0
    replacing: list[Update] = field(default_factory=list)


def record_lines(
    path: Path,
    lines: Lines,
    recorder: Recorder,
    *,
    summarize: Callable[[Batch], str],
    tell: Tell,
    most_moves: int,
    dry_run: bool = False,
) -> Recorded:
    """Take in a file line by line as one change, with a row in the journal, or not at all.

    `summarize` says for the journal what was read; of the projects that moved, `most_moves` are given. Where
    all of it is there already nothing is written, the journal included. Raises BadFile with every fault,
    Unusable and NotOurs.
    """

    def stage(database: Database) -> None:
        database.conn.execute(f"PRAGMA cache_size = -{_CACHE}")
        run(database, "stage")
        database.conn.executemany(read_sql("stage_update"), lines.read_updates())

    with writing(path, dry_run=dry_run, prepare=stage) as database:
        rest = lines.read_rest()
        tell("checking", None)
        admission = admit(rest, fetch_stored(database, rest))
        judged = _judge_suspects(database, rest)
        judged.faults.add_all(admission.faults, admission.more_faults)
        refuse(judged.faults.list_first(), judged.faults.count_rest())
        counted = fetch(database, "count_coming")[0]
        recorded = _count(admission, judged, counted["updates"])
        if recorded.is_empty:
            return recorded
        change = add_change(database, "load", recorder, summarize(rest))
        moves = write(database, admission, change).moves
        if counted["updates"]:
            if judged.replacing:
                undone = frozenset(map(key_of, judged.replacing))
                keep_replaced(database, "updates", judged.replacing, undone, change)
            _keep_days(database)
            _take(database, change, counted["last"], tell)
            tell("judging", None)
            run(database, "move_coming")
        tell("indexing", None)
        index(database, change)
        return _list_moves(database, recorded, moves, most_moves)


def _judge_suspects(database: Database, rest: Batch) -> _Judged:
    """Judge the updates that can not be told to be new and right, and drop those that are there already."""
    own = {
        name: {key_of(row): row for row in getattr(rest, name)}
        for name in ("projects", "sources", "announcements")
    }
    for name, ids in own.items():
        database.conn.executemany(read_sql("stage_brought"), ((name, id_) for id_ in ids))
    run(database, "suspect_updates")
    judged = _Judged()
    after = ""
    while rows := fetch(database, "suspects", after=after, most=_SUSPECTS_AT_ONCE):
        after = rows[-1]["id"]
        updates = tuple(
            replace(read_row("updates", row), where=f"updates, line {row['line']}") for row in rows
        )
        batch = Batch(updates=updates, faulty_ids=rest.faulty_ids)
        stored = fetch_stored(database, batch)
        for name, brought in own.items():
            named = {getattr(update, name.removesuffix("s")) for update in updates}
            stored[name] |= {key: StoredRow(brought[key]) for key in named & brought.keys()}
        admission = admit(batch, stored)
        judged.faults.add_all(admission.faults, admission.more_faults)
        judged.same += admission.same["updates"]
        judged.retracted += admission.retracted["updates"]
        new = {update.id for update in admission.new.updates}
        judged.replacing += [one for one in admission.new.updates if one.id in admission.replacing["updates"]]
        dropped = [row["line"] for row in rows if row["id"] not in new]
        run(database, "drop_coming", lines=str(dropped))
    return judged


def _count(admission: Admission, judged: _Judged, updates: int) -> Recorded:
    numbers = Counter({name: len(getattr(admission.new, name)) for name in LISTS})
    return Recorded(
        new=admission.new,
        numbers=numbers + Counter(updates=updates),
        same=admission.same + Counter(updates=judged.same),
        retracted=admission.retracted + Counter(updates=judged.retracted),
    )


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


def _list_moves(database: Database, recorded: Recorded, earlier: Iterable[Move], most: int) -> Recorded:
    """Add the projects that moved, of which those in `earlier` had already by the dates of new sources."""
    rows = fetch(database, "moved", most=most)
    ids = [row["project"] for row in rows]
    before = {row["id"]: read_state(row) for row in fetch_by_keys(database, "states_before", "projects", ids)}
    names = {row["id"]: row["name"] for row in fetch_by_keys(database, "states", "projects", ids)}
    after = fetch_states(database, ids)
    moves = {one.project: one for one in earlier if one.before != one.after}
    for id_ in ids:
        was = moves[id_].before if id_ in moves else before.get(id_, State())
        moves[id_] = Move(project=id_, name=names[id_], before=was, after=after[id_])
    moved = max(len(moves), rows[0]["moved"] if rows else 0)
    return replace(recorded, moves=tuple(moves.values())[:most], moved=moved)
