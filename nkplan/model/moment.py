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
    def happened_by(self) -> date | None:
        """The day by which what counts had happened; None if everything counts, as it does from today on."""
        return None if self.as_of is None or self.as_of >= self.today else self.as_of

    @property
    def known_by(self) -> date | None:
        """The day by which what counts was known; None if everything counts, as it does from today on."""
        return None if self.known_on is None or self.known_on >= self.today else self.known_on

    @property
    def day(self) -> date:
        """The day by which to judge what is overdue or silent."""
        return self.happened_by or self.known_by or self.today

    @property
    def is_present(self) -> bool:
        """Whether everything on record today counts."""
        return self.happened_by is None and self.known_by is None
