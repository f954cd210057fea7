"""Give a database of version 1 or 2 the schema of version 3, row for row."""

import json
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from sqlite3 import Connection, DatabaseError, IntegrityError
from typing import Any, NamedTuple

from nkplan.identity import derive_change_id, derive_quota_id
from nkplan.links import find_page, normalize_stored
from nkplan.model.promise import Quota
from nkplan.rows.table import FOLDED
from nkplan.sql import read_sql, read_statements
from nkplan.sql.schema import FORMER_TABLES, Part, drop_index, read_parts, read_stored
from nkplan.store.record import CACHE, ReportProgress
from nkplan.store.schema import fill_vocabularies
from nkplan.store.states import judge_all
from nkplan.store.texts import index_missing
from nkplan.store.transaction import execute, fetch_rows
from nkplan.text import fold, fold_id
from nkplan.values import LONGEST_ID, RESERVED, read_old_evidence

_AT_ONCE = 20_000
"""How many updates are inserted between two reports of progress."""

_TEXTS: Mapping[str, tuple[str, ...]] = {
    "changes": ("recorded_by", "summary"),
    "places": ("name", "full_name", "local_name", "type", "note"),
    "place_names": ("name",),
    "sources": ("title", "publisher", "note"),
    "announcements": ("title", "speaker", "occasion", "said"),
    "details": ("text",),
    "figures": ("item", "unit", "note"),
    "projects": ("name", "note"),
    "quotas": ("unit", "note"),
    "updates": ("note",),
}
"""The columns of the kept tables that hold text of sources and people."""

_NAMING: Mapping[str, tuple[tuple[str, str], ...]] = {
    "kinds": (("projects", "kind"), ("quotas", "kind")),
    "places": (("places", "parent"), ("place_names", "place"), ("projects", "place")),
    "sources": (("announcements", "source"), ("figures", "source"), ("updates", "source")),
    "announcements": (
        ("details", "announcement"),
        ("figures", "announcement"),
        ("quotas", "announcement"),
        ("updates", "announcement"),
    ),
    "projects": (
        ("projects", "parent"),
        ("projects", "model"),
        ("quotas", "project"),
        ("updates", "project"),
    ),
}
"""The columns of the kept tables that name a row of each list.

Names of tables and columns cannot be parameters of SQL; those that are put in here are constants.
"""


class Renamed(NamedTuple):
    """A row that an upgrade gave another id, because its own is reserved or is that of another row."""

    list: str
    former: str
    id: str


class Upgraded(NamedTuple):
    """What an upgrade could not leave as it was.

    That is the rows that it `renamed`, and the indexes and triggers of others on nkplan's tables that it
    `dropped`, each as its type, name and table.
    """

    renamed: tuple[Renamed, ...] = ()
    dropped: tuple[str, ...] = ()


UNCHANGED = Upgraded()
"""What happens to a database that is not older."""

_OWN_INDEXES = frozenset("quotas_are_distinct standing_sites updates_by_known updates_by_project".split())
"""The indexes of version 1 or 2 that version 3 does not have."""


def list_added(connection: Connection) -> list[Part]:
    """List the indexes and triggers that others have put on the tables of version 1 or 2."""
    own = {part.name for part in read_parts()} | _OWN_INDEXES
    return [
        one
        for one in read_stored(connection)
        if one.type in {"index", "trigger"}
        and one.statement
        and one.name not in own
        and one.table in FORMER_TABLES
    ]


def keep_indexes(connection: Connection, added: list[Part]) -> tuple[str, ...]:
    """Create again the indexes of others that an upgrade has dropped; return what was lost of those added."""
    return tuple(f"{one.type} {one.name} on {one.table}" for one in added if not _is_kept(connection, one))


def _is_kept(connection: Connection, one: Part) -> bool:
    if one.type == "index":
        # It may need a column that is no more, or a function of another program.
        with suppress(DatabaseError):
            connection.execute(str(one.statement))
            return True
    return False


def rebuild_as_3(connection: Connection, report_progress: ReportProgress) -> None:
    """Drop the schema of version 1 or 2, create that of version 3, and insert the rows again.

    Texts are put in NFC, links in the form in which they are read, and ids that are reserved or differ in
    case alone get a number; the rows that name them follow.
    """
    report_progress("upgrading", 0.0)
    connection.execute(f"PRAGMA cache_size = -{CACHE}")
    _add_functions(connection)
    execute(connection, "upgrade_3_keep")
    drop_index(connection)
    execute(connection, "upgrade_3_drop")
    _normalize(connection)
    renamed = _rename(connection)
    _translate_former(connection, renamed)
    indexes, triggers = [], []
    for statement in read_statements("schema"):
        # An index is made faster once all rows are there, and so is that of words without triggers.
        if "\nCREATE INDEX" in f"\n{statement}":
            indexes.append(statement)
        elif "\nCREATE TRIGGER" in f"\n{statement}":
            triggers.append(statement)
        else:
            connection.execute(statement)
    fill_vocabularies(connection)
    execute(connection, "upgrade_3_fill")
    _fill_updates(connection, report_progress)
    for statement in indexes:
        connection.execute(statement)
    report_progress("upgrading", 0.6)
    execute(connection, "upgrade.drop_kept")
    execute(connection, "repairs.repair_wrong_region")
    execute(connection, "upgrade.date_all_announcements")
    judge_all(connection)
    connection.executemany(read_sql("upgrade.add_former_id"), renamed)
    report_progress("upgrading", 0.8)
    index_missing(connection)
    execute(connection, "repairs.rebuild_index")
    for statement in triggers:
        connection.execute(statement)


def _add_functions(connection: Connection) -> None:
    def derive(*values: Any) -> str:
        names = ("project", "kind", "per", "first_year", "last_year", "announcement")
        given = dict(zip(names, values, strict=True))
        return derive_quota_id(Quota(quantity=1, **given))

    functions: dict[str, tuple[int, Callable[..., Any]]] = {
        "fold": (1, fold),
        "fold_id": (1, fold_id),
        "find_page": (1, find_page),
        "normalize_link": (1, normalize_stored),
        "nfc": (1, lambda text: unicodedata.normalize("NFC", text)),
        "derive_change_id": (5, derive_change_id),
        "read_old_evidence": (1, lambda word: None if word is None else str(read_old_evidence(word))),
        "derive_quota_id": (6, derive),
    }
    for name, (number, function) in functions.items():
        connection.create_function(name, number, function)


def _normalize(connection: Connection) -> None:
    """Put the kept texts in NFC, and the links in the form in which they are read."""
    for table, columns in _TEXTS.items():
        for column in columns:
            connection.execute(
                f"UPDATE temp.kept_{table} SET {column} = nfc({column})"  # noqa: S608
                f" WHERE length(CAST({column} AS BLOB)) > length({column}) AND nfc({column}) <> {column}"
            )
    for column in ("url", "archive"):
        connection.execute(
            f"UPDATE temp.kept_sources SET {column} = normalize_link({column})"  # noqa: S608
            f" WHERE {column} IS NOT NULL"
        )


def _rename(connection: Connection) -> list[Renamed]:
    """Give new ids to kept rows whose ids are reserved, or differ from an earlier one in case alone."""
    renamed = []
    for list_ in FOLDED:
        ids = [row["id"] for row in fetch_rows(connection, f"upgrade.list_kept_{list_}")]
        taken = {fold_id(id_) for id_ in ids} | RESERVED
        seen: set[str] = set()
        for id_ in ids:
            folded = fold_id(id_)
            if folded in seen or folded in RESERVED:
                number = 2
                while fold_id(new := _number(id_, number)) in taken:
                    number += 1
                taken.add(fold_id(new))
                renamed.append(Renamed(list_, id_, new))
                for table, column in ((list_, "id"), *_NAMING[list_]):
                    connection.execute(
                        f"UPDATE temp.kept_{table} SET {column} = ? WHERE {column} = ?",  # noqa: S608
                        [new, id_],
                    )
            else:
                seen.add(folded)
    return renamed


def _number(id_: str, number: int) -> str:
    """Add a number to an id, which loses its end if it would be too long."""
    end = f"-{number}"
    return id_[: LONGEST_ID - len(end)].rstrip("-") + end


_NAMED = {
    "kind": "kinds",
    "place": "places",
    "source": "sources",
    "announcement": "announcements",
    "project": "projects",
    "model": "projects",
}
"""The fields of a row that name rows, with the list of each; a `parent` is of the row's own list."""


def _translate_former(connection: Connection, renamed: list[Renamed]) -> None:
    """Put what rows said before in the fields and words of nkplan/2, under their new ids."""
    ids = {(one.list, one.former): one.id for one in renamed}
    for number, list_, former, written in _list_former(connection):
        content = json.loads(written)
        key = ids.get((list_, former), former)
        try:
            if isinstance(content, str):
                content = key
            else:
                _translate(list_, content, ids)
                if list_ == "quotas":
                    key = content["id"] = derive_quota_id(Quota(**content))
                elif "id" in content:
                    content["id"] = key
        except (AttributeError, TypeError, ValueError) as error:
            raise IntegrityError(f"row {number} of replaced_rows is none of nkplan's") from error
        text = unicodedata.normalize("NFC", json.dumps(content, ensure_ascii=False))
        execute(connection, "upgrade.set_kept_former_row", number=number, id=key, content=text)


def _list_former(connection: Connection) -> list[tuple[int, str, str, str]]:
    rows = fetch_rows(connection, "upgrade.list_kept_former_rows")
    return [(row["number"], row["list"], row["id"], row["content"]) for row in rows]


def _translate(list_: str, content: dict[str, Any], ids: Mapping[tuple[str, str], str]) -> None:
    """Put the row of a list in the fields and words of nkplan/2."""
    for field, named in (*_NAMED.items(), ("parent", list_)):
        if field in content:
            content[field] = ids.get((named, content[field]), content[field])
    for figure in content.get("figures", ()):
        if "source" in figure:
            figure["source"] = ids.get(("sources", figure["source"]), figure["source"])
    if "evidence" in content:
        content["evidence"] = str(read_old_evidence(content["evidence"]))
    if list_ == "quotas" and "unit" in content:
        content["label"] = content.pop("unit")
    for field in ("url", "archive"):
        if field in content:
            content[field] = normalize_stored(content[field])


def _fill_updates(connection: Connection, report_progress: ReportProgress) -> None:
    [found] = fetch_rows(connection, "upgrade.count_updates")
    number = found["number"]
    for above in range(0, number, _AT_ONCE):
        execute(connection, "upgrade.fill_updates", above=above, most=above + _AT_ONCE)
        report_progress("upgrading", 0.5 * min(1.0, (above + _AT_ONCE) / number))


def list_renamed(connection: Connection) -> tuple[Renamed, ...]:
    """List the rows that an upgrade renamed."""
    return tuple(Renamed(**row) for row in fetch_rows(connection, "upgrade.list_renamed"))
