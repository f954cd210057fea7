"""Sites counted in groups of equal ones."""

import json
from collections import Counter
from collections.abc import Iterator

from nkplan.model.filters import NO_FILTERS
from nkplan.model.promise import Programme
from nkplan.model.question import Grouping, Question
from nkplan.model.state import Tally
from nkplan.queries.programmes import list_promised
from nkplan.queries.reader import Reader
from nkplan.rows.state import make_tally


def fetch(reader: Reader, question: Question) -> tuple[Iterator[Tally], list[Programme]]:
    """Return the sites, equal ones counted together, and what was promised."""
    return _tally_sites(reader, question), list_promised(reader, question.filters, question.day.year)


def _tally_sites(reader: Reader, question: Question) -> Iterator[Tally]:
    with_region = question.by is Grouping.REGION
    if question.filters == NO_FILTERS and not with_region:
        yield from _tally_all(reader)
        return
    rows = reader.fetch("questions.tally_sites", question.filters, with_region=int(with_region))
    rows.row_factory = None  # Plain tuples can be counted directly.
    for sort, number in Counter(rows).items():
        yield make_tally(sort, number)


def _tally_all(reader: Reader) -> Iterator[Tally]:
    """Count all sites by parent, so that each parent's programme and year are looked up only once."""
    owners = {parent: rest[:4] for parent, *rest in reader.fetch_tuples("sites.list_parents")}
    alone = [None] * 4
    rows = reader.fetch("questions.tally_sites_by_parent")
    rows.row_factory = None  # Plain tuples can be counted directly.
    numbers = Counter(rows)
    sorts = json.loads(f"[{','.join([sort for (sort,) in numbers])}]")
    for (kind, parent, year, *state), number in zip(sorts, numbers.values(), strict=True):
        programme, name, cohort, of_cohort = owners.get(parent, alone)
        yield make_tally((kind, programme, name, cohort, year or of_cohort, None, None, *state), number)
