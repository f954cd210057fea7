"""`nkplan add`: a newly announced project."""

from typing import Annotated, Any

import typer

from nkplan.cli.claims import write
from nkplan.cli.options import (
    ClaimOptions,
    Db,
    DryRun,
    Edit,
    Kind,
    PlaceOption,
    ProgrammeOption,
    StatusOption,
    Yes,
    grouped,
)
from nkplan.cli.projects import TypedProject, draft_project
from nkplan.cli.questions import is_interactive
from nkplan.cli.session import make_recorder, prepare_database, read_latest_day, read_today
from nkplan.cli.updates import keeping_typed
from nkplan.errors import BadInput


@grouped
def run(
    *,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="The project's name.", show_default=False)
    ] = None,
    kind: Kind = None,
    place: PlaceOption = None,
    programme: ProgrammeOption = None,
    year: Annotated[
        str | None, typer.Option("--year", metavar="YEAR", help="The year of its cohort.")
    ] = None,
    status: StatusOption = None,
    options: ClaimOptions,
    id_: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Its permanent id; by default made from its name."),
    ] = None,
    type_: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="site, cohort or programme; only sites are counted.")
    ] = "site",
    new_kind: Annotated[bool, typer.Option("--new-kind", help="Allow --kind to name a new kind.")] = False,
    edit: Edit = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Add a newly announced project, with the claim that announces it or says another status.

    With --programme and --year a site joins the cohort of that year, which is added if it is missing. On a
    terminal it asks for what is missing.

    \b
    nkplan add "Mundok regional factories" --place Mundok \\
        --programme 20x10 --year 2027 --on 2026-12 --source last
    nkplan add "Hoeyang power station" --kind power-station --place Hoeyang \\
        --promised 2025 --on 2023-01-25 --source https://example.org/hoeyang \\
        --title "A power station for Hoeyang" --evidence promiser
    """
    today, latest = read_today(), read_latest_day()
    typed: list[Any] = [
        TypedProject(name, kind, place, programme, year, id_, type_, status, options, new_kind)
    ]
    asks = is_interactive()
    if name is None and not (asks or edit):
        raise BadInput(
            'NAME is missing; name the project, as in nkplan add "Mundok factories" --kind factory'
        )
    if not edit:
        draft_project(typed[0], today, latest)
    path = prepare_database(db)
    recorder = make_recorder()
    with keeping_typed(typed):
        if edit:
            from nkplan.cli.claim_forms import draft_all, edit_claims

            if not (written := edit_claims(path, typed, today, latest)):
                return
            # They are printed as commands if a doubtful claim is not meant.
            typed[:] = written
            make = draft_all(written, today, latest)
        else:
            if asks:
                from nkplan.cli.asking import ask_project

                ask_project(path, typed, today, latest)
            make = draft_project(typed[0], today, latest)
        write(path, make, "add", recorder, dry_run=dry_run, may_be_doubtful=yes)
