"""Claims that contradict each other: they cannot both be true."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import combinations, groupby
from typing import NamedTuple

from nkplan.layout.grid import Column, Grid, Phrase, Value
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.vocabulary import Evidence, Status
from nkplan.text import list_words


class Contradiction(StrEnum):
    """The ways in which claims contradict each other."""

    OPENING = "two opening dates"
    START = "two dates of groundbreaking"
    USE = "in use and idle at once"
    UNFINISHED = "seen unfinished after it opened"
    SITES = "said to be complete while its sites are not"


class StatusClaim(NamedTuple):
    """The status that one update claims for a project, and the first and last day it can have begun."""

    project: str
    name: str
    type: str
    id: str
    event_date: str
    start: date
    effective_day: date
    status: Status
    evidence: Evidence | None = None
    source: str | None = None
    note: str | None = None


class Unopened(NamedTuple):
    """A site not yet open when its cohort or programme was called complete; `opened` is when it opened."""

    id: str
    name: str
    opened: str | None


class Conflict(NamedTuple):
    """Contradicting claims about one project; for a cohort or programme, also its sites not yet open."""

    contradiction: Contradiction
    claims: tuple[StatusClaim, ...]
    unopened: tuple[Unopened, ...] = ()
    sites: int = 0


class SiteOpening(NamedTuple):
    """When a site of a cohort or programme opened, if it did: `start` is the first day it can have opened.

    If the day of its opening is not known, `start` is the earliest day there is.
    """

    id: str
    name: str
    opened: str | None = None
    start: date | None = None


def find_conflicts(
    claims: Iterable[StatusClaim], sites: Mapping[str, Sequence[SiteOpening]]
) -> Iterator[Conflict]:
    """Yield the contradictions, project by project; `claims` must be grouped by project and in order.

    `sites` has the sites of each cohort and programme.
    """
    for project, together in groupby(claims, key=lambda claim: claim.project):
        said = list(together)
        if said[0].type == "site":
            yield from _find_in_site(said)
        else:
            yield from _find_in_cohort(said, sites.get(project, ()))


def _find_in_site(claims: Sequence[StatusClaim]) -> Iterator[Conflict]:
    for contradiction, status in (
        (Contradiction.START, Status.GROUNDBROKEN),
        (Contradiction.OPENING, Status.COMPLETED),
    ):
        if at_odds := _find_apart([claim for claim in claims if claim.status is status], claims):
            yield Conflict(contradiction, tuple(at_odds))
    in_use = [claim for claim in claims if claim.status is Status.OPERATING]
    idle = [claim for claim in claims if claim.status is Status.IDLE]
    if at_odds := _keep_order(
        pair for pair in _pair(in_use, idle) if _have_starts(*pair) and _overlap(*pair)
    ):
        yield Conflict(Contradiction.USE, tuple(at_odds))
    opened = [claim for claim in claims if claim.status.is_complete and claim.status is not Status.IDLE]
    seen = [
        claim
        for claim in claims
        if claim.evidence is not None
        and claim.evidence.verifies
        and claim.status.is_started
        and not claim.status.is_complete
    ]
    if at_odds := _keep_order(pair for pair in _pair(opened, seen) if pair[1].start > pair[0].effective_day):
        yield Conflict(Contradiction.UNFINISHED, tuple(at_odds))


def _pair(
    some: Sequence[StatusClaim], others: Sequence[StatusClaim]
) -> Iterator[tuple[StatusClaim, StatusClaim]]:
    return ((one, other) for one in some for other in others)


def _overlap(one: StatusClaim, other: StatusClaim) -> bool:
    return one.start <= other.effective_day and other.start <= one.effective_day


def _have_starts(one: StatusClaim, other: StatusClaim) -> bool:
    """Return whether both say when they began; what was only seen by a day contradicts nothing up to it."""
    return date.min not in {one.start, other.start}


def _find_apart(same: Sequence[StatusClaim], claims: Sequence[StatusClaim]) -> list[StatusClaim]:
    """Find the claims of one event that cannot all be of the same day.

    If the project moved back in between, for example after a halt, each was an event of its own. An image
    shows what exists on its day, not since when, so it agrees with an earlier event.
    """
    return _keep_order(
        (one, other)
        for one, other in combinations(same, 2)
        if not _overlap(one, other)
        and other.evidence is not Evidence.IMAGERY
        and not _went_back(one, other, claims)
    )


def _went_back(one: StatusClaim, other: StatusClaim, claims: Sequence[StatusClaim]) -> bool:
    """Return whether the project moved back between two claims: less was done, or there was a halt."""
    return any(
        one.effective_day < claim.effective_day < other.effective_day
        and (claim.status.reach < one.status.reach or claim.status in {Status.PAUSED, Status.IDLE})
        for claim in claims
    )


def _keep_order(pairs: Iterable[tuple[StatusClaim, StatusClaim]]) -> list[StatusClaim]:
    """Return the claims of the pairs, each once, in the order in which they are judged."""
    found = {claim.id: claim for pair in pairs for claim in pair}
    return sorted(found.values(), key=lambda claim: (claim.effective_day, claim.status.rank, claim.id))


def _find_in_cohort(claims: Sequence[StatusClaim], sites: Sequence[SiteOpening]) -> Iterator[Conflict]:
    for claim in claims:
        if not claim.status.is_complete or claim.status is Status.IDLE:
            continue
        unopened = [
            Unopened(site.id, site.name, site.opened)
            for site in sites
            if site.start is None or site.start > claim.effective_day
        ]
        if unopened:
            yield Conflict(Contradiction.SITES, (claim,), tuple(unopened), len(sites))


_COLUMNS = (
    Column("conflict", "No.", is_number=True),
    Column("project", "Project"),
    Column("clash", "Contradiction", wraps=True, min_width=14),
    Column("id", "Update or site ID"),
    Column("event_date", "Date"),
    Column("status", "Status"),
    Column("evidence", "Evidence", is_word=True),
    Column("source", "Source"),
    Column("note", "Note"),
)
_SCREEN = (*_COLUMNS[:3], Column("claims", "What is claimed", wraps=True, min_width=30))


def make_report(
    facts: tuple[Iterable[StatusClaim], Mapping[str, Sequence[SiteOpening]]], _: Question
) -> Report:
    """List contradicting claims under one number, together with a cohort's unopened sites."""
    every = list(find_conflicts(*facts))
    rows = tuple(row for number, one in enumerate(every, 1) for row in _list_rows(number, one))
    screen = tuple(row for number, one in enumerate(every, 1) for row in _list_lines(number, one))
    return Report("Conflicts", Grid(_COLUMNS, rows), Grid(_SCREEN, screen))


def _list_rows(number: int, conflict: Conflict) -> Iterator[tuple[Value, ...]]:
    project = conflict.claims[0].project
    for claim in conflict.claims:
        yield (
            number,
            project,
            conflict.contradiction,
            claim.id,
            claim.event_date,
            claim.status,
            claim.evidence,
            claim.source,
            claim.note,
        )
    for site in conflict.unopened:
        opened = "opened" if site.opened else "not opened"
        yield number, project, conflict.contradiction, site.id, site.opened, opened, None, None, site.name


def _describe(claim: StatusClaim) -> Phrase:
    """Say when what was claimed, on what evidence and by which source."""
    said = f"{claim.event_date}  {claim.status}"
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
    if conflict.unopened:
        later = [f"{site.id} ({site.opened})" if site.opened else site.id for site in conflict.unopened]
        yield *head, f"{len(later)} of {conflict.sites} sites had not opened by then: {list_words(later)}"
