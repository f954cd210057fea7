"""Claims that contradict each other: they cannot both be true."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import accumulate, groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

from nkplan.layout.grid import Column, Grid, Phrase, Value
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.vocabulary import Status
from nkplan.text import list_words, write_number


class Contradiction(StrEnum):
    """The ways in which claims contradict each other."""

    START = "two dates of groundbreaking"
    OPENING = "two opening dates"
    USE = "in use and idle at once"
    UNFINISHED = "seen unfinished after it opened"
    SITES = "said to be complete while its sites are not"
    COUNTS = "counts that cannot all be true"
    NAMED = "fewer counted than are named"


class Claim(NamedTuple):
    """A status that an update claims for a project, or a count of what has a status, by rank.

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
    count: float | None = None  # type: ignore[assignment]  # It hides the method of a tuple.
    unit: str | None = None
    id: str = ""
    event_date: str = ""
    evidence: str | None = None
    source: str | None = None
    note: str | None = None
    of: float | None = None

    @property
    def status(self) -> Status:
        return _STATUSES[self.rank]

    @property
    def is_observation(self) -> bool:
        return self.counts_as == "observation"

    @property
    def date(self) -> tuple[str, str]:
        """Its first and last day; two claims of one date are of the same time, as far as they say."""
        return self.first, self.last

    @property
    def has_first(self) -> bool:
        """Whether its date has a first day; what was only seen by a day contradicts nothing up to it."""
        return self.first != _ALWAYS


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
_HALT = _pick(*(one for one in Status if not one.is_step))
_ANNOUNCED = next(iter(Status)).rank
_COMPLETE = _OPENING | _IN_USE
_START_AGAIN = _HALT | _BEFORE | _OPENED
_OPEN_AGAIN = _HALT | _UNFINISHED
"""What comes between two events of one kind that can both have happened: a halt, less work, or an opening."""
_ENDED = _pick(*(one for one in Status if one.phase == "ended"))
_WORKED = _pick(*(one for one in Status if one.is_started))


class NamedSite(NamedTuple):
    """A site of a cohort or programme: when it opened, and the first day on which that can have been.

    If it is cancelled, `cancelled_day` is since when.
    """

    id: str
    name: str
    opened: str | None = None
    opened_first: str | None = None
    cancelled_day: str | None = None


class SiteClaim(NamedTuple):
    """What was claimed or observed of a site of a cohort or programme: the day, and the status by rank."""

    site: str
    day: str
    rank: int
    counts_as: str


class Conflict(NamedTuple):
    """Contradicting claims about one project.

    For a cohort or programme also the sites that contradict them: `sites` of the `named` ones.
    """

    contradiction: Contradiction
    claims: tuple[Claim, ...]
    sites: tuple[NamedSite, ...] = ()
    named: int = 0


def find_conflicts(
    claims: Iterable[Claim],
    sites: Mapping[str, Sequence[NamedSite]],
    counts: Iterable[Claim] = (),
    site_claims: Mapping[str, Sequence[SiteClaim]] | None = None,
) -> list[Conflict]:
    """List the contradictions, by project; the claims of a project must come together, in any order.

    `sites` has the sites of each cohort and programme that is called complete, `site_claims` what is said of
    the sites of each that has counts. The work grows with the claims, not with the pairs of them.
    """
    found: list[Conflict] = []
    for project, together in groupby(claims, key=itemgetter(0)):
        said = sorted(together)
        found += find_own_conflicts(said)
        if project in sites:
            found += _find_in_sites(said, sites[project])
    for project, together in groupby(counts, key=itemgetter(0)):
        counted = sorted(together, key=attrgetter("day", "rank", "id"))
        found += _find_in_counts(counted)
        found += _find_more_named(counted, (site_claims or {}).get(project, ()))
    return sorted(found, key=lambda conflict: conflict.claims[0].project)


def find_own_conflicts(claims: Sequence[Claim]) -> Iterator[Conflict]:
    """Yield the contradictions between the statuses claimed for one project; these must be in order."""
    ranks = {claim.rank for claim in claims}
    for contradiction, event, breaks in (
        (Contradiction.START, _START, _START_AGAIN),
        (Contradiction.OPENING, _OPENING, _OPEN_AGAIN),
    ):
        if not ranks.isdisjoint(event):
            for together in _split(claims, event, breaks):
                if len(together) > 1 and (at_odds := _find_apart(together)):
                    yield Conflict(contradiction, tuple(at_odds))
    is_used_and_idle = not (ranks.isdisjoint(_IN_USE) or ranks.isdisjoint(_IDLE))
    if is_used_and_idle and (at_odds := _find_used_and_idle(claims)):
        yield Conflict(Contradiction.USE, tuple(at_odds))
    is_open_and_not = not (ranks.isdisjoint(_OPENED) or ranks.isdisjoint(_UNFINISHED))
    if is_open_and_not and (at_odds := _find_void(claims)):
        yield Conflict(Contradiction.UNFINISHED, tuple(at_odds))


def _split(claims: Iterable[Claim], ranks: frozenset[int], breaks: frozenset[int]) -> Iterator[list[Claim]]:
    """Yield the claims of one kind of event that are not apart by a halt, a void opening or new work.

    After one of these there can be another such event.
    """
    together: list[Claim] = []
    for claim in claims:
        if claim.rank in ranks:
            together.append(claim)
        elif together and claim.rank in breaks and not _moves_nothing(claim):
            yield together
            together = []
    yield together


def _moves_nothing(claim: Claim) -> bool:
    """Return whether it is the word of no observer that was announced, which does not undo any work."""
    return claim.rank == _ANNOUNCED and not claim.is_observation


def _find_apart(together: Sequence[Claim]) -> list[Claim]:
    """Find the claims whose dates have no day in common with the date of another."""
    latest_first = max(claim.first for claim in together)
    earliest_last = min(claim.last for claim in together)
    return [claim for claim in together if claim.first > earliest_last or claim.last < latest_first]


def _find_used_and_idle(claims: Sequence[Claim]) -> list[Claim]:
    """Find the claims of use and of idleness that are of one date."""
    dated = [claim for claim in claims if claim.rank in _IN_USE | _IDLE and claim.has_first]
    used = {claim.date for claim in dated if claim.rank in _IN_USE}
    both = used & {claim.date for claim in dated if claim.rank in _IDLE}
    return [claim for claim in dated if claim.date in both]


def _find_void(claims: Sequence[Claim]) -> list[Claim]:
    """Find void openings and what makes them void, by the rule of the schema's view `unfinished`."""
    seen_open = min(
        (claim.day for claim in claims if claim.is_observation and claim.rank in _OPENED), default=_NEVER
    )
    later = [
        claim
        for claim in claims
        if claim.rank in _UNFINISHED
        and claim.counts_as in {"observation", "claim"}
        and not _moves_nothing(claim)
        and claim.first < seen_open
    ]
    if not later:
        return []
    latest = max(claim.first for claim in later)
    void = [claim for claim in claims if claim.rank in _OPENED and claim.last < latest]
    earliest = min((claim.last for claim in void), default=_NEVER)
    return sorted([*void, *(claim for claim in later if claim.first > earliest)])


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


def _find_in_counts(counts: Iterable[Claim]) -> Iterator[Conflict]:
    """Yield the counts of a status in a unit that differ at one date, or count what is completed and fall."""
    alike: defaultdict[tuple[int, str], list[Claim]] = defaultdict(list)
    for claim in counts:
        alike[claim.rank, claim.unit or ""].append(claim)
    for (rank, _), same in sorted(alike.items()):
        numbers: defaultdict[tuple[str, str], set[float | None]] = defaultdict(set)
        for claim in same:
            numbers[claim.date].add(claim.count)
        fallen = _find_fallen(same) if rank in _OPENING else set()
        at_odds = [
            claim
            for at, claim in enumerate(same)
            if at in fallen or (claim.has_first and len(numbers[claim.date]) > 1)
        ]
        if at_odds:
            yield Conflict(Contradiction.COUNTS, tuple(at_odds))


def _find_fallen(counts: Sequence[Claim]) -> set[int]:
    """Return the positions of the counts that are higher than a later one, or lower than an earlier one."""
    by_last = sorted((claim.last, claim.count or 0.0) for claim in counts)
    by_first = sorted((claim.first, claim.count or 0.0) for claim in counts)
    lasts, firsts = [last for last, _ in by_last], [first for first, _ in by_first]
    highest = list(accumulate((count for _, count in by_last), max))
    lowest = list(accumulate((count for _, count in reversed(by_first)), min))[::-1]
    fallen = set()
    for at, claim in enumerate(counts):
        count = claim.count or 0.0
        earlier, later = bisect_left(lasts, claim.first), bisect_right(firsts, claim.last)
        if (earlier and highest[earlier - 1] > count) or (later < len(firsts) and lowest[later] < count):
            fallen.add(at)
    return fallen


def _find_more_named(counts: Iterable[Claim], site_claims: Iterable[SiteClaim]) -> Iterator[Conflict]:
    """Yield the counts of sites below the number of sites named on their day, by their class.

    The sites are those named on the day of the last of these counts.
    """
    of_sites = [claim for claim in counts if claim.unit is None and claim.has_first]
    for weight in ("claim", "observation"):
        told = sorted((one for one in site_claims if one.counts_as == weight), key=attrgetter("day", "rank"))
        replayed, at = _NamedSites(), 0
        too_low: defaultdict[int, list[Claim]] = defaultdict(list)
        for claim in of_sites:
            if claim.counts_as == weight:
                at = replayed.replay(told, at, claim.day)
                if replayed.count(claim.rank) > (claim.count or 0.0):
                    too_low[claim.rank].append(claim)
        for rank, claims in sorted(too_low.items()):
            then = _NamedSites()
            then.replay(told, 0, claims[-1].day)
            yield Conflict(Contradiction.NAMED, tuple(claims), then.list(rank))


class _NamedSites:
    """The latest status of each site by one class, as far as its claims were replayed."""

    def __init__(self) -> None:
        self._latest: dict[str, int] = {}
        self._numbers: Counter[int] = Counter()
        self._started: set[str] = set()

    def replay(self, told: Sequence[SiteClaim], at: int, day: str) -> int:
        """Take in what was told up to a day, from a position on; return the position after it."""
        while at < len(told) and told[at].day <= day:
            self._take(told[at])
            at += 1
        return at

    def _take(self, one: SiteClaim) -> None:
        before = self._latest.get(one.site)
        is_announced = one.rank == _ANNOUNCED and one.counts_as != "observation"
        if is_announced and one.site in self._started and before not in _ENDED:
            return  # Once work was shown, it takes nothing back.
        if one.rank in _WORKED:
            self._started.add(one.site)
        if before is not None:
            self._numbers[before] -= 1
        self._latest[one.site] = one.rank
        self._numbers[one.rank] += 1

    def count(self, rank: int) -> int:
        """Count the sites that have a status; whatever has opened is completed."""
        return sum(self._numbers[one] for one in _as_counted(rank))

    def list(self, rank: int) -> tuple[NamedSite, ...]:
        """List the sites that have a status, by id."""
        wanted = _as_counted(rank)
        return tuple(NamedSite(site, "") for site, one in sorted(self._latest.items()) if one in wanted)


def _as_counted(rank: int) -> frozenset[int]:
    return _OPENED if rank in _OPENING else frozenset({rank})


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
        yield (
            number,
            project,
            conflict.contradiction,
            claim.id,
            claim.event_date,
            claim.status,
            claim.count,
            claim.unit,
            claim.evidence,
            claim.source,
            claim.note,
        )
    for site in conflict.sites:
        if conflict.contradiction is Contradiction.NAMED:
            said: str = conflict.claims[-1].status
        else:
            said = "opened" if site.opened else "not opened"
        named = site.name or None
        yield (
            number,
            project,
            conflict.contradiction,
            site.id,
            site.opened,
            said,
            None,
            None,
            None,
            None,
            named,
        )


def _describe(claim: Claim) -> Phrase:
    """Say when what was claimed, on what evidence and by which source."""
    count = "" if claim.count is None else f"{write_number(claim.count)} "
    of = "" if claim.of is None else f"of {write_number(claim.of)} "
    unit = f"{claim.unit} " if claim.unit else ""
    said = f"{claim.event_date}  {count}{of}{unit}{claim.status}"
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
        listed = list_words(
            f"{site.id} ({site.opened})" if site.opened else site.id for site in conflict.sites
        )
        if conflict.contradiction is Contradiction.NAMED:
            yield *head, f"{len(conflict.sites)} sites named: {listed}"
        else:
            then = "then" if len(conflict.claims) == 1 else conflict.claims[0].event_date
            yield (
                *head,
                f"{len(conflict.sites)} of {conflict.named} sites had not opened by {then}: {listed}",
            )
