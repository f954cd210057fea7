"""The views of `nkplan chart`.

A view is a module of its name in queries/charts/, whose `fetch` reads the facts of a question, and a module
of the same name here, whose `make_chart` makes a chart of them.
"""

from typing import NamedTuple


class View(NamedTuple):
    """A view: what it shows, and what follows "there is" if there is nothing to draw."""

    shows: str
    empty_answer: str


CHARTS = {
    "progress": View(
        "how many were promised, started, claimed and verified complete over time",
        "no site and no number promised",
    ),
    "sites": View("how far each site had come over time, and the dates it was promised for", "no site"),
    "evidence": View("how many updates there are of each class of evidence over time", "no update"),
}
"""The views by name."""
