"""The options that filter sites in list and report, and how they are read."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer

from nkplan.cli.completion import (
    complete_kind,
    complete_place,
    complete_programme,
    complete_region,
    complete_several,
    complete_tag,
    complete_words,
    complete_year,
)
from nkplan.cli.synonyms import name_option
from nkplan.errors import BadInput, NotFound
from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.vocabulary import ProjectType, Status
from nkplan.text import quote

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
        statuses=_read_words("--status", words.status, _or_none(_read_status, "")),
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


def _read_status(text: str) -> str:
    from nkplan.values import read_word

    try:
        return read_word(text, Status, "status")
    except ValueError as error:
        raise BadInput(f"--status: {error}") from None


def _read_year(reader: "Reader", text: str) -> int:
    from nkplan.queries.names import find_year

    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise BadInput(
            f"--year: {quote(text)} is not a year; write a number from 1000 to 2999,"
            f" or {NONE} for sites without one"
        )
    return find_year(reader, int(text))
