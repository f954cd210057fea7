"""The pager for output that is longer than the screen."""

import os
import shlex
import sys
from contextlib import suppress
from typing import BinaryIO, NamedTuple, TextIO

_USUAL = "less -FRX"
_PIECE = 1 << 16


class Pager(NamedTuple):
    """A pager's command, and the environment variable or the config file that names it, if any."""

    command: str
    named_in: str | None = None


def find_pager() -> Pager | None:
    """Return the pager named by NKPLAN_PAGER, the config file or PAGER, else less.

    None if that is empty, `cat` or, in the config file, false. Raises BadInput.
    """
    if (command := os.environ.get("NKPLAN_PAGER")) is not None:
        return _make_pager(command, "NKPLAN_PAGER")
    from nkplan.cli.config import read_config

    config = read_config()
    if isinstance(config.pager, str):
        return _make_pager(config.pager, f"pager in {config.path}")
    if config.pager is False:
        return None
    if (command := os.environ.get("PAGER")) is not None:
        return _make_pager(command, "PAGER")
    return Pager(_USUAL)


def _make_pager(command: str, named_in: str) -> Pager | None:
    return None if command.strip() in {"", "cat"} else Pager(command, named_in)


def is_longer_than_screen(text: TextIO) -> bool:
    """Return whether a text would leave no line for the prompt on the terminal of standard output.

    A terminal that does not report its size is taken to be large enough.
    """
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    if not columns or not rows:
        return False
    from nkplan.render.terminal.height import count_lines

    taken = 0
    for line in text:
        taken += count_lines(line, columns)
        if taken >= rows:
            return True
    return False


def show_in_pager(pager: Pager, content: BinaryIO) -> None:
    """Show bytes in a pager and wait until it is quit. Raises OSError and ValueError."""
    import signal
    from subprocess import PIPE, Popen

    command = shlex.split(pager.command)
    environment = {"LESS": "FRX"} | os.environ
    # Ctrl-C is for the pager. An empty handler, not SIG_IGN, because the pager would inherit the latter.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        with Popen(command, stdin=PIPE, env=environment) as process:  # noqa: S603
            assert process.stdin is not None
            # The user may quit the pager before the end.
            with suppress(BrokenPipeError):
                while piece := content.read(_PIECE):
                    process.stdin.write(piece)
                process.stdin.close()
    finally:
        signal.signal(signal.SIGINT, before)
