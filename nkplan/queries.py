"""Reading: the one way out of the database, through connections opened read-only.

Rows do not leave this module; what leaves it are the classes of model.py.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nkplan.database import check_owner, connect, translating
from nkplan.errors import Ambiguous, BadInput, NotFound
from nkplan.model import (
    Announcement,
    AnnouncementDetail,
    DatedQuota,
    Detail,
    Entry,
    Evidence,
    Place,
    PlaceDetail,
    Programme,
    Project,
    ProjectDetail,
    ProjectType,
    Site,
    Source,
    SourceDetail,
    State,
)
from nkplan.report import sort_entries
from nkplan.rows import read_row, read_state
from nkplan.sql import read_sql
from nkplan.text import explain_unknown, fold, list_words, make_slug, match_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which sites to list, each by an exact value; None lets every site pass."""

    kind: str | None = None
    status: str | None = None
    province: str | None = None
    programme: str | None = None
    cohort: str | None = None
    year: int | None = None


@contextmanager
def reading(path: Path) -> Iterator["Reader"]:
    """Open the database for reading only. Raises Unusable and NotOurs."""
    with translating(path):
        connection = connect(path, "ro")
        try:
            check_owner(connection, path)
            connection.row_factory = sqlite3.Row
            yield Reader(connection)
        finally:
            connection.close()


class Reader:
    """Answers questions from one open database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def _fetch(self, query: str, **values: Any) -> sqlite3.Cursor:
        return self._connection.execute(read_sql(query), values)

    # ---- lists

    def list_sites(self, filters: Filters = Filters()) -> Iterator[Site]:
        """Go through the sites that pass the filters, by id."""
        values = {name: getattr(filters, name) for name in Filters.__slots__}
        yield from map(_make_site, self._fetch("list_sites", **values))

    def count_sites(self) -> int:
        """Count all sites there are."""
        return int(self._fetch("count_sites").fetchone()["sites"])

    def list_programmes(self, programme: str | None = None) -> list[Programme]:
        """List the programmes, or the one of that id, with their quotas and the years of their cohorts."""
        quotas: defaultdict[str, list[DatedQuota]] = defaultdict(list)
        for row in self._fetch("quotas", programme=programme, announcement=None):
            quotas[row["programme"]].append(_make_quota(row))
        return [
            Programme(
                id=row["id"],
                name=row["name"],
                kind=row["kind"],
                years=tuple(json.loads(row["years"])),
                quotas=tuple(quotas[row["id"]]),
            )
            for row in self._fetch("programmes", programme=programme)
        ]

    def list_names(self) -> dict[str, str]:
        """Give, for each project, its name and every spelling of its place's name, folded for search."""
        return {row["id"]: f"{fold(row['name'])} {row['folded'] or ''}" for row in self._fetch("names")}

    # ---- the values that filters and options can have

    def list_kinds(self) -> list[str]:
        """List the kinds there are."""
        return [row["id"] for row in self._fetch("kinds")]

    def list_provinces(self) -> list[str]:
        """List the names of the outermost places."""
        return [row["name"] for row in self._fetch("provinces")]

    def list_ids(self, list_: str) -> list[str]:
        """List the ids of all projects, announcements, places or sources that stand."""
        return [row["id"] for row in self._fetch("ids") if row["list"] == list_]

    def find_kind(self, text: str) -> str:
        """Find a kind. Raises BadInput with all there are."""
        kinds = self.list_kinds()
        kind = make_slug(text)
        if kind not in kinds:
            raise BadInput(explain_unknown("kind", text, kinds))
        return kind

    def find_year(self, year: int) -> int:
        """Find a year that sites belong to. Raises BadInput with all there are."""
        years = [row["year"] for row in self._fetch("years")]
        if year not in years:
            raise BadInput(
                f"no site belongs to the year {year}; there are sites of {list_words(map(str, years))}"
            )
        return year

    def find_province(self, text: str) -> str:
        """Find an outermost place by id or any of its names. Raises BadInput with all there are."""
        provinces = {row["id"]: row["name"] for row in self._fetch("provinces")}
        for one in provinces:
            if one.casefold() == text.strip().casefold():
                return str(one)
        found = [
            row["id"] for row in self._fetch("places_by_name", folded=fold(text)) if row["parent"] is None
        ]
        if len(found) == 1:
            return str(found[0])
        raise BadInput(explain_unknown("province", text, list(provinces.values())))

    # ---- finding one thing by what a person types

    def find_project(self, part: str, type_: ProjectType | None = None) -> str:
        """Find a project by an unambiguous part of its id or name, or by the name of its place.

        Raises NotFound, and Ambiguous with the candidates.
        """
        what = type_ or "project"
        rows = self._fetch("match_projects", part=make_slug(part)) if make_slug(part) else ()
        names = {row["id"]: row["name"] for row in rows if type_ in {None, row["type"]}}
        found = match_ids(part, names)
        if not found and (folded := fold(part)):
            names = {row["id"]: row["name"] for row in self._fetch("names")}
            found = [one for one, text in self.list_names().items() if folded in text]
        if len(found) == 1:
            return str(found[0])
        if found:
            raise _ambiguous(part, what, {one: names[one] for one in found})
        raise NotFound(
            f"there is no {what} {part!r}; `nkplan list` lists the sites, `nkplan report` the programmes"
        )

    def find_place(self, text: str) -> str:
        """Find a place by its id or any spelling of its name. Raises NotFound and Ambiguous."""
        if found := self._match_place(text):
            return _only(text, "place", found)
        raise NotFound(f"there is no place {text!r}; write its name or its id, as in the gazetteer")

    def _match_place(self, text: str) -> dict[str, str]:
        named = {
            row["id"]: f"{row['name']}, {row['province_name']}"
            for row in self._fetch("places_by_name", folded=fold(text))
        }
        return named or self._match("match_places", text)

    def _match(self, query: str, part: str) -> dict[str, str]:
        slug = make_slug(part)
        if not slug:
            return {}
        names = {row["id"]: row["name"] for row in self._fetch(query, part=slug)}
        return {one: names[one] for one in match_ids(part, names)}

    def find_source(self, part: str) -> str:
        """Find a source by an unambiguous part of its id. Raises NotFound and Ambiguous."""
        if found := self._match("match_sources", part):
            return _only(part, "source", found)
        raise NotFound(f"there is no source {part!r}; write the link of a new one, starting with https://")

    def find_source_by_url(self, url: str) -> str | None:
        """Find the source with exactly this link."""
        row = self._fetch("source_by_url", url=url).fetchone()
        return None if row is None else str(row["id"])

    def find_announcement(self, part: str) -> str:
        """Find an announcement by an unambiguous part of its id. Raises NotFound and Ambiguous."""
        if found := self._match("match_announcements", part):
            return _only(part, "announcement", found)
        raise NotFound(f"there is no announcement {part!r}; `nkplan load` brings new ones")

    def read_detail(self, part: str) -> Detail:
        """Find and read the one thing meant: a project, announcement, place or source.

        A whole id of any of them comes first; then parts of a project's id, an announcement's, a place's name
        or id, a source's id, and at last parts of a project's name. Raises NotFound and Ambiguous.
        """
        kinds = (
            ("project", self._match("match_projects", part), self.read_project),
            ("announcement", self._match("match_announcements", part), self.read_announcement),
            ("place", self._match_place(part), self.read_place),
            ("source", self._match("match_sources", part), self.read_source),
        )
        for _, found, read in kinds:
            for one in found:
                if one.casefold() == part.strip().casefold():
                    return read(one)
        for what, found, read in kinds:
            if found:
                return read(_only(part, what, found))
        try:
            return self.read_project(self.find_project(part))
        except NotFound:
            raise NotFound(
                f"there is no project, announcement, place or source {part!r}; `nkplan list` lists the sites"
            ) from None

    # ---- all that is known of one thing

    def read_project(self, id_: str) -> ProjectDetail:
        """Read a project with all that belongs to it."""
        project = self._read("projects", id_)
        assert isinstance(project, Project)
        parents = tuple(self._list_parents(project))
        place = self._read("places", project.place) if project.place else None
        around = self._list_around(place) if place else []
        owner = next((one.id for one in (project, *parents) if one.type is ProjectType.PROGRAMME), None)
        sites: Iterator[Site] = iter(())
        if project.type is ProjectType.PROGRAMME:
            sites = self.list_sites(Filters(programme=id_))
        elif project.type is ProjectType.COHORT:
            sites = self.list_sites(Filters(cohort=id_))
        state = self._read_state(id_)
        return ProjectDetail(
            project=project,
            state=state,
            place=place,
            province_name=(around[-1] if around else place).name if place else None,
            parents=parents,
            inherited_promise=self._inherit_promise(project, parents) if state.promised is None else None,
            announcements=self._read_all("announcements", "announcements_of_project", project=id_),
            programme=self.list_programmes(owner)[0] if owner else None,
            cohorts=tuple(
                child for child in self._list_projects("children", id_) if child.type is ProjectType.COHORT
            ),
            sites=tuple(sites),
            modelled=tuple(self._list_projects("modelled", id_)),
            timeline=self._read_timeline(project=id_),
        )

    def _list_parents(self, project: Project) -> Iterator[Project]:
        while project.parent is not None:
            project = self._read("projects", project.parent)
            yield project

    def _list_projects(self, query: str, id_: str) -> Iterator[Project]:
        for row in self._fetch(query, project=id_):
            yield read_row("projects", row)

    def _inherit_promise(self, project: Project, parents: Sequence[Project]) -> str | None:
        """Give the promised date of a site's cohort, which holds for a site that has none of its own."""
        cohorts = [parent.id for parent in parents if parent.type is ProjectType.COHORT]
        is_site = project.type is ProjectType.SITE
        return self._read_state(cohorts[0]).promised if is_site and cohorts else None

    def _read_state(self, id_: str) -> State:
        return read_state(self._fetch("states", projects=json.dumps([id_])).fetchone())

    def read_place(self, id_: str) -> PlaceDetail:
        """Read a place with everything promised in it and in the places within it."""
        place = self._read("places", id_)
        sites = tuple(map(_make_site, self._fetch("sites_in_place", place=id_)))
        return PlaceDetail(place=place, around=tuple(self._list_around(place)), sites=sites)

    def _list_around(self, place: Place) -> list[Place]:
        around = []
        while place.parent is not None:
            place = self._read("places", place.parent)
            around.append(place)
        return around

    def read_source(self, id_: str) -> SourceDetail:
        """Read a source with what it announces and claims."""
        return SourceDetail(
            source=self._read("sources", id_),
            announcements=self._read_all("announcements", "announcements_of_source", source=id_),
            timeline=self._read_timeline(source=id_),
        )

    def read_announcement(self, id_: str) -> AnnouncementDetail:
        """Read an announcement with its source, its quotas and the updates that record it."""
        announcement = self._read("announcements", id_)
        return AnnouncementDetail(
            announcement=announcement,
            source=self._read("sources", announcement.source) if announcement.source else None,
            quotas=tuple(map(_make_quota, self._fetch("quotas", programme=None, announcement=id_))),
            timeline=self._read_timeline(announcement=id_),
        )

    def read_usual_evidence(self, source: str) -> Evidence | None:
        """Give the usual evidence class of a source."""
        found: Source = self._read("sources", source)
        return found.evidence

    def read_published(self, source: str) -> str | None:
        """Give the date on which a source was published, as written."""
        found: Source = self._read("sources", source)
        return found.published

    def _read(self, table: str, id_: str) -> Any:
        row = self._fetch(f"stored_{table}", keys=json.dumps([id_])).fetchone()
        return read_row(table, row)

    def _read_all(self, table: str, query: str, **values: Any) -> tuple[Announcement, ...]:
        ids = [row["id"] for row in self._fetch(query, **values)]
        made = [read_row(table, row) for row in self._fetch(f"stored_{table}", keys=json.dumps(ids))]
        return tuple(sorted(made, key=lambda one: (one.announced, one.id)))

    def _read_timeline(
        self, *, project: str | None = None, source: str | None = None, announcement: str | None = None
    ) -> tuple[Entry, ...]:
        rows = self._fetch("timeline", project=project, source=source, announcement=announcement)
        return tuple(sort_entries(map(_make_entry, rows)))


def _make_site(row: sqlite3.Row) -> Site:
    return Site(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        place=row["place"],
        place_name=row["place_name"],
        province=row["province"],
        province_name=row["province_name"],
        programme=row["programme"],
        programme_name=row["programme_name"],
        cohort=row["cohort"],
        year=row["year"],
        promised=row["promised"],
        # The view's promised date may be the cohort's, which is no part of the site's own state.
        state=read_state(row),
    )


def _make_quota(row: sqlite3.Row) -> DatedQuota:
    return DatedQuota(
        quota=read_row("quotas", row), announced=row["announced"], cohort_year=row["cohort_year"]
    )


def _make_entry(row: sqlite3.Row) -> Entry:
    source = None
    if row["source_id"] is not None:
        source = Source(
            id=row["source_id"],
            title=row["title"],
            publisher=row["publisher"],
            published=row["published"],
            url=row["url"],
            evidence=None if row["usual_evidence"] is None else Evidence(row["usual_evidence"]),
            archive=row["archive"],
            note=row["source_note"],
        )
    return Entry(
        update=read_row("updates", row),
        project_name=row["project_name"],
        source=source,
        recorded=row["recorded"],
        recorded_by=row["recorded_by"],
        retracted=row["retracted"],
    )


def _only(part: str, what: str, found: dict[str, str]) -> str:
    if len(found) > 1:
        raise _ambiguous(part, what, found)
    return next(iter(found))


def _ambiguous(part: str, what: str, found: dict[str, str]) -> Ambiguous:
    lines = tuple(f"{one}  {name}" for one, name in found.items())
    return Ambiguous(f"{part!r} can be any of {len(found)} {what}s; write more of the id", lines)
