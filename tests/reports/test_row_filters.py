"""The filter of a row of a report lists exactly the sites that the row counts, under any other filters."""

import shlex
import shutil
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from each import for_each, sample
from program import TODAY, run, run_json
from records import add_tags

REPORTS = [
    ("report",),
    *(("report", "--by", group) for group in ("kind", "region", "year", "programme", "status")),
    ("report", "coverage"),
]
FILTERS = [
    (),
    ("--kind", "factory"),
    ("--year", "2025"),
    ("--year", "none"),
    ("--programme", "20x10"),
    ("--programme", "none"),
    ("--status", "building"),
    ("--region", "Kaesong"),
    ("--region", "none"),
    ("--place", "Pyongyang"),
    ("--tag", "followed"),
    ("--tag", "factories"),
    # At a moment each answer takes ten times as long, and these have few rows.
    ("--programme", "county-hospitals", "--year", "2025", "--as-of", "2025-06-30"),
    ("--kind", "factory", "--kind", "hospital"),
    ("--kind", "factory,hospital", "--kind", "canal"),
    ("--year", "2025,none"),
    ("--tag", "followed,to visit", "--tag", "doubtful", "--kind", "factory,hospital"),
    ("--tag", "programmes", "--programme", "20x10,none"),
    ("--programme", "none", "--programme", "20x10"),
    ("--status", "building,operating", "--status", "idle"),
    ("--region", "Kaesong,none", "--year", "2025", "--year", "2026"),
    ("--place", "Unsan, North Pyongan", "--place", "Pyongyang,Hamju"),
]


@pytest.fixture(scope="module")
def seeded(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped record with tags; tests must not write to it."""
    db = Path(shutil.copy(seeded, tmp_path_factory.mktemp("tagged") / "nkplan.db"))
    add_tags(db)
    return db


@cache
def count_listed(db: Path, filters: str) -> int:
    """Count the sites that some filters list; many rows have the same ones."""
    return len(run_json(db, "list", *shlex.split(filters), "--columns", "id"))


# As one test, so that no two workers count the same sites.
@for_each(("report", "filters"), sample(product(REPORTS, FILTERS)))
def test_each_row_counts_as_many_sites_as_its_filter_lists(
    seeded: Path, report: tuple[str, ...], filters: tuple[str, ...]
) -> None:
    answer = run_json(seeded, *report, *filters)
    for row in answer if isinstance(answer, list) else answer["rows"]:
        # Only what cannot be listed has none: the other years of a number in all, which have no site.
        if row["filter"] is None:
            assert row["named"] == 0, row
        else:
            assert count_listed(seeded, row["filter"]) == row.get("sites", row.get("named")), row["filter"]


@pytest.mark.parametrize("report", [*REPORTS, ("report", "durations"), ("report", "pace")], ids=" ".join)
def test_the_filter_of_a_row_repeats_all_values(record: Path, report: tuple[str, ...]) -> None:
    typed = ["--kind", "factory", "--kind", "hospital,canal", "--year", "2024,2025"]
    answer = run_json(record, *report, *typed)
    rows = answer if isinstance(answer, list) else answer["rows"]
    assert rows
    for row in rows:
        words = shlex.split(row["filter"])
        # What the row itself narrows to one value is not repeated.
        for option, values in (("--kind", ["factory", "hospital,canal"]), ("--year", ["2024,2025"])):
            own = [value for name, value in zip(words[::2], words[1::2], strict=True) if name == option]
            assert own == values or (len(own) == 1 and "," not in own[0]), row["filter"]


@pytest.mark.parametrize("view", ["durations", "pace"])
def test_no_filter_names_an_option_twice(record: Path, view: str) -> None:
    answer = run_json(record, "report", view, "--kind", "factory", "--programme", "20x10")
    for row in answer:
        words = shlex.split(row["filter"])
        assert len(set(words[::2])) == len(words[::2])
        assert run(record, "list", *words, NKPLAN_TODAY=TODAY).code == 0
