"""Give stored rows other content or another id. What they said before is kept.

A row stays the same row: what recorded it, whether it is on record and what names it do not change. Nothing
is checked here; the caller validates.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from sqlite3 import Connection
from typing import Any

from nkplan.errors import BadInput
from nkplan.identity import derive_old_update_id, derive_quota_id, derive_update_id
from nkplan.rows.table import (
    COLUMNS,
    FOLDED,
    KEYS,
    list_columns,
    make_row,
    read_content,
    with_key,
    write_content,
)
from nkplan.sql import read_sql
from nkplan.sql.schema import read_parts
from nkplan.store.record import add_dates, derive_columns, write_parts
from nkplan.store.texts import index_rows
from nkplan.store.transaction import execute, fetch_by_keys, fetch_rows
from nkplan.text import fold_id
from nkplan.validation import LISTS, key_of, rename_references

_SEARCHED = ("places", "sources", "announcements", "projects", "updates")
"""The lists whose rows a search finds."""

_DERIVED: Mapping[str, Sequence[Callable[[Any], str]]] = {
    "quotas": (derive_quota_id,),
    "updates": (derive_update_id, derive_old_update_id),
}
"""How the ids of each list follow from what its rows say, if they do."""


def rewrite(
    connection: Connection,
    change: int,
    rows: Mapping[str, Mapping[str, Any]],
    *,
    reverses: int | None = None,
) -> None:
    """Give stored rows other content: for each list and present key, the whole row as it is to be.

    A row with another key than its present one is renamed (see `rename`). A row names others by their present
    keys, also those that are renamed with it. What each row said is kept in `former_rows`; a row that says
    the same already is left alone. An undo or redo `reverses` another change. What follows from the rows is
    derived again: dates, days, names to look up, search texts, regions. The projects whose states can move
    are touched, for `judge_touched`. Raises BadInput if a new key is taken.
    """
    before = {name: fetch_stored(connection, name, given) for name, given in rows.items()}
    renamed: dict[tuple[str, str], str] = {}
    for name in LISTS:
        for old, new in _order_renamings(rows.get(name, {})):
            _rename(connection, change, name, old, new)
            renamed[name, old] = new

    def follow(list_: str, id_: str) -> str:
        return renamed.get((list_, id_), id_)

    for name in LISTS:
        rewritten, former = [], []
        for key, row in rows.get(name, {}).items():
            was, said = (rename_references(one, follow) for one in (before[name][key], row))
            there = with_key(was, key_of(said))
            if there != said:
                rewritten.append((there, said))
            if was != said:
                former.append((key_of(said), was))
        _keep(connection, name, former, change, reverses=reverses)
        _write(connection, name, rewritten)
        others = [(key_of(row), there, row) for there, row in rewritten]
        if not _takes_back(connection, change):
            _add_other_ids(connection, change, name, others)
        elif reverses is not None and not _is_undone(connection, reverses):
            # Its own id may have come to mean another row since it was undone.
            _add_other_ids(connection, reverses, name, others)


def _order_renamings(rows: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each present key with a new one, a key that another row is to get after that row's renaming."""
    waiting = {key: key_of(row) for key, row in rows.items() if key_of(row) != key}
    while waiting:
        old = next((old for old, new in waiting.items() if new not in waiting), next(iter(waiting)))
        yield old, waiting.pop(old)


def rename(connection: Connection, change: int, name: str, old: str, new: str) -> None:
    """Give a row of a list another id, in everything that names it; `old` means it from then on.

    The id has to be free: no other row may have it or have had it (see `find_taken`).
    """
    row = fetch_stored(connection, name, [old])[old]
    _rename(connection, change, name, old, new)
    _keep(connection, name, [(new, row)], change)


def list_replaced(
    connection: Connection, change: int, reverses: int | None = None
) -> dict[str, dict[str, Any]]:
    """List the rows that a change gave other content, or another id, by list and present key: as they were.

    What they named is named as it is called now. With `reverses`, they are those to which it did that when it
    undid or redid this other change.
    """
    replaced: dict[str, dict[str, Any]] = {name: {} for name in LISTS}
    for row in fetch_rows(connection, "stored.rows_replaced_in", change=change, reversed=reverses):
        # If a change wrote a row twice, it replaced what was there before the first time.
        replaced[row["list"]].setdefault(row["id"], read_content(row["list"], row["content"]))
    return {name: rows for name, rows in replaced.items() if rows}


def find_taken(connection: Connection, name: str, new: str, old: str = "") -> str | None:
    """Return the row of a list, other than `old`, that has an id or had it before it was renamed, if any."""
    folded = fold_id(new) if name in FOLDED else new
    column = "folded" if name in FOLDED else KEYS[name]
    found = connection.execute(f"SELECT {KEYS[name]} FROM {name} WHERE {column} = ?", (folded,)).fetchone()  # noqa: S608
    if found is None and name in {"quotas", "updates"}:
        query = f"stored.other_ids_of_{name}"
        found = next(((row["id"],) for row in fetch_by_keys(connection, query, "keys", [new])), None)
    elif found is None:
        former = fetch_rows(connection, "stored.former_ids")
        found = next(
            ((row["id"],) for row in former if row["list"] == name and fold_id(row["former"]) == folded), None
        )
    return None if found is None or found[0] == old else str(found[0])


def derive_ids(name: str, row: Any) -> list[str]:
    """Return the ids that follow from what a row says; none if its list's ids do not."""
    return [derive(row) for derive in _DERIVED.get(name, ())]


def fetch_stored(connection: Connection, name: str, keys: Iterable[str]) -> dict[str, Any]:
    """Fetch the rows of a list with the given keys, by key."""
    rows = fetch_by_keys(connection, f"stored.{name}_by_key", "keys", keys)
    return {key_of(row): row for row in (make_row(name, one) for one in list(rows))}


def _rename(connection: Connection, change: int, name: str, old: str, new: str) -> None:
    if (taken := find_taken(connection, name, new, old)) is not None:
        one = name.removesuffix("s")
        raise BadInput(
            f"the {one} {old} cannot be called {new}, which means the {one} {taken}; rename that first"
        )
    naming = {list_: _list_naming_in_id(connection, list_, name, old) for list_ in _DERIVED}
    column = KEYS[name]
    connection.execute(f"UPDATE {name} SET {column} = ? WHERE {column} = ?", (new, old))  # noqa: S608
    if name in FOLDED:
        connection.execute(f"UPDATE {name} SET folded = ? WHERE id = ?", (fold_id(new), new))  # noqa: S608
    for table, named in _list_naming(connection, name):
        connection.execute(f'UPDATE {table} SET "{named}" = ? WHERE "{named}" = ?', (new, old))  # noqa: S608
    if name in _SEARCHED:
        execute(connection, "writing.name_text", list=name.removesuffix("s"), old=old, new=new)
    if name == "projects":
        execute(connection, "writing.touch_renamed", old=old, new=new)

    def follow(list_: str, id_: str) -> str:
        return new if (list_, id_) == (name, old) else id_

    _rename_in_former_rows(connection, old, follow)
    execute(connection, "writing.move_former_rows", list=name, old=old, new=new)
    execute(connection, "writing.move_former_ids", list=name, old=old, new=new)
    if not _takes_back(connection, change):
        execute(connection, "writing.set_former_id", list=name, former=old, id=new, change=change)
    for list_, rows in naming.items():
        every = [(key, row, rename_references(row, follow)) for key, row in rows]
        if not _takes_back(connection, change):
            _add_other_ids(connection, change, list_, every)


def _rename_in_former_rows(connection: Connection, old: str, follow: Callable[[str, str], str]) -> None:
    """Let what rows said name others by their present ids, so that it can be compared and given back."""
    for row in fetch_rows(connection, "stored.former_rows_naming", id=old):
        former = read_content(row["list"], row["content"])
        if (followed := rename_references(former, follow)) != former:
            content = write_content(followed)
            execute(connection, "writing.set_former_content", number=row["number"], content=content)


def follows_from_content(connection: Connection, name: str, id_: str) -> bool:
    """Return whether the id of a row follows from what it says or said, and so means the claim itself."""
    if fetch_rows(connection, "stored.has_other_id", list=name, id=id_)[0]["has_other_id"]:
        return True
    former = fetch_rows(connection, "stored.former_rows_by_key", list=name, keys=json.dumps([id_]))
    said = [read_content(name, row["content"]) for row in former]
    return any(id_ in derive_ids(name, row) for row in (fetch_stored(connection, name, [id_])[id_], *said))


def _takes_back(connection: Connection, change: int) -> bool:
    """Return whether a change undoes or redoes another: what a row is called by does not come from it.

    An id that an undone change gave means the row no longer, and again once that is redone.
    """
    found = fetch_rows(connection, "journal.find_change", change=change)
    return found[0]["command"] in {"undo", "redo"}


def _is_undone(connection: Connection, change: int) -> bool:
    return fetch_rows(connection, "journal.find_change", change=change)[0]["undone_in"] is not None


def _list_naming(connection: Connection, name: str) -> Iterator[tuple[str, str]]:
    """List the columns of nkplan's own tables that refer to the key of a table: each with its table."""
    for table in (part.name for part in read_parts() if part.type == "table"):
        for row in connection.execute("SELECT * FROM pragma_foreign_key_list(?)", (table,)).fetchall():
            if row[2] == name:
                yield table, row[3]


_NAMED_IN_IDS: Mapping[str, Sequence[tuple[str, str]]] = {
    "kinds": (("quotas", "kind"),),
    "sources": (("updates", "source"),),
    "announcements": (("quotas", "announcement"),),
    "projects": (("quotas", "project"), ("updates", "project")),
}
"""For each list, the lists of rows whose ids may follow from that of a row in it, and the field with it."""


def _list_naming_in_id(connection: Connection, name: str, named: str, id_: str) -> list[tuple[str, Any]]:
    """List the rows of a list whose ids may follow from that of a row which they name, or which they named.

    What a row said before is listed under its present key.
    """
    field = dict(_NAMED_IN_IDS.get(named, ())).get(name)
    if field is None:
        return []
    naming = f"SELECT id FROM {name} WHERE {field} = ?"  # noqa: S608
    keys = [key for (key,) in connection.execute(naming, (id_,)).fetchall()]
    rows = [*fetch_stored(connection, name, keys).items()]
    for row in fetch_rows(connection, "stored.former_rows_naming", id=id_):
        if row["list"] == name:
            former = read_content(name, row["content"])
            rows += [(row["id"], former)] if getattr(former, field) == id_ else []
    return rows


def _keep(
    connection: Connection,
    name: str,
    rows: Iterable[tuple[str, Any]],
    change: int,
    *,
    reverses: int | None = None,
) -> None:
    """Keep what rows, each after its key, said until a change, which may undo or redo another."""
    same = {"list": name, "change": change, "reversed": reverses}
    connection.executemany(
        read_sql("writing.add_former_row"),
        ({**same, "id": key, "content": write_content(row)} for key, row in rows),
    )


def _write(connection: Connection, name: str, pairs: Sequence[tuple[Any, Any]]) -> None:
    """Write rows, each after what it said, and what follows from them."""
    if not pairs or name == "kinds":
        return
    rows = [row for _, row in pairs]
    keys = {key_of(row) for row in rows}
    add_dates(connection, name, rows)
    cited = {one.source for one in rows if one.source} if name in {"announcements", "updates"} else ()
    derived, values = derive_columns(name, rows, fetch_stored(connection, "sources", sorted(cited)))
    settings = ", ".join(f'"{column}" = ?' for column in (*COLUMNS[name], *derived))
    if name == "updates":
        _touch_updates(connection, keys)
    if name == "projects":
        execute(connection, "writing.free_years", projects=json.dumps(sorted(keys)))
    connection.executemany(
        f"UPDATE {name} SET {settings} WHERE {KEYS[name]} = ?",  # noqa: S608
        [(*list_columns(name, row), *more, key_of(row)) for row, more in zip(rows, values, strict=False)],
    )
    write_parts(connection, name, rows, keys)
    if name == "updates":
        _touch_updates(connection, keys)
    if name == "sources":
        moved = [row.id for was, row in pairs if was.day != row.day]
        execute(connection, "writing.touch_sources", sources=json.dumps(moved))
    if name in {"places", "settings"}:
        execute(connection, "repairs.repair_wrong_region")
    if name in _SEARCHED:
        index_rows(connection, name, keys)


def _touch_updates(connection: Connection, ids: set[str]) -> None:
    execute(connection, "writing.touch_updates", updates=json.dumps(sorted(ids)))


def _add_other_ids(
    connection: Connection, change: int, name: str, edited: Sequence[tuple[str, Any, Any]]
) -> None:
    """Let the id that follows from what a row says now mean it too, if its id followed from what it said.

    A derived id stays when the row is edited: it is how other copies of the record and older files name the
    row. Who records the corrected claim directly derives another id from it, and means the same row.
    """
    every = [
        (key, then, now)
        for derive in _DERIVED.get(name, ())
        for key, was, row in edited
        if (now := derive(row)) != (then := derive(was))
    ]
    if not every:
        return
    ids = sorted({id_ for _, *both in every for id_ in both})
    rows = fetch_by_keys(connection, f"stored.{name}_by_key", "keys", ids)
    active = {row["id"] for row in rows if row["undone_in"] is None}
    rows = fetch_by_keys(connection, f"stored.other_ids_of_{name}", "keys", ids)
    meant = {row["former"]: row["id"] for row in rows}
    connection.executemany(
        read_sql("writing.set_former_id"),
        [
            {"list": name, "former": now, "id": id_, "change": change}
            for id_, then, now in every
            if id_ in {then, meant.get(then)} and now not in active
        ],
    )
