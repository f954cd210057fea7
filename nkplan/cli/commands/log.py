"""`nkplan log`: who recorded what, and when."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from nkplan.cli.completion import complete_author, complete_logged, complete_several
from nkplan.cli.filters import read_since
from nkplan.cli.journal import find_beginning, read_authors
from nkplan.cli.options import Db, Limit, OutputOptions, grouped
from nkplan.cli.output import Answer, choose_limit, open_answer, pick_format
from nkplan.cli.session import database_path, explain_empty, read_today, tell_time, write_options
from nkplan.errors import BadInput
from nkplan.layout.grid import Grid, drop_empty
from nkplan.layout.labels import Labels
from nkplan.model.journal import Change
from nkplan.queries.journal import (
    find_thing,
    list_authors,
    list_changes,
    list_changes_of,
    list_touched,
    read_change,
)
from nkplan.queries.settings import read_settings
from nkplan.render.formats import Format, write_grid
from nkplan.reports.log import drop_repeated_words, make_log, make_log_of_change
from nkplan.text import list_words

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader


@grouped
def run(
    *,
    id_: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            help="The number of a change, or part of the id of a project, update, source or other row.",
            autocompletion=complete_logged,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="DATE", help="Only changes made on this day or later, by the clock here."
        ),
    ] = None,
    author: Annotated[
        list[str] | None,
        typer.Option(
            "--author",
            metavar="NAME,...",
            help="Only changes made by these users: any part of a name.",
            autocompletion=complete_several(complete_author),
        ),
    ] = None,
    limit: Limit = None,
    options: OutputOptions,
    db: Db = None,
) -> None:
    """List the changes, the last first: when, who, the command and what it did.

    With the number of a change, list its rows, those that it edited with what they said before. With the id
    of a row, list the changes that touched it, of a project also those of its updates.

    \b
    nkplan log --since yesterday
    nkplan log 57
    nkplan log songchon
    """
    format_ = pick_format(options)
    most = choose_limit(limit, options.output)
    day = None if since is None else read_since(since, read_today())
    authors = read_authors(author)
    with open_answer(db, None, options) as (reader, answer):
        change = read_change(reader, id_) if id_ is not None else None
        if change is not None:
            given = [*write_options({"since": since, "author": author})]
            if given:
                raise BadInput(f"{given[0]}: a change has one day and one author; leave it out")
            _write_change(reader, change, answer, format_, most, exact=options.exact)
            return
        numbers = None if id_ is None else list_changes_of(reader, find_thing(reader, id_))
        instant = None if day is None else find_beginning(day.start)
        counter = _Counter(list_changes(reader, numbers, since=instant, authors=authors), most)
        grid = make_log(counter, tell_time if format_ is Format.TABLE else str)
        title = f"Changes{f' since {day.start}' if day else ''}, the last first"
        answer.write(lambda out: _write(grid, title, format_, out, exact=options.exact))
        counter.finish()
        if not counter.total:
            words = [*([id_] if id_ else []), *write_options({"since": day and str(day), "author": author})]
            answer.note(_explain_empty(reader, words, database_path(db)))
        elif most and counter.total > most:
            answer.note(f"{most} of {counter.total} shown; --limit 0 for all")


def _write_change(
    reader: "Reader", change: Change, answer: Answer, format_: Format, most: int, *, exact: bool
) -> None:
    """Write what a change did, row by row."""
    from nkplan.cli.echo import describe_row, list_changed_fields

    labels = Labels(read_settings(reader).labels)

    def describe(_list: str, row: Any) -> str:
        return describe_row(row, labels)

    made = make_log_of_change(list_touched(reader, change), describe, list_changed_fields)
    counter = _Counter(made.rows, most)
    title = f"Change {change.id}, {change.command} of {tell_time(change.recorded)} by {change.recorded_by}: "
    title += change.summary + (f"; undone in change {change.undone_in}" if change.undone_in else "")
    grid = made._replace(rows=counter)
    answer.write(lambda out: _write(grid, title, format_, out, exact=exact))
    counter.finish()
    if not counter.total:
        answer.note(f"change {change.id} left no row of its own: {change.summary}")
    elif most and counter.total > most:
        answer.note(f"{most} of {counter.total} shown; --limit 0 for all")


def _write(grid: Grid, title: str, format_: Format, out: TextIO, *, exact: bool) -> None:
    if format_ is Format.TABLE:
        from nkplan.render.terminal.grid import write_list

        write_list(drop_empty(drop_repeated_words(grid)), out, title)
    else:
        write_grid(grid, format_, out, exact=exact)


class _Counter:
    """Yields at most `most` rows, 0 for all, and counts all of them."""

    def __init__(self, rows: Iterable[Any], most: int) -> None:
        self._rows = iter(rows)
        self._most = most
        self.total = 0

    def __iter__(self) -> Iterator[Any]:
        for row in islice(self._rows, self._most or None):
            self.total += 1
            yield row

    def finish(self) -> None:
        """Count the rows that were not read."""
        self.total += sum(1 for _ in self._rows)


def _explain_empty(reader: "Reader", given: Sequence[str], path: Path) -> str:
    """Say why no change is listed."""
    who = list_words(list_authors(reader))
    return explain_empty(
        path,
        given,
        filtered=f"no change in {{path}} matches {{given}}; changes were made by {who}",
        unfiltered="{path} has no changes",
    )
