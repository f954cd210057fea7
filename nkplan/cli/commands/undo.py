"""`nkplan undo`: undo changes, or retract updates and projects."""

from typing import Annotated

import typer

from nkplan.cli.completion import complete_undo
from nkplan.cli.options import Db, DryRun, Sure


def run(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CHANGE|UPDATE|PROJECT]...",
            help="The number of a change, as `nkplan log` lists it, or part of an update's or project's id.",
            autocompletion=complete_undo,
        ),
    ] = None,
    yes: Sure = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Undo the last change, or what is named; the history keeps it, and `nkplan redo` takes it back.

    A project is retracted with its updates and the numbers promised for it, after a question on a terminal.

    \b
    nkplan undo
    nkplan undo 57
    nkplan undo 14a3d1b9dc69 --dry-run
    """
    from nkplan.cli.echo import Verbs
    from nkplan.cli.reversing import reverse
    from nkplan.store.undo import undo

    verbs = Verbs("would undo", "would retract") if dry_run else Verbs("undid", "retracted")
    reverse(undo, targets or (), db, verbs, yes=yes, dry_run=dry_run, asks=True)
