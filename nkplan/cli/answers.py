"""The answers that `nkplan report` gives: for each view what is fetched, how it is judged, how it is put.

Each function loads what its view needs and no more.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nkplan.errors import BadInput
from nkplan.layout.report import Report
from nkplan.model.filters import Filters
from nkplan.model.moment import Moment
from nkplan.queries.reader import Reader
from nkplan.text import explain_unknown

if TYPE_CHECKING:
    from nkplan.model.promise import Programme


class Asked(NamedTuple):
    """What is asked of a view: the sites, the moment, and what some views want beside."""

    reader: Reader
    filters: Filters
    moment: Moment
    path: Path
    by: str | None
    months: int
    since: str | None


def _progress(asked: Asked) -> Report:
    from nkplan.queries.progress import tally_sites
    from nkplan.reports.progress import Grouping, make_report, report_progress

    groups = [str(one) for one in Grouping if one is not Grouping.PROGRAMME_AND_YEAR]
    by = Grouping.PROGRAMME_AND_YEAR
    if asked.by is not None:
        if asked.by.strip().casefold() not in groups:
            raise BadInput(f"--by: {explain_unknown('group', asked.by, groups)}")
        by = Grouping(asked.by.strip().casefold())
    sites = tally_sites(asked.reader, asked.filters, with_province=by is Grouping.PROVINCE)
    return make_report(report_progress(sites, _list_promised(asked), by))


def _pace(asked: Asked) -> Report:
    from nkplan.queries.pace import list_openings
    from nkplan.reports.pace import make_report, report_pace

    openings = list_openings(asked.reader, asked.filters)
    return make_report(report_pace(_list_promised(asked), openings, asked.moment.day))


def _list_promised(asked: Asked) -> "list[Programme]":
    """List the programmes with the promises that the filters let through."""
    from nkplan.queries.programmes import list_programmes
    from nkplan.reports.progress import filter_programmes

    filters = asked.filters
    return filter_programmes(
        list_programmes(asked.reader),
        programme=filters.programme,
        kind=filters.kind,
        year=filters.year,
        is_told_apart=(filters.province, filters.places, filters.status) == (None,) * 3,
    )


def _missing(asked: Asked) -> Report:
    from nkplan.queries.missing import count_named
    from nkplan.queries.sites import Only, list_sites
    from nkplan.reports.missing import find_missing, make_report

    named = count_named(asked.reader, asked.filters)
    unopened = list_sites(asked.reader, asked.filters, Only.UNOPENED, asked.moment.day)
    return make_report(find_missing(_list_promised(asked), named, unopened))


def _overdue(asked: Asked) -> Report:
    from nkplan.queries.sites import Only, list_sites
    from nkplan.reports.overdue import make_report

    day = asked.moment.day
    return make_report(list_sites(asked.reader, asked.filters, Only.OVERDUE, day), day)


def _silent(asked: Asked) -> Report:
    from nkplan.dates import go_back
    from nkplan.queries.sites import Only, list_sites
    from nkplan.reports.silent import make_report

    day = asked.moment.day
    sites = list_sites(asked.reader, asked.filters, Only.SILENT, go_back(day, asked.months))
    return make_report(sites, day, asked.months)


def _unverified(asked: Asked) -> Report:
    from nkplan.queries.sites import Only, list_sites
    from nkplan.reports.unverified import make_report

    return make_report(list_sites(asked.reader, asked.filters, Only.UNVERIFIED, asked.moment.day))


def _use(asked: Asked) -> Report:
    from nkplan.queries.sites import list_opened
    from nkplan.reports.use import make_report

    return make_report(list_opened(asked.reader, asked.filters))


def _conflicts(asked: Asked) -> Report:
    from nkplan.queries.conflicts import list_claims, list_site_openings
    from nkplan.reports.conflicts import find_conflicts, make_report

    claims = list_claims(asked.reader, asked.filters)
    return make_report(find_conflicts(claims, list_site_openings(asked.reader)))


def _slips(asked: Asked) -> Report:
    from nkplan.queries.slips import list_promises
    from nkplan.reports.slips import find_slips, is_slip, make_report

    day = asked.moment.day
    slips = find_slips(list_promises(asked.reader, asked.filters), day)
    return make_report(slip for slip in slips if is_slip(slip))


def _durations(asked: Asked) -> Report:
    from nkplan.queries.durations import list_spans
    from nkplan.reports.durations import make_report, measure_durations

    return make_report(measure_durations(list_spans(asked.reader, asked.filters)))


def _changes(asked: Asked) -> Report:
    from nkplan.queries.changes import list_changed
    from nkplan.queries.reader import reading
    from nkplan.reports.changes import make_report

    if asked.since is None:
        raise BadInput("changes since when? name a day with --since, as in --since 2025-12-31")
    since = _read_since(asked.since, asked.moment)
    as_it_was = asked.moment._replace(known_on=since)
    with reading(asked.path, as_it_was) as before:
        return make_report(tuple(list_changed(before, asked.reader, since, asked.filters)), since)


def _read_since(text: str, moment: Moment) -> date:
    from nkplan.dates import parse_date

    try:
        parsed = parse_date(text)
    except ValueError as error:
        raise BadInput(f"--since: {error}") from None
    if parsed.end >= moment.today:
        raise BadInput(
            f"--since: {parsed} is not over yet (today is {moment.today}); name a day that has been"
        )
    if moment.known_on is not None and parsed.end >= moment.known_on:
        raise BadInput(
            f"--since: {parsed} was not over on {moment.known_on}, and nothing can have changed since then; "
            "name a day before --known-on"
        )
    return parsed.end


def _coverage(asked: Asked) -> Report:
    from nkplan.queries.coverage import count_by_place, list_areas
    from nkplan.reports.coverage import make_report, report_coverage

    counts = count_by_place(asked.reader, asked.filters)
    return make_report(report_coverage(list_areas(asked.reader), counts))


def _next(asked: Asked) -> Report:
    from nkplan.queries.conflicts import list_claims, list_site_openings
    from nkplan.queries.next import count_sources
    from nkplan.queries.sites import list_sites
    from nkplan.reports.conflicts import find_conflicts
    from nkplan.reports.next import make_report, rank_sites

    claims = list_claims(asked.reader, asked.filters)
    conflicts = find_conflicts(claims, list_site_openings(asked.reader))
    contradicted = frozenset(conflict.claims[0].project for conflict in conflicts)
    sites = list_sites(asked.reader, asked.filters)
    return make_report(rank_sites(sites, contradicted, count_sources(asked.reader), asked.moment.day))


MAKERS: dict[str, Callable[[Asked], Report]] = {
    "progress": _progress,
    "pace": _pace,
    "missing": _missing,
    "overdue": _overdue,
    "silent": _silent,
    "unverified": _unverified,
    "conflicts": _conflicts,
    "slips": _slips,
    "durations": _durations,
    "use": _use,
    "changes": _changes,
    "coverage": _coverage,
    "next": _next,
}
