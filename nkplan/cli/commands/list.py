"""`nkplan list`: sites, filtered, one line each."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from nkplan.cli.completion import complete_several, complete_words
from nkplan.cli.config import read_config
from nkplan.cli.filters import FilterOptions, read_filters
from nkplan.cli.options import Db, Limit, MomentOptions, OutputOptions, count_reader, grouped
from nkplan.cli.output import Answer, choose_limit, open_answer, pick_format
from nkplan.cli.session import (
    database_path,
    explain_empty,
    read_day_option,
    read_moment,
    read_today,
    write_options,
)
from nkplan.cli.synonyms import read_former
from nkplan.errors import BadInput
from nkplan.judgement import find_overdue, is_silent, is_unverified
from nkplan.layout.grid import Grid, Value
from nkplan.layout.labels import Labels
from nkplan.layout.report import Report, describe_moment
from nkplan.model.filters import Filters
from nkplan.model.settings import SILENT_MONTHS
from nkplan.model.state import Site
from nkplan.queries.settings import read_settings
from nkplan.queries.sites import Only, count_sites, list_project_names, list_sites
from nkplan.queries.sites import list_rows as list_stored_rows
from nkplan.render.formats import Format, write_report
from nkplan.reports.counting import COUNT_COLUMNS, count_site
from nkplan.reports.sites import (
    LIST_COLUMNS,
    SCREEN_COLUMNS,
    list_rows,
    list_values,
    make_list,
    sort_sites,
)
from nkplan.text import explain_unknown, fold, has_letter

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader


_KEYS = tuple(column.key for column in LIST_COLUMNS)
_COUNTED = tuple(column.key for column in COUNT_COLUMNS)


class _Wanted(NamedTuple):
    """The conditions that sites must meet beyond what the database filters.

    A site is silent after `months` without news, whether or not only silent ones are wanted.
    """

    text: str | None
    unverified: bool
    overdue: bool
    silent: bool
    counted: str | None
    today: date
    months: int

    @property
    def wants_all(self) -> bool:
        """Whether every site is wanted that matches the filters of the database."""
        return self == _Wanted(None, False, False, False, None, self.today, self.months)

    @property
    def only(self) -> Only | None:
        """The condition that the database can filter by."""
        return Only.OVERDUE if self.overdue else Only.UNVERIFIED if self.unverified else None

    def wants(self, site: Site, names: dict[str, str]) -> bool:
        """Return whether a site is wanted; `names` has the folded names of each site, by id."""
        return (
            (not self.unverified or is_unverified(site.state))
            and (not self.overdue or find_overdue(site.state, self.today) is not None)
            and (not self.silent or is_silent(site.state, self.today, self.months))
            and (self.counted is None or _is_counted(site, self.counted))
            and (not self.text or fold(self.text) in fold(site.id) or fold(self.text) in names[site.id])
        )


def _is_counted(site: Site, column: str) -> bool:
    return bool(getattr(count_site(site.state), column))


class _ConditionOptions(NamedTuple):
    """The conditions on sites, as typed."""

    unverified: Annotated[
        bool, typer.Option("--unverified", help="Only sites for which more is claimed than verified.")
    ] = False
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only sites past a promised date that was not kept.")
    ] = False
    silent: Annotated[
        bool,
        typer.Option(
            "--silent",
            help=f"Only unfinished sites without news for {SILENT_MONTHS} months, or as the record says.",
        ),
    ] = False
    months: Annotated[
        int | None,
        typer.Option(
            "--months",
            metavar="N",
            parser=count_reader("--months"),
            help="Only unfinished sites without news for N months.",
        ),
    ] = None


class _ArrangementOptions(NamedTuple):
    """The order of sites and the columns shown, as typed."""

    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="COLUMN",
            help="The column to sort by.",
            show_default=True,
            autocompletion=complete_words(_KEYS),
        ),
    ] = "id"
    reverse: Annotated[bool, typer.Option("--reverse", help="Sort in reverse order.")] = False
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="A,B,...",
            help=f"The columns to show: {', '.join(c.key for c in LIST_COLUMNS)}.",
            autocompletion=complete_several(complete_words(_KEYS)),
        ),
    ] = None


_CONDITIONS = {"counted", *FilterOptions._fields, *MomentOptions._fields, *_ConditionOptions._fields}


@grouped
def run(
    *,
    context: typer.Context,
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help="Only sites whose name or id contains this.", show_default=False),
    ] = None,
    filters: FilterOptions,
    counted: Annotated[
        str | None,
        typer.Option(
            "--counted",
            metavar="COLUMN",
            help=f"Only sites that a report counts as {', '.join(_COUNTED)}.",
            autocompletion=complete_words(_COUNTED),
        ),
    ] = None,
    days: MomentOptions,
    conditions: _ConditionOptions,
    arrangement: _ArrangementOptions,
    limit: Limit = None,
    options: OutputOptions,
    db: Db = None,
) -> None:
    """List sites, one line each: claimed and verified status, last evidence, promised date.

    \b
    nkplan list --programme 20x10 --unverified
    nkplan list --region "South Pyongan" --sort last_evidence -f csv
    """
    moment = read_moment(days)
    format_ = pick_format(options)
    chosen, order = _choose_columns(arrangement.columns, format_), _read_sort(arrangement.sort)
    wanted = _read_wanted(text, counted, conditions, moment.day)
    most = choose_limit(limit, options.output)
    with open_answer(db, moment, options) as (reader, answer):
        settings = read_settings(reader)
        labels = Labels(settings.labels)
        if conditions.months is None:
            wanted = wanted._replace(months=settings.silent_months)
        site_filters = read_filters(reader, filters)
        rows = _find(reader, site_filters, wanted, order, most, reverse=arrangement.reverse)
        if format_ is Format.TABLE:
            grid = labels.fill_grid(make_list(rows, chosen or list(SCREEN_COLUMNS)))
            _draw(grid, describe_moment(moment), answer, all_columns=chosen is not None)
        else:
            report = Report("Sites", make_list(rows, chosen or [column.key for column in LIST_COLUMNS]))
            answer.write(lambda out: write_report(report, moment, format_, out, labels, exact=options.exact))
        rows.finish()
        if not rows.total:
            answer.note(_explain_empty(reader, context.params, db))
        elif most and rows.total > most:
            answer.note(f"{most} of {rows.total} shown; --limit 0 for all")


def _find(
    reader: "Reader", filters: Filters, wanted: _Wanted, order: str, most: int, *, reverse: bool
) -> "_Counter":
    """Find the values of the sites that are wanted, in the order asked for."""
    day, months = wanted.today, wanted.months
    by_id = order == "id" and not reverse
    if by_id and wanted.wants_all:
        # The database alone filters and sorts, so it need not return more than is shown.
        stored = list_stored_rows(reader, filters, most=most or -1)
        return _Counter(list_rows(stored, day, months), most, count_sites(reader, filters) if most else None)
    sites = list_sites(reader, filters, wanted.only, day)
    if not wanted.wants_all:
        names = list_project_names(reader) if wanted.text else {}
        sites = (site for site in sites if wanted.wants(site, names))
    if not by_id:
        sites = iter(sort_sites(sites, order, day, months, reverse=reverse))
    return _Counter((list_values(site, day, months) for site in sites), most)


class _Counter:
    """Yields at most `most` rows and counts all of them, unless their number is `known`."""

    def __init__(self, rows: Iterator[tuple[Value, ...]], most: int, known: int | None = None) -> None:
        self._rows = rows
        self._most = most
        self._known = known
        self.total = 0

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        for row in islice(self._rows, self._most or None):
            self.total += 1
            yield row

    def finish(self) -> None:
        """Count the sites that were not read because writing stopped early."""
        self.total = self._known or self.total + sum(1 for _ in self._rows)


def _draw(grid: Grid, when: str, answer: Answer, *, all_columns: bool) -> None:
    from nkplan.render.terminal.grid import write_list

    answer.write(lambda out: write_list(grid, out, f"Sites, {when}", all_columns=all_columns))


def _read_wanted(
    text: str | None, counted: str | None, conditions: _ConditionOptions, today: date
) -> _Wanted:
    """Read the conditions beyond what the database filters. Raises BadInput."""
    unverified, overdue, silent, months = conditions
    if text is not None:
        from nkplan.words import LONGEST_SEARCH

        if len(text) > LONGEST_SEARCH:
            raise BadInput(f"TEXT: it has {len(text)} characters; write at most {LONGEST_SEARCH} of a name")
        if not has_letter(text) or not fold(text):
            raise BadInput(f"TEXT: {text!r} has no letter or digit to look for; write part of a name")
    if silent and months is None and text is not None and text.isascii() and text.isdigit():
        raise BadInput(f"--silent takes no number; write --silent --months {text}")
    silent = silent or months is not None
    months = SILENT_MONTHS if months is None else months
    return _Wanted(text, unverified, overdue, silent, _read_counted(counted), today, months)


def _choose_columns(text: str | None, format_: Format) -> list[str] | None:
    """Return the columns that are typed, or those of the config file in a table; None if there are none.

    What a script reads does not depend on a config file. Raises BadInput.
    """
    if text is not None:
        return _read_columns("--columns", text.split(","))
    if format_ is Format.TABLE and (config := read_config()).columns is not None:
        return _read_columns(f"columns in {config.path}", config.columns)
    return None


def _read_columns(where: str, names: Iterable[str]) -> list[str]:
    known = [column.key for column in LIST_COLUMNS]
    keys = [_read_key(name) for name in names if name.strip()]
    for key in keys:
        if key not in known:
            raise BadInput(f"{where}: {explain_unknown('column', key, known)}")
    if not keys:
        raise BadInput(f"{where}: it names no column; name some of {', '.join(known)}, separated by commas")
    return list(dict.fromkeys(keys))


def _read_key(text: str) -> str:
    return read_former(text.strip().casefold().replace("-", "_"))


def _read_counted(text: str | None) -> str | None:
    if text is None:
        return None
    key = _read_key(text)
    if key not in _COUNTED:
        raise BadInput(f"--counted: {explain_unknown('column', text, list(_COUNTED))}")
    return key


def _read_sort(text: str) -> str:
    known = [column.key for column in LIST_COLUMNS]
    key = _read_key(text)
    if key not in known:
        raise BadInput(f"--sort: {explain_unknown('column', text, known)}")
    return key


def _explain_empty(reader: "Reader", typed: dict[str, object], db: Path | None) -> str:
    """Say why a list is empty; repeat the conditions in the order in which they were typed."""
    given: list[str] = []
    # A date that was typed as people write it is repeated as it is stored.
    days = {
        name: str(read_day_option(f"--{name}", str(typed[name]), read_today()))
        for name in ("as_of", "known_on")
        if typed[name] is not None
    }
    for name, value in (typed | days).items():
        if name in _CONDITIONS:
            given += write_options({name: value})
        elif name == "text" and value is not None:
            given.append(str(value))
    return explain_empty(
        database_path(db),
        given,
        filtered=f"no site in {{path}} matches {{given}}; without filters there are {count_sites(reader)}",
        unfiltered="{path} has no sites yet; add some with `nkplan add` or `nkplan load`",
    )
