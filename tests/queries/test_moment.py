"""The record at a moment: what had happened by a day, and what was known on a day."""

import json
import re
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY
from examples import example_count
from hypothesis import example, given, settings
from hypothesis import strategies as st
from judging import Fact, judge_in_python
from program import run
from scripts import ALL_FILTERS, FULL_SCANS, SCRIPTS

from nkplan.cli.commands.report import run as run_report
from nkplan.dates import find_effective_day, find_known_day, parse_date
from nkplan.errors import BadInput
from nkplan.model.batch import Announcement, Batch, Place, Project, Source, Update
from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.moment import Moment
from nkplan.model.promise import Quota
from nkplan.model.question import Question
from nkplan.model.state import State
from nkplan.model.vocabulary import Confidence, Evidence, ProjectType, QuotaPeriod, Status
from nkplan.queries.changes import fetch as fetch_changes
from nkplan.queries.progress import fetch as fetch_progress
from nkplan.queries.reader import Reader, reading
from nkplan.queries.sites import list_sites
from nkplan.render.formats import Format
from nkplan.reports import changes
from nkplan.reports.views import VIEWS
from nkplan.rows.state import read_state
from nkplan.sql import read_sql, read_statements
from nkplan.store.create import create_database
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder
from nkplan.store.undo import undo

RECORDER = Recorder("kim", datetime(2026, 11, 24, 10, 0, 0, tzinfo=UTC))
NEVER_OVER = date(9999, 12, 31)
PUBLISHED = {
    "undated": None,
    "of-a-year": "2024",
    "of-a-quarter": "2024-Q3",
    "of-a-month": "2024-02",
    "of-a-leap-day": "2024-02-29",
    "later": "2025-06-01",
    "late": "2026-11",
}
"""When each source was published."""
DATES = ["1000", "2023", "2024", "2024-Q1", "2024-02", "2024-02-29", "2024-03-11", "2025-06", "2026"]
OWNERS = {"p": None, "p-2024": "p", "p-2025": "p", "q": None, "r": None}
SITES = {"a": "p-2024", "b": "p-2024", "c": "p-2025", "d": "p", "e": None}
PROJECTS = [*OWNERS, *SITES]

BASE = Batch(
    kinds=("factory", "hospital"),
    places=(
        Place(id="north", name="North", population=100),
        Place(id="upper", name="Upper", parent="north", population=60),
        Place(id="south", name="South"),
    ),
    sources=tuple(Source(id=id_, published=published) for id_, published in PUBLISHED.items()),
    announcements=(
        Announcement(id="plan", title="Plan", announced="2024-02-29", said="Much is promised."),
        Announcement(
            id="more", title="More", announced="2024", said="More is promised.", source="of-a-quarter"
        ),
    ),
    projects=(
        Project(id="p", name="P", type=ProjectType.PROGRAMME, kind="factory"),
        Project(id="p-2024", name="P 2024", type=ProjectType.COHORT, kind="factory", parent="p", year=2024),
        Project(id="p-2025", name="P 2025", type=ProjectType.COHORT, kind="factory", parent="p", year=2025),
        Project(id="q", name="Q", type=ProjectType.PROGRAMME, kind="hospital"),
        Project(id="r", name="R", type=ProjectType.PROGRAMME, kind="hospital"),
        *(
            Project(id=id_, name=id_, type=ProjectType.SITE, kind=kind, parent=SITES[id_], place=place)
            for id_, kind, place in (
                ("a", "factory", "upper"),
                ("b", "factory", "north"),
                ("c", "factory", "south"),
                ("d", "hospital", None),
                ("e", "hospital", "upper"),
            )
        ),
    ),
    quotas=(
        Quota(project="p", kind="factory", quantity=20, per=QuotaPeriod.YEAR, announcement="plan"),
        Quota(project="p-2025", kind="factory", quantity=2, per=QuotaPeriod.TOTAL, announcement="more"),
        Quota(project="q", kind="hospital", quantity=9, per=QuotaPeriod.TOTAL, announcement="more"),
        Quota(project="r", kind="hospital", quantity=9, per=QuotaPeriod.TOTAL),
    ),
)
"""What updates can be about: a programme with two cohorts, one with only a quota, one never announced."""

UPDATES = st.builds(
    Update,
    id=st.uuids().map(str),
    project=st.sampled_from(PROJECTS),
    event_date=st.sampled_from(DATES),
    status=st.none() | st.sampled_from(Status),
    percent=st.none() | st.sampled_from([0.0, 40.0, 100.0]),
    promised=st.none() | st.sampled_from(DATES),
    evidence=st.none() | st.sampled_from(Evidence),
    source=st.none() | st.sampled_from(list(PUBLISHED)),
    note=st.just("said"),
    confidence=st.none(),
    announcement=st.none(),
    # What needs other fields.
    **dict.fromkeys(
        "promised_status count of unit bound speaker withdrawn withdrawn_source".split(), st.none()
    ),
    figures=st.just(()),
)
TOLD = st.lists(UPDATES, max_size=14, unique_by=lambda update: update.id)
MOMENT_DAYS = st.sampled_from(
    [
        date(1000, 12, 31),
        date(2023, 12, 31),
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2024, 3, 31),
        date(2024, 9, 30),
        date(2024, 12, 31),
        date(2025, 6, 1),
        date(2025, 6, 30),
        date(2026, 11, 23),
    ]
)
MOMENTS = st.builds(Moment, st.just(TODAY), st.none() | MOMENT_DAYS, st.none() | MOMENT_DAYS)
some_examples = settings(max_examples=example_count(6, 9))


@cache
def make_base() -> bytes:
    """Make a database of the base, once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "nkplan.db")
        assert create_database(path, [BASE], RECORDER) is not None
        return path.read_bytes()


@contextmanager
def recording(told: Sequence[Update], retracted: Sequence[str] = ()) -> Iterator[Path]:
    """Make a database of the base and some updates, of which some are retracted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "nkplan.db")
        path.write_bytes(make_base())
        record_batch(path, Batch(updates=tuple(told)), "load", RECORDER, summary="told")
        if retracted:
            undo(path, retracted, RECORDER)
        yield path


def days_of(update: Update) -> tuple[date, date]:
    """Return the effective day and the known day of an update."""
    event, published = parse_date(update.event_date), PUBLISHED[update.source] if update.source else None
    source = parse_date(published) if published else None
    return find_effective_day(event, source), find_known_day(event, source)


def choose(told: Sequence[Update], moment: Moment) -> list[Update]:
    """Return the updates that had happened by a moment and were known by it."""
    chosen = []
    for update in told:
        effective_day, known = days_of(update)
        if effective_day <= (moment.as_of or NEVER_OVER) and known <= (moment.known_on or NEVER_OVER):
            chosen.append(update)
    return chosen


def judge_by_hand(told: Sequence[Update], moment: Moment) -> dict[str, State]:
    """Judge each project that has updates, by the manual's rules in plain Python."""
    chosen = choose(told, moment)
    return {
        project: judge_in_python(
            Fact(
                id=update.id,
                event_date=update.event_date,
                published=PUBLISHED[update.source] if update.source else None,
                status=update.status,
                percent=update.percent,
                promised=update.promised,
                evidence=update.evidence,
                confidence=update.confidence,
                is_sourced=update.source is not None,
            )
            for update in chosen
            if update.project == project
        )
        for project in sorted({update.project for update in chosen})
    }


def read_states(reader: Reader) -> dict[str, State]:
    """Read the state of each project that the reader has."""
    rows = reader.fetch("stored.states_by_key", projects=json.dumps(PROJECTS))
    return {row["id"]: read_state(row) for row in rows}


@some_examples
@given(TOLD, st.data())
def test_a_state_at_a_moment_follows_from_what_had_happened_and_was_known(
    told: list[Update], data: st.DataObject
) -> None:
    retracted = data.draw(st.lists(st.sampled_from(told), unique=True, max_size=3)) if told else []
    active = [update for update in told if update not in retracted]
    with recording(told, [update.id for update in retracted]) as path:
        for moment in data.draw(st.lists(MOMENTS, min_size=1, max_size=4)):
            with reading(path, moment) as reader:
                states = read_states(reader)
                sites = {site.id: site.state for site in list_sites(reader)}
            by_hand = judge_by_hand(active, moment)
            judged = {update.project for update in choose(active, moment) if update.counts_as != "nothing"}
            ever = {update.project for update in active if update.counts_as != "nothing"}
            if not moment.is_present:
                there = {*OWNERS, *judged, *(SITES.keys() - ever)}
                by_hand = {id_: one for id_, one in by_hand.items() if id_ in there}
            assert {id_: state for id_, state in states.items() if state.updates} == by_hand
            for id_, state in sites.items():
                assert state == inherit(id_, by_hand)


def inherit(site: str, states: dict[str, State]) -> State:
    """Return the state of a site with its cohort's promises, and cancelled with what is above it."""
    own, parent = states.get(site, State()), SITES[site]
    above = [states.get(one, State()) for one in (parent, OWNERS.get(parent or "")) if one]
    days = [one.cancelled_day for one in (own, *above) if one.cancelled_day is not None]
    promised = {name for name in State._fields if name.startswith("promised")} if site in "abc" else set()
    inherited = {name: getattr(own, name) or getattr(above[0], name) for name in promised}
    return own._replace(cancelled_day=min(days, default=None), **inherited)


@some_examples
@given(TOLD, st.data())
def test_a_project_not_yet_heard_of_at_a_moment_is_absent(told: list[Update], data: st.DataObject) -> None:
    """A site counts from the first claim on that is judged, and a programme from any news or number on."""
    retracted = data.draw(st.lists(st.sampled_from(told), unique=True, max_size=3)) if told else []
    active = [update for update in told if update not in retracted]
    announced = {"p": date(2024, 2, 29), "p-2025": date(2024, 9, 30), "q": date(2024, 9, 30)}
    parents = OWNERS | SITES
    with recording(told, [update.id for update in retracted]) as path:
        moment = data.draw(MOMENTS.filter(lambda moment: not moment.is_present))
        day = min(moment.as_of or NEVER_OVER, moment.known_on or NEVER_OVER)
        heard = choose(active, moment)
        there = {update.project for update in heard}
        there |= {"r", *(project for project, first in announced.items() if first <= day)}
        judged, ever = (
            {update.project for update in those if update.counts_as != "nothing"} for those in (heard, active)
        )
        for _ in range(2):
            there |= {parent for project in there if (parent := parents[project])}
        there -= ever - judged - OWNERS.keys()
        with reading(path, moment) as reader:
            assert set(read_states(reader)) == there
            assert {site.id for site in list_sites(reader)} == there & SITES.keys()
            quotas = [
                row["project"]
                for row in reader.fetch("questions.list_quotas", programmes=None, announcement=None)
            ]
            assert set(quotas) - {"r"} == {project for project, first in announced.items() if first <= day}


@some_examples
@given(TOLD, MOMENTS)
def test_all_sites_are_counted_as_their_parents_were_at_a_moment(told: list[Update], moment: Moment) -> None:
    """All sites are counted by the parents that are looked up once, those of a filter each by its own."""
    all_kinds = Filters(kinds=("factory", "hospital"))
    with recording(told) as path, reading(path, moment) as reader:
        questions = (Question(moment), Question(moment, all_kinds))
        at_once, one_by_one = (
            Counter(
                tally._replace(number=1)
                for tally in fetch_progress(reader, question)[0]
                for _ in range(tally.number)
            )
            for question in questions
        )
    assert at_once == one_by_one


def test_a_retracted_update_does_not_make_a_project_appear_earlier() -> None:
    wrong = Update(id=str(uuid.UUID(int=1)), project="a", event_date="2023", status=Status.COMPLETED)
    right = Update(id=str(uuid.UUID(int=2)), project="a", event_date="2024-03-11", status=Status.BUILDING)
    for day, there in ((date(2024, 3, 10), False), (date(2024, 3, 11), True)):
        with recording([wrong, right], [wrong.id]) as path, reading(path, Moment(TODAY, day)) as reader:
            assert any(site.id == "a" for site in list_sites(reader)) is there


def test_a_programme_appears_once_a_quota_is_announced_for_it() -> None:
    built = [
        Update(id=str(uuid.UUID(int=at)), project=site, event_date="2026", status=Status.BUILDING)
        for at, site in enumerate(SITES)
    ]
    with recording(built) as path:
        for day, there in ((date(2024, 9, 29), {"p"}), (date(2024, 9, 30), {"p", "p-2025", "q"})):
            with reading(path, Moment(TODAY, known_on=day)) as reader:
                # What was promised on no known day counts on every day.
                assert set(read_states(reader)) == {*there, "r"}


WEAK: dict[str, dict[str, Any]] = {
    "of low confidence": {"evidence": Evidence.PRESS, "confidence": Confidence.LOW},
    "of an interested party": {"evidence": Evidence.INTERESTED},
    "a count": {"evidence": Evidence.PROMISER, "count": 20.0, "unit": "beds"},
    "withdrawn": {"evidence": Evidence.PROMISER, "withdrawn": "2024-03"},
    "a note of one's own": {"status": None},
}


@pytest.mark.parametrize("weak", WEAK)
def test_a_site_of_which_nothing_is_judged_is_not_yet_named(weak: str) -> None:
    """Neither counts nor what is judged for nothing changes how many sites were named on a day."""
    said = {"project": "a", "event_date": "2024-01", "status": Status.COMPLETED, "note": "said"}
    first = Update(**{"id": str(uuid.UUID(int=1)), **said, **WEAK[weak]})
    second = Update(id=str(uuid.UUID(int=2)), project="a", event_date="2024-06", status=Status.BUILDING)
    with recording([first, second]) as path:
        for day, there in ((date(2024, 6, 29), False), (date(2024, 6, 30), True)):
            with reading(path, Moment(TODAY, day)) as reader:
                assert any(site.id == "a" for site in list_sites(reader)) is there


@some_examples
@given(TOLD, MOMENT_DAYS, MOMENT_DAYS, st.none() | MOMENT_DAYS)
def test_what_was_known_on_a_day_is_still_known_on_later_days(
    told: list[Update], one: date, other: date, as_of: date | None
) -> None:
    with recording(told) as path:
        seen = []
        for day in sorted([one, other]):
            with reading(path, Moment(TODAY, as_of, day)) as reader:
                seen.append(
                    {
                        row["id"]
                        for project in PROJECTS
                        for row in reader.fetch(
                            "details.list_timeline",
                            projects=json.dumps([project]),
                            updates="[]",
                            source=None,
                            announcement=None,
                        )
                    }
                )
        assert seen[0] <= seen[1]
        assert seen[1] == {update.id for update in choose(told, Moment(TODAY, as_of, max(one, other)))}


FILTERED = [
    "sites.list_sites",
    "sites.count_filtered_sites",
    "questions.tally_sites",
    "questions.tally_places",
    "questions.count_openings",
    "questions.list_spans",
    "sites.choose_projects",
    "questions.count_named_sites",
    "sites.list_opened_sites",
    "questions.list_promises",
    "questions.list_claims_at_odds",
    "questions.list_possibly_contradicted",
    "questions.list_sites_called_complete",
    "questions.list_changed_projects",
]
UNFILTERED = [
    "questions.list_single_sourced",
    "questions.list_cancelled",
    "names.list_years",
    "names.list_kinds",
    "names.list_regions",
    "sites.count_sites",
]
FILTERS: list[dict[str, Any]] = [
    {},
    {"kinds": ("hospital",)},
    {"kinds": ("hospital", "factory")},
    {"statuses": ("building",)},
    {"statuses": ("building", "")},
    {"statuses": ("",)},
    {"regions": ("north",)},
    {"regions": ("",)},
    {"programmes": ("p",)},
    {"programmes": ("", "p")},
    {"programmes": ("",)},
    {"cohort": "p-2024"},
    {"years": (2024,)},
    {"years": (0, 2024)},
    {"years": (0,)},
    {"kinds": ("factory",), "programmes": ("p",), "years": (2025,), "regions": ("south",)},
]


def ask_everything(reader: Reader, filters: Iterable[dict[str, Any]]) -> dict[str, list[tuple[object, ...]]]:
    """Run every query that a report runs, with each of the filters."""
    other = {
        "only": None,
        "day": "2024-06-30",
        "most": -1,
        "since": "2024-02-29",
        "with_region": 1,
        "projects": None,
        "sites": json.dumps([*SITES]),
        "opened": '["completed"]',
        "ended": '["completed", "cancelled"]',
        "halted": '["paused"]',
        "also": "[]",
        "start": Status.GROUNDBROKEN.rank,
        "opening": Status.COMPLETED.rank,
        "use": Status.OPERATING.rank,
        "unused": Status.IDLE.rank,
    }
    answers = {}
    # Filters in the outer loop: for each change of filter a reader builds its views again, which is slow.
    for chosen in filters:
        for query in FILTERED:
            rows = reader.fetch(query, Filters(**chosen), **other)
            answers[f"{query} {chosen}"] = [tuple(row) for row in rows]
    for only in ("overdue", "silent", "unverified", "unopened"):
        rows = reader.fetch("sites.list_sites", NO_FILTERS, **(other | {"only": only}))
        answers[only] = [tuple(row) for row in rows]
    for query in UNFILTERED:
        answers[query] = [tuple(row) for row in reader.fetch(query)]
    return answers


ALL_AT_ONCE = [
    Update(id=str(uuid.UUID(int=100 + at)), project=project, event_date=DATES[at % len(DATES)], **said)
    for at, (project, said) in enumerate(
        (project, said)
        for project in PROJECTS
        for said in (
            {"status": Status.BUILDING, "evidence": Evidence.PROMISER, "promised": "2025"},
            {"status": Status.COMPLETED, "source": "of-a-leap-day", "percent": 100.0},
            {"status": Status.IDLE, "evidence": Evidence.IMAGERY, "promised": "2026"},
        )
    )
]
"""For each project a start, an opening and idleness by different evidence, and two promised dates."""


@some_examples
@given(told=TOLD, filters=st.lists(st.sampled_from(FILTERS), min_size=2, max_size=2))
@example(told=ALL_AT_ONCE, filters=FILTERS)
@example(told=[], filters=FILTERS)
def test_a_moment_at_which_everything_is_known_reads_as_the_record_itself(
    told: list[Update], filters: list[dict[str, Any]]
) -> None:
    """With every filter for two fixed records, with two filters for each random one."""
    # Every project has an update, because one without any is absent at a moment.
    first = [
        Update(id=str(uuid.UUID(int=number)), project=project, event_date="1000", note="told of")
        for number, project in enumerate(PROJECTS)
    ]
    with recording([*first, *told]) as path:
        with reading(path) as reader:
            plain = ask_everything(reader, filters)
        for moment in (Moment(TODAY, NEVER_OVER), Moment(TODAY, None, NEVER_OVER)):
            with reading(path, moment) as reader:
                assert ask_everything(reader, filters) == plain


COMMANDS = [
    ["list"],
    ["list", "--unverified", "--sort", "last_evidence"],
    ["list", "--overdue"],
    ["show", "songchon"],
    ["show", "20x10-2024"],
    ["show", "20x10-policy"],
    ["show", "kp-06-unpha"],
    *(["report", view, *(["--since", "2025"] if view == "changes" else [])] for view in VIEWS),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_naming_today_as_the_moment_changes_no_answer(seeded: Path, command: list[str]) -> None:
    plain = run(seeded, *command)
    assert plain.code == 0, plain.err
    # One function reads a single day for all commands, so one command is enough for that.
    alone = [["--as-of", "2026-11-24"], ["--known-on", "2026-11"]]
    for days in (["--as-of", "2026", "--known-on", "2026"], *(alone if len(command) == 1 else ())):
        assert run(seeded, *command, *days) == plain


SINCE = date(2024, 2, 28)


def report(path: Path, view: str, moment: Moment) -> str:
    """Run a view of `nkplan report` in this process, and return what it wrote."""
    output = path.with_suffix(".tsv")
    days: dict[str, Any] = {
        name: None if day is None else day.isoformat()
        for name, day in (("as_of", moment.as_of), ("known_on", moment.known_on))
    }
    since = SINCE.isoformat() if view == "changes" else None
    run_report(view=view, since=since, format_=Format.TSV, output=output, db=path, **days)
    return output.read_text(encoding="utf-8")


@settings(max_examples=example_count(2, 3))
@given(
    told=st.lists(UPDATES, min_size=6, max_size=14, unique_by=lambda update: update.id),
    moment=MOMENTS.filter(lambda moment: not moment.is_present),
)
def test_every_view_works_at_every_moment(told: list[Update], moment: Moment) -> None:
    with recording(told) as path, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NKPLAN_TODAY", TODAY.isoformat())
        for view in VIEWS:
            if view == "changes" and moment.known_on is not None and moment.known_on < SINCE:
                with pytest.raises(BadInput, match="nothing can have changed"):
                    report(path, view, moment)
                continue
            written = report(path, view, moment)
            header, *rows = written.splitlines()
            columns = header.split("\t")
            given_ = [("as_of", moment.as_of), ("known_on", moment.known_on)]
            days = {key: day.isoformat() for key, day in given_ if day is not None}
            for row in rows:
                cells = dict(zip(columns, row.split("\t"), strict=True))
                assert {key: cells[key] for key in days} == days


def explain_at(reader: Reader, script: str) -> list[str]:
    """Return the query plans of a script's statements at a moment, with every parameter NULL."""
    connection = reader._connection  # noqa: SLF001
    plans = []
    for statement in read_statements(script):
        names = dict.fromkeys(re.findall(r":(\w+)", re.sub(r"--.*", "", statement)))
        plans += [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", names)]
    return plans


def is_read(script: str) -> bool:
    """Return whether a script only reads; only such scripts are run at a moment."""
    return all(
        re.sub(r"--.*", "", statement).split()[0] in {"SELECT", "WITH"}
        for statement in read_statements(script)
    )


# Queries that are run while writing, which has no moment.
WRITING = {
    "journal.list_needing",
    "writing.find_incoming_ids",
    "writing.count_touched",
    "writing.list_touched",
    "writing.states_before_by_key",
}
MUST_USE_INDEXES = [
    script
    for script in SCRIPTS
    if script not in FULL_SCANS | WRITING
    and not script.startswith(("checks.", "repairs.", "upgrade."))
    and is_read(script)
]


@pytest.mark.parametrize("moment", [{"as_of": date(2015, 2, 1)}, {"known_on": date(2015, 2, 1)}])
def test_the_work_of_judging_many_openings_at_a_moment_grows_with_their_number(
    tmp_path: Path, moment: dict[str, date]
) -> None:
    """Each opening, followed by new work, would otherwise be compared with every other update."""

    def count_steps(number: int) -> int:
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        updates = [
            Update(
                "p",
                str(date(2015, 1, 1) + timedelta(days=3 * at)),
                status=Status.COMPLETED if at % 2 == 0 else Status.BUILDING,
                evidence=Evidence.PROMISER if at % 2 == 0 else Evidence.IMAGERY,
                note=str(at),
            )
            for at in range(number)
        ]
        path = tmp_path / f"{number}.db"
        batch = Batch(
            kinds=("factory",),
            projects=(Project(id="p", name="P", type=ProjectType.SITE, kind="factory"),),
            updates=tuple(updates),
        )
        assert create_database(path, [batch], RECORDER) is not None
        with reading(path, Moment(TODAY, **moment)) as reader:
            connection = reader._connection  # noqa: SLF001
            connection.set_progress_handler(step, 100)
            (row,) = connection.execute("SELECT status, opened FROM sites").fetchall()
            assert row["status"] is not None
        return steps

    assert count_steps(400) < 5 * count_steps(100)


def test_no_query_scans_every_update_to_read_a_moment(seeded: Path) -> None:
    found = []
    for filters, names in (
        (NO_FILTERS, MUST_USE_INDEXES),
        (ALL_FILTERS, [script for script in MUST_USE_INDEXES if "filtered_" in read_sql(script)]),
    ):
        with reading(seeded, Moment(TODAY, date(2025, 3, 1), date(2025, 6, 1))) as reader:
            reader.fetch("sites.count_filtered_sites", filters)
            reader.fetch("search.create_vocabulary")
            for script in names:
                plans = explain_at(reader, script)
                assert plans, script
                found += [(script, plan) for plan in plans if is_scan(plan)]
    assert found == []


def is_scan(plan: str) -> bool:
    """Whether a line of a query plan reads every update; those that promise have an index, and are few."""
    scans = re.match(r"SCAN (main\.)?(updates|active_updates|reported)\b", plan) is not None
    return scans and "updates_promising" not in plan


def list_changed(told: list[Update], since: date, as_of: date | None = None) -> list[dict[str, Any]]:
    """Return the rows of the report of changes since a day."""
    moment = Moment(TODAY, as_of)
    with recording(told) as path, reading(path, moment) as reader:
        question = Question(moment, since=since)
        grid = changes.make_report(fetch_changes(reader, question), question).grid
        return [dict(zip([one.key for one in grid.columns], row, strict=True)) for row in grid.rows]


def test_what_was_withdrawn_on_the_day_of_its_news_changed_nothing() -> None:
    """Nothing was known of the site before that day, and nothing is known of it now."""
    gone = Update(
        id=str(uuid.UUID(int=1)),
        project="a",
        event_date="2024-03-11",
        status=Status.BUILDING,
        withdrawn="2024-03-11",
    )
    assert list_changed([gone], date(2024, 3, 11)) == []


def test_what_a_later_announcement_made_known_of_an_earlier_day_is_a_change() -> None:
    """That the site was under work in March 2024 is known from the announcement of September."""
    told = Update(
        id=str(uuid.UUID(int=1)),
        project="a",
        event_date="2024-03-11",
        status=Status.BUILDING,
        announcement="more",
    )
    (row,) = list_changed([told], date(2024, 7, 1), as_of=date(2024, 6, 30))
    assert (row["id"], row["updates"]) == ("a", 1)


def test_what_a_later_sighting_makes_void_of_an_earlier_day_is_a_change() -> None:
    """In January 2024 it was said to be complete; since June 2025 it is known to have been announced only."""
    done = Update(id=str(uuid.UUID(int=1)), project="a", event_date="2024-01", status=Status.COMPLETED)
    seen = Update(
        id=str(uuid.UUID(int=2)),
        project="a",
        event_date="2025-06-01",
        status=Status.ANNOUNCED,
        evidence=Evidence.IMAGERY,
    )
    (row,) = list_changed([done, seen], date(2025, 1, 1), as_of=date(2024, 6, 30))
    assert (row["id"], row["updates"]) == ("a", 0)
    assert (row["opened_before"], row["opened"]) == ("2024-01", None)
