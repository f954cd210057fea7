"""Pictures as SVG: what is drawn, that text is only text, and that nothing comes from outside.

NKPLAN_GOLDEN=write python -m pytest -n 0 tests/render/test_svg.py   writes the golden file again
"""

import os
import re
from datetime import date
from io import StringIO
from math import dist
from xml.etree import ElementTree as ET

import pytest
from examples import example_count
from hypothesis import given, settings
from hypothesis import strategies as st
from program import ROOT
from unsafe import UNSAFE_RANGES

from nkplan.layout.grid import make_grid
from nkplan.layout.picture import LEVELS, Canvas, Caption, Cell, Chart, Meaning, Picture, Shape
from nkplan.layout.report import Report
from nkplan.model.moment import Moment
from nkplan.render.svg import add_day, make_inline, make_style, write_svg

GOLDEN = ROOT / "tests" / "golden" / "picture.svg"
SVG = "{http://www.w3.org/2000/svg}"
CAPTION = Caption("as of 2026-11-24", "Wells", "The Wells Project", "CC BY 4.0", ("Survey of Wells",))


def draw(texts: tuple[str, str] = ("성천 factories", "60")) -> Picture:
    """Draw a little of everything."""
    canvas = Canvas(30, 5)
    canvas.trace(Shape(((1, 1), (9, 1), (9, 3.5), (1, 3.5)), Meaning.OUTLINE, is_closed=True))
    canvas.trace(Shape(((5, 1), (5, 3.5)), Meaning.BORDER))
    canvas.keep(Shape(((12, 0.5), (29, 0.5)), Meaning.FRAME, label=texts[1]))
    canvas.keep(Shape(((12, 3), (12, 1), (20, 1), (20, 0.25), (29, 0.25), (29, 3)), Meaning.CLAIMED, True))
    canvas.fill(range(1, 3), range(12, 29), "▓", Meaning.CLAIMED, has_shape=True)
    for column, (meaning, sign) in enumerate(zip(Meaning, "●◆+○", strict=False)):
        canvas.place(2, 2 + 2 * column, sign, meaning)
    for column, level in enumerate(LEVELS):
        canvas.place(3, 12 + column, level, Meaning.AMOUNT)
    canvas.fill(range(4, 5), range(5), "█", Meaning.VERIFIED)
    canvas.fill(range(4, 5), range(5, 9), "░", Meaning.STARTED)
    canvas.place(4, 3, "1", Meaning.DATE)
    canvas.place(4, 9, "│", Meaning.AXIS)
    canvas.write(4, 12, texts[0], Meaning.TEXT)
    return canvas.make_picture("Wells & pumps", ("1: the date promised",), "5 wells")


def write(picture: Picture, caption: Caption = CAPTION) -> str:
    out = StringIO()
    write_svg(picture, out, caption=caption)
    return out.getvalue()


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314


def find(svg: str, tag: str, name: str) -> list[ET.Element]:
    """Return the elements with a tag and a class."""
    return [one for one in parse(svg).iter(SVG + tag) if name in one.get("class", "").split()]


def test_a_picture_is_its_golden_file() -> None:
    text = write(draw())
    if os.environ.get("NKPLAN_GOLDEN") == "write":
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")


def test_what_surrounds_a_picture_is_in_it_and_it_has_a_name_and_a_description() -> None:
    root = parse(write(draw()))
    title, description = root[0], root[1]
    assert (title.text, description.text) == ("Wells & pumps, as of 2026-11-24", "5 wells")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    texts = [str(one.text) for one in root.iter(f"{SVG}text")]
    assert texts[:2] == ["Wells & pumps", "Wells, as of 2026-11-24"]
    told = "1: the date promised Data: Wells, CC BY 4.0. The Wells Project. Outlines: Survey of Wells."
    assert " ".join(texts).endswith(f" {told}")


@pytest.mark.parametrize(
    ("days", "about", "said"),
    [
        ((None, None), "", "as of 2026-11-24"),
        (
            (date(2024, 12, 31), None),
            "--kind factory --year 2024,2025",
            "as of 2024-12-31, as known on 2026-11-24, only kind factory, year 2024,2025",
        ),
        ((None, date(2025, 1, 1)), "--region Kangwon", "as known on 2025-01-01, only region Kangwon"),
    ],
)
def test_a_picture_says_its_day_and_filters_to_readers_of_another_day(
    days: tuple[date | None, date | None], about: str, said: str
) -> None:
    chart = Chart(Report("Wells", make_grid((), ())), lambda width, _: Picture(width, ()), about=about)
    assert add_day(Caption(), chart, Moment(date(2026, 11, 24), *days)).day == said


def test_what_is_not_known_of_a_picture_is_left_out() -> None:
    texts = [one.text for one in parse(write(draw(), Caption("today"))).iter(f"{SVG}text")]
    assert (texts[1], texts[-1]) == ("today", "1: the date promised")


@pytest.mark.parametrize(
    ("letter", "width"),
    [("W", 1.11), ("A", 0.78), ("a", 0.68), ("0", 0.7), ("—", 1.0), ("도", 1.0), ("ก", 0.72)],
)
def test_a_title_of_wide_letters_is_not_cut_at_the_edge(letter: str, width: float) -> None:
    """The widths are those of DejaVu Sans Bold, or of Noto Sans Thai, in shares of the size of 17 pixels."""
    texts = [str(one.text) for one in find(write(draw()._replace(title=letter * 90)), "text", "c-title")]
    assert "".join(texts) == letter * 90
    assert max(map(len, texts)) * width * 17 <= 30 * 8 + 24


def test_text_is_text_in_its_columns_whatever_the_font() -> None:
    """성천 takes four cells of 8 units, a space and `factories` ten more."""
    (text,) = find(write(draw()), "text", "f-text")
    assert (text.text, text.get("x"), text.get("textLength")) == ("성천 factories", "96", "112")


def test_equal_neighbours_are_one_rectangle() -> None:
    """The bar of 5 cells of which a date covers the fourth is one of 3 cells and one of a single cell."""
    bar = find(write(draw()), "path", "f-verified")[0]
    assert bar.get("d") == "M0 75.6h24v10.8h-24zM32 75.6h8v10.8h-8z"


def test_lines_are_drawn_in_place_of_dots_and_cells_that_have_a_shape() -> None:
    svg = write(draw())
    assert not re.search("[\u2800-\u28ff]", svg)
    (edge,) = find(svg, "path", "s-border")
    assert edge.get("d") == "M40 18v45"
    claimed = [one.get("d") for one in find(svg, "path", "s-claimed")]
    assert claimed == ["M96 54v-36h64v-13.5h72v49.5z"] * 2


@given(st.lists(st.tuples(st.floats(0, 99), st.floats(0, 40)), min_size=1, max_size=40), st.booleans())
@settings(max_examples=example_count(100), deadline=None)
def test_a_line_goes_through_its_points_however_many_there_are(
    points: list[tuple[float, float]], is_closed: bool
) -> None:
    """Each way is rounded to a tenth, but no error adds up."""
    picture = Canvas(100, 40).make_picture()
    shape = Shape((*points, points[0], (50.0, 20.0)), Meaning.BORDER, is_closed)
    (path,) = find(make_inline(picture._replace(shapes=(shape,)), "a"), "path", "s-border")
    drawn = path.get("d", "")
    assert drawn.endswith("z") == is_closed
    at, passed = (0.0, 0.0), []
    for letter, numbers in re.findall("([Mlhv])([^Mlhvz]*)", drawn):
        steps = [float(one) for one in re.findall(r"-?\d*\.?\d+", numbers)]
        pairs = list(zip(steps[::2], steps[1::2], strict=True)) if letter in "Ml" else []
        pairs += [(one, 0) if letter == "h" else (0, one) for one in steps if letter in "hv"]
        for right, down in pairs:
            at = (right, down) if letter == "M" else (at[0] + right, at[1] + down)
            passed.append(at)
    wanted = [(x * 8, y * 18) for x, y in shape.points]
    assert all(min(dist(one, other) for other in passed) < 0.08 for one in wanted)
    assert all(min(dist(one, other) for other in wanted) < 0.08 for one in passed)


def test_dots_without_a_shape_stay() -> None:
    canvas = Canvas(2, 1)
    canvas.line((0, 0), (3, 0), Meaning.AXIS)
    (text,) = find(write(canvas.make_picture()), "text", "f-axis")
    assert text.text == "⠉⠉"


def test_the_marks_of_sites_have_a_form_each() -> None:
    """The marks are in the cells 2, 4, 6 and 8 of row 2, each around the centre of its cell."""
    svg = make_inline(draw(), "map")
    forms = {}
    for mark in ("f-verified", "f-claimed", "f-started", "s-promised"):
        for one in find(svg, "path", mark):
            if found := re.fullmatch(r"M(\d+) 45(m.*)", one.get("d", "")):
                forms[found[2]] = (mark, found[1])
    assert list(forms.values()) == [
        ("f-verified", "20"),
        ("f-claimed", "36"),
        ("f-started", "52"),
        ("s-promised", "68"),
    ]


def test_marks_beside_each_other_are_small_enough_to_stay_apart() -> None:
    canvas = Canvas(5, 1)
    for column, sign in enumerate("●●● ●"):
        canvas.place(0, column, sign, Meaning.VERIFIED)
    (marks,) = find(make_inline(canvas.make_picture(), "a"), "path", "f-verified")
    radii = re.findall(r"a([\d.]+) \1 0 1 0 ", marks.get("d", ""))
    assert radii == ["3.4"] * 3 + ["4.5"]


def test_letters_that_are_all_wide_are_written_larger() -> None:
    """At the size of the others they would stand far apart in their two cells."""
    canvas = Canvas(20, 2)
    canvas.write(0, 0, "강원도 북", Meaning.REGION)
    canvas.write(1, 0, "강원도 a", Meaning.REGION)
    (text,) = find(make_inline(canvas.make_picture(), "a"), "text", "wide")
    assert (text.text, text.get("textLength")) == ("강원도 북", "72")


def test_a_pattern_says_what_colour_says() -> None:
    patterns = {one.get("id"): ET.tostring(one[1]) for one in parse(write(draw())).iter(f"{SVG}pattern")}
    assert list(patterns) == ["picture-claimed", "picture-started", "picture-promised"]
    assert len(set(patterns.values())) == 3


def test_two_pictures_of_a_page_share_no_id() -> None:
    one, other = (set(re.findall(r' id="([^"]*)"', make_inline(draw(), id_))) for id_ in ("a-1", "b"))
    assert len(one) == 5
    assert all(id_.startswith("a-1-") for id_ in one)
    assert not one & other
    used = set(re.findall(r"url\(#([^)]*)\)", make_inline(draw(), "b")))
    assert used
    assert used <= other


@pytest.mark.parametrize("id_", ["", "1", 'a"', "a b", "a\n", "é"])
def test_an_id_that_would_need_quoting_is_refused(id_: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        make_inline(draw(), id_)


def test_nothing_comes_from_outside_and_nothing_runs() -> None:
    svg = write(draw())
    assert re.findall(r"https?:[^\"]*", svg) == ["http://www.w3.org/2000/svg"]
    assert set(re.findall(r"url\(([^)]*)\)", svg)) <= {f"#picture-{one}" for one in Meaning}
    assert not re.search(r"script|href|@import|<!|<\?| on\w+=", svg)


def test_every_colour_is_a_rule_for_light_dark_and_forced_colours() -> None:
    """What has no rule would be black, which nobody sees on a dark screen."""
    used = set(re.findall(r'class="([^"]*)"', write(draw())))
    names = {name for one in used for name in one.split()} - {"picture"}
    light, dark, forced = re.split("@media", make_style())
    assert "prefers-color-scheme:dark" in dark
    assert "forced-colors:active" in forced
    for name in names - {one for one in names if one.startswith("c-")}:
        assert all(re.search(rf"\.picture \.{name}\b", part) for part in (light, dark, forced)), name


LIVE = (
    "<script>alert(1)</script>",
    "]]>",
    "--><svg onload='x'>",
    '"\' onload="alert(1)',
    "&lt;b&gt; &#60;b&#62; &nope;",
    "<![CDATA[",
    "</text></svg>",
    "</style><style>*{fill:url(//x)}",
)
UNSAFE = (
    "\ufffe\uffff",
    *("".join(map(chr, range(first, min(last, first + 40) + 1))) for first, last in UNSAFE_RANGES),
)


@pytest.mark.parametrize(
    "text", [*LIVE, *UNSAFE], ids=lambda text: f"U+{ord(text[0]):04X}" if text in UNSAFE else text
)
def test_hostile_text_is_inert(text: str) -> None:
    """The picture has no other elements and attributes than with plain text, and says the same."""
    hostile, plain = (_surround(one) for one in (f"a{text}b", "ab"))
    for drawn, usual in zip(hostile, plain, strict=True):
        assert list_names(drawn) == list_names(usual)
        shown = list(drawn.itertext())
        assert not [sign for part in shown for sign in part if sign != "\n" and is_unsafe(sign)]
        assert (f"a{text}b" in shown) == (text in LIVE)


def list_names(root: ET.Element) -> set[tuple[str, str]]:
    """Return the names of all elements, and of the attributes of each."""
    return {(one.tag, name) for one in root.iter() for name in ("", *one.attrib)}


def _surround(text: str) -> list[ET.Element]:
    """Draw a picture with a text at every place, also in a cell that no Canvas has cleaned."""
    rows = (*draw().rows[:4], (Cell(text, Meaning.LABEL),))
    picture = draw(("", text))._replace(title=text, notes=(text,), alt=text, rows=rows)
    caption = Caption(text, text, text, text, (text,))
    return [parse(write(picture, caption)), parse(make_inline(picture, "a"))]


def is_unsafe(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in UNSAFE_RANGES) or sign in "\ufffe\uffff"
