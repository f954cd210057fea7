"""What a command prints after a write: what changed, by name, with old and new values."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from nkplan.cli import find_shortage
from nkplan.cli.output import write_to_stdout
from nkplan.cli.wrapping import wrap_for
from nkplan.errors import Unusable
from nkplan.layout.labels import NO_LABELS, Labels
from nkplan.model.batch import (
    Announcement,
    Place,
    Project,
    Publisher,
    SettingRow,
    Source,
    Update,
)
from nkplan.model.outline import Outline, describe_geometry
from nkplan.model.promise import Quota
from nkplan.model.state import State
from nkplan.reports.claims import (
    describe_count,
    describe_figure,
    describe_period,
    describe_promise,
    name_counted,
)
from nkplan.rows.written import list_differences
from nkplan.text import clean, list_words, write_number
from nkplan.validation import describe

if TYPE_CHECKING:
    from nkplan.store.record import Amended, StateChange
    from nkplan.store.undo import Elsewhere, Reversal

MOST_LINES = 100
"""The most updates or projects listed one by one; if there are more, only their number is printed."""


class Verbs(NamedTuple):
    """What is done with a whole change, and with rows by themselves, as in `undid` and `retracted`."""

    change: str
    rows: str


_ONE = {
    "settings": "setting",
    "kinds": "kind",
    "publishers": "publisher",
    "places": "place",
    "outlines": "outline",
    "sources": "source",
    "announcements": "announcement",
    "projects": "project",
    "quotas": "quota",
    "updates": "update",
}


def say(lines: Iterable[str]) -> None:
    """Write lines to standard output, cleaned."""
    write_to_stdout(lambda out: out.writelines(f"{wrap_for(out, clean(line))}\n" for line in lines))


@contextmanager
def reporting_write(*, dry_run: bool = False, done: str = "recorded") -> Iterator[None]:
    """If what a write changed cannot be printed, say that it was made nevertheless. Raises Unusable.

    `done` says what was done, as in `it was recorded`.
    """
    try:
        try:
            yield
        except KeyboardInterrupt:
            raise Unusable("printing the result was interrupted") from None
        except (MemoryError, ImportError, OSError) as error:
            if (shortage := find_shortage(error)) is None:
                raise
            raise Unusable(*shortage) from error
    except Unusable as error:
        if dry_run:
            raise
        raise Unusable(f"it was {done}, but {error.problem}", "do not repeat it") from error


def count_rows(numbers: Iterable[tuple[str, int]]) -> str:
    """Say how many rows of each list there are, as in `1 project and 12 updates`."""
    parts = [f"{number} {_ONE[name] if number == 1 else name}" for name, number in numbers if number]
    return list_words(parts) if parts else "nothing"


def describe_row(row: Any, labels: Labels = NO_LABELS) -> str:
    """Describe a row in one line, by name."""
    match row:
        case Place():
            return f"place {row.id}  {row.full_name or row.name}"
        case Outline():
            return f"outline {row.place}  {describe_geometry(row.geometry)}"
        case SettingRow():
            return f"setting {row.id}: {row.value}"
        case Publisher():
            return f"publisher {row.domain}  {row.name}" + (
                f", {labels.name(row.evidence)}" if row.evidence else ""
            )
        case Source():
            read = row.retrieved and f"retrieved {row.retrieved}"
            about = ", ".join(filter(None, [row.title, row.publisher, row.published, read, row.url]))
            return f"source {row.id}  {about}"
        case Announcement():
            return f"announcement {row.id}  {row.title}, {row.announced}"
        case Project():
            parts = [row.type, row.kind, row.parent, row.place, str(row.year) if row.year else None]
            return f"project {row.id}  {row.name} ({', '.join(part for part in parts if part)})"
        case Quota():
            of_what = f"{name_counted(row.quantity == 1, row.unit, row.label)} ({row.kind})"
            period = describe_period(row.per, row.first_year, row.last_year)
            stage = f", {row.promised_status.as_aim}," if row.promised_status else ""
            part = ", beside the number of its programme" if row.beside else ""
            part += f", part of the number of {row.within}" if row.within else ""
            return f"quota of {row.quantity} {of_what} {period}{stage} on {row.project}{part}"
        case Update():
            return f"update {describe_claim(row, labels)}  {row.id[-12:]}"
    return f"kind {row}"


def describe_claim(update: Update, labels: Labels = NO_LABELS) -> str:
    """Describe what an update claims, when, and how it is known; without labels as the journal stores it."""
    shown = {
        "count": "" if update.count is None else write_number(update.count),
        "of": "" if update.of is None else write_number(update.of),
        "unit": update.unit or "",
        "bound": update.bound or "",
        "status": update.status or "",
    }
    source = f" ({update.withdrawn_source})" if update.withdrawn_source else ""
    parts = [
        update.event_date,
        describe_count(shown) or update.status,
        None if update.percent is None else f"{write_number(update.percent)}%",
        None if update.promised is None else describe_promise(update.promised, update.promised_status),
        *map(describe_figure, update.figures),
        f"said by {update.speaker}" if update.speaker else None,
        labels.name(update.evidence) if update.evidence else "no evidence class",
        f"source {update.source}" if update.source else "unsourced",
        f"withdrawn {update.withdrawn}{source}" if update.withdrawn else None,
    ]
    return f"{update.project}: {', '.join(part for part in parts if part)}"


def describe_state_change(move: "StateChange") -> Iterator[str]:
    """Describe how a project's state changed; a status that stayed the same is mentioned briefly."""
    yield f"{move.project}  {move.name}"
    before, after = move.before, move.after
    pairs = (
        ("status", before.status, after.status),
        ("claimed", before.claimed, after.claimed),
        ("verified", before.verified, after.verified),
        ("progress", _percent(before), _percent(after)),
        ("promised for", before.promised, after.promised),
        ("last evidence", before.last_date, after.last_date),
    )
    changed = [(name, old, new) for name, old, new in pairs if old != new]
    for name, old, new in changed:
        yield f"  {name:<13} {old or 'none'} -> {new or 'none'}"
    if before.status == after.status:
        yield f"  {'status':<13} {after.status or 'none'}, as before"


def _percent(state: State) -> str | None:
    return None if state.progress is None else f"{write_number(state.progress)}%"


def describe_state_changes(
    state_changes: Sequence["StateChange"], *, only_changed: bool = False
) -> Iterator[str]:
    """Describe the projects whose state changed; if there are very many, say only how many."""
    shown = [move for move in state_changes if move.before != move.after] if only_changed else state_changes
    if len(shown) > MOST_LINES:
        yield f"{len(shown)} projects changed"
        return
    for move in shown:
        yield from describe_state_change(move)


def describe_amended(amended: Iterable["Amended"], labels: Labels = NO_LABELS) -> Iterator[str]:
    """Describe the rows on record that a file corrects, each with the fields that differ, old to new."""
    for one in amended:
        yield describe_row(one.before, labels)
        for field, before, after in list_changed_fields(one.list, one.before, one.after):
            yield f"  {field:<13} {before or 'none'} -> {after or 'none'}"


def describe_reversal(done: "Reversal", labels: Labels, verbs: "Verbs") -> Iterator[str]:
    """Describe what was undone or redone, row by row, and the states that changed."""
    for change in done.changes:
        about = f"{change.command} of {change.recorded} by {change.recorded_by}: {change.summary}"
        yield f"{verbs.change} {about}"
    yield from map(_describe_elsewhere, done.elsewhere)
    if not done.changes:
        yield f"{verbs.rows} {count_rows((name, done.numbers[name]) for name in _ONE)}"
    rows = [row for name in _ONE for row in getattr(done.rows, name)]
    if len(rows) + len(done.edits) > MOST_LINES:
        number = count_rows((name, done.numbers[name]) for name in _ONE)
        yield f"  {number}" + (f", {len(done.edits)} edited" if done.edits else "")
    else:
        for row in rows:
            yield f"  {describe_row(row, labels)}"
        for name, before, after in done.edits:
            yield from describe_edit(name, before, after)
    yield from describe_state_changes(done.state_changes, only_changed=True)


def _describe_elsewhere(elsewhere: "Elsewhere") -> str:
    """Say how many of the rows that an undo took back belong to a later change now."""
    number, every, change, is_undone = elsewhere
    verbs = ("is", "was") if number == 1 else ("are", "were")
    where = f"{verbs[0]} on record already, by change {change}"
    if is_undone:
        where = f"{verbs[1]} recorded again by change {change}, which was undone"
    return f"  {number} of {every} {'row' if every == 1 else 'rows'} {where}"


def describe_edit(name: str, before: Any, after: Any) -> Iterator[str]:
    """Describe what was edited in a row of a list: each field that changed, with its old and new value."""
    row = after if before is None else before
    yield f"  {describe(row) if name in {'updates', 'quotas'} else f'{_ONE[name]} {describe(row)}'}"
    for field, old, new in list_changed_fields(name, before, after):
        yield f"    {field:<11} {old or 'none'} -> {new or 'none'}"


def list_changed_fields(name: str, before: Any, after: Any) -> list[tuple[str, str, str]]:
    """List the fields in which two rows of a list differ, as they are written; a setting may lack one."""
    if name == "settings":
        before, after = [(row,) if row is not None else () for row in (before, after)]
    return list_differences(name, before, after)
