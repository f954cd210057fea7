"""The projects that filters of sites choose."""

import json

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.queries.reader import Reader


def choose_projects(reader: Reader, filters: Filters) -> str | None:
    """Choose projects by filters of sites, as a JSON list of ids; None where all are wanted."""
    if filters == NO_FILTERS:
        return None
    return json.dumps([row["id"] for row in reader.fetch("sites.choose_projects", filters)])
