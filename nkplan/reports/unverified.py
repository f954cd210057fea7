"""Sites that are claimed and not verified."""

from collections.abc import Iterable

from nkplan.judgement import is_unverified, measure_gap
from nkplan.layout.grid import make_grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.reports.sites import name_values, pick_columns

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
    """List the sites that are claimed further than verified, the widest gap first."""
    found = [site for site in sites if is_unverified(site.state)]
    found.sort(key=lambda site: (-measure_gap(site.state), site.id))
    return Report("Unverified", make_grid(_COLUMNS, map(name_values, found)))
