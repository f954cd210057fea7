"""Sites without news for months."""

from collections.abc import Iterable
from datetime import date

from nkplan.judgement import age_in_months, is_silent
from nkplan.layout.grid import make_grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.reports.sites import name_values, need_columns, pick_columns

_COLUMNS = (
    *pick_columns("id", "name", "kind", "place_name"),
    *need_columns("status"),
    *pick_columns("claimed", "verified", "last_evidence"),
    *need_columns("age_months"),
)


def make_report(sites: Iterable[Site], question: Question) -> Report:
    """List the sites without news for the months of the question, the longest silence first."""
    day, months = question.day, question.months
    silent = [site for site in sites if is_silent(site.state, day, months)]
    silent.sort(key=lambda site: (site.state.last_day or date.min, site.id))
    note = f"no news for {months} months or more, of what is neither open, halted nor ended"
    rows = (name_values(site) | {"age_months": age_in_months(site.state, day)} for site in silent)
    return Report("Silent", make_grid(_COLUMNS, rows), notes=(note,))
