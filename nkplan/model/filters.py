"""Which sites a question is about."""

from typing import NamedTuple


class Filters(NamedTuple):
    """What a site must have: one of the values of each field, or the cohort; None matches every site.

    Among the values '' and, for a year, 0 stand for the sites without one. Kinds, places and so on are ids.
    """

    kinds: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = None
    programmes: tuple[str, ...] | None = None
    cohort: str | None = None
    years: tuple[int, ...] | None = None


NO_FILTERS = Filters()
