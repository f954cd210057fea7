"""The state of a project as judged, and the site that has it.

These are named tuples because every `list` and `report` has to define them, and defining a dataclass takes
longer than reading all sites.
"""

from datetime import date
from typing import NamedTuple

from nkplan.model.vocabulary import Status


class State(NamedTuple):
    """The state of a project, judged from its updates by the view `judged` of the schema.

    `started` says whether work was ever shown at a site; `progress` is in percent; `last_date` is the latest
    event's date as written and `last_day` the day by which it had surely happened. `groundbroken` and
    `opened` are the dates of the first such events, with their days in the same way.
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
    region: str | None = None
    region_name: str | None = None
    programme: str | None = None
    programme_name: str | None = None
    cohort: str | None = None
    year: int | None = None
    promised: str | None = None
    state: State = State()

    @property
    def number(self) -> int:
        """How many sites it counts for, as in a Tally: one."""
        return 1


class OpenedSite(NamedTuple):
    """A site that is open, with only what the report of its use prints; statuses are plain texts."""

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
    """A number of sites that are alike in everything that a count distinguishes."""

    number: int
    kind: str
    programme: str | None = None
    programme_name: str | None = None
    year: int | None = None
    region: str | None = None
    region_name: str | None = None
    state: State = State()
