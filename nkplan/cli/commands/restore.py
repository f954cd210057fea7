"""`nkplan restore`: a backup in the database's place."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from nkplan.cli.options import Db
from nkplan.cli.session import database_path


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `nkplan backup` made.")],
    db: Db = None,
) -> None:
    """Put a backup in the database's place; what it replaces is copied beside it first.

    A file that is unsound is refused, and one that an older nkplan made is upgraded.

    \b
    nkplan restore nkplan-backup-20261124T101500Z.db
    nkplan restore /media/stick/nkplan-november.db --db nkplan.db
    """
    from nkplan import store
    from nkplan.cli.echo import acknowledging, count_rows, say

    path = database_path(db)
    done = store.restore(path, file, datetime.now(UTC))
    with acknowledging(done="restored"):
        say([f"restored {path} from {done.file}: {count_rows(done.rows.items())}"])
        if done.replaced is not None:
            say([f"what was there before is in {done.replaced}"])
