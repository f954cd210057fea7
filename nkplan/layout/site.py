"""What a published site consists of, before it takes a form: pages with their links, a feed, a calendar."""

from datetime import date
from typing import NamedTuple

from nkplan.layout.head import Head
from nkplan.layout.page import Page


class Link(NamedTuple):
    """A link to a page of the site, named as in `addresses`, with its words."""

    page: str
    title: str


class LinkGroup(NamedTuple):
    """Links that belong together, as the cohorts of a programme do; data has them under `key`."""

    key: str
    title: str
    links: tuple[Link, ...]


class SitePage(NamedTuple):
    """A page of a site: `above` are the pages it is within, the outermost first, `beside` its neighbours.

    `description` says in a sentence what it is about, and `lead` is what it begins with, if anything; that of
    a programme, a cohort and the first page has a `head`. `changed` is the day on which what it shows last
    changed; None if nothing says when. Only the page of the latest changes has `entries`.
    """

    name: str
    page: Page
    description: str
    above: tuple[Link, ...] = ()
    beside: tuple[LinkGroup, ...] = ()
    changed: date | None = None
    lead: str | None = None
    head: Head = Head()
    entries: tuple["FeedEntry", ...] = ()


class FeedEntry(NamedTuple):
    """A change on record: `updated` is its instant in UTC, `lines` say what was recorded, one row a line.

    `page` is the page to read first, `related` are those of everything else that it touched.
    """

    uuid: str
    updated: str
    title: str
    lines: tuple[str, ...]
    page: Link
    related: tuple[Link, ...] = ()


class Feed(NamedTuple):
    """The latest changes, the last first. Who recorded them is not said.

    `rights` say whom to credit, and the licence.
    """

    uuid: str
    title: str
    updated: str
    entries: tuple[FeedEntry, ...]
    rights: str = ""


class CalendarEvent(NamedTuple):
    """A date by which something was promised: the last `day` of its interval, and when it was `said`.

    `uid` stays the same when the date moves.
    """

    uid: str
    day: date
    said: date
    title: str
    lines: tuple[str, ...]
    page: str
    is_cancelled: bool = False


class Calendar(NamedTuple):
    """The dates promised and not kept, in the order of their days."""

    title: str
    events: tuple[CalendarEvent, ...]
