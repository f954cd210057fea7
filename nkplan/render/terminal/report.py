"""Reports: a title with its day, a table and notes; each row of counts has a bar."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from nkplan.layout.grid import Column, Grid, Value, iterate_rows, show
from nkplan.layout.report import BarPart, Bars, Report, describe_moment
from nkplan.model.moment import Moment
from nkplan.render.terminal.console import WIDE, make_console
from nkplan.render.terminal.grid import (
    drop_columns,
    fit,
    longest_word,
    make_table,
    merge_groups,
    name_parts,
)
from nkplan.text import clean

_BAR_SIGNS = "█▓░"
_BAR_REST = "·"
_LONGEST_BAR = 30
_SHORTEST_BAR = 6
_SHORTEST_NAME = 12
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
        draw_with_bars(console, grid, report.bars)
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


def draw_with_bars(console: Console, grid: Grid, bars: Bars, counted: Grid | None = None) -> None:
    """Draw each row with its bar, the total below a rule, what is not in the total, and a legend.

    The bars are of the counts of the same rows in `counted`, if that is given.
    """
    counted = counted or grid
    width = console.width if console.width < WIDE else 200
    longest = max(
        longest_word(grid.columns[0].title), *(cell_len(show(row[0])) for row in iterate_rows(grid))
    )
    drawn, parts = grid, ""
    if _sum_widths(grid) + min(longest, _FAIR_NAME) > width:
        drawn, parts = (
            merge_groups(drop_columns(grid, lambda column: column.repeats is not None)),
            name_parts(grid),
        )
    columns, widths, others = drawn.columns, _find_widths(drawn), _sum_widths(drawn)
    room = width - others
    name_width = min(longest, max(room - _SHORTEST_BAR - 1, _SHORTEST_NAME))
    bar_width = max(min(room - name_width - 1, _LONGEST_BAR), _SHORTEST_BAR)
    gap = 2 if room - name_width - bar_width > len(columns) else 1
    if room < name_width + 1 + _SHORTEST_BAR:
        # Numbers go before their picture; if even they do not fit, lines wrap and nothing is lost.
        bar_width = 0
        console.width = max(console.width, name_width + others)
    table = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(
        Text(columns[0].title), width=name_width, no_wrap=True, overflow="ellipsis", vertical="bottom"
    )
    for column, column_width in zip(columns[1:], widths[1:], strict=True):
        table.add_column(
            Text(column.title),
            width=column_width,
            justify="right",
            vertical="bottom",
            overflow="fold",
        )
    if bar_width:
        table.add_column(Text(""), width=bar_width, no_wrap=True, vertical="bottom")
    keys = [column.key for column in counted.columns]

    def draw(row: Sequence[Value], counts: Sequence[Value]) -> list[Text]:
        cells = [*_draw_cells(columns, row)]
        values = dict(zip(keys, counts, strict=True))
        return [*cells, _draw_bar(bars, values, bar_width)] if bar_width else cells

    for row, counts in zip(drawn.rows, counted.rows, strict=True):
        table.add_row(*draw(row, counts))
    if drawn.total is not None:
        table.add_row(
            *(
                Text("─" * (name_width if at == 0 else column_width), "dim")
                for at, column_width in enumerate(widths)
            )
        )
        table.add_row(*draw(drawn.total, counted.total or ()), style="bold")
    for row, counts in zip(drawn.below, counted.below, strict=True):
        table.add_row(*draw(row, counts))
    console.print(table)
    if legend := _draw_legend(parts, bars if bar_width else None):
        console.print(legend)


def _draw_legend(parts: str, bars: Bars | None) -> Text:
    """Draw what the numbers of merged columns and the signs of the bars are, if there are any."""
    legend = Text(f"{parts}  " if parts and bars else parts, "dim")
    if bars is not None:
        for part, sign in zip(bars.parts, _BAR_SIGNS, strict=True):
            legend.append(sign, _choose_style(part)).append(f" {part.word} ")
        legend.append(f"{_BAR_REST} {bars.rest}")
    return legend


def _sum_widths(grid: Grid) -> int:
    """Return the width of all columns but the first, each with the space before it."""
    return sum(width + 1 for width in _find_widths(grid)[1:])


def _find_widths(grid: Grid) -> list[int]:
    """Return the width of each column: that of its heading, and of dates and words also that of its cells."""
    return [
        _count_width(column)
        if column.is_number
        else max([_count_width(column), *(cell_len(show(row[at])) for row in iterate_rows(grid))])
        for at, column in enumerate(grid.columns)
    ]


def _count_width(column: Column) -> int:
    # The heading of merged columns is short.
    words = [column.title] if column.title == column.group else column.title.split()
    return max(4, len(column.blank), *map(cell_len, words))


def _draw_cells(columns: Sequence[Column], row: Sequence[Value]) -> Iterator[Text]:
    for column, value in zip(columns, row, strict=True):
        # A remark in place of a number.
        is_remark = isinstance(value, str) and column.is_number and not column.group
        yield Text(column.blank if value is None else show(value), "dim" if is_remark else "")


def _draw_bar(bars: Bars, values: Mapping[str, Value], width: int) -> Text:
    """Draw the bar of a row."""
    counts = {key: value for key, value in values.items() if isinstance(value, int)}
    whole = max(counts.get(key, 0) for key in bars.whole)
    if not whole:
        return Text("")
    bar = Text()
    for part, sign in zip(bars.parts, _BAR_SIGNS, strict=True):
        number = counts.get(part.key, 0)
        # A few of many must not round to nothing: any count above 0 gets at least one mark.
        reach = max(round(width * number / whole), int(number > 0))
        bar.append(sign * (min(reach, width) - len(bar)), _choose_style(part))
    return bar.append(_BAR_REST * (width - len(bar)))


def _choose_style(part: BarPart) -> Style:
    return Style(color="green", dim=False) if part.is_verified else Style()
