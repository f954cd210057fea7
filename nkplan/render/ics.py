"""iCalendar (RFC 5545): promised dates, as a calendar shows them."""

from collections.abc import Iterator

from nkplan.layout.site import Calendar, CalendarEvent
from nkplan.text import clean

_LONGEST_LINE = 75
"""How many bytes a line has at most; a longer one goes on after a line break and a space."""


def write_calendar(calendar: Calendar, base: str = "") -> str:
    """Return a calendar, with a day-long event for each date; its pages' addresses only with a `base`.

    Nothing in it depends on when it is written: an event is as old as what was said.
    """
    return "".join(f"{folded}\r\n" for line in _list_lines(calendar, base) for folded in _fold(line))


def _list_lines(calendar: Calendar, base: str) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//nkplan//publish//EN"
    yield "CALSCALE:GREGORIAN"
    # Without the second, most calendars show no name.
    yield f"NAME:{_escape(calendar.title)}"
    yield f"X-WR-CALNAME:{_escape(calendar.title)}"
    for event in calendar.events:
        yield from _list_event(event, base)
    yield "END:VCALENDAR"


def _list_event(event: CalendarEvent, base: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escape(event.uid)}"
    yield f"DTSTAMP:{_write_day(event.said)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_write_day(event.day)}"
    yield f"SUMMARY:{_escape(event.title)}"
    yield f"DESCRIPTION:{_NEWLINE.join(map(_escape, event.lines))}"
    # What is only promised is not certain to come.
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'TENTATIVE'}"
    yield "TRANSP:TRANSPARENT"
    if base:
        yield f"URL:{base}{event.page}.html"
    yield "END:VEVENT"


_NEWLINE = "\\n"


def _write_day(day: object) -> str:
    return str(day).replace("-", "")


def _escape(text: str) -> str:
    """Return a text as a value on one line."""
    text = clean(text)
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text


def _fold(line: str) -> Iterator[str]:
    """Break a line so that no part has more bytes than allowed and no letter is cut."""
    part, size = "", 0
    for sign in line:
        length = len(sign.encode())
        if size + length > _LONGEST_LINE:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + length
    yield part
