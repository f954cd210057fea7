"""JSON: an object with `format`, optionally more about the file, and a list for each kind of row.

    {"format": "nkplan/2", "about": "What it is", "kinds": ["factory"], "projects": [{"id": ..., ...}], ...}

The rows have the fields of the classes in model/; the manual's topic formats describes each. A file is
read whole, and to the end even if it has faults, so that all are reported at once, each with its
place. Writing leaves out absent values and empty lists.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TextIO

from nkplan.formats.fields import (
    DECODER,
    Shape,
    explain_format,
    list_faulty_ids,
    make_shapes,
    name_type,
    read_json_text,
    read_row,
    read_settings,
)
from nkplan.json_text import dump
from nkplan.model.batch import Batch
from nkplan.model.faults import Fault, Faults, Origin
from nkplan.model.record import Content, Record
from nkplan.model.vocabulary import FILE_FORMAT, OLD_FILE_FORMAT
from nkplan.text import explain_unknown, shorten
from nkplan.values import read_id

_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(slots=True)
class _Scanner:
    """Walks through JSON text value by value and tracks the current line."""

    text: str
    position: int = 0
    line: int = 1
    _counted: int = 0

    def skip_space(self) -> str:
        """Skip white space and return the next character, or an empty string at the end."""
        self.position = _SPACE.match(self.text, self.position).end()  # type: ignore[union-attr]
        self.line += self.text.count("\n", self._counted, self.position)
        self._counted = self.position
        return self.text[self.position : self.position + 1]

    def take(self, sign: str) -> None:
        if self.skip_space() != sign:
            raise json.JSONDecodeError(f"expecting {sign!r}", self.text, self.position)
        self.position += 1

    def take_value(self) -> Any:
        self.skip_space()
        value, self.position = DECODER.raw_decode(self.text, self.position)
        return value

    def take_members(self, opening: str, closing: str) -> Iterator[None]:
        """Walk through an object or a list: yield at each member, which the caller must take."""
        self.take(opening)
        if self.skip_space() == closing:
            self.position += 1
            return
        while True:
            yield
            if self.skip_space() == closing:
                self.position += 1
                return
            self.take(",")


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    latest: date
    shapes: Mapping[str, Shape]
    rows: dict[str, list[Any]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    faulty_ids: set[str] = field(default_factory=set)
    about: str | None = None
    data_set: str | None = None
    seen: set[str] = field(default_factory=set)

    def fault(self, message: str, line: int, *, field: str = "", where: str | None = None) -> None:
        origin = Origin(f"line {line}" if where is None else where, line)
        self.faults.add(Fault(message, field, origin=origin))


def read_file(content: bytes, latest: date) -> Batch:
    """Read a file; its faults are in the `faults` of the batch.

    `latest` is the last day on which something can have happened.
    """
    reading = _Reading(latest, make_shapes(latest))
    scanner = _Scanner("")
    try:
        scanner.text = content.decode("utf-8-sig")
        # The bytes of a large file take as much memory as its text.
        del content
        _read_top(scanner, reading)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        reading.fault("it is not UTF-8 text; save the file as UTF-8", line)
    except json.JSONDecodeError as error:
        message = f"it is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        reading.fault(message, error.lineno, where=f"line {error.lineno}, column {error.colno}")
    except RecursionError:
        reading.fault("it is nested too deeply to be an announcement file", scanner.line)
    lists: dict[str, Any] = {name: tuple(rows) for name, rows in reading.rows.items()}
    return Batch(
        about=reading.about,
        data_set=reading.data_set,
        faults=reading.faults.list_first(),
        more_faults=reading.faults.count_rest(),
        faulty_ids=frozenset(reading.faulty_ids),
        **lists,
    )


def _read_top(scanner: _Scanner, reading: _Reading) -> None:
    early: tuple[str, int] | None = None
    for _ in scanner.take_members("{", "}"):
        key = scanner.take_value()
        line = scanner.line
        scanner.take(":")
        if not isinstance(key, str):
            raise json.JSONDecodeError("expecting a name in quotes", scanner.text, scanner.position)
        if key in reading.seen:
            reading.fault("it appears twice; keep one", line, field=shorten(key, 100))
        reading.seen.add(key)
        if (key == "kinds" or key in reading.shapes) and scanner.skip_space() == "[":
            if "format" not in reading.seen and early is None:
                early = key, line
            _read_rows(scanner, key, reading)
        else:
            _read_head(key, scanner.take_value(), line, reading)
    if scanner.skip_space():
        raise json.JSONDecodeError("more follows the end of the object", scanner.text, scanner.position)
    if "format" not in reading.seen:
        message = f'; write "format": "{FILE_FORMAT}" at the top'
        reading.faults.add(Fault(field="format", is_missing=True, message=message))
    elif early is not None:
        name, line = early
        reading.fault("it comes before the format; write the format first", line, field=name)


def _read_head(key: str, value: Any, line: int, reading: _Reading) -> None:
    try:
        if key == "format":
            if value not in (FILE_FORMAT, OLD_FILE_FORMAT):
                reading.fault(explain_format(value), line, field=key)
            else:
                reading.shapes = make_shapes(reading.latest, value)
        elif key == "about":
            reading.about = read_json_text(value)
        elif key == "data_set":
            reading.data_set = read_id(read_json_text(value))
        elif key == "settings":
            rows, faults = read_settings(value, Origin(f"settings, line {line}", line))
            reading.rows["settings"] = list(rows)
            reading.faults.add_all(faults)
        elif key == "kinds" or key in reading.shapes:
            reading.fault(f"it is {name_type(value)}; write a list in brackets", line, field=key)
        else:
            known = ["format", "about", "data_set", "settings", "kinds", *reading.shapes]
            reading.fault(explain_unknown("field", key, known), line)
    except ValueError as error:
        reading.fault(str(error), line, field=key)


def _read_rows(scanner: _Scanner, name: str, reading: _Reading) -> None:
    rows = reading.rows.setdefault(name, [])
    for number, _ in enumerate(scanner.take_members("[", "]")):
        scanner.skip_space()
        line = scanner.line
        raw = scanner.take_value()
        origin = Origin(f"{name}[{number}], line {line}", line)
        row, faults = read_row(raw, name, reading.shapes, origin)
        if faults:
            reading.faulty_ids |= list_faulty_ids(name, raw)
            reading.faults.add_all(faults)
        else:
            rows.append(row)


def write_record(record: Record, out: TextIO) -> None:
    """Write one object with the lists that have rows, one field per line, so that `diff` is useful.

    The text is that of `dump` with an indent of 2, produced row by row.
    """
    out.write(f'{{\n  "format": {dump(FILE_FORMAT)}')
    if record.about is not None:
        out.write(f',\n  "about": {dump(record.about)}')
    for name, rows in record.lists:
        if name == "settings":
            out.writelines(f',\n  "{name}": {_write_field(row, 2)}' for row in rows)
            continue
        first = before = f',\n  "{name}": [\n'
        for row in rows:
            out.write(f"{before}    {_write_row(row)}")
            before = ",\n"
        if before != first:
            out.write("\n  ]")
    out.write("\n}\n")


def _write_row(row: Content) -> str:
    if isinstance(row, str):
        return dump(row)
    fields = ",\n".join(
        f'      "{name}": {_write_geometry(value) if name == "geometry" else _write_field(value)}'
        for name, value in row.items()
    )
    return f"{{\n{fields}\n    }}"


def _write_geometry(geometry: Any) -> str:
    """Write a geometry with a line for each ring of a polygon, or for each polygon of several."""
    parts = ",\n".join(f"          {json.dumps(part)}" for part in geometry["coordinates"])
    kind = dump(geometry["type"])
    return f'{{\n        "type": {kind},\n        "coordinates": [\n{parts}\n        ]\n      }}'


def _write_field(value: object, indent: int = 6) -> str:
    if isinstance(value, list | dict):
        # A line break in a text is written as \\n, so these line breaks are only those of the layout.
        return dump(value, indent=2).replace("\n", "\n" + " " * indent)
    return dump(value)
