"""What `edit` reads and prints: the fields that a user types, and what an edit changed in them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from nkplan.cli.echo import describe_row, describe_state_changes
from nkplan.cli.questions import echo_stored
from nkplan.cli.session import read_typed
from nkplan.errors import BadFile, BadInput, NkplanError
from nkplan.formats.written import FieldChange, ReadDate, list_fields
from nkplan.layout.labels import Labels
from nkplan.model.batch import Update
from nkplan.model.faults import Fault
from nkplan.rows.table import DATES
from nkplan.rows.written import list_differences
from nkplan.text import list_words, quote
from nkplan.validation import describe, key_of

if TYPE_CHECKING:
    from nkplan.store.edit import Edited

_MOST_IN_SENTENCE = 5
"""So many faults are said in one sentence; more are listed below it."""


_OPTIONS = {"on": "event_date"}
"""What the options of `update` call a field, where that is another word than its own."""


def read_changes(words: Sequence[str]) -> list[FieldChange]:
    """Read the words of a command line: FIELD=VALUE, FIELD+=VALUE, FIELD-=VALUE. Raises BadInput.

    A label of the settings has two words: `label region=province`.
    """
    changes: list[FieldChange] = []
    label = ""
    for word in words:
        if not label and word.strip().casefold() == "label":
            label = "label "
            continue
        field, equals, value = word.partition("=")
        if not (equals and field.strip(" +-")):
            raise BadInput(
                f"{quote(label + word)} has no field and value; write FIELD=VALUE, as in year=2024"
            )
        sign = field[-1] if field[-1] in "+-" else ""
        name = f"{label}{field.removesuffix(sign).strip().casefold()}"
        name = _OPTIONS.get(name, name)
        changes.append(FieldChange(name, value, sign))
        label = ""
    if label:
        raise BadInput("'label' has no word and value; write label WORD=VALUE, as in label region=province")
    return changes


_OWNERS = (
    "updates",
    "quotas",
    "sources",
    "announcements",
    "projects",
    "places",
    "publishers",
    "kinds",
    "settings",
)
"""The lists, the one first that is meant if several have a field."""

_MOST_OWNERS = 3
"""A field that more lists have is nothing to tell a row by."""


def find_stray(name: str, row: Any, wanted: Iterable[FieldChange]) -> Iterator[tuple[FieldChange, Fault]]:
    """Yield the changes of fields that this row of a list cannot have and others can, each explained."""
    for change in wanted:
        owners = [one for one in _OWNERS if change.field in list_fields(one)]
        if 0 < len(owners) <= _MOST_OWNERS and name not in owners:
            yield change, Fault(_explain_stray(name, row, change.field, owners))


def _explain_stray(name: str, row: Any, field: str, owners: Sequence[str]) -> str:
    """Say which rows have a field that a row of this list has not, and how to edit the one that is meant."""
    id_ = "ID" if name == "settings" else key_of(row)
    meant = next((one for one in owners if getattr(row, one.removesuffix("s"), None)), owners[0])
    noun = meant.removesuffix("s")
    more = ""
    if meant == "settings":
        target = meant
    elif meant == "updates":
        target = "last"
        shown = id_ if name in {"projects", "announcements", "sources"} else "ID"
        more = (
            " for the update recorded last, or in place of last one of the ids that"
            f" `nkplan show {shown}` prints"
        )
    elif name == "projects" and meant == "quotas":
        # A quota is found by its project.
        target = f"quota/{id_}"
    else:
        target = f"{noun}/{getattr(row, noun, None) or 'ID'}"
    there, here = (list_words("the settings" if one == "settings" else one for one in those)
                   for those in (owners, [name]))  # fmt: skip
    return f"{field} is a field of {there}, not of {here}; write nkplan edit {target} {field}=...{more}"


def make_date_reader(today: date, latest: date) -> ReadDate:
    """Return what reads the date of a field as a person types it; a promised one may be still to come."""
    return lambda field, text: read_typed(text, today, latest, may_come=field == "promised")


def echo_dates(name: str, changes: Iterable[FieldChange], read_date: ReadDate) -> list[FieldChange]:
    """Return changes of a row of a list with stored dates, and show each that was typed otherwise."""
    stored = []
    for change in changes:
        if change.field in DATES.get(name, ()) and change.value.strip():
            value = read_date(change.field, change.value)
            echo_stored(change.value, value)
            stored.append(change._replace(value=value))
        else:
            stored.append(change)
    return stored


def explain_faults(error: BadFile) -> NkplanError:
    """Say what is wrong with a command line, which has no position in a file to point to."""
    if len(error.faults) > _MOST_IN_SENTENCE or error.more:
        return BadFile(error.problem or f"{len(error.faults)} faults, so nothing was written", error.faults)
    return BadInput("; ".join(map(str, error.faults)))


def summarise(edited: "Edited") -> str:
    """Say in one line, for the journal, which row was edited, and which of its fields."""
    fields = [
        f"{field} {old} -> {new}" if field in {"id", "domain"} else field
        for field, old, new in list_differences(edited.list, edited.before, edited.after)
    ]
    return ": ".join(filter(None, (name_row(edited), ", ".join(fields))))


def name_row(edited: "Edited") -> str:
    """Say which row was edited, by the id that it had."""
    if edited.list == "settings":
        return "settings"
    if edited.list == "updates":
        # The end of its id, which finds it, is as much as a line has room for.
        return f"update {edited.before.id[-12:]} of {edited.before.project}"
    what = describe(edited.before)
    return what if edited.list in {"updates", "quotas"} else f"{edited.list.removesuffix('s')} {what}"


def describe_edited(edited: "Edited", labels: Labels) -> Iterator[str]:
    """Describe what an edit changed, field by field, what followed from it, and the states that changed."""
    if edited.is_empty:
        return
    yield "settings" if edited.list == "settings" else describe_row(edited.before, labels)
    changed = list_differences(edited.list, edited.before, edited.after)
    width = max([13, *(len(field) for field, _, _ in changed)])
    for field, old, new in changed:
        yield f"  {field:<{width}} {old or 'none'} -> {new or 'none'}"
    yield from _describe_others([after for _, after in edited.others])
    if edited.list != "settings" and (new := key_of(edited.after)) != (old := key_of(edited.before)):
        yield f"  what names {old} names {new} now, and {old} still finds it"
    yield from describe_state_changes(edited.state_changes, only_changed=True)


def _describe_others(updates: Sequence[Update]) -> Iterator[str]:
    """Describe the updates that were given the class of their source."""
    if updates:
        number = len(updates)
        what = "1 update that cites it" if number == 1 else f"{number} updates that cite it"
        yield f"  {what} and had no class {'is' if number == 1 else 'are'} {updates[0].evidence} now"
