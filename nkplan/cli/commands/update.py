"""`nkplan update`: dated, sourced claims about projects."""

from functools import partial
from typing import Annotated, Any

import typer

from nkplan.cli.claims import sort_words, write
from nkplan.cli.completion import complete_project, complete_status
from nkplan.cli.options import ClaimOptions, Db, DryRun, Edit, Yes, grouped
from nkplan.cli.questions import is_interactive, keeping_typed
from nkplan.cli.session import make_recorder, prepare_database, read_latest_day, read_today
from nkplan.cli.updates import TypedUpdate, check_typed, draft_updates, write_commands
from nkplan.errors import BadInput


@grouped
def run(
    *,
    id_: Annotated[
        str | None,
        typer.Argument(
            metavar="ID",
            help="A project: any unambiguous part of its id.",
            autocompletion=complete_project,
            show_default=False,
        ),
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STATUS|DATE|URL]...",
            help="What is claimed, when it happened, and its source; a percentage is written 80%.",
            autocompletion=complete_status,
            show_default=False,
        ),
    ] = None,
    options: ClaimOptions,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also",
            metavar="ID",
            help="Another project that this update is about; all of them are recorded, or none.",
            autocompletion=complete_project,
        ),
    ] = None,
    edit: Edit = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Record what a source claims about a project: a status, percentage, count, promised date or note.

    On a terminal it asks for what is missing; without arguments it takes one source, then a line for each
    claim.

    \b
    nkplan update songchon operating 2026-09 https://example.org/jam
    nkplan update kusong-factories --also hamju building 80% 2024-08-25 \\
        https://example.org/80-percent --title "Works pass 80 percent" \\
        --published 2024-08-28 --evidence promiser
    """
    today, latest = read_today(), read_latest_day()
    status, options = sort_words(words or (), options)
    ids = (id_, *(also or ())) if id_ is not None else ()
    one = TypedUpdate(ids, status, options)
    typed: list[Any] = [one] if ids or any(options) else []
    asks = is_interactive()
    if typed and not edit:
        check_typed(one, today, latest, is_whole=not asks)
    elif not (asks or edit):
        raise BadInput(
            "ID is missing; name a project and what is claimed, as in nkplan update ID building URL"
        )
    path = prepare_database(db)
    recorder = make_recorder()
    with keeping_typed(partial(write_commands, typed)):
        if edit:
            from nkplan.cli.claim_forms import draft_all, edit_claims

            if not (written := edit_claims(path, typed, today, latest)):
                return
            # They are printed as commands if a doubtful claim is not meant.
            typed[:] = written
            make = draft_all(written, today, latest)
        else:
            if not typed:
                from nkplan.cli.asking import ask_updates

                ask_updates(path, typed, today, latest)
            elif asks:
                from nkplan.cli.asking import ask_missing

                ask_missing(path, typed, today, latest)
            make = draft_updates(typed, today, latest)
        write(path, make, "update", recorder, dry_run=dry_run, may_be_doubtful=yes)
