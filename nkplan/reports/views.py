"""The views of `nkplan report`.

A view is a module of its name in queries/, whose `fetch` reads the facts of a question, and a module of that
name here, whose `make_report` makes of them the answer, laid out.
"""

from typing import NamedTuple


class View(NamedTuple):
    """A view: the question that it answers, what nothing is where its answer is empty, and its own option."""

    question: str
    sought: str
    option: str | None = None


VIEWS = {
    "progress": View(
        "how much of the promised is claimed done, and how much verified", "there to count", "by"
    ),
    "pace": View(
        "openings a year against the promise, and when all would be done",
        "a programme with a number promised (none is for a province, a place or a status)",
    ),
    "missing": View("what was promised and is not named, not started or not opened", "missing"),
    "overdue": View("what is past its promised date", "overdue"),
    "silent": View("what has had no dated evidence for months", "silent", "months"),
    "unverified": View("what is claimed and not verified", "claimed further than it is verified"),
    "conflicts": View("where claims contradict each other", "contradicted"),
    "slips": View(
        "how often a date was moved, and how late it came",
        "promised for a date that was moved, missed or met",
    ),
    "durations": View("how long from groundbreaking to opening", "opened"),
    "use": View("what has opened: in use, opened only, idle", "opened"),
    "changes": View("what came to be known since a day", "known since then", "since"),
    "coverage": View("which provinces and counties have been reached", "a province"),
    "next": View("what to look at first, and why", "in need of a look"),
}
"""The views by name, in the order of an analyst's work."""
