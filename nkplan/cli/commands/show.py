"""`nkplan show`: all that is known of one thing."""

import typer

from nkplan.cli.options import AsOf, Db, Exact, FormatOption, KnownOn, Output, ThingId
from nkplan.cli.output import emit, pick_format
from nkplan.cli.session import open_reader, read_moment
from nkplan.errors import NotFound
from nkplan.layout.report import describe_moment
from nkplan.model.detail import Detail
from nkplan.model.moment import Moment
from nkplan.queries.details import read_detail
from nkplan.queries.reader import Reader
from nkplan.render.forms import write_page
from nkplan.reports.details import make_page


def run(
    context: typer.Context,
    id_: ThingId,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    format_: FormatOption = None,
    output: Output = None,
    exact: Exact = False,
    db: Db = None,
) -> None:
    """Show all that is known of one project, announcement, place or source, with every source.

    \b
    nkplan show songchon
    nkplan show "South Pyongan" -f md
    """
    form = pick_format(format_, output)
    moment = read_moment(as_of, known_on)
    with open_reader(db or context.obj, moment, output=output) as reader:
        page = make_page(_read(reader, id_, moment), moment)
    emit(lambda out: write_page(page, form, out, exact=exact), output)


def _read(reader: Reader, id_: str, moment: Moment) -> Detail:
    try:
        return read_detail(reader, id_)
    except NotFound as error:
        if moment.is_present:
            raise
        raise NotFound(f"{error} ({describe_moment(moment)}, where less is on record)") from None
