"""Correcting a row: what to change in it, asked for on a terminal, written in a form, or given."""

import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from nkplan.cli.changing import (
    describe_edited,
    echo_dates,
    explain_faults,
    find_stray,
    make_date_reader,
    read_changes,
    summarise,
)
from nkplan.cli.echo import reporting_write, say
from nkplan.cli.forms import Blocks, FormFault, edit_form, read_blocks, read_fields, write_block
from nkplan.cli.questions import ask, keeping_typed
from nkplan.cli.session import notice, print_line
from nkplan.errors import BadFile, BadInput
from nkplan.formats.written import FieldChange, change_fields, list_fields
from nkplan.formats.written import read_fields as read_written
from nkplan.layout.labels import NO_LABELS, Labels
from nkplan.queries.reader import reading
from nkplan.queries.rows import find_row, read_row
from nkplan.queries.settings import read_settings
from nkplan.rows.written import LISTED, write_fields
from nkplan.text import clean

if TYPE_CHECKING:
    from nkplan.store.edit import Edited
    from nkplan.store.transaction import Recorder

_HEAD = """\
# Correct what is wrong; a field without a value is left out. A list has a line
# for each of its parts. Save and leave the editor to record; a form left as it
# was records nothing.
"""


class Correction:
    """A row to be corrected: what to change in it is asked for, written in a form, or given."""

    def __init__(self, path: Path, id_: str, today: date, latest: date, recorder: "Recorder") -> None:
        """Correct the row that the id means; `latest` is the last day on which anything can have happened."""
        self._path = path
        self._id = id_
        self._latest = latest
        self._read_date = make_date_reader(today, latest)
        self._recorder = recorder
        self._labels = NO_LABELS
        self._remarks: tuple[str, ...] = ()

    def record(self, wanted: Sequence[FieldChange], *, dry_run: bool) -> None:
        """Record changes, and print them. Raises BadInput and BadFile for what is wrong with them."""
        try:
            edited = self._edit(wanted, dry_run=dry_run)
        except BadFile as error:
            raise explain_faults(error) from error
        with reporting_write(dry_run=dry_run or edited.is_empty):
            for remark in self._remarks:
                notice(remark)
            say(describe_edited(edited, self._labels))
        if edited.is_empty:
            notice(f"nothing to change: {summarise(edited)} is as given already")
        elif dry_run:
            notice("dry run: nothing was recorded")

    def refuse_empty(self) -> NoReturn:
        """Refuse to change nothing, and say what can be changed. Raises BadInput."""
        name, _ = self._choose()
        fields = ", ".join(list_fields(name))
        raise BadInput(
            f"nothing is given to change; write FIELD=VALUE, as in note=... (its fields are {fields})"
        )

    def ask(self) -> list[FieldChange]:
        """Show the fields of the row, and ask for changes until an empty answer. Raises Left."""
        name, row = self._read()
        shown = tuple(f"{field}: {value}" for field, value in write_fields(name, row))
        for line in shown:
            print_line(f"  {clean(line)}")
        words: list[str] = []

        def read(text: str) -> list[str]:
            added = [text] if text else []
            try:
                self._edit(read_changes([*words, *added]), dry_run=True)
            except BadFile as error:
                raise explain_faults(error) from error
            return [one.write() for one in echo_dates(name, read_changes(added), self._read_date)]

        def write() -> str:
            return shlex.join(["nkplan", "edit", self._id, *words]) if words else ""

        with keeping_typed(write):
            while added := ask(
                "Change (FIELD=VALUE; ? shows the fields, empty ends)",
                read,
                choices=lambda: (f"{field}=" for field in list_fields(name)),
                help_=(*shown, f"The fields are {', '.join(list_fields(name))}."),
            ):
                words += added
        return read_changes(words)

    def write_form(self) -> list[FieldChange]:
        """Let the user correct the row in a form, and return what is changed in it. Raises Unusable."""
        name, row = self._read()
        written = write_fields(name, row)
        fields = list_fields(name)
        # As a form gives it back: without the spaces that the lines of a text begin and end with.
        unchanged = [line for block in read_blocks(write_block(written, {})) for line in block]

        def read(blocks: Blocks) -> list[FieldChange]:
            if len(blocks) > 1:
                raise FormFault(blocks[1][0].number, "the form is of one row; remove the empty line above")
            lines = read_fields([line for line in blocks[0] if line.key not in LISTED[name]], fields)
            lines |= {line.key: line for line in reversed(blocks[0])}
            changes: list[FieldChange] = []
            for field in fields:
                values = [line.value for line in blocks[0] if line.key == field]
                if values != [line.value for line in unchanged if line.key == field]:
                    changes += [FieldChange(field, value) for value in values or [""]]
            try:
                self._edit(changes, dry_run=True)
            except BadFile as error:
                fault = error.faults[0]
                at = lines.get(fault.field) or blocks[0][0]
                raise FormFault(at.number, str(fault)) from error
            return changes

        lines = [
            one
            for field in fields
            for one in ([pair for pair in written if pair[0] == field] or [(field, "")])
        ]
        changes = edit_form(f"{_HEAD}\n{write_block(lines, {})}", read)
        if changes is None:
            notice("the form is empty or as it was; nothing was recorded")
        return changes or []

    def _edit(self, wanted: Sequence[FieldChange], *, dry_run: bool) -> "Edited":
        from nkplan.store.edit import edit

        def change(name: str, row: Any) -> Any:
            stray = dict(find_stray(name, row, wanted))
            own = [one for one in wanted if one not in stray]
            written, faults = change_fields(name, write_fields(name, row), own)
            faults += stray.values()
            changed, more = (
                (None, []) if faults else read_written(name, written, self._latest, row, self._read_date)
            )
            if faults or more:
                raise BadFile("", (*faults, *more))
            return changed

        return edit(self._path, self._choose, change, summarise, self._recorder, dry_run=dry_run)

    def _choose(self) -> tuple[str, str]:
        # Only SQLite may open the file here: closing any other descriptor would release the writer's lock.
        with reading(self._path) as reader:
            found = find_row(reader, self._id)
            self._labels = Labels(read_settings(reader).labels)
            self._remarks = tuple(reader.remarks)
        return found

    def _read(self) -> tuple[str, Any]:
        with reading(self._path) as reader:
            name, key = find_row(reader, self._id)
            return name, read_row(reader, name, key)
