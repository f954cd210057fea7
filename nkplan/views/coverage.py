"""Which provinces and counties have been reached."""

from collections.abc import Sequence

from nkplan.report.coverage import Coverage
from nkplan.views.grid import Column, Grid, Value
from nkplan.views.report import Report

_NAME = Column("name", "Province")
_COUNTS = (
    Column("places", "Places", is_number=True),
    Column("named", "Named in", is_number=True),
    Column("started", "Started in", is_number=True),
    Column("opened", "Opened in", is_number=True),
    Column("sites", "Sites", is_number=True),
)
_COLUMNS = (
    Column("province", "Province ID"),
    _NAME,
    *_COUNTS,
    Column("people", "People", is_number=True),
    Column("people_reached", "People reached", is_number=True),
    Column("filter", "Filter"),
)
_SCREEN = (_NAME, *_COUNTS, Column("reached", "% of people", is_number=True))


def make_report(coverage: Sequence[Coverage]) -> Report:
    """Count the places of each province with a site that is named, started or opened."""
    total = _sum_up(coverage)
    rows = tuple((*one, f"--province {one.province}") for one in coverage)
    grid = Grid(_COLUMNS, rows, (None, *total[1:], None))
    screen = Grid(_SCREEN, tuple(map(_show, coverage)), _show(total))
    provinces = sum(one.sites > 0 for one in coverage)
    notes = (
        f"{provinces} of {len(coverage)} provinces have a site",
        "places: those directly in the province; % of people: by who lives where one has opened, where known",
    )
    return Report("Coverage", grid, screen, notes)


def _sum_up(coverage: Sequence[Coverage]) -> Coverage:
    people = [one.people for one in coverage if one.people is not None]
    reached = [one.people_reached for one in coverage if one.people_reached is not None]
    return Coverage(
        province="",
        name="Total",
        places=sum(one.places for one in coverage),
        named=sum(one.named for one in coverage),
        started=sum(one.started for one in coverage),
        opened=sum(one.opened for one in coverage),
        sites=sum(one.sites for one in coverage),
        people=sum(people) if len(people) == len(coverage) else None,
        people_reached=sum(reached) if len(reached) == len(coverage) else None,
    )


def _show(one: Coverage) -> tuple[Value, ...]:
    share = None
    if one.people and one.people_reached is not None:
        share = round(100 * one.people_reached / one.people)
    return (one.name, one.places, one.named, one.started, one.opened, one.sites, share)
