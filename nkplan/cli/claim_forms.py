"""The forms of `update --edit` and `add --edit`: claims, and projects with the claim that announces them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from nkplan.cli.claims import Draft
from nkplan.cli.forms import Blocks, FormFault, Line, edit_form, read_fields, write_block
from nkplan.cli.options import ClaimOptions
from nkplan.cli.projects import TypedProject, draft_project
from nkplan.cli.session import notice
from nkplan.cli.updates import TypedUpdate, draft_updates
from nkplan.errors import NkplanError, Unusable
from nkplan.model.batch import Batch
from nkplan.model.vocabulary import Confidence, Evidence, Status
from nkplan.queries.reader import Reader, reading
from nkplan.validation import LISTS

Typed = TypedUpdate | TypedProject

_OF_UPDATE = ("project", "status")
_OF_PROJECT = ("name", "kind", "place", "programme", "year", "id", "type", "status")

_COMMENTS = {
    "project": "Which projects: parts of their ids, separated by commas.",
    "name": "The project's name.",
    "kind": "Such as factory or hospital; by default that of its programme.",
    "place": "A place's name or id.",
    "programme": "Part of a programme's id, and the year of the cohort.",
    "id": "By default made from the name; type is site, cohort or programme.",
    "status": f"What is claimed: {', '.join(Status)}.",
    "on": "When it happened: 24 Nov 2026, 2024, 2024-Q3, 2024-03, 2024-03-15, 2024-03/2024-06 ...; or else:",
    "seen": "when it was seen so.",
    "count": "How many have the status, of how many, in which unit, and how exactly.",
    "figure": "A number that the source states: cost: 12 million USD (2017).",
    "source": "Part of a source's id, or a link; `last` is that of the block above.",
    "title": "Only for a new source:",
    "evidence": f"How it is known: {', '.join(Evidence)}.",
    "confidence": f"One of {', '.join(Confidence)}.",
}
"""What explains the fields of a form."""

_HEAD = """\
# Fill in what the source says. Lines without a value, and lines that begin
# with #, are left out. An empty line begins another claim. A block with `name`
# instead of `project` adds a project, with kind, place, programme, year, id,
# type. Save and leave the editor to record; an empty form records nothing.
"""


def draft_all(typed: Sequence[Typed], today: date, latest: date) -> Callable[[Reader], Draft]:
    """Return what makes the rows of claims and projects as typed, all of them for one change.

    It raises BadInput, NotFound and Ambiguous.
    """
    updates = [one for one in typed if isinstance(one, TypedUpdate)]
    projects = [one for one in typed if isinstance(one, TypedProject)]
    makers = [draft_project(one, today, latest) for one in projects]
    if updates:
        makers.append(draft_updates(updates, today, latest))

    def make(reader: Reader) -> Draft:
        drafts = [maker(reader) for maker in makers]
        # Two blocks can cite one new source, or belong to one new cohort.
        rows: dict[str, Any] = {
            name: tuple(dict.fromkeys(row for draft in drafts for row in getattr(draft.batch, name)))
            for name in LISTS
        }
        return Draft(
            Batch(**rows, typed=True),
            "; ".join(filter(None, (draft.summary for draft in drafts))),
            tuple(dict.fromkeys(remark for draft in drafts for remark in draft.remarks)),
            tuple(doubt for draft in drafts for doubt in draft.doubts),
        )

    return make


def edit_claims(path: Path, typed: Sequence[Typed], today: date, latest: date) -> list[Typed]:
    """Let the user write claims and projects in a form; an empty form has none. Raises Unusable."""

    def read(blocks: Blocks) -> list[Typed]:
        every: list[Typed] = []
        for block in blocks:
            one, lines = _read_block(block, every[-1].options.source if every else None)
            with _naming_line(lines), reading(path) as reader:
                draft_all([*every, one], today, latest)(reader)
            every.append(one)
        return every

    written = [_list_values(one) for one in typed or [TypedUpdate(())]]
    form = "\n".join(write_block(block, {} if at else _COMMENTS) for at, block in enumerate(written))
    content = edit_form(f"{_HEAD}\n{form}", read)
    if content is None:
        notice("the form is empty or as it was; nothing was recorded")
    return content or []


def _list_values(typed: Typed) -> list[tuple[str, str]]:
    if isinstance(typed, TypedUpdate):
        own = [("project", ", ".join(typed.projects)), ("status", typed.status or "")]
    else:
        own = [(name, str(getattr(typed, name) or "")) for name in _OF_PROJECT]
    return [*own, *_list_options(typed.options)]


def _list_options(options: ClaimOptions) -> Iterator[tuple[str, str]]:
    for name, value in options._asdict().items():
        if name == "figure":
            yield from (("figure", one) for one in value or [""])
        else:
            yield name, value or ""


def _read_block(block: Sequence[Line], above: str | None) -> tuple[Typed, dict[str, Line]]:
    """Read a block, and the lines of its fields; `above` is the source before. Raises FormFault."""
    is_project = any(line.key == "name" for line in block)
    read, options, lines = _read_fields(block, _OF_PROJECT if is_project else _OF_UPDATE)
    own: dict[str, Any] = {**read}
    if above and (options.source or "").casefold() == "last":
        options = options._replace(source=above)
    if is_project:
        return TypedProject(**own, options=options), lines
    if "project" not in own:
        raise FormFault(block[0].number, "project is missing; write part of its id")
    projects = tuple(one.strip() for one in own["project"].split(",") if one.strip())
    return TypedUpdate(projects, own.get("status"), options), lines


def _read_fields(
    block: Sequence[Line], own: Sequence[str]
) -> tuple[dict[str, str], ClaimOptions, dict[str, Line]]:
    """Read the values of a block's own fields, the options of its claim, and its lines. Raises FormFault."""
    figures = [line for line in block if line.key == "figure"]
    options = [name for name in ClaimOptions._fields if name != "figure"]
    lines = read_fields([line for line in block if line.key != "figure"], (*own, *options, "figure"))
    values = {name: line.value for name, line in lines.items()}
    own_values = {name: values.pop(name) for name in own if name in values}
    made = ClaimOptions(**values, figure=[line.value for line in figures] or None)
    return own_values, made, lines | {line.key: line for line in figures[:1]}


@contextmanager
def _naming_line(lines: Mapping[str, Line]) -> Iterator[None]:
    """Turn what is wrong with an option into a fault of its line in the form. Raises FormFault."""
    try:
        yield
    except NkplanError as error:
        if isinstance(error, Unusable):
            raise
        sentence = str(error)
        found = re.search(r"--([a-z-]+)|no ([a-z]+) |of [0-9]+ ([a-z]+)s;", sentence)
        key = next(filter(None, found.groups()), "").replace("-", "_") if found else ""
        line = lines.get(key) or next(iter(lines.values()))
        # The form has the names of options without their dashes.
        raise FormFault(line.number, sentence.replace("--", "")) from error
