"""What the journal of changes says."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from nkplan.model.journal import Change, Deed, Touched
from nkplan.queries.names import (
    Candidates,
    explain_missing,
    find_source_by_url,
    match_others,
    match_places,
    match_project_ids,
    match_projects,
    only,
)
from nkplan.queries.reader import Reader
from nkplan.rows.table import KEYS, make_row, read_content
from nkplan.text import fold, has_letter, make_slug
from nkplan.validation import LISTS, key_of
from nkplan.values import looks_like_url, read_url

_AT_ONCE = 1000
"""How many rows are read at a time: a change can have a million."""


class Thing(NamedTuple):
    """A row of any list, on record or not."""

    list: str
    key: str


def has_record(reader: Reader) -> bool:
    """Return whether anything was ever recorded in a database, including the record shipped with nkplan."""
    return bool(reader.fetch("journal.has_record").fetchone()["holds"])


def read_change(reader: Reader, text: str) -> Change | None:
    """Read the change that a text is the number of, if there is one."""
    if not re.fullmatch(r"\s*[1-9][0-9]{0,17}\s*", text):
        return None
    row = reader.fetch("journal.find_change", change=int(text)).fetchone()
    return None if row is None else Change(**dict(row))


def list_changes(
    reader: Reader,
    changes: Iterable[int] | None = None,
    *,
    since: str | None = None,
    authors: Sequence[str] = (),
) -> Iterator[Change]:
    """Iterate over changes, the last first: of all or those with the given numbers.

    `since` is an instant as the journal has it; an author is found by any part of the name.
    """
    wanted = None if changes is None else json.dumps(sorted(changes))
    names = [fold(author) for author in authors]
    for row in reader.fetch("journal.list_changes", since=since, changes=wanted):
        if not names or any(name in fold(row["recorded_by"]) for name in names):
            yield Change(**dict(row))


def list_updates_from(reader: Reader, part: str, most: int) -> dict[str, str]:
    """List updates whose id begins with a part, each with its project, date and status."""
    rows = reader.fetch("journal.list_updates_from", first=part, last=part + "~", most=most)
    return {
        row["id"]: ", ".join(str(one) for one in (row["project"], row["event_date"], row["status"]) if one)
        for row in rows
    }


def list_authors(reader: Reader) -> list[str]:
    """List those who recorded something."""
    return sorted({change.recorded_by for change in list_changes(reader)})


def find_thing(reader: Reader, text: str) -> Thing:
    """Find the row of any list that is meant, active or not: by its id, a former one, part of it, or a name.

    A whole id comes first, then what is on record, as in `nkplan show`. A link means its source, `LIST/ID` a
    row of that list, and `settings` all of these. Raises NotFound and Ambiguous.
    """
    typed = text.strip().casefold()
    if typed == "settings":
        return Thing(typed, "")
    if looks_like_url(text) and (source := _find_source(reader, text)) is not None:
        return Thing("sources", source)
    list_, slash, id_ = typed.partition("/")
    lists = [name for name in LISTS if slash and list_ in {name, name.removesuffix("s")}]
    named = reader.fetch("journal.whole_rows", id=id_ if lists else typed)
    whole = [Thing(row["list"], row["key"]) for row in named if row["list"] in (lists or LISTS)]
    if whole:
        return min(whole, key=lambda one: _ORDER.index(one.list))
    if lists:
        raise explain_missing(reader, list_.removesuffix("s"), id_, (), advice="write its whole id")
    part = make_slug(text) if has_letter(text) else ""
    matches: tuple[tuple[str, str, Candidates], ...] = (
        ("projects", "project", match_project_ids(reader, text)),
        ("announcements", "announcement", match_others(reader, "announcements", text)),
        ("places", "place", match_places(reader, text)),
        ("sources", "source", match_others(reader, "sources", text)),
        ("projects", "project", match_projects(reader, text)),
    )
    for list_, what, found in matches:
        if found:
            return Thing(list_, only(text, what, found))
    rows = reader.fetch("journal.match_rows", part=part).fetchall() if part else []
    if rows:
        by_key = {f"{row['key']}": row["list"] for row in rows}
        key = only(text, "row", {key: list_.removesuffix("s") for key, list_ in by_key.items()})
        return Thing(by_key[key], key)
    what = "project, update, source or other row"
    advice = "`nkplan log` lists the changes, `nkplan list` the sites"
    raise explain_missing(reader, what, text, _NEAR, advice=advice)


def _find_source(reader: Reader, link: str) -> str | None:
    """Find the source that has a link."""
    try:
        return find_source_by_url(reader, read_url(link))
    except ValueError:
        return None


_NEAR = ("projects", "announcements", "places", "sources")
_ORDER = (*_NEAR, *(name for name in reversed(LISTS) if name not in _NEAR))


def list_changes_of(reader: Reader, thing: Thing) -> set[int]:
    """List the changes that did something to a row, or to an update or quota of a project."""
    changes: set[int] = set()
    names = {thing.key}
    for row in reader.fetch("journal.list_rows_about", list=thing.list, key=thing.key).fetchall():
        changes |= {row["change_id"], row["undone_in"]} - {None}
        # A retraction of a project is one of its updates, too.
        names |= {row["key"], *_list_project(reader, row["list"], row["key"])}
        for former in reader.fetch("journal.list_former_changes", list=row["list"], key=row["key"]):
            changes.add(former["change_id"])
            names |= {former["former"]} - {None}
    for row in reader.fetch("journal.list_reversals"):
        whole = _list_reversed(reader, row["id"])
        # What was retracted and put back is named only in the words of the journal.
        is_named = not names.isdisjoint(_list_words(row["summary"]))
        if row["undoes"] in changes or not changes.isdisjoint(whole) or is_named:
            changes.add(row["id"])
    return changes


def _list_project(reader: Reader, list_: str, key: str) -> list[str]:
    if list_ != "updates":
        return []
    row = reader.fetch("names.whole_row", id=key).fetchone()
    return [] if row is None else [row["project"]]


def _list_reversed(reader: Reader, reversal: int) -> list[int]:
    """List the whole changes that an undo or redo undid or recorded again."""
    return [row["id"] for row in reader.fetch("journal.list_reversed_changes", reversal=reversal)]


def _list_words(summary: str) -> list[str]:
    """List the ids that a retraction, or what puts its rows back, names in its summary."""
    parts = [part for part in summary.split("; ") if part.startswith(("retracted ", "put back "))]
    return ", ".join(parts).replace(",", " ").split()


def list_touched(reader: Reader, change: Change) -> Iterator[Touched]:
    """Iterate over what a change did, row by row, in the order of the lists of a file."""
    if change.command in {"undo", "redo"}:
        for recorder in _list_reversed(reader, change.id):
            yield from _list_recorded(reader, change, recorder)
        yield from _list_retracted(reader, change)
    else:
        yield from _list_recorded(reader, change, change.id)
        taken = [row["key"] for row in reader.fetch("journal.list_settings_taken", change=change.id)]
        for row, _ in _fetch(reader, "settings", taken):
            yield Touched(list="settings", key=key_of(row), deed=Deed.UNDONE, row=row)
    for row in reader.fetch("journal.list_content_of_change", change=change.id).fetchall():
        name, key = row["list"], row["key"]
        found = _fetch(reader, name, [key])
        if not found or (found[0][1] == change.id):
            continue  # The key of an undone row was used again, which is no edit.
        after = found[0][0] if row["next"] is None else read_content(name, row["next"])
        before = read_content(name, row["content"])
        if before == after:
            # A setting that the change which this undoes had taken away.
            yield Touched(list=name, key=key, deed=Deed.PUT_BACK, row=after)
            continue
        yield Touched(list=name, key=key, deed=Deed.EDITED, row=after, before=before)


def _list_recorded(reader: Reader, change: Change, recorder: int) -> Iterator[Touched]:
    """Iterate over the rows of a change: as it recorded them, or as a later one undid or put them back."""
    deed = (
        Deed.RECORDED if recorder == change.id else Deed.UNDONE if change.command == "undo" else Deed.PUT_BACK
    )
    rows = reader.fetch("journal.list_all_rows_of_change", change=recorder)
    undone: dict[str, dict[str, int | None]] = defaultdict(dict)
    for row in rows:
        # What was retracted before has not been undone with the rest.
        if deed is Deed.RECORDED or row["undone_in"] is None or row["undone_in"] >= change.id:
            undone[row["list"]][row["key"]] = row["undone_in"]
    for name in LISTS:
        for row, _ in _fetch_all(reader, name, undone[name]):
            key = key_of(row)
            later = undone[name][key]
            yield Touched(
                list=name,
                key=key,
                deed=deed,
                row=row,
                undone_in=None if later == change.id else later,
            )


def _list_retracted(reader: Reader, change: Change) -> Iterator[Touched]:
    """Iterate over the rows that were retracted or put back by name."""
    keys: dict[str, list[str]] = defaultdict(list)
    if change.command == "undo":
        for row in reader.fetch("journal.list_rows_retracted", undo=change.id):
            keys[row["list"]].append(row["key"])
    if not keys:
        for word in _list_words(change.summary):
            for row in reader.fetch("names.whole_row", id=word):
                keys[row["list"]].append(row["id"])
    deed = Deed.UNDONE if change.command == "undo" else Deed.PUT_BACK
    for name in LISTS:
        for key, (row, _) in zip(
            sorted(keys[name]), _fetch_all(reader, name, sorted(keys[name])), strict=True
        ):
            yield Touched(list=name, key=key, deed=deed, row=row)


def _fetch_all(reader: Reader, name: str, keys: Iterable[str]) -> Iterator[tuple[Any, int]]:
    rest = iter(sorted(keys))
    while some := list(islice(rest, _AT_ONCE)):
        yield from _fetch(reader, name, some)


def _fetch(reader: Reader, name: str, keys: Sequence[str]) -> list[tuple[Any, int]]:
    """Fetch rows by key, active or not, each with the change that recorded it, in the order of their keys."""
    rows = reader.fetch(f"stored.{name}_by_key", keys=json.dumps(list(keys))).fetchall()
    by_key = {row[KEYS[name]]: row for row in rows}
    return [(make_row(name, by_key[key]), by_key[key]["change_id"]) for key in keys if key in by_key]
