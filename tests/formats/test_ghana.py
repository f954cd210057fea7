"""Another country's record, Ghana's One District One Factory, is read and written whole.

The expected values were worked out by hand from `tests/data/ghana.json`. How it is judged is asked in
`tests/reports/test_questions_of_ghana.py`.
"""

import json
from pathlib import Path
from typing import Any

from program import ROOT, run
from tables import query

FILE = ROOT / "tests" / "data" / "ghana.json"

# By project, status and unit: on which day how many were said to be so, of how many, with which bound.
COUNTS: dict[tuple[str, str, str | None], list[tuple[str, int, int | None, str | None]]] = {
    ("1d1f", "preparing", None): [
        ("2021-09-09", 24, 278, None),
        ("2022-03-30", 24, 278, None),
    ],
    ("1d1f", "building", None): [
        ("2019-04", 22, None, None),
        ("2019-05-07", 22, 181, None),
        ("2019-12-13", 26, None, None),
        ("2020-07-23", 156, 232, None),
        ("2020-Q3", 94, 170, None),
        ("2021-03-09", 112, 232, None),
        ("2021-09-09", 150, 278, None),
        ("2022-03-30", 148, 278, None),
    ],
    ("1d1f", "completed", None): [
        ("2018-06-21", 19, None, None),
        ("2022-04-22", 107, 278, None),
        ("2022-10-22", 125, 296, None),
    ],
    ("1d1f", "operating", None): [
        ("2019-04", 45, None, None),
        ("2019-05-07", 57, 181, None),
        ("2019-12-13", 58, None, None),
        ("2020-07-23", 76, 232, None),
        ("2020-Q3", 76, 170, None),
        ("2021-03-09", 76, 232, None),
        ("2021-09-09", 104, 278, None),
        ("2022-03-30", 106, 278, None),
        ("2023", 126, None, None),
    ],
    # At whatever stage.
    ("1d1f", "announced", None): [
        ("2019-12-13", 200, None, "about"),
        ("2023", 300, None, "about"),
        ("2024-05-07", 321, None, None),
        ("2024-07-01", 169, None, "at least"),
    ],
    ("1d1f", "announced", "districts"): [
        ("2019-12-13", 112, None, None),
        ("2020-07-23", 154, 260, None),
        ("2024-05-07", 142, None, None),
    ],
    ("1d1f-cuf", "completed", None): [("2022-03-30", 5, 5, None)],
    ("1d1f-youth", "completed", None): [("2022-04", 57, 58, None)],
}

# Dates that were promised for use and not for an opening, or for the start of work.
PROMISED_USE = [
    ("1d1f-youth", "2023-06"),
    ("akuapem-gold", "2020-11"),
    ("ekumfi-juice", "2019-12"),
    ("ekumfi-juice", "2019-12"),
    ("kasapin", "2018-12"),
    ("komenda", "2021-12"),
    ("komenda", "2022-Q1"),
    ("walewale", "2020-12"),
    ("walewale", "2023-09"),
]

# What `check` finds and why it is not a fault, by check and id.
EXPLAINED: dict[tuple[str, str], str] = {}


def read_rows(text: str) -> dict[str, list[Any]]:
    """Return the lists of a file, each sorted, without the ids that are derived."""
    lists = {name: rows for name, rows in json.loads(text).items() if isinstance(rows, list)}
    for name in ("quotas", "updates"):
        lists[name] = [{key: row[key] for key in row if key != "id"} for row in lists[name]]
    return {
        name: sorted(rows, key=lambda row: json.dumps(row, sort_keys=True)) for name, rows in lists.items()
    }


def test_every_row_and_field_of_the_file_is_in_the_export(ghana: Path) -> None:
    text = run(ghana, "export").out
    assert read_rows(text) == read_rows(FILE.read_text("utf-8"))
    assert json.loads(text)["settings"] == json.loads(FILE.read_text("utf-8"))["settings"]


def test_the_record_is_the_same_after_export_and_load(ghana: Path, tmp_path: Path) -> None:
    again, file = tmp_path / "again.db", tmp_path / "record.json"
    assert run(ghana, "export", "-o", str(file)).code == 0
    done = run(again, "--db", str(again), "load", str(file))
    assert done.code == 0, done.err
    assert run(again, "export").out == run(ghana, "export").out == file.read_text("utf-8")


def test_check_finds_nothing_that_is_not_explained(ghana: Path) -> None:
    header, *found = [line.split("\t") for line in run(ghana, "check", "-f", "tsv").out.splitlines()]
    assert header[:2] == ["check", "id"]
    assert {(row[0], row[1]) for row in found} == set(EXPLAINED)


def test_counts_are_kept_with_what_is_counted(ghana: Path) -> None:
    assert query(
        ghana,
        "SELECT project, status, unit, event_date, count, of, bound FROM updates WHERE count IS NOT NULL"
        " ORDER BY project, status, unit, event_date",
    ) == sorted(
        ((*counted, *said) for counted, rows in COUNTS.items() for said in rows),
        key=lambda row: (row[0], row[1], row[2] or "", row[3]),
    )


def test_a_promise_names_its_stage(ghana: Path) -> None:
    assert (
        query(
            ghana,
            "SELECT project, promised FROM updates WHERE promised_status = 'operating'"
            " ORDER BY project, promised",
        )
        == PROMISED_USE
    )
    assert query(ghana, "SELECT DISTINCT promised_status FROM updates WHERE promised_status IS NOT NULL") == [
        ("operating",)
    ]
    assert query(
        ghana,
        "SELECT quantity, label, first_year, last_year FROM quotas WHERE promised_status = 'groundbroken'",
    ) == [(51, "districts", 2017, 2017)]


def test_the_parts_of_the_programme_have_their_numbers_within_its_own(ghana: Path) -> None:
    assert query(
        ghana, "SELECT project, quantity, within FROM quotas WHERE within IS NOT NULL ORDER BY project"
    ) == [
        ("1d1f-cuf", 5, "1d1f"),
        ("1d1f-youth", 58, "1d1f"),
    ]
    assert query(ghana, "SELECT count(*) FROM quotas WHERE unit IS NOT NULL") == [(0,)]


def test_the_opposition_and_the_next_government_settle_nothing(ghana: Path) -> None:
    # Twelve claims are the opposition's or a critic's. Two are what the next government says of its
    # predecessor's work: the minister-designate on the programme, the minister on Walewale.
    assert query(
        ghana, "SELECT project, count(*) FROM updates WHERE evidence = 'interested' GROUP BY project"
    ) == [
        ("1d1f", 6),
        ("ekumfi-juice", 1),
        ("everpure", 1),
        ("kasapreko", 1),
        ("krowor-ice", 1),
        ("unijay", 1),
        ("walewale", 3),
    ]
