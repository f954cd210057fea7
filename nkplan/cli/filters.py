"""The options that filter sites in list and report, and how they are read."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from nkplan.cli.completion import complete_place, complete_programme, complete_province
from nkplan.cli.options import Kind, StatusOption
from nkplan.errors import BadInput
from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.vocabulary import ProjectType, Status

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader

NONE = "none"
"""The word that matches sites without a value."""

ProgrammeFilter = Annotated[
    str | None,
    typer.Option(
        "--programme",
        metavar="ID",
        help=f"Only sites of this programme; {NONE} for sites without one.",
        autocompletion=complete_programme,
    ),
]
ProvinceFilter = Annotated[
    str | None,
    typer.Option(
        "--province",
        metavar="NAME",
        help=f"Only sites in this province, by name or id; {NONE} for sites without one.",
        autocompletion=complete_province,
    ),
]
PlaceFilter = Annotated[
    str | None,
    typer.Option(
        "--place",
        metavar="PLACE",
        help="Only sites within this place: its name in any spelling, or its id.",
        autocompletion=complete_place,
    ),
]
YearFilter = Annotated[
    str | None,
    typer.Option("--year", metavar="YEAR", help=f"Only sites of this year; {NONE} for sites without one."),
]


class FilterOptions(NamedTuple):
    """The filters as typed."""

    kind: Kind = None
    status: StatusOption = None
    province: ProvinceFilter = None
    place: PlaceFilter = None
    programme: ProgrammeFilter = None
    year: YearFilter = None


def read_filters(reader: "Reader", words: FilterOptions) -> Filters:
    """Read the filters. A value that does not exist is an error, which lists those that do."""
    if words == FilterOptions():
        return NO_FILTERS
    from nkplan.queries import names

    return Filters(
        kind=None if words.kind is None else names.find_kind(reader, words.kind),
        status=_read_status(words.status),
        province=_or_none(words.province, lambda text: names.find_province(reader, text)),
        places=None
        if words.place is None
        else names.list_within(reader, names.find_place(reader, words.place)),
        programme=_or_none(
            words.programme, lambda text: names.find_project(reader, text, ProjectType.PROGRAMME)
        ),
        year=_read_year(reader, words.year),
    )


def _or_none(text: str | None, find: Callable[[str], str]) -> str | None:
    if text is None:
        return None
    return "" if text.strip().casefold() == NONE else find(text)


def _read_status(text: str | None) -> str | None:
    from nkplan.values import read_word

    try:
        return _or_none(text, lambda word: read_word(word, Status, "status"))
    except ValueError as error:
        raise BadInput(f"--status: {error}") from None


def _read_year(reader: "Reader", text: str | None) -> int | None:
    from nkplan.queries.names import find_year

    if text is None:
        return None
    if text.strip().casefold() == NONE:
        return 0
    if not (text.isascii() and text.strip().isdigit() and len(text.strip()) == 4):
        raise BadInput(f"--year: {text!r} is not a year; write it as 2024, or {NONE} for sites without one")
    return find_year(reader, int(text))
