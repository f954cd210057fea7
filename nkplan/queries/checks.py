"""What is wrong with the file, and what is inconsistent in the data.

A check is a block of sql/checks.sql that is named after it and gives findings as they are, or is judged in
reports/checks.py where no query can.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date

from nkplan.database import BY_DAMAGE
from nkplan.model.finding import Check, Finding
from nkplan.model.vocabulary import Status
from nkplan.queries.missing import count_named
from nkplan.queries.programmes import list_programmes
from nkplan.queries.reader import Reader
from nkplan.reports.checks import Location, Spelling, compare_quotas, find_far_places, find_stale_names
from nkplan.rows.table import make_row
from nkplan.sql.schema import Difference

_HINDERING = {Check.DAMAGED_FILE: "the file is damaged", Check.CHANGED_SCHEMA: "the schema is not whole"}
"""The checks after whose findings others may not come to an end, each with what they say of it."""

STATUSES = {
    "started": json.dumps([status for status in Status if status.is_started]),
    "steps": json.dumps([status for status in Status if status.is_step]),
    "reach": json.dumps({status: status.reach for status in Status}),
}
"""What the checks ask of statuses, as JSON."""


def find_inconsistencies(reader: Reader, checks: Iterable[Check], today: date) -> Iterator[Finding]:
    """Go through what some checks find by a day, check by check, each by id.

    In a damaged file, or without all of the schema, a check may not come to an end; that is a finding of it
    where what is the matter was found before.
    """
    hindrance = ""
    for check in checks:
        found = []
        try:
            for one in _run_check(reader, check, today):
                found.append(one)  # noqa: PERF402
        except (sqlite3.DatabaseError, *BY_DAMAGE) as error:
            if check is Check.DAMAGED_FILE and _is_of_the_file(error):
                what = f"{error}; bring back a backup with nkplan restore"
                found = found or [Finding(check, "database", (), what)]
            elif hindrance and _is_of_the_file(error):
                what = f"it can not be told as long as {hindrance} ({error})"
                found = [Finding(check, "database", (), what)]
            else:
                raise
        if found and not hindrance:
            hindrance = _HINDERING.get(check, "")
        yield from found


def _is_of_the_file(error: Exception) -> bool:
    """Tell whether what is in the file can be to blame, and not the disk it is on or another program."""
    name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
    return name == "SQLITE_ERROR" or name.startswith("SQLITE_CORRUPT")


def _run_check(reader: Reader, check: Check, today: date) -> Iterator[Finding]:
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
            # Where it may only read, SQLite does not hold the rows to their CHECK constraints.
            yield from _make_findings(check, reader.fetch_from_copy("checks.find_damaged_file"))
        case Check.STALE_SEARCH:
            yield from _make_findings(check, reader.fetch("checks.find_stale_search"))
            if not _has_whole_index(reader):
                what = "the index of words does not fit the texts that it is of; run nkplan check --repair"
                yield Finding(check, "words", (), what)
        case _:
            name = f"checks.find_{check.replace('-', '_')}"
            rows = reader.fetch(name, today=today.isoformat(), **STATUSES)
            yield from _make_findings(check, rows)


def _make_findings(check: Check, rows: Iterable[sqlite3.Row]) -> Iterator[Finding]:
    for row in rows:
        others = tuple(one for one in json.loads(row["others"]) if one is not None)
        yield Finding(check, row["id"], others, row["what"])


def _describe(one: Difference) -> str:
    """Say what of the schema is not as it should be, and what to do about it."""
    if one.stored_type is None:
        what = f"the {one.type} is missing"
    elif one.stored_type == one.type:
        what = f"the {one.type} is not as this version makes it"
    else:
        what = f"the name of the {one.type} is that of a {one.stored_type}"
    if not one.is_derived:
        lost = "rows" if "table" in {one.type, one.stored_type} else "the rows of its table"
        return f"{what}, and {lost} can not be made anew; bring back a backup with nkplan restore"
    if one.statement.startswith("CREATE UNIQUE"):
        return f"{what}; run nkplan check --repair, which can make it where no row is there twice"
    return f"{what}; run nkplan check --repair"


def _has_whole_index(reader: Reader) -> bool:
    try:
        reader.fetch_from_copy("checks.hold_index_to_texts")
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
