"""The man page, of the help of the program and its commands and the topics of the manual."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import nkplan
from nkplan.cli.app import COMMANDS
from nkplan.manual import TOPICS, read_topic
from nkplan.render.man import CommandHelp, Program, write_man_page


def make_man_page(context: Any) -> str:
    """Return the man page of the program whose context is given."""
    help_ = _read_help(context.command, context)
    program = Program(
        nkplan.__version__,
        "track what was promised, claimed and verified",
        help_,
        {name: _read_command(context, name) for name in COMMANDS},
    )
    return write_man_page(program, {topic: read_topic(topic) for topic in TOPICS})


def _read_command(context: Any, name: str) -> CommandHelp:
    command = context.command.get_command(context, name)
    return _read_help(command, command.make_context(name, [], context, resilient_parsing=True))


def _read_help(command: Any, context: Any) -> CommandHelp:
    """Read what --help shows of a command before it is broken into lines."""
    recorder = _Recorder()
    command.format_help(context, recorder)
    return CommandHelp(recorder.usage, recorder.paragraphs, recorder.lists)


class _Recorder:
    """Takes what a command writes to a formatter of help, and keeps it as it is."""

    width = 80

    def __init__(self) -> None:
        self.usage = ""
        self.paragraphs: list[str] = []
        self.lists: dict[str, Sequence[tuple[str, str]]] = {}
        self._section = ""

    def write_usage(self, prog: str, args: str = "", _prefix: str | None = None) -> None:
        self.usage = f"{prog} {args}".strip()

    def write_paragraph(self) -> None:
        """Do nothing: what separates paragraphs is the page's own."""

    def write_text(self, text: str) -> None:
        """Keep paragraphs: the lines of one after a backspace stay, those of others are joined."""
        for paragraph in text.split("\n\n"):
            lines = [line.strip() for line in paragraph.strip().split("\n")]
            if lines[0] == "\b":
                self.paragraphs.append("\n".join(line.rstrip() for line in paragraph.strip().split("\n")[1:]))
            else:
                self.paragraphs.append(" ".join(lines))

    def write_dl(self, rows: Sequence[tuple[str, str]]) -> None:
        self.lists[self._section] = rows

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """Name the list that follows."""
        self._section = name
        yield

    @contextmanager
    def indentation(self) -> Iterator[None]:
        """Do nothing: the page has its own."""
        yield
