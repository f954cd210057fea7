"""One class a kind of user error, each with its exit code.

A message is one sentence: what is wrong, where, and what to do next.
"""


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


class BadFile(NkplanError):
    """A file to load with faults in it; `faults` holds a line for each, with its place in the file.

    Of very many it holds the first, and last how many more there are.
    """

    def __init__(self, message: str, faults: tuple[str, ...]) -> None:
        super().__init__(message)
        self.faults = faults


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
