"""Places, and the sites in them."""

from collections.abc import Collection, Iterable, Iterator

from nkplan.model.question import Question
from nkplan.queries.reader import Reader
from nkplan.reports.coverage import Area, SiteCount


def fetch(reader: Reader, question: Question) -> tuple[Iterator[Area], dict[str, SiteCount]]:
    """Return the active places, all or as asked for by region or place, and the number of sites in each."""
    counts = {
        row["place"]: SiteCount(row["named"], row["started"], row["opened"])
        for row in reader.fetch("questions.tally_places", question.filters)
    }
    areas = _list_areas(reader, question.filters.regions)
    places = question.filters.places
    return areas if places is None else _choose_around(areas, places), counts


def _list_areas(reader: Reader, regions: Collection[str] | None) -> Iterator[Area]:
    for row in reader.fetch("questions.list_places"):
        if regions is not None and row["region"] not in regions:
            continue
        yield Area(row["id"], row["name"], row["type"], row["parent"], row["region"], row["population"])


def _choose_around(areas: Iterable[Area], places: Collection[str]) -> Iterator[Area]:
    """Yield the areas that are among places or around one of them."""
    every = {area.id: area for area in areas}
    chosen: set[str] = set()
    for place in places:
        around: str | None = place
        while around in every and around not in chosen:
            chosen.add(around)
            around = every[around].parent
    yield from (area for area in every.values() if area.id in chosen)
