"""The map: where sites are, and how far each has come."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from nkplan.layout.geography import (
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
from nkplan.layout.grid import Column, make_grid
from nkplan.layout.labels import Labels
from nkplan.layout.picture import CUT, SITE_MARKS, Canvas, Chart, Meaning, Picture, Shape, cut
from nkplan.layout.report import Report
from nkplan.model.vocabulary import Status
from nkplan.reports.charts.sites import find_mark
from nkplan.reports.sites import pick_columns
from nkplan.text import count_cells


class MapSite(NamedTuple):
    """A site: where it is, and how far it has come."""

    id: str
    name: str
    place: str | None
    place_name: str | None
    region: str | None
    region_name: str | None
    status: Status | None
    claimed: Status | None
    verified: Status | None
    started: bool

    @property
    def mark(self) -> Meaning:
        """The mark of the site: the furthest of those under which a report counts it."""
        return find_mark(self.claimed, self.verified, self.started)


class MapPlace(NamedTuple):
    """A place; `region` is the one that it is in, or itself."""

    id: str
    name: str
    local_name: str | None = None
    parent: str | None = None
    region: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def position(self) -> Position | None:
        """Its longitude and latitude, if both are known; None too for what is nowhere on the earth.

        The database has a rule against that, which somebody can switch off.
        """
        if self.longitude is None or self.latitude is None:
            return None
        if abs(self.longitude) > 180 or abs(self.latitude) > 90:
            return None
        return self.longitude, self.latitude


class MapOutline(NamedTuple):
    """The rings of a place, and whom to credit for them."""

    place: str
    rings: tuple[Ring, ...]
    credit: str | None = None


class Facts(NamedTuple):
    """The sites that match, all places, and the outlines to draw; `regions` are those asked for, if any."""

    sites: tuple[MapSite, ...] = ()
    places: Mapping[str, MapPlace] = {}
    outlines: tuple[MapOutline, ...] = ()
    regions: frozenset[str] | None = None


class Names(StrEnum):
    """Which names of places a map has."""

    LATIN = "latin"
    LOCAL = "local"
    NONE = "none"

    @property
    def meaning(self) -> str:
        """What is written on the map."""
        return {"latin": "in Latin letters", "local": "in local letters", "none": "no names"}[self]


def find_place(site: MapSite, places: Mapping[str, MapPlace]) -> MapPlace | None:
    """Return the place at whose coordinates a site is drawn: its own, or else the nearest around it.

    A region around it is too large to say where it is.
    """
    place = places.get(site.place or "")
    passed = set()
    while place is not None and place.id not in passed:
        if place.position is not None:
            return place
        passed.add(place.id)
        place = places.get(place.parent or "")
        if place is not None and place.region in {None, place.id}:
            return None
    return None


_COLUMNS = (
    *pick_columns("id", "name", "place", "place_name", "region", "region_name", "status"),
    Column("latitude", "Latitude", is_number=True),
    Column("longitude", "Longitude", is_number=True),
    Column("mark", "Mark"),
)
_TITLE = "How far each site has come"
_USUAL_SIZE, _MOST_ROWS = (120, 40), 200
_WORDS = {
    Meaning.VERIFIED: "verified complete",
    Meaning.CLAIMED: "only claimed",
    Meaning.STARTED: "started",
    Meaning.PROMISED: "only promised",
}


def make_chart(facts: Facts, labels: Labels, names: Names = Names.LATIN) -> Chart:
    """Make the map: a row for each site, and the picture."""
    rows = []
    for site in facts.sites:
        place = find_place(site, facts.places)
        where = {"latitude": place and place.latitude, "longitude": place and place.longitude}
        rows.append(site._asdict() | where | {"mark": str(site.mark)})
    return Chart(
        Report(_TITLE, make_grid(_COLUMNS, rows)),
        _Drawing(facts, labels, names).draw,
        usual_size=_USUAL_SIZE,
        most_rows=_MOST_ROWS,
        credits=tuple(dict.fromkeys(one.credit for one in facts.outlines if one.credit)),
    )


_Cells = dict[tuple[int, int], list[tuple[MapSite, MapPlace]]]
"""The sites of cells, which are a row and a column, each with the place at which it is drawn."""

_Line = list[tuple[str, Meaning]]
"""The parts of a line of text."""


class _Region(NamedTuple):
    """A region, and how many of its sites have which mark."""

    name: str
    marks: Counter[Meaning]


class _Plan(NamedTuple):
    """Where everything goes: the map, the regions beside or below it, and the legend below either."""

    map: Map | None
    regions: list[_Line]
    legend: list[_Line]
    is_beside: bool
    has_legend_beside: bool = False

    @property
    def side_height(self) -> int:
        """How many rows stand beside the map."""
        if not self.is_beside:
            return 0
        return len(self.regions) + (len(self.legend) + 1 if self.has_legend_beside else 0)

    @property
    def top_height(self) -> int:
        """How many rows the map takes, with what stands beside it."""
        return max(0 if self.map is None else self.map.height, self.side_height)

    @property
    def height(self) -> int:
        """How many rows all of it takes."""
        below = 0 if self.is_beside else len(self.regions)
        return self.top_height + below + (0 if self.has_legend_beside else len(self.legend))


class _Drawing:
    """The map, which can be drawn at any size."""

    def __init__(self, facts: Facts, labels: Labels, names: Names) -> None:
        self._names, self._places, self._focus = names, facts.places, facts.regions
        self._region = labels.name("region")
        self._outlines = [one for one in facts.outlines if one.rings]
        found = [(site, find_place(site, facts.places)) for site in facts.sites]
        at = [(site, place, place.position) for site, place in found if place and place.position]
        self._west = find_west([one.rings for one in self._outlines], [position for *_, position in at])
        self._sites = [(site, place, turn(position, self._west)) for site, place, position in at]
        self._nowhere = len(facts.sites) - len(at)
        divided = {one.parent for one in facts.places.values()}
        self._by_region_alone = sum(place.region == place.id and place.id in divided for _, place, _ in at)
        self._marks = Counter(site.mark for site in facts.sites)
        self._regions = self._count_regions(facts.sites)
        corners = {
            one.place: [corner for ring in turn_area(one.rings, self._west) for corner in ring]
            for one in self._outlines
        }
        marked = [position for *_, position in self._sites]
        self._whole = find_bounds([*marked, *(corner for ring in corners.values() for corner in ring)])
        near = [corner for place in self._focus or () for corner in corners.get(place, ())]
        self._near = None if self._focus is None else find_bounds([*marked, *near])

    def _count_regions(self, sites: Iterable[MapSite]) -> list[_Region]:
        """Count the marks of each region, that with most sites first; what has no region comes last."""
        marks: defaultdict[str, Counter[Meaning]] = defaultdict(Counter)
        for site in sites:
            marks[site.region or ""][site.mark] += 1
        nowhere = marks.pop("", None)
        regions = [_Region(self._name(self._places.get(one), one), found) for one, found in marks.items()]
        regions.sort(key=lambda one: (-one.marks.total(), one.name))
        return regions if nowhere is None else [*regions, _Region(f"no {self._region}", nowhere)]

    def _name(self, place: MapPlace | None, id_: str) -> str:
        if place is None:
            return id_
        return place.local_name or place.name if self._names is Names.LOCAL else place.name

    def draw(self, width: int, height: int) -> Picture:
        """Draw the map and what stands beside and below it; nothing without any site."""
        if not self._marks:
            return Picture(width, ())
        plan = self._arrange(width, height)
        cells = {} if plan.map is None else self._find_cells(plan.map)
        several = [len(found) for found in cells.values() if len(found) > 1]
        shared = (len(several), sum(several))
        beside = 0 if plan.map is None or not plan.is_beside else plan.map.width + _GAP
        room = min(width - beside, _MOST_BESIDE) if plan.has_legend_beside else width
        plan = plan._replace(legend=self._list_legend(room, shared))
        canvas = Canvas(width, plan.height)
        if plan.map is not None:
            self._draw_map(canvas, plan.map, cells)
        row = _write(canvas, 0 if plan.is_beside else plan.top_height, beside, plan.regions)
        if plan.has_legend_beside:
            _write(canvas, row + 1, beside, plan.legend)
        else:
            _write(canvas, max(row, plan.top_height), 0, plan.legend)
        told = ", ".join(f"{_WORDS[mark]} {self._marks[mark]}" for mark in SITE_MARKS)
        return canvas.make_picture(_TITLE, alt=f"Map of {_count(self._marks.total(), 'site')}: {told}")

    def _find_cells(self, map_: Map) -> _Cells:
        """Return the sites of each cell that has any, those that have come furthest first."""
        cells: _Cells = defaultdict(list)
        for site, place, position in self._sites:
            if (cell := map_.find_cell(position)) is not None:
                cells[cell].append((site, place))
        for found in cells.values():
            found.sort(key=lambda one: _ORDER.index(one[0].mark))
        return cells

    def _draw_map(self, canvas: Canvas, map_: Map, cells: _Cells) -> None:
        """Draw outlines, or a frame where there is none, then marks and names."""
        outlines = Outlines([one.rings for one in self._outlines], self._west, map_)
        outlines.draw(canvas)
        if not self._outlines:
            right, bottom = map_.width - 0.5, map_.height - 0.25
            corners = ((0.0, 0.0), (right, 0.0), (right, bottom), (0.0, bottom))
            canvas.trace(Shape(corners, Meaning.FRAME, is_closed=True))
        for (row, column), found in cells.items():
            mark = found[0][0].mark
            canvas.place(row, column, SITE_MARKS[mark], mark)
        if self._names is Names.NONE:
            return
        drawn = {one.place for one in self._outlines}
        if self._near is not None or not drawn:
            for cell, found in sorted(cells.items()):
                place = found[0][1]
                if place.id not in drawn:
                    write_beside(canvas, cell, map_.width, self._name(place, place.id), Meaning.LABEL)
        for number, one in enumerate(self._outlines):
            outlines.write_name(canvas, number, self._name(self._places.get(one.place), one.place))

    def _arrange(self, width: int, height: int) -> _Plan:
        """Choose the arrangement that fits the height with the largest map, and rather one with all marks."""
        most = max((count_cells(one.name) for one in self._regions), default=0)
        plans: list[tuple[bool, bool, float, _Plan]] = []
        for has_numbers, names in product(
            (False, True), sorted({min(most, _MOST_NAME), min(most, _FEW_NAME)})
        ):
            worth = (1.0 if has_numbers else _WORTH_OF_MARKS) * (1.0 if names < most else _WORTH_OF_NAMES)
            lines = self._list_regions(names, has_numbers=has_numbers)
            side = max((_measure(line) for line in lines), default=0)
            for plan in self._list_plans(lines, side, width, height):
                scale = 1.0 if plan.map is None else plan.map.scale
                plans.append((side <= width, plan.height <= height, scale * worth, plan))
        return max(plans, key=lambda one: one[:-1])[-1]

    def _list_plans(self, lines: list[_Line], side: int, width: int, height: int) -> Iterator[_Plan]:
        """List the arrangements: the regions beside the map, the legend with them or below, or all below."""
        below = self._list_legend(width, _SOME_SHARED)
        columns = max((width + _GAP) // (side + _GAP), 1)
        table = _put_side_by_side(lines, columns, side)
        rows = max(height - len(below) - len(table), _LEAST_ROWS)
        yield _Plan(self._fit(width, rows), table, below, is_beside=False)
        room = width - side - _GAP
        if self._whole is None or room < _LEAST_COLUMNS:
            return
        shortest = max(map(_measure, self._list_legend(0, _SOME_SHARED)[: len(SITE_MARKS)]))
        least = min(room, width - shortest - _GAP)
        if least >= _LEAST_COLUMNS and (drawn := self._fit(least, height)) is not None:
            beside = self._list_legend(min(width - drawn.width - _GAP, _MOST_BESIDE), _SOME_SHARED)
            yield _Plan(drawn, lines, beside, is_beside=True, has_legend_beside=True)
        rows = max(height - len(below), _LEAST_ROWS)
        kept = lines
        if len(lines) > rows:
            rest = self._regions[rows - 1 :]
            more = f"{len(rest)} more: {sum(one.marks.total() for one in rest)}"
            kept = [*lines[: rows - 1], [(cut(more, side), Meaning.LABEL)]]
        yield _Plan(self._fit(room, rows), kept, below, is_beside=True)

    def _fit(self, width: int, height: int) -> Map | None:
        if self._whole is None:
            return None
        if not self._outlines:
            return frame(self._whole, width, height)
        if self._near is not None:
            return zoom(self._near, self._whole, width, height)
        return fit(self._whole, width, height)

    def _list_regions(self, names: int, *, has_numbers: bool) -> list[_Line]:
        """Return a line for each region: its name, and how many sites it has, in all and of each mark."""
        counts = max((len(str(one.marks.total())) for one in self._regions), default=0)
        digits = {mark: len(str(max(one.marks[mark] for one in self._regions))) for mark in self._marks}
        lines: list[_Line] = []
        for one in self._regions:
            name = cut(one.name, names)
            total = f"{one.marks.total():>{names - count_cells(name) + 1 + counts}} "
            line: _Line = [(name, Meaning.TEXT), (total, Meaning.TEXT)]
            for mark in SITE_MARKS:
                number = one.marks[mark]
                if not has_numbers:
                    line.append((SITE_MARKS[mark] * number, mark))
                elif number:
                    line += [(SITE_MARKS[mark], mark), (f"{number:<{digits[mark]}} ", Meaning.TEXT)]
                elif mark in digits:
                    line.append((" " * (digits[mark] + 2), Meaning.TEXT))
            while not line[-1][0].strip():
                line.pop()
            lines.append([*line[:-1], (line[-1][0].rstrip(), line[-1][1])])
        return lines

    def _list_legend(self, width: int, shared: tuple[int, int]) -> list[_Line]:
        """Return the lines of the legend, and of what else has to be said."""
        lines: list[_Line] = [[]]
        for mark in SITE_MARKS:
            text = f" {_WORDS[mark]} {self._marks[mark]}"
            gap: _Line = [("  ", Meaning.TEXT)] if lines[-1] else []
            if gap and _measure(lines[-1]) + len(text) + 3 > width:
                lines.append([])
                gap = []
            lines[-1] += [*gap, (SITE_MARKS[mark], mark), (text, Meaning.TEXT)]
        told = []
        if self._whole is None:
            told.append("no map: no place of these sites has coordinates")
        elif self._nowhere:
            told.append(f"{_count(self._nowhere, 'site')} not drawn (no coordinates)")
        if self._by_region_alone:
            number, its = (
                _count(self._by_region_alone, "site"),
                "its" if self._by_region_alone == 1 else "their",
            )
            told.append(f"{number} drawn in the middle of {its} {self._region}")
        marks, sites = shared
        if marks:
            stand = "stands" if marks == 1 else "stand"
            told.append(f"{_count(marks, 'mark')} {stand} for {sites} sites, the furthest shown")
        return [*lines, *([(line, Meaning.LABEL)] for line in _wrap(told, width))]


_ORDER = tuple(SITE_MARKS)
_GAP = 2
_MOST_NAME, _FEW_NAME = 24, 12
"""The most cells of a region's name beside the map, and where there is little room."""

_MOST_BESIDE = 60
"""The most cells of a line of the legend beside the map."""

_LEAST_ROWS, _LEAST_COLUMNS = 6, 12
_WORTH_OF_MARKS, _WORTH_OF_NAMES = 1.2, 1.1
"""How much larger a map would have to be for the marks to be numbers, and for names to be cut."""

_SOME_SHARED = (99, 199)
"""Where how many marks are of several sites is not known yet: as long as it gets."""


def _write(canvas: Canvas, row: int, column: int, lines: Iterable[_Line]) -> int:
    """Write lines one below the other, and return the row after them; one that is too long says so."""
    for line in lines:
        at = column
        for text, meaning in line:
            at = canvas.write(row, at, text, meaning)
        if at > canvas.width:
            canvas.place(row, canvas.width - 1, CUT, Meaning.LABEL)
        row += 1
    return row


def _measure(line: _Line) -> int:
    return count_cells("".join(text for text, _ in line).rstrip())


def _put_side_by_side(lines: Sequence[_Line], columns: int, width: int) -> list[_Line]:
    """Arrange lines of a width in columns, one column after the other."""
    rows = -(-len(lines) // columns)
    made: list[_Line] = []
    for row in range(rows):
        whole: _Line = []
        for at, line in enumerate(lines[row::rows]):
            if at:
                whole.append(
                    (
                        " " * (at * (width + _GAP) - count_cells("".join(text for text, _ in whole))),
                        Meaning.TEXT,
                    )
                )
            whole += line
        made.append(whole)
    return made


def _wrap(sentences: Iterable[str], width: int) -> Iterator[str]:
    """Yield the lines of sentences. One follows another in a line only if all of it fits there."""
    line = ""
    for sentence in sentences:
        joint = "; "
        for word in [sentence] if len(sentence) <= width else sentence.split():
            # The second word of a sentence follows the first with a space.
            whole = f"{line}{joint if line else ''}{word}"
            if line and (count_cells(whole) > width or (joint == "; " and word is not sentence)):
                yield line
                whole = word
            line, joint = whole, " "
    if line:
        yield line


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"
