"""Give ids the spelling that they have on record: ids that differ only in case or Unicode form are one.

An id that a row had before it was renamed means that row, and is respelled as its present one.
"""

from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import Any

from nkplan.identity import derive_old_update_id, derive_quota_id, derive_update_id
from nkplan.model.batch import Batch, Update
from nkplan.rows.table import FOLDED
from nkplan.store.transaction import fetch_by_keys, fetch_rows
from nkplan.text import fold_id
from nkplan.validation import LISTS, key_of, list_named_ids, rename_references


class Spelling:
    """The spelling of each id: as on record, or else as the file first has it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._spelled: dict[str, dict[str, str]] = {name: {} for name in FOLDED}
        # In most files every id is spelled right, and no row has to be looked at again.
        self._respells = False
        self._by_folded: dict[str, dict[str, str]] = {name: {} for name in FOLDED}
        self._former: dict[str, dict[str, str]] = {name: {} for name in (*FOLDED, "publishers")}
        for row in fetch_rows(connection, "stored.former_ids"):
            self._former[row["list"]][fold_id(row["former"])] = row["id"]
        # Very many updates can be known by a second id: these are looked up.
        [found] = fetch_rows(connection, "stored.has_other_ids")
        self._has_other_ids = {"quotas": bool(found["quotas"]), "updates": bool(found["updates"])}

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
        rows["quotas"] = self._find_rows(
            "quotas", [one if one.id else one._replace(id=derive_quota_id(one)) for one in rows["quotas"]]
        )
        return batch._replace(**rows)

    def respell_row(self, name: str, row: Any) -> Any:
        """Return a row of a list with the right spelling of every id that it names; it keeps its own."""
        for list_, ids in list_named_ids([row]):
            self._learn(list_, ids)
        return self._respell_named(row)

    def respell_updates(self, updates: Sequence[Update]) -> list[Update]:
        """Return updates with the right spelling of every id in them, and derive the ids that they lack."""
        for list_, ids in list_named_ids(updates):
            self._learn(list_, ids)
        respelled = map(self._respell_update, updates) if self._respells else updates
        made = [one if one.id else one._replace(id=derive_update_id(one)) for one in respelled]
        return self._find_rows("updates", made)

    def _find_rows(self, name: str, rows: list[Any]) -> list[Any]:
        """Give rows whose ids are derived those of the rows on record that these ids mean too."""
        if not self._has_other_ids[name]:
            return rows
        found = {
            row["former"]: row["id"]
            for row in fetch_by_keys(
                self._connection, f"stored.other_ids_of_{name}", "keys", map(key_of, rows)
            )
        }
        return [row._replace(id=found[row.id]) if row.id in found else row for row in rows]

    def _respell_update(self, update: Update) -> Update:
        """Respell an update; an id that followed from the names in the file follows from the right ones."""
        respelled: Update = self._respell("updates", update)
        if respelled is not update and update.id:
            for derive in (derive_old_update_id, derive_update_id):
                if update.id == derive(update):
                    return respelled._replace(id=derive(respelled))
        return respelled

    def _learn(self, name: str, ids: Iterable[str]) -> None:
        """Find out how some ids of a list are spelled."""
        spelled, by_folded = self._spelled[name], self._by_folded[name]
        new = {id_: fold_id(id_) for id_ in ids if id_ not in spelled}
        unknown = {folded for folded in new.values() if folded not in by_folded}
        for row in fetch_by_keys(self._connection, f"stored.spelling_of_{name}", "keys", unknown):
            by_folded[row["folded"]] = row["id"]
        former = self._former[name]
        for folded in unknown & former.keys():
            by_folded.setdefault(folded, former[folded])
        for id_, folded in new.items():
            spelled[id_] = by_folded.setdefault(folded, id_)
            self._respells |= spelled[id_] != id_

    def _respell(self, name: str, row: Any) -> Any:
        if isinstance(row, str):
            return self._spelled[name][row]
        if name in FOLDED and (id_ := self._spelled[name][row.id]) != row.id:
            row = row._replace(id=id_)
        elif name == "publishers" and (domain := self._former[name].get(row.domain)) is not None:
            row = row._replace(domain=domain)
        return self._respell_named(row)

    def _respell_named(self, row: Any) -> Any:
        return rename_references(row, lambda name, typed: self._spelled[name].get(typed, typed))
