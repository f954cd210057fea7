"""Claims and counts that contradict each other, and sites that contradict what is said of them together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from nkplan.contradictions import ALWAYS, COMPLETE, NEVER, Claim, Contradiction, find_contradictions
from nkplan.dates import write_by
from nkplan.layout.grid import Column, Grid, Phrase, Value
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.reports.counted import Count, CountConflict, Mismatch
from nkplan.text import list_words, write_number


class NamedSite(NamedTuple):
    """A site of a cohort or programme: when it opened, and the first day on which that can have been.

    If it is cancelled, `cancelled_day` is since when.
    """

    id: str
    name: str
    opened: str | None = None
    opened_first: str | None = None
    cancelled_day: str | None = None

    @property
    def opened_on(self) -> str | None:
        """The date of the opening, `../D` if it was only seen to be open by then."""
        return self.opened and write_by(self.opened, self.opened_first)


class Conflict(NamedTuple):
    """Contradicting claims or counts of one project.

    For a cohort or programme also the `sites` that had not opened, of the `named` ones.
    """

    contradiction: Contradiction | Mismatch
    claims: tuple[Claim | Count, ...]
    sites: tuple[NamedSite, ...] = ()
    named: int | None = None


def find_conflicts(
    claims: Iterable[Claim],
    sites: Mapping[str, Sequence[NamedSite]],
    mismatches: Iterable[CountConflict] = (),
    day: str = NEVER,
) -> list[Conflict]:
    """List the contradictions between what had happened by a day, by project.

    `claims` are those known, also of later; those of a project must come together, in any order. `sites` has
    the sites of each cohort and programme that is called complete. The work grows with the claims, not with
    the pairs of them.
    """
    found: list[Conflict] = []
    for project, together in groupby(claims, key=itemgetter(0)):
        said = sorted(together)
        found += (Conflict(what, tuple(at_odds)) for what, at_odds in find_contradictions(said, day))
        if project in sites:
            found += _find_in_sites([claim for claim in said if claim.day <= day], sites[project])
    found += (Conflict(one.mismatch, one.counts, named=one.named) for one in mismatches)
    return sorted(found, key=lambda conflict: conflict.claims[0].project)


def _find_in_sites(claims: Iterable[Claim], sites: Sequence[NamedSite]) -> Iterator[Conflict]:
    """Yield the claims that a cohort or programme is complete, with the sites not open by the first of them.

    A site that is cancelled by then is none of those that were to open.
    """
    last = max((_find_end(site) for site in sites), default=ALWAYS)
    if at_odds := [claim for claim in claims if claim.rank in COMPLETE and claim.day < last]:
        day = at_odds[0].day
        unopened = tuple(site for site in sites if _find_end(site) > day)
        planned = sum((site.cancelled_day or NEVER) > day for site in sites)
        yield Conflict(Contradiction.SITES, tuple(at_odds), unopened, planned)


def _find_end(site: NamedSite) -> str:
    """Return the day up to which a site was planned and had surely not opened."""
    return min(site.opened_first or NEVER, site.cancelled_day or NEVER)


_COLUMNS = (
    Column("conflict", "No.", is_number=True),
    Column("project", "Project"),
    Column("clash", "Contradiction", wraps=True, min_width=14),
    Column("id", "Update or site ID"),
    Column("event_date", "Date"),
    Column("status", "Status"),
    Column("count", "Count", is_number=True),
    Column("unit", "Unit"),
    Column("evidence", "Evidence", is_word=True),
    Column("source", "Source"),
    Column("note", "Note"),
)
_SCREEN = (*_COLUMNS[:3], Column("claims", "What is claimed", wraps=True, min_width=30))


def make_report(conflicts: Iterable[Conflict], _: Question) -> Report:
    """List contradicting claims under one number, together with the sites that contradict them."""
    every = list(conflicts)
    rows = (row for number, one in enumerate(every, 1) for row in _list_rows(number, one))
    screen = (row for number, one in enumerate(every, 1) for row in _list_lines(number, one))
    return Report("Conflicts", Grid(_COLUMNS, rows), Grid(_SCREEN, screen))


def _list_rows(number: int, conflict: Conflict) -> Iterator[tuple[Value, ...]]:
    project = conflict.claims[0].project
    for claim in conflict.claims:
        count = (claim.number, claim.unit) if isinstance(claim, Count) else (None, None)
        yield (
            number,
            project,
            conflict.contradiction,
            claim.id,
            claim.event_date,
            claim.status,
            *count,
            claim.evidence,
            claim.source,
            claim.note,
        )
    for site in conflict.sites:
        said = "opened" if site.opened else "not opened"
        yield number, project, conflict.contradiction, site.id, site.opened_on, said, *(None,) * 4, site.name


def describe_said(claim: Claim | Count) -> str:
    """Say what was claimed: a status, or how many of how many have it."""
    if not isinstance(claim, Count):
        return claim.status
    of = "" if claim.of is None else f"of {write_number(claim.of)}"
    return " ".join(filter(None, (write_number(claim.number), of, claim.unit, claim.status)))


def _describe(claim: Claim | Count) -> Phrase:
    """Say when what was claimed, on what evidence and by which source."""
    said = f"{claim.event_date}  {describe_said(claim)}"
    evidence, source = claim.evidence or "", claim.source or ""
    if not (evidence or source):
        return Phrase([(said, False)])
    between = ", " if evidence and source else ""
    return Phrase([(f"{said} (", False), (evidence, True), (f"{between}{source})", False)])


def _list_lines(number: int, conflict: Conflict) -> Iterator[tuple[Value, ...]]:
    """Yield the rows for a table: repeated values appear once, and one sentence sums up the sites."""
    head: tuple[Value, ...] = (number, conflict.claims[0].project, conflict.contradiction)
    for claim in conflict.claims:
        yield *head, _describe(claim)
        head = (None, None, None)
    if about := describe_sites(conflict):
        later = [f"{site.id} ({site.opened_on})" if site.opened else site.id for site in conflict.sites]
        yield *head, f"{about}: {list_words(later)}" if later else about


def describe_sites(conflict: Conflict) -> str | None:
    """Say how many sites are at odds with what is said of them together; None if it is about no sites."""
    if conflict.sites:
        then = "then" if len(conflict.claims) == 1 else conflict.claims[0].event_date
        return f"{len(conflict.sites)} of {conflict.named} sites had not opened by {then}"
    return None if conflict.named is None else f"{conflict.named} named sites had come as far by then"
