"""The sites, the places that they are in, and the outlines that are drawn around them."""

from collections.abc import Mapping

from nkplan.layout.geography import Ring
from nkplan.model.question import Question
from nkplan.model.vocabulary import Status
from nkplan.outlines import load_geometry, read_polygons
from nkplan.queries.reader import Reader
from nkplan.reports.map import Facts, MapOutline, MapPlace, MapSite

Ground = tuple[Mapping[str, MapPlace], tuple[MapOutline, ...]]
"""All places by id, and the outlines to draw."""


def fetch(reader: Reader, question: Question, ground: Ground | None = None) -> Facts:
    """Return the sites that match, all places, and the outlines to draw, which can have been read before.

    Places and outlines are the present ones, whatever the day.
    """
    sites = [
        MapSite(
            row["id"], row["name"], row["place"], row["place_name"], row["region"], row["region_name"],
            _read(row["status"]), _read(row["claimed"]), _read(row["verified"]), row["started"] == 1,
        )
        for row in reader.fetch("map.list_sites_to_draw", question.filters)
    ]  # fmt: skip
    if not sites:
        return Facts()
    places, outlines = ground or read_ground(reader)
    regions = None if question.filters.regions is None else frozenset(question.filters.regions)
    return Facts(tuple(sites), places, outlines, regions)


def read_ground(reader: Reader) -> Ground:
    """Return what every map has, whatever its sites: all places, and the outlines to draw."""
    places = {
        row["id"]: MapPlace(
            row["id"], row["name"], row["local_name"], row["parent"], row["region"],
            row["latitude"], row["longitude"],
        )
        for row in reader.fetch("map.list_places_to_draw")
    }  # fmt: skip
    outlines = [
        MapOutline(row["place"], read_rings(row["geometry"]), row["credit"])
        for row in reader.fetch("map.list_outlines_to_draw")
    ]
    return places, tuple(one for one in outlines if one.rings)


def _read(text: str | None) -> Status | None:
    return None if text is None else Status(text)


def read_rings(geometry: str) -> tuple[Ring, ...]:
    """Return the rings of an outline on record; none of what is no outline, which `nkplan check` finds."""
    try:
        polygons = read_polygons(load_geometry(geometry))
    except ValueError:
        return ()
    return tuple(tuple(ring) for polygon in polygons for ring in polygon)
