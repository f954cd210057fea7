"""All that is known about one thing."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from nkplan.dates import PartialDate, find_days
from nkplan.errors import NothingThen, Unusable
from nkplan.links import list_domains
from nkplan.model.batch import Announcement, Place, Project, Publisher, Source
from nkplan.model.detail import (
    AnnouncementDetail,
    DaysDetail,
    Detail,
    Entry,
    PlaceDetail,
    ProjectDetail,
    PublisherDetail,
    SourceDetail,
)
from nkplan.model.filters import Filters
from nkplan.model.outline import Outline
from nkplan.model.promise import Programme
from nkplan.model.state import Site, State
from nkplan.model.vocabulary import Evidence, ProjectType
from nkplan.queries.names import (
    explain_missing,
    list_within,
    match_former,
    match_id,
    match_others,
    match_place_names,
    match_places,
    match_project_ids,
    match_projects,
    match_publishers,
    only,
)
from nkplan.queries.programmes import list_programmes, list_quotas_of
from nkplan.queries.reader import Reader
from nkplan.queries.sites import list_sites
from nkplan.rows.state import Row, read_state
from nkplan.rows.table import make_row


def read_detail(reader: Reader, part: str) -> Detail:
    """Find and read the one thing meant: a project, announcement, place, source, publisher, day or month.

    A whole id of any of them comes first, one in the case typed before others, then one that it had before it
    was renamed; then a day or month, of which something is on record; then part of one project's id,
    or the name of a place that matches several projects' ids; then an announcement's id, a place's name or
    id, a source's id, the names of projects and their places, and last a publisher's domain. Raises NotFound
    and Ambiguous.
    """
    for match, (list_, read) in product((match_id, match_former), _READERS.items()):
        for one in match(reader, list_, part):
            return read(reader, one)
    if (days := _read_days_typed(part)) is not None:
        return read_days(reader, days)
    projects = match_project_ids(reader, part)
    matches = (
        ("project", projects, read_project),
        ("announcement", match_others(reader, "announcements", part), read_announcement),
        ("place", match_places(reader, part), read_place),
        ("source", match_others(reader, "sources", part), read_source),
    )
    typed = part.strip().casefold()
    publishers = match_publishers(reader, part)
    whole = (
        (read, one)
        for _, found, read in (*matches, ("publisher", publishers, read_publisher))
        for one in found
        if one.casefold() == (typed if read is not read_publisher else typed.removeprefix("www."))
    )
    for read, one in whole:
        return read(reader, one)
    # A text that matches several projects is the place they are in, if there is a place of that name.
    places = match_place_names(reader, part) if len(matches[0][1]) > 1 else {}
    if places:
        return read_place(reader, only(part, "place", places))
    for what, found, read in matches:
        if found:
            return read(reader, only(part, what, found))
    if found := match_projects(reader, part):
        return read_project(reader, only(part, "project", found))
    if publishers:
        return read_publisher(reader, only(part, "publisher", publishers))
    what = "project, announcement, place, source or publisher"
    lists = (*_READERS, "updates")
    raise explain_missing(reader, what, part, lists, advice="`nkplan list` lists the sites")


def read_detail_of(reader: Reader, list_: str, key: str) -> Detail | None:
    """Read a row of a list with all that is known about it; None if it has nothing but its own fields."""
    read = _READERS.get(list_)
    return None if read is None else read(reader, key)


def _read_days_typed(text: str) -> PartialDate | None:
    """Read a day or month; None if a text is neither. Raises NothingThen for a year or no real date."""
    year = text.strip()
    if year.isascii() and year.isdigit() and len(year) == 4:
        raise NothingThen(
            f"{year} is a year; `nkplan list --year {year}` lists its sites, `nkplan show {year}-01` shows"
            " what happened in a month of it"
        )
    try:
        return find_days(text)
    except ValueError as error:
        raise NothingThen(str(error)) from None


def read_project(reader: Reader, id_: str) -> ProjectDetail:
    """Read a project with all that belongs to it."""
    project: Project = _read(reader, "projects", id_)
    parents = tuple(_list_parents(reader, project))
    place: Place | None = _read(reader, "places", project.place) if project.place else None
    family = [one.id for one in (project, *parents)]
    region = _read_region(reader, place)
    programmes = [one.id for one in (project, *parents) if one.type is ProjectType.PROGRAMME]
    state = _read_state(reader, project)
    return ProjectDetail(
        project=project,
        state=state,
        place=place,
        region=region.id if region else None,
        region_name=region.name if region else None,
        parents=parents,
        announcements=_read_announcements(
            reader, "details.list_announcements_of_projects", projects=json.dumps(family)
        ),
        # A programme that somebody has put within a project is none of those that are listed.
        programme=_read_programme(reader, programmes[0]) if programmes else None,
        cohorts=tuple(
            child
            for child in _list_projects(reader, "details.list_children", id_)
            if child.type is ProjectType.COHORT
        ),
        sites=_list_sites_of(reader, project),
        model=_read_model(reader, project),
        modelled=tuple(_list_projects(reader, "details.list_modelled", id_)),
        timeline=read_timeline(reader, projects=[id_]),
    )


def _list_parents(reader: Reader, project: Project) -> Iterator[Project]:
    seen = {project.id}
    # Somebody may have put a project within itself.
    while project.parent is not None and project.parent not in seen:
        project = _read(reader, "projects", project.parent)
        seen.add(project.id)
        yield project


def _read_programme(reader: Reader, id_: str) -> Programme | None:
    """Read a programme with its quotas and cohorts; the next project may be of it, too."""
    return reader.keep(("programme", id_), lambda: next(iter(list_programmes(reader, [id_])), None))


def _read_model(reader: Reader, project: Project) -> Project | None:
    """Read what a project is modelled on; on an earlier day that can be on record only since."""
    if project.model is None:
        return None
    row = reader.fetch("stored.projects_by_key", keys=json.dumps([project.model])).fetchone()
    model: Project | None = None if row is None else make_row("projects", row)
    return model


def _list_projects(reader: Reader, query: str, id_: str) -> Iterator[Project]:
    for row in reader.fetch(query, project=id_):
        yield make_row("projects", row)


def _list_sites_of(reader: Reader, project: Project) -> tuple[Site, ...]:
    if project.type is ProjectType.PROGRAMME:
        return tuple(list_sites(reader, Filters(programmes=(project.id,))))
    if project.type is ProjectType.COHORT:
        return tuple(list_sites(reader, Filters(cohort=project.id)))
    return ()


def _read_state(reader: Reader, project: Project) -> State:
    """Read the state of a project; that of a site has what its cohort and programme add to it."""
    if project.type is ProjectType.SITE:
        return read_state(reader.fetch("details.state_of_site", site=project.id).fetchone())
    return read_state(reader.fetch("stored.states_by_key", projects=json.dumps([project.id])).fetchone())


def read_place(reader: Reader, id_: str) -> PlaceDetail:
    """Read a place with everything promised in it and in the places within it."""
    place: Place = _read(reader, "places", id_)
    around = tuple(_list_around(reader, place))
    sites = tuple(list_sites(reader, Filters(places=tuple(list_within(reader, id_)))))
    # An outermost place would have a thousand updates; its sites lead to them.
    ids = [site.id for site in sites] if around else []
    return PlaceDetail(
        place=place,
        outline=_read_outline(reader, id_),
        around=around,
        sites=sites,
        timeline=read_timeline(reader, projects=ids),
    )


def _read_outline(reader: Reader, place: str) -> Outline | None:
    row = reader.fetch("stored.outlines_by_key", keys=json.dumps([place])).fetchone()
    if row is None or row["undone_in"] is not None:
        return None
    outline: Outline = make_row("outlines", row)
    return outline


def _read_region(reader: Reader, place: Place | None) -> Place | None:
    """Read the region of a place."""
    if place is None:
        return None
    region = reader.fetch("details.region_of_place", place=place.id).fetchone()["region"]
    return None if region is None else _read(reader, "places", region)


def _list_around(reader: Reader, place: Place) -> list[Place]:
    around: list[Place] = []
    seen = {place.id}
    # Somebody may have put a place within itself.
    while place.parent is not None and place.parent not in seen:
        place = _read(reader, "places", place.parent)
        seen.add(place.id)
        around.append(place)
    return around


def read_source(reader: Reader, id_: str) -> SourceDetail:
    """Read a source with what it announces and claims."""
    return SourceDetail(
        source=_read(reader, "sources", id_),
        announcements=_read_announcements(reader, "details.list_announcements_of_source", source=id_),
        timeline=read_timeline(reader, source=id_),
    )


def read_sources(reader: Reader, ids: Iterable[str]) -> dict[str, Source]:
    """Read sources by id; one that is not on record is left out."""
    rows = reader.fetch("stored.sources_by_key", keys=json.dumps(sorted(set(ids))))
    made: Iterator[Source] = (make_row("sources", row) for row in rows)
    return {one.id: one for one in made}


def read_publisher(reader: Reader, domain: str) -> PublisherDetail:
    """Read a publisher with the sources that are its own: those for which find_publisher finds it."""
    publisher: Publisher = _read(reader, "publishers", domain)
    within = {row["domain"] for row in reader.fetch("details.list_publishers_within", domain=domain)}
    # A link has its host in Punycode.
    written = list_domains(f"https://{domain}/")[:2]
    found = {
        row["id"]: (make_row("sources", row), list_domains(row["url"]))
        for form in written
        for row in reader.fetch("details.list_sources_naming", domain=form)
    }
    return PublisherDetail(
        publisher=publisher,
        sources=tuple(
            source for source, domains in found.values() if domain in domains and within.isdisjoint(domains)
        ),
    )


def read_announcement(reader: Reader, id_: str) -> AnnouncementDetail:
    """Read an announcement with its source, its quotas and the updates that record it."""
    announcement: Announcement = _read(reader, "announcements", id_)
    return AnnouncementDetail(
        announcement=announcement,
        source=_read(reader, "sources", announcement.source) if announcement.source else None,
        quotas=list_quotas_of(reader, id_),
        timeline=read_timeline(reader, announcement=id_),
    )


def read_days(reader: Reader, days: PartialDate) -> DaysDetail:
    """Read what was announced on a day or in a month and what happened then; nothing raises NothingThen."""
    within = {"first": days.start.isoformat(), "last": days.end.isoformat()}
    updates = [row["id"] for row in reader.fetch("details.list_updates_of_days", **within)]
    detail = DaysDetail(
        days.written,
        announcements=_read_announcements(reader, "details.list_announcements_of_days", **within),
        timeline=read_timeline(reader, updates=updates) if updates else (),
    )
    if not (detail.announcements or detail.timeline):
        raise NothingThen(
            f"nothing on record was announced or happened {'on' if days.start == days.end else 'in'} {days};"
            " `nkplan list --sort=-last_evidence` lists the sites with the latest news first"
        )
    return detail


def _read(reader: Reader, table: str, id_: str) -> Any:
    row = reader.fetch(f"stored.{table}_by_key", keys=json.dumps([id_])).fetchone()
    if row is None:
        # SQLite's JSON reads a text up to a NUL, which only someone who used `sqlite3` can have put there.
        raise Unusable(f"the row {id_!r} of {table} cannot be read; its id has to be fixed with sqlite3")
    return make_row(table, row)


def _read_announcements(reader: Reader, query: str, **values: Any) -> tuple[Announcement, ...]:
    ids = [row["id"] for row in reader.fetch(query, **values)]
    rows = reader.fetch("stored.announcements_by_key", keys=json.dumps(ids))
    made: list[Announcement] = [make_row("announcements", row) for row in rows]
    return tuple(sorted(made, key=lambda one: (one.announced, one.id)))


def read_states(reader: Reader, projects: Sequence[str]) -> dict[str, State]:
    """Read the states of projects, each as judged from its own updates."""
    rows = reader.fetch("stored.states_by_key", projects=json.dumps(projects))
    return {row["id"]: read_state(row) for row in rows}


def read_timeline(
    reader: Reader,
    *,
    projects: Sequence[str] = (),
    source: str | None = None,
    announcement: str | None = None,
    updates: Sequence[str] = (),
) -> tuple[Entry, ...]:
    """Read the updates of projects, of a source or of an announcement, or some, in the order of judgement."""
    rows = reader.fetch(
        "details.list_timeline",
        projects=json.dumps(projects),
        updates=json.dumps(updates),
        source=source,
        announcement=announcement,
    )
    return tuple(map(_read_entry, rows))


def _read_entry(row: Row) -> Entry:
    source = None
    if row["source_id"] is not None:
        source = Source(
            id=row["source_id"],
            title=row["title"],
            publisher=row["publisher"],
            published=row["published"],
            retrieved=row["retrieved"],
            url=row["url"],
            evidence=None if row["usual_evidence"] is None else Evidence(row["usual_evidence"]),
            archive=row["archive"],
            note=row["source_note"],
        )
    return Entry(
        update=make_row("updates", row),
        project_name=row["project_name"],
        source=source,
        recorded=row["recorded"],
        recorded_by=row["recorded_by"],
        retracted=row["retracted"],
    )


_READERS: Mapping[str, Callable[[Reader, str], Detail]] = {
    "projects": read_project,
    "announcements": read_announcement,
    "places": read_place,
    "sources": read_source,
    "publishers": read_publisher,
}
"""For each list of which one row can be read, in the order in which an id is looked for, its function."""
