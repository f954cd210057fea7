"""Keeps the help and output pasted into the manual up to date, and the picture of the README.

    python tests/manual.py            list the files that are stale
    python tests/manual.py --write    renew them

A pasted part is a fenced block after a comment `<!-- help: COMMAND -->` or `<!-- output: COMMAND -->`.
"""

import re
import shlex
import sys
import tempfile
from pathlib import Path

from picture import draw_report
from program import ROOT, run

from nkplan.manual import TOPICS

MANUAL = ROOT / "nkplan" / "manual"
README = ROOT / "README.md"
PICTURE = MANUAL / "report.svg"
WIDTH = 78
"""The width of a pasted part, which is indented by two, on a terminal of 80 columns."""

_PART = re.compile(r"<!-- (?P<what>help|output): (?P<command>[^>]+) -->\n```\n(?P<text>.*?)```\n", re.DOTALL)


def list_pages() -> list[Path]:
    """Return every file that can have a pasted part."""
    return [README, *(MANUAL / f"{topic}.md" for topic in TOPICS)]


def render(what: str, command: str, folder: Path) -> str:
    """Run a command and return the text to paste: its help, or its output as a table."""
    words = shlex.split(command)[1:] + (["--help"] if what == "help" else ["-f", "table"])
    done = run(folder / "nkplan.db", *words, COLUMNS=str(WIDTH))
    # A check with findings exits with 1, and the findings are to be pasted.
    if done.code > ("check" in words and what == "output"):
        sys.exit(done.err)
    return "\n".join(line.rstrip() for line in done.out.splitlines()) + "\n"


def refresh(page: Path, folder: Path) -> str:
    """Return the text of a page with every pasted part renewed."""

    def paste(found: re.Match[str]) -> str:
        text = render(found["what"], found["command"], folder)
        return f"<!-- {found['what']}: {found['command']} -->\n```\n{text}```\n"

    return _PART.sub(paste, page.read_text("utf-8"))


def main() -> None:
    """Renew the manual and the picture, or list the files that are stale."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fresh = {page: refresh(page, folder) for page in list_pages()}
        fresh[PICTURE] = draw_report(folder / "nkplan.db")
    for path, text in fresh.items():
        if path.exists() and path.read_text("utf-8") == text:
            continue
        if "--write" in sys.argv:
            path.write_text(text, "utf-8")
        print(f"{path.relative_to(ROOT)} {'renewed' if '--write' in sys.argv else 'is stale'}")
    if "--write" not in sys.argv and any(path.read_text("utf-8") != text for path, text in fresh.items()):
        sys.exit("python tests/manual.py --write renews them")


if __name__ == "__main__":
    main()
