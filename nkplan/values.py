"""The values that a user can write, each checked by one rule, in a file as on the command line.

Every function returns the value or raises ValueError with a sentence that says what is wrong and what to do.
"""

import re
from datetime import date
from enum import StrEnum
from typing import TypeVar

from nkplan.dates import FORMS, PartialDate, parse_date
from nkplan.links import normalize_link
from nkplan.text import explain_unknown, find_unsafe, has_visible, make_slug, quote, write_number

LONGEST_TEXT = 4000
"""The maximum number of characters in a text."""

_LONGEST_DATE = 100

_ID = "[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"

Term = TypeVar("Term", bound=StrEnum)


def read_word(text: str, vocabulary: type[Term], name: str) -> Term:
    """Read a word of a vocabulary, such as a status; `name` is what messages call the vocabulary."""
    try:
        return vocabulary(text.strip().casefold())
    except ValueError:
        raise ValueError(explain_unknown(name, text, [str(word) for word in vocabulary])) from None


def read_date(text: str) -> str:
    """Read a date of any precision, past or future, and return it as written."""
    return _parse_date(text).written


def read_event_date(text: str, latest: date) -> str:
    """Read the date of something that has happened or been published; one in the future is refused.

    `latest` is the last day that has begun anywhere.
    """
    parsed = _parse_date(text)
    if parsed.start > latest:
        raise ValueError(
            f"{parsed} is in the future (the last day to have begun anywhere is {latest});"
            " a promised date is not an event date"
        )
    return parsed.written


def _parse_date(text: str) -> PartialDate:
    if len(text) > _LONGEST_DATE:
        raise ValueError(f"{quote(text)} is not a date: write {FORMS}")
    return parse_date(text)


def read_percent(value: float) -> float:
    """Read a percentage from 0 to 100."""
    if not 0 <= value <= 100:
        raise ValueError(f"{write_number(value)} is not a percentage; write a number from 0 to 100")
    return float(value) + 0.0  # This makes -0.0 a plain zero.


def read_year(value: int) -> int:
    """Read a year with four digits."""
    if not 1000 <= value <= 2999:
        raise ValueError(f"{value} is not a year; write it with four digits, as in 2024")
    return value


def read_text(text: str) -> str:
    """Read a text and strip it; a text with characters that could control a terminal is refused."""
    text = text.replace("\r\n", "\n")
    if unsafe := find_unsafe(text):
        raise ValueError(f"it contains {unsafe}, an invisible character; remove it")
    text = text.strip()
    if not text:
        raise ValueError("it is empty; write something or leave it out")
    if not has_visible(text):
        raise ValueError("it has no visible character; write something or leave it out")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"it has {len(text)} characters; at most {LONGEST_TEXT} are allowed")
    return text


def read_id(text: str) -> str:
    """Read an id: Latin letters, by convention small, digits and single hyphens; at most 80 characters."""
    if not is_id(text):
        slug = make_slug(text)
        raise ValueError(
            f"{quote(text)} is not an id; an id has letters a to z, digits and single hyphens, at most 80"
            + (f", as in {slug}" if slug else "")
        )
    return text


def is_id(text: str) -> bool:
    """Return whether a text can be the id of a row."""
    return len(text) <= 80 and re.fullmatch(_ID, text) is not None


def read_url(text: str) -> str:
    """Read a link, http or https only, and return its stored form, which all equal links have (see links)."""
    link = normalize_link(read_text(text))
    if len(link) > LONGEST_TEXT:
        raise ValueError(
            f"it has {len(link)} characters once its letters are percent-encoded;"
            f" at most {LONGEST_TEXT} are allowed"
        )
    return link


def looks_like_url(text: str) -> bool:
    """Return whether a text is a link and not the id of a source."""
    return "://" in text
