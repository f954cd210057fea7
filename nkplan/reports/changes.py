"""What changed since a day: what came to be known after it, and the state before and after."""

from collections.abc import Iterable
from typing import NamedTuple

from nkplan.layout.grid import Column, Grid
from nkplan.layout.report import Report
from nkplan.model.question import Question
from nkplan.model.state import State


class Changed(NamedTuple):
    """A project of which something came to be known: how many updates, and its state before and after."""

    project: str
    name: str
    type: str
    updates: int
    before: State
    after: State

    @property
    def is_new(self) -> bool:
        """Whether nothing had been known of it before."""
        return not self.before.updates


_ID, _UPDATES = Column("id", "ID"), Column("updates", "New", is_number=True)
_MOVED = ("status", "claimed", "verified", "promised")
_TITLES = {"status": "Status", "claimed": "Claimed", "verified": "Verified", "promised": "Promised"}
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
        for column in (Column(f"{key}_before", f"{_TITLES[key]} before"), Column(key, _TITLES[key]))
    ),
    _LAST,
)
_SCREEN = (_ID, _UPDATES, Column("moves", "What moved", wraps=True, min_width=24), _LAST)


def make_report(changed: Iterable[Changed], question: Question) -> Report:
    """List the projects of which something came to be known after a day, before and after."""
    rows, screen = [], []
    for one in changed:
        moves = [(getattr(one.before, key), getattr(one.after, key)) for key in _MOVED]
        rows.append(
            (
                one.project,
                one.name,
                one.type,
                one.updates,
                one.is_new,
                *(value for pair in moves for value in pair),
                one.after.last_date,
            )
        )
        told = [
            f"{key} {before or 'none'} > {after or 'none'}"
            for key, (before, after) in zip(_MOVED, moves, strict=True)
            if before != after
        ]
        screen.append((one.project, one.updates, "; ".join(told) or "nothing", one.after.last_date))
    note = (
        f"new: updates that came to be known after {question.since}; a > b: it was a, by what was known then"
    )
    return Report(
        f"Changes since {question.since}", Grid(_COLUMNS, tuple(rows)), Grid(_SCREEN, tuple(screen)), (note,)
    )
