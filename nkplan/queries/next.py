"""Every site, the conflicts in the record, and how well the present status of each site is sourced."""

from collections.abc import Iterator

from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.queries import conflicts
from nkplan.queries.reader import Reader
from nkplan.queries.sites import list_sites
from nkplan.reports.conflicts import Conflict, find_conflicts


def fetch(reader: Reader, question: Question) -> tuple[Iterator[Site], Iterator[Conflict], dict[str, int]]:
    """Return the sites, the conflicts, and the number of sources for the present status of each site."""
    sources = {row["id"]: row["sources"] for row in reader.fetch("questions.count_sources_of_status")}
    found = find_conflicts(*conflicts.fetch(reader, question))
    return list_sites(reader, question.filters), found, sources
