"""`nkplan chart` on terminals and in pipes of every kind."""

import re
import struct
import sys
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from program import run, show
from records import load, make_empty, make_site
from test_architecture import check_loads_none

from nkplan.errors import BadInput
from nkplan.layout.grid import make_grid
from nkplan.layout.picture import Canvas, Caption, Chart
from nkplan.layout.report import Report
from nkplan.model.moment import Moment
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


def test_a_chart_is_drawn_as_svg_with_its_day_and_the_title_of_its_record(seeded: Path) -> None:
    target = seeded.parent / "chart.svg"
    asked = ("chart", "evidence", "--kind", "hospital", "--as-of", "2026-01")
    assert run(seeded, *asked, "-o", str(target)).code == 0
    text = target.read_text("utf-8")
    assert text == run(seeded, *asked, "-f", "svg").out
    shown = [one.text for one in ET.fromstring(text).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314
    days = "as of 2026-01-31, as known on 2026-11-24, only kind hospital"
    assert shown[:2] == ["Evidence by quarter", f"North Korea's announced projects, {days}"]


PNG = b"\x89PNG\r\n\x1a\n"


def test_a_chart_is_drawn_as_png_of_twice_the_size(seeded: Path) -> None:
    pytest.importorskip("resvg_py")
    target = seeded.parent / "chart.png"
    done = run(seeded, "chart", "evidence", "-o", str(target))
    assert (done.code, done.out, done.err) == (0, "", "")
    drawn = target.read_bytes()
    size = re.search(r'width="(\d+)" height="(\d+)"', run(seeded, "chart", "evidence", "-f", "svg").out)
    assert size is not None
    assert drawn.startswith(PNG)
    assert struct.unpack(">II", drawn[16:24]) == tuple(2 * int(one) for one in size.groups())


def test_without_the_library_for_png_it_is_said_what_to_install(
    seeded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    monkeypatch.delitem(sys.modules, "nkplan.render.png", raising=False)
    target = seeded.parent / "none.png"
    done = run(seeded, "chart", "evidence", "-o", str(target))
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "nkplan: png needs a library that is not installed: write .svg instead, or install it with"
        " pip install 'nkplan[png]'\n"
    )
    assert not target.exists()


def test_where_there_is_no_font_a_png_is_refused_for_it_would_have_no_text(
    seeded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    png = pytest.importorskip("nkplan.render.png")
    draw = png.svg_to_bytes
    monkeypatch.setattr(png, "svg_to_bytes", lambda **given: draw(**given | {"skip_system_fonts": True}))
    done = run(seeded, "chart", "evidence", "-o", str(seeded.parent / "none.png"))
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("nkplan: png needs a font, and none is installed")
    assert not (seeded.parent / "none.png").exists()


def test_a_png_that_would_fill_the_memory_is_refused() -> None:
    png = pytest.importorskip("nkplan.render.png")
    chart = Chart(Report("Sites", make_grid((), [])), lambda width, _: Canvas(width, 501).make_picture())
    with pytest.raises(BadInput, match="a png of 501 rows is too high; write"):
        png.write_chart(chart, Moment(date(2026, 11, 24)), StringIO(), caption=Caption())


def test_a_png_does_not_go_to_a_terminal(seeded: Path) -> None:
    for more in ((), ("-o", "-")):
        shown = show(seeded, 80, "chart", "-f", "png", *more)
        assert shown.code == 2
        assert shown.raw == b"nkplan: png is not for a terminal; name a file, as in -o picture.png\r\n"


@pytest.mark.parametrize(
    "command", [("list",), ("show", "20x10"), ("report",), ("search", "farm"), ("check",), ("log",)], ids=str
)
def test_a_picture_of_what_is_not_drawn_is_refused(seeded: Path, command: tuple[str, ...]) -> None:
    target = seeded.parent / "list.svg"
    for how in (("-f", "svg"), ("-o", str(target))):
        done = run(seeded, *command, *how)
        assert (done.code, done.out) == (2, "")
        assert done.err == (
            "nkplan: svg is for chart and map, which draw pictures;"
            " write one of table, tsv, csv, json, jsonl and md\n"
        )
    assert not target.exists()


def test_a_picture_of_nothing_says_so(tmp_path: Path) -> None:
    db = tmp_path / "empty.db"
    db.write_bytes(make_empty())
    done = run(db, "chart", "-f", "svg")
    assert "There is nothing to draw" in done.out
    assert "there is no site and no number promised" in done.err
