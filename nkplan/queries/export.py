"""Everything on record, row by row, in the fields of the file format."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nkplan.errors import Damaged
from nkplan.model.batch import Update
from nkplan.model.promise import Quota
from nkplan.model.record import Content
from nkplan.model.settings import LABEL, Settings
from nkplan.outlines import load_geometry, read_geometry
from nkplan.queries.reader import Reader
from nkplan.queries.settings import read_number
from nkplan.text import quote
from nkplan.validation import LISTS

_EXACT = 2**53
"""Below this a float can hold every whole number exactly, so that it can be written without a point."""


def list_everything(
    reader: Reader, derive_update_id: Callable[[Update], str], derive_quota_id: Callable[[Quota], str]
) -> Iterator[tuple[str, Iterator[Content]]]:
    """Iterate over the lists of the file format, each with its active rows, in an order that does not change.

    A row comes after the rows that it names, in other lists and in its own, except for a model. The id of an
    update or a quota is left out if loading derives the same one. No list is held in memory.
    """
    readers: dict[str, Callable[[], Iterator[Content]]] = {
        "settings": lambda: _read_settings(reader),
        "kinds": lambda: (row["id"] for row in reader.fetch("export.all_kinds")),
        "places": lambda: _read_places(reader),
        "outlines": lambda: _read_outlines(reader),
        "announcements": lambda: _read_announcements(reader),
        "projects": lambda: _read_projects(reader),
        "quotas": lambda: _read_quotas(reader, derive_quota_id),
        "updates": lambda: _read_updates(reader, derive_update_id),
    }
    for name in LISTS:
        yield name, readers[name]() if name in readers else _read_rows(reader, f"export.all_{name}")


def list_columns(reader: Reader, tables: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns of those of the tables and views that the database has."""
    found: dict[str, list[str]] = {}
    for table, column in reader.fetch("export.columns_of_tables", tables=json.dumps([*tables])):
        found.setdefault(table, []).append(column)
    return found


def _read_rows(reader: Reader, query: str, **values: Any) -> Iterator[dict[str, Any]]:
    rows = reader.fetch(query, **values)
    names = [column[0] for column in rows.description]
    for row in rows:
        yield {name: value for name, value in zip(names, row, strict=True) if value is not None}


def _read_settings(reader: Reader) -> Iterator[Content]:
    """Return the settings as one object, with the labels last; none if there are none.

    As everywhere, a number that nkplan could not have recorded counts as not set.
    """
    given = {row["id"]: row["value"] for row in reader.fetch("export.all_settings")}
    numbers = {"region_level", "silent_months"}
    settings: dict[str, Any] = {
        str(name): value
        for name in Settings._fields
        if (value := read_number(given.get(name)) if name in numbers else given.get(name)) is not None
    }
    labels = {
        name.removeprefix(LABEL): value for name, value in sorted(given.items()) if name.startswith(LABEL)
    }
    if labels:
        settings["labels"] = labels
    if settings:
        yield settings


def _read_places(reader: Reader) -> Iterator[Content]:
    for place in _read_rows(reader, "export.all_places"):
        for name in ("latitude", "longitude"):
            if name in place:
                place[name] = _shorten(place[name])
        if "names" in place:
            place["names"] = json.loads(place["names"])
        yield place


def _read_outlines(reader: Reader) -> Iterator[Content]:
    for outline in _read_rows(reader, "export.all_outlines"):
        try:
            geometry = load_geometry(outline["geometry"])
            read_geometry(geometry)
        except ValueError as error:
            # No file with it could be loaded.
            raise Damaged(
                f"the outline of {quote(outline['place'])} is damaged ({error})",
                "correct it with nkplan load --amend, or restore a backup",
            ) from error
        yield {**outline, "geometry": geometry}


def _read_announcements(reader: Reader) -> Iterator[Content]:
    for announcement in _read_rows(reader, "export.all_announcements"):
        for name in ("terms", "context"):
            if name in announcement:
                announcement[name] = json.loads(announcement[name])
        figures = _read_figures(reader, "export.figures_of_announcement", announcement=announcement["id"])
        if figures:
            announcement["figures"] = figures
        yield announcement


def _read_figures(reader: Reader, query: str, **owner: str) -> list[dict[str, Any]]:
    figures = list(_read_rows(reader, query, **owner))
    for figure in figures:
        figure["value"] = _shorten(figure["value"])
    return figures


def _read_projects(reader: Reader) -> Iterator[Content]:
    for project in _read_rows(reader, "export.all_projects"):
        for name in ("tags", "identifiers", "organisations"):
            if name in project:
                project[name] = json.loads(project[name])
        yield project


def _read_quotas(reader: Reader, derive_id: Callable[[Quota], str]) -> Iterator[Content]:
    for quota in _read_rows(reader, "export.all_quotas"):
        if quota["id"] == derive_id(Quota(**quota)):
            del quota["id"]
        if "beside" in quota:
            quota["beside"] = True
        yield quota


def _read_updates(reader: Reader, derive_id: Callable[[Update], str]) -> Iterator[Content]:
    for update in _read_rows(reader, "export.all_updates"):
        id_ = update["id"]
        if update["figures"]:
            update["figures"] = _read_figures(reader, "export.figures_of_update", update=id_)
        else:
            del update["figures"]
        # A derived id is a UUID of version 5, as its 15th character says; this check is fast.
        if id_[14:15] == "5" and id_ == derive_id(Update(**update)):
            del update["id"]
        for name in ("percent", "count", "of"):
            if name in update:
                update[name] = _shorten(update[name])
        yield update


def _shorten(number: float) -> int | float:
    """Write a whole number without a point, as people do."""
    return int(number) if abs(number) < _EXACT and number.is_integer() else number
