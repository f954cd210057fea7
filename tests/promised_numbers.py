"""The numbers that a programme promises, by kind and year."""

from nkplan.model.promise import Programme
from nkplan.reports.promised import spread


def promise_by_year(programme: Programme) -> dict[tuple[str, int | None], int]:
    """Return the number promised for each kind and year; without a year for waves and the other years."""
    promised: dict[tuple[str, int | None], int] = {}
    for one in spread(programme).numbers:
        key = (one.kind, one.year)
        promised[key] = promised.get(key, 0) + one.quantity
    return promised
