"""`nkplan report`: questions answered by counting and comparing."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, ClassVar, NamedTuple

import typer
from typer.exceptions import TyperException

from nkplan.cli.completion import complete_view, complete_words
from nkplan.cli.config import Config, read_config
from nkplan.cli.filters import FilterOptions, read_filters
from nkplan.cli.options import Db, Limit, MomentOptions, OutputOptions, count_reader, grouped
from nkplan.cli.output import choose_limit, open_answer, pick_format
from nkplan.cli.session import database_path, explain_empty, read_day_option, read_moment, write_options
from nkplan.cli.strict import ViewsCommand
from nkplan.cli.synonyms import read_former
from nkplan.errors import BadInput
from nkplan.layout.labels import Labels
from nkplan.layout.report import Report, complete_filters
from nkplan.model.filters import NO_FILTERS
from nkplan.model.moment import Moment
from nkplan.model.question import Grouping, Question
from nkplan.model.settings import SILENT_MONTHS, Settings
from nkplan.queries.settings import read_settings
from nkplan.render.formats import write_report
from nkplan.reports.views import VIEWS
from nkplan.text import explain_unknown


class Command(ViewsCommand):
    """The command, which takes an own report of the config file for a view; its help lists the views."""

    views: ClassVar = {name: view.question for name, view in VIEWS.items()}

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        name = str(self._parse(ctx, args).get("view") or "")
        config = Config() if not name or name in VIEWS else read_config()
        if name not in config.reports:
            return super().parse_args(ctx, args)
        own = list(config.reports[name])
        called = f"reports.{name} in {config.path}"
        self._check_own(ctx, own, called, config.reports)
        try:
            return super().parse_args(ctx, [*own, *self._leave_out(ctx, args, name)])
        except BadInput as error:
            from shlex import join

            raise BadInput(f"{error} (report {name} is {join(own)})") from None

    def _parse(self, ctx: Any, args: Sequence[str]) -> dict[str, Any]:
        """Return what is typed for each parameter."""
        values, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        return dict(values)

    def _check_own(self, ctx: Any, own: list[str], called: str, others: Mapping[str, Any]) -> None:
        """Refuse an own report that is none of a view. Raises BadInput."""
        try:
            view = self._parse(ctx, own).get("view")
        except TyperException as error:
            raise BadInput(f"{called}: {error.format_message().rstrip('.')}; correct its args") from None
        if view in others:
            raise BadInput(f"{called} names the own report {view}; name the view, and give the options again")
        if view is not None and view not in VIEWS:
            raise BadInput(f"{called}: {explain_unknown('view', view, list(VIEWS))}")

    def _leave_out(self, ctx: Any, args: list[str], view: str) -> list[str]:
        """Return the arguments without the name of the view, which may also be the value of an option."""
        mark = "\0"  # No argument has it.
        for at in (at for at, word in enumerate(args) if word == view):
            if self._parse(ctx, [*args[:at], mark, *args[at + 1 :]]).get("view") == mark:
                return [*args[:at], *args[at + 1 :]]
        raise AssertionError(args)


_GROUPS = [str(one) for one in Grouping if one is not Grouping.PROGRAMME_AND_YEAR]


class _ViewOptions(NamedTuple):
    """The options that belong to a single view, as typed."""

    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="GROUP",
            autocompletion=complete_words(_GROUPS),
            help="For progress: group by kind, region, year, programme or status; by default, programme and"
            " year.",
        ),
    ] = None
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE",
            help="For changes: since this day, or the first day of this month, quarter or year; required.",
        ),
    ] = None
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="DATE",
            help="For promises: announced on this day, or in this month, quarter or year.",
        ),
    ] = None
    months: Annotated[
        int | None,
        typer.Option(
            "--months",
            metavar="N",
            parser=count_reader("--months"),
            help="For silent: with no news for N months; by default as many as the record sets, or"
            f" {SILENT_MONTHS}.",
        ),
    ] = None


@grouped
def run(
    *,
    view: Annotated[
        str,
        typer.Argument(
            metavar="VIEW",
            help="One of the views below.",
            autocompletion=complete_view,
            show_default=False,
        ),
    ] = "progress",
    own: _ViewOptions,
    filters: FilterOptions,
    days: MomentOptions,
    limit: Limit = None,
    options: OutputOptions,
    db: Db = None,
) -> None:
    """Answer a question about promises; without VIEW, how many sites are promised, named, started, complete.

    \b
    nkplan report --as-of 2024-12-31 --known-on 2024-12-31
    nkplan report slips --kind hospital -f csv
    """
    if view not in VIEWS:
        from nkplan.cli.guesses import explain_view

        raise BadInput(explain_view(view, [*VIEWS, *read_config().reports], db))
    _refuse_options_of_others(view, own)
    format_ = pick_format(options)
    moment = read_moment(days)
    fetch = import_module(f"nkplan.queries.{view}").fetch
    make_report = import_module(f"nkplan.reports.{view}").make_report
    most = choose_limit(limit, options.output)
    with open_answer(db, moment, options) as (reader, answer):
        settings = read_settings(reader)
        question = _read_question(view, own, settings, Question(moment, read_filters(reader, filters)))
        report: Report = make_report(fetch(reader, question), question)
        report = complete_filters(report, _repeat_options(filters, moment))
        report, total = _cut(report, most, for_people=format_.is_for_people)
        labels = Labels(settings.labels)
        answer.write(lambda out: write_report(report, moment, format_, out, labels, exact=options.exact))
        if most and total > most:
            answer.note(f"{most} of {total} shown; --limit 0 for all")
        if not total:
            on = own.on and str(read_day_option("--on", own.on, moment.today))
            given = filters._asdict() | {"on": on}
            empty_answer = VIEWS[view].empty_answer.format(since=question.since)
            everything = question._replace(filters=NO_FILTERS, on=None)
            without = 0
            if everything != question:
                every = make_report(fetch(reader, everything), everything)
                without = _cut(every, 0, for_people=format_.is_for_people)[1]
            answer.note(_explain_empty(empty_answer, given, without, database_path(db)))


def _read_question(view: str, own: _ViewOptions, settings: Settings, question: Question) -> Question:
    """Complete a question with the settings of the record and the options of its view. Raises BadInput."""
    months = settings.silent_months
    question = question._replace(months=months if own.months is None else own.months, silent_months=months)
    if own.by is not None:
        question = question._replace(by=_read_grouping(own.by))
    if view == "changes":
        question = question._replace(since=_read_since(own.since, question.moment))
    if own.on is not None:
        on = read_day_option("--on", own.on, question.moment.today)
        question = question._replace(on=(on.start, on.end))
    return question


def _explain_empty(empty_answer: str, given: Mapping[str, object], without: int, path: Path) -> str:
    """Say why a report is empty, and how many rows it would have `without` its filters."""
    number = "is 1 row" if without == 1 else f"are {without} rows"
    filtered = f"there is {empty_answer} in {{path}} that matches {{given}}; without filters there {number}"
    return explain_empty(
        path,
        write_options(given),
        filtered=filtered,
        unfiltered=f"there is {empty_answer} in {{path}}",
    )


def _read_grouping(text: str) -> Grouping:
    word = read_former(text.strip().casefold())
    if word not in _GROUPS:
        raise BadInput(f"--by: {explain_unknown('group', text, _GROUPS)}")
    return Grouping(word)


def _read_since(text: str | None, moment: Moment) -> date:
    if text is None:
        raise BadInput("changes needs --since; name a day, as in --since 2025-12-31")
    parsed = read_day_option("--since", text, moment.today)
    if parsed.start > moment.today:
        raise BadInput(f"--since: {parsed} has not begun yet (today is {moment.today}); name an earlier day")
    if moment.known_on is not None and parsed.start > moment.known_on:
        raise BadInput(
            f"--since: {parsed} had not begun on {moment.known_on}, so nothing can have changed since then; "
            "name a day up to --known-on"
        )
    return parsed.start


def _repeat_options(filters: FilterOptions, moment: Moment) -> dict[str, list[str]]:
    """Return the options with which `nkplan list` shows the same sites of the day, quoted for a shell."""
    days = {"as-of": moment.as_of, "known-on": moment.known_on}
    named = filters._asdict() | {name: day and [day.isoformat()] for name, day in days.items()}
    given = {name: values for name, values in named.items() if values}
    if not given:
        return {}
    from shlex import quote

    return {name: list(map(quote, values)) for name, values in given.items()}


def _refuse_options_of_others(view: str, own: _ViewOptions) -> None:
    owners = {other.option: name for name, other in VIEWS.items()}
    for option, value in own._asdict().items():
        if value is not None and owners[option] != view:
            from shlex import join

            instead = join(("nkplan", "report", owners[option], f"--{option}", str(value)))
            raise BadInput(
                f"--{option} belongs to the view {owners[option]}; write {instead}, or leave it out"
            )


def _cut(report: Report, most: int, *, for_people: bool) -> tuple[Report, int]:
    """Keep at most `most` rows of a report, in its form for people or for data; return how many it had."""
    grid = report.screen if for_people and report.screen else report.grid
    rows, below = tuple(grid.rows), grid.below
    number = len(rows) + len(below)
    if most:
        rows, below = rows[:most], below[: max(most - len(rows), 0)]
    return report._replace(grid=grid._replace(rows=rows, below=below), screen=None), number
