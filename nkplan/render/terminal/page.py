"""Pages: facts, then sections such as the timeline."""

from collections.abc import Iterator, Sequence
from typing import TextIO

from rich.console import RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from nkplan.layout.grid import drop_empty, make_objects, show
from nkplan.layout.page import Fact, Page, Section, is_empty
from nkplan.model.vocabulary import Status
from nkplan.render.terminal.console import STYLES, make_console
from nkplan.render.terminal.grid import fit, make_table, merge_columns, merge_groups
from nkplan.reports.claims import describe_count, describe_period, describe_promise, name_counted
from nkplan.text import clean, is_link

_GAP = 2
_DATE_WIDTH = len("2024-03-15")


def write_page(page: Page, out: TextIO) -> None:
    """Draw a page with clickable links."""
    console = make_console(out)
    head = Text(clean(page.title), "bold")
    head.append(f"  {page.type} {clean(page.id)}", Style(bold=False, dim=True))
    head.append(f", {page.when}", Style(bold=False, dim=True))
    console.print(head)
    console.print(_draw_facts(page.facts))
    for section in page.sections:
        if not is_empty(section):
            console.print()
            console.print(Text(section.title, "bold"))
            for part in _draw_section(section, console.width):
                console.print(part)


def _draw_facts(facts: Sequence[Fact]) -> Table:
    table = Table.grid(padding=(0, _GAP, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for fact in facts:
        if fact.title and (fact.shown or fact.value is not None) and fact.value is not False:
            text = Text(show(fact.shown or fact.value), STYLES.get(show(fact.value), ""))
            if is_link(link := show(fact.value)):
                text.stylize(Style(link=link))
            table.add_row(Text(fact.title, "dim"), text)
    return table


def _draw_section(section: Section, width: int) -> Iterator[RenderableType]:
    if section.texts:
        yield _draw_texts(section.texts)
    if section.grid is None:
        return
    draws = {"updates": _draw_entry, "announcements": _draw_announcement, "quotas": _draw_quota}
    if draw := draws.get(section.style):
        for entry in make_objects(section.grid):
            yield draw({key: show(value) for key, value in entry.items()})
        return
    grid = merge_columns(drop_empty(section.grid))
    layout = fit(grid, width - 2)
    if layout.left_out:
        grid = merge_groups(grid)
        layout = fit(grid, width - 2)
    yield Padding(make_table(grid, layout), (0, 0, 0, 2))
    if layout.left_out:
        yield Padding(Text(f"no room for {', '.join(layout.left_out)}", "dim"), (0, 0, 0, 2))


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


def _draw_quota(shown: dict[str, str]) -> Table:
    """Draw one quota: its date, the number with its years and what it is part of, and its note."""
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


def _draw_announcement(shown: dict[str, str]) -> Table:
    """Draw one announcement: its date, title and id, speaker and occasion, and what was said."""
    title = Text(shown["title"], "bold")
    title.append(f"  {shown['id']}", Style(bold=False, dim=True))
    who = ", ".join(filter(None, [shown["speaker"], shown["occasion"]]))
    return _draw_dated(shown["announced"], [title, *([Text(who)] if who else []), Text(shown["said"])])


def _draw_entry(shown: dict[str, str]) -> Table:
    """Draw one update: its date, what it claims and on what evidence, its note and its source."""
    said = describe_count(shown) or shown["status"] or "report"
    claim = Text(said, STYLES.get(shown["status"], "bold" if shown["status"] else ""))
    if shown["percent"]:
        claim.append(f"  {shown['percent']}%")
    if shown["promised"]:
        claim.append(f"  {describe_promise(shown['promised'], shown['promised_status'])}")
    known = [
        shown["evidence"] or "evidence class not given",
        shown["confidence"] and f"{shown['confidence']} confidence",
        shown["speaker"] and f"said by {shown['speaker']}",
    ]
    claim.append(f"  {', '.join(filter(None, known))}", Style(bold=False, color="default", dim=True))
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
    return _draw_dated(shown["event_date"], lines)


def _draw_source(shown: dict[str, str]) -> Text:
    if not shown["source"]:
        text = Text("unsourced", "magenta")
    else:
        text = Text(shown["title"] or shown["url"] or shown["source"])
        if is_link(shown["url"]):
            text.stylize(Style(link=shown["url"], underline=True))
        about = ", ".join(filter(None, [shown["publisher"], shown["published"]]))
        text.append(f", {about}" if about else "", Style(underline=False))
    text.append(f"  {shown['id'][-12:]}", Style(dim=True, underline=False))
    return text
