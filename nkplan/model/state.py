"""What is judged of a project: its state, and the site that has it.

They are named tuples, for every `list` and `report` defines them anew, and to define a dataclass takes longer
than to read all sites.
"""

from datetime import date
from typing import NamedTuple

from nkplan.model.vocabulary import Status


class State(NamedTuple):
    """The state of a project, judged from its updates by the view `judged` of the schema.

    `started` tells whether work was ever shown at a site; `progress` is in percent; `last_date` is the latest
    event's date as written and `last_day` the day by which it had surely happened. `groundbroken` and
    `opened` are the first such events, in the same way.
    """

    status: Status | None = None
    claimed: Status | None = None
    verified: Status | None = None
    started: bool = False
    progress: float | None = None
    last_date: str | None = None
    last_day: date | None = None
    promised: str | None = None
    updates: int = 0
    groundbroken: str | None = None
    groundbroken_day: date | None = None
    opened: str | None = None
    opened_day: date | None = None


class Site(NamedTuple):
    """One line of the list: a site, where it is, what it belongs to, and its present state.

    `promised` is the site's own latest promised date, or its cohort's where it has none.
    """

    id: str
    name: str
    kind: str
    place: str | None = None
    place_name: str | None = None
    province: str | None = None
    province_name: str | None = None
    programme: str | None = None
    programme_name: str | None = None
    cohort: str | None = None
    year: int | None = None
    promised: str | None = None
    state: State = State()

    @property
    def number(self) -> int:
        """How many sites it is, as in a tally."""
        return 1


class OpenedSite(NamedTuple):
    """A site that is open, with no more than is told of its use; statuses are given as they are written."""

    id: str
    name: str
    kind: str
    place_name: str | None
    status: str
    claimed: str | None
    verified: str | None
    opened: str | None
    last_date: str


class Tally(NamedTuple):
    """A number of sites that are alike in all that a count asks for."""

    number: int
    kind: str
    programme: str | None = None
    programme_name: str | None = None
    year: int | None = None
    province: str | None = None
    province_name: str | None = None
    state: State = State()
