"""Find the one row of any list that the user means, and what it said before it was edited."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nkplan.errors import Ambiguous, BadInput, NotFound
from nkplan.model.batch import SettingRow
from nkplan.model.detail import Former
from nkplan.queries.names import (
    explain_missing,
    find_source_by_url,
    match_former,
    match_id,
    match_places,
    match_projects,
    may_be_digest,
)
from nkplan.queries.reader import Reader
from nkplan.rows.table import make_row, read_content
from nkplan.text import has_letter, make_slug, match_ids, quote
from nkplan.values import looks_like_url, read_url

LISTS = ("projects", "announcements", "places", "sources", "updates", "quotas", "kinds", "publishers")
"""The lists in which a row is looked for, in the order in which candidates are listed."""

_MOST = 20
"""How many candidates are listed for an ambiguous text."""

Found = tuple[str, str]
"""The list of a row and its key."""


def find_row(reader: Reader, text: str) -> Found:
    """Find the row that is meant by a part of its id, by `LIST/ID`, a link of a source, or a name.

    A whole id comes first, then one that a row had before it was renamed, then a part; names of projects and
    places are looked for last. Unlike what is only shown, a row to edit is never chosen from several lists.
    `last` is the update recorded last, and the settings are the list `settings`, without a key. Raises
    NotFound and Ambiguous.
    """
    part = text.strip()
    if part.casefold() == "settings":
        return "settings", ""
    if part.casefold() == "last":
        if (row := reader.fetch("names.find_last_update").fetchone()) is None:
            raise NotFound("no update has been recorded yet; `nkplan log` lists the changes")
        return "updates", str(row["id"])
    if looks_like_url(part):
        return "sources", _find_by_link(reader, part)
    if part.casefold().startswith(("outline/", "outlines/")):
        raise BadInput(
            "an outline is known by its place: nkplan show and log take that;"
            " a file loaded with --amend corrects it"
        )
    lists, part = split_target(part)
    for match in (match_id, match_former, _match_part, _match_name):
        found = {(name, key): shown for name in lists for key, shown in match(reader, name, part).items()}
        whole = {one: shown for one, shown in found.items() if one[1].casefold() == part.casefold()}
        if len(found) == 1 or len(whole) == 1:
            return next(iter(whole or found))
        if found:
            raise _explain_ambiguous(text, whole or found)
    raise _explain_missing(reader, lists, part)


def split_target(text: str) -> tuple[Sequence[str], str]:
    """Return the lists in which a text may be looked for, and the part of an id: `LIST/ID` names one list."""
    head, slash, tail = text.partition("/")
    named = {one: name for name in LISTS for one in (name, name.removesuffix("s"))}
    if slash and (name := named.get(head.strip().casefold())):
        return (name,), tail.strip()
    return LISTS, text.strip()


def _find_by_link(reader: Reader, text: str) -> str:
    try:
        url = read_url(text)
    except ValueError as error:
        raise NotFound(f"there is no source {quote(text)}: {error}") from None
    if (id_ := find_source_by_url(reader, url)) is None:
        raise NotFound(f"there is no source with the link {url}; `nkplan search` finds it by its title")
    return id_


def _match_part(reader: Reader, name: str, part: str) -> dict[str, str]:
    """Match a part of an id."""
    folded = part.casefold()
    if name in {"updates", "quotas"}:
        if not may_be_digest(part):
            return {}
        rows = reader.fetch(f"names.match_{name}", part=folded)
        return {row["id"]: _describe(row) for row in rows if row["undone_in"] is None}
    slug = folded if name == "publishers" else make_slug(part)
    if not slug or not has_letter(part) or not slug.isascii():
        return {}
    names = {row["id"]: row["name"] for row in reader.fetch(f"names.match_{name}", part=slug)}
    return names if name == "publishers" else {one: names[one] for one in match_ids(part, names)}


def _describe(row: Any) -> str:
    """Say what an update or a quota is about."""
    if "event_date" in row.keys():  # noqa: SIM118  # The keys of a row of SQLite are not what it iterates over.
        return f"{row['event_date']}  {row['project']}"
    return str(row["name"])


def _match_name(reader: Reader, name: str, part: str) -> dict[str, str]:
    """Match the names of projects and places; a quota has that of its project."""
    match name:
        case "projects":
            return match_projects(reader, part)
        case "places":
            return match_places(reader, part)
        case "quotas" if slug := make_slug(part):
            return {row["id"]: row["name"] for row in reader.fetch("names.match_quotas", part=slug)}
    return {}


def _explain_ambiguous(text: str, found: Mapping[Found, str]) -> Ambiguous:
    """List what a text can mean, each as it can be typed."""
    lists = {name for name, _ in found}
    written = {
        f"{name.removesuffix('s')}/{key}" if len(lists) > 1 else key: shown
        for (name, key), shown in found.items()
    }
    advice = "write one of these" if len(lists) > 1 else "write more of the id"
    many = f"more than {_MOST}" if len(found) > _MOST else str(len(found))
    lines = tuple(f"{one}  {shown}" for one, shown in written.items())
    return Ambiguous(f"{quote(text)} can be any of {many} rows; {advice}", lines[:_MOST])


def _explain_missing(reader: Reader, lists: Sequence[str], part: str) -> NotFound:
    what = lists[0].removesuffix("s") if len(lists) == 1 else "row"
    near = [name for name in lists if name not in {"quotas", "kinds", "publishers"}]
    advice = "`nkplan show` and `nkplan search` find ids"
    return explain_missing(reader, what, part, near, advice=advice)


def read_row(reader: Reader, name: str, key: str) -> Any:
    """Read a row of a list; of the settings, which have no key, all."""
    if name == "settings":
        rows = reader.fetch("export.all_settings")
        return tuple(SettingRow(row["id"], row["value"]) for row in rows)
    row = reader.fetch(f"stored.{name}_by_key", keys=json.dumps([key])).fetchone()
    return make_row(name, row)


def list_former(reader: Reader, name: str, key: str) -> list[Former]:
    """List what a row said before, and what was under its id before it was recorded, the oldest first."""

    def read(content: str) -> Any:
        row = read_content(name, content)
        return (row,) if name == "settings" else row  # The settings are written together.

    return [
        Former(read(row["content"]), row["change_id"], row["command"], row["recorded"], row["recorded_by"])
        for row in reader.fetch("details.list_former", list=name, id=key)
    ]
