"""`nkplan update`: a dated, sourced update of one or more projects."""

from typing import Annotated

import typer

from nkplan.cli.claims import CitationOptions, Draft, complete_claim, find_recorded, read_claim, write
from nkplan.cli.completion import complete_project
from nkplan.cli.echo import describe_claim
from nkplan.cli.options import Db, DryRun, On, ProjectId, Promised, Seen, StatusArgument, grouped
from nkplan.cli.session import make_recorder, prepare_database, read_latest_day, read_today
from nkplan.errors import BadInput
from nkplan.model.batch import Batch
from nkplan.queries.names import find_project
from nkplan.queries.reader import Reader


@grouped
def run(
    *,
    id_: ProjectId,
    status: StatusArgument = None,
    on: On = None,
    seen: Seen = None,
    percent: Annotated[
        float | None, typer.Option("--percent", metavar="0..100", help="The percentage claimed to be done.")
    ] = None,
    promised: Promised = None,
    citation: CitationOptions,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also",
            metavar="ID",
            help="Another project that this update is about; all of them are recorded, or none.",
            autocompletion=complete_project,
        ),
    ] = None,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Record a dated update of a project: a status, percentage, promised date or note, with its source.

    \b
    nkplan update songchon operating --on 2026-09 --source https://e.org/jam
    nkplan update kusong-factories --also hamju building --percent 80 \\
        --on 2024-08-25 --source https://example.org/80-percent \\
        --title "Works pass 80 percent" --published 2024-08-28 \\
        --evidence promiser
    """
    today = read_today()
    claim = read_claim(
        citation, read_latest_day(), status=status, on=on, seen=seen, percent=percent, promised=promised
    )
    said = (claim.update.status, claim.update.percent, claim.update.promised, claim.update.note)
    if all(one is None for one in said):
        raise BadInput("the update is empty; give it a status, --percent, --promised or --note")
    path = prepare_database(db)
    recorder = make_recorder()

    def make(reader: Reader) -> Draft:
        projects = list(dict.fromkeys(find_project(reader, one) for one in (id_, *(also or ()))))
        complete, sources, remarks = complete_claim(reader, claim, today)
        claims = [complete._replace(project=project) for project in projects]
        known = find_recorded(reader, claims)
        updates = tuple(one for one in claims if one.project not in known)
        # If every update is already on record, a new source alone is not recorded.
        batch = Batch(sources=sources if updates else (), updates=updates, typed=True)
        already = (
            f"{project} has this update already, as {same}; it is not recorded again"
            for project, same in known.items()
        )
        return Draft(batch, "; ".join(map(describe_claim, updates)), (*remarks, *already))

    write(path, make, "update", recorder, dry_run=dry_run)
