"""`nkplan edit`: correct any row on record, or the settings."""

from typing import Annotated, Any

import typer

from nkplan.cli.completion import complete_change, complete_row
from nkplan.cli.options import Db, DryRun
from nkplan.cli.session import make_recorder, notice, prepare_database, read_latest_day
from nkplan.errors import BadFile, BadInput


def run(
    id_: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="What to correct: part of its id, LIST/ID, or settings.",
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
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Correct a project, update, source or any other row; what it said stays in its history.

    With id=NEW it is renamed: what names it follows, and the old id still finds it.

    \b
    nkplan edit songchon-factories note="Two of three halls." tags+=visited
    nkplan edit 14a3d1b9dc69 withdrawn=2026-02-04 withdrawn_source=kcna-20260204
    nkplan edit source/kcna-20260204 id=kcna-february published=2026-02-05
    nkplan edit settings title="Factories in 20 counties" label region=province
    """
    from nkplan.cli.changing import describe_edited, explain_faults, read_changes, summarise
    from nkplan.cli.echo import reporting_write, say
    from nkplan.formats.written import change_fields, list_fields, read_fields
    from nkplan.layout.labels import NO_LABELS, Labels
    from nkplan.queries.reader import reading
    from nkplan.queries.rows import find_row
    from nkplan.queries.settings import read_settings
    from nkplan.rows.written import write_fields
    from nkplan.store.edit import edit

    wanted = read_changes(changes or [])
    latest = read_latest_day()
    path = prepare_database(db)
    labels = NO_LABELS
    remarks: list[str] = []

    def choose() -> tuple[str, str]:
        nonlocal labels
        # Only SQLite may open the file here: closing any other descriptor would release the writer's lock.
        with reading(path) as reader:
            found = find_row(reader, id_)
            labels = Labels(read_settings(reader).labels)
            remarks.extend(reader.remarks)
        if not wanted:
            fields = ", ".join(list_fields(found[0]))
            raise BadInput(
                f"nothing is given to change; write FIELD=VALUE, as in note=... (its fields are {fields})"
            )
        return found

    def change(name: str, row: Any) -> Any:
        written, faults = change_fields(name, write_fields(name, row), wanted)
        changed, more = (None, []) if faults else read_fields(name, written, latest, row)
        if faults or more:
            raise BadFile("", (*faults, *more))
        return changed

    try:
        edited = edit(path, choose, change, summarise, make_recorder(), dry_run=dry_run)
    except BadFile as error:
        raise explain_faults(error) from error
    with reporting_write(dry_run=dry_run or edited.is_empty):
        for remark in remarks:
            notice(remark)
        say(describe_edited(edited, labels))
    if edited.is_empty:
        notice(f"nothing to change: {summarise(edited)} is as given already")
    elif dry_run:
        notice("dry run: nothing was recorded")
