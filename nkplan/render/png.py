"""Pictures as PNG, drawn from the SVG by resvg, a library that is installed with `nkplan[png]`."""

from io import StringIO
from typing import TextIO

from resvg_py import svg_to_bytes

from nkplan.errors import BadInput, Unusable
from nkplan.layout.picture import Caption, Chart
from nkplan.model.moment import Moment
from nkplan.render import svg

_ZOOM = 2
"""How many pixels there are for each of the SVG: as many as most screens show."""

_MOST_ROWS = 500
"""The most rows of a picture, which takes 60 KB of memory a row while it is drawn."""


def write_chart(chart: Chart, moment: Moment, out: TextIO, *, caption: Caption) -> None:
    """Write a chart with its day, for a light background, as bytes below a text file.

    Raises BadInput if it would be too high, and Unusable if the system has no font.
    """
    picture = svg.draw_chart(chart)
    if len(picture.rows) > _MOST_ROWS:
        raise BadInput(
            f"a png of {len(picture.rows)} rows is too high; write .svg, or draw less with a filter"
        )
    text = StringIO()
    svg.write_svg(picture, text, caption=svg.add_day(caption, chart, moment))
    drawing = text.getvalue()
    drawn = svg_to_bytes(svg_string=drawing, zoom=_ZOOM)
    # Letters for which there is no font are left out without a word.
    if drawn == svg_to_bytes(svg_string=drawing, zoom=_ZOOM, skip_system_fonts=True):
        raise Unusable(
            "png needs a font, and none is installed", "install one, such as DejaVu, or write .svg"
        )
    out.flush()
    out.buffer.write(drawn)
