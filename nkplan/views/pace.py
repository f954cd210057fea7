"""Whether programmes keep the pace that was promised."""

from collections.abc import Iterable, Iterator

from nkplan.model.promise import DatedQuota
from nkplan.model.vocabulary import QuotaPeriod
from nkplan.report.pace import Forecast, Pace
from nkplan.views.grid import Column, Grid, Value
from nkplan.views.report import Report, name_month, show_range

_PROGRAMME, _YEAR = Column("programme", "Programme"), Column("year", "Year", is_number=True)
_COUNTS = (
    Column("promised", "Promised", is_number=True),
    Column("completed", "Completed", is_number=True),
    Column("verified", "Verified", is_number=True),
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


def make_report(paces: Iterable[Pace]) -> Report:
    """Set what opened in each year against its promise, and tell when it would all be done at that pace."""
    rows: list[tuple[Value, ...]] = []
    screen: list[tuple[Value, ...]] = []
    notes: list[str] = []
    for pace in paces:
        name = pace.forecast.programme
        if not pace.is_one_kind:
            name += f", {pace.forecast.kind}"
        for row in pace.rows:
            counts = (
                row.promised,
                row.completed,
                row.verified,
                row.promised_so_far,
                row.completed_so_far,
                row.promised_so_far - row.completed_so_far,
            )
            rows.append(
                (
                    row.programme,
                    row.kind,
                    row.year,
                    *counts,
                    row.announcement,
                    *(None,) * 7,
                    _name_filter(pace.forecast),
                )
            )
            screen.append((name, row.year, *counts))
        rows.append(_make_forecast_row(pace.forecast))
        notes += _explain(name, pace.forecast)
        if len(pace.quotas) > 1:
            told = "; then ".join(map(_tell, pace.quotas))
            notes.append(f"what {name} was promised: {told}")
    notes.append("completed: opened in that year, by evidence of any class; verified: those seen complete")
    notes.append("the pace is a range over three spans: since the promise, and the last 24 and 12 months")
    return Report(
        "Pace", Grid(_COLUMNS, tuple(rows)), Grid((_PROGRAMME, _YEAR, *_COUNTS), tuple(screen)), tuple(notes)
    )


def _make_forecast_row(forecast: Forecast) -> tuple[Value, ...]:
    target = forecast.target.quota if forecast.target else None
    return (
        forecast.programme,
        forecast.kind,
        None,
        target.quantity if target else None,
        forecast.completed,
        forecast.verified,
        None,
        None,
        None,
        target.announcement if target else None,
        forecast.left,
        forecast.since.isoformat() if forecast.since else None,
        None if forecast.slowest is None else round(forecast.slowest, 2),
        None if forecast.fastest is None else round(forecast.fastest, 2),
        name_month(forecast.earliest),
        name_month(forecast.latest),
        forecast.refused,
        _name_filter(forecast),
    )


def _name_filter(forecast: Forecast) -> str:
    return f"--programme {forecast.programme} --kind {forecast.kind}"


def _explain(name: str, forecast: Forecast) -> Iterator[str]:
    """Say against which promise a programme is measured, and when it would be done, or why not."""
    measured = f"{name} is measured against {_describe(forecast.target)}"
    if forecast.refused:
        yield f"{measured}; no forecast: {forecast.refused}"
        return
    pace = show_range(forecast.slowest, forecast.fastest, digits=1)
    earliest, latest = name_month(forecast.earliest), name_month(forecast.latest)
    if earliest and latest:
        done = f"it would be done between {earliest} and {latest}"
    elif earliest:
        done = f"it would be done from {earliest}, or never at the slowest"
    else:
        done = "it would never be done"
    yield (
        f"{measured}; n = {forecast.n} opened since {forecast.since}, {forecast.left} left: "
        f"at {pace} a year {done}"
    )


def _describe(target: DatedQuota | None) -> str:
    return "the numbers of its years" if target is None else _tell(target)


def _tell(dated: DatedQuota) -> str:
    """Tell a quota in words: the number, for which years, when it was promised and in which announcement."""
    quota = dated.quota
    per = "in all" if quota.per is QuotaPeriod.TOTAL or dated.cohort_year else "a year"
    first, last = dated.cohort_year or quota.first_year, dated.cohort_year or quota.last_year
    years = " to ".join(dict.fromkeys(str(year) for year in (first, last) if year))
    when = f" {'for' if last else 'from'} {years}" if years else ""
    said = f", promised {dated.announced}" if dated.announced else ""
    by = f" in {quota.announcement}" if quota.announcement else ""
    return f"{quota.quantity} {quota.unit or quota.kind} {per}{when}{said}{by}"
