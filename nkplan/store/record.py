"""Taking in a batch: whole or not at all."""

import json
import secrets
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from nkplan.database import VERSION
from nkplan.dates import find_effective_day, find_known_day, parse_date
from nkplan.errors import BadFile
from nkplan.model.batch import Announcement, Batch, Fault, Place, Project, Source, Update
from nkplan.model.promise import Quota
from nkplan.model.state import State
from nkplan.model.vocabulary import ProjectType
from nkplan.rows.state import read_state
from nkplan.rows.table import list_columns, make_row, write_content
from nkplan.store.migrations import mark_migrated
from nkplan.store.transaction import Recorder, add_change, fetch, fetch_by_keys, run, run_by_keys, writing
from nkplan.text import fold
from nkplan.validation import (
    LISTS,
    RowState,
    StoredRow,
    Validation,
    find_province,
    key_of,
    list_references,
    validate,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A project whose updates changed, with its state before and after."""

    project: str
    name: str
    before: State
    after: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a batch brought: the `new` rows, how many were there already, and the projects it moved.

    Of a long file the updates are in `numbers` alone, which counts the new rows of each list, and `moves` has
    some of the projects that `moved`.
    """

    new: Batch
    numbers: Counter[str]
    same: Counter[str] = field(default_factory=Counter)
    retracted: Counter[str] = field(default_factory=Counter)
    moves: tuple[Move, ...] = ()
    moved: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether everything was there already, so that nothing was written."""
        return not self.numbers.total()


def make_update_id(now: datetime) -> str:
    """Make the id of an update recorded now: a UUID of version 7, which sorts by time."""
    milliseconds = int(now.timestamp() * 1000)
    bits = milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=bits))


def create_database(
    path: Path,
    batches: Sequence[Batch],
    recorder: Recorder,
    *,
    summary: str = "the record that comes with nkplan",
) -> Recorded | None:
    """Make the database and take in the batches that every new one starts with, in one transaction.

    Gives None where another process has made it in the meantime.
    """
    with writing(path, create=True) as database:
        if database.conn.execute("PRAGMA user_version").fetchone() == (VERSION,):
            return None
        run(database, "schema")
        mark_migrated(database, recorder.now)
        change = add_change(database, "first run", recorder, summary)
        recorded = [_record(database, batch, change) for batch in batches]
        index(database, change)
    return recorded[-1]


def record(
    path: Path, batch: Batch, command: str, recorder: Recorder, *, summary: str, dry_run: bool = False
) -> Recorded:
    """Take in a batch as one change, with a row in the journal, or not at all.

    Where all of it is there already nothing is written, the journal included. Raises BadFile with every
    fault, Unusable and NotOurs.
    """
    return record_made(path, lambda: (batch, summary), command, recorder, dry_run=dry_run)


def record_made(
    path: Path,
    make: Callable[[], tuple[Batch, str]],
    command: str,
    recorder: Recorder,
    *,
    dry_run: bool = False,
) -> Recorded:
    """Take in a batch as `record` does, made with its summary by a function that may read the database.

    No other writer comes between its reading and the writing.
    """
    with writing(path, dry_run=dry_run) as database:
        batch, summary = make()
        validation = _validate(database, batch)
        nothing = Recorded(
            new=validation.new,
            numbers=_count_new(validation),
            same=validation.same,
            retracted=validation.retracted,
        )
        if nothing.is_empty:
            return nothing
        change = add_change(database, command, recorder, summary)
        recorded = write(database, validation, change)
        index(database, change)
    return recorded


def _record(database: Database, batch: Batch, change: int) -> Recorded:
    return write(database, _validate(database, batch), change)


def _validate(database: Database, batch: Batch) -> Validation:
    validation = validate(batch, fetch_stored(database, batch))
    refuse(validation.faults, validation.more_faults)
    return validation


def refuse(faults: Sequence[Fault], more: int = 0) -> None:
    """Raise BadFile with the first faults of a file and the number of those that follow, if there are any."""
    if not faults:
        return
    number = len(faults) + more
    lines = [str(fault) for fault in faults]
    if more:
        lines.append(f"and {more} more; mend these, and load the file again to see what is left")
    count = "1 fault" if number == 1 else f"{number} faults"
    raise BadFile(f"{count}, so nothing was written", tuple(lines))


def _count_new(validation: Validation) -> Counter[str]:
    return Counter({name: len(getattr(validation.new, name)) for name in LISTS})


def fetch_stored(database: Database, batch: Batch) -> dict[str, dict[str, StoredRow]]:
    """Fetch every stored row that a batch names, or has the key of."""
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for name in LISTS:
        for row in getattr(batch, name):
            # Quotas are fetched by their projects, for they have no id of their own.
            keys[name].add(row.project if isinstance(row, Quota) else key_of(row))
            for reference in list_references(row):
                keys[reference.list].add(reference.id)
    stored: dict[str, dict[str, StoredRow]] = {name: {} for name in LISTS}
    for name in LISTS:
        fetch_into(stored[name], database, name, keys[name])
    # A programme has one cohort a year: the one that stands is needed where another is to be added.
    if years := list_years(batch.projects):
        cohorts = [row["id"] for row in fetch(database, "stored_cohorts", years=years)]
        fetch_into(stored["projects"], database, "projects", cohorts)
    # A place's parents are needed to the outermost, to see that none lies within itself.
    while further := {there.row.parent for there in stored["places"].values()} - {None, *stored["places"]}:
        fetch_into(stored["places"], database, "places", further)
    return stored


def list_years(projects: Iterable[Project]) -> str:
    """Give the pairs of a programme and a year that projects are cohorts of, as JSON; empty without any."""
    years = {
        (one.parent, one.year)
        for one in projects
        if one.type is ProjectType.COHORT and one.parent is not None and one.year is not None
    }
    return json.dumps(sorted(years)) if years else ""


def fetch_into(there: dict[str, StoredRow], database: Database, name: str, keys: Iterable[str]) -> None:
    """Fetch the stored rows of a list that have some keys into a dictionary."""
    for row in fetch_by_keys(database, f"stored_{name}", "keys", keys):
        made = make_row(name, row)
        there[key_of(made)] = StoredRow(made, RowState(row["row_state"]))


def write(database: Database, validation: Validation, change: int) -> Recorded:
    """Write what was admitted, in the change of that number, and judge the states that it can change."""
    new = validation.new
    touched = _list_touched(database, new)
    before = fetch_states(database, touched)
    outer = _list_outer(database, new.places) if new.places else {}
    write_rows(database, new, validation.replacing, change, outer)
    return Recorded(
        new=new,
        numbers=_count_new(validation),
        same=validation.same,
        retracted=validation.retracted,
        moves=(moves := judge_again(database, touched, before)),
        moved=len(moves),
    )


def write_rows(
    database: Database,
    new: Batch,
    replacing: Mapping[str, frozenset[str]],
    change: int,
    outer: Mapping[str, str | None],
) -> None:
    """Write rows, of which those in `replacing` take the key of an undone one.

    `outer` has the parent of each new place, of that, and so on.
    """
    for name in LISTS:
        rows = getattr(new, name)
        undone = replacing.get(name, frozenset())
        if undone:
            keep_replaced(database, name, rows, undone, change)
        if name == "places":
            _insert_places(database, new.places, change, outer, _choose_verb(undone))
        elif name in _DATED:
            _insert_dated(database, name, rows, change, _choose_verb(undone))
        else:
            _insert(database, name, rows, change, _choose_verb(undone))
        if name == "sources":
            _date_again(database, new.sources)
        if name == "announcements":
            _insert_details(database, new.announcements)


def _list_outer(database: Database, places: Iterable[Place]) -> dict[str, str | None]:
    outer = {row["id"]: row["parent"] for row in fetch(database, "place_parents")}
    return outer | {place.id: place.parent for place in places}


def index(database: Database, change: int) -> None:
    """Keep what can be searched for of the rows that a change brought, once all of them are there."""
    run(database, "index_change", change=change)


def _choose_verb(undone: frozenset[str]) -> str:
    """Give the verb that inserts rows, some of which may replace undone ones.

    For each row that may be replaced SQLite copies every page that it changes; where none is, it need not.
    """
    return "INSERT OR REPLACE" if undone else "INSERT"


def _insert(database: Database, name: str, rows: Sequence[Any], change: int, verb: str) -> None:
    _insert_all(database, name, ({**list_columns(row), "change_id": change} for row in rows), verb)


def _insert_all(database: Database, name: str, rows: Iterable[Mapping[str, Any]], verb: str) -> None:
    """Insert rows that have all the same columns, with one statement prepared once."""
    coming = iter(rows)
    first = next(coming, None)
    if first is None:
        return
    columns = ", ".join(first)
    places = ", ".join("?" * len(first))
    database.conn.executemany(
        f"{verb} INTO {name} ({columns}) VALUES ({places})",
        (tuple(row.values()) for row in chain([first], coming)),
    )


_DATED = {"announcements": "announced", "updates": "event_date"}
"""The tables whose rows have a day by which they had happened and one by which they were known."""


def _insert_dated(database: Database, name: str, rows: Sequence[Any], change: int, verb: str) -> None:
    sources = {row.source for row in rows if row.source is not None}
    published = {
        row["id"]: row["published"] for row in fetch_by_keys(database, "stored_sources", "keys", sources)
    }
    _insert_all(
        database,
        name,
        (
            {
                **list_columns(row),
                **find_days(getattr(row, _DATED[name]), published.get(row.source)),
                **_find_rank(row),
                "change_id": change,
            }
            for row in rows
        ),
        verb,
    )


def _find_rank(row: Any) -> Mapping[str, int | None]:
    if not isinstance(row, Update):
        return {}
    return {"rank": None if row.status is None else row.status.rank}


@lru_cache(maxsize=20_000)
def find_days(event: str, published: str | None) -> Mapping[str, str]:
    """Give the columns that follow from the dates of an event and its source."""
    happened, told = parse_date(event), parse_date(published) if published else None
    return {
        "settled": find_effective_day(happened, told).isoformat(),
        "known": find_known_day(happened, told).isoformat(),
    }


def _date_again(database: Database, sources: Sequence[Source]) -> None:
    """Renew what follows from the dates of sources, in the rows that cite them already."""
    published = {source.id: source.published for source in sources}
    for name in _DATED:
        for row in list(fetch_by_keys(database, f"{name}_citing", "sources", published)):
            run(
                database,
                f"date_{name}",
                id=row["id"],
                **find_days(row["event_date"], published[row["source"]]),
            )


def _insert_places(
    database: Database, places: Sequence[Place], change: int, outer: Mapping[str, str | None], verb: str
) -> None:
    if not places:
        return
    _insert_all(
        database,
        "places",
        (
            {**list_columns(place), "province": find_province(place.id, outer), "change_id": change}
            for place in places
        ),
        verb,
    )
    for place in places:
        database.table("place_names").delete_where("place = ?", [place.id])
    database.table("place_names").insert_all(
        {"place": place.id, "name": name, "folded": fold(name)}
        for place in places
        for name in list_names(place)
    )


def list_names(place: Place) -> list[str]:
    """List every spelling of a place's name, each once."""
    own = (place.name, place.full_name, place.local_name)
    return list(dict.fromkeys(name for name in (*own, *place.names) if name))


def _insert_details(database: Database, announcements: Sequence[Announcement]) -> None:
    for one in announcements:
        database.table("announcement_details").delete_where("announcement = ?", [one.id])
        database.table("announcement_figures").delete_where("announcement = ?", [one.id])
        database.table("announcement_details").insert_all(
            {"announcement": one.id, "part": part, "position": position, "text": text}
            for part, texts in (("term", one.terms), ("context", one.context))
            for position, text in enumerate(texts, 1)
        )
        database.table("announcement_figures").insert_all(
            {"announcement": one.id, "position": position, **_write_figure(figure)}
            for position, figure in enumerate(one.figures, 1)
        )


def _write_figure(figure: Any) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in ("item", "value", "unit", "year", "source", "note")}


def keep_replaced(
    database: Database, name: str, rows: Iterable[Any], undone: frozenset[str], change: int
) -> None:
    """Keep what an undone row said whose key is taken by other content."""
    new = {key_of(row): row for row in rows}
    keys = [new[key].project if isinstance(new[key], Quota) else key for key in undone]
    for row in list(fetch_by_keys(database, f"stored_{name}", "keys", keys)):
        was = make_row(name, row)
        if key_of(was) in undone and was != new[key_of(was)]:
            database.table("replaced_rows").insert(
                {"list": name, "id": key_of(was), "content": write_content(was), "replaced_in": change}
            )


def _list_touched(database: Database, new: Batch) -> list[str]:
    """List the projects whose state a batch can change: those it updates, and those that cite its sources."""
    touched = {update.project for update in new.updates}
    sources = [source.id for source in new.sources]
    touched |= {row["project"] for row in fetch_by_keys(database, "projects_citing", "sources", sources)}
    return sorted(touched)


def fetch_states(database: Database, projects: Sequence[str]) -> dict[str, State]:
    """Fetch the kept states of projects."""
    return {row["id"]: read_state(row) for row in fetch_by_keys(database, "states", "projects", projects)}


def judge_again(database: Database, projects: Sequence[str], before: Mapping[str, State]) -> tuple[Move, ...]:
    """Judge the states of projects from their standing updates, keep them, and say what moved."""
    run_by_keys(database, "keep_states", "projects", projects)
    after = fetch_states(database, projects)
    names = {row["id"]: row["name"] for row in fetch_by_keys(database, "states", "projects", projects)}
    return tuple(_list_moves(projects, names, before, after))


def _list_moves(
    projects: Sequence[str],
    names: Mapping[str, str],
    before: Mapping[str, State],
    after: Mapping[str, State],
) -> Iterator[Move]:
    for project in projects:
        yield Move(
            project=project,
            name=names[project],
            before=before.get(project, State()),
            after=after[project],
        )
