"""Questions about updates and new projects: what one lacks, and the claims of one source, a line each."""

import shlex
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from nkplan.cli.claims import find_missing, sort_words
from nkplan.cli.echo import describe_claim
from nkplan.cli.options import ClaimOptions
from nkplan.cli.projects import TypedProject, read_typed_year
from nkplan.cli.questions import Left, ask, complete_word, confirm, echo_stored
from nkplan.cli.session import notice, print_line, read_typed
from nkplan.cli.updates import TypedUpdate, check_typed, draft_updates
from nkplan.dates import FORMS
from nkplan.errors import Ambiguous, BadInput, NkplanError
from nkplan.model.vocabulary import FIRST, Evidence, ProjectType, Status
from nkplan.queries import names
from nkplan.queries.names import find_project
from nkplan.queries.reader import Reader, reading
from nkplan.text import list_words
from nkplan.values import read_event_date, read_evidence, read_seen_date, read_text, read_word

_STATUSES = tuple(f"{status:<13} {status.meaning}" for status in Status)
_CLASSES = (
    *(f"{one:<13} {one.meaning}" for one in Evidence),
    f"{'none':<13} it counts neither as claimed nor as verified",
)
_NAMES_OF_STATUSES = {str(one): str(one) for one in Status}
_NAMES_OF_CLASSES = {name: str(one) for one in Evidence for name in (one, *one.synonyms)} | {"none": "none"}
_WHAT = (
    "Write a status, and what else the source says of it:",
    *_STATUSES,
    "80%                    a percentage",
    "--promised 2027-10     a date it is promised for",
    '--note "..."           a note',
)
_DATES = (
    f"Write {FORMS}; or in words, as in 24 Nov 2026 or yesterday.",
    "Write `seen 2026-05` if the source only saw it so on that day: it may have happened before.",
)


class Questions:
    """Asks what updates lack; the database is read for each question, never while it waits for an answer."""

    def __init__(self, path: Path, today: date, latest: date) -> None:
        self._path = path
        self._today = today
        self._latest = latest

    def complete(self, typed: list[TypedUpdate], *, asks_source: bool = True) -> None:
        """Ask for what the last update lacks: its project, what is claimed, when, and how it is known.

        If date or class are missing and no source is given, it is asked for first: it may have them. Each
        answer is added at once. Raises Left, and BadInput for an option that cannot be read.
        """
        check_typed(typed[-1], self._today, self._latest, is_whole=False)
        projects = tuple(map(self._settle_project, typed[-1].projects or ("",)))
        typed[-1] = typed[-1]._replace(projects=projects)
        if check_typed(typed[-1], self._today, self._latest, is_whole=False).is_empty:
            typed[-1] = self._ask_what(typed[-1])
        options, missing = typed[-1].options, self._find_missing(typed[-1])
        if missing and asks_source and options.source is None:
            self.ask_source(options, partial(_keep, typed))
            self._ask_day(typed)
            missing = self._find_missing(typed[-1])
        if "on" in missing:
            typed[-1] = typed[-1]._replace(options=self._ask_date(typed[-1]))
        if "evidence" in missing:
            options = typed[-1].options._replace(evidence=self._ask_class())
            typed[-1] = typed[-1]._replace(options=options)

    def ask_source(self, options: ClaimOptions, keep: Callable[[ClaimOptions], None]) -> None:
        """Ask for the source of claims, and about a new link; each answer is kept at once. Raises Left."""

        def read(text: str) -> ClaimOptions:
            cited = options._replace(source=text or None)
            self._find_missing(TypedUpdate((), None, cited))
            return cited

        options = ask(
            "Source (a link, part of an id, last, or empty)",
            read,
            choices=self.list_ids("sources"),
            help_=("Write the link of a new source, part of the id of one on record, or `last`.",),
        )
        keep(options)
        if options.source is None or "://" not in options.source:
            return
        if "on" in self._find_missing(TypedUpdate((), None, options._replace(on=None, seen=None))):
            published = ask(
                "Published (empty if unknown)",
                lambda text: self._read_day(text, read_event_date) if text else None,
                help_=_DATES[:1],
            )
            keep(options := options._replace(published=published))
            title = ask("Title (may stay empty)", lambda text: read_text(text) if text else None)
            keep(options := options._replace(title=title))
            with reading(self._path) as reader:
                is_known = names.find_publisher(reader, options.source or "") is not None
            if not is_known:
                publisher = ask("Publisher (may stay empty)", lambda text: read_text(text) if text else None)
                keep(options._replace(publisher=publisher))

    def _find_missing(self, typed: TypedUpdate) -> tuple[str, ...]:
        with reading(self._path) as reader:
            return find_missing(
                reader, check_typed(typed, self._today, self._latest, is_whole=False), self._today
            )

    def list_ids(self, list_: str) -> Callable[[], Iterable[str]]:
        """Return what lists the ids of a list, for completion."""

        def list_them() -> Iterable[str]:
            with suppress(NkplanError), reading(self._path) as reader:
                return names.list_ids(reader, list_)
            return ()

        return list_them

    def _settle_project(self, typed: str) -> str:
        """Return the id of the project that is meant, asking until it is clear."""
        if typed:
            try:
                return self._find_project(typed)
            except NkplanError as error:
                notice(str(error))
                for line in error.candidates if isinstance(error, Ambiguous) else ():
                    print_line(f"  {line}")
        return ask(
            "Project (Tab completes)",
            self._find_project,
            choices=self.list_ids("projects"),
            help_=("Write part of the id or name of a project, or the name of its place.",),
        )

    def _find_project(self, text: str) -> str:
        if not text:
            raise ValueError("write part of its id or name; Tab completes it, Ctrl-D leaves")
        with reading(self._path) as reader:
            return find_project(reader, text)

    def _ask_what(self, typed: TypedUpdate) -> TypedUpdate:
        def read(text: str) -> TypedUpdate:
            read_ = _read_line(["ID", *_split(text)], typed.options)
            check_typed(read_, self._today, self._latest, is_whole=True)
            return _store_dates(read_, self._today, self._latest)._replace(projects=typed.projects)

        return ask(
            "What is claimed",
            read,
            choices=lambda: (*map(str, Status), "--promised", "--note"),
            help_=_WHAT,
        )

    def _ask_date(self, typed: TypedUpdate | TypedProject, default: str = "") -> ClaimOptions:
        def read(text: str) -> ClaimOptions:
            word, _, rest = text.partition(" ")
            if word.casefold() == "seen":
                read_seen = partial(read_seen_date, is_afterwards=False)
                return typed.options._replace(seen=self._read_day(rest, read_seen))
            return typed.options._replace(on=self._read_day(text, read_event_date))

        only_promised = typed.options.promised is not None and typed.status is None
        question = "When was it said (? explains)" if only_promised else "When did it happen (? explains)"
        return ask(question, read, default=default, help_=_DATES)

    def _read_day(self, text: str, read: Callable[[str, date], str]) -> str:
        """Read a date by its rule, and show how it is stored if it was typed otherwise. Raises ValueError."""
        stored = read(read_typed(text, self._today, self._latest), self._latest)
        echo_stored(text, stored)
        return stored

    def _ask_day(self, typed: list[Any]) -> None:
        """Ask when it happened, by default when the source was published that was asked for."""
        published, one = typed[-1].options.published, typed[-1]
        if published is not None and one.options.on is one.options.seen is None:
            _keep(typed, self._ask_date(one, default=published))

    def _ask_class(self) -> str | None:
        words = (*map(str, Evidence), "none")

        def read(text: str) -> str | None:
            if not text:
                raise ValueError(f"write one of {list_words(words)}")
            word = complete_word(text, "evidence classes", _NAMES_OF_CLASSES, _CLASSES)
            return None if word == "none" else str(read_evidence(word))

        return ask(
            "How is it known (? explains)",
            read,
            choices=lambda: words,
            help_=_CLASSES,
        )

    def complete_project(self, typed: list[TypedProject]) -> None:
        """Ask for what a new project lacks: its name, kind, place and cohort, its date and class."""
        one = typed[0]
        # Who is asked anything is asked where it is; whoever has said everything else may not know.
        lacks = one.kind is None or bool(self._find_missing_of(one))
        asks_all = one.name is None or (one.place is None and one.programme is None and lacks)
        if one.name is None:
            typed[0] = one = one._replace(name=ask("Name", read_text))
        if asks_all:
            one = self._ask_whereabouts(typed)
        if one.kind is None and one.programme is None:
            with reading(self._path) as reader:
                kinds = names.list_kinds(reader)
            kind = self._ask_of_record("Kind (Tab lists)", "", names.find_kind, kinds, is_needed=True)
            typed[0] = one = one._replace(kind=kind)
        if asks_all and one.status is None:
            typed[0] = one = one._replace(
                status=ask(
                    "Status (? explains)",
                    lambda text: str(read_word(_complete_status(text), Status, "status")),
                    default=str(FIRST),
                    choices=lambda: map(str, Status),
                    help_=_STATUSES,
                )
            )
        if one.options.source is None and self._find_missing_of(one):
            self.ask_source(one.options, partial(_keep, typed))
            self._ask_day(typed)
        one = typed[0]
        missing = self._find_missing_of(one)
        if "on" in missing:
            options = self._ask_date(one)
            typed[0] = one = one._replace(options=options)
        if "evidence" in missing:
            typed[0] = one._replace(options=one.options._replace(evidence=self._ask_class()))

    def _find_missing_of(self, typed: TypedProject) -> tuple[str, ...]:
        return self._find_missing(TypedUpdate((), typed.status or str(FIRST), typed.options))

    def _ask_whereabouts(self, typed: list[TypedProject]) -> TypedProject:
        """Ask for the programme, year and place of a project that has none of them."""
        one = typed[0]
        if one.programme is None:
            typed[0] = one = one._replace(
                programme=self._ask_of_record(
                    "Programme (empty if none)",
                    "projects",
                    lambda reader, text: find_project(reader, text, ProjectType.PROGRAMME),
                )
            )
        if one.year is None and one.programme is not None:
            year = ask("Year (empty if none)", lambda text: str(read_typed_year(text)) if text else None)
            typed[0] = one = one._replace(year=year)
        if one.place is None:
            typed[0] = one = one._replace(
                place=self._ask_of_record("Place (empty if unknown)", "places", names.find_place)
            )
        return one

    def _ask_of_record(
        self,
        question: str,
        list_: str,
        find: Callable[[Reader, str], str],
        choices: Sequence[str] = (),
        *,
        is_needed: bool = False,
    ) -> str | None:
        """Ask for something on record, and return its id; an empty answer is none unless one is needed."""

        def read(text: str) -> str | None:
            if not text and not is_needed:
                return None
            with reading(self._path) as reader:
                return find(reader, text)

        return ask(question, read, choices=self.list_ids(list_) if list_ else lambda: choices)


def _complete_status(text: str) -> str:
    return complete_word(text, "statuses", _NAMES_OF_STATUSES, _STATUSES)


def _keep(typed: list[Any], options: ClaimOptions) -> None:
    """Give the last claim that was typed other options."""
    typed[-1] = typed[-1]._replace(options=options)


def ask_project(path: Path, typed: list[TypedProject], today: date, latest: date) -> None:
    """Ask for what a new project lacks. Raises Left."""
    Questions(path, today, latest).complete_project(typed)


def ask_missing(path: Path, typed: list[TypedUpdate], today: date, latest: date) -> None:
    """Ask for what an update lacks. Raises Left, and BadInput for an option that cannot be read."""
    Questions(path, today, latest).complete(typed)


def ask_updates(path: Path, typed: list[TypedUpdate], today: date, latest: date) -> None:
    """Ask for a source, then for a claim a line, and add each to `typed`; review them. Raises Left."""
    questions = Questions(path, today, latest)
    typed.append(TypedUpdate(()))
    questions.ask_source(ClaimOptions(), partial(_keep, typed))
    cited = typed[0].options
    print_line("Write a claim a line: PROJECT STATUS [DATE] [--note TEXT]; an empty line ends.")

    def read(text: str) -> TypedUpdate | None:
        return _store_dates(_read_line(_split(text), cited), today, latest) if text else None

    number = 1
    while (
        one := ask(
            f"Claim {number} (? explains)",
            read,
            choices=lambda: (*questions.list_ids("projects")(), *map(str, Status)),
            help_=("PROJECT is part of a project's id or name.", *_WHAT),
        )
    ) is not None:
        # Until there is a claim, what is kept is the source alone.
        typed[number - 1 :] = [one]
        try:
            questions.complete(typed, asks_source=False)
            with reading(path) as reader:
                draft_updates(typed, today, latest)(reader)
        except NkplanError as error:
            notice(str(error))
            typed[number - 1 :] = [TypedUpdate((), None, cited)] if number == 1 else []
            continue
        number += 1
        # The class that was asked for is that of the next claim of the same source too.
        if typed[-1].options.source == cited.source:
            cited = cited._replace(evidence=typed[-1].options.evidence)
    if number == 1:
        raise Left
    with reading(path) as reader:
        draft = draft_updates(typed, today, latest)(reader)
    for update in draft.batch.updates:
        print_line(f"  {describe_claim(update)}")
    if not confirm(f"Record {len(typed)} claim{'' if len(typed) == 1 else 's'}", default=True):
        raise Left


def _store_dates(typed: TypedUpdate, today: date, latest: date) -> TypedUpdate:
    """Return an update with stored dates, and show each that was typed otherwise. Raises ValueError."""
    stored: dict[str, Any] = {}
    for option in ("on", "seen", "promised", "published", "retrieved"):
        if (text := getattr(typed.options, option)) is not None:
            stored[option] = read_typed(text, today, latest, may_come=option == "promised")
            echo_stored(text, stored[option])
    return typed._replace(options=typed.options._replace(**stored))


def _split(text: str) -> list[str]:
    """Split a line into words as a shell does. Raises ValueError."""
    try:
        return shlex.split(text)
    except ValueError:
        raise ValueError("a quotation mark is not closed; close it") from None


def _read_line(words: list[str], cited: ClaimOptions) -> TypedUpdate:
    """Read a line as the command reads its arguments. Raises BadInput."""
    from typer.exceptions import TyperException

    from nkplan.cli.app import build_command

    try:
        given = build_command("update").make_context("update", words).params
    except TyperException as error:
        raise BadInput(error.format_message()) from None
    if not given["id_"]:
        raise BadInput("a claim begins with a project; write part of its id")
    own = {name: given[name] for name in ClaimOptions._fields if given[name]}
    status, own_words = sort_words(given["words"] or (), ClaimOptions(**own))
    status = status and _complete_status(status)
    same = own_words.source in {None, cited.source}
    said = {name: value for name, value in own_words._asdict().items() if value}
    return TypedUpdate(
        (given["id_"], *(given["also"] or ())), status, cited._replace(**said) if same else own_words
    )
