"""The pages of a site: what `show` prints, the way to each neighbour, and the day of the last change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from nkplan.dates import parse_date
from nkplan.judgement import find_overdue, is_silent
from nkplan.layout.addresses import CHANGES, INDEX, name_page, relate
from nkplan.layout.grid import Column, Grid, Structured, Value, make_grid
from nkplan.layout.page import Fact, Page, Section, make_document
from nkplan.layout.site import Feed, Link, LinkGroup, SitePage
from nkplan.model.batch import Announcement, Source
from nkplan.model.detail import Detail, PlaceDetail, ProjectDetail, PublisherDetail
from nkplan.model.moment import Moment
from nkplan.model.promise import Programme
from nkplan.model.settings import Settings
from nkplan.model.state import Site, State
from nkplan.model.vocabulary import ProjectType, QuotaPeriod
from nkplan.reports.counting import COUNT_COLUMNS, PROMISED
from nkplan.reports.details import make_page
from nkplan.reports.progress import PROMISED_AS, Progress, ProgressRow
from nkplan.reports.publishing import make_public
from nkplan.reports.sites import list_values, make_list

UNTITLED = "Announced projects"
"""The title of a record that has none."""

_LISTS = {
    "projects": "Projects",
    "announcements": "Announcements",
    "places": "Places",
    "sources": "Sources",
    "publishers": "Publishers",
}
_DESCRIBING = (
    "place",
    "claimed",
    "verified",
    "promised",
    "announced",
    "speaker",
    "in",
    "local_name",
    "publisher",
    "published",
    "domain",
)
"""The facts that say most about a page in a sentence."""
_ANNOUNCEMENTS = (
    Column("id", "ID"),
    Column("title", "Title"),
    Column("announced", "Date"),
    Column("speaker", "By"),
    Column("source", "Source ID"),
)
_SOURCES = (
    Column("id", "ID"),
    Column("title", "Title"),
    Column("publisher", "Publisher"),
    Column("published", "Published"),
    Column("retrieved", "Retrieved"),
    Column("evidence", "Evidence", is_word=True),
)
_SITE_KEYS = (
    "id",
    "name",
    "kind",
    "place_name",
    "cohort",
    "year",
    "claimed",
    "verified",
    "promised",
    "overdue",
)


class PageRow(NamedTuple):
    """A row that has a page: its title, the type of a project or place, and what it is part of."""

    list: str
    id: str
    title: str
    type: str | None = None
    parent: str | None = None


class LastChange(NamedTuple):
    """The instants when a row was last changed: in its `own` fields, and also by what is recorded of it."""

    own: str
    whole: str


class SiteRecord(NamedTuple):
    """What the pages of a site need to know of one another.

    `changes` has when each row last changed, by list and key; `publishers` the publisher of a source; `began`
    is the instant before which nothing of it was as it is: that of its first change, or of its settings.
    """

    rows: Sequence[PageRow]
    changes: Mapping[tuple[str, str], LastChange]
    settings: Settings
    moment: Moment
    publishers: Mapping[str, str]
    began: str

    @property
    def title(self) -> str:
        """What the record is called."""
        return self.settings.title or UNTITLED


class SiteMaker:
    """Makes the pages of one record."""

    def __init__(self, record: SiteRecord) -> None:
        self.record = record
        self.titles = {(row.list, row.id): row.title for row in record.rows}
        self._within: defaultdict[tuple[str, str], list[PageRow]] = defaultdict(list)
        for row in record.rows:
            if row.parent is not None:
                self._within[row.list, row.parent].append(row)
        self._home = Link(INDEX, record.title)

    def make_row_page(self, list_: str, id_: str, detail: Detail) -> SitePage:
        """Make the page of a row."""
        record = self.record
        page = make_public(make_page(detail, record.moment, record.settings.silent_months))
        changed = self._find_last_change(list_, id_, page, detail)
        return SitePage(
            name_page(list_, id_),
            page._replace(when=f"last changed on {changed}"),
            _describe(page),
            (self._home, Link(list_, _LISTS[list_]), *self._list_above(detail)),
            tuple(group for group in self._group_beside(list_, id_) if group.links),
            changed,
        )

    def _list_above(self, detail: Detail) -> Iterator[Link]:
        match detail:
            case ProjectDetail():
                for one in reversed(detail.parents):
                    yield self._link("projects", one.id)
            case PlaceDetail():
                for place in reversed(detail.around):
                    yield self._link("places", place.id)

    def _group_beside(self, list_: str, id_: str) -> Iterator[LinkGroup]:
        within = self._within[list_, id_]
        if list_ == "projects":
            cohorts = [self._link(list_, row.id) for row in within if row.type == "cohort"]
            yield LinkGroup("cohorts", "Cohorts", tuple(cohorts))
        elif list_ == "places":
            yield LinkGroup("places", "Places in it", tuple(self._link(list_, row.id) for row in within))
        elif list_ == "sources" and (domain := self.record.publishers.get(id_)) is not None:
            yield LinkGroup("publishers", "Publisher", (self._link("publishers", domain),))

    def _find_day(self, instants: Iterable[str]) -> date:
        """Return the day of the last of some instants, or that on which the record began."""
        return datetime.fromisoformat(max([self.record.began, *instants])).date()

    def _link(self, list_: str, id_: str) -> Link:
        return Link(name_page(list_, id_), self.titles[list_, id_])

    def _find_last_change(self, list_: str, id_: str, page: Page, detail: Detail) -> date:
        """Return the day on which what a page shows last changed, by a command or by itself."""
        changes = self.record.changes
        found = [changes[list_, id_].whole]
        for section in page.sections:
            found += [
                changes[row].whole if is_whole else changes[row].own
                for row, is_whole in _list_shown(section)
                if row in changes
            ]
        days = [self._find_day(found)]
        today, months = self.record.moment.day, self.record.settings.silent_months
        days += _list_turns(detail, today, months)
        return max(days)

    def make_index(self, progress: Progress, programmes: Iterable[Programme]) -> SitePage:
        """Make the first page: how far each programme has come."""
        days = [self._find_day(one.whole for one in self.record.changes.values())]
        if any(map(_grows_each_year, programmes)):
            days.append(date(self.record.moment.day.year, 1, 1))
        changed = max(days)
        columns = (
            Column("programme", "ID"),
            Column("name", "Programme"),
            PROMISED,
            PROMISED_AS,
            *COUNT_COLUMNS,
        )
        name = "With a number" if progress.is_divided else "Total"
        total = progress.total._asdict() | {"name": name}
        grid = make_grid(columns, map(_name_counts, progress.rows), total)
        numbers = {list_: sum(row.list == list_ for row in self.record.rows) for list_ in _LISTS}
        shown = (
            Fact("about", "", self.record.settings.about),
            *(Fact(list_, "", numbers[list_]) for list_ in _LISTS),
        )
        page = Page(
            "record",
            self.record.title,
            self.record.title,
            shown,
            (Section("progress", "Progress", grid),),
            when=f"last changed on {changed}",
        )
        links = (Link(list_, f"{title} ({numbers[list_]})") for list_, title in _LISTS.items())
        groups = (LinkGroup("lists", "Contents", (*links, Link(CHANGES, "Latest changes"))),)
        about = self.record.settings.about
        said = "What was promised, what is claimed and what is verified, with dates and sources"
        return SitePage(INDEX, page, about or said, (), groups, changed, lead=about)

    def make_lists(
        self,
        sites: Sequence[Site],
        announcements: Iterable[Announcement],
        sources: Iterable[Source],
        projects_changed: date | None,
    ) -> Iterator[SitePage]:
        """Make a page for each list, with a link to each row; that of projects has their states, too.

        What was said last comes first.
        """
        today, months = self.record.moment.day, self.record.settings.silent_months
        of_sites = make_list((list_values(site, today, months) for site in sites), _SITE_KEYS)
        said = sorted(announcements, key=lambda one: (parse_date(one.announced).end, one.id), reverse=True)
        documents = sorted(
            sources, key=lambda one: (parse_date(one.day).end if one.day else date.min, one.id), reverse=True
        )
        of_announcements = make_grid(_ANNOUNCEMENTS, (one._asdict() for one in said))
        of_sources = make_grid(_SOURCES, (one._asdict() for one in documents))
        sections = {
            "projects": (
                self._list_rows("projects", ("programme", "cohort"), "programmes", "Programmes and cohorts"),
                Section("sites", "Sites", Grid(of_sites.columns, tuple(of_sites.rows))),
            ),
            "announcements": (Section("announcements", "Announcements", of_announcements),),
            "places": (self._list_rows("places"),),
            "sources": (Section("sources", "Sources", of_sources),),
            "publishers": (self._list_rows("publishers"),),
        }
        for list_, title in _LISTS.items():
            # A row that is no longer on record changed its list, too.
            day = self._find_day(one.own for (of, _), one in self.record.changes.items() if of == list_)
            if list_ == "projects":
                day = max(day, projects_changed or day)
            page = Page("list", list_, title, (), sections[list_], when=f"last changed on {day}")
            yield SitePage(list_, page, f"{title} on record", (self._home,), (), day)

    def _list_rows(
        self, list_: str, types: Sequence[str] = (), key: str | None = None, title: str | None = None
    ) -> Section:
        columns = (Column("id", "ID"), Column("name", "Name"), Column("type", "Type"), Column("parent", "In"))
        rows = [
            (row.id, row.title, row.type, self._titled(list_, row.parent))
            for row in sorted(self.record.rows, key=lambda row: row.id)
            if row.list == list_ and (not types or row.type in types)
        ]
        return Section(key or list_, title or _LISTS[list_], Grid(columns, tuple(rows)))

    def _titled(self, list_: str, id_: str | None) -> str | None:
        return None if id_ is None else self.titles.get((list_, id_), id_)

    def make_changes(self, feed: Feed) -> SitePage:
        """Make the page of the latest changes, for who has no feed reader."""
        columns = (
            Column("updated", "When"),
            Column("title", "What"),
            Column("lines", "Rows"),
            Column("uuid", "Change"),
        )
        rows: tuple[tuple[Value, ...], ...] = tuple(
            (one.updated, one.title, Structured("; ".join(one.lines), one.lines), one.uuid)
            for one in feed.entries
        )
        changed = datetime.fromisoformat(feed.updated).date()
        page = Page(
            "list",
            CHANGES,
            "Latest changes",
            (),
            (Section(CHANGES, "", Grid(columns, rows)),),
            when=f"last changed on {changed}",
        )
        return SitePage(
            CHANGES, page, "What was recorded last", (self._home,), (), changed, entries=feed.entries
        )


def _name_counts(row: ProgressRow) -> dict[str, Value]:
    """Name the counts of a programme; one that has kinds with and without a number has two rows."""
    return row.counts._asdict() | {"programme": row.id, "name": row.name, "promised_as": row.promised_as}


def _describe(page: Page) -> str:
    """Say in a sentence what a page is about."""
    facts = {fact.key: fact for fact in page.facts}
    said = [
        f"{fact.title.lower()} {fact.shown or fact.value}"
        for fact in map(facts.get, _DESCRIBING)
        if fact is not None and fact.title and fact.value is not None
    ]
    kind = facts.get("kind")
    what = f"{page.type.capitalize()}{f' ({kind.value})' if kind and kind.value else ''}: {page.title}"
    return "; ".join((what, *said))


_ROWS = {
    "sites": "projects",
    "model_of": "projects",
    "timeline": "updates",
    "announcements": "announcements",
    "sources": "sources",
}
"""The list in which the ids of a section are."""


def _list_shown(section: Section) -> Iterator[tuple[tuple[str, str], bool]]:
    """List the rows that a section shows, each with whether it shows what became of it."""
    if section.grid is None:
        return
    keys = {column.key: at for at, column in enumerate(section.grid.columns)}
    for row in section.grid.rows:
        if (list_ := _ROWS.get(section.key)) is not None:
            yield (list_, str(row[keys["id"]])), section.key == "sites"
        if "source" in keys:
            yield ("sources", str(row[keys["source"]])), False


def _list_turns(detail: Detail, today: date, months: int) -> Iterator[date]:
    """List the days up to today on which what a page shows changed by itself."""
    if isinstance(detail, ProjectDetail):
        if detail.project.type is ProjectType.SITE:
            yield from _list_overdue(detail.state, today)
            yield from _list_silent(detail.state, today, months)
        elif detail.programme is not None and _grows_each_year(detail.programme):
            yield date(today.year, 1, 1)
    if isinstance(detail, ProjectDetail | PlaceDetail):
        for site in detail.sites:
            yield from _list_overdue(site.state, today)


def _list_overdue(state: State, today: date) -> Iterator[date]:
    if (overdue := find_overdue(state, today)) is not None:
        yield parse_date(overdue.date).end + timedelta(days=1)


def _list_silent(state: State, today: date, months: int) -> Iterator[date]:
    if not is_silent(state, today, months) or state.last_day is None:
        return
    year, month = divmod(state.last_day.year * 12 + state.last_day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    turned = first + timedelta(days=state.last_day.day - 1)
    # A shorter month is over on the first of the next.
    yield turned if turned.month == first.month else turned.replace(day=1)


def _grows_each_year(programme: Programme) -> bool:
    """Return whether a number a year has no last year, so that more is promised with each that begins."""
    return any(
        dated.quota.per is QuotaPeriod.YEAR and dated.quota.last_year is None for dated in programme.quotas
    )


def list_publishers_of(details: Iterable[PublisherDetail]) -> dict[str, str]:
    """Return the publisher of each source that has one."""
    return {source.id: detail.publisher.domain for detail in details for source in detail.sources}


def make_site_document(one: SitePage, base: str) -> dict[str, object]:
    """Return a page as data: what `show -f json` has, and where it and its neighbours are."""

    def find(page: str, suffix: str) -> str:
        return f"{base}{page}{suffix}" if base else relate(one.name, f"{page}{suffix}")

    links: dict[str, object] = {"self": find(one.name, ".json"), "html": find(one.name, ".html")}
    groups = {"above": one.above} | {group.key: group.links for group in one.beside}
    for key, group in groups.items():
        links[key] = [{"title": link.title, "json": find(link.page, ".json")} for link in group]
    return make_document(one.page) | {"links": links}
