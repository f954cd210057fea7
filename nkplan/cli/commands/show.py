"""`nkplan show`: everything known about one thing."""

from typing import Annotated

import typer

from nkplan.cli.guesses import find_kind
from nkplan.cli.options import Db, MomentOptions, OutputOptions, ThingId, grouped
from nkplan.cli.output import open_answer, pick_format
from nkplan.cli.session import read_moment
from nkplan.errors import Ambiguous, NotFound
from nkplan.layout.labels import Labels
from nkplan.layout.page import Page, is_empty
from nkplan.layout.report import describe_moment
from nkplan.model.detail import Detail
from nkplan.model.moment import Moment
from nkplan.queries.details import read_detail
from nkplan.queries.reader import Reader
from nkplan.queries.settings import read_settings
from nkplan.render.formats import write_page
from nkplan.reports.details import make_page


@grouped
def run(
    *,
    id_: ThingId,
    days: MomentOptions,
    history: Annotated[
        bool,
        typer.Option(
            "--history", help="Show also what it said before it was edited; of any row that edit takes."
        ),
    ] = False,
    urls: Annotated[bool, typer.Option("--urls", help="Show the link of each source in full.")] = False,
    options: OutputOptions,
    db: Db = None,
) -> None:
    """Show everything known about one project, announcement, place, source or publisher, with every source.

    A day or month shows what was announced and what happened then.

    \b
    nkplan show songchon
    nkplan show 2024-01-15
    nkplan show "South Pyongan" -f md
    nkplan show 14a3d1b9dc69 --history
    """
    format_ = pick_format(options)
    moment = read_moment(days)
    with open_answer(db, moment, options) as (reader, answer):
        settings = read_settings(reader)
        if history:
            page = _add_history(reader, id_, moment, settings.silent_months)
            if is_empty(page.sections[-1]):
                answer.note(
                    f"{page.id} itself has not been edited;"
                    f" nkplan log {page.id} lists all that was recorded of it"
                )
        else:
            page = make_page(_read(reader, id_, moment), moment, settings.silent_months)
        labels = Labels(settings.labels)
        page = page._replace(has_urls=urls)
        answer.write(lambda out: write_page(page, format_, out, labels, exact=options.exact))


def _read(reader: Reader, id_: str, moment: Moment) -> Detail:
    try:
        return read_detail(reader, id_)
    except Ambiguous as error:
        if (kind := find_kind(reader, id_)) is None:
            raise
        raise Ambiguous(
            f"{error}, or `nkplan list --kind {kind}` for all of them", error.candidates
        ) from None
    except NotFound as error:
        if moment.is_present:
            raise
        raise NotFound(f"{error} ({describe_moment(moment)}, when less was on record)") from None


def _add_history(reader: Reader, id_: str, moment: Moment, silent_months: int) -> Page:
    """Make the page of a row with its history; a row that has no page gets one of its fields."""
    from nkplan.queries.rows import find_row, list_former, read_row
    from nkplan.reports.history import make_history, make_row_page

    try:
        page = make_page(_read(reader, id_, moment), moment, silent_months)
    except NotFound:
        name, key = find_row(reader, id_)
        row = read_row(reader, name, key)
        page = make_row_page(name, key or name, row)._replace(when=describe_moment(moment))
    else:
        name = (
            f"{page.type}s" if page.type in {"announcement", "place", "publisher", "source"} else "projects"
        )
        row = read_row(reader, name, page.id)
    former = (
        [((one,), list_former(reader, name, one.id)) for one in row]
        if name == "settings"
        else [(row, list_former(reader, name, page.id))]
    )
    return page._replace(sections=(*page.sections, make_history(name, former)))
