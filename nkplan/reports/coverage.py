"""In which regions and places sites are named, started and opened, out of all on record."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from nkplan.layout.grid import Column, Phrase, make_grid
from nkplan.layout.report import Report
from nkplan.model.question import Question


class Area(NamedTuple):
    """A place on record: its parent, its region, which is itself for a region, and its population.

    A place around regions, such as a country of several, has no region.
    """

    id: str
    name: str
    type: str | None
    parent: str | None
    region: str | None
    population: int | None = None


class SiteCount(NamedTuple):
    """How many sites of a place are named, started and opened."""

    named: int = 0
    started: int = 0
    opened: int = 0


class Coverage(NamedTuple):
    """A region: how many places are directly in it, and how many of those have a site.

    `named`, `started` and `opened` count places with such a site; `sites` counts all sites in the region.
    `people` is its population, `people_reached` the population of the places where a site has opened, or None
    unless all these populations are known.
    """

    region: str
    name: str
    places: int
    named: int
    started: int
    opened: int
    sites: int
    people: int | None
    people_reached: int | None


def measure_coverage(areas: Iterable[Area], counts: Mapping[str, SiteCount]) -> list[Coverage]:
    """Count, region by region, the places that have been reached."""
    every = {area.id: area for area in areas}
    directly_in: defaultdict[str | None, list[Area]] = defaultdict(list)
    for area in every.values():
        directly_in[area.parent].append(area)
    found: dict[str, str] = {}
    reached: defaultdict[str, list[SiteCount]] = defaultdict(list)
    in_region: defaultdict[str, int] = defaultdict(int)
    for place, count in counts.items():
        if place in every:
            reached[_find_place_in_region(place, every, found)].append(count)
            in_region[every[place].region or ""] += count.named
    regions = [area for area in every.values() if area.region == area.id]
    rows = []
    for region in regions:
        places = directly_in[region.id]
        # A region without places of its own counts as one place.
        rows.append(_count_places(region, places or [region], reached, in_region[region.id]))
    return rows


def _find_place_in_region(place: str, every: Mapping[str, Area], found: dict[str, str]) -> str:
    """Return the place directly within the region that contains a place; for a region, itself.

    What is found is kept in `found` for all places on the way.
    """
    region = every[place].region
    passed: dict[str, None] = {}
    while place != region and place not in passed and place not in found:
        parent = every[place].parent
        if parent is None or parent == region or parent not in every:
            break
        passed[place] = None
        place = parent
    place = found.get(place, place)
    found.update(dict.fromkeys(passed, place))
    return place


def _count_places(
    region: Area, places: list[Area], reached: Mapping[str, list[SiteCount]], sites: int
) -> Coverage:
    def any_of(name: str) -> list[Area]:
        return [area for area in places if any(getattr(one, name) for one in reached.get(area.id, ()))]

    opened = any_of("opened")
    # A share of the population needs every population that goes into it.
    known = all(area.population is not None for area in (region, *opened))
    return Coverage(
        region=region.id,
        name=region.name,
        places=len(places),
        named=len(any_of("named")),
        started=len(any_of("started")),
        opened=len(opened),
        sites=sites,
        people=region.population,
        people_reached=sum(area.population or 0 for area in opened) if known else None,
    )


_NAME = Column("name", Phrase.of("{}", "Region"), min_width=16)
_COUNTS = (
    Column("places", "Places", is_number=True),
    Column("named", "Named in", is_number=True),
    Column("started", "Started in", is_number=True),
    Column("opened", "Opened in", is_number=True),
    Column("sites", "Sites", is_number=True),
)
_COLUMNS = (
    Column("region", Phrase.of("{} ID", "Region")),
    _NAME,
    *_COUNTS,
    Column("people", "People", is_number=True),
    Column("people_reached", "People reached", is_number=True),
    Column("filter", "Filter"),
)
_SCREEN = (_NAME, *_COUNTS, Column("reached", "% of people", is_number=True))


def make_report(facts: tuple[Iterable[Area], Mapping[str, SiteCount]], _: Question) -> Report:
    """Count the places of each region with a site that is named, started or opened."""
    coverage = measure_coverage(*facts)
    whole = _add_up(coverage)
    total = whole._asdict() | {"region": None, "reached": _share(whole)}
    rows = [one._asdict() | {"reached": _share(one), "filter": f"--region {one.region}"} for one in coverage]
    with_sites = sum(one.sites > 0 for one in coverage)
    notes = (
        f"{with_sites} of {len(coverage)} rows have a site",
        Phrase.of(
            "places: those directly in the {}; % of people: in places where a site has opened, if known",
            "region",
        ),
    )
    return Report("Coverage", make_grid(_COLUMNS, rows, total), make_grid(_SCREEN, rows, total), notes)


def _add_up(coverage: Sequence[Coverage]) -> Coverage:
    people = [one.people for one in coverage if one.people is not None]
    reached = [one.people_reached for one in coverage if one.people_reached is not None]
    return Coverage(
        region="",
        name="Total",
        places=sum(one.places for one in coverage),
        named=sum(one.named for one in coverage),
        started=sum(one.started for one in coverage),
        opened=sum(one.opened for one in coverage),
        sites=sum(one.sites for one in coverage),
        people=sum(people) if len(people) == len(coverage) else None,
        people_reached=sum(reached) if len(reached) == len(coverage) else None,
    )


def _share(one: Coverage) -> int | None:
    """Return the percentage of the population that is reached, or None if it is not known."""
    if not one.people or one.people_reached is None:
        return None
    return round(100 * one.people_reached / one.people)
