"""Completions, requested as a shell requests them, and typed into real shells."""

import shlex
import shutil
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import pyte
from forking import find_launcher
from program import NKPLAN, make_environment, run

BASH, ZSH, FISH = map(shutil.which, ("bash", "zsh", "fish"))


def complete(db: Path, shell: str, line: str) -> list[str]:
    """Return what a shell is offered for a line whose last word is being typed."""
    return list(describe(db, shell, line))


def describe(db: Path, shell: str, line: str, **environment: str) -> dict[str, str]:
    """Return what a shell is offered for a line, each with its description, which bash is not given."""
    words = line.split(" ")
    protocol = {
        "bash": {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    done = run(db, stdin=b"", _NKPLAN_COMPLETE=f"complete_{shell}", **protocol, **environment)
    assert done.err == ""
    if shell == "zsh":
        return dict(map(_split_offer, read_array(done.out)))
    # Bash is given a word as it has to be typed.
    offers = [offer for offer in done.out.splitlines() if offer]
    if shell == "bash":
        return {shlex.split(offer)[0]: "" for offer in offers}
    return {value: text for value, _, text in (offer.partition("\t") for offer in offers)}


def read_array(commands: str) -> list[str]:
    """Return the elements of the array in what zsh is given to evaluate, by the rules of a POSIX shell."""
    if commands == "_files\n":
        return []
    words = shlex.split(commands)
    assert words[:3] == ["local", "-a", "offered;"], words[:3]
    ending = words.index("compset" if "compset" in words else "_describe", 3)
    elements = words[3:ending]
    assert elements[0].startswith("offered=("), elements
    assert elements[-1].endswith(");"), elements
    first = [elements[0].removeprefix("offered=("), *elements[1:]]
    return [*first[:-1], first[-1].removesuffix(");")]


def _split_offer(element: str) -> tuple[str, str]:
    """Split an element at the first colon that is not escaped, as `_describe` does."""
    value, colon, text = element.replace("\\:", "\0").partition(":")
    return value.replace("\0", ":"), text.replace("\\\\", "\\") if colon else ""


def install(db: Path) -> dict[str, str]:
    """Return an environment in which a shell finds nkplan on its PATH, as a user's does.

    To complete a word it is forked, which is quicker; it prints its script only for a shell that started it.
    """
    program = db.parent / "bin" / "nkplan"
    if not program.exists():
        program.parent.mkdir()
        forked = f'[ -z "$_NKPLAN_COMPLETE" ] || exec "{find_launcher()}" "$@"'
        program.write_text(f'#!/bin/sh\n{forked}\nexec "{NKPLAN[0]}" -m nkplan "$@"\n', "utf-8")
        program.chmod(0o755)
    environment = make_environment(db, TERM="xterm")
    return environment | {"PATH": f"{program.parent}:{environment['PATH']}", "LC_ALL": "C.UTF-8"}


START: Mapping[str, tuple[list[str], str]] = {
    "bash": (
        ["--norc", "--noprofile", "-i"],
        "PS1='> '; bind 'set enable-bracketed-paste off'; bind 'set show-all-if-ambiguous on'",
    ),
    "zsh": (
        ["-f", "-i"],
        "PS1='> '; unset zle_bracketed_paste; setopt no_list_ambiguous; autoload -Uz compinit; compinit -uD",
    ),
}


def press_tab(db: Path, shell: str, line: str, until: str) -> list[str]:
    """Type a line and a tab into a real bash or zsh; return what it shows once a text is on its screen.

    If that never comes, what is there after a minute is returned.
    """
    found = {"bash": BASH, "zsh": ZSH}[shell]
    assert found is not None
    arguments, prepare = START[shell]
    environment = install(db) | {"SHELL": found}
    size = (40, 120)
    typed = pexpect.spawn(
        found, arguments, env=environment, cwd=str(db.parent), dimensions=size, encoding="utf-8", timeout=60
    )
    screen = pyte.Screen(size[1], size[0])
    stream = pyte.Stream(screen)
    deadline = time.monotonic() + 60
    try:
        # The echo of what is typed does not have the word that is printed.
        typed.sendline(f'{prepare}; eval "$(nkplan --show-completion)"; clear; echo re""ady')
        typed.expect("ready\r\n")
        typed.send(f"{line}\t")
        while until not in "\n".join(screen.display) and time.monotonic() < deadline:
            with suppress(pexpect.TIMEOUT):
                stream.feed(typed.read_nonblocking(4096, 1))
    finally:
        typed.close(force=True)
    return [line.rstrip() for line in screen.display if line.strip()]


def ask_fish(db: Path, line: str) -> dict[str, str]:
    """Return what a real fish offers for a line, each with its description."""
    assert FISH is not None
    script = 'nkplan --show-completion | source; complete -C "$argv[1]"'
    environment = install(db) | {"SHELL": FISH}
    done = subprocess.run(
        [FISH, "--no-config", "-c", script, line],
        env=environment, cwd=db.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    offers = (offer.partition("\t") for offer in done.stdout.splitlines())
    return {value: text for value, _, text in offers}
