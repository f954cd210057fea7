"""Give projects tags, the user's own marks, or take them away: an edit of the field `tags`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from nkplan.errors import NotFound, Unusable
from nkplan.model.batch import Project
from nkplan.store.record import DIFFERENT
from nkplan.store.rewriting import fetch_stored, rewrite
from nkplan.store.transaction import Recorder, add_change, writing
from nkplan.text import list_words, quote


class Tagged(NamedTuple):
    """A project before and after its tags were changed; the same if it had, or lacked, them already."""

    before: Project
    after: Project

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


class Tagging(NamedTuple):
    """Which tags are to be given to which projects, or with `remove` taken from them."""

    projects: Sequence[str]
    tags: Sequence[str]
    remove: bool = False


def tag(
    path: Path, make: Callable[[], Tagging], recorder: Recorder, *, dry_run: bool = False
) -> list[Tagged]:
    """Give tags to projects or take them away, as one change; nothing is written if that changes nothing.

    `make` says what is meant, and may read the database: no other program can write in the meantime. Raises
    NotFound if a tag is to be removed that none of the projects has, Unusable and ForeignDatabase.
    """
    with writing(path, dry_run=dry_run) as connection:
        tagging = make()
        rows = fetch_stored(connection, "projects", tagging.projects)
        before = [rows[id_] for id_ in tagging.projects]
        if tagging.remove:
            _refuse_absent(tagging.tags, before)
        tagged = [Tagged(row, _change(row, tagging)) for row in before]
        changed = {one.after.id: one.after for one in tagged if one.is_changed}
        if changed:
            change = add_change(connection, "tag", recorder, _summarize(tagging, list(changed)))
            rewrite(connection, change, {"projects": changed})
            # What is acknowledged is read again, as after every write.
            if fetch_stored(connection, "projects", changed) != changed:
                raise Unusable(DIFFERENT)
    return tagged


def _refuse_absent(tags: Sequence[str], projects: Sequence[Project]) -> None:
    """Raise NotFound for a tag that none of the projects has."""
    had = sorted({tag for project in projects for tag in project.tags})
    folded = set(map(str.casefold, had))
    for one in tags:
        if one.casefold() not in folded:
            whose = list_words([project.id for project in projects])
            has = "has" if len(projects) == 1 else "have"
            there = f"only {list_words(had)}" if had else "no tag at all"
            raise NotFound(f"{whose} {has} no tag {quote(one)} to remove, {there}")


def _change(project: Project, tagging: Tagging) -> Project:
    """Return a project with its tags changed; tags that differ only in case are one."""
    own, named = ({one.casefold(): one for one in tags} for tags in (project.tags, tagging.tags))
    if tagging.remove:
        kept = [one for one in project.tags if one.casefold() not in named]
    else:
        kept = [*project.tags, *(one for folded, one in named.items() if folded not in own)]
    return project._replace(tags=tuple(sorted(kept)))


def _summarize(tagging: Tagging, changed: Sequence[str]) -> str:
    """Write the line of the journal."""
    said = "removed from" if tagging.remove else "given to"
    return f"{', '.join(tagging.tags)} {said} {', '.join(changed)}"
