"""The overview: at most twenty lines of any record."""

from collections.abc import Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from nkplan.layout.labels import Labels
from nkplan.layout.report import describe_moment
from nkplan.model.moment import Moment
from nkplan.render.terminal.console import make_console
from nkplan.render.terminal.report import draw_with_bars
from nkplan.reports.overview import Overview
from nkplan.text import clean


def write_overview(
    overview: Overview, moment: Moment, commands: Sequence[tuple[str, str]], out: TextIO, labels: Labels
) -> None:
    """Draw the overview, then the commands to go on with, each with what it does."""
    console = make_console(out)
    head = Text(clean(overview.title), "bold", no_wrap=True, overflow="ellipsis")
    head.append(f", {describe_moment(moment)}", Style(bold=False, dim=True))
    console.print(head)
    for at, one in enumerate(overview.announced):
        who = f", {clean(one.speaker)}" if one.speaker else ""
        line = Text(f"{one.announced}  {clean(one.title)}{who}", no_wrap=True, overflow="ellipsis")
        if at and overview.number > 1:
            line.append(f"  the last of {overview.number}", "dim")
        console.print(line)
    report = labels.fill_report(overview.report)
    grid = report.screen or report.grid
    if grid.rows and report.bars is not None:
        console.print()
        draw_with_bars(console, grid, report.bars, counted=report.grid)
    console.print()
    _draw_pairs(console, overview.lines, "dim")
    console.print()
    _draw_pairs(console, commands, "bold")


def _draw_pairs(console: Console, pairs: Sequence[tuple[str, str]], style: str) -> None:
    """Draw labels with a text each, which is cut where the screen ends."""
    if not pairs:
        return
    label_width = max(cell_len(label) for label, _ in pairs)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, width=label_width)
    table.add_column(no_wrap=True, overflow="ellipsis", max_width=max(console.width - label_width - 2, 1))
    for label, text in pairs:
        table.add_row(Text(clean(label), style), Text(clean(text)))
    console.print(table)
