"""`nkplan report`: the questions answered by counting."""

from typing import Annotated

import typer

from nkplan.cli.options import Db, Format, FormatOption, Output
from nkplan.cli.output import emit, pick_format, write_grid
from nkplan.cli.session import open_reader
from nkplan.errors import BadInput
from nkplan.queries.programmes import list_programmes
from nkplan.queries.sites import list_sites
from nkplan.report.progress import Grouping, report_progress
from nkplan.text import explain_unknown
from nkplan.views.progress import make_report

_VIEWS = ["progress"]


def run(
    context: typer.Context,
    view: Annotated[str, typer.Argument(metavar="VIEW", help="progress.", show_default=False)] = "progress",
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="GROUP",
            help="kind, province, year, programme or status; else programme and year.",
        ),
    ] = None,
    format_: FormatOption = None,
    output: Output = None,
    db: Db = None,
) -> None:
    """Count sites against promises: promised, named, started, claimed and verified complete, operating.

    \b
    nkplan report
    nkplan report --by province -f csv
    """
    if view not in _VIEWS:
        raise BadInput(explain_unknown("view", view, _VIEWS))
    grouping = _read_grouping(by)
    form = pick_format(format_, output)
    with open_reader(db or context.obj) as reader:
        progress = report_progress(list_sites(reader), list_programmes(reader), grouping)
    grid = make_report(progress)
    if form is Format.TABLE:
        from nkplan.tables.report import write_report

        emit(lambda out: write_report(grid, out), output)
    else:
        emit(lambda out: write_grid(grid, form, out), output)


def _read_grouping(text: str | None) -> Grouping:
    if text is None:
        return Grouping.PROGRAMME_AND_YEAR
    groups = [str(one) for one in Grouping if one is not Grouping.PROGRAMME_AND_YEAR]
    if text.strip().casefold() not in groups:
        raise BadInput(f"--by: {explain_unknown('group', text, groups)}")
    return Grouping(text.strip().casefold())
