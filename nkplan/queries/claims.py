"""What was claimed and promised, update by update, for reports that set one against another."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from nkplan.dates import parse_date
from nkplan.model.state import State
from nkplan.model.vocabulary import Evidence, Status
from nkplan.queries.reader import Reader
from nkplan.queries.sites import NO_FILTERS, Filters, list_sites
from nkplan.report.changes import Changed
from nkplan.report.conflicts import Claim, SiteOpening
from nkplan.report.slips import Given
from nkplan.rows.state import read_state


def choose_projects(reader: Reader, filters: Filters) -> str | None:
    """Choose projects by filters of sites, as a JSON list of ids; None where all are wanted."""
    if filters == NO_FILTERS:
        return None
    return json.dumps([row["id"] for row in reader.fetch("chosen_projects", **filters._asdict())])


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


def list_claims(reader: Reader, filters: Filters = NO_FILTERS) -> Iterator[Claim]:
    """Go through the claims of statuses, project by project, in the order of judgement."""
    for row in reader.fetch("claims", projects=choose_projects(reader, filters)):
        yield Claim(
            project=row["project"],
            name=row["name"],
            type=row["type"],
            id=row["id"],
            event_date=row["event_date"],
            start=parse_date(row["event_date"]).start,
            settled=date.fromisoformat(row["settled"]),
            status=Status(row["status"]),
            evidence=None if row["evidence"] is None else Evidence(row["evidence"]),
            source=row["source"],
            note=row["note"],
        )


def list_site_openings(reader: Reader, filters: Filters = NO_FILTERS) -> dict[str, list[SiteOpening]]:
    """List the sites of each cohort and programme, with when they opened."""
    sites: defaultdict[str, list[SiteOpening]] = defaultdict(list)
    for site in list_sites(reader, filters):
        opened, status = site.state.opened, site.state.status
        # An idle site has opened, even where nothing says when.
        unknown = date.min if status is not None and status.is_complete else None
        start = parse_date(opened).start if opened is not None else unknown
        opening = SiteOpening(site.id, site.name, opened, start)
        for owner in (site.cohort, site.programme):
            if owner is not None:
                sites[owner].append(opening)
    return sites


def count_sources(reader: Reader) -> dict[str, int]:
    """Count the sources that the present status of each site rests on."""
    return {row["id"]: row["sources"] for row in reader.fetch("sources_of_status")}


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
