"""Rows of the table `states` and of the view `sites`."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from nkplan.model.state import Site, State, Tally
from nkplan.model.vocabulary import Status

Row = Mapping[str, Any] | sqlite3.Row

_STATUSES: dict[str | None, Status] = {str(status): status for status in Status}


def read_state(row: Row) -> State:
    """Make a row with the columns of the table `states` into a state; a project without updates has none."""
    return State(
        status=_STATUSES.get(row["status"]),
        claimed=_STATUSES.get(row["claimed"]),
        verified=_STATUSES.get(row["verified"]),
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


def read_site(row: Sequence[Any]) -> Site:
    """Make a row of list_sites.sql into a site, by the order of its columns: there can be very many rows."""
    *own, status, claimed, verified, started, progress, last_date, last_day, updates = row[:-4]
    groundbroken, groundbroken_day, opened, opened_day = row[-4:]
    state = State(
        _STATUSES.get(status),
        _STATUSES.get(claimed),
        _STATUSES.get(verified),
        started == 1,
        progress,
        last_date,
        None if last_day is None else date.fromisoformat(last_day),
        # This promised date may be the cohort's, which is no part of the site's own state.
        own[-1],
        updates,
        groundbroken,
        None if groundbroken_day is None else date.fromisoformat(groundbroken_day),
        opened,
        None if opened_day is None else date.fromisoformat(opened_day),
    )
    return Site._make((*own, state))


def make_tally(sort: tuple[Any, ...], number: int) -> Tally:
    """Make a row of tally_sites.sql, and how many there are of it, into a number of sites alike."""
    *own, status, claimed, verified, started = sort
    state = State(_STATUSES.get(status), _STATUSES.get(claimed), _STATUSES.get(verified), started == 1)
    return Tally._make((number, *own, state))
