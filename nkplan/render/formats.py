"""The output formats, and writing in one of them.

A format is a member of Format and a module, which is imported only when it is used. The module has
`write_grid`, and also `write_report` and `write_page` if it renders them as more than a grid; that of a
picture has `write_chart` alone.
"""

from enum import StrEnum
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, TextIO

from nkplan.errors import BadInput

if TYPE_CHECKING:
    from nkplan.layout.grid import Grid
    from nkplan.layout.labels import Labels
    from nkplan.layout.page import Page
    from nkplan.layout.picture import Caption, Chart
    from nkplan.layout.report import Report
    from nkplan.model.moment import Moment


class Format(StrEnum):
    """The formats by name, each with its file suffix, its module and its properties.

    A format that `is_for_people` has titles and notes where others have columns. A format that `takes_exact`
    changes what a spreadsheet could run as a formula unless told to write it exactly. One that `is_picture`
    draws what can be drawn, and has nothing else; one that `is_binary` is no text.
    """

    suffix: str
    module: str
    is_for_people: bool
    takes_exact: bool
    is_picture: bool
    is_binary: bool

    TABLE = "table", "", "terminal", "people"
    TSV = "tsv", ".tsv", "tsv"
    CSV = "csv", ".csv", "csv", "exact"
    JSON = "json", ".json", "json"
    JSONL = "jsonl", ".jsonl", "jsonl"
    MD = "md", ".md", "md", "people"
    SVG = "svg", ".svg", "svg", "people", "picture"
    PNG = "png", ".png", "png", "people", "picture", "binary"

    def __new__(cls, name: str, suffix: str, module: str, *properties: str) -> "Format":
        made = str.__new__(cls, name)
        made._value_ = name
        made.suffix, made.module = suffix, module
        made.is_for_people, made.takes_exact = "people" in properties, "exact" in properties
        made.is_picture, made.is_binary = "picture" in properties, "binary" in properties
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
    caption: "Caption",
    exact: bool = False,
    ascii_only: bool = False,
) -> None:
    """Write a chart: the picture in a table's place and as a picture, in all other formats its numbers.

    A picture has a `caption`, to which its day is added. Raises BadInput if the library that a format needs
    is missing.
    """
    if format_ is Format.TABLE:
        module = import_module("nkplan.render.terminal.picture")
        module.write_chart(chart, moment, out, ascii_only=ascii_only)
    elif format_.is_picture:
        _load(format_).write_chart(chart, moment, out, caption=caption)
    else:
        write_report(chart.report, moment, format_, out, labels, exact=exact)


def write_page(page: "Page", format_: Format, out: TextIO, labels: "Labels", *, exact: bool = False) -> None:
    """Write a page, as a flat grid if the format has no page of its own; people see the record's labels."""
    if write := getattr(_load(format_), "write_page", None):
        write(labels.fill_page(page) if format_.is_for_people else page, out)
    else:
        write_grid(page.flatten(), format_, out, exact=exact)


def _load(format_: Format) -> ModuleType:
    try:
        return import_module(f"nkplan.render.{format_.module}")
    except ModuleNotFoundError as error:
        if error.name != "resvg_py":
            raise
        raise BadInput(
            "png needs a library that is not installed: write .svg instead, or install it with"
            " pip install 'nkplan[png]'"
        ) from error
