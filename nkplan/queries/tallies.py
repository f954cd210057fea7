"""Sites counted by the database, for reports that tell numbers."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from nkplan.model.state import Tally
from nkplan.queries.reader import Reader
from nkplan.queries.sites import NO_FILTERS, Filters
from nkplan.report.coverage import Area, SiteCount
from nkplan.report.durations import Span
from nkplan.report.pace import Opening
from nkplan.rows.state import read_tally


def tally_sites(reader: Reader, filters: Filters = NO_FILTERS) -> Iterator[Tally]:
    """Count the sites that pass the filters, sort by sort."""
    yield from map(read_tally, reader.fetch("tally_sites", **filters._asdict()))


def list_openings(reader: Reader, filters: Filters = NO_FILTERS) -> dict[tuple[str, str], list[Opening]]:
    """List on which days how many sites of each programme and kind opened."""
    openings: defaultdict[tuple[str, str], list[Opening]] = defaultdict(list)
    for row in reader.fetch("openings", **filters._asdict()):
        day = date.fromisoformat(row["day"])
        openings[row["programme"], row["kind"]].append(Opening(day, row["number"], row["verified"]))
    return openings


def list_spans(reader: Reader, filters: Filters = NO_FILTERS) -> Iterator[Span]:
    """Go through when sites broke ground and opened, those alike together."""
    for row in reader.fetch("spans", **filters._asdict()):
        broken = row["groundbroken_day"]
        yield Span(
            kind=row["kind"],
            year=row["year"],
            opened=row["opened"],
            opened_day=date.fromisoformat(row["opened_day"]),
            groundbroken=row["groundbroken"],
            groundbroken_day=None if broken is None else date.fromisoformat(broken),
            number=row["number"],
        )


def list_areas(reader: Reader) -> Iterator[Area]:
    """Go through every place that stands."""
    for row in reader.fetch("places"):
        yield Area(row["id"], row["name"], row["type"], row["parent"], row["province"], row["population"])


def count_by_place(reader: Reader, filters: Filters = NO_FILTERS) -> dict[str, SiteCount]:
    """Count the sites in each place."""
    return {
        row["place"]: SiteCount(row["named"], row["started"], row["opened"])
        for row in reader.fetch("tally_places", **filters._asdict())
    }
