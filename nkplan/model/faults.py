"""What is wrong with a file: of a million faults a person reads the first."""

from collections.abc import Iterable

from nkplan.model.batch import Fault

MOST_FAULTS = 1000
"""How many faults of one file are kept and told; of the rest the number is."""


class Faults:
    """The first faults of a file as it runs, found in any order, and the number of all."""

    def __init__(self) -> None:
        self.number = 0
        self._kept: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Take a fault in."""
        self.number += 1
        self._kept.append(fault)
        if len(self._kept) >= 2 * MOST_FAULTS:
            self._drop()

    def add_all(self, faults: Iterable[Fault], more: int = 0) -> None:
        """Take faults in, and so many `more` of which others have kept the first."""
        for fault in faults:
            self.add(fault)
        self.number += more

    def list_first(self) -> tuple[Fault, ...]:
        """Give the first faults as the file runs."""
        self._drop()
        return tuple(self._kept)

    def count_rest(self) -> int:
        """Count the faults that are not among the first."""
        self._drop()
        return self.number - len(self._kept)

    def _drop(self) -> None:
        self._kept.sort(key=lambda fault: fault.order)
        del self._kept[MOST_FAULTS:]
