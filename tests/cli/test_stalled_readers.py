"""The reader of an output may be slow: the database is closed before the first byte is written."""

import os
import pty
import resource
import signal
import sqlite3
import subprocess
import sys
import termios
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest
from durability import find_damage
from long_files import feed, make_many
from processes import SOON, Process, ending, read_rest, run_into, start, write_without_waiting
from program import NKPLAN, make_environment, run
from tables import query

from nkplan.cli.options import OutputOptions
from nkplan.cli.output import MOST_IN_MEMORY, Answer
from nkplan.database import connect, translating_errors
from nkplan.errors import Unusable

EXPORT = ("export", "-f", "jsonl")


@contextmanager
def unread_export(db: Path, kind: str) -> Iterator[tuple[Process, int]]:
    """Start an export to a reader that does not read; yield the process and the descriptor to read from."""
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
    with ending(process):
        yield process, reader


def wait_for_output(reader: int) -> bytes:
    """Wait for the first byte of the output and return it."""
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


def wait_for_change(db: Path, command: str) -> None:
    """Wait until a command has recorded something."""
    deadline = time.monotonic() + SOON
    while not query(db, "SELECT 1 FROM changes WHERE id > 1") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert query(db, "SELECT command FROM changes WHERE id > 1") == [(command,)]


@pytest.mark.parametrize("kind", ["pipe", "terminal", "fifo"])
def test_a_stalled_reader_never_blocks_writers(record: Path, kind: str) -> None:
    before = run(record, *EXPORT).out.encode()
    with unread_export(record, kind) as (process, reader):
        first = wait_for_output(reader)
        write_without_waiting(record)
        assert process.poll() is None
        assert first + read_rest(reader) == before
        assert process.wait(SOON) == 0
    assert run(record, *EXPORT).out.encode() != before
    assert find_damage(record) == []


def test_a_terminal_stopped_with_ctrl_s_never_blocks_writers(record: Path) -> None:
    leader, follower = pty.openpty()
    termios.tcflow(follower, termios.TCOOFF)
    process = start(record, "list", out=follower)
    with ending(process):
        write_without_waiting(record)
        assert process.poll() is None
        termios.tcflow(follower, termios.TCOON)
        os.close(follower)
        assert b"grand-canal" in read_rest(leader)
        assert process.wait(SOON) == 0


@pytest.mark.parametrize("kind", ["pipe", "terminal", "fifo"])
def test_a_command_with_a_stalled_reader_can_be_interrupted(record: Path, kind: str) -> None:
    with unread_export(record, kind) as (process, reader):
        wait_for_output(reader)
        process.send_signal(signal.SIGINT)
        assert process.wait(SOON) == 130
        os.close(reader)


def test_a_command_that_waits_for_a_named_pipe_can_be_interrupted(record: Path) -> None:
    fifo = record.with_name("fifo")
    os.mkfifo(fifo)
    process = start(record, *EXPORT, "-o", str(fifo))
    with ending(process):
        write_without_waiting(record)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(SOON) == 130


def test_an_unread_notice_never_blocks_writers(record: Path) -> None:
    """A notice about a write is printed only after the database is closed."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    filled = 0
    try:
        while True:
            filled += os.write(writer, bytes(4096))
    except BlockingIOError:
        os.set_blocking(writer, True)
    process = start(record, "update", "grand-canal", "paused", "--on", "2026-03", err=writer)
    os.close(writer)
    with ending(process):
        wait_for_change(record, "update")
        write_without_waiting(record)
        assert process.poll() is None
        assert b"without an evidence class it counts" in read_rest(reader)[filled:]
        assert process.wait(SOON) == 0


def test_a_progress_bar_on_a_stopped_terminal_never_blocks_writers(record: Path, tmp_path: Path) -> None:
    """The bar is drawn while the database is locked; what the terminal does not accept is dropped."""
    content = make_many(tmp_path / "many.jsonl", 10_000).read_bytes()
    # The pipe pauses longer than it takes until a bar appears.
    slow = tmp_path / "long.jsonl"
    os.mkfifo(slow)
    writer = Thread(target=feed, args=(content, slow))
    writer.start()
    leader, follower = pty.openpty()
    termios.tcflow(follower, termios.TCOOFF)
    process = start(record, "load", str(slow), err=follower)
    with ending(process):
        deadline = time.monotonic() + 6 * SOON
        while not query(record, "SELECT 1 FROM changes WHERE id > 1") and time.monotonic() < deadline:
            time.sleep(0.1)
        write_without_waiting(record)
        termios.tcflow(follower, termios.TCOON)
        os.close(follower)
        drawn = read_rest(leader)
        assert process.wait(SOON) == 0
    writer.join()
    # The cursor is visible again.
    assert drawn.rfind(b"\x1b[?25h") > drawn.rfind(b"\x1b[?25l")


@pytest.mark.parametrize("arguments", [EXPORT, ("report", "conflicts", "-f", "json"), ("--help",)], ids=str)
def test_a_reader_may_close_the_pipe_after_one_line(record: Path, arguments: tuple[str, ...]) -> None:
    (reader, out), (said, err) = os.pipe(), os.pipe()
    process = start(record, *arguments, out=out, err=err)
    os.close(out)
    os.close(err)
    with open(reader, "rb") as file:  # noqa: PTH123  # It is a descriptor.
        assert file.readline()
    assert read_rest(said) == b""
    assert process.wait(SOON) == 0


@pytest.mark.parametrize(
    "arguments", [EXPORT, ("list",), ("--help",), ("update", "grand-canal", "idle", "--on", "2026")], ids=str
)
def test_a_pipe_closed_before_the_first_byte_is_not_an_error(
    record: Path, arguments: tuple[str, ...]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    code, said = run_into(writer, record, *arguments)
    os.close(writer)
    assert code == 0
    assert b"cannot be written" not in said


def test_a_non_blocking_pipe_gets_the_whole_output(record: Path) -> None:
    before = run(record, *EXPORT).out.encode()
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    process = start(record, *EXPORT, out=writer)
    os.close(writer)
    with ending(process):
        assert len(before) > 1 << 17
        first = wait_for_output(reader)
        time.sleep(0.1)
        assert first + read_rest(reader) == before
        assert process.wait(SOON) == 0


def list_long() -> Iterator[str]:
    """Return lines of 32 MB in all, each of them different."""
    return (f"{number:07d} {'x' * 791}\n" for number in range(40_000))


def test_a_long_output_takes_a_bounded_amount_of_memory(tmp_path: Path) -> None:
    """Of 32 MB, only MOST_IN_MEMORY bytes are kept in memory, and what was written last."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    tracemalloc.start()
    try:
        answer = Answer(OutputOptions(output=pipe))
        answer.write(lambda out: out.writelines(list_long()))
        assert tracemalloc.get_traced_memory()[1] < 3 * MOST_IN_MEMORY
    finally:
        tracemalloc.stop()
    copied = tmp_path / "copied"
    with copied.open("wb") as file, subprocess.Popen(["cat", str(pipe)], stdout=file):
        answer.deliver()
    answer.close()
    assert copied.read_text("ascii") == "".join(list_long())


def make_long(db: Path) -> None:
    """Give the updates of a record notes of 30 MB in all."""
    with closing(sqlite3.connect(db)) as connection, connection:
        (number,) = connection.execute("SELECT count(*) FROM updates").fetchone()
        connection.execute("UPDATE updates SET note = ?", ["x" * (30_000_000 // number)])


def measure_memory(db: Path, command: str) -> int:
    """Run the program in a shell command; return the peak memory of its largest process, in KiB."""
    script = (
        "import resource, subprocess, sys; subprocess.run(['sh', '-c', sys.argv[1]], check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = f"{' '.join(NKPLAN)} {command}"
    done = subprocess.run(
        [sys.executable, "-c", script, command],
        env=make_environment(db),
        cwd=db.parent,
        capture_output=True,
        check=True,
    )
    return int(done.stdout)


def test_a_long_export_takes_little_memory(record: Path) -> None:
    short = measure_memory(record, "export | cat > copy")
    make_long(record)
    long = measure_memory(record, "export | tail -c 100 > copy")
    assert long - short < 16 << 10


def test_lack_of_space_for_a_temporary_file_is_reported(record: Path) -> None:
    make_long(record)
    done = subprocess.run(
        [*NKPLAN, *EXPORT],
        capture_output=True,
        env=make_environment(record),
        check=False,
        # This process may not write a byte to any file.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )
    assert (done.returncode, done.stdout) == (4, b"")
    (line,) = done.stderr.splitlines()
    assert line.startswith(b"nkplan: the output cannot be kept in the folder for temporary files: ")
    assert line.endswith(
        b"; free some space, name another folder with TMPDIR, or write to a file with --output"
    )


def test_a_traceback_can_be_written_after_an_output() -> None:
    script = (
        "import nkplan.cli.run as cli\ndef fail(**_): print('put out'); 1 / 0\n"
        "cli.build_app = lambda: fail\ncli.main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=SOON)
    assert done.returncode == 1
    assert done.stdout == b"put out\n"
    assert done.stderr.endswith(b"ZeroDivisionError: division by zero\n")


def test_a_database_in_use_is_reported_as_in_use(record: Path) -> None:
    """Whether it is being written or read: SQLite does not distinguish the two."""
    with closing(sqlite3.connect(record, isolation_level=None)) as other:
        rows = other.execute("SELECT * FROM updates")
        rows.fetchone()

        def write_impatiently() -> None:
            with translating_errors(record), closing(connect(record, "rw", timeout=0)) as connection:
                connection.execute("UPDATE updates SET note = 'x' WHERE rowid = 1")

        with pytest.raises(Unusable, match=r"is in use: .* has not finished reading it; try again"):
            write_impatiently()
