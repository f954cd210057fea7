"""What a row said before it was edited: a line for each field that a change gave another value."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from nkplan.layout.grid import Column, Grid, Value
from nkplan.layout.page import Fact, Page, Section
from nkplan.model.detail import Former
from nkplan.rows.written import list_differences, write_fields

_COLUMNS = (
    Column("recorded", "Edited"),
    Column("recorded_by", "By"),
    Column("change", "Change", is_number=True),
    Column("command", "Command"),
    Column("field", "Field"),
    Column("was", "Was"),
    Column("became", "Became"),
)


def make_history(name: str, rows: Iterable[tuple[Any, Sequence[Former]]]) -> Section:
    """Make the history of rows of a list, each with what it said, the oldest first.

    The latest change comes first, each with the values that it replaced and those that it set.
    """
    changes = [line for row, former in rows for line in _list_changes(name, row, former)]
    changes.sort(key=lambda line: -line[0])
    return Section("history", "History", Grid(_COLUMNS, tuple(values for _, values in changes)))


def _list_changes(name: str, row: Any, former: Sequence[Former]) -> Iterator[tuple[int, tuple[Value, ...]]]:
    became = row
    for one in reversed(former):
        about = (one.recorded, one.recorded_by, one.change, one.command)
        for field, was, is_now in list_differences(name, one.row, became):
            yield one.change, (*about, field, was or None, is_now or None)
        became = one.row


def make_row_page(name: str, key: str, row: Any) -> Page:
    """Make the page of a row that has no page of its own: its fields as they are written."""
    facts: dict[str, str] = {}
    for field, value in write_fields(name, row):
        if field not in {"id", "domain"}:
            facts[field] = f"{facts[field]}; {value}" if field in facts else value
    return Page(
        name.removesuffix("s"),
        key,
        key,
        tuple(Fact(field, field.replace("_", " ").capitalize(), value) for field, value in facts.items()),
        (),
    )
