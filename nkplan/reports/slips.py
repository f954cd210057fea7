"""How often a promised date was moved, by how much, and how late what was promised came."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from nkplan.dates import Event, PartialDate, parse_date, write_by
from nkplan.layout.grid import Column, Phrase, Value, make_grid
from nkplan.layout.report import Report, show_range
from nkplan.model.question import Question

STAGES = {"start": "started", "opening": "opened", "use": "in use", "again": "in use again"}
"""The stages that a date can be promised for, in their order, and what a project is to be by then."""


class PromisedDate(NamedTuple):
    """A date promised for a stage of a project: `said` is when, as written, and `said_day` its effective day.

    `kept` is when the stage came. Use again keeps its latest promise only while it lasts, from `lasting` on;
    `kept` is then the first use after the promise, and `since` the last one before it. `cancelled_day` is
    since when the project, its cohort or its programme is cancelled.
    """

    project: str
    name: str
    type: str
    promised: str
    said: str
    said_day: date
    source: str | None
    evidence: str | None = None
    stage: str = "opening"
    since: date | None = None
    kept: Event | None = None
    cancelled_day: date | None = None
    lasting: Event | None = None
    speaker: str | None = None


class Range(NamedTuple):
    """The least, if that is known, and the most that a number can be when dates are not exact."""

    least: float | None
    most: float


class Slip(NamedTuple):
    """The chain of dates promised for a stage of a project, each once, and what became of them.

    `moved` is the days from the first promised date to the latest, None if either has no end; `late` is those
    from the first to the day on which the stage came, or to the day of the report if it has not come
    (`is_open_ended`); `ratio` is the time taken divided by the time first promised, both counted from the
    promise. What is only known to have come by a day was so many days late at most. `late` and `ratio` are
    None for a date in the future or without an end; `ratio` also for a promise only known to have been made
    by a day. A promised date counts as the last day of its interval. Nothing is late any more from the day on
    which it is cancelled: `cancelled` is that day, if the stage had not surely come before it.
    """

    project: str
    name: str
    type: str
    stage: str
    chain: tuple[PromisedDate, ...]
    moved: int | None
    kept: Event | None
    late: Range | None
    is_open_ended: bool
    ratio: Range | None
    cancelled: date | None = None


def find_slips(given: Iterable[PromisedDate], day: date) -> Iterator[Slip]:
    """Yield the slip of each project and stage.

    `given` must be grouped by project, stage and `since`, each in the order of saying.
    """
    for _, promises in groupby(given, key=lambda one: (one.project, one.stage)):
        chains = [list(chain) for _, chain in groupby(promises, key=lambda one: one.since)]
        for chain in chains:
            is_last_use = chain is chains[-1] and chain[0].stage == "again"
            yield _measure_slip(chain, chain[0].lasting if is_last_use else chain[0].kept, day)


def _measure_slip(promises: list[PromisedDate], kept: Event | None, day: date) -> Slip:
    chain = [promises[0]]
    for one in promises[1:]:
        # Repeating a date does not move it; the first time it was said counts.
        if one.promised != chain[-1].promised:
            chain.append(one)
    first, last = chain[0], chain[-1]
    promised, latest = parse_date(first.promised), parse_date(last.promised)
    moved: int | None = 0  # Dates given on the same day are two readings of one promise, not a move.
    if last.said_day > first.said_day:
        moved = (latest.end - promised.end).days if promised.has_end and latest.has_end else None
    cancelled = first.cancelled_day
    if cancelled is not None and kept is not None and kept.day <= cancelled:
        cancelled = None
    end = _find_end(promised, kept, cancelled, day)
    late = ratio = None
    if end is not None:
        earliest, most = end
        least = None if earliest is None else (earliest - promised.end).days
        late = Range(least, (most - promised.end).days)
        ratio = _divide(first, promised.end, end)
    return Slip(
        project=first.project,
        name=first.name,
        type=first.type,
        stage=first.stage,
        chain=tuple(chain),
        moved=moved,
        kept=kept,
        late=late,
        is_open_ended=kept is None,
        ratio=ratio,
        cancelled=cancelled,
    )


def _find_end(
    promised: PartialDate, kept: Event | None, cancelled: date | None, day: date
) -> tuple[date | None, date] | None:
    """Return the first and the last day up to which lateness can be measured; None if it cannot.

    The first is None for what had come by the last, on a day that nobody knows.
    """
    if not promised.has_end:
        return None
    if kept is not None and (cancelled is None or kept.day <= promised.end):
        return None if kept.is_by else kept.first, kept.day
    end = day if cancelled is None else min(day, cancelled)
    if end <= promised.end:
        return None
    if kept is None:
        return end, end
    return None if kept.is_by else min(kept.first, end), end


def _divide(first: PromisedDate, deadline: date, end: tuple[date | None, date]) -> Range | None:
    """Return the time taken divided by the time promised; None if the promised day was already past."""
    said = parse_date(first.said)
    if not said.has_start:
        return None
    ratios = [
        (last - start).days / (deadline - start).days
        for start in (said.start, first.said_day)
        for last in end
        if last is not None and start < deadline and start <= last
    ]
    return Range(None if end[0] is None else min(ratios), max(ratios)) if ratios else None


def is_slip(slip: Slip) -> bool:
    """Return whether a date was moved, missed or met; an unchanged date in the future is not a slip."""
    return len(slip.chain) > 1 or slip.late is not None or not slip.is_open_ended


_ID = Column("id", "ID")
_TO_BE, _CHAIN, _KEPT = (
    Column("to_be", "To be"),
    Column("chain", "Promised for (said on, by)", wraps=True, min_width=16),
    Column("kept", "Kept", wraps=True, min_width=13),
)
_MOVED_BY = Column("moved", "Days moved", is_number=True, drop=1)
_COLUMNS = (
    _ID,
    Column("name", "Name"),
    Column("type", "Type"),
    _TO_BE,
    Column("dates", "Dates", is_number=True),
    Column("first_promised", "First promised"),
    Column("first_said", "Said"),
    Column("first_source", "Source"),
    Column("latest_promised", "Latest promised"),
    _MOVED_BY,
    _KEPT,
    Column("cancelled", "Cancelled"),
    Column("late_least", "Days late, least", is_number=True),
    Column("late_most", "Days late, most", is_number=True),
    Column("open_ended", "Not kept"),
    Column("ratio_least", "Taken to promised, least", is_number=True),
    Column("ratio_most", "Taken to promised, most", is_number=True),
    _CHAIN,
)
_SCREEN = (
    _ID,
    _CHAIN,
    _KEPT,
    _MOVED_BY,
    Column("late", "Days late", is_number=True),
    Column("ratio", "Ratio", is_number=True, drop=2),
)


def _write_chain(chain: Iterable[PromisedDate]) -> Phrase:
    """Say which dates were promised one after another, each with when it was said and on what evidence."""
    parts: list[tuple[str, bool]] = []
    for given in chain:
        before = ", then " if parts else ""
        parts += [(f"{before}{given.promised} ({given.said}, ", False), (given.evidence or "unknown", True)]
        parts.append((")", False))
    return Phrase(parts)


def make_report(promises: Iterable[PromisedDate], question: Question) -> Report:
    """Show the chain of promised dates, the days moved and late, and the ratio, the most late first."""
    slips = sort_slips(filter(is_slip, find_slips(promises, question.day)))
    rows = list(map(name_slip, slips))
    screen: list[dict[str, Value]] = [
        row | {"kept": describe_end(one)} for row, one in zip(rows, slips, strict=True)
    ]
    columns = list(_SCREEN)
    if any(one.stage != "opening" for one in slips):
        columns.insert(1, _TO_BE)
    notes: tuple[str, ...] = (
        "days late: from the end of the first promised date until it was kept, or to now; negative: early",
        "ratio: the time taken divided by the time first promised, both counted from the promise",
    )
    if any(one.cancelled for one in slips):
        notes += ("of what is cancelled nothing is late any more: days late run until that day",)
    return Report("Slips", make_grid(_COLUMNS, rows), make_grid(tuple(columns), screen), notes)


def sort_slips(slips: Iterable[Slip]) -> list[Slip]:
    """Sort slips, the most late first."""
    return sorted(slips, key=_sort_key)


def _sort_key(slip: Slip) -> tuple[bool, float, str, int]:
    late = slip.late
    return late is None, 0 if late is None else -late.most, slip.project, list(STAGES).index(slip.stage)


def name_slip(slip: Slip) -> dict[str, Value]:
    """Return the values of a slip by column key."""
    first, last = slip.chain[0], slip.chain[-1]
    late: tuple[float | None, float | None] = slip.late or (None, None)
    ratio: tuple[float | None, float | None] = slip.ratio or (None, None)
    values: dict[str, Value] = {
        "id": slip.project,
        "name": slip.name,
        "type": slip.type,
        "to_be": STAGES[slip.stage],
        "dates": len(slip.chain),
        "first_promised": first.promised,
        "first_said": first.said,
        "first_source": first.source,
        "latest_promised": last.promised,
        "moved": slip.moved,
        "kept": _write_kept(slip),
        "cancelled": slip.cancelled.isoformat() if slip.cancelled else None,
        "open_ended": slip.is_open_ended,
        "chain": _write_chain(slip.chain),
        "late": show_range(*late),
        "ratio": show_range(*ratio, digits=1),
    }
    values["late_least"], values["late_most"] = late
    values["ratio_least"], values["ratio_most"] = (number and round(number, 2) for number in ratio)
    return values


def _write_kept(slip: Slip) -> str | None:
    """Return when the promise was kept, as `../D` if the stage was only seen to have come by then."""
    return None if slip.kept is None else write_by(slip.kept.written, slip.kept.first)


def describe_end(slip: Slip) -> str:
    """Say when the promise was kept, or what it is cancelled since."""
    kept = _write_kept(slip)
    parts = [kept] if kept else []
    if slip.cancelled:
        parts.append(f"cancelled {slip.cancelled}")
    return ", ".join(parts) or "not yet"
