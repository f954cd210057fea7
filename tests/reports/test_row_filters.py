"""The filter of a row of a report lists exactly the sites that the row counts, under any other filters."""

import shlex
from pathlib import Path

import pytest
from program import TODAY, run, run_json

REPORTS = [
    ("report",),
    *(("report", "--by", group) for group in ("kind", "province", "year", "programme", "status")),
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
    ("--province", "Kaesong"),
    ("--province", "none"),
    ("--place", "Pyongyang"),
    ("--kind", "hospital", "--year", "2025", "--as-of", "2025-06-30"),
]


@pytest.mark.parametrize("filters", FILTERS, ids=" ".join)
@pytest.mark.parametrize("report", REPORTS, ids=" ".join)
def test_each_row_counts_as_many_sites_as_its_filter_lists(
    record: Path, report: tuple[str, ...], filters: tuple[str, ...]
) -> None:
    answer = run_json(record, *report, *filters)
    for row in answer if isinstance(answer, list) else answer["rows"]:
        if row["filter"] is not None:
            listed = run_json(record, "list", *shlex.split(row["filter"]))
            assert len(listed) == row.get("sites", row.get("named")), row["filter"]


@pytest.mark.parametrize("view", ["durations", "pace"])
def test_no_filter_names_an_option_twice(record: Path, view: str) -> None:
    answer = run_json(record, "report", view, "--kind", "factory", "--programme", "20x10")
    for row in answer:
        words = shlex.split(row["filter"])
        assert len(set(words[::2])) == len(words[::2])
        assert run(record, "list", *words, NKPLAN_TODAY=TODAY).code == 0
