"""`nkplan undo`: undo a change or retract updates."""

from typing import Annotated

import typer

from nkplan.cli.options import Db, DryRun
from nkplan.cli.session import make_recorder, notice, prepare_database


def run(
    updates: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[UPDATE]...", help="An update to retract: part of its id, as `nkplan show` lists it."
        ),
    ] = None,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Undo the last add, update or load, or retract the updates named; the history keeps them.

    \b
    nkplan undo
    nkplan undo 14a3d1b9dc69 --dry-run
    """
    from nkplan.cli.echo import describe_undone, reporting_write, say
    from nkplan.layout.labels import Labels
    from nkplan.queries.reader import reading
    from nkplan.queries.settings import read_settings
    from nkplan.store.undo import undo

    path = prepare_database(db)
    with reading(path) as reader:
        labels = Labels(read_settings(reader).labels)
    undone = undo(path, updates or (), make_recorder(), dry_run=dry_run)
    with reporting_write(dry_run=dry_run):
        say(describe_undone(undone, labels, dry_run=dry_run))
    if dry_run:
        notice("dry run: nothing was recorded")
