"""How many sites are named."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.question import Question
from nkplan.queries.programmes import list_cancelled, list_promised
from nkplan.queries.reader import Reader
from nkplan.queries.sites import Only, list_sites
from nkplan.reports.missing import Facts, NamedCounts
from nkplan.rows.state import Row


def fetch(reader: Reader, question: Question) -> Facts:
    """Return what was promised, how many sites are named, which have not opened, and what is cancelled."""
    filters = question.filters
    unopened = list_sites(reader, filters, Only.UNOPENED, question.day)
    # A number in all covers years that are not asked for, and what these have is not left for others.
    of_all_years = filters._replace(years=None)
    programmes = list_promised(reader, of_all_years, question.day.year)
    rows = list(reader.fetch("questions.count_named_sites", of_all_years))
    cohorts: defaultdict[tuple[str, str], dict[int | None, int]] = defaultdict(dict)
    for row in rows:
        if row["cohort"] is not None:
            cohorts[row["cohort"], row["kind"]][row["year"]] = row["number"]
    years = None if filters.years is None else frozenset(year or None for year in filters.years)
    return Facts(programmes, _add_up(rows), unopened, list_cancelled(reader), cohorts, years)


def count_named(reader: Reader, filters: Filters = NO_FILTERS) -> NamedCounts:
    """Count the sites that match the filters, by programme, kind and year."""
    return _add_up(reader.fetch("questions.count_named_sites", filters))


def _add_up(rows: Iterable[Row]) -> NamedCounts:
    named: Counter[tuple[str | None, str, int | None]] = Counter()
    for row in rows:
        named[row["programme"], row["kind"], row["year"]] += row["number"]
    return named
