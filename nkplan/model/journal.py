"""What the journal says: changes, and what each did to which row."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row of the journal: a command that wrote, when (in UTC) and by whom, and which others it concerns."""

    id: int
    command: str
    recorded: str
    recorded_by: str
    summary: str
    undone_in: int | None = None
    undoes: int | None = None
    redoes: int | None = None


class Deed(StrEnum):
    """What a change did to a row."""

    RECORDED = "recorded"
    EDITED = "edited"
    UNDONE = "undone"
    PUT_BACK = "put back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What a change did to a row of a list: `before` is what an edited one said, `row` what it says since.

    `undone_in` is the change that undid a recorded row, if it is not active.
    """

    list: str
    key: str
    deed: Deed
    row: Any
    before: Any = None
    undone_in: int | None = None
