"""`nkplan load`: record a file in the format nkplan/2, or the outlines of a GeoJSON file."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nkplan.cli.loading import name_file, record_file
from nkplan.cli.options import Db, DryRun
from nkplan.cli.questions import Left, confirm, is_interactive, keeping_typed
from nkplan.cli.session import database_path, notice, prepare_database
from nkplan.errors import BadInput
from nkplan.text import list_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nkplan.store.record import Amended, Recorded


def run(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A file in the format nkplan/2 or with outlines of places as GeoJSON; - for standard input.",
        ),
    ],
    bare: Annotated[
        bool,
        typer.Option("--bare", help="Load into a new database, without the record that comes with nkplan."),
    ] = False,
    amend: Annotated[
        bool,
        typer.Option(
            "--amend",
            help="Take what a later edition of the file has changed as corrections; they are shown first.",
        ),
    ] = False,
    gone: Annotated[
        bool,
        typer.Option("--gone", help="List what earlier editions of the data set had and the file does not."),
    ] = False,
    credit: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT", help="Whom to name for the outlines of a GeoJSON file, and its licence."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --amend, do not ask.")] = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Load announcements, projects and updates from a file: all of it, or nothing.

    If --db names a file that does not exist, it becomes a database with what the file says and nothing else.

    \b
    nkplan load updates.json --dry-run
    nkplan load - < updates.json
    nkplan load second-edition.json --amend --gone
    nkplan load provinces.geojson --credit "Natural Earth"
    nkplan --db other.db load record.json
    """
    from nkplan.cli.echo import describe_amended, reporting_write, say
    from nkplan.database import is_new
    from nkplan.store.record import Edition
    from nkplan.store.rewriting import rewrite

    if yes and not amend:
        raise BadInput("--yes answers the question of --amend; leave it out, or write --amend too")
    credit = _read_credit(credit)
    name = name_file(file)
    path = database_path(db)
    creates = (bare or db is not None) and is_new(path)

    def record(edition: Edition, *, dry_run: bool) -> tuple["Recorded", bool]:
        return record_file(
            file,
            path if creates else None,
            lambda: _prepare(db, bare=bare),
            command="load --amend" if amend else "load",
            dry_run=dry_run,
            edition=edition,
            credit=credit,
        )

    edition = Edition(rewrite if amend else None, lists_gone=gone)
    if asks := amend and not (yes or dry_run):
        # While somebody thinks about a question, others may write: it is asked between two transactions.
        with keeping_typed():
            expected = _agree(file, lambda: record(edition, dry_run=True)[0])
        edition = edition._replace(expected=expected)
    recorded, created = record(edition, dry_run=dry_run)
    if created:
        notice(f"created {path} with what the file says and nothing else")
    with reporting_write(dry_run=dry_run or recorded.is_empty):
        if not asks:
            say(describe_amended(recorded.amended))
        say([f"{name}: {_summarize(recorded, created=created, dry_run=dry_run)}"])
        say(_describe_changed(recorded))
        if gone:
            _tell_gone(recorded.gone)
    _tell_whose(name, recorded, was_asked=asks)
    if dry_run and not recorded.is_empty:
        notice("dry run: nothing was recorded")


def _read_credit(typed: str | None) -> str | None:
    """Read whom to name. Raises BadInput."""
    from nkplan.values import read_text

    try:
        return None if typed is None else read_text(typed)
    except ValueError as error:
        raise BadInput(f"--credit: {error}") from None


def _agree(file: str, preview: "Callable[[], Recorded]") -> "tuple[Amended, ...]":
    """Show what an edition corrects, ask whether it is to be so, and return the corrections.

    Raises Left if it is not, and BadInput if there are any and nobody can be asked.
    """
    from nkplan.cli.echo import describe_amended, say

    if file == "-":
        raise BadInput("--amend needs --yes where the file is standard input: nobody could answer a question")
    recorded = preview()
    amended, whose = recorded.amended, _describe_whose(name_file(file), recorded)
    if not amended:
        return amended
    number = "1 row" if len(amended) == 1 else f"{len(amended)} rows"
    if not is_interactive():
        if whose:
            notice(whose)
        raise BadInput(f"--amend would change {number} on record; look with --dry-run, then write --yes")
    say(describe_amended(amended))
    if whose:
        notice(whose)
    if not confirm(f"Change {number} on record to what the file says?", default=False):
        raise Left
    return amended


def _describe_changed(recorded: "Recorded") -> "Iterable[str]":
    """Describe the projects whose states changed; of very many only the first were returned."""
    from nkplan.cli.echo import MOST_LINES, describe_state_changes

    if recorded.changed > MOST_LINES:
        return [f"{recorded.changed} projects changed"]
    return describe_state_changes(recorded.state_changes)


def _describe_whose(name: str, recorded: "Recorded") -> str:
    """Say which of the rows that a file changes are of another data set; nothing if none is."""
    if not recorded.others:
        return ""
    parts = [
        f"{number} {'row' if number == 1 else 'rows'} of {data_set or 'no data set'}"
        for data_set, number in recorded.others
    ]
    return f"{name} is of the data set {recorded.data_set}, and changes {list_words(parts)}"


def _tell_whose(name: str, recorded: "Recorded", *, was_asked: bool) -> None:
    """Say whose rows a file changed, unless that was asked, and which settings of the record it did not."""
    if not was_asked and (whose := _describe_whose(name, recorded)):
        notice(whose)
    if recorded.kept:
        ids = list_words(one.before.id for one in recorded.kept)
        notice(
            f"{name} is of the data set {recorded.data_set}, and the record keeps its own settings: {ids};"
            " nkplan edit settings changes them"
        )


def _summarize(recorded: "Recorded", *, created: bool, dry_run: bool) -> str:
    """Say how much of a file was recorded, corrected, or on record already."""
    from nkplan.cli.echo import count_rows

    remark = f"; {recorded.new.remark}" if recorded.new.remark else ""
    there = f"already recorded: {count_rows(recorded.same.items())}"
    if any(recorded.retracted.values()):
        there += f", including {count_rows(recorded.retracted.items())} retracted and not put back"
    if recorded.is_empty:
        if recorded.same:
            return f"nothing new; {there}{remark}"
        return "there are no rows in it" + ("" if created else "; nothing changed")
    parts = []
    if recorded.numbers.total():
        verb = "would be recorded" if dry_run else "recorded"
        parts.append(f"{verb}: {count_rows(recorded.numbers.items())}")
    if recorded.amended:
        verb = "would be corrected" if dry_run else "corrected"
        parts.append(f"{verb}: {count_rows(Counter(one.list for one in recorded.amended).items())}")
    return "; ".join([*parts, *([there] if recorded.same else [])]) + remark


def _tell_gone(rows: "Sequence[Any]") -> None:
    """List what the file no longer has."""
    from nkplan.cli.echo import describe_row, say

    say(f"no longer in it: {describe_row(row)}" for row in rows)
    if rows:
        notice("what is no longer in it stays on record; nkplan undo takes it back")
    else:
        notice("it has everything that earlier editions of its data set had")


def _prepare(db: Path | None, *, bare: bool) -> Path:
    """Return the path of the database to load into; with `bare`, one with a record is refused."""
    from nkplan.queries.journal import has_record
    from nkplan.queries.reader import reading

    path = prepare_database(db)
    if bare:
        with reading(path) as reader:
            if has_record(reader):
                raise BadInput(
                    f"--bare: {path} already has a record; name a new file with --db, or leave --bare out"
                )
    return path
