"""What the overview of a record is made of."""

from collections.abc import Mapping
from typing import NamedTuple

from nkplan.model.journal import Change
from nkplan.model.promise import Programme
from nkplan.model.state import Site, Tally


class Announced(NamedTuple):
    """An announcement: its date, and who made it, if that is known."""

    id: str
    title: str
    announced: str
    speaker: str | None


class Facts(NamedTuple):
    """The facts of the overview.

    `first_announced` has the first announcement of each programme, `announced` all in the order of their day.
    `sites`, `contradicted` and `sources` are for what to look at (see queries/next.py); there are none if
    ranking them would take long.
    """

    title: str | None
    tallies: tuple[Tally, ...]
    programmes: tuple[Programme, ...]
    first_announced: Mapping[str, Announced]
    announced: tuple[Announced, ...]
    last_change: Change | None
    sites: tuple[Site, ...]
    contradicted: frozenset[str]
    sources: Mapping[str, int]
