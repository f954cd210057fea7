"""Rows of the table `states` and of the view `sites`."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from nkplan.model.state import Site, State, Tally
from nkplan.model.vocabulary import Status

Row = Mapping[str, Any] | sqlite3.Row

_STATUSES: dict[str | None, Status] = {str(status): status for status in Status}


class _Days(dict[str | None, date | None]):
    """The days of texts such as 2024-03-15. Many rows have the same, so each is read once."""

    def __missing__(self, text: str) -> date:
        self[text] = day = date.fromisoformat(text)
        return day


_DAYS = _Days({None: None})
_READ: Mapping[Any, Callable[[Any], Any]] = {
    Status | None: _STATUSES.get,
    date | None: _DAYS.__getitem__,
    bool: bool,
}
"""How to convert a value that SQLite returns, by the type of its field; other values are kept."""

_OWN = len(Site._fields) - 1
"""How many columns a site has besides those of its state."""

_STATE_READS = [
    (place, _READ[type_])
    for place, type_ in enumerate(State.__annotations__.values(), _OWN)
    if type_ in _READ
]
"""The columns of a site's row that are converted; its own columns come before those of its state."""


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
    values = list(row)
    for place, read in _STATE_READS:
        values[place] = read(values[place])
    return Site._make([*values[:_OWN], State._make(values[_OWN:])])


def read_site_to_rank(row: Sequence[Any]) -> Site:
    """Convert a row with only the columns by which sites are ranked; the other fields stay empty."""
    (
        id_, name, kind, place_name, status, claimed, verified, started, last_date, last_day,
        opened, used, cancelled_day, promised_start, promised, promised_use, promised_again,
    ) = row  # fmt: skip
    # By position, since keywords take several times as long; what is not read has the defaults of State.
    state = State(
        _STATUSES.get(status), _STATUSES.get(claimed), _STATUSES.get(verified), started == 1, False, None,
        last_date, _DAYS[last_day], 0, None, None, None, opened, None, None, used == 1, _DAYS[cancelled_day],
        promised_start, promised, promised_use, promised_again,
    )  # fmt: skip
    return Site(id_, name, kind, None, place_name, state=state)


def make_tally(sort: tuple[Any, ...], number: int) -> Tally:
    """Make a tally from a group of equal sites and their number."""
    *own, status, claimed, verified, started, seen = sort
    state = State(
        _STATUSES.get(status), _STATUSES.get(claimed), _STATUSES.get(verified), started == 1, seen == 1
    )
    return Tally._make((number, *own, state))
