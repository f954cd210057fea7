"""The templates: every value in them is cleaned and escaped, and a policy is in force where that fails."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nkplan.layout.grid import Column, Value, Verified, drop_empty, make_objects, show
from nkplan.layout.page import is_empty
from nkplan.model.vocabulary import Status
from nkplan.reports.claims import describe_count, describe_period, describe_promise, name_counted
from nkplan.text import clean, is_link

TEMPLATES = Path(__file__).with_name("templates")

FindAddress = Callable[[str, str], str | None]
"""Returns where the page of a row is, given its list, such as `places`, and its id; None if there is none."""


def render(template: str, find_address: FindAddress, values: Mapping[str, Any]) -> str:
    """Fill a template with values; it links to other pages where `find_address` finds one."""
    return make_environment().get_template(template).render(find_address=find_address, **values)


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
    style, script = (Markup(read_file(name)) for name in ("style.css", "table.js"))  # noqa: S704  # ours
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
        "drop_empty": drop_empty,
        "objects": make_objects,
        "shown": _show_all,
    }
    made.tests |= {"empty_section": is_empty, "link": _is_link, "verified": _is_verified}
    return made


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


def make_anchor(*parts: str) -> str:
    """Return the name of a place within a page, which is unlike that of every other row.

    >>> make_anchor("site", "usi-factories")
    'site-usi-factories'
    """
    return "-".join(re.sub("[^A-Za-z0-9-]", lambda sign: f"_{ord(sign[0]):x}_", part) for part in parts)


def _finish(value: Any) -> Any:
    """Return a value as the text that a page has, without characters that could steer a reader's screen."""
    return value if isinstance(value, Markup) else show(value)


def _show_all(entry: Mapping[str, Value]) -> dict[str, str]:
    return {key: show(value) for key, value in entry.items()}


def _describe_aim(status: str) -> str:
    return Status(status).as_aim


def _is_link(value: Any) -> bool:
    return isinstance(value, str) and is_link(clean(value))


def _is_verified(value: Any, column: Column | None = None) -> bool:
    """Whether a value is a status that an observation shows: alone so, or as are all of its column."""
    return isinstance(value, Verified) or (column is not None and column.is_verified and value is not None)
