"""Helpers of the tests that ask a record the questions of the design, and read the answers."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from program import run, run_json

from nkplan.reports.counting import Counts

Ask = Callable[..., Any]
Rows = list[dict[str, Any]]

COUNTED = Counts._fields[1:]
"""The numbers of a row of the report: named, started, complete and in use."""


def make_ask(db: Path) -> Ask:
    """Return a function that runs the program on a database and reads its JSON, each command once."""

    @cache
    def answer(*arguments: str) -> Any:
        return run_json(db, *arguments)

    return answer


def pick(rows: Rows, **wanted: object) -> Rows:
    """Return the rows that have these values."""
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def ids(rows: Rows, key: str = "id") -> set[str]:
    return {row[key] for row in rows}


def read(rows: Rows, *keys: str) -> list[tuple[Any, ...]]:
    """Return some columns of each row, in the order of the rows."""
    return [tuple(row[key] for key in keys) for row in rows]


def counts(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(row[name] for name in COUNTED)


def read_notes(db: Path, *arguments: str) -> list[str]:
    """Return the notes below a report in Markdown."""
    done = run(db, "report", *arguments, "-f", "md")
    assert done.code == 0, done.err
    return [line.removeprefix("- ") for line in done.out.splitlines() if line.startswith("- ")]


def check_lists(db: Path, rows: Rows) -> None:
    """Check that each number of a report's rows is that of the sites which `list` shows for it."""
    for row in rows:
        options = row["filter"].split()
        sites = run_json(db, "list", *options, "--columns", "id")
        assert len(sites) == row["named"], row
        # A row without sites has only zeros.
        for name in COUNTED[1:] if sites else ():
            counted = run_json(db, "list", *options, "--columns", "id", "--counted", name)
            assert len(counted) == row[name], (row, name)
            assert ids(counted) <= ids(sites), (row, name)
        assert sites or not any(counts(row)), row
