"""The program in a terminal, as somebody at a keyboard uses it."""

import fcntl
import os
import pty
import struct
import termios
from collections.abc import Callable, Sequence
from pathlib import Path
from time import sleep
from typing import Any

import pexpect  # type: ignore[import-untyped]
from forking import Forked
from pexpect.fdpexpect import fdspawn  # type: ignore[import-untyped]
from program import make_environment

WAIT = 20
"""How many seconds to wait for what the program prints."""
_THINKING = 0.05
"""How many seconds pass before keys are pressed: a question may be shown before its answer is read."""


class Dialogue:
    """A program on a pseudo-terminal of 80 by 24; `typed` counts the keys, with Enter and Tab.

    It is nkplan, forked from a process that has loaded it, or a command that is started.
    """

    def __init__(
        self, db: Path, *arguments: str, command: Sequence[str] | None = None, **environment: str
    ) -> None:
        self.typed = 0
        self._shown = ""
        variables = make_environment(db, TERM="xterm-256color", **environment)
        self._child: Any
        self._wait: Callable[[], int]
        if command is None:
            leader, follower = pty.openpty()
            fcntl.ioctl(leader, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            program = Forked(arguments, variables, db.parent, [follower], has_terminal=True)
            os.close(follower)
            self._child, self._wait = fdspawn(leader, encoding="utf-8", timeout=WAIT), program.wait
        else:
            self._child = pexpect.spawn(
                command[0],
                [*command[1:], *arguments],
                env=variables,
                cwd=str(db.parent),
                dimensions=(24, 80),
                encoding="utf-8",
                timeout=WAIT,
            )
            self._child.delaybeforesend = None
            self._wait = self._wait_for_command

    def expect(self, *texts: str) -> None:
        """Wait until each of the texts has been shown, in this order."""
        for text in texts:
            self._child.expect_exact(text)
            self._shown += self._child.before + self._child.after

    def type(self, text: str) -> None:
        """Type a line and Enter."""
        self.press(f"{text}\r")

    def press(self, keys: str) -> None:
        """Press keys: `\\t` is Tab, `\\x03` Ctrl-C, `\\x04` Ctrl-D."""
        sleep(_THINKING)
        self.typed += len(keys)
        self._child.send(keys)

    def hang_up(self) -> None:
        """Close the terminal, and wait until the program has ended."""
        os.close(self._child.fileno())
        self._child.closed = True
        self._wait()

    def end(self) -> tuple[int, str]:
        """Wait until the program has ended, and return its exit code and all that the terminal showed."""
        self._child.expect(pexpect.EOF)
        self._shown += self._child.before
        self._child.close()
        return self._wait(), self._shown.replace("\r\n", "\n")

    def _wait_for_command(self) -> int:
        self._child.wait()
        code = self._child.exitstatus
        return int(-self._child.signalstatus if code is None else code)
