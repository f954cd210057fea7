"""`nkplan undo`: take back what was recorded."""

from typing import Annotated

import typer

from nkplan.cli.options import Db, DryRun
from nkplan.cli.session import make_recorder, notice, prepare_database


def run(
    updates: Annotated[
        list[str] | None,
        typer.Argument(metavar="[UPDATE]...", help="Part of an update's id, as `nkplan show` lists it."),
    ] = None,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Take back the last add, update or load, or the updates named; they stay in the history.

    \b
    nkplan undo
    nkplan undo 14a3d1b9dc69 --dry-run
    """
    from nkplan import store
    from nkplan.cli.echo import acknowledging, describe_undone, say

    path = prepare_database(db)
    undone = store.undo(path, updates or (), make_recorder(), dry_run=dry_run)
    with acknowledging(dry_run=dry_run):
        say(describe_undone(undone, "would take back" if dry_run else "took back"))
    if dry_run:
        notice("dry run: nothing was recorded")
