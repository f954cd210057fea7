"""`nkplan report`: the questions answered by counting and comparing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from nkplan.cli.filters import (
    FilterWords,
    PlaceFilter,
    ProgrammeFilter,
    ProvinceFilter,
    YearFilter,
    read_filters,
)
from nkplan.cli.options import AsOf, Db, Exact, Format, FormatOption, Kind, KnownOn, Output, StatusOption
from nkplan.cli.output import SCREEN_LIMIT, choose_limit, emit_report, pick_format
from nkplan.cli.session import database_path, notice, open_reader, read_moment
from nkplan.errors import BadInput
from nkplan.model.moment import Moment
from nkplan.queries.reader import Reader
from nkplan.queries.sites import Filters
from nkplan.report.state import SILENT_MONTHS
from nkplan.text import explain_unknown
from nkplan.views.report import Report, complete_filters

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


VIEWS = {
    "progress": "how much of what was promised is claimed done, and how much verified",
    "pace": "what opened in each year against its promise, and when all would be done",
    "missing": "what was promised and is not named, not started or not opened",
    "overdue": "what is past its promised date",
    "silent": "what has had no dated evidence for months",
    "unverified": "what is claimed and not verified",
    "conflicts": "where claims contradict each other",
    "slips": "how often a date was moved, and how late it came",
    "durations": "how long from groundbreaking to opening",
    "use": "what has opened: in use, opened only, idle",
    "changes": "what came to be known since a day",
    "coverage": "which provinces and counties have been reached",
    "next": "what to look at first, and why",
}
"""The views, in the order of an analyst's work, each with the question it answers."""


def run(
    context: typer.Context,
    view: Annotated[
        str,
        typer.Argument(
            metavar="VIEW",
            help=f"{', '.join(VIEWS)}.",
            autocompletion=lambda: list(VIEWS),
            show_default=False,
        ),
    ] = "progress",
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="GROUP",
            help="Of progress: kind, province, year, programme or status; else programme and year.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="Of changes: since when; it has to be given."),
    ] = None,
    months: Annotated[
        int | None,
        typer.Option(
            "--months", metavar="N", min=0, help=f"Of silent: after how many months; else {SILENT_MONTHS}."
        ),
    ] = None,
    kind: Kind = None,
    status: StatusOption = None,
    province: ProvinceFilter = None,
    place: PlaceFilter = None,
    programme: ProgrammeFilter = None,
    year: YearFilter = None,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", metavar="N", min=0, help=f"At most N lines, 0 for all; {SCREEN_LIMIT} on a terminal."
        ),
    ] = None,
    format_: FormatOption = None,
    output: Output = None,
    exact: Exact = False,
    db: Db = None,
) -> None:
    """Answer a question about promises: without VIEW, how many sites were promised, named, started, complete.

    \b
    nkplan report --as-of 2024-12-31 --known-on 2024-12-31
    nkplan report slips --kind hospital -f csv
    """
    if view not in VIEWS:
        raise BadInput(explain_unknown("view", view, list(VIEWS)))
    _refuse_what_is_not_asked(view, by=by, since=since, months=months)
    form = pick_format(format_, output)
    moment = read_moment(as_of, known_on)
    path = database_path(db or context.obj)
    with open_reader(path, moment) as reader:
        words = FilterWords(kind, status, province, place, programme, year)
        filters = read_filters(reader, words)
        asked = Asked(reader, filters, moment, path, by, SILENT_MONTHS if months is None else months, since)
        report = complete_filters(_MAKERS[view](asked), _repeat_options(words, moment))
        most = choose_limit(limit, output)
        report, total = _cut(report, most, for_people=form in {Format.TABLE, Format.MD})
        emit_report(report, moment, form, output, exact=exact)
    if most and total > most:
        notice(f"{most} of {total} shown; --limit 0 for all")
    if not total:
        given = [f"--{name} {value}" for name, value in words._asdict().items() if value is not None]
        notice(f"nothing in {path}{' passes ' + ' '.join(given) + ' and' if given else ''} is {_FOUND[view]}")


_OWN = {"by": "progress", "since": "changes", "months": "silent"}
_FOUND = {
    "progress": "there to count",
    "pace": "a programme with a number promised",
    "missing": "missing",
    "overdue": "overdue",
    "silent": "silent",
    "unverified": "claimed further than it is verified",
    "conflicts": "contradicted",
    "slips": "promised for a date that was moved, missed or met",
    "durations": "opened",
    "use": "opened",
    "changes": "known since then",
    "coverage": "a province",
    "next": "in need of a look",
}


def _repeat_options(words: FilterWords, moment: Moment) -> str:
    """Give the options by which `nkplan list` lets through the same sites, of the same day."""
    named = {"kind": words.kind, "status": words.status, "province": words.province, "place": words.place}
    days = {"as-of": moment.as_of, "known-on": moment.known_on}
    named |= {name: None if day is None else day.isoformat() for name, day in days.items()}
    given = {name: value for name, value in named.items() if value is not None}
    if not given:
        return ""
    from shlex import quote

    return "".join(f" --{name} {quote(value)}" for name, value in given.items())


def _refuse_what_is_not_asked(view: str, **given: object) -> None:
    for name, value in given.items():
        if value is not None and view != _OWN[name]:
            raise BadInput(f"--{name} belongs to `nkplan report {_OWN[name]}`; leave it out here")


def _cut(report: Report, most: int, *, for_people: bool) -> tuple[Report, int]:
    """Keep so many rows of a report, as people or data get it, and tell how many it had."""
    grid = report.screen if for_people and report.screen else report.grid
    rows = tuple(grid.rows)
    kept = grid._replace(rows=rows[:most] if most else rows)
    return report._replace(grid=kept, screen=None), len(rows)


def _progress(asked: Asked) -> Report:
    from nkplan.queries.tallies import tally_sites
    from nkplan.report.progress import Grouping, report_progress
    from nkplan.views.progress import make_report

    groups = [str(one) for one in Grouping if one is not Grouping.PROGRAMME_AND_YEAR]
    by = Grouping.PROGRAMME_AND_YEAR
    if asked.by is not None:
        if asked.by.strip().casefold() not in groups:
            raise BadInput(f"--by: {explain_unknown('group', asked.by, groups)}")
        by = Grouping(asked.by.strip().casefold())
    sites = tally_sites(asked.reader, asked.filters, with_province=by is Grouping.PROVINCE)
    return make_report(report_progress(sites, _list_promised(asked), by))


def _pace(asked: Asked) -> Report:
    from nkplan.queries.openings import list_openings
    from nkplan.report.pace import report_pace
    from nkplan.views.pace import make_report

    openings = list_openings(asked.reader, asked.filters)
    return make_report(report_pace(_list_promised(asked), openings, asked.moment.day))


def _list_promised(asked: Asked) -> "list[Programme]":
    """List the programmes with the promises that the filters let through."""
    from nkplan.queries.programmes import list_programmes
    from nkplan.report.progress import filter_programmes

    filters = asked.filters
    return filter_programmes(
        list_programmes(asked.reader),
        programme=filters.programme,
        kind=filters.kind,
        year=filters.year,
        is_told_apart=(filters.province, filters.places, filters.status) == (None,) * 3,
    )


def _missing(asked: Asked) -> Report:
    from nkplan.queries.sites import Only, list_sites
    from nkplan.queries.tallies import count_named
    from nkplan.report.missing import find_missing
    from nkplan.views.missing import make_report

    named = count_named(asked.reader, asked.filters)
    unopened = list_sites(asked.reader, asked.filters, Only.UNOPENED, asked.moment.day)
    return make_report(find_missing(_list_promised(asked), named, unopened))


def _overdue(asked: Asked) -> Report:
    from nkplan.queries.sites import Only, list_sites
    from nkplan.views.overdue import make_report

    day = asked.moment.day
    return make_report(list_sites(asked.reader, asked.filters, Only.OVERDUE, day), day)


def _silent(asked: Asked) -> Report:
    from nkplan.dates import go_back
    from nkplan.queries.sites import Only, list_sites
    from nkplan.views.silent import make_report

    day = asked.moment.day
    sites = list_sites(asked.reader, asked.filters, Only.SILENT, go_back(day, asked.months))
    return make_report(sites, day, asked.months)


def _unverified(asked: Asked) -> Report:
    from nkplan.queries.sites import Only, list_sites
    from nkplan.views.unverified import make_report

    return make_report(list_sites(asked.reader, asked.filters, Only.UNVERIFIED, asked.moment.day))


def _use(asked: Asked) -> Report:
    from nkplan.queries.sites import list_opened
    from nkplan.views.use import make_report

    return make_report(list_opened(asked.reader, asked.filters))


def _conflicts(asked: Asked) -> Report:
    from nkplan.queries.claims import list_claims, list_site_openings
    from nkplan.report.conflicts import find_conflicts
    from nkplan.views.conflicts import make_report

    claims = list_claims(asked.reader, asked.filters)
    return make_report(find_conflicts(claims, list_site_openings(asked.reader)))


def _slips(asked: Asked) -> Report:
    from nkplan.queries.claims import list_promises
    from nkplan.report.slips import find_slips, is_slip
    from nkplan.views.slips import make_report

    day = asked.moment.day
    slips = find_slips(list_promises(asked.reader, asked.filters), day)
    return make_report(slip for slip in slips if is_slip(slip))


def _durations(asked: Asked) -> Report:
    from nkplan.queries.spans import list_spans
    from nkplan.report.durations import measure_durations
    from nkplan.views.durations import make_report

    return make_report(measure_durations(list_spans(asked.reader, asked.filters)))


def _changes(asked: Asked) -> Report:
    from nkplan.queries.claims import list_changed
    from nkplan.queries.reader import reading
    from nkplan.views.changes import make_report

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
    from nkplan.report.coverage import report_coverage
    from nkplan.views.coverage import make_report

    counts = count_by_place(asked.reader, asked.filters)
    return make_report(report_coverage(list_areas(asked.reader), counts))


def _next(asked: Asked) -> Report:
    from nkplan.queries.claims import count_sources, list_claims, list_site_openings
    from nkplan.queries.sites import list_sites
    from nkplan.report.attention import rank_sites
    from nkplan.report.conflicts import find_conflicts
    from nkplan.views.next import make_report

    claims = list_claims(asked.reader, asked.filters)
    conflicts = find_conflicts(claims, list_site_openings(asked.reader))
    contradicted = frozenset(conflict.claims[0].project for conflict in conflicts)
    sites = list_sites(asked.reader, asked.filters)
    return make_report(rank_sites(sites, contradicted, count_sources(asked.reader), asked.moment.day))


_MAKERS: dict[str, Callable[[Asked], Report]] = {
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
