"""The views of `nkplan report`.

A view is a module of its name in queries/, whose `fetch` reads the facts of a question, and a module of the
same name here, whose `make_report` lays out the answer from them.
"""

from typing import NamedTuple


class View(NamedTuple):
    """A view: the question it answers, what follows "there is" if the answer is empty, and its option.

    In an empty answer `{since}` stands for the first day of the changes.
    """

    question: str
    empty_answer: str
    option: str | None = None


VIEWS = {
    "progress": View(
        "how much of what was promised is claimed or verified complete",
        "no site or programme",
        "by",
    ),
    "promises": View(
        "what was announced, by whom and when, and what became of it", "nothing announced", "on"
    ),
    "pace": View(
        "openings per year against the promise, and when it would finish",
        "no programme with a promised number (a promise has no region, place or status)",
    ),
    "missing": View("what was promised and is not named, not started or not opened", "nothing missing"),
    "overdue": View("what is past its promised date", "nothing overdue"),
    "silent": View("what has had no news for months", "nothing silent", "months"),
    "unverified": View("what is claimed and not verified", "nothing claimed further than verified"),
    "counts": View("what sources counted, beside the sites that are named", "no count"),
    "conflicts": View("where claims contradict each other", "no contradiction"),
    "slips": View(
        "how often a date was moved, and how late it was kept",
        "no promised date that was moved, missed or met",
    ),
    "durations": View("how long from the start of work to the opening", "nothing known to have opened"),
    "use": View("what has opened: in use, opened only, idle", "nothing known to have opened"),
    "changes": View(
        "what changed since a day, as far as known", "nothing that changed since {since}", "since"
    ),
    "coverage": View("which regions and places have sites", "no region"),
    "next": View("what to look at first, and why", "nothing worth a look"),
}
"""The views by name, in the order of an analyst's work."""
