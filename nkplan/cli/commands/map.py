"""`nkplan map`: where sites are, and how far each has come, as a picture."""

from typing import Annotated

import typer

from nkplan.cli.completion import complete_words
from nkplan.cli.filters import FilterOptions, read_filters
from nkplan.cli.options import Db, MomentOptions, OutputOptions, PictureOptions, grouped
from nkplan.cli.output import open_answer, pick_format
from nkplan.cli.session import database_path, explain_empty, read_moment, write_options
from nkplan.cli.strict import StrictCommand
from nkplan.errors import BadInput
from nkplan.layout.labels import Labels
from nkplan.layout.picture import Caption
from nkplan.model.question import Question
from nkplan.queries.map import fetch
from nkplan.queries.settings import read_settings
from nkplan.render.formats import Format, write_chart
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
    ascii_only: Annotated[
        bool,
        typer.Option(
            "--ascii", help="Draw with ASCII signs alone, for a font that lacks others or draws them wide."
        ),
    ] = False,
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
        caption = Caption(
            record=settings.title,
            credit=settings.credit,
            licence=settings.licence,
            outlines=chart.credits,
        )
        is_empty = not chart.report.grid.rows
        if not (is_empty and format_ is Format.TABLE):
            answer.write(
                lambda out: write_chart(
                    chart,
                    moment,
                    format_,
                    out,
                    labels,
                    caption=caption,
                    exact=options.exact,
                    ascii_only=ascii_only,
                )
            )
        if is_empty:
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
