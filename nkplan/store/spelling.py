"""Give ids the spelling that they have on record: ids that differ only in case or Unicode form are one."""

from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import Any

from nkplan.identity import derive_old_update_id, derive_quota_id, derive_update_id
from nkplan.model.batch import Batch, Update
from nkplan.rows.table import FOLDED
from nkplan.store.transaction import fetch_by_keys
from nkplan.text import fold_id
from nkplan.validation import LISTS, key_of, list_named_ids, list_references


class Spelling:
    """The spelling of each id: as on record, or else as the file first has it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._spelled: dict[str, dict[str, str]] = {name: {} for name in FOLDED}
        # In most files every id is spelled right, and no row has to be looked at again.
        self._respells = False
        self._by_folded: dict[str, dict[str, str]] = {name: {} for name in FOLDED}

    def respell(self, batch: Batch) -> Batch:
        """Return a batch without updates with every id spelled right, and derive the ids of quotas."""
        for name in FOLDED:
            # The ids that rows have come first: what names them in other letters is spelled so too.
            self._learn(name, map(key_of, getattr(batch, name)))
        for name in LISTS:
            for list_, ids in list_named_ids(getattr(batch, name)):
                self._learn(list_, sorted(ids))
        rows: dict[str, Any] = {
            name: tuple(self._respell(name, row) for row in getattr(batch, name)) for name in LISTS
        }
        rows["quotas"] = tuple(
            one if one.id else one._replace(id=derive_quota_id(one)) for one in rows["quotas"]
        )
        return batch._replace(**rows)

    def respell_updates(self, updates: Sequence[Update]) -> list[Update]:
        """Return updates with the right spelling of every id in them, and derive the ids that they lack."""
        for list_, ids in list_named_ids(updates):
            self._learn(list_, ids)
        respelled = map(self._respell_update, updates) if self._respells else updates
        return [one if one.id else one._replace(id=derive_update_id(one)) for one in respelled]

    def _respell_update(self, update: Update) -> Update:
        """Respell an update; an id that followed from the names in the file follows from the right ones."""
        is_derived = update.id == derive_old_update_id(update)
        respelled: Update = self._respell("updates", update)
        return respelled._replace(id=derive_old_update_id(respelled)) if is_derived else respelled

    def _learn(self, name: str, ids: Iterable[str]) -> None:
        """Find out how some ids of a list are spelled."""
        spelled, by_folded = self._spelled[name], self._by_folded[name]
        new = {id_: fold_id(id_) for id_ in ids if id_ not in spelled}
        unknown = {folded for folded in new.values() if folded not in by_folded}
        for row in fetch_by_keys(self._connection, f"stored.spelling_of_{name}", "keys", unknown):
            by_folded[row["folded"]] = row["id"]
        for id_, folded in new.items():
            spelled[id_] = by_folded.setdefault(folded, id_)
            self._respells |= spelled[id_] != id_

    def _respell(self, name: str, row: Any) -> Any:
        if isinstance(row, str):
            return self._spelled[name][row]
        changed: dict[str, Any] = {}
        if name in FOLDED and (id_ := self._spelled[name][row.id]) != row.id:
            changed["id"] = id_
        for field, list_, typed in list_references(row):
            id_ = self._spelled[list_].get(typed, typed)
            if id_ == typed:
                continue
            if field in row._fields:
                changed[field] = id_
            else:
                figures = changed.get("figures", row.figures)
                changed["figures"] = tuple(
                    one._replace(source=id_) if one.source == typed else one for one in figures
                )
        return row._replace(**changed) if changed else row
