"""Places, and the sites in them."""

from collections.abc import Iterator

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.queries.reader import Reader
from nkplan.reports.coverage import Area, SiteCount


def list_areas(reader: Reader) -> Iterator[Area]:
    """Go through every place that stands."""
    for row in reader.fetch("places"):
        yield Area(row["id"], row["name"], row["type"], row["parent"], row["province"], row["population"])


def count_by_place(reader: Reader, filters: Filters = NO_FILTERS) -> dict[str, SiteCount]:
    """Count the sites in each place."""
    return {
        row["place"]: SiteCount(row["named"], row["started"], row["opened"])
        for row in reader.fetch("tally_places", filters)
    }
