"""What the rows of a file in the format `nkplan/1` are made of, whether it is JSON or JSON Lines.

Each list has its class of rows (see model/) and a reader for each field; all that is wrong with a row is told
at once. An update that has no id gets the one that is derived from what it claims.
"""

import json
import math
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha1
from typing import Any

from nkplan import values
from nkplan.model.batch import Announcement, Figure, Place, Project, Source, Update
from nkplan.model.faults import NOWHERE, Fault, Origin
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import FILE_FORMAT, Confidence, Evidence, ProjectType, QuotaPeriod, Status
from nkplan.text import explain_unknown, quote, shorten

_UPDATE_IDS = uuid.UUID("5a3b1f0e-6d0b-5c77-9a51-0d4f6e2b8c13")
_ENCODE = json.JSONEncoder().encode

ReadValue = Callable[[Any], Any]


# ---- values, as JSON has them


def read_json_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"it is {name_type(value)}; write a text in quotes")
    return values.read_text(value)


class _Kept(dict[str, Any]):
    """What texts have been read as: a file says the same ids, dates and words again and again."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:
        value = self._read(read_json_text(text))
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[text] = value
        return value


# For each kind of value, all of which are as short as an id or a date.
_MOST_KEPT = 20_000


def _of_text(read: Callable[[str], Any]) -> ReadValue:
    kept = _Kept(read)
    return lambda value: kept[value] if isinstance(value, str) else read(read_json_text(value))


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


def _at_least(least: int) -> ReadValue:
    def read(value: Any) -> int:
        number = _integer(value)
        if not least <= number < 2**63:
            raise ValueError(f"{shorten(str(number), 40)} is out of range; it starts at {least}")
        return number

    return read


def _between(least: float, most: float) -> ReadValue:
    def read(value: Any) -> float:
        number = _number(value)
        if not least <= number <= most:
            raise ValueError(f"{number:g} is out of range; it runs from {least:g} to {most:g}")
        return number

    return read


def _list_of(read: ReadValue) -> ReadValue:
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
    text = read_json_text(value)
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
    fields: Mapping[str, ReadValue]
    required: frozenset[str]


_id = _of_text(values.read_id)
_any_date = _of_text(values.read_date)
_evidence = _of_text(lambda text: values.read_word(text, Evidence, "evidence class"))


def _url(value: Any) -> str:
    # Few links come again, and they can be long: they are not kept.
    return values.read_url(read_json_text(value))


def _year(value: Any) -> int:
    return values.read_year(_integer(value))


def _figure(value: Any) -> Figure:
    shape = Shape(
        Figure,
        {
            "item": read_json_text,
            "value": _number,
            "unit": read_json_text,
            "year": _year,
            "source": _id,
            "note": read_json_text,
        },
        frozenset({"item", "value", "unit"}),
    )
    if not isinstance(value, dict):
        raise ValueError(f"a figure is {name_type(value)}; write an object with item, value and unit")
    given, faults = _read_fields(value, shape, NOWHERE)
    if faults:
        raise ValueError(shorten("; ".join(map(str, faults)), 1000))
    return Figure(**given)


def make_shapes(today: date) -> dict[str, Shape]:
    """Give what the rows of each list but `kinds` are made of; `today` is as in `read_file`."""
    past_date = _of_text(lambda text: values.read_event_date(text, today))
    return {
        "places": Shape(
            Place,
            {
                "id": _id,
                "name": read_json_text,
                "full_name": read_json_text,
                "local_name": read_json_text,
                "type": read_json_text,
                "parent": _id,
                "latitude": _between(-90, 90),
                "longitude": _between(-180, 180),
                "population": _at_least(0),
                "population_year": _year,
                "names": _list_of(read_json_text),
                "note": read_json_text,
            },
            frozenset({"id", "name"}),
        ),
        "sources": Shape(
            Source,
            {
                "id": _id,
                "title": read_json_text,
                "publisher": read_json_text,
                "published": past_date,
                "url": _url,
                "evidence": _evidence,
                "archive": _url,
                "note": read_json_text,
            },
            frozenset({"id"}),
        ),
        "announcements": Shape(
            Announcement,
            {
                "id": _id,
                "title": read_json_text,
                "announced": past_date,
                "speaker": read_json_text,
                "occasion": read_json_text,
                "said": read_json_text,
                "source": _id,
                "terms": _list_of(read_json_text),
                "context": _list_of(read_json_text),
                "figures": _list_of(_figure),
            },
            frozenset({"id", "title", "announced", "said"}),
        ),
        "projects": Shape(
            Project,
            {
                "id": _id,
                "name": read_json_text,
                "type": _of_text(lambda text: values.read_word(text, ProjectType, "project type")),
                "kind": _id,
                "parent": _id,
                "model": _id,
                "place": _id,
                "year": _year,
                "note": read_json_text,
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
                "unit": read_json_text,
                "first_year": _year,
                "last_year": _year,
                "announcement": _id,
                "note": read_json_text,
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
                "note": read_json_text,
            },
            frozenset({"project", "event_date"}),
        ),
    }


MOST_IN_ROW = 50
"""How many faults of one row are told: it can have a million fields."""


# ---- JSON in which nothing gets lost


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


# ---- rows


def read_row(raw: Any, name: str, shapes: Mapping[str, Shape], origin: Origin) -> tuple[Any, list[Fault]]:
    """Read a row of a list, which stands at a place of its file, or say all that is wrong with it."""
    if name == "kinds":
        return read_kind(raw, origin)
    if not isinstance(raw, dict):
        message = f"it is {name_type(raw)}; write an object in braces"
        return None, [Fault(message=message, origin=origin)]
    shape = shapes[name]
    given, faults = _read_fields(raw, shape, origin)
    if faults:
        return None, faults
    if name == "updates" and "id" not in given:
        given["id"] = _derive_id(given)
    elif "names" in given:
        # In a fixed order, each once, so that two ways of writing them are equal.
        own = {given.get(name) for name in ("name", "full_name", "local_name")}
        given["names"] = tuple(sorted(set(given["names"]) - own))
    return shape.make(**given, origin=origin), []


def read_kind(raw: Any, origin: Origin) -> tuple[str | None, list[Fault]]:
    """Read a kind, or say what is wrong with it."""
    try:
        return _id(raw), []
    except ValueError as error:
        return None, [Fault(message=str(error), origin=origin)]


def _read_fields(raw: Mapping[str, Any], shape: Shape, origin: Origin) -> tuple[dict[str, Any], list[Fault]]:
    given: dict[str, Any] = {}
    faults = explain_twice(raw, origin)
    readers = shape.fields
    for name, value in raw.items():
        if name in readers:
            try:
                given[name] = readers[name](value)
            except ValueError as error:
                fault = Fault(field=name, message=str(error), origin=origin)
            else:
                continue
        else:
            message = explain_unknown("field", name, list(readers))
            fault = Fault(message=message, origin=origin)
        if len(faults) == MOST_IN_ROW:
            message = "it has more faults; mend these first"
            return given, [*faults, Fault(message=message, origin=origin)]
        faults.append(fault)
    if not shape.required <= raw.keys():
        faults += [
            Fault(field=name, is_missing=True, message="", origin=origin)
            for name in readers
            if name in shape.required and name not in raw
        ]
    return given, faults


def explain_twice(raw: Any, origin: Origin) -> list[Fault]:
    """Say of the keys that stand twice in a JSON object that they do, of the first MOST_IN_ROW at most."""
    return [
        Fault(field=shorten(name, 100), message="it stands twice; keep one", origin=origin)
        for name in getattr(raw, "twice", ())[:MOST_IN_ROW]
    ]


def explain_format(value: Any) -> str:
    """Say that a file is of another format than the one that is read."""
    given = quote(value) if isinstance(value, str) else name_type(value)
    return f"this program reads {FILE_FORMAT}, and not {given}"


def list_faulty(name: str, raw: Any) -> set[str]:
    """Give the id of a faulty row of a list, where others can name it by that."""
    id_ = raw.get("id") if isinstance(raw, dict) and name not in {"updates", "quotas"} else None
    return {id_} if isinstance(id_, str) and values.is_id(id_) else set()


def derive_update_id(update: Update) -> str:
    """Give the id of an update that has none: the same for the same claim of the same source, always.

    Note, evidence class and confidence are no part of it, so that a corrected note meets the stored update
    and is told as a clash, and does not become a second claim.
    """
    return _derive_id({name: getattr(update, name) for name in _CLAIMED})


_CLAIMED = ("project", "event_date", "status", "percent", "promised", "source")


def _derive_id(given: Mapping[str, Any]) -> str:
    """Give the id of a claim: a UUID of version 5 of what it says, as a JSON list."""
    claim = list(map(given.get, _CLAIMED))
    if claim[3] is not None:
        claim[3] = f"{claim[3]:g}"
    digits = sha1(_UPDATE_IDS.bytes + _ENCODE(claim).encode(), usedforsecurity=False).hexdigest()
    # As uuid.uuid5 sets the bits of version and variant, in a fifth of its time.
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
