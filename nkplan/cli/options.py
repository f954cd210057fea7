"""The options that several commands have, each written once."""

import functools
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from nkplan.cli.completion import (
    complete_evidence,
    complete_kind,
    complete_place,
    complete_programme,
    complete_project,
    complete_source,
    complete_status,
    complete_thing,
    complete_words,
)
from nkplan.errors import BadInput
from nkplan.model.vocabulary import COMPLETION, START, Bound, Confidence, Evidence, Status
from nkplan.render.formats import Format
from nkplan.text import quote


def count_reader(option: str) -> Callable[[str], int]:
    """Return a function that reads a whole number, 0 or more, for an option, which messages name."""

    def read(text: str) -> int:
        # `int` reads other digits too, and underscores; it refuses thousands of digits.
        if not re.fullmatch(r"\s*\+?[0-9]{1,300}\s*", text):
            raise BadInput(f"{option}: {quote(text)} is not possible; write a whole number, 0 or more")
        return int(text)

    return read


def _fall_back(context: typer.Context, parameter: typer.CallbackParam, value: Any) -> Any:
    """Return an option's value, or else that of the option with this name before the command."""
    return value or context.find_root().params.get(str(parameter.name))


Db = Annotated[
    Path | None,
    typer.Option(
        "--db",
        metavar="FILE",
        # The code that opens it reports whether it can be read.
        readable=False,
        callback=_fall_back,
        help="The database to use.",
    ),
]
NoPager = Annotated[
    bool,
    typer.Option("--no-pager", callback=_fall_back, help="Do not use a pager, however long the output is."),
]
SCREEN_LIMIT = 50
"""The most lines printed on a terminal if no limit is given."""

Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        metavar="N",
        parser=count_reader("--limit"),
        help=f"At most N lines, 0 for all; by default {SCREEN_LIMIT} on a terminal.",
    ),
]
_TEXTS = [one for one in Format if not one.is_picture]

FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format",
        "-f",
        metavar=f"<{'|'.join(_TEXTS)}>",
        autocompletion=complete_words(_TEXTS),
        help="The output format; by default a table on a terminal, else tsv.",
    ),
]
PictureFormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format",
        "-f",
        help="The output format; by default the picture on a terminal, else its numbers as tsv.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        readable=False,
        help="Write to this file; its ending selects the format.",
    ),
]
Exact = Annotated[
    bool,
    typer.Option(
        "--exact", help="In CSV, do not put ' before a value that a spreadsheet would run as a formula."
    ),
]
AsciiOnly = Annotated[
    bool,
    typer.Option(
        "--ascii", help="Draw with ASCII signs alone, for a font that lacks others or draws them wide."
    ),
]
Edit = Annotated[
    bool, typer.Option("--edit", help="Write it in a form in your editor (VISUAL, else EDITOR).")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether a doubtful claim is meant.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, but change nothing.")]
Sure = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, however many rows it is about.")]

AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Show what was true on this day, by what is known today."),
]
KnownOn = Annotated[
    str | None,
    typer.Option("--known-on", metavar="DATE", help="Show what was known on this day, as published by then."),
]

ProjectId = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="A project: any unambiguous part of its id.", autocompletion=complete_project
    ),
]
ThingId = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="A project, announcement, place, source, publisher: part of its id, LIST/ID, or a place's name.",
        autocompletion=complete_thing,
    ),
]
Kind = Annotated[
    str | None,
    typer.Option(
        "--kind", metavar="KIND", help="The kind, such as factory or hospital.", autocompletion=complete_kind
    ),
]
PlaceOption = Annotated[
    str | None,
    typer.Option(
        "--place", metavar="PLACE", help="Where it is: a place's name or id.", autocompletion=complete_place
    ),
]
ProgrammeOption = Annotated[
    str | None,
    typer.Option(
        "--programme", metavar="ID", help="The programme it belongs to.", autocompletion=complete_programme
    ),
]
StatusOption = Annotated[
    str | None,
    typer.Option(
        "--status",
        metavar="STATUS",
        help=f"The status claimed: one of {', '.join(Status)}.",
        autocompletion=complete_status,
    ),
]
On = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="DATE",
        help="When it happened: yesterday, 24 Nov 2026, 2024, 2024-H1, 2024-Q3, 2024-03, 2024-03-15 or an"
        " interval 2024-03/2024-06;"
        " by default, when its source was published.",
    ),
]
Seen = Annotated[
    str | None,
    typer.Option(
        "--seen",
        metavar="DATE",
        help="When it was seen so; an opening or groundbreaking then happened at some time up to this day.",
    ),
]
Percent = Annotated[
    str | None, typer.Option("--percent", metavar="0..100", help="The percentage claimed to be done.")
]
Promised = Annotated[
    str | None, typer.Option("--promised", metavar="DATE", help="The date it is promised for.")
]
PromisedStatus = Annotated[
    str | None,
    typer.Option(
        "--promised-status",
        metavar="STATUS",
        help=f"The stage promised for that date: {START}, {COMPLETION} (the default) or operating.",
        autocompletion=complete_words((START, COMPLETION, "operating")),
    ),
]
Count = Annotated[
    str | None, typer.Option("--count", metavar="N", help="How many of a programme's sites have the status.")
]
Of = Annotated[str | None, typer.Option("--of", metavar="N", help="Of how many the count is.")]
Unit = Annotated[
    str | None, typer.Option("--unit", metavar="TEXT", help="What is counted, if not sites: beds, MW, homes.")
]
BoundOption = Annotated[
    str | None,
    typer.Option(
        "--bound",
        metavar="WORD",
        help=f"How exact the count is: {', '.join(Bound)}.",
        autocompletion=complete_words(Bound),
    ),
]
FigureOption = Annotated[
    list[str] | None,
    typer.Option(
        "--figure",
        metavar="TEXT",
        help='A number that the source states, as in "cost: 12 million USD (2017)"; can be repeated.',
    ),
]
Speaker = Annotated[str | None, typer.Option("--speaker", metavar="TEXT", help="Who said it.")]
Note = Annotated[
    str | None, typer.Option("--note", metavar="TEXT", help="What the source says, in a sentence.")
]
SourceOption = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="ID|URL",
        help="The source: part of its id, a link, or `last` for the one cited or added last.",
        autocompletion=complete_source,
    ),
]
Title = Annotated[str | None, typer.Option("--title", metavar="TEXT", help="The title of a new source.")]
Publisher = Annotated[
    str | None, typer.Option("--publisher", metavar="TEXT", help="The publisher of a new source.")
]
Published = Annotated[
    str | None, typer.Option("--published", metavar="DATE", help="The publication date of a new source.")
]
Retrieved = Annotated[
    str | None,
    typer.Option(
        "--retrieved",
        metavar="DATE",
        help="When a new source was read; by default today, if it has no date of publication.",
    ),
]
Archive = Annotated[
    str | None, typer.Option("--archive", metavar="URL", help="An archived copy of a new source.")
]
EvidenceOption = Annotated[
    str | None,
    typer.Option(
        "--evidence",
        metavar="CLASS",
        help=f"How it is known: {', '.join(Evidence)};"
        " by default, the usual class of the source or its publisher.",
        autocompletion=complete_evidence,
    ),
]
ConfidenceOption = Annotated[
    str | None,
    typer.Option(
        "--confidence",
        metavar="LEVEL",
        help=f"The confidence in the claim: {', '.join(Confidence)}.",
        autocompletion=complete_words(Confidence),
    ),
]


class ClaimOptions(NamedTuple):
    """What is claimed, how it is known, and what describes a new source, as typed."""

    on: On = None
    seen: Seen = None
    percent: Percent = None
    promised: Promised = None
    promised_status: PromisedStatus = None
    count: Count = None  # type: ignore[assignment]  # It hides the method of a tuple.
    of: Of = None
    unit: Unit = None
    bound: BoundOption = None
    figure: FigureOption = None
    speaker: Speaker = None
    source: SourceOption = None
    title: Title = None
    publisher: Publisher = None
    published: Published = None
    retrieved: Retrieved = None
    archive: Archive = None
    evidence: EvidenceOption = None
    confidence: ConfidenceOption = None
    note: Note = None


class OutputOptions(NamedTuple):
    """The format of the output and where it goes."""

    format_: FormatOption = None
    output: Output = None
    exact: Exact = False
    no_pager: NoPager = False


class PictureOptions(NamedTuple):
    """The same for a command that draws; its output may be a picture."""

    format_: PictureFormatOption = None
    output: Output = None
    exact: Exact = False
    no_pager: NoPager = False


class MomentOptions(NamedTuple):
    """The days for which to show what was true and what was known, as typed."""

    as_of: AsOf = None
    known_on: KnownOn = None


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take related options as one value.

    Typer sees a parameter annotated with a NamedTuple of options as the options of its fields, in the same
    position and with their defaults; the command is called with a value built from them. Parameters are
    passed by name, so that one with a default may precede one without.
    """
    groups: dict[str, Any] = {}
    parameters = []
    for parameter in inspect.signature(command).parameters.values():
        group = parameter.annotation
        if not hasattr(group, "_field_defaults"):
            parameters.append(parameter)
            continue
        groups[parameter.name] = group
        for name, annotation in group.__annotations__.items():
            default = group._field_defaults[name]
            parameters.append(
                inspect.Parameter(name, parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            )

    @functools.wraps(command)
    def run(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field: given.pop(field) for field in group._fields if field in given})
        command(**given)

    # Typer reads these two attributes of a command.
    run.__dict__["__signature__"] = inspect.Signature(parameters)
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
