"""Whether the statuses that are claimed for a project contradict each other: they cannot both be true."""

import json
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from nkplan.model.vocabulary import Status


class Contradiction(StrEnum):
    """The ways in which claims contradict each other."""

    START = "two dates of groundbreaking"
    OPENING = "two opening dates"
    USE = "in use and idle at once"
    UNFINISHED = "seen unfinished after it opened"
    SITES = "said to be complete while its sites are not"


ALWAYS = "0001-01-01"
"""Before any day."""
NEVER = "9999-12-31"
"""After any day."""
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
COMPLETE = _OPENING | _IN_USE
"""The ranks of the statuses that call a project complete."""
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


def find_contradicted(rows: Iterable[tuple[str, str]], day: str = NEVER) -> Iterator[str]:
    """Yield the projects with contradicting claims, of rows of questions.list_possibly_contradicted."""
    for project, claims in rows:
        known = sorted(Claim(project, *said) for said in json.loads(claims))
        if any(find_contradictions(known, day)):
            yield project


def find_contradictions(
    known: Sequence[Claim], day: str = NEVER
) -> Iterator[tuple[Contradiction, list[Claim]]]:
    """Yield the contradictions between the statuses claimed for one project, each with the claims at odds.

    `known` are the claims in order, also of what happened after the day; only what had happened by it
    contradicts. Whether an opening is void follows from all that is known, as in the schema's view
    `unfinished`.
    """
    # There can be very many projects: what the ranks alone rule out is not looked at.
    claims = known if known[-1].day <= day else [claim for claim in known if claim.day <= day]
    makers = _find_makers(known)
    void_before = max([claim.first for claim in makers], default=ALWAYS)
    ranks = [claim.rank for claim in claims]
    for contradiction, event, breaks in _TWO_DATES:
        places = [place for place, rank in enumerate(ranks) if rank in event]
        if len(places) > 1:
            for together in _split(claims[places[0] : places[-1] + 1], event, breaks, void_before):
                if at_odds := _find_apart(together):
                    yield contradiction, at_odds
    is_used_and_idle = not (_IN_USE.isdisjoint(ranks) or _IDLE.isdisjoint(ranks))
    if is_used_and_idle and (at_odds := _find_used_and_idle(claims)):
        yield Contradiction.USE, at_odds
    if makers and (at_odds := _find_void(claims, [claim for claim in makers if claim.day <= day])):
        yield Contradiction.UNFINISHED, at_odds


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
        [claim.day for claim in known if (claim.rank, claim.counts_as) in _SEEN_OPEN], default=NEVER
    )
    return [
        claim
        for claim in known
        if (claim.rank, claim.counts_as) in _SHOWS_UNFINISHED and claim.first < seen_open
    ]


def _find_void(claims: Iterable[Claim], makers: Sequence[Claim]) -> list[Claim]:
    """Find void openings and what makes them void."""
    latest = max((claim.first for claim in makers), default=ALWAYS)
    void = [claim for claim in claims if claim.rank in _OPENED and claim.last < latest]
    earliest = min((claim.last for claim in void), default=NEVER)
    return sorted([*void, *(claim for claim in makers if claim.first > earliest)])
