"""How many sites are named."""

from collections import Counter

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.question import Question
from nkplan.queries.programmes import list_cancelled, list_promised
from nkplan.queries.reader import Reader
from nkplan.queries.sites import Only, list_sites
from nkplan.reports.missing import Facts, NamedCounts


def fetch(reader: Reader, question: Question) -> Facts:
    """Return what was promised, how many sites are named, which have not opened, and what is cancelled."""
    filters = question.filters
    unopened = list_sites(reader, filters, Only.UNOPENED, question.day)
    programmes = list_promised(reader, filters, question.day.year)
    named = count_named(reader, filters)
    return Facts(programmes, named, unopened, list_cancelled(reader))


def count_named(reader: Reader, filters: Filters = NO_FILTERS) -> NamedCounts:
    """Count the sites that match the filters, by programme, kind and year."""
    rows = reader.fetch("questions.count_named_sites", filters)
    return Counter({(row["programme"], row["kind"], row["year"]): row["number"] for row in rows})
