"""Sites counted, sort by sort."""

from collections import Counter
from collections.abc import Iterator

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.state import Tally
from nkplan.queries.reader import Reader
from nkplan.rows.state import make_tally


def tally_sites(
    reader: Reader, filters: Filters = NO_FILTERS, *, with_province: bool = False
) -> Iterator[Tally]:
    """Count the sites that pass the filters, sort by sort; provinces are told apart where that is asked."""
    if filters == NO_FILTERS and not with_province:
        yield from _tally_all(reader)
        return
    rows = reader.fetch("tally_sites", filters, with_province=int(with_province))
    rows.row_factory = None  # Tuples can be counted as they come.
    for sort, number in Counter(rows).items():
        yield make_tally(sort, number)


def _tally_all(reader: Reader) -> Iterator[Tally]:
    """Count all sites by what they belong to, which is then found out once for each parent."""
    owners = {row["id"]: row for row in reader.fetch("tally_parents")}
    rows = reader.fetch("tally_few")
    rows.row_factory = None  # Tuples can be counted as they come.
    for (kind, parent, year, *state), number in Counter(rows).items():
        owner = owners.get(parent)
        programme, name, of_cohort = (None, None, None) if owner is None else tuple(owner)[1:]
        yield make_tally((kind, programme, name, year or of_cohort, None, None, *state), number)
