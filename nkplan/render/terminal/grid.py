"""Grids as tables whose columns fit the width."""

import re
from collections.abc import Callable
from typing import NamedTuple, TextIO

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from nkplan.layout.grid import Column, Grid, Marked, Value, show
from nkplan.render.terminal.console import STYLES, VERIFIED_STYLES, WIDE, make_console

_GAP = 2
_ROOMY = 100
_ROWS_AT_ONCE = 200  # Rich renders a whole table before it prints the first line.

_NARROWEST = 6

_KEPT = 8
"""Columns that are dropped at this number or later stay as long as cells can be broken instead."""


class _Layout(NamedTuple):
    """Which columns of a grid are shown, and the maximum width of each."""

    shown: tuple[int, ...]
    widths: dict[int, int]
    gap: int
    left_out: tuple[str, ...]

    @property
    def width(self) -> int:
        """The width of a whole line in cells."""
        return sum(self.widths.values()) + self.gap * len(self.shown)


def write_list(
    grid: Grid, out: TextIO, title: str, *, all_columns: bool = False, is_wide: bool = False
) -> None:
    """Draw a list under its title, in the columns that fit the width.

    With `all_columns` none is left out, at the cost of lines that wrap; one that `is_wide` has whole cells.
    """
    console = make_console(out)
    if is_wide:
        console.width = WIDE
    grid = merge_columns(grid)
    if all_columns:
        # Columns that would be shortened wrap instead.
        columns = tuple(column._replace(wraps=column.min_width is not None) for column in grid.columns)
        grid = grid._replace(columns=columns)
    layout = fit(grid, console.width, may_drop=not all_columns)
    console.width = max(console.width, layout.width)
    rows = list(grid.rows)
    if rows:
        console.print(Text(title, "dim"))
    for start in range(0, max(len(rows), 1), _ROWS_AT_ONCE):
        part = Grid(grid.columns, rows[start : start + _ROWS_AT_ONCE])
        console.print(make_table(part, layout, with_header=start == 0))


def merge_columns(grid: Grid) -> Grid:
    """Merge a yes-or-no column into the one that it is `beside`, if both are shown, as a marked word."""
    keys = [column.key for column in grid.columns]
    truths = {keys.index(one.beside): at for at, one in enumerate(grid.columns) if one.beside in keys}
    left = [at for at in range(len(keys)) if at not in truths.values()]

    def merge(row: tuple[Value, ...], at: int) -> Value:
        if at not in truths or not row[truths[at]]:
            return row[at]
        return Marked([(f"{row[at]} ", False), (grid.columns[truths[at]].title.casefold(), True)])

    rows = tuple(tuple(merge(row, at) for at in left) for row in grid.rows)
    return Grid(tuple(grid.columns[at] for at in left), rows)


def merge_groups(grid: Grid) -> Grid:
    """Draw neighbours of one group as one column, such as `20/2` under `In use`; `name_parts` explains it."""
    groups = _find_groups(grid)

    def merge(row: tuple[Value, ...]) -> tuple[Value, ...]:
        return tuple(
            row[group[0]] if len(group) == 1 else "/".join(show(row[at]) for at in group) for group in groups
        )

    columns = [
        first if len(group) == 1 else first._replace(title=first.group or "", drop=None)
        for group in groups
        for first in [grid.columns[group[0]]]
    ]
    total = None if grid.total is None else merge(grid.total)
    return Grid(tuple(columns), tuple(map(merge, grid.rows)), total, tuple(map(merge, grid.below)))


def name_parts(grid: Grid) -> str:
    """Say what the numbers of merged groups are: the parts that most have, then those of others."""
    names: dict[str, list[str]] = {}
    for group in _find_groups(grid):
        if len(group) > 1:
            shown = [grid.columns[at] for at in group if grid.columns[at].repeats is None]
            parts = "/".join(one.part for one in shown)
            names.setdefault(parts, []).append(str(shown[0].group).casefold())
    first, *others = sorted(names, key=lambda parts: -len(names[parts])) or [""]
    return ", ".join([first, *(f"{' and '.join(names[parts])} {parts}" for parts in others)])


def _find_groups(grid: Grid) -> list[list[int]]:
    """Return the positions of columns, neighbours of one group together."""
    groups: list[list[int]] = []
    for at, column in enumerate(grid.columns):
        if groups and column.group and column.group == grid.columns[at - 1].group:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def drop_columns(grid: Grid, is_unwanted: Callable[[Column], bool]) -> Grid:
    """Leave out columns."""
    left = [at for at, column in enumerate(grid.columns) if not is_unwanted(column)]

    def pick(row: tuple[Value, ...]) -> tuple[Value, ...]:
        return tuple(row[at] for at in left)

    return Grid(
        pick(grid.columns),  # type: ignore[arg-type]
        tuple(map(pick, grid.rows)),
        None if grid.total is None else pick(grid.total),
        tuple(map(pick, grid.below)),
    )


def fit(grid: Grid, width: int, *, may_drop: bool = True) -> _Layout:
    """Choose the columns that fit a width, dropping the least important, and the width of each.

    Cells are broken only for columns that matter, and then as few as possible. If no column `may_drop`, more
    cells are broken, and if that is not enough, lines are wider than the screen.
    """
    columns, rows = grid.columns, tuple(grid.rows)
    cells = [[_show(column, row[at]) for row in rows] for at, column in enumerate(columns)]
    lengths = [sorted(map(cell_len, column)) or [0] for column in cells]
    natural = [max(longest_word(column.title), lengths[at][-1]) for at, column in enumerate(columns)]
    fair, least = [], []
    for at, column in enumerate(columns):
        # No heading breaks inside a word.
        heading = longest_word(column.title)
        narrowest = column.min_width if may_drop else _NARROWEST if column.wraps else None
        whole = max(min(natural[at], narrowest or natural[at]), heading)
        fair.append(
            max(lengths[at][-(-len(rows) * 9 // 10) - 1], heading) if column.breaks and rows else whole
        )
        parts = (
            (part for cell in cells[at] for part in _list_parts(cell, column.breaks)) if column.breaks else ()
        )
        least.append(max(map(cell_len, parts), default=heading) if column.breaks else whole)
        least[at] = max(least[at], heading)
    shown = list(range(len(columns)))
    gap = _GAP if _ROOMY <= width < WIDE else 1

    def needed(widths: list[int]) -> int:
        return sum(widths[at] + gap for at in shown) - gap

    for drop in sorted({column.drop for column in columns if may_drop and column.drop is not None}):
        if needed(least if drop >= _KEPT else fair) <= width:
            break
        shown = [at for at in shown if columns[at].drop != drop]
    spare = max(0, width - needed(least))
    widths = dict(enumerate(least))
    # Columns that wrap take the room that is left, the longest text first.
    order = sorted(shown, key=lambda at: (columns[at].wraps, -natural[at] * columns[at].wraps))
    first = [fair[at] if column.breaks else natural[at] for at, column in enumerate(columns)]
    for goal in (first, natural):
        for at in order:
            more = max(0, min(spare, goal[at] - widths[at]))
            spare -= more
            widths[at] += more
    left_out = tuple(column.key for at, column in enumerate(columns) if at not in shown)
    return _Layout(tuple(shown), {at: widths[at] for at in shown}, gap, left_out)


def _list_parts(cell: str, breaks: str) -> list[str]:
    """Return the parts of a cell, each with the characters after which it can be broken."""
    return re.findall(rf"[^{breaks}]*[{breaks}]+|[^{breaks}]+$", cell)


def _break(cell: str, breaks: str, width: int) -> str:
    """Break a cell that is too long into lines."""
    lines = [""]
    for part in _list_parts(cell, breaks):
        if lines[-1] and cell_len(lines[-1] + part.rstrip(" ")) > width:
            lines[-1] = lines[-1].rstrip(" ")
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def longest_word(title: str) -> int:
    """Return the cells of the longest word of a heading, at least 1."""
    return max(map(cell_len, title.split()), default=1)


def make_table(grid: Grid, layout: _Layout, *, with_header: bool = True) -> Table:
    """Make the table of a grid, in the columns and widths of a layout."""
    table = Table(
        box=None,
        padding=(0, layout.gap, 0, 0),
        pad_edge=False,
        show_edge=False,
        show_header=with_header,
        header_style="bold",
    )
    headings = {at: _wrap_heading(grid.columns[at].title, layout.widths[at]) for at in layout.shown}
    tallest = max(map(len, headings.values()), default=1)
    for at in layout.shown:
        column = grid.columns[at]
        # Cells align at the top, where a row begins; headings at the bottom, above the rows.
        heading = [""] * (tallest - len(headings[at])) + headings[at]
        table.add_column(
            Text("\n".join(heading), no_wrap=True),
            justify="right" if column.is_number else "left",
            width=layout.widths[at],
            no_wrap=not column.wraps,
            overflow="fold" if column.wraps else "ellipsis",
        )
    for row in grid.rows:
        table.add_row(*(_draw(grid.columns[at], row[at], layout.widths[at]) for at in layout.shown))
    return table


def _wrap_heading(title: str, width: int) -> list[str]:
    """Break a heading between words where its column is narrower."""
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and cell_len(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _show(column: Column, value: Value) -> str:
    """Return a value as a table shows it: true as yes, false as blank."""
    if isinstance(value, bool):
        return "yes" if value else ""
    return column.blank if value is None else show(value)


def _draw(column: Column, value: Value, width: int) -> Text:
    shown = _show(column, value)
    text = Text(_break(shown, column.breaks, width) if column.breaks and cell_len(shown) > width else shown)
    if column.is_status:
        text.stylize((VERIFIED_STYLES if column.is_verified else STYLES).get(text.plain, ""))
    elif isinstance(value, Marked):
        text.highlight_words([part for part, is_marked in value.parts if is_marked], "red")
    return text
