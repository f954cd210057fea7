"""Which sites a question is about."""

from typing import NamedTuple


class Filters(NamedTuple):
    """What a site must have: one of the values of each field, or the cohort; None matches every site.

    Among the values '' and, for a year, 0 stand for the sites without one. Kinds, places and so on are ids.
    A site has the tags of its cohort and its programme too. `named` are ids. `evidence`, `publishers` and
    `speakers` are those of its updates, of which each is matched by one; since the day `since` it had news.
    """

    kinds: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = None
    programmes: tuple[str, ...] | None = None
    cohort: str | None = None
    years: tuple[int, ...] | None = None
    tags: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    claimed: tuple[str, ...] | None = None
    verified: tuple[str, ...] | None = None
    evidence: tuple[str, ...] | None = None
    publishers: tuple[str, ...] | None = None
    speakers: tuple[str, ...] | None = None
    since: str | None = None

    @property
    def asks_for_some_sites(self) -> bool:
        """Whether they choose among the sites of a programme by what no number is promised for.

        Numbers are promised for a kind and for years, never for a region, a place, a status or a tag, say.
        """
        promised = self._replace(kinds=None, programmes=None, cohort=None, years=None)
        return promised != NO_FILTERS


NO_FILTERS = Filters()
