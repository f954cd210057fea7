"""Reading a file in the format `nkplan/1` line by line, as JSON Lines: its rows are never all in memory.

Line 1 is an object with `format` and perhaps `about`; every further line is a row with the list it belongs to
as its first field, as in {"list": "updates", "project": ...}; a kind is {"list": "kinds", "id": "factory"}.
The rows are those of the JSON form, in any order, and are read by the same rules (see seed.py).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, BinaryIO, Protocol

from nkplan.formats.json import (
    DECODER,
    MOST_IN_ROW,
    Shape,
    derive_claim_id,
    explain_format,
    explain_twice,
    list_faulty,
    make_shapes,
    name_type,
    read_about,
    read_fields,
    read_kind,
    read_row,
)
from nkplan.model.batch import Batch, Fault
from nkplan.model.faults import Faults
from nkplan.model.vocabulary import FILE_FORMAT
from nkplan.text import explain_unknown

LONGEST_LINE = 4_000_000
"""The most bytes that a line may have; one that is longer is never in memory whole."""

_DECODE = DECODER.decode
_LINES_BETWEEN = 5_000
_HEAD = ("format", "about")
Columns = tuple[Any, ...]


def is_lines(first_line: bytes) -> bool:
    """Tell by the first line whether a file is written line by line: it is a whole object without lists."""
    try:
        head = json.loads(first_line)
    except (ValueError, RecursionError):
        return False
    return isinstance(head, dict) and "format" in head and set(head) <= set(_HEAD)


class Aside(Protocol):
    """What keeps the rows that are no updates."""

    def keep(self, name: str, line: int, row: Any) -> None:
        """Keep a row of a list, which stands on a line."""

    def keep_faulty(self, id_: str) -> None:
        """Keep the id of a row that is left out for a fault of its own."""


@dataclass(slots=True)
class LineReader:
    """Reads a file once, from its first line to its last.

    `first` is its first line where that has been read already, `today` the day after which nothing can have
    happened yet. `tell` is told now and then how many bytes have been read.
    """

    file: BinaryIO
    today: date
    first: bytes = b""
    tell: Callable[[int], None] | None = None
    _shapes: dict[str, Shape] = field(init=False)
    _faults: Faults = field(default_factory=Faults)
    _about: str | None = None

    def __post_init__(self) -> None:
        self._shapes = make_shapes(self.today)

    def read_updates(self, aside: Aside) -> Iterator[Columns]:
        """Go through the updates, as the columns of stage_update.sql; other rows are put aside."""
        updates = self._shapes["updates"]
        for line, content in self._read_lines():
            raw = self._decode(content, line)
            if raw is None:
                continue
            if line == 1:
                self._read_head(raw)
                continue
            name = self._read_list(raw, line)
            if name == "updates":
                given, faults = read_fields(raw, updates)
                if faults:
                    self._tell(name, line, raw, faults, aside)
                else:
                    yield _make_columns(line, given)
            elif name is not None:
                self._read_other(name, raw, line, aside)

    def read_rest(self) -> Batch:
        """Give what the file says of itself, and what is wrong with it, once its end is reached."""
        return Batch(
            about=self._about,
            faults=self._faults.list_first(),
            more_faults=self._faults.count_rest(),
        )

    def _read_lines(self) -> Iterator[tuple[int, bytes]]:
        line = position = 0
        while content := (not line and self.first) or self.file.readline(LONGEST_LINE + 1):
            line += 1
            position += len(content)
            if self.tell is not None and not line % _LINES_BETWEEN:
                self.tell(position)
            if len(content) > LONGEST_LINE and not content.endswith(b"\n"):
                self._fault(f"line {line}", f"it is longer than {LONGEST_LINE} bytes; part it", line)
                while (rest := self.file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                    position += len(rest)
                position += len(rest)
            elif not content.isspace():
                yield line, content
            elif line == 1:
                yield line, b"{}"
        if not line:
            self._fault("", _explain_head(), 0)

    def _decode(self, content: bytes, line: int) -> Any:
        """Decode a line; where that fails it is a fault, and None."""
        try:
            text = content.decode("utf-8-sig" if line == 1 else "utf-8")
            raw = _DECODE(text.rstrip())
        except UnicodeDecodeError:
            fault = "it is not UTF-8 text; save the file as UTF-8"
        except json.JSONDecodeError as error:
            fault = f"column {error.colno}: it is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        except RecursionError:
            fault = "it is nested too deeply to be a row"
        else:
            if isinstance(raw, dict):
                return raw
            fault = f"it is {name_type(raw)}; write an object in braces on each line"
        self._fault(f"line {line}", fault, line)
        return None

    def _read_head(self, head: dict[str, Any]) -> None:
        for fault in explain_twice(head):
            self._fault("line 1", fault, 1)
        if "format" not in head:
            self._fault("line 1", _explain_head(), 1)
        elif head["format"] != FILE_FORMAT:
            self._fault("line 1", explain_format(head["format"]), 1)
        for fault in _explain_fields(head, _HEAD):
            self._fault("line 1", fault, 1)
        if "about" in head:
            try:
                self._about = read_about(head["about"])
            except ValueError as error:
                self._fault("line 1", f"about: {error}", 1)

    def _read_list(self, raw: dict[str, Any], line: int) -> str | None:
        """Take the name of its list from a row; where that is wrong it is a fault, and None."""
        if next(iter(raw), None) != "list":
            fault = 'list is missing; write it as the first field, as in {"list": "updates", ...}'
        elif not isinstance(name := raw.pop("list"), str):
            fault = f"list: it is {name_type(name)}; write the name of a list in quotes"
        elif name in self._shapes or name == "kinds":
            return name
        else:
            fault = explain_unknown("list", name, ("kinds", *self._shapes))
        self._fault(f"line {line}", fault, line)
        return None

    def _read_other(self, name: str, raw: dict[str, Any], line: int, aside: Aside) -> None:
        if name == "kinds":
            row, faults = read_kind(raw["id"]) if "id" in raw else (None, ["id is missing"])
            faults = [*explain_twice(raw), *_explain_fields(raw, ["id"]), *faults]
        else:
            row, faults = read_row(raw, self._shapes[name], f"{name}, line {line}")
        if faults:
            self._tell(name, line, raw, faults, aside)
        else:
            aside.keep(name, line, row)

    def _tell(self, name: str, line: int, raw: dict[str, Any], faults: list[str], aside: Aside) -> None:
        for id_ in list_faulty(name, raw):
            aside.keep_faulty(id_)
        for fault in faults:
            self._fault(f"{name}, line {line}", fault, line)

    def _fault(self, where: str, message: str, line: int) -> None:
        self._faults.add(Fault(where=where, message=message, order=line))


def _explain_head() -> str:
    return f'format is missing; write {{"format": "{FILE_FORMAT}"}} on the first line'


def _explain_fields(raw: Iterable[str], known: Sequence[str]) -> list[str]:
    """Say of the first fields that are none of the known ones that they are not."""
    unknown = islice((name for name in raw if name not in known), MOST_IN_ROW)
    return [explain_unknown("field", name, known) for name in unknown]


def _make_columns(line: int, given: dict[str, Any]) -> Columns:
    get = given.get
    project, event_date, status = given["project"], given["event_date"], get("status")
    percent, promised, source = get("percent"), get("promised"), get("source")
    return (
        line,
        get("id") or derive_claim_id((project, event_date, status, percent, promised, source)),
        project,
        event_date,
        status,
        percent,
        promised,
        get("evidence"),
        get("confidence"),
        source,
        get("announcement"),
        get("note"),
        None if status is None else status.rank,
    )
