"""Runs the program: in the test's own process, as a separate process, or on a real pseudo-terminal.

Use `run`. Use `run_process`, which takes ten times as long, only for what needs a process: how it starts and
ends, and how it handles closed or unusual streams, signals and other processes.
"""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyte
from forking import fork_program

from nkplan.cli.run import run as run_program

NKPLAN = [sys.executable, "-m", "nkplan"]
ROOT = Path(__file__).parent.parent
TODAY = "2026-11-24"


@dataclass(frozen=True)
class Done:
    """The result of a run."""

    code: int
    out: str
    err: str


@dataclass
class Shown:
    """The result of a run on a terminal: the bytes written to it, and the lines that they show."""

    code: int
    raw: bytes
    width: int
    height: int

    @cached_property
    def lines(self) -> list[str]:
        screen = pyte.Screen(self.width, self.height)
        pyte.ByteStream(screen).feed(self.raw)
        # A screen takes as long to read as it is tall, so the empty lines below the text are cut off first.
        screen.lines = max((row + 1 for row, line in screen.buffer.items() if line), default=0)
        lines = [line.rstrip() for line in screen.display]
        while lines and not lines[-1]:
            lines.pop()
        return lines


def make_environment(db: Path, **more: str | None) -> dict[str, str]:
    """Return an environment that does not depend on the machine's user; what is None is not set."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    every = (
        kept
        | {
            "HOME": str(db.parent),
            "NKPLAN_CONFIG": "",
            "NKPLAN_DB": str(db),
            "NKPLAN_TODAY": TODAY,
            "PYTHONUTF8": "1",
            "PYTHONPATH": str(ROOT),
        }
        | more
    )
    return {name: value for name, value in every.items() if value is not None}


def run(db: Path, *arguments: str, stdin: bytes = b"", **environment: str | None) -> Done:
    """Run the program in this process, with the environment, folder and pipes that a process would have.

    An exception that the program does not handle is raised here.
    """
    source = TextIOWrapper(BytesIO(stdin), "utf-8", "surrogateescape")
    out, err = _Pipe("surrogateescape"), _Pipe("backslashreplace")
    with (
        _environment(make_environment(db, **environment)),
        chdir(db.parent),
        patch("sys.stdin", source),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            code = run_program(arguments)
        except SystemExit as ending:  # Typer exits this way after a completion.
            code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    return Done(code, out.read_text(), err.read_text())


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    """Give this process an environment for a while: what `patch.dict` does, in half of its time."""
    before = dict(os.environ)
    _set_environment(wanted)
    try:
        yield
    finally:
        _set_environment(before)


def _set_environment(wanted: dict[str, str]) -> None:
    for name in [name for name in os.environ if name not in wanted]:
        del os.environ[name]
    for name, value in wanted.items():
        if os.environ.get(name) != value:
            os.environ[name] = value


class _Pipe(TextIOWrapper):
    """A stream that collects its bytes, as the reader of a pipe does."""

    def __init__(self, errors: str) -> None:
        self._kept = BytesIO()
        super().__init__(self._kept, "utf-8", errors, newline="")

    def read_text(self) -> str:
        """Return what was written. Raises UnicodeDecodeError."""
        self.flush()
        return self._kept.getvalue().decode()


def run_process(db: Path, *arguments: str, stdin: bytes = b"", **environment: str) -> Done:
    """Run the program as a separate process, with its output in a pipe."""
    done = subprocess.run(
        [*NKPLAN, *arguments],
        input=stdin,
        capture_output=True,
        env=make_environment(db, **environment),
        cwd=db.parent,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_json(db: Path, *arguments: str) -> Any:
    """Run the program and return the JSON that it prints."""
    done = run(db, *arguments, "-f", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def show(db: Path, width: int, *arguments: str, height: int = 400, **environment: str) -> Shown:
    """Run the program on a pseudo-terminal of a width, by default tall enough for all output.

    It is a separate process whose streams are the terminal, forked from one that has loaded the program.
    """

    def fork(follower: int, environment: dict[str, str]) -> Callable[[], int]:
        return fork_program(arguments, environment, db.parent, follower)

    return _show(width, height, make_environment(db, TERM="xterm-256color", **environment), fork)


def show_process(db: Path, width: int, *arguments: str, height: int = 400, **environment: str) -> Shown:
    """Run the program on a pseudo-terminal as `show` does, but start it as a user does."""

    def start(follower: int, environment: dict[str, str]) -> Callable[[], int]:
        return subprocess.Popen(
            [*NKPLAN, *arguments],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=environment,
            cwd=db.parent,
            start_new_session=True,
        ).wait

    return _show(width, height, make_environment(db, TERM="xterm-256color", **environment), start)


def _show(
    width: int,
    height: int,
    environment: dict[str, str],
    start: Callable[[int, dict[str, str]], Callable[[], int]],
) -> Shown:
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    wait = start(follower, environment)
    os.close(follower)
    raw = b""
    while chunk := _read(leader):
        raw += chunk
    os.close(leader)
    return Shown(wait(), raw, width, height)


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:
        return b""  # The other end has closed: the program is done.


def read_ids(done: Done) -> Sequence[str]:
    """Return the first column of a TSV list."""
    assert done.code == 0, done.err
    return [line.split("\t")[0] for line in done.out.splitlines()[1:]]
