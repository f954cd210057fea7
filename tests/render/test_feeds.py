"""The feed of changes and the calendar of promised dates."""

from datetime import date
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar as ReadCalendar

from nkplan.layout.page import Page
from nkplan.layout.site import Calendar, CalendarEvent, Feed, FeedEntry, Link, SitePage
from nkplan.render.atom import write_feed
from nkplan.render.ics import write_calendar
from nkplan.render.sitemap import write_sitemap
from nkplan.text import clean

ATOM = "{http://www.w3.org/2005/Atom}"
CANAL = Link("project/canal", "A <b>canal</b> & more")
texts = st.text(max_size=120)


def make_feed(title: str = "Record", line: str = "Line") -> Feed:
    entry = FeedEntry("u-1", "2026-11-24T10:00:00Z", title, (line, line), CANAL, (CANAL,))
    return Feed("u-0", title, "2026-11-24T10:00:00Z", (entry,))


def make_event(title: str = "Canal", line: str = "Line", *, is_cancelled: bool = False) -> CalendarEvent:
    return CalendarEvent(
        "opening.canal@u-0", date(2026, 12, 31), date(2024, 1, 15), title, (line, line), "p/c", is_cancelled
    )


def test_a_feed_has_what_atom_requires() -> None:
    root = ET.fromstring(write_feed(make_feed(), "https://e.org/r/"))  # noqa: S314  # ours
    assert [child.tag.removeprefix(ATOM) for child in root] == [
        "id", "title", "updated", "author", "generator", "link", "link", "entry",
    ]  # fmt: skip
    assert root.findtext(f"{ATOM}id") == "urn:uuid:u-0"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": "https://e.org/r/changes.atom", "alternate": "https://e.org/r/changes.html"}
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "urn:uuid:u-1"
    assert entry.findtext(f"{ATOM}updated") == "2026-11-24T10:00:00Z"
    (content,) = entry.findall(f"{ATOM}content")
    assert (content.get("type"), content.text) == ("text", "Line\nLine")
    assert [(link.get("rel"), link.get("href")) for link in entry.findall(f"{ATOM}link")] == [
        ("alternate", "https://e.org/r/project/canal.html"),
        ("related", "https://e.org/r/project/canal.html"),
    ]


@given(texts, texts)
def test_whatever_a_title_says_is_text_of_a_feed(title: str, line: str) -> None:
    root = ET.fromstring(write_feed(make_feed(title, line)))  # noqa: S314  # ours
    shown = clean(title).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    assert (root.findtext(f"{ATOM}title") or "") == shown
    assert {one.tag.removeprefix(ATOM) for one in root.iter()} <= {
        *("feed", "id", "title", "updated", "author", "name", "generator", "link", "entry", "content"),
    }


@given(texts, texts)
def test_whatever_a_title_says_is_text_of_a_calendar(title: str, line: str) -> None:
    written = write_calendar(Calendar(title, (make_event(title, line),)), "https://e.org/")
    lines = written.encode().split(b"\r\n")
    assert lines.pop() == b""
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in one or b"\r" in one for one in lines)
    for one in lines:
        one.decode()  # No letter is cut.
    read = ReadCalendar.from_ical(written)
    (event,) = read.walk("VEVENT")
    assert not event.errors
    assert event["summary"] == clean(title)
    assert event["description"] == f"{clean(line)}\n{clean(line)}"
    assert set(event) == {
        *("UID", "DTSTAMP", "DTSTART", "SUMMARY", "DESCRIPTION", "STATUS", "TRANSP", "URL"),
    }


def test_a_promised_date_is_a_whole_day_and_as_old_as_what_was_said() -> None:
    written = write_calendar(Calendar("Record", (make_event(), make_event(is_cancelled=True))))
    assert "DTSTAMP:20240115T000000Z\r\nDTSTART;VALUE=DATE:20261231\r\n" in written
    assert "URL" not in written
    first, second = ReadCalendar.from_ical(written).walk("VEVENT")
    assert (first["status"], second["status"]) == ("TENTATIVE", "CANCELLED")
    assert first.decoded("dtstart") == date(2026, 12, 31)


def test_a_sitemap_has_the_day_of_the_last_change() -> None:
    page = SitePage("project/a", Page("site", "a", "A", (), ()), "", changed=date(2026, 11, 1))
    root = ET.fromstring(write_sitemap([page, page._replace(changed=None)], "https://e.org/?a&b/"))  # noqa: S314  # ours
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert [one.findtext(f"{name}loc") for one in root] == ["https://e.org/?a&b/project/a.html"] * 2
    assert [one.findtext(f"{name}lastmod") for one in root] == ["2026-11-01", None]
