"""What is wrong with the file, and what is inconsistent in the data.

A check is a query of sql/ that is named after it and gives findings as they are, or is judged in
report/consistency where no query can.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date

from nkplan.model.finding import Check, Finding
from nkplan.queries.programmes import list_programmes
from nkplan.queries.reader import Reader
from nkplan.queries.tallies import count_named
from nkplan.report.consistency import Location, compare_quotas, find_far_places
from nkplan.rows.table import read_row


def find_inconsistencies(reader: Reader, checks: Iterable[Check], today: date) -> Iterator[Finding]:
    """Go through what some checks find by a day, check by check, each by id.

    In a damaged file a check may not come to an end; that is a finding of it where the damage is another.
    """
    is_damaged = False
    for check in checks:
        found = []
        try:
            for one in _run_check(reader, check, today):
                found.append(one)  # noqa: PERF402
        except sqlite3.DatabaseError as error:
            if not error.sqlite_errorname.startswith("SQLITE_CORRUPT"):
                raise
            if check is Check.DAMAGED_FILE:
                found = found or [
                    Finding(check, "database", (), f"{error}; bring back a backup with nkplan restore")
                ]
            elif is_damaged:
                found = [
                    Finding(
                        check, "database", (), f"it can not be told as long as the file is damaged ({error})"
                    )
                ]
            else:
                raise
        is_damaged |= check is Check.DAMAGED_FILE and bool(found)
        yield from found


def _run_check(reader: Reader, check: Check, today: date) -> Iterator[Finding]:
    match check:
        case Check.QUOTA_DIFFERS:
            yield from sorted(_compare_quotas(reader))
        case Check.FAR_AWAY:
            yield from sorted(find_far_places(Location(**dict(row)) for row in reader.fetch("located")))
        case Check.DAMAGED_FILE:
            # Where it may only read, SQLite does not hold the rows to their CHECK constraints.
            yield from _make_findings(check, reader.fetch_from_copy("check_damaged_file"))
        case Check.STALE_SEARCH:
            yield from _make_findings(check, reader.fetch("check_stale_search"))
            if not _has_whole_index(reader):
                what = "the index of words does not fit the texts that it is of; run nkplan check --repair"
                yield Finding(check, "words", (), what)
        case _:
            rows = reader.fetch(f"check_{check.replace('-', '_')}", today=today.isoformat())
            yield from _make_findings(check, rows)


def _make_findings(check: Check, rows: Iterable[sqlite3.Row]) -> Iterator[Finding]:
    for row in rows:
        others = tuple(one for one in json.loads(row["others"]) if one is not None)
        yield Finding(check, row["id"], others, row["what"])


def _has_whole_index(reader: Reader) -> bool:
    try:
        reader.fetch_from_copy("check_words")
    except sqlite3.DatabaseError as error:
        if not error.sqlite_errorname.startswith("SQLITE_CORRUPT"):
            raise
        return False
    return True


def _compare_quotas(reader: Reader) -> Iterator[Finding]:
    return compare_quotas(
        list_programmes(reader),
        (read_row("projects", row) for row in reader.fetch("cohorts")),
        count_named(reader),
    )
