"""`nkplan map`: where sites are, and how far each has come, as a picture."""

from typing import Annotated

import typer

from nkplan.cli.completion import complete_words
from nkplan.cli.drawing import put_chart
from nkplan.cli.filters import FilterOptions, read_filters
from nkplan.cli.options import AsciiOnly, Db, MomentOptions, OutputOptions, PictureOptions, grouped
from nkplan.cli.output import open_answer, pick_format
from nkplan.cli.session import database_path, explain_empty, read_moment, write_options
from nkplan.cli.strict import StrictCommand
from nkplan.errors import BadInput
from nkplan.layout.labels import Labels
from nkplan.model.question import Question
from nkplan.queries.map import fetch
from nkplan.queries.settings import read_settings
from nkplan.reports.map import Names, make_chart
from nkplan.text import explain_unknown


class Command(StrictCommand):
    """The command; of words that it does not take it says which option is meant."""

    allow_extra_args = True


@grouped
def run(
    *,
    context: typer.Context,
    filters: FilterOptions,
    days: MomentOptions,
    names: Annotated[
        str,
        typer.Option(
            "--names",
            metavar="WHICH",
            autocompletion=complete_words({one: one.meaning for one in Names}),
            help="The names on the map: latin (the default), local letters, or none.",
            show_default=False,
        ),
    ] = Names.LATIN,
    ascii_only: AsciiOnly = False,
    drawn: PictureOptions,
    db: Db = None,
) -> None:
    """Draw where sites are, and how far each has come; with --region, that region closely.

    \b
    nkplan map --programme 20x10
    nkplan map --region Kangwon --names local
    nkplan map --as-of 2025-06-30 -f csv
    nkplan map -o map.svg
    """
    if context.args:
        from nkplan.cli.guesses import explain_words

        raise BadInput(explain_words("map", context.args, db))
    which = _read_names(names)
    options = OutputOptions(*drawn)
    format_ = pick_format(options, draws=True)
    moment = read_moment(days)
    with open_answer(db, moment, options) as (reader, answer):
        settings = read_settings(reader)
        labels = Labels(settings.labels)
        chart = make_chart(fetch(reader, Question(moment, read_filters(reader, filters))), labels, which)
        chart = chart._replace(about=" ".join(write_options(filters._asdict())))
        put_chart(answer, chart, moment, format_, settings, exact=options.exact, ascii_only=ascii_only)
        if not chart.report.grid.rows:
            answer.note(
                explain_empty(
                    database_path(db),
                    write_options(filters._asdict() | days._asdict()),
                    filtered="there is no site in {path} that matches {given}; without filters all are drawn",
                    unfiltered="there is no site in {path}",
                )
            )


def _read_names(text: str) -> Names:
    word = text.strip().casefold()
    if word not in set(Names):
        raise BadInput(f"--names: {explain_unknown('choice', text, list(Names))}")
    return Names(word)
