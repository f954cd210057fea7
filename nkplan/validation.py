"""What of a batch may be recorded: which rows are new, which are there, what is wrong with the rest.

Pure functions of the batch and of the stored rows that it names. A row is compared with the stored row of
the same key: the same again is no change, another content is a clash. A row whose whole change was undone
does not stand in the way of its key; one that was retracted by name does, and stays retracted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from nkplan.model.batch import Announcement, Batch, Fault, Place, Project, Update
from nkplan.model.faults import Faults
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import ProjectType
from nkplan.text import list_words, shorten

LISTS = ("kinds", "places", "sources", "announcements", "projects", "quotas", "updates")
"""The lists of a batch, in an order in which each names rows of earlier ones, or of itself."""


class RowState(StrEnum):
    """Whether a stored row counts: it stands, its whole change was undone, or it was retracted by name."""

    ACTIVE = "active"
    UNDONE = "undone"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class StoredRow:
    row: Any
    state: RowState = RowState.ACTIVE


Stored = Mapping[str, Mapping[str, StoredRow]]
"""For each list, the stored rows by key (see `key_of`)."""

Brought = Mapping[str, Mapping[str, Any]]
"""For lists, the rows by key that the same file brings beside a piece of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What is to be recorded: `new` rows, of which those in `replacing` take the key of an undone row.

    `there` has the keys of the rows that are there already; `same` counts them, `retracted` those of them
    that were retracted by name and stay so. Where `faults` has any, nothing may be recorded; `more_faults`
    counts those that follow them.
    """

    new: Batch
    replacing: Mapping[str, frozenset[str]] = field(default_factory=dict)
    there: Mapping[str, frozenset[str]] = field(default_factory=dict)
    same: Counter[str] = field(default_factory=Counter)
    retracted: Counter[str] = field(default_factory=Counter)
    faults: tuple[Fault, ...] = ()
    more_faults: int = 0


class Reference(NamedTuple):
    """A row named by another: the `field` that names it, the `list` it is in, its `id`."""

    field: str
    list: str
    id: str


def key_of(row: Any) -> str:
    """Give what tells a row from the others of its list: its id, or for a quota what it is promised for."""
    if isinstance(row, str):
        return row
    if isinstance(row, Quota):
        parts = (row.project, row.kind, row.per, row.first_year, row.last_year, row.announcement)
        return " ".join("-" if part is None else str(part) for part in parts)
    return str(row.id)


def list_references(row: Any) -> Iterator[Reference]:
    """List every row that a row names."""
    named: tuple[tuple[str, str, str | None], ...] = ()
    match row:
        case Place():
            named = (("parent", "places", row.parent),)
        case Announcement():
            named = (
                ("source", "sources", row.source),
                *(("figures: source", "sources", figure.source) for figure in row.figures),
            )
        case Project():
            named = (
                ("kind", "kinds", row.kind),
                ("parent", "projects", row.parent),
                ("model", "projects", row.model),
                ("place", "places", row.place),
            )
        case Quota():
            named = (
                ("project", "projects", row.project),
                ("kind", "kinds", row.kind),
                ("announcement", "announcements", row.announcement),
            )
        case Update():
            named = (
                ("project", "projects", row.project),
                ("source", "sources", row.source),
                ("announcement", "announcements", row.announcement),
            )
    for name, list_, id_ in named:
        if id_ is not None:
            yield Reference(name, list_, id_)


def validate(batch: Batch, stored: Stored, brought: Brought | None = None) -> Validation:
    """Decide what of a batch is to be recorded, beside the rows stored under the keys that it names.

    Of a batch that is a piece of a file, `brought` has what it names of the other pieces.
    """
    brought = brought or {}
    batch = replace(batch, updates=tuple(_settle_evidence(batch, stored, brought)))
    faults = Faults()
    faults.add_all(batch.faults, batch.more_faults)
    own = {name: _index(name, getattr(batch, name), faults) for name in LISTS}
    new: dict[str, Any] = {}
    replacing: dict[str, frozenset[str]] = {}
    there: dict[str, frozenset[str]] = {}
    retracted: Counter[str] = Counter()
    for name in LISTS:
        fresh = []
        undone, known = set(), set()
        for key, row in own[name].items():
            before = stored.get(name, {}).get(key)
            if before is None or before.state is RowState.UNDONE:
                fresh.append(row)
                if before is not None:
                    undone.add(key)
            elif before.row == row:
                known.add(key)
                retracted[name] += before.state is RowState.RETRACTED
            else:
                faults.add(_fault(row, _explain_clash(row, before)))
        new[name] = tuple(fresh)
        replacing[name] = frozenset(undone)
        there[name] = frozenset(known)
        find = _finder(own, stored, brought)
        for row in own[name].values():
            faults.add_all(_fault(row, message) for message in _find_contradictions(row))
            faults.add_all(_fault(row, message) for message in _check_references(row, find, batch.faulty_ids))
    faults.add_all(_fault(place, message) for place, message in _find_cycles(own["places"], stored, brought))
    second = _find_second_cohorts(own["projects"], stored, brought)
    faults.add_all(_fault(cohort, message) for cohort, message in second)
    return Validation(
        new=replace(batch, **new),
        replacing=replacing,
        there=there,
        same=Counter({name: len(keys) for name, keys in there.items() if keys}),
        retracted=retracted,
        faults=faults.list_first(),
        more_faults=faults.count_rest(),
    )


def _settle_evidence(batch: Batch, stored: Stored, brought: Brought) -> Iterator[Update]:
    """Give each update that has no evidence class of its own the usual one of its source."""
    # Of a source that stands twice, which is a fault of its own, the first counts here as everywhere.
    sources = (*reversed(batch.sources), *brought.get("sources", {}).values())
    usual = {source.id: source.evidence for source in sources}
    stored_sources = stored.get("sources", {})
    for update in batch.updates:
        if update.evidence is None and update.source is not None:
            there = stored_sources.get(update.source)
            evidence = usual.get(update.source, there.row.evidence if there else None)
            yield update if evidence is None else replace(update, evidence=evidence)
        else:
            yield update


def _index(name: str, rows: Iterable[Any], faults: Faults) -> dict[str, Any]:
    """Put the rows of one list under their keys; a key that comes twice is a fault."""
    indexed: dict[str, Any] = {}
    for row in rows:
        first = indexed.setdefault(key_of(row), row)
        if first is row:
            continue
        if isinstance(row, str):
            # Kinds carry no place of their own, and the same kind twice says nothing new.
            continue
        where = f" ({first.where})" if first.where else ""
        advice = "keep one" if first == row else _list_differences(row, first, "there")
        what = "the same claim of the same source" if name == "updates" else key_of(row)
        fix = "; if both are meant, give one an id of its own" if name == "updates" else ""
        faults.add(_fault(row, f"{what} stands earlier{where}: {advice}{fix}"))
    return indexed


def _fault(row: Any, message: str) -> Fault:
    return Fault(where=getattr(row, "where", ""), message=message, order=_find_line(row))


def _find_line(row: Any) -> int:
    """Give the line of its file that a row stands on; 0 where it has none."""
    line = getattr(row, "where", "").rpartition(" ")[2]
    return int(line) if line.isdigit() else 0


def _find_contradictions(row: Any) -> Iterator[str]:
    """Find what is wrong with a row as a whole although each of its fields may be right."""
    match row:
        case Update(status=None, percent=None, promised=None, note=None):
            yield "it says nothing; give it a status, percent, promised or note"
        case Project(type=ProjectType.PROGRAMME, parent=str()):
            yield "parent: a programme has none; leave it out"
        case Project(type=ProjectType.COHORT, parent=None):
            yield "parent is missing: a cohort belongs to a programme"
        case Project(type=ProjectType.COHORT, year=None):
            yield "year is missing: a cohort is the part of a programme for one year"
        case Quota(first_year=int(first), last_year=int(last)) if last < first:
            yield f"last_year: {last} is before first_year {first}; exchange them"


def _explain_clash(row: Any, there: StoredRow) -> str:
    """Say in which fields a row differs from the stored one, with both values."""
    what = f"update {row.id} of {row.project}" if isinstance(row, Update) else key_of(row)
    if there.state is RowState.RETRACTED:
        what += " (retracted; with an id of its own it can be recorded anew)"
    return f"it clashes with what is stored as {what}: {_list_differences(row, there.row, 'in the record')}"


def _list_differences(row: Any, other: Any, other_place: str) -> str:
    differing = [
        (one.name, *(shorten(_quote(getattr(each, one.name)), _LONGEST_QUOTED) for each in (row, other)))
        for one in fields(row)
        if one.compare and getattr(row, one.name) != getattr(other, one.name)
    ]
    return "; ".join(f"{name} is {here} here and {there} {other_place}" for name, here, there in differing)


_LONGEST_QUOTED = 600


def _quote(value: Any) -> str:
    if value is None or value == ():
        return "absent"
    if is_dataclass(value):
        parts = ((one.name, getattr(value, one.name)) for one in fields(value))
        return ", ".join(f"{name} {_quote(part)}" for name, part in parts if part is not None)
    if isinstance(value, tuple):
        return f"[{', '.join(_quote(item) for item in value)}]"
    return f"{value:g}" if isinstance(value, float) else repr(str(value))


Find = Callable[[str, str], StoredRow | None]


def _finder(own: Mapping[str, Mapping[str, Any]], stored: Stored, brought: Brought) -> Find:
    def find(name: str, id_: str) -> StoredRow | None:
        for coming in (own[name], brought.get(name, {})):
            if id_ in coming:
                return StoredRow(coming[id_])
        return stored.get(name, {}).get(id_)

    return find


def _check_references(row: Any, find: Find, faulty_ids: frozenset[str]) -> Iterator[str]:
    for reference in list_references(row):
        one = reference.list.removesuffix("s")
        there = find(reference.list, reference.id)
        if there is None:
            if reference.id not in faulty_ids:
                yield f"{reference.field}: there is no {one} {reference.id}; add it to {reference.list}"
        elif there.state is not RowState.ACTIVE:
            yield f"{reference.field}: the {one} {reference.id} has been taken back; add it again"
        elif reference.field == "parent" and isinstance(row, Project):
            yield from _check_parent(row, there.row)


def _check_parent(project: Project, parent: Project) -> Iterator[str]:
    allowed = {
        ProjectType.COHORT: [ProjectType.PROGRAMME],
        ProjectType.SITE: [ProjectType.PROGRAMME, ProjectType.COHORT],
    }.get(project.type, [])
    if allowed and parent.type not in allowed:
        words = list_words(allowed).replace(" and ", " or a ")
        yield f"parent: {parent.id} is a {parent.type}; a {project.type} belongs to a {words}"
    if (
        project.type is ProjectType.SITE
        and parent.type is ProjectType.COHORT
        and project.year not in {None, parent.year}
    ):
        yield f"year: {project.year} is not the year of its cohort {parent.id}, {parent.year}; leave it out"


def _find_second_cohorts(
    projects: Mapping[str, Project], stored: Stored, brought: Brought
) -> Iterator[tuple[Project, str]]:
    """Find cohorts of a programme for a year that has one already."""
    standing = [there.row for there in stored.get("projects", {}).values() if there.state is RowState.ACTIVE]
    coming = sorted({**brought.get("projects", {}), **projects}.values(), key=_find_line)
    first: dict[tuple[str | None, int | None], Project] = {}
    for one in (*standing, *coming):
        if one.type is not ProjectType.COHORT or one.parent is None or one.year is None:
            continue
        other = first.setdefault((one.parent, one.year), one).id
        if other != one.id and one.id in projects:
            yield one, f"year: {one.parent} has a cohort of {one.year} already, {other}; a year has one"


def _find_cycles(
    places: Mapping[str, Place], stored: Stored, brought: Brought
) -> Iterator[tuple[Place, str]]:
    """Find places that lie, by way of their parents, within themselves."""
    outer = {id_: there.row.parent for id_, there in stored.get("places", {}).items()}
    outer |= {id_: place.parent for id_, place in (*brought.get("places", {}).items(), *places.items())}
    for place in places.values():
        seen = {place.id}
        above = place.parent
        while above is not None and above not in seen:
            seen.add(above)
            above = outer.get(above)
        if above == place.id:
            yield place, f"parent: {place.parent} lies in {place.id} itself; name the place around it"


def find_province(place: str, outer: Mapping[str, str | None]) -> str:
    """Give the outermost place around a place, from each place's parent."""
    seen = set()
    while (above := outer.get(place)) is not None and place not in seen:
        seen.add(place)
        place = above
    return place
