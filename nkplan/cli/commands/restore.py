"""`nkplan restore`: replace the database with a backup."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from nkplan.cli.options import Db
from nkplan.cli.session import database_path, tell_upgraded


def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file made by `nkplan backup`.")],
    db: Db = None,
) -> None:
    """Replace the database with a backup; the old database is first copied beside it.

    A damaged file is refused, and one made by an older nkplan is upgraded.

    \b
    nkplan restore nkplan-backup-20261124T101500Z.db
    nkplan restore /media/stick/nkplan-november.db --db nkplan.db
    """
    from nkplan.cli.echo import count_rows, reporting_write, say
    from nkplan.store.backup import restore

    path = database_path(db)
    done = restore(path, file, datetime.now(UTC))
    with reporting_write(done="restored"):
        say([f"restored {path} from {done.file}: {count_rows(done.rows.items())}"])
        if done.replaced is not None:
            say([f"what was there before is in {done.replaced}"])
    tell_upgraded(done.upgraded)
