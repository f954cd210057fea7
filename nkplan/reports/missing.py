"""What was promised and is not there: numbers without a name, sites not started, sites not opened."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from nkplan.layout.grid import Column, Value, make_grid
from nkplan.layout.report import Report
from nkplan.model.promise import Programme
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.reports.progress import promise_by_year
from nkplan.reports.sites import name_values, pick_columns

NamedCounts = Mapping[tuple[str | None, str, int | None], int]
"""How many sites are named, by programme, kind and year."""


class Lack(StrEnum):
    """What is missing, the most first."""

    NOT_NAMED = "not named"
    NOT_STARTED = "not started"
    NOT_OPENED = "not opened"


class Missing(NamedTuple):
    """A number of a kind that no site is named for, or a site; `number` is how many it stands for."""

    programme: str | None
    kind: str
    year: int | None
    lack: Lack
    number: int
    site: Site | None = None


def find_missing(
    programmes: Sequence[Programme], named: NamedCounts, unopened: Iterable[Site]
) -> Iterator[Missing]:
    """Go through what is missing, programme by programme, each by year.

    `unopened` are the sites that have not opened.
    """
    rows = [*_find_unnamed(programmes, named), *map(_judge, unopened)]
    yield from sorted(
        rows,
        key=lambda row: (
            row.programme is None,
            row.programme or "",
            row.year is None,
            row.year or 0,
            list(Lack).index(row.lack),
            row.kind,
            row.site.id if row.site else "",
        ),
    )


def _find_unnamed(programmes: Sequence[Programme], named: NamedCounts) -> Iterator[Missing]:
    for programme in programmes:
        for (kind, year), number in promise_by_year(programme).items():
            if (short := number - named.get((programme.id, kind, year), 0)) > 0:
                yield Missing(programme.id, kind, year, Lack.NOT_NAMED, short)


def _judge(site: Site) -> Missing:
    lack = Lack.NOT_OPENED if site.state.started else Lack.NOT_STARTED
    return Missing(site.programme, site.kind, site.year, lack, 1, site)


_OF_WHAT = (
    Column("programme", "Programme", min_width=10),
    Column("year", "Year", is_number=True, drop=11),
    Column("missing", "Missing"),
)
_COLUMNS = (
    *_OF_WHAT,
    Column("number", "Number", is_number=True),
    *pick_columns("id", "name", "kind", "place_name", "status", "promised", "last_evidence"),
)
_SCREEN = (*_OF_WHAT, *pick_columns("id", "status", "promised", "last_evidence"))


def make_report(facts: tuple[Sequence[Programme], NamedCounts, Iterable[Site]], _: Question) -> Report:
    """List what is not named, not started or not opened, programme by programme and year by year."""
    counts: Counter[Lack] = Counter()
    rows: list[dict[str, Value]] = []
    for one in find_missing(*facts):
        counts[one.lack] += one.number
        values: dict[str, Value] = name_values(one.site) if one.site else {"id": None, "kind": one.kind}
        values |= {"programme": one.programme, "year": one.year, "missing": one.lack, "number": one.number}
        rows.append(values)
    note = ", ".join(f"{counts[lack]} {lack}" for lack in Lack)
    promised = Counter((row["programme"], row["year"]) for row in rows if row["id"] is None)
    screen = []
    for row in rows:
        told = str(row["missing"])
        if row["id"] is None:
            # Where several kinds were promised for a year, the number alone does not say of what.
            told = f"{row['number']} {told}"
            if promised[row["programme"], row["year"]] > 1:
                told += f" ({row['kind']})"
        screen.append(row | {"missing": told})
    return Report("Missing", make_grid(_COLUMNS, rows), make_grid(_SCREEN, screen), (note,))
