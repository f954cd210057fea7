"""The state of a project as judged, and the site that has it.

These are named tuples because every `list` and `report` has to define them, and defining a dataclass takes
longer than reading all sites.
"""

from datetime import date
from typing import NamedTuple

from nkplan.model.vocabulary import Status


class State(NamedTuple):
    """The state of a project, judged from its updates by the view `judged` of the schema.

    `started` says whether work was ever shown at a site, `started_seen` whether an observation showed it;
    `progress` is in percent; `last_date` is the date of the last news as written and `last_day` the day by
    which it had surely happened. `start` and `opened` are the dates of the start of work and of the opening,
    each with the first day on which it can have been and the day by which it had surely been: what was only
    seen to have begun, or to be open, was so at some time up to then. `used` says whether use was shown, and
    `cancelled_day` since when it is cancelled. The dates promised are those that hold for the start of work,
    completion, use, and use again after the project was idle or closed.
    """

    status: Status | None = None
    claimed: Status | None = None
    verified: Status | None = None
    started: bool = False
    started_seen: bool = False
    progress: float | None = None
    last_date: str | None = None
    last_day: date | None = None
    updates: int = 0
    start: str | None = None
    start_first: date | None = None
    start_day: date | None = None
    opened: str | None = None
    opened_first: date | None = None
    opened_day: date | None = None
    used: bool = False
    cancelled_day: date | None = None
    promised_start: str | None = None
    promised: str | None = None
    promised_use: str | None = None
    promised_again: str | None = None


class Site(NamedTuple):
    """One line of the list: a site, where it is, what it belongs to, and its present state.

    The dates promised in its state are its cohort's where it has none of its own, and it is cancelled with
    its cohort or programme.
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
    opened: str
    opened_first: str
    last_date: str


class Tally(NamedTuple):
    """A number of sites that are alike in everything that a count distinguishes."""

    number: int
    kind: str
    programme: str | None = None
    programme_name: str | None = None
    cohort: str | None = None
    year: int | None = None
    region: str | None = None
    region_name: str | None = None
    state: State = State()
