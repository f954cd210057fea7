"""JSON that a person can read and that cannot control a terminal."""

import json
from typing import Literal

from nkplan.text import escape_unsafe

# One for each layout is kept: `json.dumps` would make one for every value.
_ENCODERS = {indent: json.JSONEncoder(ensure_ascii=False, indent=indent) for indent in (None, 2)}


def dump(value: object, indent: Literal[2] | None = None) -> str:
    """Return a value as JSON with letters of every script; only what could control a terminal is escaped.

    JSON itself does not escape DEL, C1 controls or bidirectional overrides. Parsing it gives the same value.
    """
    return escape_unsafe(_ENCODERS[indent].encode(value))
