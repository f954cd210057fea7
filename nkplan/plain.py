"""What a pipe or a file gets: TSV, CSV, JSON, JSON Lines and Markdown, whole values, row by row."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import TextIO

from nkplan.views import Column, Grid, Page, Section, Value, is_empty, show

PLAIN_FORMATS = ("tsv", "csv", "json", "jsonl", "md")

_PAGE_COLUMNS = (
    Column("section", "Section"),
    Column("row", "Row"),
    Column("field", "Field"),
    Column("value", "Value"),
)


def write_grid(grid: Grid, format_: str, out: TextIO) -> None:
    """Write a grid in one of the plain formats; its total, where it has one, is the last row."""
    writers = {
        "tsv": _write_tsv,
        "csv": _write_csv,
        "json": _write_json,
        "jsonl": _write_jsonl,
        "md": _write_md,
    }
    writers[format_](grid, out)


def write_page(page: Page, format_: str, out: TextIO) -> None:
    """Write a page in one of the plain formats; in TSV and CSV as rows of section, row, field and value."""
    if format_ == "json":
        out.write(json.dumps(_make_document(page), ensure_ascii=False, indent=2) + "\n")
    elif format_ == "jsonl":
        out.write(_dump_line(_make_document(page)))
    elif format_ == "md":
        _write_md_page(page, out)
    else:
        write_grid(Grid(_PAGE_COLUMNS, _flatten(page)), format_, out)


# ---- TSV and CSV


def _write_tsv(grid: Grid, out: TextIO) -> None:
    out.write("\t".join(column.key for column in grid.columns) + "\n")
    out.writelines("\t".join(map(show, row)) + "\n" for row in _with_total(grid))


def _write_csv(grid: Grid, out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.key for column in grid.columns])
    writer.writerows(map(_disarm, row) for row in _with_total(grid))


def _with_total(grid: Grid) -> Iterator[tuple[Value, ...]]:
    yield from grid.rows
    if grid.total is not None:
        yield grid.total


def _disarm(value: Value) -> str:
    """Give a cell that no spreadsheet runs as a formula; numbers stay numbers, the negative ones too."""
    text = show(value)
    if isinstance(value, str) and text.startswith(("=", "+", "-", "@")):
        return f"'{text}"
    return text


# ---- JSON


def _make_objects(grid: Grid) -> Iterator[dict[str, Value]]:
    keys = [column.key for column in grid.columns]
    for row in grid.rows:
        yield dict(zip(keys, map(_plain_number, row), strict=True))


def _plain_number(value: Value) -> Value:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _write_json(grid: Grid, out: TextIO) -> None:
    """Write a list of objects, row by row; with a total, an object of `rows` and `total`."""
    if grid.total is not None:
        total = next(_make_objects(Grid(grid.columns, [grid.total])))
        document = {"rows": list(_make_objects(grid)), "total": total}
        out.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        return
    before = "["
    for one in _make_objects(grid):
        out.write(f"{before}\n  {json.dumps(one, ensure_ascii=False)}")
        before = ","
    out.write("[]\n" if before == "[" else "\n]\n")


def _write_jsonl(grid: Grid, out: TextIO) -> None:
    """Write an object a line; a total is left out, for each line is to be counted."""
    out.writelines(map(_dump_line, _make_objects(grid)))


def _dump_line(document: object) -> str:
    return json.dumps(document, ensure_ascii=False) + "\n"


def _make_document(page: Page) -> dict[str, object]:
    document: dict[str, object] = {"type": page.type, "id": page.id}
    document |= {fact.key: _plain_number(fact.value) for fact in page.facts}
    for section in page.sections:
        document[section.key] = (
            list(section.texts) if section.grid is None else list(_make_objects(section.grid))
        )
    return document


def _flatten(page: Page) -> Iterator[tuple[Value, ...]]:
    """Go through a page as rows of section, row, field and value; a section's rows are numbered from 1."""
    facts: Iterable[tuple[str, Value]] = [
        ("type", page.type),
        ("id", page.id),
        *((f.key, f.value) for f in page.facts),
    ]
    for key, value in facts:
        if value is not None:
            yield page.type, None, key, value
    for section in page.sections:
        for number, text in enumerate(section.texts, 1):
            yield section.key, number, "text", text
        for number, row in enumerate(section.grid.rows if section.grid else (), 1):
            for column, value in zip(section.grid.columns if section.grid else (), row, strict=True):
                if value is not None:
                    yield section.key, number, column.key, value


# ---- Markdown


def _write_md(grid: Grid, out: TextIO) -> None:
    out.write(f"| {' | '.join(column.title for column in grid.columns)} |\n")
    out.write(f"|{'|'.join(' ---: ' if column.is_number else ' --- ' for column in grid.columns)}|\n")
    out.writelines(f"| {' | '.join(map(_escape, row))} |\n" for row in grid.rows)
    if grid.total is not None:
        out.write(
            f"| {' | '.join(f'**{text}**' if (text := _escape(value)) else '' for value in grid.total)} |\n"
        )


def _escape(value: Value) -> str:
    """Give a value in which nothing is Markdown or HTML; a link stays one."""
    text = show(value)
    if text.startswith(("https://", "http://")):
        return f"<{text}>".replace("|", "%7C") if not set(text) & set("<> ") else _escape_text(text)
    return _escape_text(text)


def _escape_text(text: str) -> str:
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("&", "&amp;")


def _write_md_page(page: Page, out: TextIO) -> None:
    out.write(f"# {_escape(page.title)}\n\n")
    out.write(f"- {page.type.capitalize()}: `{page.id}`\n")
    for fact in page.facts:
        if fact.value is not None:
            out.write(f"- {fact.title}: {_escape(fact.value)}\n")
    for section in page.sections:
        if not is_empty(section):
            _write_md_section(section, out)


def _write_md_section(section: Section, out: TextIO) -> None:
    out.write(f"\n## {section.title}\n\n")
    out.writelines(f"- {_escape(text)}\n" for text in section.texts)
    if section.grid is not None:
        _write_md(section.grid, out)
