"""What is past its promised date."""

from collections.abc import Iterable

from nkplan.dates import parse_date
from nkplan.judgement import is_overdue
from nkplan.layout.grid import Column, make_grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.reports.sites import name_values, pick_columns

_COLUMNS = (
    *pick_columns("id", "name", "kind", "place_name", "status", "claimed", "verified", "promised"),
    Column("days_late", "Days late", is_number=True),
    *pick_columns("last_evidence"),
)


def make_report(sites: Iterable[Site], question: Question) -> Report:
    """List the sites that are past their promised date and not open, the most overdue first."""
    day = question.day
    late = [
        ((day - parse_date(site.promised).end).days, site)
        for site in sites
        if site.promised and is_overdue(site.state.status, site.promised, day)
    ]
    late.sort(key=lambda pair: (-pair[0], pair[1].id))
    rows = (name_values(site) | {"days_late": days} for days, site in late)
    return Report("Overdue", make_grid(_COLUMNS, rows))
