"""Forks the program as a process that a test can watch, read and end."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from forking import Forked
from program import make_environment
from tables import query

UPDATE = ("update", "grand-canal", "building", "--evidence", "authority")
SOON = 10
"""A time limit in seconds: longer than a command takes, and shorter than a writer waits for a reader."""


Process = subprocess.Popen[bytes] | Forked


def start(db: Path, *arguments: str, out: int | None = None, err: int | None = None) -> Forked:
    """Fork the program with its output sent to descriptors, or discarded."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    try:
        streams = [nowhere, nowhere if out is None else out, nowhere if err is None else err]
        return Forked(arguments, make_environment(db), db.parent, streams)
    finally:
        os.close(nowhere)


def run_into(out: int, db: Path, *arguments: str) -> tuple[int, bytes]:
    """Fork the program with its output sent to a descriptor; return its exit code and what it said."""
    reader, writer = os.pipe()
    process = start(db, *arguments, out=out, err=writer)
    os.close(writer)
    said = read_rest(reader)
    return process.wait(SOON), said


def write_without_waiting(db: Path) -> None:
    """Record an update; fail if that has to wait."""
    assert start(db, *UPDATE, "--on", "2026-03").wait(SOON) == 0
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
