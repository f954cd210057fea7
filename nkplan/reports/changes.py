"""What changed since a day: the projects with updates first known after it, their state before and after."""

from collections.abc import Iterable
from typing import NamedTuple

from nkplan.layout.grid import Column, Value, make_grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.state import State


class Changed(NamedTuple):
    """A project with updates first known after the day: how many, and its state before and after."""

    project: str
    name: str
    type: str
    updates: int
    before: State
    after: State

    @property
    def is_new(self) -> bool:
        """Whether nothing was known of the project before."""
        return not self.before.updates


_ID, _UPDATES = Column("id", "ID"), Column("updates", "New", is_number=True)
_MOVED = ("status", "claimed", "verified", "promised")
_LAST = Column("last_evidence", "Last evidence")
_COLUMNS = (
    _ID,
    Column("name", "Name"),
    Column("type", "Type"),
    _UPDATES,
    Column("is_new", "First known"),
    *(
        column
        for key in _MOVED
        for column in (Column(f"{key}_before", f"{key} before".capitalize()), Column(key, key.capitalize()))
    ),
    _LAST,
)
_SCREEN = (_ID, _UPDATES, Column("moves", "What changed", wraps=True, min_width=24), _LAST)


def make_report(changed: Iterable[Changed], question: Question) -> Report:
    """List the projects with updates first known after a day, with their state before and after."""
    rows: list[dict[str, Value]] = []
    for one in changed:
        values: dict[str, Value] = {
            "id": one.project,
            "name": one.name,
            "type": one.type,
            "updates": one.updates,
            "is_new": one.is_new,
            "last_evidence": one.after.last_date,
        }
        moves = []
        for key in _MOVED:
            before, after = getattr(one.before, key), getattr(one.after, key)
            values |= {f"{key}_before": before, key: after}
            if before != after:
                moves.append(f"{key} {before or 'none'} > {after or 'none'}")
        rows.append(values | {"moves": "; ".join(moves) or "nothing"})
    note = f"new: updates first known after {question.since}; a > b: a as known on that day, b as known now"
    return Report(
        f"Changes since {question.since}", make_grid(_COLUMNS, rows), make_grid(_SCREEN, rows), (note,)
    )
