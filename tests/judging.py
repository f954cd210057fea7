"""Judges facts twice: in a real database, as the program does, and by the manual's rules in plain Python."""

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from nkplan.dates import find_effective_day, find_known_day, parse_date
from nkplan.model.state import State
from nkplan.model.vocabulary import Evidence, Status
from nkplan.rows.state import read_state
from nkplan.sql import read_sql
from nkplan.store.schema import create_schema


class Fact(NamedTuple):
    """What is needed to judge an active update: its claim, and when its source was published."""

    id: str
    event_date: str
    published: str | None = None
    status: Status | None = None
    percent: float | None = None
    promised: str | None = None
    evidence: Evidence | None = None

    @property
    def is_interested(self) -> bool:
        """Whether an interested party said it, whose word sets no status."""
        return self.evidence is Evidence.INTERESTED


def _make_database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    create_schema(connection)
    connection.executescript(
        "INSERT INTO changes (id, uuid, command, recorded, recorded_by, summary)"
        " VALUES (1, 'one', 'load', '2026-01-01T00:00:00Z', 'kim', 'x');"
        "INSERT INTO kinds (id, folded, change_id) VALUES ('other', 'other', 1);"
        "INSERT INTO projects (id, folded, name, type, kind, change_id)"
        " VALUES ('x', 'x', 'X', 'site', 'other', 1);"
    )
    return connection


_DATABASE = _make_database()


def judge(facts: Iterable[Fact]) -> State:
    """Judge facts as the program does: in its schema, by its view."""
    _DATABASE.execute("BEGIN")
    for fact in facts:
        event = parse_date(fact.event_date)
        published = parse_date(fact.published) if fact.published else None
        for date_ in filter(None, (fact.event_date, fact.promised)):
            _DATABASE.execute(read_sql("writing.add_date"), [date_])
        _DATABASE.execute(
            "INSERT INTO updates (id, project, event_date, status, rank, percent, promised, evidence, note,"
            " effective_day, known_day, change_id) VALUES (?, 'x', ?, ?, ?, ?, ?, ?, 'said', ?, ?, 1)",
            [
                fact.id,
                fact.event_date,
                fact.status,
                None if fact.status is None or fact.is_interested else fact.status.rank,
                fact.percent,
                fact.promised,
                fact.evidence,
                find_effective_day(event, published).isoformat(),
                find_known_day(event, published).isoformat(),
            ],
        )
    row = _DATABASE.execute("SELECT * FROM judged").fetchone()
    _DATABASE.execute("ROLLBACK")
    return State() if row is None else read_state(row)


def _order(fact: Fact) -> tuple[date, int, float, str, str, str]:
    """Return a key that sorts updates by effective day, then by status, the furthest last, then by content.

    The id comes last, where it can no longer change a state: an id depends on when it was recorded.
    """
    published = parse_date(fact.published) if fact.published else None
    return (
        find_effective_day(parse_date(fact.event_date), published),
        -1 if fact.status is None else fact.status.rank,
        -1.0 if fact.percent is None else fact.percent,
        fact.promised or "",
        fact.event_date,
        fact.id,
    )


def _sort(facts: Iterable[Fact]) -> list[Fact]:
    """Sort updates by effective day, the latest last."""
    return sorted(facts, key=_order)


def judge_in_python(facts: Iterable[Fact]) -> State:
    """Judge the current state of a project from its active updates, given in any order.

    Updates of one day are ordered by content (see `_order`), so that of one class the further status counts.
    """
    ordered = _sort(fact._replace(status=None) if fact.is_interested else fact for fact in facts)
    if not ordered:
        return State()
    status = claimed = verified = None
    progress: float | None = None
    promised: str | None = None
    for fact in ordered:
        if fact.promised is not None:
            promised = fact.promised
        if fact.percent is not None:
            progress = fact.percent
        elif fact.status is not None:
            progress = _progress_of(fact.status, progress)
        if fact.status is None:
            continue
        status = fact.status
        if fact.evidence is Evidence.PROMISER:
            claimed = fact.status
        elif fact.evidence is not None and fact.evidence.verifies:
            verified = fact.status
    last = ordered[-1]
    broken = _find_first(ordered, {Status.GROUNDBROKEN})
    opened = _find_first(ordered, {Status.COMPLETED, Status.OPERATING})
    return State(
        status=status,
        claimed=claimed,
        verified=verified,
        started=any(fact.status is not None and fact.status.is_started for fact in ordered),
        progress=progress,
        last_date=last.event_date,
        last_day=_order(last)[0],
        promised=promised,
        updates=len(ordered),
        groundbroken=broken and broken.event_date,
        groundbroken_day=broken and _order(broken)[0],
        opened=opened and opened.event_date,
        opened_day=opened and _order(opened)[0],
    )


def _progress_of(status: Status, before: float | None) -> float | None:
    """Return the percentage that a status implies: 100 once opened, 0 before work; else the one before it."""
    if status.is_complete:
        return 100.0
    if status in {Status.ANNOUNCED, Status.PREPARING}:
        return 0.0
    # A percentage from before the work, or from before a reopening, says nothing about the work now.
    return None if before in {0.0, 100.0} else before


def _find_first(facts: Iterable[Fact], statuses: set[Status]) -> Fact | None:
    """Return the first event with one of these statuses; of several on one day, the latest to start."""
    events = [fact for fact in facts if fact.status in statuses]
    return min(
        events,
        key=lambda fact: (
            _order(fact)[0],
            -parse_date(fact.event_date).start.toordinal(),
            fact.event_date,
        ),
        default=None,
    )


def write_state(project: str, state: State) -> tuple[object, ...]:
    """Return a state as a row of the table `states`."""
    days = {name: day.isoformat() for name, day in state._asdict().items() if isinstance(day, date)}
    return (project, *(state._asdict() | days | {"started": int(state.started)}).values())
