"""The timeline of one line below the page of a site, cohort or programme."""

import re
from pathlib import Path

import pytest
from program import run, run_json

UTF8 = "C.UTF-8"


def read_line(db: Path, *arguments: str, width: int = 80) -> list[str]:
    """Return the line below a page, and the lines that say what is in it."""
    text = run(db, "show", *arguments, "-f", "table", COLUMNS=str(width), LC_ALL=UTF8).out
    return text.rsplit("\n\n", 1)[1].splitlines()


def test_the_line_of_a_site_has_its_start_its_opening_and_the_promised_dates_in_order(seeded: Path) -> None:
    line, *told = read_line(seeded, "pyongyang-general-hospital", width=100)
    assert re.sub("[─═·]+", "-", line) == "2019-12 -S-1-2-O3- 2026-11"
    assert " ".join(told) == (
        "S started 2020-03-17, O opened 2025-10-06, 1 promised for 2020-10-10, 2 promised for 2024,"
        " 3 promised for 2025-10"
    )
    # It lies 2106 of 2520 days after the end of 2019, of which the last is 24 November 2026.
    last = len(line) - len("2019-12 ") - len(" 2026-11") - 1
    assert abs(line.index("O") - len("2019-12 ") - last * 2106 / 2520) < 1.5


def test_the_line_of_a_site_ends_on_the_day_asked_for(seeded: Path) -> None:
    line, told = read_line(seeded, "songchon", "--as-of", "2024-06")
    assert re.sub(" +", " ", re.sub("[─═·]+", "-", line)) == "2024-02 S-│ 1 2024-12"
    assert told == "S started 2024-02-28, 1 promised for 2024"


@pytest.mark.parametrize("id_", ["20x10", "20x10-2024", "county-hospitals"])
def test_the_line_of_a_programme_counts_the_openings_of_its_sites(seeded: Path, id_: str) -> None:
    sites = run_json(seeded, "show", id_)["sites"]
    of_list = {row["id"]: row for row in run_json(seeded, "list")}
    opened = [of_list[row["id"]]["opened"] for row in sites if of_list[row["id"]]["opened"]]
    _, told = read_line(seeded, id_)
    assert told.startswith(f"opened by month: {len(opened)} of {len(sites)} sites, at most ")


def test_a_page_without_anything_to_draw_or_without_room_has_no_line(seeded: Path) -> None:
    for arguments in (("grand-canal",), ("songchon-factories", "-f", "md"), ("kp-02",)):
        assert "S started" not in run(seeded, "show", *arguments, COLUMNS="80", LC_ALL=UTF8).out
    narrow = run(seeded, "show", "songchon", "-f", "table", COLUMNS="30", LC_ALL=UTF8).out
    assert "S started" not in narrow
