"""What was promised and is missing: numbers with no named site, sites not started, sites not opened."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from nkplan.layout.grid import Column, Value, make_grid
from nkplan.layout.report import Report
from nkplan.model.promise import NOT_CANCELLED, Cancelled, Programme
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.reports.promised import Number, spread
from nkplan.reports.sites import name_values, pick_columns

NamedCounts = Mapping[tuple[str | None, str, int | None], int]
"""How many sites are named, by programme, kind and year."""


class Facts(NamedTuple):
    """What was promised, how many sites are named, those that have not opened, and what is cancelled.

    `waves` is how many sites are named in each cohort without a year, by its id and kind.
    """

    programmes: Sequence[Programme]
    named: NamedCounts
    unopened: Iterable[Site]
    cancelled: Mapping[str, Cancelled] = {}
    waves: Mapping[tuple[str, str], int] = {}


class Shortfall(StrEnum):
    """What is missing; the largest gap first."""

    NOT_NAMED = "not named"
    NOT_STARTED = "not started"
    NOT_OPENED = "not opened"


class Missing(NamedTuple):
    """A site, or promised sites of a kind that are not named; `number` is how many sites it stands for."""

    programme: str | None
    kind: str
    year: int | None
    shortfall: Shortfall
    number: int
    site: Site | None = None


def find_missing(facts: Facts) -> Iterator[Missing]:
    """Yield what is missing, by programme and year. Nothing of what is cancelled is missing."""
    unopened = (site for site in facts.unopened if site.state.cancelled_day is None)
    rows = [*_find_unnamed(facts), *map(_judge_unopened, unopened)]
    yield from sorted(
        rows,
        key=lambda row: (
            row.programme is None,
            row.programme or "",
            row.year is None,
            row.year or 0,
            list(Shortfall).index(row.shortfall),
            row.kind,
            row.site.id if row.site else "",
        ),
    )


_Sites = Counter[tuple[str, str, int | None]]
"""Numbers of sites by programme, kind and year."""


def _find_unnamed(facts: Facts) -> Iterator[Missing]:
    numbers = {one.id: spread(one).numbers for one in facts.programmes}
    parts = _count_parts(facts, numbers)
    for programme, its_numbers in numbers.items():
        if facts.cancelled.get(programme, NOT_CANCELLED).day is not None:
            continue
        short = _count_short(facts, programme, its_numbers, parts)
        for (_, kind, year), number in short.items():
            if number > 0:
                yield Missing(programme, kind, year, Shortfall.NOT_NAMED, number)


def _count_short(facts: Facts, programme: str, numbers: Sequence[Number], parts: _Sites) -> _Sites:
    """Count what is not named of some numbers; the sites of a wave that has one count for it alone."""
    promised: _Sites = Counter()
    short: _Sites = Counter()
    of_waves: _Sites = Counter()
    cancelled = facts.cancelled.get(programme, NOT_CANCELLED)
    for one in numbers:
        if one.wave is not None:
            named = facts.waves.get((one.wave, one.kind), 0)
            of_waves[programme, one.kind, None] += named
            if one.wave not in cancelled.cohorts:
                short[programme, one.kind, None] += max(0, one.quantity - named)
        elif one.year not in cancelled.years:
            promised[programme, one.kind, one.year] += one.quantity
    for key, number in promised.items():
        named = facts.named.get(key, 0) - of_waves[key]
        short[key] += max(0, number - named - parts[key])
    return short


def _count_parts(facts: Facts, numbers: Mapping[str, Sequence[Number]]) -> _Sites:
    """Count what other programmes promised within a number, which their own rows have already."""
    of_years = {(id_, one.kind, one.year) for id_, its_numbers in numbers.items() for one in its_numbers}
    within: Counter[tuple[str, str, str, int | None]] = Counter()
    for id_, its_numbers in numbers.items():
        for one in its_numbers:
            if one.within is not None and one.within in numbers:
                within[one.within, id_, one.kind, one.year] += one.quantity
    parts: _Sites = Counter()
    for (whole, id_, kind, year), number in within.items():
        at = year if (whole, kind, year) in of_years else None
        parts[whole, kind, at] += max(number, facts.named.get((id_, kind, year), 0))
    return parts


def _judge_unopened(site: Site) -> Missing:
    shortfall = Shortfall.NOT_OPENED if site.state.started else Shortfall.NOT_STARTED
    return Missing(site.programme, site.kind, site.year, shortfall, 1, site)


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


def make_report(facts: Facts, _: Question) -> Report:
    """List what is not named, not started or not opened, programme by programme and year by year."""
    missing = list(find_missing(facts))
    counts: Counter[Shortfall] = Counter()
    for one in missing:
        counts[one.shortfall] += one.number
    kinds = Counter((one.programme, one.year) for one in missing if one.site is None)

    def describe(one: Missing) -> dict[str, Value]:
        if one.site is not None:
            return _name_shortfall(one)
        # If several kinds were promised for a year, the number alone is ambiguous.
        of_what = f" ({one.kind})" if kinds[one.programme, one.year] > 1 else ""
        return _name_shortfall(one) | {"missing": f"{one.number} {one.shortfall}{of_what}"}

    note = ", ".join(f"{counts[shortfall]} {shortfall}" for shortfall in Shortfall)
    data, screen = map(_name_shortfall, missing), map(describe, missing)
    return Report("Missing", make_grid(_COLUMNS, data), make_grid(_SCREEN, screen), (note,))


def _name_shortfall(one: Missing) -> dict[str, Value]:
    values: dict[str, Value] = name_values(one.site) if one.site else {"kind": one.kind}
    values["programme"], values["year"] = one.programme, one.year
    values["missing"], values["number"] = one.shortfall, one.number
    return values
