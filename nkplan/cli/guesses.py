"""What to type instead of a command or a view that does not exist.

Nothing runs on a guess: a refusal names the command that would work.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nkplan.errors import NkplanError
from nkplan.text import explain_unknown, quote, suggest

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader

_COMMANDS = {
    "browse": "list",
    "cancel": "undo",
    "correct": "edit",
    "create": "add",
    "delete": "undo",
    "diagram": "chart",
    "fix": "edit",
    "find": "search",
    "get": "show",
    "graph": "chart",
    "grep": "search",
    "history": "log",
    "import": "load",
    "info": "show",
    "journal": "log",
    "label": "tag",
    "ls": "list",
    "man": "help",
    "manual": "help",
    "modify": "edit",
    "new": "add",
    "plot": "chart",
    "progress": "report",
    "record": "update",
    "remove": "undo",
    "retract": "undo",
    "revert": "undo",
    "rm": "undo",
    "save": "backup",
    "set": "edit",
    "stats": "report",
    "status": "show",
    "summary": "report",
    "verify": "check",
    "view": "show",
}
"""What people call a command, and its name."""

_VIEWS = {
    "announcements": "promises",
    "behind": "pace",
    "broken": "overdue",
    "contradictions": "conflicts",
    "delayed": "overdue",
    "delays": "slips",
    "diff": "changes",
    "forecast": "pace",
    "gaps": "missing",
    "idle": "use",
    "late": "overdue",
    "news": "changes",
    "postponed": "slips",
    "regions": "coverage",
    "speed": "pace",
    "stale": "silent",
    "summary": "progress",
    "todo": "next",
    "unused": "use",
}
"""What people call a view of the report, and its name."""


_CHARTS = {
    "classes": "evidence",
    "openings": "sites",
    "promises": "progress",
    "slips": "sites",
    "sources": "evidence",
    "summary": "progress",
    "timeline": "sites",
    "updates": "evidence",
}
"""What people call a view of the chart, and its name."""


def explain_command(word: str, rest: Sequence[str], commands: Sequence[str], db: Path | None) -> str:
    """Say that there is no such command, and what to type instead with the rest of the line."""
    typed = word.casefold()
    instead = _COMMANDS.get(typed) or suggest(typed, commands)
    if typed in _COMMANDS or typed in commands:
        return f"there is no command {quote(word)}; write {_join(instead or typed, *rest)}"
    with _opening(db) as reader:
        words = None if reader is None else _find_words(reader, word, rest)
    if words is None:
        if instead is None:
            return explain_unknown("command", word, commands)
        words = (instead, *rest)
    return f"there is no command {quote(word)}; write {_join(*words)}"


def explain_view(word: str, views: Sequence[str], db: Path | None) -> str:
    """Say that the report has no such view, and what to type instead."""
    return _explain_view(word, "report", views, _VIEWS, db)


def explain_chart(word: str, charts: Sequence[str], db: Path | None) -> str:
    """Say that the chart has no such view, and what to type instead, which may be a view of the report."""
    from nkplan.reports.views import VIEWS

    typed = word.casefold()
    if typed in VIEWS and typed not in (*charts, *_CHARTS):
        return f"there is no view {quote(word)} of the chart; write {_join('report', typed)}"
    return _explain_view(word, "chart", charts, _CHARTS, db)


def _explain_view(
    word: str, command: str, views: Sequence[str], usual: Mapping[str, str], db: Path | None
) -> str:
    typed = word.casefold()
    if typed in usual or typed in views:
        return f"there is no view {quote(word)}; write {_join(command, usual.get(typed, typed))}"
    with _opening(db) as reader:
        option = None if reader is None else _find_filter(reader, word)
    if option is None and (near := suggest(typed, views)) is not None:
        option = (near,)
    if option is not None:
        return f"there is no view {quote(word)}; write {_join(command, *option)}"
    return explain_unknown("view", word, views)


def _join(*words: str) -> str:
    from shlex import join

    return f"nkplan {join(words)}"


@contextmanager
def _opening(db: Path | None) -> "Iterator[Reader | None]":
    """Open the database to look a word up; None if there is none that can be read: nothing is created."""
    from nkplan.cli.session import database_path
    from nkplan.database import is_new
    from nkplan.queries.reader import reading

    with suppress(NkplanError):
        path = database_path(db)
        if not is_new(path):
            with reading(path) as reader:
                yield reader
                return
    yield None


def _find_words(reader: "Reader", word: str, rest: Sequence[str]) -> tuple[str, ...] | None:
    """Find the command that is meant by a word of the record: a kind, or the id of anything."""
    from nkplan.queries.details import read_detail
    from nkplan.reports.lists import BY_NAME

    if word.casefold() in BY_NAME or find_kind(reader, word) is not None:
        return ("list", word, *rest)
    if (year := _find_year(reader, word)) is not None:
        return ("list", "--year", year, *rest)
    with suppress(NkplanError):
        read_detail(reader, word)
        return ("show", word)
    return None


def _find_filter(reader: "Reader", word: str) -> tuple[str, ...] | None:
    """Find the filter that is meant by a word of the record: a kind, programme, year, region or place."""
    from nkplan.model.vocabulary import ProjectType
    from nkplan.queries import names

    if (kind := find_kind(reader, word)) is not None:
        return "--kind", kind
    if (year := _find_year(reader, word)) is not None:
        return "--year", year
    with suppress(NkplanError):
        return "--programme", names.find_project(reader, word, ProjectType.PROGRAMME)
    for option, find in (("--region", names.find_region), ("--place", names.find_place)):
        with suppress(NkplanError):
            find(reader, word)
            return option, word
    return None


def find_kind(reader: "Reader", word: str) -> str | None:
    """Find the kind that a word names, in the singular or plural."""
    from nkplan.queries.names import list_kinds
    from nkplan.reports.lists import make_plural

    typed = word.strip().casefold().replace(" ", "-")
    return next(
        (one for one in list_kinds(reader) if typed in {one.casefold(), make_plural(one.casefold())}), None
    )


def _find_year(reader: "Reader", word: str) -> str | None:
    """Find the year that a word is, if sites are of it."""
    from nkplan.queries import names

    if word.isascii() and word.isdigit() and len(word) == 4:
        with suppress(NkplanError):
            return str(names.find_year(reader, int(word)))
    return None
