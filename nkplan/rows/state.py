"""Rows of the table `states` and of the view `sites`."""

import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any

from nkplan.model.state import Site, State
from nkplan.model.vocabulary import Status

Row = Mapping[str, Any] | sqlite3.Row


def read_state(row: Row) -> State:
    """Make a row with the columns of the table `states` into a state; a project without updates has none."""
    return State(
        status=_read_status(row["status"]),
        claimed=_read_status(row["claimed"]),
        verified=_read_status(row["verified"]),
        started=bool(row["started"]),
        progress=row["progress"],
        last_date=row["last_date"],
        last_day=_read_day(row["last_day"]),
        promised=row["promised"],
        updates=row["updates"] or 0,
        groundbroken=row["groundbroken"],
        groundbroken_day=_read_day(row["groundbroken_day"]),
        opened=row["opened"],
        opened_day=_read_day(row["opened_day"]),
    )


def _read_day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _read_status(value: str | None) -> Status | None:
    return None if value is None else Status(value)


def read_site(row: Row) -> Site:
    """Make a row of the view `sites` into a site."""
    return Site(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        place=row["place"],
        place_name=row["place_name"],
        province=row["province"],
        province_name=row["province_name"],
        programme=row["programme"],
        programme_name=row["programme_name"],
        cohort=row["cohort"],
        year=row["year"],
        promised=row["promised"],
        # The view's promised date may be the cohort's, which is no part of the site's own state.
        state=read_state(row),
    )
