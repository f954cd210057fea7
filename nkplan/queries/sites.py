"""The sites, and the programmes they are counted against."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from nkplan.model.promise import DatedQuota, Programme, Quota
from nkplan.model.state import Site
from nkplan.model.vocabulary import QuotaPeriod
from nkplan.queries.reader import Reader
from nkplan.rows.state import Row, read_site
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


def list_programmes(reader: Reader, programme: str | None = None) -> list[Programme]:
    """List the programmes, or the one of that id, with their quotas and the years of their cohorts."""
    quotas: defaultdict[str, list[DatedQuota]] = defaultdict(list)
    for row in reader.fetch("quotas", programme=programme, announcement=None):
        quotas[row["programme"]].append(_read_quota(row))
    return [
        Programme(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            years=tuple(map(int, (row["years"] or "").split())),
            quotas=tuple(quotas[row["id"]]),
        )
        for row in reader.fetch("programmes", programme=programme)
    ]


def list_quotas_of(reader: Reader, announcement: str) -> tuple[DatedQuota, ...]:
    """List the quotas that an announcement made."""
    return tuple(map(_read_quota, reader.fetch("quotas", programme=None, announcement=announcement)))


def _read_quota(row: Row) -> DatedQuota:
    quota = Quota(
        project=row["project"],
        kind=row["kind"],
        quantity=row["quantity"],
        per=QuotaPeriod(row["per"]),
        unit=row["unit"],
        first_year=row["first_year"],
        last_year=row["last_year"],
        announcement=row["announcement"],
        note=row["note"],
    )
    return DatedQuota(quota=quota, announced=row["announced"], cohort_year=row["cohort_year"])


def list_names(reader: Reader) -> dict[str, str]:
    """Give, for each project, its name and every spelling of its place's name, folded for search."""
    return {row["id"]: f"{fold(row['name'])} {row['folded'] or ''}" for row in reader.fetch("names")}
