"""`nkplan redo`: record again what was undone."""

from typing import Annotated

import typer

from nkplan.cli.completion import complete_redo
from nkplan.cli.options import Db, DryRun, Sure


def run(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CHANGE|UPDATE|PROJECT]...",
            help="The number of an undo or of what it undid, or part of the id of what was retracted.",
            autocompletion=complete_redo,
        ),
    ] = None,
    yes: Sure = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Redo what the last undo took back, or an earlier undo that is named.

    Everything comes back that the undo took back, unless what was recorded since is in the way. Of several
    changes that were undone together, all come back, or only those that are named.

    \b
    nkplan redo
    nkplan redo 57 --dry-run
    """
    from nkplan.cli.echo import Verbs
    from nkplan.cli.reversing import reverse
    from nkplan.store.undo import redo

    verbs = Verbs("would redo", "would put back") if dry_run else Verbs("redid", "put back")
    reverse(redo, targets or (), db, verbs, yes=yes, dry_run=dry_run)
