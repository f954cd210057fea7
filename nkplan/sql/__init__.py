"""The SQL of nkplan, one file for each topic; it can be pasted into `sqlite3` unchanged.

A topic consists of blocks: each begins with the line `-- name: NAME`, says in a comment what it returns, and
is read as `TOPIC.NAME`. The schema and the upgrades are whole scripts.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from sqlite3 import complete_statement


def read_sql(name: str) -> str:
    """Return the text of the block `TOPIC.NAME`, or of a whole script. Raises KeyError if there is none."""
    topic, dot, block = name.partition(".")
    try:
        return read_topic(topic)[block] if dot else _read_file(topic)
    except (KeyError, FileNotFoundError):
        raise KeyError(f"there is no query {name} in sql/") from None


@lru_cache
def read_topic(topic: str) -> Mapping[str, str]:
    """Return the blocks of a topic by name."""
    _, *blocks = f"\n{_read_file(topic)}".split("\n-- name: ")
    return dict(block.split("\n", 1) for block in blocks)


def _read_file(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


@lru_cache
def read_statements(name: str) -> Sequence[str]:
    """Return the statements of a block or a script, to run them inside a transaction already open."""
    return tuple(_split(read_sql(name)))


def _split(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if complete_statement(statement):
            yield statement
            statement = ""


def keep_lines(text: str, given: Collection[str | None]) -> str:
    """Leave out the lines that end in `-- if NAME` with a name not given: each condition takes time."""
    if "-- if " not in text:
        return text
    lines = (line.partition("-- if ") for line in text.splitlines())
    return "\n".join(kept for kept, _, name in lines if not name or name in given)
