"""Pages: facts, then sections such as the timeline."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TextIO

from rich.console import RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from nkplan.layout.grid import Value, Verified, drop_empty, make_objects, show
from nkplan.layout.page import Fact, Page, Section, is_empty
from nkplan.model.vocabulary import Status
from nkplan.render.terminal.console import STYLES, VERIFIED_STYLES, make_console
from nkplan.render.terminal.grid import (
    drop_columns,
    fit,
    make_table,
    merge_columns,
    merge_groups,
    name_parts,
)
from nkplan.reports.claims import describe_count, describe_period, describe_promise, name_counted
from nkplan.text import clean, is_link

_GAP = 2
_DATE_WIDTH = len("2024-03-15")


def write_page(page: Page, out: TextIO) -> None:
    """Draw a page with clickable links."""
    console = make_console(out)
    head = Text(clean(page.title), "bold")
    id_ = "" if page.id == page.title else f" {clean(page.id)}"
    head.append(f"  {page.type}{id_}", Style(bold=False, dim=True))
    head.append(f", {page.when}", Style(bold=False, dim=True))
    console.print(head)
    if page.facts:
        console.print(_draw_facts(page.facts))
    for section in page.sections:
        if not is_empty(section):
            console.print()
            console.print(Text(section.title, "bold"))
            for part in _draw_section(section, console.width, has_urls=page.has_urls):
                console.print(part)


def _draw_facts(facts: Sequence[Fact]) -> Table:
    table = Table.grid(padding=(0, _GAP, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for fact in facts:
        if fact.title and (fact.shown or fact.value is not None) and fact.value is not False:
            style = _choose_style(show(fact.value), is_verified=fact.is_verified) if fact.is_status else ""
            text = Text(show(fact.shown or fact.value), style)
            if is_link(link := show(fact.value)):
                text.stylize(Style(link=link))
            table.add_row(Text(fact.title, "dim"), text)
    return table


def _choose_style(status: str, *, is_verified: bool) -> str:
    return (VERIFIED_STYLES if is_verified else STYLES).get(status, "")


def _draw_section(section: Section, width: int, *, has_urls: bool) -> Iterator[RenderableType]:
    if section.texts:
        yield _draw_texts(section.texts)
    if section.grid is None:
        return
    draws: dict[str, Callable[[Mapping[str, Value]], Table]] = {
        "updates": partial(_draw_entry, has_urls=has_urls),
        "announcements": _draw_announcement,
        "quotas": _draw_quota,
    }
    if draw := draws.get(section.style):
        for entry in make_objects(section.grid):
            yield draw(entry)
        return
    grid = merge_columns(drop_empty(section.grid))
    layout = fit(grid, width - 2)
    parts = ""
    if layout.left_out:
        parts = name_parts(grid)
        grid = merge_groups(drop_columns(grid, lambda column: column.repeats is not None))
        layout = fit(grid, width - 2)
    yield Padding(make_table(grid, layout), (0, 0, 0, 2))
    if parts:
        yield Padding(Text(parts, "dim"), (0, 0, 0, 2))


def _show_all(entry: Mapping[str, Value]) -> dict[str, str]:
    return {key: show(value) for key, value in entry.items()}


def _draw_texts(texts: Sequence[str]) -> Padding:
    table = Table.grid(padding=(0, 1, 0, 0))
    for text in texts:
        table.add_row(Text("-"), Text(clean(text)))
    return Padding(table, (0, 0, 0, 2))


def _draw_dated(date: str, lines: Sequence[Text]) -> Table:
    """Draw a date, an interval in two lines if it is long, and next to it lines of text that may wrap."""
    parts = [date] if len(date) <= _DATE_WIDTH else date.replace("/", "/\n").split("\n")
    table = Table.grid(padding=(0, _GAP, 0, 0))
    table.add_column(no_wrap=True, width=max(_DATE_WIDTH, *map(len, parts)))
    table.add_column(overflow="fold")
    table.add_row(Text("\n".join(parts)), Text("\n").join(lines))
    return table


def _draw_quota(entry: Mapping[str, Value]) -> Table:
    """Draw one quota: its date, the number with its years and what it is part of, and its note."""
    shown = _show_all(entry)
    period = describe_period(shown["per"], shown["first_year"], shown["last_year"])
    of_what = name_counted(shown["quantity"] == "1", shown["unit"], shown["label"])
    stage = f", {Status(shown['promised_status']).as_aim}" if shown["promised_status"] else ""
    head = Text(f"{shown['quantity']} {of_what} {period}{stage}", "bold")
    head.append(f"  {shown['project']}, {shown['kind']}", Style(bold=False, dim=True))
    if shown["beside"]:
        head.append(", beside the number of its programme", Style(bold=False, dim=True))
    if shown["within"]:
        head.append(f", part of the number of {shown['within']}", Style(bold=False, dim=True))
    lines = [head, *([Text(shown["note"])] if shown["note"] else [])]
    if shown["announcement"]:
        lines.append(Text(f"announced in {shown['announcement']}", "dim"))
    return _draw_dated(shown["announced"], lines)


def _draw_announcement(entry: Mapping[str, Value]) -> Table:
    """Draw one announcement: its date, title and id, speaker and occasion, and what was said."""
    shown = _show_all(entry)
    title = Text(shown["title"], "bold")
    title.append(f"  {shown['id']}", Style(bold=False, dim=True))
    who = ", ".join(filter(None, [shown["speaker"], shown["occasion"]]))
    return _draw_dated(shown["announced"], [title, *([Text(who)] if who else []), Text(shown["said"])])


def _draw_entry(entry: Mapping[str, Value], *, has_urls: bool) -> Table:
    """Draw one update: its date, what it claims and on what evidence, its id, its note and its source."""
    shown = _show_all(entry)
    said = describe_count(shown) or shown["status"] or "report"
    style = _choose_style(shown["status"], is_verified=isinstance(entry["status"], Verified))
    claim = Text(said, style or ("bold" if shown["status"] else ""))
    if shown["percent"]:
        claim.append(f"  {shown['percent']}%")
    if shown["promised"]:
        claim.append(f"  {describe_promise(shown['promised'], shown['promised_status'])}")
    known = [
        shown["evidence"] or "evidence class not given",
        shown["confidence"] and f"{shown['confidence']} confidence",
        shown["speaker"] and f"said by {shown['speaker']}",
    ]
    dim = Style(bold=False, color="default", dim=True)
    claim.append(f"  {', '.join(filter(None, known))}  {shown['id'][-12:]}", dim)
    lines = [claim]
    if shown.get("project"):
        lines.insert(0, Text(f"{shown['project_name']} ({shown['project']})"))
    if shown["retracted"]:
        lines.append(Text(f"undone or retracted on {shown['retracted'][:10]}; it does not count", "red"))
    if shown["withdrawn"]:
        source = f" ({shown['withdrawn_source']})" if shown["withdrawn_source"] else ""
        lines.append(Text(f"withdrawn {shown['withdrawn']}{source}", "red"))
    if shown["figures"]:
        lines.append(Text(shown["figures"]))
    if shown["note"]:
        lines.append(Text(shown["note"]))
    lines.append(_draw_source(shown))
    if has_urls and shown["url"]:
        lines.append(Text(shown["url"], Style(link=shown["url"] if is_link(shown["url"]) else None)))
    return _draw_dated(shown["event_date"], lines)


def _draw_source(shown: dict[str, str]) -> Text:
    if not shown["source"]:
        return Text("unsourced", "magenta")
    text = Text(shown["title"] or shown["url"] or shown["source"])
    if is_link(shown["url"]):
        text.stylize(Style(link=shown["url"], underline=True))
    about = ", ".join(filter(None, [shown["publisher"], shown["published"]]))
    text.append(f", {about}" if about else "", Style(underline=False))
    if shown["source"] != text.plain:
        text.append(f"  {shown['source']}", Style(dim=True, underline=False))
    return text
