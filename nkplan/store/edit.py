"""Give a row on record other content, checked as a load is: one change, and what it said is kept."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from sqlite3 import Connection
from typing import Any, NamedTuple

from nkplan.errors import BadFile, NotFound, Unusable
from nkplan.model.batch import Batch, SettingRow, Source, Update
from nkplan.model.faults import Fault, Origin
from nkplan.rows.table import with_key
from nkplan.store.record import (
    DIFFERENT,
    Recording,
    StateChange,
    fetch_into,
    finish,
    list_state_changes,
)
from nkplan.store.record import fetch_stored as fetch_named
from nkplan.store.rewriting import derive_ids, fetch_stored, find_taken, rewrite
from nkplan.store.spelling import Spelling
from nkplan.store.states import judge_touched
from nkplan.store.transaction import Recorder, add_change, execute, fetch_rows, writing
from nkplan.text import compose
from nkplan.validation import RowState, StoredRow, describe, key_of, validate


class Edited(NamedTuple):
    """What an edit did to a row of a list; of the settings, to all of them.

    `others` are updates that were given the evidence class that their source has now, each with what it was.
    """

    list: str
    before: Any
    after: Any
    others: tuple[tuple[Update, Update], ...] = ()
    state_changes: tuple[StateChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was to change, so that nothing was written."""
        return bool(self.before == self.after)


def edit(
    path: Path,
    choose: Callable[[], tuple[str, str]],
    change: Callable[[str, Any], Any],
    summarise: Callable[[Edited], str],
    recorder: Recorder,
    *,
    dry_run: bool = False,
) -> Edited:
    """Give a row other content, or another id, as one change with a row in the journal.

    `choose` returns the list and the key of the row, and may read the database: no other program can write
    until this is done. `change` returns the whole row as it is to be; of the settings, whose list has no key,
    it gets all and returns all. If that is no change, nothing is written. Raises BadFile with every fault,
    each with its field, NotFound, Unusable and ForeignDatabase.
    """
    with writing(path, dry_run=dry_run) as connection:
        name, key = choose()
        if name == "settings":
            return _edit_settings(connection, change, summarise, recorder)
        before = _fetch(connection, name, key)
        wanted = Spelling(connection).respell_row(name, change(name, before))
        after = _check(connection, name, key, before, wanted)
        others = tuple(_list_classless(connection, before, after))
        edited = Edited(name, before, after, others)
        if edited.is_empty:
            return edited
        number = add_change(connection, "edit", recorder, summarise(edited))
        rewritten: dict[str, dict[str, Any]] = {name: {key: after}}
        if others:
            rewritten["updates"] = {row.id: row for _, row in others}
        rewrite(connection, number, rewritten)
        judge_touched(connection)
        # What is acknowledged is read again, as after every write.
        if fetch_stored(connection, name, [key_of(after)]).get(key_of(after)) != after:
            raise Unusable(DIFFERENT)
        return edited._replace(state_changes=list_state_changes(connection, -1)[0])


def _fetch(connection: Connection, name: str, key: str) -> Any:
    """Fetch a row that is on record. Raises NotFound."""
    one = name.removesuffix("s")
    stored = _fetch_any(connection, name, {key}).get(key)
    if stored is None:
        raise NotFound(f"there is no {one} {key}")
    if stored.state is not RowState.ACTIVE:
        raise NotFound(f"the {one} {key} is no longer on record; record it again, or redo what recorded it")
    return stored.row


def _fetch_any(connection: Connection, name: str, keys: set[str]) -> dict[str, StoredRow]:
    """Fetch rows of a list, whether they are on record or not."""
    found: dict[str, StoredRow] = {}
    fetch_into(found, connection, name, keys)
    return found


def _check(connection: Connection, name: str, key: str, before: Any, after: Any) -> Any:
    """Return a row as it would be recorded. Raises BadFile with all that is wrong with it as a load would.

    What names the row is checked with it: a cohort that becomes a site leaves its own sites without one.
    """
    faults = list(_check_key(connection, name, key, after))
    # Its id is checked; whatever names it knows it by the present one.
    there = with_key(after, key)
    rows: dict[str, Any] = {name: (there,)}
    batch = Batch(typed=True)._replace(**rows)
    if name == "projects":
        batch = _add_dependent(connection, batch, key)
    stored = fetch_named(connection, batch, {})
    del stored[name][key]
    validation = validate(batch, stored)
    faults += validation.faults
    if name in {"quotas", "updates"}:
        faults += _find_same_claim(connection, name, before, there)
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise BadFile(f"{count}, so nothing was written", tuple(faults), validation.more_faults)
    [checked] = (row for row in getattr(validation.new, name) if key_of(row) == key)
    return with_key(checked, key_of(after))


def _check_key(connection: Connection, name: str, key: str, after: Any) -> Iterator[Fault]:
    """Find out whether another row has the new id of a row, or had it before it was renamed."""
    new = key_of(after)
    if new == key or (taken := find_taken(connection, name, new, key)) is None:
        return
    one = name.removesuffix("s")
    field = "domain" if name == "publishers" else "id"
    if taken.casefold() == new.casefold():
        row = _fetch_any(connection, name, {taken})[taken]
        more = "" if row.state is RowState.ACTIVE else ", which was undone"
        yield Fault(f"there is a {one} {taken} already{more}; choose another", field)
    else:
        yield Fault(f"{new} means the {one} {taken}, which was called so; choose another", field)


def _add_dependent(connection: Connection, batch: Batch, project: str) -> Batch:
    """Add what belongs to a project to a batch, each row with its description as the place of its faults."""
    found = fetch_rows(connection, "stored.dependent_on_project", project=project)
    rows: dict[str, tuple[Any, ...]] = {}
    for name in ("projects", "quotas"):
        keys = [row["key"] for row in found if row["list"] == name]
        rows[name] = tuple(
            row._replace(origin=Origin(describe(row)))
            for row in fetch_stored(connection, name, keys).values()
        )
    return batch._replace(projects=(*batch.projects, *rows["projects"]), quotas=rows["quotas"])


def _find_same_claim(connection: Connection, name: str, before: Any, after: Any) -> Iterator[Fault]:
    """Find out whether an edited claim says what another one on record says: it would be there twice."""
    claim = derive_ids(name, after)[0]
    if claim == derive_ids(name, before)[0]:
        return
    # The other one can have got there by an edit, and then has an id that does not follow from it.
    query, date = (
        ("stored.claims_of_date", after.event_date) if name == "updates" else ("stored.promises_of", "")
    )
    ids = [row["id"] for row in fetch_rows(connection, query, project=after.project, date=date)]
    for id_, there in fetch_stored(connection, name, ids).items():
        if id_ != after.id and derive_ids(name, there)[0] == claim:
            what = "claim by the same source" if name == "updates" else "promise"
            yield Fault(f"the same {what} is on record already, as {id_}; undo one of the two")


def _list_classless(connection: Connection, before: Any, after: Any) -> Iterator[tuple[Update, Update]]:
    """List the updates without an evidence class that cite a source which is given one: it is theirs too.

    If they had been recorded after the source got its class, they would have got it.
    """
    if not isinstance(after, Source) or after.evidence is None or before.evidence is not None:
        return
    ids = [row["id"] for row in fetch_rows(connection, "stored.classless_citing", source=before.id)]
    for row in fetch_stored(connection, "updates", ids).values():
        # A source that is renamed too is called by its new id.
        yield row, row._replace(evidence=after.evidence, source=after.id)


def _edit_settings(
    connection: Connection,
    change: Callable[[str, Any], Any],
    summarise: Callable[[Edited], str],
    recorder: Recorder,
) -> Edited:
    """Set, change and take away settings in one change; one that is taken away is retracted."""
    before = _fetch_settings(connection)
    # Texts are stored composed; the settings have no order of their own.
    wanted: Mapping[str, SettingRow] = {row.id: row for row in change("settings", tuple(before.values()))}
    wanted = {id_: row._replace(value=compose(row.value)) for id_, row in wanted.items()}
    after = {**{id_: wanted[id_] for id_ in before if id_ in wanted}, **wanted}
    edited = Edited("settings", tuple(before.values()), tuple(after.values()))
    if edited.is_empty:
        return edited
    number = add_change(connection, "edit", recorder, summarise(edited))
    rewrite(connection, number, {"settings": {id_: after[id_] for id_ in before if id_ in after}})
    gone = [id_ for id_ in before if id_ not in after]
    execute(connection, "writing.retract_settings", settings=json.dumps(gone), change=number)
    new = tuple(row for id_, row in after.items() if id_ not in before)
    Recording(connection, lambda: number).record_all(Batch(settings=new, typed=True))
    execute(connection, "repairs.repair_wrong_region")
    finish(connection, number)
    if _fetch_settings(connection) != after:
        raise Unusable(DIFFERENT)
    return edited


def _fetch_settings(connection: Connection) -> dict[str, SettingRow]:
    rows = fetch_rows(connection, "export.all_settings")
    return {row["id"]: SettingRow(row["id"], row["value"]) for row in rows}
