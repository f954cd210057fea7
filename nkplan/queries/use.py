"""The sites that have opened."""

from collections.abc import Iterator

from nkplan.model.question import Question
from nkplan.model.state import OpenedSite
from nkplan.queries.reader import Reader
from nkplan.queries.statuses import OPENED


def fetch(reader: Reader, question: Question) -> Iterator[OpenedSite]:
    """Iterate over the sites that are open: first idle, then completed, then in use."""
    yield from map(OpenedSite._make, reader.fetch("sites.list_opened_sites", question.filters, opened=OPENED))
