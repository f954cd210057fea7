"""`nkplan backup`: a copy of the database."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from nkplan.cli.options import Db
from nkplan.cli.session import prepare_database


def run(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Where to; else beside the database under a dated name."),
    ] = None,
    db: Db = None,
) -> None:
    """Copy the database, as it is at one instant, to a file that is not there yet.

    \b
    nkplan backup
    nkplan backup /media/stick/nkplan-november.db
    """
    from nkplan import store
    from nkplan.cli.echo import acknowledging, count_rows, say

    path = prepare_database(db)
    made = store.back_up(path, file, datetime.now(UTC))
    with acknowledging(done=f"backed up to {made.file}"):
        say([f"backed up {path} to {made.file}: {count_rows(made.rows.items())}"])
