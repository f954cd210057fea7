"""Running the program: what a person typed in, an exit code out."""

import errno
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from typer.exceptions import TyperException

from nkplan.cli.app import app
from nkplan.cli.carrier import carrying, give_up, settle, wait
from nkplan.cli.session import notice, tell
from nkplan.errors import Ambiguous, BadFile, NkplanError, Unusable
from nkplan.judgement import SILENT_MONTHS
from nkplan.text import clean, shorten

INTERRUPTED = 130
"""The exit code where a person pressed Ctrl-C."""


def main() -> NoReturn:
    """Run the program with the arguments it was started with, and leave with its exit code."""
    # What has been loaded stays to the end; there is no use in looking through it for garbage.
    gc.freeze()
    # A report makes a million rows and lets go of few: what becomes garbage is looked for seldom.
    gc.set_threshold(200_000)
    gc.enable()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A pipe gets UTF-8 whatever the machine's own code is; a screen shows what it can.
            stream.reconfigure(errors="replace") if stream.isatty() else stream.reconfigure(encoding="utf-8")
    with carrying():
        leave(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the program and give its exit code. A bug goes through as the exception it is."""
    try:
        code = app(args=spell_out_silent(arguments), prog_name="nkplan", standalone_mode=False)
        if code != INTERRUPTED:
            settle()
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
    if code == INTERRUPTED:
        # Without room for what waits even to flush would take until it is read.
        give_up()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            if stream is not None:
                stream.flush()
    if code != INTERRUPTED:
        with suppress(KeyboardInterrupt):
            wait()
    os._exit(code)


def explain(error: NkplanError) -> None:
    """Tell a person what is wrong, on stderr: the sentence, and under it what it lists."""
    notice(str(error))
    lines: Sequence[str] = ()
    if isinstance(error, BadFile):
        lines = error.faults
    elif isinstance(error, Ambiguous):
        lines = error.candidates
    for line in lines:
        tell(f"  {shorten(clean(line))}")


def spell_out_silent(arguments: Sequence[str]) -> list[str]:
    """Give the list's `--silent` the usual number of months where it stands without one.

    Typer knows no option with a value that may be left out.
    """
    spelt = list(arguments)
    if _find_command(spelt) != "list":
        return spelt
    end = spelt.index("--") if "--" in spelt else len(spelt)
    for at in range(end):
        if spelt[at] == "--silent" and not (at + 1 < end and spelt[at + 1].isdigit()):
            spelt[at] = f"--silent={SILENT_MONTHS}"
    return spelt


def _find_command(arguments: Sequence[str]) -> str | None:
    """Give the first argument that is no option and no value of the option `--db`."""
    before = None
    for one in arguments:
        if before != "--db" and not one.startswith("-"):
            return one
        before = one
    return None
