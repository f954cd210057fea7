"""What may be the outline of a place, and how it is simplified to what a screen shows."""

import json
import re
from typing import Any

import pytest
from each import for_each

from nkplan.outlines import MOST_POINTS, read_geometry

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
            "it is a Point; only a Polygon or a MultiPolygon is an outline",
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
