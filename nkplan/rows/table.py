"""Rows of the tables that a file's lists are kept in."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from nkplan.model.batch import Announcement, Figure, Place, Project, Source, Update
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Confidence, Evidence, ProjectType, QuotaPeriod, Status

Row = Mapping[str, Any] | sqlite3.Row

CLASSES: Mapping[str, type[Any]] = {
    "places": Place,
    "sources": Source,
    "announcements": Announcement,
    "projects": Project,
    "quotas": Quota,
    "updates": Update,
}
"""The class of each table's rows. Kinds are plain texts."""

_WORDS: Mapping[str, type[Any]] = {
    "status": Status,
    "evidence": Evidence,
    "confidence": Confidence,
}


def make_row(table: str, row: Row) -> Any:
    """Make the row of a table into its class; columns that the class has no field for are left out."""
    if table == "kinds":
        return row["id"]
    class_ = CLASSES[table]
    names = [one.name for one in fields(class_) if one.name != "where"]
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


def list_columns(row: Any) -> dict[str, Any]:
    """Give the columns of a row's own table; what lies in tables of its own is left out."""
    if isinstance(row, str):
        return {"id": row}
    apart = {"where", "names", "terms", "context", "figures"}
    return {one.name: getattr(row, one.name) for one in fields(row) if one.name not in apart}


def write_content(row: Any) -> str:
    """Give the whole row as JSON, in the fields of the file format."""
    if isinstance(row, str):
        return json.dumps(row, ensure_ascii=False)
    content = _drop_absent({name: value for name, value in asdict(row).items() if name != "where"})
    return json.dumps(content, ensure_ascii=False)


def read_content(table: str, content: str, where: str = "") -> Any:
    """Make the JSON of `write_content` into the row again, which stands at a place of a file."""
    given = json.loads(content)
    if table == "kinds":
        return given
    given = {name: _read_part(name, value) for name, value in given.items()}
    match table:
        case "projects":
            given["type"] = ProjectType(given["type"])
        case "quotas":
            given["per"] = QuotaPeriod(given["per"])
    return CLASSES[table](**given, where=where)


def _read_part(name: str, value: Any) -> Any:
    if name == "figures":
        return tuple(Figure(**figure) for figure in value)
    return tuple(value) if isinstance(value, list) else _read_word(name, value)


def _drop_absent(value: Any) -> Any:
    """Leave out what is absent, at every depth, as a file does."""
    match value:
        case dict():
            return {name: _drop_absent(part) for name, part in value.items() if part not in (None, ())}
        case list() | tuple():
            return [_drop_absent(part) for part in value]
    return value
