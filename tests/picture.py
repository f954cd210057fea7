"""Draws the picture of the README: `nkplan report` as a terminal shows it, as an SVG."""

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

import pyte
from program import show

WIDTH = 100
_CELL_WIDTH, _CELL_HEIGHT, _BASELINE, _MARGIN = 8, 18, 14, 16
_BACKGROUND, _FOREGROUND, _BOLD = "#1b1f24", "#d0d7de", "#ffffff"
_COLOURS = {
    "black": "#6e7681",
    "red": "#ff7b72",
    "green": "#56d364",
    "brown": "#e3b341",
    "blue": "#79c0ff",
    "magenta": "#d2a8ff",
    "cyan": "#76e3ea",
    "white": "#ffffff",
}
"""The colours that pyte names; it calls yellow brown."""

_TEMPLATE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">
<title>{label}</title>
<style>text {{ font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }}</style>
<rect width="{width}" height="{height}" rx="8" fill="{background}"/>
{texts}
</svg>
"""


def draw_report(db: Path) -> str:
    """Return the SVG of `nkplan report`, run on a real terminal."""
    shown = show(db, WIDTH, "list", "--limit", "1")  # The first command says that it creates the database.
    shown = show(db, WIDTH, "report")
    assert shown.code == 0, shown.lines
    screen = pyte.Screen(WIDTH, len(shown.lines) + 1)
    pyte.ByteStream(screen).feed(shown.raw)
    texts = [_draw_text(0, 0, "$ nkplan report", _BOLD)]
    for number in range(len(shown.lines)):
        texts += _draw_line(screen, number)
    return _TEMPLATE.format(
        width=WIDTH * _CELL_WIDTH + 2 * _MARGIN,
        height=(len(shown.lines) + 1) * _CELL_HEIGHT + 2 * _MARGIN,
        label="nkplan report in a terminal: what was promised, started, claimed and verified, by programme",
        background=_BACKGROUND,
        texts="\n".join(texts),
    )


def _draw_line(screen: pyte.Screen, number: int) -> Iterator[str]:
    """Yield the words of a line of the screen by their colours; a run of spaces needs no drawing."""
    column = 0
    for colour, run in groupby((screen.buffer[number][at] for at in range(WIDTH)), _pick_colour):
        text = "".join(cell.data for cell in run)
        for found in re.finditer(r"\S+(?: \S+)*", text):
            yield _draw_text(column + found.start(), number + 1, found[0], colour)
        column += len(text)


def _pick_colour(cell: pyte.screens.Char) -> str:
    if cell.fg == "default":
        return _BOLD if cell.bold else _FOREGROUND
    return _COLOURS[cell.fg.removeprefix("bright")]


def _draw_text(column: int, line: int, text: str, colour: str) -> str:
    """Return a text at a cell of the screen, stretched to the width of its cells in any font."""
    x = _MARGIN + column * _CELL_WIDTH
    y = _MARGIN + line * _CELL_HEIGHT + _BASELINE
    return (
        f'<text x="{x}" y="{y}" fill="{colour}" textLength="{len(text) * _CELL_WIDTH}"'
        f' lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )
