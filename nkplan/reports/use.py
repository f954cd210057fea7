"""Sites that have opened: in use, opened only, or idle."""

from collections import Counter
from collections.abc import Iterable

from nkplan.layout.grid import Column, Grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.state import OpenedSite
from nkplan.model.vocabulary import Status
from nkplan.reports.sites import pick_columns

_USES: dict[str, str] = {
    Status.IDLE: "idle",
    Status.COMPLETED: "opened only",
    Status.OPERATING: "in use",
}
"""What each status says about use."""

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
            site.opened,
            site.last_date,
        )
        for site in every
    )
    counts = Counter(_USES[site.status] for site in every)
    seen = sum(site.verified == Status.OPERATING for site in every)
    parts = ", ".join(f"{counts[use]} {use}" for use in reversed(_USES.values()))
    note = f"{len(rows)} opened: {parts}; use is verified for {seen}"
    return Report("Use", Grid(_COLUMNS, rows), notes=(note,))
