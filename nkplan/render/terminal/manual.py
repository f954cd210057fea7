"""A topic of the manual as a terminal shows it."""

import re
from typing import ClassVar, TextIO

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, Markdown, MarkdownElement, TableElement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from nkplan.render.terminal.console import make_console

_THEME = Theme(
    {
        "markdown.h1": "bold underline",
        "markdown.h2": "bold",
        "markdown.code": "bold",
        "markdown.table.border": "dim",
        "markdown.table.header": "bold",
        "markdown.item.bullet": "none",
    }
)
"""Readable on dark and on light: Rich puts code on black."""

_COMMENT = re.compile(r"<!--.*?-->\n", re.DOTALL)
"""What names the command of a pasted part; Rich would leave an empty line for it."""

_WIDEST = 100
"""Longer lines of prose are hard to read."""


class _Heading(Heading):
    """A heading at the left margin; Rich centres it, the first in a box."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        self.text.justify = "left"
        yield self.text


class _CodeBlock(CodeBlock):
    """Code and output, indented and never wrapped: a table that is wrapped cannot be read."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        code = Text(str(self.text).rstrip(), no_wrap=True, overflow="ignore")
        yield Padding(code, (0, 0, 0, 2), expand=False)


class _Table(TableElement):
    """A table without the blank lines that Rich puts around it."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for table in super().__rich_console__(console, options):
            assert isinstance(table, Table)
            table.show_edge = False
            yield table


class _Manual(Markdown):
    elements: ClassVar[dict[str, type[MarkdownElement]]] = Markdown.elements | {
        "heading_open": _Heading,
        "fence": _CodeBlock,
        "code_block": _CodeBlock,
        "table_open": _Table,
    }


def write_topic(markdown: str, out: TextIO) -> None:
    """Draw a topic, given in Markdown, on a terminal."""
    console = make_console(out)
    with console.use_theme(_THEME):
        console.print(_Manual(_COMMENT.sub("", markdown)), width=min(console.width, _WIDEST))
