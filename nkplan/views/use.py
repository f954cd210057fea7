"""What has opened: in use, opened only, or idle."""

from collections import Counter
from collections.abc import Iterable

from nkplan.model.state import Site
from nkplan.model.vocabulary import Status
from nkplan.views.grid import Column, Grid
from nkplan.views.report import Report

_USES = {Status.IDLE: "idle", Status.COMPLETED: "opened only", Status.OPERATING: "in use"}
"""What each status says of use, in the order in which it wants a look."""

_COLUMNS = (
    Column("id", "ID"),
    Column("name", "Name"),
    Column("kind", "Kind"),
    Column("place_name", "Place"),
    Column("use", "Use"),
    Column("claimed", "Claimed"),
    Column("verified", "Verified"),
    Column("opened", "Opened"),
    Column("last_evidence", "Last evidence"),
)


def make_report(sites: Iterable[Site]) -> Report:
    """List the sites that have opened by what is shown of their use: idle, opened only, in use."""
    order = list(_USES)
    opened = [site for site in sites if site.state.status in _USES]
    opened.sort(key=lambda site: (order.index(site.state.status or Status.IDLE), site.id))
    rows = tuple(
        (
            site.id,
            site.name,
            site.kind,
            site.place_name,
            _USES[site.state.status or Status.IDLE],
            site.state.claimed,
            site.state.verified,
            site.state.opened,
            site.state.last_date,
        )
        for site in opened
    )
    counts = Counter(row[4] for row in rows)
    seen = sum(site.state.verified is Status.OPERATING for site in opened)
    parts = ", ".join(f"{counts[use]} {use}" for use in reversed(_USES.values()))
    note = f"of {len(rows)} opened: {parts}; the use of {seen} is verified"
    return Report("Use", Grid(_COLUMNS, rows), notes=(note,))
