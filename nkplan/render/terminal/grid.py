"""Grids as tables whose columns fit the width."""

from typing import NamedTuple, TextIO

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from nkplan.layout.grid import Column, Grid, Marked, Value, show
from nkplan.render.terminal.console import STYLES, WIDE, make_console

_GAP = 2
_ROOMY = 100
_ROWS_AT_ONCE = 200  # Rich renders a whole table before it prints the first line.

_NARROWEST = 6


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


def write_list(grid: Grid, out: TextIO, title: str, *, all_columns: bool = False) -> tuple[str, ...]:
    """Draw a list under its title and return the keys of the columns that did not fit the width.

    With `all_columns` none is left out, at the cost of lines that wrap.
    """
    console = make_console(out)
    grid = merge_columns(grid)
    if all_columns:
        # Columns that would be shortened wrap instead.
        columns = tuple(column._replace(wraps=column.min_width is not None) for column in grid.columns)
        grid = grid._replace(columns=columns)
    layout = fit_all(grid, console.width) if all_columns else fit(grid, console.width)
    console.width = max(console.width, layout.width)
    rows = list(grid.rows)
    if rows:
        console.print(Text(title, "dim"))
    for start in range(0, max(len(rows), 1), _ROWS_AT_ONCE):
        part = Grid(grid.columns, rows[start : start + _ROWS_AT_ONCE])
        console.print(make_table(part, layout, with_header=start == 0))
    return layout.left_out


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
    """Draw neighbours of one group as one column, such as `20/2` under `In use claimed/ verified`."""
    groups: list[list[int]] = []
    for at, column in enumerate(grid.columns):
        if groups and column.group and column.group == grid.columns[at - 1].group:
            groups[-1].append(at)
        else:
            groups.append([at])

    def merge(row: tuple[Value, ...]) -> tuple[Value, ...]:
        return tuple(
            row[group[0]] if len(group) == 1 else "/".join(show(row[at]) for at in group) for group in groups
        )

    columns = []
    for group in groups:
        first = grid.columns[group[0]]
        title = f"{first.group} {'/ '.join(grid.columns[at].part for at in group)}"
        columns.append(first if len(group) == 1 else first._replace(title=title, drop=None))
    total = None if grid.total is None else merge(grid.total)
    return Grid(tuple(columns), tuple(map(merge, grid.rows)), total, tuple(map(merge, grid.below)))


def fit(grid: Grid, width: int) -> _Layout:
    """Choose the columns that fit a width, dropping the least important, and the width of each."""
    columns, rows = grid.columns, tuple(grid.rows)
    natural = [
        max([longest_word(column.title), *(cell_len(_show(column, row[at])) for row in rows)])
        for at, column in enumerate(columns)
    ]
    # No heading breaks inside a word.
    least = [
        max(min(natural[at], column.min_width or natural[at]), longest_word(column.title))
        for at, column in enumerate(columns)
    ]
    shown = list(range(len(columns)))
    gap = _GAP if _ROOMY <= width < WIDE else 1

    def needed() -> int:
        return sum(least[at] + gap for at in shown) - gap

    for drop in sorted({column.drop for column in columns if column.drop is not None}):
        if needed() <= width:
            break
        shown = [at for at in shown if columns[at].drop != drop]
    spare = max(0, width - needed())
    widths = {}
    # Columns that wrap take the room that is left, the longest text first.
    for at in sorted(shown, key=lambda at: (columns[at].wraps, -natural[at] * columns[at].wraps)):
        more = min(spare, natural[at] - least[at])
        spare -= more
        widths[at] = least[at] + more
    left_out = tuple(column.key for at, column in enumerate(columns) if at not in shown)
    return _Layout(tuple(shown), widths, gap, left_out)


def longest_word(title: str) -> int:
    """Return the cells of the longest word of a heading, at least 1."""
    return max(map(cell_len, title.split()), default=1)


def fit_all(grid: Grid, width: int) -> _Layout:
    """Keep every column: some wrap, and if that is not enough, lines are wider than the screen."""
    layout = fit(grid, WIDE)
    too_much = layout.width - layout.gap - width
    widths = dict(layout.widths)
    for at, column in enumerate(grid.columns):
        if column.wraps:
            less = max(0, min(too_much, widths[at] - _NARROWEST))
            widths[at] -= less
            too_much -= less
    return layout._replace(widths=widths)


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
    # Next to text that wraps, cells align at the top; otherwise headings align at the bottom.
    any_wraps = any(grid.columns[at].wraps for at in layout.shown)
    for at in layout.shown:
        column = grid.columns[at]
        table.add_column(
            # A heading may take two lines if its column is narrower.
            Text(column.title, no_wrap=False, overflow="fold"),
            justify="right" if column.is_number else "left",
            width=layout.widths[at],
            no_wrap=not column.wraps,
            overflow="fold" if column.wraps else "ellipsis",
            vertical="top" if any_wraps else "bottom",
        )
    for row in grid.rows:
        table.add_row(*(_draw(grid.columns[at], row[at]) for at in layout.shown))
    return table


def _show(column: Column, value: Value) -> str:
    """Return a value as a table shows it: true as yes, false as blank."""
    if isinstance(value, bool):
        return "yes" if value else ""
    return column.blank if value is None else show(value)


def _draw(column: Column, value: Value) -> Text:
    text = Text(_show(column, value))
    if column.is_status:
        text.stylize(STYLES.get(text.plain, ""))
    elif isinstance(value, Marked):
        text.highlight_words([part for part, is_marked in value.parts if is_marked], "red")
    return text
