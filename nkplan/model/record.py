"""The whole record as a file has it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

Content = str | Mapping[str, Any]
"""A row in the fields of the file format, as JSON has them, what is absent left out; a kind is its id."""


class Record(NamedTuple):
    """What it is about, where that was said, and each list's name with its rows, to be gone through once."""

    about: str | None
    lists: Iterable[tuple[str, Iterator[Content]]]
