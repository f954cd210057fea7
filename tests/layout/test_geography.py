"""Outlines in Braille are read back; maps across the date line, at a pole, of islands, of one point."""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from program import ROOT

from nkplan.layout.geography import (
    Area,
    Bounds,
    Map,
    Outlines,
    Position,
    Ring,
    find_bounds,
    find_west,
    fit,
    frame,
    turn,
    turn_area,
    write_beside,
    zoom,
)
from nkplan.layout.picture import Canvas, Meaning, Picture
from nkplan.queries.map import read_rings
from nkplan.text import count_cells

BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a cell's dots by row and column, as Unicode has them from U+2800 on."""

Dot = tuple[int, int]


def read_dots(picture: Picture, *meanings: Meaning) -> set[Dot]:
    """Read the dots of a picture back from its characters, as x and y; of some meanings, or of all."""
    return {
        (column * 2 + x, row * 4 + y)
        for row, cells in enumerate(picture.rows)
        for column, cell in enumerate(cells)
        if cell is not None and cell.dots and (not meanings or cell.meaning in meanings)
        for y, bits in enumerate(BITS)
        for x, bit in enumerate(bits)
        if (ord(cell.shown) - 0x2800) & bit
    }


def draw(areas: Sequence[Area], width: int, height: int) -> tuple[Picture, Map, float]:
    """Draw outlines as large as there is room; return the picture, its map, and where that begins."""
    west = find_west(areas, [])
    bounds = find_bounds(one for area in areas for ring in turn_area(area, west) for one in ring)
    assert bounds is not None
    map_ = fit(bounds, width, height)
    canvas = Canvas(width, height)
    Outlines(areas, west, map_).draw(canvas)
    return canvas.make_picture(), map_, west


def list_edges(ring: Ring) -> Iterator[tuple[Position, Position]]:
    yield from pairwise([*ring, ring[0]])


def measure(dot: Dot, start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return how far the middle of a dot is from a line, in dots."""
    x, y = dot[0] + 0.5, dot[1] + 0.5
    (ax, ay), (bx, by) = start, end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    share = 0.0 if not length else min(max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0), 1)
    return math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay))


def shipped() -> dict[str, Area]:
    content = json.loads((ROOT / "nkplan" / "data" / "gazetteer.json").read_text("utf-8"))
    return {row["place"]: read_rings(json.dumps(row["geometry"])) for row in content["outlines"]}


def circle(x: float, y: float, radius: float, points: int = 12) -> Ring:
    turns = [2 * math.pi * at / points for at in range(points)]
    return [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns]


ISLANDS: Area = [circle(100 + 7 * at % 40, -10 + 11 * at % 21, 0.02 + 0.2 * (at % 5)) for at in range(40)]
"""Many islands, most of them smaller than a dot of a small map."""

ENGLAND: list[Area] = [
    [[(-5.7, 50.1), (-3.0, 50.7), (-2.9, 51.3), (-4.2, 51.2)], circle(-6.3, 49.9, 0.05, 6)],
    [[(-3.0, 50.7), (-1.9, 50.6), (0.2, 50.7), (1.4, 51.3), (0.4, 51.5), (-1.0, 51.6), (-2.9, 51.3)]],
    [[(-2.9, 51.3), (-1.0, 51.6), (0.4, 51.5), (1.7, 52.6), (0.3, 53.0), (-0.5, 54.5), (-2.0, 55.8),
      (-3.0, 54.9), (-3.1, 53.4), (-2.9, 52.5)]],
]  # fmt: skip
"""Three regions in a row, which share borders, with an island."""


def at_180(latitudes: tuple[float, float], west: float, east: float) -> Area:
    """Return an area cut in two at the date line, as GeoJSON has it."""
    south, north = latitudes
    return [
        [(west, south), (west, north), (180, north), (180, south)],
        [(-180, south), (-180, north), (east, north), (east, south)],
    ]


@pytest.mark.parametrize(("width", "height"), [(24, 10), (60, 20), (120, 40), (240, 60)])
@pytest.mark.parametrize("record", ["shipped", "england", "islands", "date line"])
def test_the_dots_are_the_outlines_to_the_dot(record: str, width: int, height: int) -> None:
    """Each dot is within one dot of an outline, and each point of an outline within one of a dot."""
    areas = {
        "shipped": list(shipped().values()),
        "england": ENGLAND,
        "islands": [ISLANDS],
        "date line": [at_180((60, 70), 170, -165)],
    }[record]
    picture, map_, west = draw(areas, width, height)
    dots = read_dots(picture)
    # Projected here anew: a degree of longitude is as long as in the middle, and dots are square.
    bounds = map_.bounds
    shrink = math.cos(math.radians((bounds.south + bounds.north) / 2))

    def project(position: Position) -> tuple[float, float]:
        longitude = position[0] + 360 * (position[0] < west - 0.001)
        return (longitude - bounds.west) * shrink * map_.scale, (bounds.north - position[1]) * map_.scale

    lines = [
        (project(start), project(end))
        for area in areas
        for ring in area
        for start, end in list_edges(ring)
        if not (abs(start[0]) == 180 and abs(end[0]) == 180)
    ]
    near: dict[Dot, float] = {}
    for start, end in lines:
        left, right = sorted((start[0], end[0]))
        top, bottom = sorted((start[1], end[1]))
        around = [
            dot
            for dot in (
                (x, y)
                for x in range(int(left) - 2, int(right) + 3)
                for y in range(int(top) - 2, int(bottom) + 3)
            )
            if dot in dots
        ]
        for dot in around:
            near[dot] = min(near.get(dot, 9), measure(dot, start, end))
        for point in (start, end):
            assert any(measure(dot, point, point) <= 1.5 for dot in around), point
    assert set(near) == dots
    assert max(near.values()) <= 1.5


def test_what_two_areas_share_is_a_border_and_all_else_an_outline() -> None:
    left, right = [[(0, 0), (0, 1), (1, 1), (1, 0)]], [[(1, 0), (1, 1), (2, 1), (2, 0)]]
    picture, _, _ = draw([left, right], 40, 20)
    borders, outlines = read_dots(picture, Meaning.BORDER), read_dots(picture, Meaning.OUTLINE)
    assert len({x for x, _ in borders}) == 1
    assert {x for x, _ in outlines} >= {0, max(x for x, _ in outlines)}
    lines = [one for one in picture.shapes if one.meaning is Meaning.OUTLINE]
    assert [len(one.points) for one in lines] == [4, 4]
    # For those who fill areas each ring is there as a whole, before the lines over it.
    assert [one.is_closed for one in picture.shapes] == [True, True, False, False]


def test_an_island_smaller_than_a_dot_has_a_dot() -> None:
    islands: Area = [circle(0, 0, 5), circle(8, 0, 0.001), circle(10, 3, 0.001)]
    picture, map_, _ = draw([islands], 30, 10)
    for ring in islands[1:]:
        x, y = map_.find_dot(ring[0])
        assert len([dot for dot in read_dots(picture) if math.dist(dot, (x, y)) < 1.5]) == 1


FIJI = [at_180((-19, -16), 177, -178), [circle(178, -18, 0.3)]]
CHUKOTKA = [at_180((62, 70), 158, -170), [[(158, 62), (150, 59), (158, 70)]]]
ALEUTIANS = [[circle(173, 53, 0.5), circle(-178, 52, 0.5), circle(-150, 63, 8)]]


@pytest.mark.parametrize(
    ("areas", "west", "span"), [(FIJI, 177, 5), (CHUKOTKA, 150, 40), (ALEUTIANS, 172.5, 45.5)], ids=str
)
def test_a_map_across_the_date_line_is_in_one_piece(areas: list[Area], west: float, span: float) -> None:
    assert find_west(areas, []) == pytest.approx(west)
    picture, map_, _ = draw(areas, 80, 30)
    assert map_.bounds.east - map_.bounds.west == pytest.approx(span)
    # Where GeoJSON cuts an area at the date line there is no line.
    x, _ = map_.find_dot((180.0, 0.0))
    if areas is not ALEUTIANS:
        columns = [y for dot_x, y in read_dots(picture) if abs(dot_x - x) < 1]
        assert len(columns) < 12


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=8))
def test_every_position_is_on_its_map_and_turned_by_whole_turns(positions: list[Position]) -> None:
    west = find_west([], positions)
    turned = [turn(one, west) for one in positions]
    bounds = find_bounds(turned)
    assert bounds is not None
    assert bounds.east - bounds.west <= 360
    for map_ in (fit(bounds, 40, 12), frame(bounds, 40, 12), zoom(bounds, bounds, 40, 12)):
        assert map_.width <= 40
        assert map_.height <= 12
        for one in turned:
            assert map_.find_cell(one) is not None
    for (longitude, _), (before, _) in zip(turned, positions, strict=True):
        assert (longitude - before) % 360 == 0


def test_a_map_around_a_pole_has_no_line_across_it() -> None:
    """The ice's edge is drawn from one side to the other; what closes the ring along the pole is not."""
    coast = [(float(longitude), -70.0) for longitude in range(-180, 181, 10)]
    picture, map_, _ = draw([[[*coast, (180.0, -90.0), (-180.0, -90.0)]]], 80, 20)
    dots = read_dots(picture)
    assert {x for x, y in dots if y == 0} == set(range(max(x for x, _ in dots) + 1))
    assert {y for x, y in dots if 2 < x < map_.width} == {0}


@pytest.mark.parametrize("position", [(0.0, 90.0), (180.0, -90.0), (125.7, 39.0)])
def test_one_point_is_in_the_middle(position: Position) -> None:
    bounds = find_bounds([position])
    assert bounds is not None
    map_ = frame(bounds, 41, 11)
    row, column = map_.find_cell(position) or (-1, -1)
    assert row == map_.height // 2
    assert map_.width / 2 - 1 <= column <= map_.width / 2


def test_a_closer_map_shows_as_much_around_as_there_is_room_for_and_no_more() -> None:
    near, whole = Bounds(2, 0, 3, 1), Bounds(0, -5, 4, 5)
    wide, narrow = zoom(near, whole, 120, 10), zoom(near, whole, 40, 10)
    assert (wide.bounds.west, wide.bounds.east, wide.height) == (0, 4, 10)
    assert 0 < narrow.bounds.west < 2
    assert 3 < narrow.bounds.east < 4
    assert (narrow.width, narrow.height) == (40, 10)


def test_what_lies_outside_of_a_closer_map_is_cut_off_at_its_edge() -> None:
    big, small = [[(0, 0), (0, 10), (10, 10), (10, 0)]], [[(4, 4), (4, 5), (5, 5), (5, 4)]]
    canvas = Canvas(60, 20)
    map_ = fit(Bounds(3, 3, 11, 6), 40, 20)
    Outlines([big, small], 0, map_).draw(canvas)
    picture = canvas.make_picture()
    assert read_dots(picture)
    assert all(x < map_.width * 2 and y < map_.height * 4 for x, y in read_dots(picture))
    for one in picture.shapes:
        assert all(0 <= x < map_.width and 0 <= y < map_.height for x, y in one.points)
    # The line at 10 degrees goes from the top to the bottom.
    edge = int(map_.find_dot((10.0, 5.0))[0])
    assert {y for x, y in read_dots(picture) if abs(x - edge) <= 1} == set(range(map_.height * 4))


names = st.text("ab성천 ", min_size=1, max_size=12).filter(
    lambda text: text.strip() == text and "  " not in text
)


@given(names, st.lists(st.tuples(st.integers(0, 15), st.integers(0, 39)), max_size=40), st.integers(10, 40))
def test_a_name_is_whole_and_covers_nothing(name: str, marks: list[tuple[int, int]], width: int) -> None:
    area: Area = [circle(0, 0, 5, 30)]
    map_ = fit(Bounds(-5, -5, 5, 5), width, 16)
    canvas = Canvas(40, 16)
    outlines = Outlines([area], -5, map_)
    outlines.draw(canvas)
    for row, column in marks:
        canvas.place(row, column, "+", Meaning.STARTED)
    before = canvas.make_picture()
    fits = outlines.write_name(canvas, 0, name)
    after = canvas.make_picture()
    written = ""
    for row, (old, new) in enumerate(zip(before.rows, after.rows, strict=True)):
        assert all(one == other for one, other in zip(old, new, strict=True) if one is not None)
        own = [at for at, cell in enumerate(new) if cell is not None and cell.meaning is Meaning.REGION]
        if own:
            line = "".join(new[at].sign for at in own)  # type: ignore[union-attr]
            assert count_cells(line) == len(own) == own[-1] - own[0] + 1
            # On both sides is nothing, or a line.
            for beside in (new[own[0] - 1], new[own[-1] + 1]):
                assert beside is None or beside.dots
            # The first and the last cell are within the area.
            for column in (own[0], own[-1]):
                x, y = column * 2 + 1, row * 4 + 2
                centre = map_.find_dot((0.0, 0.0))
                assert math.hypot(x - centre[0], y - centre[1]) <= 5 * map_.scale + 0.1
            written += f" {line}" if written else line
    assert written == (name if fits else "")


def test_a_name_that_finds_no_room_in_one_line_takes_two() -> None:
    canvas = Canvas(20, 8)
    map_ = fit(Bounds(0, 0, 10, 8), 13, 8)
    outlines = Outlines([[[(0, 0), (0, 8), (10, 8), (10, 0)]]], 0, map_)
    assert outlines.write_name(canvas, 0, "South Hamgyong")
    lines = [line.strip() for line in canvas.make_picture().write().splitlines() if line.strip()]
    assert lines == ["South", "Hamgyong"]


def test_a_name_may_touch_a_border_where_it_has_no_other_room_but_no_mark() -> None:
    def write(*marks: int) -> str:
        canvas = Canvas(12, 5)
        map_ = fit(Bounds(0, 0, 10, 5), 12, 5)
        outlines = Outlines([[[(0, 0), (0, 5), (10, 5), (10, 0)]]], 0, map_)
        outlines.draw(canvas)
        for column in marks:
            canvas.place(1, column, "+", Meaning.STARTED)
        outlines.write_name(canvas, 0, "Kangwon")
        return canvas.make_picture().write().splitlines()[1]

    assert write() == "⡇ Kangwon  ⢸"
    assert write(9) == "⡇Kangwon + ⢸"
    assert write(8) == "⡇       +  ⢸"


def test_a_name_beside_a_mark_stands_right_of_it_or_else_left_or_nowhere() -> None:
    def write(marks: Iterable[int], column: int) -> str:
        canvas = Canvas(20, 1)
        for at in marks:
            canvas.place(0, at, "+", Meaning.STARTED)
        write_beside(canvas, (0, column), 14, "Sepho", Meaning.LABEL)
        return canvas.make_picture().write().rstrip()

    assert write([2], 2) == "  + Sepho"
    assert write([10], 10) == "    Sepho +"
    assert write([3, 8], 3) == "   +    +"
