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
    owners = {row["id"]: row for row in reader.fetch("questions.list_parents")}
    rows = reader.fetch("questions.tally_sites_by_parent")
    rows.row_factory = None  # Plain tuples can be counted directly.
    for (sort,), number in Counter(rows).items():
        kind, parent, year, *state = json.loads(sort)
        owner = owners.get(parent)
        programme, name, cohort, of_cohort = (None,) * 4 if owner is None else tuple(owner)[1:]
        yield make_tally((kind, programme, name, cohort, year or of_cohort, None, None, *state), number)
