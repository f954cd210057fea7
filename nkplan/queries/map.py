"""The sites, the places that they are in, and the outlines that are drawn around them."""

from nkplan.layout.geography import Ring
from nkplan.model.question import Question
from nkplan.model.vocabulary import Status
from nkplan.outlines import load_geometry, read_polygons
from nkplan.queries.reader import Reader
from nkplan.reports.map import Facts, Outline, Place, Site


def fetch(reader: Reader, question: Question) -> Facts:
    """Return the sites that match, all places, and the outlines to draw.

    Places and outlines are the present ones, whatever the day.
    """
    sites = [
        Site(
            row["id"], row["name"], row["place"], row["place_name"], row["region"], row["region_name"],
            _read(row["status"]), _read(row["claimed"]), _read(row["verified"]), row["started"] == 1,
        )
        for row in reader.fetch("map.list_sites_to_draw", question.filters)
    ]  # fmt: skip
    if not sites:
        return Facts()
    places = {
        row["id"]: Place(
            row["id"], row["name"], row["local_name"], row["parent"], row["region"],
            row["latitude"], row["longitude"],
        )
        for row in reader.fetch("map.list_places_to_draw")
    }  # fmt: skip
    outlines = [
        Outline(row["place"], read_rings(row["geometry"]), row["credit"])
        for row in reader.fetch("map.list_outlines_to_draw")
    ]
    regions = None if question.filters.regions is None else frozenset(question.filters.regions)
    return Facts(tuple(sites), places, tuple(one for one in outlines if one.rings), regions)


def _read(text: str | None) -> Status | None:
    return None if text is None else Status(text)


def read_rings(geometry: str) -> tuple[Ring, ...]:
    """Return the rings of an outline on record; none of what is no outline, which `nkplan check` finds."""
    try:
        polygons = read_polygons(load_geometry(geometry))
    except ValueError:
        return ()
    return tuple(tuple(ring) for polygon in polygons for ring in polygon)
