"""JSON that a person can read and that cannot control a terminal."""

import json

from nkplan.text import escape_unsafe


def dump(value: object, indent: int | None = None) -> str:
    """Return a value as JSON with letters of every script; only what could control a terminal is escaped.

    JSON itself does not escape DEL, C1 controls or bidirectional overrides. Parsing it gives the same value.
    """
    return escape_unsafe(json.dumps(value, ensure_ascii=False, indent=indent))
