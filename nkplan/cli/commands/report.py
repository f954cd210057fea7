"""`nkplan report`: the questions answered by counting and comparing."""

from pathlib import Path
from typing import Annotated

import typer

from nkplan.cli.answers import MAKERS, Asked
from nkplan.cli.filters import FilterOptions, read_filters
from nkplan.cli.options import Db, Format, Limit, MomentOptions, OutputOptions, grouped
from nkplan.cli.output import answering, choose_limit, pick_format, write_report
from nkplan.cli.session import database_path, explain_nothing, read_moment, spell_options
from nkplan.errors import BadInput
from nkplan.layout.report import Report, complete_filters
from nkplan.model.moment import Moment
from nkplan.reports.state import SILENT_MONTHS
from nkplan.text import explain_unknown

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


@grouped
def run(
    *,
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
    filters: FilterOptions,
    days: MomentOptions,
    limit: Limit = None,
    options: OutputOptions,
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
    form = pick_format(options)
    moment = read_moment(days)
    path = database_path(db)
    most = choose_limit(limit, options.output)
    with answering(path, moment, options) as (reader, answer):
        let_through = read_filters(reader, filters)
        silent = SILENT_MONTHS if months is None else months
        asked = Asked(reader, let_through, moment, path, by, silent, since)
        report = complete_filters(MAKERS[view](asked), _repeat_options(filters, moment))
        report, total = _cut(report, most, for_people=form in {Format.TABLE, Format.MD})
        answer.write(lambda out: write_report(report, moment, form, out, exact=options.exact))
        if most and total > most:
            answer.note(f"{most} of {total} shown; --limit 0 for all")
        if not total:
            answer.note(_explain_nothing(view, filters, path))


def _explain_nothing(view: str, filters: FilterOptions, path: Path) -> str:
    return explain_nothing(
        path,
        spell_options(filters._asdict()),
        filtered=f"nothing in {{path}} passes {{given}} and is {_FOUND[view]}",
        unfiltered=f"nothing in {{path}} is {_FOUND[view]}",
    )


_OWN = {"by": "progress", "since": "changes", "months": "silent"}
_FOUND = {
    "progress": "there to count",
    "pace": "a programme with a number promised (none is for a province, a place or a status)",
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


def _repeat_options(filters: FilterOptions, moment: Moment) -> str:
    """Give the options by which `nkplan list` lets through the same sites, of the same day."""
    typed = filters._asdict()
    named = {name: typed[name] for name in ("kind", "status", "province", "place")}
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
