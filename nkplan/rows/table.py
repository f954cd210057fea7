"""Rows of the tables that hold the lists of a file."""

import json
from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from nkplan.model.batch import Announcement, Figure, Place, Project, Source, Update
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Confidence, Evidence, ProjectType, QuotaPeriod, Status
from nkplan.rows.state import Row

CLASSES: Mapping[str, type[Any]] = {
    "places": Place,
    "sources": Source,
    "announcements": Announcement,
    "projects": Project,
    "quotas": Quota,
    "updates": Update,
}
"""The class of the rows of each table. Kinds are plain texts."""

_WORDS: Mapping[str, type[Any]] = {
    "status": Status,
    "evidence": Evidence,
    "confidence": Confidence,
}


def make_row(table: str, row: Row) -> Any:
    """Convert the row of a table to its class; columns without a field in the class are left out."""
    if table == "kinds":
        return row["id"]
    class_ = CLASSES[table]
    names = [name for name in class_._fields if name != "origin"]
    given = {name: _read_word(name, row[name]) for name in names if row[name] is not None}
    match table:
        case "places":
            own = {row["name"], row["full_name"], row["local_name"]}
            given["names"] = tuple(name for name in json.loads(row["names"]) if name not in own)
        case "announcements":
            given["terms"] = tuple(json.loads(row["terms"]))
            given["context"] = tuple(json.loads(row["context"]))
            given["figures"] = tuple(
                Figure(**(figure | {"value": float(figure["value"])}))
                for figure in json.loads(row["figures"])
            )
        case "projects":
            given["type"] = ProjectType(row["type"])
        case "quotas":
            given["per"] = QuotaPeriod(row["per"])
    return class_(**given)


def _read_word(name: str, value: Any) -> Any:
    return _WORDS[name](value) if name in _WORDS else value


_APART = {"origin", "names", "terms", "context", "figures"}

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kinds": ("id",),
    **{
        table: tuple(name for name in class_._fields if name not in _APART)
        for table, class_ in CLASSES.items()
    },
}
"""The columns of each table that are fields of its class; fields with tables of their own are left out."""

_READ_VALUES = {table: attrgetter(*COLUMNS[table]) for table in CLASSES}


def list_columns(table: str, row: Any) -> tuple[Any, ...]:
    """Return the values of a row in the columns of its table."""
    values: tuple[Any, ...] = (row,) if table == "kinds" else _READ_VALUES[table](row)
    return values


def write_content(row: Any) -> str:
    """Return the whole row as JSON, in the fields of the file format."""
    if isinstance(row, str):
        return json.dumps(row, ensure_ascii=False)
    given = {name: value for name, value in row._asdict().items() if name != "origin"}
    if "figures" in given:
        given["figures"] = [figure._asdict() for figure in row.figures]
    return json.dumps(_drop_absent(given), ensure_ascii=False)


def _drop_absent(value: Any) -> Any:
    """Leave out absent values at every depth, as a file does."""
    match value:
        case dict():
            return {name: _drop_absent(part) for name, part in value.items() if part not in (None, ())}
        case list() | tuple():
            return [_drop_absent(part) for part in value]
    return value
