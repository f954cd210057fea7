"""Keeps the README's pasted help and output true.

    python tests/readme.py            say which parts are stale
    python tests/readme.py --write    paste them anew

A part is a fenced block behind a comment `<!-- help: COMMAND -->` or `<!-- output: COMMAND -->`.
"""

import re
import shlex
import sys
import tempfile
from pathlib import Path

from program import run

README = Path(__file__).parent.parent / "README.md"
TODAY = "2026-11-24"
_PART = re.compile(r"<!-- (?P<what>help|output): (?P<command>[^>]+) -->\n```\n(?P<text>.*?)```\n", re.DOTALL)
_COMMAND = re.compile(r"<!-- command: (?P<name>\w+) -->\n```sh\n(?P<text>.*?)```\n", re.DOTALL)


def find_command(name: str) -> str:
    """Give one of the commands that a reader copies."""
    return {found["name"]: found["text"].strip() for found in _COMMAND.finditer(README.read_text("utf-8"))}[
        name
    ]


def render(what: str, command: str, folder: Path) -> str:
    """Run a command as it is pasted: help at 90 columns, output as a table of 100."""
    words = [*shlex.split(command)[1:], *(["--help"] if what == "help" else ["-f", "table"])]
    width = "90" if what == "help" else "100"
    done = run(folder / "nkplan.db", *words, NKPLAN_TODAY=TODAY, COLUMNS=width)
    # A check that finds something says so by its exit code, and that is what is to be seen.
    if done.code > ("check" in words and what == "output"):
        sys.exit(done.err)
    return "\n".join(line.rstrip() for line in done.out.splitlines()) + "\n"


def refresh() -> str:
    """Give the README with every part pasted anew."""
    with tempfile.TemporaryDirectory() as folder:

        def paste(found: re.Match[str]) -> str:
            text = render(found["what"], found["command"], Path(folder))
            return f"<!-- {found['what']}: {found['command']} -->\n```\n{text}```\n"

        return _PART.sub(paste, README.read_text("utf-8"))


def main() -> None:
    """Write the README anew, or say whether it is stale."""
    fresh = refresh()
    if "--write" in sys.argv:
        README.write_text(fresh, "utf-8")
    elif fresh != README.read_text("utf-8"):
        sys.exit("README.md is stale; python tests/readme.py --write")


if __name__ == "__main__":
    main()
