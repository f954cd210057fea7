"""The rows of a file in the format `nkplan/2` or `nkplan/1`, whether JSON or JSON Lines.

Each list has a class for its rows (see model/) and a reader for each field; all faults of a row are reported
at once. The rows of an nkplan/1 file, which has fewer fields and other words, are read as those of nkplan/2.
"""

import json
import math
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nkplan import values
from nkplan.identity import derive_old_update_id
from nkplan.model.batch import Announcement, Figure, Place, Project, Publisher, SettingRow, Source, Update
from nkplan.model.faults import NOWHERE, Fault, Origin
from nkplan.model.outline import Outline
from nkplan.model.promise import Quota
from nkplan.model.settings import LABEL
from nkplan.model.vocabulary import (
    FILE_FORMAT,
    LABELLED,
    LONGEST_LABEL,
    OLD_FILE_FORMAT,
    Bound,
    Confidence,
    ProjectType,
    QuotaPeriod,
    Status,
)
from nkplan.outlines import read_geometry
from nkplan.text import explain_unknown, quote, shorten, write_number

ReadValue = Callable[[Any], Any]


# ---- JSON values


def read_json_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"it is {name_type(value)}; write text in quotes")
    return values.read_text(value)


class _Kept(dict[str, Any]):
    """A cache of what texts were read as: a file repeats the same ids, dates and words."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:
        value = self._read(read_json_text(text))
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[text] = value
        return value


# For each kind of value; all are short, such as ids and dates.
_MOST_KEPT = 20_000


def _of_text(read: Callable[[str], Any]) -> ReadValue:
    kept = _Kept(read)
    return lambda value: kept[value] if isinstance(value, str) else read(read_json_text(value))


@dataclass(frozen=True, slots=True)
class _LongNumber:
    """Stands for a whole number with too many digits."""

    digits: int


_MOST_DIGITS = 300


def _decode_integer(written: str) -> int | _LongNumber:
    # Python refuses to read a number with thousands of digits, which would end the whole reading.
    return int(written) if len(written) <= _MOST_DIGITS else _LongNumber(len(written.lstrip("-")))


def _refuse_long(value: Any) -> None:
    if isinstance(value, _LongNumber):
        raise ValueError(f"it is {name_type(value)}, which is too long; write a shorter one")


def _integer(value: Any) -> int:
    _refuse_long(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"it is {name_type(value)}; write a whole number without quotes")
    return value


def _number(value: Any) -> float:
    _refuse_long(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"it is {name_type(value)}; write a number without quotes")
    # SQLite stores no negative zero; with one, an export loaded again would be another text.
    return float(value) + 0.0


_MOST_INTEGER = 2**63 - 1
"""The largest integer that SQLite stores."""


def _at_least(least: int) -> ReadValue:
    def read(value: Any) -> int:
        number = _integer(value)
        if not least <= number <= _MOST_INTEGER:
            span = f"from {least} to {_MOST_INTEGER}"
            raise ValueError(f"{shorten(str(number), 40)} is out of range; write a whole number {span}")
        return number

    return read


def _between(least: float, most: float) -> ReadValue:
    def read(value: Any) -> float:
        number = _number(value)
        if not least <= number <= most:
            span = f"from {write_number(least)} to {write_number(most)}"
            raise ValueError(f"{write_number(number)} is out of range; write a number {span}")
        return number

    return read


def _not_negative(value: Any) -> float:
    number = _number(value)
    if number < 0:
        raise ValueError(f"{write_number(number)} is out of range; the lowest is 0")
    return number


def _list_of(read: ReadValue) -> ReadValue:
    def read_list(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError(f"it is {name_type(value)}; write a list in brackets")
        return tuple(read(item) for item in value)

    return read_list


def name_type(value: Any) -> str:
    """Name the JSON type of a value, with advice for null."""
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
            return "a string"
        case list():
            return "a list"
    return "an object"


# The form in which UUIDs are stored; matching it is much faster than the class.
_USUAL_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def _uuid(value: Any) -> str:
    text = read_json_text(value)
    if _USUAL_UUID.fullmatch(text):
        return text
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise ValueError(f"{quote(text)} is not a UUID; leave out the id and one is derived") from None


# ---- the fields of each kind of row


@dataclass(frozen=True, slots=True)
class Shape:
    """The rows of one list: their class, a reader for each field, and the required fields."""

    make: Callable[..., Any]
    fields: Mapping[str, ReadValue]
    required: frozenset[str]


_id = _of_text(values.read_id)
_any_date = _of_text(values.read_date)
_new_id = _of_text(values.read_new_id)
_evidence = _of_text(values.read_evidence)


def _read_quota_stage(text: str) -> Status | None:
    """Read the stage that a quota is for; completion, which is meant without one, is left out."""
    stage = values.read_stage(text)
    return None if stage.event == "opening" else stage


_stage = _of_text(values.read_stage)
_status = _of_text(lambda text: values.read_word(text, Status, "status"))
_domain = _of_text(values.read_domain)


def _url(value: Any) -> str:
    # Links are long and rarely repeat, so they are not cached.
    return values.read_url(read_json_text(value))


def _year(value: Any) -> int:
    return values.read_year(_integer(value))


def read_figure(value: Any) -> Figure:
    """Read a figure, an object with item, value and unit. Raises ValueError."""
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
    given = _read_inner(value, shape)
    return Figure(**given)


def _pair(first: str, second: str) -> ReadValue:
    """Return a reader of an object with two texts, both of them required."""

    def read(value: Any) -> tuple[str, str]:
        if not isinstance(value, dict):
            raise ValueError(f"it has {name_type(value)}; write an object with {first} and {second}")
        shape = Shape(dict, {first: read_json_text, second: read_json_text}, frozenset({first, second}))
        given = _read_inner(value, shape)
        return given[first], given[second]

    return read


def _true(value: Any) -> bool:
    if value is not True:
        raise ValueError("write true, or leave it out")
    return True


def _sorted(read: ReadValue) -> ReadValue:
    """Return a reader of a list in a fixed order, each value once, so that equal lists are equal rows."""
    read_all = _list_of(read)
    return lambda value: tuple(sorted(set(read_all(value))))


def make_shapes(latest: date, format_: str = FILE_FORMAT) -> dict[str, Shape]:
    """Return the shape of the rows of each list but `kinds` and `settings`; `latest` is as in `read_file`."""
    past_date = _of_text(lambda text: values.read_event_date(text, latest))
    shapes = {
        "publishers": Shape(
            Publisher,
            {"domain": _domain, "name": read_json_text, "evidence": _evidence},
            frozenset({"domain", "name"}),
        ),
        "places": Shape(
            Place,
            {
                "id": _new_id,
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
        "outlines": Shape(
            Outline,
            {"place": _id, "geometry": read_geometry, "credit": read_json_text},
            frozenset({"place", "geometry"}),
        ),
        "sources": Shape(
            Source,
            {
                "id": _new_id,
                "title": read_json_text,
                "publisher": read_json_text,
                "published": past_date,
                "retrieved": past_date,
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
                "id": _new_id,
                "title": read_json_text,
                "announced": past_date,
                "speaker": read_json_text,
                "occasion": read_json_text,
                "said": read_json_text,
                "source": _id,
                "terms": _list_of(read_json_text),
                "context": _list_of(read_json_text),
                "figures": _list_of(read_figure),
            },
            frozenset({"id", "title", "announced", "said"}),
        ),
        "projects": Shape(
            Project,
            {
                "id": _new_id,
                "name": read_json_text,
                "type": _of_text(lambda text: values.read_word(text, ProjectType, "project type")),
                "kind": _id,
                "parent": _id,
                "model": _id,
                "place": _id,
                "year": _year,
                "tags": _sorted(read_json_text),
                "identifiers": _sorted(_pair("scheme", "id")),
                "organisations": _sorted(_pair("role", "name")),
                "note": read_json_text,
            },
            frozenset({"id", "name", "type", "kind"}),
        ),
        "quotas": Shape(
            Quota,
            {
                "id": _uuid,
                "project": _id,
                "kind": _id,
                "quantity": _at_least(1),
                "per": _of_text(lambda text: values.read_word(text, QuotaPeriod, "quota period")),
                "unit": read_json_text,
                "label": read_json_text,
                "promised_status": _of_text(_read_quota_stage),
                "beside": _true,
                "within": _id,
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
                "status": _status,
                "percent": lambda value: values.read_percent(_number(value)),
                "promised": _any_date,
                "promised_status": _stage,
                "count": _not_negative,
                "of": _not_negative,
                "unit": read_json_text,
                "bound": _of_text(lambda text: values.read_word(text, Bound, "bound")),
                "figures": _list_of(read_figure),
                "speaker": read_json_text,
                "withdrawn": past_date,
                "withdrawn_source": _id,
                "evidence": _evidence,
                "confidence": _of_text(lambda text: values.read_word(text, Confidence, "confidence")),
                "source": _id,
                "announcement": _id,
                "note": read_json_text,
            },
            frozenset({"project", "event_date"}),
        ),
    }
    return shapes if format_ == FILE_FORMAT else _limit_to_old(shapes)


_NEW_FIELDS = {
    "sources": {"retrieved"},
    "projects": {"tags", "identifiers", "organisations"},
    "quotas": {"id", "label", "promised_status", "beside", "within"},
    "updates": {
        "promised_status", "count", "of", "unit", "bound", "figures", "speaker", "withdrawn",
        "withdrawn_source",
    },
}  # fmt: skip
"""The fields that files in the format nkplan/1 do not have."""


def _limit_to_old(shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """Return the shapes of the rows of a file in the format nkplan/1."""
    old = {}
    for name, shape in shapes.items():
        if name in {"publishers", "outlines"}:
            continue
        fields = {
            field: read for field, read in shape.fields.items() if field not in _NEW_FIELDS.get(name, ())
        }
        if "evidence" in fields:
            fields["evidence"] = _of_text(values.read_old_evidence)
        old[name] = Shape(_read_old.get(name, shape.make), fields, shape.required)
    return old


def _make_old_quota(**given: Any) -> Quota:
    """Make a quota of a row whose `unit` is a word for the sites."""
    return Quota(label=given.pop("unit", None), **given)


def _make_old_update(**given: Any) -> Update:
    """Make an update with the id that it has in the format nkplan/1 if it has none."""
    update = Update(**given)
    return update if update.id else update._replace(id=derive_old_update_id(update))


_read_old: Mapping[str, Callable[..., Any]] = {"quotas": _make_old_quota, "updates": _make_old_update}


LISTS = ("settings", "kinds", *make_shapes(date.max))
"""The names of the lists of a file, in the order in which they are written."""


MOST_IN_ROW = 50
"""The most faults that are reported for one row: it can have a million fields."""


# ---- JSON that keeps repeated keys and long numbers


class _Object(dict[str, Any]):
    """A JSON object that remembers its repeated keys."""

    twice: tuple[str, ...] = ()


def make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a JSON object that remembers which keys were repeated, if any."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    made = _Object(plain)
    seen: set[str] = set()
    made.twice = tuple(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return made


DECODER = json.JSONDecoder(object_pairs_hook=make_object, parse_int=_decode_integer)
"""Decodes JSON so that repeated keys and numbers that are too long become faults of a row."""


# ---- rows


def read_row(raw: Any, name: str, shapes: Mapping[str, Shape], origin: Origin) -> tuple[Any, list[Fault]]:
    """Read a row of a list, or return all its faults; `origin` is where it is in the file."""
    if name == "kinds":
        return read_kind(raw, origin)
    if not isinstance(raw, dict):
        message = f"it is {name_type(raw)}; write an object in braces"
        return None, [Fault(message=message, origin=origin)]
    shape = shapes[name]
    given, faults = _read_fields(raw, shape, origin)
    if faults:
        return None, faults
    if "names" in given:
        # In a fixed order, each once, so that rows with the same names are equal.
        own = {given.get(name) for name in ("name", "full_name", "local_name")}
        given["names"] = tuple(sorted(set(given["names"]) - own))
    return shape.make(**given, origin=origin), []


def read_settings(raw: Any, origin: Origin) -> tuple[list[SettingRow], list[Fault]]:
    """Read the settings of a record, an object, or return all their faults."""
    if not isinstance(raw, dict):
        return [], [
            Fault(
                field="settings", message=f"it is {name_type(raw)}; write an object in braces", origin=origin
            )
        ]
    shape = Shape(
        dict,
        {
            "title": read_json_text,
            "about": read_json_text,
            "licence": read_json_text,
            "credit": read_json_text,
            "region_level": _at_least(1),
            "silent_months": _at_least(1),
            "labels": _labels,
        },
        frozenset(),
    )
    given, faults = _read_fields(raw, shape, origin)
    if faults:
        return [], faults
    labels = given.pop("labels", {})
    rows = [*given.items(), *((f"{LABEL}{word}", label) for word, label in labels.items())]
    return [SettingRow(name, str(value), origin) for name, value in rows], []


def _label(value: Any) -> str:
    text = read_json_text(value)
    if len(text) > LONGEST_LABEL:
        raise ValueError(f"it has {len(text)} characters; write at most {LONGEST_LABEL}")
    if "\n" in text or "\t" in text:
        raise ValueError("it has a line break or a tab; write it on one line")
    return text


def _labels(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(f"it is {name_type(value)}; write an object in braces")
    shape = Shape(dict, dict.fromkeys(LABELLED, _label), frozenset())
    return _read_inner(value, shape)


def read_kind(raw: Any, origin: Origin) -> tuple[str | None, list[Fault]]:
    """Read a kind, or return its fault."""
    try:
        return _new_id(raw), []
    except ValueError as error:
        return None, [Fault(message=str(error), origin=origin)]


def _read_inner(value: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """Read an object within a row, whose faults are one of the field that it is the value of."""
    given, faults = _read_fields(value, shape, NOWHERE)
    if faults:
        raise ValueError(shorten("; ".join(map(str, faults)), 1000))
    return given


def _read_fields(raw: Mapping[str, Any], shape: Shape, origin: Origin) -> tuple[dict[str, Any], list[Fault]]:
    given: dict[str, Any] = {}
    faults = explain_repeated(raw, origin)
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
            message = "it has more faults; fix these first"
            return given, [*faults, Fault(message=message, origin=origin)]
        faults.append(fault)
    if not shape.required <= raw.keys():
        faults += [
            Fault(field=name, is_missing=True, message="", origin=origin)
            for name in readers
            if name in shape.required and name not in raw
        ]
    return given, faults


def explain_repeated(raw: Any, origin: Origin) -> list[Fault]:
    """Return a fault for each repeated key of a JSON object, MOST_IN_ROW at most."""
    return [
        Fault(field=shorten(name, 100), message="it appears twice; keep one", origin=origin)
        for name in getattr(raw, "twice", ())[:MOST_IN_ROW]
    ]


def explain_format(value: Any) -> str:
    """Say that a file is in another format than the one that this program reads."""
    given = quote(value) if isinstance(value, str) else name_type(value)
    return f"this program reads {FILE_FORMAT} and {OLD_FILE_FORMAT}, not {given}"


def list_faulty_ids(name: str, raw: Any) -> set[str]:
    """Return the id of a faulty row of a list, if it has one that other rows can refer to."""
    id_ = raw.get("id") if isinstance(raw, dict) and name not in {"updates", "quotas"} else None
    return {id_} if isinstance(id_, str) and values.is_id(id_) else set()
