"""`nkplan map` on terminals and in pipes of every kind."""

import re
from pathlib import Path

import pytest
from program import run, run_json, run_process, show
from records import load, make_empty, make_site
from test_architecture import list_modules

from nkplan.text import count_cells

UTF8 = "C.UTF-8"


@pytest.mark.sampled
@pytest.mark.parametrize(
    "more", [(), ("--region", "Kangwon,Pyongyang"), ("--names", "local"), ("--region", "none")]
)
@pytest.mark.parametrize(("width", "height"), [(60, 20), (80, 24), (120, 12), (160, 45), (240, 60)])
def test_a_map_fits_the_terminal(seeded: Path, more: tuple[str, ...], width: int, height: int) -> None:
    shown = show(seeded, width, "map", *more, "--no-pager", height=height, LC_ALL=UTF8)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown.raw.decode()).rstrip().split("\r\n")
    assert shown.code == 0
    assert max(map(count_cells, lines)) <= width
    # The least is what all regions and the legend need.
    assert len(lines) < max(height, 16)


def test_a_map_without_colours_has_no_escapes(seeded: Path) -> None:
    for arguments in (("-f", "table"), ()):
        assert "\x1b" not in run_process(seeded, "map", *arguments).out
    raw = show(seeded, 100, "map", "--no-pager", height=30, NO_COLOR="1", LC_ALL=UTF8).raw.decode()
    assert not re.findall(r"\x1b\[[0-9;]*3[0-9]", raw)


def test_where_braille_cannot_be_shown_a_map_is_in_ascii(seeded: Path) -> None:
    asked = run(seeded, "map", "--ascii", "-f", "table", COLUMNS="90", LC_ALL=UTF8).out
    for locale in ("ko_KR.UTF-8", "C"):
        assert run(seeded, "map", "-f", "table", COLUMNS="90", LC_ALL=locale).out == asked
    assert asked.isascii()
    drawn = run(seeded, "map", "-f", "table", COLUMNS="90", LC_ALL=UTF8).out
    dots = r"[\u2801-\u28ff]"
    assert re.sub(dots, ".", drawn.translate(str.maketrans("●◆○", "#=o"))) == re.sub("[.:]", ".", asked)


def test_a_coast_is_brighter_than_a_border_and_each_mark_has_a_colour_of_its_own(seeded: Path) -> None:
    raw = show(seeded, 120, "map", "--no-pager", height=40, LC_ALL=UTF8).raw.decode()
    styles: dict[str, set[str]] = {}
    for codes, text in re.findall(r"\x1b\[([0-9;]+)m([^\x1b]+)", raw):
        for sign in re.findall(r"[●◆+○]|[\u2801-\u28ff]", text):
            styles.setdefault("Braille" if ord(sign) >= 0x2801 else sign, set()).add(codes)
    # A coast has the colour of all text. A border is grey: on white, black that is dim is black for many.
    grey = "38;5;245"
    assert {grey} <= styles.pop("Braille") <= {"0", grey}
    assert len(re.findall(r"[\u2801-\u28ff]", re.sub(rf"\x1b\[{grey}m[^\x1b]*", "", raw))) > 100
    assert set(styles) == set("●◆+○")
    assert all(len(codes) == 1 for codes in styles.values())
    assert len({*map(str, styles.values())}) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("map", "hospitals"), "map takes options; instead of 'hospitals' write nkplan map --kind hospital"),
        (
            ("map", "South", "Pyongan"),
            "map takes options; instead of 'South Pyongan' write nkplan map --region 'South Pyongan'",
        ),
        (
            ("map", "hospitals", "2025"),
            "map takes options; instead of 'hospitals 2025' write nkplan map --kind hospital --year 2025",
        ),
        (
            ("map", "songchon", "-f", "csv"),
            "map takes options; instead of 'songchon' write nkplan map --place songchon",
        ),
        (("map", "nothing"), "map takes no words such as 'nothing'; nkplan map --help lists its options"),
        (
            ("map", "--names", "korean"),
            "--names: there is no choice 'korean'; write one of latin, local and none",
        ),
        (("map", "--province", "Kangwn"), None),
        # The whole name of a region is meant before a part of a programme's, such as that of its flats.
        (
            ("map", "Pyongyang"),
            "map takes options; instead of 'Pyongyang' write nkplan map --region Pyongyang",
        ),
        (("map", "--zoom", "Kangwon"), "there is no option --zoom; write --region"),
        (("map", "--date", "2025"), "there is no option --date; write --as-of"),
        (("map", "--png"), "there is no option --png; write -o map.png"),
        # Nothing that is as long by chance is proposed.
        (("map", "--width", "120"), "there is no option --width; see nkplan map --help"),
        (("map", "--since", "2025"), "there is no option --since; see nkplan map --help"),
        (
            ("chart", "sites", "Kangwon"),
            "chart sites takes options; instead of 'Kangwon' write nkplan chart sites --region Kangwon",
        ),
        (
            ("chart", "hospitals", "2025"),
            "chart takes options; instead of 'hospitals 2025' write nkplan chart --kind hospital --year 2025",
        ),
        (("report", "map"), "there is no view 'map' of the report; write nkplan map"),
        (("report", "graph"), "there is no view 'graph' of the report; write nkplan chart"),
        (("chart", "map"), "there is no view 'map' of the chart; write nkplan map"),
        (("maps",), "there is no command 'maps'; write nkplan map"),
    ],
    ids=str,
)
def test_a_mistake_gets_a_sentence_with_what_to_type(
    record: Path, arguments: tuple[str, ...], said: str | None
) -> None:
    done = run(record, *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    if said is not None:
        assert done.err == f"nkplan: {said}\n"


def test_a_map_of_nothing_says_why_in_one_sentence(record: Path) -> None:
    done = run(record, "map", "--kind", "hospital", "--status", "cancelled", "-f", "table")
    assert (done.code, done.out) == (0, "")
    assert done.err == (
        f"nkplan: there is no site in {record} that matches --kind hospital --status cancelled;"
        " without filters all are drawn\n"
    )
    empty = record.with_name("empty.db")
    empty.write_bytes(make_empty())
    done = run(empty, "map", "-f", "table")
    assert (done.code, done.out, done.err) == (0, "", f"nkplan: there is no site in {empty}\n")
    # Data keeps its header.
    assert len(run(empty, "map").out.splitlines()) == 1


def test_the_data_of_a_map_have_coordinates_or_none(seeded: Path) -> None:
    rows = {row["id"]: row for row in run_json(seeded, "map")}
    songchon = rows["songchon-factories"]
    (place,) = [row for row in run_json(seeded, "list", "places") if row["id"] == songchon["place"]]
    assert (songchon["latitude"], songchon["longitude"]) == (place["latitude"], place["longitude"])
    assert songchon["mark"] == "claimed"
    assert {row["latitude"] for row in rows.values() if row["place"] is None} == {None}


def test_names_in_hangul_shift_nothing(tmp_path: Path) -> None:
    """The frame stands where it stood, with letters two cells wide beside the marks."""
    db = tmp_path / "nkplan.db"
    places = [
        {
            "id": "a",
            "name": "Songchon",
            "local_name": "성천군",
            "type": "city",
            "latitude": 1,
            "longitude": 1,
        },
        {"id": "b", "name": "Kosan", "local_name": "고산군", "type": "city", "latitude": 2, "longitude": 2},
    ]
    load(db, kinds=["other"], places=places, projects=[make_site("a", "a"), make_site("b", "b")])
    drawn = {
        names: run(db, "map", "--names", names, "-f", "table", COLUMNS="80", LC_ALL=UTF8).out
        for names in ("latin", "local")
    }
    edges = {
        names: [count_cells(line[: line.index("⢸")]) for line in text.splitlines() if "⢸" in line]
        for names, text in drawn.items()
    }
    assert edges["latin"] == edges["local"]
    assert len({*edges["local"]}) == 1
    assert "○ Songchon" in drawn["latin"]
    assert "○ 성천군" in drawn["local"]


@pytest.mark.parametrize(
    "arguments", [("list",), ("report",), ("chart",), ("show", "songchon"), ("search", "canal")], ids=str
)
def test_other_commands_load_nothing_of_the_map(record: Path, arguments: tuple[str, ...]) -> None:
    own = {"nkplan.queries.map", "nkplan.reports.map", "nkplan.layout.geography"}
    assert not own & list_modules(record, *arguments)


def test_a_map_in_a_pipe_loads_no_rich(record: Path) -> None:
    assert "rich" not in list_modules(record, "map")
