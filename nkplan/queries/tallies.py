"""Sites counted, sort by sort."""

from collections import Counter
from collections.abc import Iterator

from nkplan.model.state import Tally
from nkplan.queries.reader import Reader
from nkplan.queries.sites import NO_FILTERS, Filters
from nkplan.rows.state import make_tally


def tally_sites(
    reader: Reader, filters: Filters = NO_FILTERS, *, with_province: bool = False
) -> Iterator[Tally]:
    """Count the sites that pass the filters, sort by sort; provinces are told apart where that is asked."""
    rows = reader.fetch("tally_sites", **filters._asdict(), with_province=int(with_province))
    for sort, number in Counter(map(tuple, rows)).items():
        yield make_tally(sort, number)


def count_named(reader: Reader, filters: Filters = NO_FILTERS) -> Counter[tuple[str | None, str, int | None]]:
    """Count the sites that pass the filters, by programme, kind and year."""
    rows = reader.fetch("count_named", **filters._asdict())
    return Counter({(row["programme"], row["kind"], row["year"]): row["number"] for row in rows})
