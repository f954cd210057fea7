"""The day asked about, on both time axes: what was true and what was known."""

from datetime import date
from typing import NamedTuple


class Moment(NamedTuple):
    """The day asked about; `today` is the day of asking.

    `as_of` selects what had happened by then, `known_on` what was known by then; None selects everything.
    """

    today: date
    as_of: date | None = None
    known_on: date | None = None

    @property
    def day(self) -> date:
        """The day by which to judge what is overdue or silent."""
        return self.as_of or self.known_on or self.today

    @property
    def is_present(self) -> bool:
        """Whether everything on record today counts."""
        return self.as_of is None and self.known_on is None
