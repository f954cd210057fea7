"""`nkplan chart`: what became of promises over time, as a picture."""

from datetime import date
from importlib import import_module
from typing import Annotated, ClassVar

import typer

from nkplan.cli.completion import complete_chart, complete_words
from nkplan.cli.drawing import put_chart
from nkplan.cli.filters import FilterOptions, read_filters
from nkplan.cli.options import (
    AsciiOnly,
    Db,
    MomentOptions,
    OutputOptions,
    PictureOptions,
    count_reader,
    grouped,
)
from nkplan.cli.output import choose_limit, open_answer, pick_format
from nkplan.cli.session import database_path, explain_empty, read_moment, write_options
from nkplan.cli.strict import ViewsCommand
from nkplan.errors import BadInput
from nkplan.layout.labels import Labels
from nkplan.model.moment import Moment
from nkplan.model.question import Question
from nkplan.queries.settings import read_settings
from nkplan.reports.charts.periods import Unit
from nkplan.reports.charts.views import CHARTS
from nkplan.text import explain_unknown


class Command(ViewsCommand):
    """The command; its help lists the views. Of more words it says which option is meant."""

    allow_extra_args = True
    views: ClassVar = {name: view.shows for name, view in CHARTS.items()}


_UNITS = [str(one) for one in (Unit.MONTH, Unit.QUARTER, Unit.YEAR)]


@grouped
def run(
    *,
    context: typer.Context,
    view: Annotated[
        str,
        typer.Argument(
            metavar="VIEW",
            help="One of the views below.",
            autocompletion=complete_chart,
            show_default=False,
        ),
    ] = "progress",
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="PERIOD",
            autocompletion=complete_words(_UNITS),
            help="Count by month, quarter or year; by default, as suits the time from first to last.",
        ),
    ] = None,
    filters: FilterOptions,
    days: MomentOptions,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            metavar="N",
            parser=count_reader("--limit"),
            help="For sites: at most N sites, 0 for all; by default 50 on a terminal.",
        ),
    ] = None,
    ascii_only: AsciiOnly = False,
    drawn: PictureOptions,
    db: Db = None,
) -> None:
    """Draw what became of promises over time; without VIEW, promised, started, claimed and verified.

    \b
    nkplan chart --programme 20x10
    nkplan chart sites --kind hospital
    nkplan chart evidence --by year -f csv
    nkplan chart -o chart.svg
    """
    if context.args:
        from nkplan.cli.guesses import explain_words

        known = view in CHARTS
        words = context.args if known else [view, *context.args]
        raise BadInput(explain_words(f"chart {view}" if known else "chart", words, db))
    if view not in CHARTS:
        from nkplan.cli.guesses import explain_chart

        raise BadInput(explain_chart(view, list(CHARTS), db))
    if limit is not None and view != "sites":
        raise BadInput("--limit belongs to the view sites; leave it out")
    unit = None if by is None else _read_unit(by)
    options = OutputOptions(*drawn)
    format_ = pick_format(options, draws=True)
    moment = read_moment(days)
    # The days before the last are read of the same state of the record, whatever else is written meanwhile.
    past = Moment(date.max, date.min, moment.known_by)
    with open_answer(db, past, options) as (reader, answer):
        reader.move(moment.happened_by)
        settings = read_settings(reader)
        labels = Labels(settings.labels)
        question = Question(moment, read_filters(reader, filters))
        most = choose_limit(limit, options.output)
        facts = import_module(f"nkplan.queries.charts.{view}").fetch(reader, question, unit, most)
        chart = import_module(f"nkplan.reports.charts.{view}").make_chart(facts, labels)
        chart = chart._replace(about=" ".join(write_options(filters._asdict())))
        put_chart(answer, chart, moment, format_, settings, exact=options.exact, ascii_only=ascii_only)
        if chart.left_out:
            answer.note(f"{most} of {most + chart.left_out} shown; --limit 0 for all")
        if not chart.report.grid.rows:
            given = write_options(filters._asdict() | days._asdict())
            nothing = f"there is {CHARTS[view].empty_answer}"
            answer.note(
                explain_empty(
                    database_path(db),
                    given,
                    filtered=f"{nothing} in {{path}} that matches {{given}}; without filters all is drawn",
                    unfiltered=f"{nothing} in {{path}}",
                )
            )


def _read_unit(text: str) -> Unit:
    word = text.strip().casefold().removesuffix("s").removesuffix("ly")
    if word not in _UNITS:
        raise BadInput(f"--by: {explain_unknown('period', text, _UNITS)}")
    return Unit(word)
