"""What was announced, what replaced it and what became of it, for the shipped record and one made up here.

Expected values were worked out by hand from `seed.json` and RECORD below; more of the shipped record and
Ghana's are in `test_questions.py` and `test_questions_of_ghana.py`.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from program import ROOT, run, run_json
from questions import read
from records import date_quota, load

from nkplan.model.promise import DatedQuota, Quota
from nkplan.model.vocabulary import QuotaPeriod, Status
from nkplan.reports.promises import find_replacements

SEED = ROOT / "seed.json"

SITE = {"type": "site", "kind": "plant"}
COUNT = {"project": "homes", "unit": "homes", "source": "s"}
RECORD: dict[str, Any] = {
    "format": "nkplan/2",
    "settings": {"title": "Made up"},
    "kinds": ["plant", "house", "school"],
    "sources": [{"id": "s", "title": "S", "published": "2026"}],
    "announcements": [
        {"id": "first", "title": "Plants", "announced": "2024-01-15", "said": "Plants."},
        {
            "id": "second",
            "title": "More plants",
            "announced": "2025-06",
            "speaker": "The minister",
            "said": "M.",
        },
        {"id": "third", "title": "Nothing yet", "announced": "2025-07", "said": "Words."},
    ],
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
        {
            "id": "p-25",
            "name": "Plants of 2025",
            "type": "cohort",
            "kind": "plant",
            "parent": "p",
            "year": 2025,
        },
        {"id": "homes", "name": "Homes", "type": "programme", "kind": "house"},
        {"id": "one", "name": "One", "parent": "p-24", **SITE},
        {"id": "two", "name": "Two", "parent": "p-24", **SITE},
        {"id": "three", "name": "Three", "parent": "p-25", **SITE},
        {"id": "four", "name": "Four", "parent": "p", **SITE},
        {"id": "five", "name": "Five", "parent": "p", "type": "site", "kind": "school"},
        {"id": "six", "name": "Six", **SITE},
    ],
    "quotas": [
        {
            "project": "p",
            "kind": "plant",
            "quantity": 9,
            "per": "year",
            "first_year": 2024,
            "announcement": "first",
        },
        {"project": "p", "kind": "plant", "quantity": 90, "per": "total", "announcement": "first"},
        {
            "project": "p-25",
            "kind": "plant",
            "quantity": 4,
            "per": "total",
            "beside": True,
            "announcement": "first",
        },
        {
            "project": "p",
            "kind": "plant",
            "quantity": 5,
            "per": "year",
            "first_year": 2026,
            "last_year": 2027,
            "announcement": "second",
        },
        {"project": "homes", "kind": "house", "quantity": 800, "per": "total", "unit": "homes"},
    ],
    "updates": [
        {
            "project": "one",
            "event_date": "2024-12-01",
            "status": "completed",
            "evidence": "promiser",
            "source": "s",
        },
        {
            "project": "two",
            "event_date": "2024-06-01",
            "status": "building",
            "evidence": "imagery",
            "source": "s",
        },
        {
            "project": "three",
            "event_date": "2025-11-01",
            "status": "completed",
            "evidence": "press",
            "source": "s",
        },
        {"project": "four", "event_date": "2025-11-01", "status": "groundbroken", "evidence": "promiser"},
        {
            "project": "six",
            "event_date": "2025-06",
            "status": "announced",
            "promised": "2027",
            "evidence": "promiser",
            "announcement": "second",
        },
        {"event_date": "2025-01-01", "status": "completed", "count": 300, "evidence": "promiser", **COUNT},
        {"event_date": "2025-09-01", "status": "completed", "count": 420, "evidence": "promiser", **COUNT},
        # Of what is only being built nothing is complete yet.
        {"event_date": "2025-10-01", "status": "building", "count": 99, "evidence": "promiser", **COUNT},
        {"event_date": "2025-06-01", "status": "operating", "count": 250, "evidence": "imagery", **COUNT},
        {"event_date": "2025-12-01", "status": "completed", "count": 7, "evidence": "interested", **COUNT},
    ],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with RECORD; tests must not write to it."""
    path = tmp_path_factory.mktemp("made") / "made.db"
    load(path, **RECORD)
    return path


def ask(path: Path, *options: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run_json(path, "report", "promises", *options)
    return rows


BECAME = ("named", "started", "complete_claimed", "complete_verified")


# ---- the shipped record


def test_every_announcement_appears_in_the_order_of_its_day(seeded: Path) -> None:
    announcements = json.loads(SEED.read_text("utf-8"))["announcements"]
    rows = ask(seeded)
    assert {row["announcement"] for row in rows} == {one["id"] for one in announcements}
    years = [row["announced"][:4] for row in rows]
    assert years == sorted(years)
    for one in announcements:
        found = [row for row in rows if row["announcement"] == one["id"]]
        assert {(row["announced"], row["title"], row["speaker"], row["source"]) for row in found} == {
            (one["announced"], one["title"], one.get("speaker"), one.get("source"))
        }


def test_what_was_announced_later_is_not_known_on_a_day(seeded: Path) -> None:
    days = {row["announced"] for row in ask(seeded, "--known-on", "2024-01-15")}
    assert max(days) == "2024-01-15"


# ---- which sites a number covers


def test_a_number_covers_the_sites_of_its_kind_and_years(made: Path) -> None:
    """One, Two and Three have a year, Four has none, Five is a school, and Six belongs to no programme."""
    rows = {(row["project"], row["quantity"]): row for row in ask(made)}
    # Nine a year from 2024: One, Two and Three; One was said to be complete, Three was seen so.
    assert read([rows["p", 9]], *BECAME) == [(3, 3, 1, 1)]
    # Ninety in all: One, Two and Four, as the four of 2025 are beside them.
    assert read([rows["p", 90]], *BECAME) == [(3, 3, 1, 0)]
    assert read([rows["p-25", 4]], *BECAME) == [(1, 1, 0, 1)]
    # Five a year for 2026 and 2027: no site yet.
    assert read([rows["p", 5]], *BECAME) == [(0, 0, 0, 0)]


def test_a_number_in_a_unit_has_the_latest_counts_of_the_promised_stage(made: Path) -> None:
    """420 homes completed in September 2025, says the promiser; in June 250 were seen lived in.

    What is being built is not complete, and the word of an interested party counts for nothing.
    """
    (row,) = [row for row in ask(made) if row["unit"] == "homes"]
    assert read([row], *BECAME) == [(None, None, 420, 250)]
    assert read([row], "claimed_on", "verified_on") == [("2025-09-01", "2025-06-01")]
    (row,) = [row for row in ask(made, "--as-of", "2025-06-30") if row["unit"] == "homes"]
    assert read([row], *BECAME) == [(None, None, 300, 250)]


def test_a_number_for_some_years_replaces_another_for_these_alone(made: Path) -> None:
    rows = {(row["project"], row["quantity"]): row["replaced_by"] for row in ask(made)}
    assert rows["p", 9] == "5 for 2026 to 2027 (2025-06)"
    assert {number for number, by in rows.items() if by} == {("p", 9)}


def test_a_month_and_a_day_ask_for_what_can_have_been_announced_on_them(made: Path) -> None:
    def list_days(asked: str) -> set[str]:
        return {row["announced"] for row in ask(made, "--on", asked)}

    assert list_days("2025") == {"2025-06", "2025-07"}
    # What was announced at some time in June 2025 can have been announced on the 23rd.
    assert list_days("2025-06-23") == {"2025-06"}
    assert list_days("2024-01-15") == {"2024-01-15"}
    done = run(made, "report", "promises", "--on", "1999-01-01")
    assert (done.code, len(done.out.splitlines())) == (0, 1)
    assert "there is nothing announced in " in done.err
    number = len(run(made, "report", "promises").out.splitlines()) - 1
    assert done.err.endswith(f"that matches --on 1999-01-01; without filters there are {number} rows\n")


def test_a_table_fits_80_columns(seeded: Path, ghana: Path) -> None:
    for path in (seeded, ghana):
        lines = run(path, "report", "promises", "-f", "table", COLUMNS="80").out.splitlines()
        assert max(map(len, lines)) <= 80


def test_rows_are_numbers_then_projects_then_words_alone(made: Path) -> None:
    assert read(ask(made), "announcement", "project", "quantity", "promised") == [
        ("first", "p", 90, None),
        ("first", "p-25", 4, None),
        ("first", "p", 9, None),
        ("second", "p", 5, None),
        ("second", "six", None, "2027"),
        ("third", None, None, None),
        (None, "homes", 800, None),
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--kind", "house"], [("homes", 800)]),
        (["--programme", "p"], [("p", 90), ("p-25", 4), ("p", 9), ("p", 5)]),
        (["--programme", "none"], [("six", None)]),
        # A number is for the years that it covers: nine a year for 2025, ninety for no year of their own.
        (["--year", "2025"], [("p-25", 4), ("p", 9)]),
        (["--year", "2024"], [("p", 9)]),
        (["--year", "none"], [("p", 90), ("six", None), ("homes", 800)]),
        (["--status", "announced"], [("six", None)]),
    ],
)
def test_filters_choose_promises(made: Path, options: list[str], expected: list[tuple[Any, ...]]) -> None:
    assert read(ask(made, *options), "project", "quantity") == expected


def test_filters_change_no_number(made: Path) -> None:
    every = ask(made)
    for options in (["--kind", "plant"], ["--year", "2024"], ["--programme", "p"], ["--status", "announced"]):
        assert all(row in every for row in ask(made, *options))


# ---- what replaces what, for any quotas

YEARS = st.one_of(st.none(), st.integers(2020, 2026))


@st.composite
def some_quotas(draw: st.DrawFn) -> list[DatedQuota]:
    quotas = []
    for at in range(draw(st.integers(0, 7))):
        first, last = draw(YEARS), draw(YEARS)
        if first is not None and last is not None and first > last:
            first, last = last, first
        quota = Quota(
            id=str(at),
            project=draw(st.sampled_from("ab")),
            kind="plant",
            quantity=at + 1,
            per=draw(st.sampled_from(QuotaPeriod)),
            unit=draw(st.sampled_from([None, "beds"])),
            promised_status=draw(st.sampled_from([None, Status.COMPLETED, Status.OPERATING])),
            first_year=first,
            last_year=last,
        )
        quotas.append(date_quota(quota, draw(st.sampled_from([None, "2020-01-01", "2021", "2022-05"]))))
    return quotas


@given(quotas=some_quotas())
def test_in_each_year_a_number_is_replaced_by_the_next_one_announced(quotas: list[DatedQuota]) -> None:
    """Only one of the same project, kind, unit, promised status and period, of a later day, replaces it."""

    def sort(dated: DatedQuota) -> tuple[Any, ...]:
        quota = dated.quota
        return quota.project, quota.kind, quota.unit, quota.promised_status or Status.COMPLETED, quota.per

    found = find_replacements(quotas)
    for dated in quotas:
        for year in range(2019, 2028):
            later = [
                other
                for other in quotas
                if sort(other) == sort(dated)
                and (other.announced or "") > (dated.announced or "")
                and dated.quota.covers(year)
                and other.quota.covers(year)
            ]
            replacing = {
                one.dated.quota.id for one in found[dated.quota.id] if one.first_year <= year <= one.last_year
            }
            soonest = min((other.announced or "" for other in later), default=None)
            if soonest is None:
                assert not replacing
            else:
                # Of several numbers of one day, one is named.
                assert len(replacing) == 1
                assert replacing <= {other.quota.id for other in later if (other.announced or "") == soonest}


def test_the_sites_of_a_number_beside_another_are_none_of_it_though_one_has_a_number_of_its_own(
    tmp_path: Path,
) -> None:
    """Three, of 2025, is to have 12 beds; it is of the four that are beside the ninety."""
    beds = {"project": "three", "kind": "plant", "quantity": 12, "per": "total", "unit": "beds"}
    db = tmp_path / "nkplan.db"
    load(db, **RECORD | {"quotas": [*RECORD["quotas"], beds]})
    rows = {(row["project"], row["quantity"]): row for row in ask(db)}
    assert read([rows["p", 90]], *BECAME) == [(3, 3, 1, 0)]
    assert read([rows["p-25", 4]], *BECAME) == [(1, 1, 0, 1)]


def test_a_promise_counts_from_the_day_that_its_source_settles(tmp_path: Path) -> None:
    """Announced by June 2021, and printed in May 2020: what opened in May 2021 came after it."""
    db = tmp_path / "nkplan.db"
    load(
        db,
        kinds=["mill"],
        sources=[{"id": "paper", "title": "Paper", "published": "2020-05-31"}],
        announcements=[
            {
                "id": "mills",
                "title": "Mills",
                "announced": "../2021-06-01",
                "said": "A mill.",
                "source": "paper",
            }
        ],
        projects=[
            {"id": "mills-of-all", "name": "Mills", "type": "programme", "kind": "mill"},
            {"id": "mill", "name": "Mill", "type": "site", "kind": "mill", "parent": "mills-of-all"},
        ],
        quotas=[
            {
                "project": "mills-of-all",
                "kind": "mill",
                "quantity": 2,
                "per": "total",
                "announcement": "mills",
            }
        ],
        updates=[
            {"project": "mill", "event_date": "2021-05-01", "status": "completed", "evidence": "on-site"}
        ],
    )
    (end,) = (row for row in run_json(db, "report", "pace") if row["year"] is None)
    assert (end["promised"], end["completed"], end["left"]) == (2, 1, 1)
