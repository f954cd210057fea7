"""`nkplan load`: record a file in the format nkplan/1."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from nkplan.cli.options import Db, DryRun
from nkplan.cli.session import make_recorder, notice, prepare_database, read_today
from nkplan.errors import BadFile, BadInput
from nkplan.text import clean


def run(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A file in the format nkplan/1, or - for standard input.")
    ],
    bare: Annotated[
        bool, typer.Option("--bare", help="Into a new database without the record that comes with nkplan.")
    ] = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Load announcements, projects and updates from a file like seed.json: all of it, or nothing.

    \b
    nkplan load updates.json --dry-run
    nkplan load - < updates.json
    nkplan --db other.db load record.json --bare
    """
    from nkplan import store
    from nkplan.cli.echo import acknowledging, count_batch, count_rows, describe_moves, say
    from nkplan.seed import read_file

    name = "standard input" if file == "-" else file
    batch = read_file(_read_bytes(file), read_today())
    path = prepare_database(db or context.obj, bare=bare)
    # A file's name can have any bytes in it, and the journal is read on a screen.
    summary = clean(f"{name}: {batch.about}" if batch.about else name)
    try:
        recorded = store.record(path, batch, "load", make_recorder(), summary=summary, dry_run=dry_run)
    except BadFile as error:
        raise BadFile(f"{name}: {error}", error.faults) from error
    there = f"already there: {count_rows(recorded.same.items())}"
    if any(recorded.retracted.values()):
        there += f", of which {count_rows(recorded.retracted.items())} stay retracted"
    if recorded.is_empty:
        say(
            [f"{name}: nothing new; {there}" if recorded.same else f"{name}: it has no rows; nothing changed"]
        )
        return
    verb = "would be recorded" if dry_run else "recorded"
    with acknowledging(dry_run=dry_run):
        say([f"{name}: {verb}: {count_batch(recorded.new)}" + (f"; {there}" if recorded.same else "")])
        say(describe_moves(recorded.moves, only_changed=True))
    if dry_run:
        notice("dry run: nothing was recorded")


def _read_bytes(file: str) -> bytes:
    if file == "-":
        if sys.stdin is None:
            raise BadInput("standard input is closed; name a file")
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise BadInput(f"{file} can not be read: {error.strerror}; name another file") from error
