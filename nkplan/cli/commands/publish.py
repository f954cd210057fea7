"""`nkplan publish`: a page to send on, in one file, or a site of the whole record."""

import os
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from nkplan.cli.completion import complete_project
from nkplan.cli.options import Db, MomentOptions, OutputOptions, grouped
from nkplan.cli.output import STANDARD_OUTPUT, is_screen, open_answer
from nkplan.cli.session import database_path, read_moment, write_options
from nkplan.errors import BadInput, NotFound, Unusable
from nkplan.layout.report import describe_moment
from nkplan.model.moment import Moment
from nkplan.model.question import Question
from nkplan.queries.settings import read_settings


@grouped
def run(
    *,
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...",
            help="Programmes, cohorts or sites: any unambiguous part of their ids; by default, all there is.",
            autocompletion=complete_project,
            show_default=False,
        ),
    ] = None,
    days: MomentOptions,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", readable=False, help="Write the page to this file."),
    ] = None,
    site: Annotated[
        Path | None,
        typer.Option(
            "--site",
            metavar="DIR",
            readable=False,
            help="Write the whole record as linked pages to this folder: a new or empty one, or one that was"
            " written so before.",
        ),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            metavar="BASE",
            help="Where the site will be: completes the addresses in its feed, calendar and data, and adds"
            " a sitemap.",
        ),
    ] = None,
    db: Db = None,
) -> None:
    """Make a page to send on: numbers, chart, map, sites with their histories and every source, in one file.

    It loads nothing from elsewhere and prints well. It says which days it is about, how a state is judged
    and how to cite it. With --site it is the whole record, as linked pages with a feed and a calendar.

    \b
    nkplan publish 20x10 -o 20x10.html
    nkplan publish --as-of 2025-12-31 -o record.html
    nkplan publish --site public --url https://example.org/record/
    """
    if site is not None:
        _check_site(ids, days, output)
        from nkplan.cli.site import publish_site

        publish_site(db, site, url)
        return
    if url is not None:
        raise BadInput("--url says where a site will be; name its folder with --site, or leave it out")
    _check_output(output, ids)
    moment = read_moment(days)
    options = OutputOptions(output=output, no_pager=True)
    # A chart reads the record at one day after another, all of the same state of it.
    past = Moment(date.max, date.min, moment.known_by)
    with open_answer(db, past, options) as (reader, answer):
        from nkplan.queries.names import find_project
        from nkplan.queries.publication import fetch
        from nkplan.render.html.publication import write_publication
        from nkplan.reports.publication import make_publication

        reader.move(moment.happened_by)
        try:
            projects = [find_project(reader, one) for one in ids or ()]
        except NotFound as error:
            if moment.is_present:
                raise
            raise NotFound(f"{error} ({describe_moment(moment)}, when less was on record)") from None
        facts = fetch(reader, Question(moment), projects)
        publication = make_publication(facts, read_settings(reader))
        answer.write(lambda out: write_publication(publication, out))
        for one, other in facts.within.items():
            answer.note(f"{one} is part of {other}, which has it on the page")
        if not publication.parts:
            answer.note(f"there is no programme and no site in {database_path(db)}")


def _check_site(ids: list[str] | None, days: MomentOptions, output: Path | None) -> None:
    """Refuse what a site cannot have: it is the whole record, as it is. Raises BadInput."""
    if output is not None:
        raise BadInput(f"--site makes a folder of pages and --output one page; leave out {output} or --site")
    if ids:
        named = " ".join(ids)
        raise BadInput(f"a site has the whole record; leave out {named}, or make a page with -o FILE.html")
    if given := [*write_options(days._asdict())]:
        raise BadInput(
            f"a site shows the record as it is; leave out {' '.join(given)}, or make a page with -o FILE.html"
        )


def _check_output(output: Path | None, ids: list[str] | None) -> None:
    """Refuse to fill a terminal with HTML, and what is no file or is of something else by its ending."""
    if is_screen(output):
        named = "".join(f" {one}" for one in ids or ())
        raise BadInput(f"a page is for a browser; name a file for it: nkplan publish{named} -o page.html")
    if output is None or output == STANDARD_OUTPUT:
        return
    # `Path.is_dir` fails for a name that no file can have.
    if os.path.isdir(output):  # noqa: PTH112
        raise Unusable(f"cannot write to {output}: it is a directory; name a file in it")
    if output.suffix and output.suffix.casefold() not in {".html", ".htm"}:
        raise BadInput(f"{output}: a page is .html; name a file with this ending")
