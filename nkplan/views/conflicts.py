"""Where claims contradict each other."""

from collections.abc import Iterable, Iterator

from nkplan.report.conflicts import Conflict
from nkplan.text import list_words
from nkplan.views.grid import Column, Grid, Value
from nkplan.views.report import Report

_COLUMNS = (
    Column("conflict", "No.", is_number=True),
    Column("project", "Project"),
    Column("clash", "Contradiction"),
    Column("id", "Update or site ID"),
    Column("event_date", "Date"),
    Column("status", "Status"),
    Column("evidence", "Evidence"),
    Column("source", "Source"),
    Column("note", "Note"),
)
_SCREEN = (*_COLUMNS[:3], Column("claims", "What is claimed"))


def make_report(conflicts: Iterable[Conflict]) -> Report:
    """Put claims that contradict each other under one number, and a cohort's unopened sites with them."""
    every = list(conflicts)
    rows = tuple(row for number, one in enumerate(every, 1) for row in _list_rows(number, one))
    screen = tuple(row for number, one in enumerate(every, 1) for row in _list_lines(number, one))
    return Report("Conflicts", Grid(_COLUMNS, rows), Grid(_SCREEN, screen))


def _list_rows(number: int, conflict: Conflict) -> Iterator[tuple[Value, ...]]:
    project = conflict.claims[0].project
    for claim in conflict.claims:
        yield (
            number,
            project,
            conflict.clash,
            claim.id,
            claim.event_date,
            claim.status,
            claim.evidence,
            claim.source,
            claim.note,
        )
    for site in conflict.unopened:
        opened = "opened" if site.opened else "not opened"
        yield number, project, conflict.clash, site.id, site.opened, opened, None, None, site.name


def _list_lines(number: int, conflict: Conflict) -> Iterator[tuple[Value, ...]]:
    """Give the rows for a person: what repeats is said once, and sites are summed up in a sentence."""
    head: tuple[Value, ...] = (number, conflict.claims[0].project, conflict.clash)
    for claim in conflict.claims:
        known = ", ".join(filter(None, [claim.evidence, claim.source]))
        yield *head, f"{claim.event_date}  {claim.status}{f' ({known})' if known else ''}"
        head = (None, None, None)
    if conflict.unopened:
        later = [f"{site.id} ({site.opened})" if site.opened else site.id for site in conflict.unopened]
        yield *head, f"{len(later)} of {conflict.sites} sites had not opened by then: {list_words(later)}"
