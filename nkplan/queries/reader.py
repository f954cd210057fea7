"""One open database, for reading only."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nkplan.database import check_owner, connect, translating
from nkplan.sql import read_sql


class Reader:
    """Runs the queries of sql/ on one open database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def fetch(self, query: str, **values: Any) -> sqlite3.Cursor:
        """Run a query and give its rows, to be gone through."""
        return self._connection.execute(read_sql(query), values)


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open the database for reading only. Raises Unusable and NotOurs."""
    with translating(path):
        connection = connect(path, "ro")
        try:
            check_owner(connection, path)
            connection.row_factory = sqlite3.Row
            yield Reader(connection)
        finally:
            connection.close()
