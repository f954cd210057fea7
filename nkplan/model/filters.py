"""Which sites a question is about."""

from typing import NamedTuple


class Filters(NamedTuple):
    """Exact values that a site must have; None matches every site, an empty value the sites without one.

    `places` is a JSON list of ids.
    """

    kind: str | None = None
    status: str | None = None
    province: str | None = None
    places: str | None = None
    programme: str | None = None
    cohort: str | None = None
    year: int | None = None


NO_FILTERS = Filters()
