"""The journal: changes, a row for each, and what one of them did, a row for each row that it touched."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nkplan.layout.grid import Column, Grid, Value
from nkplan.model.journal import Change, Deed, Touched

LOG_COLUMNS = (
    Column("change", "Change", is_number=True),
    Column("recorded", "When"),
    Column("recorded_by", "Who", min_width=6),
    Column("command", "Command"),
    Column("summary", "What", wraps=True, min_width=20),
    Column("undone_in", "Undone in", is_number=True),
    Column("undoes", "Undoes", is_number=True),
    Column("redoes", "Redoes", is_number=True),
)

_ROW_COLUMNS = (
    Column("list", "List"),
    Column("id", "ID"),
    Column("done", "Done"),
    Column("text", "Row", wraps=True, min_width=20),
    Column("field", "Field"),
    Column("before", "Before", wraps=True, min_width=10),
    Column("after", "After", wraps=True, min_width=10),
    Column("undone_in", "Undone in", is_number=True),
)


SAID_IN_WORDS = {"undoes", "redoes", "list", "id"}
"""The columns whose values another column has in words."""


def drop_repeated_words(grid: Grid) -> Grid:
    """Leave out the columns whose values a reader finds in words."""
    kept = [at for at, column in enumerate(grid.columns) if column.key not in SAID_IN_WORDS]
    rows = (tuple(row[at] for at in kept) for row in grid.rows)
    return Grid(tuple(grid.columns[at] for at in kept), rows)


def make_log(changes: Iterable[Change], tell_time: Callable[[str], str] = str) -> Grid:
    """Make the grid of changes; `tell_time` says when one was recorded."""
    return Grid(
        LOG_COLUMNS,
        (
            (
                one.id,
                tell_time(one.recorded),
                one.recorded_by,
                one.command,
                one.summary,
                one.undone_in,
                one.undoes,
                one.redoes,
            )
            for one in changes
        ),
    )


def make_log_of_change(
    touched: Iterable[Touched],
    describe: Callable[[str, Any], str],
    differ: Callable[[str, Any, Any], Iterable[tuple[str, str, str]]],
) -> Grid:
    """Make the grid of what a change did: a row for each row, and one for each field of those edited.

    `describe` describes a row of a list, and `differ` says in which fields two rows differ, with both values.
    """

    def list_rows() -> Iterator[tuple[Value, ...]]:
        for one in touched:
            text = describe(one.list, one.before if one.deed is Deed.EDITED else one.row)
            head = (one.list, one.key, one.deed, text)
            if one.deed is not Deed.EDITED:
                yield (*head, None, None, None, one.undone_in)
                continue
            for field, before, after in differ(one.list, one.before, one.row):
                yield (*head, field, before or None, after or None, one.undone_in)

    return Grid(_ROW_COLUMNS, list_rows())
