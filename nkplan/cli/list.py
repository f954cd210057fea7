"""`nkplan list`: sites, filtered; one line each."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TextIO

import typer

from nkplan.cli.options import Db, Format, FormatOption, Kind, Output, ProgrammeOption, Province, StatusOption
from nkplan.cli.output import emit, is_screen, pick_format, write_grid
from nkplan.cli.session import database_path, notice, open_reader, read_today
from nkplan.errors import BadInput
from nkplan.model.state import Site
from nkplan.model.vocabulary import ProjectType, Status
from nkplan.queries.sites import NO_FILTERS, Filters, count_sites, list_names, list_sites
from nkplan.report.state import SILENT_MONTHS, is_overdue, is_silent, is_unverified
from nkplan.text import explain_unknown, fold
from nkplan.views.grid import Value
from nkplan.views.sites import LIST_COLUMNS, SCREEN_COLUMNS, list_values, make_list, sort_sites

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader

SCREEN_LIMIT = 50
"""How many lines a list has on a terminal where no limit is given."""


class _Wanted(NamedTuple):
    """Which sites are wanted beyond what the database filters."""

    text: str | None
    unverified: bool
    overdue: bool
    silent_months: int | None
    today: date

    def wants(self, site: Site, names: dict[str, str]) -> bool:
        """Tell whether a site is wanted; `names` has what each is found by."""
        return (
            (not self.unverified or is_unverified(site.state))
            and (not self.overdue or is_overdue(site.state.status, site.promised, self.today))
            and (self.silent_months is None or is_silent(site.state, self.today, self.silent_months))
            and (not self.text or fold(self.text) in fold(site.id) or fold(self.text) in names[site.id])
        )


def run(
    context: typer.Context,
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help="Only sites with this in a name.", show_default=False),
    ] = None,
    kind: Kind = None,
    status: StatusOption = None,
    province: Province = None,
    programme: ProgrammeOption = None,
    year: Annotated[
        int | None, typer.Option("--year", metavar="YEAR", help="The year of its cohort.")
    ] = None,
    unverified: Annotated[
        bool, typer.Option("--unverified", help="Only sites of which more is claimed than is verified.")
    ] = False,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only sites past their promised date and not opened.")
    ] = False,
    silent: Annotated[
        int | None,
        typer.Option(
            "--silent",
            metavar="[MONTHS]",
            min=0,
            help=f"Only sites without evidence for {SILENT_MONTHS} months.",
        ),
    ] = None,
    sort: Annotated[
        str, typer.Option("--sort", metavar="COLUMN", help="The column to sort by.", show_default=True)
    ] = "id",
    reverse: Annotated[bool, typer.Option("--reverse", help="Sort from the last to the first.")] = False,
    columns: Annotated[
        str | None,
        typer.Option("--columns", metavar="A,B,...", help=f"{', '.join(c.key for c in LIST_COLUMNS)}."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", metavar="N", min=0, help=f"At most N lines, 0 for all; {SCREEN_LIMIT} on a terminal."
        ),
    ] = None,
    format_: FormatOption = None,
    output: Output = None,
    db: Db = None,
) -> None:
    """List sites, one line each: claimed and verified status, last evidence, promised date.

    \b
    nkplan list --programme 20x10 --unverified
    nkplan list --province "South Pyongan" --sort last_evidence -f csv
    """
    today = read_today()
    keys = _read_columns(columns)
    order = _read_sort(sort)
    months = SILENT_MONTHS if silent is None else silent
    form = pick_format(format_, output)
    if text is not None and not fold(text):
        raise BadInput(f"TEXT: {text!r} has no letter or digit to look for; write part of a name")
    wanted = _Wanted(text, unverified, overdue, silent, today)
    with open_reader(db or context.obj) as reader:
        filters = _read_filters(reader, kind, status, province, programme, year)
        names = list_names(reader) if text else {}
        sites: Iterator[Site] = (site for site in list_sites(reader, filters) if wanted.wants(site, names))
        if order != "id" or reverse:
            sites = iter(sort_sites(sites, order, today, months, reverse=reverse))
        most = limit if limit is not None else SCREEN_LIMIT if is_screen(output) else 0
        counter = _Counter(sites, most)
        rows = (list_values(site, today, months) for site in counter)
        if form is Format.TABLE:
            _draw_list(rows, keys, columns is not None, output)
        else:
            shown = keys if columns else [column.key for column in LIST_COLUMNS]
            emit(lambda out: write_grid(make_list(rows, shown), form, out), output)
        counter.finish()
        if not counter.total:
            _explain_nothing(reader, context, database_path(db or context.obj))
        elif most and counter.total > most:
            notice(f"{most} of {counter.total} shown; --limit 0 for all")


class _Counter:
    """Gives at most so many sites and counts all that it could have given."""

    def __init__(self, sites: Iterator[Site], most: int) -> None:
        self._sites = sites
        self._most = most
        self.given = 0
        self.total = 0

    def __iter__(self) -> Iterator[Site]:
        for site in self._sites:
            self.total += 1
            if not self._most or self.given < self._most:
                self.given += 1
                yield site

    def finish(self) -> None:
        """Count what was not asked for, where writing stopped early."""
        self.total += sum(1 for _ in self._sites)


def _draw_list(rows: Iterator[dict[str, Value]], keys: list[str], asked: bool, output: Path | None) -> None:
    from nkplan.tables.grid import write_list

    left_out: tuple[str, ...] = ()

    def write(out: TextIO) -> None:
        nonlocal left_out
        left_out = write_list(make_list(rows, keys), out, all_columns=asked)

    emit(write, output)
    if left_out:
        notice(f"no room for {', '.join(left_out)}; --columns picks others")


def _read_columns(text: str | None) -> list[str]:
    if text is None:
        return list(SCREEN_COLUMNS)
    known = [column.key for column in LIST_COLUMNS]
    keys = [key.strip().casefold().replace("-", "_") for key in text.split(",") if key.strip()]
    for key in keys:
        if key not in known:
            raise BadInput(f"--columns: {explain_unknown('column', key, known)}")
    if not keys:
        raise BadInput(f"--columns: it names none; write some of {', '.join(known)} with commas between")
    return list(dict.fromkeys(keys))


def _read_sort(text: str) -> str:
    known = [column.key for column in LIST_COLUMNS]
    key = text.strip().casefold().replace("-", "_")
    if key not in known:
        raise BadInput(f"--sort: {explain_unknown('column', text, known)}")
    return key


def _read_filters(
    reader: "Reader",
    kind: str | None,
    status: str | None,
    province: str | None,
    programme: str | None,
    year: int | None,
) -> "Filters":
    """Read the filters; a value that does not exist is refused, with those that do."""
    if (kind, status, province, programme, year) == (None,) * 5:
        return NO_FILTERS
    from nkplan.queries import names
    from nkplan.values import read_word

    try:
        its_status = read_word(status, Status, "status") if status is not None else None
    except ValueError as error:
        raise BadInput(f"--status: {error}") from None
    return Filters(
        kind=names.find_kind(reader, kind) if kind is not None else None,
        status=its_status,
        province=names.find_province(reader, province) if province is not None else None,
        programme=names.find_project(reader, programme, ProjectType.PROGRAMME)
        if programme is not None
        else None,
        year=names.find_year(reader, year) if year is not None else None,
    )


def _explain_nothing(reader: "Reader", context: typer.Context, path: Path) -> None:
    """Say why a list is empty: in which file which filters hide how many sites."""
    shown = {"text", "kind", "status", "province", "programme", "year", "unverified", "overdue", "silent"}
    given = {
        name: value
        for name, value in context.params.items()
        if name in shown and value is not None and value is not False
    }
    words = [
        str(value) if name == "text" else f"--{name}" if value is True else f"--{name} {value}"
        for name, value in given.items()
    ]
    count = count_sites(reader)
    if words:
        notice(f"no site in {path} passes {' '.join(words)}; without filters there are {count}")
    else:
        notice(f"{path} has no sites yet; `nkplan add` and `nkplan load` bring some")
