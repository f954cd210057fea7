"""What `nkplan log` and `nkplan list changes` share: which changes are meant, and when they were made."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from nkplan.cli.filters import read_days, split_values
from nkplan.cli.session import read_today
from nkplan.errors import BadInput
from nkplan.text import fold, has_letter, quote


def read_authors(typed: Sequence[str] | None) -> list[str]:
    """Read parts of users' names. Raises BadInput."""
    return [_read_author(name) for one in typed or () for name in split_values("--author", one)]


def _read_author(text: str) -> str:
    if not has_letter(text) or not fold(text):
        raise BadInput(f"--author: {quote(text)} has no letter or digit to look for; write part of a name")
    return text


def read_instant(text: str | None) -> str | None:
    """Read the day since which changes are wanted, and return the instant at which it began here, in UTC."""
    if text is None:
        return None
    today = read_today()
    parsed = read_days("--since", text, today)
    if parsed.start > today:
        raise BadInput(f"--since: {parsed} has not begun yet (today is {today}); name an earlier day")
    try:
        begun = datetime.combine(parsed.start, time()).astimezone(UTC)
    except (ValueError, OverflowError, OSError):  # The year 1, or a TZ with an offset that no clock can have.
        begun = datetime.combine(parsed.start, time(), UTC)
    return begun.strftime("%Y-%m-%dT%H:%M:%SZ")


def tell_time(recorded: str) -> str:
    """Tell an instant by the clock here, to the minute."""
    try:
        instant = datetime.fromisoformat(recorded)
        return instant.astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return recorded
