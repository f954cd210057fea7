"""Claims that contradict each other: they cannot both be true."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from nkplan.dates import write_by
from nkplan.layout.grid import Column, Grid, Phrase, Value
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.vocabulary import Status
from nkplan.reports.counted import Count, CountConflict, Mismatch
from nkplan.text import list_words, write_number


class Contradiction(StrEnum):
    """The ways in which claims contradict each other."""

    START = "two dates of groundbreaking"
    OPENING = "two opening dates"
    USE = "in use and idle at once"
    UNFINISHED = "seen unfinished after it opened"
    SITES = "said to be complete while its sites are not"


_ALWAYS = "0001-01-01"
_NEVER = "9999-12-31"
_STATUSES = tuple(Status)


def _pick(*statuses: Status) -> frozenset[int]:
    return frozenset(status.rank for status in statuses)


_START = _pick(*(one for one in Status if one.is_start))
_OPENING = _pick(*(one for one in Status if one.is_inauguration))
_IN_USE = _pick(*(one for one in Status if one.is_in_use))
_IDLE = _pick(*(one for one in Status if one.is_unused))
_OPENED = _pick(*(one for one in Status if one.is_complete))
_BEFORE = _pick(*(one for one in Status if one.phase == "before"))
_UNFINISHED = _pick(*(one for one in Status if one.phase in {"before", "work"}))
_HALT = _pick(*(one for one in Status if one.is_halted))
_ANNOUNCED = next(iter(Status)).rank
_COMPLETE = _OPENING | _IN_USE
_USED_OR_IDLE = _IN_USE | _IDLE
_START_AGAIN = _HALT | _BEFORE | _OPENED
_OPEN_AGAIN = _HALT | _UNFINISHED
"""What comes between two events of one kind that can both have happened: a halt, less work, or an opening."""
_TWO_DATES = (
    (Contradiction.START, _START, _START_AGAIN),
    (Contradiction.OPENING, _OPENING, _OPEN_AGAIN),
)
_SEEN_OPEN = {(rank, "observation") for rank in _OPENED}
_SHOWS_UNFINISHED = {(rank, "observation") for rank in _UNFINISHED}
_SHOWS_UNFINISHED |= {(rank, "claim") for rank in _UNFINISHED if rank != _ANNOUNCED}
"""What makes an opening void whose date ended before: what was seen, or the promiser's own word of work."""


class Claim(NamedTuple):
    """A status that an update claims for a project, by rank.

    Days are texts such as 2024-03-15, which sort like days: `day` is the one by which it had surely happened,
    `first` and `last` are those of its date, 0001-01-01 and 9999-12-31 at an open side. `counts_as` is what
    it counts as (see Update.counts_as). The fields from `id` on say nothing about whether it contradicts
    another claim.
    """

    project: str
    day: str
    rank: int
    first: str
    last: str
    counts_as: str
    id: str = ""
    event_date: str = ""
    evidence: str | None = None
    source: str | None = None
    note: str | None = None

    @property
    def status(self) -> Status:
        return _STATUSES[self.rank]

    @property
    def is_observation(self) -> bool:
        return self.counts_as == "observation"


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
    day: str = _NEVER,
) -> list[Conflict]:
    """List the contradictions between what had happened by a day, by project.

    `claims` are those known, also of later; those of a project must come together, in any order. `sites` has
    the sites of each cohort and programme that is called complete. The work grows with the claims, not with
    the pairs of them.
    """
    found: list[Conflict] = []
    for project, together in groupby(claims, key=itemgetter(0)):
        said = sorted(together)
        found += find_own_conflicts(said, day)
        if project in sites:
            found += _find_in_sites([claim for claim in said if claim.day <= day], sites[project])
    found += (Conflict(one.mismatch, one.counts, named=one.named) for one in mismatches)
    return sorted(found, key=lambda conflict: conflict.claims[0].project)


def find_own_conflicts(
    known: Sequence[Claim], day: str = _NEVER, *, can_be_void: bool = True
) -> Iterator[Conflict]:
    """Yield the contradictions between the statuses claimed for one project; these must be in order.

    Whether an opening is void follows from all that is known, as in the schema's view `unfinished`; who knows
    that none is can say so, and spares the look.
    """
    # There can be very many projects: what the ranks alone rule out is not looked at.
    claims = known if known[-1].day <= day else [claim for claim in known if claim.day <= day]
    makers = _find_makers(known) if can_be_void else []
    void_before = max([claim.first for claim in makers], default=_ALWAYS)
    ranks = [claim.rank for claim in claims]
    for contradiction, event, breaks in _TWO_DATES:
        places = [place for place, rank in enumerate(ranks) if rank in event]
        if len(places) > 1:
            for together in _split(claims[places[0] : places[-1] + 1], event, breaks, void_before):
                if at_odds := _find_apart(together):
                    yield Conflict(contradiction, tuple(at_odds))
    is_used_and_idle = not (_IN_USE.isdisjoint(ranks) or _IDLE.isdisjoint(ranks))
    if is_used_and_idle and (at_odds := _find_used_and_idle(claims)):
        yield Conflict(Contradiction.USE, tuple(at_odds))
    if makers and (at_odds := _find_void(claims, [claim for claim in makers if claim.day <= day])):
        yield Conflict(Contradiction.UNFINISHED, tuple(at_odds))


def _split(
    claims: Iterable[Claim], ranks: frozenset[int], breaks: frozenset[int], void_before: str
) -> Iterator[list[Claim]]:
    """Yield the claims of one kind of event that are not apart by a halt, a void opening or new work.

    After one of these there can be another such event. A void opening is an event of no kind.
    """
    together: list[Claim] = []
    for claim in claims:
        rank = claim.rank
        is_void = rank in _OPENED and claim.last < void_before
        if rank in ranks and not is_void:
            together.append(claim)
        elif together and (is_void or rank in breaks) and not _moves_nothing(claim):
            yield together
            together = []
    yield together


def _moves_nothing(claim: Claim) -> bool:
    """Return whether it is the word of no observer that was announced, which does not undo any work."""
    return claim.rank == _ANNOUNCED and not claim.is_observation


def _find_apart(together: Sequence[Claim]) -> list[Claim]:
    """Find the claims whose dates have no day in common with the date of another."""
    if len(together) < 2:
        return []
    latest_first = max([claim.first for claim in together])
    earliest_last = min([claim.last for claim in together])
    if latest_first <= earliest_last:
        return []
    return [claim for claim in together if claim.first > earliest_last or claim.last < latest_first]


def _find_used_and_idle(claims: Sequence[Claim]) -> list[Claim]:
    """Find the claims of use and of idleness that are of one day; within a month it can be both."""
    dated = [claim for claim in claims if claim.rank in _USED_OR_IDLE and claim.first == claim.last]
    both = {claim.first for claim in dated if claim.rank in _IN_USE}
    both &= {claim.first for claim in dated if claim.rank in _IDLE}
    return [claim for claim in dated if claim.first in both]


def _find_makers(known: Sequence[Claim]) -> list[Claim]:
    """Find what makes an opening void whose date had ended before it."""
    seen_open = min(
        [claim.day for claim in known if (claim.rank, claim.counts_as) in _SEEN_OPEN], default=_NEVER
    )
    return [
        claim
        for claim in known
        if (claim.rank, claim.counts_as) in _SHOWS_UNFINISHED and claim.first < seen_open
    ]


def _find_void(claims: Iterable[Claim], makers: Sequence[Claim]) -> list[Claim]:
    """Find void openings and what makes them void."""
    latest = max((claim.first for claim in makers), default=_ALWAYS)
    void = [claim for claim in claims if claim.rank in _OPENED and claim.last < latest]
    earliest = min((claim.last for claim in void), default=_NEVER)
    return sorted([*void, *(claim for claim in makers if claim.first > earliest)])


def _find_in_sites(claims: Iterable[Claim], sites: Sequence[NamedSite]) -> Iterator[Conflict]:
    """Yield the claims that a cohort or programme is complete, with the sites not open by the first of them.

    A site that is cancelled by then is none of those that were to open.
    """
    last = max((_find_end(site) for site in sites), default=_ALWAYS)
    if at_odds := [claim for claim in claims if claim.rank in _COMPLETE and claim.day < last]:
        day = at_odds[0].day
        unopened = tuple(site for site in sites if _find_end(site) > day)
        planned = sum((site.cancelled_day or _NEVER) > day for site in sites)
        yield Conflict(Contradiction.SITES, tuple(at_odds), unopened, planned)


def _find_end(site: NamedSite) -> str:
    """Return the day up to which a site was planned and had surely not opened."""
    return min(site.opened_first or _NEVER, site.cancelled_day or _NEVER)


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


def _describe(claim: Claim | Count) -> Phrase:
    """Say when what was claimed, on what evidence and by which source."""
    said: str = claim.status
    if isinstance(claim, Count):
        of = "" if claim.of is None else f"of {write_number(claim.of)}"
        said = " ".join(filter(None, (write_number(claim.number), of, claim.unit, claim.status)))
    said = f"{claim.event_date}  {said}"
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
    if conflict.sites:
        later = [f"{site.id} ({site.opened_on})" if site.opened else site.id for site in conflict.sites]
        then = "then" if len(conflict.claims) == 1 else conflict.claims[0].event_date
        yield *head, f"{len(later)} of {conflict.named} sites had not opened by {then}: {list_words(later)}"
    elif conflict.named is not None:
        yield *head, f"{conflict.named} named sites had come as far by then"
