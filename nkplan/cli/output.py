"""Where an answer goes, and in which form.

A command that reads collects its answer, closes the database, and only then puts it out: whoever reads it may
take their time, and nobody who writes has to wait for them.
"""

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedWriter, BytesIO, RawIOBase, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from nkplan.cli.options import SCREEN_LIMIT, OutputOptions
from nkplan.cli.session import database_path, keep_apart, notice, prepare_database
from nkplan.errors import BadInput, Unusable
from nkplan.model.moment import Moment
from nkplan.render.forms import Format
from nkplan.text import list_words

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from nkplan.queries.reader import Reader

STANDARD_OUTPUT = Path("-")

MOST_IN_MEMORY = 4 << 20
"""How many bytes of an answer are kept in memory; a longer one is kept in a temporary file."""

_AT_ONCE = 1 << 16
"""How many letters of an answer are put out at a time."""

_MOST_LINES = 2**31
"""More lines than there can be; SQLite takes no number without end."""


def pick_format(options: OutputOptions) -> Format:
    """Give the form of the output: the one asked for, else what its place calls for."""
    output = options.output
    if options.format_ is not None:
        return options.format_
    if is_screen(output):
        return Format.TABLE
    if output is None or output == STANDARD_OUTPUT:
        return Format.TSV
    # `Path.is_dir` fails for a name that no file can have.
    if os.path.isdir(output):  # noqa: PTH112
        raise Unusable(f"{output} is a directory and can not be written; name a file in it")
    by_suffix = {form.suffix: form for form in Format if form.suffix}
    suffix = output.suffix.casefold()
    if suffix not in by_suffix:
        raise BadInput(f"{output}: no form has this ending; use one of {list_words(by_suffix)}, or say -f")
    return by_suffix[suffix]


def is_screen(output: Path | None) -> bool:
    """Tell whether output goes to a terminal."""
    return output in {None, STANDARD_OUTPUT} and sys.stdout is not None and sys.stdout.isatty()


def choose_limit(asked: int | None, output: Path | None) -> int:
    """Give how many lines to put out at most, 0 for all: as asked, else a screen's worth on a terminal."""
    if asked is not None:
        return min(asked, _MOST_LINES)
    return SCREEN_LIMIT if is_screen(output) else 0


class Spool(RawIOBase):
    """Bytes kept in memory, beyond MOST_IN_MEMORY in a temporary file, which ends with it.

    Writing raises Unusable where that file can not be made or has no room.
    """

    def __init__(self, *, is_terminal: bool = False) -> None:
        self._is_terminal = is_terminal
        self._kept: Any = BytesIO()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        """Tell whether what is kept will go to a terminal."""
        return self._is_terminal

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            if (
                isinstance(self._kept, BytesIO)
                and self._kept.tell() + memoryview(data).nbytes > MOST_IN_MEMORY
            ):
                # To load `tempfile` takes a twentieth of the time to start.
                from tempfile import TemporaryFile

                file = TemporaryFile()  # noqa: SIM115
                file.write(self._kept.getbuffer())
                self._kept = file
            return int(self._kept.write(data))
        except OSError as error:
            raise Unusable(
                f"the output can not be kept in the folder for temporary files: {error.strerror};"
                " make room, name another folder with TMPDIR, or write to a file with --output"
            ) from error

    def rewind(self) -> Any:
        """Give what is kept, to be read from its beginning."""
        self._kept.seek(0)
        return self._kept

    def discard(self) -> None:
        """Keep nothing any more."""
        self._kept.close()


class Answer:
    """What a command that reads puts out, kept until the database is closed, and the remarks on it.

    A regular file is written beside the one it is to replace, which makes nobody wait.
    """

    def __init__(self, options: OutputOptions) -> None:
        self.notes: list[str] = []
        self._is_paged = not options.no_pager
        self._output = None if options.output == STANDARD_OUTPUT else options.output
        # What a link leads to is written, and the link stays.
        self._target = None if self._output is None else Path(os.path.realpath(self._output))
        self._beside: Path | None = None
        self._encoding, self._errors = "utf-8", "strict"
        if self._output is None and sys.stdout is not None:
            self._encoding = sys.stdout.encoding or self._encoding
            self._errors = sys.stdout.errors or self._errors
        self._spool = Spool(is_terminal=is_screen(self._output))

    def write(self, write: Callable[[TextIO], object]) -> None:
        """Take what is to be put out, all of it at once. Raises Unusable."""
        with _explaining(self._output):
            if self._target is not None and (self._target.is_file() or not self._target.exists()):
                self._beside = _write_beside(self._target, write)
                return
        # Kept as it will be encoded, for it is drawn by what its destination can show.
        text = TextIOWrapper(BufferedWriter(self._spool), self._encoding, self._errors, newline="")
        write(text)
        text.flush()

    def note(self, sentence: str) -> None:
        """Keep a remark, to be told to a person behind the answer."""
        self.notes.append(sentence)

    def deliver(self) -> None:
        """Put out what was taken. Raises Unusable."""
        if self._target is None:
            if not self._show_in_pager():
                write_out(self._copy)
            return
        with _explaining(self._output):
            if self._beside is not None:
                self._beside.replace(self._target)
            else:
                # A pipe or a device is written as it is: there is nothing to put in its place.
                descriptor = os.open(self._target, os.O_WRONLY | os.O_NOCTTY)
                with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
                    self._copy(file)

    def close(self) -> None:
        """Leave nothing of what was taken and has not been put out."""
        self._spool.discard()
        if self._beside is not None:
            self._beside.unlink(missing_ok=True)

    def _read(self) -> TextIOWrapper:
        return TextIOWrapper(self._spool.rewind(), self._encoding, self._errors, newline="")

    def _copy(self, out: TextIO) -> None:
        with self._read() as text:
            while part := text.read(_AT_ONCE):
                out.write(part)

    def _show_in_pager(self) -> bool:
        """Show a long answer in the pager, and tell whether it was shown; why not is noted."""
        if not (self._is_paged and is_screen(None) and sys.stdin is not None and sys.stdin.isatty()):
            return False
        from nkplan.cli.pager import find_pager, is_longer_than_screen, show_in_pager

        pager = find_pager()
        text = self._read()
        is_long = pager is not None and is_longer_than_screen(text)
        text.detach()  # Else what is kept would be closed with it.
        if pager is None or not is_long:
            return False
        try:
            show_in_pager(pager, self._spool.rewind())
        except (OSError, ValueError) as error:
            if pager.variable is not None:
                why = getattr(error, "strerror", None) or error
                self.note(f"{pager.variable}: {pager.command} can not be started: {why}; name another pager")
            return False
        return True


@contextmanager
def answering(
    given: Path | None, moment: Moment | None, options: OutputOptions
) -> Iterator[tuple["Reader", Answer]]:
    """Open the database for reading, made on the first run, and put out the answer when it is closed again.

    It is as it is or as it was at a moment. An exception leaves nothing of the answer. Raises Unusable where
    that can not arrive, and BadInput where the output would take the place of the database.
    """
    keep_apart(database_path(given), options.output)
    path = prepare_database(given)
    from nkplan.queries.reader import reading

    answer = Answer(options)
    try:
        with reading(path, moment) as reader:
            yield reader, answer
        answer.deliver()
    finally:
        answer.close()
    for sentence in answer.notes:
        notice(sentence)


def write_out(write: Callable[[TextIO], object]) -> None:
    """Write to standard output, and wait until all has arrived. Raises Unusable."""
    if sys.stdout is None:
        raise Unusable("standard output is closed", "give it a place to go to or use --output")
    try:
        write(sys.stdout)
        sys.stdout.flush()
    except OSError as error:
        raise Unusable(f"the output can not be written: {error.strerror}", "write it elsewhere") from error


@contextmanager
def _explaining(output: Path | None) -> Iterator[None]:
    """Say of a fault of the system that a file can not be written. Raises Unusable."""
    try:
        yield
    except OSError as error:
        raise Unusable(f"{output} can not be written: {error.strerror}; choose another file") from error


def _write_beside(target: Path, write: Callable[[TextIO], object]) -> Path:
    """Write a file beside the target, with its permissions, and give its path. Raises OSError."""
    # What a killed run has left beside it is in nobody's way.
    beside = target.with_name(f".{target.name}.{os.urandom(4).hex()}")
    try:
        with beside.open("x", encoding="utf-8", newline="") as file:
            if target.exists():
                # A name can be given away without leave to write the file that has it, which nobody expects.
                if not os.access(target, os.W_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
                # Before a word of it is written: the file may be for few eyes.
                shutil.copymode(target, beside)
            write(file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside
