"""What was announced, by whom and when, what replaced it, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from nkplan.dates import parse_date
from nkplan.layout.grid import Column, Value, make_grid
from nkplan.layout.report import Report
from nkplan.model.filters import NO_FILTERS, Filters
from nkplan.model.promise import DatedQuota, Quota
from nkplan.model.question import Question
from nkplan.model.vocabulary import COMPLETION, QuotaPeriod, Status
from nkplan.reports.claims import describe_period

FIRST_YEAR, LAST_YEAR = 0, 9999
"""What stands for a year that a quota does not give."""


class Announced(NamedTuple):
    """A statement in which something is promised.

    `projects` are those that its updates are about, each with the date that was promised for it, if any.
    """

    id: str
    title: str
    announced: str
    speaker: str | None = None
    source: str | None = None
    projects: Mapping[str, str | None] = MappingProxyType({})


class Owner(NamedTuple):
    """A project that something was promised for; `parents` are what it belongs to, the innermost first."""

    id: str
    name: str
    type: str
    kind: str
    year: int | None = None
    parents: tuple[str, ...] = ()
    cancelled_day: date | None = None


class Reached(NamedTuple):
    """A number of sites that have come equally far; `within` is what they belong to, the innermost first.

    A site that an announcement is about has its own id in front of that.
    """

    number: int
    within: tuple[str, ...]
    kind: str
    year: int | None
    started: bool
    claimed: Status | None
    verified: Status | None


class UnitCount(NamedTuple):
    """How many of a unit were said to have a status, `claimed` by the promiser or else observed."""

    project: str
    status: Status
    number: float
    unit: str
    event_date: str
    claimed: bool


class Promises(NamedTuple):
    """What the report of promises is made from.

    Announcements are in the order of their day, quotas in the order in which they apply, counts in the order
    in which they were true. `chosen` are the projects that match the filters; None stands for all.
    """

    announcements: Sequence[Announced]
    quotas: Sequence[DatedQuota]
    owners: dict[str, Owner]
    reached: Iterable[Reached] = ()
    counts: Iterable[UnitCount] = ()
    chosen: frozenset[str] | None = None


class Outcome(NamedTuple):
    """What became of a promise: numbers of sites, or of its unit with the dates of the counts."""

    named: int | None = None
    started: int | None = None
    complete_claimed: float | None = None
    complete_verified: float | None = None
    claimed_on: str | None = None
    verified_on: str | None = None


class Replacement(NamedTuple):
    """A later quota, and the years for which it replaces an earlier one."""

    dated: DatedQuota
    first_year: int
    last_year: int


def find_replacements(quotas: Iterable[DatedQuota]) -> dict[str, list[Replacement]]:
    """Find for each quota, by its id, the next later ones for the years that both cover.

    A quota replaces only one of the same project, kind, unit, promised status and period, of an earlier day.
    """
    alike: defaultdict[tuple[object, ...], list[DatedQuota]] = defaultdict(list)
    for dated in quotas:
        quota = dated.quota
        stage = quota.promised_status or COMPLETION
        alike[quota.project, quota.kind, quota.unit, stage, quota.per].append(dated)
    found: dict[str, list[Replacement]] = {}
    for group in alike.values():
        # From the latest day back: for each year, which quota is the next one that was announced.
        following: list[Replacement] = []
        group.sort(key=attrgetter("announced_day"), reverse=True)
        for _, one_day in groupby(group, key=attrgetter("announced_day")):
            together = list(one_day)
            for dated in together:
                first, last = _find_years(dated.quota)
                found[dated.quota.id] = [
                    Replacement(later.dated, max(first, later.first_year), min(last, later.last_year))
                    for later in following
                    if later.first_year <= last and first <= later.last_year
                ]
            for dated in together:
                following = list(_put_before(following, dated))
    return found


def _find_years(quota: Quota) -> tuple[int, int]:
    return quota.first_year or FIRST_YEAR, quota.last_year or LAST_YEAR


def _put_before(following: Iterable[Replacement], dated: DatedQuota) -> Iterator[Replacement]:
    """Yield which quota is the next one for which years, with one more quota before the others."""
    first, last = _find_years(dated.quota)
    later = list(following)
    for one in later:
        if one.first_year < first:
            yield one._replace(last_year=min(one.last_year, first - 1))
    yield Replacement(dated, first, last)
    for one in later:
        if one.last_year > last:
            yield one._replace(first_year=max(one.first_year, last + 1))


class _Numbers(NamedTuple):
    """Sites counted: how many there are, have started, and are complete."""

    named: int = 0
    started: int = 0
    claimed: int = 0
    verified: int = 0

    def plus(self, other: "_Numbers") -> "_Numbers":
        return _Numbers(*map(sum, zip(self, other, strict=True)))


_Sort = tuple[str, int | None, str | None]
"""What tells sites apart for a quota: kind, year, and the cohort or programme that they belong to."""


class _Outcomes:
    """Says what became of a promise."""

    def __init__(self, facts: Promises) -> None:
        self._sites: defaultdict[str, defaultdict[_Sort, _Numbers]] = defaultdict(
            lambda: defaultdict(_Numbers)
        )
        for one in facts.reached:
            numbers = _Numbers(
                one.number,
                one.number * one.started,
                one.number * (one.claimed is not None and one.claimed.is_complete),
                one.number * (one.verified is not None and one.verified.is_complete),
            )
            sites = {
                owner for owner in one.within if owner in facts.owners and facts.owners[owner].type == "site"
            }
            parent = next((owner for owner in one.within if owner not in sites), None)
            for owner in one.within:
                sort = (one.kind, one.year, parent)
                self._sites[owner][sort] = self._sites[owner][sort].plus(numbers)
        self._counts: defaultdict[tuple[str, str], list[UnitCount]] = defaultdict(list)
        for count in facts.counts:
            self._counts[count.project, count.unit].append(count)
        self._beside = {
            (dated.quota.project, dated.quota.kind) for dated in facts.quotas if dated.quota.beside
        }
        self._owners = facts.owners

    def judge(self, project: str, quota: Quota | None) -> Outcome:
        """Return what became of a number, or of what was promised for a project without one."""
        if quota is not None and quota.unit is not None:
            return self._judge_unit(quota, quota.unit)
        if self._owners[project].type == "site" and quota is not None:
            return Outcome()
        sites = self._sites[project]
        if quota is None:
            covered = list(sites.values())
        else:
            covered = [
                numbers
                for (kind, year, parent), numbers in sites.items()
                if kind == quota.kind and self._covers(quota, year, parent)
            ]
            if not covered and any(kind == quota.kind for kind, _, _ in sites) and not self._has_years(sites):
                # Which of them were promised for the years of this number, nobody knows.
                return Outcome()
        total = _Numbers(*map(sum, zip(*covered, strict=True))) if covered else _Numbers()
        return Outcome(*total)

    def _covers(self, quota: Quota, year: int | None, parent: str | None) -> bool:
        """Return whether a number is for sites of a year. That of a cohort is for all of its sites."""
        if self._owners[quota.project].type == "cohort":
            return True
        if quota.per is QuotaPeriod.YEAR:
            return year is not None and quota.covers(year)
        return (parent, quota.kind) not in self._beside and (year is None or quota.covers(year))

    @staticmethod
    def _has_years(sites: Iterable[_Sort]) -> bool:
        return any(year is not None for _, year, _ in sites)

    def _judge_unit(self, quota: Quota, unit: str) -> Outcome:
        stage = quota.promised_status or COMPLETION
        counts = self._counts[quota.project, unit]
        claimed, observed = (
            _choose_count([one for one in counts if one.claimed is is_claim], stage)
            for is_claim in (True, False)
        )
        return Outcome(
            complete_claimed=claimed and claimed.number,
            complete_verified=observed and observed.number,
            claimed_on=claimed and claimed.event_date,
            verified_on=observed and observed.event_date,
        )


def _choose_count(counts: Sequence[UnitCount], stage: Status) -> UnitCount | None:
    """Return the latest count of the stage that was promised, or else the latest of what shows it too."""
    exact = [one for one in counts if one.status is stage]
    further = [one for one in counts if one.status.reach > stage.reach]
    return next(reversed(exact or further), None)


class _Promise(NamedTuple):
    """One row: a number, or what was announced for a project without one, or an announcement alone."""

    announced: Announced | None
    owner: Owner | None = None
    quota: Quota | None = None
    about: frozenset[str] = frozenset()


def _list_promises(facts: Promises) -> Iterator[_Promise]:
    """Yield the promises in the order of their day; what was promised on no known day comes last."""
    of_announcement: defaultdict[str | None, list[Quota]] = defaultdict(list)
    known = {one.id for one in facts.announcements}
    for dated in facts.quotas:
        announcement = dated.quota.announcement
        of_announcement[announcement if announcement in known else None].append(dated.quota)
    for announced in (*facts.announcements, None):
        quotas = of_announcement[None if announced is None else announced.id]
        for quota in quotas:
            yield _Promise(announced, facts.owners[quota.project], quota, frozenset({quota.project}))
        if announced is None:
            return
        numbered = {quota.project for quota in quotas}
        linked = [facts.owners[project] for project in announced.projects if project in facts.owners]
        about = {
            one.id: {one.id}
            for one in linked
            if not any(parent in announced.projects for parent in one.parents)
        }
        for one in linked:
            for parent in one.parents:
                if parent in about:
                    about[parent].add(one.id)
        with_number = numbered | {parent for project in numbered for parent in facts.owners[project].parents}
        rows = [
            _Promise(announced, facts.owners[project], None, frozenset(among))
            for project, among in about.items()
            if project not in with_number and not set(facts.owners[project].parents) & numbered
        ]
        yield from rows
        if not rows and not quotas:
            yield _Promise(announced)


def _is_of_day(promise: _Promise, asked: tuple[date, date] | None) -> bool:
    """Return whether something can have been announced on the days that were asked for."""
    if asked is None:
        return True
    if promise.announced is None:
        return False
    given = parse_date(promise.announced.announced)
    return given.start <= asked[1] and asked[0] <= given.end


def _matches(promise: _Promise, filters: Filters, chosen: frozenset[str] | None) -> bool:
    """Return whether a promise matches filters of sites.

    A number is for no region, place or status; it has the kind and the years of its quota, and the tags of
    what it was promised for.
    """
    if filters == NO_FILTERS or chosen is None:
        return True
    if promise.owner is None:
        return False
    if promise.quota is None:
        return bool(promise.about & chosen)
    quota, owner = promise.quota, promise.owner
    if (filters.regions, filters.places, filters.statuses) != (None, None, None):
        return False
    own = {owner.id, *owner.parents}
    return (
        (filters.kinds is None or quota.kind in filters.kinds)
        and (filters.programmes is None or bool(own & set(filters.programmes)))
        and (filters.cohort is None or filters.cohort in own)
        and (filters.tags is None or owner.id in chosen)
        and (filters.years is None or any(_is_for(quota, owner, year) for year in filters.years))
    )


def _is_for(quota: Quota, owner: Owner, year: int) -> bool:
    """Return whether a number is for a year; 0 stands for a number without years."""
    if quota.first_year is None and quota.last_year is None:
        return (owner.year or 0) == year
    return year != 0 and quota.covers(year)


_ANNOUNCED = Column("announced", "Announced")
_SPEAKER = Column("speaker", "Speaker", wraps=True, min_width=11, drop=3)
_FATE = Column("fate", "Since then", wraps=True, min_width=14, drop=5)
_OUTCOME = (
    Column("named", "Named", is_number=True),
    Column("started", "Started", is_number=True),
    Column("complete_claimed", "Complete claimed", is_number=True),
    Column("complete_verified", "Complete verified", is_number=True),
)
_COLUMNS = (
    _ANNOUNCED,
    Column("announcement", "Announcement"),
    Column("title", "Title"),
    _SPEAKER,
    Column("source", "Source"),
    Column("project", "Project"),
    Column("name", "Name"),
    Column("kind", "Kind"),
    Column("quantity", "Number", is_number=True),
    Column("unit", "Unit"),
    Column("label", "Of"),
    Column("per", "Per"),
    Column("first_year", "From", is_number=True),
    Column("last_year", "To", is_number=True),
    Column("promised_status", "Promised status", is_status=True),
    Column("promised", "Promised for"),
    Column("replaced_by", "Replaced by"),
    *_OUTCOME,
    Column("claimed_on", "Claimed on"),
    Column("verified_on", "Verified on"),
    Column("cancelled", "Cancelled"),
)


def make_report(facts: Promises, question: Question) -> Report:
    """List what was promised, the first first, with what replaced it and what became of it."""
    replacements = find_replacements(facts.quotas)
    outcomes = _Outcomes(facts)
    rows: list[dict[str, Value]] = []
    screen: list[dict[str, Value]] = []
    for promise in _list_promises(facts):
        if not (_is_of_day(promise, question.on) and _matches(promise, question.filters, facts.chosen)):
            continue
        values = _name_values(promise, outcomes)
        if promise.quota is not None:
            values["replaced_by"] = _write_replacements(promise.quota, replacements[promise.quota.id])
        rows.append(values)
        screen.append(values | {"promise": _describe(promise), "fate": _write_fate(values)})
    shown = (
        _ANNOUNCED,
        Column("promise", "What was promised", wraps=True, min_width=24),
        _SPEAKER,
        *((_FATE,) if any(row["fate"] for row in screen) else ()),
        *_OUTCOME,
    )
    notes = (
        "named, started, complete: sites that the promise covers, or for a unit the latest counts of it",
    )
    return Report("Promises", make_grid(_COLUMNS, rows), make_grid(shown, screen), notes)


def _name_values(promise: _Promise, outcomes: _Outcomes) -> dict[str, Value]:
    announced, owner, quota, _ = promise
    values: dict[str, Value] = {}
    if announced is not None:
        values |= {
            "announced": announced.announced,
            "announcement": announced.id,
            "title": announced.title,
            "speaker": announced.speaker,
            "source": announced.source,
        }
    if owner is not None:
        cancelled = owner.cancelled_day
        values |= {"project": owner.id, "name": owner.name, "kind": owner.kind}
        values["cancelled"] = None if cancelled is None else cancelled.isoformat()
        values |= outcomes.judge(owner.id, quota)._asdict()
        values["promised"] = _find_date(promise)
    if quota is not None:
        values |= {
            "kind": quota.kind,
            "quantity": quota.quantity,
            "unit": quota.unit,
            "label": quota.label,
            "per": quota.per,
            "first_year": quota.first_year,
            "last_year": quota.last_year,
            "promised_status": quota.promised_status,
        }
    return values


def _find_date(promise: _Promise) -> str | None:
    """Return the date that an announcement without a number promised for its project."""
    if promise.announced is None or promise.owner is None or promise.quota is not None:
        return None
    return promise.announced.projects.get(promise.owner.id)


def _describe(promise: _Promise) -> str:
    """Say what was promised: a number and for what, or the title of the announcement."""
    announced, owner, quota, _ = promise
    if quota is None or owner is None:
        title = announced.title if announced else ""
        promised = _find_date(promise)
        date_ = f", promised for {promised}" if promised else ""
        return f"{title} ({owner.name}{date_})" if owner else title
    what = quota.unit or quota.label or quota.kind
    stage = f", {quota.promised_status}" if quota.promised_status else ""
    period = describe_period(quota.per, quota.first_year, quota.last_year)
    return f"{quota.quantity} {what} {period}{stage} ({owner.name})"


def _write_replacements(quota: Quota, replacements: Iterable[Replacement]) -> str | None:
    """Say which numbers replaced a number and when, and for which years if not for all."""
    texts = []
    for later, first, last in replacements:
        years = "" if (first, last) == _find_years(quota) else f" {_describe_years(first, last)}"
        texts.append(f"{later.quota.quantity}{years} ({later.announced or 'no date'})")
    return ", ".join(texts) or None


def _write_fate(values: Mapping[str, Value]) -> str:
    """Say what replaced a promise and when it was cancelled."""
    replaced, cancelled = values.get("replaced_by"), values.get("cancelled")
    said = (replaced and f"replaced by {replaced}", cancelled and f"cancelled {cancelled}")
    return ", ".join(str(one) for one in said if one)


def _describe_years(first: int, last: int) -> str:
    if first == last:
        return f"for {first}"
    if last == LAST_YEAR:
        return f"from {first}"
    return f"up to {last}" if first == FIRST_YEAR else f"for {first} to {last}"
