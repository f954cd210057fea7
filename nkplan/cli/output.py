"""Where output goes, and in which form."""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from nkplan.cli.options import Format
from nkplan.errors import Unusable

if TYPE_CHECKING:
    from nkplan.views.grid import Grid
    from nkplan.views.page import Page

_SUFFIXES = {
    ".tsv": Format.TSV,
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".jsonl": Format.JSONL,
    ".md": Format.MD,
}


def pick_format(asked: Format | None, output: Path | None) -> Format:
    """Give the form of the output: the one asked for, else what its place calls for."""
    if asked is not None:
        return asked
    if is_screen(output):
        return Format.TABLE
    return _SUFFIXES.get(output.suffix.casefold(), Format.TSV) if output else Format.TSV


def is_screen(output: Path | None) -> bool:
    """Tell whether output goes to a terminal."""
    return output is None and sys.stdout.isatty()


def emit(write: Callable[[TextIO], None], output: Path | None) -> None:
    """Write to standard output, or to a file whole or not at all.

    A reader that has seen enough and closed the pipe is no fault.
    """
    if output is None:
        try:
            write(sys.stdout)
            sys.stdout.flush()
        except BrokenPipeError:
            _discard_output()
        except OSError as error:
            _discard_output()
            raise Unusable(f"the output can not be written: {error.strerror}; write it elsewhere") from error
        return
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with beside.open("x", encoding="utf-8", newline="") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Unusable(f"{output} can not be written: {error.strerror}; choose another file") from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _discard_output() -> None:
    """Send what is still buffered nowhere: it would fail again when the stream is closed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_grid(grid: "Grid", format_: Format, out: TextIO) -> None:
    """Write a grid in one of the plain formats, of which only the one asked for is loaded."""
    import_module(f"nkplan.plain.{format_}").write_grid(grid, out)


def write_page(page: "Page", format_: Format, out: TextIO) -> None:
    """Write a page as JSON, JSON Lines or Markdown."""
    import_module(f"nkplan.plain.{format_}").write_page(page, out)
