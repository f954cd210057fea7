"""The sites."""

import json
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.state import Site
from nkplan.model.vocabulary import Status
from nkplan.queries.reader import Reader
from nkplan.rows.state import read_site
from nkplan.text import fold

OPENED = json.dumps(
    sorted((one for one in Status if one.is_complete), key=lambda status: (status.reach, -status.rank))
)
"""The statuses of what is open, as a JSON list: what is idle first, then what opened only, what is in use."""

_ENDED = json.dumps([status for status in Status if status.is_ended])
_HALTED = json.dumps([status for status in Status if status.is_halted])


class Only(StrEnum):
    """What sites can be narrowed to by the database, before they are judged by a day."""

    OVERDUE = "overdue"
    SILENT = "silent"
    UNVERIFIED = "unverified"
    UNOPENED = "unopened"


def list_sites(
    reader: Reader,
    filters: Filters = NO_FILTERS,
    only: Only | None = None,
    day: date | None = None,
    most: int = -1,
) -> Iterator[Site]:
    """Go through the sites that pass the filters, by id, narrowed to those that can be something by a day.

    For `Only.SILENT` the day is the last on which they can have had evidence. -1 is no limit.
    """
    values = {"only": only, "day": None if day is None else day.isoformat(), "most": most}
    statuses = {"opened": OPENED, "ended": _ENDED, "halted": _HALTED}
    rows = reader.fetch("sites.list_sites", filters, **values, **statuses)
    # There can be very many, which are read by the order of their columns.
    rows.row_factory = None
    yield from map(read_site, rows)


def count_sites(reader: Reader, filters: Filters = NO_FILTERS) -> int:
    """Count the sites that pass the filters."""
    if filters == NO_FILTERS:
        return int(reader.fetch("sites.count_sites").fetchone()["sites"])
    return int(reader.fetch("sites.count_filtered_sites", filters).fetchone()["sites"])


def list_project_names(reader: Reader) -> dict[str, str]:
    """Give, for each project, its name and every spelling of its place's name, folded for search."""
    return {
        row["id"]: f"{fold(row['name'])} {row['folded'] or ''}" for row in reader.fetch("names.list_names")
    }


def choose_projects(reader: Reader, filters: Filters) -> str | None:
    """Choose projects by filters of sites, as a JSON list of ids; None where all are wanted."""
    if filters == NO_FILTERS:
        return None
    return json.dumps([row["id"] for row in reader.fetch("sites.choose_projects", filters)])
