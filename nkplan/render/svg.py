"""Pictures as SVG: a file of its own with title, notes and source, or a part of a page.

Everything in it is written here: no script, no reference to anything outside, and text only through
`_escape`. Colours are rules for classes, from `make_style`, so that a picture is right on a dark and on a
light screen, with forced colours and on paper. Patterns say the same as colours.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import chain, groupby, pairwise
from typing import NamedTuple, TextIO

from nkplan.layout.colours import DARK_GROUND, LIGHT_GROUND, ON_DARK, ON_LIGHT, mix
from nkplan.layout.picture import (
    ACROSS,
    CORNER,
    LEVELS,
    MARKS,
    NOW,
    OPEN,
    TICK,
    UP,
    Caption,
    Cell,
    Chart,
    Meaning,
    Picture,
    Shape,
)
from nkplan.layout.report import describe_moment
from nkplan.model.moment import Moment
from nkplan.text import clean, count_cells

_WIDTH, _HEIGHT = 8, 18
"""The size of a cell, in the units of the picture: pixels, if it is not scaled."""


def write_chart(chart: Chart, moment: Moment, out: TextIO, *, caption: Caption) -> None:
    """Write a chart with its day as a file of its own, in a usual size."""
    write_svg(draw_chart(chart), out, caption=add_day(caption, chart, moment))


def draw_chart(chart: Chart) -> Picture:
    """Draw a chart in a usual size; one of nothing has a note that says so."""
    picture = chart.draw(*chart.usual_size)
    if picture.rows:
        return picture
    return picture._replace(title=chart.report.title, notes=("there is nothing to draw",))


def add_day(caption: Caption, chart: Chart, moment: Moment) -> Caption:
    """Return a caption with the day of a chart, and what it is about, in words for readers of another day."""
    day = describe_moment(moment).replace("today, ", "" if moment.as_of is None else "on ")
    options = chart.about.removeprefix("--").replace(" --", ", ")
    return caption._replace(day=f"{day}, only {options}" if options else day)


def make_inline(picture: Picture, id_: str) -> str:
    """Return a picture as part of a page, which has the rules of `make_style` and prints title and notes.

    Every id in it begins with `id_`. Raises ValueError if that is not made of ASCII letters, digits and
    hyphens, with a letter first.
    """
    if not re.fullmatch("[A-Za-z][A-Za-z0-9-]*", id_):
        raise ValueError(f"not an id for a picture: {id_!r}")
    size = (picture.width * _WIDTH + 2 * _EDGE, len(picture.rows) * _HEIGHT + 2 * _EDGE)
    head = _open(size, id_, picture.title, picture.alt, edge=_EDGE)
    return "".join((*head, *_draw(picture, id_), "</svg>"))


def write_svg(picture: Picture, out: TextIO, *, caption: Caption) -> None:
    """Write a picture as a file of its own."""
    width = picture.width * _WIDTH
    head = [*_wrap(picture.title, _TITLE, width), *_wrap(_join(caption.record, caption.day), _DAY, width)]
    foot = [
        *chain.from_iterable(_wrap(note[:1].upper() + note[1:], _NOTE, width) for note in picture.notes),
        *_wrap(_tell_source(caption), _SOURCE, width),
    ]
    top = _MARGIN + sum(style.height for _, style in head) + _GAP
    bottom = top + len(picture.rows) * _HEIGHT + _GAP
    height = bottom + sum(style.height for _, style in foot) + _MARGIN
    title = _join(picture.title, caption.day)
    out.writelines(
        (
            *_open((width + 2 * _MARGIN, height), _ID, title, picture.alt),
            f"<style>{make_style()}{_CAPTION_RULES}</style>\n",
            '<rect class="ground" width="100%" height="100%"/>\n',
            *_write_lines(head, _MARGIN),
            f'<g transform="translate({_MARGIN} {top})">\n',
            *_draw(picture, _ID),
            "</g>\n",
            *_write_lines(foot, bottom),
            "</svg>\n",
        )
    )


_EDGE = 8
"""How far marks and labels may stick out of the cells."""

_ID = "picture"
_MARGIN, _GAP = 24, 14


def _open(size: tuple[float, float], id_: str, title: str, alt: str, edge: int = 0) -> Iterator[str]:
    width, height = map(_number, size)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" width="{width}"'
        f' height="{height}" viewBox="{-edge} {-edge} {width} {height}"'
        f' aria-labelledby="{id_}-title {id_}-desc"><title id="{id_}-title">{_escape(title)}</title>'
        f'<desc id="{id_}-desc">{_escape(alt)}</desc>\n'
    )


_NOT_IN_XML = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")


def _escape(text: str) -> str:
    """Return a text that is only text in XML, also within quotation marks."""
    return escape(clean(text).translate(_NOT_IN_XML))


# Colours


_TINTS = {Meaning.CLAIMED: 0.35, Meaning.STARTED: 0.25, Meaning.PROMISED: 0.08, Meaning.OUTLINE: 0.12}
"""How much of its colour is in the tint of an area, over which its pattern is."""

_MONOSPACE = (
    'ui-monospace,"DejaVu Sans Mono","Noto Sans Mono",Menlo,Consolas,"Noto Sans Mono CJK KR",D2Coding,'
    '"NanumGothicCoding","Malgun Gothic",monospace'
)
_PROPORTIONAL = (
    'system-ui,"Segoe UI","Noto Sans","DejaVu Sans","Noto Sans CJK KR","Apple SD Gothic Neo","Malgun Gothic",'
    "sans-serif"
)


def make_style() -> str:
    """Return the rules that pictures need, for the style of a page."""
    return (
        f".picture{{max-width:100%;height:auto;font:13px {_MONOSPACE}}}\n"
        ".picture .f-title,.picture .f-date{font-weight:bold}.picture .f-date{font-size:11px}\n"
        ".picture .wide{font-size:15px}\n"
        ".picture .halo{stroke-width:3px;stroke-linejoin:round;paint-order:stroke}\n"
        ".picture .ring{stroke-width:2px;paint-order:stroke}\n"
        f"{_make_rules(ON_LIGHT, LIGHT_GROUND)}"
        f"@media screen and (prefers-color-scheme:dark){{\n{_make_rules(ON_DARK, DARK_GROUND)}}}\n"
        "@media (forced-colors:active){\n.picture{forced-color-adjust:none}\n"
        f"{_make_rules(dict.fromkeys(Meaning, 'CanvasText'), 'Canvas')}}}\n"
    )


def _make_rules(colours: Mapping[Meaning, str], ground: str) -> str:
    """Return a rule for each class: `f-` of what is filled with a colour, `s-` of lines, `t-` of tints."""
    meanings = sorted(colours, key=lambda one: (colours[one], list(Meaning).index(one)))
    rules = []
    for colour, group in groupby(meanings, key=lambda one: colours[one]):
        alike = list(group)
        rules.append(f"{_select('f', alike)}{{fill:{colour}}}\n{_select('s', alike)}{{stroke:{colour}}}\n")
    for one, share in _TINTS.items():
        tint = mix(colours[one], ground, share) if ground.startswith("#") else ground
        rules.append(f"{_select('t', [one])}{{fill:{tint}}}\n")
    rules.append(f".picture .ground{{fill:{ground}}}\n.picture .halo,.picture .ring{{stroke:{ground}}}\n")
    return "".join(rules)


def _select(kind: str, meanings: Iterable[Meaning]) -> str:
    return ",".join(f".picture .{kind}-{one}" for one in meanings)


# The drawing


def _draw(picture: Picture, id_: str) -> Iterator[str]:
    """Yield the parts of a drawing, what is behind first."""
    yield from _write_patterns(id_)
    yield from _draw_shapes(picture.shapes, id_)
    yield from _draw_cells(picture, id_)
    yield from _write_texts(picture)


def _write_patterns(id_: str) -> Iterator[str]:
    """Yield the patterns of areas: dense lines for what is claimed, a few for what is started, else dots.

    A row of cells is three patterns high.
    """
    for meaning, turn, part in (
        (Meaning.CLAIMED, 45, '<rect class="f-claimed" width="2" height="6"/>'),
        (Meaning.STARTED, -45, '<rect class="f-started" width=".9" height="6"/>'),
        (Meaning.PROMISED, 0, '<circle class="f-promised" cx="3" cy="3" r=".7"/>'),
    ):
        turned = f' patternTransform="rotate({turn})"' if turn else ""
        yield (
            f'<pattern id="{id_}-{meaning}" width="6" height="6" patternUnits="userSpaceOnUse"{turned}>'
            f'<rect class="t-{meaning}" width="6" height="6"/>{part}</pattern>\n'
        )


_LAND = {Meaning.OUTLINE, Meaning.BORDER}
"""The edges of areas of a map: a region has one of the other, where it has neighbours."""


def _paint(meaning: Meaning, id_: str) -> str:
    """Return the attributes of an area."""
    if meaning in {Meaning.CLAIMED, Meaning.STARTED, Meaning.PROMISED}:
        return f'fill="url(#{id_}-{meaning})" class="s-{meaning}"'
    if meaning in _LAND:
        return f'class="t-{Meaning.OUTLINE}"'
    return f'class="f-{meaning}"'


def _draw_shapes(shapes: Sequence[Shape], id_: str) -> Iterator[str]:
    """Yield the lines of the frame, then areas, then all other lines."""
    for meaning, path in _collect(_trace_all(one for one in shapes if one.meaning is Meaning.FRAME)).items():
        yield f'<path class="s-{meaning}" fill="none" d="{path}"/>\n'
    for meaning, path in _collect(_trace_all(one for one in shapes if one.is_closed)).items():
        if meaning in _AREAS:
            yield f'<path {_paint(meaning, id_)} stroke="none" d="{path}"/>\n'
    for meaning, path in _collect(_trace_all(shapes)).items():
        if meaning not in _WITHOUT_EDGE:
            yield f'<path class="s-{meaning}" fill="none" stroke-linejoin="round" d="{path}"/>\n'


_AREAS = {*MARKS, Meaning.AMOUNT, *_LAND}
"""The meanings of closed shapes that are filled."""

_WITHOUT_EDGE = {Meaning.FRAME, Meaning.AMOUNT}


def _trace_all(shapes: Iterable[Shape]) -> Iterator[tuple[Meaning, str]]:
    return ((one.meaning, _trace(one)) for one in shapes)


def _collect(parts: Iterable[tuple[Meaning, str]]) -> dict[Meaning, str]:
    """Join the paths of each meaning into one, in the order in which they come first."""
    joined: dict[Meaning, list[str]] = {}
    for meaning, path in parts:
        joined.setdefault(meaning, []).append(path)
    return {meaning: "".join(paths) for meaning, paths in joined.items()}


def _trace(shape: Shape) -> str:
    """Return the path of a shape: its first point, and the way from each to the next."""
    tenths = [(round(x * _WIDTH * 10), round(y * _HEIGHT * 10)) for x, y in shape.points]
    path = f"M{_number(tenths[0][0] / 10)} {_number(tenths[0][1] / 10)}"
    before = ""
    for (x, y), (to_x, to_y) in pairwise(tenths):
        if (x, y) == (to_x, to_y):
            continue
        right, down = _number((to_x - x) / 10), _number((to_y - y) / 10)
        way = f"h{right}" if y == to_y else f"v{down}" if x == to_x else f"l{right} {down}"
        # Neither a letter that is repeated nor a space before a minus sign is needed.
        path += (way if way[0] != before else way.replace(before, " ", 1)).replace(" -", "-")
        before = way[0]
    return path + ("z" if shape.is_closed else "")


def _number(value: float) -> str:
    return re.sub(r"^(-?)0\.", r"\1.", f"{value:.1f}".removesuffix(".0"))


# Cells


class _Run(NamedTuple):
    """Neighbours in a row that are drawn as one: of one sign, or of one text."""

    row: int
    column: int
    width: int
    text: str
    meaning: Meaning
    is_drawn: bool


_BARS = {*MARKS.values(), *LEVELS}
_LINES = {
    NOW: "m4 0v18",
    ACROSS: "m0 9h8",
    OPEN: "m0 7h8m-8 4h8",
    CORNER: "m4 0v9h4",
    TICK: "m0 9h8m-4 -9v9",
    UP: "m4 0v18m-4 -9h4",
}
"""The lines of axes, drawn from the left top of their cell."""

RING = "○"

_SITE_MARKS = {
    "●": ("m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z", "m-3.4 0a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0-6.8 0z"),
    "◆": ("m0-5.8l5.2 5.8-5.2 5.8-5.2-5.8z", "m0-4.8l3.8 4.8-3.8 4.8-3.8-4.8z"),
    "+": (
        "m-1.4-5.2h2.8v3.8h3.8v2.8h-3.8v3.8h-2.8v-3.8h-3.8v-2.8h3.8z",
        "m-1.1-3.6h2.2v2.5h2.5v2.2h-2.5v2.5h-2.2v-2.5h-2.5v-2.2h2.5z",
    ),
    RING: ("m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", "m-2.7 0a2.7 2.7 0 1 0 5.4 0a2.7 2.7 0 1 0-5.4 0z"),
}
"""The marks of sites on a map, drawn around the centre of their cell, and smaller beside others."""


def _draw_cells(picture: Picture, id_: str) -> Iterator[str]:
    """Yield what cells show that is no text: bars, lines, and the marks of sites."""
    runs = [run for run in _list_runs(picture) if run.is_drawn]
    bars = _collect((run.meaning, _trace_bar(run, picture)) for run in runs if run.text[0] in _BARS)
    lines = _collect((run.meaning, _trace_line(run)) for run in runs if run.text[0] in _LINES)
    for meaning, path in bars.items():
        yield f'<path {_paint(meaning, id_)} shape-rendering="crispEdges" d="{path}"/>\n'
    for meaning, path in lines.items():
        yield f'<path class="s-{meaning}" fill="none" shape-rendering="crispEdges" d="{path}"/>\n'
    for sign, forms in _SITE_MARKS.items():
        marks = _collect(
            (run.meaning, _trace_marks(run, forms[_is_beside_marks(run, picture)]))
            for run in runs
            if run.text[0] == sign
        )
        for meaning, path in marks.items():
            painted = f"ground s-{meaning}" if sign == RING else f"f-{meaning} ring"
            yield f'<path class="{painted}" stroke-width="2" d="{path}"/>\n'
    dates = [run for run in runs if run.meaning is Meaning.DATE]
    if dates:
        yield f'<path class="ground s-date" d="{"".join(_trace_marks(run, _BADGE) for run in dates)}"/>\n'
    for run in dates:
        for column in range(run.column, run.column + run.width):
            x, y = column * _WIDTH + _WIDTH / 2, run.row * _HEIGHT + _BASELINE - 0.5
            yield _write_text(run.text[0], "f-date", x, y, ' text-anchor="middle"')


_BADGE = "m-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0z"
"""The circle around the number of a promised date, drawn around the centre of its cell."""


def _trace_bar(run: _Run, picture: Picture) -> str:
    """Return the path of a part of a bar, or of amounts of one height."""
    x, y, width = run.column * _WIDTH, run.row * _HEIGHT, run.width * _WIDTH
    if run.meaning in MARKS:
        after = picture.rows[run.row][run.column + 1 : run.column + 2]
        is_alone = run.width == 1 and not any(cell and cell.shown.strip() for cell in after)
        return _trace_box(x, y + _BAR_TOP, _SWATCH if is_alone else width, _BAR_HEIGHT)
    height = (LEVELS.index(run.text[0]) + 1) * _HEIGHT / len(LEVELS)
    return _trace_box(x, y + _HEIGHT - height, width, height)


def _trace_line(run: _Run) -> str:
    x, y = run.column * _WIDTH, run.row * _HEIGHT
    path = _LINES[run.text[0]]
    return "".join(f"M{x + at * _WIDTH} {y}{path}" for at in range(run.width))


def _trace_marks(run: _Run, mark: str) -> str:
    x, y = run.column * _WIDTH + _WIDTH // 2, run.row * _HEIGHT + _HEIGHT // 2
    return "".join(f"M{x + at * _WIDTH} {y}{mark}" for at in range(run.width))


_BAR_TOP, _BAR_HEIGHT = 3.6, 10.8
_SWATCH = 12
"""The width of a mark alone, as in a legend, where a space follows it."""


def _is_beside_marks(run: _Run, picture: Picture) -> bool:
    row = picture.rows[run.row]
    beside = (*row[max(run.column - 1, 0) : run.column], *row[run.column + run.width :][:1])
    return run.width > 1 or any(
        cell and cell.meaning in MARKS and cell.sign in _SITE_MARKS for cell in beside
    )


def _trace_box(x: float, y: float, width: float, height: float) -> str:
    return f"M{_number(x)} {_number(y)}h{_number(width)}v{_number(height)}h-{_number(width)}z"


def _list_runs(picture: Picture) -> Iterator[_Run]:
    """Yield the runs of all rows, without what shapes show."""
    for at, row in enumerate(picture.rows):
        column = 0
        for (meaning, drawn), group in groupby(row, lambda cell: _sort(cell, bool(picture.shapes))):
            cells = list(group)
            if meaning is not None:
                text = "".join(cell.shown for cell in cells if cell is not None)
                if drawn:
                    yield _Run(at, column, len(cells), text, meaning, is_drawn=True)
                else:
                    for found in re.finditer(r"[^ ]+(?: [^ ]+)*", text):
                        start = column + count_cells(text[: found.start()])
                        yield _Run(at, start, count_cells(found[0]), found[0], meaning, is_drawn=False)
            column += len(cells)


def _sort(cell: Cell | None, has_shapes: bool) -> tuple[Meaning | None, str]:
    """Return what makes a cell of one run with its neighbours: its meaning, and its sign if that is drawn."""
    if cell is None or cell.has_shape or (cell.dots and has_shapes):
        return None, ""
    is_drawn = cell.sign in _SIGNS.get(cell.meaning, ())
    return cell.meaning, cell.sign if is_drawn else ""


_SIGNS: dict[Meaning, frozenset[str]] = (
    dict.fromkeys(MARKS, frozenset((*MARKS.values(), *_SITE_MARKS)))
    | dict.fromkeys((Meaning.AXIS, Meaning.FRAME, Meaning.OUTLINE, Meaning.BORDER), frozenset(_LINES))
    | {Meaning.AMOUNT: frozenset(LEVELS), Meaning.DATE: frozenset("123456789+")}
)
"""The signs that are drawn, by meaning; all others are text."""


# Texts

_BASELINE = 13.5
"""Where the letters of a cell stand."""


def _write_texts(picture: Picture) -> Iterator[str]:
    """Yield the texts, each as wide as its cells, whichever font there is."""
    boxes = [_find_box(one) for one in picture.shapes if one.meaning not in {Meaning.FRAME, Meaning.AXIS}]
    for one in picture.shapes:
        if one.label:
            x, y = one.points[0]
            yield _write_text(one.label, "f-label", x * _WIDTH - 6, y * _HEIGHT + 4.5, ' text-anchor="end"')
    for run in _list_runs(picture):
        if run.is_drawn:
            continue
        is_over = any(
            left < run.column + run.width and run.column < right and top < run.row + 1 and run.row < bottom
            for left, top, right, bottom in boxes
        )
        name = f"f-{run.meaning} halo" if is_over else f"f-{run.meaning}"
        if count_cells(run.text.replace(" ", "")) == 2 * len(run.text.replace(" ", "")):
            name += " wide"
        length = f' textLength="{run.width * _WIDTH}"' if run.width > 1 else ""
        yield _write_text(run.text, name, run.column * _WIDTH, run.row * _HEIGHT + _BASELINE, length)


def _write_text(text: str, name: str, x: float, y: float, more: str = "") -> str:
    return f'<text class="{name}" x="{_number(x)}" y="{_number(y)}"{more}>{_escape(text)}</text>\n'


def _find_box(shape: Shape) -> tuple[float, float, float, float]:
    columns, rows = zip(*shape.points, strict=True)
    return min(columns), min(rows), max(columns), max(rows)


# Around the picture of a file


class _Style(NamedTuple):
    """How a line around the picture is written: its class, its height, and how wide a letter is about."""

    name: str
    height: int
    letter: float


_TITLE = _Style("c-title", 25, 10.2)
_DAY = _Style("c-day", 18, 7.2)
_NOTE = _Style("c-note", 17, 6.6)
_SOURCE = _Style("c-source", 16, 6.2)
_CAPTION_RULES = f""".picture .c-title{{font:bold 17px {_PROPORTIONAL}}}
.picture .c-day{{font:13px {_PROPORTIONAL}}}
.picture .c-note{{font:12px {_PROPORTIONAL}}}
.picture .c-source{{font:11px {_PROPORTIONAL}}}
"""


def _wrap(text: str, style: _Style, width: float) -> Iterator[tuple[str, _Style]]:
    """Yield a text in lines that fit a width, with the style of each."""
    most = max(width / style.letter, 2)
    line = ""
    for word in chain.from_iterable(_break(one, most) for one in clean(text).split()):
        longer = f"{line} {word}" if line else word
        if line and _measure(longer) > most:
            yield line, style
            longer = word
        line = longer
    if line:
        yield line, style


_NARROW, _BROAD = frozenset(" fijlrtI.,:;!'\"()[]|/-"), frozenset("MWmw@%—…")


def _measure(text: str) -> float:
    """Return about how wide a text is in a proportional font, in usual letters; rather too much."""
    return sum(map(_measure_sign, text))


def _measure_sign(sign: str) -> float:
    if sign in _NARROW:
        return 0.65
    if sign in _BROAD:
        return 1.8
    if sign.isupper():
        return 1.35
    # The letters of other scripts than Latin, Greek and Cyrillic are wider; those of two cells are square.
    cells = count_cells(sign)
    return cells * (1.15 if sign < "\u0530" else 1.35) if cells < 2 else 2.0


def _break(word: str, most: float) -> Iterator[str]:
    """Yield a word in parts of at most a width, in usual letters; not every script has spaces."""
    part, taken = "", 0.0
    for sign in word:
        width = _measure_sign(sign)
        if part and taken + width > most:
            yield part
            part, taken = "", 0.0
        part, taken = part + sign, taken + width
    yield part


def _write_lines(lines: Sequence[tuple[str, _Style]], top: float) -> Iterator[str]:
    for text, style in lines:
        top += style.height
        meaning = Meaning.TITLE if style is _TITLE else Meaning.LABEL
        yield _write_text(text, f"{style.name} f-{meaning}", _MARGIN, top - 5)


def _join(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _tell_source(caption: Caption) -> str:
    """Say whose the data and the outlines are, and under which licence, in sentences."""
    data, outlines = _join(caption.record, caption.licence), _join(*caption.outlines)
    told = (data and f"Data: {data}", caption.credit or "", outlines and f"Outlines: {outlines}")
    return " ".join(f"{one.rstrip('.')}." for one in told if one)
