"""New projects as typed: on the command line, in answers to questions, or in a form."""

import shlex
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import count, islice
from typing import NamedTuple

from nkplan.cli.claims import (
    Draft,
    complete_claims,
    find_recorded,
    make_free_id,
    read_claim,
    read_option,
)
from nkplan.cli.options import ClaimOptions
from nkplan.cli.session import write_options
from nkplan.doubts import Doubt
from nkplan.errors import BadInput
from nkplan.model.batch import Batch, Project
from nkplan.model.filters import Filters
from nkplan.model.vocabulary import FIRST, ProjectType
from nkplan.queries.details import read_project
from nkplan.queries.names import (
    find_kind,
    find_place,
    find_present_id,
    find_project,
    is_taken,
    list_kinds,
)
from nkplan.queries.reader import Reader
from nkplan.queries.sites import count_sites, list_sites
from nkplan.text import make_slug
from nkplan.values import RESERVED, read_new_id, read_text, read_word, read_year


class TypedProject(NamedTuple):
    """A project and the claim that announces it, or says another status, as typed."""

    name: str | None
    kind: str | None = None
    place: str | None = None
    programme: str | None = None
    year: str | None = None
    id: str | None = None
    type: str = str(ProjectType.SITE)
    status: str | None = None
    options: ClaimOptions = ClaimOptions()
    new_kind: bool = False

    def write(self) -> str:
        """Return the command that records it."""
        given = self._asdict() | self.options._asdict()
        own = {
            name: value
            for name, value in given.items()
            if name not in {"name", "options"} and (name, value) != ("type", str(ProjectType.SITE))
        }
        words = ["nkplan", "add", *filter(None, [self.name])]
        for option in write_options(own):
            name, _, value = option.partition(" ")
            words += [name, value] if value else [name]
        return shlex.join(words)


def draft_project(typed: TypedProject, today: date, latest: date) -> Callable[[Reader], Draft]:
    """Return what makes the rows of a project; it raises BadInput, NotFound and Ambiguous.

    Raises BadInput for what is wrong whatever is on record.
    """
    name = read_option("NAME", typed.name, read_text) or ""
    type_ = read_option("--type", typed.type, lambda text: read_word(text, ProjectType, "project type"))
    year = read_option("--year", typed.year, read_typed_year)
    claim = read_claim(typed.options, today, latest, typed.status or FIRST)
    wanted = read_option("--id", typed.id, lambda text: read_new_id(text).casefold())

    def make(reader: Reader) -> Draft:
        programme = (
            None if typed.programme is None else find_project(reader, typed.programme, ProjectType.PROGRAMME)
        )
        kind, kinds = _choose_kind(reader, typed.kind, programme, new_kind=typed.new_kind)
        place = find_place(reader, typed.place) if typed.place is not None else None
        cohorts, parent = _choose_parent(reader, type_ or ProjectType.SITE, programme, year)
        project = Project(
            id="",
            name=name,
            type=type_ or ProjectType.SITE,
            kind=kind,
            parent=parent,
            place=place,
            # A site's year is its cohort's.
            year=None if cohorts or (parent and parent != programme) else year,
        )
        project, is_new = _choose_id(reader, project, wanted)
        (announced,), sources, publishers, remarks, about_source = complete_claims(reader, [claim], today)
        update = announced._replace(project=project.id)
        known = {} if is_new else find_recorded(reader, [update])
        if not is_new:
            remarks = (*remarks, f"{project.id} is on record already; it is not added again")
        elif programme is not None and year is not None:
            remarks += tuple(_tell_surplus(reader, project, programme, year))
        remarks += tuple(f"{one} has this update already, as {same}" for one, same in known.items())
        batch = Batch(
            kinds=kinds,
            sources=() if known else sources,
            publishers=() if known else publishers,
            projects=(*cohorts, project) if is_new else (),
            updates=() if known else (update,),
            typed=True,
        )
        doubts = about_source if not known else ()
        doubts += tuple(_find_twins(reader, project, year)) if is_new else ()
        return Draft(batch, f"{project.id}, {name}", remarks, doubts)

    return make


def read_typed_year(text: str) -> int:
    """Read a year as typed. Raises ValueError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise ValueError(f"{text} is not a year; write a number from 1000 to 2999, as in 2024")
    return read_year(int(text))


def _choose_id(reader: Reader, project: Project, wanted: str | None) -> tuple[Project, bool]:
    """Give a project its id: that of the same project on record, or a new one; say whether it is new."""
    taken = partial(is_taken, reader, "projects")
    slug = wanted or make_slug(project.name)
    if not slug:
        raise BadInput(f"no id can be made from {project.name!r}; give one in Latin letters with --id")
    candidates = [slug] if wanted else list(list_taken(slug, taken))
    for id_ in candidates:
        if (present := find_present_id(reader, "projects", id_)) is None:
            continue
        there = read_project(reader, present).project
        again = project._replace(id=there.id)
        if (
            there._replace(
                model=None, tags=(), identifiers=(), organisations=(), note=None, origin=again.origin
            )
            == again
        ):
            return again, False
    if wanted and taken(wanted):
        raise BadInput(f"--id: {wanted} is already taken; `nkplan show {wanted}` shows what has it")
    return project._replace(id=wanted or make_free_id(slug, taken)), True


def list_taken(slug: str, taken: Callable[[str], bool]) -> Iterator[str]:
    """Yield the ids that projects of this name have, in the order in which `make_free_id` gives them."""
    for number in count(1):
        tail = "" if number == 1 else f"-{number}"
        id_ = slug[: 80 - len(tail)].strip("-") + tail
        if not taken(id_) and id_ not in RESERVED:
            return
        yield id_


def _find_twins(reader: Reader, project: Project, year: int | None) -> Iterator[Doubt]:
    """Say which sites of the same kind, place and year there are; one without a year may be of any."""
    if project.type is not ProjectType.SITE or project.place is None:
        return
    alike = list_sites(reader, Filters(kinds=(project.kind,), places=(project.place,)))
    for site in islice((one for one in alike if year is None or one.year in {None, year}), 3):
        yield Doubt(f"{site.id}, {site.name}, is a {site.kind} in the same place; is it the same site?")


def _tell_surplus(reader: Reader, project: Project, programme: str, year: int) -> Iterator[str]:
    """Say if with this site there are more of its kind in the year of a programme than were promised."""
    from nkplan.queries.programmes import list_programmes
    from nkplan.reports.promised import number_cohort_years

    if project.type is not ProjectType.SITE:
        return
    [promised] = list_programmes(reader, [programme])
    number = number_cohort_years(promised).get((project.kind, year))
    if number is None:
        return
    named = 1 + count_sites(reader, Filters(kinds=(project.kind,), programmes=(programme,), years=(year,)))
    if named > number.quantity:
        of_kind = "" if project.kind == promised.kind else f" of kind {project.kind}"
        yield f"with it {project.parent} has {named} sites{of_kind} of the {number.quantity} promised"


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
