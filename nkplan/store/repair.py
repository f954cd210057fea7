"""Rebuild what can be derived from the record, and nothing else."""

import json
import re
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from sqlite_utils import Database

from nkplan.database import is_of_content, is_of_index, name_error, raise_unread
from nkplan.errors import Damaged
from nkplan.links import find_page
from nkplan.model.finding import Check
from nkplan.reports.checks import Circling, Within, list_circles, list_number_circles
from nkplan.rows.vocabulary import TABLES, compare_vocabulary, list_evidence_classes, list_statuses
from nkplan.sql.schema import (
    INDEX_OF_WORDS,
    Difference,
    compare_schema,
    drop_index,
    find_view_for_table,
    forgetting_index,
    read_parts,
)
from nkplan.store.schema import fill_vocabularies
from nkplan.store.states import count_wrongly_contradicted, judge_all
from nkplan.store.texts import index_again
from nkplan.store.transaction import execute, fetch_rows, writing
from nkplan.text import fold, fold_id

_INDEX = re.compile(r"(?:row \d+ missing from|wrong # of entries in) index (.+)")
_CONSTRAINT = re.compile(r"(?:CHECK constraint failed in|NULL value in|non-unique entry in|\w+ value in) ")

REPAIRED = (
    Check.DAMAGED_FILE,
    Check.CIRCLE,
    Check.WRONG_REGION,
    Check.CHANGED_VOCABULARY,
    Check.STALE_KEYS,
    Check.STALE_NAMES,
    Check.STALE_DAYS,
    Check.STALE_STATE,
    Check.STALE_SEARCH,
)
"""The checks of derived data, ordered so that each depends only on those before it, and on the schema."""

_FOLLOWS = {
    Check.WRONG_REGION: {Check.CIRCLE},
    Check.STALE_DAYS: {Check.CHANGED_SCHEMA, Check.CHANGED_VOCABULARY},
    Check.STALE_STATE: {Check.CHANGED_SCHEMA, Check.CHANGED_VOCABULARY, Check.STALE_DAYS},
    Check.STALE_SEARCH: {Check.CHANGED_SCHEMA, Check.STALE_NAMES},
}
"""The checks to repair, requested or not, after the repair of one of the checks beside them."""


def repair(path: Path, checks: Collection[Check]) -> dict[Check, int]:
    """Rebuild the derived data that some checks find wrong, in one transaction.

    The schema is repaired first, whatever the checks, because nothing can rely on a changed one. Return how
    many rows or parts of the schema were rebuilt. Raises Damaged if the file itself cannot be trusted,
    Unusable and ForeignDatabase.
    """
    rebuilt: dict[Check, int] = {}
    with _saying_that_nothing_was_rebuilt(), writing(path, may_be_changed=True) as connection:
        if number := _repair_schema(connection):
            rebuilt[Check.CHANGED_SCHEMA] = number
        if find_view_for_table(connection) is not None:
            return rebuilt
        indexes = _find_indexes(connection, path)
        for check in REPAIRED:
            is_wanted = check in checks or not _FOLLOWS.get(check, set()).isdisjoint(rebuilt)
            if is_wanted and (number := _repair_whole(connection, check, indexes)):
                rebuilt[check] = number
    return rebuilt


@contextmanager
def _saying_that_nothing_was_rebuilt() -> Iterator[None]:
    try:
        yield
    except Damaged as error:
        raise Damaged(
            f"{error.problem}, and nothing was rebuilt", "restore a backup with nkplan restore"
        ) from error


def _repair_whole(connection: Connection, check: Check, indexes: list[str]) -> int:
    """Rebuild what a check covers; rebuild nothing if that needs a part of the schema that is lost."""
    try:
        with Database(connection, execute_plugins=False).atomic():
            return _repair(connection, check, indexes)
    except sqlite3.OperationalError as error:
        if name_error(error) == "SQLITE_ERROR" and _lacks_rows(connection):
            return 0
        raise


def _lacks_rows(connection: Connection) -> bool:
    return any(not one.is_derived for one in compare_schema(connection))


def _find_indexes(connection: Connection, path: Path) -> list[str]:
    """Find the indexes that do not match their tables."""
    indexes: dict[str, None] = {}
    for message in _check_integrity(connection):
        if found := _INDEX.match(message):
            indexes[found[1]] = None
        elif message != "ok" and not is_of_index(message) and not _CONSTRAINT.match(message):
            raise Damaged(f"{path} is damaged ({message})")
    return list(indexes)


def _check_integrity(connection: Connection) -> Iterator[str]:
    try:
        with forgetting_index(connection):
            for (message,) in connection.execute("SELECT integrity_check FROM pragma_integrity_check"):
                raise_unread(message)
                yield message
    except sqlite3.DatabaseError as error:
        if not is_of_index(str(error)):
            raise
        yield str(error)


def _repair(connection: Connection, check: Check, indexes: list[str]) -> int:
    match check:
        case Check.DAMAGED_FILE:
            for index in indexes:
                quoted = index.replace('"', '""')
                connection.execute(f'REINDEX "{quoted}"')
            return len(indexes)
        case Check.CIRCLE:
            return _open_circles(connection)
        case Check.CHANGED_VOCABULARY:
            return _repair_vocabularies(connection)
        case Check.STALE_KEYS:
            return _repair_keys(connection)
        case Check.STALE_NAMES:
            return _repair_names(connection)
        case Check.STALE_SEARCH:
            return _repair_words(connection) + index_again(connection)
        case _:
            return _repair_rows(connection, check)


def _repair_schema(connection: Connection) -> int:
    """Drop the triggers that were added to nkplan's tables, and rebuild what can be; return how many."""
    differences = [one for one in compare_schema(connection) if one.is_derived]
    broken = [one for one in differences if one.name in INDEX_OF_WORDS and not one.is_added]
    number = sum(_rebuild_part(connection, one) for one in differences if one not in broken)
    return number + len(broken) if broken and _recreate_index(connection) else number


def _recreate_index(connection: Connection) -> bool:
    """Drop the index of words, create it again and fill it; return whether that was possible."""
    try:
        with Database(connection, execute_plugins=False).atomic():
            drop_index(connection)
            [statement] = [part.statement for part in read_parts() if part.name == "words"]
            connection.execute(str(statement))
            execute(connection, "repairs.set_rank")
            execute(connection, "repairs.rebuild_index")
    except sqlite3.DatabaseError as error:
        # The texts that it covers may be missing, or the view of them.
        if name_error(error) == "SQLITE_ERROR":
            return False
        raise
    return True


def _rebuild_part(connection: Connection, one: Difference) -> bool:
    """Rebuild a part of the schema, or drop an added one, and return whether that was possible."""
    name = one.name.replace('"', '""')
    try:
        with Database(connection, execute_plugins=False).atomic():
            if one.stored_type is not None:
                connection.execute(f'DROP {one.stored_type} "{name}"')
            if one.statement is not None:
                connection.execute(one.statement)
    except sqlite3.DatabaseError as error:
        # A unique index finds duplicate rows, or a table has other columns than expected.
        if name_error(error) == "SQLITE_ERROR" or name_error(error).startswith("SQLITE_CONSTRAINT"):
            return False
        raise
    return True


def _open_circles(connection: Connection) -> int:
    """Open the circles of places, projects and numbers, each at the link that costs the least to lose."""
    rows = fetch_rows(connection, "checks.list_circling")
    circles = list_circles(Circling(*list(row.values())[:5]) for row in rows)
    opened = [one for one in circles if one.can_be_opened]
    for one in opened:
        first = one.members[0]
        execute(connection, f"repairs.open_circle_of_{first.list}", id=first.id, parent=one.parent)
    parts = [Within(**row) for row in fetch_rows(connection, "checks.list_parts_of_numbers")]
    numbers = list(list_number_circles(parts))
    for quota, *_ in numbers:
        execute(connection, "repairs.open_circle_of_numbers", id=quota.id)
    return len(opened) + len(numbers)


def _repair_vocabularies(connection: Connection) -> int:
    """Give the vocabularies this program's rows, and delete others that no row has."""
    number = _count_changed_words(connection)
    if number:
        execute(connection, "repairs.free_ranks")
        fill_vocabularies(connection)
        execute(
            connection,
            "repairs.delete_other_words",
            statuses=json.dumps([row["status"] for row in list_statuses()]),
            classes=json.dumps([row["evidence"] for row in list_evidence_classes()]),
        )
        number -= _count_changed_words(connection)
    return number


def _count_changed_words(connection: Connection) -> int:
    return sum(
        len(compare_vocabulary(table, fetch_rows(connection, f"checks.read_{table}"))) for table in TABLES
    )


def _repair_keys(connection: Connection) -> int:
    """Store the lookup keys of ids and links; two ids that differ in case alone cannot both have theirs."""
    stale = _list_stale_keys(connection)
    wrong = [row for row in stale if row["folded"] != fold_id(row["id"])]
    # The right key may be that of another row, which is to get another: first none has any of them.
    for row in wrong:
        execute(connection, f"repairs.fold_{row['list']}", id=row["id"], folded=f" {row['id']}")
    for row in wrong:
        execute(connection, f"repairs.fold_{row['list']}", id=row["id"], folded=fold_id(row["id"]))
    for row in stale:
        if row["list"] == "sources":
            execute(connection, "repairs.set_page", id=row["id"], page=find_page(row["link"]))
    return len(stale) - len(_list_stale_keys(connection))


def _list_stale_keys(connection: Connection) -> list[dict[str, Any]]:
    return [
        row
        for row in fetch_rows(connection, "checks.list_keys")
        if row["folded"] != fold_id(row["id"]) or row["page"] != find_page(row["link"])
    ]


def _repair_names(connection: Connection) -> int:
    """Store the lookup key of each spelling of a place's name."""
    number = 0
    for row in fetch_rows(connection, "checks.find_stale_names"):
        if row["folded"] != (folded := fold(row["name"])):
            execute(
                connection, "repairs.repair_stale_names", place=row["place"], name=row["name"], folded=folded
            )
            number += 1
    return number


def _repair_words(connection: Connection) -> int:
    """Rebuild the index of words if it does not match the texts, as it must before the texts change."""
    if _has_whole_index(connection):
        return 0
    return int(_recreate_index(connection))


def _repair_rows(connection: Connection, check: Check) -> int:
    number = _count(connection, check)
    if number:
        if check is Check.STALE_STATE:
            judge_all(connection)
        else:
            execute(connection, f"repairs.repair_{check.replace('-', '_')}")
        # What cannot be derived is not counted.
        number -= _count(connection, check)
    return number


def _count(connection: Connection, check: Check) -> int:
    number = len(fetch_rows(connection, f"checks.find_{check.replace('-', '_')}"))
    return number + count_wrongly_contradicted(connection) if check is Check.STALE_STATE else number


def _has_whole_index(connection: Connection) -> bool:
    try:
        execute(connection, "checks.compare_index")
        return not fetch_rows(connection, "checks.find_wrong_rank")
    except sqlite3.DatabaseError as error:
        # SQLite has many words for it.
        if not is_of_content(error):
            raise
        return False
