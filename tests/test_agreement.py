"""The program and the independent judge agree on random records with every field, at any moment.

`NKPLAN_EXAMPLES=3000` is the long form.
"""

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib import import_module
from math import inf, isinf
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import judge
import judge_views
from examples import example_count
from hypothesis import given, settings
from hypothesis import strategies as st
from random_records import TODAY, Row, counted_records, days, give_ids, moments, records
from records import make_empty

from nkplan.contradictions import Claim, Contradiction
from nkplan.dates import parse_date
from nkplan.formats.json import read_file
from nkplan.model.batch import Update
from nkplan.model.moment import Moment
from nkplan.model.question import Grouping, Question
from nkplan.model.state import State
from nkplan.model.vocabulary import Confidence, Evidence, Status
from nkplan.queries.conflicts import list_contradicted
from nkplan.queries.reader import Reader, reading
from nkplan.queries.sites import list_rows
from nkplan.reports.conflicts import find_conflicts
from nkplan.reports.counted import Mismatch
from nkplan.reports.counting import Counts
from nkplan.reports.views import VIEWS
from nkplan.rows.state import read_state
from nkplan.store.record import record as record_batch
from nkplan.store.transaction import Recorder

RECORDER = Recorder("kim", datetime(2026, 11, 25, tzinfo=UTC))
Days = tuple[date | None, date | None]


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


class Asked(NamedTuple):
    """One question of a record: the same moment for the judge and for the program, and a day of changes."""

    content: Row
    moment: judge.Moment
    reader: Reader
    since: date

    @property
    def record(self) -> judge.Record:
        return judge.read(self.content)

    def fetch(self, view: str, **options: Any) -> list[dict[str, Any]]:
        """Return the data of a view of the report, its rows by column."""
        return list(self.report(view, **options)[0])

    def report(self, view: str, **options: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Return the rows of a view, and its total."""
        months = self.content["settings"].get("silent_months", 24)
        moment = Moment(*self.moment)
        question = Question(moment, since=self.since, months=months, silent_months=months)
        question = question._replace(**options)
        facts = import_module(f"nkplan.queries.{view}").fetch(self.reader, question)
        grid = import_module(f"nkplan.reports.{view}").make_report(facts, question).grid
        keys = [column.key for column in grid.columns]
        return [dict(zip(keys, row, strict=True)) for row in grid.rows], dict(
            zip(keys, grid.total or (), strict=bool(grid.total))
        )


# ---- one comparison for each view


def compare_progress(asked: Asked) -> None:
    record, moment = asked.record, asked.moment
    waves = {id_ for id_, row in record.projects.items() if row["type"] == "cohort" and "year" not in row}
    rows, total = asked.report("progress")
    shown = {
        (row["programme"], row["year"], row["cohort"] if row["cohort"] in waves else None): row
        for row in rows
    }
    assert len(shown) == len(rows)
    counted = {
        (row.programme, row.year, row.wave): row.counted
        for row in judge_views.report_progress(record, moment)
    }
    for key in {*shown, *counted}:
        expected = count_columns(counted.get(key, judge_views.Counted()))
        assert pick_counts(shown.get(key, {})) == expected, key
    for by, find in GROUPS.items():
        groups: defaultdict[Any, list[str]] = defaultdict(list)
        for site in judge_views.list_named(record, moment):
            groups[find(record, site, moment)].append(site)
        found = {row[by]: Counter[str]() for row in asked.fetch("progress", by=by)}
        for row in asked.fetch("progress", by=by):
            found[row[by]].update(pick_counts(row))
        expected_groups = {
            group: count_columns(judge_views.count_sites(record, sites, moment))
            for group, sites in groups.items()
        }
        assert {group: +each for group, each in found.items() if +each} == {
            group: +Counter(each) for group, each in expected_groups.items()
        }, by
    if has_ties(record, moment):
        return
    promised: Counter[Any] = Counter()
    for programme in judge_views.list_programmes(record):
        for one in judge_views.list_opening_numbers(record, programme, moment):
            promised[programme, one.year, one.wave] += one.quantity
    assert {key: row["promised"] for key, row in shown.items() if row["promised"] is not None} == promised
    assert (total["promised"], pick_counts(total)) == (
        (once := judge_views.total_openings(record, moment))[0],
        count_columns(once[1]),
    )


GROUPS: Mapping[Grouping, Callable[[judge.Record, str, judge.Moment], Any]] = {
    Grouping.PROGRAMME: lambda record, site, _: judge_views.find_programme(record, site),
    Grouping.KIND: lambda record, site, _: record.projects[site]["kind"],
    Grouping.STATUS: lambda record, site, moment: judge.state(record, site, moment).status,
}
COUNTED = {name: "seen" if name == "started_seen" else name for name in Counts._fields[1:]}
"""The columns of a report, each with the judge's name for what it counts."""


def pick_counts(row: Mapping[str, Any]) -> dict[str, int]:
    return {column: row.get(column, 0) for column in COUNTED}


def count_columns(counted: judge_views.Counted) -> dict[str, int]:
    return {column: len(getattr(counted, name)) for column, name in COUNTED.items()}


def has_ties(record: judge.Record, moment: judge.Moment) -> bool:
    """Whether of two numbers announced on one day it is open which one was the later."""
    keys = Counter(
        (
            judge_views.find_quota_day(record, row),
            row["project"],
            row["kind"],
            row.get("unit"),
            judge_views.get_stage(row),
        )
        for row in judge_views.list_quotas(record, moment)
    )
    return any(number > 1 for number in keys.values())


def compare_promises(asked: Asked) -> None:
    record, moment = asked.record, asked.moment
    outcomes = judge_views.list_outcomes(record, moment)
    replaced = {earlier for earlier, _ in judge_views.list_replaced(record, moment)}
    fields = ("announcement", "project", "kind", "quantity", "unit", "per", "first_year", "last_year")
    columns = ("named", "started", "complete_claimed", "complete_verified")
    expected: Counter[Any] = Counter()
    for row in judge_views.list_quotas(record, moment):
        outcome, day = outcomes[row["id"]], judge.state(record, row["project"], moment).cancelled_day
        numbers: list[float | None] = [None, None, outcome.claimed, outcome.verified]
        if outcome.sites is not None and not judge_views.is_unknown(record, row, moment):
            numbers = list(map(count_columns(outcome.sites).get, columns))
        said = tuple(map(row.get, fields))
        expected[
            (*said, judge_views.get_stage(row), row["id"] in replaced, day and day.isoformat(), *numbers)
        ] += 1
    rows = asked.fetch("promises")
    shown = Counter(
        (
            *map(row.get, fields),
            row["promised_status"] or "completed",
            row["replaced_by"] is not None,
            row["cancelled"],
            *(row[column] for column in columns),
        )
        for row in rows
        if row["quantity"] is not None
    )
    assert shown == expected
    announced = {row["announcement"] for row in rows} - {None}
    assert announced == set(judge_views.list_announced(record, moment))
    for row in rows:
        if row["quantity"] is None:
            within = [
                site
                for site in judge_views.list_named(record, moment)
                if row["project"] in judge.list_line(record, site)
            ]
            if row["project"] is not None:
                counts = count_columns(judge_views.count_sites(record, within, moment))
                assert [row[column] for column in columns] == [counts[column] for column in columns]


def compare_pace(asked: Asked) -> None:
    record, moment = asked.record, asked.moment
    if has_ties(record, moment):
        return
    rows = asked.fetch("pace")
    ends = {(row["programme"], row["kind"]): row for row in rows if row["year"] is None}
    lasts = {(row["programme"], row["kind"]): row for row in rows if row["year"] is not None}
    shown = {
        key: (row["promised"], row["completed"], row["left"], lasts[key]["due_so_far"] or 0)
        for key, row in ends.items()
    }
    by_year = {
        (row["programme"], row["kind"], row["year"]): row["completed"] for row in rows if row["completed"]
    }
    expected = {
        (one.programme, one.kind): (one.target, len(one.opened), one.left, one.due)
        for one in judge_views.list_pace(record, moment)
    }
    years = {
        (one.programme, one.kind, year): len(sites)
        for one in judge_views.list_pace(record, moment)
        for year, sites in one.by_year.items()
    }
    # What opened before the promise, or without a number in all, has no place in the forecast.
    shown = {key: (*row[:1], row[1] if row[0] else 0, *row[2:]) for key, row in shown.items()}
    expected = {key: (*row[:1], row[1] if row[0] else 0, *row[2:]) for key, row in expected.items()}
    assert shown == expected
    assert {key: number for key, number in by_year.items() if key[2]} == years


def compare_missing(asked: Asked) -> None:
    record, moment = asked.record, asked.moment
    rows = asked.fetch("missing")
    not_started = set(judge_views.list_not_started(record, moment))
    not_opened = set(judge_views.list_not_opened(record, moment)) - not_started
    for words, sites in (("not started", not_started), ("not opened", not_opened)):
        assert {row["id"] for row in rows if row["missing"] == words} == sites
    if has_ties(record, moment):
        return
    lacking: Counter[Any] = Counter()
    for one in judge_views.list_missing(record, moment):
        lacking[one.programme, one.kind, one.year] += one.number
    assert lacking == {
        (row["programme"], row["kind"], row["year"]): row["number"]
        for row in rows
        if row["missing"] == "not named"
    }


STAGES = {
    "groundbroken": "started",
    "completed": "opened",
    "operating": "in use",
    judge.AGAIN: "in use again",
}


def compare_overdue(asked: Asked) -> None:
    """Compare of each site what is late for longest."""
    latest: dict[str, tuple[int, set[str]]] = {}
    for one in judge_views.list_overdue(asked.record, asked.moment):
        days = (asked.moment.day - parse_date(one.promised).end).days
        before, stages = latest.get(one.project, (0, set()))
        if days >= before:
            latest[one.project] = (days, {STAGES[one.stage]} | (stages if days == before else set()))
    shown = {row["id"]: (row["days_late"], row["to_be"]) for row in asked.fetch("overdue")}
    assert {site: days for site, (days, _) in shown.items()} == {
        site: days for site, (days, _) in latest.items()
    }
    for site, (_, stage) in shown.items():
        assert stage in latest[site][1]


def compare_silent(asked: Asked) -> None:
    assert {row["id"] for row in asked.fetch("silent")} == set(
        judge_views.list_silent(asked.record, asked.moment)
    )


def compare_unverified(asked: Asked) -> None:
    assert {row["id"] for row in asked.fetch("unverified")} == set(
        judge_views.list_unverified(asked.record, asked.moment)
    )


USES = {"in use": "operating", "opened only": "completed", "idle": "idle", "closed": "closed"}


def compare_use(asked: Asked) -> None:
    expected = {
        site: use for use, sites in judge_views.list_use(asked.record, asked.moment).items() for site in sites
    }
    assert {row["id"]: USES[row["use"]] for row in asked.fetch("use")} == expected


def compare_counts(asked: Asked) -> None:
    """Which counts there are, the named sites beside each, and which are contradicted."""
    shown = {row["id"]: row for row in asked.fetch("counts") if row["id"] and not row["withdrawn"]}
    expected = {row.update: row for row in judge_views.report_counts(asked.record, asked.moment)}
    assert shown.keys() == expected.keys()
    contradicted = {
        id_
        for found in judge_views.list_conflicts(asked.record, asked.moment)
        if found.conflict in {"more sites", "a count falls"}
        for id_ in (found.one, found.other)
    }
    for id_, row in shown.items():
        one = expected[id_]
        said = (row["project"], row["status"], row["unit"], row["count"], row["of"], row["bound"])
        assert said == (one.project, one.status, one.unit, one.number, one.of, one.bound)
        assert row["named"] is None or row["named"] == len(one.sites)
        assert (row["contradicted"] is not None) == (id_ in contradicted)


CONTRADICTIONS = {
    "two groundbroken": Contradiction.START,
    "two completed": Contradiction.OPENING,
    "in use and idle": Contradiction.USE,
    "void": Contradiction.UNFINISHED,
    "complete without sites": Contradiction.SITES,
    "more sites": Mismatch.FEWER,
    "a count falls": Mismatch.FALL,
}


def compare_conflicts(asked: Asked) -> None:
    """Which claims of a project contradict another; the judge has them in pairs."""
    pairs = judge_views.list_conflicts(asked.record, asked.moment)
    sites = {"more sites", "complete without sites"}
    expected = {
        (found.project, str(CONTRADICTIONS[found.conflict]), id_)
        for found in pairs
        for id_ in (found.one, *(() if found.conflict in sites else (found.other,)))
    }
    updates = {row["id"]: row for row in asked.content["updates"]}
    rows = asked.fetch("conflicts")
    told = {(row["project"], str(row["clash"]), row["id"]) for row in rows}
    assert {row for row in told if row[2] in updates} == expected
    # Beside the claims stand the sites that had not opened by the first of them.
    days = {claim.row["id"]: claim.effective for each in asked.record.claims.values() for claim in each}
    firsts: dict[str, date] = {}
    without = [found for found in pairs if found.conflict == "complete without sites"]
    for found in without:
        firsts[found.project] = min(days[found.one], firsts.get(found.project, date.max))
    assert {row for row in told if row[2] not in updates} == {
        (found.project, str(Contradiction.SITES), found.other)
        for found in without
        if days[found.one] == firsts[found.project]
    }


def compare_slips(asked: Asked) -> None:
    stages = {
        "started": "groundbroken",
        "opened": "completed",
        "in use": "operating",
        "in use again": judge.AGAIN,
    }
    shown = Counter(
        (
            row["id"],
            stages[row["to_be"]],
            row["dates"],
            row["first_promised"],
            row["latest_promised"],
            row["moved"],
            row["late_least"],
            row["late_most"],
            row["cancelled"] is not None,
        )
        for row in asked.fetch("slips")
    )
    expected = Counter(
        (
            one.project,
            one.stage,
            len(one.dates),
            one.dates[0],
            one.dates[-1],
            one.moved,
            one.late_least,
            one.late_most,
            one.stopped,
        )
        for one in judge_views.list_slips(asked.record, asked.moment)
        if one.is_slip
    )
    assert shown == expected


def compare_durations(asked: Asked) -> None:
    record = asked.record
    groups: defaultdict[Any, list[tuple[float, float]]] = defaultdict(list)
    for one in judge_views.list_durations(record, asked.moment):
        key = (record.projects[one.project]["kind"], judge_views.find_year(record, one.project))
        bounds = (-inf if one.least is None else one.least, inf if one.most is None else one.most)
        groups[key].append(bounds)
    opened = Counter(
        (record.projects[site]["kind"], judge_views.find_year(record, site))
        for site in judge_views.list_named(record, asked.moment)
        if judge.state(record, site, asked.moment).opened
    )
    rows = {(row["kind"], row["year"]): row for row in asked.fetch("durations")}
    assert {key: (row["n"], row["unknown"]) for key, row in rows.items()} == {
        key: (len(groups.get(key, ())), number - len(groups.get(key, ()))) for key, number in opened.items()
    }
    names = ("median_least", "median_most", "shortest", "longest", "shortest_most", "longest_least")
    for key, each in groups.items():
        least, most = ([one[at] for one in each] for at in (0, 1))
        found = (median(least), median(most), min(least), max(most), min(most), max(least))
        assert [rows[key][name] for name in names] == [None if isinf(one) else one for one in found]


def compare_changes(asked: Asked) -> None:
    names = {
        **{name: name for name in judge_views.MOVING},
        "groundbroken": "promised_start",
        "completed": "promised",
        "operating": "promised_use",
        judge.AGAIN: "promised_again",
    }
    shown = {
        row["id"]: {name: (row[f"{name}_before"], row[name]) for name in names.values()}
        for row in asked.fetch("changes")
    }
    expected = {
        one.project: {name: (one.before.get(fact), one.now.get(fact)) for fact, name in names.items()}
        for one in judge_views.list_changes(asked.record, asked.moment, asked.since.isoformat())
    }
    assert shown == expected


def compare_coverage(asked: Asked) -> None:
    shown = {
        row["region"]: (row["named"], row["started"], row["opened"], row["sites"])
        for row in asked.fetch("coverage")
    }
    expected = judge_views.list_coverage(asked.record, asked.moment)
    assert shown == {region: tuple(map(len, each)) for region, each in expected.items()}


def compare_next(asked: Asked) -> None:
    """Each site with the weight of its reasons."""
    weights = {"contradicted": 5, "overdue": 4, "unverified": 3, "silent": 2, "single source": 1}
    expected = {
        site: sum(map(weights.__getitem__, reasons))
        for site, reasons in judge_views.list_reasons(asked.record, asked.moment).items()
    }
    assert {row["id"]: row["weight"] for row in asked.fetch("next")} == expected


def compare_states(asked: Asked) -> None:
    types = {row["id"]: row["type"] for row in asked.content["projects"]}
    for project, state in read_states(asked.reader, asked.content).items():
        # A project of which nothing had been heard is not in the record of that day.
        if state.updates or asked.moment.is_plain:
            expected = list_judged(judge.state(asked.record, project, asked.moment), types[project])
            assert list_judged(state, types[project]) == expected, project


COMPARISONS = {view: globals()[f"compare_{view}"] for view in VIEWS}
"""How each view is compared; a view without a comparison is an error."""


@given(records() | counted_records(), moments(), days)
@settings(max_examples=example_count(9, 15))
def test_the_program_and_the_judge_agree(content: Row, asked: Days, since: date) -> None:
    moment = judge.Moment(TODAY, *asked)
    with recording(content) as path, reading(path, Moment(*moment)) as reader:
        question = Asked(content, moment, reader, min(since, moment.known_by or TODAY))
        compare_states(question)
        for compare in COMPARISONS.values():
            compare(question)


@given(records())
@settings(max_examples=example_count(18, 30))
def test_all_sites_are_listed_as_the_view_of_sites_has_them(content: Row) -> None:
    with recording(content) as path, reading(path) as reader:
        by_view = map(tuple, list_rows(reader, most=len(content["projects"])))
        assert list(list_rows(reader)) == list(by_view)


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
@settings(max_examples=example_count(120, 200))
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


@given(dense_claims())
@settings(max_examples=example_count(24, 40))
def test_a_site_is_worth_a_look_for_its_claims_if_they_contradict_each_other(rows: list[Row]) -> None:
    content = {
        "format": "nkplan/2",
        "projects": [{"id": "x", "type": "site", "name": "X", "kind": "other"}],
        "kinds": ["other"],
        "updates": give_ids(rows),
    }
    is_contradicted = bool(judge_views.list_conflicts(content, judge.Moment(TODAY)))
    with recording(content) as path, reading(path) as reader:
        found = set(list_contradicted(reader, Question(Moment(TODAY))))
    assert found == ({"x"} if is_contradicted else set())


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
