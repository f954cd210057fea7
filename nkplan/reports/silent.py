"""What has gone silent."""

from collections.abc import Iterable
from datetime import date

from nkplan.layout.grid import Column, make_grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.reports.sites import name_values, need_columns, pick_columns
from nkplan.reports.state import ABANDONED_MONTHS, age_in_months, is_silent

_COLUMNS = (
    *pick_columns("id", "name", "kind", "place_name"),
    *need_columns("status"),
    *pick_columns("claimed", "verified", "last_evidence"),
    *need_columns("age_months"),
    Column("reads_as", "Reads as"),
)


def make_report(sites: Iterable[Site], question: Question) -> Report:
    """List the sites without evidence for so many months, the longest silence first."""
    day, months = question.day, question.months
    silent = [site for site in sites if is_silent(site.state, day, months)]
    silent.sort(key=lambda site: (site.state.last_day or date.min, site.id))
    rows = []
    for site in silent:
        age = age_in_months(site.state, day)
        reads_as = "abandoned" if age is None or age >= ABANDONED_MONTHS else "silent"
        rows.append(name_values(site) | {"age_months": age, "reads_as": reads_as})
    note = f"without evidence for {months} months; {ABANDONED_MONTHS} and more read as abandoned"
    return Report("Silent", make_grid(_COLUMNS, rows), notes=(note,))
