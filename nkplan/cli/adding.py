"""Adding a row after a noun: its fields are asked for on a terminal, written in a form, or given."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nkplan.cli.changing import echo_dates, explain_faults, make_date_reader, read_changes
from nkplan.cli.claims import Draft, write
from nkplan.cli.forms import Blocks, FormFault, edit_form, read_fields, write_block
from nkplan.cli.nouns import (
    NOUNS,
    PROMISE,
    PROMISED,
    TypedRow,
    check_field,
    draft_row,
    find_missing_fields,
    read_typed_row,
)
from nkplan.cli.questions import ask, complete_word, is_interactive, keeping_typed
from nkplan.cli.session import notice
from nkplan.cli.updates import write_commands
from nkplan.errors import BadFile, NkplanError
from nkplan.formats.written import FieldChange, list_words_of
from nkplan.model.batch import Batch
from nkplan.queries import names
from nkplan.queries.reader import Reader, reading
from nkplan.rows.written import LISTED
from nkplan.values import read_url

if TYPE_CHECKING:
    from nkplan.store.transaction import Recorder

_HEAD = """\
# Fill in what is known; a field without a value is left out. A list has a line
# for each of its parts. Save and leave the editor to record; an empty form
# records nothing.
"""

_COMMENTS = {
    "id": "By default made from the name.",
    "parent": "What it is part of: part of an id, or a name.",
    "source": "Part of a source's id, or a link; `last` is the one cited or added last.",
    PROMISE: f"A number of sites, a line each: {PROMISED}.",
}


class Adding:
    """A row that is added after a noun."""

    def __init__(self, path: Path, today: date, latest: date, recorder: "Recorder") -> None:
        """Add a row; `latest` is the last day on which anything can have happened."""
        self._path = path
        self._today = today
        self._latest = latest
        self._read_date = make_date_reader(today, latest)
        self._recorder = recorder

    def run(self, typed: TypedRow, *, form: bool, dry_run: bool, may_be_doubtful: bool) -> None:
        """Complete what was typed, record it and print it. Raises BadInput, NotFound and Ambiguous."""
        every = [typed]
        with keeping_typed(partial(write_commands, every)):
            if form:
                if (written := self._write_form(typed)) is None:
                    return
                every[0] = written
            elif is_interactive():
                self._ask(every)
            recorded = write(
                self._path,
                self._make(every[0]),
                "add",
                self._recorder,
                dry_run=dry_run,
                may_be_doubtful=may_be_doubtful,
                options={},
            )
        if same := recorded.same["quotas"]:
            which = "1 quota is" if same == 1 else f"{same} quotas are"
            notice(f"{which} on record already; {'it is' if same == 1 else 'they are'} not added again")

    def _make(self, typed: TypedRow) -> Callable[[Reader], Draft]:
        make = draft_row(typed, self._today, self._latest)

        def make_or_explain(reader: Reader) -> Draft:
            try:
                return make(reader)
            except BadFile as error:
                raise explain_faults(error) from error

        return make_or_explain

    def _try(self, typed: TypedRow) -> None:
        """Check a row as recording it would. Raises NkplanError."""
        from nkplan.store.record import record_made

        make = self._make(typed)

        def read_and_make() -> tuple[Batch, str]:
            with reading(self._path) as reader:
                draft = make(reader)
            return draft.batch, draft.summary

        try:
            record_made(self._path, read_and_make, "add", self._recorder, dry_run=True)
        except BadFile as error:
            raise explain_faults(error) from error

    def _ask(self, typed: list[TypedRow]) -> None:
        """Ask for the fields that are missing; if there is only a name, for all that are usual. Raises Left.

        Each answer is added at once.
        """
        noun = NOUNS[typed[0].noun]
        missing = find_missing_fields(typed[0])
        is_bare = len(typed[0].changes) <= 1
        wanted = [one for one in self._list_usual(typed[0]) if one not in missing] if is_bare else []
        order = [noun.head, *noun.asked]
        wanted = sorted({*wanted, *missing}, key=order.index)
        for field in wanted:
            while answer := self._ask_field(typed[0], field, is_needed=field in missing):
                typed[0] = typed[0].add(FieldChange(field, answer))
                if field != PROMISE:
                    break
        if wanted:
            self._ask_more(typed)

    def _list_usual(self, typed: TypedRow) -> list[str]:
        """List the fields that are asked for of a row that has only a name; of a known publisher none."""
        noun = NOUNS[typed.noun]
        usual = [field for field in noun.asked if not typed.list_values(field)]
        if typed.noun == "source" and (urls := typed.list_values("url")):
            with suppress(ValueError), reading(self._path) as reader:
                url = read_url(urls[0])
                if names.find_source_by_url(reader, url):
                    return []
                publisher = names.find_publisher(reader, url)
                known = {"publisher": publisher, "evidence": publisher and publisher.evidence}
                return [field for field in usual if not known.get(field)]
        return usual

    def _ask_field(self, typed: TypedRow, field: str, *, is_needed: bool) -> str:
        noun = NOUNS[typed.noun]

        def read(text: str) -> str:
            if not text:
                if is_needed:
                    raise ValueError(f"{field} is needed; Ctrl-D leaves")
                return ""
            text = complete_word(text, "words", {word: word for word in words}, words)
            with reading(self._path) as reader:
                check_field(reader, noun, field, text, self._today, self._latest)
            (stored,) = echo_dates(noun.list_, [FieldChange(field, text)], self._read_date)
            return stored.value

        empty = "" if is_needed else " (empty ends)" if field == PROMISE else " (empty if none)"
        words = list_words_of(field) if field != "type" or noun.type else []
        help_ = [f"One of {', '.join(words)}."] if words else []
        if field == PROMISE:
            help_ = [f"Write a number of sites, as in {PROMISED}."]
        elif comment := _COMMENTS.get(field):
            help_ = [comment]
        question = field.replace("_", " ").capitalize()
        return ask(f"{question}{empty}", read, choices=lambda: words or self._list_ids(field), help_=help_)

    def _list_ids(self, field: str) -> Iterable[str]:
        lists = {"parent": ("places", "projects"), "source": ("sources",), "project": ("projects",)}
        lists["announcement"] = ("announcements",)
        try:
            with reading(self._path) as reader:
                if field == "kind":
                    return names.list_kinds(reader)
                return [one for name in lists.get(field, ()) for one in names.list_ids(reader, name)]
        except NkplanError:
            return []

    def _ask_more(self, typed: list[TypedRow]) -> None:
        noun = NOUNS[typed[0].noun]

        def read(text: str) -> TypedRow | None:
            added = typed[0].add(*read_changes([text])) if text else typed[0]
            checked = read_typed_row(typed[0].noun, [one.write() for one in added.changes])
            self._try(checked)
            if not text:
                return None
            changes = echo_dates(noun.list_, checked.changes, self._read_date)
            return checked._replace(changes=tuple(changes))

        while (
            more := ask(
                "More (FIELD=VALUE; ? shows the fields, empty ends)",
                read,
                choices=lambda: (f"{field}=" for field in noun.fields),
                help_=(f"The fields are {', '.join(noun.fields)}.",),
            )
        ) is not None:
            typed[0] = more

    def _write_form(self, typed: TypedRow) -> TypedRow | None:
        """Let the user write the row in a form; None for an empty form. Raises Unusable."""
        noun = NOUNS[typed.noun]
        fields = noun.fields
        listed = {*LISTED[noun.list_], PROMISE}

        def read(blocks: Blocks) -> TypedRow:
            if len(blocks) > 1:
                raise FormFault(blocks[1][0].number, "the form is of one row; remove the empty line above")
            read_fields([line for line in blocks[0] if line.key not in listed], fields)
            for line in blocks[0]:
                try:
                    with reading(self._path) as reader:
                        check_field(reader, noun, line.key, line.value, self._today, self._latest)
                except NkplanError as error:
                    raise FormFault(line.number, str(error)) from error
            read_ = TypedRow(typed.noun, tuple(FieldChange(line.key, line.value) for line in blocks[0]))
            self._try(read_)
            return read_

        lines = [(field, value) for field in fields for value in typed.list_values(field) or [""]]
        # What is usual comes first.
        usual = [noun.head, *noun.asked]
        lines.sort(key=lambda line: usual.index(line[0]) if line[0] in usual else len(usual))
        written = edit_form(f"{_HEAD}\n{write_block(lines, _COMMENTS)}", read)
        if written is None:
            notice("the form is empty or as it was; nothing was recorded")
        return written
