"""Whoever reads the output may take their time: the database is not held until they have read it."""

import os
import pty
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import termios
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from durability import find_unsound, query
from program import NKPLAN, make_environment, run

from nkplan.cli.carrier import MOST_IN_MEMORY, Carrier, Outlet, open_outlet
from nkplan.database import connect, translating
from nkplan.errors import Unusable

EXPORT = ("export", "-f", "jsonl")
UPDATE = ("update", "grand-canal", "building", "--evidence", "government")
SOON = 10
"""So many seconds are more than a command takes, and fewer than a writer waits for a reader."""


Process = subprocess.Popen[bytes]


def start(db: Path, *arguments: str, out: int | None = None, err: int | None = None) -> Process:
    """Start the program with its output going to descriptors, or nowhere."""
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        [*NKPLAN, *arguments],
        stdin=nowhere,
        stdout=nowhere if out is None else out,
        stderr=nowhere if err is None else err,
        env=make_environment(db),
        start_new_session=True,
    )


def write_at_once(db: Path) -> None:
    """Record an update, and see it recorded."""
    command = [*NKPLAN, *UPDATE, "--on", "2026-03"]
    subprocess.run(command, env=make_environment(db), stdout=subprocess.DEVNULL, check=True, timeout=SOON)
    assert query(db, "SELECT command FROM changes WHERE id > 1") == [("update",)]


def read_rest(descriptor: int) -> bytes:
    """Read until the other end is closed."""
    read = []
    with suppress(OSError):  # A terminal ends so.
        while chunk := os.read(descriptor, 1 << 16):
            read.append(chunk)
    os.close(descriptor)
    return b"".join(read)


@contextmanager
def unread(db: Path, kind: str) -> Iterator[tuple[Process, int]]:
    """Start an export to where nobody reads, and give it with what can be read from."""
    if kind == "fifo":
        fifo = db.with_name("fifo")
        os.mkfifo(fifo)
        reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        process = start(db, *EXPORT, "-o", str(fifo))
    else:
        reader, writer = pty.openpty() if kind == "terminal" else os.pipe()
        if kind == "terminal":
            attributes = termios.tcgetattr(writer)
            attributes[1] &= ~termios.ONLCR
            termios.tcsetattr(writer, termios.TCSANOW, attributes)
        process = start(db, *EXPORT, out=writer)
        os.close(writer)
    try:
        yield process, reader
    finally:
        process.kill()
        process.wait()


def wait_for_output(reader: int) -> bytes:
    """Give the first byte of what is put out, once it is there."""
    deadline = time.monotonic() + SOON
    os.set_blocking(reader, False)
    while time.monotonic() < deadline:
        try:
            if first := os.read(reader, 1):
                os.set_blocking(reader, True)
                return first
        except BlockingIOError:
            pass
        time.sleep(0.01)
    raise TimeoutError


@pytest.mark.parametrize("kind", ["pipe", "terminal", "fifo"])
def test_whoever_does_not_read_an_output_keeps_nobody_from_writing(record: Path, kind: str) -> None:
    before = run(record, *EXPORT).out.encode()
    with unread(record, kind) as (process, reader):
        first = wait_for_output(reader)
        write_at_once(record)
        assert process.poll() is None
        assert first + read_rest(reader) == before
        assert process.wait(SOON) == 0
    assert run(record, *EXPORT).out.encode() != before
    assert find_unsound(record) == []


def test_an_output_that_nobody_reads_can_be_interrupted(record: Path) -> None:
    with unread(record, "pipe") as (process, reader):
        wait_for_output(reader)
        write_at_once(record)
        process.send_signal(signal.SIGINT)
        assert process.wait(SOON) == 130
        os.close(reader)


def test_a_remark_that_nobody_reads_keeps_nobody_from_writing(record: Path) -> None:
    """It is made by a writer, while it holds the database."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    filled = 0
    try:
        while True:
            filled += os.write(writer, bytes(4096))
    except BlockingIOError:
        os.set_blocking(writer, True)
    process = start(record, *UPDATE, err=writer)
    os.close(writer)
    try:
        deadline = time.monotonic() + SOON
        while not query(record, "SELECT 1 FROM changes WHERE id > 1") and time.monotonic() < deadline:
            time.sleep(0.05)
        assert query(record, "SELECT command FROM changes WHERE id > 1") == [("update",)]
        assert process.poll() is None
        assert b"without --on it is dated today" in read_rest(reader)[filled:]
        assert process.wait(SOON) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("arguments", [EXPORT, ("report", "conflicts", "-f", "json"), ("--help",)], ids=str)
def test_whoever_has_read_one_line_may_go(record: Path, arguments: tuple[str, ...]) -> None:
    command = [*NKPLAN, *arguments]
    process = subprocess.Popen(
        command, env=make_environment(record), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(SOON) == 0


def make_outlet(carrier: Carrier, descriptor: int) -> Outlet:
    return Outlet(carrier, descriptor, lambda error: Unusable(str(error.strerror)))


CONTENT = b"".join(b"%07d\n" % number for number in range(MOST_IN_MEMORY // 6))
"""More than is kept in memory, and no part of it as another."""


def do_soon(act: Callable[[], object]) -> None:
    """Do something that, were it wrong, would wait for ever."""
    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    thread.join(SOON)
    assert not thread.is_alive()


def read_so_many(descriptor: int, number: int) -> bytes:
    """Read so many bytes of what is not closed."""
    read = b""
    while len(read) < number:
        read += os.read(descriptor, 1 << 16)
    return read


def write_all(outlet: Outlet, content: bytes) -> None:
    for start in range(0, len(content), 50_000):
        outlet.write(content[start : start + 50_000])


def test_what_is_more_than_memory_should_hold_arrives_whole_and_in_order() -> None:
    reader, writer = os.pipe()
    carrier = Carrier()
    outlet = make_outlet(carrier, writer)
    do_soon(lambda: write_all(outlet, CONTENT))
    assert read_so_many(reader, len(CONTENT)) == CONTENT
    # What was put aside has been read, and what follows begins the file again.
    do_soon(lambda: write_all(outlet, CONTENT[::-1]))
    outlet.close()
    assert read_rest(reader) == CONTENT[::-1]
    carrier.settle()


def test_a_million_lines_that_nobody_reads_take_no_memory_each() -> None:
    reader, writer = os.pipe()
    carrier = Carrier()
    outlet = make_outlet(carrier, writer)
    outlet.write(bytes(MOST_IN_MEMORY))
    tracemalloc.start()
    try:
        for number in range(10_000):
            outlet.write(b"%07d\n" % number)
        assert tracemalloc.get_traced_memory()[0] < 500_000
    finally:
        tracemalloc.stop()
    outlet.close()
    assert read_rest(reader).endswith(b"0000000\n" + CONTENT[8:80_000])


def test_where_the_system_has_no_thread_output_is_written_directly() -> None:
    reader, writer = os.pipe()
    carrier = Carrier()
    outlet = make_outlet(carrier, writer)
    before = threading.stack_size(1 << 50)
    try:
        outlet.write(b"one word")
        outlet.close()
    finally:
        threading.stack_size(before)
    do_soon(carrier.settle)
    assert read_rest(reader) == b"one word"


def test_a_bug_on_the_way_comes_out_as_what_it_is_and_nobody_waits_for_ever() -> None:
    reader, writer = os.pipe()
    carrier = Carrier()
    outlet = Outlet(carrier, Path("no\0path"), lambda error: None)
    outlet.write(b"nowhere")
    with pytest.raises(ValueError, match="null byte"):
        carrier.settle()
    other = make_outlet(carrier, writer)
    other.write(b"one word")
    other.close()
    assert read_rest(reader) == b"one word"


def test_a_traceback_can_be_written_when_all_has_been_carried() -> None:
    script = (
        "from nkplan.cli.carrier import carrying\n"
        "with carrying(): print('carried')\n"
        "print('and not', flush=True)\n"
        "1 / 0"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=SOON)
    assert done.stdout == b"carried\nand not\n"
    assert done.stderr.endswith(b"ZeroDivisionError: division by zero\n")


def test_without_a_file_to_put_it_into_it_waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As where the disk is full, or the folder for such files gone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    reader, writer = os.pipe()
    outlet = make_outlet(Carrier(), writer)
    read: list[bytes] = []
    thread = threading.Thread(target=lambda: read.append(read_rest(reader)))
    threading.Timer(0.1, thread.start).start()
    outlet.write(CONTENT)
    write_all(outlet, CONTENT)
    outlet.close()
    thread.join(SOON)
    assert read == [CONTENT * 2]


PRINTING = (
    "import sys; import nkplan.cli.run as cli;"
    f"cli.app = lambda **_: [print('x' * 999) for _ in range({MOST_IN_MEMORY // 500})];"
    "cli.main()"
)
"""Runs the program with a command that puts out more than is kept in memory."""


def test_where_nothing_can_be_put_aside_it_can_be_interrupted_all_the_same() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PRINTING],
        stdout=subprocess.PIPE,
        # No file of this process may have a byte.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),  # noqa: PLW1509
    )
    assert process.stdout is not None
    try:
        wait_for_output(process.stdout.fileno())
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.wait(SOON) == 130
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_pipe_that_is_told_to_make_nobody_wait_gets_all_of_it() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    outlet = make_outlet(Carrier(), writer)
    write_all(outlet, CONTENT)
    outlet.close()
    assert read_rest(reader) == CONTENT


def test_that_a_pipe_is_closed_is_told_once_and_while_it_is_written_to() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    carrier = Carrier()
    outlet = make_outlet(carrier, writer)

    def write_on() -> None:
        deadline = time.monotonic() + SOON
        while time.monotonic() < deadline:
            outlet.write(b"more")

    with pytest.raises(BrokenPipeError):
        write_on()
    outlet.write(b"and more")
    outlet.close()
    carrier.settle()


def test_that_a_pipe_was_closed_before_the_last_word_is_told_at_the_end() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    carrier = Carrier()
    outlet = make_outlet(carrier, writer)
    outlet.write(b"one word")
    outlet.close()
    with pytest.raises(Unusable, match="Broken pipe"):
        carrier.settle()
    carrier.settle()


def test_a_pipe_with_a_name_is_opened_without_waiting_for_its_reader(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)

    def write() -> None:
        with open_outlet(fifo, lambda error: None) as file:
            file.write("성천군\n")

    do_soon(write)
    assert fifo.read_text("utf-8") == "성천군\n"


def test_a_database_in_use_is_said_to_be_in_use(record: Path) -> None:
    """Whether it is written or read: SQLite does not tell the one from the other."""
    with closing(sqlite3.connect(record, isolation_level=None)) as other:
        rows = other.execute("SELECT * FROM updates")
        rows.fetchone()

        def write_impatiently() -> None:
            with translating(record), closing(connect(record, "rw", timeout=0)) as connection:
                connection.execute("UPDATE updates SET note = 'x' WHERE rowid = 1")

        with pytest.raises(Unusable, match=r"is in use: .* has not finished reading it; try again"):
            write_impatiently()
