"""The projects that match filters of sites."""

import json

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.queries.reader import Reader


def choose_projects(reader: Reader, filters: Filters) -> str | None:
    """Return the projects that match filters of sites, as a JSON list of ids; None stands for all."""
    if filters == NO_FILTERS:
        return None
    return json.dumps([row["id"] for row in reader.fetch("sites.choose_projects", filters)])
