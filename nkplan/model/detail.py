"""Everything that `show` prints about one thing."""

from typing import Any, NamedTuple

from nkplan.model.batch import Announcement, Place, Project, Publisher, Source, Update
from nkplan.model.outline import Outline
from nkplan.model.promise import DatedQuota, Programme
from nkplan.model.state import Site, State


class Entry(NamedTuple):
    """One line of a timeline: an update with its source, who recorded it when, and whether it was retracted.

    `recorded` and `retracted` are instants in UTC, such as `2024-03-15T10:00:00Z`.
    """

    update: Update
    project_name: str
    recorded: str
    recorded_by: str
    source: Source | None = None
    retracted: str | None = None


class ProjectDetail(NamedTuple):
    """All that is known about a project. `place` is where it is; `sites` are the sites that belong to it.

    `model` is what it is modelled on, `modelled` what is modelled on it.
    """

    project: Project
    state: State
    place: Place | None = None
    region: str | None = None
    region_name: str | None = None
    parents: tuple[Project, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    programme: Programme | None = None
    cohorts: tuple[Project, ...] = ()
    sites: tuple[Site, ...] = ()
    model: Project | None = None
    modelled: tuple[Project, ...] = ()
    timeline: tuple[Entry, ...] = ()


class PlaceDetail(NamedTuple):
    """A place, the places around it from the inside out, what was promised in it and what was reported."""

    place: Place
    outline: Outline | None = None
    around: tuple[Place, ...] = ()
    sites: tuple[Site, ...] = ()
    timeline: tuple[Entry, ...] = ()


class SourceDetail(NamedTuple):
    """A source, what it announces and what it claims."""

    source: Source
    announcements: tuple[Announcement, ...] = ()
    timeline: tuple[Entry, ...] = ()


class PublisherDetail(NamedTuple):
    """A publisher, and the sources with a link to its domain, but not those of a publisher within it."""

    publisher: Publisher
    sources: tuple[Source, ...] = ()


class AnnouncementDetail(NamedTuple):
    """An announcement, its source, the numbers it promises and the updates that record it."""

    announcement: Announcement
    source: Source | None = None
    quotas: tuple[DatedQuota, ...] = ()
    timeline: tuple[Entry, ...] = ()


class DaysDetail(NamedTuple):
    """What was announced on a day or in a month, `written` as a date, and what happened then."""

    written: str
    announcements: tuple[Announcement, ...] = ()
    timeline: tuple[Entry, ...] = ()


Detail = ProjectDetail | PlaceDetail | SourceDetail | PublisherDetail | AnnouncementDetail | DaysDetail


class Former(NamedTuple):
    """What a row said until a change gave it other content, and that change."""

    row: Any
    change: int
    command: str
    recorded: str
    recorded_by: str
