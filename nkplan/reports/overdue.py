"""What is past its promised date."""

from collections.abc import Iterable

from nkplan.dates import parse_date
from nkplan.judgement import find_overdue
from nkplan.layout.grid import Column, make_grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.reports.sites import name_values, pick_columns

_COLUMNS = (
    *pick_columns("id", "name", "kind", "place_name", "status", "claimed", "verified", "promised"),
    Column("to_be", "To be", drop=3),
    Column("days_late", "Days late", is_number=True),
    *pick_columns("last_evidence"),
)


def make_report(sites: Iterable[Site], question: Question) -> Report:
    """List the sites that are past a promised date which was not kept, the most overdue first."""
    day = question.day
    judged = ((site, find_overdue(site.state, day)) for site in sites)
    late = [((day - parse_date(one.date).end).days, one.stage, site) for site, one in judged if one]
    late.sort(key=lambda row: (-row[0], row[2].id))
    rows = (name_values(site) | {"to_be": stage, "days_late": days} for days, stage, site in late)
    return Report("Overdue", make_grid(_COLUMNS, rows))
