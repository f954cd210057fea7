"""Rows whose fields a person writes: `FIELD=VALUE` on a command line, `field: value` in a form.

Each value is read as that of a file, by the same rule and with the same sentences; only numbers, figures,
pairs and dates are written as a person writes them. See rows/written.py for how they are written.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from nkplan.formats.fields import (
    MOST_IN_ROW,
    Shape,
    make_shapes,
    read_figure,
    read_kind,
    read_row,
    read_settings,
)
from nkplan.model.batch import Figure, SettingRow
from nkplan.model.faults import NOWHERE, Fault
from nkplan.model.settings import LABEL, Settings
from nkplan.model.vocabulary import (
    LABELLED,
    Bound,
    Confidence,
    Evidence,
    ProjectType,
    QuotaPeriod,
    Status,
)
from nkplan.rows.table import DATES, PAIRS
from nkplan.rows.written import FIGURE, LISTED, WrittenFields, write_fields
from nkplan.text import explain_unknown, quote


class FieldChange(NamedTuple):
    """What a user types of a field: `FIELD=VALUE`, or `FIELD+=VALUE`, `FIELD-=VALUE` for a part of a list."""

    field: str
    value: str
    sign: str = ""

    def write(self) -> str:
        """Return it as it is typed."""
        return f"{self.field}{self.sign}={self.value}"


def list_fields(name: str) -> list[str]:
    """List the fields that the rows of a list can have, in the order of the file format."""
    if name == "kinds":
        return ["id"]
    if name == "settings":
        return _SETTINGS
    return list(make_shapes(date.max)[name].fields)


_SETTINGS = [
    *(field for field in Settings._fields if field != "labels"),
    *(f"{LABEL}{word}" for word in LABELLED),
]


_WORDS: Mapping[str, Iterable[str]] = {
    "status": Status,
    "promised_status": [status for status in Status if status.event is not None],
    "evidence": Evidence,
    "confidence": Confidence,
    "bound": Bound,
    "type": ProjectType,
    "per": QuotaPeriod,
}


def list_words_of(field: str) -> list[str]:
    """List the words that a field can have, if it has a vocabulary."""
    return list(map(str, _WORDS.get(field, ())))


def change_fields(
    name: str, written: WrittenFields, changes: Iterable[FieldChange]
) -> tuple[WrittenFields, list[Fault]]:
    """Apply what a user types to the written fields of a row, or return what is wrong with it."""
    faults: list[Fault] = []
    fields = list_fields(name)
    listed = LISTED[name]
    values: dict[str, list[str]] = {}
    for field, value in written:
        values.setdefault(field, []).append(value)
    replaced: set[str] = set()
    for field, value, sign in changes:
        parts = values.setdefault(field, [])
        if field not in fields:
            faults.append(Fault(explain_unknown("field", field, fields)))
        elif sign and field not in listed:
            faults.append(Fault(f"it holds no list; write {field}=VALUE", field))
        elif sign == "+":
            parts.append(value)
        elif sign == "-" and value in parts:
            parts.remove(value)
        elif sign == "-":
            there = f"it has {', '.join(map(quote, parts))}" if parts else "it is empty"
            faults.append(Fault(f"it does not have {quote(value)}; {there}", field))
        elif field in replaced:
            parts.append(value)
        else:
            replaced.add(field)
            values[field] = [value]
    return [(field, value) for field in fields for value in values.get(field, ())], faults


ReadDate = Callable[[str, str], str]
"""What returns the stored form of the date of a field as a person types it. Raises ValueError."""


def _take_stored(_field: str, text: str) -> str:
    return text


def read_fields(
    name: str, written: WrittenFields, latest: date, before: Any = None, read_date: ReadDate = _take_stored
) -> tuple[Any, list[Fault]]:
    """Read the written fields of a row of a list, or return all their faults, each with its field.

    An empty value leaves its field out. What is written as the row `before` has it is not read again: it may
    be older than a rule. `latest` is the last day on which something can have happened. The settings are all
    rows of theirs. `read_date` reads a date as a person types it, by default as a file has it.
    """
    written = [(field, value) for field, value in written if value.strip()]
    if name == "settings":
        return _read_settings(written, before or ())
    if name == "kinds":
        return read_kind(written[0][1] if written else "", NOWHERE)
    shape = make_shapes(latest)[name]
    there = _group(write_fields(name, before)) if before is not None else {}
    raw: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    faults: list[Fault] = []
    for field, parts in _group(written).items():
        if parts == there.get(field):
            kept[field] = getattr(before, field)
        elif field in shape.fields and len(parts) > 1 and field not in LISTED[name]:
            faults.append(Fault("it appears twice; keep one", field))
        else:
            try:
                is_date = field in DATES.get(name, ())
                read = [read_date(field, part) if is_date else _read_json(field, part) for part in parts]
            except ValueError as error:
                faults.append(Fault(str(error), field))
            else:
                raw[field] = read if field in LISTED[name] else read[0]
    given, more = _read_given(raw, name, shape, kept)
    # A field that has a value which cannot be read is not missing.
    wrong = {fault.field for fault in faults}
    faults = [*faults, *(fault for fault in more if fault.field not in wrong)][:MOST_IN_ROW]
    return (None, faults) if faults else (given, [])


def _group(written: WrittenFields) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for field, value in written:
        grouped.setdefault(field, []).append(value)
    return grouped


def _read_given(
    raw: Mapping[str, Any], name: str, shape: Shape, kept: Mapping[str, Any]
) -> tuple[Any, list[Fault]]:
    """Read a row as that of a file; the fields that are `kept` have their values already."""

    def keep(field: str) -> Callable[[Any], Any]:
        return lambda _: kept[field]

    readers = {field: keep(field) if field in kept else read for field, read in shape.fields.items()}
    whole = Shape(shape.make, readers, shape.required)
    return read_row({**dict.fromkeys(kept), **raw}, name, {name: whole}, NOWHERE)


_WHOLE = {"population", "population_year", "year", "quantity", "first_year", "last_year"}
_NUMBERS = {"latitude", "longitude", "percent", "count", "of"}


def _read_json(field: str, written: str) -> Any:
    """Return the value that a file would have, of a field that is written by a person. Raises ValueError."""
    text = written.strip()
    if field in _WHOLE:
        if not re.fullmatch(r"[+-]?[0-9]{1,300}", text):
            raise ValueError(f"{quote(text)} is not a whole number; write one, as in 2024")
        return int(text)
    if field in _NUMBERS:
        return _read_number(text.removesuffix("%") if field == "percent" else text)
    if field == "beside":
        if text.casefold() not in {"yes", "true"}:
            raise ValueError(f"{quote(text)} is not possible; write yes, or leave it empty")
        return True
    if field == "figures":
        return _read_figure(text)
    if field in PAIRS:
        return _read_pair(field, text)
    return written


def _read_number(text: str) -> float:
    if not re.fullmatch(r"[+-]?[0-9]{1,300}(\.[0-9]{1,300})?(e[+-]?[0-9]{1,3})?", text, re.IGNORECASE):
        raise ValueError(f"{quote(text)} is not a number; write one, as in 12.5")
    return float(text)


def read_written_figure(text: str) -> Figure:
    """Read a figure as it is written: `cost: 12 million USD (2017)`. Raises ValueError."""
    return read_figure(_read_figure(text))


def _read_figure(text: str) -> Any:
    if text.startswith("{"):
        return _read_object(text)
    if (found := FIGURE.fullmatch(text)) is None:
        raise ValueError(
            f'{quote(text)} is not a figure; write item, number and unit, as in "cost: 12 million USD (2017)"'
        )
    figure: dict[str, Any] = {**found.groupdict(), "value": float(found["value"])}
    if figure.pop("year"):
        figure["year"] = int(found["year"])
    return figure


def _read_pair(field: str, text: str) -> Any:
    if text.startswith("{"):
        return _read_object(text)
    first, colon, second = text.partition(":")
    names = PAIRS[field]
    if not (first.strip() and colon and second.strip()):
        raise ValueError(f"{quote(text)} lacks a part; write {names[0]}, a colon and {names[1]}")
    return {names[0]: first.strip(), names[1]: second.strip()}


def _read_object(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError(f"{quote(text)} is not JSON; correct it, or write it without braces") from None


def _read_settings(
    written: WrittenFields, before: Iterable[SettingRow]
) -> tuple[tuple[SettingRow, ...] | None, list[Fault]]:
    """Read the settings one by one, so that each fault is of its own field."""
    rows: list[SettingRow] = []
    faults: list[Fault] = []
    there = {row.id: row for row in before}
    for field, parts in _group(written).items():
        if len(parts) > 1:
            faults.append(Fault("it appears twice; keep one", field))
        elif field in there and parts == [there[field].value]:
            rows.append(there[field])
        elif field not in _SETTINGS:
            faults.append(Fault(explain_unknown("field", field, _SETTINGS)))
        else:
            read, more = _read_setting(field, parts[0])
            rows += read
            faults += [fault._replace(field=field) for fault in more]
    return (None, faults) if faults else (tuple(rows), [])


def _read_setting(field: str, written: str) -> tuple[list[SettingRow], list[Fault]]:
    if field.startswith(LABEL):
        word = field.removeprefix(LABEL)
        rows, faults = read_settings({"labels": {word: written}}, NOWHERE)
        # The fault is of the object with all labels, and says which.
        return rows, [one._replace(message=one.message.removeprefix(f"{word}: ")) for one in faults]
    value: Any = written
    if field in {"region_level", "silent_months"}:
        if not re.fullmatch(r"[+-]?[0-9]{1,300}", written.strip()):
            return [], [Fault(f"{quote(written)} is not a whole number; write one, as in 2")]
        value = int(written)
    return read_settings({field: value}, NOWHERE)
