"""The options that filter sites in list and report, and how they are read."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer

from nkplan.cli.completion import (
    complete_author,
    complete_kind,
    complete_place,
    complete_programme,
    complete_publisher,
    complete_region,
    complete_several,
    complete_speaker,
    complete_tag,
    complete_words,
    complete_year,
)
from nkplan.cli.session import read_day_option
from nkplan.cli.synonyms import name_option
from nkplan.dates import PartialDate
from nkplan.errors import BadInput, NotFound
from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.vocabulary import Evidence, ProjectType, Status
from nkplan.text import fold, list_words, quote, suggest

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader

NONE = "none"
"""The word that matches sites without a value."""

Found = TypeVar("Found")

KindFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        metavar="KIND,...",
        help="Only sites of these kinds, such as factory or hospital.",
        autocompletion=complete_several(complete_kind),
    ),
]
StatusFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        metavar="STATUS,...",
        help=f"Only sites of these statuses, by any evidence; {NONE} for sites without one.",
        autocompletion=complete_several(
            complete_words({one: one.meaning for one in Status} | {NONE: "without a status"})
        ),
    ),
]
RegionFilter = Annotated[
    list[str] | None,
    typer.Option(
        *name_option("region"),
        metavar="NAME,...",
        help=f"Only sites in these regions, by name or id; {NONE} for sites without one.",
        autocompletion=complete_several(complete_region),
    ),
]
PlaceFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--place",
        metavar="PLACE,...",
        help="Only sites within these places: a name in any spelling, or an id.",
        autocompletion=complete_several(complete_place),
    ),
]
ProgrammeFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--programme",
        metavar="ID,...",
        help=f"Only sites of these programmes; {NONE} for sites without one.",
        autocompletion=complete_several(complete_programme),
    ),
]
YearFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--year",
        metavar="YEAR,...",
        help=f"Only sites of these years; {NONE} for sites without one.",
        autocompletion=complete_several(complete_year),
    ),
]
TagFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--tag",
        metavar="TAG,...",
        help="Only sites with these tags, their own or of what they belong to.",
        autocompletion=complete_several(complete_tag),
    ),
]


class FilterOptions(NamedTuple):
    """The filters as typed. Each may be repeated, or have several values separated by commas."""

    kind: KindFilter = None
    status: StatusFilter = None
    region: RegionFilter = None
    place: PlaceFilter = None
    programme: ProgrammeFilter = None
    year: YearFilter = None
    tag: TagFilter = None


ClaimedFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--claimed",
        metavar="STATUS,...",
        help=f"Only sites of these statuses by the promiser's word; {NONE} for sites without one.",
        autocompletion=complete_several(complete_words((*Status, NONE))),
    ),
]
VerifiedFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--verified",
        metavar="STATUS,...",
        help=f"Only sites of these statuses by observation; {NONE} for sites that nobody has seen.",
        autocompletion=complete_several(complete_words((*Status, NONE))),
    ),
]
EvidenceFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence",
        metavar="CLASS,...",
        help=f"Only what is known in these ways: {', '.join(Evidence)}; {NONE} for no class.",
        autocompletion=complete_several(complete_words((*Evidence, NONE))),
    ),
]
PublisherFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--publisher",
        metavar="NAME,...",
        help="Only what these publishers say: any part of a name.",
        autocompletion=complete_several(complete_publisher),
    ),
]
SpeakerFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--speaker",
        metavar="NAME,...",
        help="Only what these people said: any part of a name.",
        autocompletion=complete_several(complete_speaker),
    ),
]
AuthorFilter = Annotated[
    list[str] | None,
    typer.Option(
        "--author",
        metavar="NAME,...",
        help="Only changes or updates recorded by these users: any part of a name.",
        autocompletion=complete_several(complete_author),
    ),
]
OnFilter = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="Only what happened on this day, or in this month or year."),
]
SinceFilter = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Only what happened on this day or later."),
]


class ClaimFilterOptions(NamedTuple):
    """The filters on what was claimed, how it is known and who said it, as typed."""

    claimed: ClaimedFilter = None
    verified: VerifiedFilter = None
    evidence: EvidenceFilter = None
    publisher: PublisherFilter = None
    speaker: SpeakerFilter = None
    author: AuthorFilter = None
    on: OnFilter = None
    since: SinceFilter = None


def read_claim_filters(reader: "Reader", typed: ClaimFilterOptions, filters: Filters, today: date) -> Filters:
    """Add to filters of sites those on what was claimed of them. Raises BadInput."""
    return filters._replace(
        claimed=read_statuses("--claimed", typed.claimed),
        verified=read_statuses("--verified", typed.verified),
        evidence=read_evidence_classes(typed.evidence),
        publishers=read_publishers(reader, typed.publisher),
        speakers=read_speakers(reader, typed.speaker),
        since=None if typed.since is None else read_since(typed.since, today).start.isoformat(),
    )


def read_statuses(option: str, typed: Sequence[str] | None) -> tuple[str, ...] | None:
    """Read statuses; '' stands for none."""
    return _read_words(option, typed, _or_none(lambda text: _read_status(text, option), ""))


def read_evidence_classes(typed: Sequence[str] | None) -> tuple[str, ...] | None:
    """Read evidence classes; '' stands for none."""
    from nkplan.values import read_evidence

    def read(text: str) -> str:
        try:
            return read_evidence(text)
        except ValueError as error:
            raise BadInput(f"--evidence: {error}") from None

    return _read_words("--evidence", typed, _or_none(read, ""))


def read_publishers(reader: "Reader", typed: Sequence[str] | None) -> tuple[str, ...] | None:
    """Read parts of publishers' names, and return all publishers that have one of them."""
    from nkplan.queries.lists import list_source_publishers

    advice = "`nkplan list sources` shows them"
    return _read_parts("publisher", typed, lambda: list_source_publishers(reader), advice)


def read_speakers(reader: "Reader", typed: Sequence[str] | None) -> tuple[str, ...] | None:
    """Read parts of speakers' names, and return all speakers that have one of them."""
    from nkplan.queries.lists import list_speakers

    advice = "`nkplan list announcements` shows them"
    return _read_parts("speaker", typed, lambda: list_speakers(reader), advice)


def _read_parts(
    what: str, typed: Sequence[str] | None, list_names: Callable[[], list[str]], advice: str
) -> tuple[str, ...] | None:
    """Find the names that contain each of several parts, in whatever case. Raises BadInput."""
    if not typed:
        return None
    names = list_names()
    folded = {name: fold(name) for name in names}

    def find(text: str) -> list[str]:
        part = fold(text)
        if found := [name for name in names if part and part in folded[name]]:
            return found
        near = suggest(text, names)
        raise BadInput(f"there is no {what} {quote(text)}; {f'did you mean {near}?' if near else advice}")

    def find_all(text: str) -> Iterator[str]:
        # A name can have a comma, as `Ko Jong Bom, minister of finance` has; other commas part two names.
        parts = list(split_values(f"--{what}", text))
        if parts[1:] and (whole := [name for name in names if text.strip().casefold() in name.casefold()]):
            yield from whole
            return
        for one in parts:
            yield from find(one)

    return tuple(dict.fromkeys(name for one in typed for name in find_all(one)))


def read_since(text: str, today: date) -> PartialDate:
    """Read the day since which something happened, or the first day of a longer time. Raises BadInput."""
    parsed = read_day_option("--since", text, today)
    if parsed.start > today:
        raise BadInput(f"--since: {parsed} has not begun yet (today is {today}); name an earlier day")
    return parsed


def read_filters(reader: "Reader", words: FilterOptions) -> Filters:
    """Read the filters. A value that does not exist is an error, which lists those that do."""
    if not any(words):
        return NO_FILTERS
    from nkplan.queries import names

    def find_programme(text: str) -> str:
        return names.find_project(reader, text, ProjectType.PROGRAMME)

    places = _read_names("--place", words.place, lambda text: names.find_place(reader, text))
    filters = Filters(
        kinds=_read_words("--kind", words.kind, lambda text: names.find_kind(reader, text)),
        statuses=read_statuses("--status", words.status),
        regions=_read_names(
            "--region", words.region, _or_none(lambda text: names.find_region(reader, text), "")
        ),
        places=None
        if places is None
        else tuple(dict.fromkeys(one for place in places for one in names.list_within(reader, place))),
        programmes=_read_names("--programme", words.programme, _or_none(find_programme, "")),
        years=_read_words("--year", words.year, _or_none(lambda text: _read_year(reader, text), 0)),
        tags=_read_tags(reader, words.tag),
    )
    return _resolve_tags(reader, filters)


def _read_tags(reader: "Reader", typed: Sequence[str] | None) -> tuple[str, ...] | None:
    """Read tags, each in whatever case: a tag that is spelled in two ways is one."""
    from nkplan.queries.names import find_tags

    found = _read_names("--tag", typed, lambda text: find_tags(reader, text)[0])
    if found is None:
        return None
    return tuple(dict.fromkeys(tag for one in found for tag in find_tags(reader, one)))


def _resolve_tags(reader: "Reader", filters: Filters) -> Filters:
    """Replace tags that only programmes have by these: a whole programme can be compared with its number."""
    if filters.tags is None:
        return filters
    from nkplan.queries.names import list_tagged

    tagged = list_tagged(reader, filters.tags)
    if set(tagged.values()) != {ProjectType.PROGRAMME}:
        return filters
    asked = filters.programmes
    both = tuple(id_ for id_ in tagged if asked is None or id_ in asked)
    return filters._replace(programmes=both, tags=None)


def split_values(option: str, typed: str) -> Iterator[str]:
    """Yield the values of an option, which are separated by commas. Raises BadInput."""
    for text in typed.split(","):
        if not text.strip():
            raise BadInput(f"{option}: {quote(typed)} has nothing before or after a comma; leave it out")
        yield text.strip()


def _read_words(
    option: str, typed: Sequence[str] | None, find: Callable[[str], Found]
) -> tuple[Found, ...] | None:
    """Find each of several words, none of which can have a comma."""
    if not typed:
        return None
    return tuple(dict.fromkeys(find(text) for one in typed for text in split_values(option, one)))


def _read_names(
    option: str, typed: Sequence[str] | None, find: Callable[[str], str]
) -> tuple[str, ...] | None:
    """Find each of several names. One may have a comma in it, as `Unsan, North Pyongan` has."""
    if not typed:
        return None

    def find_all(text: str) -> Iterator[str]:
        try:
            yield find(text)
        except (BadInput, NotFound):
            if "," not in text:
                raise
            yield from map(find, split_values(option, text))

    return tuple(dict.fromkeys(id_ for one in typed for id_ in find_all(one)))


def _or_none(find: Callable[[str], Found], none: Found) -> Callable[[str], Found]:
    """Return a function that also reads the word for sites without a value."""
    return lambda text: none if text.strip().casefold() == NONE else find(text)


def _read_status(text: str, option: str) -> str:
    from nkplan.values import read_word

    try:
        return read_word(text, Status, "status")
    except ValueError as error:
        if text.strip().casefold() in _OPEN_WORDS:
            is_open = list_words(str(one) for one in Status if one.is_open)
            raise BadInput(
                f"{option}: {quote(text)} can be {is_open}; write those you mean, as in {option}"
                f" {','.join(one for one in Status if one.is_open)}"
            ) from None
        raise BadInput(f"{option}: {error}") from None


_OPEN_WORDS = {"open", "opened", "done", "complete", "finished", "ready"}
"""Words that may mean any of the statuses of what has opened."""


def read_any_year(text: str) -> int:
    """Read a year, whether or not anything belongs to it; 0 for none. Raises BadInput."""
    if text.strip().casefold() == NONE:
        return 0
    if years := _list_years_between(text):
        raise BadInput(f"--year: {quote(text)} is not a year; write --year {years}")
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise BadInput(
            f"--year: {quote(text)} is not a year; write a number from 1000 to 2999,"
            f" or {NONE} for sites without one"
        )
    return int(text)


def _read_year(reader: "Reader", text: str) -> int:
    from nkplan.queries.names import find_year

    return find_year(reader, read_any_year(text))


_MOST_YEARS = 30


def _list_years_between(text: str) -> str | None:
    """Return all the years of a text that names the first and the last one, such as `2024-2026`."""
    found = re.fullmatch(r"([12]\d{3})\s*(?:-|/|\.\.|to|\u2013)\s*([12]\d{3})", text.strip(), re.ASCII)
    if found is None or not 0 <= int(found[2]) - int(found[1]) < _MOST_YEARS:
        return None
    return ",".join(map(str, range(int(found[1]), int(found[2]) + 1)))
