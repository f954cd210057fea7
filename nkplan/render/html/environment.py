"""The templates: every value in them is cleaned and escaped, and a policy is in force where that fails."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nkplan.dates import parse_date
from nkplan.layout.colours import DARK_GROUND, LIGHT_GROUND, ON_DARK, ON_LIGHT
from nkplan.layout.grid import Column, Grid, Value, Verified, drop_empty, make_objects, show
from nkplan.layout.labels import Labels
from nkplan.layout.page import Fact, is_empty
from nkplan.layout.picture import MARKS, Picture
from nkplan.layout.report import Bars
from nkplan.model.vocabulary import Evidence, Status
from nkplan.render.svg import make_inline, make_style
from nkplan.reports.claims import describe_count, describe_period, describe_promise, name_counted
from nkplan.text import clean, is_link, list_words

TEMPLATES = Path(__file__).with_name("templates")

FindAddress = Callable[[str, str], str | None]
"""Returns where the page of a row is, given its list, such as `places`, and its id; None if there is none."""


FindName = Callable[[str, str], str]
"""Returns how a reader knows a row, given its list and its id."""


def keep_id(_: str, id_: str) -> str:
    """Name a row by its id."""
    return id_


def render(
    template: str, find_address: FindAddress, values: Mapping[str, Any], find_name: FindName = keep_id
) -> str:
    """Fill a template with values; what has an address is a link there, and is named by `find_name`."""
    made = make_environment().get_template(template)
    return made.render(find_address=find_address, find_name=find_name, **values)


@cache
def make_environment() -> Environment:
    """Make the environment of the templates. A name that has no value is a bug and raises."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finish,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    style = Markup(f"{_name_colours()}{read_file('style.css')}{make_style()}")  # noqa: S704  # ours
    script = Markup(read_file("table.js"))  # noqa: S704  # ours
    made.globals |= {
        "style": style,
        "script": script,
        "policy": make_policy(style, script),
        "describe_count": describe_count,
        "describe_period": describe_period,
        "describe_promise": describe_promise,
        "name_counted": name_counted,
    }
    made.filters |= {
        "aim": _describe_aim,
        "anchor": make_anchor,
        "bar": measure_bar,
        "drop_empty": drop_empty,
        "groups": group_columns,
        "objects": make_objects,
        "sentence": _make_sentence,
        "shown": _show_all,
        "sort_key": find_sort_key,
        "told": list_told,
    }
    made.tests |= {"date": _is_date, "empty_section": is_empty, "link": _is_link, "verified": _is_verified}
    return made


def draw(picture: Picture, id_: str) -> Markup:
    """Draw a picture as part of a page."""
    return Markup(make_inline(picture, id_))  # noqa: S704  # render/svg.py escapes every text


def _name_colours() -> str:
    """Return the colours of pictures as properties, for the style of what is like a part of one."""
    light, dark = (
        "".join(f"--mark-{meaning}:{colours[meaning]};" for meaning in MARKS) + f"--ground:{ground}"
        for colours, ground in ((ON_LIGHT, LIGHT_GROUND), (ON_DARK, DARK_GROUND))
    )
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def read_file(name: str) -> str:
    """Read a file of templates/; its lines end as a browser reads them, so that its hash is right."""
    return (TEMPLATES / name).read_text("utf-8").replace("\r\n", "\n")


def make_policy(style: str, script: str) -> str:
    """Return the content security policy of a page: it loads nothing, and only these two are in force."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)};"
        " base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def make_anchor(parts: str | tuple[str, ...]) -> str:
    """Return the name of a place within a page, which is unlike that of every other row.

    >>> make_anchor(("site", "usi-factories"))
    'site-usi-factories'
    """
    named = (parts,) if isinstance(parts, str) else parts
    return "-".join(re.sub("[^A-Za-z0-9-]", lambda sign: f"_{ord(sign[0]):x}_", one) for one in named if one)


def group_columns(columns: Sequence[Column]) -> list[tuple[Column, ...]]:
    """Put neighbours of one group together, which have one heading above their own."""
    parted = groupby(enumerate(columns), key=lambda pair: pair[1].group or pair[0])
    return [tuple(column for _, column in those) for _, those in parted]


def list_told(facts: Sequence[Fact], title: str | None = None) -> list[Fact]:
    """Return the facts that a page tells: what is so, and is not the name that is its title."""
    return [
        fact
        for fact in facts
        if fact.title
        and (fact.shown or fact.value is not None)
        and fact.value is not False
        and not (fact.key in {"name", "title"} and fact.value == title)
    ]


class DrawnPart(NamedTuple):
    """A part of a bar: its word, where it starts and how long it is, both in percent of the whole."""

    word: str
    start: float
    share: float


def measure_bar(row: Sequence[Value], grid: Grid, bars: Bars) -> list[DrawnPart] | None:
    """Return the parts of the bar of a row: each goes on from where the one before it has got to.

    None if there is nothing to measure them by.
    """
    named = dict(zip((column.key for column in grid.columns), row, strict=True))

    def read(key: str) -> float:
        value = named.get(key)
        return value if isinstance(value, int | float) else 0

    whole = max(map(read, bars.whole))
    if not whole:
        return None
    parts: list[DrawnPart] = []
    start = 0.0
    for one in bars.parts:
        end = round(100 * min(read(one.key) / whole, 1), 2)
        if end > start:
            parts.append(DrawnPart(one.word, start, round(end - start, 2)))
            start = end
    return parts


def find_sort_key(value: Value) -> str | None:
    """Return what a value sorts by if not by its text: a status by its order, a date by its last day.

    >>> [find_sort_key(one) for one in ("../2024-Q3", "2024-03-15", Status("completed"), "Sinpho", 7)]
    ['2024-09-30', None, '4', None, None]
    """
    if isinstance(value, Status):
        return str(value.rank)
    if not isinstance(value, str) or not value[-1:].isdigit():
        return None
    try:
        day = parse_date(value).end.isoformat()
    except ValueError:
        return None
    return None if day == value else day


def _is_date(value: Any) -> bool:
    """Whether a value is a date that no line should end within; an interval is two of them."""
    return isinstance(value, str) and re.fullmatch(r"(?:\.\./)?\d{4}-[\dHQ-]+(?:/\.\.)?", value) is not None


def _finish(value: Any) -> Any:
    """Return a value as the text that a page has, without characters that could steer a reader's screen."""
    return value if isinstance(value, Markup) else show(str(value) if isinstance(value, date) else value)


def _show_all(entry: Mapping[str, Value]) -> dict[str, str]:
    return {key: show(value) for key, value in entry.items()}


def _describe_aim(status: str) -> str:
    return Status(status).as_aim


def _make_sentence(text: str) -> str:
    """Return a note as a sentence."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _is_link(value: Any) -> bool:
    return isinstance(value, str) and is_link(clean(value))


def _is_verified(value: Any, column: Column | None = None) -> bool:
    """Whether a value is a status that an observation shows: alone so, or as are all of its column."""
    return isinstance(value, Verified) or (column is not None and column.is_verified and value is not None)


def list_observations(labels: Labels) -> str:
    """List the evidence classes that verify, in the record's own words."""
    return list_words(labels.name(one) for one in Evidence if one.verifies)
