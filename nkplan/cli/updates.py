"""Updates as typed: on the command line, in answers to questions, or in a form."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from nkplan.cli.claims import Claim, Draft, complete_claims, find_recorded, read_claim
from nkplan.cli.echo import describe_claim
from nkplan.cli.options import ClaimOptions
from nkplan.cli.session import write_options
from nkplan.doubts import Doubt, find_doubts
from nkplan.errors import BadInput
from nkplan.model.batch import Batch, Update
from nkplan.queries.details import read_states, read_timeline
from nkplan.queries.names import find_project
from nkplan.queries.reader import Reader

if TYPE_CHECKING:
    from nkplan.cli.nouns import TypedRow
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


def check_typed(typed: TypedUpdate, today: date, latest: date, *, is_whole: bool) -> Claim:
    """Read what was typed; if it `is_whole`, nothing more is asked. Raises BadInput."""
    claim = read_claim(typed.options, today, latest, typed.status)
    if is_whole and claim.is_empty:
        raise BadInput("the update is empty; give it a status, --percent, --promised or --note")
    return claim


def draft_updates(typed: Sequence[TypedUpdate], today: date, latest: date) -> Callable[[Reader], Draft]:
    """Return what makes the rows of updates as typed; it raises BadInput, NotFound and Ambiguous."""
    claims = [check_typed(one, today, latest, is_whole=True) for one in typed]

    def make(reader: Reader) -> Draft:
        projects = [
            list(dict.fromkeys(find_project(reader, project) for project in one.projects)) for one in typed
        ]
        completed, sources, publishers, remarks, doubts = complete_claims(reader, claims, today)
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
            publishers=publishers if any(source.id in cited for source in sources) else (),
            # A new source that no new update cites is not recorded.
            sources=tuple(source for source in sources if source.id in cited),
            updates=tuple(updates),
            typed=True,
        )
        summary = "; ".join(map(describe_claim, updates))
        if not updates:
            doubts = ()
        return Draft(batch, summary, (*remarks, *already), (*doubts, *_list_doubts(reader, updates)))

    return make


def _list_doubts(reader: Reader, updates: Sequence[Update]) -> Iterator[Doubt]:
    states = read_states(reader, [update.project for update in updates])
    for update in updates:
        others = [
            entry.update
            for entry in read_timeline(reader, projects=[update.project])
            if entry.retracted is None
        ]
        yield from find_doubts(update, others, states[update.project])


def write_commands(typed: "Sequence[TypedUpdate | TypedProject] | Sequence[TypedRow]") -> str:
    """Return the command line that records what was typed, empty if it was nothing."""
    commands = [one.write() for one in typed]
    return "" if set(commands) <= {"nkplan update", "nkplan add"} else " && ".join(commands)
