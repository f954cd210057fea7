"""The output formats, and writing in one of them.

A format is a member of Format and a module, which is imported only when it is used. The module has
`write_grid`, and also `write_report` and `write_page` if it renders them as more than a grid.
"""

from enum import StrEnum
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from nkplan.layout.grid import Grid
    from nkplan.layout.labels import Labels
    from nkplan.layout.page import Page
    from nkplan.layout.picture import Chart
    from nkplan.layout.report import Report
    from nkplan.model.moment import Moment


class Format(StrEnum):
    """The formats by name, each with its file suffix, its module and its properties.

    A format that `is_for_people` has titles and notes where others have columns. A format that `takes_exact`
    changes what a spreadsheet could run as a formula unless told to write it exactly.
    """

    suffix: str
    module: str
    is_for_people: bool
    takes_exact: bool

    TABLE = "table", "", "terminal", True
    TSV = "tsv", ".tsv", "tsv"
    CSV = "csv", ".csv", "csv", False, True
    JSON = "json", ".json", "json"
    JSONL = "jsonl", ".jsonl", "jsonl"
    MD = "md", ".md", "md", True

    def __new__(
        cls, name: str, suffix: str, module: str, is_for_people: bool = False, takes_exact: bool = False
    ) -> "Format":
        made = str.__new__(cls, name)
        made._value_ = name
        made.suffix, made.module = suffix, module
        made.is_for_people, made.takes_exact = is_for_people, takes_exact
        return made


def write_grid(grid: "Grid", format_: Format, out: TextIO, *, exact: bool = False) -> None:
    """Write a grid; `exact` leaves texts unchanged that the format would otherwise make safe."""
    options = {"exact": exact} if format_.takes_exact else {}
    _load(format_).write_grid(grid, out, **options)


def write_report(
    report: "Report", moment: "Moment", format_: Format, out: TextIO, labels: "Labels", *, exact: bool = False
) -> None:
    """Write a report with its day: for people in the title, with the record's labels; for data in columns."""
    if format_.is_for_people:
        _load(format_).write_report(labels.fill_report(report), moment, out)
    else:
        write_grid(report.stamp(moment), format_, out, exact=exact)


def write_chart(
    chart: "Chart",
    moment: "Moment",
    format_: Format,
    out: TextIO,
    labels: "Labels",
    *,
    exact: bool = False,
    ascii_only: bool = False,
) -> None:
    """Write a chart: the picture in a table's place, in all other formats its numbers."""
    if format_ is Format.TABLE:
        module = import_module("nkplan.render.terminal.picture")
        module.write_chart(chart, moment, out, ascii_only=ascii_only)
    else:
        write_report(chart.report, moment, format_, out, labels, exact=exact)


def write_page(page: "Page", format_: Format, out: TextIO, labels: "Labels", *, exact: bool = False) -> None:
    """Write a page, as a flat grid if the format has no page of its own; people see the record's labels."""
    if write := getattr(_load(format_), "write_page", None):
        write(labels.fill_page(page) if format_.is_for_people else page, out)
    else:
        write_grid(page.flatten(), format_, out, exact=exact)


def _load(format_: Format) -> ModuleType:
    return import_module(f"nkplan.render.{format_.module}")
