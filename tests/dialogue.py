"""The program in a terminal, as somebody at a keyboard uses it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
from program import NKPLAN, make_environment

WAIT = 20
"""How many seconds to wait for what the program prints."""


class Dialogue:
    """A started program on a pseudo-terminal of 80 by 24; `typed` counts the keys, with Enter and Tab."""

    def __init__(
        self, db: Path, *arguments: str, command: Sequence[str] = NKPLAN, **environment: str
    ) -> None:
        self.typed = 0
        self._child: Any = pexpect.spawn(
            command[0],
            [*command[1:], *arguments],
            env=make_environment(db, TERM="xterm-256color", **environment),
            cwd=str(db.parent),
            dimensions=(24, 80),
            encoding="utf-8",
            timeout=WAIT,
        )
        self._shown = ""

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
        self.typed += len(keys)
        self._child.send(keys)

    def hang_up(self) -> None:
        """Close the terminal."""
        os.close(self._child.fileno())
        self._child.closed = True
        self._child.wait()

    def end(self) -> tuple[int, str]:
        """Wait until the program has ended, and return its exit code and all that the terminal showed."""
        self._child.expect(pexpect.EOF)
        self._shown += self._child.before
        self._child.wait()
        code = self._child.exitstatus
        return (-self._child.signalstatus if code is None else code), self._shown.replace("\r\n", "\n")
