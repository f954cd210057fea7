"""Whether a programme keeps the promised pace, and when it would finish at the pace so far."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import NamedTuple

from nkplan.dates import months_between
from nkplan.layout.grid import Column, Value, make_grid
from nkplan.layout.report import Report, name_month, show_range
from nkplan.model.promise import NOT_CANCELLED, Cancelled, DatedQuota, Programme, Quota
from nkplan.model.question import Question
from nkplan.model.vocabulary import QuotaPeriod
from nkplan.reports.claims import name_counted
from nkplan.reports.promised import choose_quota, group_quotas, spread

FEWEST = 5
"""The number of openings that a pace needs."""

_DAYS_A_YEAR = 365.25
_WINDOWS = (24, 12)  # Months before the day of the report; the time since the promise is the third period.


OpeningsByKind = Mapping[tuple[str, str], Sequence["Opening"]]
"""The openings by programme and kind."""


class Opening(NamedTuple):
    """How many sites opened on a day, and how many of those are verified as complete.

    With `earliest` they are only known to have opened by `day`, and not before `earliest`.
    """

    day: date
    number: int
    verified: int = 0
    earliest: date | None = None

    @property
    def first(self) -> date:
        """The first day on which they can have opened, as far as it is doubtful."""
        return self.earliest or self.day

    @property
    def is_dated(self) -> bool:
        """Whether it is known in which year they opened."""
        return self.first.year == self.day.year


class Facts(NamedTuple):
    """What was promised, when sites opened, and what is cancelled, by programme."""

    programmes: Sequence[Programme]
    openings: OpeningsByKind
    cancelled: Mapping[str, Cancelled] = {}


class PaceRow(NamedTuple):
    """One year of a programme: how much of a kind was promised, in which announcement, and how much opened.

    `year_unknown` are those that had opened by a day of this year, perhaps in an earlier one. `due_so_far` is
    what was promised for the years up to this one that have ended, None if the programme is cancelled;
    `completed_so_far` also runs from the programme's first year to this one.
    """

    programme: str
    kind: str
    year: int
    promised: int | None
    announcement: str | None
    completed: int
    verified: int
    year_unknown: int
    due_so_far: int | None
    completed_so_far: int

    @property
    def behind(self) -> int | None:
        """How much less has opened than was due."""
        return None if self.due_so_far is None else self.due_so_far - self.completed_so_far


class Forecast(NamedTuple):
    """When a programme would finish, from the fastest to the slowest pace, or why there is no forecast.

    `target` is the quota it is measured against and `completed` how many sites have opened since it was first
    promised, also after its last year, `n` of them surely after `since`, the day of that promise; the
    paces come from these. `earliest` or `latest` is None if the pace is 0 or the calendar does not reach so
    far.
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
    is_cancelled: bool = False

    @property
    def left(self) -> int | None:
        """How many sites of the target have not opened; of what is cancelled nothing is lacking."""
        if self.target is None or self.is_cancelled:
            return None
        return max(0, self.target.quota.quantity - self.completed)


class Pace(NamedTuple):
    """The years, the forecast and the quotas of one programme and kind.

    The quotas are in the order of announcement; `is_one_kind` means that it promised no other kind.
    """

    rows: tuple[PaceRow, ...]
    forecast: Forecast
    quotas: tuple[DatedQuota, ...] = ()
    is_one_kind: bool = True


class _Part(NamedTuple):
    """What a programme promised of one kind, what of it opened, and what is cancelled."""

    programme: Programme
    kind: str
    quotas: Sequence[DatedQuota]
    openings: Sequence[Opening]
    cancelled: Cancelled


def measure_pace(facts: Facts, day: date) -> list[Pace]:
    """Measure each programme that promised a number, kind by kind, by the days on which its sites opened.

    Openings after the year of `day` are ignored.
    """
    paces = []
    for programme in facts.programmes:
        by_kind = group_quotas(programme)
        cancelled = facts.cancelled.get(programme.id, NOT_CANCELLED)
        for kind, quotas in by_kind.items():
            opened = [one for one in facts.openings.get((programme.id, kind), ()) if one.day.year <= day.year]
            part = _Part(programme, kind, quotas, opened, cancelled)
            rows = tuple(_measure_years(part, day))
            paces.append(Pace(rows, _forecast(part, day), tuple(quotas), is_one_kind=len(by_kind) == 1))
    return paces


def _measure_years(part: _Part, day: date) -> Iterator[PaceRow]:
    programme, kind, quotas, openings, cancelled = part
    years = [day.year, *map(_find_first_year, quotas), *(dated.quota.last_year for dated in quotas)]
    years += [*programme.years, *(one.day.year for one in openings)]
    first = min(year for year in years if year is not None)
    promised = {year: _choose(programme, year, quotas) for year in range(first, day.year + 1)}
    by_year: defaultdict[int, list[Opening]] = defaultdict(list)
    for one in openings:
        by_year[one.day.year].append(one)
    ending = _sum_by_last_year(part, day)
    due = completed_so_far = 0
    for year, chosen in promised.items():
        opened = by_year[year]
        dated = [one for one in opened if one.is_dated]
        completed_so_far += sum(one.number for one in opened)
        if date(year, 12, 31) < day:
            due += ending[year]
        yield PaceRow(
            programme=programme.id,
            kind=kind,
            year=year,
            promised=chosen.quota.quantity if chosen else None,
            announcement=chosen.quota.announcement if chosen else None,
            completed=sum(one.number for one in dated),
            verified=sum(one.verified for one in dated),
            year_unknown=sum(one.number for one in opened if not one.is_dated),
            due_so_far=None if cancelled.day else due,
            completed_so_far=completed_so_far,
        )


def _sum_by_last_year(part: _Part, day: date) -> Counter[int]:
    """Add up what was promised by its last year. Nothing of what is cancelled is due."""
    ending: Counter[int] = Counter()
    for number in spread(part.programme._replace(begun=day.year)).numbers:
        last = number.last_year if number.year is None else number.year
        is_cancelled = number.wave in part.cancelled.cohorts or number.year in part.cancelled.years
        if number.kind == part.kind and last is not None and not is_cancelled:
            ending[last] += number.quantity
    return ending


def _reverse_totals(quotas: Sequence[DatedQuota]) -> Iterator[DatedQuota]:
    """Iterate over the programme's numbers in all, the latest first."""
    return (
        dated for dated in reversed(quotas) if dated.quota.per is QuotaPeriod.TOTAL and dated.is_of_programme
    )


class _Years(NamedTuple):
    first: int
    last: int

    def shares(self, other: "_Years") -> bool:
        return max(self.first, other.first) <= min(self.last, other.last)

    def join(self, others: Sequence["_Years"]) -> "_Years":
        """Return the years from the first to the last of these and others that share some of them."""
        firsts, lasts = zip(self, *others, strict=True)
        return _Years(min(firsts), max(lasts))


def _find_years(quota: Quota) -> _Years:
    return _Years(quota.first_year or MINYEAR, quota.last_year or MAXYEAR)


def _find_first_year(dated: DatedQuota) -> int | None:
    return dated.cohort_year or dated.quota.first_year


def _choose(programme: Programme, year: int, quotas: Sequence[DatedQuota]) -> DatedQuota | None:
    """Return the quota that applies to a year; a number a year without a first year adds to none."""
    if programme.only_years is not None and year not in programme.only_years:
        return None
    return choose_quota(year, [one for one in quotas if not one.is_of_programme or one.quota.first_year])


def _forecast(part: _Part, day: date) -> Forecast:
    programme, kind, quotas, openings, cancelled = part
    chain = _find_chain(quotas)
    target = chain[0] if chain else None
    since = _find_promise_day(chain)
    # What opens before the first year or after the last counts as well.
    counted = [one for one in openings if since is None or one.day >= since]
    forecast = Forecast(
        programme=programme.id,
        kind=kind,
        target=target,
        completed=sum(one.number for one in counted),
        verified=sum(one.verified for one in counted),
        is_cancelled=cancelled.day is not None,
    )
    if cancelled.day is not None:
        return forecast._replace(refused=f"it was cancelled on {cancelled.day}")
    if target is None:
        return forecast._replace(refused="no number in all was promised")
    if programme.only_years is not None:
        some = "one year" if len(programme.only_years) == 1 else "some years"
        return forecast._replace(refused=f"the sites of {some} are asked for alone")
    if since is None:
        return forecast._replace(refused="it is not known when the number was promised")
    n = sum(one.number for one in counted if _is_within(one, (day - since).days, day))
    forecast = forecast._replace(since=since, n=n)
    if not forecast.left:
        return forecast._replace(refused="all of it has opened")
    if months_between(since, day) < min(_WINDOWS):
        return forecast._replace(refused=f"the promise is less than {min(_WINDOWS)} months old")
    if n < FEWEST:
        return forecast._replace(refused=f"a pace needs {FEWEST} openings; on record since {since}: {n}")
    return _extrapolate(forecast, counted, since, day)


def _find_chain(quotas: Sequence[DatedQuota]) -> list[DatedQuota]:
    """Return the latest number in all, then those that it replaced one after another."""
    chain: list[DatedQuota] = []
    covered: _Years | None = None
    for dated in _reverse_totals(quotas):
        years = _find_years(dated.quota)
        if covered is None or years.shares(covered):
            covered = years if covered is None else covered.join([years])
            chain.append(dated)
    return chain


def _find_promise_day(chain: Sequence[DatedQuota]) -> date | None:
    """Return the day of the first promise of a chain, or else the first day of its years, if known."""
    announced = [one.announced_day for one in chain if one.announced]
    years = [one.quota.first_year for one in chain if one.quota.first_year]
    return min(announced) if announced else date(min(years), 1, 1) if years else None


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
    """Return whether an opening surely falls within the `days` days up to a day."""
    return (day - opening.first).days < days


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
    Column("due_so_far", "Due so far", is_number=True),
    Column("completed_so_far", "Completed so far", is_number=True),
    Column("behind", "Behind", is_number=True),
)
_YEAR_UNKNOWN = Column("year_unknown", "Year unknown", is_number=True)
_COLUMNS = (
    _PROGRAMME,
    Column("kind", "Kind"),
    _YEAR,
    *_COUNTS[:3],
    _YEAR_UNKNOWN,
    *_COUNTS[3:],
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


def make_report(facts: Facts, question: Question) -> Report:
    """Compare the openings of each year with its promise, and forecast the end at that pace."""
    rows: list[dict[str, Value]] = []
    screen: list[dict[str, Value]] = []
    notes: list[str] = []
    paces = measure_pace(facts, question.day)
    for pace in paces:
        forecast = pace.forecast
        name = forecast.programme
        if not pace.is_one_kind:
            name += f", {forecast.kind}"
        filter_ = f"--programme {forecast.programme} --kind {forecast.kind}"
        for row in pace.rows:
            rows.append(row._asdict() | {"behind": row.behind, "filter": filter_})
            screen.append(rows[-1] | {"programme": name, "behind": _tell_behind(row.behind)})
        rows.append(_name_forecast(forecast) | {"filter": filter_})
        notes += _explain_forecast(name, forecast)
        if len(pace.quotas) > 1:
            described = "; then ".join(map(_describe_quota, pace.quotas))
            notes.append(f"promises for {name}: {described}")
    notes += _name_parts(paces)
    notes.append("completed: opened in that year, by any evidence; verified: of these, verified as complete")
    notes.append("the pace is a range over three periods: since the promise, the last 24 months, the last 12")
    notes.append("due: promised for years that have ended; a number in all is due when its last year has")
    columns = [_PROGRAMME, _YEAR, *_COUNTS]
    if any(row.year_unknown for pace in paces for row in pace.rows):
        columns.insert(columns.index(_COUNTS[3]), _YEAR_UNKNOWN)
        notes.append("year unknown: seen open by a day of that year; they have opened, and give no pace")
    return Report("Pace", make_grid(_COLUMNS, rows), make_grid(tuple(columns), screen), tuple(notes))


def _tell_behind(behind: int | None) -> Value:
    """Say how many are behind what is due, or in words how many are ahead of it."""
    return behind if behind is None or behind >= 0 else f"{-behind} ahead"


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


def _name_parts(paces: Sequence[Pace]) -> Iterator[str]:
    """Say which number is part of another's, as nothing that opened stands in the rows of both."""
    shown = {(pace.forecast.programme, pace.forecast.kind) for pace in paces}
    parts = dict.fromkeys(
        (pace.forecast.programme, dated.quota.within)
        for pace in paces
        for dated in pace.quotas
        if (dated.quota.within, pace.forecast.kind) in shown
    )
    for part, whole in parts:
        yield f"the number of {part} is part of that of {whole}; what opened of it is in its rows only"


def _describe_target(target: DatedQuota | None) -> str:
    return "the numbers of its years" if target is None else _describe_quota(target)


def _describe_quota(dated: DatedQuota) -> str:
    """Describe a quota: the number, its years, when it was promised and in which announcement."""
    quota = dated.quota
    per = "in all" if quota.per is QuotaPeriod.TOTAL or not dated.is_of_programme else "a year"
    first, last = dated.cohort_year or quota.first_year, dated.cohort_year or quota.last_year
    years = " to ".join(dict.fromkeys(str(year) for year in (first, last) if year))
    word = ("for" if first else "by") if last else "from"
    when = f" {word} {years}" if years else ""
    said = f", promised {dated.announced}" if dated.announced else ""
    by = f" in {quota.announcement}" if quota.announcement else ""
    # A year tells cohorts apart; one without a year is named.
    of = f" for {dated.cohort}" if dated.cohort and not dated.cohort_year else ""
    counted = name_counted(quota.quantity == 1, quota.unit, quota.label)
    return f"{quota.quantity} {counted} {per}{of}{when}{said}{by}"
