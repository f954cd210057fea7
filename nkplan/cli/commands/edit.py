"""`nkplan edit`: correct any row on record, or the settings."""

from typing import Annotated

import typer

from nkplan.cli.completion import complete_change, complete_row
from nkplan.cli.options import Db, DryRun, Edit
from nkplan.cli.questions import is_interactive
from nkplan.cli.session import make_recorder, prepare_database, read_latest_day, read_today


def run(
    id_: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="What to correct: part of its id, LIST/ID, `last` (the last update), or settings.",
            autocompletion=complete_row,
        ),
    ],
    changes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FIELD=VALUE]...",
            help="A field and its value; FIELD= empties it; FIELD+=VALUE and FIELD-=VALUE are for lists.",
            autocompletion=complete_change,
        ),
    ] = None,
    form: Edit = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Correct a project, update, source or any other row; what it said stays in its history.

    On a terminal it asks for the changes if none are given. With id=NEW it is renamed: what names it follows,
    and the old id still finds it.

    \b
    nkplan edit songchon-factories note="Two of three halls." tags+=visited
    nkplan edit last event_date=2026-02
    nkplan edit 14a3d1b9dc69 withdrawn=2026-02-04 withdrawn_source=kcna-20260204
    nkplan edit source/kcna-20260204 id=kcna-february published=2026-02-05
    nkplan edit settings title="Factories in 20 counties" label region=province
    """
    from nkplan.cli.changing import read_changes
    from nkplan.cli.correcting import Correction

    wanted = read_changes(changes or [])
    correction = Correction(prepare_database(db), id_, read_today(), read_latest_day(), make_recorder())
    if form:
        wanted = correction.write_form()
    elif not wanted:
        wanted = correction.ask() if is_interactive() else correction.refuse_empty()
    if wanted:
        correction.record(wanted, dry_run=dry_run)
