"""Facts about statuses, as queries take them: JSON lists of the words."""

from collections.abc import Iterable

from nkplan.model.vocabulary import Status


def _list(statuses: Iterable[Status]) -> str:
    # No word needs escaping, and importing json would add a fiftieth to the start-up time.
    return '["' + '", "'.join(statuses) + '"]'


OPENED = _list(
    sorted((one for one in Status if one.is_complete), key=lambda status: (status.reach, -status.rank))
)
"""The statuses of what has opened: closed and idle first, then completed, then in use."""

HALTED = _list(status for status in Status if status.is_halted)
