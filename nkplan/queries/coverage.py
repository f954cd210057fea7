"""Places, and the sites in them."""

from collections.abc import Collection, Iterator

from nkplan.model.question import Question
from nkplan.queries.reader import Reader
from nkplan.reports.coverage import Area, SiteCount


def fetch(reader: Reader, question: Question) -> tuple[Iterator[Area], dict[str, SiteCount]]:
    """Return every active place, or those of the regions asked for, and the number of sites in each."""
    counts = {
        row["place"]: SiteCount(row["named"], row["started"], row["opened"])
        for row in reader.fetch("questions.tally_places", question.filters)
    }
    return _list_areas(reader, question.filters.regions), counts


def _list_areas(reader: Reader, regions: Collection[str] | None) -> Iterator[Area]:
    for row in reader.fetch("questions.list_places"):
        if regions is not None and row["region"] not in regions:
            continue
        yield Area(row["id"], row["name"], row["type"], row["parent"], row["region"], row["population"])
