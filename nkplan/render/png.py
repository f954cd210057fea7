"""Pictures as PNG, drawn from the SVG by resvg, a library that is installed with `nkplan[png]`."""

from io import StringIO
from typing import TextIO

from resvg_py import svg_to_bytes

from nkplan.errors import Unusable
from nkplan.layout.picture import Caption, Chart
from nkplan.model.moment import Moment
from nkplan.render import svg

_ZOOM = 2
"""How many pixels there are for each of the SVG: as many as most screens show."""


def write_chart(chart: Chart, moment: Moment, out: TextIO, *, caption: Caption) -> None:
    """Write a chart with its day, for a light background, as bytes below a text file.

    Raises Unusable if the system has no font.
    """
    text = StringIO()
    svg.write_chart(chart, moment, text, caption=caption)
    drawing = text.getvalue()
    drawn = svg_to_bytes(svg_string=drawing, zoom=_ZOOM)
    # Letters for which there is no font are left out without a word.
    if drawn == svg_to_bytes(svg_string=drawing, zoom=_ZOOM, skip_system_fonts=True):
        raise Unusable(
            "png needs a font, and none is installed", "install one, such as DejaVu, or write .svg"
        )
    out.flush()
    out.buffer.write(drawn)
