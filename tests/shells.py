"""Completions, requested as a shell requests them."""

import re
from pathlib import Path

from program import run


def complete(db: Path, shell: str, line: str) -> list[str]:
    """Return what a shell is offered for a line whose last word is being typed."""
    words = line.split(" ")
    protocol = {
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    done = run(db, stdin=b"", _NKPLAN_COMPLETE=f"complete_{shell}", **protocol)
    assert done.err == ""
    if shell == "zsh":
        # Each is in quotes; a description, if there is one, follows in quotes after a colon.
        return re.findall(r'"([^"]+)"(?::"[^"]*")?', done.out)
    return [offer.split("\t")[0] for offer in done.out.splitlines() if offer]
