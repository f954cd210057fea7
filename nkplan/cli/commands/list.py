"""`nkplan list`: sites, or what a noun names, filtered, one line each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from nkplan.cli.columns import read_columns
from nkplan.cli.completion import complete_column, complete_listed, complete_several, complete_words
from nkplan.cli.config import read_config
from nkplan.cli.filters import ClaimFilterOptions, FilterOptions, read_claim_filters, read_filters
from nkplan.cli.options import Db, Limit, MomentOptions, OutputOptions, count_reader, grouped
from nkplan.cli.output import Answer, Form, choose_limit, open_answer, pick_format
from nkplan.cli.session import database_path, read_day_option, read_moment
from nkplan.cli.synonyms import read_former
from nkplan.database import is_new
from nkplan.errors import BadInput
from nkplan.judgement import find_overdue, is_silent, is_unverified
from nkplan.layout.grid import Grid, Value
from nkplan.layout.labels import Labels
from nkplan.layout.report import Report, describe_moment
from nkplan.model.filters import Filters
from nkplan.model.moment import Moment
from nkplan.model.settings import SILENT_MONTHS, Settings
from nkplan.model.state import Site
from nkplan.queries.settings import read_settings
from nkplan.queries.sites import Only, count_sites, list_sites
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
from nkplan.text import explain_unknown

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader
    from nkplan.reports.lists import Heading


_KEYS = tuple(column.key for column in LIST_COLUMNS)
_COUNTED = tuple(column.key for column in COUNT_COLUMNS)


class _Wanted(NamedTuple):
    """The conditions that sites must meet beyond what the database filters.

    A site is silent after `months` without news, whether or not only silent ones are wanted.
    """

    unverified: bool
    overdue: bool
    silent: bool
    counted: str | None
    today: date
    months: int

    @property
    def wants_all(self) -> bool:
        """Whether every site is wanted that matches the filters of the database."""
        return self == _Wanted(False, False, False, None, self.today, self.months)

    @property
    def only(self) -> Only | None:
        """The condition that the database can filter by."""
        return Only.OVERDUE if self.overdue else Only.UNVERIFIED if self.unverified else None

    def wants(self, site: Site) -> bool:
        """Return whether a site is wanted."""
        return (
            (not self.unverified or is_unverified(site.state))
            and (not self.overdue or find_overdue(site.state, self.today) is not None)
            and (not self.silent or is_silent(site.state, self.today, self.months))
            and (self.counted is None or _is_counted(site, self.counted))
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
    """The order of a list and the columns shown, as typed."""

    sort: Annotated[
        str | None,
        typer.Option(
            "--sort",
            metavar="COLUMN",
            help="The column to sort by; --sort=-COLUMN sorts downwards.",
            autocompletion=complete_column,
        ),
    ] = None
    reverse: Annotated[bool, typer.Option("--reverse", help="Sort in reverse order.")] = False
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="A,B,...",
            help=f"The columns to show; of sites: {', '.join(c.key for c in LIST_COLUMNS)}.",
            autocompletion=complete_several(complete_column),
        ),
    ] = None
    wide: Annotated[
        bool, typer.Option("--wide", help="Show every column of a table, however wide the screen is.")
    ] = False


class _Sites(NamedTuple):
    """Which sites are asked for, as typed; with `words`, only those that each of the words names."""

    filters: FilterOptions
    claims: ClaimFilterOptions
    conditions: _ConditionOptions
    counted: str | None
    kind: str | None = None
    words: Sequence[str] = ()

    def leave_out(self, name: str) -> "_Sites":
        """Return the same without one of the filters, by name."""
        if name == "text":
            return self._replace(words=())
        if name == "noun":
            return self._replace(kind=None)
        if name == "counted":
            return self._replace(counted=None)
        if name in FilterOptions._fields:
            return self._replace(filters=self.filters._replace(**{name: None}))
        if name in ClaimFilterOptions._fields:
            return self._replace(claims=self.claims._replace(**{name: None}))
        kept = self.conditions._asdict() | {name: _ConditionOptions._field_defaults[name]}
        return self._replace(conditions=_ConditionOptions(**kept))

    def read(
        self, reader: "Reader", settings: Settings, moment: Moment, day: date
    ) -> tuple[Filters, _Wanted]:
        """Read what the database filters by, and the other conditions, by which a `day` is judged.

        Raises BadInput and NotFound.
        """
        filters = read_filters(reader, self.filters)
        if any(self.claims):
            filters = read_claim_filters(reader, self.claims, filters, moment.today)
        if self.kind is not None:
            filters = filters._replace(kinds=(self.kind,))
        if self.words:
            from nkplan.queries.lists import find_named_projects

            filters = filters._replace(named=find_named_projects(reader, self.words))
        unverified, overdue, silent, months = self.conditions
        return filters, _Wanted(
            bool(unverified),
            bool(overdue),
            bool(silent) or months is not None,
            self.counted,
            day,
            settings.silent_months if months is None else months,
        )


_DAYS = {"on", "since"}
_FILTERS = {"counted", *FilterOptions._fields, *ClaimFilterOptions._fields, *_ConditionOptions._fields}


@grouped
def run(
    *,
    context: typer.Context,
    text: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NOUN] [TEXT]...",
            help="What to list, if not sites; then words in an id or a name, of sites also of the place.",
            autocompletion=complete_listed,
            show_default=False,
        ),
    ] = None,
    filters: FilterOptions,
    claims: ClaimFilterOptions,
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
    count: Annotated[bool, typer.Option("--count", help="Print only how many there are.")] = False,
    limit: Limit = None,
    options: OutputOptions,
    db: Db = None,
) -> None:
    """List sites, or what NOUN names, one line each.

    NOUN is sites, announcements, programmes, cohorts, promises, sources, places, updates, kinds, tags or
    changes, or a kind of site, such as hospitals. A filter that does not fit it is refused.

    \b
    nkplan list --programme 20x10 --unverified
    nkplan list hospitals --verified none --sort=-last_evidence
    nkplan list announcements --on 2024-01-15
    nkplan list updates songchon --since 2026 -f csv
    """
    moment = read_moment(days)
    format_ = pick_format(options)
    most = choose_limit(limit, options.output)
    given = {
        name: value
        for name, value in context.params.items()
        if name in _FILTERS and value is not None and value is not False and value not in ([], ())
    }
    sites = _Sites(filters, claims, conditions, _read_counted(counted))
    heading: Heading | None = None
    words: list[str] = []
    if text or arrangement != _ArrangementOptions() or claims.on or claims.author:
        heading, words = _read_text(text, given, conditions, moment)
        if heading is not None and is_new(database_path(db)):
            # No database is made for a command that is refused.
            _arrange(Form(format_, most), heading, arrangement, Labels())
    with open_answer(db, moment, options) as (reader, answer):
        settings = read_settings(reader)
        labels = Labels(settings.labels)
        if heading is None and words:
            heading = _understand(reader, words, settings, given, moment)
        form = Form(format_, most, options.exact, is_counted=count, is_wide=arrangement.wide)
        if heading is not None:
            form = _arrange(form, heading, arrangement, labels)
            sites = sites._replace(kind=heading.kind, words=heading.words)
        if heading is None or heading.noun.name == "sites":
            form = _choose_columns(form, labels)
            title = "Sites" if heading is None else str(heading)
            total = _answer_sites(reader, answer, sites, settings, form, moment, title)
        else:
            from nkplan.cli.lists import answer_list

            total = answer_list(reader, answer, heading, given, form, moment, labels)
        if not total:
            answer.note(
                _explain_empty(reader, heading, given, days, sites, settings, moment, database_path(db))
            )
        elif most and total > most and not count:
            answer.note(f"{most} of {total} shown; --limit 0 for all")
        if total and heading is not None:
            _tell_meant(reader, answer, heading, given, moment)


def _tell_meant(
    reader: "Reader", answer: Answer, heading: "Heading", given: Mapping[str, object], moment: Moment
) -> None:
    """Say that a date, or somebody's name, was looked for as text, and what lists by it."""
    from nkplan.cli.rewording import find_dated_list, find_said

    is_of_sites, told = heading.noun.name == "sites", None
    if not is_of_sites and not given.keys() & {"on", "since"}:
        told = find_dated_list(heading, moment.today, with_digit=True)
    # One word may well be part of a name.
    if told is None and not given and heading.kind is None and len(heading.words) > 1:
        told = find_said(reader, heading)
    if told is not None:
        answer.note(f"the words were looked for as text; what is meant may be: {told}")


def _read_text(
    text: Sequence[str] | None, given: Mapping[str, object], conditions: _ConditionOptions, moment: Moment
) -> "tuple[Heading | None, list[str]]":
    """Read what is to be listed, as far as it needs no database; and the words typed. Raises BadInput."""
    from nkplan.cli.lists import read_noun, refuse_unfitting, split_words

    words = split_words(text)
    is_number = len(words) == 1 and words[0].isascii() and words[0].isdigit()
    if is_number and conditions.silent and conditions.months is None:
        raise BadInput(f"--silent takes no number; write --silent --months {words[0]}")
    heading = read_noun(words)
    if heading is not None:
        refuse_unfitting(heading, given, moment)
    return heading, words


def _understand(
    reader: "Reader", words: Sequence[str], settings: Settings, given: Mapping[str, object], moment: Moment
) -> "Heading":
    from nkplan.cli.lists import refuse_unfitting, understand

    heading = understand(reader, words, settings)
    refuse_unfitting(heading, given, moment)
    return heading


def _arrange(form: Form, heading: "Heading", arrangement: _ArrangementOptions, labels: Labels) -> Form:
    """Read the order and the columns of a list. Raises BadInput."""
    from nkplan.cli.lists import read_sort

    sort, down = read_sort(heading.noun, arrangement.sort, labels)
    typed = arrangement.columns
    keys = None if typed is None else read_columns(heading.noun.columns, typed.split(","), labels)
    return form._replace(keys=keys, sort=sort, down=down is not arrangement.reverse)


def _choose_columns(form: Form, labels: Labels) -> Form:
    """Take the columns of the config file for a table of sites for which none are typed. Raises BadInput.

    What a script reads does not depend on a config file.
    """
    if form.keys is not None or form.format is not Format.TABLE or (config := read_config()).columns is None:
        return form
    where = f"columns in {config.path}"
    return form._replace(keys=read_columns(LIST_COLUMNS, config.columns, labels, where))


def _answer_sites(
    reader: "Reader",
    answer: Answer,
    sites: _Sites,
    settings: Settings,
    form: Form,
    moment: Moment,
    title: str,
) -> int:
    """Write the list of sites and return how many there are."""
    filters, wanted = sites.read(reader, settings, moment, moment.day)
    if form.is_counted:
        total = _count(reader, filters, wanted)
        answer.write(lambda out: out.write(f"{total}\n"))
        return total
    labels = Labels(settings.labels)
    rows = _find(reader, filters, wanted, form.sort, form.most, reverse=form.down)
    if form.format is Format.TABLE:
        grid = labels.fill_grid(make_list(rows, form.keys or SCREEN_COLUMNS))
        title = f"{title}, {describe_moment(moment)}"
        _draw(grid, title, answer, all_columns=form.keys is not None, is_wide=form.is_wide)
    else:
        shown = form.keys or [column.key for column in LIST_COLUMNS]
        report = Report(title, make_list(rows, shown))
        answer.write(lambda out: write_report(report, moment, form.format, out, labels, exact=form.exact))
    rows.finish()
    return rows.total


def _count(reader: "Reader", filters: Filters, wanted: _Wanted) -> int:
    if wanted.wants_all:
        return count_sites(reader, filters)
    rows = _find(reader, filters, wanted, "id", 0, reverse=False)
    rows.finish()
    return rows.total


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
        sites = filter(wanted.wants, sites)
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


def _draw(grid: Grid, title: str, answer: Answer, *, all_columns: bool, is_wide: bool) -> None:
    from nkplan.render.terminal.grid import write_list

    answer.write(lambda out: write_list(grid, out, title, all_columns=all_columns, is_wide=is_wide))


def _read_counted(text: str | None) -> str | None:
    if text is None:
        return None
    key = read_former(text.strip().casefold().replace("-", "_"))
    if key not in _COUNTED:
        raise BadInput(f"--counted: {explain_unknown('column', text, list(_COUNTED))}")
    return key


def _store_days(days: MomentOptions, moment: Moment) -> dict[str, str | None]:
    """Return the days that were typed in their stored form."""
    return {
        name: None if typed is None else str(read_day_option(f"--{name}", typed, moment.today))
        for name, typed in days._asdict().items()
    }


def _explain_empty(
    reader: "Reader",
    heading: "Heading | None",
    given: Mapping[str, object],
    days: MomentOptions,
    sites: _Sites,
    settings: Settings,
    moment: Moment,
    path: Path,
) -> str:
    """Say why a list is empty."""
    from nkplan.cli.lists import ALL_SITES, Emptiness, count_rows, explain_empty_list

    given = {
        name: str(read_day_option(f"--{name}", str(value), moment.today)) if name in _DAYS else value
        for name, value in given.items()
    }

    def count(reader: "Reader", left_out: Sequence[str]) -> int:
        if heading is not None and heading.noun.name != "sites":
            return count_rows(reader, heading, given, left_out, moment.today)
        # The present record is counted, too, to say how many there are without the past day.
        day, fewer = (moment.day if reader.is_past else moment.today), sites
        for name in left_out:
            fewer = fewer.leave_out(name)
        return _count(reader, *fewer.read(reader, settings, moment, day))

    return explain_empty_list(
        reader, Emptiness(heading or ALL_SITES, given, _store_days(days, moment), moment, path, count)
    )
