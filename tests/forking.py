"""Forks the program from a process that has loaded it, which takes a fraction of the time of starting it.

The fork is a separate process, with its own streams, environment and folder, but it does not show how the
program starts or what it loads.
"""

import atexit
import fcntl
import gc
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import traceback
from ast import literal_eval
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from ctypes import CDLL, c_ulong
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

_LONGEST = 1 << 16
"""The most bytes that arguments and environment take together."""
_PR_SET_PTRACER = 0x59616D61
"""What the Yama security module calls the permission to trace a process; its absence changes nothing."""


def fork_program(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, stream: int
) -> Callable[[], int]:
    """Start the program with a descriptor for its streams; return a function that waits for its code."""
    connection, _ = _start()
    message = _write(arguments, environment, folder)
    socket.send_fds(connection, [message], [stream])
    return lambda: int(connection.recv(_LONGEST))


def fork_held(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, streams: Sequence[int]
) -> tuple[int, Callable[[], int]]:
    """Fork the program with three streams, held until it gets SIGUSR1, so that another can trace all it does.

    Return its process id, and a function that waits for its code.
    """
    connection, _ = _start()
    message = _write(arguments, environment, folder, "held")
    socket.send_fds(connection, [message], streams)
    return int(connection.recv(_LONGEST)), lambda: int(connection.recv(_LONGEST))


def _write(arguments: Sequence[str], environment: Mapping[str, str], folder: Path, *kind: str) -> bytes:
    """Write what to fork, as the launcher does; that starts in half the time without `json`."""
    message = ascii([list(arguments), dict(environment), str(folder), *kind]).encode()
    assert len(message) < _LONGEST
    return message


class Forked:
    """The program, forked beside others and in a session of its own, to be watched and ended as a process.

    A single stream is all three. If it is a terminal, it can be that of the session, whose keys send signals.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        streams: Sequence[int],
        *,
        has_terminal: bool = False,
    ) -> None:
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._connection.connect(str(Path(find_launcher()).with_name("socket")))
        kind = "on its terminal" if has_terminal else "beside others"
        message = _write(arguments, environment, folder, kind)
        socket.send_fds(self._connection, [message], streams)
        self.pid = int(self._connection.recv(_LONGEST))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, or None if it still runs."""
        with suppress(TimeoutError):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit code. Raises TimeoutError after so many seconds."""
        if self.returncode is None:
            if not select.select([self._connection], [], [], timeout)[0]:
                raise TimeoutError(f"the program still runs after {timeout} seconds")
            self.returncode = int(self._connection.recv(_LONGEST))
            self._connection.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


_LAUNCHER = """#!{python} -IS
import _socket, os, sys
server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
server.connect({place!r})
message = ascii([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
streams = b"".join(number.to_bytes(4, sys.byteorder) for number in range(3))
server.sendmsg([message], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
os._exit(int(server.recv(100)) % 256)
"""


def find_launcher() -> str:
    """Return the path of a program that runs nkplan, by a fork, as it is run itself.

    The program gets its arguments, environment, folder and streams, but none of the signals sent to it.
    """
    return _start()[1]


@cache
def _start() -> tuple[socket.socket, str]:
    """Start the process to fork from, once; it ends when this one does.

    Return the connection to it, and the path of the launcher.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    folder = tempfile.mkdtemp()
    place = f"{folder}/socket"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(place)
    listener.listen()
    root = str(Path(__file__).parent.parent)
    process = subprocess.Popen(
        [sys.executable, __file__, str(theirs.fileno()), str(listener.fileno())],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": root, "PYTHONUTF8": "1"},
        pass_fds=[theirs.fileno(), listener.fileno()],
        start_new_session=True,
    )
    theirs.close()
    listener.close()
    launcher = Path(folder, "nkplan")
    launcher.write_text(_LAUNCHER.format(python=sys.executable, place=place), "utf-8")
    launcher.chmod(0o755)

    def end() -> None:
        ours.close()
        process.wait()
        shutil.rmtree(folder)

    atexit.register(end)
    return ours, str(launcher)


def _serve(connection: socket.socket, listener: socket.socket) -> None:
    """Fork the program whenever the other side asks for it, one after the other, or a launcher, at once."""
    import nkplan  # noqa: PLC0415

    for module in pkgutil.walk_packages(nkplan.__path__, "nkplan."):
        if module.name != "nkplan.__main__":
            import_module(module.name)
    gc.freeze()
    waiting: set[int] = set()
    while True:
        ready, _, _ = select.select([connection, listener], [], [])
        waiting -= {child for child in waiting if os.waitpid(child, os.WNOHANG)[0]}
        if listener in ready:
            launcher, _ = listener.accept()
            child = os.fork()
            if not child:
                _run_once(launcher)
                os._exit(0)
            waiting.add(child)
            launcher.close()
        if connection in ready and not _run_once(connection):
            return


def _run_once(connection: socket.socket) -> bool:
    """Fork the program as the other side asks, and send it the exit code; return whether it asked."""
    message, descriptors, _, _ = socket.recv_fds(connection, _LONGEST, 3)
    if not message:
        return False
    arguments, environment, folder, *kind = literal_eval(message.decode())
    child = os.fork()
    if not child:
        _prepare(kind, descriptors, connection)
        _become(arguments, environment, folder)
    for descriptor in descriptors:
        os.close(descriptor)
    if kind and kind != ["held"]:
        connection.send(str(child).encode())
    _, status = os.waitpid(child, 0)
    connection.send(str(os.waitstatus_to_exitcode(status)).encode())
    return True


def _prepare(kind: Sequence[str], streams: Sequence[int], connection: socket.socket) -> None:
    """Give this process its session and its streams; a single stream is all three."""
    try:
        os.setsid()
        for number in range(3):
            os.dup2(streams[number % len(streams)], number)
        if kind == ["on its terminal"]:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        if kind == ["held"]:
            _hold(connection)
        os.closerange(3, 256)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def _become(arguments: Sequence[str], environment: Mapping[str, str], folder: str) -> None:
    """Run the program in place of this process, and end with it."""
    try:
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.argv = ["nkplan", *arguments]
        sys.stdin = _open(0, "r", "surrogateescape")
        sys.stdout = _open(1, "w", "surrogateescape")
        sys.stderr = _open(2, "w", "backslashreplace")

        from nkplan.cli.run import main  # noqa: PLC0415

        main()
    except SystemExit as ending:  # Typer exits this way after a completion.
        sys.stdout.flush()
        os._exit(ending.code if isinstance(ending.code, int) else int(ending.code is not None))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(1)


def _hold(connection: socket.socket) -> None:
    """Send the id of this process, and wait for SIGUSR1; any process of this user may trace this one."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    CDLL(None).prctl(_PR_SET_PTRACER, c_ulong(-1), 0, 0, 0)
    connection.send(str(os.getpid()).encode())
    signal.sigwait([signal.SIGUSR1])


def _open(number: int, mode: str, errors: str) -> TextIO:
    """Open a standard stream as Python does when it starts."""
    file = os.fdopen(number, mode, encoding="utf-8", errors=errors, closefd=False)
    assert isinstance(file, TextIOWrapper)
    return file


if __name__ == "__main__":
    _serve(*(socket.socket(fileno=int(number)) for number in sys.argv[1:]))
