"""Grids: columns that fit, and rows under them."""

from typing import NamedTuple, TextIO

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from nkplan.layout.grid import Column, Grid, Value, show
from nkplan.render.terminal.console import STYLES, WIDE, make_console
from nkplan.reports.counts import PROMISED

_GAP = 2
_ROOMY = 100
_ROWS_AT_ONCE = 200  # Rich draws a table whole before a line of it is seen.

# Where a table is wider than the screen, the first of its columns named here is given up first.
_GIVEN_UP = (
    "moved", "updates", "silent", "unverified", "cohort", "programme", "province", "place", "last_year",
    "note", "kind",
    "announcement", "name", "progress", "province_name", "place_name", "age_months", "status", "overdue",
    "promised", "year", "verified",
)  # fmt: skip
# These are shortened, down to so many cells, before any is given up.
_SHORTENED = {
    "name": 16, "place_name": 12, "province_name": 10, "note": 24, "reasons": 24, "chain": 16, "clash": 14,
    "claims": 30, "programme": 10, "moves": 24,
}  # fmt: skip
NAMES = frozenset({"name", "place_name", "province_name"})
_NARROWEST_NAME = 6
WRAPPED = frozenset({"note", "reasons", "chain", "clash", "claims", "moves"})
"""The columns whose text goes on in the next line where there is no room."""


class _Layout(NamedTuple):
    """Which columns of a grid are shown, and which of them at which width at most."""

    shown: tuple[int, ...]
    widths: dict[int, int]
    gap: int
    wrapped: frozenset[str]
    left_out: tuple[str, ...]

    @property
    def width(self) -> int:
        """The cells of a whole line."""
        return sum(self.widths.values()) + self.gap * len(self.shown)


def write_list(grid: Grid, out: TextIO, title: str, *, all_columns: bool = False) -> tuple[str, ...]:
    """Draw a list under its title and give the titles of the columns that the width left no room for.

    With `all_columns` none is left out, at the cost of lines that wrap.
    """
    console = make_console(out)
    grid = merge_overdue(grid)
    layout = fit_all(grid, console.width) if all_columns else fit(grid, console.width)
    console.width = max(console.width, layout.width)
    rows = list(grid.rows)
    if rows:
        console.print(Text(title, "dim"))
    for start in range(0, max(len(rows), 1), _ROWS_AT_ONCE):
        part = Grid(grid.columns, rows[start : start + _ROWS_AT_ONCE])
        console.print(make_table(part, layout, with_header=start == 0))
    return layout.left_out


def merge_overdue(grid: Grid) -> Grid:
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


def fit(grid: Grid, width: int, *, wrapped: frozenset[str] = WRAPPED) -> _Layout:
    """Choose the columns that a width has room for, the most wanted, and how wide each is."""
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
    gap = _GAP if _ROOMY <= width < WIDE else 1

    def needed() -> int:
        return sum(least[at] + gap for at in shown) - gap

    for key in _GIVEN_UP:
        if needed() <= width:
            break
        shown = [at for at in shown if columns[at].key != key or columns[at].is_needed]
    spare = max(0, width - needed())
    widths = {}
    # What wraps takes what room is left, the longest text most.
    wraps = {at for at in shown if columns[at].key in wrapped}
    for at in sorted(shown, key=lambda at: (at in wraps, -natural[at] if at in wraps else 0)):
        more = min(spare, natural[at] - least[at])
        spare -= more
        widths[at] = least[at] + more
    left_out = tuple(column.key for at, column in enumerate(columns) if at not in shown)
    return _Layout(tuple(shown), widths, gap, wrapped, left_out)


def fit_all(grid: Grid, width: int) -> _Layout:
    """Keep every column: names wrap in theirs, and if that is not enough lines are wider than the screen."""
    layout = fit(grid, WIDE, wrapped=WRAPPED | NAMES)
    too_much = layout.width - layout.gap - width
    widths = dict(layout.widths)
    for at, column in enumerate(grid.columns):
        if column.key in NAMES:
            less = max(0, min(too_much, widths[at] - _NARROWEST_NAME))
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
    # Cells stand at the top beside a text that wraps; else headings stand at the bottom, on their columns.
    any_wraps = any(grid.columns[at].key in layout.wrapped for at in layout.shown)
    for at in layout.shown:
        column = grid.columns[at]
        wraps = column.key in layout.wrapped
        table.add_column(
            # A heading may take two lines where its column is narrower than it.
            Text(column.title, no_wrap=False, overflow="fold"),
            justify="right" if column.is_number else "left",
            width=layout.widths[at],
            no_wrap=not wraps,
            overflow="fold" if wraps else "ellipsis",
            vertical="top" if any_wraps else "bottom",
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
    if value is None and column is PROMISED:
        return "none"
    return show(value)


def _draw(column: Column, value: Value) -> Text:
    text = Text(_show(column, value))
    if column.key in {"status", "claimed", "verified"}:
        text.stylize(STYLES.get(text.plain, ""))
    elif column.key == "promised":
        text.highlight_words(["overdue"], "red")
    return text
