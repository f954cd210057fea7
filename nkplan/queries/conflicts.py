"""The status claims, and when the sites of cohorts and programmes opened."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from nkplan.dates import parse_date
from nkplan.model.question import Question
from nkplan.model.vocabulary import Evidence, Status
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader
from nkplan.queries.sites import list_sites
from nkplan.reports.conflicts import SiteOpening, StatusClaim


def fetch(reader: Reader, question: Question) -> tuple[Iterator[StatusClaim], dict[str, list[SiteOpening]]]:
    """Return the status claims in the order of judgement, and the sites of each cohort and programme."""
    projects = choose_projects(reader, question.filters)
    return _list_claims(reader, projects), _list_openings(reader)


def _list_claims(reader: Reader, projects: str | None) -> Iterator[StatusClaim]:
    for row in reader.fetch("questions.list_claims", projects=projects):
        yield StatusClaim(
            project=row["project"],
            name=row["name"],
            type=row["type"],
            id=row["id"],
            event_date=row["event_date"],
            start=parse_date(row["event_date"]).start,
            effective_day=date.fromisoformat(row["effective_day"]),
            status=Status(row["status"]),
            evidence=None if row["evidence"] is None else Evidence(row["evidence"]),
            source=row["source"],
            note=row["note"],
        )


def _list_openings(reader: Reader) -> dict[str, list[SiteOpening]]:
    """List the sites of each cohort and programme, with when they opened."""
    sites: defaultdict[str, list[SiteOpening]] = defaultdict(list)
    for site in list_sites(reader):
        opened, status = site.state.opened, site.state.status
        # An idle site has opened, even if nothing says when.
        unknown = date.min if status is not None and status.is_complete else None
        start = parse_date(opened).start if opened is not None else unknown
        opening = SiteOpening(site.id, site.name, opened, start)
        for owner in (site.cohort, site.programme):
            if owner is not None:
                sites[owner].append(opening)
    return sites
