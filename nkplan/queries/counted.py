"""The counts on record, and the named sites that had their status."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from nkplan.dates import parse_date
from nkplan.model.vocabulary import Status
from nkplan.queries.reader import Reader
from nkplan.reports.counted import Axis, Count, Step, count_named


def list_counts(reader: Reader, projects: str | None) -> list[Count]:
    """List the counts about projects, a JSON list of ids, or about all; in the order of their days."""
    return [
        Count(
            project=row["project"],
            name=row["name"],
            type=row["type"],
            id=row["id"],
            event_date=row["event_date"],
            start=parse_date(row["event_date"]).start,
            end=parse_date(row["event_date"]).end,
            effective_day=date.fromisoformat(row["effective_day"]),
            status=Status(row["status"]),
            number=row["count"],
            counts_as=row["counts_as"],
            of=row["of"],
            unit=row["unit"],
            bound=row["bound"],
            evidence=row["evidence"],
            confidence=row["confidence"],
            speaker=row["speaker"],
            source=row["source"],
            withdrawn=row["withdrawn"],
            is_withdrawn=row["is_withdrawn"] == 1,
            announcement=row["announcement"],
            note=row["note"],
        )
        for row in reader.fetch("questions.list_counts", projects=projects)
    ]


def count_named_sites(reader: Reader, counts: Sequence[Count]) -> dict[str, int]:
    """Count for each count of sites, by its id, the named sites that had its status on its day."""
    of_sites = [count for count in counts if count.is_of_sites]
    if not of_sites:
        return {}
    programmes = {row["id"]: row["programme"] for row in reader.fetch("sites.list_parents")}
    counted = {count.project for count in of_sites}
    within = [parent for parent, programme in programmes.items() if parent in counted or programme in counted]
    children = reader.fetch("questions.list_sites_within", parents=json.dumps(within))
    children.row_factory = None  # There may be very many, so they are read as plain tuples.
    parents = dict(children)
    steps = _list_steps(reader, {count.axis for count in of_sites}, json.dumps(list(parents)))
    return count_named(of_sites, steps, parents, programmes)


def _list_steps(reader: Reader, axes: Collection[Axis], sites: str) -> Iterator[Step]:
    """Iterate over the statuses that sites had, as plain tuples."""
    direct = [axis.value for axis in axes if axis is not Axis.LATEST]
    if direct:
        rows = reader.fetch("questions.list_steps", sites=sites, counts_as=json.dumps(direct))
        rows.row_factory = None
        yield from rows
    if Axis.LATEST in axes:
        rows = reader.fetch("questions.list_valid_steps", sites=sites, axis=Axis.LATEST.value)
        rows.row_factory = None
        yield from rows
