"""Find the changes and rows that a user means by a number or part of an id, to undo or redo them."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from sqlite3 import Connection
from typing import Any, NamedTuple, NoReturn

from nkplan.errors import Ambiguous, NotFound
from nkplan.model.journal import Change
from nkplan.store.transaction import fetch_by_keys, fetch_rows
from nkplan.text import clean, has_letter, make_slug, match_ids, quote

_MOST = 20
"""How many candidates are listed; the query match_updates fetches one more."""

_LONGEST_NUMBER = 8
"""The most digits of what can only be the number of a change; the end of an update's id has twelve."""

Keys = dict[str, list[str]]
"""The keys of rows, list by list."""


class Undone(NamedTuple):
    """What an undo took back and a redo can record again: a whole change, or rows that were named."""

    undo: Change
    change: Change | None
    keys: Keys

    @property
    def whole(self) -> int | None:
        """The number of the change, if it is one."""
        return None if self.change is None else self.change.id


def find_last(connection: Connection) -> Change:
    """Find the last change that can be undone. Raises NotFound."""
    for row in fetch_rows(connection, "journal.list_undoable"):
        if has_effect(connection, row["id"]) and (change := find_change(connection, row["id"])):
            return change
    raise NotFound(
        "there is nothing to undo: everything on record came with the database; name an update to retract it"
    )


def find_last_undone(connection: Connection) -> list[Undone]:
    """Find what the last undo took back, if nothing was recorded after it. Raises NotFound.

    What was recorded instead of what was undone is not to get it back beside it by one redo too many.
    """
    found = fetch_rows(connection, "journal.find_last_undo")
    change = find_change(connection, found[0]["id"]) if found else None
    if change is None:
        raise NotFound("there is nothing to redo: no undo is left that has not been redone")
    if found[0]["later"] is not None:
        raise NotFound(
            f"the last undo, change {change.id}, was followed by change {found[0]['later']};"
            f" to redo it all the same, write nkplan redo {change.id}"
        )
    return list_undone(connection, change) or refuse_recorded(change)


def find_change(connection: Connection, number: int) -> Change | None:
    found = fetch_rows(connection, "journal.find_change", change=number)
    return Change(**found[0]) if found else None


def _read_change(connection: Connection, target: str) -> Change | None:
    """Find the change that a target is the number of; other digits can be part of an update's id.

    Raises NotFound for a number, unless it is longer than any: a mistyped one is not to retract something.
    """
    number = target.strip()
    # 057 is no number of a change, and SQLite's whole numbers have at most 19 digits.
    if not re.fullmatch("[1-9][0-9]{0,17}", number):
        return None
    change = find_change(connection, int(number))
    is_id = len(number) > _LONGEST_NUMBER or fetch_rows(connection, "names.whole_row", id=number)
    if change is None and not is_id:
        raise NotFound(f"there is no change {number}; `nkplan log` lists the changes")
    return change


def find_changes_and_rows(
    connection: Connection, targets: Sequence[str]
) -> tuple[list[Change], Keys, list[str]]:
    """Find the changes that targets name, the last first, and the rows of the updates and projects.

    The third value has the ids of the updates and projects that are named.
    """
    changes: dict[int, Change] = {}
    keys: Keys = defaultdict(list)
    ids: dict[str, None] = {}
    for target in dict.fromkeys(targets):
        if (change := _read_change(connection, target)) is not None:
            _check_undoable(connection, change)
            changes[change.id] = change
            continue
        name, id_ = _find_row(connection, target)
        ids[id_] = None
        if name == "updates":
            keys["updates"].append(id_)
        else:
            for list_, of_list in group_keys(connection, "journal.list_rows_of_project", project=id_).items():
                keys[list_] += of_list
    order = {row["id"]: at for at, row in enumerate(fetch_rows(connection, "journal.list_undoable"))}
    named = {name: list(dict.fromkeys(keys[name])) for name in ("projects", "quotas", "updates")}
    return sorted(changes.values(), key=lambda one: order[one.id]), named, list(ids)


def _check_undoable(connection: Connection, change: Change) -> None:
    """Refuse a change that cannot be undone. Raises NotFound."""
    match change.command:
        case "first run":
            raise NotFound(
                f"change {change.id} is what the record was made of, and cannot be undone;"
                " name an update or a project of it to retract that"
            )
        case "undo":
            raise NotFound(f"change {change.id} is itself an undo; nkplan redo {change.id} takes it back")
        case "redo":
            whose = f"; nkplan undo {change.redoes} undoes what it recorded again" if change.redoes else ""
            raise NotFound(f"change {change.id} is a redo{whose}")
    if change.undone_in is not None:
        raise NotFound(f"change {change.id} has already been undone, in change {change.undone_in}")


def find_undone(connection: Connection, targets: Sequence[str]) -> list[Undone]:
    """Find what the undos that targets name took back, or only the changes and rows of it that they name.

    What was undone last comes first; of one undo, what was recorded first, as the rest may need it.
    """
    wanted: dict[int, set[int | None]] = defaultdict(set)
    for target in dict.fromkeys(targets):
        change = _read_change(connection, target)
        if change is None:
            number, whole = _find_undone_row(connection, target)
            wanted[number].add(whole)
        elif change.command == "undo":
            if change.undone_in is not None:
                raise NotFound(f"change {change.id} has already been redone, in change {change.undone_in}")
            wanted[change.id] |= {one.whole for one in list_undone(connection, change)}
        elif change.undone_in is not None:
            wanted[change.undone_in].add(change.id)
        else:
            raise NotFound(f"change {change.id} has not been undone, so there is nothing to redo")
    undone: list[Undone] = []
    for number in sorted(wanted, reverse=True):
        undo = find_change(connection, number)
        assert undo is not None
        parts = [one for one in list_undone(connection, undo) if one.whole in wanted[number]]
        undone += parts or refuse_recorded(undo)
    return undone


def refuse_recorded(undo: Change) -> NoReturn:
    """Refuse to redo an undo of which nothing is left. Raises NotFound."""
    raise NotFound(
        f"there is nothing to redo of change {undo.id}: what it undid has been recorded again since"
    )


def list_undone(connection: Connection, undo: Change) -> list[Undone]:
    """List what an undo took back and what is left of it, in the order in which it was recorded."""
    rows = fetch_rows(connection, "journal.list_rows_retracted", undo=undo.id)
    changes = {row["id"] for row in fetch_rows(connection, "journal.list_still_undone", undo=undo.id)}
    numbers = json.dumps(sorted(changes | {row["change_id"] for row in rows}))
    by_name: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_name[row["change_id"]].append(row)
    undone: list[Undone] = []
    for number in [row["id"] for row in fetch_rows(connection, "journal.order_changes", changes=numbers)]:
        if number in changes:
            undone.append(Undone(undo, find_change(connection, number), {}))
            continue
        if not undone or undone[-1].change is not None:
            undone.append(Undone(undo, None, defaultdict(list)))
        for row in by_name[number]:
            undone[-1].keys[row["list"]].append(row["key"])
    return undone


def _find_row(connection: Connection, part: str) -> tuple[str, str]:
    """Find the active update or project whose id contains a part, as its list and id."""
    if not has_letter(part):
        raise NotFound(f"there is no update {quote(part)}; write part of an id, as `nkplan show` lists it")
    found = _match_rows(connection, part)
    active = [row for row in found if row["undone_in"] is None]
    if active:
        return _only(part, active)
    if found:
        row = found[0]
        what = (
            f"update {row['id']} of {row['project']}" if row["list"] == "updates" else f"project {row['id']}"
        )
        raise NotFound(f"{what} has already been undone or retracted")
    raise NotFound(
        f"there is no update {part} and no such change or project; `nkplan log` lists the changes, and"
        " `nkplan show PROJECT` the ids of a project's updates"
    )


def _find_undone_row(connection: Connection, part: str) -> tuple[int, int | None]:
    """Find the undone update or project whose id contains a part.

    Return the undo that took it back, and the change that this undid with it, if it was a whole one.
    """
    found = _match_rows(connection, part) if has_letter(part) else []
    undone = [row for row in found if row["undone_in"] is not None]
    if not undone:
        on_record = "; it is on record" if found else "; `nkplan log` lists the changes"
        raise NotFound(f"no update or project {part} has been undone{on_record}")
    name, id_ = _only(part, undone)
    [row] = fetch_by_keys(connection, f"stored.{name}_by_key", "keys", [id_])
    return row["undone_in"], row["change_id"] if row["row_state"] == "undone" else None


def _match_rows(connection: Connection, part: str) -> list[dict[str, Any]]:
    """Match the ids of updates and projects, active or not; a whole id is found without reading others."""
    id_ = clean(part.strip().casefold())
    if whole := fetch_rows(connection, "names.whole_row", id=id_):
        return whole
    updates = fetch_rows(connection, "names.match_updates", part=id_)
    projects = fetch_rows(connection, "names.match_any_projects", part=make_slug(part))
    meant = {*match_ids(part, [row["id"] for row in projects])}
    return updates + [row for row in projects if row["id"] in meant]


def _only(part: str, found: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return the list and id of the one row found. Raises Ambiguous."""
    if len(found) == 1:
        return found[0]["list"], found[0]["id"]
    lines = tuple(
        f"{row['id']}  {row['event_date']}  {row['project']}"
        if row["list"] == "updates"
        else f"{row['id']}  project"
        for row in found
    )
    lists = {row["list"] for row in found}
    what = (
        "updates" if lists == {"updates"} else "projects" if lists == {"projects"} else "updates and projects"
    )
    many = f"more than {_MOST}" if len(found) > _MOST else str(len(found))
    raise Ambiguous(f"{part} can be the id of {many} {what}; write more of it", lines[:_MOST])


def has_effect(connection: Connection, change: int) -> bool:
    """Return whether something that a change recorded, or gave other content, is on record."""
    if fetch_rows(connection, "journal.has_effect", change=change)[0]["has_effect"]:
        return True
    edited = fetch_rows(connection, "journal.list_edits_of_change", change=change)
    return any(row["undone_in"] is None and row["change_id"] != change for row in edited)


def group_keys(connection: Connection, query: str, **values: Any) -> Keys:
    """Return the keys that a query finds, list by list."""
    keys: Keys = defaultdict(list)
    for row in fetch_rows(connection, query, **values):
        keys[row["list"]].append(row["key"])
    return keys
