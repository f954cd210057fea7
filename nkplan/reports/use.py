"""Sites that have opened: in use, opened only, idle, or closed for good."""

from collections import Counter
from collections.abc import Iterable

from nkplan.dates import write_by
from nkplan.layout.grid import Column, Grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.state import OpenedSite
from nkplan.model.vocabulary import Status
from nkplan.reports.sites import pick_columns

_IN_USE, _OPENED, _IDLE, _CLOSED = "in use", "opened only", "idle", "closed"


def _describe_use(status: Status) -> str:
    """Say what the status of an opened site says about its use."""
    if status.is_in_use:
        return _IN_USE
    if status.is_inauguration:
        return _OPENED
    return _IDLE if status.is_open else _CLOSED


_USES: dict[str, str] = {status: _describe_use(status) for status in Status if status.is_complete}
"""What each status of an opened site says about its use."""

_COLUMNS = (
    *pick_columns("id", "name", "kind", "place_name"),
    Column("use", "Use"),
    *pick_columns("claimed", "verified", "opened", "last_evidence"),
)


def make_report(sites: Iterable[OpenedSite], _: Question) -> Report:
    """List the open sites by what is known of their use; `sites` comes in that order."""
    every = list(sites)
    rows = tuple(
        (
            site.id,
            site.name,
            site.kind,
            site.place_name,
            _USES[site.status],
            site.claimed,
            site.verified,
            write_by(site.opened, site.opened_first),
            site.last_date,
        )
        for site in every
    )
    counts = Counter(_USES[site.status] for site in every)
    seen = sum(_USES.get(site.verified or "") == _IN_USE for site in every)
    uses = (_IN_USE, _OPENED, _IDLE, *((_CLOSED,) if counts[_CLOSED] else ()))
    parts = ", ".join(f"{counts[use]} {use}" for use in uses)
    note = f"{len(rows)} opened: {parts}; use is verified for {seen}"
    return Report("Use", Grid(_COLUMNS, rows), notes=(note,))
