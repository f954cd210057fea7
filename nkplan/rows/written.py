"""The fields of a row as a person writes them: `FIELD=VALUE` on a command line, `field: value` in a form."""

import json
import re
from collections.abc import Mapping
from typing import Any

from nkplan.model.batch import Figure
from nkplan.model.outline import tell_apart
from nkplan.model.settings import LABEL
from nkplan.rows.table import CLASSES, PAIRS
from nkplan.text import write_number

WrittenFields = list[tuple[str, str]]
"""The names of fields, each with its value; a field that holds a list comes once for each part of it."""

LISTED: Mapping[str, frozenset[str]] = {
    name: frozenset(
        {"names", "terms", "context", "figures", "tags", "identifiers", "organisations"}.intersection(
            class_._fields
        )
    )
    for name, class_ in CLASSES.items()
} | {"kinds": frozenset()}
"""The fields of each list's rows that hold a list themselves."""


def write_fields(name: str, row: Any) -> WrittenFields:
    """Write the fields of a row of a list that have a value; the settings are all rows of theirs."""
    if name == "kinds":
        return [("id", str(row))]
    if name == "settings":
        # In the order in which an export has them.
        first = [one for one in row if not one.id.startswith(LABEL)]
        labels = sorted((one for one in row if one.id.startswith(LABEL)), key=lambda one: str(one.id))
        return [(one.id, one.value) for one in (*first, *labels)]
    written = []
    # The id comes first, as in a file.
    for field in sorted(row._fields, key=lambda field: field != "id"):
        value = getattr(row, field)
        if field == "origin" or value in {None, "", ()}:
            continue
        parts = value if field in LISTED[name] else (value,)
        written += [(field, _write(field, part)) for part in parts]
    return written


def _write(field: str, value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return write_number(value)
        case Figure():
            return _write_figure(value)
        case (first, second):
            # The first part ends at a colon, which it may have itself.
            if ":" not in first and not first.startswith("{"):
                return f"{first}: {second}"
            return json.dumps(dict(zip(PAIRS[field], value, strict=True)), ensure_ascii=False)
    return str(value)


FIGURE = re.compile(
    r"(?P<item>[^:{][^:]*): *(?P<value>[0-9]+(?:\.[0-9]+)?) +"
    r"(?P<unit>\S.*?)(?: *\((?P<year>[12][0-9]{3})\))?",
    re.ASCII | re.DOTALL,
)
"""A figure as it is written if it has no more: `cost: 12.5 million USD (2017)`."""


def _write_figure(figure: Figure) -> str:
    """Write a figure as a sentence has it; one that has more, or would be read otherwise, as JSON."""
    year = "" if figure.year is None else f" ({figure.year})"
    plain = f"{figure.item}: {write_number(figure.value)} {figure.unit}{year}"
    found = FIGURE.fullmatch(plain)
    parts = {name: value for name, value in figure._asdict().items() if value is not None}
    if found is not None and {name: part for name, part in found.groupdict().items() if part} == {
        name: write_number(value) if name == "value" else str(value) for name, value in parts.items()
    }:
        return plain
    return json.dumps(parts, ensure_ascii=False)


def list_differences(name: str, before: Any, after: Any) -> list[tuple[str, str, str]]:
    """List the fields in which two rows of a list differ, with both values as they are written."""
    old, new = write_fields(name, before), write_fields(name, after)
    fields = dict.fromkeys(field for field, _ in (*old, *new))
    values = ((field, _join(old, field), _join(new, field)) for field in fields)
    return [
        (field, *tell_apart(one, other)) if field == "geometry" else (field, one, other)
        for field, one, other in values
        if one != other
    ]


def _join(written: WrittenFields, field: str) -> str:
    return "; ".join(value for name, value in written if name == field)
