"""GeoJSON (RFC 7946): outlines of places, to load.

| GeoJSON | a row of `outlines` |
|---|---|
| a Feature, alone or of a FeatureCollection | a row |
| property place, iso, iso_3166_2, shapeISO or id, or the feature's id | place, by its id |
| property name, name_en and the like, local_name, full_name, hangul, shapeName | place, by any spelling |
| property NAME_1, ADM1_EN and the like, of the lowest level; CTYUA24NM | place, by any spelling |
| geometry: Polygon or MultiPolygon | geometry, simplified with the others to what a screen shows |
| credit, attribution, licence or license of the collection, if a text | credit |

Lost: heights, other members and properties, and points that a screen does not show. Other types of geometry
are faults, and so is another system of coordinates.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from nkplan.formats.fields import DECODER, name_type, read_json_text
from nkplan.model.batch import Batch
from nkplan.model.faults import NOWHERE, Fault, Faults, Origin
from nkplan.model.outline import Outline, write_geometry
from nkplan.outlines import NotDegrees, Polygon, count_points, read_polygons, simplify_outlines
from nkplan.text import list_words, quote

_TYPES = ("FeatureCollection", "Feature")
_TOPOLOGY = "Topology"
_HEAD = 1 << 16
_CODES = ("iso", "iso31662", "shapeiso")
"""The properties with a code of ISO 3166-2, in small letters without signs."""
_IDS = ("place", *_CODES, "id")
"""The properties with the id of a place: `place` has to be one, and so has a code where there are codes."""
_NAME = re.compile(r"name([:_-][a-z]{2,3})?|local_?name|full_?name|hangul|shapename", re.IGNORECASE)
_LEVEL = re.compile(r"(?:name_?|adm)([0-5])(?:_?(?:[a-z]{2}|name))?", re.IGNORECASE)
"""A property with the name of a level: NAME_1 of GADM, ADM1_EN of the United Nations' OCHA."""
_OFFICE = re.compile(r"[a-z]{3,7}[0-9]{2}nm", re.IGNORECASE)
"""A property with a name and its year, as Britain's Office for National Statistics calls it: CTYUA24NM."""
_CREDITS = ("credit", "attribution", "licence", "license")
_CONVERT = "as with ogr2ogr -t_srs EPSG:4326 NEW.geojson OLD.geojson"


class FindPlaces(NamedTuple):
    """How to find the places on record: the one with an id, and those with a name in any spelling.

    `has_codes` says whether regions have codes of ISO 3166-2 as ids. If so, a feature with another code is of
    another country, whatever its name.
    """

    by_id: Callable[[str], str | None]
    by_name: Callable[[str], Sequence[str]]
    has_codes: bool = True


def is_code(id_: str) -> bool:
    """Return whether an id is a code of ISO 3166-2, such as KP-07."""
    return re.fullmatch("[A-Z]{2}-[A-Z0-9]{1,3}", id_) is not None


def is_geojson(head: bytes) -> bool:
    """Return whether a file with this beginning is GeoJSON, or TopoJSON, and not of nkplan's own format."""
    head = head[:_HEAD]
    types = rb'"type"\s*:\s*"(Feature|FeatureCollection|Topology)"'
    return b'"format"' not in head and re.search(types, head) is not None


def read_file(content: bytes, find: FindPlaces, credit: str | None = None) -> Batch:
    """Read a file; its faults are in the `faults` of the batch.

    `credit` is whom to name for the outlines, in place of what the file says.
    """
    faults = Faults()
    found: list[tuple[str, Origin, Sequence[Polygon]]] = []
    try:
        whole = DECODER.decode(content.decode("utf-8-sig"))
        features = _list_features(whole)
        if credit is None:
            credit = _read_credit(whole)
        for number, feature in enumerate(features):
            origin = Origin(f"features[{number}]{_name_feature(feature)}", number + 1)
            try:
                found.append((_find_place(feature, find), origin, _read_geometry(feature)))
            except NotDegrees as error:
                # All of the file is so; one sentence says it.
                faults.add(Fault(f"{error}, {_CONVERT}", "geometry", origin=origin))
                break
            except _Wrong as error:
                faults.add(error.fault._replace(origin=origin))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        faults.add(Fault("it is not UTF-8 text; save the file as UTF-8", origin=Origin(f"line {line}", line)))
    except json.JSONDecodeError as error:
        where = Origin(f"line {error.lineno}, column {error.colno}", error.lineno)
        faults.add(Fault(f"it is not JSON: {error.msg[:1].lower()}{error.msg[1:]}", origin=where))
    except RecursionError:
        faults.add(Fault("it is nested too deeply to be GeoJSON"))
    except _Wrong as error:
        faults.add(error.fault)
    if faults.number:
        return Batch(faults=faults.list_first(), more_faults=faults.count_rest())
    given = [polygons for _, _, polygons in found]
    simplified = simplify_outlines(given)
    return Batch(
        outlines=tuple(
            Outline(place, write_geometry(polygons), credit, origin)
            for (place, origin, _), polygons in zip(found, simplified, strict=True)
        ),
        remark=f"{count_points(simplified)} of {count_points(given)} points kept" if found else None,
    )


class _Wrong(ValueError):
    """What is wrong with a file or a feature."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.fault = Fault(message, field, origin=NOWHERE)


def _list_features(whole: Any) -> Sequence[Any]:
    """List the features of a file, once it is one that can be read."""
    if not isinstance(whole, dict):
        raise _Wrong(f"it is {name_type(whole)}; write a FeatureCollection of GeoJSON")
    if (kind := whole.get("type")) not in _TYPES:
        given = f"a {quote(kind, 40)}" if isinstance(kind, str) else "of no type"
        if kind == _TOPOLOGY:
            raise _Wrong(f"it is TopoJSON; convert it, {_CONVERT}", "type")
        raise _Wrong(f"it is {given}; write a FeatureCollection of GeoJSON", "type")
    _check_system(whole.get("crs"))
    features = [whole] if kind == "Feature" else whole.get("features")
    if not isinstance(features, list):
        raise _Wrong("there is no list of them; write one in brackets", "features")
    return features


def _check_system(crs: Any) -> None:
    """Refuse a system of coordinates other than WGS 84, which older files name in a member `crs`."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not re.search(r"CRS:?84$|EPSG:(:|[0-9.]+:)?4326$", name.strip()):
        given = quote(name) if isinstance(name, str) else "not named"
        raise _Wrong(f"it is {given}, and only WGS 84 can be read; convert it, {_CONVERT}", "crs")


def _read_credit(whole: Mapping[str, Any]) -> str | None:
    for name in _CREDITS:
        if isinstance(text := whole.get(name), str) and text.strip():
            try:
                return str(read_json_text(text))
            except ValueError as error:
                raise _Wrong(str(error), name) from None
    return None


def _find_place(feature: Any, find: FindPlaces) -> str:
    """Find the place that a feature names."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _Wrong('it is no feature; write an object with "type": "Feature"')
    properties = [*_list_texts(feature)]
    by_key = {re.sub("[^a-z0-9]", "", key.casefold()): (key, text) for key, text in properties}
    for name in _IDS:
        key, text = by_key.get(name, ("", ""))
        if text and (place := find.by_id(text)):
            return place
        if text and (name == "place" or (name in _CODES and find.has_codes)):
            raise _Wrong(f"there is no place {quote(text)}; write the id of one on record", key)
    if isinstance(id_ := feature.get("id"), str) and (place := find.by_id(id_)):
        return place
    names = _list_names(properties)
    meant = {text: {*places} for _, text in names if (places := find.by_name(text))}
    advice = 'add a property "place" with its id (nkplan list places), or leave the feature out'
    if not names:
        raise _Wrong(f"it does not say of which place it is; {advice}")
    if not meant:
        raise _Wrong(f"no place is called {list_words(quote(text) for _, text in names[:3])}; {advice}")
    if len(both := set.intersection(*meant.values())) != 1:
        every = sorted(both or set.union(*meant.values()))
        raise _Wrong(f"{list_words(map(quote, meant))} can be any of {list_words(every, 5)}; {advice}")
    return both.pop()


def _list_names(properties: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """List the properties that name the place of a feature.

    Of levels the lowest is its own: the others are of the places around it.
    """
    levels = [(found[1], one) for one in properties if (found := _LEVEL.fullmatch(one[0]))]
    lowest = max((level for level, _ in levels), default="")
    return [
        *(one for one in properties if _NAME.fullmatch(one[0]) or _OFFICE.fullmatch(one[0])),
        *(one for level, one in levels if level == lowest),
    ]


def _list_texts(feature: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """List the properties of a feature that are texts."""
    properties = feature.get("properties")
    for key, value in (properties if isinstance(properties, dict) else {}).items():
        if isinstance(value, str) and (text := value.strip()):
            yield key, text


def _name_feature(feature: Any) -> str:
    """Return a name of a feature for messages, after a space and in brackets."""
    texts = dict(_list_texts(feature)) if isinstance(feature, dict) else {}
    named = _list_names([*texts.items()])
    name = named[0][1] if named else next(iter(texts.values()), "")
    return f" ({quote(name, 40)})" if name else ""


def _read_geometry(feature: Mapping[str, Any]) -> Sequence[Polygon]:
    geometry = feature.get("geometry")
    if geometry is None:
        raise _Wrong("it has none; leave the feature out", "geometry")
    try:
        return read_polygons(geometry, any_dimension=True)
    except NotDegrees:
        raise
    except ValueError as error:
        raise _Wrong(str(error), "geometry") from None
