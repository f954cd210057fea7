"""The checks that no query can decide, and the layout of all findings."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import asin, atan2, cos, degrees, hypot, radians, sin, sqrt
from typing import NamedTuple

from nkplan.layout.grid import Column, Grid
from nkplan.links import find_page, normalize_link
from nkplan.model.batch import Project
from nkplan.model.finding import Check, Finding
from nkplan.model.promise import Programme
from nkplan.reports.missing import NamedCounts
from nkplan.reports.promised import number_cohort_years
from nkplan.text import fold, fold_id, write_number
from nkplan.words import write_words

_EARTH_RADIUS = 6371.0  # kilometres
_MOST_SHOWN = 5
"""Of a longer circle the first rows are named."""

_FEWEST_OTHERS = 4
"""With fewer other places, the usual distances within a region are unknown."""

_NEARLY_HALF = 0.499999
"""Half, less what computing distances can be wrong by."""


class Location(NamedTuple):
    """The coordinates of a place, in degrees, and the region that it belongs to."""

    id: str
    name: str
    region: str
    latitude: float
    longitude: float


class Spelling(NamedTuple):
    """A spelling of a place's name, with its stored lookup key; None if it has none."""

    place: str
    name: str
    folded: str | None


class StoredKeys(NamedTuple):
    """An id with its stored lookup key, and for a source its link with the key of the page."""

    list: str
    id: str
    folded: str
    link: str | None
    page: str | None

    @property
    def right_page(self) -> str | None:
        """The key that the page has to have."""
        return find_page(self.link)


class Circling(NamedTuple):
    """A place or a project whose parents do not lead to one without a parent.

    A cohort may have been of the `programme`.
    """

    list: str
    id: str
    parent: str
    type: str | None
    programme: str | None

    @property
    def loss(self) -> int:
        """How much is lost with the link to its parent; none of a circle of projects is a programme."""
        if self.type == "cohort":
            return 1 if self.programme else 3
        return 2


class Circle(NamedTuple):
    """Places or projects each of which is within the next, and the last within the first.

    It can be opened at the first, which gets another parent, or none, unless all of them are cohorts: a
    cohort needs a programme.
    """

    members: tuple[Circling, ...]

    @property
    def parent(self) -> str | None:
        """The parent that the first is to have."""
        return self.members[0].programme

    @property
    def can_be_opened(self) -> bool:
        return self.members[0].type != "cohort" or self.parent is not None


def list_circles(rows: Iterable[Circling]) -> Iterator[Circle]:
    """List the circles among rows that are in the order in which they were recorded.

    A circle begins with the row whose parent costs the least to lose; of several, with the one recorded
    first: nothing can be recorded within what is recorded later.
    """
    there = {(one.list, one.id): (number, one) for number, one in enumerate(rows)}
    seen: set[tuple[str, str]] = set()
    for _, start in there.values():
        path: dict[tuple[str, str], None] = {}
        key = (start.list, start.id)
        while key in there and key not in seen:
            seen.add(key)
            path[key] = None
            key = (key[0], there[key][1].parent)
        if key in path:
            keys = list(path)
            members = [there[one] for one in keys[keys.index(key) :]]
            first = min(range(len(members)), key=lambda at: (members[at][1].loss, members[at][0]))
            yield Circle(tuple(one for _, one in (*members[first:], *members[:first])))


class Within(NamedTuple):
    """The number of a project that is part of that of another, `within`; `id` is that of the quota."""

    id: str
    project: str
    within: str


def list_number_circles(rows: Sequence[Within]) -> Iterator[tuple[Within, ...]]:
    """List the circles of numbers each of which is part of the next, and the last of the first.

    The rows are in the order in which they were recorded. Each circle begins with the one recorded first, and
    is listed as if the circles before it had been opened there.
    """
    left = _leave_out_ends(rows)
    while left:
        # Whichever of these is followed, there is another: the way never ends.
        first = {one.project: one for one in reversed(left)}
        way: dict[str, Within] = {}
        project = left[0].project
        while project not in way:
            way[project] = first[project]
            project = first[project].within
        circle = list(way.values())[list(way).index(project) :]
        start = min(range(len(circle)), key=lambda at: left.index(circle[at]))
        yield (*circle[start:], *circle[:start])
        left = _leave_out_ends([one for one in left if one != circle[start]])


def _leave_out_ends(rows: Sequence[Within]) -> list[Within]:
    """Return the rows from which every way to a number that is part of no other leads through a circle."""
    inner: defaultdict[str, list[str]] = defaultdict(list)
    for one in rows:
        inner[one.within].append(one.project)
    number = Counter(one.project for one in rows)
    ends = [project for project in inner if not number[project]]
    while ends:
        for project in inner[ends.pop()]:
            number[project] -= 1
            if not number[project]:
                ends.append(project)
    return [one for one in rows if number[one.within]]


def find_number_circles(circles: Iterable[tuple[Within, ...]]) -> Iterator[Finding]:
    """Say of each circle of numbers which of them a repair takes out."""
    for circle in circles:
        first = circle[0]
        ids = [one.project for one in circle]
        what = f"nkplan check --repair takes {first.project}'s number out of that of {first.within}"
        yield Finding(
            Check.CIRCLE,
            first.project,
            tuple(ids[1:]),
            f"its number is part of itself ({_write_way(ids)}); {what}",
        )


def _write_way(ids: Sequence[str]) -> str:
    shown = ids if len(ids) <= _MOST_SHOWN else [*ids[: _MOST_SHOWN - 1], "..."]
    return " within ".join([*shown, ids[0]])


def find_circles(circles: Iterable[Circle]) -> Iterator[Finding]:
    """Say of each circle which link a repair cuts."""
    for circle in circles:
        first = circle.members[0]
        ids = [one.id for one in circle.members]
        if not circle.can_be_opened:
            what = "give one of these cohorts its programme, or restore a backup with nkplan restore"
        elif circle.parent is not None:
            what = f"nkplan check --repair puts {first.id} in {circle.parent}, which its id is made of"
        else:
            what = f"nkplan check --repair takes {first.id} out of {first.parent}; then check what it is in"
        yield Finding(
            Check.CIRCLE, first.id, tuple(ids[1:]), f"it is within itself ({_write_way(ids)}); {what}"
        )


def find_stale_keys(keys: Iterable[StoredKeys]) -> Iterator[Finding]:
    """Find the ids and links whose stored lookup keys differ from what they are looked up by."""
    for one in keys:
        if one.folded != (wanted := fold_id(one.id)):
            what = f"its id is looked up as {one.folded!r} instead of {wanted!r}; run nkplan check --repair"
            yield Finding(Check.STALE_KEYS, one.id, (), what)
        if one.page != one.right_page:
            looked_up = "nothing" if one.page is None else repr(one.page)
            right = "nothing" if one.right_page is None else repr(one.right_page)
            what = f"its link is looked up as {looked_up} instead of {right}; run nkplan check --repair"
            yield Finding(Check.STALE_KEYS, one.id, (), what)


def find_wrong_links(links: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Find the links, each after the id of its source, that an earlier source has too, or that cannot exist.

    Files with such links cannot be loaded; a database of an earlier version can have them.
    """
    first: dict[str, str] = {}
    for id_, link in links:
        try:
            normalize_link(link)
        except ValueError as error:
            yield Finding(Check.WRONG_LINK, id_, (), f"{error}; record the source again with the right one")
        if (other := first.setdefault(link, id_)) != id_:
            what = f"{link} is the link of {other} too; keep one of the two sources"
            yield Finding(Check.WRONG_LINK, id_, (other,), what)


def find_stale_names(spellings: Iterable[Spelling]) -> Iterator[Finding]:
    """Find the spellings whose stored lookup key differs from what they fold to."""
    for one in spellings:
        if one.folded != (wanted := fold(one.name)):
            looked_up = "nothing" if one.folded is None else repr(one.folded)
            yield Finding(
                Check.STALE_NAMES,
                one.place,
                (),
                f"its name {one.name} is looked up as {looked_up} instead of {wanted!r}; "
                "run nkplan check --repair",
            )


class StoredText(NamedTuple):
    """A text that a search reads, with its words as they are indexed; `project` is that of an update."""

    list: str
    id: str
    title: str | None
    text: str | None
    names: str | None
    title_words: str | None
    text_words: str | None
    project: str | None


def find_stale_words(texts: Iterable[StoredText]) -> Iterator[Finding]:
    """Find the texts whose indexed words are not theirs."""
    for one in texts:
        if (one.title_words, one.text_words) != (write_words(one.title, one.names), write_words(one.text)):
            yield Finding(
                Check.STALE_SEARCH,
                one.project or one.id,
                (one.id,) if one.project else (),
                f"the indexed words of this {one.list} are missing or out of date; run nkplan check --repair",
            )


def compare_quotas(
    programmes: Iterable[Programme], cohorts: Iterable[Project], named_of: NamedCounts
) -> Iterator[Finding]:
    """Find the years with a cohort in which fewer or more sites of a kind are named than were promised.

    The number promised is that of the progress report. A year without a cohort has not begun, so nothing is
    missing in it. The finding quotes the cohort's note, which may explain the difference.
    """
    cohort_of = {(cohort.parent, cohort.year): cohort for cohort in cohorts}
    for programme in programmes:
        for (kind, year), number in number_cohort_years(programme).items():
            named = named_of.get((programme.id, kind, year), 0)
            if named == number.quantity:
                continue
            cohort = cohort_of[programme.id, year]
            look = "look for sites to add" if named < number.quantity else "look for sites recorded twice"
            yield Finding(
                Check.QUOTA_DIFFERS,
                cohort.id,
                tuple(one for one in (programme.id, number.announcement) if one),
                f"{number.quantity} of kind {kind} are promised for {year}, but {named} named; {look}, or "
                "for a quota that was announced later"
                + (f"; its note: {cohort.note}" if cohort.note else ""),
            )


def find_far_places(locations: Iterable[Location]) -> Iterator[Finding]:
    """Find places farther from every other place of their region than any two of those are from each other.

    This scales with the size of each region and tolerates islands and exclaves. It misses a point that is
    misplaced by less, one in a region with few places, and two misplaced points in one region.
    """
    by_region: defaultdict[str, list[Location]] = defaultdict(list)
    for one in locations:
        by_region[one.region].append(one)
    for places in by_region.values():
        if len(places) <= _FEWEST_OTHERS:
            continue
        # Such a place is the farthest from every other, so it is the first place or the one farthest from it.
        for far in {places[0], max(places, key=lambda one: measure_distance(places[0], one))}:
            yield from _judge_far(far, [one for one in places if one is not far])


def _judge_far(place: Location, others: Sequence[Location]) -> Iterator[Finding]:
    nearest = min(others, key=lambda one: measure_distance(place, one))
    distance = measure_distance(place, nearest)
    if _are_any_apart(others, distance):
        return
    yield Finding(
        Check.FAR_AWAY,
        place.id,
        (nearest.id, place.region),
        f"it is about {distance:.0f} km from {nearest.name}, the nearest place of its region, and no two of"
        f" the {len(others)} others are as far apart; check its latitude {write_number(place.latitude)}, its"
        f" longitude {write_number(place.longitude)} and its parent",
    )


def _are_any_apart(places: Sequence[Location], distance: float) -> bool:
    """Return whether any two places are at least so many kilometres apart.

    One of two that are is at least half of that from the middle of all: only those few are compared with all.
    """
    middle = _find_middle(places)
    outer = [one for one in places if measure_distance(middle, one) >= distance * _NEARLY_HALF]
    return any(measure_distance(one, another) >= distance for one in outer for another in places)


def _find_middle(places: Sequence[Location]) -> Location:
    """Return the point of the earth's surface under the mean of the places as points in space."""
    x = sum(cos(radians(one.latitude)) * cos(radians(one.longitude)) for one in places)
    y = sum(cos(radians(one.latitude)) * sin(radians(one.longitude)) for one in places)
    z = sum(sin(radians(one.latitude)) for one in places)
    return Location("", "", "", degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x)))


def measure_distance(one: Location, another: Location) -> float:
    """Measure the distance between two places on the earth's surface, in kilometres (haversine formula)."""
    north, east = radians(another.latitude - one.latitude), radians(another.longitude - one.longitude)
    square = sin(north / 2) ** 2 + (
        cos(radians(one.latitude)) * cos(radians(another.latitude)) * sin(east / 2) ** 2
    )
    return 2 * _EARTH_RADIUS * asin(min(1.0, sqrt(square)))


_COLUMNS = (
    Column("check", "Check"),
    Column("id", "ID"),
    Column("others", "Other IDs"),
    Column("what", "What"),
)


def make_findings(findings: Iterable[Finding]) -> Grid:
    """Make the grid of findings; the other ids share one cell, separated by spaces."""
    return Grid(_COLUMNS, ((one.check, one.id, " ".join(one.others), one.what) for one in findings))
