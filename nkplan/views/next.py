"""What to look at first."""

from collections.abc import Iterable

from nkplan.report.next import Call, Reason
from nkplan.views.grid import Column, Grid
from nkplan.views.report import Report
from nkplan.views.sites import pick_columns

_OWN = (Column("weight", "Weight", is_number=True), Column("reasons", "Reasons"))
_COLUMNS = (
    *pick_columns("id", "name", "kind", "place_name", "status"),
    *_OWN,
    *pick_columns("last_evidence"),
)
_SCREEN = (*pick_columns("id"), *_OWN, *pick_columns("last_evidence"))


def make_report(calls: Iterable[Call]) -> Report:
    """List the sites that deserve a look, those with the weightiest reasons first."""
    rows, screen = [], []
    for one in calls:
        site, words = one.site, "; ".join(one.words)
        last = site.state.last_date
        rows.append(
            (site.id, site.name, site.kind, site.place_name, site.state.status, one.weight, words, last)
        )
        screen.append((site.id, one.weight, words, last))
    weights = ", ".join(f"{reason} {reason.weight}" for reason in Reason)
    return Report("Next", Grid(_COLUMNS, tuple(rows)), Grid(_SCREEN, tuple(screen)), (f"weights: {weights}",))
