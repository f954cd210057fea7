"""Decide which rows of a batch may be recorded: which are new, which are stored already, which are faulty.

Pure functions of the batch and of the stored rows that it names. A row is compared with the stored row that
has the same key: equal content is no change, other content is a fault. A row that was edited is also known by
what it said before: that is no change either, and the row stays as it is. A row whose whole change was undone
leaves its key free; a row that was retracted by name does not, and stays retracted.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from operator import attrgetter
from typing import Any, NamedTuple

from nkplan.model.batch import Announcement, Batch, Figure, Place, Project, Publisher, Source, Update
from nkplan.model.faults import NOWHERE, Fault, Faults
from nkplan.model.outline import Outline, tell_apart
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import ProjectType
from nkplan.text import compose, show_apart, write_number

LISTS = (
    "settings", "kinds", "publishers", "places", "outlines", "sources", "announcements", "projects", "quotas",
    "updates",
)  # fmt: skip
"""The lists of a batch, ordered so that each names only rows of itself and of earlier lists."""


class RowState(StrEnum):
    """Whether a stored row is active, was undone with its whole change, or was retracted by name."""

    ACTIVE = "active"
    UNDONE = "undone"
    RETRACTED = "retracted"


class StoredRow(NamedTuple):
    """A row on record; `former` is what it said before it was edited, in the names of today."""

    row: Any
    state: RowState = RowState.ACTIVE
    former: tuple[Any, ...] = ()

    def is_known_by(self, row: Any) -> bool:
        """Return whether a row is what this one says, or what it said."""
        return _is_same(row, self.row) or any(_is_same(row, one) for one in self.former)


Stored = Mapping[str, Mapping[str, StoredRow]]
"""For each list, the stored rows by key (see `key_of`)."""

Incoming = Mapping[str, Mapping[str, Any]]
"""For each list, the rows of a file by key; the first row, if several have the same key."""

Find = Callable[[str, str], StoredRow | None]
"""Finds a row by its list and id, in the file or among the stored rows."""


class Validation(NamedTuple):
    """What to record: the `new` rows; `replacing` has the keys of those that replace an undone row.

    `same` counts the rows that are stored already, `retracted` those of them that were retracted by name and
    stay so. `amended` has, by list and key, the rows that say something else than the active ones stored:
    they are corrections, or if that was not asked for, they are among the faults. If there are `faults`,
    nothing may be recorded; `more_faults` counts the further ones. `incoming` has all rows of the batch,
    including the faulty ones.
    """

    new: Batch
    incoming: Incoming
    replacing: Mapping[str, frozenset[str]]
    same: Counter[str]
    retracted: Counter[str]
    amended: Mapping[str, Mapping[str, Any]]
    faults: tuple[Fault, ...]
    more_faults: int


class Reference(NamedTuple):
    """A row named by another: the `field` that names it, the `list` it is in, its `id`."""

    field: str
    list: str
    id: str


def key_of(row: Any) -> str:
    """Return the key that identifies a row in its list: its id, a publisher's domain, an outline's place."""
    match row:
        case str():
            return row
        case Publisher():
            return row.domain
        case Outline():
            return row.place
    return str(row.id)


def describe(row: Any) -> str:
    """Say which row is meant: its key, and for one whose id is derived what it is about."""
    if isinstance(row, Update):
        return f"update {row.id} of {row.project}"
    if isinstance(row, Quota):
        years = "-".join(dict.fromkeys(str(year) for year in (row.first_year, row.last_year) if year))
        return " ".join(filter(None, (f"the quota of {row.project} for {row.kind}", years, row.announcement)))
    return key_of(row)


_REFERENCES: Mapping[type[Any], tuple[tuple[str, str], ...]] = {
    Place: (("parent", "places"),),
    Outline: (("place", "places"),),
    Announcement: (("source", "sources"),),
    Project: (("kind", "kinds"), ("parent", "projects"), ("model", "projects"), ("place", "places")),
    Quota: (
        ("project", "projects"),
        ("kind", "kinds"),
        ("within", "projects"),
        ("announcement", "announcements"),
    ),
    Update: (
        ("project", "projects"),
        ("source", "sources"),
        ("withdrawn_source", "sources"),
        ("announcement", "announcements"),
    ),
}
"""The fields of each class that name rows, each with the list that the named row is in."""


# The name of the class comes last so that even of one field a getter returns a tuple.
_GET_NAMED = {
    class_: attrgetter(*(name for name, _ in named), "__class__") for class_, named in _REFERENCES.items()
}
_WITH_FIGURES = (Announcement, Update)


def list_references(row: Any) -> list[Reference]:
    """List every row that a row names."""
    class_ = type(row)
    found = []
    if class_ in _REFERENCES:
        for (name, list_), id_ in zip(_REFERENCES[class_], _GET_NAMED[class_](row), strict=False):
            if id_ is not None:
                found.append(Reference(name, list_, id_))
        if class_ in _WITH_FIGURES and row.figures:
            sources = (figure.source for figure in row.figures if figure.source is not None)
            found += [Reference("figures: source", "sources", source) for source in sources]
    return found


def rename_references(row: Any, find: Callable[[str, str], str]) -> Any:
    """Return a row with other names for the rows that it names: `find` returns one for a list and an id."""
    changed: dict[str, Any] = {}
    for field, list_, named in list_references(row):
        id_ = find(list_, named)
        if id_ == named:
            continue
        if field in row._fields:
            changed[field] = id_
        else:
            figures = changed.get("figures", row.figures)
            changed["figures"] = tuple(
                one._replace(source=id_) if one.source == named else one for one in figures
            )
    return row._replace(**changed) if changed else row


def list_named_ids(rows: Sequence[Any]) -> Iterator[tuple[str, set[str]]]:
    """Yield the ids that rows of one list name, after the list that they are in; a list can come twice."""
    if not rows or (class_ := type(rows[0])) not in _REFERENCES:
        return
    for name, list_ in _REFERENCES[class_]:
        yield list_, set(map(attrgetter(name), rows)) - {None}
    if class_ in _WITH_FIGURES:
        figures = (figure for row in rows for figure in row.figures)
        yield "sources", {figure.source for figure in figures if figure.source is not None}


def list_links(source: Source) -> list[tuple[str, str]]:
    """List the links of a source, each with the name of its field."""
    links = (("url", source.url), ("archive", source.archive))
    return [(name, link) for name, link in links if link is not None]


def validate(
    batch: Batch,
    stored: Stored,
    incoming: Incoming | None = None,
    *,
    amend: bool = False,
    reclassed: Collection[str] = (),
) -> Validation:
    """Decide what of a batch to record, given the rows stored under the keys that it names.

    For a chunk of a file's updates, `incoming` has the file's rows of the other lists. With `amend`, rows
    that say something else than the active ones stored are no faults, but corrections of these. `reclassed`
    are the sources that the file has given another usual class.
    """
    incoming = incoming or {}
    faults = Faults()
    faults.add_all(batch.faults, batch.more_faults)
    own = {
        name: _index(name, getattr(batch, name), faults, stored, typed=batch.typed)
        for name in LISTS
        if name != "updates"
    }
    find = _finder(own, incoming, stored)
    updates = _fill_in_evidence(batch.updates, find, stored, reclassed)
    own["updates"] = _index("updates", updates, faults, stored, typed=batch.typed)
    new: dict[str, Any] = {}
    replacing: dict[str, frozenset[str]] = {}
    same: Counter[str] = Counter()
    retracted: Counter[str] = Counter()
    amended: dict[str, dict[str, Any]] = {name: {} for name in LISTS}
    for name in LISTS:
        fresh = []
        undone = set()
        there = stored.get(name, {})
        for key, row in own[name].items():
            before = there.get(key)
            if before is None:
                fresh.append(row)
            elif before.state is RowState.UNDONE or (batch.typed and before.state is RowState.RETRACTED):
                fresh.append(row)
                undone.add(key)
            elif _is_same(_keep_tags(row, before.row), before.row):
                same[name] += 1
                retracted[name] += before.state is RowState.RETRACTED
            else:
                if before.state is RowState.ACTIVE:
                    amended[name][key] = _keep_tags(row, before.row)
                if not amend or key not in amended[name]:
                    faults.add(_fault(row, _explain_difference(row, before)))
            # What a row that was edited says now was checked then, and may name rows that the file does not.
            if before is None or row is not before.row:
                faults.add_all(_find_contradictions(row))
                faults.add_all(_check_references(row, find, batch.faulty_ids))
        new[name] = tuple(fresh)
        replacing[name] = frozenset(undone)
    faults.add_all(_find_cycles(own["places"], stored))
    faults.add_all(_find_parts_of_themselves(own["quotas"], stored))
    there = stored.get("projects", {})
    stay_retracted = {
        id_ for id_, one in there.items() if one.state is RowState.RETRACTED and not batch.typed
    }
    cohorts = {id_: row for id_, row in own["projects"].items() if id_ not in stay_retracted}
    faults.add_all(_find_second_cohorts(cohorts, stored, amended["projects"] if amend else {}))
    corrected = amended["sources"].values() if amend else ()
    faults.add_all(_find_shared_links((*new["sources"], *corrected), stored))
    return Validation(
        new=batch._replace(**new, stream=()),
        incoming=own,
        replacing=replacing,
        same=same,
        retracted=retracted,
        amended={name: rows for name, rows in amended.items() if rows},
        faults=faults.list_first(),
        more_faults=faults.count_rest(),
    )


def find_repeated(updates: Iterable[Update], stored: Stored, incoming: Incoming) -> tuple[Fault, ...]:
    """Find the updates whose key an earlier one has; the other arguments are those of `validate`."""
    faults = Faults()
    filled = _fill_in_evidence(updates, _finder({}, incoming, stored), stored)
    _index("updates", filled, faults, stored)
    return faults.list_first()


def _fill_in_evidence(
    updates: Iterable[Update], find: Find, stored: Stored, reclassed: Collection[str] = ()
) -> Iterator[Update]:
    """Give each update without an evidence class the usual class of its source.

    If the source was edited, an update that is on record already keeps the class that it was given, unless
    the file with the update has `reclassed` the source.
    """
    sources, there = stored.get("sources", {}), stored.get("updates", {})
    for update in updates:
        source = None if update.evidence or update.source is None else find("sources", update.source)
        if source is None:
            yield update
            continue
        filled = update._replace(evidence=source.row.evidence)
        edited = sources.get(source.row.id)
        keeps = edited is not None and edited.former and source.row.id not in reclassed
        before = there.get(update.id) if keeps else None
        if before is not None and edited is not None and not before.is_known_by(filled):
            earlier = (update._replace(evidence=one.evidence) for one in edited.former)
            filled = next(filter(before.is_known_by, earlier), filled)
        yield filled


def _index(
    name: str, rows: Iterable[Any], faults: Faults, stored: Stored, *, typed: bool = False
) -> dict[str, Any]:
    """Index the rows of one list by key; a repeated key is a fault.

    A row that says what a stored one said before it was edited is taken as the stored one is now. A file may
    have both what it said and what it says.
    """
    indexed: dict[str, Any] = {}
    there = stored.get(name, {})
    for row in rows:
        key = key_of(row)
        before = there.get(key)
        # An old file says again what was corrected since. A person who does so is told of the correction.
        is_known = before is not None and before.former and before.state is not RowState.UNDONE and not typed
        if before is not None and is_known and before.is_known_by(row):
            indexed.setdefault(key, row if _is_same(row, before.row) else before.row)
            continue
        first = indexed.setdefault(key, row)
        # Kinds have no origin, and repeating a kind does no harm.
        if first is not row and name != "kinds":
            faults.add(_explain_repeated(name, row, first))
    return indexed


def _explain_repeated(name: str, row: Any, first: Any) -> Fault:
    """Return the fault of a row whose key an earlier row of the file, `first`, has."""
    where = f" ({first.origin.where})" if first.origin.where else ""
    advice = "keep one" if _is_same(first, row) else _list_differences(row, first, "there")
    is_derived = name in {"quotas", "updates"}
    what = "the same claim by the same source" if name == "updates" else describe(row)
    fix = "; if both are meant, give one an id of its own" if is_derived else ""
    return _fault(row, f"{what} appears earlier{where}: {advice}{fix}")


def _fault(row: Any, message: str, field: str = "", *, is_missing: bool = False) -> Fault:
    return Fault(message, field, is_missing, NOWHERE if isinstance(row, str) else row.origin)


_QUALIFIERS = ("count", "of", "unit", "bound", "promised_status", "withdrawn_source")
"""The fields of an update that make sense only with others; nearly all updates have none of them."""
_GET_QUALIFIERS = attrgetter(*_QUALIFIERS)
_NO_QUALIFIERS = (None,) * len(_QUALIFIERS)


def _find_contradictions(row: Any) -> Iterator[Fault]:
    """Find what is wrong with a row as a whole, even if each of its fields is right."""
    match row:
        case Update(status=None, percent=None, promised=None, note=None, count=None):
            yield _fault(row, "it is empty; give it a status, percent, promised, count or note")
        case Update() if _GET_QUALIFIERS(row) != _NO_QUALIFIERS:
            yield from _check_update(row)
        case Project(type=ProjectType.PROGRAMME, parent=str()):
            yield _fault(row, "a programme has no parent; leave it out", "parent")
        case Project(type=ProjectType.COHORT, parent=None):
            yield _fault(row, ": a cohort belongs to a programme", "parent", is_missing=True)
        case Quota(first_year=int(first), last_year=int(last)) if last < first:
            yield _fault(row, f"{last} is before first_year {first}; swap them", "last_year")


def _check_update(row: Update) -> Iterator[Fault]:
    """Find fields of an update that make sense only with another one that is missing."""
    if row.count is None:
        for name in ("of", "unit", "bound"):
            if getattr(row, name) is not None:
                yield _fault(row, f": {name} says more about a count", "count", is_missing=True)
                break
    elif row.status is None:
        yield _fault(row, ": it says what is counted", "status", is_missing=True)
    if row.count is not None and row.of is not None and row.count > row.of:
        yield _fault(
            row, f"{write_number(row.count)} is more than of, {write_number(row.of)}; swap them", "count"
        )
    if row.promised_status is not None and row.promised is None:
        yield _fault(row, ": promised_status says what is promised by it", "promised", is_missing=True)
    if row.withdrawn_source is not None and row.withdrawn is None:
        yield _fault(row, ": withdrawn_source says that it was withdrawn", "withdrawn", is_missing=True)


def _explain_difference(row: Any, there: StoredRow) -> str:
    """Say in which fields a row differs from the stored one, with both values."""
    what = describe(row)
    if there.state is RowState.RETRACTED:
        what += " (retracted; to record it again, give it an id of its own)"
    elif there.is_known_by(row):
        what += " (it said so until it was edited)"
    return f"it conflicts with {what} as stored: {_list_differences(row, there.row, 'in the database')}"


def _keep_tags(row: Any, stored: Any) -> Any:
    """Give a project without tags those on record: the user's own marks are not in everybody's files."""
    has_none = isinstance(row, Project) and isinstance(stored, Project) and not row.tags
    return row._replace(tags=stored.tags) if has_none else row


def _is_same(row: Any, other: Any) -> bool:
    """Return whether two rows say the same: an older database may have texts that are not composed (NFC)."""
    return bool(row == other) or (
        type(row) is type(other) and all(one == another for _, one, another in _pair_fields(row, other))
    )


def _pair_fields(row: Any, other: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield the name of each field and its two values, composed."""
    for name, *values in zip(row._fields, row, other, strict=True):
        one, another = map(_compose, values)
        if name == "names":
            # The names of a place are a set, which a file has in the order of their composed forms.
            one, another = (tuple(sorted(set(names))) for names in (one, another))
        yield name, one, another


def _compose(value: Any) -> Any:
    """Compose every text of a value; its type stays."""
    if type(value) is str:
        return compose(value)
    if isinstance(value, Figure):
        return Figure(*map(_compose, value))
    return tuple(map(_compose, value)) if type(value) is tuple else value


def _list_differences(row: Any, other: Any, other_place: str) -> str:
    """Say which fields of two rows differ, each with both values, which never look the same."""
    differing = (
        (
            name,
            *(
                tell_apart(one, another)
                if name == "geometry"
                else show_apart(_quote(one), _quote(another), _LONGEST_QUOTED)
            ),
        )
        for name, one, another in _pair_fields(row, other)
        if one != another
    )
    return "; ".join(f"{name} is {here} here and {there} {other_place}" for name, here, there in differing)


_LONGEST_QUOTED = 600


def _quote(value: Any) -> str:
    if value is None or value == ():
        return "absent"
    if isinstance(value, Figure):
        parts = value._asdict().items()
        return ", ".join(f"{name} {_quote(part)}" for name, part in parts if part is not None)
    if isinstance(value, tuple):
        return f"[{', '.join(_quote(item) for item in value)}]"
    return write_number(value) if isinstance(value, float) else repr(str(value))


def _finder(own: Incoming, incoming: Incoming, stored: Stored) -> Find:
    def find(name: str, id_: str) -> StoredRow | None:
        for rows in (own.get(name, {}), incoming.get(name, {})):
            if id_ in rows:
                return StoredRow(rows[id_])
        return stored.get(name, {}).get(id_)

    return find


def _check_references(row: Any, find: Find, faulty_ids: frozenset[str]) -> Iterator[Fault]:
    for field_, list_, id_ in list_references(row):
        one = list_.removesuffix("s")
        named = find(list_, id_)
        if named is None:
            if id_ not in faulty_ids:
                yield _fault(row, f"there is no {one} {id_}; add it to {list_}", field_)
        elif named.state is not RowState.ACTIVE:
            yield _fault(row, f"the {one} {id_} is no longer on record; add it again", field_)
        elif field_ == "parent" and isinstance(row, Project):
            yield from _check_parent(row, named.row)
        elif isinstance(row, Quota):
            yield from _check_quota(row, field_, named.row)


def _check_quota(quota: Quota, field_: str, named: Any) -> Iterator[Fault]:
    """Check the relation of a quota to a project that it names."""
    if field_ == "project" and quota.beside and named.type is not ProjectType.COHORT:
        yield _fault(
            quota,
            f"{named.id} is a {named.type}; only a cohort's quota can be beside its programme's",
            "beside",
        )
    if field_ == "within" and (named.type is not ProjectType.PROGRAMME or named.id == quota.project):
        yield _fault(
            quota, f"{named.id} is not another programme; name the programme that it is part of", "within"
        )


def _check_parent(project: Project, parent: Project) -> Iterator[Fault]:
    allowed = {
        ProjectType.COHORT: [ProjectType.PROGRAMME],
        ProjectType.SITE: [ProjectType.PROGRAMME, ProjectType.COHORT],
    }.get(project.type, [])
    if allowed and parent.type not in allowed:
        message = f"{parent.id} is a {parent.type}; a {project.type} belongs to a {' or a '.join(allowed)}"
        yield _fault(project, message, "parent")
    if (
        project.type is ProjectType.SITE
        and parent.type is ProjectType.COHORT
        and parent.year is not None
        and project.year not in {None, parent.year}
    ):
        message = f"{project.year} is not the year of its cohort {parent.id}, {parent.year}; leave it out"
        yield _fault(project, message, "year")


def _find_second_cohorts(
    projects: Mapping[str, Project], stored: Stored, corrected: Collection[str]
) -> Iterator[Fault]:
    """Find cohorts of a programme for a year that already has one."""
    there = stored.get("projects", {}).items()
    # What is to be corrected no longer has the year that it has on record.
    active = [one.row for id_, one in there if one.state is RowState.ACTIVE and id_ not in corrected]
    first: dict[tuple[str | None, int | None], Project] = {}
    for one in (*active, *projects.values()):
        if one.type is not ProjectType.COHORT or one.parent is None or one.year is None:
            continue
        other = first.setdefault((one.parent, one.year), one).id
        if other != one.id and one.id in projects:
            message = f"{one.parent} already has a cohort of {one.year}, {other}; a year has only one"
            yield _fault(one, message, "year")


def _find_shared_links(new: Sequence[Source], stored: Stored) -> Iterator[Fault]:
    """Find the new sources with a link that another source has, in the database or earlier in the file.

    Sources that are stored already are no fault, whatever they share: loading a file twice changes nothing.
    """
    there = stored.get("sources", {}).items()
    fresh = {source.id for source in new}
    # What is to be corrected no longer has the links that it has on record.
    active = [one.row for id_, one in there if one.state is RowState.ACTIVE and id_ not in fresh]
    first: dict[str, str] = {}
    for source in (*active, *new):
        for name, link in list_links(source):
            other = first.setdefault(link, source.id)
            if other != source.id and source.id in fresh:
                message = f"{link} is the link of the source {other} already; cite {other} instead"
                yield _fault(source, message, name)


def _find_cycles(places: Mapping[str, Place], stored: Stored) -> Iterator[Fault]:
    """Find places that, through their parents, are within themselves."""
    outer = {id_: there.row.parent for id_, there in stored.get("places", {}).items()}
    outer |= {id_: place.parent for id_, place in places.items()}
    circles = find_circles({id_: () if parent is None else (parent,) for id_, parent in outer.items()})
    for place in places.values():
        if place.parent is not None and circles[place.parent] == circles[place.id]:
            yield _fault(
                place, f"{place.parent} is within {place.id} itself; name a place that contains it", "parent"
            )


def _find_parts_of_themselves(quotas: Mapping[str, Quota], stored: Stored) -> Iterator[Fault]:
    """Find quotas whose number, through the programmes that they are within, is part of itself."""
    there = (one.row for one in stored.get("quotas", {}).values() if one.state is RowState.ACTIVE)
    around: dict[str, set[str]] = {}
    for quota in (*there, *quotas.values()):
        if quota.within is not None:
            around.setdefault(quota.project, set()).add(quota.within)
    circles = find_circles(around)
    for quota in quotas.values():
        if quota.within is None or quota.within == quota.project:
            continue
        if circles[quota.within] == circles[quota.project]:
            message = f"the number of {quota.within} is part of that of {quota.project} itself; leave one out"
            yield _fault(quota, message, "within")


def find_circles(around: Mapping[str, Collection[str]]) -> dict[str, int]:
    """Give each id a number, the same to ids that are within each other, through whatever others.

    `around` has for each id those that it is directly within. Tarjan's algorithm for strongly connected
    components looks at each only once.
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    circles: dict[str, int] = {}
    open_ids: list[str] = []
    for first in around:
        path = [] if first in order else [_Visit(first, iter(around[first]))]
        while path:
            id_, further = path[-1]
            if id_ not in order:
                order[id_] = lowest[id_] = len(order)
                open_ids.append(id_)
            for outer in further:
                if outer not in order:
                    path.append(_Visit(outer, iter(around.get(outer, ()))))
                    break
                if outer not in circles:
                    lowest[id_] = min(lowest[id_], order[outer])
            else:
                path.pop()
                if path:
                    inner = path[-1].id
                    lowest[inner] = min(lowest[inner], lowest[id_])
                while lowest[id_] == order[id_] and id_ not in circles:
                    circles[open_ids.pop()] = order[id_]
    return circles


class _Visit(NamedTuple):
    """An id on the path that is looked at, and those around it that are still to come."""

    id: str
    further: Iterator[str]
