"""How often a promised date was moved, by how much, and how late the opening was."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from nkplan.dates import parse_date
from nkplan.layout.grid import Column, Phrase, Value, make_grid
from nkplan.layout.report import Report, show_range
from nkplan.model.question import Question
from nkplan.model.vocabulary import Status


class PromisedDate(NamedTuple):
    """A date promised for a project: `said` is when, as written, `said_day` the effective day of that."""

    project: str
    name: str
    type: str
    promised: str
    said: str
    said_day: date
    source: str | None
    evidence: str | None = None
    opened: str | None = None
    opened_day: date | None = None
    status: Status | None = None


class Range(NamedTuple):
    """The least and the most that a number can be when dates are not exact."""

    least: float
    most: float


class Slip(NamedTuple):
    """The chain of dates promised for a project, each once, and what became of them.

    `moved` is the days from the first promised date to the latest, None if either has no end; `late` is those
    from the first to the opening, or to the day of the report if there was none (`is_open_ended`); `ratio` is
    the time taken divided by the time first promised, both counted from the promise. `late` and `ratio` are
    None for a date in the future or without an end, and for a site that opened on an unknown day or was only
    seen open by a day; `ratio` also for a promise only known to have been made by a day. A promised date
    counts as the last day of its interval.
    """

    project: str
    name: str
    type: str
    chain: tuple[PromisedDate, ...]
    moved: int | None
    late: Range | None
    is_open_ended: bool
    ratio: Range | None


def find_slips(given: Iterable[PromisedDate], day: date) -> Iterator[Slip]:
    """Yield the slip of each project; `given` must be grouped by project, each in the order of saying."""
    for _, promises in groupby(given, key=lambda one: one.project):
        yield _measure_slip(list(promises), day)


def _measure_slip(promises: list[PromisedDate], day: date) -> Slip:
    chain = [promises[0]]
    for one in promises[1:]:
        # Repeating a date does not move it; the first time it was said counts.
        if one.promised != chain[-1].promised:
            chain.append(one)
    first, last = chain[0], chain[-1]
    promised, latest, said = map(parse_date, (first.promised, last.promised, first.said))
    deadline = promised.end
    is_measurable = promised.has_end
    if first.opened is not None and first.opened_day is not None:
        opening = parse_date(first.opened)
        is_measurable &= opening.has_start
        opened = (opening.start, first.opened_day)
    else:
        opened = (day, day)
    # An idle site has opened, even if no update says when.
    is_open_ended = first.opened is None and not (first.type == "site" and first.status is Status.IDLE)
    is_known = is_measurable and (first.opened is not None or (is_open_ended and day > deadline))
    moved: int | None = 0  # Dates given on the same day are two readings of one promise, not a move.
    if last.said_day > first.said_day:
        moved = (latest.end - deadline).days if promised.has_end and latest.has_end else None
    ratio = None
    if is_known and said.has_start:
        ratio = _divide((said.start, first.said_day), deadline, opened)
    return Slip(
        project=first.project,
        name=first.name,
        type=first.type,
        chain=tuple(chain),
        moved=moved,
        late=Range((opened[0] - deadline).days, (opened[1] - deadline).days) if is_known else None,
        is_open_ended=is_open_ended,
        ratio=ratio,
    )


def _divide(said: tuple[date, date], deadline: date, opened: tuple[date, date]) -> Range | None:
    """Return the time taken divided by the time promised; None if the promised day was already past."""
    ratios = [
        (end - start).days / (deadline - start).days
        for start in said
        for end in opened
        if start < deadline and start <= end
    ]
    return Range(min(ratios), max(ratios)) if ratios else None


def is_slip(slip: Slip) -> bool:
    """Return whether a date was moved, missed or met; an unchanged date in the future is not a slip."""
    return len(slip.chain) > 1 or slip.late is not None or not slip.is_open_ended


_ID = Column("id", "ID")
_CHAIN, _OPENED = (
    Column("chain", "Promised for (said on, by)", wraps=True, min_width=16),
    Column("opened", "Opened"),
)
_MOVED_BY = Column("moved", "Days moved", is_number=True, drop=1)
_COLUMNS = (
    _ID,
    Column("name", "Name"),
    Column("type", "Type"),
    Column("dates", "Dates", is_number=True),
    Column("first_promised", "First promised"),
    Column("first_said", "Said"),
    Column("first_source", "Source"),
    Column("latest_promised", "Latest promised"),
    _MOVED_BY,
    _OPENED,
    Column("late_least", "Days late, least", is_number=True),
    Column("late_most", "Days late, most", is_number=True),
    Column("open_ended", "Not opened"),
    Column("ratio_least", "Taken to promised, least", is_number=True),
    Column("ratio_most", "Taken to promised, most", is_number=True),
    _CHAIN,
)
_SCREEN = (
    _ID,
    _CHAIN,
    _OPENED,
    _MOVED_BY,
    Column("late", "Days late", is_number=True),
    Column("ratio", "Times as long", is_number=True),
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
    slips = filter(is_slip, find_slips(promises, question.day))
    ordered = sorted(slips, key=lambda slip: (slip.late is None, slip.late and -slip.late.most, slip.project))
    rows: list[dict[str, Value]] = []
    screen: list[dict[str, Value]] = []
    for one in ordered:
        first, last = one.chain[0], one.chain[-1]
        late: tuple[float | None, float | None] = one.late or (None, None)
        ratio: tuple[float | None, float | None] = one.ratio or (None, None)
        values: dict[str, Value] = {
            "id": one.project,
            "name": one.name,
            "type": one.type,
            "dates": len(one.chain),
            "first_promised": first.promised,
            "first_said": first.said,
            "first_source": first.source,
            "latest_promised": last.promised,
            "moved": one.moved,
            "opened": first.opened,
            "open_ended": one.is_open_ended,
            "chain": _write_chain(one.chain),
            "late": show_range(*late),
            "ratio": show_range(*ratio, digits=1),
        }
        values["late_least"], values["late_most"] = late
        values["ratio_least"], values["ratio_most"] = (number and round(number, 2) for number in ratio)
        rows.append(values)
        unopened = "not yet" if one.is_open_ended else "unknown"
        screen.append(values | {"opened": first.opened or unopened})
    notes = (
        "days late: from the end of the first promised date to the opening, or to now; negative means early",
        "times as long: the time taken divided by the time first promised, both counted from the promise",
    )
    return Report("Slips", make_grid(_COLUMNS, rows), make_grid(_SCREEN, screen), notes)
