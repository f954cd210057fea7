"""How many sites are named."""

from collections import Counter
from collections.abc import Iterator

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.promise import Programme
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.queries.programmes import list_promised
from nkplan.queries.reader import Reader
from nkplan.queries.sites import Only, list_sites
from nkplan.reports.missing import NamedCounts


def fetch(reader: Reader, question: Question) -> tuple[list[Programme], NamedCounts, Iterator[Site]]:
    """Return what was promised, how many sites are named, and the sites that have not opened."""
    filters = question.filters
    unopened = list_sites(reader, filters, Only.UNOPENED, question.day)
    return list_promised(reader, filters, question.day.year), count_named(reader, filters), unopened


def count_named(reader: Reader, filters: Filters = NO_FILTERS) -> NamedCounts:
    """Count the sites that match the filters, by programme, kind and year."""
    rows = reader.fetch("questions.count_named_sites", filters)
    return Counter({(row["programme"], row["kind"], row["year"]): row["number"] for row in rows})
