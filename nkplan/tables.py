"""What a terminal shows: tables and pages that fit its width. The only importer of Rich.

Text from outside is cleaned and shown as it is; nothing in it is taken for markup. Colour is never the only
carrier of meaning.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from nkplan.text import clean
from nkplan.views.grid import Column, Grid, Value, show
from nkplan.views.page import Fact, Page, Section, is_empty

_GAP = 2
_ROOMY = 100
_WIDE = 10_000
_BAR_SIGNS = (
    ("verified_complete", "█", "verified complete"),
    ("claimed_complete", "▓", "claimed complete"),
    ("started", "░", "started"),
)
_BAR_REST = "·"
_LONGEST_BAR = 30
_SHORTEST_BAR = 8

# Where a table is wider than the screen, the first of its columns named here is given up first.
_GIVEN_UP = (
    "updates", "silent", "unverified", "cohort", "programme", "province", "place", "last_year", "note",
    "kind",
    "announcement", "name", "progress", "province_name", "place_name", "status", "age_months", "overdue",
    "promised", "year", "verified",
)  # fmt: skip
# These are shortened, down to so many cells, before any is given up.
_SHORTENED = {"name": 16, "place_name": 12, "province_name": 10, "note": 30, "said": 30}
_WRAPPED = {"note", "said"}
_STYLES = {
    "completed": "green",
    "operating": "bold green",
    "idle": "yellow",
    "paused": "yellow",
    "cancelled": "red",
}


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which columns of a grid are shown, and which of them at which width at most."""

    shown: tuple[int, ...]
    widths: dict[int, int]
    gap: int
    left_out: tuple[str, ...]


def make_console(out: TextIO) -> Console:
    """Make the console that draws on a terminal, or without colour and without bounds into a file."""
    if out.isatty():
        return Console(file=out, highlight=False, markup=False, emoji=False)
    width = int(columns) if (columns := os.environ.get("COLUMNS", "")).isdigit() else _WIDE
    return Console(file=out, width=width, highlight=False, markup=False, emoji=False, color_system=None)


# ---- grids


def write_list(grid: Grid, out: TextIO, *, all_columns: bool = False) -> tuple[str, ...]:
    """Draw a list and give the titles of the columns that the width left no room for.

    With `all_columns` none is left out, at the cost of lines that wrap.
    """
    console = make_console(out)
    grid = _merge_overdue(grid)
    layout = _fit(grid, console.width, all_columns=all_columns)
    console.print(_make_table(grid, layout))
    return layout.left_out


def _merge_overdue(grid: Grid) -> Grid:
    """Say beside a promised date that it is past, where both are shown: two short columns in one."""
    keys = [column.key for column in grid.columns]
    if not {"promised", "overdue"} <= set(keys):
        return Grid(grid.columns, tuple(grid.rows))
    promised, overdue = keys.index("promised"), keys.index("overdue")
    rows = []
    for row in grid.rows:
        merged = list(row)
        if row[overdue]:
            merged[promised] = f"{row[promised]} overdue"
        rows.append(tuple(value for at, value in enumerate(merged) if at != overdue))
    return Grid(tuple(column for column in grid.columns if column.key != "overdue"), tuple(rows))


def _fit(grid: Grid, width: int, *, all_columns: bool = False) -> _Layout:
    columns, rows = grid.columns, tuple(grid.rows)
    natural = [
        max(
            *(cell_len(word) for word in column.title.split()),
            *(cell_len(_show(column, row[at])) for row in rows),
            1,
        )
        for at, column in enumerate(columns)
    ]
    least = [min(natural[at], _SHORTENED.get(column.key, natural[at])) for at, column in enumerate(columns)]
    shown = list(range(len(columns)))
    gap = _GAP if width >= _ROOMY else 1

    def needed() -> int:
        return sum(least[at] + gap for at in shown) - gap

    for key in () if all_columns else _GIVEN_UP:
        if needed() <= width:
            break
        shown = [at for at in shown if columns[at].key != key]
    spare = max(0, width - needed())
    widths = {}
    for at in shown:
        more = min(spare, natural[at] - least[at])
        spare -= more
        widths[at] = least[at] + more
    left_out = tuple(column.title for at, column in enumerate(columns) if at not in shown)
    return _Layout(tuple(shown), widths, gap, left_out)


def _make_table(grid: Grid, layout: _Layout) -> Table:
    table = Table(
        box=None, padding=(0, layout.gap, 0, 0), pad_edge=False, show_edge=False, header_style="bold"
    )
    for at in layout.shown:
        column = grid.columns[at]
        wraps = column.key in _WRAPPED
        table.add_column(
            # A heading may take two lines where its column is narrower than it.
            Text(column.title, no_wrap=False, overflow="fold"),
            justify="right" if column.is_number else "left",
            width=layout.widths[at],
            no_wrap=not wraps,
            overflow="fold" if wraps else "ellipsis",
            vertical="top" if wraps else "bottom",
        )
    for row in grid.rows:
        table.add_row(*(_draw(grid.columns[at], row[at]) for at in layout.shown))
    return table


def _show(column: Column, value: Value) -> str:
    """Give a value as the screen has it: what is true is named, what is not is left blank."""
    if isinstance(value, bool):
        return "yes" if value else ""
    if value is None and column.key == "verified":
        return "no"
    return show(value)


def _draw(column: Column, value: Value) -> Text:
    text = Text(_show(column, value))
    if column.key in {"status", "claimed", "verified"}:
        text.stylize(_STYLES.get(text.plain, ""))
    elif column.key == "promised":
        text.highlight_words(["overdue"], "red")
    return text


# ---- the progress report


def write_report(grid: Grid, out: TextIO) -> None:
    """Draw a progress report: a row of counts with its bar, and the total under a line."""
    console = make_console(out)
    first = 1  # The id of a row is for machines; its name stands on the screen.
    columns = grid.columns[first:]
    rows = [row[first:] for row in grid.rows]
    total = grid.total[first:] if grid.total else ()
    keys = [column.key for column in columns]
    names = [cell_len(show(row[0])) for row in (*rows, total)]
    others = sum(_count_width(column) + 1 for column in columns[1:])
    room = (console.width if console.width < _WIDE else 200) - others
    name_width = min(max(names), max(room - _SHORTEST_BAR - 1, 12))
    bar_width = max(min(room - name_width - 1, _LONGEST_BAR), _SHORTEST_BAR)
    gap = 2 if room - name_width - bar_width > len(columns) else 1
    table = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(Text(columns[0].title), width=name_width, overflow="fold", vertical="bottom")
    for column in columns[1:]:
        table.add_column(
            Text(column.title),
            width=_count_width(column),
            justify="right",
            vertical="bottom",
            overflow="fold",
        )
    table.add_column(Text(""), width=bar_width, no_wrap=True, vertical="bottom")
    for row in rows:
        table.add_row(*_draw_counts(keys, row), _draw_bar(keys, row, bar_width))
    table.add_row(
        *(
            Text("─" * (name_width if at == 0 else _count_width(column)), "dim")
            for at, column in enumerate(columns)
        )
    )
    table.add_row(*_draw_counts(keys, total), _draw_bar(keys, total, bar_width), style="bold")
    console.print(table)
    signs = [f"{sign} {meaning}" for _, sign, meaning in _BAR_SIGNS]
    rest = "promised" if "promised" in keys else "named"
    console.print(Text("  ".join([*signs, f"{_BAR_REST} {rest}"]), "dim"))


def _count_width(column: Column) -> int:
    return max(4, *(cell_len(word) for word in column.title.split()))


def _draw_counts(keys: Sequence[str], row: Sequence[Value]) -> Iterator[Text]:
    for key, value in zip(keys, row, strict=True):
        if value is None and key == "promised":
            yield Text("none", "dim")
        else:
            yield Text(show(value))


def _draw_bar(keys: Sequence[str], row: Sequence[Value], width: int) -> Text:
    """Draw how far a row has come, as parts of what was promised, or of what is named where none was."""
    counts = {key: value for key, value in zip(keys, row, strict=True) if isinstance(value, int)}
    whole = max(counts.get("promised", 0), counts.get("named", 0))
    if not whole:
        return Text("")
    bar = ""
    for key, sign, _ in _BAR_SIGNS:
        # Not one of many is still not nothing: what is there has a mark.
        reach = max(round(width * counts.get(key, 0) / whole), int(counts.get(key, 0) > 0))
        bar += sign * (min(reach, width) - len(bar))
    return Text(bar + _BAR_REST * (width - len(bar)))


# ---- pages


def write_page(page: Page, out: TextIO) -> None:
    """Draw all that is known of one thing, its links clickable."""
    console = make_console(out)
    head = Text(clean(page.title), "bold")
    head.append(f"  {page.type} {page.id}", Style(bold=False, dim=True))
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
        if fact.value is not None and fact.value is not False:
            text = Text(show(fact.value), _STYLES.get(show(fact.value), ""))
            if fact.key in {"url", "archive"}:
                text.stylize(Style(link=show(fact.value)))
            table.add_row(Text(fact.title, "dim"), text)
    return table


def _draw_section(section: Section, width: int) -> Iterator[RenderableType]:
    for text in section.texts:
        yield Padding(Text(f"- {clean(text)}"), (0, 0, 0, 2))
    if section.grid is None:
        return
    if section.key == "timeline":
        for values in section.grid.rows:
            entry = dict(zip((column.key for column in section.grid.columns), values, strict=True))
            yield _draw_entry(entry)
        return
    grid = _merge_overdue(_drop_empty(section.grid))
    yield Padding(_make_table(grid, _fit(grid, width - 2)), (0, 0, 0, 2))


def _drop_empty(grid: Grid) -> Grid:
    """Leave out the columns in which no row has anything."""
    rows = tuple(grid.rows)
    used = [at for at in range(len(grid.columns)) if any(row[at] is not None for row in rows)]
    columns = tuple(grid.columns[at] for at in used)
    return Grid(columns, tuple(tuple(row[at] for at in used) for row in rows))


def _draw_entry(entry: dict[str, Value]) -> Table:
    """Draw one update: its date, what it claims and how it is known, its note, its source."""
    shown = {key: show(value) for key, value in entry.items()}
    claim = Text(shown["status"] or "report", _STYLES.get(shown["status"], "bold" if shown["status"] else ""))
    if shown["percent"]:
        claim.append(f"  {shown['percent']}%")
    if shown["promised"]:
        claim.append(f"  promised for {shown['promised']}")
    known = [
        shown["evidence"] or "evidence class not given",
        shown["confidence"] and f"{shown['confidence']} confidence",
    ]
    claim.append(f"  {', '.join(filter(None, known))}", Style(bold=False, color="default", dim=True))
    lines = [claim]
    if shown.get("project"):
        lines.insert(0, Text(f"{shown['project_name']} ({shown['project']})"))
    if shown["retracted"]:
        lines.append(Text(f"retracted {shown['retracted'][:10]}; it does not count", "red"))
    if shown["note"]:
        lines.append(Text(shown["note"]))
    lines.append(_draw_source(shown))
    table = Table.grid(padding=(0, _GAP, 0, 0))
    table.add_column(no_wrap=True, width=10)
    table.add_column(overflow="fold")
    table.add_row(Text(shown["event_date"]), Text("\n").join(lines))
    return table


def _draw_source(shown: dict[str, str]) -> Text:
    if not shown["source"]:
        text = Text("unsourced", "yellow")
    else:
        text = Text(shown["title"] or shown["url"] or shown["source"])
        if shown["url"]:
            text.stylize(Style(link=shown["url"], underline=True))
        about = ", ".join(filter(None, [shown["publisher"], shown["published"]]))
        text.append(f", {about}" if about else "", Style(underline=False))
    text.append(f"  {shown['id'][-12:]}", Style(dim=True, underline=False))
    return text
