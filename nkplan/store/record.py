"""Record a batch: all of it or nothing."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice, repeat
from operator import attrgetter
from pathlib import Path
from sqlite3 import Connection
from typing import Any, NamedTuple

from nkplan.dates import find_effective_day, find_known_day, parse_date
from nkplan.errors import BadFile, BadInput, Unusable
from nkplan.links import find_page
from nkplan.model.batch import Announcement, Batch, Place, Project, Source, Update
from nkplan.model.faults import MOST_FAULTS, Fault, Faults, Origin
from nkplan.model.state import State
from nkplan.model.vocabulary import ProjectType
from nkplan.rows.state import read_state
from nkplan.rows.table import (
    COLUMNS,
    DATES,
    FOLDED,
    list_columns,
    make_row,
    read_content,
    with_key,
    write_content,
)
from nkplan.sql import read_sql
from nkplan.store.spelling import Spelling
from nkplan.store.states import judge_touched
from nkplan.store.texts import index_change
from nkplan.store.transaction import Recorder, add_change, execute, fetch_by_keys, fetch_rows, writing
from nkplan.text import fold, fold_id
from nkplan.validation import (
    LISTS,
    Incoming,
    RowState,
    Stored,
    StoredRow,
    Validation,
    describe,
    find_repeated,
    key_of,
    list_links,
    list_named_ids,
    validate,
)

CHUNK_SIZE = 5_000
"""How many updates are checked and written at a time, and so are in memory together."""

# Random ids are scattered over an index, whose pages for a million updates have to fit the cache (in KiB).
CACHE = 128 * 1024
_TEMPORARY_CACHE = 16 * 1024

ReportProgress = Callable[[str, float | None], None]
"""Called with what is being done and, if known, the share of it that is done, from 0 to 1."""


class StateChange(NamedTuple):
    """A project whose updates changed, with its state before and after."""

    project: str
    name: str
    before: State
    after: State


class Amended(NamedTuple):
    """A row on record that a file corrected: its list, what it said and what it says."""

    list: str
    before: Any
    after: Any


Rewrite = Callable[[Connection, int, Mapping[str, Mapping[str, Any]]], None]
"""Gives stored rows, by list and key, other content in a change: `rewriting.rewrite`."""


class Edition(NamedTuple):
    """How a later edition of a file is recorded.

    With `rewrite`, the rows that it changed are corrections; without, they are faults. If there are others
    than those `expected`, which somebody agreed to, nothing is recorded. `lists_gone` asks which rows of its
    data set it no longer has.
    """

    rewrite: Rewrite | None = None
    expected: "tuple[Amended, ...] | None" = None
    lists_gone: bool = False


FIRST = Edition()
"""The first edition of a file: no row on record is to be corrected."""


class Recorded(NamedTuple):
    """What a batch added: the `new` rows, how many were stored already, and the projects whose state changed.

    `numbers` counts the new rows of each list; for a long file `new` has only the first updates. `changed` is
    the number of projects whose state changed; `state_changes` has the first of them. `amended` are the rows
    that it corrected, `gone` those of its data set that it does not have. `others` counts those that it
    corrected but that are of another data set than its own `data_set`, by data set, or of none; `kept` are
    the settings of others that it would change.
    """

    new: Batch
    numbers: Counter[str]
    same: Counter[str]
    retracted: Counter[str]
    state_changes: tuple[StateChange, ...] = ()
    changed: int = 0
    amended: tuple[Amended, ...] = ()
    gone: tuple[Any, ...] = ()
    data_set: str | None = None
    others: tuple[tuple[str | None, int], ...] = ()
    kept: tuple[Amended, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything was stored already, so that nothing was written."""
        return not (self.numbers.total() or self.amended)


def record(
    path: Path,
    batch: Batch,
    command: str,
    recorder: Recorder,
    *,
    summary: str,
    dry_run: bool = False,
    most_changes: int | None = None,
    report_progress: ReportProgress = lambda what, share: None,
    chunk_size: int = CHUNK_SIZE,
    edition: Edition = FIRST,
) -> Recorded:
    """Record a batch as one change with a row in the journal: all of it or nothing.

    With `most_changes`, at most that many of the projects whose states changed are returned; without, every
    project whose state the batch can have changed. Updates are checked and written `chunk_size` at a time. If
    every row is stored already, nothing is written, not even to the journal. Raises BadFile with every fault,
    Unusable and ForeignDatabase.
    """
    return record_made(
        path,
        lambda: (batch, summary),
        command,
        recorder,
        dry_run=dry_run,
        most_changes=most_changes,
        report_progress=report_progress,
        chunk_size=chunk_size,
        edition=edition,
    )


def record_made(
    path: Path,
    make: Callable[[], tuple[Batch, str]],
    command: str,
    recorder: Recorder,
    *,
    dry_run: bool = False,
    most_changes: int | None = None,
    report_progress: ReportProgress = lambda what, share: None,
    chunk_size: int = CHUNK_SIZE,
    edition: Edition = FIRST,
) -> Recorded:
    """Record a batch as `record` does; `make` returns it with its summary, and may read the database.

    No other program can write between that reading and the writing.
    """
    with writing(path, dry_run=dry_run) as connection:
        batch, summary = make()
        recording = Recording(
            connection,
            lambda: add_change(connection, command, recorder, summary, data_set=batch.data_set),
            edition,
        )
        recording.record_all(batch, report_progress, chunk_size)
        if recording.change is None:
            return recording.recorded
        if edition.expected is not None and recording.recorded.amended != edition.expected:
            raise Unusable(
                "the file or the record has changed in the meantime; nothing was recorded", "run it again"
            )
        finish(connection, recording.change, report_progress)
        _read_back(connection, recording.recorded, recording.change)
        state_changes, changed = list_state_changes(connection, most_changes)
        return recording.recorded._replace(state_changes=state_changes, changed=changed)


_MOST_READ_BACK = 200
"""How many new rows of each list are read again."""

DIFFERENT = (
    "the database does not give back what was written to it, and nothing was recorded; see nkplan check, or"
    " restore a backup"
)
"""What is said of a write that would be acknowledged falsely."""


def _read_back(connection: Connection, recorded: Recorded, change: int) -> None:
    """Read again what is to be acknowledged: the number of new rows, and the rows, of many the first.

    Something between the program and the file may have stored less than it was given, or something else.
    Raises Unusable.
    """
    amended: defaultdict[str, list[Any]] = defaultdict(list)
    for one in recorded.amended:
        amended[one.list].append(one.after)
    some: dict[str, Any] = {
        name: (*getattr(recorded.new, name)[:_MOST_READ_BACK], *amended[name][:_MOST_READ_BACK])
        for name in LISTS
    }
    first = Batch(**some)
    again = validate(first, fetch_stored(connection, first, {}))
    given = Counter({name: len(getattr(first, name)) for name in LISTS})
    rows = fetch_rows(connection, "journal.count_rows_of_change", change=change)
    numbers = {row["list"]: row["number"] for row in rows}
    if again.same - again.retracted != +given or numbers != dict(+recorded.numbers):
        raise Unusable(DIFFERENT)


def finish(
    connection: Connection, change: int, report_progress: ReportProgress = lambda what, share: None
) -> None:
    """Judge again the states that a change can move, and index the texts of its rows for search."""
    report_progress("judging", None)
    execute(connection, "writing.touch_change", change=change)
    judge_touched(connection)
    report_progress("indexing", None)
    index_change(connection, change)


class Recording:
    """Writes the rows of one change; once a fault is found, it only looks for more faults."""

    def __init__(
        self, connection: Connection, open_change: Callable[[], int], edition: Edition = FIRST
    ) -> None:
        self.change: int | None = None
        self._edition = edition
        self._amended: list[Amended] = []
        self._reclassed: set[str] = set()
        self._differing = 0
        self._keys: defaultdict[str, set[str]] = defaultdict(set)
        self._gone: tuple[Any, ...] = ()
        self._data_set: str | None = None
        self._others: Counter[str | None] = Counter()
        self._kept: list[Amended] = []
        self._connection = connection
        self._open_change = open_change
        self._spelling = Spelling(connection)
        self._faults = Faults()
        self._new = Batch()
        self._numbers: Counter[str] = Counter()
        self._same: Counter[str] = Counter()
        self._retracted: Counter[str] = Counter()

    @property
    def recorded(self) -> Recorded:
        """What has been recorded, without the projects whose state changed."""
        return Recorded(
            new=self._new,
            numbers=self._numbers,
            same=self._same,
            retracted=self._retracted,
            amended=tuple(self._amended),
            gone=self._gone,
            data_set=self._data_set,
            others=tuple(sorted(self._others.items(), key=lambda one: one[0] or "")),
            kept=tuple(self._kept),
        )

    def record_all(
        self,
        batch: Batch,
        report_progress: ReportProgress = lambda what, share: None,
        chunk_size: int = CHUNK_SIZE,
    ) -> None:
        """Record a batch, its updates in chunks. Raises BadFile with every fault."""
        self._data_set = batch.data_set
        number = len(batch.updates) + len(batch.stream)
        if len(batch.stream) > chunk_size:
            # A file that is in memory as a whole leaves no room for a larger cache.
            self._connection.execute(f"PRAGMA cache_size = -{CACHE}")
        report_progress("writing", 0.0)
        rest = self._take(self._spelling.respell(batch._replace(updates=(), stream=())))
        self._new = rest.new
        incoming = {name: rows for name, rows in rest.incoming.items() if name != "updates"}
        ids = _Ids(self._connection) if number > chunk_size else None
        updates = self._list_updates(batch)
        done = 0
        while chunk := self._spelling.respell_updates(list(islice(updates, chunk_size))):
            firsts = chunk if ids is None else ids.take(chunk)
            taken = self._take(
                Batch(updates=tuple(firsts), faulty_ids=batch.faulty_ids, typed=batch.typed), incoming
            )
            if not done:
                self._new = self._new._replace(updates=taken.new.updates)
            done += len(chunk)
            report_progress("writing", done / number)
        if ids is not None and (repeated := ids.list_repeated(self._list_again(batch))):
            stored = fetch_stored(self._connection, Batch(updates=repeated), incoming)
            self._faults.add_all(find_repeated(repeated, stored, incoming), ids.more)
        self._check_dependents()
        _refuse(self._faults, self._differing if not batch.typed and self._edition.rewrite is None else 0)
        if self._edition.lists_gone:
            self._gone = self._list_gone(batch.data_set)

    def _list_updates(self, batch: Batch) -> Iterator[Update]:
        """Iterate over the updates of a batch, and collect the faults of those that are faulty."""
        for row in chain(batch.updates, batch.stream):
            if isinstance(row, Fault):
                self._faults.add(row)
            else:
                yield row

    def _list_again(self, batch: Batch) -> Iterator[Update]:
        """Read the updates of a batch again, as they were recorded."""
        for row in chain(batch.updates, batch.stream):
            if isinstance(row, Update):
                yield from self._spelling.respell_updates([row])

    def _take(self, batch: Batch, incoming: Incoming | None = None) -> Validation:
        stored = fetch_stored(self._connection, batch, incoming or {})
        amend = self._edition.rewrite is not None
        validation = validate(batch, stored, incoming, amend=amend, reclassed=self._reclassed)
        self._faults.add_all(validation.faults, validation.more_faults)
        self._same += validation.same
        self._retracted += validation.retracted
        numbers = Counter({name: len(getattr(validation.new, name)) for name in LISTS})
        self._numbers += numbers
        amended = validation.amended if not amend else self._find_others(validation.amended, stored)
        self._differing += sum(map(len, amended.values()))
        if self._edition.lists_gone:
            for name in LISTS:
                self._keys[name].update(validation.incoming[name])
        if (numbers.total() or amended) and not self._faults.number:
            if self.change is None:
                self.change = self._open_change()
            sources = {id_: there.row for id_, there in stored["sources"].items()}
            for rows in (incoming or {}, validation.incoming):
                sources |= rows.get("sources", {})
            cohorts = [one for one in validation.new.projects if one.type is ProjectType.COHORT]
            _write_rows(self._connection, validation, self.change, sources, without_years=bool(amended))
            self._amend(amended, stored)
            if amended:
                # The year of a new cohort may be that which another had until it was amended.
                years = ({"project": one.id, "year": one.year} for one in cohorts)
                self._connection.executemany(read_sql("writing.set_year"), years)
        return validation

    def _find_others(
        self, amended: Mapping[str, Mapping[str, Any]], stored: Stored
    ) -> Mapping[str, Mapping[str, Any]]:
        """Count the corrections of rows of other data sets, and leave out the settings among them.

        A record that takes in another data set is still about what it was about, in its own words.
        """
        if self._data_set is None:
            return amended
        taken: dict[str, dict[str, Any]] = {}
        for name, rows in amended.items():
            found = fetch_by_keys(self._connection, "stored.data_sets_of_rows", "keys", rows, list=name)
            others = {row["key"]: row["data_set"] for row in found if row["data_set"] != self._data_set}
            if name == "settings":
                self._kept += [
                    Amended(name, stored[name][key].row, row) for key, row in rows.items() if key in others
                ]
            else:
                self._others.update(others.values())
            left = {key: row for key, row in rows.items() if name != "settings" or key not in others}
            if left:
                taken[name] = left
        return taken

    def _amend(self, amended: Mapping[str, Mapping[str, Any]], stored: Stored) -> None:
        """Give the rows that a later edition changed the content that they have there."""
        if not amended or self._edition.rewrite is None or self.change is None:
            return
        self._edition.rewrite(self._connection, self.change, amended)
        self._amended += (
            Amended(name, stored[name][key].row, row)
            for name in LISTS
            for key, row in amended.get(name, {}).items()
        )
        self._reclassed.update(
            key
            for key, row in amended.get("sources", {}).items()
            if row.evidence != stored["sources"][key].row.evidence
        )

    def _check_dependents(self) -> None:
        """Find rows on record that no longer fit the projects that they name, because these were amended."""
        keys: defaultdict[str, list[str]] = defaultdict(list)
        for one in self._amended:
            if one.list == "projects":
                found = fetch_rows(self._connection, "stored.dependent_on_project", project=one.after.id)
                for row in found:
                    keys[row["list"]].append(row["key"])
        if keys:
            rows: dict[str, Any] = {
                name: tuple(
                    made._replace(origin=Origin(f"{describe(made)}, on record"))
                    for row in fetch_by_keys(self._connection, f"stored.{name}_by_key", "keys", of_list)
                    for made in [make_row(name, row)]
                )
                for name, of_list in keys.items()
            }
            dependents = Batch(**rows)
            validation = validate(dependents, fetch_stored(self._connection, dependents, {}))
            self._faults.add_all(validation.faults, validation.more_faults)

    def _list_gone(self, data_set: str | None) -> tuple[Any, ...]:
        """List the active rows of a data set that the file does not have. Raises BadInput without one."""
        if data_set is None:
            raise BadInput("--gone: the file does not say which data set it is, in a field data_set; add it")
        gone: list[Any] = []
        found = fetch_rows(self._connection, "stored.rows_of_data_set", data_set=data_set)
        for name in LISTS:
            keys = [row["key"] for row in found if row["list"] == name and row["key"] not in self._keys[name]]
            rows = fetch_by_keys(self._connection, f"stored.{name}_by_key", "keys", keys)
            gone += (make_row(name, row) for row in rows)
        return tuple(gone)


class _Ids:
    """The ids of the updates of a long file, in a temporary table, to find the repeated ones.

    If very many are repeated, only the first are kept; `more` counts the others.
    """

    def __init__(self, connection: Connection) -> None:
        connection.execute(f"PRAGMA temp.cache_size = -{_TEMPORARY_CACHE}")
        execute(connection, "writing.create_incoming_ids")
        self._connection = connection
        self._number = 0
        self._repeated: list[tuple[Update, int]] = []
        self.more = 0

    def take(self, updates: Sequence[Update]) -> list[Update]:
        """Add the ids of the next updates, and return the updates whose ids are not repeated."""
        numbered = list(enumerate(updates, self._number))
        self._number += len(updates)
        added = self._connection.executemany(
            read_sql("writing.add_incoming_id"), ((update.id, number) for number, update in numbered)
        ).rowcount
        if added == len(updates):
            return list(updates)
        found = fetch_by_keys(
            self._connection, "writing.find_incoming_ids", "keys", (one.id for one in updates)
        )
        first = {row["id"]: row["number"] for row in found}
        repeated = [(one, first[one.id]) for number, one in numbered if first[one.id] != number]
        kept = MOST_FAULTS - len(self._repeated)
        self._repeated += repeated[:kept]
        self.more += len(repeated[kept:])
        return [one for number, one in numbered if first[one.id] == number]

    def list_repeated(self, every: Iterable[Update]) -> tuple[Update, ...]:
        """List the first repeated updates, after those whose ids they repeat; `every` has all again."""
        if not self._repeated:
            return ()
        wanted = {number for _, number in self._repeated}
        first = [row for number, row in enumerate(every) if number in wanted]
        return (*first, *(row for row, _ in self._repeated))


def _refuse(faults: Faults, differing: int) -> None:
    """Raise BadFile, if there are faults, with the first of a file and the number of the others.

    `differing` is the number of rows that differ from those on record, which could be taken as corrections.
    """
    if not faults.number:
        return
    count = "1 fault" if faults.number == 1 else f"{faults.number} faults"
    message = f"{count}, so nothing was written"
    if differing:
        which = "what differs" if differing < faults.number else "these"
        message += f"; if it is a later edition, --amend takes {which} as corrections"
    raise BadFile(message, faults.list_first(), faults.count_rest())


def fetch_stored(connection: Connection, batch: Batch, incoming: Incoming) -> dict[str, dict[str, StoredRow]]:
    """Fetch every stored row that a batch names or has the key of, except for incoming ones."""
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for name in LISTS:
        rows = getattr(batch, name)
        keys[name].update(map(key_of, rows))
        for list_, ids in list_named_ids(rows):
            keys[list_] |= ids
    stored: dict[str, dict[str, StoredRow]] = {name: {} for name in LISTS}
    [edited] = fetch_rows(connection, "stored.has_former_rows")
    for name in LISTS:
        # An update may have been given the class that its source had before it was edited.
        known = {} if edited["former"] and name == "sources" else incoming.get(name, {})
        fetch_into(stored[name], connection, name, keys[name] - known.keys())
    # A link belongs to one source: the active ones with a link of the batch are needed to check others.
    links = {link for source in batch.sources for _, link in list_links(source)}
    others = [row["id"] for row in fetch_by_keys(connection, "stored.sources_by_link", "links", links)]
    fetch_into(stored["sources"], connection, "sources", {*others} - {*stored["sources"]})
    # A programme has one cohort a year: the active one is needed to check another.
    if years := _list_years(batch.projects):
        cohorts = [row["id"] for row in fetch_rows(connection, "stored.cohorts_by_year", years=years)]
        fetch_into(stored["projects"], connection, "projects", cohorts)
    # All programmes around a programme are needed, to check that no number is part of itself.
    if outer := {quota.within for quota in batch.quotas if quota.within is not None}:
        found = fetch_rows(connection, "stored.quotas_within", projects=json.dumps(sorted(outer)))
        fetch_into(stored["quotas"], connection, "quotas", {row["id"] for row in found} - {*stored["quotas"]})
    # All places around a place are needed, to check that none is within itself.
    places = stored["places"]
    around = {there.row.parent for there in places.values()}
    asked: set[str | None] = {None}
    while further := {one for one in around if one not in asked and one not in places}:
        asked |= further
        fetch_into(places, connection, "places", filter(None, further))
        around = {places[one].row.parent for one in further if one in places}
    return stored


def _list_years(projects: Iterable[Project]) -> str:
    """Return the programme and year of each cohort among projects, as JSON pairs; empty if there is none."""
    years = {
        (one.parent, one.year)
        for one in projects
        if one.type is ProjectType.COHORT and one.parent is not None and one.year is not None
    }
    return json.dumps(sorted(years)) if years else ""


def fetch_into(there: dict[str, StoredRow], connection: Connection, name: str, keys: Iterable[str]) -> None:
    """Fetch the stored rows of a list with the given keys into a dictionary."""
    recorded: dict[str, int] = {}
    for row in fetch_by_keys(connection, f"stored.{name}_by_key", "keys", keys):
        made = make_row(name, row)
        there[key_of(made)] = StoredRow(made, RowState(row["row_state"]))
        recorded[key_of(made)] = row["change_id"]
    for key, former in fetch_former(connection, name, recorded).items():
        there[key] = there[key]._replace(former=former)


def fetch_former(
    connection: Connection, name: str, recorded: Mapping[str, int]
) -> dict[str, tuple[Any, ...]]:
    """Fetch what rows of a list said before they were edited, the oldest first, as the rows are named now.

    `recorded` has the changes that recorded the rows: what was under their ids before is not theirs, and
    neither is what an edit that was undone had made of them. Rows that were not edited are left out.
    """
    former: dict[str, list[Any]] = {}
    # Whether what a row said is only what a change that was undone made of it.
    is_undone: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    made: dict[str, bool | None] = {}
    for start in range(0, len(recorded), CHUNK_SIZE):
        keys = json.dumps(list(islice(recorded, start, start + CHUNK_SIZE)))
        for row in fetch_rows(connection, "stored.former_rows_by_key", list=name, keys=keys):
            key = row["id"]
            if row["change_id"] <= recorded[key]:
                continue
            rows, said, content = former.setdefault(key, []), is_undone[key], row["content"]
            by_undone = made.get(key, False)
            if by_undone is None:
                # An undo gives back what was said before.
                by_undone = said.get(content, False)
            if not by_undone and said.get(content, True):
                rows.append(with_key(read_content(name, content), key))
            said[content] = by_undone and said.get(content, True)
            # What it says from here on is what this change made of it.
            made[key] = None if row["is_undo"] else bool(row["is_undone"])
    return {key: tuple(rows) for key, rows in former.items()}


def _write_rows(
    connection: Connection,
    validation: Validation,
    change: int,
    sources: Mapping[str, Source],
    *,
    without_years: bool = False,
) -> None:
    """Write the new rows, cohorts perhaps `without_years`; `sources` has the sources that they name."""
    for name in LISTS:
        rows = getattr(validation.new, name)
        if not rows:
            continue
        undone = validation.replacing[name]
        if undone:
            _keep_replaced(connection, name, rows, undone, change)
            again = json.dumps(sorted(undone))
            execute(connection, f"writing.keep_{name}", keys=again, change=change)
        if name == "projects" and without_years:
            rows = [one._replace(year=None) if one.type is ProjectType.COHORT else one for one in rows]
        add_dates(connection, name, rows)
        columns, values = derive_columns(name, rows, sources)
        columns = (*COLUMNS[name], *columns, "change_id")
        # If a row may be replaced, SQLite copies every page that it changes; with a plain INSERT it need not.
        verb = "INSERT OR REPLACE" if undone else "INSERT"
        connection.executemany(
            f"{verb} INTO {name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            ((*list_columns(name, row), *more, change) for row, more in zip(rows, values, strict=False)),
        )
        write_parts(connection, name, rows, undone)
    if validation.new.places or validation.new.settings:
        execute(connection, "repairs.repair_wrong_region")


def write_parts(connection: Connection, name: str, rows: Sequence[Any], stored: Collection[str]) -> None:
    """Write what rows have in other tables, and what follows from it; `stored` has the keys of old rows."""
    match name:
        case "places":
            _insert_names(connection, rows)
        case "sources":
            _date_again(connection, rows)
        case "announcements":
            _insert_details(connection, rows)
        case "projects":
            _insert_marks(connection, rows, stored)
        case "updates":
            _insert_figures(connection, rows, stored)


def add_dates(connection: Connection, name: str, rows: Sequence[Any]) -> None:
    """Add the dates of rows to the table of dates, where each is once."""
    if columns := DATES.get(name):
        dates = {date for column in columns for date in map(attrgetter(column), rows)} - {None}
        connection.executemany(read_sql("writing.add_date"), ((date,) for date in dates))


_DATED = {"announcements": "announced", "updates": "event_date"}
"""The tables whose rows have an effective day and a known day, with the column that has the date."""


def derive_columns(
    name: str, rows: Sequence[Any], sources: Mapping[str, Source]
) -> tuple[tuple[str, ...], Iterable[tuple[Any, ...]]]:
    """Return the columns that are derived from others, and the values of each row in them."""
    if name == "sources":
        return ("folded", "page"), ((fold_id(row.id), find_page(row.url or row.archive)) for row in rows)
    if name in FOLDED and name not in _DATED:
        return ("folded",), ((fold_id(key_of(row)),) for row in rows)
    if name not in _DATED:
        return (), repeat(())
    date = attrgetter(_DATED[name])
    days = (find_days(date(row), row.source and sources[row.source].day) for row in rows)
    if name == "announcements":
        ids = (fold_id(row.id) for row in rows)
        return ("effective_day", "known_day", "folded"), (
            (*pair, id_) for pair, id_ in zip(days, ids, strict=True)
        )
    return ("effective_day", "known_day", "counts_as", "rank"), (
        (*pair, row.counts_as, row.status.rank if row.sets_status else None)
        for pair, row in zip(days, rows, strict=True)
    )


@lru_cache(maxsize=20_000)
def find_days(event: str, told: str | None) -> tuple[str, str]:
    """Return the effective and the known day that follow from the dates of an event and its source."""
    happened, reported = parse_date(event), parse_date(told) if told else None
    return find_effective_day(happened, reported).isoformat(), find_known_day(happened, reported).isoformat()


def _date_again(connection: Connection, sources: Sequence[Source]) -> None:
    """Update the days that follow from the dates of sources, in the rows that cite them already."""
    told = {source.id: source.day for source in sources}
    for name in _DATED:
        for row in list(fetch_by_keys(connection, f"writing.{name}_citing", "sources", told)):
            effective, known = find_days(row["event_date"], told[row["source"]])
            execute(
                connection, f"writing.date_{name}", id=row["id"], effective_day=effective, known_day=known
            )


def _insert_names(connection: Connection, places: Sequence[Place]) -> None:
    for place in places:
        execute(connection, "writing.delete_place_names", place=place.id)
        names = [{"place": place.id, "name": name, "folded": fold(name)} for name in list_spellings(place)]
        connection.executemany(read_sql("writing.add_place_name"), names)


def list_spellings(place: Place) -> list[str]:
    """List every spelling of a place's name, each once."""
    own = (place.name, place.full_name, place.local_name)
    return list(dict.fromkeys(name for name in (*own, *place.names) if name))


def _insert_details(connection: Connection, announcements: Sequence[Announcement]) -> None:
    for one in announcements:
        execute(connection, "writing.delete_announcement_parts", announcement=one.id)
        details = (
            {"announcement": one.id, "part": part, "position": position, "text": text}
            for part, texts in (("term", one.terms), ("context", one.context))
            for position, text in enumerate(texts, 1)
        )
        connection.executemany(read_sql("writing.add_announcement_detail"), details)
        figures = (
            {"announcement": one.id, "position": position, **figure._asdict()}
            for position, figure in enumerate(one.figures, 1)
        )
        connection.executemany(read_sql("writing.add_announcement_figure"), figures)


def _insert_marks(connection: Connection, projects: Sequence[Project], stored: Collection[str]) -> None:
    """Write the tags, identifiers and organisations of projects, in place of those of `stored` ones."""
    for id_ in stored:
        execute(connection, "writing.delete_marks", project=id_)
    for query, name in (
        ("add_tag", "tags"),
        ("add_identifier", "identifiers"),
        ("add_organisation", "organisations"),
    ):
        marks = (
            (one.id, *((mark,) if isinstance(mark, str) else mark))
            for one in projects
            for mark in getattr(one, name)
        )
        connection.executemany(read_sql(f"writing.{query}"), marks)


def _insert_figures(connection: Connection, updates: Sequence[Update], stored: Collection[str]) -> None:
    """Write the figures of updates; those that replace a `stored` one lose the figures that it had."""
    if again := [one.id for one in updates if one.id in stored]:
        execute(connection, "writing.delete_update_figures", updates=json.dumps(again))
    for one in updates:
        if one.figures:
            figures = (
                {"update": one.id, "position": position, **figure._asdict()}
                for position, figure in enumerate(one.figures, 1)
            )
            connection.executemany(read_sql("writing.add_update_figure"), figures)


def _keep_replaced(
    connection: Connection, name: str, rows: Iterable[Any], undone: frozenset[str], change: int
) -> None:
    """Keep the content of undone rows whose keys are reused for other content."""
    new = {key_of(row): row for row in rows}
    for row in list(fetch_by_keys(connection, f"stored.{name}_by_key", "keys", undone)):
        before = make_row(name, row)
        if key_of(before) in undone and before != new[key_of(before)]:
            content = write_content(before)
            execute(
                connection,
                "writing.add_former_row",
                list=name,
                id=key_of(before),
                content=content,
                change=change,
                reversed=None,
            )


def list_state_changes(connection: Connection, most: int | None) -> tuple[tuple[StateChange, ...], int]:
    """List the projects that were judged again, or with `most` only those that changed, and count them.

    With `most`, at most that many are listed; -1 lists all that changed.
    """
    rows = fetch_rows(
        connection, "writing.list_touched", changed=most is not None, most=-1 if most is None else most
    )
    ids = [row["project"] for row in rows]
    before = {
        row["project"]: read_state(row)
        for row in fetch_by_keys(connection, "writing.states_before_by_key", "projects", ids)
    }
    state_changes = tuple(
        StateChange(
            project=row["id"], name=row["name"], before=before.get(row["id"], State()), after=read_state(row)
        )
        for row in fetch_by_keys(connection, "stored.states_by_key", "projects", ids)
    )
    return state_changes, rows[0]["moved"] if rows else 0
