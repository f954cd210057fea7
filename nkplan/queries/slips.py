"""The dates promised, one after another."""

from collections.abc import Iterator
from datetime import date

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.vocabulary import Status
from nkplan.queries.reader import Reader
from nkplan.queries.sites import choose_projects
from nkplan.reports.slips import Given


def list_promises(reader: Reader, filters: Filters = NO_FILTERS) -> Iterator[Given]:
    """Go through the dates promised, project by project, in the order in which they were given."""
    for row in reader.fetch("promises", projects=choose_projects(reader, filters)):
        opened = row["opened_day"]
        yield Given(
            project=row["project"],
            name=row["name"],
            type=row["type"],
            promised=row["promised"],
            said=row["event_date"],
            said_day=date.fromisoformat(row["settled"]),
            source=row["source"],
            evidence=row["evidence"],
            opened=row["opened"],
            opened_day=None if opened is None else date.fromisoformat(opened),
            status=None if row["status"] is None else Status(row["status"]),
        )
