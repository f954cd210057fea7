"""Outlines of places: what may be one, and how many of its points a screen shows.

Outlines of neighbours are simplified together, so that a border which two of them share stays shared. Each
ring is cut at the points where rings meet or part; an arc between two of these is simplified once, always in
the same direction, by the algorithm of Douglas and Peucker. What is left of a line are some of its points,
and none of the others is further from the simplified line than the tolerance. A line may come to cross itself
or another where they were closer than that.
"""

import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from nkplan.model.outline import write_geometry
from nkplan.text import quote, shorten, write_number

Point = tuple[float, float]
Line = Sequence[Point]
Polygon = Sequence[Line]
"""Rings, each of which ends where it began: the edge, then the holes."""

MOST_POINTS = 20_000
"""The most points that an outline on record may have, many times what a screen shows."""

STEPS = 1000
"""How many times the tolerance fits into the larger side of the area; a screen has half as many dots."""

_AT_ONCE = 128
"""How many points of a line are simplified at once."""

DECIMALS = 4
"""To how many decimals of a degree coordinates are rounded: about 11 metres."""


_LARGEST = sys.float_info.max


class NotDegrees(ValueError):
    """Coordinates that are not longitude and latitude in degrees."""


# ---- what may be an outline


def read_geometry(value: Any) -> str:
    """Read the geometry of an outline on record, and return it as it is stored. Raises ValueError."""
    polygons = read_polygons(value)
    if extra := value.keys() - {"type", "coordinates"}:
        raise ValueError(f"{quote(min(extra))} is no part of it; write type and coordinates alone")
    number = count_points([polygons])
    if number > MOST_POINTS:
        raise ValueError(
            f"it has {number} points and may have {MOST_POINTS}; load it as GeoJSON, which is simplified"
        )
    return write_geometry(polygons)


def load_geometry(text: str) -> Any:
    """Load a geometry on record, which another program may have changed. Raises ValueError."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON that can be read") from None


def read_polygons(value: Any, *, any_dimension: bool = False) -> list[list[list[Point]]]:
    """Read a Polygon or MultiPolygon of GeoJSON, with `any_dimension` without heights. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError("it is no object; write a Polygon or MultiPolygon of GeoJSON")
    kind, coordinates = value.get("type"), value.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        given = f"a {quote(kind, 40)}" if isinstance(kind, str) else "of no type"
        raise ValueError(f"it is {given}; only a Polygon or a MultiPolygon is an outline")
    if not isinstance(coordinates, list) or not coordinates:
        raise ValueError(f"the {kind} has no coordinates; write its rings")
    if kind == "Polygon":
        return [_read_polygon(coordinates, "", any_dimension=any_dimension)]
    return [
        _read_polygon(polygon, f"polygon {number}, ", any_dimension=any_dimension)
        for number, polygon in enumerate(coordinates, 1)
    ]


def _read_polygon(rings: Any, where: str, *, any_dimension: bool) -> list[list[Point]]:
    if not isinstance(rings, list) or not rings:
        raise ValueError(f"{where or 'it '}has no ring; write a list of rings".replace(", has", " has"))
    return [
        _read_ring(ring, f"{where}ring {number}", any_dimension=any_dimension)
        for number, ring in enumerate(rings, 1)
    ]


def _read_ring(points: Any, where: str, *, any_dimension: bool) -> list[Point]:
    if not isinstance(points, list):
        raise ValueError(f"{where} is no list of points; write each as [longitude, latitude]")
    most = 4 if any_dimension else 2
    ring = []
    for number, point in enumerate(points, 1):
        if not isinstance(point, list) or not 2 <= len(point) <= most or not all(map(_is_number, point)):
            raise ValueError(f"{where}, point {number} is not two numbers; write [longitude, latitude]")
        longitude, latitude = point[:2]
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            given = f"[{_show(longitude)}, {_show(latitude)}]"
            raise NotDegrees(
                f"{where}, point {number}, {given}, is not longitude and latitude in degrees; convert it to"
                " WGS 84 (EPSG:4326)"
            )
        ring.append((_shorten(longitude), _shorten(latitude)))
    if len(ring) < 4:
        raise ValueError(
            f"{where} has {len(ring)} points; a ring has at least four, the last one as the first"
        )
    if ring[0] != ring[-1]:
        raise ValueError(f"{where} is not closed; repeat its first point at its end")
    if len({*ring}) < 3:
        raise ValueError(f"{where} has fewer than three different points; leave it out")
    return ring


def _is_number(value: Any) -> bool:
    # A whole number may be too large to be converted to another.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST


def _show(number: float) -> str:
    return shorten(write_number(float(number)), 30)


def _shorten(number: float) -> float:
    """Return a whole number without a point, so that equal numbers are written alike."""
    return int(number) if float(number).is_integer() else number


# ---- how much of it a screen shows


def simplify_outlines(outlines: Sequence[Sequence[Polygon]]) -> list[list[list[list[Point]]]]:
    """Simplify outlines, each a list of polygons, together, to what a screen shows of all of them.

    Coordinates are rounded. Islands and holes that would be points or lines are left out; but an outline
    keeps one ring at least. One that would have too many points for the record is simplified further, and
    the others with it.
    """
    rounded = [[[_round(ring) for ring in polygon] for polygon in outline] for outline in outlines]
    cuts = _find_cuts(ring for outline in rounded for polygon in outline for ring in polygon)
    tolerance = measure(outlines) / STEPS
    while True:
        simplified = _simplify_all(rounded, cuts, tolerance)
        most = max((count_points([outline]) for outline in simplified), default=0)
        if most <= MOST_POINTS:
            break
        # Four times as many points as may be are those of a line four times as close.
        tolerance *= 4 if most > 4 * MOST_POINTS else 2
    # What is smaller than the rounding is drawn as a triangle.
    return [
        left or [[_close(_find_corners(_find_largest(outline)))]]
        for outline, left in zip(outlines, simplified, strict=True)
    ]


def count_points(outlines: Iterable[Sequence[Polygon]]) -> int:
    """Count the points of outlines, the last of a ring too."""
    return sum(len(ring) for outline in outlines for polygon in outline for ring in polygon)


def measure(outlines: Iterable[Sequence[Polygon]]) -> float:
    """Return the larger side of the area that outlines cover, in degrees; it may cross the date line."""
    spans: list[tuple[float, float]] = []
    south, north = 90.0, -90.0
    for ring in (polygon[0] for outline in outlines for polygon in outline):
        longitudes = [longitude for longitude, _ in ring]
        west, east = min(longitudes), max(longitudes)
        # A line around more than half of the globe crosses the date line.
        if east - west > 180 and any(abs(one - other) > 180 for one, other in pairwise(longitudes)):
            around = [longitude % 360 for longitude in longitudes]
            west, east = min(around), max(around)
        start = west % 360
        spans.append((start, start + east - west))
        south = min(south, *(latitude for _, latitude in ring))
        north = max(north, *(latitude for _, latitude in ring))
    spans.sort()
    if not spans:
        return 0.0
    # What is covered is the whole circle but for the widest gap.
    widest, reached = 0.0, spans[0][1]
    for start, end in spans:
        widest = max(widest, start - reached)
        reached = max(reached, end)
    widest = max(widest, spans[0][0] + 360 - reached)
    return max(360 - widest, north - south)


def _round(ring: Line) -> list[Point]:
    """Round the points of a ring, and leave out each that is as the one before."""
    points = [(round(x, DECIMALS) + 0.0, round(y, DECIMALS) + 0.0) for x, y in ring]
    return [points[0], *(point for before, point in pairwise(points) if point != before)]


def _find_cuts(rings: Iterable[Line]) -> set[Point]:
    """Find the points that have other neighbours in one ring than in another, or have them twice."""
    neighbours: dict[Point, tuple[Point, Point]] = {}
    cuts: set[Point] = set()
    for ring in rings:
        before = ring[-2] if len(ring) > 1 else ring[0]
        for point, after in pairwise(ring):
            pair = (before, after) if before <= after else (after, before)
            if neighbours.setdefault(point, pair) != pair:
                cuts.add(point)
            before = point
    return cuts


def _simplify_all(
    outlines: Sequence[Sequence[Polygon]], cuts: set[Point], tolerance: float
) -> list[list[list[list[Point]]]]:
    """Simplify outlines that are rounded, and that are cut at some points; one that is a point gets empty."""
    arcs: dict[tuple[Point, ...], list[Point]] = {}
    simplified = [_simplify(outline, cuts, arcs, tolerance) for outline in outlines]
    lost = [outline for outline, left in zip(outlines, simplified, strict=True) if not left]
    if lost:
        # Each keeps three points of its largest ring, and so do those that share this.
        corners = {corner for outline in lost for corner in _find_corners(_find_largest(outline))}
        simplified = [_simplify(outline, cuts | corners, arcs, tolerance) for outline in outlines]
    return simplified


def _simplify(
    outline: Sequence[Polygon],
    cuts: set[Point],
    arcs: dict[tuple[Point, ...], list[Point]],
    tolerance: float,
) -> list[list[list[Point]]]:
    """Simplify the polygons of an outline; `arcs` has the arcs simplified so far."""
    polygons = []
    for edge, *holes in outline:
        rings = [_simplify_ring(ring, cuts, arcs, tolerance) for ring in (edge, *holes)]
        if rings[0]:
            polygons.append([[*map(_shorten_point, ring)] for ring in rings if ring])
    return polygons


def _shorten_point(point: Point) -> Point:
    return _shorten(point[0]), _shorten(point[1])


def _simplify_ring(
    ring: Line, cuts: set[Point], arcs: dict[tuple[Point, ...], list[Point]], tolerance: float
) -> list[Point]:
    """Simplify a ring arc by arc; it is empty if no area is left."""
    left: list[Point] = []
    for arc in _cut(ring, cuts):
        is_turned = (arc[-1], arc[-2]) < (arc[0], arc[1])
        key = tuple(reversed(arc)) if is_turned else tuple(arc)
        if key not in arcs:
            arcs[key] = _simplify_line(_thin(key, tolerance / 10), tolerance * 0.9)
        points = arcs[key]
        left += reversed(points[1:]) if is_turned else points[:-1]
    return [*left, left[0]] if len({*left}) > 2 else []


def _cut(ring: Line, cuts: set[Point]) -> Iterator[Line]:
    """Cut a ring into arcs, each from one cut to the next; without a cut it begins at its least point."""
    points = ring[:-1]
    start = next((at for at, point in enumerate(points) if point in cuts), None)
    if start is None:
        start = min(range(len(points)), key=points.__getitem__, default=0)
    around = [*points[start:], *points[: start + 1]]
    first = 0
    for at in range(1, len(around)):
        if around[at] in cuts or at == len(around) - 1:
            yield around[first : at + 1]
            first = at


def _thin(line: Line, distance: float) -> list[Point]:
    """Leave out the points that are closer than a distance to the last one kept; the ends stay."""
    kept = [line[0]]
    x, y = line[0]
    for point in line[1:-1]:
        if (
            abs(point[0] - x) > distance
            or abs(point[1] - y) > distance
            or math.dist(point, (x, y)) > distance
        ):
            kept.append(point)
            x, y = point
    return [*kept, line[-1]]


def _simplify_line(line: Sequence[Point], tolerance: float) -> list[Point]:
    """Simplify a line so that no point is further from it than the tolerance; the ends stay.

    So does a point now and then: of a zigzag, the work grows with the square of the points between them.
    """
    keeps = bytearray(len(line))
    ends = [*range(0, len(line) - 1, _AT_ONCE), len(line) - 1]
    for end in ends:
        keeps[end] = 1
    spans = list(pairwise(ends))
    while spans:
        first, last = spans.pop()
        at, distance = _find_furthest(line, first, last)
        if distance > tolerance * tolerance:
            keeps[at] = 1
            spans += [(first, at), (at, last)]
    return [point for point, keep in zip(line, keeps, strict=True) if keep]


def _find_furthest(line: Sequence[Point], first: int, last: int) -> tuple[int, float]:
    """Find the point between two others that is furthest from their line; return the squared distance too."""
    x, y = line[first]
    dx, dy = line[last][0] - x, line[last][1] - y
    length = dx * dx + dy * dy
    found, furthest = first, 0.0
    for at in range(first + 1, last):
        px, py = line[at][0] - x, line[at][1] - y
        if length:
            # The nearest point of a line that ends.
            share = (px * dx + py * dy) / length
            if share >= 1:
                px, py = px - dx, py - dy
            elif share > 0:
                px, py = px - share * dx, py - share * dy
        distance = px * px + py * py
        if distance > furthest:
            found, furthest = at, distance
    return found, furthest


def _close(points: Sequence[Point]) -> list[Point]:
    return [*map(_shorten_point, points), _shorten_point(points[0])]


def _find_largest(outline: Sequence[Polygon]) -> Line:
    """Return the edge of the largest polygon."""
    return max((polygon[0] for polygon in outline), key=_measure_area)


def _measure_area(ring: Line) -> float:
    """Return twice the area of a ring."""
    return abs(math.fsum(x * v - u * y for (x, y), (u, v) in pairwise(ring)))


def _find_corners(ring: Line) -> list[Point]:
    """Return three different points of a ring, those of a large triangle; fewer if it has fewer."""
    first = min(ring)
    second = max(ring, key=lambda point: math.dist(point, first))
    others = [point for point in ring if point not in {first, second}]
    if not others:
        return [first, second]
    dx, dy = second[0] - first[0], second[1] - first[1]
    third = max(others, key=lambda point: abs((point[0] - first[0]) * dy - (point[1] - first[1]) * dx))
    return [first, second, third]
