"""Judges facts about one project twice: in a database, as the program does, and by the independent judge."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import judge as independent
from tables import query

from nkplan.dates import find_effective_day, find_known_day, parse_date
from nkplan.model.batch import Update
from nkplan.model.state import State
from nkplan.model.vocabulary import Confidence, Evidence, Status
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
    confidence: Confidence | None = None
    promised_status: Status | None = None
    is_sourced: bool = False
    count: float | None = None  # type: ignore[assignment]  # Of a status only: it says what is counted.

    @property
    def source(self) -> str | None:
        """The id of its source: the date of its publication will do."""
        return self.published or ("undated" if self.is_sourced else None)

    def as_update(self) -> Update:
        """Return the update that claims it."""
        return Update(
            project="x",
            event_date=self.event_date,
            id=self.id,
            status=self.status,
            percent=self.percent,
            promised=self.promised,
            promised_status=self.promised_status if self.promised else None,
            count=self.count if self.status else None,
            evidence=self.evidence,
            confidence=self.confidence,
            source=self.source,
            note="said",
        )


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
        update = fact.as_update()
        event = parse_date(fact.event_date)
        published = parse_date(fact.published) if fact.published else None
        for date_ in filter(None, (fact.event_date, fact.promised)):
            _DATABASE.execute(read_sql("writing.add_date"), [date_])
        _DATABASE.execute(
            "INSERT INTO updates (id, project, event_date, status, rank, percent, promised, promised_status,"
            " count, evidence, confidence, note, counts_as, effective_day, known_day, change_id)"
            " VALUES (?, 'x', ?, ?, ?, ?, ?, ?, ?, ?, ?, 'said', ?, ?, ?, 1)",
            [
                fact.id,
                fact.event_date,
                fact.status,
                update.status.rank if update.status is not None and update.sets_status else None,
                fact.percent,
                fact.promised,
                update.promised_status,
                update.count,
                fact.evidence,
                fact.confidence,
                update.counts_as,
                find_effective_day(event, published).isoformat(),
                find_known_day(event, published).isoformat(),
            ],
        )
    _DATABASE.execute("INSERT INTO unfinished SELECT * FROM judged_unfinished")
    row = _DATABASE.execute("SELECT * FROM judged").fetchone()
    _DATABASE.execute("ROLLBACK")
    return State() if row is None else read_state(row)


def judge_in_python(facts: Iterable[Fact]) -> State:
    """Judge the state of a project of its own from its active updates by the independent judge."""
    every = list(facts)
    if not every:
        return State()
    updates = [_write(fact) for fact in every]
    record = {
        "sources": [
            {"id": "undated"},
            *({"id": day, "published": day} for day in {fact.published for fact in every} if day),
        ],
        "projects": [{"id": "x", "name": "X", "type": "site", "kind": "other"}],
        "updates": updates,
    }
    moment = independent.Moment(date(2999, 12, 31))
    judged = independent.state(record, "x", moment)._asdict()
    news = independent.Judged(independent.read(record), "x", moment).news
    last = max(news, key=_order, default=None)
    words = {name: judged[name] and Status(judged[name]) for name in ("status", "claimed", "verified")}
    return State(
        **{name: judged[name] for name in State._fields if name in judged}
        | words
        | {"last_date": last and last.when.written, "updates": len(every)}
    )


def _write(fact: Fact) -> dict[str, object]:
    """Write a fact as an update of a file."""
    row = fact.as_update()._asdict()
    given = {name: value for name, value in row.items() if value not in (None, (), "")}
    return {name: str(value) if isinstance(value, str) else value for name, value in given.items()}


def _order(claim: independent.Claim) -> tuple[object, ...]:
    """Return a key that sorts news by day, then the status later in the order, then content."""
    row = claim.row
    rank = -1 if claim.status is None or not claim.counts else Status(claim.status).rank
    return (claim.effective, rank, row.get("percent", -1.0), row.get("promised", ""), claim.when.written)


def read_facts(path: Path) -> dict[str, list[Fact]]:
    """Read what the independent judge needs of each project in a database: its updates that count.

    What was undone or is withdrawn does not. What dates a source is its publication, else its retrieval.
    """
    facts: defaultdict[str, list[Fact]] = defaultdict(list)
    for project, status, evidence, confidence, promised_status, sourced, *said in query(
        path,
        "SELECT project, status, updates.evidence, confidence, promised_status, source IS NOT NULL,"
        " updates.id, event_date, coalesce(published, retrieved), percent, promised, count"
        " FROM updates LEFT JOIN sources ON sources.id = updates.source"
        " WHERE updates.undone_in IS NULL AND withdrawn IS NULL",
    ):
        names = ("id", "event_date", "published", "percent", "promised", "count")
        facts[project].append(
            Fact(
                **dict(zip(names, said, strict=True)),
                status=status and Status(status),
                evidence=evidence and Evidence(evidence),
                confidence=confidence and Confidence(confidence),
                promised_status=promised_status and Status(promised_status),
                is_sourced=bool(sourced),
            )
        )
    return facts


def judge_from_scratch(path: Path) -> list[tuple[object, ...]]:
    """Judge each project of a database by the independent judge, as the rows of `states`."""
    facts = read_facts(path)
    return [write_state(project, _judge_once(tuple(facts[project]))) for project in sorted(facts)]


@cache
def _judge_once(facts: tuple[Fact, ...]) -> State:
    """Judge facts once: from one step of a sequence to the next those of most projects stay the same."""
    return judge_in_python(facts)


def write_state(project: str, state: State) -> tuple[object, ...]:
    """Return a state as a row of the table `states`."""
    days = {name: day.isoformat() for name, day in state._asdict().items() if isinstance(day, date)}
    flags = {name: int(value) for name, value in state._asdict().items() if isinstance(value, bool)}
    return (project, *(state._asdict() | days | flags).values())
