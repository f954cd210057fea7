"""The words of nkplan as types: vocabularies, the rows a file or command brings, what is judged of them.

Dates in these rows are kept as their source writes them (see dates.py); days are `datetime.date`.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

FILE_FORMAT = "nkplan/1"


class Status(StrEnum):
    """What evidence says of a project, in the usual order of the way forward; moving back is allowed."""

    ANNOUNCED = "announced"
    PREPARING = "preparing"
    GROUNDBROKEN = "groundbroken"
    BUILDING = "building"
    COMPLETED = "completed"
    OPERATING = "operating"
    IDLE = "idle"
    PAUSED = "paused"
    CANCELLED = "cancelled"

    @property
    def rank(self) -> int:
        """The place in the order of statuses, from 0."""
        return _RANK[self]

    @property
    def reach(self) -> int:
        """How far a status shows a project to have come, from 0 (nothing at a site) to 5 (in use).

        An idle site has opened but is not in use, so it shows what an opening shows. A halt or an end boasts
        of nothing.
        """
        return _REACH.get(self, 0)

    @property
    def is_started(self) -> bool:
        """Whether the status itself shows work at a site."""
        return self.reach >= _REACH[Status.GROUNDBROKEN]

    @property
    def is_complete(self) -> bool:
        """Whether the project has been inaugurated or handed over."""
        return self.reach >= _REACH[Status.COMPLETED]


_RANK = {status: rank for rank, status in enumerate(Status)}
_REACH = {
    Status.PREPARING: 1,
    Status.GROUNDBROKEN: 2,
    Status.BUILDING: 3,
    Status.COMPLETED: 4,
    Status.OPERATING: 5,
    Status.IDLE: 4,
}


class Evidence(StrEnum):
    """How a claim is known, not who printed it: the evidence class."""

    STATE_MEDIA = "state-media"
    SATELLITE_IMAGERY = "satellite-imagery"
    GROUND_SOURCE = "ground-source"
    GOVERNMENT = "government"
    FOREIGN_MEDIA = "foreign-media"
    EXPERT = "expert"

    @property
    def verifies(self) -> bool:
        """Whether the class is an observation; the promiser's own word and opinion are not."""
        return self not in {Evidence.STATE_MEDIA, Evidence.EXPERT}


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ProjectType(StrEnum):
    """The three levels of the tree of projects; only sites are counted."""

    PROGRAMME = "programme"
    COHORT = "cohort"
    SITE = "site"


class QuotaPeriod(StrEnum):
    """What a quota's number is promised for: each of its years, or all of them together."""

    YEAR = "year"
    TOTAL = "total"


# The rows below are what a file holds and what a command records. `where` is the row's place in its file
# ("updates[3], line 120") or the option it came from, for messages only.


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A province, city, county, district or smaller; `parent` is the place it lies in.

    `local_name` is the name in the country's own script, `names` every other spelling that sources use.
    """

    id: str
    name: str
    full_name: str | None = None
    local_name: str | None = None
    type: str | None = None
    parent: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    population_year: int | None = None
    names: tuple[str, ...] = ()
    note: str | None = None
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document. `evidence` is its usual class; an update may differ from it. `archive` is a second URL."""

    id: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    evidence: Evidence | None = None
    archive: str | None = None
    note: str | None = None
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number an announcement states; `unit` says of what ("percent of spending")."""

    item: str
    value: float
    unit: str
    year: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A statement in which something is promised; `said` is what, in one sentence, `announced` when.

    `terms` are the conditions the speaker set, `context` the background given with it.
    """

    id: str
    title: str
    announced: str
    said: str
    speaker: str | None = None
    occasion: str | None = None
    source: str | None = None
    terms: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Something announced. `model` is the project it is to be built after; `year` a cohort's year."""

    id: str
    name: str
    type: ProjectType
    kind: str
    parent: str | None = None
    model: str | None = None
    place: str | None = None
    year: int | None = None
    note: str | None = None
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """A number promised on a programme or cohort, for the years from `first_year` to `last_year`.

    Either year is absent where it is not known or does not apply.
    """

    project: str
    kind: str
    quantity: int
    per: QuotaPeriod
    unit: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    announcement: str | None = None
    note: str | None = None
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One dated claim about a project. `announcement` is the promise that it records, where it records one.

    `id` is empty until the update is recorded or its id derived.
    """

    project: str
    event_date: str
    id: str = ""
    status: Status | None = None
    percent: float | None = None
    promised: str | None = None
    evidence: Evidence | None = None
    confidence: Confidence | None = None
    source: str | None = None
    announcement: str | None = None
    note: str | None = None
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a file, with its place there; `order` sorts faults as the file runs."""

    where: str
    message: str
    order: int = 0

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Everything one file or one command brings, to be recorded whole or not at all.

    A batch with `faults` is never recorded. `faulty_ids` are the ids of rows left out for a fault of their
    own, so that rows which name them are not faulted twice.
    """

    about: str | None = None
    kinds: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    sources: tuple[Source, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    projects: tuple[Project, ...] = ()
    quotas: tuple[Quota, ...] = ()
    updates: tuple[Update, ...] = ()
    faults: tuple[Fault, ...] = ()
    faulty_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a judgement needs of one update that is not retracted: its claim and when it was published."""

    id: str
    event_date: str
    published: str | None = None
    status: Status | None = None
    percent: float | None = None
    promised: str | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The present state of a project, judged from its updates.

    `started` tells whether work was ever shown at a site; `progress` is in percent; `last_date` is the latest
    event's date as written and `last_day` the day by which it had surely happened.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
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
    state: State


# What is told of one thing when it is shown whole.


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a timeline: an update with its source, who recorded it when, and whether it was taken back.

    `recorded` and `retracted` are instants in UTC, as `2024-03-15T10:00:00Z`.
    """

    update: Update
    project_name: str
    source: Source | None = None
    recorded: str
    recorded_by: str
    retracted: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedQuota:
    """A quota, with the date of its announcement, and the year of its cohort where a cohort has it."""

    quota: Quota
    announced: str | None = None
    cohort_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme with its quotas, those of its cohorts included, and the years it has cohorts for."""

    id: str
    name: str
    kind: str
    years: tuple[int, ...] = ()
    quotas: tuple[DatedQuota, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDetail:
    """All that is known of a project. `place` is where it is, `sites` what belongs to it."""

    project: Project
    state: State
    place: Place | None = None
    province_name: str | None = None
    parents: tuple[Project, ...] = ()
    inherited_promise: str | None = None
    announcements: tuple[Announcement, ...] = ()
    programme: Programme | None = None
    cohorts: tuple[Project, ...] = ()
    sites: tuple[Site, ...] = ()
    modelled: tuple[Project, ...] = ()
    timeline: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDetail:
    """A place, the places around it from the inside out, and everything promised in it."""

    place: Place
    around: tuple[Place, ...] = ()
    sites: tuple[Site, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDetail:
    """A source, what it announces and what it claims."""

    source: Source
    announcements: tuple[Announcement, ...] = ()
    timeline: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementDetail:
    """An announcement, its source, the numbers it promises and the updates that record it."""

    announcement: Announcement
    source: Source | None = None
    quotas: tuple[DatedQuota, ...] = ()
    timeline: tuple[Entry, ...] = ()


Detail = ProjectDetail | PlaceDetail | SourceDetail | AnnouncementDetail
