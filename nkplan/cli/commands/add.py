"""`nkplan add`: a newly announced project."""

from functools import partial
from typing import Annotated

import typer

from nkplan.cli.claims import (
    CitationOptions,
    Draft,
    complete_claim,
    make_free_id,
    read_claim,
    read_option,
    write,
)
from nkplan.cli.options import (
    Db,
    DryRun,
    Kind,
    On,
    PlaceOption,
    ProgrammeOption,
    Promised,
    grouped,
)
from nkplan.cli.session import make_recorder, prepare_database, read_latest_day, read_today
from nkplan.errors import BadInput
from nkplan.model.batch import Batch, Project
from nkplan.model.vocabulary import ProjectType, Status
from nkplan.queries.details import read_project
from nkplan.queries.names import find_kind, find_place, find_project, is_taken, list_kinds
from nkplan.queries.reader import Reader
from nkplan.text import make_slug
from nkplan.values import read_new_id, read_text, read_word, read_year


@grouped
def run(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The project's name.")],
    kind: Kind = None,
    place: PlaceOption = None,
    programme: ProgrammeOption = None,
    year: Annotated[
        int | None, typer.Option("--year", metavar="YEAR", help="The year of its cohort.")
    ] = None,
    promised: Promised = None,
    on: On = None,
    citation: CitationOptions,
    id_: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Its permanent id; by default made from its name."),
    ] = None,
    type_: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="site, cohort or programme; only sites are counted.")
    ] = "site",
    new_kind: Annotated[bool, typer.Option("--new-kind", help="Allow --kind to name a new kind.")] = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Add a newly announced project, with the update that announces it.

    With --programme and --year a site joins the cohort of that year, which is added if it is missing.

    \b
    nkplan add "Mundok regional factories" --kind factory --place Mundok \\
        --programme 20x10 --year 2027
    nkplan add "Hoeyang power station" --kind power-station --place Hoeyang \\
        --promised 2025 --on 2023-01-25 --source https://example.org/hoeyang \\
        --title "A power station for Hoeyang" --evidence promiser
    """
    today = read_today()
    its_name = read_option("NAME", name, read_text) or ""
    its_type = read_option("--type", type_, lambda text: read_word(text, ProjectType, "project type"))
    its_year = read_option("--year", year, read_year)
    claim = read_claim(citation, read_latest_day(), status=Status.ANNOUNCED, on=on, promised=promised)
    wanted_id = read_option("--id", id_, lambda text: read_new_id(text).casefold())
    path = prepare_database(db)
    recorder = make_recorder()

    def make(reader: Reader) -> Draft:
        taken = partial(is_taken, reader, "projects")
        if wanted_id and taken(wanted_id):
            raise BadInput(f"--id: {wanted_id} is already taken; `nkplan show {wanted_id}` shows what has it")
        its_id = wanted_id or make_free_id(make_slug(its_name), taken)
        if not its_id:
            raise BadInput(f"no id can be made from {its_name!r}; give one in Latin letters with --id")
        its_programme = (
            find_project(reader, programme, ProjectType.PROGRAMME) if programme is not None else None
        )
        its_kind, kinds = _choose_kind(reader, kind, its_programme, new_kind=new_kind)
        its_place = find_place(reader, place) if place is not None else None
        cohorts, parent = _choose_parent(reader, its_type or ProjectType.SITE, its_programme, its_year)
        announced, sources, remarks = complete_claim(reader, claim, today)
        project = Project(
            id=its_id,
            name=its_name,
            type=its_type or ProjectType.SITE,
            kind=its_kind,
            parent=parent,
            place=its_place,
            # A site's year is its cohort's.
            year=None if cohorts or (parent and parent != its_programme) else its_year,
        )
        update = announced._replace(project=its_id)
        batch = Batch(
            kinds=kinds, sources=sources, projects=(*cohorts, project), updates=(update,), typed=True
        )
        return Draft(batch, f"{its_id}, {its_name}", remarks)

    write(path, make, "add", recorder, dry_run=dry_run)


def _choose_kind(
    reader: Reader, kind: str | None, programme: str | None, *, new_kind: bool
) -> tuple[str, tuple[str, ...]]:
    """Return the kind, by default that of the programme, and the new kinds to be recorded."""
    if kind is None:
        if programme is None:
            raise BadInput("--kind is missing; name one, as in --kind factory")
        return read_project(reader, programme).project.kind, ()
    if new_kind and make_slug(kind) not in list_kinds(reader):
        made = read_option("--kind", kind, lambda text: read_new_id(text).casefold()) or ""
        return made, (made,)
    try:
        return find_kind(reader, kind), ()
    except BadInput as error:
        raise BadInput(f"--kind: {error}; --new-kind adds it") from None


def _choose_parent(
    reader: Reader, type_: ProjectType, programme: str | None, year: int | None
) -> tuple[tuple[Project, ...], str | None]:
    """Return the cohort to be added, if it is missing, and the parent of the new project."""
    if programme is None or year is None or type_ is not ProjectType.SITE:
        return (), programme
    detail = read_project(reader, programme)
    for cohort in detail.cohorts:
        if cohort.year == year:
            return (), cohort.id
    new = Project(
        id=make_free_id(f"{programme}-{year}", partial(is_taken, reader, "projects")),
        name=f"{detail.project.name}, {year}",
        type=ProjectType.COHORT,
        kind=detail.project.kind,
        parent=programme,
        year=year,
    )
    return (new,), new.id
