"""What `nkplan check` looks for, and what it finds."""

from enum import StrEnum
from typing import NamedTuple


class Check(StrEnum):
    """The checks of the data, by names that last; README, chapter "What is inconsistent", tells each rule."""

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

    `id` is that of a project, announcement, place or source, which `nkplan show` shows; `others` are other
    rows to look at, updates among them. `what` says in a sentence what is wrong and where to look.
    """

    check: Check
    id: str
    others: tuple[str, ...]
    what: str
