"""What is claimed and not verified."""

from collections.abc import Iterable

from nkplan.layout.grid import Grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.reports.sites import pick_columns
from nkplan.reports.state import is_unverified

_COLUMNS = pick_columns(
    "id",
    "name",
    "kind",
    "place_name",
    "claimed",
    "verified",
    "progress",
    "opened",
    "last_evidence",
    "updates",
)


def make_report(sites: Iterable[Site], _: Question) -> Report:
    """List the sites of which more is claimed than is verified, those with the widest gap first."""
    found = [site for site in sites if is_unverified(site.state)]
    found.sort(key=lambda site: (-_measure_gap(site), site.id))
    rows = tuple(
        (
            site.id,
            site.name,
            site.kind,
            site.place_name,
            site.state.claimed,
            site.state.verified,
            site.state.progress,
            site.state.opened,
            site.state.last_date,
            site.state.updates,
        )
        for site in found
    )
    return Report("Unverified", Grid(_COLUMNS, rows))


def _measure_gap(site: Site) -> int:
    claimed, verified = site.state.claimed, site.state.verified
    return (claimed.reach if claimed else 0) - (verified.reach if verified else 0)
