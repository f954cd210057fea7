"""What is wrong with the file, and what is inconsistent in the data.

A check is a block of sql/checks.sql with the check's name, whose rows are the findings; what no query can
judge is judged in reports/checks.py.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date

from nkplan.database import DAMAGE_ERRORS
from nkplan.model.finding import Check, Finding
from nkplan.model.vocabulary import Status
from nkplan.queries.missing import count_named
from nkplan.queries.programmes import list_programmes
from nkplan.queries.reader import Reader
from nkplan.reports.checks import (
    Location,
    Spelling,
    StoredText,
    compare_quotas,
    find_far_places,
    find_stale_names,
    find_stale_words,
)
from nkplan.rows.table import make_row
from nkplan.sql.schema import Difference

_BLOCKING = {Check.DAMAGED_FILE: "the file is damaged", Check.CHANGED_SCHEMA: "the schema is incomplete"}
"""The checks whose findings can stop later checks, each with the reason that those give."""

STATUSES = {
    "started": json.dumps([status for status in Status if status.is_started]),
    "steps": json.dumps([status for status in Status if status.is_step]),
    "reach": json.dumps({status: status.reach for status in Status}),
}
"""Facts about statuses that the checks need, as JSON."""


def find_inconsistencies(reader: Reader, checks: Iterable[Check], latest: date) -> Iterator[Finding]:
    """Iterate over the findings of some checks, check by check, each by id.

    `latest` is the last day on which something can have happened.

    A damaged file or an incomplete schema can make a check fail; if an earlier check has found the cause, the
    failure is a finding.
    """
    cause = ""
    for check in checks:
        found = []
        try:
            for one in _run_check(reader, check, latest):
                found.append(one)  # noqa: PERF402
        except (sqlite3.DatabaseError, *DAMAGE_ERRORS) as error:
            if check is Check.DAMAGED_FILE and _is_of_the_file(error):
                what = f"{error}; restore a backup with nkplan restore"
                found = found or [Finding(check, "database", (), what)]
            elif cause and _is_of_the_file(error):
                what = f"this check cannot run while {cause} ({error})"
                found = [Finding(check, "database", (), what)]
            else:
                raise
        if found and not cause:
            cause = _BLOCKING.get(check, "")
        yield from found


def _is_of_the_file(error: Exception) -> bool:
    """Return whether the content of the file can be the cause, not its disk or another program."""
    name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
    return name == "SQLITE_ERROR" or name.startswith("SQLITE_CORRUPT")


def _run_check(reader: Reader, check: Check, latest: date) -> Iterator[Finding]:
    match check:
        case Check.QUOTA_DIFFERS:
            yield from sorted(_compare_quotas(reader))
        case Check.FAR_AWAY:
            yield from sorted(
                find_far_places(Location(**dict(row)) for row in reader.fetch("checks.list_located_places"))
            )
        case Check.CHANGED_SCHEMA:
            for one in reader.compare_schema():
                yield Finding(check, one.name, (), _describe(one))
        case Check.STALE_NAMES:
            spellings = (Spelling(**dict(row)) for row in reader.fetch("checks.find_stale_names"))
            yield from find_stale_names(spellings)
        case Check.DAMAGED_FILE:
            # On a read-only connection SQLite does not check the rows against their CHECK constraints.
            yield from _make_findings(check, reader.fetch_from_copy("checks.find_damaged_file"))
        case Check.STALE_SEARCH:
            texts = (StoredText(**dict(row)) for row in reader.fetch("checks.list_folded_texts"))
            differing = _make_findings(check, reader.fetch("checks.find_stale_search"))
            yield from sorted([*differing, *find_stale_words(texts)])
            if not _has_whole_index(reader):
                what = "the index of words does not match the texts it covers; run nkplan check --repair"
                yield Finding(check, "words", (), what)
        case _:
            name = f"checks.find_{check.replace('-', '_')}"
            rows = reader.fetch(name, today=latest.isoformat(), **STATUSES)
            yield from _make_findings(check, rows)


def _make_findings(check: Check, rows: Iterable[sqlite3.Row]) -> Iterator[Finding]:
    for row in rows:
        others = tuple(one for one in json.loads(row["others"]) if one is not None)
        yield Finding(check, row["id"], others, row["what"])


def _describe(one: Difference) -> str:
    """Say what is wrong with a part of the schema, and what to do about it."""
    if one.stored_type is None:
        what = f"the {one.type} is missing"
    elif one.stored_type == one.type:
        what = f"the {one.type} is not the one that this version creates"
    else:
        what = f"a {one.stored_type} has the name of the {one.type}"
    if not one.is_derived:
        lost = "rows" if "table" in {one.type, one.stored_type} else "the rows of its table"
        return f"{what}, and {lost} cannot be rebuilt; restore a backup with nkplan restore"
    if one.statement.startswith("CREATE UNIQUE"):
        return f"{what}; run nkplan check --repair, which can create it if no row is duplicated"
    return f"{what}; run nkplan check --repair"


def _has_whole_index(reader: Reader) -> bool:
    try:
        reader.fetch_from_copy("checks.compare_index")
    except sqlite3.DatabaseError as error:
        if not error.sqlite_errorname.startswith("SQLITE_CORRUPT"):
            raise
        return False
    return True


def _compare_quotas(reader: Reader) -> Iterator[Finding]:
    return compare_quotas(
        list_programmes(reader),
        (make_row("projects", row) for row in reader.fetch("questions.list_cohorts")),
        count_named(reader),
    )
