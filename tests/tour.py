"""Types the commands of the README as a newcomer does: `python3 tests/tour.py main tour news test`.

Each block of the README that is named is typed, line by line, into an interactive bash on a terminal of 80 by
24. The shell has only `python3` on its PATH, and an empty home. The script stops with exit code 1 at the
first command that fails. It needs only Python's standard library.
"""

import fcntl
import os
import pty
import re
import struct
import sys
import tempfile
import termios
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
_PROMPT = re.compile(rb"<exit (\d+)> $")


def read_lines(name: str) -> list[str]:
    """Return the lines of a block of the README, with a continued line as one."""
    block = re.search(rf"<!-- command: {name} -->\n```sh\n(.*?)```\n", README.read_text("utf-8"), re.DOTALL)
    assert block is not None, f"the README has no block {name}"
    return re.split(r"(?<!\\)\n", block[1].strip())


def start_shell(home: Path) -> int:
    """Start the shell in the folder of the README, and return the terminal it runs on."""
    bin_ = home / "bin"
    bin_.mkdir()
    python = bin_ / "python3"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
    python.chmod(0o755)
    # The machine decides where packages come from.
    kept = {name: value for name, value in os.environ.items() if re.match(r"PIP_|SSL_|.*_proxy$", name)}
    environment = kept | {
        "PATH": str(bin_),
        "HOME": str(home),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "PS1": "<exit $?> ",
    }
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(README.parent)
        os.execve("/bin/bash", ["bash", "--noprofile", "--norc", "-i"], environment)  # noqa: S606
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    return terminal


def wait_for_prompt(terminal: int) -> int:
    """Show what the shell prints until it prompts, and return the exit code in the prompt."""
    seen = b""
    while (found := _PROMPT.search(seen)) is None:
        part = os.read(terminal, 4096)
        os.write(sys.stdout.fileno(), part)
        seen = (seen + part)[-200:]
    return int(found[1])


def main() -> int:
    """Type the blocks that are named, and return the exit code."""
    with tempfile.TemporaryDirectory() as home:
        terminal = start_shell(Path(home))
        wait_for_prompt(terminal)
        for line in [line for name in sys.argv[1:] for line in read_lines(name)]:
            # A continued line is typed as one, because bash would print another prompt inside it.
            os.write(terminal, line.replace("\\\n", "").encode() + b"\n")
            if code := wait_for_prompt(terminal):
                print(f"\nthe exit code of this line of the README is {code}: {line}")
                return 1
    print("\nevery line of the README worked")
    return 0


if __name__ == "__main__":
    sys.exit(main())
