"""The programmes that sites are counted against, with their quotas."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from nkplan.model.filters import Filters
from nkplan.model.promise import NOT_CANCELLED, Cancelled, Cohort, DatedQuota, Programme, Quota
from nkplan.model.vocabulary import QuotaPeriod, Status
from nkplan.queries.reader import Reader
from nkplan.rows.state import Row

_FIELDS = tuple(name for name in Quota._fields if name != "origin")


def list_programmes(reader: Reader, ids: Sequence[str] | None = None) -> list[Programme]:
    """List the programmes, or those with these ids, with their quotas and the years of their cohorts."""
    wanted = None if ids is None else json.dumps(ids)
    quotas: defaultdict[str, list[DatedQuota]] = defaultdict(list)
    for row in reader.fetch("questions.list_quotas", programmes=wanted, announcement=None):
        quotas[row["programme"]].append(_read_quota(row))
    cohorts: defaultdict[str, list[Cohort]] = defaultdict(list)
    for row in reader.fetch("questions.list_cohorts_of", programmes=wanted):
        cohorts[row["programme"]].append(Cohort(row["id"], row["name"], row["year"]))
    return [
        Programme(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            years=tuple(dict.fromkeys(one.year for one in cohorts[row["id"]] if one.year is not None)),
            quotas=tuple(quotas[row["id"]]),
            cohorts=tuple(cohorts[row["id"]]),
        )
        for row in reader.fetch("questions.list_programmes", programmes=wanted)
    ]


def list_promised(reader: Reader, filters: Filters, begun: int | None = None) -> list[Programme]:
    """List the programmes with the promises that match filters of sites; `begun` is the last year begun.

    No number was promised for a region, a place, a status or a tag, so with such a filter there is no promise
    to compare the sites with; nor is there for sites without a programme.
    """
    if filters.asks_for_some_sites:
        return []
    promised = []
    for one in list_programmes(reader, filters.programmes):
        quotas = tuple(dated for dated in one.quotas if _is_among(dated.quota.kind, filters.kinds))
        if quotas or _is_among(one.kind, filters.kinds):
            promised.append(one._replace(quotas=quotas, only_years=filters.years, begun=begun))
    return promised


def list_cancelled(reader: Reader) -> dict[str, Cancelled]:
    """Return, by programme, what of it is cancelled."""
    cancelled: dict[str, Cancelled] = {}
    for row in reader.fetch("questions.list_cancelled"):
        one = cancelled.get(row["programme"], NOT_CANCELLED)
        if row["type"] == "programme":
            one = one._replace(day=date.fromisoformat(row["day"]))
        elif row["year"] is not None:
            one = one._replace(years=one.years | {row["year"]})
        else:
            one = one._replace(cohorts=one.cohorts | {row["id"]})
        cancelled[row["programme"]] = one
    return cancelled


def _is_among(kind: str, kinds: Sequence[str] | None) -> bool:
    return kinds is None or kind in kinds


def list_quotas(reader: Reader) -> list[DatedQuota]:
    """List all quotas in the order in which they apply."""
    return list(map(_read_quota, reader.fetch("questions.list_quotas", programmes=None, announcement=None)))


def list_quotas_of(reader: Reader, announcement: str) -> tuple[DatedQuota, ...]:
    """List the quotas that an announcement made."""
    return tuple(
        map(_read_quota, reader.fetch("questions.list_quotas", programmes=None, announcement=announcement))
    )


def _read_quota(row: Row) -> DatedQuota:
    given = {name: row[name] for name in _FIELDS}
    stage = given["promised_status"]
    given |= {
        "per": QuotaPeriod(given["per"]),
        "promised_status": None if stage is None else Status(stage),
        "beside": given["beside"] and True,
    }
    day = date.min if row["announced_day"] is None else date.fromisoformat(row["announced_day"])
    return DatedQuota(Quota(**given), row["announced"], row["cohort_year"], row["cohort"], day)
