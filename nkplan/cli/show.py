"""`nkplan show`: all that is known of one thing."""

import typer

from nkplan.cli.options import Db, Format, FormatOption, Output, ThingId
from nkplan.cli.output import emit, pick_format, write_grid, write_page
from nkplan.cli.session import open_reader, read_today
from nkplan.queries.details import read_detail
from nkplan.views.page import flatten, make_page


def run(
    context: typer.Context, id_: ThingId, format_: FormatOption = None, output: Output = None, db: Db = None
) -> None:
    """Show all that is known of one project, announcement, place or source, with every source.

    \b
    nkplan show songchon
    nkplan show "South Pyongan" -f md
    """
    form = pick_format(format_, output)
    with open_reader(db or context.obj) as reader:
        page = make_page(read_detail(reader, id_), read_today())
    if form is Format.TABLE:
        from nkplan.tables import page as drawing

        emit(lambda out: drawing.write_page(page, out), output)
    elif form in {Format.TSV, Format.CSV}:
        emit(lambda out: write_grid(flatten(page), form, out), output)
    else:
        emit(lambda out: write_page(page, form, out), output)
