"""Atom (RFC 4287): the latest changes, as a feed reader reads them."""

import re
from collections.abc import Iterator
from html import escape

from nkplan.layout.addresses import CHANGES, FEED
from nkplan.layout.site import Feed, FeedEntry
from nkplan.text import clean


def write_feed(feed: Feed, base: str = "") -> str:
    """Return a feed as XML; addresses begin with `base`, or are relative to the feed.

    What somebody else wrote is text only, never markup.
    """
    return "\n".join((*_list_lines(feed, base), ""))


def _list_lines(feed: Feed, base: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<feed xmlns="http://www.w3.org/2005/Atom">'
    yield f"  <id>urn:uuid:{_escape(feed.uuid)}</id>"
    yield f"  <title>{_escape(feed.title)}</title>"
    yield f"  <updated>{_escape(feed.updated)}</updated>"
    # Atom requires an author; who recorded a change is not published.
    yield f"  <author><name>{_escape(feed.title)}</name></author>"
    if feed.rights:
        yield f"  <rights>{_escape(feed.rights)}</rights>"
    yield "  <generator>nkplan</generator>"
    yield f'  <link rel="self" type="application/atom+xml" href="{_escape(base + FEED)}"/>'
    yield f'  <link rel="alternate" type="text/html" href="{_escape(f"{base}{CHANGES}.html")}"/>'
    for entry in feed.entries:
        yield from _list_entry(entry, base)
    yield "</feed>"


def _list_entry(entry: FeedEntry, base: str) -> Iterator[str]:
    yield "  <entry>"
    yield f"    <id>urn:uuid:{_escape(entry.uuid)}</id>"
    yield f"    <title>{_escape(entry.title)}</title>"
    yield f"    <updated>{_escape(entry.updated)}</updated>"
    yield f'    <link rel="alternate" type="text/html" href="{_escape(f"{base}{entry.page.page}.html")}"/>'
    for link in entry.related:
        address = _escape(f"{base}{link.page}.html")
        yield f'    <link rel="related" type="text/html" href="{address}" title="{_escape(link.title)}"/>'
    yield f'    <content type="text">{chr(10).join(map(_escape, entry.lines))}</content>'
    yield "  </entry>"


def _escape(text: str) -> str:
    """Return a text as XML has it, with its signs for markup escaped and no character that it forbids."""
    return escape(re.sub("[\ufffe\uffff]", "\ufffd", clean(text)))
