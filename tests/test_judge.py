"""The independent judge: worked examples, the tables of two records, and what holds for every record.

`NKPLAN_EXAMPLES=3000` is the long form of the last.
"""

import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from examples import example_count
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from judge import (
    OPENINGS,
    UNFINISHED,
    Judged,
    Moment,
    Record,
    State,
    find_announced_day,
    read,
    state,
)
from judge_views import (
    Counted,
    Duration,
    Overdue,
    Promised,
    Slip,
    has_named,
    list_changes,
    list_conflicts,
    list_durations,
    list_missing,
    list_overdue,
    list_pace,
    list_replaced,
    list_silent,
    list_sites,
    list_slips,
    list_unverified,
    list_use,
    report_counts,
    report_progress,
    total_progress,
)
from random_records import DAYS, TODAY, Row, days, moments, quotas, records, updates

from nkplan.dates import parse_date

ROOT = Path(__file__).parent.parent
NOW = Moment(date(2026, 11, 25))

# ---- worked examples


def make(*claims: str, **more: Any) -> Row:
    """Make a record of one site from claims such as `2024-05 completed imagery note=Seen`."""
    rows = [
        {
            "id": str(number),
            "project": "site",
            "event_date": words[0],
            **dict(word.split("=") for word in words[1:] if "=" in word),
            **dict(
                zip(("status", "evidence"), [word for word in words[1:] if "=" not in word], strict=False)
            ),
        }
        for number, words in enumerate((claim.split() for claim in claims), 1)
    ]
    site = {"id": "site", "name": "Site", "type": "site", "kind": "factory"}
    return {"projects": [site], "updates": rows, **more}


def judge(*claims: str, moment: Moment = NOW) -> State:
    return state(make(*claims), "site", moment)


@pytest.mark.parametrize(
    ("claims", "status", "claimed", "verified"),
    [
        (["2024-05 completed promiser", "2024-07 building imagery"], "building", "completed", "building"),
        (["2024-05 completed promiser", "2024-05-20 building imagery"], "completed", "completed", "building"),
        (["2024-05-01 completed expert", "2024-07 preparing promiser"], "preparing", "preparing", None),
        (
            ["2024-05 completed promiser", "2024-06 operating press", "2024-07 building imagery"],
            "building",
            "completed",
            "building",
        ),
        (["2024 building promiser", "2025 announced promiser"], "building", "building", None),
        (["2024 cancelled promiser", "2025 announced promiser"], "announced", "announced", None),
        (
            ["2023 building promiser", "2024 cancelled promiser", "2025 announced expert"],
            "announced",
            "cancelled",
            None,
        ),
        (["2024 building promiser", "2025 announced imagery"], "announced", "building", "announced"),
        (["2024 completed promiser", "2025 idle imagery confidence=low"], "completed", "completed", None),
        (["2024 completed promiser confidence=low"], "completed", "completed", None),
        (["2024 completed interested"], None, None, None),
        (["2024 building"], "building", None, None),
        (["2024-05-01 idle press", "2024-05-01 paused press"], "paused", None, "paused"),
    ],
)
def test_a_status_is_the_latest_that_counts(
    claims: list[str], status: str | None, claimed: str | None, verified: str | None
) -> None:
    judged = judge(*claims)
    assert (judged.status, judged.claimed, judged.verified) == (status, claimed, verified)


@pytest.mark.parametrize(
    ("claims", "written", "first", "by"),
    [
        (["2024-05-20 completed promiser"], "2024-05-20", "2024-05-20", "2024-05-20"),
        (["2024-05 completed promiser"], "2024-05", "2024-05-01", "2024-05-31"),
        (["../2024-05-20 operating press"], "../2024-05-20", "0001-01-01", "2024-05-20"),
        (
            ["../2024-05-20 operating press", "2024-03-02 building imagery"],
            "../2024-05-20",
            "2024-03-03",
            "2024-05-20",
        ),
        (["2024-05-20 idle press"], "2024-05-20", "0001-01-01", "2024-05-20"),
        (["2024-05-20/.. completed press"], "2024-05-20/..", "2024-05-20", "2024-05-20"),
        (["2024-05-20 operating", "../2024-05-20 completed"], "2024-05-20", "2024-05-20", "2024-05-20"),
        (
            ["2024-05 completed promiser", "2024-07 building imagery", "2025-02 completed promiser"],
            "2025-02",
            "2025-02-01",
            "2025-02-28",
        ),
    ],
)
def test_an_opening_is_the_first_that_is_not_void(
    claims: list[str], written: str, first: str, by: str
) -> None:
    judged = judge(*claims)
    assert (judged.opened, str(judged.opened_first), str(judged.opened_day)) == (written, first, by)


def test_a_refuted_opening_is_void_even_as_of_a_day_before_it_was_refuted() -> None:
    claims = ["2024-05 completed promiser", "2024-07 building imagery"]
    assert judge(*claims, moment=Moment(NOW.today, date(2024, 6, 1))).opened is None
    assert judge(*claims, moment=Moment(NOW.today, None, date(2024, 6, 1))).opened == "2024-05"


def test_work_starts_with_the_earlier_of_a_ceremony_and_of_building() -> None:
    judged = judge("2024-03-01 preparing imagery", "2024-05-01 building imagery", "2024-06-01 groundbroken")
    assert (judged.start, judged.start_is_by) == ("2024-05-01", True)
    assert judged.start_first == date(2024, 3, 2)


def test_a_source_settles_the_day_unless_it_is_older_than_the_interval() -> None:
    sources = [{"id": "in", "published": "2024-03-05"}, {"id": "before", "published": "2023-12-31"}]
    record = make("2024 completed promiser source=in", sources=sources)
    assert state(record, "site", NOW).opened_day == date(2024, 3, 5)
    record = make("2024 completed promiser source=before", sources=sources)
    assert state(record, "site", NOW).opened_day == date(2024, 12, 31)


def test_a_withdrawn_claim_counts_for_what_was_known_before_its_day() -> None:
    claims = ["2024-05-01 completed promiser withdrawn=2024-06"]
    assert judge(*claims).opened is None
    assert judge(*claims, moment=Moment(NOW.today, None, date(2024, 6, 29))).opened == "2024-05-01"
    assert judge(*claims, moment=Moment(NOW.today, None, date(2024, 6, 30))).opened is None


def test_a_programme_that_is_cancelled_cancels_its_sites_until_it_is_taken_up_again() -> None:
    programme = {"id": "p", "name": "P", "type": "programme", "kind": "factory"}
    site = {"id": "site", "name": "Site", "type": "site", "kind": "factory", "parent": "p"}
    cancelled = {"id": "1", "project": "p", "event_date": "2024-05-02", "status": "cancelled"}
    again = {"id": "2", "project": "p", "event_date": "2024-08", "status": "announced"}
    record = {"projects": [programme, site], "updates": [cancelled]}
    assert state(record, "site", NOW).cancelled_day == date(2024, 5, 2)
    assert state({**record, "updates": [cancelled, again]}, "site", NOW).cancelled_day is None


def test_a_restart_that_was_promised_is_overdue_until_the_latest_status_is_in_use() -> None:
    """Opened in 2016, idle, a restart promised for 2022: the first promise is kept, the new chain is not."""
    claims = ["2015 announced promiser promised=2016", "2016-05-01 completed promiser", "2020 idle press"]
    record = make(*claims, "2021 idle promiser promised=2022-Q1")
    assert state(record, "site", NOW).promised_again == "2022-Q1"
    assert list_overdue(record, NOW) == [Overdue("site", "again", "2022-Q1")]
    assert [(slip.stage, slip.late_least) for slip in list_slips(record, NOW)] == [
        ("completed", -244),
        ("again", 1700),
    ]
    restarted = make(*claims, "2021 idle promiser promised=2022-Q1", "2023-01-01 operating press")
    assert list_overdue(restarted, NOW) == []


def test_a_forecast_promises_nothing() -> None:
    assert (
        judge("2020 announced expert promised=2021", "2020 announced imagery promised=2022").promised is None
    )
    assert judge("2020 announced promised=2023").promised == "2023"


def test_a_duration_is_exact_only_between_two_days() -> None:
    assert list_durations(make("2024-01-01 groundbroken", "2024-05-01 completed"), NOW) == [
        Duration("site", 121, 121, exact=True)
    ]
    assert list_durations(make("2024-01-01 building", "2024-05-01 completed"), NOW) == [
        Duration("site", 121, None, exact=False)
    ]
    assert list_durations(make("2024-01-01 groundbroken", "../2024-05-01 completed"), NOW) == [
        Duration("site", None, 121, exact=False)
    ]


def test_lateness_stops_on_the_day_of_the_cancellation_also_for_what_opens_later() -> None:
    record = make("2019 announced promiser promised=2020-12-31", "2023-05-01 completed press")
    programme = {"id": "p", "name": "P", "type": "programme", "kind": "factory"}
    cancelled = {"id": "9", "project": "p", "event_date": "2021-01-31", "status": "cancelled"}
    sites = [{**record["projects"][0], "parent": "p"}, programme]
    assert list_slips({**record, "projects": sites, "updates": [*record["updates"], cancelled]}, NOW) == [
        Slip("site", "completed", ("2020-12-31",), 0, 31, 31, stopped=True, kept=True)
    ]


def test_a_note_of_ones_own_is_no_news() -> None:
    own = {"id": "9", "project": "site", "event_date": "2026-10", "note": "To look at."}
    record = make("2020 building imagery")
    assert list_silent({**record, "updates": [*record["updates"], own]}, NOW) == ["site"]
    reported = {**own, "evidence": "press"}
    assert list_silent({**record, "updates": [*record["updates"], reported]}, NOW) == []


# ---- quotas


def make_programme(*given: Row, cohorts: tuple[int | None, ...] = ()) -> Row:
    programme = {"id": "p", "name": "P", "type": "programme", "kind": "factory"}
    each = [
        {"id": f"p-{year}", "name": "C", "type": "cohort", "kind": "factory", "parent": "p"}
        | ({} if year is None else {"year": year})
        for year in cohorts
    ]
    announcements = [
        {"id": day, "title": "A", "announced": day, "said": "S"}
        for day in sorted({row["announcement"] for row in given if "announcement" in row})
    ]
    rows = [
        {"id": f"q{number}", "project": "p", "kind": "factory", "per": "total", **row}
        for number, row in enumerate(given, 1)
    ]
    return {"announcements": announcements, "projects": [programme, *each], "quotas": rows, "updates": []}


def promise(record: Row, moment: Moment = NOW) -> dict[int | None, Promised]:
    return {row.year: row.promised for row in report_progress(record, moment) if row.programme}


SITES = (None, "completed")


def test_a_cohorts_number_is_part_of_the_programmes_unless_it_is_beside() -> None:
    within = make_programme({"quantity": 40}, {"quantity": 8, "project": "p-2020"}, cohorts=(2020,))
    assert promise(within) == {2020: {SITES: 8}, None: {SITES: 32}}
    beside = make_programme(
        {"quantity": 40}, {"quantity": 8, "project": "p-2020", "beside": True}, cohorts=(2020,)
    )
    assert promise(beside) == {2020: {SITES: 8}, None: {SITES: 40}}
    assert total_progress(beside, NOW).promised == {SITES: 48}


def test_a_cohort_of_a_year_that_the_total_does_not_cover_adds_to_it() -> None:
    record = make_programme(
        {"quantity": 40, "first_year": 2021}, {"quantity": 8, "project": "p-2020"}, cohorts=(2020,)
    )
    assert total_progress(record, NOW).promised == {SITES: 48}


def test_a_later_number_replaces_an_earlier_one_and_says_so() -> None:
    record = make_programme(
        {"quantity": 40, "announcement": "2020-01-01"}, {"quantity": 20, "announcement": "2022-01-01"}
    )
    assert promise(record) == {None: {SITES: 20}}
    assert list_replaced(record, NOW) == [("q1", "q2")]
    assert promise(record, Moment(NOW.today, date(2021, 1, 1))) == {None: {SITES: 40}}


def test_a_number_a_year_counts_for_each_year_begun_and_each_that_has_a_cohort() -> None:
    record = make_programme({"quantity": 20, "per": "year", "first_year": 2025}, cohorts=(2028,))
    assert promise(record) == {2025: {SITES: 20}, 2026: {SITES: 20}, 2028: {SITES: 20}}
    without = make_programme({"quantity": 20, "per": "year"})
    assert total_progress(without, NOW).promised == {}


def test_years_that_have_ended_are_due_and_a_total_at_its_last_year() -> None:
    """10 promised by 2020, opened 3 in 2019 and 5 in 2021: 10 due, 8 opened, 2 left."""
    record = make_programme({"quantity": 10, "last_year": 2020, "announcement": "2018-01-01"})
    sites = [
        {"id": f"s{number}", "name": "S", "type": "site", "kind": "factory", "parent": "p"}
        for number in range(8)
    ]
    opened = [
        {
            "id": f"u{number}",
            "project": f"s{number}",
            "event_date": "2019-05" if number < 3 else "2021-05",
            "status": "completed",
        }
        for number in range(8)
    ]
    record |= {"projects": [*record["projects"], *sites], "updates": opened}
    (pace,) = list_pace(record, NOW)
    assert (pace.due, len(pace.opened), pace.left) == (10, 8, 2)
    assert {year: len(those) for year, those in pace.by_year.items()} == {2019: 3, 2021: 5}
    a_year = make_programme({"quantity": 20, "per": "year", "first_year": 2025})
    (pace,) = list_pace(a_year, Moment(date(2026, 1, 2)))
    assert (pace.promised, pace.due) == (40, 20)


# ---- contradictions


def list_pairs(*claims: str) -> list[tuple[str, str, str]]:
    return [(one.conflict, one.one, one.other) for one in list_conflicts(make(*claims), NOW)]


@pytest.mark.parametrize(
    ("claims", "pairs"),
    [
        (["2024-05 completed", "2024-07 completed"], [("two completed", "1", "2")]),
        (["2024-05 completed", "2024 completed"], []),
        (["2024-05 operating", "2024-07 operating"], []),
        (["2024-05 completed", "2024-06 paused", "2024-07 completed"], []),
        (["2024-05 completed", "2024-06 building", "2024-07 completed"], []),
        (["../2024-05 completed", "2024-03 completed"], []),
        (["../2024-05 completed", "2024-06 completed"], [("two completed", "1", "2")]),
        (["2024-05-01 operating", "2024-05-01 idle"], [("in use and idle", "1", "2")]),
        (["2024-05-01 completed promiser", "2024-06 building imagery"], [("void", "1", "2")]),
        (["2024-05 completed", "2024-07 completed interested"], []),
        (["2024-05 completed", "2024-07 completed press confidence=low"], []),
    ],
)
def test_contradictions(claims: list[str], pairs: list[tuple[str, str, str]]) -> None:
    assert list_pairs(*claims) == pairs


def test_a_count_of_what_is_completed_may_not_fall() -> None:
    counts = [
        ("2020", "completed", 5),
        ("2021", "completed", 4),
        ("2020", "operating", 5),
        ("2021", "operating", 4),
    ]
    rows = [
        {
            "id": str(number),
            "project": "site",
            "event_date": year,
            "status": status,
            "count": count,
            "unit": "beds",
        }
        for number, (year, status, count) in enumerate(counts, 1)
    ]
    record = {**make(), "updates": rows}
    assert [(one.one, one.other) for one in list_conflicts(record, NOW)] == [("1", "2")]
    rows[1]["bound"] = "about"
    assert list_conflicts(record, NOW) == []


# ---- the records of two countries


def load(path: Path) -> Record:
    content = json.loads(path.read_text())
    for name in ("updates", "quotas"):
        for number, row in enumerate(content[name]):
            row.setdefault("id", str(number))
    return read(content)


@cache
def load_north_korea() -> Record:
    return load(ROOT / "seed.json")


@cache
def load_ghana() -> Record:
    return load(ROOT / "tests/data/ghana.json")


def count(counted: Counted) -> list[int]:
    return [len(sites) for sites in counted]


def test_north_koreas_projects_are_counted_as_worked_out_by_hand() -> None:
    rows = {
        (row.programme, row.year): row
        for row in report_progress(load_north_korea(), NOW)
        if row.promised or row.counted.named
    }
    assert {key: count(row.counted) for key, row in rows.items()} == {
        ("20x10", 2024): [20, 20, 20, 20, 2, 20, 3, 2, 5],
        ("20x10", 2025): [20, 20, 0, 20, 0, 20, 0, 0, 0],
        ("20x10", 2026): [20, 20, 0, 0, 0, 0, 0, 0, 0],
        ("20x10", None): [0, 0, 0, 0, 0, 0, 0, 0, 0],
        ("county-hospitals", 2025): [3, 3, 0, 3, 0, 3, 1, 0, 1],
        # Eight of the hospitals of 2026 are only announced.
        ("county-hospitals", 2026): [20, 12, 0, 0, 0, 0, 0, 0, 0],
        ("county-hospitals", None): [0, 0, 0, 0, 0, 0, 0, 0, 0],
        ("service-centres", 2025): [3, 3, 0, 3, 0, 3, 0, 0, 0],
        ("service-centres", 2026): [11, 11, 0, 0, 0, 0, 0, 0, 0],
        ("greenhouse-farms", None): [5, 5, 4, 4, 2, 4, 3, 1, 3],
        ("chicken-farms", None): [1, 0, 0, 0, 0, 0, 0, 0, 0],
        ("atomic-and-tidal-power", None): [2, 0, 0, 0, 0, 0, 0, 0, 0],
        ("pyongyang-flats", None): [0, 0, 0, 0, 0, 0, 0, 0, 0],
        ("new-homes", None): [0, 0, 0, 0, 0, 0, 0, 0, 0],
        # In use: Kimhwa, Pyongyang's hospital, Kwangchon and the offshore farms of Sinpho and Rakwon by the
        # state's word, and the reactor of Yongbyon, as the IAEA saw.
        (None, None): [19, 16, 3, 11, 1, 12, 5, 1, 6],
    }
    # The 20,000 homes a year at coal mines are within the families' number, and have no first year; the 450
    # hectares are one site's.
    assert {key: row.promised for key, row in rows.items() if row.promised} == {
        ("20x10", 2024): {SITES: 20},
        ("20x10", 2025): {SITES: 20},
        ("20x10", 2026): {SITES: 20},
        ("20x10", None): {SITES: 140},
        ("county-hospitals", 2025): {SITES: 3},
        ("county-hospitals", 2026): {SITES: 20},
        ("county-hospitals", None): {SITES: 80},
        ("service-centres", 2026): {SITES: 20},
        ("pyongyang-flats", None): {("flats", "completed"): 50_000},
        ("new-homes", None): {("families", "completed"): 370_000},
    }
    total = total_progress(load_north_korea(), NOW)
    assert total.promised == {
        SITES: 323,
        ("flats", "completed"): 50_000,
        ("families", "completed"): 370_000,
    }
    assert count(total.counted) == [94, 86, 20, 43, 2, 43, 4, 2, 6]
    assert len(list_overdue(load_north_korea(), NOW)) == 1
    assert "20x10" not in {slip.project for slip in list_slips(load_north_korea(), NOW)}


def test_ghanas_factories_are_counted_as_worked_out_by_hand() -> None:
    """260 promised by 2020 (216 before), and 5 and 58 within them; 51 of them to start in 2017."""
    rows = {(row.programme, row.year): row for row in report_progress(load_ghana(), NOW)}
    assert {key: count(row.counted) for key, row in rows.items()} == {
        ("1d1f", 2017): [0, 0, 0, 0, 0, 0, 0, 0, 0],
        ("1d1f", None): [40, 20, 4, 16, 3, 17, 3, 1, 3],
        ("1d1f-cuf", None): [5, 5, 1, 5, 1, 5, 0, 0, 0],
        ("1d1f-youth", None): [1, 0, 0, 0, 0, 0, 0, 0, 0],
        (None, None): [1, 1, 1, 1, 1, 1, 1, 0, 0],
    }
    assert rows["1d1f", None].promised == {SITES: 260}
    total = total_progress(load_ghana(), NOW)
    assert total.promised == {SITES: 260, (None, "groundbroken"): 51}
    assert len(list_replaced(load_ghana(), NOW)) == 1


def test_of_ghanas_factories_two_are_overdue() -> None:
    """All others belong to a programme that was cancelled in 2025."""
    assert list_overdue(load_ghana(), NOW) == [
        Overdue("komenda", "again", "2022-Q1"),
        Overdue("obuasi-citrus", "completed", "2020-12"),
    ]
    assert state(load_ghana(), "1d1f", NOW).status == "cancelled"


def test_no_number_of_named_sites_contradicts_a_count_of_ghanas() -> None:
    counts = [
        row
        for row in report_counts(load_ghana(), NOW)
        if (row.project, row.status, row.number) == ("1d1f", "operating", 126)
    ]
    assert [len(row.sites) for row in counts] == [3]
    assert not [one for one in list_conflicts(load_ghana(), NOW) if one.conflict == "more sites"]


# ---- what holds for every record

for_every_record = settings(
    max_examples=example_count(24, 40),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def at(moment: tuple[date | None, date | None]) -> Moment:
    return Moment(TODAY, *moment)


def judge_all(record: Row, moment: Moment) -> dict[str, State]:
    return {row["id"]: state(record, row["id"], moment) for row in record["projects"]}


def report_all(record: Row, moment: Moment) -> dict[str, Any]:
    """Everything that is judged, but what names single updates."""
    content = read(record)
    return {
        "states": judge_all(record, moment),
        "progress": report_progress(content, moment),
        "total": total_progress(content, moment),
        "overdue": list_overdue(content, moment),
        "silent": list_silent(content, moment),
        "unverified": list_unverified(content, moment),
        "slips": list_slips(content, moment),
        "durations": list_durations(content, moment),
        "pace": sorted(list_pace(content, moment), key=lambda row: (row.programme, row.kind)),
        "missing": list_missing(content, moment),
        "use": list_use(content, moment),
    }


def without_news(reported: dict[str, Any]) -> dict[str, Any]:
    states = {id_: one._replace(last_day=None) for id_, one in reported["states"].items()}
    return {**reported, "states": states, "silent": None}


def add(record: Row, *rows: Row) -> Row:
    return {**record, "updates": [*record["updates"], *rows]}


def is_about_the_known(record: Row) -> Callable[[Row], bool]:
    """Return whether an update is about what is named by something judged.

    A site of which nothing is judged is named by whatever else is on record of it: its first news.
    """
    asked = read(record)
    unjudged = {site for site in list_sites(asked) if not has_named(asked, site, Moment(TODAY))}
    return lambda update: update["project"] not in unjudged


@for_every_record
@given(records(), moments(), st.randoms())
def test_any_order_of_rows_is_judged_alike(record: Row, moment: Any, random: Any) -> None:
    shuffled = {**record}
    for name in ("updates", "quotas"):
        shuffled[name] = random.sample(record[name], len(record[name]))
    assert report_all(shuffled, at(moment)) == report_all(record, at(moment))
    assert set(list_conflicts(shuffled, at(moment))) == set(list_conflicts(record, at(moment)))


@for_every_record
@given(records(), moments(), st.data())
def test_the_same_claim_twice_changes_nothing(record: Row, moment: Any, data: st.DataObject) -> None:
    repeated = {**data.draw(st.sampled_from(record["updates"])), "id": "again"}
    assert report_all(add(record, repeated), at(moment)) == report_all(record, at(moment))


@for_every_record
@given(records(), days, days)
def test_what_counts_at_an_earlier_day_counts_at_a_later_one(record: Row, one: date, other: date) -> None:
    kept = [{**row} for row in record["updates"]]
    for row in kept:
        row.pop("withdrawn", None)
        row.pop("withdrawn_source", None)
    record = {**record, "updates": kept}

    def list_ids(moment: Moment) -> set[str]:
        return {
            claim.row["id"]
            for project in record["projects"]
            for claim in Judged(read(record), project["id"], moment).happened
        }

    earlier, later = sorted((one, other))
    assert list_ids(Moment(TODAY, earlier)) <= list_ids(Moment(TODAY, later))
    assert list_ids(Moment(TODAY, None, earlier)) <= list_ids(Moment(TODAY, None, later))


@for_every_record
@given(records(), st.integers(0, 400), st.integers(0, 400))
def test_a_day_of_today_or_later_equals_no_option(record: Row, after: int, known_after: int) -> None:
    later = [TODAY + timedelta(days=number) for number in (after, known_after)]
    assert report_all(record, Moment(TODAY, *later)) == report_all(record, Moment(TODAY))


@for_every_record
@given(records())
def test_no_day_settles_after_its_interval_or_before_it(record: Row) -> None:
    for claims in read(record).claims.values():
        for claim in claims:
            assert claim.when.start <= claim.effective <= claim.when.end


@for_every_record
@given(records(), moments(), st.data())
def test_an_interested_party_changes_nothing_judged(record: Row, moment: Any, data: st.DataObject) -> None:
    more = add(record, data.draw(updates(record, evidence="interested").filter(is_about_the_known(record))))
    assert report_all(more, at(moment)) == report_all(record, at(moment))
    assert list_conflicts(more, at(moment)) == list_conflicts(record, at(moment))


@for_every_record
@given(records(), moments(), st.sampled_from(["imagery", "press", "expert"]), st.data())
def test_low_confidence_changes_nothing_but_the_last_news(
    record: Row, moment: Any, evidence: str, data: st.DataObject
) -> None:
    weak = updates(record, evidence=evidence, confidence="low").filter(is_about_the_known(record))
    more = add(record, data.draw(weak))
    assert without_news(report_all(more, at(moment))) == without_news(report_all(record, at(moment)))
    assert list_conflicts(more, at(moment)) == list_conflicts(record, at(moment))


@for_every_record
@given(records(), moments(), st.data())
def test_the_promiser_never_changes_verified_nor_an_observation_claimed(
    record: Row, moment: Any, data: st.DataObject
) -> None:
    before = judge_all(record, at(moment))
    claimed = judge_all(add(record, data.draw(updates(record, evidence="promiser"))), at(moment))
    assert {id_: one.verified for id_, one in claimed.items()} == {
        id_: one.verified for id_, one in before.items()
    }
    observed = judge_all(add(record, data.draw(updates(record, evidence="on-site"))), at(moment))
    assert {id_: one.claimed for id_, one in observed.items()} == {
        id_: one.claimed for id_, one in before.items()
    }


@for_every_record
@given(records(), moments(), st.sampled_from(["expert", "press", "interested"]), st.data())
def test_a_forecast_changes_no_promise(record: Row, moment: Any, evidence: str, data: st.DataObject) -> None:
    forecast = updates(record, evidence=evidence, status=None, count=None, percent=None, promised="2024-03")
    more = add(record, data.draw(forecast))
    assert list_overdue(more, at(moment)) == list_overdue(record, at(moment))
    assert list_slips(more, at(moment)) == list_slips(record, at(moment))


@for_every_record
@given(records(), st.sampled_from([day for day in DAYS if day < TODAY]), st.data())
def test_a_withdrawn_claim_is_ordinary_before_its_day_and_none_after_it(
    record: Row, day: date, data: st.DataObject
) -> None:
    claim = data.draw(updates(record, withdrawn=None))
    withdrawn = {**claim, "withdrawn": day.isoformat()}
    known_on = data.draw(st.just(day) | days)
    moment = Moment(TODAY, None, known_on)
    is_over = min(known_on, TODAY) >= day
    expected = record if is_over else add(record, claim)
    assert report_all(add(record, withdrawn), moment) == report_all(expected, moment)
    assert report_all(add(record, withdrawn), Moment(TODAY)) == report_all(record, Moment(TODAY))


@for_every_record
@given(records(), moments(), st.data())
def test_opened_is_an_opening_that_neither_a_later_one_nor_an_overlapping_date_changes(
    record: Row, moment: Any, data: st.DataObject
) -> None:
    for id_, one in judge_all(record, at(moment)).items():
        if one.opened is None or one.opened_day is None:
            continue
        rows = [row for row in record["updates"] if row["project"] == id_]
        assert one.opened in {row["event_date"] for row in rows if row.get("status") in OPENINGS}
        later = (one.opened_day + timedelta(days=1)).isoformat()
        new = data.draw(
            updates(
                record,
                project=id_,
                status="completed",
                event_date=later,
                evidence="promiser",
                count=None,
                source=None,
            )
        )
        assert state(add(record, new), id_, at(moment)).opened == one.opened
        status = data.draw(st.sampled_from(UNFINISHED))
        overlap = {"project": id_, "event_date": one.opened.removeprefix("../"), "id": "new"}
        seen = {**overlap, "status": status, "evidence": "imagery"}
        assert state(add(record, seen), id_, at(moment)).opened == one.opened


@for_every_record
@given(records(), moments())
def test_rows_add_up_and_in_use_is_within_complete(record: Row, moment: Any) -> None:
    rows = report_progress(record, at(moment))
    named = [site for row in rows for site in row.counted.named]
    assert len(named) == len(set(named))
    if at(moment).is_plain:
        assert set(named) == set(list_sites(read(record)))
    for counted in [*(row.counted for row in rows), total_progress(record, at(moment)).counted]:
        assert counted.in_use_claimed <= counted.complete_claimed
        assert counted.in_use_verified <= counted.complete_verified
        assert counted.in_use_latest <= counted.complete_latest <= counted.started
        assert counted.complete_verified <= counted.seen <= counted.started <= counted.named


@for_every_record
@given(records(), moments())
def test_seen_by_a_day_contradicts_nothing_up_to_it(record: Row, moment: Any) -> None:
    dates = {row["id"]: row["event_date"] for row in record["updates"]}
    for one in list_conflicts(record, at(moment)):
        first = dates[one.one]
        if first.startswith("../") and one.other in dates:
            assert parse_date(dates[one.other]).start > parse_date(first).end


@for_every_record
@given(records(fewest_programmes=1), moments(), st.data())
def test_cancelling_a_parent_adds_nothing_that_is_lacking_and_changes_nothing_complete(
    record: Row, moment: Any, data: st.DataObject
) -> None:
    parent = record["projects"][0]["id"]
    cancelled = data.draw(updates(record, status="cancelled", project=parent, count=None, promised=None))
    before, after = (report_all(one, at(moment)) for one in (record, add(record, cancelled)))
    assert set(after["overdue"]) <= set(before["overdue"])
    assert set(after["silent"]) <= set(before["silent"])
    assert set(after["missing"]) <= set(before["missing"])
    assert all(one.due <= other.due for one, other in zip(after["pace"], before["pace"], strict=True))
    assert (after["progress"], after["total"]) == (before["progress"], before["total"])


@for_every_record
@given(records(), moments(), st.data())
def test_a_count_changes_no_status_and_no_number_of_sites(
    record: Row, moment: Any, data: st.DataObject
) -> None:
    count = updates(record, status="completed", count=3, percent=None, promised=None)
    count = count.filter(is_about_the_known(record))
    before, after = (report_all(one, at(moment)) for one in (record, add(record, data.draw(count))))
    assert without_news(after) == without_news(before)


@for_every_record
@given(records(fewest_programmes=1), st.data())
def test_a_quota_changes_nothing_before_its_announcement(record: Row, data: st.DataObject) -> None:
    assume(record["announcements"])
    announcement = data.draw(st.sampled_from(record["announcements"]))
    quota = data.draw(quotas(record, announcement=announcement["id"]))
    before = [day for day in DAYS if day < find_announced_day(read(record), announcement)]
    assume(before)
    early, any_day = st.sampled_from(before), st.none() | days
    moment = data.draw(st.tuples(early, any_day) | st.tuples(any_day, early))
    more = {**record, "quotas": [*record["quotas"], quota]}
    assert report_all(more, at(moment)) == report_all(record, at(moment))


@for_every_record
@given(records(fewest_programmes=2), moments(), st.data())
def test_a_number_within_another_leaves_totals_as_they_are(
    record: Row, moment: Any, data: st.DataObject
) -> None:
    outer, inner = [row["id"] for row in record["projects"] if row["type"] == "programme"]
    bare = [row for row in record["quotas"] if row["project"] != inner]
    number = data.draw(quotas(record, project=outer, kind="farm", per="total", quantity=9))
    record = {**record, "quotas": [*bare, {**number, "id": "outer"}]}
    within = {**data.draw(quotas(record, project=inner)), "within": outer}
    more = {**record, "quotas": [*record["quotas"], within]}
    assert total_progress(more, at(moment)).promised == total_progress(record, at(moment)).promised


@for_every_record
@given(records(), days)
def test_what_did_not_change_since_a_day_is_not_listed(record: Row, since: date) -> None:
    now = Moment(TODAY)
    changed = {
        # A new count is told of, and changes no state.
        change.project
        for change in list_changes(record, now, since.isoformat())
        if not change.counts
    }
    before = judge_all(record, Moment(TODAY, None, since - timedelta(days=1)))
    for id_, one in judge_all(record, now).items():
        if one == before[id_]:
            assert id_ not in changed
