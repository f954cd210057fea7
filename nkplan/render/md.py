"""Markdown; nothing in text from outside is read as Markdown or HTML."""

import re
from typing import TextIO

from nkplan.layout.grid import Grid, Marked, Value, drop_empty, show
from nkplan.layout.page import Page, Section, is_empty
from nkplan.layout.report import Report, describe_moment
from nkplan.model.moment import Moment
from nkplan.text import clean, is_link


def write_grid(grid: Grid, out: TextIO) -> None:
    """Write a table; the total of the grid, if any, is a row in bold."""
    out.write(f"| {' | '.join(_escape(column.title) for column in grid.columns)} |\n")
    out.write(f"|{'|'.join(' ---: ' if column.is_number else ' --- ' for column in grid.columns)}|\n")
    out.writelines(f"| {' | '.join(map(_escape, row))} |\n" for row in grid.rows)
    if grid.total is not None:
        out.write(
            f"| {' | '.join(f'**{text}**' if (text := _escape(value)) else '' for value in grid.total)} |\n"
        )
    out.writelines(f"| {' | '.join(map(_escape, row))} |\n" for row in grid.below)


def write_report(report: Report, moment: Moment, out: TextIO) -> None:
    """Write a report's title with its day, its table, and its notes."""
    out.write(f"**{_escape(report.title)}**, {_escape(describe_moment(moment))}\n\n")
    write_grid(report.screen or report.grid, out)
    if report.notes:
        out.write("\n")
        out.writelines(f"- {_escape(note)}\n" for note in report.notes)


def _escape(value: Value) -> str:
    """Return a value with Markdown and HTML escaped; a link stays a link, marked parts are bold."""
    if isinstance(value, Marked):
        return "".join(
            f"**{_escape_text(show(part))}**" if is_marked else _escape_text(show(part))
            for part, is_marked in value.parts
        )
    text = show(value)
    return f"<{text}>".replace("|", "%7C") if is_link(text) else _escape_text(text)


def _escape_text(text: str) -> str:
    for sign in "\\`*_[]<>|~#":
        text = text.replace(sign, f"\\{sign}")
    # At the start of a line these would begin a list or turn the line before into a heading.
    text = re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", text)
    return text.replace("&", "&amp;")


def _escape_code(text: str) -> str:
    """Return a text that cannot end a code span; nothing else is Markdown inside one."""
    return clean(text).replace("`", "'")


def write_page(page: Page, out: TextIO) -> None:
    """Write a heading, a list of facts, and a subheading for each section."""
    out.write(f"# {_escape(page.title)}\n\n")
    out.write(f"- {page.type.capitalize()}: `{_escape_code(page.id)}`, {page.when}\n")
    for fact in page.facts:
        if fact.title and (fact.shown or fact.value is not None):
            out.write(f"- {_escape(fact.title)}: {_escape(fact.shown or fact.value)}\n")
    for section in page.sections:
        if not is_empty(section):
            _write_section(section, out)


def _write_section(section: Section, out: TextIO) -> None:
    out.write(f"\n## {_escape(section.title)}\n\n")
    out.writelines(f"- {_escape(text)}\n" for text in section.texts)
    if section.grid is not None:
        write_grid(drop_empty(section.grid), out)
