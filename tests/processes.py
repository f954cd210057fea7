"""Starts the program as a process that a test can watch, read and end."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from program import NKPLAN, make_environment
from tables import query

UPDATE = ("update", "grand-canal", "building", "--evidence", "authority")
SOON = 10
"""A time limit in seconds: longer than a command takes, and shorter than a writer waits for a reader."""


Process = subprocess.Popen[bytes]


def start(db: Path, *arguments: str, out: int | None = None, err: int | None = None) -> Process:
    """Start the program with its output sent to descriptors, or discarded."""
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        [*NKPLAN, *arguments],
        stdin=nowhere,
        stdout=nowhere if out is None else out,
        stderr=nowhere if err is None else err,
        env=make_environment(db),
        start_new_session=True,
    )


def write_without_waiting(db: Path) -> None:
    """Record an update; fail if that has to wait."""
    command = [*NKPLAN, *UPDATE, "--on", "2026-03"]
    subprocess.run(command, env=make_environment(db), stdout=subprocess.DEVNULL, check=True, timeout=SOON)
    assert query(db, "SELECT command FROM changes ORDER BY id DESC LIMIT 1") == [("update",)]


def read_rest(descriptor: int) -> bytes:
    """Read until the other end is closed."""
    read = []
    with suppress(OSError):  # Reading a closed terminal raises it.
        while chunk := os.read(descriptor, 1 << 16):
            read.append(chunk)
    os.close(descriptor)
    return b"".join(read)


@contextmanager
def ending(process: Process) -> Iterator[None]:
    """Kill the process at the end, even if the test fails."""
    try:
        yield
    finally:
        process.kill()
        process.wait()
