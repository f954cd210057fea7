"""Whether a programme keeps the pace that was promised, and when it would be done at the pace so far."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from nkplan.dates import parse_date
from nkplan.model.promise import DatedQuota, Programme
from nkplan.model.vocabulary import QuotaPeriod
from nkplan.report.progress import choose_quota, sort_quotas

FEWEST = 5
"""So many sites have to have opened before a pace is made of them."""

_YEAR = 365.25
_WINDOWS = (24, 12)  # Months before the day of judging, beside the whole time since the promise.


class Opening(NamedTuple):
    """How many sites of a programme opened on a day, and how many of them are verified as complete."""

    day: date
    number: int
    verified: int = 0


class PaceRow(NamedTuple):
    """One year of a programme: what was promised for it and in which announcement, and what opened in it.

    `promised_so_far` and `completed_so_far` run from the programme's first year to this one.
    """

    programme: str
    name: str
    year: int
    promised: int | None
    announcement: str | None
    completed: int
    verified: int
    promised_so_far: int
    completed_so_far: int


class Forecast(NamedTuple):
    """When a programme would be done: from the fastest to the slowest pace seen, or why there is no saying.

    `target` is what is measured against, `completed` the n that the paces come from, since `since`. `latest`
    is None where the slowest pace is none at all.
    """

    programme: str
    name: str
    target: DatedQuota | None
    completed: int
    verified: int
    since: date | None = None
    slowest: float | None = None
    fastest: float | None = None
    earliest: date | None = None
    latest: date | None = None
    refused: str | None = None

    @property
    def left(self) -> int | None:
        """How many of the target have not opened."""
        return None if self.target is None else max(0, self.target.quota.quantity - self.completed)


class Pace(NamedTuple):
    """The years of one programme, the forecast, and its quotas in the order of their announcement."""

    rows: tuple[PaceRow, ...]
    forecast: Forecast
    quotas: tuple[DatedQuota, ...] = ()


def report_pace(
    programmes: Iterable[Programme], openings: Mapping[str, Sequence[Opening]], day: date
) -> list[Pace]:
    """Measure each programme that promised a number, by the days on which its sites opened."""
    return [
        _measure(programme, openings.get(programme.id, ()), day)
        for programme in programmes
        if programme.quotas
    ]


def _measure(programme: Programme, openings: Sequence[Opening], day: date) -> Pace:
    quotas = sort_quotas(programme)
    promised_years = [dated.cohort_year or dated.quota.first_year for dated in quotas]
    years = [year for year in (*promised_years, *(one.day.year for one in openings)) if year is not None]
    rows: list[PaceRow] = []
    promised_so_far = completed_so_far = 0
    for year in range(min(years, default=day.year + 1), day.year + 1):
        opened = [one for one in openings if one.day.year == year]
        chosen = choose_quota(year, quotas)
        completed = sum(one.number for one in opened)
        promised_so_far += chosen.quota.quantity if chosen else 0
        completed_so_far += completed
        rows.append(
            PaceRow(
                programme=programme.id,
                name=programme.name,
                year=year,
                promised=chosen.quota.quantity if chosen else None,
                announcement=chosen.quota.announcement if chosen else None,
                completed=completed,
                verified=sum(one.verified for one in opened),
                promised_so_far=promised_so_far,
                completed_so_far=completed_so_far,
            )
        )
    return Pace(tuple(rows), _forecast(programme, quotas, openings, day), tuple(quotas))


def _forecast(
    programme: Programme, quotas: Sequence[DatedQuota], openings: Sequence[Opening], day: date
) -> Forecast:
    totals = [dated for dated in quotas if dated.quota.per is QuotaPeriod.TOTAL and dated.cohort_year is None]
    target = totals[-1] if totals else None
    counted = [one for one in openings if target is None or target.quota.covers(one.day.year)]
    forecast = Forecast(
        programme=programme.id,
        name=programme.name,
        target=target,
        completed=sum(one.number for one in counted),
        verified=sum(one.verified for one in counted),
    )
    if target is None:
        return forecast._replace(refused="no number in all was promised")
    since = _find_start(target)
    if since is None:
        return forecast._replace(refused="it is not known when the number was promised")
    forecast = forecast._replace(since=since)
    if not forecast.left:
        return forecast._replace(refused="all of it has opened")
    months = (day - since).days / _YEAR * 12
    if months < min(_WINDOWS):
        return forecast._replace(refused=f"the promise is less than {min(_WINDOWS)} months old")
    if forecast.completed < FEWEST:
        return forecast._replace(refused=f"n is {forecast.completed}, and a pace takes {FEWEST} openings")
    return _extrapolate(forecast, counted, since, day)


def _find_start(target: DatedQuota) -> date | None:
    """Give the day from which a number can have been worked on: when it was announced, or its first year."""
    days = []
    if target.announced:
        days.append(parse_date(target.announced).end)
    if target.quota.first_year:
        days.append(date(target.quota.first_year, 1, 1))
    return max(days, default=None)


def _extrapolate(forecast: Forecast, counted: Sequence[Opening], since: date, day: date) -> Forecast:
    spans = [(day - since).days]
    spans += [days for months in _WINDOWS if (days := round(months * _YEAR / 12)) < spans[0]]
    paces = []
    for days in spans:
        opened = sum(one.number for one in counted if (day - one.day).days < days)
        paces.append(opened / days * _YEAR)
    slowest, fastest = min(paces), max(paces)
    left = forecast.left or 0
    return forecast._replace(
        slowest=slowest,
        fastest=fastest,
        earliest=_add_years(day, left / fastest),
        latest=_add_years(day, left / slowest) if slowest else None,
    )


def _add_years(day: date, years: float) -> date | None:
    """Give a day so many years on; none that no calendar has."""
    try:
        return day + timedelta(days=years * _YEAR)
    except OverflowError:
        return None
