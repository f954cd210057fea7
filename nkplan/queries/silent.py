"""The sites that may have been silent for a number of months."""

from collections.abc import Iterator

from nkplan.dates import subtract_months
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.queries.reader import Reader
from nkplan.queries.sites import Only, list_sites


def fetch(reader: Reader, question: Question) -> Iterator[Site]:
    """Iterate over the sites, by id."""
    return list_sites(reader, question.filters, Only.SILENT, subtract_months(question.day, question.months))
