"""Updates as typed: on the command line, in answers to questions, or in a form."""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nkplan.cli.claims import Claim, Draft, complete_claims, find_recorded, read_claim
from nkplan.cli.echo import describe_claim
from nkplan.cli.options import ClaimOptions
from nkplan.cli.questions import Left, is_interactive
from nkplan.cli.session import notice, print_line, write_options
from nkplan.doubts import find_doubts
from nkplan.errors import BadInput, NkplanError, Unusable
from nkplan.model.batch import Batch, Update
from nkplan.model.vocabulary import Confidence, Evidence, Status
from nkplan.queries.details import read_states, read_timeline
from nkplan.queries.names import find_project
from nkplan.queries.reader import Reader, reading
from nkplan.written import is_written

if TYPE_CHECKING:
    from nkplan.cli.forms import Line
    from nkplan.cli.projects import TypedProject


class TypedUpdate(NamedTuple):
    """One claim about one or more projects, as typed."""

    projects: tuple[str, ...]
    status: str | None = None
    options: ClaimOptions = ClaimOptions()

    def write(self) -> str:
        """Return the command that records it."""
        first, *more = self.projects or ("",)
        words = ["nkplan", "update", *filter(None, (first, self.status))]
        given = {name: value for name, value in self.options._asdict().items() if value is not None}
        for option in write_options({"also": more, **given}):
            name, _, value = option.partition(" ")
            words += [name, value] if value else [name]
        return shlex.join(words)


def check_typed(typed: TypedUpdate, latest: date, *, is_whole: bool) -> Claim:
    """Read what was typed; if it `is_whole`, nothing more is asked. Raises BadInput."""
    claim = read_claim(typed.options, latest, typed.status)
    if is_whole and claim.is_empty:
        raise BadInput("the update is empty; give it a status, --percent, --promised or --note")
    return claim


def draft_updates(typed: Sequence[TypedUpdate], today: date, latest: date) -> Callable[[Reader], Draft]:
    """Return what makes the rows of updates as typed; it raises BadInput, NotFound and Ambiguous."""
    claims = [check_typed(one, latest, is_whole=True) for one in typed]

    def make(reader: Reader) -> Draft:
        projects = [
            list(dict.fromkeys(find_project(reader, project) for project in one.projects)) for one in typed
        ]
        completed, sources, remarks = complete_claims(reader, claims, today)
        updates: list[Update] = []
        already: list[str] = []
        for ids, complete in zip(projects, completed, strict=True):
            about = [complete._replace(project=project) for project in ids]
            known = find_recorded(reader, about)
            updates += (update for update in about if update.project not in known)
            already += (
                f"{project} has this update already, as {same}; it is not recorded again"
                for project, same in known.items()
            )
        cited = {update.source for update in updates}
        batch = Batch(
            # A new source that no new update cites is not recorded.
            sources=tuple(source for source in sources if source.id in cited),
            updates=tuple(updates),
            typed=True,
        )
        summary = "; ".join(map(describe_claim, updates))
        return Draft(batch, summary, (*remarks, *already), tuple(_list_doubts(reader, updates)))

    return make


def _list_doubts(reader: Reader, updates: Sequence[Update]) -> Iterator[str]:
    states = read_states(reader, [update.project for update in updates])
    for update in updates:
        others = [
            entry.update
            for entry in read_timeline(reader, projects=[update.project])
            if entry.retracted is None
        ]
        yield from find_doubts(update, others, states[update.project])


@contextmanager
def keeping_typed(typed: "Sequence[TypedUpdate] | Sequence[TypedProject]") -> Iterator[None]:
    """If the user leaves the questions, print what was typed as a command line. Raises KeyboardInterrupt."""
    try:
        yield
    except KeyboardInterrupt as leaving:
        if is_written() or not is_interactive():
            raise
        if typed:
            notice("nothing was recorded; to go on from here:")
            print_line(" && ".join(one.write() for one in typed))
        elif isinstance(leaving, Left):
            notice("nothing was recorded")
        raise


_COMMENTS = {
    "project": "Which projects: parts of their ids, separated by commas.",
    "status": f"One of {', '.join(Status)}.",
    "on": "When it happened: 2024, 2024-Q3, 2024-03, 2024-03-15, 2024-03/2024-06 ...; or else:",
    "seen": "when it was seen so.",
    "count": "How many have the status, of how many, in which unit, and how exactly.",
    "figure": "A number that the source states: cost: 12 million USD (2017).",
    "source": "Part of a source's id, or a link; `last` is that of the update before.",
    "title": "Only for a new source:",
    "evidence": f"How it is known: {', '.join(Evidence)}.",
    "confidence": f"One of {', '.join(Confidence)}.",
}
"""What explains the fields of the form."""

_HEAD = """\
# Fill in what the source says. Lines without a value, and lines that begin with #, are left out.
# An empty line begins another update. Save and leave the editor to record; an empty form records nothing.
"""


def edit_updates(path: Path, typed: Sequence[TypedUpdate], today: date, latest: date) -> list[TypedUpdate]:
    """Let the user write updates in a form; an empty form is no update. Raises Unusable."""
    from nkplan.cli.forms import Blocks, edit_form, write_block

    def read(blocks: Blocks) -> list[TypedUpdate]:
        every: list[TypedUpdate] = []
        for block in blocks:
            before = every[-1].options.source if every else None
            one, lines = _read_block(block, before)
            with _naming_line(lines), reading(path) as reader:
                draft_updates([*every, one], today, latest)(reader)
            every.append(one)
        return every

    values = [_list_values(one) for one in typed or [TypedUpdate(())]]
    form = "\n".join(write_block(block, _COMMENTS if not at else {}) for at, block in enumerate(values))
    written = edit_form(f"{_HEAD}\n{form}", read)
    if written is None:
        notice("the form is empty or as it was; nothing was recorded")
    return written or []


def _list_values(typed: TypedUpdate) -> list[tuple[str, str]]:
    options = typed.options._asdict()
    figures = options.pop("figure") or [""]
    values = [("project", ", ".join(typed.projects)), ("status", typed.status or "")]
    for name, value in options.items():
        values.append((name, value or ""))
        if name == "bound":
            values += (("figure", one) for one in figures)
    return values


def _read_block(block: "Sequence[Line]", before: str | None) -> tuple[TypedUpdate, "dict[str, Line]"]:
    """Read a block of a form: an update, and the lines of its fields. Raises FormFault."""
    from nkplan.cli.forms import FormFault, read_fields

    figures = [line for line in block if line.key == "figure"]
    lines = read_fields(
        [line for line in block if line.key != "figure"],
        ("project", "status", *(name for name in ClaimOptions._fields if name != "figure")),
    )
    if "project" not in lines:
        raise FormFault(block[0].number, "project is missing; write part of its id")
    values = {name: line.value for name, line in lines.items()}
    projects = tuple(one.strip() for one in values.pop("project").split(",") if one.strip())
    status = values.pop("status", None)
    if before and values.get("source", "").casefold() == "last":
        values["source"] = before
    options = ClaimOptions(**values, figure=[line.value for line in figures] or None)
    return TypedUpdate(projects, status, options), lines | {line.key: line for line in figures[:1]}


@contextmanager
def _naming_line(lines: "Mapping[str, Line]") -> Iterator[None]:
    """Turn what is wrong with an option into a fault of its line in the form. Raises FormFault."""
    from nkplan.cli.forms import FormFault

    try:
        yield
    except NkplanError as error:
        if isinstance(error, Unusable):
            raise
        name, _, rest = str(error).partition(":")
        key = name.removeprefix("--").replace("-", "_").casefold()
        line = lines.get(key) or lines["project"]
        sentence = rest.strip() if key in lines and rest else str(error)
        raise FormFault(line.number, sentence) from error
