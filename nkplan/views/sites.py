"""The list of sites."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from nkplan.dates import parse_date
from nkplan.model.state import Site
from nkplan.model.vocabulary import Status
from nkplan.report.state import SILENT_MONTHS, age_in_months, is_overdue, is_silent, is_unverified
from nkplan.views.grid import Column, Grid, Value

LIST_COLUMNS = (
    Column("id", "ID"),
    Column("name", "Name"),
    Column("kind", "Kind"),
    Column("place", "Place ID"),
    Column("place_name", "Place"),
    Column("province", "Province ID"),
    Column("province_name", "Province"),
    Column("programme", "Programme"),
    Column("cohort", "Cohort"),
    Column("year", "Year", is_number=True),
    Column("status", "Status"),
    Column("claimed", "Claimed"),
    Column("verified", "Verified"),
    Column("unverified", "Unverified"),
    Column("progress", "%", is_number=True),
    Column("last_evidence", "Last evidence"),
    Column("age_months", "Months ago", is_number=True),
    Column("groundbroken", "Groundbroken"),
    Column("opened", "Opened"),
    Column("promised", "Promised"),
    Column("overdue", "Overdue"),
    Column("silent", "Silent"),
    Column("updates", "Updates", is_number=True),
)
"""Every column that `nkplan list` can show."""

_BY_KEY = {column.key: column for column in LIST_COLUMNS}

SCREEN_COLUMNS = (
    "id",
    "name",
    "kind",
    "place_name",
    "province_name",
    "status",
    "claimed",
    "verified",
    "progress",
    "last_evidence",
    "age_months",
    "promised",
    "overdue",
)
"""The columns that a terminal shows where none are asked for and there is room."""


def pick_columns(*keys: str) -> tuple[Column, ...]:
    """Give columns of a list by their keys, for a report that tells the same of its sites."""
    return tuple(_BY_KEY[key] for key in keys)


def need_columns(*keys: str) -> tuple[Column, ...]:
    """Give columns of a list by their keys, for a report that is looked at for them."""
    return tuple(column._replace(is_needed=True) for column in pick_columns(*keys))


def list_values(site: Site, today: date, silent_months: int = SILENT_MONTHS) -> dict[str, Value]:
    """Give the value of every column for a site, judged on a day."""
    state = site.state
    return {
        "id": site.id,
        "name": site.name,
        "kind": site.kind,
        "place": site.place,
        "place_name": site.place_name,
        "province": site.province,
        "province_name": site.province_name,
        "programme": site.programme,
        "cohort": site.cohort,
        "year": site.year,
        "status": state.status,
        "claimed": state.claimed,
        "verified": state.verified,
        "unverified": is_unverified(state),
        "progress": state.progress,
        "last_evidence": state.last_date,
        "age_months": age_in_months(state, today),
        "groundbroken": state.groundbroken,
        "opened": state.opened,
        "promised": site.promised,
        "overdue": is_overdue(state.status, site.promised, today),
        "silent": is_silent(state, today, silent_months),
        "updates": state.updates,
    }


def make_list(rows: Iterable[dict[str, Value]], keys: Sequence[str]) -> Grid:
    """Make the grid of a list from the values of its sites, with the columns of these keys in this order."""
    return Grid(columns=pick_columns(*keys), rows=(tuple(row[key] for key in keys) for row in rows))


def sort_sites(
    sites: Iterable[Site], key: str, today: date, silent_months: int, *, reverse: bool
) -> list[Site]:
    """Sort sites by a column; those without a value come last, whichever way the rest runs.

    Statuses sort by their order, dates by the day on which their interval ends.
    """
    keyed = [(_sort_value(site, key, today, silent_months), site) for site in sites]
    known = [(value, site) for value, site in keyed if value is not None]
    known.sort(key=lambda pair: pair[0], reverse=reverse)
    return [site for _, site in known] + [site for value, site in keyed if value is None]


def _sort_value(site: Site, key: str, today: date, silent_months: int) -> Any:
    value = list_values(site, today, silent_months)[key]
    days = {
        "last_evidence": site.state.last_day,
        "groundbroken": site.state.groundbroken_day,
        "opened": site.state.opened_day,
    }
    if key in days:
        return days[key]
    if key == "promised" and site.promised:
        return parse_date(site.promised).end
    return value.rank if isinstance(value, Status) else value
