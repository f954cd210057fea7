"""Counts beside the named sites, for a record made up here, and where they contradict each other.

Expected values were worked out by hand from RECORD below; Ghana's counts are in `test_questions_of_ghana.py`.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from program import run, run_json
from questions import read
from records import load

from nkplan.model.vocabulary import Status
from nkplan.reports.counted import Axis, Count, Mismatch, count_named, find_mismatches

SITE = {"type": "site", "kind": "plant", "parent": "p-24"}
SAID = {"project": "p", "evidence": "promiser"}
SEEN = {"project": "p", "evidence": "imagery"}
RECORD: dict[str, Any] = {
    "format": "nkplan/2",
    "settings": {"title": "Made up"},
    "kinds": ["plant", "house"],
    "announcements": [{"id": "a", "title": "A", "announced": "2023-05", "said": "Beds."}],
    "projects": [
        {"id": "p", "name": "Plants", "type": "programme", "kind": "plant"},
        {
            "id": "p-24",
            "name": "Plants of 2024",
            "type": "cohort",
            "kind": "plant",
            "parent": "p",
            "year": 2024,
        },
        {"id": "q", "name": "Homes", "type": "programme", "kind": "house"},
        {"id": "one", "name": "One", **SITE},
        {"id": "two", "name": "Two", **SITE},
        {"id": "three", "name": "Three", "type": "site", "kind": "plant", "parent": "p"},
        {"id": "four", "name": "Four", "type": "site", "kind": "plant"},
    ],
    "quotas": [
        {"project": "p", "kind": "plant", "quantity": 900, "per": "total", "unit": "MW", "last_year": 2030},
        {"project": "one", "kind": "plant", "quantity": 200, "per": "total", "unit": "MW"},
        {
            "project": "q",
            "kind": "house",
            "quantity": 50,
            "per": "year",
            "unit": "homes",
            "announcement": "a",
        },
    ],
    "updates": [
        {"project": "one", "event_date": "2024-03-01", "status": "groundbroken", "evidence": "promiser"},
        {"project": "one", "event_date": "2024-10-01", "status": "completed", "evidence": "promiser"},
        {"project": "one", "event_date": "2025-02-01", "status": "operating", "evidence": "promiser"},
        {"project": "one", "event_date": "2024-08-01", "status": "building", "evidence": "imagery"},
        {"project": "two", "event_date": "2024-11-01", "status": "completed", "evidence": "promiser"},
        {"project": "two", "event_date": "2025-05-01", "status": "idle", "evidence": "on-site"},
        {"project": "three", "event_date": "2025-01-01", "status": "building", "evidence": "promiser"},
        # Repeating that it was announced does not take back that it is being built.
        {"project": "three", "event_date": "2025-04-01", "status": "announced", "evidence": "promiser"},
        {"project": "four", "event_date": "2024-01-01", "status": "completed", "evidence": "promiser"},
        {"event_date": "2024-10-31", "status": "completed", "count": 2, **SAID},
        {"event_date": "2024-12-31", "status": "completed", "count": 1, "note": "One less.", **SAID},
        {"event_date": "2025-06-30", "status": "completed", "count": 5, **SEEN},
        {"event_date": "2025-06-30", "status": "operating", "count": 1, **SAID},
        {"event_date": "2025-07-31", "status": "building", "count": 0, "bound": "about", **SAID},
        {"event_date": "2025-08-31", "status": "announced", "count": 9, **SAID},
        {"event_date": "2025-09-30", "status": "completed", "count": 0, **SEEN, "confidence": "low"},
        {
            "event_date": "2025-10-31",
            "status": "completed",
            "count": 0,
            "project": "p",
            "evidence": "interested",
        },
        {"event_date": "2025-11-30", "status": "completed", "count": 0, "withdrawn": "2026-01", **SAID},
        {"event_date": "2025-11-01", "status": "completed", "count": 300, "unit": "MW", **SAID},
        {"event_date": "2025-12-01", "status": "completed", "count": 250, "unit": "MW", **SEEN},
        {
            "event_date": "2025-12-01",
            "status": "operating",
            "count": 40,
            "unit": "MW",
            **SEEN,
            "project": "one",
        },
    ],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with RECORD; tests must not write to it."""
    path = tmp_path_factory.mktemp("made") / "made.db"
    load(path, **RECORD)
    return path


def ask(path: Path, *options: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run_json(path, "report", "counts", *options)
    return rows


def test_the_named_sites_are_those_of_the_day_and_of_the_kind_of_evidence(made: Path) -> None:
    """As claimed One was complete in October 2024, Two in November, and One in use in February 2025.

    Seen complete was Two alone, when it was found idle in May 2025. Three is being built, whatever was
    repeated later, and Four belongs to no programme. By any evidence One and Two are complete in the autumn
    of 2025.
    """
    rows = [row for row in ask(made, "--programme", "p") if row["unit"] is None]
    assert read(rows, "event_date", "status", "count", "named") == [
        ("2025-08-31", "announced", 9, 3),
        ("2025-07-31", "building", 0, 1),
        ("2024-10-31", "completed", 2, 1),
        ("2024-12-31", "completed", 1, 2),
        ("2025-06-30", "completed", 5, 1),
        ("2025-09-30", "completed", 0, 1),
        ("2025-10-31", "completed", 0, 2),
        ("2025-11-30", "completed", 0, 2),
        ("2025-06-30", "operating", 1, 1),
    ]


def test_only_exact_counts_that_are_judged_contradict(made: Path) -> None:
    """One completed in December 2024 is less than the two in October and less than the two sites named.

    What has a bound, low confidence, an interested party behind it, or was taken back contradicts nothing.
    """
    told = {(row["event_date"], row["unit"]): row["contradicted"] for row in ask(made) if row["contradicted"]}
    assert told == {
        ("2024-10-31", None): "a number completed that falls",
        ("2024-12-31", None): "fewer than the named sites; a number completed that falls",
        ("2025-11-01", "MW"): "a number completed that falls",
        ("2025-12-01", "MW"): "a number completed that falls",
    }


def test_before_it_was_taken_back_a_count_contradicts(made: Path) -> None:
    rows = ask(made, "--known-on", "2025-12-31")
    (row,) = [row for row in rows if row["event_date"] == "2025-11-30"]
    assert (row["withdrawn"], row["named"]) == (None, 2)
    assert row["contradicted"] == "fewer than the named sites; a number completed that falls"
    (row,) = [row for row in ask(made) if row["event_date"] == "2025-11-30"]
    assert (row["withdrawn"], row["contradicted"]) == ("2026-01", None)


def test_in_a_unit_the_number_promised_stands_beside_what_was_counted(made: Path) -> None:
    """Of 900 MW by 2030, 300 are claimed and 250 were seen; nobody counted any of the 50 homes a year."""
    rows = [row for row in ask(made) if row["unit"]]
    assert read(rows, "project", "unit", "promised", "promised_for", "count", "evidence", "named") == [
        ("one", "MW", 200, "in all", 40, "imagery", None),
        ("p", "MW", 900, "in all, by 2030", 300, "promiser", None),
        ("p", "MW", 900, "in all, by 2030", 250, "imagery", None),
        ("q", "homes", 50, "each year", None, None, None),
    ]


def make_beds(db: Path, *quotas: dict[str, Any]) -> Path:
    """Make a programme to which numbers of beds are promised."""
    beds = {"project": "p", "kind": "plant", "per": "total", "unit": "beds"}
    project = {"id": "p", "name": "P", "type": "programme", "kind": "plant"}
    counted = {"project": "p", "unit": "beds", "source": "s", "evidence": "promiser"}
    load(
        db,
        kinds=["plant"],
        sources=[{"id": "s", "published": "2024"}],
        announcements=[
            {"id": day, "title": f"Speech of {day}", "announced": day, "said": "Beds."}
            for day in ("2020", "2021")
        ],
        projects=[project],
        quotas=[beds | quota for quota in quotas],
        updates=[
            counted | {"event_date": "2022", "status": "completed", "count": 80},
            counted | {"event_date": "2023", "status": "operating", "count": 20},
            counted | {"event_date": "2023", "status": "building", "count": 10},
        ],
    )
    return db


def test_beside_a_count_stands_what_was_promised_to_be_at_that_stage(tmp_path: Path) -> None:
    """100 beds are to be complete and 50 to be in use; those under work are to be complete."""
    use = {"quantity": 50, "promised_status": "operating"}
    rows = ask(make_beds(tmp_path / "beds.db", {"quantity": 100}, use))
    assert read(rows, "status", "count", "promised") == [
        ("building", 10, 100),
        ("completed", 80, 100),
        ("operating", 20, 50),
    ]


def test_a_number_in_a_unit_says_that_a_later_one_replaced_it(tmp_path: Path) -> None:
    quotas = ({"quantity": 500, "announcement": "2020"}, {"quantity": 700, "announcement": "2021"})
    db = make_beds(tmp_path / "beds.db", *quotas)
    row, *_ = run_json(db, "report")["rows"]
    assert row["also_promised"] == "500 beds in all (2020), replaced by 700; 700 beds in all (2021)"


@pytest.mark.parametrize(
    ("options", "projects"),
    [
        (["--programme", "q"], {"q"}),
        (["--kind", "plant"], {"p", "one"}),
        (["--status", "operating"], {"one"}),
        (["--year", "2024"], {"one"}),
    ],
)
def test_filters_choose_the_projects_that_are_counted(
    made: Path, options: list[str], projects: set[str]
) -> None:
    rows = ask(made, *options)
    assert {row["project"] for row in rows} == projects
    every = ask(made)
    assert all(row in every for row in rows)


def test_a_count_of_the_past_is_judged_by_what_had_happened(made: Path) -> None:
    rows = [row for row in ask(made, "--as-of", "2024-11-30") if row["unit"] is None]
    assert read(rows, "event_date", "count", "named", "contradicted") == [("2024-10-31", 2, 1, None)]


def test_a_table_fits_80_columns(made: Path, seeded: Path) -> None:
    for path in (made, seeded):
        lines = run(path, "report", "counts", "-f", "table", COLUMNS="80").out.splitlines()
        assert max(map(len, lines)) <= 80


def test_a_record_without_counts_says_so(tmp_path: Path) -> None:
    path = tmp_path / "bare.db"
    load(path, **(RECORD | {"quotas": [], "updates": RECORD["updates"][:9]}))
    done = run(path, "report", "counts")
    assert "there is no count in " in done.err


# ---- for any counts

FIRST = date(2024, 1, 1)


@st.composite
def some_counts(draw: st.DrawFn) -> list[Count]:
    counts = []
    for at in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, 9))
        end = start + draw(st.integers(0, 4))
        counts.append(
            Count(
                project="p",
                name="P",
                type="programme",
                id=str(at),
                event_date="2024",
                start=FIRST + timedelta(start),
                end=FIRST + timedelta(end),
                effective_day=FIRST + timedelta(end),
                status=draw(st.sampled_from([Status.COMPLETED, Status.COMPLETED, Status.OPERATING])),
                number=draw(st.integers(0, 4)),
                counts_as=draw(st.sampled_from(["claim", "observation", "neither", "unclassed", "news"])),
                unit=draw(st.sampled_from([None, None, "beds"])),
                bound=draw(st.sampled_from([None, None, "about"])),
            )
        )
    return counts


@given(counts=some_counts())
def test_a_number_completed_falls_where_a_surely_later_count_is_less(counts: list[Count]) -> None:
    exact = [one for one in counts if one.bound is None and one.counts_as != "news"]
    falling = {
        count.id
        for one in exact
        for other in exact
        if one.status is other.status is Status.COMPLETED
        and one.unit == other.unit
        and one.end < other.start
        and one.number > other.number
        for count in (one, other)
    }
    found = [one for one in find_mismatches(counts, {}) if one.mismatch is Mismatch.FALL]
    assert {count.id for one in found for count in one.counts} == falling
    assert len(found) <= len({one.unit for one in exact})


STEPS = st.lists(
    st.tuples(st.sampled_from(["x", "y"]), st.integers(0, 9), st.sampled_from(Status)), max_size=8
)


@given(steps=STEPS, day=st.integers(0, 9), status=st.sampled_from(Status))
def test_the_named_sites_of_a_day_are_those_whose_last_status_it_is(
    steps: list[tuple[str, int, Status]], day: int, status: Status
) -> None:
    """A site has whatever was seen last; of one day the status further in the order."""
    told = sorted((site, (FIRST + timedelta(at)).isoformat(), one.rank) for site, at, one in steps)
    asked = FIRST + timedelta(day)
    count = Count(
        "p", "P", "programme", "c", "2024", asked, asked, asked, status, 0, "observation", evidence="press"
    )
    rows = [(*step, Axis.VERIFIED.value, 1) for step in told]
    named = count_named([count], rows, {"x": "cohort", "y": "p"}, {"cohort": "p", "p": "p"})
    last = {site: rank for site, at, rank in told if at <= asked.isoformat()}
    present = [list(Status)[rank] for rank in last.values()]
    if status is Status.ANNOUNCED:
        expected = len(present)
    elif status is Status.GROUNDBROKEN:
        expected = sum(one.is_started for one in present)
    elif status is Status.COMPLETED:
        expected = sum(one.is_complete for one in present)
    else:
        expected = present.count(status)
    assert named == {"c": expected}
