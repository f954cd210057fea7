"""What became known after a day."""

import json
from collections.abc import Iterator

from nkplan.model.question import Question
from nkplan.model.state import State
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader, reading
from nkplan.reports.changes import Changed
from nkplan.rows.state import read_state


def fetch(reader: Reader, question: Question) -> Iterator[Changed]:
    """Iterate over the projects about which something became known after a day.

    Their states before are read from the record as it was known on that day.
    """
    since = question.since
    projects = choose_projects(reader, question.filters)
    rows = reader.fetch(
        "questions.list_changed_projects", projects=projects, since=since.isoformat()
    ).fetchall()
    keys = json.dumps([row["project"] for row in rows])
    with reading(reader.path, question.moment._replace(known_on=since)) as earlier:
        before = _read_states(earlier, keys)
    after = _read_states(reader, keys)
    for row in rows:
        project = row["project"]
        yield Changed(
            project=project,
            name=row["name"],
            type=row["type"],
            updates=row["updates"],
            before=before.get(project, State()),
            after=after.get(project, State()),
        )


def _read_states(reader: Reader, keys: str) -> dict[str, State]:
    return {row["id"]: read_state(row) for row in reader.fetch("stored.states_by_key", projects=keys)}
