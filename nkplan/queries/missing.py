"""How many sites are named."""

from collections import Counter

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.queries.reader import Reader


def count_named(reader: Reader, filters: Filters = NO_FILTERS) -> Counter[tuple[str | None, str, int | None]]:
    """Count the sites that pass the filters, by programme, kind and year."""
    rows = reader.fetch("count_named", filters)
    return Counter({(row["programme"], row["kind"], row["year"]): row["number"] for row in rows})
