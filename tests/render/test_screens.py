"""The main commands on a terminal, as a reader sees them: each screen is its golden file, with its colours.

NKPLAN_GOLDEN=write python -m pytest -n 0 tests/render/test_screens.py   writes the golden files again

Each can be looked at with `cat`, in a dark and a light terminal.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from colours import find_contrast
from program import NKPLAN, ROOT, make_environment, show
from rich.console import Console

from nkplan.layout.colours import DARK_GROUND, LIGHT_GROUND
from nkplan.layout.picture import MARKS as MARK_SIGNS
from nkplan.layout.picture import Canvas
from nkplan.render.terminal.picture import draw_picture
from nkplan.text import count_cells

GOLDEN = ROOT / "tests" / "golden" / "screens"
SIZES = ((80, 24), (120, 40))
SCREENS = {
    "overview": (),
    "list": ("list",),
    "list-hospitals": ("list", "--kind", "hospital"),
    "report": ("report",),
    "report-by-region": ("report", "--by", "region"),
    "report-next": ("report", "next"),
    "report-slips": ("report", "slips"),
    "report-conflicts": ("report", "conflicts"),
    "report-use": ("report", "use"),
    "report-promises": ("report", "promises"),
    "chart": ("chart",),
    "chart-programme": ("chart", "--programme", "20x10", "--year", "2024,2025,2026"),
    "chart-sites": ("chart", "sites", "--kind", "hospital"),
    "chart-evidence": ("chart", "evidence"),
    "map": ("map",),
    "map-region": ("map", "--region", "Kangwon"),
    "show-site": ("show", "songchon"),
    "show-site-urls": ("show", "sukchon", "--urls"),
    "show-programme": ("show", "20x10"),
    "show-day": ("show", "2024-01-15"),
    "search": ("search", "hospital"),
    "nothing": ("list", "--kind", "hospital", "--status", "cancelled"),
    "refused": ("list", "--status", "finished"),
}
SURROUNDINGS = {"TZ": "UTC", "LC_ALL": "C.UTF-8"}
COLOURS = {"", "0", "1", "2", "4", "31", "32", "35", "39"}
"""Bold, dim, underlined, red, green, magenta: each can be read on a dark and a light background."""

MARKS = {"29": "#00875f", "130": "#af5f00", "136": "#af8700", "32": "#0087d7", "245": "#8a8a8a"}
"""The colours of marks among 256: bluish green, vermillion, orange and blue; and the grey of a border."""


@cache
def draw(db: Path, name: str, width: int, height: int) -> list[str]:
    """Run a command on a terminal of a size, and return the lines that it writes, with their colours."""
    shown = show(db, width, *SCREENS[name], "--no-pager", height=height, **SURROUNDINGS, NKPLAN_DB=db.name)
    return shown.raw.decode().replace("\r\n", "\n").rstrip("\n").split("\n")


def strip(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", line)


DRAWN = [(name, *size) for size in SIZES for name in SCREENS] + [("map", 60, 20), ("map", 240, 60)]


@pytest.mark.parametrize(("name", "width", "height"), DRAWN)
def test_a_screen_is_its_golden_file(seeded: Path, name: str, width: int, height: int) -> None:
    lines = draw(seeded, name, width, height)
    # Ids of links are random.
    text = "\n".join(re.sub(r"\x1b\]8;id=[^;]*;", "\x1b]8;;", line) for line in lines[:height]) + "\n"
    golden = GOLDEN / f"{name}-{width}x{height}.ansi"
    if os.environ.get("NKPLAN_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


@pytest.mark.parametrize(("name", "width", "height"), DRAWN)
def test_nothing_is_wider_than_the_screen(seeded: Path, name: str, width: int, height: int) -> None:
    lines = [strip(line) for line in draw(seeded, name, width, height)]
    assert [line for line in lines if count_cells(line) > width] == []


@pytest.mark.parametrize("name", SCREENS)
def test_every_colour_can_be_read_on_a_dark_and_a_light_screen(seeded: Path, name: str) -> None:
    drawn = "\n".join(draw(seeded, name, 120, 40))
    marks = set(re.findall(r"\x1b\[38;5;([0-9]*)m", drawn))
    assert marks <= set(MARKS)
    assert [
        (code, ground)
        for code in marks
        for ground in (DARK_GROUND, LIGHT_GROUND)
        if find_contrast(MARKS[code], ground) < 3
    ] == []
    codes = re.findall(r"\x1b\[([0-9;]*)m", re.sub(r"\x1b\[38;5;[0-9]*m", "", drawn))
    assert {code for group in codes for code in group.split(";")} <= COLOURS


@pytest.mark.parametrize(("name", "line"), [("chart", "░ started"), ("chart-programme", "▓ claimed")])
def test_in_a_chart_green_is_only_what_is_verified(seeded: Path, name: str, line: str) -> None:
    """The greens are 32 of 16 colours and 29 of 256."""
    drawn = "\n".join(draw(seeded, name, 120, 40))
    assert {sign for run in re.findall(r"\x1b\[38;5;29m([^\x1b]+)", drawn) for sign in run} == {"█"}
    assert "\x1b[32m" not in drawn
    assert line in strip(drawn)


def test_a_chart_of_16_colours_has_green_for_what_is_verified_and_no_other() -> None:
    """Of 16 colours, no other can be read on every background."""
    canvas = Canvas(4, 1)
    for column, mark in enumerate(MARK_SIGNS):
        canvas.place(0, column, mark.sign, mark)
    drawn = StringIO()
    draw_picture(Console(file=drawn, force_terminal=True, color_system="standard"), canvas.make_picture())
    assert drawn.getvalue() == "\x1b[32m█\x1b[0m▓░·\n"


def test_green_is_only_what_is_verified(seeded: Path) -> None:
    """Songchon is claimed to operate; an observation showed it under construction."""
    (line,) = [line for line in draw(seeded, "list", 120, 40) if "kangdong-greenhouse-farm" in line]
    assert re.findall(r"\x1b\[([0-9;]*)m(\w+)", line) == [("1;32", "operating")]
    assert strip(line).split()[3:6] == ["operating", "completed", "operating"]
    page = "\n".join(draw(seeded, "show-site", 120, 40))
    assert "32m" not in page
    assert "Claimed        operating" in map(str.rstrip, map(strip, page.split("\n")))


def test_the_report_of_the_shipped_record_fits_a_screen_of_24_lines(seeded: Path) -> None:
    lines = [strip(line) for line in draw(seeded, "report", 80, 24)]
    assert len(lines) <= 23


def test_the_overview_has_at_most_twenty_lines(seeded: Path) -> None:
    assert len(draw(seeded, "overview", 80, 24)) <= 20


@pytest.mark.parametrize("stream", ["stdin", "stderr"])
def test_a_table_in_a_pipe_is_as_wide_as_the_terminal_it_is_run_from(seeded: Path, stream: str) -> None:
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 70, 0, 0))
    streams: dict[str, int] = {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: follower}
    done = subprocess.run(
        [*NKPLAN, "list", "-f", "table"],
        stdout=subprocess.PIPE,
        env=make_environment(seeded),
        cwd=seeded.parent,
        check=True,
        **streams,  # type: ignore[call-overload]
    )
    os.close(follower)
    os.close(leader)
    assert 60 < max(map(len, done.stdout.decode().splitlines())) <= 70


def test_a_table_in_a_file_has_every_column(seeded: Path, tmp_path: Path) -> None:
    target = tmp_path / "sites.txt"
    shown = show(seeded, 70, "list", "-f", "table", "-o", str(target))
    assert shown.code == 0
    assert "Months" in target.read_text()


def test_a_wide_list_has_every_column_of_a_table_and_whole_cells(seeded: Path) -> None:
    raw = show(seeded, 80, "list", "--wide", "--no-pager").raw.decode()
    rows = [strip(line) for line in raw.split("\r\n")]
    assert "Kind" in rows[2]
    assert "Months" in rows[1]
    (row,) = [line for line in rows if line.startswith("dprk-russia-friendship-hospital ")]
    assert "DPRK-Russia Friendship Hospital" in row
    assert "…" not in raw
