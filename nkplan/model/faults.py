"""The faults of a file: of a million of them a person reads the first."""

from collections.abc import Iterable
from typing import NamedTuple

MOST_FAULTS = 1000
"""How many faults of one file are kept and listed; the others are only counted."""


class Origin(NamedTuple):
    """Where a row is in its file ("updates[3], line 120") and on which line; used in messages only.

    Rows from the command line have none. All origins are equal, so that rows with equal content are equal.
    """

    where: str = ""
    line: int = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Origin)

    def __ne__(self, other: object) -> bool:
        return not isinstance(other, Origin)

    def __hash__(self) -> int:
        return 0


NOWHERE = Origin()


class Fault(NamedTuple):
    """One thing wrong in a file; `origin` says where, and sorts faults in file order.

    `field` is the field of the row that it is about, empty if it is about the row as a whole. If
    `is_missing`, the field is missing, and the message, which may be empty, follows the words "is missing".
    """

    message: str
    field: str = ""
    is_missing: bool = False
    origin: Origin = NOWHERE

    def describe(self, field: str) -> str:
        """Say what is wrong, without saying where, under another name of the field."""
        if self.is_missing:
            return f"{field} is missing{self.message}"
        return f"{field}: {self.message}" if field else self.message

    def __str__(self) -> str:
        sentence = self.describe(self.field)
        return f"{self.origin.where}: {sentence}" if self.origin.where else sentence


class Faults:
    """The first faults of a file in file order, added in any order, and the number of all faults."""

    def __init__(self) -> None:
        self.number = 0
        self._kept: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        self.number += 1
        self._kept.append(fault)
        if len(self._kept) >= 2 * MOST_FAULTS:
            self._drop()

    def add_all(self, faults: Iterable[Fault], more: int = 0) -> None:
        """Add faults, and count `more` of them that are not listed."""
        for fault in faults:
            self.add(fault)
        self.number += more

    def list_first(self) -> tuple[Fault, ...]:
        """Return the first faults in file order."""
        self._drop()
        return tuple(self._kept)

    def count_rest(self) -> int:
        """Count the faults that are not among the first."""
        self._drop()
        return self.number - len(self._kept)

    def _drop(self) -> None:
        self._kept.sort(key=lambda fault: fault.origin.line)
        del self._kept[MOST_FAULTS:]
