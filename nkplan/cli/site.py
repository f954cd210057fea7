"""Publish the whole record as a site: all pages of one state of it, written to a folder."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from nkplan.cli.progress import showing_progress
from nkplan.cli.session import notice, prepare_database, read_today
from nkplan.errors import BadInput
from nkplan.json_text import dump
from nkplan.layout.addresses import CALENDAR, FEED, FOLDERS, SITEMAP
from nkplan.layout.head import Head
from nkplan.layout.labels import Labels
from nkplan.layout.site import Feed, SitePage
from nkplan.model.batch import Announcement, Source
from nkplan.model.detail import AnnouncementDetail, ProjectDetail, PublisherDetail, SourceDetail
from nkplan.model.moment import Moment
from nkplan.model.question import Grouping, Question
from nkplan.model.vocabulary import ProjectType
from nkplan.queries import site as queries
from nkplan.queries.details import read_detail_of, read_sources
from nkplan.queries.map import fetch as fetch_map
from nkplan.queries.progress import fetch as fetch_progress
from nkplan.queries.publication import StepReader
from nkplan.queries.reader import Reader, reading_copy
from nkplan.queries.settings import read_settings
from nkplan.queries.sites import list_sites
from nkplan.queries.slips import fetch as fetch_promised
from nkplan.render.atom import write_feed
from nkplan.render.html.site import SiteWriter
from nkplan.render.ics import write_calendar
from nkplan.render.sitemap import write_sitemap
from nkplan.reports.calendar import make_calendar
from nkplan.reports.feed import make_entries
from nkplan.reports.progress import count_progress
from nkplan.reports.publication import count_part, make_head
from nkplan.reports.site import SiteMaker, SiteRecord, list_publishers_of, make_site_document
from nkplan.store.site import opening_site
from nkplan.text import is_link, list_words

if TYPE_CHECKING:
    from nkplan.store.site import Written

Tell = Callable[[str, float | None], None]
"""Shows what is done and which share of it."""


def publish_site(db: Path | None, folder: Path, url: str | None) -> None:
    """Write the site of a record to a folder, and say what was done.

    Raises BadInput for an address or a folder that cannot be a site's, Unusable if it cannot be written.
    """
    base = "" if url is None else read_base(url)
    path = prepare_database(db)
    with showing_progress() as tell, opening_site(folder) as site:
        with reading_copy(path) as reader:
            for name, content in list_files(reader, read_today(), base, tell):
                site.add(name, content)
        done = site.put_in_place()
    _say(folder, done)


def _say(folder: Path, done: "Written") -> None:
    files = "1 file" if done.written == 1 else f"{done.written} files"
    notice(f"{folder}: {files} written, {done.removed} removed, {done.unchanged} as before")
    if done.kept:
        notice(
            f"{folder}: kept {list_words(done.kept)}, which somebody changed since publish wrote it, though"
            " what it was about is no longer on record; delete it unless it is needed"
        )


def read_base(url: str) -> str:
    """Read the address at which a site will be; it ends in a slash. Raises BadInput."""
    text = url.strip()
    if not _can_have_site(text):
        raise BadInput(
            f"--url: {url} is not where a site can be; write its address, as in https://example.org/record/"
        )
    if "@" in urlsplit(text).netloc:
        raise BadInput(
            "--url has a user's name or password, which all pages would show; write the address without it,"
            " as in https://example.org/record/"
        )
    if not text.isascii():
        raise BadInput(
            f"--url: {url} has letters that no address has; write it as a browser sends it,"
            " as in https://xn--bcher-kva.example/"
        )
    return text if text.endswith("/") else f"{text}/"


def _can_have_site(url: str) -> bool:
    """Return whether pages can be at addresses that begin with this one: below it, on a host."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # This is where a port is checked.
    except ValueError:
        return False
    return is_link(url) and bool(parts.hostname) and not {"?", "#"} & {*url}


def list_files(reader: Reader, today: date, base: str, tell: Tell) -> Iterator[tuple[str, bytes]]:
    """Iterate over the files of a site, each with its name and content; `base` is where it will be, or empty.

    Without it addresses are relative, and there is no sitemap. All are read from one state of the record.
    """
    return _Site(reader, today, base, tell).list_files()


class _Site:
    """Reads the record and makes the files."""

    def __init__(self, reader: Reader, today: date, base: str, tell: Tell) -> None:
        self._reader, self._base, self._tell = reader, base, tell
        settings = read_settings(reader)
        self._labels = Labels(settings.labels)
        self._question = Question(Moment(today), silent_months=settings.silent_months)
        self._rows = queries.list_rows(reader)
        changes = queries.list_last_changes(reader)
        self._uuid, began = queries.find_beginning(reader)
        began = max([began, *(one.whole for (list_, _), one in changes.items() if list_ == "settings")])
        own = [read_detail_of(reader, row.list, row.id) for row in self._rows if row.list == "publishers"]
        of_publishers = list_publishers_of(one for one in own if isinstance(one, PublisherDetail))
        self._record = SiteRecord(self._rows, changes, settings, self._question.moment, of_publishers, began)
        self._maker = SiteMaker(self._record)
        self._writer = SiteWriter(self._maker.titles, settings, base)
        self._pages: list[SitePage] = []
        self._map = fetch_map(reader, self._question)
        self._sites_on_map = {site.id: site for site in self._map.sites}
        self._steps = StepReader(reader, self._question)

    def list_files(self) -> Iterator[tuple[str, bytes]]:
        """Iterate over the files."""
        announcements: list[Announcement] = []
        sources: list[Source] = []
        for number, row in enumerate(self._rows):
            self._tell("Pages", number / len(self._rows))
            detail = read_detail_of(self._reader, row.list, row.id)
            assert detail is not None
            if isinstance(detail, AnnouncementDetail):
                announcements.append(detail.announcement)
            elif isinstance(detail, SourceDetail):
                sources.append(detail.source)
            page = self._maker.make_row_page(row.list, row.id, detail)
            if isinstance(detail, ProjectDetail) and detail.project.type is not ProjectType.SITE:
                page = page._replace(head=self._make_head(detail, page.changed))
            yield from self._write(page)
        for page in self._list_further(announcements, sources):
            yield from self._write(page)
        uuid, began, title = self._uuid, self._record.began, self._record.title
        settings = self._record.settings
        entries = make_entries(queries.list_recorded(self._reader), self._maker.titles, self._labels)
        feed = Feed(
            str(uuid5(NAMESPACE_URL, f"urn:uuid:{uuid}/changes")),
            title,
            max((one.updated for one in entries), default=began),
            entries,
            " ".join(filter(None, (settings.credit, settings.licence))),
        )
        yield from self._write(self._maker.make_changes(feed))
        yield FEED, write_feed(feed, self._base).encode()
        promised = list(fetch_promised(self._reader, self._question))
        cited = read_sources(self._reader, (one.source for one in promised if one.source))
        calendar = make_calendar(promised, cited, uuid, f"{title}: promised dates")
        yield CALENDAR, write_calendar(calendar, self._base).encode()
        if self._base:
            yield SITEMAP, write_sitemap(self._pages, self._base).encode()

    def _make_head(self, detail: ProjectDetail, changed: date | None) -> Head:
        """Make the head of the page of a programme or cohort; its chart ends on the day of its last change.

        If it ended today, all pages would be other ones on every day.
        """
        sites = sorted(site.id for site in detail.sites)
        on_map = self._map._replace(sites=tuple(self._sites_on_map[site] for site in sites))
        progress = count_part(detail, detail.sites, self._question)
        reached = self._steps.read_part(detail, detail.sites, changed)
        return make_head(progress, reached, on_map, self._labels)

    def _make_index(self) -> SitePage:
        tallies, programmes = fetch_progress(self._reader, self._question)
        progress = count_progress(tallies, programmes, Grouping.PROGRAMME)
        page = self._maker.make_index(progress, programmes)
        reached = self._steps.read_all(page.changed)
        return page._replace(head=make_head(progress, reached, self._map, self._labels))

    def _list_further(self, announcements: list[Announcement], sources: list[Source]) -> Iterator[SitePage]:
        """Make the first page and the lists, which show what the pages of rows do."""
        projects = f"{FOLDERS['projects']}/"
        changed = [one.changed for one in self._pages if one.changed and one.name.startswith(projects)]
        yield self._make_index()
        sites = list(list_sites(self._reader))
        yield from self._maker.make_lists(sites, announcements, sources, max(changed, default=None))

    def _write(self, one: SitePage) -> Iterator[tuple[str, bytes]]:
        # The rows of a page are not kept, only what the sitemap says of it.
        self._pages.append(one._replace(page=one.page._replace(facts=(), sections=())))
        document = make_site_document(one, self._base)
        yield f"{one.name}.html", self._writer.write_page(one).encode()
        yield f"{one.name}.json", (dump(document, indent=2) + "\n").encode()
