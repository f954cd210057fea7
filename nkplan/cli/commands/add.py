"""`nkplan add`: a newly announced project, or a row of another list."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from nkplan.cli.claims import write
from nkplan.cli.completion import complete_added
from nkplan.cli.nouns import NOUNS, SITE, draft_row, read_noun, read_typed_row
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
from nkplan.cli.questions import is_interactive, keeping_typed
from nkplan.cli.session import make_recorder, notice, prepare_database, read_latest_day, read_today
from nkplan.cli.updates import write_commands
from nkplan.errors import BadInput
from nkplan.text import quote


@grouped
def run(
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="The project's name; or a noun, with what it is called and its fields after it.",
            show_default=False,
            autocompletion=complete_added,
        ),
    ] = None,
    more: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FIELD=VALUE]...",
            help="After a noun: a name, domain or link, then fields as `edit` has them.",
            autocompletion=complete_added,
        ),
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
    terminal it asks for what is missing. After a noun it adds another row: a programme, cohort, announcement,
    quota, place, publisher, kind or source.

    \b
    nkplan add "Mundok regional factories" --place Mundok \\
        --programme 20x10 --year 2027 --on 2026-12 --source last
    nkplan add "Hoeyang power station" --kind power-station --place Hoeyang \\
        --promised 2025 --on 2023-01-25 --source https://example.org/hoeyang \\
        --title "A power station for Hoeyang" --evidence promiser
    nkplan add place "Mundok County" parent=KP-02 type=county
    nkplan add announcement "Dams" announced=2026-11 said="Two dams." \\
        promise="2 dam 2027-2030 for dams" source=last
    """
    noun, rest = read_noun([name or "", *(more or [])])
    given = _list_given(
        {"kind": kind, "place": place, "programme": programme, "year": year, "status": status, "id": id_}
        | options._asdict()
        | {"type": None if type_ == SITE else type_, "new_kind": new_kind or None}
    )
    if noun in NOUNS and not _has_claim(noun, rest, given):
        _add_row(noun, rest, given, db, form=edit, dry_run=dry_run, may_be_doubtful=yes)
        return
    name, type_ = _read_project(name, type_, noun, rest, given, edit=edit)
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
    with keeping_typed(partial(write_commands, typed)):
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


def _list_given(options: Mapping[str, object]) -> list[str]:
    """List the options that were given."""
    return [f"--{name.replace('_', '-')}" for name, value in options.items() if value is not None]


def _read_project(
    name: str | None, type_: str, noun: str, rest: Sequence[str], given: Sequence[str], *, edit: bool
) -> tuple[str | None, str]:
    """Return the name and type of a project, which a noun may have been given before its name.

    Raises BadInput for further words, and for a noun alone where nothing can be asked.
    """
    if noun:
        if "--type" in given:
            raise BadInput(f"--type does not go with the noun {noun}, which says what it is; leave it out")
        name, type_, rest = rest[0], noun, rest[1:]
    if rest:
        raise BadInput(
            f"{quote(rest[0])} follows the name of a project; put a name of several words in quotes, and"
            " write what else is known as options, as in --kind factory"
        )
    if name in NOUNS and not (noun or given or edit):
        example = "https://example.org/a" if name == "source" else "NAME"
        advice = f"write more after it to add another row, as in nkplan add {name} {example}"
        if not is_interactive():
            raise BadInput(f"{name} alone is the name of a site, and --kind is missing; {advice}")
        notice(f"{name} alone is the name of a site; {advice}")
    return name, type_


def _has_claim(noun: str, rest: Sequence[str], given: Sequence[str]) -> bool:
    """Return whether a programme or cohort is added by options, with a claim, as a site is."""
    return NOUNS[noun].type is not None and bool(given) and len(rest) == 1 and "=" not in rest[0]


def _add_row(
    noun: str,
    words: Sequence[str],
    given: Sequence[str],
    db: Path | None,
    *,
    form: bool,
    dry_run: bool,
    may_be_doubtful: bool,
) -> None:
    """Add a row of what a noun means. Raises BadInput for an option that does not go with it."""
    if given:
        field = given[0].removeprefix("--")
        fields = NOUNS[noun].fields
        advice = f"write {field}=..." if field in fields else f"its fields are {', '.join(fields)}"
        raise BadInput(f"{given[0]} does not go with the noun {noun}; {advice}")
    typed = read_typed_row(noun, words)
    days = read_today(), read_latest_day()
    if not (form or is_interactive()):
        draft_row(typed, *days)
    from nkplan.cli.adding import Adding

    Adding(prepare_database(db), *days, make_recorder()).run(
        typed, form=form, dry_run=dry_run, may_be_doubtful=may_be_doubtful
    )
