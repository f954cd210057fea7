"""What older versions called regions can still be typed, and means the same."""

import re
from pathlib import Path

import pytest
from program import run, run_json

SAME = [
    (("list", "--province", "Kaesong"), ("list", "--region", "Kaesong")),
    (("list", "--province", "Kaesong,none"), ("list", "--region", "Kaesong", "--region", "none")),
    (("list", "--region", "Kaesong", "--province", "KP-02"), ("list", "--region", "Kaesong,KP-02")),
    (("list", "--province", "KP-02", "--region", "Kaesong"), ("list", "--region", "KP-02,Kaesong")),
    (("report", "--province", "Kaesong"), ("report", "--region", "Kaesong")),
    (("report", "--by", "province"), ("report", "--by", "region")),
    (("report", "--by", " Province "), ("report", "--by", "region")),
    (("list", "--columns", "province,id"), ("list", "--columns", "region,id")),
    (("list", "--columns", "Province-Name,id"), ("list", "--columns", "region_name,id")),
    (("list", "--columns", "province,region"), ("list", "--columns", "region")),
    (("list", "--sort", "province_name"), ("list", "--sort", "region_name")),
    (("list", "--sort", "province", "--reverse"), ("list", "--sort", "region", "--reverse")),
    (("check", "--only", "wrong-province"), ("check", "--only", "wrong-region")),
    (("check", "--only", "wrong_province"), ("check", "--only", "wrong-region")),
]


@pytest.mark.parametrize(("former", "present"), SAME, ids=" ".join)
def test_a_former_name_means_what_the_present_one_means(
    seeded: Path, former: tuple[str, ...], present: tuple[str, ...]
) -> None:
    done = run(seeded, *former)
    assert done == run(seeded, *present)
    assert done.code == 0
    assert done.out


def test_a_message_has_the_present_name_whichever_was_typed(seeded: Path) -> None:
    for option in ("--region", "--province"):
        assert run(seeded, "list", option, "").err.startswith("nkplan: --region is empty")
        empty = run(seeded, "list", option, "Kaesong", "--status", "cancelled").err
        assert "--region Kaesong" in empty


def test_the_filter_of_a_row_repeats_the_option_by_its_present_name(seeded: Path) -> None:
    rows = run_json(seeded, "report", "durations", "--province", "Kaesong")
    assert rows
    assert all("--region Kaesong" in row["filter"] for row in rows)


@pytest.mark.parametrize("option", ["--region", "--province"])
def test_the_values_of_both_names_are_completed(seeded: Path, option: str) -> None:
    done = run(
        seeded,
        COMP_WORDS=f"nkplan list {option} Kae",
        COMP_CWORD="3",
        _NKPLAN_COMPLETE="complete_bash",
    )
    assert done.out.splitlines()[0] == "Kaesong"


def test_the_help_names_the_option_once_with_both_names(seeded: Path) -> None:
    assert len(re.findall(r"--region, --province", run(seeded, "list", "--help").out)) == 1
