"""Opens every page of a real Datasette on the shipped record: `python tests/with_datasette.py [--pre]`.

It installs the newest release of Datasette from PyPI into a new environment, with `--pre` the newest
alpha, exports the file for it, and serves the database, read-only and as one that never changes. Each table,
view and query must answer, and each query with the rows that sqlite3 gives. It needs the package and pip, and
stops with exit code 1 at the first page that fails.
"""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import urlopen

PROJECT = "songchon-factories"
_LONGEST = 30
"""For so many seconds a server may start or a page take."""


def main(words: list[str]) -> int:
    """Try all pages, and return the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        options = _prepare(folder, words)
        content = json.loads((folder / "metadata.json").read_text("utf-8"))["databases"]["nkplan"]
        with _serving(folder, options) as address:
            for table, facts in content["tables"].items():
                page = _read(f"{address}/nkplan/{table}")
                _check(facts["description"][:30] in page.replace("&#39;", "'"), f"{table} is not described")
                _check("row-error" not in page, f"{table} has an error")
            for query, facts in content["queries"].items():
                values = {"project": PROJECT} if "params" in facts else {}
                page = _read(f"{address}/nkplan/{query}?{urlencode(values)}")
                _check(facts["title"] in page, f"the query {query} has no title")
                asked = {"_shape": "array", **values}
                rows = json.loads(_read(f"{address}/nkplan/{query}.json?{urlencode(asked)}"))
                expected = _ask(folder / "nkplan.db", facts["sql"], values)
                _check(rows == expected, f"the query {query} has other rows than in sqlite3")
                _check(bool(rows), f"the query {query} has no row")
                print(f"{query}: {len(rows)} rows, first {json.dumps(rows[0], ensure_ascii=False)[:150]}")
            tables = json.loads(_read(f"{address}/nkplan.json"))["tables"]
            shown = [table["name"] for table in tables if not table["hidden"]]
            hidden = {table for table, facts in content["tables"].items() if facts.get("hidden")}
            _check(not hidden & {*shown}, f"shown though hidden: {hidden & {*shown}}")
            print(f"tables: {' '.join(shown)}")
    print(f"{len(content['tables'])} tables and views and {len(content['queries'])} queries answer")
    return 0


def _prepare(folder: Path, words: list[str]) -> list[str]:
    """Install Datasette, make the database and the file for it, and return the options that take the file."""
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    pip = (folder / "venv" / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check")
    subprocess.run([*pip, *words, "datasette"], check=True)
    environment = os.environ | {"NKPLAN_DB": str(folder / "nkplan.db"), "NKPLAN_CONFIG": ""}
    nkplan = (sys.executable, "-m", "nkplan")
    subprocess.run([*nkplan, "list", "--count"], check=True, env=environment, stdout=subprocess.DEVNULL)
    subprocess.run([*nkplan, "export", "--datasette", folder / "metadata.json"], check=True, env=environment)
    datasette = (folder / "venv" / "bin" / "datasette", "--version")
    version = subprocess.run(datasette, check=True, capture_output=True, text=True).stdout.split()[-1]
    print(f"Datasette {version}")
    file = str(folder / "metadata.json")
    return ["-m", file] if version.startswith("0.") else ["-m", file, "-c", file]


@contextmanager
def _serving(folder: Path, options: list[str]) -> Iterator[str]:
    """Serve the database, and yield the address."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [str(folder / "venv" / "bin" / "datasette"), "-i", str(folder / "nkplan.db"), "-p", str(port)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([*words, *options], stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        begun = time.monotonic()
        while True:
            try:
                _read(f"{address}/")
                break
            except URLError:
                _check(server.poll() is None, (folder / "log").read_text())
                _check(time.monotonic() < begun + _LONGEST, "Datasette does not start")
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()


def _read(address: str) -> str:
    try:
        with urlopen(address, timeout=_LONGEST) as page:  # noqa: S310
            return str(page.read().decode())
    except HTTPError as error:
        sys.exit(f"{address}: {error}: {error.read().decode()[:500]}")


def _ask(db: Path, sql: str, values: dict[str, str]) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql, values)]


def _check(holds: bool, sentence: str) -> None:
    if not holds:
        sys.exit(sentence)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
