"""What has gone silent."""

from collections.abc import Iterable
from datetime import date

from nkplan.layout.grid import Column, Grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.reports.sites import need_columns, pick_columns
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
        rows.append(
            (
                site.id,
                site.name,
                site.kind,
                site.place_name,
                site.state.status,
                site.state.claimed,
                site.state.verified,
                site.state.last_date,
                age,
                "abandoned" if age is None or age >= ABANDONED_MONTHS else "silent",
            )
        )
    note = f"without evidence for {months} months; {ABANDONED_MONTHS} and more read as abandoned"
    return Report("Silent", Grid(_COLUMNS, tuple(rows)), notes=(note,))
