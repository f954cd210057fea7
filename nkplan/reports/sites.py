"""The list of sites."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from nkplan.dates import parse_date, write_by
from nkplan.judgement import (
    age_in_months,
    choose_promise,
    is_news_due,
    is_overdue,
    is_silent,
    is_unverified,
    tell_opening,
    tell_start,
)
from nkplan.layout.grid import Column, Grid, Phrase, Value
from nkplan.model.state import Site, State
from nkplan.model.vocabulary import Status
from nkplan.rows.state import read_site

LIST_COLUMNS = (
    Column("id", "ID", breaks="-"),
    Column("name", "Name", drop=3, breaks=" "),
    Column("kind", "Kind", drop=2),
    Column("place", "Place ID"),
    Column("place_name", "Place name", drop=6, breaks=" "),
    Column("region", Phrase.of("{} ID", "Region")),
    Column("region_name", Phrase.of("{} name", "Region"), drop=5, breaks=" "),
    Column("programme", "Programme"),
    Column("cohort", "Cohort"),
    Column("year", "Year", is_number=True),
    Column("status", "Status", is_status=True, drop=8),
    Column("claimed", "Claimed", is_status=True),
    Column("verified", "Verified", is_status=True, is_verified=True, blank="no", drop=12),
    Column("unverified", "Unverified"),
    Column("progress", "%", is_number=True, drop=4),
    Column("last_evidence", "Last evidence", breaks="/"),
    Column("age_months", "Months ago", is_number=True, drop=7),
    Column("start", "Start of work"),
    Column("opened", "Opened"),
    Column("promised", "Promised", drop=10, breaks="/ "),
    Column("overdue", "Overdue", drop=9, beside="promised"),
    Column("silent", "Silent"),
    Column("updates", "Updates", is_number=True, drop=1),
)
"""Every column that `nkplan list` can show."""

_POSITIONS = {column.key: at for at, column in enumerate(LIST_COLUMNS)}

SCREEN_COLUMNS = (
    "id",
    "name",
    "kind",
    "place_name",
    "region_name",
    "status",
    "claimed",
    "verified",
    "progress",
    "last_evidence",
    "age_months",
    "promised",
    "overdue",
)
"""The columns of a table by default, as far as they fit the terminal."""


def pick_columns(*keys: str) -> tuple[Column, ...]:
    """Return columns of the list by key, for a report that shows the same facts."""
    return tuple(LIST_COLUMNS[_POSITIONS[key]] for key in keys)


def need_columns(*keys: str) -> tuple[Column, ...]:
    """Return columns of the list by key, never to be dropped because a report is about them."""
    return tuple(column._replace(drop=None) for column in pick_columns(*keys))


def list_values(site: Site, today: date, silent_months: int) -> tuple[Value, ...]:
    """Return the values of a site, judged on a day, in the order of LIST_COLUMNS."""
    # There can be very many sites: to take a tuple apart costs less than to ask it for each field.
    id_, name, kind, place, place_name, region, region_name, programme, _, cohort, year, state = site
    status, claimed, verified, _, _, progress, last_date, _, updates, *_ = state
    promise = choose_promise(state)
    return (
        id_,
        name,
        kind,
        place,
        place_name,
        region,
        region_name,
        programme,
        cohort,
        year,
        status,
        claimed,
        verified,
        is_unverified(state),
        progress,
        last_date,
        age_in_months(state, today),
        tell_start(state),
        tell_opening(state),
        promise and promise.date,
        is_overdue(promise, state, today),
        is_silent(state, today, silent_months),
        updates,
    )


def list_rows(rows: Iterable[Sequence[Any]], today: date, silent_months: int) -> Iterator[tuple[Value, ...]]:
    """Yield the values of sites, as `list_values` does, from their rows in the database (see rows/state.py).

    There can be very many, and most of what is judged of a site depends on few of its columns, in which many
    are alike: one is judged as a whole only if its statuses are new, or if a date was promised. An event of
    one day is of that day.
    """
    judged: dict[Any, tuple[Value, bool]] = {}
    ages: dict[Any, int | None] = {}
    for row in rows:
        (
            id_, name, kind, place, place_name, region, region_name, programme, _, cohort, year,
            status, claimed, verified, _, _, progress, last_date, last_day, updates,
            start, start_first, _, opened, opened_first, _, _, cancelled_day,
            promised_start, promised, promised_use, promised_again,
        ) = row  # fmt: skip
        if last_day not in ages:
            state = State(last_day=last_day and date.fromisoformat(last_day))
            ages[last_day] = age_in_months(state, today)
        age = ages[last_day]
        statuses = (status, claimed, verified, cancelled_day is None)
        if statuses not in judged or promised or promised_start or promised_use or promised_again:
            site = read_site(row)
            values = list_values(site, today, silent_months)
            judged[statuses] = values[_POSITIONS["unverified"]], is_news_due(site.state)
            yield values
            continue
        unverified, news_due = judged[statuses]
        yield (
            id_, name, kind, place, place_name, region, region_name, programme, cohort, year,
            status, claimed, verified, unverified, progress, last_date, age,
            start if start == start_first else write_by(start, start_first),
            opened if opened == opened_first else write_by(opened, opened_first),
            None, False, news_due and (age is None or age >= silent_months), updates,
        )  # fmt: skip


def name_values(site: Site) -> dict[str, Value]:
    """Return what is on record for a site by column key, for reports that list sites."""
    state = site.state
    promise = choose_promise(state)
    return {
        "id": site.id,
        "name": site.name,
        "kind": site.kind,
        "place_name": site.place_name,
        "status": state.status,
        "claimed": state.claimed,
        "verified": state.verified,
        "progress": state.progress,
        "last_evidence": state.last_date,
        "opened": tell_opening(state),
        "promised": promise and promise.date,
        "updates": state.updates,
    }


def make_list(rows: Iterable[tuple[Value, ...]], keys: Sequence[str]) -> Grid:
    """Make the grid of a list from the values of its sites, with these columns in this order."""
    positions = [_POSITIONS[key] for key in keys]
    if positions == list(_POSITIONS.values()):
        picked = rows
    else:
        picked = (
            map(itemgetter(*positions), rows)
            if len(positions) > 1
            else ((row[positions[0]],) for row in rows)
        )
    return Grid(columns=pick_columns(*keys), rows=picked)


def sort_sites(
    sites: Iterable[Site], key: str, today: date, silent_months: int, *, reverse: bool
) -> list[Site]:
    """Sort sites by a column; sites without a value come last in either direction.

    Statuses sort by their order, dates by the last day of their interval.
    """
    keyed = [(_sort_value(site, key, today, silent_months), site) for site in sites]
    known = [(value, site) for value, site in keyed if value is not None]
    known.sort(key=lambda pair: pair[0], reverse=reverse)
    return [site for _, site in known] + [site for value, site in keyed if value is None]


def _sort_value(site: Site, key: str, today: date, silent_months: int) -> Any:
    value = list_values(site, today, silent_months)[_POSITIONS[key]]
    days = {
        "last_evidence": site.state.last_day,
        "start": site.state.start_day,
        "opened": site.state.opened_day,
    }
    if key in days:
        return days[key]
    if key == "promised" and isinstance(value, str):
        return parse_date(value).end
    return value.rank if isinstance(value, Status) else value
