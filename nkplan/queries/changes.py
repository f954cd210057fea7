"""What became known since a day."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from nkplan.model.question import Question
from nkplan.model.state import State
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader, reading
from nkplan.reports.changes import Changed
from nkplan.rows.state import read_columns


def fetch(reader: Reader, question: Question) -> Iterator[Changed]:
    """Iterate over the projects of which something became known on a day or later.

    Their states before are read from the record as it was known on the day before.
    """
    since = question.since
    projects = choose_projects(reader, question.filters)
    rows = reader.fetch(
        "questions.list_changed_projects", projects=projects, since=since.isoformat()
    ).fetchall()
    keys = json.dumps([row["project"] for row in rows])
    with reading(reader.path, question.moment._replace(known_on=since - timedelta(days=1))) as earlier:
        before = _read_states(earlier, keys)
    after = _read_states(reader, keys)
    for row in rows:
        project = row["project"]
        yield Changed(
            project=project,
            name=row["name"],
            type=row["type"],
            updates=row["updates"],
            counts=row["counts"],
            before=before.get(project, State()),
            after=after.get(project, State()),
        )


def _read_states(reader: Reader, projects: str) -> dict[str, State]:
    """Return the states of the projects among a JSON list of ids, of those that have one."""
    own, days, promises = (
        reader.fetch_tuples(f"questions.{query}", projects=projects)
        for query in ("list_states", "list_days_of_states", "list_promises_of_states")
    )
    return {
        parts[0][0]: read_columns(list(chain(*parts))[1:]) for parts in zip(own, days, promises, strict=True)
    }
