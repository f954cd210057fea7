"""Every site, which of them have a conflict, and how well the present status of each site is sourced."""

from collections.abc import Iterator

from nkplan.model.filters import Filters
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.queries.conflicts import list_contradicted
from nkplan.queries.reader import Reader
from nkplan.queries.sites import list_sites
from nkplan.rows.state import read_site_to_rank


def fetch(reader: Reader, question: Question) -> tuple[Iterator[Site], frozenset[str], dict[str, int]]:
    """Return the sites, the ids of those with a conflict, and those whose status has one source or none."""
    sources = reader.fetch("questions.list_single_sourced")
    sources.row_factory = None
    contradicted = frozenset(list_contradicted(reader, question))
    return _list_sites(reader, question.filters), contradicted, dict(sources)


def _list_sites(reader: Reader, filters: Filters) -> Iterator[Site]:
    """Iterate over the filtered sites, by id; at present with only what ranks them."""
    if reader.is_past:
        return list_sites(reader, filters)
    rows = reader.fetch("sites.list_sites_to_rank", filters)
    rows.row_factory = None
    return map(read_site_to_rank, rows)
