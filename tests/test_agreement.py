"""The program and the independent judge agree on random records with every field, at any moment.

`NKPLAN_EXAMPLES=3000` is the long form.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import judge
import judge_views
from examples import example_count
from hypothesis import given, settings
from hypothesis import strategies as st
from random_records import TODAY, Row, counted_records, moments, records

from nkplan.dates import parse_date
from nkplan.formats.json import read_file
from nkplan.model.batch import Batch, Update
from nkplan.model.moment import Moment
from nkplan.model.question import Question
from nkplan.model.state import State
from nkplan.model.vocabulary import Confidence, Evidence, Status
from nkplan.queries.conflicts import fetch as fetch_conflicts
from nkplan.queries.counts import fetch as fetch_counts
from nkplan.queries.reader import Reader, reading
from nkplan.reports.conflicts import Claim, Contradiction, find_conflicts
from nkplan.reports.counted import Mismatch, find_mismatches
from nkplan.rows.state import read_state
from nkplan.store.create import create_database
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder

RECORDER = Recorder("kim", datetime(2026, 11, 25, tzinfo=UTC))
Days = tuple[date | None, date | None]


@cache
def make_empty() -> bytes:
    """Make a database without rows, as bytes: to make one takes longer than to judge."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        create_database(path, [Batch()], RECORDER)
        return path.read_bytes()


@contextmanager
def recording(content: Row) -> Iterator[Path]:
    """Record the content of a file in a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "nkplan.db")
        path.write_bytes(make_empty())
        batch = read_file(json.dumps(content).encode(), TODAY)
        record_batch(path, batch, "load", RECORDER, summary="a random record")
        yield path


def read_states(reader: Reader, content: Row) -> dict[str, State]:
    """Read the state of each project; that of a site with what its cohort and programme add to it."""
    found = {}
    for project in content["projects"]:
        query = "details.state_of_site" if project["type"] == "site" else "stored.states_by_key"
        ids = {"site": project["id"]} if project["type"] == "site" else {"projects": f'["{project["id"]}"]'}
        found[project["id"]] = read_state(reader.fetch(query, **ids).fetchone())
    return found


def list_judged(state: Any, type_: str = "site") -> dict[str, Any]:
    """Return what is judged of a state, by the names that the program and the judge share.

    The state of a cohort is its own: what its programme adds to it is added where it is asked for.
    """
    shared = [name for name in State._fields if name in judge.State._fields]
    return {name: getattr(state, name) for name in shared if type_ != "cohort" or name != "cancelled_day"}


@given(records(), moments())
@settings(max_examples=example_count(60))
def test_the_states_of_the_program_are_those_of_the_judge(content: Row, days: Days) -> None:
    moment = judge.Moment(TODAY, *days)
    types = {row["id"]: row["type"] for row in content["projects"]}
    with recording(content) as path, reading(path, Moment(TODAY, *days)) as reader:
        for project, state in read_states(reader, content).items():
            # A project of which nothing had been heard is not in the record of that day.
            if state.updates or moment.is_plain:
                expected = list_judged(judge.state(content, project, moment), types[project])
                assert list_judged(state, types[project]) == expected, project


@given(counted_records(), moments())
@settings(max_examples=example_count(40))
def test_the_counts_of_the_program_are_those_of_the_judge(content: Row, days: Days) -> None:
    """Which counts there are, the named sites beside each, and what contradicts them."""
    # A day of today or later is no day asked for: see cli/session.py.
    days = (
        days[0] if days[0] and days[0] < TODAY else None,
        days[1] if days[1] and days[1] < TODAY else None,
    )
    moment = judge.Moment(TODAY, *days)
    with recording(content) as path, reading(path, Moment(TODAY, *days)) as reader:
        facts = fetch_counts(reader, Question(Moment(TODAY, *days)))
    shown = {
        count.id: (count.project, count.status, count.unit, count.number, count.of, count.bound)
        for count in facts.counts
        if not count.is_withdrawn
    }
    expected = {row.update: row for row in judge_views.report_counts(content, moment)}
    assert shown == {
        id_: (row.project, row.status, row.unit, row.number, row.of, row.bound)
        for id_, row in expected.items()
    }
    named = {id_: number for id_, number in facts.named.items() if id_ in expected}
    assert named == {id_: len(expected[id_].sites) for id_ in named}
    told = {
        (found.mismatch, count.id)
        for found in find_mismatches(facts.counts, facts.named)
        for count in found.counts
    }
    names = {"more sites": Mismatch.FEWER, "a count falls": Mismatch.FALL}
    judged = {
        (names[found.conflict], id_)
        for found in judge_views.list_conflicts(content, moment)
        if found.conflict in names
        for id_ in (found.one, found.other)
        if id_ in expected
    }
    assert told == judged


CONTRADICTIONS = {
    "two groundbroken": Contradiction.START,
    "two completed": Contradiction.OPENING,
    "in use and idle": Contradiction.USE,
    "void": Contradiction.UNFINISHED,
    "more sites": Mismatch.FEWER,
    "a count falls": Mismatch.FALL,
}


@given(records(), moments())
@settings(max_examples=example_count(60))
def test_the_contradictions_of_the_program_are_those_of_the_judge(content: Row, days: Days) -> None:
    """Which claims of a project contradict another; the judge has them in pairs."""
    expected = {
        (found.project, CONTRADICTIONS[found.conflict], id_)
        for found in judge_views.list_conflicts(content, judge.Moment(TODAY, *days))
        if found.conflict in CONTRADICTIONS
        for id_ in (found.one, *(() if found.conflict == "more sites" else (found.other,)))
    }
    with recording(content) as path, reading(path, Moment(TODAY, *days)) as reader:
        conflicts = fetch_conflicts(reader, Question(Moment(TODAY, *days)))
    told = {
        (claim.project, found.contradiction, claim.id)
        for found in conflicts
        if found.contradiction is not Contradiction.SITES
        for claim in found.claims
    }
    assert told == expected


FEW_DATES = ["2024", "2024-02", "2024-02-20", "2024-03", "2024-03-01", "../2024-02-20", "2024-03/.."]


@st.composite
def dense_claims(draw: st.DrawFn) -> list[Row]:
    """Draw many claims about one site, on few dates, so that every kind of contradiction is frequent."""
    rows = []
    for at in range(draw(st.integers(2, 7))):
        row = {"id": str(at), "project": "x", "event_date": draw(st.sampled_from(FEW_DATES))}
        row["status"] = str(draw(st.sampled_from(Status)))
        row["evidence"] = str(draw(st.sampled_from(Evidence)))
        if draw(st.booleans()):
            row["confidence"] = draw(st.sampled_from(["high", "low"]))
        rows.append(row)
    return rows


@given(dense_claims(), st.none() | st.sampled_from([date(2024, 2, 20), date(2024, 2, 29), date(2024, 3, 1)]))
@settings(max_examples=example_count(300))
def test_many_claims_of_one_site_contradict_each_other_as_the_judge_says(
    rows: list[Row], as_of: date | None
) -> None:
    content = {"projects": [{"id": "x", "type": "site", "name": "X", "kind": "other"}], "updates": rows}
    expected = {
        (CONTRADICTIONS[found.conflict], id_)
        for found in judge_views.list_conflicts(content, judge.Moment(TODAY, as_of))
        for id_ in (found.one, found.other)
    }
    conflicts = find_conflicts(filter(None, map(read_claim, rows)), {}, day=(as_of or date.max).isoformat())
    assert {(found.contradiction, claim.id) for found in conflicts for claim in found.claims} == expected


def read_claim(row: Row) -> Claim | None:
    """Return a claim as the query has it; what sets no status is none."""
    update = Update(
        project="x",
        event_date=row["event_date"],
        status=Status(row["status"]),
        evidence=Evidence(row["evidence"]),
        confidence=Confidence(row["confidence"]) if "confidence" in row else None,
    )
    if not update.sets_status or update.status is None:
        return None
    when = parse_date(update.event_date)
    day, first, last = (one.isoformat() for one in (when.effective_day, when.start, when.end))
    return Claim("x", day, update.status.rank, first, last, update.counts_as, row["id"])
