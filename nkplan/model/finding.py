"""What `nkplan check` looks for, and what it finds."""

from enum import StrEnum
from typing import NamedTuple


class Check(StrEnum):
    """The checks of file and data, by names that last; README, "What is inconsistent", tells each rule."""

    DAMAGED_FILE = "damaged-file"
    CHANGED_SCHEMA = "changed-schema"
    BROKEN_REFERENCE = "broken-reference"
    STALE_NAMES = "stale-names"
    STALE_DAYS = "stale-days"
    STALE_STATE = "stale-state"
    STALE_SEARCH = "stale-search"
    MOVED_BACK = "moved-back"
    TWIN_SITES = "twin-sites"
    BEFORE_ANNOUNCED = "before-announced"
    UNCITED_SOURCE = "uncited-source"
    WRONG_PROVINCE = "wrong-province"
    OUTSIDE_PROGRAMME = "outside-programme"
    FAR_AWAY = "far-away"
    QUOTA_DIFFERS = "quota-differs"
    FUTURE_DATE = "future-date"
    EARLY_SOURCE = "early-source"
    UNTOLD_PROJECT = "untold-project"
    PROMISED_PAST = "promised-past"

    @property
    def subject(self) -> str:
        """What the check finds, in a few words."""
        return _SUBJECTS[self]


_SUBJECTS = {
    Check.DAMAGED_FILE: "a fault that SQLite finds in the file",
    Check.CHANGED_SCHEMA: "a table, index, view or trigger that is missing or is another",
    Check.BROKEN_REFERENCE: "a row that names another which is not there",
    Check.STALE_NAMES: "a spelling of a place that is not looked up as it is written",
    Check.STALE_DAYS: "an update's or announcement's days or rank that are not what its dates give",
    Check.STALE_STATE: "a present state that is not what the updates give",
    Check.STALE_SEARCH: "a search that does not look in what is there",
    Check.MOVED_BACK: "a status that moved back without a note",
    Check.TWIN_SITES: "two sites of one kind and year in one place",
    Check.BEFORE_ANNOUNCED: "work or an opening before the first announcement",
    Check.UNCITED_SOURCE: "a source that nothing cites",
    Check.WRONG_PROVINCE: "a place outside its province",
    Check.OUTSIDE_PROGRAMME: "a site outside the place of its programme or cohort",
    Check.FAR_AWAY: "a place far from all others of its province",
    Check.QUOTA_DIFFERS: "fewer or more sites named for a year than promised",
    Check.FUTURE_DATE: "a date that is still to come",
    Check.EARLY_SOURCE: "a source published before what it is cited for",
    Check.UNTOLD_PROJECT: "a project that nothing is told of",
    Check.PROMISED_PAST: "a promised date that was past when it was promised",
}


class Finding(NamedTuple):
    """One thing found: the id of the row that it is about, those of the other rows, and what is wrong.

    `id` is that of a project, announcement, place or source, which `nkplan show` shows, or where the fault is
    no such row's the name of a part of the schema or `database`; `others` are other rows to look at, updates
    among them. `what` says in a sentence what is wrong and where to look.
    """

    check: Check
    id: str
    others: tuple[str, ...]
    what: str
