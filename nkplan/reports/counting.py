"""How sites are counted: the headings, and the columns of the numbers."""

from functools import cache
from operator import add
from typing import NamedTuple

from nkplan.layout.grid import Column
from nkplan.layout.report import BarPart, Bars
from nkplan.model.state import State
from nkplan.model.vocabulary import Status


class Counts(NamedTuple):
    """Numbers of sites; `promised` is None if no number was promised.

    `started` counts by the word of anyone, `started_seen` by an observation. What is complete or in use is
    counted by the promiser's word, by observation, and by the latest evidence of any class.
    """

    promised: int | None = None
    named: int = 0
    started: int = 0
    started_seen: int = 0
    complete_claimed: int = 0
    complete_verified: int = 0
    complete_latest: int = 0
    in_use_claimed: int = 0
    in_use_verified: int = 0
    in_use_latest: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Add two counts; `promised` stays None only if both have none."""
        given = [one for one in (self.promised, other.promised) if one is not None]
        return Counts(
            sum(given) if given else None,
            *map(add, self[1:], other[1:]),
        )


PROMISED = Column("promised", "Promised", is_number=True, blank="no number", drop=10)
COUNT_COLUMNS = (
    Column("named", "Named", is_number=True),
    Column("started", "Started", is_number=True, group="Started", part="any"),
    Column("started_seen", "Started seen", is_number=True, group="Started", part="seen", drop=9),
    Column("complete_claimed", "Complete claimed", is_number=True, group="Complete", part="claimed"),
    Column("complete_verified", "Complete verified", is_number=True, group="Complete", part="verified"),
    Column(
        "complete_latest",
        "Complete latest",
        is_number=True,
        group="Complete",
        part="latest",
        drop=8,
        repeats="complete_claimed",
    ),
    Column("in_use_claimed", "In use claimed", is_number=True, group="In use", part="claimed"),
    Column("in_use_verified", "In use verified", is_number=True, group="In use", part="verified"),
    Column(
        "in_use_latest",
        "In use latest",
        is_number=True,
        group="In use",
        part="latest",
        drop=7,
        repeats="in_use_claimed",
    ),
)
"""Of a group of columns a narrow table makes one, such as `20/2` under `In use claimed/verified`."""


BARS = Bars(
    ("promised", "named"),
    (
        BarPart("complete_verified", "verified", is_verified=True),
        BarPart("complete_claimed", "claimed"),
        BarPart("started", "started"),
    ),
    "promised",
)
"""How far a promise has come, as a bar."""


def count_site(state: State, number: int = 1) -> Counts:
    """Count one site, or a number of sites in the same state, under every heading that applies."""
    applying = _find_headings(state.status, state.claimed, state.verified, state.started, state.started_seen)
    return Counts(None, number, *[number * one for one in applying])


@cache
def _find_headings(
    status: Status | None, claimed: Status | None, verified: Status | None, started: bool, started_seen: bool
) -> tuple[bool, ...]:
    """Return for each heading after `named` whether a site is counted under it."""
    statuses = (claimed, verified, status)
    complete = (status is not None and status.is_complete for status in statuses)
    in_use = (status is not None and status.is_in_use for status in statuses)
    return (started, started_seen, *complete, *in_use)
