"""Where output goes, and in which form."""

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from nkplan.cli.carrier import explain_output, open_outlet
from nkplan.cli.options import SCREEN_LIMIT
from nkplan.errors import BadInput, Unusable
from nkplan.render.forms import Format
from nkplan.text import list_words

STANDARD_OUTPUT = Path("-")

_MOST_LINES = 2**31
"""More lines than there can be; SQLite takes no number without end."""


def pick_format(asked: Format | None, output: Path | None) -> Format:
    """Give the form of the output: the one asked for, else what its place calls for."""
    if asked is not None:
        return asked
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


def emit(write: Callable[[TextIO], None], output: Path | None) -> None:
    """Write to standard output, or to a file whole or not at all. Raises Unusable.

    Whoever reads the output is not waited for: that it can not arrive may come out when it is settled.
    """
    if output is None or output == STANDARD_OUTPUT:
        _write_out(write)
        return
    # What a link leads to is written, and the link stays.
    target = Path(os.path.realpath(output))

    def explain(error: OSError) -> Unusable:
        return Unusable(f"{output} can not be written: {error.strerror}; choose another file")

    try:
        if target.exists() and not target.is_file():
            # A pipe or a device is written as it comes: there is nothing to put in its place.
            with open_outlet(target, explain) as file:
                write(file)
        else:
            _replace(target, write)
    except OSError as error:
        raise explain(error) from error


def _write_out(write: Callable[[TextIO], None]) -> None:
    if sys.stdout is None:
        raise Unusable("standard output is closed; give it a place to go to or use --output")
    try:
        write(sys.stdout)
        sys.stdout.flush()
    except OSError as error:
        _discard_output()
        if told := explain_output(error):
            raise told from error


def _replace(target: Path, write: Callable[[TextIO], None]) -> None:
    """Write a file beside the target and put it in its place, with the target's permissions."""
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
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _discard_output() -> None:
    """Send what is still buffered nowhere: it would fail again when the stream is closed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
