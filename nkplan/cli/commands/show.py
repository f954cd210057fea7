"""`nkplan show`: everything known about one thing."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from nkplan.cli.guesses import find_kind
from nkplan.cli.options import Db, MomentOptions, OutputOptions, ThingId, grouped
from nkplan.cli.output import open_answer, pick_format
from nkplan.cli.session import read_moment, read_typed
from nkplan.dates import find_days
from nkplan.errors import Ambiguous, BadInput, NotFound, NothingThen
from nkplan.layout.labels import Labels
from nkplan.layout.page import Page, is_empty
from nkplan.layout.report import describe_moment
from nkplan.model.detail import DaysDetail, Detail, ProjectDetail
from nkplan.model.moment import Moment
from nkplan.model.question import Question
from nkplan.model.vocabulary import ProjectType
from nkplan.queries.details import read_days, read_detail, read_detail_of
from nkplan.queries.reader import Reader
from nkplan.queries.rows import Found, find_row, list_former, read_row, split_target
from nkplan.queries.settings import read_settings
from nkplan.render.formats import Format, write_page
from nkplan.reports.details import make_page

if TYPE_CHECKING:
    from nkplan.reports.charts.line import Line
    from nkplan.reports.charts.sites import Promised


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

    A day or month shows what was announced and happened then. If several things have one id, LIST/ID says
    which is meant; so are updates, quotas and kinds shown, too.

    \b
    nkplan show songchon
    nkplan show 2024-01-15
    nkplan show "South Pyongan" -f md
    nkplan show kind/factory
    nkplan show 14a3d1b9dc69 --history
    """
    format_ = pick_format(options)
    moment = read_moment(days)
    with open_answer(db, moment, options) as (reader, answer):
        settings = read_settings(reader)
        name, page, detail = _read(reader, id_, moment, settings.silent_months)
        line = _read_line(reader, detail, moment) if format_ is Format.TABLE else None
        if history:
            if page.type in {"day", "month"}:
                raise BadInput(f"--history: a {page.type} has none; leave it out")
            page = _add_history(reader, name, page)
            if is_empty(page.sections[-1]):
                answer.note(
                    f"{page.id} itself has not been edited;"
                    f" nkplan log {page.id} lists all that was recorded of it"
                )
        labels = Labels(settings.labels)
        page = page._replace(has_urls=urls)

        def write(out: TextIO) -> None:
            write_page(page, format_, out, labels, exact=options.exact)
            if line is not None:
                from nkplan.render.terminal.picture import write_line

                write_line(line, out)

        answer.write(write)


def _read_line(reader: Reader, detail: Detail | None, moment: Moment) -> "Line | None":
    """Read the timeline of a project, in one line."""
    if not isinstance(detail, ProjectDetail):
        return None
    from nkplan.queries.charts.sites import list_promised
    from nkplan.reports.charts.line import make_line

    project = detail.project
    cohort = next((one.id for one in detail.parents if one.type is ProjectType.COHORT), None)
    promised: Sequence[Promised] = ()
    if project.type is ProjectType.SITE:
        promised = list_promised(reader, Question(moment), [(project.id, cohort)])[project.id]
    return make_line(detail, promised, moment.day)


def _read(reader: Reader, id_: str, moment: Moment, silent_months: int) -> tuple[str, Page, Detail | None]:
    """Read the page of what is meant, and the list that has it: `LIST/ID`, or what `read_detail` finds.

    What it does not find may be a row that has nothing to show but its own fields, such as an update, or a
    day as a person types it.
    """
    is_of_list = len(split_target(id_)[0]) == 1 or id_.strip().casefold() == "last"
    found: Found | None = None
    try:
        found = find_row(reader, id_) if is_of_list else None
        detail = read_detail_of(reader, *found) if found else read_detail(reader, id_)
    except NothingThen:
        raise
    except Ambiguous as error:
        if (kind := find_kind(reader, id_)) is None:
            raise
        raise Ambiguous(
            f"{error}, or `nkplan list --kind {kind}` for all of them", error.candidates
        ) from None
    except NotFound as error:
        detail = None if is_of_list else _read_typed_day(reader, id_, moment)
        if detail is None and not is_of_list:
            with suppress(NotFound, Ambiguous):
                found = find_row(reader, id_)
                detail = read_detail_of(reader, *found)
        if detail is None and found is None:
            if moment.is_present:
                raise
            raise NotFound(f"{error} ({describe_moment(moment)}, when less was on record)") from None
    if detail is not None:
        page = make_page(detail, moment, silent_months)
        is_own = page.type in {"announcement", "place", "publisher", "source"}
        return f"{page.type}s" if is_own else "projects", page, detail
    assert found is not None
    from nkplan.reports.history import make_row_page

    name, key = found
    page = make_row_page(name, key or name, read_row(reader, name, key))
    return name, page._replace(when=describe_moment(moment)), None


def _read_typed_day(reader: Reader, text: str, moment: Moment) -> DaysDetail | None:
    """Read what happened on a day or in a month that a person typed, such as `yesterday`."""
    try:
        days = find_days(read_typed(text, moment.today))
    except ValueError as error:
        # Three numbers can only be meant as a date.
        if len([part for part in text.replace(".", "/").split("/") if part.strip().isdecimal()]) != 3:
            return None
        raise NothingThen(str(error)) from None
    return None if days is None else read_days(reader, days)


def _add_history(reader: Reader, name: str, page: Page) -> Page:
    """Add what a row said before it was edited to its page."""
    from nkplan.reports.history import make_history

    row = read_row(reader, name, page.id)
    former = (
        [((one,), list_former(reader, name, one.id)) for one in row]
        if name == "settings"
        else [(row, list_former(reader, name, page.id))]
    )
    return page._replace(sections=(*page.sections, make_history(name, former)))
