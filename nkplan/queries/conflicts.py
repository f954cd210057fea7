"""The contradictions in the record: claims, counts, and the sites of cohorts and programmes beside them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby, starmap
from operator import itemgetter

from nkplan.model.question import Question
from nkplan.model.vocabulary import Status
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader
from nkplan.reports.conflicts import Claim, Conflict, NamedSite, SiteClaim, find_conflicts, find_own_conflicts

_RANKS = {
    "completed": Status.COMPLETED.rank,
    "operating": Status.OPERATING.rank,
    "idle": Status.IDLE.rank,
    "groundbroken": Status.GROUNDBROKEN.rank,
}


def fetch(reader: Reader, question: Question) -> list[Conflict]:
    """List the contradictions, by project."""
    projects = choose_projects(reader, question.filters)
    sites = _list_sites(reader, projects)
    rows = reader.fetch(
        "questions.list_possible_conflicts", projects=projects, also=json.dumps(list(sites)), **_RANKS
    )
    rows.row_factory = None
    counts = _list_counts(reader, projects)
    return find_conflicts(
        starmap(Claim, rows), sites, counts, _list_site_claims(reader, {count.project for count in counts})
    )


def find_contradicted(reader: Reader) -> Iterator[str]:
    """Iterate over the ids of the projects whose own claims or counts contradict each other.

    There may be very many claims, so only what decides is read of them.
    """
    rows = reader.fetch("questions.list_possibly_contradicted", **_RANKS)
    rows.row_factory = None
    for project, claims in groupby(rows, key=itemgetter(0)):
        if any(find_own_conflicts([Claim(*claim) for claim in sorted(claims)])):
            yield project
    for conflict in find_conflicts((), {}, _list_counts(reader, None)):
        yield conflict.claims[0].project


def _list_counts(reader: Reader, projects: str | None) -> list[Claim]:
    return [Claim(*row) for row in reader.fetch("questions.list_counts", projects=projects)]


def _list_sites(reader: Reader, projects: str | None) -> dict[str, list[NamedSite]]:
    """List the sites of each cohort and programme that is called complete, by id."""
    sites: defaultdict[str, list[NamedSite]] = defaultdict(list)
    for row in reader.fetch("questions.list_sites_called_complete", projects=projects):
        owner, *site = row
        sites[owner].append(NamedSite(*site))
    return sites


def _list_site_claims(reader: Reader, owners: Iterable[str]) -> dict[str, list[SiteClaim]]:
    """List what is claimed and observed of the sites of cohorts and programmes."""
    claims: defaultdict[str, list[SiteClaim]] = defaultdict(list)
    for row in reader.fetch("questions.list_claims_of_sites", owners=json.dumps(sorted(owners))):
        owner, *claim = row
        claims[owner].append(SiteClaim(*claim))
    return claims
