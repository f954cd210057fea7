"""Charts on a terminal: a title, the picture, and notes."""

import os
from collections.abc import Callable
from typing import TextIO

from rich.console import Console
from rich.text import Text

from nkplan.layout.colours import LINES_ON_ANY, MARKS_ON_ANY
from nkplan.layout.picture import LEVELS, MARKS, SITE_MARKS, Chart, Meaning, Picture
from nkplan.layout.report import describe_moment
from nkplan.model.moment import Moment
from nkplan.render.terminal.console import WIDE, make_console
from nkplan.text import clean

_STYLES = {
    Meaning.VERIFIED: "green",
    Meaning.DATE: "bold",
    Meaning.AXIS: "dim",
    Meaning.FRAME: "dim",
    Meaning.BORDER: "dim",
    Meaning.TITLE: "bold",
}
"""The styles of meanings, readable on dark and light backgrounds; of what is only claimed none is green."""

_COLOURED_STYLES = _STYLES | MARKS_ON_ANY | LINES_ON_ANY
"""The same where there are more than 16 colours, of which few could be read on any background."""

_USUAL_WIDTH = 100
"""The width of a timeline that is not drawn on a terminal."""

_LEAST_WIDTH, _LEAST_HEIGHT = 20, 8
_UNKNOWN = {"C.UTF-8", "C.utf8", "UTF-8"}
_WIDE_LANGUAGES = ("ja", "ko", "zh")


def write_chart(chart: Chart, moment: Moment, out: TextIO, *, ascii_only: bool = False) -> None:
    """Draw a chart as large as there is room, in ASCII if that is asked for or all that can be shown."""
    console = make_console(out)
    usual_width, usual_height = chart.usual_size
    width = usual_width if console.width >= WIDE else max(console.width, _LEAST_WIDTH)
    height = usual_height if console.width >= WIDE or not out.isatty() else console.height
    # A line is left for the title, and one for the prompt.
    most = min(chart.most_rows, height - 2)
    picture = chart.draw(width, max(most, _LEAST_HEIGHT))
    texts = _write_texts(picture, moment, chart.about)
    room = height - 1 - sum(len(text.wrap(console, width)) for text in texts)
    if room < most:
        picture = chart.draw(width, max(room, _LEAST_HEIGHT))
    if ascii_only or needs_ascii(out):
        picture = picture.to_ascii()
    head, *notes = texts
    console.print(head)
    draw_picture(console, picture)
    for note in notes:
        console.print(note)


def _write_texts(picture: Picture, moment: Moment, about: str) -> list[Text]:
    """Return the title of a picture, with its day and what it is about, and its notes."""
    head = Text(clean(picture.title), "bold")
    only = f", only {clean(about)}" if about else ""
    head.append(f", {describe_moment(moment)}{only}", "not bold dim")
    return [head, *(Text(clean(note), "dim") for note in picture.notes)]


def write_line(line: Callable[[int], Picture | None], out: TextIO) -> None:
    """Draw a timeline of one line and what its signs are, if there is room."""
    console = make_console(out)
    picture = line(_USUAL_WIDTH if console.width >= WIDE else console.width)
    if picture is None:
        return
    console.print()
    draw_picture(console, picture.to_ascii() if needs_ascii(out) else picture)
    for note in picture.notes:
        console.print(Text(clean(note), "dim"))


def draw_picture(console: Console, picture: Picture) -> None:
    """Draw a picture in colours."""
    styles = _COLOURED_STYLES if console.color_system in {"256", "truecolor"} else _STYLES
    for row in range(len(picture.rows)):
        line = Text(no_wrap=True, overflow="crop")
        for text, meaning in picture.runs(row):
            line.append(text, styles.get(meaning, "") if meaning else "")
        console.print(line, crop=False)


def needs_ascii(out: TextIO) -> bool:
    """Return whether our signs may not be shown, or may be drawn two cells wide, as East Asian fonts do."""
    every, of_letters, usual = (os.environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    # Python itself sets LC_CTYPE to this where the system does not know the locale.
    locale = every or (of_letters if of_letters not in _UNKNOWN else "") or usual
    if locale in {"C", "POSIX"} or locale.replace("-", "_").split("_")[0].lower() in _WIDE_LANGUAGES:
        return True
    try:
        "".join((*MARKS.values(), *SITE_MARKS.values(), LEVELS)).encode(out.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return True
    return False
