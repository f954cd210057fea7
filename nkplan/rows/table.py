"""Rows of the tables that hold the lists of a file."""

import json
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from nkplan.model.batch import Announcement, Figure, Place, Project, Publisher, SettingRow, Source, Update
from nkplan.model.outline import Outline, pack_geometry
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Bound, Confidence, Evidence, ProjectType, QuotaPeriod, Status
from nkplan.rows.state import Row

CLASSES: Mapping[str, type[Any]] = {
    "settings": SettingRow,
    "publishers": Publisher,
    "places": Place,
    "outlines": Outline,
    "sources": Source,
    "announcements": Announcement,
    "projects": Project,
    "quotas": Quota,
    "updates": Update,
}
"""The class of the rows of each table. Kinds are plain texts."""


def _read_figures(written: str) -> tuple[Figure, ...]:
    return tuple(
        Figure(**(figure | {"value": float(figure["value"])})) for figure in json.loads(written or "[]")
    )


def _read_pairs(written: str) -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, other in json.loads(written))


_READ: dict[str, Callable[[Any], Any]] = {
    "status": Status,
    "promised_status": Status,
    "evidence": Evidence,
    "confidence": Confidence,
    "bound": Bound,
    "per": QuotaPeriod,
    "beside": bool,
    "names": lambda written: tuple(json.loads(written)),
    "terms": lambda written: tuple(json.loads(written)),
    "context": lambda written: tuple(json.loads(written)),
    "figures": _read_figures,
    "tags": lambda written: tuple(json.loads(written)),
    "identifiers": _read_pairs,
    "organisations": _read_pairs,
}
"""How to convert a column's value, by the name of its field; those of other columns are kept."""


def make_row(table: str, row: Row) -> Any:
    """Convert the row of a table to its class; columns without a field in the class are left out.

    A query need not return the fields that have tables of their own.
    """
    if table == "kinds":
        return row["id"]
    class_ = CLASSES[table]
    given = {
        name: _READ[name](value) if name in _READ else value
        for name in COLUMNS[table]
        if (value := row[name]) is not None
    }
    given |= {name: _READ[name](row[name]) for name in _APART.intersection(class_._fields, row.keys())}
    if table == "places":
        own = {row["name"], row["full_name"], row["local_name"]}
        given["names"] = tuple(name for name in given["names"] if name not in own)
    elif table == "projects":
        given["type"] = ProjectType(row["type"])
    return class_(**given)


_APART = {"names", "terms", "context", "figures", "tags", "identifiers", "organisations"}
"""The fields of rows that have tables of their own."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kinds": ("id",),
    **{
        table: tuple(name for name in class_._fields if name not in _APART | {"origin"})
        for table, class_ in CLASSES.items()
    },
}
"""The columns of each table that are fields of its class; fields with tables of their own are left out."""

_READ_VALUES = {table: attrgetter(*COLUMNS[table]) for table in CLASSES}


def list_columns(table: str, row: Any) -> tuple[Any, ...]:
    """Return the values of a row in the columns of its table."""
    values: tuple[Any, ...] = (row,) if table == "kinds" else _READ_VALUES[table](row)
    return values


DATES: Mapping[str, tuple[str, ...]] = {
    "sources": ("published", "retrieved"),
    "announcements": ("announced",),
    "updates": ("event_date", "promised", "withdrawn"),
}
"""The columns of each table that hold dates, which have to be in the table `dates` too."""

FOLDED = ("kinds", "places", "sources", "announcements", "projects")
"""The tables whose ids people choose, with a column for the folded id."""


KEYS: Mapping[str, str] = {
    table: {"publishers": "domain", "outlines": "place"}.get(table, "id") for table in ("kinds", *CLASSES)
}
"""The column with the key of the rows of each table."""


def with_key(row: Any, key: str) -> Any:
    """Return a row with another key."""
    match row:
        case str():
            return key
        case Publisher():
            return row._replace(domain=key)
        case Outline():
            return row._replace(place=key)
    return row._replace(id=key)


PAIRS: Mapping[str, tuple[str, str]] = {"identifiers": ("scheme", "id"), "organisations": ("role", "name")}
"""The fields that hold pairs of texts, with the names that a file has for the two."""


def write_content(row: Any) -> str:
    """Return the whole row as JSON, in the fields of the file format."""
    if isinstance(row, str):
        return json.dumps(row, ensure_ascii=False)
    given = {name: value for name, value in row._asdict().items() if name != "origin"}
    if "figures" in given:
        given["figures"] = [figure._asdict() for figure in row.figures]
    if "geometry" in given:
        given["geometry"] = _read_geometry(given["geometry"])
    for name, keys in PAIRS.items():
        if name in given:
            given[name] = [dict(zip(keys, pair, strict=True)) for pair in given[name]]
    return json.dumps(_drop_absent(given), ensure_ascii=False)


def _read_geometry(written: str) -> Any:
    """Return the object that a geometry is; what another program has made of it stays a text."""
    try:
        geometry = json.loads(written)
        is_ours = pack_geometry(_drop_absent(geometry)) == written
    except (ValueError, RecursionError):
        return written
    return geometry if is_ours else written


def read_content(table: str, written: str) -> Any:
    """Return the row that `write_content` wrote. Raises ValueError, KeyError and TypeError if it is none."""
    content = json.loads(written)
    if table == "kinds":
        return content
    class_ = CLASSES[table]
    given = {name: content[name] for name in class_._fields if content.get(name) is not None}
    for name, value in given.items():
        if name in PAIRS:
            given[name] = tuple((pair[PAIRS[name][0]], pair[PAIRS[name][1]]) for pair in value)
        elif name == "figures":
            given[name] = tuple(Figure(**(figure | {"value": float(figure["value"])})) for figure in value)
        elif name in _APART:
            given[name] = tuple(value)
        elif name == "geometry":
            given[name] = value if isinstance(value, str) else pack_geometry(value)
        elif name in _READ:
            given[name] = _READ[name](value)
    if table == "projects":
        given["type"] = ProjectType(given["type"])
    return class_(**given)


def _drop_absent(value: Any) -> Any:
    """Leave out absent values at every depth, as a file does."""
    match value:
        case dict():
            return {name: _drop_absent(part) for name, part in value.items() if part not in (None, (), [])}
        case list() | tuple():
            return [_drop_absent(part) for part in value]
    return value
