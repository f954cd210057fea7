"""The sites."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.state import Site
from nkplan.queries.reader import Reader
from nkplan.queries.statuses import ENDED, HALTED, OPENED
from nkplan.rows.state import read_site
from nkplan.text import fold


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
    statuses = {"opened": OPENED, "ended": ENDED, "halted": HALTED}
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
