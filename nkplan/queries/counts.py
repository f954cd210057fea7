"""The counts on record, the named sites beside them, and what was promised in a unit."""

import json

from nkplan.model.question import Question
from nkplan.queries.counted import count_named_sites, list_counts
from nkplan.queries.programmes import list_quotas
from nkplan.queries.projects import choose_projects
from nkplan.queries.reader import Reader
from nkplan.reports.counts import Counted


def fetch(reader: Reader, question: Question) -> Counted:
    """Return the counts, and the quotas in a unit."""
    projects = choose_projects(reader, question.filters)
    chosen = None if projects is None else frozenset(json.loads(projects))
    counts = list_counts(reader, projects)
    quotas = [
        one
        for one in list_quotas(reader)
        if one.quota.unit is not None and (chosen is None or one.quota.project in chosen)
    ]
    return Counted(counts, count_named_sites(reader, counts), quotas)
