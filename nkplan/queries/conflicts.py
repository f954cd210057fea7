"""The contradictions in the record: claims, counts, and the sites of cohorts and programmes beside them."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import starmap

from nkplan.model.question import Question
from nkplan.model.vocabulary import Status
from nkplan.queries.counted import count_named_sites, list_counts
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader
from nkplan.reports.conflicts import Claim, Conflict, NamedSite, find_conflicts, find_own_conflicts
from nkplan.reports.counted import find_mismatches

_RANKS = {
    "start": next(one.rank for one in Status if one.is_start),
    "opening": next(one.rank for one in Status if one.is_inauguration),
    "use": next(one.rank for one in Status if one.is_in_use),
    "unused": next(one.rank for one in Status if one.is_unused),
}


def fetch(reader: Reader, question: Question) -> list[Conflict]:
    """List the contradictions, by project."""
    projects = choose_projects(reader, question.filters)
    sites = _list_sites(reader, projects)
    rows = reader.fetch(
        "questions.list_possible_conflicts", projects=projects, also=json.dumps(list(sites)), **_RANKS
    )
    rows.row_factory = None
    counts = list_counts(reader, projects)
    mismatches = find_mismatches(counts, count_named_sites(reader, counts))
    return find_conflicts(starmap(Claim, rows), sites, mismatches, _find_last_day(question))


def find_contradicted(reader: Reader, question: Question) -> Iterator[str]:
    """Iterate over the ids of the projects whose own claims or counts contradict each other.

    There may be very many claims, so only what decides is read of them.
    """
    claims = _Claims({date: (first, last) for date, first, last in reader.fetch("questions.list_dates")})
    until = _find_last_day(question)
    rows = reader.fetch("questions.list_possibly_contradicted", **_RANKS)
    rows.row_factory = None
    for project, texts, can_be_void in rows:
        said = sorted(map(claims.__getitem__, texts[2:-2].split("],[")))
        if any(find_own_conflicts(said, until, can_be_void=can_be_void)):
            yield project
    # A site may have counts in a unit; beside those of a cohort are its sites, and it is none itself.
    for mismatch in find_mismatches(list_counts(reader, None), {}):
        yield mismatch.counts[0].project


class _Claims(dict[str, Claim]):
    """The claims by their texts in JSON, without the brackets. Many are equal, so each text is read once."""

    def __init__(self, bounds: Mapping[str, tuple[str, str]]) -> None:
        """Read claims by the first and last day of each date."""
        self._bounds = bounds

    def __missing__(self, text: str) -> Claim:
        day, rank, event_date, counts_as = json.loads(f"[{text}]")
        self[text] = claim = Claim("", day, rank, *self._bounds[event_date], counts_as)
        return claim


def _find_last_day(question: Question) -> str:
    """Return the day by which what contradicts anything must have happened."""
    return (question.moment.as_of or date.max).isoformat()


def _list_sites(reader: Reader, projects: str | None) -> dict[str, list[NamedSite]]:
    """List the sites of each cohort and programme that is called complete, by id."""
    sites: defaultdict[str, list[NamedSite]] = defaultdict(list)
    for row in reader.fetch("questions.list_sites_called_complete", projects=projects):
        owner, *site = row
        sites[owner].append(NamedSite(*site))
    return sites
