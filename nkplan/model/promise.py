"""What was promised in numbers: quotas, and the programmes that have them."""

from datetime import date
from typing import NamedTuple

from nkplan.model.faults import NOWHERE, Origin
from nkplan.model.vocabulary import QuotaPeriod, Status


class Quota(NamedTuple):
    """A number promised for a programme or cohort, for the years from `first_year` to `last_year`.

    Either year is None if it is not known or does not apply. It counts sites unless it has a `unit`; `label`
    is what the sites are called. `promised_status` is the stage that is promised; None stands for completion.
    A cohort's number is part of its programme's unless it is `beside` it; the number of a programme may be
    `within` that of another. `id` is empty until it is derived.
    """

    project: str
    kind: str
    quantity: int
    per: QuotaPeriod
    id: str = ""
    unit: str | None = None
    label: str | None = None
    promised_status: Status | None = None
    beside: bool | None = None
    within: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    announcement: str | None = None
    note: str | None = None
    origin: Origin = NOWHERE

    def covers(self, year: int) -> bool:
        """Return whether the number is promised for a year."""
        return (self.first_year or year) <= year <= (self.last_year or year)

    @property
    def promises_opening(self) -> bool:
        """Whether it promises that sites open, which is more than that work on them starts."""
        return self.promised_status is None or self.promised_status.is_complete


class DatedQuota(NamedTuple):
    """A quota, with the date of its announcement and, for a cohort's quota, the cohort and its year.

    `announced_day` is the day by which it had surely been announced, which a source can settle; date.min if
    nothing says when.

    The number of a cohort without a year is part of its programme's number in all, unless it is beside it.
    """

    quota: Quota
    announced: str | None = None
    cohort_year: int | None = None
    cohort: str | None = None
    announced_day: date = date.min

    @property
    def is_of_programme(self) -> bool:
        """Whether it is the programme's own, not a cohort's."""
        return self.cohort is None and self.cohort_year is None


class Cohort(NamedTuple):
    """A year or a wave of a programme; a wave has no year."""

    id: str
    name: str
    year: int | None = None


class Programme(NamedTuple):
    """A programme with its quotas, including those of its cohorts, and the years it has cohorts for.

    `begun` is the last year that has begun, if what was promised is to be counted up to it. If only some
    years are counted, `only_years` are these; 0 stands for what belongs to no year. If only one wave is, a
    cohort without a year, `only_wave` is its id.
    """

    id: str
    name: str
    kind: str
    years: tuple[int, ...] = ()
    quotas: tuple[DatedQuota, ...] = ()
    only_years: tuple[int, ...] | None = None
    begun: int | None = None
    cohorts: tuple[Cohort, ...] = ()
    only_wave: str | None = None


class Cancelled(NamedTuple):
    """What of a programme is cancelled: all of it since `day`, or cohorts, by year or, without one, by id."""

    day: date | None = None
    years: frozenset[int] = frozenset()
    cohorts: frozenset[str] = frozenset()


NOT_CANCELLED = Cancelled()
