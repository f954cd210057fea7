"""Undo changes and retract rows, and redo what was undone. All of it stays in the history."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any, NamedTuple

from nkplan.errors import InTheWay, NotFound, TooMany, Unusable
from nkplan.model.batch import Batch
from nkplan.model.faults import Origin
from nkplan.model.journal import Change
from nkplan.rows.table import KEYS, with_key, write_content
from nkplan.sql import read_sql
from nkplan.store.record import CHUNK_SIZE, DIFFERENT, StateChange, fetch_stored, list_state_changes
from nkplan.store.rewriting import fetch_stored as fetch_rows_by_key
from nkplan.store.rewriting import follows_from_content, list_replaced, rewrite
from nkplan.store.states import judge_touched
from nkplan.store.targets import (
    Keys,
    Undone,
    find_changes_and_rows,
    find_last,
    find_last_undone,
    find_undone,
    group_keys,
    has_effect,
    list_undone,
    refuse_recorded,
)
from nkplan.store.texts import index_change, index_rows
from nkplan.store.transaction import Recorder, add_change, execute, fetch_by_keys, fetch_rows, writing
from nkplan.text import list_words
from nkplan.validation import LISTS, RowState, StoredRow, describe, key_of, validate

MOST_ROWS = 5000
"""The most rows of a list that are returned: a change can have a million."""

_MOST = 20
"""How many rows in the way are listed."""

Rows = dict[str, dict[str, Any]]
"""Rows by list and present key."""


class Edit(NamedTuple):
    """A row of a list that got other content: what it said, and what it says now.

    A setting that an edit took away, and that is given back or taken away again, lacks one of the two.
    """

    list: str
    before: Any
    after: Any


class Elsewhere(NamedTuple):
    """How many of `every` row that an undo took back were recorded again, and so belong to a later change."""

    number: int
    every: int
    change: int
    is_undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """What was undone or redone: whole changes, rows, edits, and the projects whose state changed.

    `numbers` counts the rows of each list; of very many, `rows` has the first. `elsewhere` says what a redo
    did not record again, because a later change had done so.
    """

    rows: Batch
    numbers: Counter[str]
    changes: tuple[Change, ...]
    edits: tuple[Edit, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    state_changes: tuple[StateChange, ...]

    @property
    def change(self) -> Change | None:
        """The change, if it was one as a whole."""
        return self.changes[0] if self.changes else None


def undo(
    path: Path, targets: Sequence[str], recorder: Recorder, *, dry_run: bool = False, most: int | None = None
) -> Reversal:
    """Undo the changes and retract the updates and projects named, or without any undo the last change.

    A target is the number of a change, or part of the id of an update or a project; a project is retracted
    with its updates and quotas. Raises TooMany if these are more than `most` rows, InTheWay if something on
    record needs one of them, NotFound and Ambiguous if it is not clear what is meant, Unusable and
    ForeignDatabase.
    """
    with writing(path, dry_run=dry_run) as connection:
        changes, named, ids = (
            find_changes_and_rows(connection, targets) if targets else ([find_last(connection)], {}, [])
        )
        of_changes = _join(_list_rows(connection, change) for change in changes)
        edited = sum(
            _count(_list_edits(connection, change.id)) + len(_list_taken(connection, change.id))
            for change in changes
        )
        rest = {name: _leave_out(keys, of_changes[name]) for name, keys in named.items()}
        _refuse_many("undo", _count(of_changes) + _count(rest) + edited, most, changes, targets)
        done = _Done()
        gone = {change.id for change in changes if not has_effect(connection, change.id)}
        retracted = f"retracted {', '.join(ids)}" if _count(rest) else ""
        number = _add_reversal(connection, recorder, changes, retracted)
        if _count(rest):
            _retract(connection, rest, number, done)
        for change in changes:
            # A setting that it set may be back now, because one of the others had taken it away.
            if change.id in gone and not has_effect(connection, change.id):
                raise NotFound(f"nothing that change {change.id} recorded is still on record")
            _undo_change(connection, change, changes, number, done)
        _refuse_needed(connection, done.keys, changes, ids)
        _refuse_twice(connection, "undone", done, changes)
        return _finish(connection, done, changes)


def redo(
    path: Path, targets: Sequence[str], recorder: Recorder, *, dry_run: bool = False, most: int | None = None
) -> Reversal:
    """Record again what the undos named took back, or without any what the last one did that is not redone.

    A target is the number of an undo or of what it undid, or part of the id of a retracted update or project.
    Raises as undo does; what is recorded again has to be as right as what is loaded.
    """
    with writing(path, dry_run=dry_run) as connection:
        parts = find_undone(connection, targets) if targets else find_last_undone(connection)
        undos = list({part.undo.id: part.undo for part in parts}.values())
        _refuse_many("redo", sum(_count_undone(connection, part) for part in parts), most, undos, targets)
        _refuse_recorded(connection, parts)
        done = _Done()
        changes = [part.change for part in parts if part.change is not None]
        rows = dict.fromkeys(_say_put_back(part.undo) for part in parts if part.change is None)
        number = _add_reversal(connection, recorder, changes, "; ".join(rows), redone=undos)
        for part in parts:
            _redo(connection, part, number, done)
        for undo_ in undos:
            if not list_undone(connection, undo_):
                execute(connection, "journal.mark_redone", undo=undo_.id, redo=number)
        _refuse_twice(connection, "redone", done, undos)
        return _finish(connection, done, changes)


class _Done:
    """What has been done so far."""

    def __init__(self) -> None:
        self.keys: Keys = defaultdict(list)
        self.rows: dict[str, tuple[Any, ...]] = dict.fromkeys(LISTS, ())
        self.edits: list[Edit] = []
        self.elsewhere: list[Elsewhere] = []

    def add(self, connection: Connection, keys: Keys) -> None:
        """Add rows, by list and key."""
        for name, of_list in keys.items():
            room = max(MOST_ROWS - len(self.rows[name]), 0)
            self.rows[name] += tuple(fetch_rows_by_key(connection, name, of_list[:room]).values())
            self.keys[name] += of_list

    def rewrite(self, connection: Connection, number: int, rows: Rows, change: Change) -> None:
        """Give rows other content, to undo or redo a change, and add what was done. Raises Unusable."""
        before = {name: fetch_rows_by_key(connection, name, keys) for name, keys in rows.items()}
        rewrite(connection, number, rows, reverses=change.id)
        for name, of_list in rows.items():
            after = fetch_rows_by_key(connection, name, map(key_of, of_list.values()))
            if any(after.get(key_of(row)) != row for row in of_list.values()):
                raise Unusable(DIFFERENT)
            self.edits += [Edit(name, before[name][key], row) for key, row in of_list.items()]

    def give_back(self, connection: Connection, number: int, change: Change) -> None:
        """Give back the settings that a change took away, and keep for a redo which these are."""
        execute(connection, "journal.give_back_replaced_settings", change=change.id)
        for key, row in _list_taken(connection, change.id).items():
            content = write_content(row)
            execute(
                connection,
                "writing.add_former_row",
                list="settings",
                id=key,
                content=content,
                change=number,
                reversed=change.id,
            )
            self.edits.append(Edit("settings", None, row))
        execute(connection, "journal.give_back_settings", change=change.id)
        if _list_taken(connection, change.id):
            raise Unusable(DIFFERENT)

    def take_away(self, connection: Connection, change: Change, rows: Mapping[str, Any]) -> None:
        """Take away settings that a change had taken away before."""
        execute(connection, "writing.retract_settings", settings=json.dumps([*rows]), change=change.id)
        if _list_taken(connection, change.id).keys() != rows.keys():
            raise Unusable(DIFFERENT)
        self.edits += [Edit("settings", row, None) for row in rows.values()]


def _finish(connection: Connection, done: _Done, changes: Sequence[Change]) -> Reversal:
    if done.rows["settings"] or done.rows["places"] or any(one.list == "settings" for one in done.edits):
        execute(connection, "repairs.repair_wrong_region")
    judge_touched(connection)
    return Reversal(
        rows=Batch(**done.rows),  # type: ignore[arg-type]
        numbers=Counter({name: len(keys) for name, keys in done.keys.items() if keys}),
        changes=tuple(changes),
        edits=tuple(done.edits),
        elsewhere=tuple(done.elsewhere),
        state_changes=list_state_changes(connection, -1)[0],
    )


def _add_reversal(
    connection: Connection,
    recorder: Recorder,
    changes: Sequence[Change],
    rows: str,
    *,
    redone: Sequence[Change] = (),
) -> int:
    """Add an undo of changes and rows to the journal, or of undos that are `redone` a redo.

    Return its number. `rows` says what is done to rows that were named.
    """
    did = "redid" if redone else "undid"
    parts = [rows] if rows else []
    if changes:
        one = "change" if len(changes) == 1 else "changes"
        what = "; ".join(change.summary for change in changes)
        parts.append(f"{did} {one} {list_words(str(change.id) for change in changes)}: {what}")
    only = changes[0].id if len(changes) == 1 and not rows else None
    summary = "; ".join(parts)
    if redone:
        undo_ = redone[0].id if len(redone) == 1 else None
        number = add_change(connection, "redo", recorder, summary, undoes=undo_, redoes=only)
    else:
        number = add_change(connection, "undo", recorder, summary, undoes=only)
    for change in changes:
        execute(connection, "journal.add_reversed_change", reversal=number, change=change.id)
    return number


def _undo_change(
    connection: Connection, change: Change, every: Sequence[Change], number: int, done: _Done
) -> None:
    """Undo a change, one of `every` that is to be undone, in the change of that number."""
    keys, edits = _list_rows(connection, change), _list_edits(connection, change.id)
    _refuse_edited(connection, change, every, keys, edits)
    done.add(connection, keys)
    execute(connection, "journal.retract_change", change=change.id, undo=number)
    # A row that it recorded may be in the way no longer: a cohort that has the year of one that it edited.
    _refuse_faulty(connection, "undone", change, {}, edits)
    # What is acknowledged is read again, as after every write.
    if _count(_list_rows(connection, change)):
        raise Unusable(DIFFERENT)
    execute(connection, "writing.touch_change", change=change.id)
    done.rewrite(connection, number, edits, change)
    done.give_back(connection, number, change)


def _retract(connection: Connection, keys: Keys, number: int, done: _Done) -> None:
    """Retract rows that are no whole change, in the change of that number."""
    done.add(connection, keys)
    for name in ("projects", "quotas", "updates"):
        execute(connection, f"journal.retract_{name}", **{name: json.dumps(keys[name])}, undo=number)
        again = fetch_by_keys(connection, f"stored.{name}_by_key", "keys", keys[name])
        if [row["undone_in"] for row in again] != [number] * len(keys[name]):
            raise Unusable(DIFFERENT)
    execute(connection, "writing.touch_updates", updates=json.dumps(keys["updates"]))


def _say_put_back(undo_: Change) -> str:
    """Say which rows are put back that an undo retracted, as its summary names them."""
    return undo_.summary.partition("; ")[0].replace("retracted", "put back", 1)


def _refuse_recorded(connection: Connection, parts: Sequence[Undone]) -> None:
    """Refuse a redo if nothing of what it is to record again is left. Raises NotFound."""
    if not sum(_count_undone(connection, part) for part in parts):
        refuse_recorded(parts[0].undo)


def _redo(connection: Connection, part: Undone, number: int, done: _Done) -> None:
    """Record again what an undo took back, in the change of that number."""
    whose = part.change
    if whose is None:
        _put_back(connection, part, number, done)
        return
    keys, edits = _list_rows_undone(connection, part), list_replaced(connection, part.undo.id, whose.id)
    again = fetch_rows(connection, "journal.count_recorded_again", change=whose.id, undo=part.undo.id)
    every = _count(keys) + sum(row["number"] for row in again)
    done.elsewhere += [
        Elsewhere(row["number"], every, row["change_id"], row["undone_in"] is not None) for row in again
    ]
    taken = {}
    if "settings" in edits:
        # What was not edited was taken away, and given back by the undo.
        own = _list_edits(connection, whose.id).get("settings", {})
        taken = {key: row for key, row in edits["settings"].items() if key not in own}
        edits["settings"] = {key: row for key, row in edits["settings"].items() if key in own}
    _refuse_clobbering(connection, part.undo, whose, edits, taken)
    _refuse_faulty(connection, "redone", part.undo, keys, edits)
    execute(connection, "journal.mark_change_redone", change=whose.id)
    # A cohort may have the year again that another one of them had before it was edited.
    done.rewrite(connection, number, edits, whose)
    done.add(connection, keys)
    execute(connection, "journal.put_back_change", change=whose.id, undo=part.undo.id)
    _check_active(keys, _list_rows(connection, whose))
    execute(connection, "writing.touch_change", change=whose.id)
    index_change(connection, whose.id)
    if taken:
        done.take_away(connection, whose, taken)


def _put_back(connection: Connection, part: Undone, number: int, done: _Done) -> None:
    """Record again rows that an undo took back by name."""
    keys = part.keys
    _refuse_faulty(connection, "redone", part.undo, keys, {})
    done.add(connection, keys)
    for name, of_list in keys.items():
        execute(connection, f"journal.put_back_{name}", **{name: json.dumps(of_list)}, undo=part.undo.id)
    _check_active(keys, _list_active(connection, keys))
    execute(connection, "writing.touch_updates", updates=json.dumps(keys.get("updates", [])))
    for name in ("projects", "updates"):
        index_rows(connection, name, keys.get(name, []))


def _check_active(keys: Keys, active: Keys) -> None:
    """Check that rows are on record again: what is acknowledged is read again. Raises Unusable."""
    if any({*keys[name]} - {*active.get(name, ())} for name in keys):
        raise Unusable(DIFFERENT)


def _list_active(connection: Connection, keys: Keys) -> Keys:
    """List those of some rows that are active."""
    return {
        name: [
            row[KEYS[name]]
            for row in fetch_by_keys(connection, f"stored.{name}_by_key", "keys", of_list)
            if row["undone_in"] is None
        ]
        for name, of_list in keys.items()
    }


def _refuse_many(
    what: str, number: int, most: int | None, changes: Sequence[Change], targets: Sequence[str]
) -> None:
    """Refuse to undo or redo more than `most` rows. Raises TooMany."""
    if most is None or number <= most:
        return
    about = list_words(f"change {one.id}, {one.command}: {one.summary}" for one in changes)
    if targets and not changes:
        about = list_words(targets)
    raise TooMany(f"this would {what} {number} rows ({about})", tuple(targets) or (str(changes[0].id),))


def _refuse_needed(connection: Connection, keys: Keys, changes: Sequence[Change], ids: Sequence[str]) -> None:
    """Refuse to undo rows that active rows name. Raises InTheWay."""
    execute(connection, "journal.create_unneeded")
    connection.executemany(
        read_sql("journal.add_unneeded"),
        # Nothing names an update, and there can be a million of them.
        ((name, key) for name, of_list in keys.items() if name != "updates" for key in of_list),
    )
    found = fetch_rows(connection, "journal.list_needing", most=_MOST + 1)
    execute(connection, "journal.drop_unneeded")
    if found:
        lines = [
            f"{_describe_stored(connection, row['list'], row['key'])}, recorded by change {row['change_id']},"
            f" needs the {_name(row['named_list'])} {row['named']}"
            for row in found[:_MOST]
        ]
        raise _explain_later([str(one.id) for one in changes], lines, found, ids)


def _refuse_edited(
    connection: Connection, change: Change, every: Sequence[Change], keys: Keys, edits: Rows
) -> None:
    """Refuse to undo a change if a later one edited a row that it recorded or edited. Raises InTheWay."""
    own = {name: {*keys.get(name, ()), *edits.get(name, ())} for name in LISTS}
    found = [
        row
        for row in fetch_rows(connection, "journal.list_edits_since", change=change.id)
        if row["key"] in own[row["list"]]
    ]
    if found:
        lines = [
            f"{_describe_stored(connection, row['list'], row['key'])} was edited by change {row['change_id']}"
            for row in found[:_MOST]
        ]
        raise _explain_later([str(one.id) for one in every], lines, found)


def _explain_later(
    changes: Sequence[str],
    lines: Sequence[str],
    found: Sequence[Mapping[str, Any]],
    ids: Sequence[str] = (),
) -> InTheWay:
    """Make the refusal of an undo, with the later changes that have to be undone first or with it."""
    later = [str(number) for number in sorted({row["change_id"] for row in found}, reverse=True)]
    more = ("and others",) if len(found) > _MOST else ()
    if not changes:
        return InTheWay(
            f"{list_words(ids)} cannot be undone: something on record needs it; undo that first",
            (*lines, *more),
        )
    both = " ".join(dict.fromkeys([*later, *changes]))
    about = f"change {changes[0]}" if len(changes) == 1 else f"changes {list_words(changes)}"
    return InTheWay(
        f"{about} cannot be undone: what was recorded later needs it; to undo that too, write"
        f" nkplan undo {both}",
        (*lines, *more),
    )


def _refuse_clobbering(
    connection: Connection, undo_: Change, whose: Change, edits: Rows, taken: Mapping[str, Any]
) -> None:
    """Refuse to give rows other content again that no longer say what the undo left. Raises InTheWay."""
    left = _list_edits(connection, whose.id)
    left["settings"] = {**left.get("settings", {}), **taken}
    edits = {**edits, "settings": {**edits.get("settings", {}), **taken}}
    lines = [
        f"{_describe(name, row)} does not say what change {undo_.id} left"
        for name, rows in left.items()
        for key, row in fetch_rows_by_key(connection, name, rows).items()
        if key in edits.get(name, {}) and row != rows[key]
    ]
    if lines:
        later = fetch_rows(connection, "journal.list_edits_since", change=undo_.id)
        numbers = dict.fromkeys(
            str(row["change_id"]) for row in later if row["key"] in edits.get(row["list"], {})
        )
        since = f" by change {list_words(numbers)}" if numbers else ""
        raise InTheWay(
            f"change {undo_.id} cannot be redone: what it would change has been edited or undone since"
            f"{since}",
            tuple(lines[:_MOST]),
        )


def _refuse_faulty(connection: Connection, what: str, change: Change, keys: Keys, edits: Rows) -> None:
    """Refuse what would not be right now, such as a row on record without its source. Raises InTheWay."""
    # The updates are fetched as they are checked.
    rows = {
        name: [*fetch_rows_by_key(connection, name, keys.get(name, ())).values()] if name != "updates" else []
        for name in LISTS
    }
    for name, of_list in edits.items():
        stored = fetch_by_keys(connection, f"stored.{name}_by_key", "keys", of_list)
        active = {row[KEYS[name]] for row in stored if row["undone_in"] is None}
        # A row that gets another id is checked under its present one, as what names it does now.
        rows[name] += [with_key(row, key) for key, row in of_list.items() if key in active]
    told = {name: tuple(_say_where(name, row) for row in of_list) for name, of_list in rows.items()}
    updates = told.pop("updates")
    rest = Batch(**told, typed=True)  # type: ignore[arg-type]
    checked = validate(rest, _fetch_as_undone(connection, rest, {}))
    faults = [*checked.faults]
    incoming = {name: of_list for name, of_list in checked.incoming.items() if name != "updates"}
    ids = keys.get("updates", [])
    for start in range(0, len(ids) + 1, CHUNK_SIZE):
        fetched = fetch_rows_by_key(connection, "updates", ids[start : start + CHUNK_SIZE]).values()
        chunk = Batch(updates=(*(_say_where("updates", row) for row in fetched), *updates), typed=True)
        updates = ()
        faults += validate(chunk, _fetch_as_undone(connection, chunk, incoming), incoming).faults
    if faults:
        more = (f"and {len(faults) - _MOST} more",) if len(faults) > _MOST else ()
        raise InTheWay(
            f"change {change.id} cannot be {what}: what was recorded or undone since is in the way",
            (*map(str, faults[:_MOST]), *more),
        )


def _refuse_twice(connection: Connection, what: str, done: _Done, changes: Sequence[Change]) -> None:
    """Refuse what would bring a claim or promise on record a second time. Raises InTheWay.

    What a file has under ids of its own is not the same claim because it says the same.
    """
    lines = []
    for name in ("quotas", "updates"):
        own = {*done.keys[name], *(key_of(one.after) for one in done.edits if one.list == name)}
        if not own:
            continue
        same: dict[str, list[str]] = defaultdict(list)
        for row in fetch_rows(connection, f"stored.same_{name}", keys=json.dumps(sorted(own))):
            same[row["first"]].append(row["id"])
        for ids in same.values():
            if own.isdisjoint(ids):
                continue
            twice = [id_ for id_ in ids if follows_from_content(connection, name, id_)]
            if len(twice) > 1 and not own.isdisjoint(twice):
                # What is on record already comes last.
                first, *rest = sorted(twice, key=lambda id_: id_ not in own)
                about = _describe_stored(connection, name, first)
                lines += [f"{about} says the same as {id_}, which is on record" for id_ in rest]
    if lines:
        one = "change" if len(changes) == 1 else "changes"
        raise InTheWay(
            f"{one} {list_words(str(change.id) for change in changes)} cannot be {what}: the same would be on"
            " record twice; undo or edit what says the same first",
            (*lines[:_MOST], *((f"and {len(lines) - _MOST} more",) if len(lines) > _MOST else ())),
        )


def _fetch_as_undone(
    connection: Connection, batch: Batch, incoming: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, StoredRow]]:
    """Fetch what a batch names, with its own rows as if undone: they are checked as new ones are."""
    stored = fetch_stored(connection, batch, incoming)
    for name in LISTS:
        for key in map(key_of, getattr(batch, name)):
            if key in stored[name]:
                stored[name][key] = stored[name][key]._replace(state=RowState.UNDONE)
    return stored


def _say_where(name: str, row: Any) -> Any:
    """Give a row its description as the place that faults name."""
    return row if isinstance(row, str) else row._replace(origin=Origin(_describe(name, row)))


def _describe_stored(connection: Connection, name: str, key: str) -> str:
    """Say which stored row is meant."""
    return _describe(name, fetch_rows_by_key(connection, name, [key])[key])


def _describe(name: str, row: Any) -> str:
    return describe(row) if name in {"updates", "quotas"} else f"{_name(name)} {describe(row)}"


def _name(name: str) -> str:
    return name.removesuffix("s")


def _list_rows(connection: Connection, change: Change) -> Keys:
    """List the active rows that a change recorded."""
    return group_keys(connection, "journal.list_rows_of_change", change=change.id)


def _list_edits(connection: Connection, change: int) -> Rows:
    """List the rows that a change gave other content, as they were; not those that the change recorded anew.

    A row that was undone can be recorded again with other content: that is no edit.
    """
    edits: Rows = {}
    replaced = list_replaced(connection, change)
    for row in fetch_rows(connection, "journal.list_edits_of_change", change=change):
        if row["change_id"] != change:
            edits.setdefault(row["list"], {})[row["key"]] = replaced[row["list"]][row["key"]]
    return edits


def _list_taken(connection: Connection, change: int) -> dict[str, Any]:
    """List the settings that a change took away."""
    keys = [row["key"] for row in fetch_rows(connection, "journal.list_settings_taken", change=change)]
    return fetch_rows_by_key(connection, "settings", keys)


def _list_rows_undone(connection: Connection, part: Undone) -> Keys:
    """List the rows that an undo took back and that are not recorded again."""
    if part.change is None:
        return part.keys
    execute(connection, "journal.replace_settings_again", change=part.change.id, undo=part.undo.id)
    return group_keys(connection, "journal.list_rows_undone", undo=part.undo.id, change=part.change.id)


def _count_undone(connection: Connection, part: Undone) -> int:
    """Count the rows and edits that an undo took back and that can be redone."""
    edits = _count(list_replaced(connection, part.undo.id, part.change.id)) if part.change else 0
    return _count(_list_rows_undone(connection, part)) + edits


def _leave_out(keys: Sequence[str], others: Sequence[str]) -> list[str]:
    left_out = {*others}
    return [key for key in keys if key not in left_out]


def _count(keys: Mapping[str, Sequence[Any] | Mapping[str, Any]]) -> int:
    return sum(map(len, keys.values()))


def _join(every: Iterable[Mapping[str, Sequence[str]]]) -> Keys:
    """Join keys, list by list."""
    joined: Keys = defaultdict(list)
    for keys in every:
        for name, of_list in keys.items():
            joined[name] += of_list
    return joined
