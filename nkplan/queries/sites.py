"""The sites."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Any

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.state import Site
from nkplan.queries.reader import Reader
from nkplan.queries.statuses import HALTED, OPENED
from nkplan.rows.state import read_site
from nkplan.text import fold


class Only(StrEnum):
    """The conditions by which the database preselects sites, before they are judged for a day."""

    OVERDUE = "overdue"
    SILENT = "silent"
    UNVERIFIED = "unverified"
    UNOPENED = "unopened"


def list_sites(
    reader: Reader,
    filters: Filters = NO_FILTERS,
    only: Only | None = None,
    day: date | None = None,
) -> Iterator[Site]:
    """Iterate over the sites that match the filters, by id, preselected by a condition on a day.

    For `Only.SILENT` the day is the last one on which they may have had evidence.
    """
    return map(read_site, list_rows(reader, filters, only, day))


def list_rows(
    reader: Reader,
    filters: Filters = NO_FILTERS,
    only: Only | None = None,
    day: date | None = None,
    most: int = -1,
) -> Iterator[Sequence[Any]]:
    """Iterate over the rows of these sites: the columns of a site and of its state (see rows/state.py).

    There are at most so many; -1 means no limit.
    """
    values = {"only": only, "day": None if day is None else day.isoformat(), "most": most}
    statuses = {"opened": OPENED, "halted": HALTED}
    if (filters, only, most, reader.is_past) == (NO_FILTERS, None, -1, False):
        yield from _list_all_rows(reader)
        return
    if not reader.is_past:
        rows = reader.fetch("sites.list_sites", filters, **values, **statuses)
        # There may be very many, so they are read as plain tuples, by column order.
        rows.row_factory = None
        # Not from the cursor itself: a generator that ends early would close it, after the database.
        yield from chain(rows)
        return
    chosen = reader.fetch_ids("sites.list_sites", filters, **values, **statuses)
    own, days, promises = (
        reader.fetch_tuples(f"sites.{query}", sites=json.dumps(chosen))
        for query in ("list_past_sites", "list_days_of_past_sites", "list_promises_of_past_sites")
    )
    for parts in zip(own, days, promises, strict=True):
        yield tuple(chain(*parts))


def _list_all_rows(reader: Reader) -> Iterator[Sequence[Any]]:
    """Iterate over the rows of all sites, each put together from its own row and those of its parents.

    They are equal to the rows of the view `sites`, but come in three quarters of the time.
    """
    places = {place: names for place, *names in reader.fetch_tuples("sites.list_places_of_all_sites")}
    parents = {parent: rest for parent, *rest in reader.fetch_tuples("sites.list_parents")}
    nowhere, alone = [None] * 3, [None] * 9
    rows = reader.fetch("sites.list_all_sites")
    rows.row_factory = None
    for row in chain(rows):
        id_, name, kind, place, parent, own_year, *state, cancelled, start, opening, use, again = row
        (
            programme, programme_name, cohort, year,
            their_cancelled, their_start, their_opening, their_use, their_again,
        ) = parents.get(parent, alone)  # fmt: skip
        yield (
            id_, name, kind, place, *places.get(place, nowhere), programme, programme_name, cohort,
            year if own_year is None else own_year, *state,
            min(cancelled or their_cancelled, their_cancelled) if their_cancelled else cancelled,
            start or their_start, opening or their_opening, use or their_use, again or their_again,
        )  # fmt: skip


def count_sites(reader: Reader, filters: Filters = NO_FILTERS) -> int:
    """Count the sites that match the filters."""
    if filters == NO_FILTERS:
        return int(reader.fetch("sites.count_sites").fetchone()["sites"])
    return int(reader.fetch("sites.count_filtered_sites", filters).fetchone()["sites"])


def list_project_names(reader: Reader) -> dict[str, str]:
    """Return, for each project, its name and every spelling of its place's name, folded for search."""
    return {
        row["id"]: f"{fold(row['name'])} {row['folded'] or ''}" for row in reader.fetch("names.list_names")
    }
