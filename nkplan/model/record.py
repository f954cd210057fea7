"""The whole record, in the fields of the file format."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

Content = str | Mapping[str, Any]
"""A row as JSON values by field of the file format, without absent fields; a kind is its id."""


class Record(NamedTuple):
    """What the record is about, if known, and each list's name with its rows, to iterate over once."""

    about: str | None
    lists: Iterable[tuple[str, Iterator[Content]]]
