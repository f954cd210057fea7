"""The sites."""

from collections.abc import Iterator
from typing import NamedTuple

from nkplan.model.state import Site
from nkplan.queries.reader import Reader
from nkplan.rows.state import read_site
from nkplan.text import fold


class Filters(NamedTuple):
    """Which sites to list, each by an exact value; None lets every site pass."""

    kind: str | None = None
    status: str | None = None
    province: str | None = None
    programme: str | None = None
    cohort: str | None = None
    year: int | None = None


NO_FILTERS = Filters()


def list_sites(reader: Reader, filters: Filters = NO_FILTERS) -> Iterator[Site]:
    """Go through the sites that pass the filters, by id."""
    yield from map(read_site, reader.fetch("list_sites", **filters._asdict()))


def list_sites_in(reader: Reader, place: str) -> Iterator[Site]:
    """Go through the sites in a place and in the places within it, by id."""
    yield from map(read_site, reader.fetch("sites_in_place", place=place))


def count_sites(reader: Reader) -> int:
    """Count all sites there are."""
    return int(reader.fetch("count_sites").fetchone()["sites"])


def list_names(reader: Reader) -> dict[str, str]:
    """Give, for each project, its name and every spelling of its place's name, folded for search."""
    return {row["id"]: f"{fold(row['name'])} {row['folded'] or ''}" for row in reader.fetch("names")}
