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
    """A row that contains every word of a search.

    `id` is an id that `nkplan show` accepts: the row's own or, for an update, its project's; then `title` is
    the project's name and `update` is the update's own id. `date` is the date of an update's event, or the
    date of a source or announcement, as written; `status` is what an update says, or a project's present one.
    """

    list: SearchList
    id: str
    title: str | None
    text: str | None
    date: str | None = None
    status: Status | None = None
    update: str | None = None

    @property
    def key(self) -> tuple[SearchList, str]:
        """What tells the row found from any other."""
        return self.list, self.update or self.id
