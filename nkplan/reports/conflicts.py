"""Where claims contradict each other: two that can not both be true."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import combinations, groupby
from typing import NamedTuple

from nkplan.layout.grid import Column, Grid, Value
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.vocabulary import Evidence, Status
from nkplan.text import list_words


class Clash(StrEnum):
    """What claims contradict each other in."""

    OPENING = "two opening dates"
    START = "two dates of groundbreaking"
    USE = "in use and idle at once"
    UNFINISHED = "seen unfinished after it opened"
    SITES = "said to be complete while its sites are not"


class Claim(NamedTuple):
    """What one update claims of a project's status: when, from `start` to the day by which it surely was."""

    project: str
    name: str
    type: str
    id: str
    event_date: str
    start: date
    settled: date
    status: Status
    evidence: Evidence | None = None
    source: str | None = None
    note: str | None = None


class Unopened(NamedTuple):
    """A site that had not opened when more was claimed of what it belongs to; `opened` is when it did."""

    id: str
    name: str
    opened: str | None


class Conflict(NamedTuple):
    """The claims of one project that contradict each other; of a cohort, its sites that had not opened."""

    clash: Clash
    claims: tuple[Claim, ...]
    unopened: tuple[Unopened, ...] = ()
    sites: int = 0


class SiteOpening(NamedTuple):
    """When a site of a cohort or programme opened, if it did: `start` is the first day it can have been.

    Where it is not known when it opened, that is any day.
    """

    id: str
    name: str
    opened: str | None = None
    start: date | None = None


def find_conflicts(claims: Iterable[Claim], sites: Mapping[str, Sequence[SiteOpening]]) -> Iterator[Conflict]:
    """Go through what contradicts itself, project by project; claims come project by project, in order.

    `sites` has those of each cohort and programme.
    """
    for project, together in groupby(claims, key=lambda claim: claim.project):
        said = list(together)
        if said[0].type == "site":
            yield from _find_in_site(said)
        else:
            yield from _find_in_cohort(said, sites.get(project, ()))


def _find_in_site(claims: Sequence[Claim]) -> Iterator[Conflict]:
    for clash, status in ((Clash.START, Status.GROUNDBROKEN), (Clash.OPENING, Status.COMPLETED)):
        if at_odds := _find_apart([claim for claim in claims if claim.status is status], claims):
            yield Conflict(clash, tuple(at_odds))
    in_use = [claim for claim in claims if claim.status is Status.OPERATING]
    idle = [claim for claim in claims if claim.status is Status.IDLE]
    if at_odds := _keep_order(pair for pair in _pair(in_use, idle) if _overlap(*pair)):
        yield Conflict(Clash.USE, tuple(at_odds))
    opened = [claim for claim in claims if claim.status.is_complete and claim.status is not Status.IDLE]
    seen = [
        claim
        for claim in claims
        if claim.evidence is not None
        and claim.evidence.verifies
        and claim.status.is_started
        and not claim.status.is_complete
    ]
    if at_odds := _keep_order(pair for pair in _pair(opened, seen) if pair[1].start > pair[0].settled):
        yield Conflict(Clash.UNFINISHED, tuple(at_odds))


def _pair(some: Sequence[Claim], others: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    return ((one, other) for one in some for other in others)


def _overlap(one: Claim, other: Claim) -> bool:
    return one.start <= other.settled and other.start <= one.settled


def _find_apart(same: Sequence[Claim], claims: Sequence[Claim]) -> list[Claim]:
    """Find the claims of one event that can not have been on the same day.

    Where the project went back in between, as after a halt, each was an event of its own. An image tells what
    is there on its day and not since when, so it agrees with an event before it.
    """
    return _keep_order(
        (one, other)
        for one, other in combinations(same, 2)
        if not _overlap(one, other)
        and other.evidence is not Evidence.SATELLITE_IMAGERY
        and not _went_back(one, other, claims)
    )


def _went_back(one: Claim, other: Claim, claims: Sequence[Claim]) -> bool:
    """Tell whether something between two claims undid the first: less was done then, or there was a halt."""
    return any(
        one.settled < claim.settled < other.settled
        and (claim.status.reach < one.status.reach or claim.status in {Status.PAUSED, Status.IDLE})
        for claim in claims
    )


def _keep_order(pairs: Iterable[tuple[Claim, Claim]]) -> list[Claim]:
    """Give the claims of pairs, each once, in the order of judgement."""
    found = {claim.id: claim for pair in pairs for claim in pair}
    return sorted(found.values(), key=lambda claim: (claim.settled, claim.status.rank, claim.id))


def _find_in_cohort(claims: Sequence[Claim], sites: Sequence[SiteOpening]) -> Iterator[Conflict]:
    for claim in claims:
        if not claim.status.is_complete or claim.status is Status.IDLE:
            continue
        unopened = [
            Unopened(site.id, site.name, site.opened)
            for site in sites
            if site.start is None or site.start > claim.settled
        ]
        if unopened:
            yield Conflict(Clash.SITES, (claim,), tuple(unopened), len(sites))


_COLUMNS = (
    Column("conflict", "No.", is_number=True),
    Column("project", "Project"),
    Column("clash", "Contradiction", wraps=True, min_width=14),
    Column("id", "Update or site ID"),
    Column("event_date", "Date"),
    Column("status", "Status"),
    Column("evidence", "Evidence"),
    Column("source", "Source"),
    Column("note", "Note"),
)
_SCREEN = (*_COLUMNS[:3], Column("claims", "What is claimed", wraps=True, min_width=30))


def make_report(facts: tuple[Iterable[Claim], Mapping[str, Sequence[SiteOpening]]], _: Question) -> Report:
    """Put claims that contradict each other under one number, and a cohort's unopened sites with them."""
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
