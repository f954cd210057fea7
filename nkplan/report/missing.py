"""What was promised and is not there: numbers without a name, sites not started, sites not opened."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from nkplan.model.promise import Programme
from nkplan.model.state import Site
from nkplan.report.progress import promise_by_year


class Lack(StrEnum):
    """What is missing, the most first."""

    NOT_NAMED = "not named"
    NOT_STARTED = "not started"
    NOT_OPENED = "not opened"


class Missing(NamedTuple):
    """A number that no site is named for, or a site; `number` is how many it stands for."""

    programme: str | None
    programme_name: str | None
    year: int | None
    lack: Lack
    number: int
    site: Site | None = None


def find_missing(
    programmes: Sequence[Programme], named: Counter[tuple[str | None, int | None]], unopened: Iterable[Site]
) -> Iterator[Missing]:
    """Go through what is missing, programme by programme, each by year.

    `named` counts the sites of each programme and year, `unopened` are those that have not opened.
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
            row.site.id if row.site else "",
        ),
    )


def _find_unnamed(
    programmes: Sequence[Programme], named: Counter[tuple[str | None, int | None]]
) -> Iterator[Missing]:
    for programme in programmes:
        promised: Counter[int | None] = Counter()
        for (_, year), number in promise_by_year(programme).items():
            promised[year] += number
        for year, number in promised.items():
            if (short := number - named[programme.id, year]) > 0:
                yield Missing(programme.id, programme.name, year, Lack.NOT_NAMED, short)


def _judge(site: Site) -> Missing:
    lack = Lack.NOT_OPENED if site.state.started else Lack.NOT_STARTED
    return Missing(site.programme, site.programme_name, site.year, lack, 1, site)
