"""The values a person can write, each judged by one rule, whether it comes from a file or the command line.

Every function returns the value or raises ValueError with a sentence that says what is wrong and what to do.
"""

import re
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

from nkplan.dates import FORMS, PartialDate, parse_date
from nkplan.text import explain_unknown, find_unsafe, make_slug, quote

LONGEST_TEXT = 4000
"""The most characters that a text may have."""

_LONGEST_DATE = 100

_ID = "[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"

Term = TypeVar("Term", bound=StrEnum)


def read_word(text: str, vocabulary: type[Term], name: str) -> Term:
    """Read a word of a vocabulary, as a status or an evidence class; `name` is what to call it."""
    try:
        return vocabulary(text.strip().casefold())
    except ValueError:
        raise ValueError(explain_unknown(name, text, [str(word) for word in vocabulary])) from None


def read_date(text: str) -> str:
    """Read a date of any precision, past or future, and give it as written."""
    return _parse_date(text).written


def read_event_date(text: str, today: date) -> str:
    """Read the date of something that has happened or been published; one in the future is refused."""
    parsed = _parse_date(text)
    if parsed.start > today:
        raise ValueError(f"{parsed} is in the future (today is {today}); a promised date is not an event's")
    return parsed.written


def _parse_date(text: str) -> PartialDate:
    if len(text) > _LONGEST_DATE:
        raise ValueError(f"{quote(text)} is not a date: write {FORMS}")
    return parse_date(text)


def read_percent(value: float) -> float:
    """Read a percentage from 0 to 100."""
    if not 0 <= value <= 100:
        raise ValueError(f"{value:g} is no percentage; it runs from 0 to 100")
    return float(value) + 0.0  # A zero with a minus is a zero.


def read_year(value: int) -> int:
    """Read a year of four digits."""
    if not 1000 <= value <= 2999:
        raise ValueError(f"{value} is no year; write it with four digits, as in 2024")
    return value


def read_text(text: str) -> str:
    """Read a text without the characters that could steer a terminal, and without space around it."""
    text = text.replace("\r\n", "\n")
    if unsafe := find_unsafe(text):
        raise ValueError(f"it holds {unsafe}, a character that is not seen; take that out")
    text = text.strip()
    if not text:
        raise ValueError("it is empty; write something or leave it out")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"it has {len(text)} characters; at most {LONGEST_TEXT} are kept")
    return text


def read_id(text: str) -> str:
    """Read an id: Latin letters, small ones by custom, digits and single hyphens; at most 80 signs."""
    if not is_id(text):
        slug = make_slug(text)
        raise ValueError(
            f"{quote(text)} is no id; an id has letters a to z, digits and single hyphens, at most 80"
            + (f", as in {slug}" if slug else "")
        )
    return text


def is_id(text: str) -> bool:
    """Tell whether a text can be the id of a row."""
    return len(text) <= 80 and re.fullmatch(_ID, text) is not None


def read_url(text: str) -> str:
    """Read a link, http or https only; its scheme and host in small letters, in which they mean the same."""
    text = read_text(text)
    spaced = any(map(str.isspace, text))  # Taking a link apart drops some of them.
    try:
        parts = urlsplit(text)
        person, at, host = parts.netloc.rpartition("@")
        text = urlunsplit(parts._replace(netloc=f"{person}{at}{host.lower()}"))
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and not spaced
    except ValueError:
        fine = False
    if not fine:
        raise ValueError(f"{quote(text)} is no link; it starts with https:// or http:// and has no spaces")
    return text


def looks_like_url(text: str) -> bool:
    """Tell a link from the id of a source."""
    return "://" in text
