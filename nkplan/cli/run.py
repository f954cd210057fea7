"""Running the program: what a person typed in, an exit code out."""

import errno
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from select import select
from typing import TYPE_CHECKING, NoReturn, TextIO

from typer.exceptions import TyperException

from nkplan.cli.app import app
from nkplan.cli.session import notice, tell
from nkplan.errors import Ambiguous, BadFile, NkplanError, UnknownTopic, Unusable
from nkplan.text import clean, shorten

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

INTERRUPTED = 130
"""The exit code where a person pressed Ctrl-C."""


def main() -> NoReturn:
    """Run the program with the arguments it was started with, and leave with its exit code."""
    # What has been loaded stays to the end; there is no use in looking through it for garbage.
    gc.freeze()
    # A report makes a million rows and lets go of few: what becomes garbage is looked for seldom.
    gc.set_threshold(200_000)
    gc.enable()
    sys.stdout, sys.stderr = _make_waiting(sys.stdout), _make_waiting(sys.stderr)
    leave(run(sys.argv[1:]))


class _WaitingFile(FileIO):
    """A descriptor that is written to until it takes all; of a reader that has gone nothing is said."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            # Another program that has the same terminal may have told it never to make anybody wait.
            while (written := super().write(data)) is None:
                select([], [self], [])
        except BrokenPipeError:
            # A reader that has seen enough and closed the pipe is no fault.
            return memoryview(data).nbytes
        return written


def _make_waiting(stream: TextIO) -> TextIO:
    """Give a stream that waits; a pipe gets UTF-8 whatever the machine's own code is."""
    if not isinstance(stream, TextIOWrapper):
        return stream
    file = _WaitingFile(stream.fileno(), "w", closefd=False)
    is_terminal = file.isatty()
    return TextIOWrapper(
        BufferedWriter(file),
        # A screen shows what it can.
        encoding=stream.encoding if is_terminal else "utf-8",
        errors="replace" if is_terminal else stream.errors,
        newline="",
        line_buffering=is_terminal,
    )


def run(arguments: Sequence[str]) -> int:
    """Run the program and give its exit code. A bug goes through as the exception it is."""
    try:
        code = app(args=list(arguments), prog_name="nkplan", standalone_mode=False)
    except KeyboardInterrupt:
        return INTERRUPTED
    except NkplanError as error:
        explain(error)
        return error.exit_code
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not _is_somewhere():
            explain(Unusable("the folder that nkplan was started in is gone; go to another"))
            return Unusable.exit_code
        if error.errno not in {errno.ENOSPC, errno.EIO, errno.EPIPE}:
            raise
        explain(Unusable(f"the output can not be written: {error.strerror}; write it elsewhere"))
        return Unusable.exit_code
    except TyperException as error:
        context = getattr(error, "ctx", None)
        help_ = f"; see {context.command_path} --help" if context is not None else ""
        notice(f"{shorten(clean(error.format_message()).rstrip('.'))}{help_}")
        return 2
    return code if isinstance(code, int) else 0


def _is_somewhere() -> bool:
    """Tell whether the folder is still there from which names of files are read."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def leave(code: int) -> NoReturn:
    """End the process when all is written: taking modules apart takes as long as a query.

    Whoever interrupts it does not want to wait for what nobody reads.
    """
    if code != INTERRUPTED:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                if stream is not None:
                    stream.flush()
    os._exit(code)


def explain(error: NkplanError) -> None:
    """Tell a person what is wrong, on stderr: the sentence, and under it what it lists."""
    notice(str(error))
    lines: Sequence[str] = ()
    if isinstance(error, BadFile):
        lines = [str(fault) for fault in error.faults]
        if error.more:
            lines.append(f"and {error.more} more; mend these, and load the file again to see what is left")
    elif isinstance(error, Ambiguous):
        lines = error.candidates
    elif isinstance(error, UnknownTopic):
        lines = error.topics
    for line in lines:
        tell(f"  {shorten(clean(line))}")
