"""`nkplan init`: a new database, with the shipped record, with that of a file, or empty."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from nkplan.cli.options import Db
from nkplan.cli.session import database_path, make_recorder, read_shipped
from nkplan.errors import BadInput


def run(
    empty: Annotated[bool, typer.Option("--empty", help="Start with nothing on record.")] = False,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Start with what this file says, as `nkplan load` reads it, and nothing else.",
        ),
    ] = None,
    db: Db = None,
) -> None:
    """Start a record: create the database, by default with the record that comes with nkplan.

    It never replaces a file.

    \b
    nkplan init --from ghana.json --db ghana.db
    nkplan init --empty
    """
    from nkplan.cli.echo import reporting_write, say
    from nkplan.database import is_new

    if empty and from_ is not None:
        raise BadInput("--empty and --from are both given; give only one of them")
    path = database_path(db)
    if not is_new(path):
        _refuse(path)
    said = _create(path, empty=empty) if from_ is None else _create_from(from_, path)
    with reporting_write(done="created"):
        say([f"created {path} with {said}"])


def _create(path: Path, *, empty: bool) -> str:
    """Create the database with nothing in it or with the shipped record, and say with which."""
    from nkplan.model.batch import Batch
    from nkplan.store.create import EMPTY, SHIPPED, create_database, create_whole

    batches, summary = ([Batch()], EMPTY) if empty else (read_shipped(), SHIPPED)
    recorder = make_recorder()
    if create_whole(path, lambda part: create_database(part, batches, recorder, summary=summary)) is None:
        _refuse(path)
    return summary


def _create_from(file: str, path: Path) -> str:
    """Create the database with what a file says, and say what that is."""
    from nkplan.cli.echo import count_rows
    from nkplan.cli.loading import name_file, record_file
    from nkplan.store.create import FIRST_RUN

    # What a record is started with is never undone.
    recorded, _ = record_file(file, path, lambda: _refuse(path), command=FIRST_RUN)
    return f"what {name_file(file)} says and nothing else: {count_rows(recorded.numbers.items())}"


def _refuse(path: Path) -> NoReturn:
    raise BadInput(f"{path} exists already, and init replaces no file; name a new one with --db")
