"""The vocabularies: what a status, an evidence class and the like can be."""

from enum import StrEnum

FILE_FORMAT = "nkplan/1"


class Status(StrEnum):
    """What evidence says of a project, in the usual order of progress; moving back is allowed."""

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
        """The position in the order of statuses, from 0."""
        return _RANK[self]

    @property
    def reach(self) -> int:
        """How far a status shows a project to have come, from 0 (nothing at a site) to 5 (in use).

        An idle site has opened but is not in use, so it shows what an opening shows. A halt or an end
        shows nothing.
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

    @property
    def is_step(self) -> bool:
        """Whether it is a step forward; a halt, an end and an idle site are not."""
        return not self.is_halted and self is not Status.IDLE

    @property
    def is_ended(self) -> bool:
        """Whether completion is no longer expected."""
        return self.is_complete or self is Status.CANCELLED

    @property
    def is_seen_afterwards(self) -> bool:
        """Whether it begins on a day of its own, so that who sees it knows only that it has begun by then.

        A groundbreaking or an opening seen on 20 May is of `../2024-05-20`. What is seen unfinished, idle or
        halted on a day is so on that day.
        """
        return self in {Status.GROUNDBROKEN, Status.COMPLETED, Status.OPERATING}

    @property
    def is_halted(self) -> bool:
        """Whether the project was stopped, for now or for good, so that no further news is expected."""
        return self in {Status.PAUSED, Status.CANCELLED}


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
        """Whether the class is an observation; the promiser's own word and expert opinion are not."""
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
