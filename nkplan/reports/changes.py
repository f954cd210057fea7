"""What changed since a day: the projects of which something moved, their state before and after."""

from collections.abc import Iterable
from typing import NamedTuple

from nkplan.judgement import tell_opening, tell_start
from nkplan.layout.grid import Column, Value, make_grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.state import State
from nkplan.text import list_words, write_number


class Changed(NamedTuple):
    """A project with news since a day: its state before that day and now.

    `updates` is the number of updates first known since, `counts` how many of them give a count.
    """

    project: str
    name: str
    type: str
    updates: int
    counts: int
    before: State
    after: State

    @property
    def is_new(self) -> bool:
        """Whether nothing was known of the project before."""
        return not self.before.updates


_FACTS = (
    "status",
    "claimed",
    "verified",
    "progress",
    "start",
    "opened",
    "promised_start",
    "promised",
    "promised_use",
    "promised_again",
)
"""What of a state can move; its last news and the number of its updates are news and no move."""

_ID, _UPDATES = Column("id", "ID"), Column("updates", "New", is_number=True)
_LAST = Column("last_evidence", "Last evidence")
_COLUMNS = (
    _ID,
    Column("name", "Name"),
    Column("type", "Type"),
    _UPDATES,
    Column("counts", "New counts", is_number=True),
    Column("is_new", "First known"),
    *(
        Column(key, title, is_number=fact == "progress")
        for fact in _FACTS
        for key, title in (
            (f"{fact}_before", f"{fact} before".replace("_", " ").capitalize()),
            (fact, fact.replace("_", " ").capitalize()),
        )
    ),
    _LAST,
)
_SCREEN = (_ID, _UPDATES, Column("moves", "What changed", wraps=True, min_width=24), _LAST)


def make_report(changed: Iterable[Changed], question: Question) -> Report:
    """List the projects of which something moved since a day; a note names those that had other news."""
    rows: list[dict[str, Value]] = []
    others = []
    for one in changed:
        moves = _list_moves(one)
        if not moves:
            if one.updates:
                others.append(one.project)
            continue
        row: dict[str, Value] = {
            "id": one.project,
            "name": one.name,
            "type": one.type,
            "updates": one.updates,
            "counts": one.counts,
            "is_new": one.is_new,
            "last_evidence": one.after.last_date,
            "moves": "; ".join(moves),
        }
        for fact in _FACTS:
            row |= {f"{fact}_before": _tell(one.before, fact), fact: _tell(one.after, fact)}
        rows.append(row)
    notes = [
        f"new: updates first known since {question.since}; a > b: a as known before that day, b as known now"
    ]
    if others:
        notes.append(f"news that moved nothing: {list_words(others)}")
    return Report(
        f"Changes since {question.since}", make_grid(_COLUMNS, rows), make_grid(_SCREEN, rows), tuple(notes)
    )


def _list_moves(one: Changed) -> list[str]:
    """Say what moved, in words; empty if nothing did."""
    moves = [
        f"{fact.replace('_', ' ')} {_write(before)} > {_write(after)}"
        for fact in _FACTS
        if (before := _tell(one.before, fact)) != (after := _tell(one.after, fact))
    ]
    if one.counts:
        moves.append(f"{one.counts} new count{'s' if one.counts > 1 else ''}")
    return moves or (["first known"] if one.is_new and one.updates else [])


def _tell(state: State, fact: str) -> str | float | None:
    """Return a fact as it is shown."""
    if fact in _TELL:
        return _TELL[fact](state)
    value: str | float | None = getattr(state, fact)
    return value


_TELL = {"start": tell_start, "opened": tell_opening}


def _write(value: str | float | None) -> str:
    return "none" if value is None else value if isinstance(value, str) else write_number(value)
