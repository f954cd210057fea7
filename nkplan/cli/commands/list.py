"""`nkplan list`: sites, filtered; one line each."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TextIO

import typer

from nkplan.cli.filters import (
    FilterWords,
    PlaceFilter,
    ProgrammeFilter,
    ProvinceFilter,
    YearFilter,
    read_filters,
)
from nkplan.cli.options import (
    AsOf,
    Db,
    Exact,
    FormatOption,
    Kind,
    KnownOn,
    Limit,
    Output,
    StatusOption,
)
from nkplan.cli.output import choose_limit, emit, pick_format
from nkplan.cli.session import database_path, notice, open_reader, read_moment
from nkplan.errors import BadInput
from nkplan.judgement import SILENT_MONTHS, is_overdue, is_silent, is_unverified
from nkplan.layout.grid import Value
from nkplan.layout.report import Report, describe_moment
from nkplan.model.state import Site
from nkplan.queries.sites import Only, count_sites, list_names, list_sites
from nkplan.render.forms import Format, write_report
from nkplan.reports.counts import COUNT_COLUMNS, count_site
from nkplan.reports.sites import LIST_COLUMNS, SCREEN_COLUMNS, list_values, make_list, sort_sites
from nkplan.text import explain_unknown, fold
from nkplan.words import LONGEST_SEARCH

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader


_COUNTED = tuple(column.key for column in COUNT_COLUMNS)


class _Wanted(NamedTuple):
    """Which sites are wanted beyond what the database filters."""

    text: str | None
    unverified: bool
    overdue: bool
    silent_months: int | None
    counted: str | None
    today: date

    @property
    def wants_all(self) -> bool:
        """Whether every site is wanted that the database lets through."""
        return self == _Wanted(None, False, False, None, None, self.today)

    def wants(self, site: Site, names: dict[str, str]) -> bool:
        """Tell whether a site is wanted; `names` has what each is found by."""
        return (
            (not self.unverified or is_unverified(site.state))
            and (not self.overdue or is_overdue(site.state.status, site.promised, self.today))
            and (self.silent_months is None or is_silent(site.state, self.today, self.silent_months))
            and (self.counted is None or _is_counted(site, self.counted))
            and (not self.text or fold(self.text) in fold(site.id) or fold(self.text) in names[site.id])
        )


def _is_counted(site: Site, column: str) -> bool:
    return bool(getattr(count_site(site.state), column))


def run(
    context: typer.Context,
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help="Only sites with this in a name.", show_default=False),
    ] = None,
    kind: Kind = None,
    status: StatusOption = None,
    province: ProvinceFilter = None,
    place: PlaceFilter = None,
    programme: ProgrammeFilter = None,
    year: YearFilter = None,
    counted: Annotated[
        str | None,
        typer.Option(
            "--counted",
            metavar="COLUMN",
            help=f"Only sites that a report counts as {', '.join(_COUNTED)}.",
            autocompletion=lambda: list(_COUNTED),
        ),
    ] = None,
    as_of: AsOf = None,
    known_on: KnownOn = None,
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
    limit: Limit = None,
    format_: FormatOption = None,
    output: Output = None,
    exact: Exact = False,
    db: Db = None,
) -> None:
    """List sites, one line each: claimed and verified status, last evidence, promised date.

    \b
    nkplan list --programme 20x10 --unverified
    nkplan list --province "South Pyongan" --sort last_evidence -f csv
    """
    moment = read_moment(as_of, known_on)
    today = moment.day
    keys = _read_columns(columns)
    order = _read_sort(sort)
    months = SILENT_MONTHS if silent is None else silent
    form = pick_format(format_, output)
    if text is not None and len(text) > LONGEST_SEARCH:
        raise BadInput(f"TEXT: it has {len(text)} characters; write at most {LONGEST_SEARCH} of a name")
    if text is not None and not fold(text):
        raise BadInput(f"TEXT: {text!r} has no letter or digit to look for; write part of a name")
    wanted = _Wanted(text, unverified, overdue, silent, _read_counted(counted), today)
    only = Only.OVERDUE if overdue else Only.UNVERIFIED if unverified else None
    with open_reader(db or context.obj, moment, output=output) as reader:
        filters = read_filters(reader, FilterWords(kind, status, province, place, programme, year))
        names = list_names(reader) if text else {}
        most = choose_limit(limit, output)
        by_id = order == "id" and not reverse
        # Where the database filters and sorts alone, it need not give more than is shown.
        cut = most if most and by_id and wanted.wants_all else -1
        sites = list_sites(reader, filters, only, today, cut)
        if not wanted.wants_all:
            sites = (site for site in sites if wanted.wants(site, names))
        if not by_id:
            sites = iter(sort_sites(sites, order, today, months, reverse=reverse))
        counter = _Counter(sites, most, count_sites(reader, filters) if cut > 0 else None)
        rows = (list_values(site, today, months) for site in counter)
        if form is Format.TABLE:
            _draw_list(rows, keys, describe_moment(moment), columns is not None, output)
        else:
            shown = keys if columns else [column.key for column in LIST_COLUMNS]
            report = Report("Sites", make_list(rows, shown))
            emit(lambda out: write_report(report, moment, form, out, exact=exact), output)
        counter.finish()
        if not counter.total:
            _explain_nothing(reader, context, database_path(db or context.obj))
        elif most and counter.total > most:
            notice(f"{most} of {counter.total} shown; --limit 0 for all")


class _Counter:
    """Gives at most so many sites and counts all that it could have given, unless that is known."""

    def __init__(self, sites: Iterator[Site], most: int, known: int | None) -> None:
        self._sites = sites
        self._most = most
        self._known = known
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
        self.total = self._known or self.total + sum(1 for _ in self._sites)


def _draw_list(
    rows: Iterator[tuple[Value, ...]], keys: list[str], when: str, asked: bool, output: Path | None
) -> None:
    from nkplan.render.terminal.grid import write_list

    left_out: tuple[str, ...] = ()

    def write(out: TextIO) -> None:
        nonlocal left_out
        left_out = write_list(make_list(rows, keys), out, f"Sites, {when}", all_columns=asked)

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


def _read_counted(text: str | None) -> str | None:
    if text is None:
        return None
    key = text.strip().casefold().replace("-", "_")
    if key not in _COUNTED:
        raise BadInput(f"--counted: {explain_unknown('column', text, list(_COUNTED))}")
    return key


def _read_sort(text: str) -> str:
    known = [column.key for column in LIST_COLUMNS]
    key = text.strip().casefold().replace("-", "_")
    if key not in known:
        raise BadInput(f"--sort: {explain_unknown('column', text, known)}")
    return key


def _explain_nothing(reader: "Reader", context: typer.Context, path: Path) -> None:
    """Say why a list is empty: in which file which filters hide how many sites."""
    shown = {
        "text", "kind", "status", "province", "place", "programme", "year", "unverified", "overdue", "silent",
        "counted", "as_of", "known_on",
    }  # fmt: skip
    given = {
        name: value
        for name, value in context.params.items()
        if name in shown and value is not None and value is not False
    }
    words = [
        str(value) if name == "text" else f"--{name.replace('_', '-')}{'' if value is True else f' {value}'}"
        for name, value in given.items()
    ]
    count = count_sites(reader)
    if words:
        notice(f"no site in {path} passes {' '.join(words)}; without filters there are {count}")
    else:
        notice(f"{path} has no sites yet; `nkplan add` and `nkplan load` bring some")
