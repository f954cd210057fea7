"""Another country's record, Ghana's One District One Factory, is kept whole and judged as its file says.

The expected values were worked out by hand from `tests/data/ghana.json`.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from program import ROOT, run, run_json
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

# What the sites show: the status by any evidence, by the promiser's word and by observation.
STATES: dict[tuple[str | None, str | None, str | None], str] = {
    ("operating", "operating", "operating"): "ekumfi-juice",
    ("operating", "operating", None): "blue-skies keda",
    ("idle", "operating", "idle"): "komenda",
    ("idle", "completed", "idle"): "akontombra-rice weddi",
    ("idle", None, "idle"): "jolinyiri-gari",
    # Opened in November 2024; the last to see it, in June 2020, saw it being built.
    ("completed", "completed", "building"): "walewale",
    ("completed", "completed", None): (
        "akuapem-gold asutsuare-soya atlantic-life casa-de-ropa ch-global dompim-palm dormaa-rice hohoe-tsc"
        " maagrace narubiz premium-foods savelugu-rice savelugu-tsc sekyere-maize shoe-fabriek"
    ),
    ("building", "building", None): "birim-oil central-oil fanteakwa-cassava",
    ("preparing", None, "preparing"): "tami",
    ("announced", "announced", None): (
        "adaklu-palm bongo-shea denkyira-palm ho-west-waste hohoe-poultry kasapin keta-cassava lawra-cotton"
        " nandom-shea obuasi-citrus sissala-cotton sissala-shea tumu-cassava wa-cattle wa-juice wa-shea"
    ),
    # Only the opposition says anything of them.
    (None, None, None): "everpure kasapreko krowor-ice unijay",
}

# What `check` finds and why it is not a fault, by check and id.
EXPLAINED: dict[tuple[str, str], str] = {}


@pytest.fixture
def ghana(tmp_path: Path) -> Path:
    """Make a database with this record and nothing else."""
    path = tmp_path / "ghana.db"
    done = run(path, "--db", str(path), "load", str(FILE))
    assert done.code == 0, done.err
    return path


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
    again = tmp_path / "again.db"
    assert run(ghana, "export", "-o", "record.json").code == 0
    done = run(again, "--db", str(again), "load", "record.json")
    assert done.code == 0, done.err
    assert (
        run(again, "export").out == run(ghana, "export").out == (tmp_path / "record.json").read_text("utf-8")
    )


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


def test_a_count_is_no_status_of_its_programme(ghana: Path) -> None:
    # In 2022, 57 of the 58 youth factories were said to be built; the last count of 1D1F is of 2024.
    assert query(ghana, "SELECT project, status FROM states WHERE project LIKE '1d1f%' ORDER BY project") == [
        ("1d1f", "cancelled"),
        ("1d1f-cuf", "completed"),
        ("1d1f-youth", "announced"),
    ]


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


def test_a_number_within_anothers_is_promised_once(ghana: Path) -> None:
    progress = run_json(ghana, "report")
    promised = {row["programme"]: row["promised"] for row in progress["rows"]}
    assert promised == {"1d1f": 260, "1d1f-cuf": 5, "1d1f-youth": 58, None: None}
    assert progress["total"]["promised"] == 260
    for by in ("kind", "year", "programme"):
        assert run_json(ghana, "report", "--by", by)["total"]["promised"] == 260
    rows = [row for row in run_json(ghana, "report", "--by", "kind")["rows"] if row["kind"] == "factory"]
    assert [row["promised"] for row in rows] == [260, None]
    assert "1D1F Enable Youth factories" in run(ghana, "report", "-f", "md").out
    # Alone it is counted, for the number that it is within is not.
    for by in ("kind", "programme"):
        alone = run_json(ghana, "report", "--programme", "1d1f-youth", "--by", by)
        assert alone["total"]["promised"] == 58


def test_the_report_counts_what_is_claimed_and_what_is_verified(ghana: Path) -> None:
    """Worked out from STATES; komenda is of no programme.

    The five common user facilities are akontombra-rice, which was seen idle, and dompim-palm, dormaa-rice,
    savelugu-rice and sekyere-maize, which are completed by claim alone. Of 1D1F's own, ekumfi-juice,
    blue-skies and keda are claimed in use, and walewale, weddi and eleven more completed: 16. Seen complete
    are ekumfi-juice, in use, and weddi and jolinyiri-gari, idle.
    """
    report = run_json(ghana, "report")
    columns = (
        "promised",
        "named",
        "complete_claimed",
        "complete_verified",
        "in_use_claimed",
        "in_use_verified",
    )
    rows = {row["programme"]: tuple(row[key] for key in columns) for row in report["rows"]}
    assert rows == {
        "1d1f": (260, 40, 16, 3, 3, 1),
        "1d1f-cuf": (5, 5, 5, 1, 0, 0),
        "1d1f-youth": (58, 1, 0, 0, 0, 0),
        None: (None, 1, 1, 1, 1, 0),
    }
    assert tuple(report["total"][key] for key in columns) == (260, 46, 21, 4, 3, 1)
    told = run(ghana, "report", "-f", "md").out
    assert "- One District One Factory: 216 replaced by 260 on 2019-05-31\n" in told
    assert (
        "- One District One Factory: also promised: 51 districts in 2017, to be started (2017-08)\n" in told
    )


def test_districts_to_start_are_no_factories_to_open(ghana: Path) -> None:
    rows = [row for row in run_json(ghana, "report", "pace") if row["programme"] == "1d1f"]
    assert {row["promised"] for row in rows if row["year"]} == {None}
    assert [(row["promised"], row["announcement"]) for row in rows if not row["year"]] == [
        (260, "before-2020")
    ]


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


@pytest.mark.parametrize(
    "number",
    [
        "51 districts in 2017, to be started",
        "216 factories in all, by 2020",
        "260 factories in all, by 2020",
    ],
)
def test_a_promised_number_is_shown_with_the_years_it_is_for(ghana: Path, number: str) -> None:
    # The 51 were promised for one year, not for each of several.
    assert f"{number}  1d1f, factory" in run(ghana, "show", "1d1f", "-f", "table").out


def test_a_count_that_is_found_shows_no_status_as_if_it_were_the_programme_s(ghana: Path) -> None:
    # Graphic's figures of May 2019: 57 of 181 operate, 22 of 181 are under construction.
    found = run_json(ghana, "search", "Graphic", "--list", "update")
    assert [(one["id"], one["date"], one["status"]) for one in found] == [("1d1f", "2019-05-07", None)] * 2
    # The opening of a site is one.
    (opening,) = run_json(ghana, "search", '"President Mahama"', "--list", "update")
    assert (opening["id"], opening["status"]) == ("komenda", "completed")


def test_every_site_is_judged_by_what_counts(ghana: Path) -> None:
    assert {
        row["id"]: (row["status"], row["claimed"], row["verified"]) for row in run_json(ghana, "list")
    } == {site: state for state, sites in STATES.items() for site in sites.split()}
