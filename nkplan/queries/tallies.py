"""Sites counted by the database, sort by sort."""

from collections.abc import Iterator

from nkplan.model.state import Tally
from nkplan.queries.reader import Reader
from nkplan.queries.sites import NO_FILTERS, Filters
from nkplan.rows.state import read_tally


def tally_sites(reader: Reader, filters: Filters = NO_FILTERS) -> Iterator[Tally]:
    """Count the sites that pass the filters, sort by sort."""
    yield from map(read_tally, reader.fetch("tally_sites", **filters._asdict()))
