"""The outline of a place, as a map draws it."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from nkplan.model.faults import NOWHERE, Origin


class Outline(NamedTuple):
    """The outline of a place, which has one at most; `credit` is whom to name where it is shown.

    `geometry` is a Polygon or MultiPolygon of GeoJSON as `write_geometry` writes it: in degrees of WGS 84,
    longitude before latitude.
    """

    place: str
    geometry: str
    credit: str | None = None
    origin: Origin = NOWHERE


def write_geometry(polygons: Sequence[Any]) -> str:
    """Write polygons, each a list of rings, as GeoJSON; equal ones get equal texts."""
    kind, coordinates = ("MultiPolygon", polygons) if len(polygons) != 1 else ("Polygon", polygons[0])
    return pack_geometry({"type": kind, "coordinates": coordinates})


def pack_geometry(geometry: Mapping[str, Any]) -> str:
    """Write a geometry as it is stored, without spaces."""
    return json.dumps(geometry, separators=(",", ":"))


def describe_geometry(geometry: str) -> str:
    """Say what a geometry is, as in `Polygon of 94 points`."""
    kind = "MultiPolygon" if '"MultiPolygon"' in geometry else "Polygon"
    return f"{kind} of {len(_POINT.findall(geometry))} points"


_POINT = re.compile(r"\[-?[0-9]")


def tell_apart(one: str, other: str) -> tuple[str, str]:
    """Say what two different geometries are, so that the difference shows; an empty text stays so."""
    first, second = (describe_geometry(geometry) if geometry else "" for geometry in (one, other))
    return first, f"another {second}" if first == second else second
