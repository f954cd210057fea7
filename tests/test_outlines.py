"""What may be the outline of a place, and how it is simplified to what a screen shows."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import cos, dist, pi, sin
from random import Random
from typing import Any

import pytest
from each import for_each
from examples import example_count
from hypothesis import given, settings
from hypothesis import strategies as st

from nkplan.outlines import (
    DECIMALS,
    MOST_POINTS,
    STEPS,
    Point,
    Polygon,
    _find_furthest,
    measure,
    read_geometry,
    simplify_outlines,
)

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


NOT_DEGREES = "is not longitude and latitude in degrees; convert it to WGS 84 (EPSG:4326)"


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [*rings]}


def several(*polygons: Any) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": [*polygons]}


@for_each(
    ("geometry", "sentence"),
    [
        ("x", "it is no object; write a Polygon or MultiPolygon of GeoJSON"),
        (
            {"type": "Point", "coordinates": [1, 2]},
            "it is a 'Point'; only a Polygon or a MultiPolygon is an outline",
        ),
        ({"coordinates": [SQUARE]}, "it is of no type; only a Polygon or a MultiPolygon is an outline"),
        ({"type": "Polygon"}, "the Polygon has no coordinates; write its rings"),
        (polygon(), "the Polygon has no coordinates; write its rings"),
        (several([]), "polygon 1 has no ring; write a list of rings"),
        (several([SQUARE], 3), "polygon 2 has no ring; write a list of rings"),
        (polygon(3), "ring 1 is no list of points; write each as [longitude, latitude]"),
        (polygon([[1]]), "ring 1, point 1 is not two numbers; write [longitude, latitude]"),
        (polygon([[1, 2, 3]]), "ring 1, point 1 is not two numbers; write [longitude, latitude]"),
        (polygon([[True, 2]]), "ring 1, point 1 is not two numbers; write [longitude, latitude]"),
        (polygon([SQUARE]), "ring 1, point 1 is not two numbers; write [longitude, latitude]"),
        (polygon([[float("nan"), 2]]), "ring 1, point 1 is not two numbers; write [longitude, latitude]"),
        (
            several([SQUARE], [SQUARE, [[0, 0], [200000.5, 4000000]]]),
            f"polygon 2, ring 2, point 2, [200000.5, 4000000], {NOT_DEGREES}",
        ),
        (polygon(SQUARE[:2]), "ring 1 has 2 points; a ring has at least four, the last one as the first"),
        (polygon(SQUARE[:-1]), "ring 1 is not closed; repeat its first point at its end"),
        (
            polygon([*2 * [[0, 0], [1, 1]], [0, 0]]),
            "ring 1 has fewer than three different points; leave it out",
        ),
        (polygon(SQUARE) | {"crs": 1}, "'crs' is no part of it; write type and coordinates alone"),
        (
            polygon(MOST_POINTS * SQUARE),
            "it has 100000 points and may have 20000; load it as GeoJSON, which is simplified",
        ),
    ],
)
def test_what_is_no_outline_is_refused_in_one_sentence(geometry: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        read_geometry(geometry)


def test_equal_outlines_are_stored_alike() -> None:
    text = '{"type":"Polygon","coordinates":[[[1,2],[3.5,2],[3,0],[1,2]]]}'
    ring: list[list[float]] = [[1.0, 2], [3.5, 2.0], [3, -0.0], [1, 2]]
    assert read_geometry(polygon(ring)) == read_geometry(several([ring])) == text
    assert read_geometry(json.loads(text)) == text


# ---- how they are simplified

Outlines = Sequence[Sequence[Polygon]]


def draw_line(start: Point, end: Point, random: Random) -> list[Point]:
    """Draw a winding line with many points between two."""
    number = random.randint(0, 30)
    shares = sorted(random.random() for _ in range(number))
    width = random.choice([0.003, 0.01, 0.2])
    return [
        start,
        *(
            (
                start[0] + share * (end[0] - start[0]) + random.uniform(-width, width),
                start[1] + share * (end[1] - start[1]) + random.uniform(-width, width),
            )
            for share in shares
        ),
        end,
    ]


def draw_map(random: Random) -> Outlines:
    """Draw regions that cover a country, each pair of neighbours with the same line between them."""
    columns, rows = random.randint(1, 3), random.randint(1, 2)
    corner = {
        (x, y): (120 + x + random.uniform(-0.3, 0.3), 38 + y + random.uniform(-0.3, 0.3))
        for x in range(columns + 1)
        for y in range(rows + 1)
    }
    across = {
        (x, y): draw_line(corner[x, y], corner[x + 1, y], random)
        for x in range(columns)
        for y in range(rows + 1)
    }
    up = {
        (x, y): draw_line(corner[x, y], corner[x, y + 1], random)
        for x in range(columns + 1)
        for y in range(rows)
    }
    outlines = []
    for x in range(columns):
        for y in range(rows):
            sides = (across[x, y], up[x + 1, y], across[x, y + 1][::-1], up[x, y][::-1])
            ring = [point for side in sides for point in side[:-1]]
            start = random.randrange(len(ring))
            ring = [*ring[start:], *ring[: start + 1]]
            outlines.append([[ring[::-1] if random.random() < 0.5 else ring]])
    return outlines


def list_rings(outlines: Outlines) -> Iterator[Sequence[Point]]:
    return (ring for outline in outlines for polygon in outline for ring in polygon)


def round_point(point: Point) -> Point:
    return round(point[0], DECIMALS), round(point[1], DECIMALS)


def count_borders(rings: Iterable[Sequence[Point]]) -> Counter[frozenset[Point]]:
    """Count how many rings have each line between two points."""
    lines = (pair for ring in rings for pair in pairwise(map(round_point, ring)))
    return Counter(frozenset(pair) for pair in lines if pair[0] != pair[1])


def find_distance(point: Point, ring: Sequence[Point]) -> float:
    """Return the distance of a point from a ring."""
    nearest = []
    for (ax, ay), (bx, by) in pairwise(ring):
        length = (bx - ax) ** 2 + (by - ay) ** 2
        share = ((point[0] - ax) * (bx - ax) + (point[1] - ay) * (by - ay)) / length
        share = min(1, max(0, share))
        nearest.append(dist(point, (ax + share * (bx - ax), ay + share * (by - ay))))
    return min(nearest)


@settings(max_examples=example_count(15), deadline=None)
@given(st.integers(0, 10**9))
def test_simplified_borders_stay_shared_and_where_they_were(seed: int) -> None:
    outlines = draw_map(Random(seed))  # noqa: S311
    simplified = simplify_outlines(outlines)
    before, after = count_borders(list_rings(outlines)), count_borders(list_rings(simplified))
    of_coast = {point for pair, number in before.items() if number == 1 for point in pair}
    for pair, number in after.items():
        assert number == 2 or pair <= of_coast
    tolerance = measure(outlines) / STEPS
    for ring, left in zip(list_rings(outlines), list_rings(simplified), strict=True):
        assert left[0] == left[-1]
        assert {*left} <= {*map(round_point, ring)}
        assert all(find_distance(point, left) <= tolerance + 10**-DECIMALS for point in ring)
    assert count_borders(list_rings(simplify_outlines(outlines[::-1]))) == after


def make_circle(x: float, y: float, radius: float, points: int = 100) -> list[Point]:
    circle = [
        (x + radius * cos(2 * pi * at / points), y + radius * sin(2 * pi * at / points))
        for at in range(points)
    ]
    return [*circle, circle[0]]


def test_small_islands_and_holes_vanish_but_no_place_does() -> None:
    """The land is 10 degrees wide, so a line moves by 0.01 at most."""
    land = [make_circle(5, 5, 5, 1000), make_circle(5, 5, 1), make_circle(3, 3, 0.004)]
    circle = make_circle(5, 5, 1)
    lake_city = [[*circle[60:0:-1], *circle[:59:-1]]]
    tiny = [make_circle(3, 3, 0.004)]
    atoll = [[make_circle(9.9, 9.9, 0.003)], [make_circle(9.8, 9.9, 0.002)]]
    mainland, city, village, islands = simplify_outlines(
        [[land, [make_circle(9.9, 0.1, 0.004)]], [lake_city], [tiny], atoll]
    )
    assert [len(polygon) for polygon in mainland] == [3]
    # The hole is the town within it, in as many points.
    assert {*mainland[0][1]} == {*city[0][0]}
    assert 20 < len(city[0][0]) < 100
    assert {*mainland[0][2]} == {*village[0][0]}
    assert len(village[0][0]) == len(islands[0][0]) == 4
    assert len(islands) == 1
    assert all(9.89 < x < 9.91 for x, _ in islands[0][0])


def test_what_is_smaller_than_the_rounding_is_a_triangle_and_no_outline_has_too_many_points(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nkplan.outlines.MOST_POINTS", 200)
    speck = make_circle(0, 0, 0.00001)
    random = Random(1)  # noqa: S311
    noise = [(random.uniform(-9, 9), random.uniform(-9, 9)) for _ in range(1000)]
    [[[triangle]], [[hedgehog]]] = simplify_outlines([[[speck]], [[[*noise, noise[0]]]]])
    assert len({*triangle}) == len(triangle) - 1 == 3
    assert {*triangle} <= {*speck}
    assert 3 < len(hedgehog) <= 200
    assert hedgehog[0] == hedgehog[-1]


@for_each(
    ("rings", "side"),
    [
        ([[(0, 0), (4, 0), (4, 2), (0, 0)]], 4),
        ([[(0, 0), (1, 0), (1, 2), (0, 0)], [(0, 5), (1, 5), (0, 6), (0, 5)]], 6),
        # On both sides of the date line, cut there as RFC 7946 wants it or not.
        ([[(178, 0), (180, 0), (180, 1), (178, 0)], [(-180, 0), (-179, 0), (-180, 1), (-180, 0)]], 3),
        ([[(178, 0), (-179, 0), (-179, 1), (178, 0)]], 3),
        ([[(-100, 0), (0, 0), (100, 0), (0, 9), (-100, 0)]], 200),
        ([[(-180, -80), (0, -80), (180, -80), (0, 80), (-180, -80)]], 360),
    ],
)
def test_the_larger_side_of_an_area_may_cross_the_date_line(rings: list[list[Point]], side: float) -> None:
    assert measure([[[ring] for ring in rings]]) == side


def test_the_work_of_simplifying_a_zigzag_grows_with_its_points_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each of its points is the furthest of all that are left."""
    looked_at = []

    def find(line: Sequence[Point], first: int, last: int) -> tuple[int, float]:
        looked_at.append(last - first)
        return _find_furthest(line, first, last)

    monkeypatch.setattr("nkplan.outlines._find_furthest", find)
    number = 3000
    zigzag = [(4 * at / number, (-1) ** at * at / number) for at in range(number)]
    simplify_outlines([[[[*zigzag, zigzag[0]]]]])
    assert sum(looked_at) < 150 * number


def test_of_no_outlines_nothing_is_left() -> None:
    assert simplify_outlines([]) == []
