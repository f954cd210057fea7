"""Reports: a title with its day, a table and notes; each row of counts has a bar."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from nkplan.layout.grid import Column, Grid, Value, iterate_rows, show
from nkplan.layout.report import Bars, Report, describe_moment
from nkplan.model.moment import Moment
from nkplan.render.terminal.console import WIDE, make_console
from nkplan.render.terminal.grid import fit, longest_word, make_table, merge_groups
from nkplan.text import clean

_BAR_SIGNS = "█▓░"
_BAR_REST = "·"
_LONGEST_BAR = 30
_SHORTEST_BAR = 6
_FAIR_NAME = 24
"""How much of a name has room before columns of one group are drawn as one."""


def write_report(report: Report, moment: Moment, out: TextIO) -> None:
    """Draw a report: its title with its day, its table, and its notes."""
    console = make_console(out)
    head = Text(report.title, "bold")
    head.append(f", {describe_moment(moment)}", Style(bold=False, dim=True))
    console.print(head)
    grid = report.screen or report.grid
    width = console.width
    if report.bars is not None:
        _draw_with_bars(console, grid, report.bars)
    else:
        _draw_grid(console, grid)
    console.width = width
    for note in report.notes:
        console.print(Text(clean(note), "dim"))


def _draw_grid(console: Console, grid: Grid) -> None:
    rows = (*grid.rows, *grid.below)
    if not rows:
        return
    total = () if grid.total is None else (grid.total,)
    layout = fit(Grid(grid.columns, (*rows, *total)), console.width)
    # On a screen too narrow for what is left, lines wrap; nothing is lost.
    console.width = max(console.width, layout.width)
    console.print(make_table(Grid(grid.columns, rows), layout))
    if total:
        console.print(make_table(Grid(grid.columns, total), layout, with_header=False), style="bold")
    if layout.left_out:
        console.print(Text(f"no room for {', '.join(layout.left_out)}", "dim"))


def _draw_with_bars(console: Console, grid: Grid, bars: Bars) -> None:
    """Draw each row with its bar, then the total below a rule, and what is not in the total."""
    titles = {column.key: column.title.casefold() for column in grid.columns}
    width = console.width if console.width < WIDE else 200
    names = [longest_word(grid.columns[0].title), *(cell_len(show(row[0])) for row in iterate_rows(grid))]
    drawn = grid
    if sum(_count_width(column) + 1 for column in grid.columns[1:]) + min(max(names), _FAIR_NAME) > width:
        drawn = merge_groups(grid)
    columns = drawn.columns
    others = sum(_count_width(column) + 1 for column in columns[1:])
    room = width - others
    name_width = min(max(names), max(room - _SHORTEST_BAR - 1, 12))
    bar_width = max(min(room - name_width - 1, _LONGEST_BAR), _SHORTEST_BAR)
    gap = 2 if room - name_width - bar_width > len(columns) else 1
    if room < name_width + 1 + _SHORTEST_BAR:
        # Numbers go before their picture; if even they do not fit, lines wrap and nothing is lost.
        bar_width = 0
        console.width = max(console.width, name_width + others)
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
    if bar_width:
        table.add_column(Text(""), width=bar_width, no_wrap=True, vertical="bottom")

    def draw(row: Sequence[Value], counted: Sequence[Value]) -> list[Text]:
        cells = [*_draw_cells(columns, row)]
        values = dict(zip(titles, counted, strict=True))
        return [*cells, _draw_bar(bars, values, bar_width)] if bar_width else cells

    for row, counted in zip(drawn.rows, grid.rows, strict=True):
        table.add_row(*draw(row, counted))
    table.add_row(
        *(
            Text("─" * (name_width if at == 0 else _count_width(column)), "dim")
            for at, column in enumerate(columns)
        )
    )
    table.add_row(*draw(drawn.total or (), grid.total or ()), style="bold")
    for row, counted in zip(drawn.below, grid.below, strict=True):
        table.add_row(*draw(row, counted))
    console.print(table)
    if not bar_width:
        return
    signs = [f"{sign} {titles[key]}" for key, sign in zip(bars.parts, _BAR_SIGNS, strict=True)]
    whole = " or ".join(titles[key] for key in bars.whole if key in titles)
    console.print(Text("  ".join([*signs, f"{_BAR_REST} only {whole}"]), "dim"))


def _count_width(column: Column) -> int:
    return max(4, len(column.blank), *(cell_len(word) for word in column.title.split()))


def _draw_cells(columns: Sequence[Column], row: Sequence[Value]) -> Iterator[Text]:
    for column, value in zip(columns, row, strict=True):
        # A remark in place of a number.
        is_remark = isinstance(value, str) and column.is_number and not column.group
        yield Text(show(value), "dim" if is_remark else "")


def _draw_bar(bars: Bars, values: Mapping[str, Value], width: int) -> Text:
    """Draw the bar of a row."""
    counts = {key: value for key, value in values.items() if isinstance(value, int)}
    whole = max(counts.get(key, 0) for key in bars.whole)
    if not whole:
        return Text("")
    bar = ""
    for key, sign in zip(bars.parts, _BAR_SIGNS, strict=True):
        # A few of many must not round to nothing: any count above 0 gets at least one mark.
        reach = max(round(width * counts.get(key, 0) / whole), int(counts.get(key, 0) > 0))
        bar += sign * (min(reach, width) - len(bar))
    return Text(bar + _BAR_REST * (width - len(bar)))
