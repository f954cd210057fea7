"""What is inconsistent where no query can tell: numbers against promises, coordinates, letters of names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from nkplan.model.batch import Project
from nkplan.model.finding import Check, Finding
from nkplan.model.promise import Programme
from nkplan.reports.missing import NamedCounts
from nkplan.reports.progress import find_yearly_quotas
from nkplan.text import fold

_EARTH_RADIUS = 6371.0  # kilometres
_FEWEST_OTHERS = 4
"""With fewer other places there is no telling how far apart places of a province lie."""


class Location(NamedTuple):
    """Where a place is, in degrees, and the province that it is counted to."""

    id: str
    name: str
    province: str
    latitude: float
    longitude: float


class Spelling(NamedTuple):
    """A spelling of a place's name, with what it is looked up by; None where it is not looked up."""

    place: str
    name: str
    folded: str | None


def find_stale_names(spellings: Iterable[Spelling]) -> Iterator[Finding]:
    """Find the spellings that are not looked up by the letters that they fold to."""
    for one in spellings:
        if one.folded != (wanted := fold(one.name)):
            looked_up = "nothing" if one.folded is None else repr(one.folded)
            yield Finding(
                Check.STALE_NAMES,
                one.place,
                (),
                f"its name {one.name} is looked up as {looked_up}, where it gives {wanted!r}; "
                "run nkplan check --repair",
            )


def compare_quotas(
    programmes: Iterable[Programme], cohorts: Iterable[Project], named_of: NamedCounts
) -> Iterator[Finding]:
    """Find the years with a cohort for which fewer or more sites of a kind are named than were promised.

    The number promised is that of the progress report. A year without a cohort is not begun, so nothing is
    missing in it. What the cohort's note says of it is told with the numbers.
    """
    cohort_of = {(cohort.parent, cohort.year): cohort for cohort in cohorts}
    for programme in programmes:
        for (kind, year), quota in find_yearly_quotas(programme).items():
            named = named_of.get((programme.id, kind, year), 0)
            if named == quota.quantity:
                continue
            cohort = cohort_of[programme.id, year]
            look = "look for sites to add" if named < quota.quantity else "look for sites recorded twice"
            yield Finding(
                Check.QUOTA_DIFFERS,
                cohort.id,
                tuple(one for one in (programme.id, quota.announcement) if one),
                f"{quota.quantity} of kind {kind} are promised for {year} and {named} named; {look}, or for "
                "a quota that was announced later" + (f"; its note: {cohort.note}" if cohort.note else ""),
            )


def find_far_places(locations: Iterable[Location]) -> Iterator[Finding]:
    """Find places farther from every other place of their province than any two of those are from each other.

    That measures by each province's own size, and lets islands and exclaves be; a point misplaced by less,
    one of a small province, and two misplaced in one province are not told.
    """
    by_province: defaultdict[str, list[Location]] = defaultdict(list)
    for one in locations:
        by_province[one.province].append(one)
    for places in by_province.values():
        if len(places) <= _FEWEST_OTHERS:
            continue
        # One that is so far away is the farthest from any other, so it is this one or the first itself.
        for far in {places[0], max(places, key=lambda one: measure(places[0], one))}:
            yield from _judge_far(far, [one for one in places if one is not far])


def _judge_far(place: Location, others: Sequence[Location]) -> Iterator[Finding]:
    nearest = min(others, key=lambda one: measure(place, one))
    distance = measure(place, nearest)
    if any(measure(one, another) >= distance for one, another in combinations(others, 2)):
        return
    yield Finding(
        Check.FAR_AWAY,
        place.id,
        (nearest.id, place.province),
        f"it is {distance:.0f} km from {nearest.name}, the nearest place of its province, and no two of the "
        f"{len(others)} others are as far apart; look at its latitude {place.latitude:.15g}, its longitude "
        f"{place.longitude:.15g} and its parent",
    )


def measure(one: Location, another: Location) -> float:
    """Measure the way between two places along the earth's surface, in kilometres (haversine formula)."""
    north, east = radians(another.latitude - one.latitude), radians(another.longitude - one.longitude)
    square = sin(north / 2) ** 2 + (
        cos(radians(one.latitude)) * cos(radians(another.latitude)) * sin(east / 2) ** 2
    )
    return 2 * _EARTH_RADIUS * asin(min(1.0, sqrt(square)))
