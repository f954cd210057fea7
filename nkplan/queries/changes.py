"""What came to be known after a day."""

import json
from collections.abc import Iterator
from datetime import date

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.state import State
from nkplan.queries.reader import Reader
from nkplan.queries.sites import choose_projects
from nkplan.reports.changes import Changed
from nkplan.rows.state import read_state


def list_changed(
    before: Reader, after: Reader, since: date, filters: Filters = NO_FILTERS
) -> Iterator[Changed]:
    """Go through the projects of which something came to be known after a day.

    `before` reads the record as it was known on that day, `after` as it is asked of.
    """
    rows = after.fetch(
        "known_since", projects=choose_projects(after, filters), since=since.isoformat()
    ).fetchall()
    keys = json.dumps([row["project"] for row in rows])
    was = _read_states(before, keys)
    now = _read_states(after, keys)
    for row in rows:
        project = row["project"]
        yield Changed(
            project=project,
            name=row["name"],
            type=row["type"],
            updates=row["updates"],
            before=was.get(project, State()),
            after=now.get(project, State()),
        )


def _read_states(reader: Reader, keys: str) -> dict[str, State]:
    return {row["id"]: read_state(row) for row in reader.fetch("states", projects=keys)}
