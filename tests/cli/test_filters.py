"""A filter with several values matches what any of them matches, in a list as in every report."""

import json
import shutil
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from each import for_each, sample
from program import read_ids, run, run_json
from records import add_tags

from nkplan.reports.counting import Counts
from nkplan.reports.views import VIEWS

VALUES = {
    "--kind": ("hospital", "factory", "canal"),
    "--status": ("operating", "building", "announced"),
    "--region": ("Kaesong", "none", "South Pyongan"),
    "--place": ("Songchon", "Hamju", "Pyongyang"),
    "--programme": ("20x10", "none", "county-hospitals"),
    "--year": ("2025", "none", "2024"),
    "--tag": ("followed", "to visit", "doubtful"),
}
FILTERS = list(VALUES)
SPELLINGS = sample(product(FILTERS, range(7)))
"""Which of seven ways to write two values are tried with which option."""


@pytest.fixture(scope="module")
def seeded(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped record with tags; tests must not write to it."""
    db = Path(shutil.copy(seeded, tmp_path_factory.mktemp("tagged") / "nkplan.db"))
    add_tags(db)
    return db


def repeat(option: str, *values: str) -> list[str]:
    """Write an option once for each value."""
    return [word for value in values for word in (option, value)]


def list_ids(db: Path, *arguments: str) -> list[str]:
    return list(read_ids(run(db, "list", *arguments)))


@pytest.mark.parametrize("option", FILTERS)
def test_several_values_list_what_any_of_them_lists(seeded: Path, option: str) -> None:
    first, second, third = VALUES[option]
    alone = {value: set(list_ids(seeded, option, value)) for value in VALUES[option]}
    assert all(alone.values())
    both = sorted(alone[first] | alone[second])
    assert len(both) == len(alone[first]) + len(alone[second])
    spellings = [
        repeat(option, first, second),
        repeat(option, second, first),
        repeat(option, first, second, first),
        [option, f"{first},{second}"],
        [option, f"{second}, {first}"],
        [option, f"{first},{second},{second}"],
        [option, f"{first},{first}", option, second],
    ]
    for arguments in (spellings[number] for one, number in SPELLINGS if one == option):
        assert list_ids(seeded, *arguments) == both, arguments
    every = sorted(alone[first] | alone[second] | alone[third])
    assert list_ids(seeded, *repeat(option, *VALUES[option])) == every
    assert list_ids(seeded, option, f"{third},{first}", option, second) == every
    assert list_ids(seeded, *repeat(option, first, first)) == sorted(alone[first])


def test_a_hospital_or_a_factory(seeded: Path) -> None:
    rows = run_json(seeded, "list", "--kind", "hospital", "--kind", "factory")
    assert {row["kind"] for row in rows} == {"hospital", "factory"}


def test_several_filters_of_several_values_must_all_match(seeded: Path) -> None:
    rows = run_json(seeded, "list", "--kind", "hospital,factory", "--year", "2025", "--year", "2024")
    every = run_json(seeded, "list")
    assert [row["id"] for row in rows] == [
        row["id"] for row in every if row["kind"] in {"hospital", "factory"} and row["year"] in {2024, 2025}
    ]
    assert {(row["kind"], row["year"]) for row in rows} == {
        ("factory", 2024),
        ("factory", 2025),
        ("hospital", 2024),
        ("hospital", 2025),
    } & {(row["kind"], row["year"]) for row in every}


# ---- names with a comma in them


def test_a_place_with_its_region_is_one_place(seeded: Path) -> None:
    unsan = list_ids(seeded, "--place", "Unsan, North Pyongan")
    assert unsan == ["unsan-factories"]
    hamju = list_ids(seeded, "--place", "Hamju")
    both = list_ids(seeded, "--place", "Unsan, North Pyongan", "--place", "Hamju")
    assert both == sorted([*unsan, *hamju])


def test_a_text_that_names_no_place_as_a_whole_is_split_at_its_commas(seeded: Path) -> None:
    # No Songchon is in Kaesong, so these are two places.
    assert list_ids(seeded, "--place", "Songchon, Kaesong") == list_ids(
        seeded, "--place", "Songchon", "--place", "Kaesong"
    )


def test_a_text_that_can_be_several_things_as_a_whole_is_not_split(seeded: Path) -> None:
    for text in ("Unsan", "Unsan,Hamju"):
        done = run(seeded, "list", "--place", text)
        assert (done.code, done.out) == (3, "")
        assert "'Unsan' can be any of 2 places" in done.err
    done = run(seeded, "list", "--programme", "s,")
    assert (done.code, done.out) == (3, "")
    assert "'s,' can be any of" in done.err


# ---- an unknown value among several


@pytest.mark.parametrize(
    ("option", "typed", "code", "said"),
    [
        ("--kind", "hospital,hospitl", 2, "there is no kind 'hospitl'; did you mean hospital?"),
        ("--kind", "hospital,none", 2, "there is no kind 'none'"),
        ("--status", "building,built", 2, "there is no status 'built'"),
        ("--region", "Kaesong,Narnia", 2, "there is no region 'Narnia'"),
        ("--place", "Hamju,Nowhere", 3, "there is no place 'Nowhere'"),
        ("--programme", "20x10,50x50", 3, "there is no programme '50x50'"),
        ("--year", "2024,soon", 2, "'soon' is not a year"),
        ("--tag", "followed,folowed", 2, "there is no tag 'folowed'; did you mean followed?"),
        ("--tag", "followed,none", 2, "there is no tag 'none'"),
        ("--year", "2024,2030", 2, "nothing belongs to the year 2030"),
        ("--kind", "hospital,", 2, "--kind: 'hospital,' has nothing before or after a comma"),
        ("--place", ",", 2, "--place: ',' has nothing before or after a comma"),
    ],
)
def test_an_unknown_value_among_several_is_refused_as_it_is_alone(
    seeded: Path, option: str, typed: str, code: int, said: str
) -> None:
    spellings = [[option, typed]]
    if not typed.endswith(","):
        spellings.append(repeat(option, *typed.split(",")))
    for command in ("list", "report"):
        for arguments in spellings:
            done = run(seeded, command, *arguments)
            assert (done.code, done.out) == (code, ""), arguments
            assert said in done.err.splitlines()[0]


def test_an_empty_answer_repeats_what_was_typed(seeded: Path) -> None:
    typed = ["--status", "cancelled,paused", "--kind", "hospital", "--kind", "factory"]
    factories = len(list_ids(seeded, *typed[2:]))
    said = f"no site matches {' '.join(typed)}; without --status cancelled,paused there are {factories}"
    assert run(seeded, "list", *typed).err == f"nkplan: {said}\n"
    told = run(seeded, "report", "unverified", *typed).err
    number = len(run(seeded, "report", "unverified").out.splitlines()) - 1
    repeated = "--kind hospital --kind factory --status cancelled,paused"
    assert told.endswith(f"that matches {repeated}; without filters there are {number} rows\n")


# ---- reports

ROWS = [
    "promises",
    "counts",
    "overdue",
    "silent",
    "unverified",
    "conflicts",
    "slips",
    "use",
    "changes",
    "next",
]
"""The views with rows that depend on one project each."""
SUMS = {
    "progress": Counts._fields,
    "missing": ("number",),
    "durations": ("n", "unknown"),
    "coverage": ("sites",),
    "pace": ("promised", "completed", "verified"),
}
"""The columns of the other views that add up if no site matches two values."""


def report(db: Path, view: str, *arguments: str) -> list[dict[str, object]]:
    since = ["--since", "2025"] if view == "changes" else []
    answer = run_json(db, "report", view, *since, *arguments)
    rows: list[dict[str, object]] = answer["rows"] if isinstance(answer, dict) else answer
    # The forecast of a pace is not the sum of two.
    return [row for row in rows if view != "pace" or row["year"] is not None]


def test_every_view_is_tested() -> None:
    assert {*ROWS, *SUMS} == set(VIEWS)


@for_each(("option", "view"), sample(product(FILTERS, ROWS)))
def test_a_view_of_projects_has_the_rows_of_each_value(seeded: Path, option: str, view: str) -> None:
    first, second, _ = VALUES[option]
    # The number of a conflict depends on what else is listed.
    alone = {
        json.dumps({key: value for key, value in row.items() if key != "conflict"})
        for one in (first, second)
        for row in report(seeded, view, option, one)
    }
    both = report(seeded, view, *repeat(option, first, second))
    rows = [json.dumps({key: value for key, value in row.items() if key != "conflict"}) for row in both]
    assert sorted(rows) == sorted(alone)
    assert report(seeded, view, option, f"{second},{first},{second}") == both


@for_each(("option", "view"), sample(product(FILTERS, SUMS)))
def test_a_view_of_numbers_adds_up_what_each_value_counts(seeded: Path, option: str, view: str) -> None:
    first, second, _ = VALUES[option]

    def add_up(*arguments: str) -> Counter[str]:
        counts: Counter[str] = Counter()
        for row in report(seeded, view, *arguments):
            counts.update({column: int(row.get(column) or 0) for column in SUMS[view]})  # type: ignore[call-overload]
        return +counts

    alone = add_up(option, first) + add_up(option, second)
    assert add_up(*repeat(option, first, second)) == alone
    assert add_up(option, f"{second},{first}") == alone


def test_coverage_of_several_regions_has_a_row_for_each(seeded: Path) -> None:
    rows = report(seeded, "coverage", "--region", "Kaesong,KP-02,none")
    assert [row["name"] for row in rows] == ["South Pyongan Province", "Kaesong City"]


def test_a_pace_of_some_years_has_their_promises_and_no_forecast(seeded: Path) -> None:
    rows = run_json(seeded, "report", "pace", "--programme", "20x10", "--year", "2024", "--year", "2025")
    promised = {row["year"]: row["promised"] for row in rows}
    assert (promised[2024], promised[2025], promised[2026]) == (20, 20, None)
    assert {row["refused"] for row in rows if row["year"] is None} == {
        "the sites of some years are asked for alone"
    }


# ---- search


def test_a_search_of_several_lists_finds_what_each_of_them_has(seeded: Path) -> None:
    def search(*arguments: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = run_json(seeded, "search", "factories", *arguments)
        return found

    alone = {one: search("--list", one) for one in ("update", "source", "project")}
    assert all(alone.values())
    for arguments in (["--list", "update,source"], ["--list", "source", "--list", "update"]):
        both = search(*arguments)
        assert sorted(map(str, both)) == sorted(map(str, alone["update"] + alone["source"]))
    assert search("--list", "update,update") == alone["update"]
    done = run(seeded, "search", "factories", "--list", "update,nonsense")
    assert (done.code, done.out) == (2, "")
    assert "--list: there is no list 'nonsense'" in done.err
    told = run(seeded, "search", "zzzzz", "--list", "update", "--list", "source").err
    assert "in the lists update and source of" in told
