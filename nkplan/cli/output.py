"""Where the output goes, and in which format.

A command that reads collects its output, closes the database, and only then prints: however slowly the output
is read, no writer has to wait.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from io import BufferedWriter, BytesIO, RawIOBase, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TextIO

from nkplan.cli.options import SCREEN_LIMIT, OutputOptions
from nkplan.cli.session import database_path, notice, prepare_database, refuse_overwriting
from nkplan.errors import BadInput, Unusable
from nkplan.model.moment import Moment
from nkplan.render.formats import Format
from nkplan.text import list_words

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from nkplan.queries.reader import Reader

STANDARD_OUTPUT = Path("-")

MOST_IN_MEMORY = 4 << 20
"""The most bytes of output kept in memory; longer output is kept in a temporary file."""

_AT_ONCE = 1 << 16
"""How many bytes are written at a time."""

_MOST_LINES = 2**31
"""More lines than there can be; SQLite's LIMIT takes no unbounded number."""


def pick_format(options: OutputOptions, *, draws: bool = False) -> Format:
    """Return the output format: the one asked for, else the one that suits where the output goes.

    Raises BadInput if it is a picture and the command draws none, or is no text and goes to a terminal.
    """
    picked = _pick_any_format(options, draws=draws)
    if picked.is_picture and not draws:
        others = list_words(one for one in Format if not one.is_picture)
        raise BadInput(f"{picked} is for chart and map, which draw pictures; write one of {others}")
    if picked.is_binary and is_screen(options.output):
        raise BadInput(f"{picked} is not for a terminal; name a file, as in -o picture.{picked}")
    return picked


def _pick_any_format(options: OutputOptions, *, draws: bool) -> Format:
    output = options.output
    if options.format_ is not None:
        return options.format_
    if is_screen(output):
        return Format.TABLE
    if output is None or output == STANDARD_OUTPUT:
        return Format.TSV
    # `Path.is_dir` fails for a name that no file can have.
    if os.path.isdir(output):  # noqa: PTH112
        raise Unusable(f"cannot write to {output}: it is a directory; name a file in it")
    by_suffix = {format_.suffix: format_ for format_ in Format if format_.suffix}
    suffix = output.suffix.casefold()
    if suffix not in by_suffix:
        known = list_words(one for one, format_ in by_suffix.items() if draws or not format_.is_picture)
        raise BadInput(f"{output}: no format has this ending; use one of {known}, or name one with -f")
    return by_suffix[suffix]


def is_screen(output: Path | None) -> bool:
    """Return whether output goes to a terminal."""
    return output in {None, STANDARD_OUTPUT} and sys.stdout is not None and sys.stdout.isatty()


def choose_limit(asked: int | None, output: Path | None) -> int:
    """Return the most lines to print, 0 for all: as asked, else a screenful on a terminal."""
    if asked is not None:
        return min(asked, _MOST_LINES)
    return SCREEN_LIMIT if is_screen(output) else 0


class Form(NamedTuple):
    """How a list is put out: its format, the most rows (0 for all), its order, and its columns if named.

    A table that `is_wide` has every column, however wide the screen is.
    """

    format: Format
    most: int
    exact: bool = False
    is_counted: bool = False
    sort: str = "id"
    down: bool = False
    keys: Sequence[str] | None = None
    is_wide: bool = False


class Spool(RawIOBase):
    """Bytes kept in memory, or beyond MOST_IN_MEMORY in a temporary file that is deleted when it is closed.

    Writing raises Unusable if that file cannot be created or there is no space for it.
    """

    def __init__(self, *, is_terminal: bool = False) -> None:
        self._is_terminal = is_terminal
        self._kept: Any = BytesIO()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        """Return whether the bytes will go to a terminal."""
        return self._is_terminal

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            if (
                isinstance(self._kept, BytesIO)
                and self._kept.tell() + memoryview(data).nbytes > MOST_IN_MEMORY
            ):
                # Loading `tempfile` takes a twentieth of the start-up time.
                from tempfile import TemporaryFile

                file = TemporaryFile()  # noqa: SIM115
                file.write(self._kept.getbuffer())
                self._kept = file
            return int(self._kept.write(data))
        except OSError as error:
            raise Unusable(
                f"the output cannot be kept in the folder for temporary files: {error.strerror};"
                " free some space, name another folder with TMPDIR, or write to a file with --output"
            ) from error

    def rewind(self) -> Any:
        """Return the bytes as a file positioned at its beginning."""
        self._kept.seek(0)
        return self._kept

    def discard(self) -> None:
        """Discard the bytes."""
        self._kept.close()


class Answer:
    """The output of a command that reads, kept until the database is closed, and the notes on it.

    Output to a regular file is written at once, beside the file that it will replace: no reader can delay it.
    """

    def __init__(self, options: OutputOptions) -> None:
        self.notes: list[str] = []
        self._is_paged = not options.no_pager
        self._output = None if options.output == STANDARD_OUTPUT else options.output
        # The target of a symbolic link is written; the link itself stays.
        self._target = None if self._output is None else Path(os.path.realpath(self._output))
        self._beside: Path | None = None
        self._parts = ExitStack()
        self._encoding, self._errors = "utf-8", "strict"
        if self._output is None and sys.stdout is not None:
            self._encoding = sys.stdout.encoding or self._encoding
            self._errors = sys.stdout.errors or self._errors
        self._spool = Spool(is_terminal=is_screen(self._output))

    def write(self, write: Callable[[TextIO], object]) -> None:
        """Store the whole output. Raises Unusable."""
        with _explaining(self._output):
            if self._target is not None and (self._target.is_file() or not self._target.exists()):
                self._beside = self._write_beside(self._target, write)
                return
        # Encoded as for the destination, because a table is drawn with the characters that it can show.
        text = TextIOWrapper(BufferedWriter(self._spool), self._encoding, self._errors, newline="")
        write(text)
        text.flush()

    def note(self, sentence: str) -> None:
        """Keep a note, to be printed to stderr after the output."""
        self.notes.append(sentence)

    def deliver(self) -> None:
        """Print the output, or move it to its file. Raises Unusable."""
        if self._target is None:
            if not self._show_in_pager():
                # The bytes are those that its text layer would write.
                write_to_stdout(lambda out: self._copy(out.buffer))
            return
        with _explaining(self._output):
            if self._beside is not None:
                self._beside.replace(self._target)
            else:
                # A pipe or a device is written to directly, because it must not be replaced.
                descriptor = os.open(self._target, os.O_WRONLY | os.O_NOCTTY)
                with open(descriptor, "wb") as file:  # noqa: PTH123
                    self._copy(file)

    def close(self) -> None:
        """Discard all output that has not been delivered."""
        self._spool.discard()
        with suppress(OSError):
            self._parts.close()

    def _write_beside(self, target: Path, write: Callable[[TextIO], object]) -> Path:
        """Write a file beside the target, with the same owner and permissions. Raises OSError."""
        from nkplan.store.parts import copy_access, holding_part, remove_leftovers

        # Replacing a file needs no permission to write it, but a read-only file should stay.
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        remove_leftovers(target.parent)
        beside = self._parts.enter_context(holding_part(target))
        with beside.open("x", encoding="utf-8", newline="") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            copy_access(target, beside)
        return beside

    def _read(self) -> TextIOWrapper:
        return TextIOWrapper(self._spool.rewind(), self._encoding, self._errors, newline="")

    def _copy(self, out: BinaryIO) -> None:
        kept = self._spool.rewind()
        while part := kept.read(_AT_ONCE):
            out.write(part)

    def _show_in_pager(self) -> bool:
        """Show long output in the pager and return whether it was shown; if the pager fails, note why."""
        if not (self._is_paged and is_screen(None) and sys.stdin is not None and sys.stdin.isatty()):
            return False
        from nkplan.cli.pager import find_pager, is_longer_than_screen, show_in_pager

        text = self._read()
        is_long = is_longer_than_screen(text)
        text.detach()  # Otherwise the spool would be closed with it.
        if not is_long or (pager := find_pager()) is None:
            return False
        try:
            show_in_pager(pager, self._spool.rewind())
        except (OSError, ValueError) as error:
            if pager.named_in is not None:
                why = getattr(error, "strerror", None) or error
                self.note(f"{pager.named_in}: cannot start {pager.command}: {why}; name another pager")
            return False
        return True


@contextmanager
def open_answer(
    given: Path | None, moment: Moment | None, options: OutputOptions, *, may_be_changed: bool = False
) -> Iterator[tuple["Reader", Answer]]:
    """Open the database for reading, and deliver the answer once it is closed; create it on the first run.

    The reader sees the record as it is, or as of `moment`; the schema `may_be_changed` if the command reads
    it all the same. After an exception nothing is printed. Raises Unusable if the output cannot be written,
    and BadInput if it would overwrite the database.
    """
    refuse_overwriting(database_path(given), options.output)
    path = prepare_database(given)
    from nkplan.queries.reader import reading

    with delivering(options) as answer, reading(path, moment, may_be_changed=may_be_changed) as reader:
        yield reader, answer
        for sentence in reader.remarks:
            answer.note(sentence)


@contextmanager
def delivering(options: OutputOptions) -> Iterator[Answer]:
    """Collect an answer, deliver it at the end, then print its notices. Raises Unusable."""
    answer = Answer(options)
    try:
        yield answer
        answer.deliver()
    finally:
        answer.close()
    for sentence in answer.notes:
        notice(sentence)


def write_to_stdout(write: Callable[[TextIO], object]) -> None:
    """Write to standard output and flush it. Raises Unusable."""
    if sys.stdout is None:
        raise Unusable("standard output is closed", "redirect it or use --output")
    try:
        write(sys.stdout)
        sys.stdout.flush()
    except OSError as error:
        raise Unusable(f"the output cannot be written: {error.strerror}", "write it elsewhere") from error


@contextmanager
def _explaining(output: Path | None) -> Iterator[None]:
    """Turn an OSError into a message that names the file that cannot be written. Raises Unusable."""
    try:
        yield
    except OSError as error:
        raise Unusable(f"cannot write to {output}: {error.strerror}; name another file") from error
