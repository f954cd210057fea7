"""What to write instead of words after `list` that mean a date, a filter or another list.

A list looks for words only in names, so that a date among them finds little or nothing.
"""

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from nkplan.errors import BadInput, NkplanError
from nkplan.model.vocabulary import Status
from nkplan.reports.lists import BY_NAME, SITES, UPDATES, Heading, make_plural

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader

_BEFORE_DATES = ("in", "on", "of", "from", "during", "for", "at", "since")
"""Words before a date; those after `since` are of that day or later."""

_OPEN = f"--status {','.join(one for one in Status if one.is_open)}"

CONDITIONS = {
    word: option
    for option, words in {
        "--overdue": "overdue late delayed behind broken",
        "--silent": "silent stalled stale quiet",
        "--unverified": "unverified unconfirmed",
        _OPEN: "open opened done complete finished ready",
    }.items()
    for word in words.split()
}
"""Words for a condition on sites, each with its option."""

_LISTS = {
    word: command
    for command, words in {
        "nkplan report conflicts": "conflict conflicts contradiction contradictions disputed",
        "nkplan report slips": "slip slips delays postponed",
        "nkplan list updates": "latest newest recent news events claims",
        "nkplan list sites, nkplan list cohorts or nkplan list programmes": "project projects",
        "nkplan list sources --columns publisher,id": "publisher publishers",
        "nkplan help formats": "outline outlines geojson",
        "nkplan map": "map maps atlas locations",
        "nkplan chart": "chart charts graph diagram plot",
    }.items()
    for word in words.split()
}
"""Words that no list has, each with the commands to write."""


def find_dated_list(heading: Heading, today: date, *, with_digit: bool = False) -> str | None:
    """Return the command that lists by date what the last words mean, if they are a date."""
    noun = UPDATES if heading.noun is SITES and heading.kind is None else heading.noun
    if "since" not in noun.filters or noun is SITES:
        return None
    # A weekday or a month alone may be a name.
    with_digit = with_digit or heading.noun is SITES
    words = list(heading.words)
    for number in range(len(words)):
        if (day := _read_days(words[number:], today, with_digit=with_digit)) is not None:
            kept = words[:number]
            is_since = bool(kept) and kept[-1].casefold() == "since"
            while kept and kept[-1].casefold() in _BEFORE_DATES:
                kept.pop()
            option = "since" if is_since or "on" not in noun.filters else "on"
            return f"nkplan list {shlex.join([noun.name, *kept])} --{option} {day}"
    return None


def _read_days(words: Sequence[str], today: date, *, with_digit: bool) -> str | None:
    """Read words as a date in its stored form; None if they are none."""
    from nkplan.cli.session import read_day_option

    if with_digit and not any(sign.isdigit() for word in words for sign in word):
        return None
    if words[0].casefold() in _BEFORE_DATES:
        return None
    with suppress(BadInput):
        return str(read_day_option("", " ".join(words), today))
    return None


def find_days(words: Sequence[str], today: date) -> str | None:
    """Return the date that a line ends in, in its stored form; None if there is none."""
    ends = (_read_days(words[at:], today, with_digit=True) for at in range(len(words)))
    return next((day for day in ends if day is not None), None)


def find_list(word: str) -> str | None:
    """Return what to write for a word of this program that no list has."""
    return _LISTS.get(word.casefold())


def find_filtered_list(
    reader: "Reader", heading: Heading, find_option: Callable[[str], str | None]
) -> str | None:
    """Return the command for words that are a kind and filters, or filters alone, in any order."""
    from nkplan.queries.names import list_kinds

    kinds = {make_plural(kind): kind for kind in list_kinds(reader)}
    names: Mapping[str, str] = {kind: plural for plural, kind in kinds.items()} | {one: one for one in kinds}
    shown = None if heading.kind is None else make_plural(heading.kind)
    options = []
    for word in heading.words:
        if shown is None and (kind := names.get(word.casefold())) is not None:
            shown = kind
        elif (option := find_option(word)) is not None:
            options.append(option)
        else:
            return None
    names_twice = len({one.split()[0] for one in options}) < len(options)
    if not options or names_twice:
        return None
    return " ".join(filter(None, ("nkplan list", shown, *options)))


def find_told(reader: "Reader", heading: Heading) -> str | None:
    """Return the command for words that name a place, or that are in the name of a publisher or speaker."""
    from nkplan.queries import names

    typed = " ".join(heading.words)
    if heading.noun is SITES:
        with suppress(NkplanError):
            names.find_place(reader, typed)
            return f"nkplan show {shlex.quote(typed)}"
    return find_said(reader, heading)


def find_said(reader: "Reader", heading: Heading) -> str | None:
    """Return the command for words that are in the name of a publisher or speaker."""
    from nkplan.cli.filters import read_publishers, read_speakers
    from nkplan.queries.lists import Wanted, count_page

    typed = " ".join(heading.words)
    own = heading.noun
    for option, read, usual in (
        ("publisher", read_publishers, [BY_NAME["sources"]]),
        ("speaker", read_speakers, [BY_NAME["announcements"], UPDATES]),
    ):
        nouns = usual if own is SITES else [own] if option in own.filters else []
        with suppress(NkplanError):
            found = read(reader, [typed])
            wanted = Wanted(None, {f"{option}s": {f"{option}s": found}})
            for noun in nouns:
                if count_page(reader, noun, wanted):
                    return f"nkplan list {noun.name} --{option} {shlex.quote(typed)}"
    return None
