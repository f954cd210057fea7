"""When sites opened, programme by programme."""

from collections import defaultdict
from datetime import date

from nkplan.queries.reader import Reader
from nkplan.queries.sites import NO_FILTERS, Filters
from nkplan.report.pace import Opening


def list_openings(reader: Reader, filters: Filters = NO_FILTERS) -> dict[str, list[Opening]]:
    """List on which days how many sites of each programme opened."""
    openings: defaultdict[str, list[Opening]] = defaultdict(list)
    for row in reader.fetch("openings", **filters._asdict()):
        day = date.fromisoformat(row["day"])
        openings[row["programme"]].append(Opening(day, row["number"], row["verified"]))
    return openings
