"""Undo changes and retract updates. Both stay in the history."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from nkplan.errors import Ambiguous, NotFound, Unusable
from nkplan.model.batch import Batch
from nkplan.rows.table import make_row
from nkplan.store.record import DIFFERENT, StateChange, list_state_changes
from nkplan.store.states import judge_touched
from nkplan.store.transaction import Recorder, add_change, execute, fetch_by_keys, fetch_rows, writing
from nkplan.text import clean, has_letter, quote
from nkplan.validation import LISTS

_MOST = 20
"""How many candidates are listed for an ambiguous id; the query match_updates fetches one more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row of the journal: a command that wrote, when (in UTC) and by whom."""

    id: int
    command: str
    recorded: str
    recorded_by: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What was undone: the rows, the change if all of it was undone, and the projects whose state changed."""

    rows: Batch
    change: Change | None
    state_changes: tuple[StateChange, ...]


def undo(path: Path, updates: Sequence[str], recorder: Recorder, *, dry_run: bool = False) -> Undone:
    """Retract the updates whose ids contain the given parts, or without any undo the last change.

    Raises NotFound and Ambiguous if it is not clear what is meant, Unusable and ForeignDatabase.
    """
    with writing(path, dry_run=dry_run) as connection:
        return _undo_updates(connection, updates, recorder) if updates else _undo_last(connection, recorder)


def _undo_last(connection: Connection, recorder: Recorder) -> Undone:
    found = fetch_rows(connection, "journal.find_last_change")
    if not found:
        raise NotFound(
            "there is nothing to undo: everything on record came with the database;"
            " name an update to retract it"
        )
    change = Change(**found[0])
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for row in fetch_rows(connection, "journal.list_rows_of_change", change=change.id):
        keys[row["list"]].append(row["key"])
    rows = _fetch_rows(connection, keys)
    number = add_change(
        connection, "undo", recorder, f"undid change {change.id}: {change.summary}", undoes=change.id
    )
    execute(connection, "journal.retract_change", change=change.id, undo=number)
    # What is acknowledged is read again, as after every write.
    if fetch_rows(connection, "journal.list_rows_of_change", change=change.id):
        raise Unusable(DIFFERENT)
    if rows.settings:
        execute(connection, "repairs.repair_wrong_region")
    execute(connection, "writing.touch_change", change=change.id)
    judge_touched(connection)
    return Undone(rows=rows, change=change, state_changes=list_state_changes(connection, -1)[0])


def _undo_updates(connection: Connection, parts: Sequence[str], recorder: Recorder) -> Undone:
    found = [_find_update(connection, part) for part in dict.fromkeys(parts)]
    ids = list(dict.fromkeys(row["id"] for row in found))
    rows = _fetch_rows(connection, {"updates": ids})
    number = add_change(connection, "undo", recorder, f"retracted {', '.join(ids)}")
    execute(connection, "journal.retract_updates", updates=json.dumps(ids), undo=number)
    again = fetch_by_keys(connection, "stored.updates_by_key", "keys", ids)
    if [row["undone_in"] for row in again] != [number] * len(ids):
        raise Unusable(DIFFERENT)
    execute(connection, "writing.touch_updates", updates=json.dumps(ids))
    judge_touched(connection)
    return Undone(rows=rows, change=None, state_changes=list_state_changes(connection, -1)[0])


def _find_update(connection: Connection, part: str) -> dict[str, Any]:
    if not has_letter(part):
        raise NotFound(f"there is no update {quote(part)}; write part of an id, as `nkplan show` lists it")
    id_ = clean(part.strip().casefold())
    # A whole id is found without reading the others.
    found = fetch_rows(connection, "names.whole_update", id=id_) or fetch_rows(
        connection, "names.match_updates", part=id_
    )
    active = [row for row in found if row["undone_in"] is None]
    if len(active) == 1:
        return active[0]
    if active:
        lines = tuple(f"{row['id']}  {row['event_date']}  {row['project']}" for row in active)
        many = f"more than {_MOST}" if len(active) > _MOST else str(len(active))
        raise Ambiguous(f"{part} can be the id of {many} updates; write more of it", lines[:_MOST])
    if found:
        raise NotFound(
            f"update {found[0]['id']} of {found[0]['project']} has already been undone or retracted"
        )
    raise NotFound(f"there is no update {part}; `nkplan show PROJECT` lists the ids of a project's updates")


def _fetch_rows(connection: Connection, keys: Mapping[str, Sequence[str]]) -> Batch:
    made: dict[str, Any] = {}
    for name in LISTS:
        rows = list(fetch_by_keys(connection, f"stored.{name}_by_key", "keys", keys.get(name, ())))
        made[name] = tuple(make_row(name, row) for row in rows)
    return Batch(**made)
