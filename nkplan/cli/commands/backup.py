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
        typer.Argument(
            metavar="[FILE]", help="The file to write; by default a dated name beside the database."
        ),
    ] = None,
    db: Db = None,
) -> None:
    """Copy the database, as it is at one instant, to a new file.

    \b
    nkplan backup
    nkplan backup /media/stick/nkplan-november.db
    """
    from nkplan.cli.echo import count_rows, reporting_write, say
    from nkplan.store.backup import back_up

    path = prepare_database(db)
    made = back_up(path, file, datetime.now(UTC))
    with reporting_write(done=f"backed up to {made.file}"):
        say([f"backed up {path} to {made.file}: {count_rows(made.rows.items())}"])
