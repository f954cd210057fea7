"""Runs the program as a person does: as a process, in a pipe or on a real pseudo-terminal."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyte

from nkplan.cli.run import run as run_program

NKPLAN = [sys.executable, "-m", "nkplan"]
ROOT = Path(__file__).parent.parent
TODAY = "2026-11-24"


@dataclass(frozen=True)
class Done:
    """What a run gave."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shown:
    """What a run on a terminal showed: the lines of the screen, and the bytes that drew them."""

    code: int
    lines: list[str]
    raw: bytes


def make_environment(db: Path, **more: str) -> dict[str, str]:
    """Give an environment in which nothing of the machine's user matters."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    home = str(db.parent)
    return (
        kept
        | {
            "HOME": home,
            "NKPLAN_DB": str(db),
            "NKPLAN_TODAY": TODAY,
            "PYTHONUTF8": "1",
            "PYTHONPATH": str(ROOT),
        }
        | more
    )


def run(db: Path, *arguments: str, stdin: bytes = b"", **environment: str) -> Done:
    """Run the program with its output in a pipe."""
    done = subprocess.run(
        [*NKPLAN, *arguments],
        input=stdin,
        capture_output=True,
        env=make_environment(db, **environment),
        cwd=db.parent,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_here(db: Path, *arguments: str, stdin: str = "", **environment: str) -> Done:
    """Run the program in this process, which takes a tenth of the time that it takes to start one."""
    out, err = StringIO(), StringIO()
    # The program reads bytes from standard input and the environment of its process.
    source = TextIOWrapper(BytesIO(stdin.encode()))
    with (
        patch.dict(os.environ, make_environment(db, **environment)),
        patch("sys.stdin", source),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = run_program(arguments)
    return Done(code, out.getvalue(), err.getvalue())


def run_json(db: Path, *arguments: str) -> Any:
    """Run the program and read the JSON it gives."""
    done = run(db, *arguments, "-f", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def show(db: Path, width: int, *arguments: str, height: int = 400, **environment: str) -> Shown:
    """Run the program on a pseudo-terminal of a width, tall enough for all it shows."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    process = subprocess.Popen(
        [*NKPLAN, *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=make_environment(db, TERM="xterm-256color", **environment),
        cwd=db.parent,
        start_new_session=True,
    )
    os.close(follower)
    raw = b""
    while chunk := _read(leader):
        raw += chunk
    os.close(leader)
    screen = pyte.Screen(width, height)
    stream = pyte.ByteStream(screen)
    stream.feed(raw)
    lines = [line.rstrip() for line in screen.display]
    while lines and not lines[-1]:
        lines.pop()
    return Shown(process.wait(), lines, raw)


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:
        return b""  # The other end has closed: the program is done.


def read_ids(done: Done) -> Sequence[str]:
    """Give the first column of a TSV list."""
    assert done.code == 0, done.err
    return [line.split("\t")[0] for line in done.out.splitlines()[1:]]
