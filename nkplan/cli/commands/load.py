"""`nkplan load`: record a file in the format nkplan/1."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from nkplan.cli.options import Db, DryRun
from nkplan.cli.session import make_recorder, notice, prepare_database, read_today
from nkplan.errors import BadFile, BadInput, Unusable
from nkplan.model.batch import Batch
from nkplan.text import clean

if TYPE_CHECKING:
    from nkplan.store.record import Recorded, ReportProgress

_READ_AT_ONCE = 1 << 20

LARGEST_FILE = 512 << 20
"""The most bytes that a file read whole may have."""


def run(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A file in the format nkplan/1, or - for standard input.")
    ],
    bare: Annotated[
        bool,
        typer.Option("--bare", help="Load into a new database, without the record that comes with nkplan."),
    ] = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Load announcements, projects and updates from a file: all of it, or nothing.

    \b
    nkplan load updates.json --dry-run
    nkplan load - < updates.json
    nkplan --db other.db load record.json --bare
    """
    from nkplan.cli.echo import MOST_LINES, count_rows, describe_state_changes, reporting_write, say

    name = "standard input" if file == "-" else file
    with _open(file) as content:
        try:
            recorded = _record(content, file, name, db, bare=bare, dry_run=dry_run)
        except BadFile as error:
            raise BadFile(f"{name}: {error}", error.faults, error.more) from error
    there = f"already recorded: {count_rows(recorded.same.items())}"
    if any(recorded.retracted.values()):
        there += f", including {count_rows(recorded.retracted.items())} retracted and not put back"
    if recorded.is_empty:
        say(
            [
                f"{name}: nothing new; {there}"
                if recorded.same
                else f"{name}: there are no rows in it; nothing changed"
            ]
        )
        return
    verb = "would be recorded" if dry_run else "recorded"
    new = count_rows(recorded.numbers.items())
    with reporting_write(dry_run=dry_run):
        say([f"{name}: {verb}: {new}" + (f"; {there}" if recorded.same else "")])
        if recorded.changed > MOST_LINES:
            say([f"{recorded.changed} projects changed"])
        else:
            say(describe_state_changes(recorded.state_changes))
    if dry_run:
        notice("dry run: nothing was recorded")


def _record(
    content: BinaryIO, file: str, name: str, db: Path | None, *, bare: bool, dry_run: bool
) -> "Recorded":
    """Record the content of a file: JSON Lines if it looks like that, else JSON."""
    from nkplan.cli.echo import MOST_LINES
    from nkplan.store.record import record

    path = prepare_database(db, bare=bare)
    with ExitStack() as stack:
        report_progress = stack.enter_context(_show_progress())
        batch = _read(content, file, name, stack, report_progress)
        return record(
            path,
            batch,
            "load",
            make_recorder(),
            # A file name may contain any bytes, and the journal is shown on a screen.
            summary=clean(f"{name}: {batch.about}" if batch.about else name),
            dry_run=dry_run,
            most_changes=MOST_LINES,
            report_progress=report_progress,
        )


def _read(
    content: BinaryIO, file: str, name: str, stack: ExitStack, report_progress: "ReportProgress"
) -> Batch:
    from nkplan.formats import json, jsonl

    start = content.tell() if content.seekable() else None
    first = content.readline(jsonl.LONGEST_LINE + 1)
    if file.casefold().endswith(".jsonl") or jsonl.is_lines(first):
        if start is None:
            content = _keep(first, content, name, stack, report_progress)
        else:
            content.seek(start)
        return jsonl.read_file(content, read_today(), lambda share: report_progress("reading", share))
    return json.read_file(_read_whole(first, content, name), read_today())


def _read_whole(first: bytes, rest: BinaryIO, name: str) -> bytes:
    # The size of a pipe is not known until that much has been read.
    size = _measure(rest) or 0
    whole = b"" if size > LARGEST_FILE else first + rest.read(LARGEST_FILE + 1 - len(first))
    if max(size, len(whole)) > LARGEST_FILE:
        raise BadInput(
            f"{name} is larger than {LARGEST_FILE >> 20} MiB, and JSON is read whole; write it as JSON Lines"
            " (as `nkplan export -f jsonl` does), which is read line by line"
        )
    return whole


def _keep(
    first: bytes, rest: BinaryIO, name: str, stack: ExitStack, report_progress: "ReportProgress"
) -> BinaryIO:
    """Copy what can be read only once to a temporary file, to read it again. Raises Unusable."""
    try:
        kept = stack.enter_context(TemporaryFile())  # noqa: SIM115
        kept.write(first)
        # A line at a time, so that on a terminal one Ctrl-D ends the input.
        while part := rest.readline(_READ_AT_ONCE):
            kept.write(part)
            report_progress("reading", None)
        kept.seek(0)
    except OSError as error:
        raise Unusable(
            f"cannot copy {name} to a temporary file: {error.strerror}; name a file instead"
        ) from error
    return kept


@contextmanager
def _open(file: str) -> Iterator[BinaryIO]:
    """Open a file for reading. Raises BadInput if it cannot be opened."""
    if file == "-":
        if sys.stdin is None:
            raise BadInput("standard input is closed; name a file")
        yield sys.stdin.buffer
        return
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(Path(file).open("rb"))
        except OSError as error:
            raise BadInput(f"cannot read {file}: {error.strerror}; name another file") from error
        yield opened


def _measure(content: BinaryIO) -> int | None:
    """Return the size of a file in bytes, or None for a pipe."""
    try:
        status = os.fstat(content.fileno())
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


@contextmanager
def _show_progress() -> Iterator[Callable[[str, float | None], None]]:
    """Yield a function that shows progress on a terminal and does nothing elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda what, share: None
        return
    from nkplan.render.terminal.progress_bar import Bar

    try:
        bar = Bar(os.ttyname(sys.stderr.fileno()))
    except OSError:
        # A terminal of another container has no name in this one.
        yield lambda what, share: None
        return
    with bar:
        yield bar.update
