"""`nkplan chart` on terminals and in pipes of every kind."""

import re
from functools import cache
from pathlib import Path

import pytest
from program import run, show
from records import load, make_empty, make_site
from test_architecture import check_loads_none

from nkplan.reports.charts.views import CHARTS
from nkplan.text import count_cells

UTF8 = "C.UTF-8"


@cache
def draw(db: Path, view: str, *options: str) -> str:
    """Draw a chart where every sign can be shown."""
    return run(db, "chart", view, *options, "-f", "table", COLUMNS="90", LC_ALL=UTF8).out


@pytest.mark.sampled
@pytest.mark.parametrize("view", CHARTS)
@pytest.mark.parametrize(("width", "height"), [(60, 12), (80, 24), (120, 40), (240, 60)])
def test_a_chart_fits_the_terminal(seeded: Path, view: str, width: int, height: int) -> None:
    more = ("--limit", "5") if view == "sites" else ()
    shown = show(seeded, width, "chart", view, *more, "--no-pager", height=height, LC_ALL=UTF8)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown.raw.decode()).rstrip().split("\r\n")
    assert shown.code == 0
    assert max(map(count_cells, lines)) <= width
    assert len([line for line in lines if not line.startswith("nkplan: ")]) < max(height, 20)


@pytest.mark.parametrize("view", CHARTS)
def test_a_chart_without_colours_has_no_escapes(seeded: Path, view: str) -> None:
    for arguments in (("-f", "table"), ()):
        assert "\x1b" not in run(seeded, "chart", view, *arguments).out
    raw = show(seeded, 100, "chart", view, "--no-pager", NO_COLOR="1", LC_ALL=UTF8).raw.decode()
    assert not re.findall(r"\x1b\[[0-9;]*3[0-9]", raw)


@pytest.mark.sampled
@pytest.mark.parametrize("view", CHARTS)
@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "ko_KR.UTF-8"},
        {"LC_ALL": "", "LANG": "ja_JP.UTF-8"},
        {"LC_ALL": "", "LANG": "zh-Hant"},
        {"LC_ALL": "C"},
    ],
    ids=str,
)
def test_where_signs_are_wide_or_missing_a_chart_is_in_ascii(
    seeded: Path, view: str, locale: dict[str, str]
) -> None:
    asked = draw(seeded, view, "--ascii")
    assert run(seeded, "chart", view, "-f", "table", stdin=b"", COLUMNS="90", **locale).out == asked
    assert asked.isascii()
    assert not draw(seeded, view).isascii()


def test_ascii_marks_are_as_different_as_the_others(seeded: Path) -> None:
    drawn = draw(seeded, "progress").translate(str.maketrans("█▓░·┤│└─┴", "#=:.+|+-+"))
    assert drawn == draw(seeded, "progress", "--ascii")


def test_green_is_only_what_is_verified(seeded: Path) -> None:
    for view in CHARTS:
        raw = show(seeded, 120, "chart", view, "--no-pager", LC_ALL=UTF8).raw.decode()
        assert set("".join(re.findall(r"\x1b\[32m([^\x1b]*)", raw))) <= {"█"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("chart", "progres"), "there is no view 'progres'; write nkplan chart progress"),
        (("chart", "timeline"), "there is no view 'timeline'; write nkplan chart sites"),
        (("chart", "PROGRESS"), "there is no view 'PROGRESS'; write nkplan chart progress"),
        (("chart", "slips"), "there is no view 'slips'; write nkplan chart sites"),
        (("chart", "pace"), "there is no view 'pace' of the chart; write nkplan report pace"),
        (("chart", "20x10"), "there is no view '20x10'; write nkplan chart --programme 20x10"),
        (("chart", "hospitals"), "there is no view 'hospitals'; write nkplan chart --kind hospital"),
        (("chart", "--by", "week"), "--by: there is no period 'week'; write one of month, quarter and year"),
        (("chart", "--limit", "3"), "--limit belongs to the view sites; leave it out"),
        (("plot", "sites"), "there is no command 'plot'; write nkplan chart sites"),
    ],
    ids=str,
)
def test_a_mistake_gets_a_sentence_with_what_to_type(
    record: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run(record, *arguments)
    assert (done.code, done.out, done.err) == (2, "", f"nkplan: {said}\n")


@pytest.mark.parametrize("view", CHARTS)
def test_a_chart_of_nothing_says_why_in_one_sentence(record: Path, view: str) -> None:
    done = run(record, "chart", view, "--kind", "hospital", "--status", "cancelled", "-f", "table")
    nothing = CHARTS[view].empty_answer
    assert (done.code, done.out) == (0, "")
    assert done.err == (
        f"nkplan: there is {nothing} in {record} that matches --kind hospital --status cancelled;"
        " without filters all is drawn\n"
    )
    empty = record.with_name("empty.db")
    empty.write_bytes(make_empty())
    done = run(empty, "chart", view, "-f", "table")
    assert (done.code, done.out, done.err) == (0, "", f"nkplan: there is {nothing} in {empty}\n")
    # Data keeps its header.
    assert len(run(empty, "chart", view).out.splitlines()) == 1


def test_names_in_hangul_do_not_shift_the_marks(tmp_path: Path) -> None:
    db = tmp_path / "nkplan.db"
    sites = [make_site("a", name="성천군 지방공업공장"), make_site("b", name="Songchon")]
    updates = [
        {"project": one, "event_date": "2025-03-01", "status": "building", "evidence": "imagery"}
        for one in ("a", "b")
    ]
    load(db, kinds=["other"], projects=sites, updates=updates)
    lines = run(db, "chart", "sites", "-f", "table", COLUMNS="80", LC_ALL=UTF8).out.splitlines()[2:4]
    assert len({count_cells(line[: line.index("░")]) for line in lines}) == 1
    assert len({line.count("░") for line in lines}) == 1


def test_other_commands_load_nothing_of_charts(record: Path) -> None:
    others = [
        ("list",),
        ("report",),
        ("show", "songchon"),
        ("show", "20x10", "-f", "json"),
        ("search", "canal"),
    ]
    check_loads_none(record, others, lambda module: "charts" in module or module.endswith(".picture"))


def test_a_chart_in_a_pipe_loads_no_rich(record: Path) -> None:
    check_loads_none(record, [("chart",)], lambda module: module == "rich")
