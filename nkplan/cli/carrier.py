"""Carries output to whoever reads it, so that no command waits for them while it holds the database.

A pager reads a screen and then nothing until a key is pressed; a terminal takes nothing after Ctrl-S. As long
as a command has not read its last row nobody can write to the file, and a writer gives up after a while. What
is put out therefore goes into a queue that a thread empties; the command goes on, lets go of the database and
waits then. Files, and devices but terminals, make nobody wait and are written to directly.
"""

import os
import stat
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedWriter, RawIOBase, TextIOWrapper, UnsupportedOperation
from pathlib import Path
from select import select
from threading import Condition, Thread
from typing import TYPE_CHECKING, TextIO

from nkplan.errors import Unusable

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

MOST_IN_MEMORY = 4 << 20
"""How many bytes wait in memory at most; what is beyond waits in a file without a name."""

_AT_ONCE = 1 << 16
"""How many bytes are handed over, and read back from the file, at a time."""

Explain = Callable[[OSError], Unusable | None]
"""Gives what a person is told of a fault of an outlet, or None where it is none to them."""

_Parcel = bytes | range | None
"""Bytes, or where in the file they are, or the end of what goes to an outlet."""


def explain_output(error: OSError) -> Unusable | None:
    """Say what is wrong with standard output."""
    if isinstance(error, BrokenPipeError):
        # A reader that has seen enough and closed the pipe is no fault.
        return None
    return Unusable(f"the output can not be written: {error.strerror}; write it elsewhere")


class Outlet(RawIOBase):
    """Where output goes that may make a writer wait; it is written to without waiting.

    It is an open descriptor, which is closed with it, or a path that is opened when the first bytes arrive.
    Writing raises, once, what came of writing before, an OSError or a bug; after that it does nothing.
    """

    def __init__(self, carrier: "Carrier", where: int | Path, explain: Explain) -> None:
        super().__init__()
        self._carrier = carrier
        self._path = where if isinstance(where, Path) else None
        self._descriptor = where if isinstance(where, int) else None
        self.explain = explain
        self.fault: Exception | None = None
        self.is_told = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        if self._descriptor is None:
            raise UnsupportedOperation
        return self._descriptor

    def isatty(self) -> bool:
        return self._descriptor is not None and os.isatty(self._descriptor)

    def write(self, data: "ReadableBuffer", /) -> int:
        content = bytes(data)
        if self.fault is None:
            self._carrier.take(self, content)
        elif not self.is_told:
            self.is_told = True
            raise self.fault
        return len(content)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._carrier.take(self, None)

    def put_out(self, content: bytes) -> None:
        """Write, and wait as long as it takes. Raises OSError."""
        descriptor = self._open()
        left = memoryview(content)
        while left:
            try:
                left = left[os.write(descriptor, left) :]
            except BlockingIOError:
                # Another program that has the same terminal may have told it never to make anybody wait.
                select([], [descriptor], [])

    def finish(self) -> None:
        """Close it; where nothing was written it is opened first, for its reader waits for that."""
        if self.fault is None:
            self._open()
        if self._descriptor is not None:
            os.close(self._descriptor)

    def _open(self) -> int:
        if self._descriptor is None:
            assert self._path is not None
            # A pipe with a name opens when somebody opens its other end.
            self._descriptor = os.open(self._path, os.O_WRONLY)
        return self._descriptor


class Carrier:
    """A queue of bytes on their way to outlets, and the thread that carries them there in that order.

    A thread, since `poll` does not keep a write from waiting: a terminal may have room for one byte where two
    are written, and others may write to the same pipe. Where it waits, Python goes on without it.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._queue: deque[tuple[Outlet, _Parcel]] = deque()
        self._in_memory = 0
        self._file: int | None = None
        self._end = 0
        self._failed: list[Outlet] = []
        self._thread: Thread | None = None
        self._has_given_up = False

    def take(self, outlet: Outlet, content: bytes | None) -> None:
        """Take bytes to be carried to an outlet, or the end of them."""
        with self._changed:
            if self._has_given_up:
                return
            if self._thread is None and not self._start():
                self._deliver(outlet, content)
                return
            self._append(outlet, None if content is None else self._store(content))
            self._changed.notify_all()

    def give_up(self) -> None:
        """Take nothing more, and let nobody wait for what has been taken."""
        with self._changed:
            self._has_given_up = True
            self._changed.notify_all()

    def wait(self) -> None:
        """Wait until all has arrived, or can not."""
        with self._changed:
            self._changed.wait_for(lambda: not self._queue or self._has_given_up)

    def settle(self) -> None:
        """Wait until all has arrived. Raises what is to be told of a fault that no writer met, or a bug."""
        self.wait()
        failed, self._failed = self._failed, []
        for outlet in failed:
            assert outlet.fault is not None
            if outlet.is_told:
                continue
            if not isinstance(outlet.fault, OSError):
                raise outlet.fault
            if told := outlet.explain(outlet.fault):
                raise told from outlet.fault

    def _start(self) -> bool:
        """Start the thread, and tell whether it runs; where the system has none, all is written directly."""
        # The process may end while it waits.
        self._thread = Thread(target=self._carry, daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            self._thread = None
            return False
        return True

    def _append(self, outlet: Outlet, parcel: _Parcel) -> None:
        """Add a parcel to the queue; what lies side by side in the file is one, for many take memory."""
        # The first of the queue may be on its way.
        if isinstance(parcel, range) and len(self._queue) > 1:
            before, last = self._queue[-1]
            if before is outlet and isinstance(last, range) and last.stop == parcel.start:
                self._queue[-1] = outlet, range(last.start, parcel.stop)
                return
        self._queue.append((outlet, parcel))

    def _store(self, content: bytes) -> bytes | range:
        """Keep bytes in memory, beyond a bound in the file; where that has no room there is but to wait."""
        if self._in_memory + len(content) > MOST_IN_MEMORY:
            try:
                return self._put_aside(content)
            except OSError:
                self._changed.wait_for(
                    lambda: not self._in_memory or self._in_memory + len(content) <= MOST_IN_MEMORY
                )
        self._in_memory += len(content)
        return content

    def _put_aside(self, content: bytes) -> range:
        if self._file is None:
            from tempfile import TemporaryFile

            with TemporaryFile() as file:
                self._file = os.dup(file.fileno())
        start = end = self._end
        while end - start < len(content):
            end += os.pwrite(self._file, content[end - start :], end)
        self._end = end
        return range(start, end)

    def _carry(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue)
                outlet, parcel = self._queue[0]
            self._deliver(outlet, parcel)
            with self._changed:
                self._queue.popleft()
                if isinstance(parcel, bytes):
                    self._in_memory -= len(parcel)
                elif parcel is not None and parcel.stop == self._end:
                    self._empty_file()
                self._changed.notify_all()

    def _deliver(self, outlet: Outlet, parcel: _Parcel) -> None:
        """Put a parcel out, and keep what goes wrong, a bug too: without the thread all would wait."""
        try:
            if parcel is None:
                outlet.finish()
            elif outlet.fault is None:
                for content in self._read(parcel):
                    outlet.put_out(content)
        except Exception as error:
            outlet.fault = error
            self._failed.append(outlet)

    def _read(self, parcel: bytes | range) -> Iterator[bytes]:
        """Give what is in a parcel, of what is in the file so much at a time."""
        if isinstance(parcel, bytes):
            yield parcel
            return
        assert self._file is not None
        for start in parcel[::_AT_ONCE]:
            yield os.pread(self._file, min(_AT_ONCE, parcel.stop - start), start)

    def _empty_file(self) -> None:
        """Give the room of the file back, of which nothing waits any more, and begin it again."""
        assert self._file is not None
        self._end = 0
        with suppress(OSError):
            os.ftruncate(self._file, 0)


_carrier = Carrier()
"""The one of this process: what goes to a terminal by standard output and error keeps its order."""


def settle() -> None:
    """Wait until all that was put out has arrived. Raises Unusable where it can not."""
    _carrier.settle()


def wait() -> None:
    """Wait until all that was put out has arrived, or can not."""
    _carrier.wait()


def give_up() -> None:
    """Put out no more: whoever interrupts a command does not want to wait for what nobody reads."""
    _carrier.give_up()


@contextmanager
def carrying() -> Iterator[None]:
    """Have what is written to standard output and error carried, and wait for the last of it at the end."""
    streams = sys.stdout, sys.stderr
    sys.stdout = _carry_stream(sys.stdout, explain_output)
    sys.stderr = _carry_stream(sys.stderr, lambda _: None)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                if stream is not None:
                    stream.flush()
        sys.stdout, sys.stderr = streams
        wait()


def open_outlet(path: Path, explain: Explain) -> TextIO:
    """Open a pipe or a device to be written to in UTF-8. Raises OSError."""
    if stat.S_ISFIFO(path.stat().st_mode):
        return _make_text(Outlet(_carrier, path, explain), "utf-8")
    descriptor = os.open(path, os.O_WRONLY | os.O_NOCTTY)
    if _may_wait(descriptor):
        return _make_text(Outlet(_carrier, descriptor, explain), "utf-8")
    return open(descriptor, "w", encoding="utf-8", newline="")  # noqa: PTH123


def _carry_stream(stream: TextIO, explain: Explain) -> TextIO:
    """Give a stream that goes where a stream of this process goes, and never waits."""
    if not isinstance(stream, TextIOWrapper) or not _may_wait(stream.fileno()):
        return stream
    # A descriptor of its own: it is closed with the stream, and that of the process may be needed after it.
    return _make_text(Outlet(_carrier, os.dup(stream.fileno()), explain), stream.encoding, stream.errors)


def _make_text(outlet: Outlet, encoding: str, errors: str | None = None) -> TextIOWrapper:
    return TextIOWrapper(
        BufferedWriter(outlet, _AT_ONCE),
        encoding=encoding,
        errors=errors,
        newline="",
        line_buffering=outlet.isatty(),
    )


def _may_wait(descriptor: int) -> bool:
    """Tell whether writing may take until somebody reads: not with files, nor with devices but terminals."""
    mode = os.fstat(descriptor).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)
