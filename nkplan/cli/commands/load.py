"""`nkplan load`: record a file in the format nkplan/2."""

from pathlib import Path
from typing import Annotated

import typer

from nkplan.cli.loading import name_file, record_file
from nkplan.cli.options import Db, DryRun
from nkplan.cli.session import database_path, notice, prepare_database
from nkplan.errors import BadInput


def run(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A file in the format nkplan/2, or - for standard input.")
    ],
    bare: Annotated[
        bool,
        typer.Option("--bare", help="Load into a new database, without the record that comes with nkplan."),
    ] = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Load announcements, projects and updates from a file: all of it, or nothing.

    If --db names a file that does not exist, it becomes a database with what the file says and nothing else.

    \b
    nkplan load updates.json --dry-run
    nkplan load - < updates.json
    nkplan --db other.db load record.json
    """
    from nkplan.cli.echo import MOST_LINES, count_rows, describe_state_changes, reporting_write, say
    from nkplan.database import is_new

    name = name_file(file)
    path = database_path(db)
    creates = (bare or db is not None) and is_new(path)
    recorded, created = record_file(
        file, path if creates else None, lambda: _prepare(db, bare=bare), dry_run=dry_run
    )
    if created:
        notice(f"created {path} with what the file says and nothing else")
    there = f"already recorded: {count_rows(recorded.same.items())}"
    if any(recorded.retracted.values()):
        there += f", including {count_rows(recorded.retracted.items())} retracted and not put back"
    if recorded.is_empty:
        nothing = "there are no rows in it" + ("" if created else "; nothing changed")
        say([f"{name}: nothing new; {there}" if recorded.same else f"{name}: {nothing}"])
        return
    verb = "would be recorded" if dry_run else "recorded"
    new = count_rows(recorded.numbers.items())
    with reporting_write(dry_run=dry_run):
        say([f"{name}: {verb}: {new}" + (f"; {there}" if recorded.same else "")])
        if recorded.changed > MOST_LINES:
            say([f"{recorded.changed} projects changed"])
        else:
            say(describe_state_changes(recorded.state_changes))
    if dry_run:
        notice("dry run: nothing was recorded")


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
