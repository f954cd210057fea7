"""Forks the program from a process that has loaded it, which takes a fraction of the time of starting it.

The fork is a separate process, with its own streams, environment and folder, but it does not show how the
program starts or what it loads.
"""

import atexit
import gc
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

_LONGEST = 1 << 16
"""The most bytes that arguments and environment take together."""


def fork_program(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path, stream: int
) -> Callable[[], int]:
    """Start the program with a descriptor for its streams; return a function that waits for its code."""
    connection = _start()
    message = json.dumps([arguments, environment, str(folder)]).encode()
    assert len(message) < _LONGEST
    socket.send_fds(connection, [message], [stream])
    return lambda: int(connection.recv(_LONGEST))


@cache
def _start() -> socket.socket:
    """Start the process to fork from, once; it ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    root = str(Path(__file__).parent.parent)
    process = subprocess.Popen(
        [sys.executable, __file__, str(theirs.fileno())],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": root, "PYTHONUTF8": "1"},
        pass_fds=[theirs.fileno()],
        start_new_session=True,
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def _serve(connection: socket.socket) -> None:
    """Fork the program whenever the other side asks for it, one run after the other."""
    import nkplan  # noqa: PLC0415

    for module in pkgutil.walk_packages(nkplan.__path__, "nkplan."):
        if module.name != "nkplan.__main__":
            import_module(module.name)
    gc.freeze()
    while True:
        message, descriptors, _, _ = socket.recv_fds(connection, _LONGEST, 1)
        if not message:
            return
        child = os.fork()
        if not child:
            _become(message, *descriptors)
        os.close(*descriptors)
        _, status = os.waitpid(child, 0)
        connection.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(message: bytes, stream: int) -> None:
    """Run the program in place of this process, and end with it."""
    try:
        arguments, environment, folder = json.loads(message)
        os.setsid()
        for number in range(3):
            os.dup2(stream, number)
        os.closerange(3, 256)
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
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(1)


def _open(number: int, mode: str, errors: str) -> TextIO:
    """Open a standard stream as Python does when it starts."""
    file = os.fdopen(number, mode, encoding="utf-8", errors=errors, closefd=False)
    assert isinstance(file, TextIOWrapper)
    return file


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
