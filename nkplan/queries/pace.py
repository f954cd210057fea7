"""When sites opened, programme by programme."""

from collections import defaultdict
from datetime import date

from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.queries.reader import Reader
from nkplan.queries.sites import OPENED
from nkplan.reports.pace import Opening


def list_openings(reader: Reader, filters: Filters = NO_FILTERS) -> dict[tuple[str, str], list[Opening]]:
    """List on which days how many sites of each programme and kind opened."""
    openings: defaultdict[tuple[str, str], list[Opening]] = defaultdict(list)
    for row in reader.fetch("openings", filters, opened=OPENED):
        day = date.fromisoformat(row["day"])
        openings[row["programme"], row["kind"]].append(Opening(day, row["number"], row["verified"]))
    return openings
