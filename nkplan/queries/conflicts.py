"""The claims of statuses, and when the sites of cohorts and programmes opened."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from nkplan.dates import parse_date
from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.vocabulary import Evidence, Status
from nkplan.queries.reader import Reader
from nkplan.queries.sites import choose_projects, list_sites
from nkplan.reports.conflicts import Claim, SiteOpening


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
