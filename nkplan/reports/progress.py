"""How far a promise has come: sites counted against quotas."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import combinations
from typing import NamedTuple

from nkplan.layout.grid import Column, Phrase, Value, drop_repeated, make_grid
from nkplan.layout.report import Report
from nkplan.model.batch import Project
from nkplan.model.promise import Cohort, DatedQuota, Programme
from nkplan.model.question import Grouping, Question
from nkplan.model.state import Site, Tally
from nkplan.model.vocabulary import Status
from nkplan.reports.counting import BARS, COUNT_COLUMNS, PROMISED, Counts, count_site
from nkplan.reports.promised import (
    Number,
    Promised,
    Replaced,
    describe_others,
    describe_replaced,
    spread,
)


class ProgressRow(NamedTuple):
    """One row of the report: `id` and `name` of its group, the year if it has one, and its counts.

    `part` is what the name says beyond that of the group: the names of cohorts, or `other years`.
    `cohort` is the one that the row is for, if it is for one. A row `is_measured` if its sites belong to a
    number: its own, or one in all that is in the row of the other years. Otherwise `is_promised` says whether
    a programme promised them without a number. `filter` lists its sites, if some options do.
    """

    id: str | None
    name: str
    year: int | None = None
    counts: Counts = Counts()
    part: str = ""
    cohort: str | None = None
    is_measured: bool = False
    is_promised: bool = False
    replaced: tuple[Replaced, ...] = ()
    filter: str | None = None

    @property
    def promised_as(self) -> str:
        """What the row's number promised is, or why it has none."""
        if self.counts.promised is not None:
            return "number"
        return "in all" if self.is_measured else "no number" if self.is_promised else "none"


class Progress(NamedTuple):
    """The progress report: its rows, those with a number first, and their sum; that of all if none has one.

    `within` are the programmes whose numbers are part of another's, which the sum has once; `others` are the
    numbers of each programme that are only shown.
    """

    by: Grouping
    rows: tuple[ProgressRow, ...]
    total: Counts
    within: tuple[tuple[str, str], ...] = ()
    others: Mapping[str, tuple[DatedQuota, ...]] = {}

    @property
    def is_divided(self) -> bool:
        """Whether some rows have a number and some have none, which are not in the sum."""
        return len({row.is_measured for row in self.rows}) > 1


_NO_PROGRAMME = "no programme"


class _Cell(NamedTuple):
    """What cannot be divided: the sites of a kind in a year, or in a wave, of a programme."""

    programme: str | None
    kind: str
    year: int | None
    wave: str | None = None


class _Group(NamedTuple):
    """What a row is for: the value that sites are grouped by, and for programmes the year or wave."""

    id: str | None
    year: int | None = None
    wave: str | None = None


_Key = tuple[_Group, bool]
"""A group, and whether a number was promised for the sites."""


class _Found(NamedTuple):
    """What was counted and promised for each row, and the names of groups."""

    counts: Mapping[_Key, Counts]
    cells: Mapping[_Key, set[_Cell]]
    replaced: Mapping[_Key, list[Replaced]]
    names: Mapping[str | None, str]


class _Promises:
    """What programmes promised, looked up by what sites belong to."""

    def __init__(self, programmes: Sequence[Programme]) -> None:
        self.promised: dict[str | None, Promised] = {one.id: spread(one) for one in programmes}
        self.waves = {cohort.id for one in programmes for cohort in one.cohorts if cohort.year is None}
        self.years = {year for one in programmes for year in one.years}
        self._numbered = {
            _Cell(id_, number.kind, number.year, number.wave)
            for id_, promised in self.promised.items()
            for number in promised.numbers
        }
        self._kinds: dict[str | None, set[str]] = {
            id_: {number.kind for number in promised.numbers} | set(promised.totals)
            for id_, promised in self.promised.items()
        }
        self.cohorts: defaultdict[_Group, list[Cohort]] = defaultdict(list)
        for one in programmes:
            for cohort in one.cohorts:
                wave = cohort.id if cohort.year is None else None
                self.cohorts[_Group(one.id, cohort.year, wave)].append(cohort)

    def measures(self, cell: _Cell, by: Grouping) -> bool:
        """Return whether a number was promised for the sites of a cell: for them alone, or in all.

        A number of one kind is for all sites of its programme, but where kinds are counted apart.
        """
        kinds = self._kinds.get(cell.programme, ())
        for kind in [cell.kind] if by is Grouping.KIND else kinds:
            of_kind = cell._replace(kind=kind)
            exact = of_kind._replace(year=None) if cell.wave else of_kind
            if exact in self._numbered or of_kind._replace(wave=None) in self._numbered:
                return True
            totals = self.promised[cell.programme].totals.get(kind, ()) if kind in kinds else ()
            if any(cell.year is None or total.covers(cell.year) for total in totals):
                return True
        return False

    def is_counted_within(self, number: Number) -> bool:
        """Return whether a number is part of one of another programme that is counted too."""
        other = self.promised.get(number.within)
        return other is not None and bool(other.numbers)


def count_progress(sites: Iterable[Site | Tally], programmes: Sequence[Programme], by: Grouping) -> Progress:
    """Count sites against promises, row by row. Every site is in exactly one row.

    Sites for which no number was promised have rows of their own, which are not in the sum; nor is a number
    that is within another's of the same report: it is promised once.
    """
    promises = _Promises(programmes if by.has_promises else ())
    counts: defaultdict[_Key, Counts] = defaultdict(Counts)
    cells: defaultdict[_Key, set[_Cell]] = defaultdict(set)
    replaced: defaultdict[_Key, list[Replaced]] = defaultdict(list)
    names: dict[str | None, str] = {}
    # There are many sites of few cells.
    has_number: dict[_Cell, bool] = {}
    for site in sites:
        wave = site.cohort if site.cohort in promises.waves else None
        cell = _Cell(site.programme, site.kind, site.year, wave)
        group, name = _group_site(by, site, wave)
        if cell not in has_number:
            has_number[cell] = by.has_promises and promises.measures(cell, by)
        key = (group, has_number[cell])
        counts[key] = counts[key].plus(count_site(site.state, site.number))
        cells[key].add(cell)
        names[group.id] = name
    once = 0
    numbers = [
        (one, number) for one in programmes for number in promises.promised.get(one.id, Promised()).numbers
    ]
    own = {
        _group_number(by, one, number) for one, number in numbers if not promises.is_counted_within(number)
    }
    for one, number in numbers:
        group = _group_number(by, one, number)
        is_part = promises.is_counted_within(number)
        once += 0 if is_part else number.quantity
        if is_part and group in own and group.id != one.id:
            # A row of a kind or year has the number of both programmes.
            continue
        key = (group, True)
        counts[key] = counts[key].plus(Counts(promised=number.quantity))
        replaced[key] += number.replaced
        names[group.id] = _name_number(by, one, number)
    for one in programmes if by.has_promises else ():
        # A programme that promised no number and has no site yet still gets a row.
        group = _Group(one.kind if by is Grouping.KIND else one.id)
        if by is not Grouping.YEAR and one.only_years is None and group.id not in names:
            names[group.id] = one.kind if by is Grouping.KIND else one.name
            counts[group, False] = Counts()
    rows = _make_rows(by, promises, _Found(counts, cells, replaced, names))
    measured = [row for row in rows if row.is_measured]
    total = reduce(Counts.plus, (row.counts for row in measured or rows), Counts())
    if total.promised is not None:
        total = total._replace(promised=once)
    within = {(one.id, number.within or "") for one, number in numbers if promises.is_counted_within(number)}
    others = {one.id: promises.promised[one.id].others for one in programmes if by.has_promises}
    return Progress(by, rows, total, tuple(sorted(within)), others)


def count_cohort(sites: Iterable[Site | Tally], programme: Programme, cohort: Project) -> Progress:
    """Count the sites of a cohort against the number of its year; one without a year has only its own."""
    if cohort.year is None:
        programme = programme._replace(only_wave=cohort.id)
    else:
        programme = programme._replace(only_years=(cohort.year,))
    progress = count_progress(sites, [programme], Grouping.PROGRAMME_AND_YEAR)
    rows = tuple(
        row
        for row in progress.rows
        # A site can have a year that its cohort does not have.
        if (row.cohort == cohort.id if cohort.year is None else row.year == cohort.year)
    )
    measured = [row for row in rows if row.is_measured]
    total = reduce(Counts.plus, (row.counts for row in measured or rows), Counts())
    return progress._replace(rows=rows, total=total)


def _group_number(by: Grouping, programme: Programme, number: Number) -> _Group:
    if by is Grouping.KIND:
        return _Group(number.kind)
    if by is Grouping.YEAR:
        return _Group(str(number.year), number.year) if number.year else _Group("other")
    if by is Grouping.PROGRAMME:
        return _Group(programme.id)
    return _Group(programme.id, number.year, number.wave)


def _name_number(by: Grouping, programme: Programme, number: Number) -> str:
    if by is Grouping.KIND:
        return number.kind
    if by is Grouping.YEAR:
        return str(number.year) if number.year else "other years"
    return programme.name


def _group_site(by: Grouping, site: Site | Tally, wave: str | None) -> tuple[_Group, str]:
    if by is Grouping.KIND:
        return _Group(site.kind), site.kind
    if by is Grouping.YEAR:
        return (_Group(str(site.year), site.year), str(site.year)) if site.year else (_Group(None), "no year")
    if by is Grouping.REGION:
        return _Group(site.region), site.region_name or Phrase.of("no {}", "region")
    if by is Grouping.STATUS:
        status = site.state.status
        return _Group(status), status or "no status"
    group = (
        _Group(site.programme, site.year, wave)
        if by is Grouping.PROGRAMME_AND_YEAR
        else _Group(site.programme)
    )
    return group, site.programme_name or _NO_PROGRAMME


def _make_rows(by: Grouping, promises: _Promises, found: _Found) -> tuple[ProgressRow, ...]:
    """Make the rows, those with a number first, each sorted by group."""
    counts, cells, replaced, names = found
    # What the options of a group alone would list; they cannot tell waves apart.
    alike: defaultdict[_Group, set[_Cell]] = defaultdict(set)
    for (group, _), those in cells.items():
        alike[group._replace(wave=None)] |= those
    waves = Counter(cell._replace(wave=None) for cell in set().union(*cells.values()))
    dated = {group.id for group, _ in counts if group.year is not None or group.wave is not None}
    rows = []
    for key in sorted(counts, key=lambda key: _row_order(by, key)):
        group, is_measured = key
        # A site of a wave can have a year of its own.
        owner = group._replace(year=None) if group.wave else group
        cohorts = promises.cohorts.get(owner, []) if by is Grouping.PROGRAMME_AND_YEAR else []
        name, part = names[group.id], ""
        if by is Grouping.PROGRAMME_AND_YEAR:
            is_rest = group.year is None and group.wave is None and group.id in dated
            part = ("other years" if is_measured else "no year") if is_rest else _name_cohorts(name, cohorts)
            name = f"{name}, {part}" if part else name
        those = cells.get(key, set())
        # A year of which there is neither a site nor a cohort cannot be listed.
        is_other_years = by is Grouping.YEAR and group.id == "other"
        has_list = not is_other_years and (those or group.year is None or group.year in promises.years)
        rows.append(
            ProgressRow(
                group.id,
                name,
                group.year,
                counts[key],
                part,
                cohorts[0].id if len(cohorts) == 1 else None,
                is_measured,
                any(cell.programme for cell in those) or not those,
                tuple(replaced.get(key, ())),
                _find_filter(by, group, those, alike[group._replace(wave=None)], waves) if has_list else None,
            )
        )
    return tuple(rows)


def _name_cohorts(name: str, cohorts: Sequence[Cohort]) -> str:
    """Name cohorts beside their programme, but for those whose names say no more than it and the year."""
    known = set(_split(name))
    more = [
        one.name
        for one in cohorts
        if set(_split(one.name)) - known - {str(one.year), "of", "for", "in", "the", "year"}
    ]
    return " and ".join(more)


def _split(name: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in name.casefold()).split()


def _row_order(by: Grouping, key: _Key) -> tuple[object, ...]:
    """Sort what has a number first, then by id, statuses by their order; no id, year or wave comes last."""
    group, is_measured = key
    rank = Status(group.id).rank if by is Grouping.STATUS and group.id else 0
    is_rest = group.year is None and group.wave is None
    return (
        not is_measured,
        group.id is None,
        rank,
        group.id or "",
        is_rest,
        group.year is None,
        group.year or 0,
        group.wave is None,
        group.wave or "",
    )


def _find_filter(
    by: Grouping, group: _Group, wanted: set[_Cell], alike: set[_Cell], waves: Mapping[_Cell, int]
) -> str | None:
    """Return the options of `nkplan list` that list exactly the sites of a row; None if none do.

    `alike` are the cells that the options of the group alone list; `waves` says how many cells differ in
    nothing but the wave.
    """
    id_ = group.id or "none"
    if by is Grouping.PROGRAMME_AND_YEAR:
        own = f"--programme {id_} --year {group.year or 'none'}"
    elif by is Grouping.YEAR:
        own = f"--year {group.year or 'none'}"
    else:
        own = f"--{by} {id_}"
    if not by.has_promises or wanted == alike:
        return own
    # No option tells waves apart; asking that first spares the search where there are many.
    if not wanted or sum(waves[one] for one in {cell._replace(wave=None) for cell in wanted}) > len(wanted):
        return None
    values = {name: {getattr(cell, name) for cell in wanted} for name in ("programme", "kind", "year")}
    for number in range(1, len(values) + 1):
        for names in combinations(values, number):
            if all(f"--{name} " not in own for name in names) and wanted == {
                cell for cell in alike if all(getattr(cell, name) in values[name] for name in names)
            }:
                more = (
                    f" --{name} {','.join(sorted(str(value or 'none') for value in values[name]))}"
                    for name in names
                )
                return own + "".join(more)
    return None


PROMISED_AS = Column("promised_as", "Promised as")
_MORE = (Column("also_promised", "Also promised"), Column("replaced", "Replaced"), Column("filter", "Filter"))


def make_report(facts: tuple[Iterable[Tally], Sequence[Programme]], question: Question) -> Report:
    """Make the progress report; in data, each row has the filter that lists its sites."""
    tallies, programmes = facts
    by = question.by
    progress = count_progress(tallies, programmes, by)
    shown: tuple[Column, ...]
    own: tuple[Column, ...]
    # The id of a row is for machines; a table shows its name.
    if by is Grouping.PROGRAMME_AND_YEAR:
        shown = (Column("name", "Programme"), Column("year", "Year", is_number=True))
        own = (Column("programme", "Programme ID"), *shown, Column("cohort", "Cohort"))
    else:
        shown = (Column("name", Phrase.of("{}", by.capitalize())),)
        own = (Column(by.value, Phrase.of("{} ID", by.capitalize())), *shown)
    # No number was promised for a region, a place or a status.
    has_promises = by.has_promises and not question.filters.asks_for_some_sites
    promised = (PROMISED, PROMISED_AS) if by.has_promises else ()
    also = _group_others(progress)

    def name_counts(row: ProgressRow) -> dict[str, Value]:
        return row.counts._asdict() | {"name": row.name, "year": row.year, own[0].key: row.id}

    def name_all(row: ProgressRow) -> dict[str, Value]:
        told = [quota for quota in also.get(row.id, ()) if row.year is None or quota.quota.covers(row.year)]
        return name_counts(row) | {
            "cohort": row.cohort,
            "promised_as": row.promised_as if has_promises else None,
            "also_promised": "; ".join(describe_others(told)) or None,
            "replaced": write_replaced(row),
            "filter": row.filter,
        }

    name = "With a number" if progress.is_divided else "Total"
    total = name_counts(ProgressRow(None, name, counts=progress.total))
    above, below = progress.rows, progress.rows[:0]
    if progress.is_divided:
        number = sum(row.is_measured for row in progress.rows)
        above, below = progress.rows[:number], progress.rows[number:]
    screen = (*shown, *((PROMISED,) if has_promises else ()), *COUNT_COLUMNS)

    def name_screen(rows: Sequence[ProgressRow]) -> Iterator[dict[str, Value]]:
        for before, row in zip((None, *rows), rows, strict=False):
            number = row.counts.promised
            is_next = before is not None and before.id == row.id and row.id is not None
            yield name_counts(row) | {
                "name": f"  {row.part}".rstrip() if is_next else row.name,
                "promised": row.promised_as if number is None else number,
            }

    return Report(
        "Progress",
        make_grid(
            (*own, *promised, *COUNT_COLUMNS, *(_MORE if by.has_promises else _MORE[-1:])),
            map(name_all, progress.rows),
            total,
        ),
        drop_repeated(
            make_grid(screen, name_screen(above), total, name_screen(_join_without_sites(below, by)))
        ),
        tuple(explain_numbers(progress, programmes)) if has_promises else (),
        BARS if by.has_promises else BARS._replace(rest="named"),
        "next | slips | conflicts | use",
    )


def _join_without_sites(rows: Sequence[ProgressRow], by: Grouping) -> Sequence[ProgressRow]:
    """Join the programmes that have neither a number nor a site in one row, which comes last."""
    if by is not Grouping.PROGRAMME_AND_YEAR:
        return rows
    empty = [row for row in rows if row.id is not None and not row.counts.named]
    if len(empty) < 2:
        return rows
    joined = ProgressRow(None, f"{len(empty)} others, no site", is_promised=True)
    return (*(row for row in rows if row not in empty), joined)


def write_replaced(row: ProgressRow) -> str | None:
    """Say which numbers were replaced by that of a row, if any were."""
    return "; ".join(map(describe_replaced, row.replaced)) or None


def _group_others(progress: Progress) -> dict[str | None, list[DatedQuota]]:
    """Return the numbers that are only shown, by the group of a row that they belong to."""
    others: defaultdict[str | None, list[DatedQuota]] = defaultdict(list)
    for id_, quotas in progress.others.items():
        for one in quotas if progress.by is not Grouping.YEAR else ():
            others[one.quota.kind if progress.by is Grouping.KIND else id_].append(one)
    return others


_MOST_NOTES = 10


def explain_numbers(progress: Progress, programmes: Sequence[Programme]) -> Iterator[str]:
    """Say what the numbers promised leave out or replace."""
    names = {one.id: one.name for one in programmes}
    kinds = {row.promised_as for row in progress.rows}
    if "in all" in kinds:
        yield "in all: part of a number in all, which stands in the row of the other years"
    if progress.is_divided:
        told = {"no number": "promised without one", "none": "not promised"}
        said = "; ".join(f"{kind}: {meaning}" for kind, meaning in told.items() if kind in kinds)
        yield f"{said}; {'neither' if len(kinds & set(told)) > 1 else 'not'} in the sum"
    for one, other in progress.within:
        yield f"the number of {names[one]} is part of that of {names[other]} and is counted once"
    number = sum(map(len, progress.others.values()))
    if number:
        numbers = "1 number" if number == 1 else f"{number} numbers"
        yield f"{numbers} promised in other units or stages: nkplan report promises"
    notes = list(
        dict.fromkeys(
            f"{row.name}: {describe_replaced(one)}" for row in progress.rows for one in row.replaced
        )
    )
    yield from notes[:_MOST_NOTES]
    if len(notes) > _MOST_NOTES:
        yield f"{len(notes) - _MOST_NOTES} more numbers were replaced; -f json has all of them"
