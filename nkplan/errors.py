"""One class for each kind of user error, with its exit code.

A message is one sentence: what is wrong, where, and what to do next.
"""

from typing import TYPE_CHECKING

DO_NOT_REPEAT = "do not repeat the command"
"""The advice after a write whose result could not be told."""

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nkplan.model.faults import Fault


class NkplanError(Exception):
    """A mistake or condition that the user can act on.

    `problem` says what is wrong and where, `advice` what to do next. If they are given separately, a caller
    that knows more can replace the advice.
    """

    exit_code = 2

    def __init__(self, problem: str, advice: str = "") -> None:
        super().__init__(f"{problem}; {advice}" if advice else problem)
        self.problem = problem
        self.advice = advice


class BadInput(NkplanError):
    """An argument or option that cannot be accepted."""


class UnknownTopic(BadInput):
    """The manual has no such topic; `topics` lists those it has, a line each."""

    def __init__(self, problem: str, advice: str, topics: "Sequence[str]") -> None:
        super().__init__(problem, advice)
        self.topics = topics


class BadFile(NkplanError):
    """A file to load that has faults; of very many, `faults` has the first and `more` counts the rest."""

    def __init__(self, message: str, faults: "tuple[Fault, ...]", more: int = 0) -> None:
        super().__init__(message)
        self.faults = faults
        self.more = more


class InTheWay(BadInput):
    """Something cannot be undone or redone because of other rows; `rows` lists these."""

    def __init__(self, message: str, rows: tuple[str, ...]) -> None:
        super().__init__(message)
        self.rows = rows


class TooMany(BadInput):
    """So many rows are undone only if that is confirmed; `targets` name what would be undone."""

    def __init__(self, message: str, targets: tuple[str, ...]) -> None:
        super().__init__(message, "if that is meant, write --yes")
        self.targets = targets


class NotFound(NkplanError):
    """There is nothing with this id."""

    exit_code = 3


class NothingThen(NotFound):
    """Nothing is on record of a day, month or year."""


class Ambiguous(NkplanError):
    """Several ids contain this part; `candidates` lists them."""

    exit_code = 3

    def __init__(self, message: str, candidates: tuple[str, ...]) -> None:
        super().__init__(message)
        self.candidates = candidates


class Unusable(NkplanError):
    """The database or an output file is locked or cannot be read or written."""

    exit_code = 4


class CommittedAnyway(Unusable):
    """What was to be written was written, but the user interrupted that, or the disk failed after it."""


class Damaged(Unusable):
    """The database file is damaged."""


class ForeignDatabase(NkplanError):
    """The database belongs to another program or a newer nkplan."""

    exit_code = 5
