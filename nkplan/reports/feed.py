"""The latest changes on record, in sentences, for a feed. Who made them is not said."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from nkplan.layout.addresses import CHANGES, FOLDERS, name_page
from nkplan.layout.labels import Labels
from nkplan.layout.site import FeedEntry, Link
from nkplan.model.batch import Announcement, Project, Publisher, SettingRow, Source, Update
from nkplan.model.journal import Deed, Touched
from nkplan.model.promise import Quota
from nkplan.reports.claims import (
    describe_count,
    describe_figure,
    describe_period,
    describe_promise,
    name_counted,
)
from nkplan.reports.publishing import is_own_note
from nkplan.rows.written import list_differences
from nkplan.text import list_words, shorten, write_number

MOST_ENTRIES = 50
MOST_ROWS = 20
"""Of a change that touched more rows, only their number is said."""

_LONGEST_TITLE = 150
_LONGEST_VALUE = 200
_MOST_NAMES = 3

Titles = Mapping[tuple[str, str], str]
"""The title of each row that has a page, by its list and key."""


class RecordedChange(NamedTuple):
    """A change: how many rows it recorded by list, and if they are few, what it did to each."""

    uuid: str
    recorded: str
    command: str
    numbers: Mapping[str, int]
    touched: Sequence[Touched] = ()


class _Said(NamedTuple):
    """What is said of one row, with the rows whose pages show it, the first one most."""

    text: str
    what: str
    rows: tuple[tuple[str, str], ...] = ()


def make_entries(recorded: Iterable[RecordedChange], titles: Titles, labels: Labels) -> tuple[FeedEntry, ...]:
    """Make an entry for each of the latest changes that say anything to others.

    `recorded` has the last one first.
    """
    entries = (_make_entry(one, titles, labels) for one in recorded)
    return tuple(islice((one for one in entries if one is not None), MOST_ENTRIES))


def _make_entry(one: RecordedChange, titles: Titles, labels: Labels) -> FeedEntry | None:
    if not one.touched:
        if not one.numbers:
            return None
        said = [f"{number} {_name(list_, number)}" for list_, number in one.numbers.items()]
        text = f"Recorded {list_words(said)}"
        return FeedEntry(one.uuid, one.recorded, text, (text,), Link(CHANGES, "Changes"))
    is_undo = one.command == "undo"
    found = [said for touched in one.touched for said in _describe(touched, titles, labels, is_undo=is_undo)]
    if not found:
        return None
    rows = list(dict.fromkeys(row for said in found for row in said.rows if row in titles))
    links = [Link(name_page(list_, key), titles[list_, key]) for list_, key in rows]
    projects = [link for link in links if link.page.startswith(f"{FOLDERS['projects']}/")]
    first = projects if len(projects) == 1 else links
    return FeedEntry(
        one.uuid,
        one.recorded,
        shorten(_summarize(found, projects), _LONGEST_TITLE),
        tuple(said.text for said in found),
        first[0] if len(first) == 1 else Link(CHANGES, "Changes"),
        tuple(links),
    )


def _summarize(found: Sequence[_Said], projects: Sequence[Link]) -> str:
    if len(found) == 1:
        return found[0].text
    numbers = Counter(said.what for said in found)
    text = list_words([f"{number} {_name(what, number)}" for what, number in numbers.items()])
    names = [link.title for link in projects]
    more = ["others"] if len(names) > _MOST_NAMES else []
    return text + (f": {', '.join([*names[:_MOST_NAMES], *more])}" if names else "")


def _name(list_: str, number: int) -> str:
    return list_.removesuffix("s") if number == 1 else list_


def _describe(touched: Touched, titles: Titles, labels: Labels, *, is_undo: bool) -> Iterator[_Said]:
    """Say what was done to a row; nothing of what is the user's own, or was undone since."""
    row, list_ = touched.row, touched.list
    if isinstance(row, Update) and is_own_note(row):
        return
    rows = tuple(_list_rows(list_, touched.key, row))
    about = next((titles[one] for one in rows if one in titles), None)
    if touched.deed is Deed.UNDONE:
        yield _Said(
            f"Taken back: {_name(list_, 1)}{f' of {about}' if about else ''}", "rows taken back", rows
        )
    elif touched.deed is Deed.EDITED:
        name = about or f"{_name(list_, 1)} {touched.key}"
        fields = [
            f"{field.replace('_', ' ')} {_shorten(before)} > {_shorten(after)}"
            for field, before, after in _list_differences(touched)
            if field != "tags"
        ]
        if fields and is_undo:
            yield _Said(f"Taken back: a correction of {name}", "rows taken back", rows)
        elif fields:
            yield _Said(f"Corrected {name}: {'; '.join(fields)}", "corrections", rows)
    elif touched.undone_in is None:
        yield _Said(_write(list_, row, titles, labels), list_, rows)


def _list_differences(touched: Touched) -> list[tuple[str, str, str]]:
    before, after = touched.before, touched.row
    if touched.list == "settings":
        before, after = [(row,) if row is not None else () for row in (before, after)]
    return list_differences(touched.list, before, after)


def _shorten(value: str) -> str:
    return shorten(value, _LONGEST_VALUE) or "none"


def _list_rows(list_: str, key: str, row: Any) -> Iterator[tuple[str, str]]:
    """List the rows whose pages show a row."""
    match row:
        case Update() | Quota():
            yield "projects", row.project
            if row.announcement is not None:
                yield "announcements", row.announcement
            if isinstance(row, Update) and row.source is not None:
                yield "sources", row.source
        case _ if list_ in FOLDERS:
            yield list_, key


def _write(list_: str, row: Any, titles: Titles, labels: Labels) -> str:
    """Say what a row says, by name."""
    match row:
        case Update():
            return (
                f"{titles.get(('projects', row.project), row.project)}: {_write_claim(row, titles, labels)}"
            )
        case Quota():
            counted = name_counted(row.quantity == 1, row.unit, row.label)
            period = describe_period(row.per, row.first_year, row.last_year)
            stage = f", {row.promised_status.as_aim}" if row.promised_status else ""
            name = titles.get(("projects", row.project), row.project)
            return f"{name}: {row.quantity} {counted} promised {period}{stage}"
        case Announcement():
            return f"Announcement: {row.title}, {row.announced}"
        case Project():
            return f"New {row.type}: {row.name}"
        case Source():
            about = filter(None, (row.title or row.id, row.publisher, row.day))
            return f"Source: {', '.join(about)}"
        case Publisher():
            return f"Publisher: {row.name}"
        case SettingRow():
            return f"Setting: {row.id}"
    shown = row if isinstance(row, str) else getattr(row, "name", None) or getattr(row, "place", "")
    return f"{_name(list_, 1).capitalize()}: {shown}"


def _write_claim(update: Update, titles: Titles, labels: Labels) -> str:
    shown = {
        "count": "" if update.count is None else write_number(update.count),
        "of": "" if update.of is None else write_number(update.of),
        "unit": update.unit or "",
        "bound": update.bound or "",
        "status": update.status or "",
    }
    claimed = (
        describe_count(shown) or update.status,
        None if update.percent is None else f"{write_number(update.percent)}%",
        None if update.promised is None else describe_promise(update.promised, update.promised_status),
        *map(describe_figure, update.figures),
        None if update.withdrawn is None else f"withdrawn {update.withdrawn}",
    )
    known = (
        labels.name(update.evidence) if update.evidence else None,
        titles.get(("sources", update.source or ""), update.source) or "no source",
    )
    said = ", ".join(filter(None, claimed)) or "report"
    return f"{said}, {update.event_date} ({', '.join(filter(None, known))})"
