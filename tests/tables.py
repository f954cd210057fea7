"""Reads the tables of a database directly, without the program."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any


def query(path: Path, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def read_schema(path: Path) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid"
        ).fetchall()


def read_table(path: Path, table: str, columns: str = "*") -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT {columns} FROM {table} ORDER BY rowid").fetchall()


def list_columns(path: Path, table: str) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return ", ".join(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
