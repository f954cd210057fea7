"""What has opened: in use, opened only, or idle."""

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
"""What each status says of use."""

_COLUMNS = (
    *pick_columns("id", "name", "kind", "place_name"),
    Column("use", "Use"),
    *pick_columns("claimed", "verified", "opened", "last_evidence"),
)


def make_report(sites: Iterable[OpenedSite], _: Question) -> Report:
    """List the sites that are open by what is shown of their use; they come in that order."""
    # There can be very many: a row is made of a site in one step.
    rows = tuple((*site[:4], _USES[site.status], *site[5:]) for site in sites)
    counts = Counter(row[4] for row in rows)
    seen = sum(row[6] == Status.OPERATING for row in rows)
    parts = ", ".join(f"{counts[use]} {use}" for use in reversed(_USES.values()))
    note = f"of {len(rows)} opened: {parts}; the use of {seen} is verified"
    return Report("Use", Grid(_COLUMNS, rows), notes=(note,))
