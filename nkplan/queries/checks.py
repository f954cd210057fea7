"""What is inconsistent in the data.

A check is a query of sql/ that is named after it and gives findings as they are, or is judged in
report/consistency where no query can.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date

from nkplan.model.finding import Check, Finding
from nkplan.queries.programmes import list_programmes
from nkplan.queries.reader import Reader
from nkplan.queries.tallies import count_named
from nkplan.report.consistency import Location, compare_quotas, find_far_places
from nkplan.rows.table import read_row


def find_inconsistencies(reader: Reader, checks: Iterable[Check], today: date) -> Iterator[Finding]:
    """Go through what some checks find by a day, check by check, each by id."""
    for check in checks:
        yield from _run_check(reader, check, today)


def _run_check(reader: Reader, check: Check, today: date) -> Iterator[Finding]:
    match check:
        case Check.QUOTA_DIFFERS:
            yield from sorted(_compare_quotas(reader))
        case Check.FAR_AWAY:
            yield from sorted(find_far_places(Location(**dict(row)) for row in reader.fetch("located")))
        case _:
            rows = reader.fetch(f"check_{check.replace('-', '_')}", today=today.isoformat())
            for row in rows:
                others = tuple(one for one in json.loads(row["others"]) if one is not None)
                yield Finding(check, row["id"], others, row["what"])


def _compare_quotas(reader: Reader) -> Iterator[Finding]:
    return compare_quotas(
        list_programmes(reader),
        (read_row("projects", row) for row in reader.fetch("cohorts")),
        count_named(reader),
    )
