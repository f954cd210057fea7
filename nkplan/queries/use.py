"""The sites that have opened."""

from collections.abc import Iterator

from nkplan.model.question import Question
from nkplan.model.state import OpenedSite
from nkplan.queries.reader import Reader
from nkplan.queries.statuses import OPENED


def fetch(reader: Reader, question: Question) -> Iterator[OpenedSite]:
    """Go through the sites that are open: idle ones, those opened only, those in use."""
    yield from map(OpenedSite._make, reader.fetch("sites.list_opened_sites", question.filters, opened=OPENED))
