"""Counts that sources give, beside the named sites, and where they contradict each other."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple

from nkplan.model.vocabulary import COMPLETION, FIRST, START, Evidence, Status


class Axis(StrEnum):
    """By which evidence named sites are judged, to compare them with a count."""

    CLAIMED = "claim"
    VERIFIED = "observation"
    LATEST = "latest"


class Count(NamedTuple):
    """An update that says how many have a status: `number`, of how many, in which unit if not sites.

    `start` and `end` are the first and the last day of its date, `effective_day` is the day by which it was
    true. `counts_as` is what the update counts as. `is_withdrawn` says whether its source had taken it back.
    """

    project: str
    name: str
    type: str
    id: str
    event_date: str
    start: date
    end: date
    effective_day: date
    status: Status
    number: float
    counts_as: str
    of: float | None = None
    unit: str | None = None
    bound: str | None = None
    evidence: str | None = None
    confidence: str | None = None
    speaker: str | None = None
    source: str | None = None
    withdrawn: str | None = None
    is_withdrawn: bool = False
    announcement: str | None = None
    note: str | None = None

    @property
    def axis(self) -> Axis:
        """By which evidence the named sites are judged beside it."""
        weight = None if self.evidence is None else Evidence(self.evidence).counts_as
        return next((axis for axis in Axis if axis == weight), Axis.LATEST)

    @property
    def is_of_sites(self) -> bool:
        """Whether it counts the sites of a programme or cohort."""
        return self.unit is None and self.type != "site"

    @property
    def can_contradict(self) -> bool:
        """Whether it says an exact number and is neither withdrawn nor of a weight that is only shown."""
        return self.bound is None and not self.is_withdrawn and self.counts_as not in {"news", "nothing"}


class Mismatch(StrEnum):
    """The ways in which counts contradict named sites or each other."""

    FEWER = "fewer than the named sites"
    FALL = "a number completed that falls"


class CountConflict(NamedTuple):
    """Counts that contradict the `named` sites, or each other, in the order of their days."""

    mismatch: Mismatch
    counts: tuple[Count, ...]
    named: int | None = None


Step = tuple[str, str, int, str, int]
"""A site, the day from which it had a status as in 2024-03-15, and the rank of that; the axis, as text, and
whether an observation showed it.
"""

_COUNTED = {
    FIRST: tuple(status.rank for status in Status),
    START: tuple(status.rank for status in Status if status.is_started),
    COMPLETION: tuple(status.rank for status in Status if status.is_complete),
}
"""The statuses, by rank, of what is counted as something that stays true; any other counts only itself."""
_ENDED = frozenset(status.rank for status in Status if status.phase == "ended")
_STARTED = frozenset(status.rank for status in Status if status.is_started)
_FIRST = FIRST.rank


def count_named(
    counts: Iterable[Count],
    steps: Iterable[Step],
    parents: Mapping[str, str],
    programmes: Mapping[str, str | None],
) -> dict[str, int]:
    """Count for each count, by its id, the named sites that had its status on its day and by its evidence.

    What was announced stays so, and so does work that was begun or completed: beside such a count stand all
    sites on record by then, all that had started, all that were complete. Beside any other are those that had
    the status on that day. `parents` has the parent of each site, and `programmes` the programme of each
    parent. The steps of a site must be together and, of one axis, in the order of judgement.
    """
    of_sites = [count for count in counts if count.is_of_sites]
    days = sorted({count.effective_day.isoformat() for count in of_sites})
    changes: defaultdict[tuple[str, str], list[list[int]]] = defaultdict(list)
    for (axis, parent), numbers in _find_changes(steps, parents, days).items():
        for owner in {parent, programmes.get(parent) or parent}:
            changes[axis, owner].append(numbers)
    named: dict[tuple[str, str, Status], list[int]] = {}
    for count in of_sites:
        asked = (count.axis, count.project, count.status)
        if asked not in named:
            named[asked] = _add_up(changes[asked[:2]], count.status, len(days))
    slots = {day: at for at, day in enumerate(days)}
    return {
        count.id: named[count.axis, count.project, count.status][slots[count.effective_day.isoformat()]]
        for count in of_sites
    }


def _add_up(changes: Iterable[Sequence[int]], status: Status, days: int) -> list[int]:
    """Return how many sites had what a status counts on each of the days."""
    ranks = _COUNTED.get(status, (status.rank,))
    # One slice has the changes of one status on all days.
    each = [numbers[rank :: len(Status)] for numbers in changes for rank in ranks]
    return list(accumulate(map(sum, zip(*each, strict=True)))) if each else [0] * days


def _find_changes(
    steps: Iterable[Step], parents: Mapping[str, str], days: Sequence[str]
) -> dict[tuple[str, str], list[int]]:
    """Return by axis and parent how many sites came to a status, less those that left it.

    The numbers are those up to the first of `days`, then up to each further one, for each rank of a status.
    Who is no observer does not move a site back with `announced` once work was shown, unless it had ended.
    """
    statuses = len(Status)
    changes: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * statuses * len(days))
    slots: dict[str, int] = {}
    last_site = ""
    present: dict[str, int] = {}
    started: set[str] = set()
    for site, day, rank, axis, is_observed in steps:
        if site != last_site:
            last_site, present, started = site, {}, set()
        before = present.get(axis)
        if rank == before or (
            rank == _FIRST and axis in started and not is_observed and before not in _ENDED
        ):
            continue
        slot = slots.get(day)
        if slot is None:
            slot = slots[day] = bisect_left(days, day) * statuses
        present[axis] = rank
        if rank in _STARTED:
            started.add(axis)
        change = changes[axis, parents[site]]
        if slot < len(change):
            change[slot + rank] += 1
            if before is not None:
                change[slot + before] -= 1
    return changes


def find_mismatches(counts: Sequence[Count], named: Mapping[str, int]) -> Iterator[CountConflict]:
    """Yield where more sites are named than were counted, then where a number completed falls.

    `named` has the number of named sites for each count, by its id. Counts compare if project, status and
    unit agree; one with a bound never contradicts.
    """
    exact = [count for count in counts if count.can_contradict]
    for count in exact:
        if count.is_of_sites and named.get(count.id, 0) > count.number:
            yield CountConflict(Mismatch.FEWER, (count,), named[count.id])
    alike = itemgetter(0, 1)
    completed = sorted(
        ((count.project, count.unit or "", count) for count in exact if count.status is COMPLETION),
        key=alike,
    )
    for _, together in groupby(completed, key=alike):
        if at_odds := _find_falls([count for _, _, count in together]):
            yield CountConflict(Mismatch.FALL, tuple(at_odds))


def _find_falls(counts: Sequence[Count]) -> list[Count]:
    """Find the counts that are less than one that was surely earlier, and those more than a later one.

    Of two dates that overlap, either can be the earlier.
    """
    at_odds: dict[str, Count] = {}
    by_end = sorted(counts, key=lambda count: count.end)
    by_start = sorted(counts, key=lambda count: count.start)
    # For each count, the most that was counted before its first day: each list is read once.
    most = 0.0
    upcoming = iter(by_end)
    earlier = next(upcoming, None)
    for count in by_start:
        while earlier is not None and earlier.end < count.start:
            most = max(most, earlier.number)
            earlier = next(upcoming, None)
        if count.number < most:
            at_odds[count.id] = count
    # And the least that was counted after its last day, from the end.
    least = float("inf")
    following = reversed(by_start)
    later = next(following, None)
    for count in reversed(by_end):
        while later is not None and later.start > count.end:
            least = min(least, later.number)
            later = next(following, None)
        if count.number > least:
            at_odds[count.id] = count
    return sorted(at_odds.values(), key=lambda count: (count.effective_day, count.number, count.id))
