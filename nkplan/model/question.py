"""What is asked of a view."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.moment import Moment


class Grouping(StrEnum):
    """What the rows of a progress report stand for."""

    PROGRAMME_AND_YEAR = "programme-and-year"
    PROGRAMME = "programme"
    YEAR = "year"
    KIND = "kind"
    PROVINCE = "province"
    STATUS = "status"

    @property
    def has_promises(self) -> bool:
        """Whether quotas can be told apart by it; none says how many for a province or a status."""
        return self not in {Grouping.PROVINCE, Grouping.STATUS}


class Question(NamedTuple):
    """What is asked: of which sites and which day, and what one view or another takes beside.

    Progress is grouped `by` something, changes are `since` the end of a day, and silence lasts `months`.
    """

    moment: Moment
    filters: Filters = NO_FILTERS
    by: Grouping = Grouping.PROGRAMME_AND_YEAR
    since: date = date.min
    months: int = 0

    @property
    def day(self) -> date:
        """The day by which to judge."""
        return self.moment.day
