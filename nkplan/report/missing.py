"""What was promised and is not there: numbers without a name, sites not started, sites not opened."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from nkplan.model.promise import Programme
from nkplan.model.state import Site
from nkplan.report.progress import promise_by_year

NamedOf = Mapping[tuple[str | None, str, int | None], int]
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
    programmes: Sequence[Programme], named: NamedOf, unopened: Iterable[Site]
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


def _find_unnamed(programmes: Sequence[Programme], named: NamedOf) -> Iterator[Missing]:
    for programme in programmes:
        for (kind, year), number in promise_by_year(programme).items():
            if (short := number - named.get((programme.id, kind, year), 0)) > 0:
                yield Missing(programme.id, kind, year, Lack.NOT_NAMED, short)


def _judge(site: Site) -> Missing:
    lack = Lack.NOT_OPENED if site.state.started else Lack.NOT_STARTED
    return Missing(site.programme, site.kind, site.year, lack, 1, site)
