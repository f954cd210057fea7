"""Whether a programme keeps the promised pace, and when it would finish at the pace so far."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from nkplan.dates import months_between, parse_date
from nkplan.layout.grid import Column, Value, make_grid
from nkplan.layout.report import Report, name_month, show_range
from nkplan.model.promise import DatedQuota, Programme
from nkplan.model.question import Question
from nkplan.model.vocabulary import QuotaPeriod
from nkplan.reports.claims import name_counted
from nkplan.reports.promised import choose_quota, group_quotas

FEWEST = 5
"""The number of openings that a pace needs."""

_DAYS_A_YEAR = 365.25
_WINDOWS = (24, 12)  # Months before the day of the report; the time since the promise is the third period.


OpeningsByKind = Mapping[tuple[str, str], Sequence["Opening"]]
"""The openings by programme and kind."""


class Opening(NamedTuple):
    """How many sites opened on a day, and how many of those are verified as complete."""

    day: date
    number: int
    verified: int = 0


class PaceRow(NamedTuple):
    """One year of a programme: how much of a kind was promised, in which announcement, and how much opened.

    `promised_so_far` and `completed_so_far` run from the programme's first year to this one.
    """

    programme: str
    kind: str
    year: int
    promised: int | None
    announcement: str | None
    completed: int
    verified: int
    promised_so_far: int
    completed_so_far: int


class Forecast(NamedTuple):
    """When a programme would finish, from the fastest to the slowest pace, or why there is no forecast.

    `target` is the quota it is measured against and `completed` how many of its sites have opened, `n` of
    them since `since`; the paces come from these. `earliest` or `latest` is None if the pace is 0 or the
    calendar does not reach so far.
    """

    programme: str
    kind: str
    target: DatedQuota | None
    completed: int
    verified: int
    since: date | None = None
    n: int = 0
    slowest: float | None = None
    fastest: float | None = None
    earliest: date | None = None
    latest: date | None = None
    refused: str | None = None

    @property
    def left(self) -> int | None:
        """How many sites of the target have not opened."""
        return None if self.target is None else max(0, self.target.quota.quantity - self.completed)


class Pace(NamedTuple):
    """The years, the forecast and the quotas of one programme and kind.

    The quotas are in the order of announcement; `is_one_kind` means that it promised no other kind.
    """

    rows: tuple[PaceRow, ...]
    forecast: Forecast
    quotas: tuple[DatedQuota, ...] = ()
    is_one_kind: bool = True


def measure_pace(programmes: Iterable[Programme], openings: OpeningsByKind, day: date) -> list[Pace]:
    """Measure each programme that promised a number, kind by kind, by the days on which its sites opened.

    Openings after the year of `day` are ignored.
    """
    paces = []
    for programme in programmes:
        by_kind = group_quotas(programme)
        for kind, quotas in by_kind.items():
            opened = [one for one in openings.get((programme.id, kind), ()) if one.day.year <= day.year]
            pace = _measure_kind(programme, kind, quotas, opened, day)
            paces.append(pace._replace(is_one_kind=len(by_kind) == 1))
    return paces


def _measure_kind(
    programme: Programme, kind: str, quotas: Sequence[DatedQuota], openings: Sequence[Opening], day: date
) -> Pace:
    years = [day.year, *map(_find_first_year, quotas), *(one.day.year for one in openings)]
    rows: list[PaceRow] = []
    promised_so_far = completed_so_far = 0
    for year in range(min(year for year in years if year is not None), day.year + 1):
        opened = [one for one in openings if one.day.year == year]
        chosen = _choose(programme, year, quotas)
        completed = sum(one.number for one in opened)
        promised_so_far += chosen.quota.quantity if chosen else 0
        completed_so_far += completed
        rows.append(
            PaceRow(
                programme=programme.id,
                kind=kind,
                year=year,
                promised=chosen.quota.quantity if chosen else None,
                announcement=chosen.quota.announcement if chosen else None,
                completed=completed,
                verified=sum(one.verified for one in opened),
                promised_so_far=promised_so_far,
                completed_so_far=completed_so_far,
            )
        )
    return Pace(tuple(rows), _forecast(programme, kind, quotas, openings, day), tuple(quotas))


def _find_first_year(dated: DatedQuota) -> int | None:
    return dated.cohort_year or dated.quota.first_year


def _choose(programme: Programme, year: int, quotas: Sequence[DatedQuota]) -> DatedQuota | None:
    """Return the quota that applies to a year; a yearly one that names no years applies only to cohorts."""
    if programme.only_years is not None and year not in programme.only_years:
        return None
    chosen = choose_quota(year, quotas)
    if chosen is None or year in programme.years or _find_first_year(chosen) or chosen.quota.last_year:
        return chosen
    return None


def _forecast(
    programme: Programme, kind: str, quotas: Sequence[DatedQuota], openings: Sequence[Opening], day: date
) -> Forecast:
    totals = [dated for dated in quotas if dated.quota.per is QuotaPeriod.TOTAL and dated.is_of_programme]
    target = totals[-1] if totals else None
    counted = [one for one in openings if target is None or target.quota.covers(one.day.year)]
    forecast = Forecast(
        programme=programme.id,
        kind=kind,
        target=target,
        completed=sum(one.number for one in counted),
        verified=sum(one.verified for one in counted),
    )
    if target is None:
        return forecast._replace(refused="no number in all was promised")
    if programme.only_years is not None:
        some = "one year" if len(programme.only_years) == 1 else "some years"
        return forecast._replace(refused=f"the sites of {some} are asked for alone")
    since = _find_promise_day(target)
    if since is None:
        return forecast._replace(refused="it is not known when the number was promised")
    n = sum(one.number for one in counted if _is_within(one, (day - since).days, day))
    forecast = forecast._replace(since=since, n=n)
    if not forecast.left:
        return forecast._replace(refused="all of it has opened")
    if months_between(since, day) < min(_WINDOWS):
        return forecast._replace(refused=f"the promise is less than {min(_WINDOWS)} months old")
    if n < FEWEST:
        return forecast._replace(
            refused=f"a pace needs {FEWEST} openings, and {n} are on record since {since}"
        )
    return _extrapolate(forecast, counted, since, day)


def _find_promise_day(target: DatedQuota) -> date | None:
    """Return the later of the announcement and the start of the first year: work can begin then."""
    days = []
    if target.announced:
        days.append(parse_date(target.announced).effective_day)
    if target.quota.first_year:
        days.append(date(target.quota.first_year, 1, 1))
    return max(days, default=None)


def _extrapolate(forecast: Forecast, counted: Sequence[Opening], since: date, day: date) -> Forecast:
    spans = [(day - since).days]
    spans += [days for months in _WINDOWS if (days := round(months * _DAYS_A_YEAR / 12)) < spans[0]]
    paces = []
    for days in spans:
        opened = sum(one.number for one in counted if _is_within(one, days, day))
        paces.append(opened / days * _DAYS_A_YEAR)
    slowest, fastest = min(paces), max(paces)
    left = forecast.left or 0
    return forecast._replace(
        slowest=slowest,
        fastest=fastest,
        earliest=_add_years(day, left / fastest),
        latest=_add_years(day, left / slowest) if slowest else None,
    )


def _is_within(opening: Opening, days: int, day: date) -> bool:
    """Return whether an opening falls within the `days` days up to a day."""
    return (day - opening.day).days < days


def _add_years(day: date, years: float) -> date | None:
    """Return the day `years` years later, or None if it is beyond the calendar."""
    try:
        return day + timedelta(days=years * _DAYS_A_YEAR)
    except OverflowError:
        return None


_PROGRAMME, _YEAR = (
    Column("programme", "Programme", min_width=10),
    Column("year", "Year", is_number=True),
)
_COUNTS = (
    Column("promised", "Promised", is_number=True, drop=10),
    Column("completed", "Completed", is_number=True),
    Column("verified", "Verified", is_number=True, drop=12),
    Column("promised_so_far", "Promised so far", is_number=True),
    Column("completed_so_far", "Completed so far", is_number=True),
    Column("behind", "Behind", is_number=True),
)
_COLUMNS = (
    _PROGRAMME,
    Column("kind", "Kind"),
    _YEAR,
    *_COUNTS,
    Column("announcement", "Announcement"),
    Column("left", "Left", is_number=True),
    Column("since", "Since"),
    Column("slowest", "Slowest a year", is_number=True),
    Column("fastest", "Fastest a year", is_number=True),
    Column("earliest", "Earliest end"),
    Column("latest", "Latest end"),
    Column("refused", "No forecast"),
    Column("filter", "Filter"),
)


def make_report(facts: tuple[Sequence[Programme], OpeningsByKind], question: Question) -> Report:
    """Compare the openings of each year with its promise, and forecast the end at that pace."""
    rows: list[dict[str, Value]] = []
    screen: list[dict[str, Value]] = []
    notes: list[str] = []
    for pace in measure_pace(*facts, question.day):
        forecast = pace.forecast
        name = forecast.programme
        if not pace.is_one_kind:
            name += f", {forecast.kind}"
        filter_ = f"--programme {forecast.programme} --kind {forecast.kind}"
        for row in pace.rows:
            behind = row.promised_so_far - row.completed_so_far
            rows.append(row._asdict() | {"behind": behind, "filter": filter_})
            screen.append(rows[-1] | {"programme": name})
        rows.append(_name_forecast(forecast) | {"filter": filter_})
        notes += _explain_forecast(name, forecast)
        if len(pace.quotas) > 1:
            described = "; then ".join(map(_describe_quota, pace.quotas))
            notes.append(f"promises for {name}: {described}")
    notes.append("completed: opened in that year, by any evidence; verified: of these, verified as complete")
    notes.append("the pace is a range over three periods: since the promise, the last 24 months, the last 12")
    columns = (_PROGRAMME, _YEAR, *_COUNTS)
    return Report("Pace", make_grid(_COLUMNS, rows), make_grid(columns, screen), tuple(notes))


def _name_forecast(forecast: Forecast) -> dict[str, Value]:
    """Return the values of the forecast row, which has no year."""
    target = forecast.target.quota if forecast.target else None
    return {
        "programme": forecast.programme,
        "kind": forecast.kind,
        "promised": target.quantity if target else None,
        "completed": forecast.completed,
        "verified": forecast.verified,
        "announcement": target.announcement if target else None,
        "left": forecast.left,
        "since": forecast.since.isoformat() if forecast.since else None,
        "slowest": None if forecast.slowest is None else round(forecast.slowest, 2),
        "fastest": None if forecast.fastest is None else round(forecast.fastest, 2),
        "earliest": name_month(forecast.earliest),
        "latest": name_month(forecast.latest),
        "refused": forecast.refused,
    }


def _explain_forecast(name: str, forecast: Forecast) -> Iterator[str]:
    """Say what promise a programme is measured against, and when it would finish or why that is unknown."""
    measured = f"{name} is measured against {_describe_target(forecast.target)}"
    if forecast.refused:
        yield f"{measured}; no forecast: {forecast.refused}"
        return
    pace = show_range(forecast.slowest, forecast.fastest, digits=1)
    earliest, latest = name_month(forecast.earliest), name_month(forecast.latest)
    if earliest and latest:
        done = f"it would finish between {earliest} and {latest}"
    elif earliest:
        done = f"it would finish in {earliest} at the fastest pace, or never at the slowest"
    else:
        done = "it would never finish"
    yield (
        f"{measured}; {forecast.n} opened since {forecast.since}, {forecast.left} remain: "
        f"at {pace} a year {done}"
    )


def _describe_target(target: DatedQuota | None) -> str:
    return "the numbers of its years" if target is None else _describe_quota(target)


def _describe_quota(dated: DatedQuota) -> str:
    """Describe a quota: the number, its years, when it was promised and in which announcement."""
    quota = dated.quota
    per = "in all" if quota.per is QuotaPeriod.TOTAL or not dated.is_of_programme else "a year"
    first, last = dated.cohort_year or quota.first_year, dated.cohort_year or quota.last_year
    years = " to ".join(dict.fromkeys(str(year) for year in (first, last) if year))
    when = f" {'for' if last else 'from'} {years}" if years else ""
    said = f", promised {dated.announced}" if dated.announced else ""
    by = f" in {quota.announcement}" if quota.announcement else ""
    # A year tells cohorts apart; one without a year is named.
    of = f" for {dated.cohort}" if dated.cohort and not dated.cohort_year else ""
    counted = name_counted(quota.quantity == 1, quota.unit, quota.label)
    return f"{quota.quantity} {counted} {per}{of}{when}{said}{by}"
