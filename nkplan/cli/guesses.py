"""What to type instead of a command or a view that does not exist.

Nothing runs on a guess: a refusal names the command that would work.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shlex import split
from typing import TYPE_CHECKING

from nkplan.errors import NkplanError
from nkplan.text import explain_unknown, quote, suggest

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader

_COMMANDS = {
    "atlas": "map",
    "browse": "list",
    "cancel": "undo",
    "correct": "edit",
    "create": "add",
    "delete": "undo",
    "diagram": "chart",
    "dossier": "publish",
    "fix": "edit",
    "find": "search",
    "get": "show",
    "graph": "chart",
    "grep": "search",
    "history": "log",
    "html": "publish",
    "import": "load",
    "info": "show",
    "journal": "log",
    "label": "tag",
    "locations": "map",
    "ls": "list",
    "man": "help",
    "manual": "help",
    "maps": "map",
    "modify": "edit",
    "new": "add",
    "page": "publish",
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
    "web": "publish",
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

_GROUPS = {
    "province": "region",
    "provinces": "region",
    "region": "region",
    "kinds": "kind",
    "years": "year",
    "programmes": "programme",
    "statuses": "status",
}
"""What people take for a view that is a grouping of the progress, and its name."""


_QUESTIONS = {"what", "when", "where", "which", "who", "why", "how", "is", "are", "did", "does", "has", "was"}
"""Words that a question in plain English begins with; the first one of a line is no mistyped command."""

_NEWS = {"latest", "newest", "recent", "events", "news"}


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


def find_picture(word: str) -> str | None:
    """Return the command that draws what a word asks for; None if it asks for no picture."""
    typed = word.casefold()
    command = _COMMANDS.get(typed, typed)
    return command if command in {"map", "chart"} else None


def explain_command(word: str, rest: Sequence[str], commands: Sequence[str], db: Path | None) -> str:
    """Say that there is no such command, and what to type instead with the rest of the line."""
    from nkplan.reports.views import VIEWS

    typed = word.casefold()
    missing = f"there is no command {quote(word)}; write"
    if typed in _COMMANDS or typed in commands:
        return f"{missing} {_join(_COMMANDS.get(typed, typed), *rest)}"
    if typed in _QUESTIONS:
        return f"{missing} {_answer_question([word, *rest])}"
    if typed == "count" and rest:
        return f"{missing} {_join('list', *rest, '--count')}"
    if typed in _NEWS:
        return f"{missing} {_join('list', 'updates', *rest)}"
    near = None if typed in VIEWS or typed in _VIEWS else suggest(typed, commands)
    with _opening(db) as reader:
        words = None if reader is None else _find_words(reader, word, rest)
        # What follows a mistyped command may be a date or a name, too.
        if words is None and reader is not None and near is None:
            command = _reword(reader, [word, *rest])
            if command is not None:
                return f"{missing} {command}"
    if words is None and (typed in VIEWS or typed in _VIEWS):
        words = ("report", _VIEWS.get(typed, typed), *rest)
    if words is None and near is not None:
        words = (near, *rest)
    return explain_unknown("command", word, commands) if words is None else f"{missing} {_join(*words)}"


def _answer_question(words: Sequence[str]) -> str:
    """Return the command for a question: that of the date it ends in, or the list of questions."""
    from nkplan.cli.rewording import find_days
    from nkplan.cli.session import read_today

    day = find_days(words, read_today())
    return "nkplan help questions" if day is None else _join("show", day)


def _reword(reader: "Reader", words: Sequence[str]) -> str | None:
    """Return the command for words of the record and dates; None if there is an option among them."""
    from nkplan.cli.lists import reword
    from nkplan.cli.rewording import find_days
    from nkplan.cli.session import read_today
    from nkplan.queries.settings import read_settings

    if any(one.startswith("-") for one in words):
        return None
    today = read_today()
    if (day := find_days(words, today)) is not None and day == find_days([" ".join(words)], today):
        return _join("show", day)
    return reword(reader, words, read_settings(reader), today)


def explain_view(word: str, views: Sequence[str], db: Path | None) -> str:
    """Say that the report has no such view, and what to type instead."""
    if (group := _GROUPS.get(word.casefold())) is not None:
        return f"there is no view {quote(word)}; write {_join('report', '--by', group)}"
    return _explain_view(word, "report", views, _VIEWS, db)


def explain_chart(word: str, charts: Sequence[str], db: Path | None) -> str:
    """Say that the chart has no such view, and what to type instead, which may be a view of the report."""
    from nkplan.reports.views import VIEWS

    typed = word.casefold()
    if typed in VIEWS and typed not in (*charts, *_CHARTS):
        return f"there is no view {quote(word)} of the chart; write {_join('report', typed)}"
    return _explain_view(word, "chart", charts, _CHARTS, db)


def explain_words(command: str, words: Sequence[str], db: Path | None) -> str:
    """Say which options a command, or a view of one, takes instead of words, none of which it takes."""
    options: tuple[str, ...] | None = None
    with _opening(db) as reader:
        if reader is not None:
            # The name of a place can have several words.
            options = _find_filter(reader, " ".join(words))
            found = [_find_filter(reader, word) for word in words]
            if options is None and all(found):
                options = tuple(part for one in found if one for part in one)
    typed = quote(" ".join(words))
    if options is None:
        return f"{command} takes no words such as {typed}; nkplan {command} --help lists its options"
    return f"{command} takes options; instead of {typed} write {_join(*command.split(), *options)}"


def _explain_view(
    word: str, command: str, views: Sequence[str], usual: Mapping[str, str], db: Path | None
) -> str:
    typed = word.casefold()
    if typed in usual or typed in views:
        return f"there is no view {quote(word)}; write {_join(command, usual.get(typed, typed))}"
    if (picture := find_picture(typed)) not in {None, command}:
        return f"there is no view {quote(word)} of the {command}; write nkplan {picture}"
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
    from nkplan.model.vocabulary import Status
    from nkplan.queries.details import read_detail
    from nkplan.reports.lists import BY_NAME

    if word.casefold() in BY_NAME or find_kind(reader, word) is not None:
        if (command := _reword(reader, [word, *rest])) is not None:
            return tuple(split(command)[1:])
        return ("list", word, *rest)
    if (year := _find_year(reader, word)) is not None:
        return ("list", "--year", year, *rest)
    if word.casefold() in set(map(str, Status)):
        # It may be part of an id, too, such as that of a source on an idle farm.
        return None if rest else ("list", "--status", word.casefold())
    with suppress(NkplanError):
        read_detail(reader, word)
        is_claim = bool(rest) and rest[0].casefold() in set(map(str, Status))
        return ("update", word, *rest) if is_claim else ("show", word)
    return None


def _find_filter(reader: "Reader", word: str) -> tuple[str, ...] | None:
    """Find the filter that is meant by a word of the record: a kind, programme, year, region or place."""
    from nkplan.model.vocabulary import ProjectType
    from nkplan.queries import names

    if (kind := find_kind(reader, word)) is not None:
        return "--kind", kind
    if (year := _find_year(reader, word)) is not None:
        return "--year", year
    # A region is found by its whole name, which can be part of a programme's: Pyongyang, and its flats.
    with suppress(NkplanError):
        names.find_region(reader, word)
        return "--region", word
    with suppress(NkplanError):
        return "--programme", names.find_project(reader, word, ProjectType.PROGRAMME)
    with suppress(NkplanError):
        names.find_place(reader, word)
        return "--place", word
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
