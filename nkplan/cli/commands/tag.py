"""`nkplan tag`: the user's own marks on projects."""

from typing import TYPE_CHECKING, Annotated

import typer

from nkplan.cli.completion import complete_project, complete_tag
from nkplan.cli.options import Db, DryRun, ProjectId
from nkplan.cli.session import make_recorder, notice, prepare_database
from nkplan.errors import BadInput
from nkplan.text import list_words, quote
from nkplan.values import read_text

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader
    from nkplan.store.tags import Tagged

_NONE = "none"


def run(
    *,
    id_: ProjectId,
    tags: Annotated[
        list[str],
        typer.Argument(metavar="TAG...", help="A tag, in words of your own.", autocompletion=complete_tag),
    ],
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also",
            metavar="ID",
            help="Another project to tag; it can be repeated.",
            autocompletion=complete_project,
        ),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the tags away.")] = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Tag a project, to list and report by your own marks: what you follow, or doubt, or want to visit.

    \b
    nkplan tag musan-hospital followed "to visit"
    nkplan tag 20x10 followed --also county-hospitals
    nkplan list --tag followed
    nkplan tag musan-hospital "to visit" --remove
    """
    from nkplan.cli.echo import reporting_write, say
    from nkplan.queries.names import find_project, match_id
    from nkplan.queries.reader import reading
    from nkplan.store.tags import Tagging, tag

    typed = [_read_tag(one) for one in tags]
    path = prepare_database(db)

    def make() -> Tagging:
        # Only SQLite may open the file here: closing any other descriptor would release the writer's lock.
        with reading(path) as reader:
            for one in typed:
                # Whoever means to tag a second project would tag only the first, with the name of the other.
                if match_id(reader, "projects", one):
                    raise BadInput(f"TAG: {one} is a project; to tag it too, write --also {one}")
            projects = list(dict.fromkeys(find_project(reader, one) for one in (id_, *(also or ()))))
            return Tagging(projects, _spell(reader, typed), remove)

    tagged = tag(path, make, make_recorder(), dry_run=dry_run)
    changed = [one for one in tagged if one.is_changed]
    with reporting_write(dry_run=dry_run or not changed):
        say(line for one in changed for line in _describe(one))
        if same := [one.after.id for one in tagged if not one.is_changed]:
            has = ("has" if len(same) == 1 else "have") + (" no such tag" if remove else " this already")
            notice(f"{list_words(same)} {has}")
    if dry_run:
        notice("dry run: nothing was recorded")


def _read_tag(typed: str) -> str:
    """Read a tag. Raises BadInput."""
    try:
        tag = read_text(typed)
    except ValueError as error:
        raise BadInput(f"TAG: {error}") from None
    if "," in tag:
        raise BadInput(f"TAG: {quote(tag)} has a comma; write several tags one after another, without commas")
    if tag.casefold() == _NONE:
        raise BadInput(f"TAG: {quote(tag)} stands for no tag at all in nkplan; choose another word")
    return tag


def _spell(reader: "Reader", typed: list[str]) -> list[str]:
    """Spell tags as they are on record: those that differ only in case are one."""
    from nkplan.queries.names import match_tags

    return list(dict.fromkeys(next(iter(match_tags(reader, one)), one) for one in typed))


def _describe(tagged: "Tagged") -> list[str]:
    before, after = (", ".join(one.tags) or "none" for one in tagged)
    return [f"{tagged.after.id}  {tagged.after.name}", f"  {'tags':<13} {before} -> {after}"]
