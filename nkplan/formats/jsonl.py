"""JSON Lines: an object with `format` and more about the file on the first line, then a row per line.

    {"format": "nkplan/2", "about": "What it is"}
    {"list": "settings", "title": "A record"}
    {"list": "kinds", "id": "factory"}
    {"list": "updates", "project": "...", "event_date": "2024-03", ...}

The first field of a row is the list it belongs to; the others are as in JSON. Rows may be in any order. A
file is read twice: the first pass keeps all rows except the updates; the updates, which are never all in
memory, are read as they are recorded.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import UnsupportedOperation
from itertools import islice
from typing import Any, BinaryIO, TextIO

from nkplan.errors import BadInput
from nkplan.formats.fields import (
    DECODER,
    MOST_IN_ROW,
    Shape,
    explain_format,
    explain_repeated,
    list_faulty_ids,
    make_shapes,
    name_type,
    read_json_text,
    read_kind,
    read_row,
    read_settings,
)
from nkplan.json_text import dump
from nkplan.model.batch import Batch, Update
from nkplan.model.faults import NOWHERE, Fault, Faults, Origin
from nkplan.model.record import Record
from nkplan.model.vocabulary import FILE_FORMAT, OLD_FILE_FORMAT
from nkplan.text import explain_unknown
from nkplan.values import read_id

LONGEST_LINE = 4_000_000
"""The most bytes that a line may have; a longer line is never wholly in memory."""

_DECODE = DECODER.decode
_LINES_BETWEEN = 5_000
_HEAD = ("format", "about", "data_set")
_WITHOUT_SHAPE = ("settings", "kinds")
_FIRST = Origin("line 1", 1)
# A line that begins like this, and has "list" only once, is an update. An update that is spelled differently
# is recognised once its line is decoded.
_UPDATE = re.compile(rb'[ \t]*\{[ \t]*"list"[ \t]*:[ \t]*"updates"[ \t]*[,}](?!.*"list")')


def is_lines(first_line: bytes) -> bool:
    """Return whether a file is JSON Lines: its first line is a complete object without lists."""
    try:
        head = json.loads(first_line)
    except (ValueError, RecursionError):
        return False
    return isinstance(head, dict) and "format" in head and set(head) <= set(_HEAD)


def read_file(
    file: BinaryIO, latest: date, report_share: Callable[[float], None] = lambda share: None
) -> Batch:
    """Read a file from its current position; its updates are the `stream` of the batch while it is open.

    `latest` is the last day on which something can have happened. `report_share` is called now and then with
    the share of the file that has been read. The file must be seekable.
    """
    start = file.tell()
    state = _fingerprint(file)
    size = max(1, file.seek(0, os.SEEK_END))
    reading = _Reading(latest, make_shapes(latest))
    line = 0
    for line, content in _list_lines(file, start):
        if not line % _LINES_BETWEEN:
            report_share(file.tell() / size)
        if line > 1 and content is not None and _UPDATE.match(content):
            reading.updates += 1
        else:
            reading.read_line(line, content)
    if not line:
        reading.faults.add(_explain_head(NOWHERE))
    lists: dict[str, Any] = {name: tuple(rows) for name, rows in reading.rows.items()}
    return Batch(
        about=reading.about,
        data_set=reading.data_set,
        stream=_Updates(file, start, state, reading.shapes, reading.updates, reading.any_spelled_otherwise),
        faults=reading.faults.list_first(),
        more_faults=reading.faults.count_rest(),
        faulty_ids=frozenset(reading.faulty_ids),
        **lists,
    )


def _fingerprint(file: BinaryIO) -> tuple[int, int] | None:
    """Return the size and modification time of a file, which change with it; None if it has no descriptor."""
    try:
        status = os.fstat(file.fileno())
    except (OSError, UnsupportedOperation):
        return None
    return status.st_size, status.st_mtime_ns


def _list_lines(file: BinaryIO, start: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield the lines that are not blank, with their numbers; None stands for a line that is too long."""
    file.seek(start)
    line = 0
    while content := file.readline(LONGEST_LINE + 1):
        line += 1
        if len(content) > LONGEST_LINE and not content.endswith(b"\n"):
            while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield line, None
        elif not content.isspace():
            yield line, content
        elif line == 1:
            yield line, b"{}"


@dataclass(slots=True)
class _Reading:
    """What was read so far; of the updates only their number."""

    latest: date
    shapes: dict[str, Shape]
    rows: dict[str, list[Any]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    faulty_ids: set[str] = field(default_factory=set)
    about: str | None = None
    data_set: str | None = None
    updates: int = 0
    any_spelled_otherwise: bool = False

    def read_line(self, line: int, content: bytes | None) -> None:
        """Read a line that was not recognised as an update."""
        raw = _decode(line, content)
        if isinstance(raw, Fault):
            self.faults.add(raw)
        elif line == 1:
            self._read_head(raw)
        elif isinstance(name := _read_list(raw, line, self.shapes), Fault):
            self.faults.add(name)
        elif name == "updates":
            self.updates += 1
            self.any_spelled_otherwise = True
        elif name == "settings":
            settings, faults = read_settings(raw, Origin(f"settings, line {line}", line))
            self.faults.add_all(faults)
            self.rows.setdefault(name, []).extend(settings)
        else:
            row, faults = _read_row(raw, name, line, self.shapes)
            self.faults.add_all(faults)
            if faults:
                self.faulty_ids |= list_faulty_ids(name, raw)
            else:
                self.rows.setdefault(name, []).append(row)

    def _read_head(self, head: dict[str, Any]) -> None:
        self.faults.add_all(explain_repeated(head, _FIRST))
        if "format" not in head:
            self.faults.add(_explain_head(_FIRST))
        elif head["format"] in (FILE_FORMAT, OLD_FILE_FORMAT):
            self.shapes = make_shapes(self.latest, head["format"])
        else:
            message = explain_format(head["format"])
            self.faults.add(Fault(field="format", message=message, origin=_FIRST))
        self.faults.add_all(_explain_fields(head, _HEAD, _FIRST))
        for name, read in (
            ("about", read_json_text),
            ("data_set", lambda value: read_id(read_json_text(value))),
        ):
            if name in head:
                try:
                    setattr(self, name, read(head[name]))
                except ValueError as error:
                    self.faults.add(Fault(field=name, message=str(error), origin=_FIRST))


@dataclass(frozen=True, slots=True)
class _Updates:
    """The updates of a file, as the batch's `stream`."""

    file: BinaryIO
    start: int
    state: tuple[int, int] | None
    shapes: dict[str, Shape]
    number: int
    any_spelled_otherwise: bool

    def __len__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[Update | Fault]:
        for line, content in _list_lines(self.file, self.start):
            is_known = content is not None and _UPDATE.match(content)
            if line == 1 or not (is_known or self.any_spelled_otherwise):
                continue
            raw = _decode(line, content)
            name = raw if isinstance(raw, Fault) else _read_list(raw, line, self.shapes)
            if isinstance(name, Fault):
                # The faults of all other lines were reported by the first pass.
                if is_known:
                    yield name
            elif name == "updates" or is_known:
                row, faults = _read_row(raw, name, line, self.shapes)
                yield from faults or (row,)
        if _fingerprint(self.file) != self.state:
            raise BadInput("the file changed while it was read, and nothing was recorded; load it again")


def _decode(line: int, content: bytes | None) -> Any:
    """Decode a line, or return its fault."""
    try:
        if content is None:
            fault = f"it is longer than {LONGEST_LINE} bytes; split it"
        elif isinstance(raw := _DECODE(content.decode("utf-8-sig" if line == 1 else "utf-8").rstrip()), dict):
            return raw
        else:
            fault = f"it is {name_type(raw)}; write an object in braces on each line"
    except UnicodeDecodeError:
        fault = "it is not UTF-8 text; save the file as UTF-8"
    except json.JSONDecodeError as error:
        fault = f"column {error.colno}: it is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    except RecursionError:
        fault = "it is nested too deeply to be a row"
    return Fault(message=fault, origin=Origin(f"line {line}", line))


def _read_list(raw: dict[str, Any], line: int, shapes: dict[str, Shape]) -> str | Fault:
    """Remove the name of its list from a row and return it, or return a fault."""
    origin = Origin(f"line {line}", line)
    if next(iter(raw), None) != "list":
        message = '; write it as the first field, as in {"list": "updates", ...}'
        return Fault(field="list", is_missing=True, message=message, origin=origin)
    if not isinstance(name := raw.pop("list"), str):
        message = f"it is {name_type(name)}; write the name of a list in quotes"
        return Fault(field="list", message=message, origin=origin)
    if name in shapes or name in _WITHOUT_SHAPE:
        return name
    return Fault(message=explain_unknown("list", name, (*_WITHOUT_SHAPE, *shapes)), origin=origin)


def _read_row(raw: dict[str, Any], name: str, line: int, shapes: dict[str, Shape]) -> tuple[Any, list[Fault]]:
    origin = Origin(f"{name}, line {line}", line)
    if name != "kinds":
        return read_row(raw, name, shapes, origin)
    faults = [*explain_repeated(raw, origin), *_explain_fields(raw, ["id"], origin)]
    if "id" not in raw:
        return None, [*faults, Fault(field="id", is_missing=True, message="", origin=origin)]
    row, wrong = read_kind(raw["id"], origin)
    return row, [*faults, *wrong]


def _explain_head(origin: Origin) -> Fault:
    message = f'; write {{"format": "{FILE_FORMAT}"}} on the first line'
    return Fault(field="format", is_missing=True, message=message, origin=origin)


def _explain_fields(raw: Iterable[str], known: Sequence[str], origin: Origin) -> list[Fault]:
    """Return a fault for each unknown field, MOST_IN_ROW at most."""
    unknown = islice((name for name in raw if name not in known), MOST_IN_ROW)
    return [Fault(message=explain_unknown("field", name, known), origin=origin) for name in unknown]


def write_record(record: Record, out: TextIO) -> None:
    """Write a line with `format` and `about`, then a line for each row, its list first."""
    about = {} if record.about is None else {"about": record.about}
    out.write(dump({"format": FILE_FORMAT, **about}) + "\n")
    for name, rows in record.lists:
        for row in rows:
            content = {"id": row} if isinstance(row, str) else row
            out.write(dump({"list": name, **content}) + "\n")
