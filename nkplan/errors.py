"""One class a kind of user error, each with its exit code.

A message is one sentence: what is wrong, where, and what to do next.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nkplan.model.faults import Fault


class NkplanError(Exception):
    """A mistake or condition that the person at the keyboard can act on.

    `problem` says what is wrong and where, `advice` what to do next; where these are made apart, somebody who
    knows more can give another advice.
    """

    exit_code = 2

    def __init__(self, problem: str, advice: str = "") -> None:
        super().__init__(f"{problem}; {advice}" if advice else problem)
        self.problem = problem
        self.advice = advice


class BadInput(NkplanError):
    """An argument or option that can not be accepted."""


class UnknownTopic(BadInput):
    """The manual has no such topic; `topics` lists those it has, a line each."""

    def __init__(self, problem: str, advice: str, topics: "Sequence[str]") -> None:
        super().__init__(problem, advice)
        self.topics = topics


class BadFile(NkplanError):
    """A file to load with faults in it; of very many `faults` holds the first, and `more` counts the rest."""

    def __init__(self, message: str, faults: "tuple[Fault, ...]", more: int = 0) -> None:
        super().__init__(message)
        self.faults = faults
        self.more = more


class NotFound(NkplanError):
    """Nothing has this id."""

    exit_code = 3


class Ambiguous(NkplanError):
    """Several things have an id with this part in it; `candidates` lists them."""

    exit_code = 3

    def __init__(self, message: str, candidates: tuple[str, ...]) -> None:
        super().__init__(message)
        self.candidates = candidates


class Unusable(NkplanError):
    """The database or an output file is locked, unreadable or can not be written."""

    exit_code = 4


class Damaged(Unusable):
    """The file of the database is damaged."""


class NotOurs(NkplanError):
    """The database belongs to another program, or to a newer nkplan."""

    exit_code = 5
