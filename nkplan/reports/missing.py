"""What was promised and is missing: numbers with no named site, sites not started, sites not opened."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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

    `cohorts` is how many sites are named in each cohort, by its id and kind and then by year: a site can have
    a year of its own. `years` are those asked for, or None for all: only of these something is missing.
    """

    programmes: Sequence[Programme]
    named: NamedCounts
    unopened: Iterable[Site]
    cancelled: Mapping[str, Cancelled] = {}
    cohorts: Mapping[tuple[str, str], Mapping[int | None, int]] = {}
    years: frozenset[int | None] | None = None


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


_Key = tuple[str, str, int | None, str | None]
"""What a number is promised for: programme, kind, year and wave."""


def _find_unnamed(facts: Facts) -> Iterator[Missing]:
    numbers: dict[_Key, Number] = {}
    promised: Counter[_Key] = Counter()
    rests: defaultdict[tuple[str, str], list[Number]] = defaultdict(list)
    for one in facts.programmes:
        for number in spread(one).numbers:
            # What several numbers in all leave is one number: no site tells them apart.
            key = (one.id, number.kind, number.year, number.wave)
            numbers.setdefault(key, number)
            promised[key] += number.quantity
            if number.year is None and number.wave is None:
                rests[one.id, number.kind].append(number)
    named = _count_named(facts, promised, rests)
    short = {
        key: 0 if _is_cancelled(facts, key) else max(0, quantity - named[key])
        for key, quantity in promised.items()
    }
    years = _list_promised_years(promised)
    wholes = {
        key: _list_wholes(key, numbers[key], promised, rests, years) for key in numbers if numbers[key].within
    }
    # What another programme promised within a number, its own row has. What is part of one only comes first.
    for key in sorted(wholes, key=lambda key: len(wholes[key])):
        left = max(promised[key], named[key])
        for whole in wholes[key]:
            taken = min(left, short[whole])
            short[whole] -= taken
            left -= taken
    missing: Counter[tuple[str, str, int | None]] = Counter()
    for key, quantity in short.items():
        missing[key[:3]] += quantity
    for (programme, kind, year), quantity in missing.items():
        if quantity and (facts.years is None or year in facts.years):
            yield Missing(programme, kind, year, Shortfall.NOT_NAMED, quantity)


def _list_promised_years(promised: Iterable[_Key]) -> Mapping[tuple[str, str], Collection[int]]:
    """List the years with a number of their own, by programme and kind."""
    years: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for programme, kind, year, _ in promised:
        if year is not None:
            years[programme, kind].add(year)
    return years


def _list_wholes(
    key: _Key,
    number: Number,
    promised: Mapping[_Key, int],
    rests: Mapping[tuple[str, str], Sequence[Number]],
    promised_years: Mapping[tuple[str, str], Collection[int]],
) -> list[_Key]:
    """List the numbers of another programme of which a number is part, in the order in which it fills them.

    These are that of its year, or else that of the other years; and for a number in all then those of the
    years that it covers.
    """
    programme, kind, year, _ = key
    whole = number.within or ""
    either: list[_Key] = [(whole, kind, year, None), (whole, kind, None, None)]
    found = [one for one in either if one in promised][:1]
    if year is None:
        covering = rests.get((programme, kind), [number])
        years = sorted(promised_years.get((whole, kind), ()))
        found += [(whole, kind, one, None) for one in years if any(rest.covers(one) for rest in covering)]
    return found


def _count_named(
    facts: Facts, promised: Mapping[_Key, int], rests: Mapping[tuple[str, str], Sequence[Number]]
) -> Counter[_Key]:
    """Count the named sites that a number is for.

    Those of a year without a number of its own belong to the number in all that covers the year.
    """
    named: Counter[_Key] = Counter()

    def add(programme: str, kind: str, year: int | None, number: int) -> None:
        key = (programme, kind, year, None)
        if year is not None and key in promised:
            named[key] += number
        elif any(year is None or rest.covers(year) for rest in rests.get((programme, kind), ())):
            named[programme, kind, None, None] += number

    for (programme, kind, year), number in facts.named.items():
        if programme is not None:
            add(programme, kind, year, number)
    for programme, kind, _, wave in promised:
        if wave is not None:
            of_wave = facts.cohorts.get((wave, kind), {})
            named[programme, kind, None, wave] = sum(of_wave.values())
            for year, number in of_wave.items():
                add(programme, kind, year, -number)
    return named


def _is_cancelled(facts: Facts, key: _Key) -> bool:
    programme, _, year, wave = key
    cancelled = facts.cancelled.get(programme, NOT_CANCELLED)
    return cancelled.day is not None or year in cancelled.years or wave in cancelled.cohorts


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
