"""Rows of the table `states` and of the view `sites`."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from nkplan.model.state import Site, State, Tally
from nkplan.model.vocabulary import Status

Row = Mapping[str, Any] | sqlite3.Row

_STATUSES: dict[str | None, Status] = {str(status): status for status in Status}
_status = _STATUSES.get


class _Days(dict[str | None, date | None]):
    """The days of texts such as 2024-03-15. Many rows have the same, so each is read once."""

    def __missing__(self, text: str) -> date:
        self[text] = day = date.fromisoformat(text)
        return day


_DAYS = _Days({None: None})

_OWN = len(Site._fields) - 1
"""How many columns a site has besides those of its state."""

_new = tuple.__new__
"""Makes a named tuple of a tuple: for a million rows its own constructor takes several times as long."""


def read_state(row: Row | None) -> State:
    """Convert a row with the columns of `states`; without updates the state is empty."""
    if row is None or row["updates"] is None:
        return State()
    return read_columns([row[name] for name in State._fields])


def read_columns(values: Sequence[Any]) -> State:
    """Convert the columns of a state, in the order of State's fields."""
    return read_site([*[None] * _OWN, *values]).state


def read_site(row: Sequence[Any]) -> Site:
    """Convert a row to a site: its own columns in the order of Site's fields, then those of its state.

    Columns are read by position, not by name, because there can be very many rows.
    """
    (
        id_, name, kind, place, place_name, region, region_name, programme, programme_name, cohort, year,
        status, claimed, verified, started, started_seen, progress, last_date, last_day, updates,
        start, start_first, start_day, opened, opened_first, opened_day, used, cancelled_day,
        promised_start, promised, promised_use, promised_again,
    ) = row  # fmt: skip
    state = _new(State, (
        _status(status), _status(claimed), _status(verified), started == 1,
        started_seen == 1, progress, last_date, _DAYS[last_day], updates,
        start, _DAYS[start_first], _DAYS[start_day], opened, _DAYS[opened_first], _DAYS[opened_day],
        used == 1, _DAYS[cancelled_day], promised_start, promised, promised_use, promised_again,
    ))  # fmt: skip
    return _new(Site, (
        id_, name, kind, place, place_name, region, region_name, programme, programme_name,
        cohort, year, state,
    ))  # fmt: skip


def read_site_to_rank(row: Sequence[Any]) -> Site:
    """Convert a row with only the columns by which sites are ranked; the other fields stay empty."""
    (
        id_, name, kind, place_name, status, claimed, verified, started, last_date, last_day,
        opened, used, cancelled_day, promised_start, promised, promised_use, promised_again,
    ) = row  # fmt: skip
    # By position, since keywords take several times as long; what is not read has the defaults of State.
    state = State(
        _status(status), _status(claimed), _status(verified), started == 1, False, None,
        last_date, _DAYS[last_day], 0, None, None, None, opened, None, None, used == 1, _DAYS[cancelled_day],
        promised_start, promised, promised_use, promised_again,
    )  # fmt: skip
    return Site(id_, name, kind, None, place_name, state=state)


def make_tally(sort: tuple[Any, ...], number: int) -> Tally:
    """Make a tally from a group of equal sites and their number."""
    return _new(Tally, (number, *sort[:-5], _make_state(*sort[-5:])))


@cache
def _make_state(
    status: str | None, claimed: str | None, verified: str | None, started: int, seen: int
) -> State:
    """Make the state of a tally. Many have the same."""
    return State(_status(status), _status(claimed), _status(verified), started == 1, seen == 1)
