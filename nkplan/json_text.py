"""A value as JSON that a person can read and no terminal obeys."""

import json

from nkplan.text import escape_unsafe


def dump(value: object, indent: int | None = None) -> str:
    """Write a value as JSON in letters of every script; only what could steer a terminal is escaped.

    JSON itself escapes no DEL, no C1 controls and no bidirectional overrides. What is read back is the value.
    """
    return escape_unsafe(json.dumps(value, ensure_ascii=False, indent=indent))
