"""What `nkplan check` looks for, and what it finds."""

from enum import StrEnum
from typing import NamedTuple


class Check(StrEnum):
    """The checks of file and data; names never change. The manual's topic database has each rule."""

    DAMAGED_FILE = "damaged-file"
    CHANGED_SCHEMA = "changed-schema"
    CHANGED_VOCABULARY = "changed-vocabulary"
    BROKEN_REFERENCE = "broken-reference"
    CIRCLE = "circle"
    STALE_KEYS = "stale-keys"
    STALE_NAMES = "stale-names"
    STALE_DAYS = "stale-days"
    STALE_STATE = "stale-state"
    STALE_SEARCH = "stale-search"
    MOVED_BACK = "moved-back"
    OPENED_BY_USE = "opened-by-use"
    TWIN_SITES = "twin-sites"
    BEFORE_ANNOUNCED = "before-announced"
    UNCITED_SOURCE = "uncited-source"
    WRONG_REGION = "wrong-region"
    OUTSIDE_PROGRAMME = "outside-programme"
    FAR_AWAY = "far-away"
    QUOTA_DIFFERS = "quota-differs"
    FUTURE_DATE = "future-date"
    EARLY_SOURCE = "early-source"
    WRONG_LINK = "wrong-link"
    WRONG_OUTLINE = "wrong-outline"
    UNREPORTED_PROJECT = "untold-project"
    PROMISED_PAST = "promised-past"

    @property
    def subject(self) -> str:
        """What the check looks for, in a few words."""
        return _SUBJECTS[self]


_SUBJECTS = {
    Check.DAMAGED_FILE: "a fault that SQLite finds in the file",
    Check.CHANGED_SCHEMA: "a table, index, view or trigger that is missing, differs or was added",
    Check.CHANGED_VOCABULARY: "a status or an evidence class that differs from this version's",
    Check.BROKEN_REFERENCE: "a row that names a row which does not exist",
    Check.CIRCLE: "a place, a project or a number that is within itself",
    Check.STALE_KEYS: "an id or a link with a wrong lookup key",
    Check.STALE_NAMES: "a spelling of a place with a wrong lookup key",
    Check.STALE_DAYS: "days or a rank of an update or announcement that do not follow from its dates",
    Check.STALE_STATE: "a present state that does not follow from the updates",
    Check.STALE_SEARCH: "a search index that does not match the record",
    Check.MOVED_BACK: "a status that moved back without a note",
    Check.OPENED_BY_USE: "an opening that rests on use alone: by that date, or on it?",
    Check.TWIN_SITES: "two sites of one kind and year in one place",
    Check.BEFORE_ANNOUNCED: "work or an opening before the first announcement",
    Check.UNCITED_SOURCE: "a source that nothing cites",
    Check.WRONG_REGION: "a place outside its region",
    Check.OUTSIDE_PROGRAMME: "a site outside the place of its programme or cohort",
    Check.FAR_AWAY: "a place far from all others in its region",
    Check.QUOTA_DIFFERS: "fewer or more sites named for a year than promised",
    Check.FUTURE_DATE: "a date in the future",
    Check.EARLY_SOURCE: "a source published before what it is cited for",
    Check.WRONG_LINK: "a link that two sources have, or that cannot exist",
    Check.WRONG_OUTLINE: "an outline that cannot be drawn",
    Check.UNREPORTED_PROJECT: "a project that no update is about",
    Check.PROMISED_PAST: "a promised date that had passed when it was promised",
}


class Finding(NamedTuple):
    """One finding: the id of the row that it is about, the ids of other rows, and what is wrong.

    `id` is the id of a project, announcement, place or source, which `nkplan show` accepts; if the finding is
    about none of these, it is `database` or the name of a part of the schema. `others` are other rows to look
    at, including updates. `what` says in a sentence what is wrong and where to look.
    """

    check: Check
    id: str
    others: tuple[str, ...]
    what: str
