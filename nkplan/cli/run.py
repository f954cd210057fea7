"""Running the program: arguments in, an exit code out."""

import errno
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from select import select
from subprocess import SubprocessError
from typing import TYPE_CHECKING, NoReturn, TextIO

from typer.exceptions import TyperException

from nkplan.cli import INTERRUPTED, find_shortage
from nkplan.cli.app import build_app
from nkplan.cli.session import notice, print_line
from nkplan.cli.strict import explain_extra, explain_option
from nkplan.errors import (
    DO_NOT_REPEAT,
    Ambiguous,
    BadFile,
    CommittedAnyway,
    InTheWay,
    NkplanError,
    UnknownTopic,
    Unusable,
)
from nkplan.text import clean, shorten
from nkplan.written import forget_written, is_written

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def main() -> NoReturn:
    """Run the program with the arguments of the process, and exit with its exit code."""
    # What has been loaded stays to the end, so the garbage collector need not look at it.
    gc.freeze()
    # A report may create a million rows and free few, so garbage is collected rarely.
    gc.set_threshold(200_000)
    gc.enable()
    sys.stdout, sys.stderr = _make_waiting(sys.stdout), _make_waiting(sys.stderr)
    leave(run(sys.argv[1:]))


class _WaitingFile(FileIO):
    """A descriptor that writes until everything is written; a reader that closed the pipe is not an error."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            # Another program on the same terminal may have made it non-blocking.
            while (written := super().write(data)) is None:
                select([], [self], [])
        except BrokenPipeError:
            # A reader that has seen enough may close the pipe.
            return memoryview(data).nbytes
        return written


def _make_waiting(stream: TextIO) -> TextIO:
    """Return a stream that waits; one that is not a terminal gets UTF-8 in any locale."""
    if not isinstance(stream, TextIOWrapper):
        return stream
    file = _WaitingFile(stream.fileno(), "w", closefd=False)
    is_terminal = file.isatty()
    return TextIOWrapper(
        BufferedWriter(file),
        # A terminal shows what its encoding has.
        encoding=stream.encoding if is_terminal else "utf-8",
        errors="replace" if is_terminal else stream.errors,
        newline="",
        line_buffering=is_terminal,
    )


def run(arguments: Sequence[str]) -> int:
    """Run the program and return its exit code. The exception that a bug raises is not caught."""
    forget_written()
    try:
        app = build_app()
        if "_NKPLAN_COMPLETE" in os.environ:
            from nkplan.cli.shells import use_own_shells

            use_own_shells()
        code = app(args=list(arguments), prog_name="nkplan", standalone_mode=False)
        # What is left, as of --version, would be lost without a word.
        if sys.stdout is not None and code != INTERRUPTED:
            sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except NkplanError as error:
        refusal = _name_shortage(error)
        explain(refusal)
        return refusal.exit_code
    except (MemoryError, ImportError, OSError, RuntimeError, UnicodeError, SubprocessError) as error:
        if (failure := _explain_failure(error, arguments)) is None:
            raise
        explain(failure)
        return failure.exit_code
    except TyperException as error:
        better = explain_option(error, arguments) or explain_extra(error, arguments)
        if better is not None:
            notice(better)
            return 2
        context = getattr(error, "ctx", None)
        help_ = f"; see {context.command_path} --help" if context is not None else ""
        notice(f"{shorten(clean(error.format_message()).rstrip('.'))}{help_}")
        return 2
    if code == INTERRUPTED and is_written():
        explain(CommittedAnyway("everything was written before the interrupt", DO_NOT_REPEAT))
        return CommittedAnyway.exit_code
    return code if isinstance(code, int) else 0


def _name_shortage(error: NkplanError) -> NkplanError:
    """Return an error, or one that says what the system was short of: no other file would help."""
    cause = error.__cause__
    if isinstance(error, CommittedAnyway) or not isinstance(cause, OSError):
        return error
    shortage = find_shortage(cause)
    return error if shortage is None else Unusable(*shortage)


def _explain_failure(error: Exception, arguments: Sequence[str]) -> Unusable | None:
    """Say what the system could not give or do; return None for what is a bug."""
    if (shortage := find_shortage(error)) is not None:
        problem, advice = shortage
        if is_written():
            return CommittedAnyway(f"everything was written, but {problem}", DO_NOT_REPEAT)
        return Unusable(problem, advice)
    if any(one.startswith("--install-completion") for one in arguments):
        return _explain_install(error)
    if isinstance(error, FileNotFoundError) and not _working_directory_exists():
        return Unusable("the folder that nkplan was started in no longer exists; change to another")
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EIO, errno.EPIPE}:
        return Unusable(f"the output cannot be written: {error.strerror}; write it elsewhere")
    return None


def _explain_install(error: Exception) -> Unusable:
    """Say why Typer could not install the completion, of whose files and programs it checks none."""
    why = str(error)
    if isinstance(error, OSError):
        why = ": ".join(str(part) for part in (error.filename, error.strerror) if part) or why
    return Unusable(
        f"cannot install completion: {why.rstrip('.')}",
        "correct that, or print the script with --show-completion and install it yourself",
    )


def _working_directory_exists() -> bool:
    """Return whether the working directory still exists."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def leave(code: int) -> NoReturn:
    """Flush the output and end the process at once: unloading modules would take as long as a query.

    After an interruption nothing is flushed, because the user does not want to wait for it.
    """
    if code != INTERRUPTED:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                if stream is not None:
                    stream.flush()
    os._exit(code)


def explain(error: NkplanError) -> None:
    """Print to stderr what is wrong: the sentence, and below it the faults or candidates."""
    notice(str(error))
    lines: Sequence[str] = ()
    if isinstance(error, BadFile):
        lines = [str(fault) for fault in error.faults]
        if error.more:
            lines.append(f"and {error.more} more; fix these and load the file again to see the rest")
    elif isinstance(error, Ambiguous):
        lines = error.candidates
    elif isinstance(error, InTheWay):
        lines = error.rows
    elif isinstance(error, UnknownTopic):
        lines = error.topics
    for line in lines:
        print_line(f"  {shorten(clean(line))}")
