"""Everything on record, row by row, in the fields of the file format."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from nkplan.model.batch import Update
from nkplan.model.record import Content
from nkplan.queries.reader import Reader
from nkplan.validation import LISTS

DeriveId = Callable[[Update], str]
"""Returns the id that an update gets when it is loaded without one."""

_EXACT = 2**53
"""Below this a float can hold every whole number exactly, so that it can be written without a point."""


def list_everything(reader: Reader, derive_id: DeriveId) -> Iterator[tuple[str, Iterator[Content]]]:
    """Iterate over the lists of the file format, each with its active rows, in an order that does not change.

    A row comes after the rows that it names, in other lists and in its own, except for a model. The id of an
    update is left out if loading derives the same one. No list is held in memory.
    """
    readers: dict[str, Callable[[], Iterator[Content]]] = {
        "kinds": lambda: (row["id"] for row in reader.fetch("export.all_kinds")),
        "places": lambda: _read_places(reader),
        "announcements": lambda: _read_announcements(reader),
        "updates": lambda: _read_updates(reader, derive_id),
    }
    for name in LISTS:
        yield name, readers[name]() if name in readers else _read_rows(reader, f"export.all_{name}")


def _read_rows(reader: Reader, query: str, **values: Any) -> Iterator[dict[str, Any]]:
    rows = reader.fetch(query, **values)
    names = [column[0] for column in rows.description]
    for row in rows:
        yield {name: value for name, value in zip(names, row, strict=True) if value is not None}


def _read_places(reader: Reader) -> Iterator[Content]:
    for place in _read_rows(reader, "export.all_places"):
        for name in ("latitude", "longitude"):
            if name in place:
                place[name] = _shorten(place[name])
        if "names" in place:
            place["names"] = json.loads(place["names"])
        yield place


def _read_announcements(reader: Reader) -> Iterator[Content]:
    for announcement in _read_rows(reader, "export.all_announcements"):
        for name in ("terms", "context"):
            if name in announcement:
                announcement[name] = json.loads(announcement[name])
        figures = list(_read_rows(reader, "export.figures_of_announcement", announcement=announcement["id"]))
        for figure in figures:
            figure["value"] = _shorten(figure["value"])
        if figures:
            announcement["figures"] = figures
        yield announcement


def _read_updates(reader: Reader, derive_id: DeriveId) -> Iterator[Content]:
    for update in _read_rows(reader, "export.all_updates"):
        # A derived id is a UUID of version 5, as its 15th character says; this check is fast.
        if update["id"][14:15] == "5" and update["id"] == derive_id(Update(**update)):
            del update["id"]
        if "percent" in update:
            update["percent"] = _shorten(update["percent"])
        yield update


def _shorten(number: float) -> int | float:
    """Write a whole number without a point, as people do."""
    return int(number) if abs(number) < _EXACT and number.is_integer() else number
