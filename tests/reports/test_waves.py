"""A record of every new field, with cohorts that have no year, on every page and in every view.

Plants: 100 promised in all. The cohort of 2024 (20) and the first wave (30, without a year) are part of that,
the second wave (10) is beside it. Others: 7 in one wave, and 3 a year of which only the start is promised.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from program import run, run_json, show
from records import load

from nkplan.model.vocabulary import Status
from nkplan.render.terminal.console import STYLES, VERIFIED_STYLES
from nkplan.reports.claims import describe_period
from nkplan.reports.views import VIEWS

SITE = {"type": "site", "kind": "plant", "place": "r"}
COHORT = {"type": "cohort", "kind": "plant"}
TOTAL = {"kind": "plant", "per": "total", "announcement": "a"}
SEEN = {"event_date": "2024-03", "source": "s", "evidence": "press"}
RECORD: dict[str, Any] = {
    "format": "nkplan/2",
    "settings": {"title": "Waves", "silent_months": 12},
    "kinds": ["plant", "house"],
    "publishers": [{"domain": "x.org", "name": "X", "evidence": "press"}],
    "places": [{"id": "r", "name": "R"}],
    "sources": [
        {"id": "s", "title": "S", "published": "2024-05", "retrieved": "2024-06-01"},
        {"id": "t", "title": "T", "published": "2025-03"},
    ],
    "announcements": [
        {"id": "a", "title": "A", "announced": "2024-01-15", "said": "Plants.", "source": "s"},
    ],
    "projects": [
        {
            "id": "p",
            "name": "Plants",
            "type": "programme",
            "kind": "plant",
            "tags": ["north", "energy"],
            "identifiers": [{"scheme": "wikidata", "id": "Q1"}],
            "organisations": [
                {"role": "owner", "name": "The Ministry"},
                {"role": "builder", "name": "B, Ltd"},
            ],
        },
        {"id": "p-one", "name": "First wave", "parent": "p", **COHORT},
        {"id": "p-two", "name": "Second wave", "parent": "p", **COHORT},
        {"id": "p-24", "name": "Plants of 2024", "parent": "p", "year": 2024, **COHORT},
        {"id": "q", "name": "Others", "type": "programme", "kind": "plant"},
        {"id": "q-one", "name": "Wave", "parent": "q", **COHORT},
        {"id": "one", "name": "One", "parent": "p-one", **SITE},
        {"id": "two", "name": "Two", "parent": "p-two", "year": 2025, **SITE},
        {"id": "three", "name": "Three", "parent": "p-24", **SITE},
        {"id": "four", "name": "Four", "parent": "q-one", **SITE},
        {"id": "five", "name": "Five", **SITE},
    ],
    "quotas": [
        {"project": "p", "quantity": 100, **TOTAL},
        {"project": "p", "quantity": 5000, "unit": "homes", **(TOTAL | {"kind": "house"})},
        {"project": "p", "quantity": 9000, "unit": "MW", **TOTAL},
        {"project": "p-24", "quantity": 20, **TOTAL},
        {"project": "p-one", "quantity": 30, **TOTAL},
        {"project": "p-two", "quantity": 10, "beside": True, **TOTAL},
        {"project": "q-one", "quantity": 7, "label": "counties", "promised_status": "operating", **TOTAL},
        {
            "project": "q",
            "quantity": 3,
            "promised_status": "groundbroken",
            "first_year": 2024,
            "last_year": 2026,
            **(TOTAL | {"per": "year"}),
        },
    ],
    "updates": [
        {
            "project": "p",
            "status": "operating",
            "count": 106,
            "of": 278,
            "bound": "about",
            "speaker": "the minister",
            "figures": [{"item": "cost", "value": 12, "unit": "million USD", "year": 2017}],
            **(SEEN | {"evidence": "promiser"}),
        },
        {"project": "p", "status": "completed", "count": 1.5, "unit": "MW", **SEEN},
        {"project": "one", "status": "closed", **SEEN},
        {
            "project": "two",
            "status": "groundbroken",
            "promised": "2026",
            "promised_status": "operating",
            **SEEN,
        },
        {"project": "three", "status": "completed", "withdrawn": "2025-02", "withdrawn_source": "t", **SEEN},
        {"project": "four", "status": "operating", **(SEEN | {"evidence": "interested"})},
        {"project": "five", "status": "idle", **SEEN},
    ],
}


@pytest.fixture(scope="module")
def waves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with RECORD; tests must not write to it."""
    path = tmp_path_factory.mktemp("waves") / "waves.db"
    load(path, **RECORD)
    return path


def find(path: Path, project: str, **fields: Any) -> dict[str, Any]:
    """Return the one entry in the timeline of a project that has these fields."""
    timeline = run_json(path, "show", project)["timeline"]
    (one,) = [entry for entry in timeline if fields.items() <= entry.items()]
    return dict(one)


# ---- pages


def test_a_timeline_has_every_field_of_an_update(waves: Path) -> None:
    entry = find(waves, "p", status="operating")
    assert [entry[key] for key in ("count", "of", "unit", "bound")] == [106, 278, None, "about"]
    assert entry["speaker"] == "the minister"
    cost = {"item": "cost", "value": 12, "unit": "million USD", "year": 2017, "source": None, "note": None}
    assert entry["figures"] == [cost]
    assert isinstance(entry["count"], int)
    megawatts = find(waves, "p", status="completed")
    assert (megawatts["count"], megawatts["of"], megawatts["unit"], megawatts["figures"]) == (
        1.5,
        None,
        "MW",
        None,
    )
    assert find(waves, "two", status="groundbroken")["promised_status"] == "operating"
    withdrawn = find(waves, "three", status="completed")
    assert (withdrawn["withdrawn"], withdrawn["withdrawn_source"]) == ("2025-02", "t")


def test_figures_are_one_text_where_a_cell_holds_no_list(waves: Path) -> None:
    cells = [line.split("\t") for line in run(waves, "show", "p", "-f", "tsv").out.splitlines()]
    assert [cell[3] for cell in cells if cell[2] == "figures"] == ["cost: 12 million USD (2017)"]


@pytest.mark.parametrize(
    ("project", "line"),
    [
        ("p", "2024-03     about 106 of 278 operating  promiser, said by the minister  ID"),
        ("p", "            cost: 12 million USD (2017)"),
        ("p", "2024-03     1.5 MW completed  press  ID"),
        ("two", "2024-03     groundbroken  promised for 2026 (operating)  press  ID"),
        ("three", "            withdrawn 2025-02 (t)"),
        ("p", "2024-01-15  5000 homes in all  p, house"),
        ("p", "2024-01-15  10 sites in all  p-two, plant, beside the number of its programme"),
        ("q", "2024-01-15  7 counties in all, to be in use  q-one, plant"),
        ("q", "2024-01-15  3 sites each year, 2024 to 2026, to be started  q, plant"),
        ("p", "Tags               energy, north"),
        ("p", "Also known as      wikidata:Q1"),
        ("p", "Organisations      builder: B, Ltd; owner: The Ministry"),
        ("s", "Retrieved  2024-06-01"),
        ("one", "Cohort         p-one (First wave)"),
    ],
)
def test_a_page_says_it_in_one_line_on_a_terminal(waves: Path, project: str, line: str) -> None:
    shown = re.sub(
        r"  [0-9a-f]{12}$", "  ID", run(waves, "show", project, "-f", "table").out, flags=re.MULTILINE
    )
    assert line in shown.splitlines()


def test_what_a_project_has_not_is_null_in_data_and_absent_on_a_terminal(waves: Path) -> None:
    page = run_json(waves, "show", "five")
    assert [page[key] for key in ("tags", "identifiers", "organisations")] == [None] * 3
    for format_ in ("table", "md"):
        shown = run(waves, "show", "five", "-f", format_).out
        for title in ("Tags", "Also known as", "Organisations", "Withdrawn", "withdrawn", "Figures"):
            assert title not in shown
    page = run_json(waves, "show", "p")
    assert page["tags"] == ["energy", "north"]
    assert page["identifiers"] == [{"scheme": "wikidata", "id": "Q1"}]
    assert page["organisations"][0] == {"role": "builder", "name": "B, Ltd"}
    assert run_json(waves, "show", "s")["retrieved"] == "2024-06-01"


def test_a_page_has_every_field_of_a_quota(waves: Path) -> None:
    quotas = {(one["project"], one["quantity"]): one for one in run_json(waves, "show", "p")["quotas"]}
    assert quotas["p", 5000]["unit"] == "homes"
    assert [one["beside"] for one in quotas.values() if one["project"] == "p-two"] == [True]
    assert quotas["p", 100]["beside"] is None
    (seven,) = run_json(waves, "show", "q-one")["quotas"]
    assert (seven["label"], seven["promised_status"], seven["unit"]) == ("counties", "operating", None)


# ---- what was promised


def test_a_wave_is_part_of_its_programmes_number_unless_it_is_beside_it(waves: Path) -> None:
    """Of 100, 20 are of 2024 and 30 of the first wave, which leaves 50; 10 of the second wave come on top.

    The site of the second wave has a year of its own, 2025. MW and homes are no sites.
    """
    rows = run_json(waves, "report")["rows"]
    assert [
        [row[key] for key in ("programme", "year", "cohort", "promised", "promised_as", "named")]
        for row in rows
    ] == [
        ["p", 2024, "p-24", 20, "number", 1],
        ["p", 2025, "p-two", None, "in all", 1],
        ["p", None, "p-one", 30, "number", 1],
        ["p", None, "p-two", 10, "number", 0],
        ["p", None, None, 50, "number", 0],
        ["q", None, "q-one", 7, "number", 1],
        [None, None, None, None, "none", 1],
    ]
    assert [row["name"] for row in rows] == [
        "Plants",
        "Plants, Second wave",
        "Plants, First wave",
        "Plants, Second wave",
        "Plants, other years",
        "Others, Wave",
        "no programme",
    ]
    assert run_json(waves, "report")["total"]["promised"] == 117
    for by in ("kind", "year", "programme"):
        assert run_json(waves, "report", "--by", by)["total"]["promised"] == 117


def test_a_wave_is_measured_by_its_own_number(waves: Path) -> None:
    (row,) = run_json(waves, "show", "p-one")["progress_by_year"]
    assert [row[key] for key in ("cohort", "name", "year", "promised", "named")] == [
        "p-one",
        "First wave",
        None,
        30,
        1,
    ]
    (row,) = run_json(waves, "show", "p-24")["progress_by_year"]
    assert [row[key] for key in ("cohort", "year", "promised", "named")] == ["p-24", 2024, 20, 1]


def test_what_is_not_named_is_counted_once(waves: Path) -> None:
    rows = [row for row in run_json(waves, "report", "missing") if row["missing"] == "not named"]
    # 20 - 1 of 2024; 30 - 1 and 10 - 1 of the waves, and 50 that are left of 100; 7 - 1 of the others.
    assert [(row["programme"], row["year"], row["number"]) for row in rows] == [
        ("p", 2024, 19),
        ("p", None, 88),
        ("q", None, 6),
    ]


def test_the_pace_is_that_of_openings_promised_for_all_of_a_programme(waves: Path) -> None:
    rows = run_json(waves, "report", "pace")
    # One was seen closed in 2024 and opened nobody knows when; the claim that Three had opened was withdrawn.
    (row,) = [row for row in rows if row["year"] == 2024]
    assert (row["promised"], row["completed"], row["year_unknown"]) == (20, 0, 1)
    last = {row["programme"]: row for row in rows if row["year"] is None}
    assert last["p"]["promised"] == 100
    # A promise to start work in each of three years is none to complete any.
    assert last["q"]["promised"] is None
    assert not any(row["promised"] for row in rows if row["programme"] == "q")


def test_check_compares_only_the_years_that_have_a_cohort(waves: Path) -> None:
    lines = run(waves, "check").out.splitlines()[1:]
    assert [line.split("\t")[:2] for line in lines] == [["quota-differs", "p-24"]]


def test_a_wave_adds_no_year_to_choose_from(waves: Path) -> None:
    said = run(waves, "list", "--year", "1999").err
    assert said.endswith("there are sites or cohorts of 2024 and 2025\n")
    sites = {row["id"] for row in run_json(waves, "list", "--year", "none")}
    assert sites == {"one", "four", "five"}


# ---- every view


@pytest.mark.sampled
@pytest.mark.parametrize("moment", [(), ("--as-of", "2024-12-31")], ids=["", "moment"])
@pytest.mark.parametrize("format_", ["table", "json", "md"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_prints_such_a_record(
    waves: Path, view: str, format_: str, moment: tuple[str, ...]
) -> None:
    more = ["--since", "2023-12-31"] if view == "changes" else []
    assert run(waves, "report", view, "-f", format_, *more, *moment).code == 0


def test_a_wave_is_found(waves: Path) -> None:
    assert "First wave" in run(waves, "search", "wave").out


def test_use_tells_what_was_closed_from_what_is_idle(waves: Path) -> None:
    uses = {row["id"]: row["use"] for row in run_json(waves, "report", "use")}
    # The word of an interested party opens nothing, nor does a claim that was withdrawn.
    assert uses == {"one": "closed", "five": "idle"}
    told = "2 opened: 0 in use, 0 opened only, 1 idle, 1 closed;"
    assert told in run(waves, "report", "use", "-f", "md").out


def test_a_closed_site_is_neither_overdue_nor_silent(waves: Path) -> None:
    for view in ("overdue", "silent"):
        assert "one" not in [row["id"] for row in run_json(waves, "report", view)]


def test_every_status_has_the_colour_of_its_kind_and_green_is_only_what_is_verified() -> None:
    claimed = {
        Status.ANNOUNCED: "",
        Status.PREPARING: "",
        Status.GROUNDBROKEN: "",
        Status.BUILDING: "",
        Status.COMPLETED: "",
        Status.OPERATING: "",
        Status.IDLE: "magenta",
        Status.CLOSED: "red",
        Status.PAUSED: "magenta",
        Status.CANCELLED: "red",
    }
    assert {status: STYLES.get(status, "") for status in Status} == claimed
    verified = claimed | {Status.COMPLETED: "green", Status.OPERATING: "bold green"}
    assert {status: VERIFIED_STYLES.get(status, "") for status in Status} == verified


def test_a_status_is_drawn_in_its_colour_on_a_terminal(waves: Path) -> None:
    assert b"\x1b[31mclosed" in show(waves, 120, "show", "one").raw


@pytest.mark.parametrize(
    ("per", "first", "last", "said"),
    [
        ("year", None, None, "each year"),
        ("year", 2024, None, "each year, from 2024"),
        ("year", None, 2026, "each year, to 2026"),
        ("year", 2024, 2026, "each year, 2024 to 2026"),
        ("year", 2024, 2024, "in 2024"),
        ("total", None, None, "in all"),
        ("total", 2024, None, "in all, from 2024"),
        ("total", None, 2026, "in all, by 2026"),
        ("total", 2024, 2026, "in all, 2024 to 2026"),
        ("total", 2024, 2024, "in all, 2024"),
    ],
)
def test_the_years_of_a_number_are_said_in_plain_words(
    per: str, first: int | None, last: int | None, said: str
) -> None:
    assert describe_period(per, first, last) == said


# ---- what a command says


def test_load_and_undo_say_settings_and_publishers_too(waves: Path) -> None:
    said = run(waves, "undo", "--dry-run").out
    for line in (
        "  setting title: Waves",
        "  setting silent_months: 12",
        "  publisher x.org  X, press",
        "  quota of 5000 homes (house) in all on p",
        "  quota of 10 sites (plant) in all on p-two, beside the number of its programme",
        "  quota of 3 sites (plant) each year, 2024 to 2026, to be started, on q",
    ):
        assert line in said.splitlines()
    counted = (
        "about 106 of 278 operating, cost: 12 million USD (2017), said by the minister, promiser, source s"
    )
    assert f"  update p: 2024-03, {counted}  " in said
    assert "two: 2024-03, groundbroken, promised for 2026 (operating), press, source s  " in said
    assert "three: 2024-03, completed, press, source s, withdrawn 2025-02 (t)  " in said


def test_load_counts_settings_and_publishers(tmp_path: Path) -> None:
    path = tmp_path / "waves.db"
    (tmp_path / "waves.json").write_text(json.dumps(RECORD), "utf-8")
    said = run(path, "--db", str(path), "load", "--bare", str(tmp_path / "waves.json")).out.splitlines()[0]
    assert said.endswith(
        ": recorded: 2 settings, 2 kinds, 1 publisher, 1 place, 2 sources, 1 announcement, 11 projects,"
        " 8 quotas and 7 updates"
    )
