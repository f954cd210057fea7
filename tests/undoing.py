"""Batches to record and undo, and the answers that must be the same afterwards."""

import uuid
from pathlib import Path
from typing import Any

from tables import query

from nkplan.model.batch import Batch, Project, Source, Update
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Evidence, ProjectType, QuotaPeriod, Status

ANSWERS = (
    "SELECT * FROM states ORDER BY project",
    "SELECT * FROM sites ORDER BY id",
    "SELECT id FROM updates WHERE undone_in IS NULL ORDER BY id",
    "SELECT id FROM projects WHERE undone_in IS NULL ORDER BY id",
    "SELECT id, title, published, evidence FROM sources WHERE undone_in IS NULL ORDER BY id",
    "SELECT id FROM kinds WHERE undone_in IS NULL ORDER BY id",
    "SELECT project, quantity FROM quotas WHERE undone_in IS NULL ORDER BY id",
    "SELECT id, parent, region FROM places WHERE undone_in IS NULL ORDER BY id",
    "SELECT list, id, title, text FROM texts ORDER BY list, id",
)


def answer(path: Path) -> list[list[tuple[Any, ...]]]:
    return [query(path, sql) for sql in ANSWERS]


def make_batch(number: int, status: Status = Status.IDLE) -> Batch:
    """Make a batch with a row of each list, all its own."""
    source = Source(id=f"source-{number}", url=f"https://e.org/{number}", evidence=Evidence.AUTHORITY)
    project = Project(
        id=f"project-{number}", name=f"P {number}", type=ProjectType.SITE, kind=f"kind-{number}"
    )
    quota = Quota(project="20x10", kind=f"kind-{number}", quantity=number, per=QuotaPeriod.YEAR)
    updates = tuple(
        Update(
            id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{number} {target}")),
            project=target,
            event_date="2026",
            status=status,
            source=source.id,
        )
        for target in (project.id, "songchon-factories")
    )
    return Batch(
        kinds=(f"kind-{number}",), sources=(source,), projects=(project,), quotas=(quota,), updates=updates
    )
