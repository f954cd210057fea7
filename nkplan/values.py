"""The values that a user can write, each checked by one rule, in a file as on the command line.

Every function returns the value or raises ValueError with a sentence that says what is wrong and what to do.
"""

import re
from datetime import date
from enum import StrEnum
from typing import TypeVar

from nkplan.dates import FORMS, PartialDate, parse_date
from nkplan.links import normalize_link
from nkplan.model.vocabulary import Evidence, Status
from nkplan.text import (
    compose,
    explain_unknown,
    find_unsafe,
    fold_id,
    has_visible,
    list_words,
    make_slug,
    quote,
    write_number,
)

LONGEST_TEXT = 4000
"""The maximum number of characters in a text."""

LONGEST_ID = 80
"""The maximum number of characters in an id."""

_LONGEST_DATE = 100

_ID = "[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"

Term = TypeVar("Term", bound=StrEnum)

_NOUNS = (
    "announcement", "change", "cohort", "kind", "place", "programme", "project", "promise", "publisher",
    "site", "source", "tag", "update",
)  # fmt: skip
RESERVED = frozenset({"none", "all", "last", "settings", *_NOUNS, *(f"{noun}s" for noun in _NOUNS)})
"""The words of the command line that cannot be ids: what a filter or an option means by them comes first."""


def read_word(text: str, vocabulary: type[Term], name: str) -> Term:
    """Read a word of a vocabulary, such as a status; `name` is what messages call the vocabulary."""
    try:
        return vocabulary(text.strip().casefold())
    except ValueError:
        raise ValueError(explain_unknown(name, text, [str(word) for word in vocabulary])) from None


def read_evidence(text: str) -> Evidence:
    """Read an evidence class or one of its synonyms."""
    word = text.strip().casefold()
    for one in Evidence:
        if word == one or word in one.synonyms:
            return one
    if word == _GOVERNMENT:
        raise ValueError(
            f"{word} can be {Evidence.PROMISER} (the promiser's own word) or {Evidence.AUTHORITY} (the"
            " finding of an authority that does not answer to the promiser); write the one you mean"
        )
    synonyms = {synonym: str(one) for one in Evidence for synonym in one.synonyms}
    raise ValueError(explain_unknown("evidence class", text, [str(one) for one in Evidence], synonyms))


def read_old_evidence(text: str) -> Evidence:
    """Read an evidence class as files in the format nkplan/1 have it."""
    return Evidence.AUTHORITY if text.strip().casefold() == _GOVERNMENT else read_evidence(text)


_GOVERNMENT = "government"


def read_date(text: str) -> str:
    """Read a date of any precision, past or future, and return it as written."""
    return _parse_date(text).written


def read_seen_date(text: str, latest: date, *, is_afterwards: bool) -> str:
    """Read the day on which something was seen, and return the date of the event that it shows.

    If it may have happened earlier (`is_afterwards`), that is at some time up to the day, `../2024-05-20`;
    otherwise it is the day itself. `latest` is the last day that has begun anywhere.
    """
    seen = read_event_date(text, latest)
    if "/" in seen:
        raise ValueError(f"{seen} is an interval; give one day or month, such as {_name_end(seen)}")
    return f"../{seen}" if is_afterwards else seen


def _name_end(interval: str) -> str:
    """Return the last date that an interval names."""
    start, end = interval.split("/")
    return start if end == ".." else end


def read_event_date(text: str, latest: date) -> str:
    """Read the date of something that has happened or been published; one in the future is refused.

    `latest` is the last day that has begun anywhere. An interval must have begun; `../2024-05` is refused
    until 2024-05 has begun, for what is on record has happened.
    """
    parsed = _parse_date(text)
    if parsed.first_named_day > latest:
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


def read_number(text: str) -> float:
    """Read a number as a person types it: digits, with a point before decimals; nothing is negative."""
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,15})?", text.strip(), re.ASCII):
        raise ValueError(f"{quote(text)} is not a number; write it with digits alone, as in 12000 or 0.5")
    return float(text)


def read_stage(text: str) -> Status:
    """Read the stage that a promise is for: a status that happens on a day."""
    status = read_word(text, Status, "status")
    if status.event is None:
        stages = list_words(str(one) for one in Status if one.event is not None)
        raise ValueError(f"{status} is not a stage that can be promised; write one of {stages}")
    return status


def read_year(value: int) -> int:
    """Read a year from 1000 to 2999, those that a date can have."""
    if not 1000 <= value <= 2999:
        raise ValueError(f"{value} is not a year; write a number from 1000 to 2999, as in 2024")
    return value


def read_text(text: str) -> str:
    """Read a text, compose its letters (NFC) and strip it; one that could control a terminal is refused."""
    if text.isascii() and text.isprintable() and 0 < len(plain := text.strip()) <= LONGEST_TEXT:
        return plain  # Nearly all texts; none of what follows concerns them.
    text = compose(text.replace("\r\n", "\n"))
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
    text = compose(text)
    if not is_id(text):
        slug = make_slug(text)
        raise ValueError(
            f"{quote(text)} is not an id; an id has letters a to z, digits and single hyphens, at most 80"
            + (f", as in {slug}" if slug else "")
        )
    return text


def read_new_id(text: str) -> str:
    """Read the id that a row is given; one that is a word of the command line is refused."""
    id_ = read_id(text)
    if fold_id(id_) in RESERVED:
        raise ValueError(f"{id_} is a word of the command line and cannot be an id; write {id_}-2 or another")
    return id_


def is_id(text: str) -> bool:
    """Return whether a text can be the id of a row."""
    return len(text) <= LONGEST_ID and re.fullmatch(_ID, text) is not None


def read_url(text: str) -> str:
    """Read a link, http or https only, and return its stored form, which all equal links have (see links)."""
    link = normalize_link(read_text(text))
    if len(link) > LONGEST_TEXT:
        raise ValueError(
            f"it has {len(link)} characters once its letters are percent-encoded;"
            f" at most {LONGEST_TEXT} are allowed"
        )
    return link


def read_domain(text: str) -> str:
    """Read the domain of a website, such as `example.org`, without www."""
    # No domain stays that would be read as another one.
    domain = re.sub(r"^(?:www\.)+(?=[^.]+\.)", "", compose(text).strip().lower())
    if len(domain) > 253 or not re.fullmatch(r"[^\s./:@?#]{1,63}(\.[^\s./:@?#]{1,63})+", domain):
        raise ValueError(f"{quote(text)} is not a domain; write it without a path, as in example.org")
    return read_text(domain)


def looks_like_url(text: str) -> bool:
    """Return whether a text is a link and not the id of a source."""
    return "://" in text
