"""What a search finds."""

from enum import StrEnum
from typing import NamedTuple

from nkplan.model.vocabulary import Status


class SearchList(StrEnum):
    """The lists whose texts can be searched."""

    PROJECT = "project"
    UPDATE = "update"
    SOURCE = "source"
    ANNOUNCEMENT = "announcement"
    PLACE = "place"


class Hit(NamedTuple):
    """A row that holds every word looked for.

    `id` is what can be shown of it: its own id, or of an update its project's, whose name is the title and
    whose own id is `update`. `date` is when an update's event was, or a source or announcement came out, as
    written; `status` what an update says, or a project's present one.
    """

    list: SearchList
    id: str
    title: str | None
    text: str | None
    date: str | None = None
    status: Status | None = None
    update: str | None = None
