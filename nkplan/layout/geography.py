"""Geography: from degrees to the cells of a picture, and where the names of areas have room.

A position is a longitude and a latitude, in degrees. A map is equirectangular: a degree of longitude is as
long as it is in the middle of the map. A cell has two dots across and four down, so that dots are square.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, product
from math import ceil, cos, floor, inf, radians
from typing import NamedTuple

from nkplan.layout.picture import Canvas, Meaning, Shape
from nkplan.text import count_cells

Position = tuple[float, float]
"""A longitude and a latitude."""

Ring = Sequence[Position]
"""The edge of an area or of a hole in it; the last position need not repeat the first."""

Area = Sequence[Ring]
"""The rings of one place."""


class Bounds(NamedTuple):
    """The degrees that a map shows. In a map across the date line the east has more than 180 degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def shrink(self) -> float:
        """How much shorter a degree of longitude is than one of latitude, in the middle."""
        return max(cos(radians((self.south + self.north) / 2)), _LEAST_SHRINK)


_LEAST_SHRINK = 0.05
"""At a pole a degree of longitude has no length."""

_TINY = 1e-9

_LEAST_SPAN = 0.5
"""The fewest degrees of latitude that a map shows, also of one point."""

_MOST_NARROW = 12
"""How many times as long as wide, or as wide as long, a map can be."""


def find_west(areas: Iterable[Area], positions: Iterable[Position]) -> float:
    """Return the longitude at which a map begins: east of the widest gap, so that nothing is torn apart."""
    spans = [(min(ring)[0], max(ring)[0]) for area in areas for ring in map(_straighten, area) if ring]
    spans += [(longitude, longitude) for longitude, _ in positions]
    if not spans:
        return -180.0
    begins = sorted((west % 360, east - west) for west, east in spans)
    reached = max(west + width for west, width in begins) - 360
    widest, found = -inf, begins[0][0]
    for west, width in begins:
        if west - reached > widest:
            widest, found = west - reached, west
        reached = max(reached, west + width)
    return found - 360 if found > 180 else found


def _straighten(ring: Ring) -> Ring:
    """Return a ring without leaps from one side of the date line to the other."""
    longitudes = [longitude for longitude, _ in ring]
    if not ring or max(longitudes) - min(longitudes) <= 180:
        return ring
    made = [ring[0]]
    for longitude, latitude in ring[1:]:
        before = made[-1][0]
        made.append((longitude + 360 * round((before - longitude) / 360), latitude))
    # One that goes around a pole ends on another turn than it began on.
    return ring if abs(made[-1][0] - made[0][0]) > 180 else made


def turn(position: Position, west: float) -> Position:
    """Return a position with the longitude that it has on a map that begins in the west."""
    longitude, latitude = position
    return longitude + _find_turn(longitude, west), latitude


def turn_area(area: Area, west: float) -> list[Ring]:
    """Return the rings of an area with the longitudes that they have on a map that begins in the west."""
    turned: list[Ring] = []
    for ring in map(_straighten, area):
        if ring:
            more = _find_turn(min(ring)[0], west)
            turned.append([(longitude + more, latitude) for longitude, latitude in ring] if more else ring)
    return turned


def _find_turn(longitude: float, west: float) -> int:
    """Return by how many degrees, a multiple of 360, a longitude moves to lie east of the west."""
    # What begins the map must not be turned to its end by rounding.
    return 360 * ceil((west - longitude - 1e-6) / 360)


def find_bounds(positions: Iterable[Position]) -> Bounds | None:
    """Return the degrees that positions take; None if there is none."""
    every = list(positions)
    if not every:
        return None
    longitudes = [longitude for longitude, _ in every]
    latitudes = [latitude for _, latitude in every]
    return Bounds(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


class Map(NamedTuple):
    """A part of the earth on so many cells; `scale` is how many dots a degree of latitude has."""

    bounds: Bounds
    scale: float
    width: int
    height: int

    def find_dot(self, position: Position) -> tuple[float, float]:
        """Return how many dots a position is from the left and from the top."""
        longitude, latitude = position
        return (
            (longitude - self.bounds.west) * self.bounds.shrink * self.scale,
            (self.bounds.north - latitude) * self.scale,
        )

    def find_cell(self, position: Position) -> tuple[int, int] | None:
        """Return the row and the column of a position; None if it is outside."""
        x, y = self.find_dot(position)
        # What is at the beginning of a cell must not be before it by rounding.
        column, row = floor(x / 2 + _TINY), floor(y / 4 + _TINY)
        return (row, column) if 0 <= row < self.height and 0 <= column < self.width else None


def fit(bounds: Bounds, width: int, height: int) -> Map:
    """Return the largest map of these degrees on at most so many cells, of which it takes what it needs."""
    across, down = (bounds.east - bounds.west) * bounds.shrink, bounds.north - bounds.south
    least = max(_LEAST_SPAN, across / _MOST_NARROW, down / _MOST_NARROW)
    if min(across, down) < least:
        bounds = _grow(bounds, (least - across) / 2, (least - down) / 2)
        across, down = max(across, least), max(down, least)
    dots_across, dots_down = max(2 * width - 1, 1), max(4 * height - 1, 1)
    scale = min(dots_across / across, dots_down / down)
    # Rounding must not move the last dot out of the last cell.
    scale *= 1 - _TINY
    return Map(bounds, scale, int(across * scale) // 2 + 1, int(down * scale) // 4 + 1)


def _grow(bounds: Bounds, across: float, down: float) -> Bounds:
    """Add degrees on each side; those across are as long as degrees of latitude."""
    more = max(across, 0) / bounds.shrink
    down = max(down, 0)
    return Bounds(bounds.west - more, bounds.south - down, bounds.east + more, bounds.north + down)


def frame(bounds: Bounds, width: int, height: int) -> Map:
    """Return the largest map of these degrees that leaves a cell free on each side, for a frame.

    A few points may lie in a line: a frame has room for their names, too.
    """
    across, down = (bounds.east - bounds.west) * bounds.shrink, bounds.north - bounds.south
    bounds = _grow(bounds, (down * _LEAST_WIDTH - across) / 2, (across * _LEAST_HEIGHT - down) / 2)
    inner = fit(bounds, max(width - 2, 1), max(height - 2, 1))
    across, down = 2 / inner.scale, 4 / inner.scale
    return Map(_grow(inner.bounds, across, down), inner.scale, inner.width + 2, inner.height + 2)


_LEAST_WIDTH, _LEAST_HEIGHT = 1, 0.4
"""How wide a frame is at least for its height, and how high for its width."""

_MARGIN = 0.05


def zoom(bounds: Bounds, whole: Bounds, width: int, height: int) -> Map:
    """Return a map of degrees with a margin, that has as much of the whole around as there is room for."""
    span = max((bounds.east - bounds.west) * bounds.shrink, bounds.north - bounds.south, _LEAST_SPAN)
    near = fit(_grow(bounds, span * _MARGIN, span * _MARGIN), width, height)
    own, shrink = near.bounds, near.bounds.shrink
    across, down = (2 * width - 1) / near.scale / shrink, (4 * height - 1) / near.scale
    west, east = _widen(own.west, own.east, whole.west, whole.east, across)
    south, north = _widen(own.south, own.north, whole.south, whole.north, down)
    seen = Bounds(west, south, east, north)
    # The middle may have moved, and with it the length of a degree of longitude.
    return fit(seen, width, height)


def _widen(first: float, last: float, least: float, most: float, span: float) -> tuple[float, float]:
    """Widen a range to a span, as far as there is anything around it."""
    more = max(span - (last - first), 0)
    before, after = max(first - least, 0), max(most - last, 0)
    left = min(max(more / 2, more - after), before)
    return first - left, last + min(more - left, after)


Corner = tuple[int, int]
"""A point in halves of a dot, so that what two areas share is the same."""

_PER_CELL, _PER_ROW = 4, 8
"""How many halves of a dot a cell has across and down."""

_Edge = tuple[Corner, Corner]


class _Traced(NamedTuple):
    """The corners of a ring on a map, and the edges that are never drawn, by the number of their first."""

    corners: list[Corner]
    hidden: frozenset[int] = frozenset()

    @property
    def edges(self) -> Iterator[_Edge]:
        """Each edge, written in one way whichever end comes first."""
        for start, end in zip(self.corners, self.corners[1:] + self.corners[:1], strict=True):
            yield (start, end) if start < end else (end, start)


def _trace(ring: Ring, map_: Map) -> _Traced:
    """Find the corners of a ring, without those that follow one at the same place."""
    west, _, _, north = map_.bounds
    across, down = map_.bounds.shrink * map_.scale * 2, map_.scale * 2
    corners: list[Corner] = []
    kept: list[Position] = []
    last: Corner | None = None
    for position in ring:
        corner = (round((position[0] - west) * across), round((north - position[1]) * down))
        if corner != last:
            corners.append(corner)
            kept.append(position)
            last = corner
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
        kept.pop()
    ends = zip(kept, kept[1:] + kept[:1], strict=True)
    return _Traced(corners, frozenset(at for at, (start, end) in enumerate(ends) if _is_seam(start, end)))


def _is_seam(start: Position, end: Position) -> bool:
    """Return whether an edge is where an area is cut at the date line, or leaps around the earth."""
    leap = abs(start[0] - end[0])
    return leap > 180 or (leap == 0 and start[1] != end[1] and (start[0] - 180) % 360 == 0)


class Outlines:
    """The outlines of areas on a map, to be drawn, and to have names written into them."""

    def __init__(self, areas: Sequence[Area], west: float, map_: Map) -> None:
        self._map = map_
        self._areas = [[_trace(ring, map_) for ring in turn_area(area, west)] for area in areas]

    def draw(self, canvas: Canvas) -> None:
        """Draw all rings, and over them what is an edge of one area alone, which is the outer border."""
        owners: dict[_Edge, int] = {}
        shared = -1
        for number, rings in enumerate(self._areas):
            for ring in rings:
                for edge in ring.edges:
                    if owners.setdefault(edge, number) != number:
                        owners[edge] = shared
        rings = [ring for area in self._areas for ring in area]
        for ring in rings:
            self._draw(canvas, ring, ring.hidden, Meaning.BORDER)
        for ring in rings:
            inner = frozenset(at for at, edge in enumerate(ring.edges) if owners[edge] == shared)
            self._draw(canvas, ring, ring.hidden | inner, Meaning.OUTLINE)

    def _draw(self, canvas: Canvas, ring: _Traced, hidden: frozenset[int], meaning: Meaning) -> None:
        """Draw the edges of a ring that are not hidden: as a closed shape if that is all of it."""
        width, height = self._map.width * _PER_CELL, self._map.height * _PER_ROW
        is_inside = all(0 <= x < width and 0 <= y < height for x, y in ring.corners)
        if is_inside and not hidden:
            canvas.trace(_make_shape(ring.corners, meaning, is_closed=True))
            return
        for line in _split(ring.corners, hidden):
            for part in [line] if is_inside else _clip(line, width - 1, height - 1):
                canvas.trace(_make_shape(part, meaning))

    def write_name(self, canvas: Canvas, number: int, name: str) -> bool:
        """Write the name of an area where it hides nothing, in one line or in two; return whether it fits."""
        within = self._list_cells(number)
        total = sum(len(columns) for _, columns in within)
        if not total or not name:
            return False
        middle = sum((columns.start + columns.stop) * len(columns) for _, columns in within) / 2 / total
        row = sum((row + 0.5) * len(columns) for row, columns in within) / total
        free: dict[int, list[range]] = {}
        for at, columns in within:
            free.setdefault(at, []).extend(canvas.find_free(at, columns))
        # Next to a border a name can be read; next to a mark it would be taken for that of the mark.
        close = {at: [_widen_to_lines(canvas, at, run) for run in runs] for at, runs in free.items()}
        for runs, lines in product((free, close), _break_name(name)):
            place = _find_place([count_cells(line) for line in lines], runs, (row, middle))
            if place is not None:
                for at, (line, column) in enumerate(zip(lines, place[1], strict=True)):
                    canvas.write(place[0] + at, column, line, Meaning.REGION)
                return True
        return False

    def _list_cells(self, number: int) -> list[tuple[int, range]]:
        """Return the cells of which the middle is in an area, as rows and ranges of columns."""
        crossings: dict[int, list[float]] = {}
        half = _PER_ROW // 2
        for ring in self._areas[number]:
            for (x, y), (to_x, to_y) in ring.edges:
                if y == to_y:
                    continue
                top, bottom = min(y, to_y), max(y, to_y)
                first, last = -((half - top) // _PER_ROW), -((half - bottom) // _PER_ROW)
                for row in range(max(first, 0), min(last, self._map.height)):
                    at = x + (to_x - x) * (row * _PER_ROW + half - y) / (to_y - y)
                    crossings.setdefault(row, []).append(at)
        cells = []
        for row, found in sorted(crossings.items()):
            found.sort()
            for start, end in zip(found[::2], found[1::2], strict=False):
                first, last = (ceil((at - _PER_CELL / 2) / _PER_CELL) for at in (start, end))
                columns = range(max(first, 0), min(last, self._map.width))
                if columns:
                    cells.append((row, columns))
        return cells


def _make_shape(
    corners: Sequence[tuple[float, float]], meaning: Meaning, *, is_closed: bool = False
) -> Shape:
    points = tuple((x / _PER_CELL, y / _PER_ROW) for x, y in corners)
    return Shape(points, meaning, is_closed)


def _split(corners: Sequence[Corner], hidden: frozenset[int]) -> Iterator[Sequence[Corner]]:
    """Yield the lines that are left of a ring without some of its edges."""
    if not hidden:
        yield [*corners, corners[0]]
        return
    number = len(corners)
    begin = min(hidden) + 1
    line = [corners[begin % number]]
    for at in range(begin, begin + number):
        if at % number in hidden:
            if len(line) > 1:
                yield line
            line = []
        line.append(corners[(at + 1) % number])


def _clip(line: Sequence[Corner], width: int, height: int) -> Iterator[list[tuple[float, float]]]:
    """Yield the parts of a line within the points from 0 to a width and a height."""
    part: list[tuple[float, float]] = []
    for (x, y), (to_x, to_y) in pairwise(line):
        enter, leave = 0.0, 1.0
        for at, step, most in ((x, to_x - x, width), (y, to_y - y, height)):
            if step == 0:
                if not 0 <= at <= most:
                    leave = -1.0
                continue
            one, other = sorted(((0 - at) / step, (most - at) / step))
            enter, leave = max(enter, one), min(leave, other)
        if enter > leave:
            continue
        # What leaves has ended its part; what enters begins another.
        if enter > 0 and part:
            yield part
            part = []
        if not part:
            part = [(x + (to_x - x) * enter, y + (to_y - y) * enter)]
        part.append((x + (to_x - x) * leave, y + (to_y - y) * leave))
        if leave < 1:
            yield part
            part = []
    if part:
        yield part


def _widen_to_lines(canvas: Canvas, row: int, columns: range) -> range:
    """Add to free columns the gap that a name needs, on each side where a line ends them."""
    before, after = (canvas.has_dots(row, column) for column in (columns.start - 1, columns.stop))
    return range(columns.start - before * _GAP, columns.stop + after * _GAP)


def _break_name(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to write a name: in one line, or in two of as much the same length as can be."""
    yield (name,)
    words = name.split()
    halves = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    if halves:
        yield min(halves, key=lambda pair: max(map(count_cells, pair)))


_GAP = 1
"""How many cells are free on both sides of a name."""


def _find_place(
    widths: Sequence[int], free: dict[int, list[range]], middle: tuple[float, float]
) -> tuple[int, list[int]] | None:
    """Find the free place of lines nearest to the middle: the first row, and where each line begins."""
    most = max(widths)
    offsets = [(most - width) // 2 for width in widths]
    best: tuple[float, int, int] | None = None
    for row in free:
        # Of many small islands hardly one has room.
        rows = [
            [run for run in free.get(row + at, ()) if len(run) >= width + 2 * _GAP]
            for at, width in enumerate(widths)
        ]
        for runs in product(*rows):
            first = max(run.start + _GAP - offset for run, offset in zip(runs, offsets, strict=True))
            last = min(
                run.stop - _GAP - width - offset
                for run, width, offset in zip(runs, widths, offsets, strict=True)
            )
            if first > last:
                continue
            column = min(max(floor(middle[1] - most / 2 + 0.5), first), last)
            # A cell is twice as high as wide.
            far = (column + most / 2 - middle[1]) ** 2 + (2 * (row + len(widths) / 2 - middle[0])) ** 2
            if best is None or far < best[0]:
                best = (far, row, column)
    return best and (best[1], [best[2] + offset for offset in offsets])


def write_beside(canvas: Canvas, cell: tuple[int, int], width: int, text: str, meaning: Meaning) -> bool:
    """Write a text right or left of a cell, where it hides nothing, and return whether it fits.

    The canvas is taken to have so many columns.
    """
    row, column = cell
    taken = count_cells(text)
    for start in (column + 2, column - 1 - taken):
        around = range(max(start - _GAP, 0), start + taken + _GAP)
        # The mark itself is beside it.
        rest = range(around.start, min(around.stop, width))
        if start >= 0 and start + taken <= width and canvas.is_free(row, rest):
            canvas.write(row, start, text, meaning)
            return True
    return False
