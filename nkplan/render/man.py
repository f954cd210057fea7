"""The manual as a man page, in the macros of man(7): the help of all commands, and a section a topic."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple


class CommandHelp(NamedTuple):
    """The help of a command: how it is called, its paragraphs, and its lists of terms by heading.

    A paragraph of several lines is of examples.
    """

    usage: str
    paragraphs: Sequence[str]
    lists: Mapping[str, Sequence[tuple[str, str]]]


class Program(NamedTuple):
    """What the page is about: its version, its subject in a line, and the help of it and of its commands."""

    version: str
    subject: str
    help: CommandHelp
    commands: Mapping[str, CommandHelp]


OWN_SECTIONS = {"exit code": "EXIT STATUS", "environment variable": "ENVIRONMENT", "file": "FILES"}
"""The tables of the manual, by the heading of their first column, that have a section of their own."""


def write_man_page(program: Program, topics: Mapping[str, str]) -> str:
    """Write the man page; `topics` are the pages of the manual in Markdown."""
    tables = {name: rows for text in topics.values() for name, rows in _list_own_sections(text)}
    lines = [
        f'.TH NKPLAN 1 {find_newest_day(topics["changelog"])} "nkplan {program.version}" "Manual of nkplan"',
        # Words are not divided and lines not spread: what can be typed stays as it is.
        ".nh",
        ".ad l",
        *_write_heading("NAME"),
        f"nkplan \\- {escape(program.subject)}",
        *_write_heading("SYNOPSIS"),
        f"\\fBnkplan\\fR {escape(program.help.usage.removeprefix('nkplan '))}",
        *_write_heading("DESCRIPTION"),
        *_join(_write_help(program.help, "Commands")),
        *_write_heading("COMMANDS"),
        *_write_commands(program.commands, topics["commands"]),
    ]
    for name in ("ENVIRONMENT", "FILES", "EXIT STATUS"):
        lines += [*_write_heading(name), *_join(_write_rows(*tables[name]))]
    lines += [*_write_heading("EXAMPLES"), *_join(_write_examples(program.commands))]
    for topic, text in topics.items():
        if topic != "commands":
            title = text.split("\n", 1)[0].removeprefix("# ")
            lines += [*_write_heading(title.upper()), *_join(_write_markdown(text))]
    return "\n".join(lines) + "\n"


def find_newest_day(changelog: str) -> str:
    """Return the day of the newest entry of the changelog that has one."""
    found = re.search(r"^## .*, (\d{4}-\d{2}-\d{2})$", changelog, re.MULTILINE)
    assert found is not None
    return found[1]


def escape(text: str) -> str:
    """Escape what roff takes for its own: backslashes, hyphens, a dot or apostrophe that begins a line."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text[:1] in {".", "'"} else text


Block = list[str]
"""The lines of a paragraph, a list or a code block."""


def _join(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the lines of blocks, each begun by a macro: its own, or that of a paragraph."""
    is_first = True
    for block in blocks:
        if not block:
            continue
        is_macro = block[0].startswith((".SS", ".TP", ".IP"))
        if not is_first and not is_macro:
            yield ".PP"
        yield from block
        is_first = block[0].startswith(".SS")


def _write_heading(title: str, macro: str = ".SH") -> Block:
    written = escape(title).replace('"', "\\(dq")
    return [f'{macro} "{written}"']


def _write_help(help_: CommandHelp, left_out: str = "") -> Iterator[Block]:
    """Yield the blocks of the help of a command, without one of its lists."""
    for paragraph in help_.paragraphs:
        if "\n" in paragraph or paragraph.startswith("nkplan "):
            yield _write_code(paragraph.split("\n"))
        else:
            yield [_write_inline(paragraph)]
    for name, rows in help_.lists.items():
        if name != left_out:
            yield [f"\\fI{escape(name)}\\fR:"]
            yield from (_write_term(escape(term), [_write_inline(text)]) for term, text in rows)


def _write_term(term: str, body: Sequence[str]) -> Block:
    """Return a term with its description; an empty one would be no list."""
    return [".TP", f"\\fB{term}\\fR", *(body if any(body) else ["\\&"])]


def _write_commands(commands: Mapping[str, CommandHelp], markdown: str) -> Iterator[str]:
    """Yield the commands, each with what the manual says of it beyond its help."""
    general, *parts = re.split(r"^## (?=\w+$)", markdown, flags=re.MULTILINE)
    more = {name: text for name, _, text in (part.partition("\n") for part in parts)}
    blocks = list(_write_markdown(general))
    for name, help_ in commands.items():
        blocks += [_write_heading(f"nkplan {name}", ".SS"), [f"\\fB{escape(help_.usage)}\\fR"]]
        blocks += [*_write_help(help_), *_write_markdown(more.get(name, ""))]
    return _join(blocks)


def _write_examples(commands: Mapping[str, CommandHelp]) -> Iterator[Block]:
    """Yield for each command what it does, and how it is called first of all."""
    for help_ in commands.values():
        examples = [paragraph for paragraph in help_.paragraphs if paragraph.startswith("nkplan ")]
        if examples:
            lines = re.split(r"(?<!\\)\n", examples[0])
            yield [_write_inline(help_.paragraphs[0])]
            yield _write_code(lines[0].split("\n"))


def _write_markdown(markdown: str) -> Iterator[Block]:
    """Yield the blocks of a page in the Markdown of the manual, without its title.

    It has headings, paragraphs, lists, tables and code, none of them within another but code in a list.
    """
    lines = iter(markdown.split("\n"))
    held: list[str] = []
    for line in lines:
        if not line.startswith(("```", "#", "<!--")) and line.strip():
            held.append(line)
            continue
        yield from _write_chunk(held)
        held = []
        if line.startswith("```"):
            code = []
            while not (line := next(lines)).startswith("```"):
                code.append(line)
            yield _write_code(code)
        elif line.startswith("<!-- help:"):
            _skip_code(lines)
        elif line.startswith("##"):
            heading = line.lstrip("# ")
            yield _write_heading(heading, ".SS")
    yield from _write_chunk(held)


def _skip_code(lines: Iterator[str]) -> None:
    """Leave out the help of a command, which the page has already."""
    fences = 0
    while fences < 2:
        fences += next(lines).startswith("```")


def _write_chunk(lines: list[str]) -> Iterator[Block]:
    """Yield the blocks of lines without an empty one between them: a table, a list or a paragraph."""
    if not lines:
        return
    if lines[0].startswith("|"):
        heading, rows = _read_table(lines)
        if heading[0] not in OWN_SECTIONS:
            yield from _write_rows(heading, rows)
        return
    items = [[]] if not _is_item(lines[0]) else []  # type: list[list[str]]
    for line in lines:
        if _is_item(line):
            items.append([])
        items[-1].append(line.strip())
    for item in items:
        text = " ".join(item)
        if found := re.match(r"(-|\d+\.) (.*)", text) if _is_item(item[0]) else None:
            mark = "\\(bu" if found[1] == "-" else found[1]
            yield [f'.IP "{mark}" 4', _write_inline(found[2])]
        else:
            yield [_write_inline(text)]


def _is_item(line: str) -> bool:
    return re.match(r"(-|\d+\.) ", line) is not None


Table = tuple[list[str], list[list[str]]]
"""The headings of a table and the cells of its rows."""


def _list_own_sections(markdown: str) -> Iterator[tuple[str, Table]]:
    """Yield the tables that are sections of every man page, by the names of these."""
    for found in re.finditer(r"(?:^\|.*\n)+", markdown, re.MULTILINE):
        heading, rows = _read_table(found[0].splitlines())
        if heading[0] in OWN_SECTIONS:
            yield OWN_SECTIONS[heading[0]], (heading, rows)


def _read_table(lines: Sequence[str]) -> Table:
    """Read a table. A bar in a cell is escaped, also in code."""
    heading, _, *rows = [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        for line in lines
    ]
    return heading, rows


def _write_rows(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Block]:
    """Yield the rows of a table: its cells would not fit side by side, so the first is a term."""
    for row in rows:
        body: list[str] = []
        for name, cell in zip(heading[1:], row[1:], strict=False):
            if cell:
                named = f"{name}: {cell}" if len(heading) > 2 else cell
                body += [*([".br"] if body else []), _write_inline(named)]
        yield _write_term(escape(re.sub(r"`|\*\*", "", row[0])), body)


def _write_code(lines: Sequence[str]) -> Block:
    """Return lines that are shown as they are."""
    return [".RS 4", ".nf", *(escape(line.rstrip()) for line in lines), ".fi", ".RE"]


_INLINE = re.compile(
    r"``\s?(?P<quoted>.+?)\s?``"
    r"|`(?P<code>[^`]+)`"
    r"|\*\*(?P<strong>.+?)\*\*"
    r"|(?<!\w)\*(?P<em>[^*\s][^*]*)\*"
    r"|\[(?P<text>[^]]+)\]\((?P<url>[^)\s]+)\)"
)


def _write_inline(markdown: str) -> str:
    """Write a paragraph with its code and strong words in bold, and its links written out."""
    written, end = "", 0
    for found in _INLINE.finditer(markdown):
        written += escape(markdown[end : found.start()]).removeprefix("\\&")
        end = found.end()
        if found["text"]:
            written += escape(f"{found['text']} <{found['url']}>").removeprefix("\\&")
            continue
        font = "\\fI" if found["em"] else "\\fB"
        inside = found["quoted"] or found["code"] or found["strong"] or found["em"]
        if found["strong"]:
            inside = inside.replace("`", "")
        written += f"{font}{escape(inside).removeprefix(chr(92) + '&')}\\fR"
    written += escape(markdown[end:]).removeprefix("\\&")
    return f"\\&{written}" if written[:1] in {".", "'"} else written
