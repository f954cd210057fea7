"""Reading a file in the format `nkplan/1`, the one seed.json is written in.

The format is a JSON object of lists, `kinds places sources announcements projects quotas updates`, whose rows
have the fields of the classes in model/; the README's chapter "The file format" describes each. A file is
read to its end whatever is wrong with it, so that every fault is told at once, with its place.
"""

import json
import math
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha1
from typing import Any

from nkplan import values
from nkplan.model.batch import Announcement, Batch, Fault, Figure, Place, Project, Source, Update
from nkplan.model.faults import Faults
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import FILE_FORMAT, Confidence, Evidence, ProjectType, QuotaPeriod, Status
from nkplan.text import explain_unknown, quote, shorten

_UPDATE_IDS = uuid.UUID("5a3b1f0e-6d0b-5c77-9a51-0d4f6e2b8c13")
_ENCODE = json.JSONEncoder().encode

Reader = Callable[[Any], Any]

Claim = tuple[str, str, str | None, float | None, str | None, str | None]
"""What an update claims: project, event date, status, percentage, promised date and source."""


# ---- values, as JSON has them


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"it is {name_type(value)}; write a text in quotes")
    return values.read_text(value)


class _Kept(dict[str, Any]):
    """What texts have been read as: a file says the same ids, dates and words again and again."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:
        value = self._read(_text(text))
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[text] = value
        return value


# For each kind of value, all of which are as short as an id or a date.
_MOST_KEPT = 20_000


def _of_text(read: Callable[[str], Any]) -> Reader:
    kept = _Kept(read)
    return lambda value: kept[value] if isinstance(value, str) else read(_text(value))


@dataclass(frozen=True, slots=True)
class _LongNumber:
    """Stands for a whole number of more digits than any that is kept."""

    digits: int


_MOST_DIGITS = 300


def _decode_integer(written: str) -> int | _LongNumber:
    # Python reads no number of thousands of digits, and would end the reading at it.
    return int(written) if len(written) <= _MOST_DIGITS else _LongNumber(len(written.lstrip("-")))


def _refuse_long(value: Any) -> None:
    if isinstance(value, _LongNumber):
        raise ValueError(f"it is {name_type(value)}, more than any that is kept; write it shorter")


def _integer(value: Any) -> int:
    _refuse_long(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"it is {name_type(value)}; write a whole number without quotes")
    return value


def _number(value: Any) -> float:
    _refuse_long(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"it is {name_type(value)}; write a number without quotes")
    return float(value)


def _at_least(least: int) -> Reader:
    def read(value: Any) -> int:
        number = _integer(value)
        if not least <= number < 2**63:
            raise ValueError(f"{shorten(str(number), 40)} is out of range; it starts at {least}")
        return number

    return read


def _between(least: float, most: float) -> Reader:
    def read(value: Any) -> float:
        number = _number(value)
        if not least <= number <= most:
            raise ValueError(f"{number:g} is out of range; it runs from {least:g} to {most:g}")
        return number

    return read


def _list_of(read: Reader) -> Reader:
    def read_list(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError(f"it is {name_type(value)}; write a list in brackets")
        return tuple(read(item) for item in value)

    return read_list


def name_type(value: Any) -> str:
    """Name what a value is in JSON, with advice where it should not be there."""
    match value:
        case None:
            return "null (leave the field out instead)"
        case bool():
            return "true or false"
        case float() if not math.isfinite(value):
            return "not a finite number"
        case int() | float():
            return "a number"
        case _LongNumber():
            return f"a number of {value.digits} digits"
        case str():
            return "a text"
        case list():
            return "a list"
    return "an object"


# The form that a UUID is kept in; the class takes its time to find that it is none but that.
_USUAL_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def _uuid(value: Any) -> str:
    text = _text(value)
    if _USUAL_UUID.fullmatch(text):
        return text
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise ValueError(f"{quote(text)} is no UUID; leave the id out and one is derived") from None


# ---- the fields of each kind of row


@dataclass(frozen=True, slots=True)
class Shape:
    """What rows of one list are made of: the class, and a reader for each field."""

    make: Callable[..., Any]
    fields: Mapping[str, Reader]
    required: frozenset[str]


_id = _of_text(values.read_id)
_any_date = _of_text(values.read_date)
_evidence = _of_text(lambda text: values.read_word(text, Evidence, "evidence class"))


def _url(value: Any) -> str:
    # Few links come again, and they can be long: they are not kept.
    return values.read_url(_text(value))


def _year(value: Any) -> int:
    return values.read_year(_integer(value))


def _figure(value: Any) -> Figure:
    shape = Shape(
        Figure,
        {"item": _text, "value": _number, "unit": _text, "year": _year, "source": _id, "note": _text},
        frozenset({"item", "value", "unit"}),
    )
    if not isinstance(value, dict):
        raise ValueError(f"a figure is {name_type(value)}; write an object with item, value and unit")
    given, faults = read_fields(value, shape)
    if faults:
        raise ValueError(shorten("; ".join(faults), 1000))
    return Figure(**given)


def make_shapes(today: date) -> dict[str, Shape]:
    """Give what the rows of each list but `kinds` are made of; `today` is as in `read_file`."""
    past_date = _of_text(lambda text: values.read_event_date(text, today))
    return {
        "places": Shape(
            Place,
            {
                "id": _id,
                "name": _text,
                "full_name": _text,
                "local_name": _text,
                "type": _text,
                "parent": _id,
                "latitude": _between(-90, 90),
                "longitude": _between(-180, 180),
                "population": _at_least(0),
                "population_year": _year,
                "names": _list_of(_text),
                "note": _text,
            },
            frozenset({"id", "name"}),
        ),
        "sources": Shape(
            Source,
            {
                "id": _id,
                "title": _text,
                "publisher": _text,
                "published": past_date,
                "url": _url,
                "evidence": _evidence,
                "archive": _url,
                "note": _text,
            },
            frozenset({"id"}),
        ),
        "announcements": Shape(
            Announcement,
            {
                "id": _id,
                "title": _text,
                "announced": past_date,
                "speaker": _text,
                "occasion": _text,
                "said": _text,
                "source": _id,
                "terms": _list_of(_text),
                "context": _list_of(_text),
                "figures": _list_of(_figure),
            },
            frozenset({"id", "title", "announced", "said"}),
        ),
        "projects": Shape(
            Project,
            {
                "id": _id,
                "name": _text,
                "type": _of_text(lambda text: values.read_word(text, ProjectType, "project type")),
                "kind": _id,
                "parent": _id,
                "model": _id,
                "place": _id,
                "year": _year,
                "note": _text,
            },
            frozenset({"id", "name", "type", "kind"}),
        ),
        "quotas": Shape(
            Quota,
            {
                "project": _id,
                "kind": _id,
                "quantity": _at_least(1),
                "per": _of_text(lambda text: values.read_word(text, QuotaPeriod, "quota period")),
                "unit": _text,
                "first_year": _year,
                "last_year": _year,
                "announcement": _id,
                "note": _text,
            },
            frozenset({"project", "kind", "quantity", "per"}),
        ),
        "updates": Shape(
            Update,
            {
                "id": _uuid,
                "project": _id,
                "event_date": past_date,
                "status": _of_text(lambda text: values.read_word(text, Status, "status")),
                "percent": lambda value: values.read_percent(_number(value)),
                "promised": _any_date,
                "evidence": _evidence,
                "confidence": _of_text(lambda text: values.read_word(text, Confidence, "confidence")),
                "source": _id,
                "announcement": _id,
                "note": _text,
            },
            frozenset({"project", "event_date"}),
        ),
    }


MOST_IN_ROW = 50
"""How many faults of one row are told: it can have a million fields."""


def explain_twice(raw: Any) -> list[str]:
    """Say of the keys that stand twice in a JSON object that they do, of the first MOST_IN_ROW at most."""
    return [
        f"{shorten(name, 100)}: it stands twice; keep one" for name in getattr(raw, "twice", ())[:MOST_IN_ROW]
    ]


def read_fields(raw: Mapping[str, Any], shape: Shape) -> tuple[dict[str, Any], list[str]]:
    """Read the fields of one row; what is wrong comes back as sentences that start with the field's name."""
    given: dict[str, Any] = {}
    faults = explain_twice(raw)
    readers = shape.fields
    for name, value in raw.items():
        if name in readers:
            try:
                given[name] = readers[name](value)
            except ValueError as error:
                fault = f"{name}: {error}"
            else:
                continue
        else:
            fault = explain_unknown("field", name, list(readers))
        if len(faults) == MOST_IN_ROW:
            return given, [*faults, "it has more faults; mend these first"]
        faults.append(fault)
    if not shape.required <= raw.keys():
        faults += [f"{name} is missing" for name in readers if name in shape.required and name not in raw]
    return given, faults


def derive_update_id(update: Update) -> str:
    """Give the id of an update that has none: the same for the same claim of the same source, always.

    Note, evidence class and confidence are no part of it, so that a corrected note meets the stored update
    and is told as a clash, and does not become a second claim.
    """
    return derive_claim_id(
        (update.project, update.event_date, update.status, update.percent, update.promised, update.source)
    )


def derive_claim_id(claim: Claim) -> str:
    """Give the id of a claim: a UUID of version 5 of what it says, as a JSON list."""
    project, event_date, status, percent, promised, source = claim
    written = None if percent is None else f"{percent:g}"
    text = _ENCODE([project, event_date, status, written, promised, source])
    digits = sha1(_UPDATE_IDS.bytes + text.encode(), usedforsecurity=False).hexdigest()
    # As uuid.uuid5 sets the bits of version and variant, in a fifth of its time.
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


# ---- the file


class _Object(dict[str, Any]):
    """A JSON object that remembers which keys stood in it twice."""

    twice: tuple[str, ...] = ()


def make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a JSON object; one in which keys stand twice remembers which."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    made = _Object(plain)
    seen: set[str] = set()
    made.twice = tuple(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return made


DECODER = json.JSONDecoder(object_pairs_hook=make_object, parse_int=_decode_integer)
"""Reads JSON so that a key that stands twice and a number that is too long become faults of their row."""

_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(slots=True)
class _Scanner:
    """Walks a JSON text value by value and knows the line it is at."""

    text: str
    position: int = 0
    line: int = 1
    _counted: int = 0

    def skip_space(self) -> str:
        """Go to the next sign and give it; an empty text at the end."""
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
        """Walk an object or a list: stop at each member, which the caller takes."""
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
    """What has been read so far."""

    shapes: Mapping[str, Shape]
    rows: dict[str, list[Any]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    faulty_ids: set[str] = field(default_factory=set)
    about: str | None = None
    seen: set[str] = field(default_factory=set)

    def fault(self, where: str, message: str, line: int) -> None:
        self.faults.add(Fault(where=where, message=message, order=line))


def read_file(content: bytes, today: date) -> Batch:
    """Read a file in the format `nkplan/1`; whatever is wrong with it is in the batch's `faults`.

    `today` is the day after which nothing can have happened yet.
    """
    reading = _Reading(make_shapes(today))
    scanner = _Scanner("")
    try:
        scanner.text = content.decode("utf-8-sig")
        _read_top(scanner, reading)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reading.fault(f"line {line}", "it is not UTF-8 text; save the file as UTF-8", line)
    except json.JSONDecodeError as error:
        message = error.msg[:1].lower() + error.msg[1:]
        reading.fault(
            f"line {error.lineno}, column {error.colno}", f"it is not JSON: {message}", error.lineno
        )
    except RecursionError:
        line = scanner.line
        reading.fault(f"line {line}", "it is nested too deeply to be an announcement file", line)
    return Batch(
        about=reading.about,
        faults=reading.faults.list_first(),
        more_faults=reading.faults.count_rest(),
        faulty_ids=frozenset(reading.faulty_ids),
        **{name: tuple(rows) for name, rows in reading.rows.items()},
    )


def _read_top(scanner: _Scanner, reading: _Reading) -> None:
    lists = ("kinds", *reading.shapes)
    for _ in scanner.take_members("{", "}"):
        key = scanner.take_value()
        line = scanner.line
        scanner.take(":")
        if not isinstance(key, str):
            raise json.JSONDecodeError("expecting a name in quotes", scanner.text, scanner.position)
        if key in reading.seen:
            reading.fault(f"line {line}", f"{shorten(key, 100)}: it stands twice; keep one", line)
        reading.seen.add(key)
        if key in lists and scanner.skip_space() == "[":
            _read_rows(scanner, key, reading)
        else:
            _read_head(key, scanner.take_value(), line, reading)
    if scanner.skip_space():
        raise json.JSONDecodeError("something follows the end of the object", scanner.text, scanner.position)
    if "format" not in reading.seen:
        reading.fault("", f'format is missing; write "format": "{FILE_FORMAT}" at the top', 0)


def _read_head(key: str, value: Any, line: int, reading: _Reading) -> None:
    where = f"line {line}"
    try:
        if key == "format":
            if value != FILE_FORMAT:
                reading.fault(where, explain_format(value), line)
        elif key == "about":
            reading.about = _text(value)
        elif key == "kinds" or key in reading.shapes:
            reading.fault(where, f"{key}: it is {name_type(value)}; write a list in brackets", line)
        else:
            known = ["format", "about", "kinds", *reading.shapes]
            reading.fault(where, explain_unknown("field", key, known), line)
    except ValueError as error:
        reading.fault(where, f"{key}: {error}", line)


def _read_rows(scanner: _Scanner, name: str, reading: _Reading) -> None:
    rows = reading.rows.setdefault(name, [])
    for number, _ in enumerate(scanner.take_members("[", "]")):
        scanner.skip_space()
        line = scanner.line
        where = f"{name}[{number}], line {line}"
        raw = scanner.take_value()
        row, faults = read_kind(raw) if name == "kinds" else read_row(raw, reading.shapes[name], where)
        if faults:
            reading.faulty_ids |= list_faulty(name, raw)
            for fault in faults:
                reading.fault(where, fault, line)
        else:
            rows.append(row)


def explain_format(value: Any) -> str:
    """Say that a file is of another format than the one that is read."""
    given = quote(value) if isinstance(value, str) else name_type(value)
    return f"format: this program reads {FILE_FORMAT}, and not {given}"


def list_faulty(name: str, raw: Any) -> set[str]:
    """Give the id of a faulty row of a list, where others can name it by that."""
    id_ = raw.get("id") if isinstance(raw, dict) and name not in {"updates", "quotas"} else None
    return {id_} if isinstance(id_, str) and values.is_id(id_) else set()


def read_about(raw: Any) -> str:
    """Read what a file says of itself. Raises ValueError."""
    return _text(raw)


def read_kind(raw: Any) -> tuple[str | None, list[str]]:
    """Read a kind, or say what is wrong with it."""
    try:
        return _id(raw), []
    except ValueError as error:
        return None, [str(error)]


def read_row(raw: Any, shape: Shape, where: str) -> tuple[Any, list[str]]:
    """Read a row that stands at a place of its file, or say all that is wrong with it."""
    if not isinstance(raw, dict):
        return None, [f"it is {name_type(raw)}; write an object in braces"]
    given, faults = read_fields(raw, shape)
    if faults:
        return None, faults
    row = shape.make(**given, where=where)
    if isinstance(row, Place):
        row = _tidy_names(row, given)
    elif isinstance(row, Update) and not row.id:
        row = shape.make(**given, id=derive_update_id(row), where=where)
    return row, []


def _tidy_names(place: Place, given: dict[str, Any]) -> Place:
    """Put a place's other names into a fixed order, each once, so that two ways of writing them are equal."""
    own = {place.name, place.full_name, place.local_name}
    return Place(**{**given, "names": tuple(sorted(set(place.names) - own)), "where": place.where})
