"""The contradictions in the record: claims, counts, and the sites of cohorts and programmes beside them."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import starmap

from nkplan.contradictions import Claim, find_contradicted
from nkplan.model.question import Question
from nkplan.queries.counted import count_named_sites, list_counts
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader
from nkplan.reports.conflicts import Conflict, NamedSite, find_conflicts
from nkplan.reports.counted import find_mismatches


def fetch(reader: Reader, question: Question) -> list[Conflict]:
    """List the contradictions, by project."""
    projects = choose_projects(reader, question.filters)
    sites = _list_sites(reader, projects)
    rows = reader.fetch("questions.list_claims_at_odds", projects=projects, also=json.dumps(list(sites)))
    rows.row_factory = None
    counts = list_counts(reader, projects)
    mismatches = find_mismatches(counts, count_named_sites(reader, counts))
    return find_conflicts(starmap(Claim, rows), sites, mismatches, _find_last_day(question))


def list_contradicted(reader: Reader, question: Question) -> Iterator[str]:
    """Iterate over the ids of the projects whose own claims or counts contradict each other."""
    if reader.is_past:
        rows = reader.fetch("questions.list_possibly_contradicted")
        yield from find_contradicted(map(tuple, rows), _find_last_day(question))
    else:
        for row in reader.fetch("questions.list_contradicted"):
            yield row["project"]
    # A site may have counts in a unit; beside those of a cohort are its sites, and it is none itself.
    for mismatch in find_mismatches(list_counts(reader, None), {}):
        yield mismatch.counts[0].project


def _find_last_day(question: Question) -> str:
    """Return the day by which what contradicts anything must have happened."""
    return (question.moment.happened_by or date.max).isoformat()


def _list_sites(reader: Reader, projects: str | None) -> dict[str, list[NamedSite]]:
    """List the sites of each cohort and programme that is called complete, by id."""
    sites: defaultdict[str, list[NamedSite]] = defaultdict(list)
    for row in reader.fetch("questions.list_sites_called_complete", projects=projects):
        owner, *site = row
        sites[owner].append(NamedSite(*site))
    return sites
