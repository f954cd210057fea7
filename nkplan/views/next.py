"""What to look at first."""

from collections.abc import Iterable

from nkplan.report.attention import Call, Reason
from nkplan.views.grid import Column, Grid
from nkplan.views.report import Report

_ID, _WEIGHT = Column("id", "ID"), Column("weight", "Weight", is_number=True)
_REASONS, _LAST = Column("reasons", "Reasons"), Column("last_evidence", "Last evidence")
_COLUMNS = (
    _ID,
    Column("name", "Name"),
    Column("kind", "Kind"),
    Column("place_name", "Place"),
    Column("status", "Status"),
    _WEIGHT,
    _REASONS,
    _LAST,
)
_SCREEN = (_ID, _WEIGHT, _REASONS, _LAST)


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
