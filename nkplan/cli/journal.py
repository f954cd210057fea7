"""What `nkplan log` and `nkplan list changes` share: which changes are meant."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from nkplan.cli.filters import split_values
from nkplan.errors import BadInput
from nkplan.text import fold, has_letter, quote


def read_authors(typed: Sequence[str] | None) -> list[str]:
    """Read parts of users' names. Raises BadInput."""
    return [_read_author(name) for one in typed or () for name in split_values("--author", one)]


def _read_author(text: str) -> str:
    if not has_letter(text) or not fold(text):
        raise BadInput(f"--author: {quote(text)} has no letter or digit to look for; write part of a name")
    return text


def find_beginning(day: date) -> str:
    """Return the instant at which a day began here, in UTC."""
    try:
        begun = datetime.combine(day, time()).astimezone(UTC)
    except (ValueError, OverflowError, OSError):  # The year 1, or a TZ with an offset that no clock can have.
        begun = datetime.combine(day, time(), UTC)
    return begun.strftime("%Y-%m-%dT%H:%M:%SZ")
