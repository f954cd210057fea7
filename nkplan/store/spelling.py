"""Give ids the spelling that they have on record: ids that differ only in case or Unicode form are one."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from sqlite3 import Connection
from typing import Any

from nkplan.identity import derive_old_update_id, derive_quota_id, derive_update_id
from nkplan.model.batch import Batch, Update
from nkplan.rows.table import FOLDED
from nkplan.store.transaction import fetch_by_keys
from nkplan.text import fold_id
from nkplan.validation import LISTS, key_of, list_references

_NAMED_BY_UPDATES = (
    ("project", "projects"),
    ("source", "sources"),
    ("withdrawn_source", "sources"),
    ("announcement", "announcements"),
)
_LISTS_OF_UPDATES = tuple(list_ for _, list_ in _NAMED_BY_UPDATES)
_GET_NAMED = attrgetter(*(name for name, _ in _NAMED_BY_UPDATES))


class Spelling:
    """The spelling of each id: as on record, or else as the file first has it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._spelled: dict[str, dict[str, str]] = {name: {} for name in FOLDED}
        self._by_folded: dict[str, dict[str, str]] = {name: {} for name in FOLDED}

    def respell(self, batch: Batch) -> Batch:
        """Return a batch without updates with every id spelled right, and derive the ids of quotas."""
        for name in FOLDED:
            self._learn(name, (key_of(row) for row in getattr(batch, name)))
        for name in LISTS:
            for row in getattr(batch, name):
                for reference in list_references(row):
                    self._learn(reference.list, [reference.id])
        rows: dict[str, Any] = {
            name: tuple(self._respell(name, row) for row in getattr(batch, name)) for name in LISTS
        }
        rows["quotas"] = tuple(
            one if one.id else one._replace(id=derive_quota_id(one)) for one in rows["quotas"]
        )
        return batch._replace(**rows)

    def respell_updates(self, updates: Sequence[Update]) -> list[Update]:
        """Return updates with the right spelling of every id in them, and derive the ids that they lack."""
        for name, list_ in _NAMED_BY_UPDATES:
            self._learn(list_, set(map(attrgetter(name), updates)) - {None})
        figures = (figure for one in updates for figure in one.figures)
        self._learn("sources", {figure.source for figure in figures if figure.source is not None})
        respelled = []
        for update in updates:
            if not self._is_spelled(update):
                # An id that follows from the names as the file spells them has to follow from the right ones.
                is_derived = update.id == derive_old_update_id(update)
                update = self._respell("updates", update)  # noqa: PLW2901
                if is_derived:
                    update = update._replace(id=derive_old_update_id(update))  # noqa: PLW2901
            respelled.append(update if update.id else update._replace(id=derive_update_id(update)))
        return respelled

    def _is_spelled(self, update: Update) -> bool:
        """Return whether all ids that an update names are spelled right, which nearly all are."""
        return all(
            id_ is None or self._spelled[list_][id_] == id_
            for list_, id_ in zip(_LISTS_OF_UPDATES, _GET_NAMED(update), strict=True)
        ) and all(
            figure.source is None or self._spelled["sources"][figure.source] == figure.source
            for figure in update.figures
        )

    def _learn(self, name: str, ids: Iterable[str]) -> None:
        """Find out how some ids of a list are spelled."""
        spelled, by_folded = self._spelled[name], self._by_folded[name]
        new = {id_: fold_id(id_) for id_ in ids if id_ not in spelled}
        unknown = {folded for folded in new.values() if folded not in by_folded}
        for row in fetch_by_keys(self._connection, f"stored.spelling_of_{name}", "keys", unknown):
            by_folded[row["folded"]] = row["id"]
        for id_, folded in new.items():
            spelled[id_] = by_folded.setdefault(folded, id_)

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
