"""The question that a view answers."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.moment import Moment
from nkplan.model.settings import SILENT_MONTHS


class Grouping(StrEnum):
    """What each row of a progress report stands for."""

    PROGRAMME_AND_YEAR = "programme-and-year"
    PROGRAMME = "programme"
    YEAR = "year"
    KIND = "kind"
    REGION = "region"
    STATUS = "status"

    @property
    def has_promises(self) -> bool:
        """Whether quotas can be grouped by it; no quota is for a region or a status."""
        return self not in {Grouping.REGION, Grouping.STATUS}


class Question(NamedTuple):
    """The question that a view answers: which sites, which day, and options that only some views take.

    Progress is grouped `by` something, changes are those after the day `since`, promises are those made from
    the first to the last day of `on`, silence lasts `months`.
    `silent_months` is how long it lasts by the settings of the record, whatever the question says.
    """

    moment: Moment
    filters: Filters = NO_FILTERS
    by: Grouping = Grouping.PROGRAMME_AND_YEAR
    since: date = date.min
    on: tuple[date, date] | None = None
    months: int = SILENT_MONTHS
    silent_months: int = SILENT_MONTHS

    @property
    def day(self) -> date:
        """The day by which to judge."""
        return self.moment.day
