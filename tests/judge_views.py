"""What section 3 of the design says of each view of a report, by the independent judge (see judge.py).

Each view is a function of a record and a moment, and gives its rows as far as that section decides them.
Sites are lists of ids: every number of a report is the length of the list that it names.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations, groupby, takewhile
from typing import NamedTuple

from judge import (
    AGAIN,
    BEFORE_WORK,
    ONE_DAY,
    OPENINGS,
    STAGES,
    UNFINISHED,
    Claim,
    Judged,
    Moment,
    Record,
    Row,
    State,
    content,
    find_announced_day,
    find_cohort,
    find_first,
    get_promised,
    is_complete,
    is_in_use,
    is_void,
    is_withdrawn,
    list_line,
    reach,
    read,
    state,
)

from nkplan.dates import parse_date, subtract_months

Content = Row | Record


# ---- the sites of a record


def list_sites(record: Record) -> list[str]:
    """Only sites are counted."""
    return [id_ for id_, project in record.projects.items() if project["type"] == "site"]


def list_programmes(record: Record) -> list[str]:
    return [id_ for id_, row in record.projects.items() if row["type"] == "programme"]


def find_programme(record: Record, project: str) -> str | None:
    outermost = list_line(record, project)[-1]
    return outermost if record.projects[outermost]["type"] == "programme" else None


def find_year(record: Record, project: str) -> int | None:
    """A cohort is a year or a wave; a site that says no year has its cohort's."""
    year: int | None = record.projects[project].get("year")
    cohort = find_cohort(record, project)
    return record.projects[cohort].get("year") if year is None and cohort is not None else year


def find_wave(record: Record, site: str) -> str | None:
    """The cohort of a site, if it is a wave: a cohort without a year."""
    cohort = find_cohort(record, site)
    return cohort if cohort is not None and "year" not in record.projects[cohort] else None


def is_named(record: Record, site: str, moment: Moment) -> bool:
    """With a day asked, a site is named once something that counts is on record about it; a count changes no
    number of named sites. One of which nothing of that sort is known to this day is named once anything is.
    """
    return (
        moment.is_plain
        or has_named(record, site, moment)
        or any(row["project"] == site for row in list_quotas(record, moment))
        or (not is_ever_judged(record, site, moment) and bool(Judged(record, site, moment).happened))
    )


def has_named(record: Record, site: str, moment: Moment) -> bool:
    claims = Judged(record, site, moment).claims
    return any(claim.is_news and "count" not in claim.row for claim in claims)


def is_ever_judged(record: Record, site: str, moment: Moment) -> bool:
    """Whether anything names the site, be it later; what was withdrawn by the moment does not."""
    claims = [claim for claim in record.claims[site] if claim.counts and not is_withdrawn(claim.row, moment)]
    return any(claim.is_news and "count" not in claim.row for claim in claims)


def list_named(record: Record, moment: Moment) -> list[str]:
    """The sites that a record has at a moment."""
    return [site for site in list_sites(record) if is_named(record, site, moment)]


def list_present(record: Record, moment: Moment) -> list[str]:
    """The projects that a record has at a moment: what is a site only if it is named."""
    unnamed = set(list_sites(record)) - set(list_named(record, moment))
    return [id_ for id_ in record.projects if id_ not in unnamed]


def is_heard_of(record: Record, project: str, moment: Moment) -> bool:
    """With a day asked, there is a cohort once anything is known about it or its sites, or was promised."""
    if moment.is_plain:
        return True
    known_by, happened_by = moment.known_by or date.max, moment.happened_by or date.max
    within = [id_ for id_ in record.projects if project in list_line(record, id_)]
    return any(row["project"] in within for row in list_quotas(record, moment)) or any(
        claim.known <= known_by and claim.effective <= happened_by
        for id_ in within
        for claim in record.claims[id_]
    )


def is_cancelled(record: Record, project: str, moment: Moment) -> bool:
    return state(record, project, moment).is_cancelled


# ---- quotas


class Number(NamedTuple):
    """A number promised for a programme: for a year, for a wave, or (with neither) for its other years.

    `unit` is None for sites, `stage` the promised status. A number that is `inner` is within another
    programme's. `quotas` are the ids of the quotas that it comes from.
    """

    programme: str
    kind: str
    unit: str | None
    stage: str
    year: int | None
    wave: str | None
    quantity: int
    inner: str | None = None
    quotas: tuple[str, ...] = ()


def get_stage(row: Row) -> str:
    """A quota may name a `promised_status`; completion is the default."""
    return str(row.get("promised_status", "completed"))


def list_quotas(record: Record, moment: Moment) -> list[Row]:
    """A quota changes nothing before its announcement, and is known from the announcement's own day."""
    return [
        row
        for row in record.content.get("quotas", ())
        if (day := find_quota_day(record, row)) <= (moment.happened_by or date.max)
        and day <= (moment.known_by or date.max)
    ]


def find_quota_day(record: Record, quota: Row) -> date:
    announcement = record.announcements.get(quota.get("announcement", ""))
    return date.min if announcement is None else find_announced_day(record, announcement)


def covers(quota: Row, year: int) -> bool:
    first: int = quota.get("first_year", year)
    last: int = quota.get("last_year", year)
    return first <= year <= last


def do_overlap(one: Row, other: Row) -> bool:
    """Whether there are years that both cover; an open side covers every year on it."""
    first: int = max(one.get("first_year", 0), other.get("first_year", 0))
    last: int = min(one.get("last_year", 9999), other.get("last_year", 9999))
    return first <= last


def order_quotas(record: Record, quotas: Iterable[Row]) -> list[Row]:
    return sorted(quotas, key=lambda row: (find_quota_day(record, row), row["quantity"], content(row)))


def find_yearly(record: Record, quotas: Iterable[Row], year: int) -> Row | None:
    """A later one replaces one of the same period (a year) for the years both cover; without a first year a
    number a year is shown and adds to nothing.
    """
    dated = [row for row in quotas if row["per"] == "year" and "first_year" in row and covers(row, year)]
    return order_quotas(record, dated)[-1] if dated else None


def list_totals(record: Record, quotas: Iterable[Row]) -> list[Row]:
    """A later one replaces one of the same period (in all) for the years both cover."""
    totals = order_quotas(record, [row for row in quotas if row["per"] == "total"])
    return [
        row
        for number, row in enumerate(totals)
        if not any(do_overlap(row, later) for later in totals[number + 1 :])
    ]


def list_years(quotas: Iterable[Row], cohort_years: Iterable[int], day: date) -> list[int]:
    """A number a year without a last year counts for each year begun and each that has a cohort."""
    years: set[int] = set()
    for row in quotas:
        if row["per"] == "year" and "first_year" in row:
            last = row.get("last_year", day.year)
            years |= set(range(row["first_year"], last + 1))
            years |= {year for year in cohort_years if row["first_year"] <= year and covers(row, year)}
    return sorted(years)


def list_replaced(record: Content, moment: Moment) -> list[tuple[str, str]]:
    """A later quota replaces one of the same project, kind, unit, promised status and period for the years
    both cover, and whoever reads the number is told: the ids of the earlier and of the later one.
    """
    record = read(record)
    ordered = order_quotas(record, list_quotas(record, moment))

    def key(row: Row) -> tuple[object, ...]:
        return (row["project"], row["kind"], row.get("unit"), get_stage(row), row["per"])

    return [
        (one["id"], other["id"])
        for one, other in combinations(ordered, 2)
        if key(one) == key(other)
        and do_overlap(one, other)
        and find_quota_day(record, one) < find_quota_day(record, other)
    ]


def list_numbers(record: Record, programme: str, moment: Moment) -> list[Number]:
    """List what is promised for a programme, for each kind, unit and promised status."""
    cohorts = [id_ for id_, row in record.projects.items() if row.get("parent") == programme]
    cohorts = [id_ for id_ in cohorts if record.projects[id_]["type"] == "cohort"]
    cohorts = [id_ for id_ in cohorts if is_heard_of(record, id_, moment)]
    quotas = [row for row in list_quotas(record, moment) if row["project"] in {programme, *cohorts}]
    keys = {(row["kind"], row.get("unit"), get_stage(row)) for row in quotas}
    numbers = []
    for kind, unit, stage in sorted(keys, key=str):
        mine = [
            row for row in quotas if (row["kind"], row.get("unit"), get_stage(row)) == (kind, unit, stage)
        ]
        like = Number(programme, kind, unit, stage, None, None, 0)
        numbers += list_like_numbers(record, like, mine, cohorts, moment)
    return numbers


def list_like_numbers(
    record: Record, like: Number, quotas: Sequence[Row], cohorts: Sequence[str], moment: Moment
) -> list[Number]:
    """A cohort's number stands for its year in place of the programme's; it is part of the programme's number
    in all where that covers the year, unless `beside`, and adds to it where not. What a number in all leaves
    of the years it covers is *other years*.
    """
    years: dict[int, str] = {
        record.projects[id_]["year"]: id_ for id_ in cohorts if "year" in record.projects[id_]
    }
    waves = [id_ for id_ in cohorts if "year" not in record.projects[id_]]
    own = [row for row in quotas if row["project"] == like.programme]
    found: list[tuple[Number, bool]] = []
    for year in sorted({*years, *list_years(own, years, moment.day)}):
        of_cohort = [row for row in quotas if row["project"] == years.get(year)]
        row = order_quotas(record, of_cohort)[-1] if of_cohort else find_yearly(record, own, year)
        if row is not None:
            number = like._replace(year=year, quantity=row["quantity"], inner=row.get("within"))
            found.append((number._replace(quotas=(row["id"],)), "beside" in row))
    for wave in waves:
        of_wave = [row for row in quotas if row["project"] == wave]
        totals = list_totals(record, of_wave)
        a_year = [find_yearly(record, of_wave, year) for year in list_years(of_wave, (), moment.day)]
        yearly = [row for row in a_year if row is not None]
        if rows := [*totals, *yearly]:
            quantity = max(sum(row["quantity"] for row in each) for each in (totals, yearly))
            number = like._replace(wave=wave, quantity=quantity, inner=rows[0].get("within"))
            ids = tuple(dict.fromkeys(row["id"] for row in rows))
            found.append((number._replace(quotas=ids), any("beside" in row for row in rows)))
    of_waves = sum(number.quantity for number, is_beside in found if number.wave and not is_beside)
    for total in sorted(list_totals(record, own), key=lambda row: row.get("first_year", 0)):
        parts = [
            number.quantity
            for number, is_beside in found
            if not is_beside and number.year is not None and covers(total, number.year)
        ]
        left = max(0, total["quantity"] - sum(parts))
        # A wave has no year: it is part of the first number that has room for it, and of one only.
        part = min(left, of_waves)
        of_waves -= part
        rest = left - part
        if rest > 0:
            other = like._replace(quantity=rest, inner=total.get("within"), quotas=(total["id"],))
            found.append((other, False))
    return [number for number, _ in found]


# ---- progress


class Counted(NamedTuple):
    """Counted in reports: started (by anyone, seen), complete and in use (each claimed, verified, by latest
    evidence).
    """

    named: frozenset[str] = frozenset()
    started: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    complete_claimed: frozenset[str] = frozenset()
    complete_verified: frozenset[str] = frozenset()
    complete_latest: frozenset[str] = frozenset()
    in_use_claimed: frozenset[str] = frozenset()
    in_use_verified: frozenset[str] = frozenset()
    in_use_latest: frozenset[str] = frozenset()


Promised = dict[tuple[str | None, str], int]
"""Numbers by unit (None: sites) and promised status; only like is added with like."""


class Progress(NamedTuple):
    """A row: a programme's year, its wave, its other years, or what belongs to no programme."""

    programme: str | None
    year: int | None
    wave: str | None
    promised: Promised
    counted: Counted


def count_sites(record: Record, sites: Iterable[str], moment: Moment) -> Counted:
    states = {site: state(record, site, moment) for site in sites if is_named(record, site, moment)}

    def each(*holds: bool) -> frozenset[str]:
        return frozenset(site for site, holds_here in zip(states, holds, strict=True) if holds_here)

    every = list(states.values())
    return Counted(
        frozenset(states),
        each(*(one.started for one in every)),
        each(*(one.started_seen for one in every)),
        each(*(is_complete(one.claimed) for one in every)),
        each(*(is_complete(one.verified) for one in every)),
        each(*(is_complete(one.status) for one in every)),
        each(*(is_in_use(one.claimed) for one in every)),
        each(*(is_in_use(one.verified) for one in every)),
        each(*(is_in_use(one.status) for one in every)),
    )


def add_up(numbers: Iterable[Number]) -> Promised:
    """Totals add like with like."""
    promised: Promised = {}
    for number in numbers:
        key = (number.unit, number.stage)
        promised[key] = promised.get(key, 0) + number.quantity
    return promised


def report_progress(record: Content, moment: Moment) -> list[Progress]:
    """Count the sites of each programme by year beside what was promised for it."""
    record = read(record)
    rows = []
    for programme in [*list_programmes(record), None]:
        numbers = [] if programme is None else list_numbers(record, programme, moment)
        sites = [site for site in list_sites(record) if find_programme(record, site) == programme]
        where = {site: (find_year(record, site), find_wave(record, site)) for site in sites}
        for year, wave in sorted({*where.values(), *((one.year, one.wave) for one in numbers)}, key=str):
            promised = add_up(one for one in numbers if (one.year, one.wave) == (year, wave))
            counted = count_sites(record, [site for site in sites if where[site] == (year, wave)], moment)
            rows.append(Progress(programme, year, wave, promised, counted))
    return rows


def total_progress(record: Content, moment: Moment) -> Progress:
    """Totals add like with like; what has no promised number stands under the total. A programme's may be
    `within` another's; totals count it once.
    """
    record = read(record)
    numbers = [number for id_ in list_programmes(record) for number in list_numbers(record, id_, moment)]
    once = [number for number in numbers if not is_counted_within(number, numbers)]
    rows = [row for row in report_progress(record, moment) if any(unit is None for unit, _ in row.promised)]
    columns = zip(*(row.counted for row in rows), strict=True)
    counted = Counted(*(frozenset[str]().union(*column) for column in columns))
    return Progress(None, None, None, add_up(once), counted)


def total_openings(record: Content, moment: Moment) -> tuple[int | None, Counted]:
    """The total of the numbers by which openings are measured, and of the rows that they are for: those of a
    year, of a wave, and what a number in all covers. Without any number it is that of all rows.
    """
    record = read(record)
    numbers = [
        number for id_ in list_programmes(record) for number in list_opening_numbers(record, id_, moment)
    ]
    owners = {number.programme for number in numbers}
    every = report_progress(record, moment)
    rows = [row for row in every if is_promised_number(record, row, moment)] or every
    columns = zip(*(row.counted for row in rows), strict=True)
    counted = Counted(*(frozenset[str]().union(*column) for column in columns))
    once = sum(number.quantity for number in numbers if number.inner not in owners)
    return once if numbers else None, counted


def is_promised_number(record: Record, row: Progress, moment: Moment) -> bool:
    """Whether a number was promised for a row: its own, or one in all that covers its year."""
    if row.programme is None:
        return False
    numbers = list_opening_numbers(record, row.programme, moment)
    quotas = list_opening_quotas(record, row.programme, moment)
    totals = list_totals(record, [quota for quota in quotas if quota["project"] == row.programme])
    return any(
        one.wave == row.wave if one.wave is not None else one.year == row.year for one in numbers
    ) or any(row.year is None or covers(total, row.year) for total in totals)


def is_counted_within(number: Number, numbers: Iterable[Number]) -> bool:
    """A programme's may be `within` another's; totals count it once: with that one, if like."""
    return number.inner is not None and any(
        (other.programme, other.unit, other.stage) == (number.inner, number.unit, number.stage)
        for other in numbers
    )


# ---- lists of sites


class Overdue(NamedTuple):
    """A date that has passed and is not kept; `stage` is a promised status, or `again` for use again."""

    project: str
    stage: str
    promised: str


def get_promises(one: State) -> dict[str, str]:
    held = (one.promised_start, one.promised, one.promised_use, one.promised_again)
    return {
        stage: written for stage, written in zip((*STAGES, AGAIN), held, strict=True) if written is not None
    }


def is_kept(one: State, stage: str) -> bool:
    """A promise is kept once that stage is on record and not void. A date promised after `idle` or `closed`
    promises use again: a new chain, which only the latest status keeps.
    """
    kept = {
        "groundbroken": one.started,
        "completed": one.opened is not None,
        "operating": one.used,
        AGAIN: is_in_use(one.status),
    }
    return kept[stage]


def list_overdue(record: Content, moment: Moment) -> list[Overdue]:
    """*Overdue*: the whole interval has passed and it is not kept; nothing of what is cancelled is."""
    record = read(record)
    found = []
    for site in list_named(record, moment):
        one = state(record, site, moment)
        if one.is_cancelled:
            continue
        found += [
            Overdue(site, stage, written)
            for stage, written in get_promises(one).items()
            if parse_date(written).end < moment.day and not is_kept(one, stage)
        ]
    return found


def list_silent(record: Content, moment: Moment) -> list[str]:
    """**silent**: not open, halted or ended, and no news in the last months (24, or the record's own
    number). Nothing of what is cancelled is silent.
    """
    record = read(record)
    months = record.content.get("settings", {}).get("silent_months", 24)
    limit = subtract_months(moment.day, months)
    silent = []
    for site in list_named(record, moment):
        one = state(record, site, moment)
        is_over = one.status in {*OPENINGS, "paused", "cancelled"} or one.is_cancelled
        if not is_over and (one.last_day is None or one.last_day <= limit):
            silent.append(site)
    return silent


def list_unverified(record: Content, moment: Moment) -> list[str]:
    record = read(record)
    return [site for site in list_named(record, moment) if state(record, site, moment).is_unverified]


def list_use(record: Content, moment: Moment) -> dict[str, list[str]]:
    """What has opened, by use: `completed`, `operating`, `idle`, and `closed`, which ended after use."""
    record = read(record)
    statuses = {site: state(record, site, moment).status for site in list_named(record, moment)}
    return {use: [site for site, status in statuses.items() if status == use] for use in OPENINGS}


# ---- slips and durations


class Slip(NamedTuple):
    """The dates promised of one project for one stage, in the order said, each once in a row.

    `moved` is by how many days the last one is later than the first; dates said on one day are two readings
    of one promise. `late_least` and `late_most` are how many days after the first one it was kept, or how
    many have passed; None if that is unknown. Lateness that `stopped` ends on the day of the cancellation.
    """

    project: str
    stage: str
    dates: tuple[str, ...]
    moved: int | None
    late_least: int | None
    late_most: int | None
    stopped: bool
    kept: bool = False

    @property
    def is_slip(self) -> bool:
        """Whether a date was moved, missed or met."""
        return len(self.dates) > 1 or self.late_most is not None or self.kept


class Kept(NamedTuple):
    """When a promised stage was reached: the first possible day, None if it is only known by a day, and the
    day by which it surely was.
    """

    first: date | None
    day: date


def measure(since: date, until: date) -> int | None:
    """Compare open sides, but measure nothing from them."""
    return None if {since, until} & {date.min, date.max} else (until - since).days


def list_slips(record: Content, moment: Moment) -> list[Slip]:
    """Only the promiser's word (or a class-less update) promises; for each `promised_status` the latest date
    holds, by the day said, then the later end.
    """
    record = read(record)
    slips = []
    for project in list_present(record, moment):
        judged = Judged(record, project, moment)
        for stage in (*STAGES, AGAIN):
            chains = list_chains(judged, stage)
            for chain in chains:
                is_last = chain is chains[-1]
                slips.append(measure_slip(judged, stage, chain, find_kept(judged, stage, chain, is_last)))
    return slips


def list_uses(judged: Judged) -> list[Claim]:
    return [claim for claim in judged.setting if is_in_use(claim.status)]


def list_chains(judged: Judged, stage: str) -> list[list[Claim]]:
    """A date promised after `idle` or `closed` promises use again: a new chain, and another one after it was
    in use again.
    """
    promises = judged.list_promises(stage)
    if stage != AGAIN:
        return [promises] if promises else []

    def find_last_use(claim: Claim) -> date | None:
        return max(
            (use.effective for use in list_uses(judged) if use.effective <= claim.effective), default=None
        )

    return [list(chain) for _, chain in groupby(promises, key=find_last_use)]


def find_kept(judged: Judged, stage: str, chain: Sequence[Claim], is_last: bool) -> Kept | None:
    """A promise is kept once that stage is on record and not void. Use again is kept by the latest status
    alone, and in a chain that another one follows by the first use after it was promised.
    """
    record, moment = judged.record, judged.moment
    type_ = record.projects[judged.project]["type"]
    if stage == AGAIN:
        if is_last:
            uses = list(takewhile(lambda claim: is_in_use(claim.status), reversed(judged.setting)))
        else:
            uses = [use for use in list_uses(judged) if use.effective > chain[0].effective]
        return find_use(uses)
    if type_ == "cohort":
        # A cohort has reached a stage when all its sites have that are not cancelled, whatever is said of it.
        sites = [site for site in list_named(record, moment) if find_cohort(record, site) == judged.project]
        states = [Judged(record, site, moment) for site in sites]
        kept = [(one, find_stage(one, stage)) for one in states]
        reached = [at for _, at in kept if at is not None]
        last = max(reached, key=lambda one: (one.day, one.first or date.min), default=None)
        return None if any(at is None and one.cancelled_since is None for one, at in kept) else last
    if type_ == "programme" and stage != "groundbroken":
        return None
    return find_stage(judged, stage)


def find_stage(judged: Judged, stage: str) -> Kept | None:
    """When a project reached a stage; what has opened had started by then."""
    start, opening = judged.start, judged.opening
    if stage == "operating":
        return find_use(claim for claim in judged.standing if is_in_use(claim.status))
    is_first = start is not None and (opening is None or start.effective <= opening.effective)
    if stage == "groundbroken" and start is not None and is_first:
        return make_kept(judged, start, BEFORE_WORK)
    if opening is None:
        return None
    return (
        Kept(None, opening.effective) if stage == "groundbroken" else make_kept(judged, opening, UNFINISHED)
    )


def make_kept(judged: Judged, event: Claim, unfinished: Sequence[str]) -> Kept:
    is_only_by = judged.is_only_by(event, unfinished)
    return Kept(None if is_only_by else judged.find_earliest(event, unfinished), event.effective)


def find_use(uses: Iterable[Claim]) -> Kept | None:
    use = find_first(uses)
    return None if use is None else Kept(use.when.start if use.when.has_start else None, use.effective)


def measure_slip(judged: Judged, stage: str, chain: Sequence[Claim], kept: Kept | None) -> Slip:
    """Lateness stops the day it is cancelled, also for what opens later, and says so. `../D`: "at most". What
    is not kept is late up to the day that is asked.
    """
    dates = [one for one, _ in groupby(map(get_promised, chain))]
    first, last = dates[0], dates[-1]
    said = [next(claim.effective for claim in chain if get_promised(claim) == one) for one in (first, last)]
    cancelled = state(judged.record, judged.project, judged.moment).cancelled_day
    stopped = cancelled is not None and (kept is None or kept.day > cancelled)
    end = kept
    if kept is None or (stopped and kept.day > first.end):
        until = min(judged.moment.day, cancelled or date.max)
        least = until if kept is None else kept.first and min(kept.first, until)
        end = Kept(least, until) if until > first.end else None
    if not first.has_end:
        end = None
    return Slip(
        judged.project,
        stage,
        tuple(one.written for one in dates),
        measure(first.end, last.end) if said[0] < said[1] else 0,
        None if end is None or end.first is None else measure(first.end, end.first),
        None if end is None else measure(first.end, end.day),
        stopped,
        kept is not None,
    )


class Duration(NamedTuple):
    """The days from the start of work to the opening: at least, and at most; None if that is unknown."""

    project: str
    least: int | None
    most: int | None
    exact: bool


def list_durations(record: Content, moment: Moment) -> list[Duration]:
    """A `building` is "by" its day, and a duration from it "at least". `../D` gives no exact duration, but
    "at most". Where nothing follows from the two dates there is no duration.
    """
    record = read(record)
    durations = []
    for site in list_named(record, moment):
        one = state(record, site, moment)
        if one.start_day and one.start_first and one.opened_day and one.opened_first:
            least = None if one.opened_is_by else measure(one.start_day, one.opened_first)
            most = None if one.start_is_by else measure(one.start_first, one.opened_day)
            if most is not None and most < 0:
                continue
            if most is not None or (least is not None and least > 0):
                least = None if least is None else max(least, 0)
                durations.append(Duration(site, least, most, least is not None and least == most))
    return durations


# ---- pace and missing


class Pace(NamedTuple):
    """What of a programme's numbers of sites is due, when its sites opened, and what is left.

    `target` is the latest number in all, `opened` has the sites that opened since the first promise of its
    chain, and `left` is what of it has not opened; both of these are None without such a number, `left` also
    of what is cancelled. `by_year` has all sites that surely opened in one year.
    """

    programme: str
    kind: str
    promised: int
    due: int
    target: int | None
    opened: tuple[str, ...]
    by_year: dict[int, tuple[str, ...]]
    left: int | None


def has_ended(year: int, day: date) -> bool:
    return date(year, 12, 31) < day


def list_pace(record: Content, moment: Moment) -> list[Pace]:
    """**pace**: years that have ended are due, a total at its last year; every opening since the first
    promise of the chain counts.
    """
    record = read(record)
    rows = []
    for programme in list_programmes(record):
        quotas = list_opening_quotas(record, programme, moment)
        kinds = dict.fromkeys(row["kind"] for row in quotas)
        rows += [
            measure_pace(record, programme, kind, [row for row in quotas if row["kind"] == kind], moment)
            for kind in kinds
        ]
    return rows


def list_opening_quotas(record: Record, programme: str, moment: Moment) -> list[Row]:
    """The quotas by which openings are measured: of each kind those of sites to be completed, or else those
    of sites to be in use.
    """
    own = [
        row
        for row in list_quotas(record, moment)
        if programme in list_line(record, row["project"]) and "unit" not in row
    ]
    completed = {row["kind"] for row in own if get_stage(row) == "completed"}
    return [
        row for row in own if get_stage(row) == ("completed" if row["kind"] in completed else "operating")
    ]


def list_opening_numbers(record: Record, programme: str, moment: Moment) -> list[Number]:
    quotas = list_opening_quotas(record, programme, moment)
    keys = {(row["kind"], get_stage(row)) for row in quotas}
    numbers = list_numbers(record, programme, moment)
    return [one for one in numbers if one.unit is None and (one.kind, one.stage) in keys]


def list_total_chain(quotas: Iterable[Row], record: Record) -> list[Row]:
    """The latest number in all, and those that it and they replaced one after another."""
    chain: list[Row] = []
    for row in reversed(order_quotas(record, quotas)):
        if not chain or any(do_overlap(row, later) for later in chain):
            chain.append(row)
    return chain


def measure_pace(record: Record, programme: str, kind: str, quotas: Sequence[Row], moment: Moment) -> Pace:
    numbers = [one for one in list_opening_numbers(record, programme, moment) if one.kind == kind]
    states = {
        site: state(record, site, moment)
        for site in list_named(record, moment)
        if find_programme(record, site) == programme and record.projects[site]["kind"] == kind
    }
    by_year: dict[int, tuple[str, ...]] = {}
    for site, one in states.items():
        first, last = one.opened_first, one.opened_day
        if first and last and first.year == last.year <= moment.day.year:
            # `../D` is in a year only if both ends lie in it; a year to come has none yet.
            by_year[last.year] = (*by_year.get(last.year, ()), site)
    chain = list_total_chain(
        [row for row in quotas if row["per"] == "total" and row["project"] == programme], record
    )
    target = chain[0]["quantity"] if chain else None
    days = [find_quota_day(record, row) for row in chain if "announcement" in row]
    # When it was announced nobody knows: then from the years that it was promised for.
    years = [row["first_year"] for row in chain if "first_year" in row]
    since = min(days) if days else date(min(years, default=1), 1, 1)
    # What has begun counts, as everywhere; what is known of a year to come does not.
    opened = tuple(
        site
        for site, one in states.items()
        if one.opened_day and since <= one.opened_day and one.opened_day.year <= moment.day.year
    )
    left = None if target is None else max(0, target - len(opened))
    return Pace(
        programme,
        kind,
        sum(number.quantity for number in numbers),
        sum(one.quantity for one in numbers if is_due(record, one, quotas, moment)),
        target,
        opened,
        by_year,
        None if is_cancelled(record, programme, moment) else left,
    )


def is_due(record: Record, number: Number, chain: Sequence[Row], moment: Moment) -> bool:
    """Years that have ended are due, a total at its last year (a wave that is part of it with it); nothing of
    what is cancelled is due.
    """
    if is_number_cancelled(record, number, moment):
        return False
    if number.year is not None:
        return has_ended(number.year, moment.day)
    own = [row for row in chain if row["id"] in number.quotas]
    ended = [row for row in chain if has_ended(row.get("last_year", 9998), moment.day)]
    if number.wave is None or all(row in ended for row in own):
        return all(row in ended for row in own)
    totals = list_totals(record, [row for row in chain if row["project"] == number.programme])
    return not any("beside" in row for row in own) and any(row in ended for row in totals)


def is_number_cancelled(record: Record, number: Number, moment: Moment) -> bool:
    """Whether the programme of the number is cancelled, or the cohort of its year or wave."""
    cohorts = [
        id_
        for id_, row in record.projects.items()
        if row.get("parent") == number.programme
        and row["type"] == "cohort"
        and (id_ == number.wave or (number.year is not None and row.get("year") == number.year))
    ]
    return any(is_cancelled(record, id_, moment) for id_ in [number.programme, *cohorts])


class Missing(NamedTuple):
    """How many of the sites promised for a programme's year, wave or other years are not named."""

    programme: str
    kind: str
    stage: str
    year: int | None
    wave: str | None
    number: int


def list_missing(record: Content, moment: Moment) -> list[Missing]:
    """Which were promised and are not named: promised minus named; nothing cancelled is lacking. What is
    `within` another programme's number is lacking once, in its own row.
    """
    record = read(record)
    numbers = [
        one
        for id_ in list_programmes(record)
        for one in merge_rests(list_opening_numbers(record, id_, moment))
    ]
    named = [len(list_promised_sites(record, one, numbers, moment)) for one in numbers]
    lacking = [
        0 if is_number_cancelled(record, one, moment) else max(0, one.quantity - number)
        for one, number in zip(numbers, named, strict=True)
    ]
    inner = [(at, list_wholes(record, one, numbers)) for at, one in enumerate(numbers) if one.inner]
    for at, wholes in sorted(inner, key=lambda pair: len(pair[1])):
        rest = max(numbers[at].quantity, named[at])
        for whole in wholes:
            filled = min(rest, lacking[whole])
            lacking[whole] -= filled
            rest -= filled
    return [
        Missing(one.programme, one.kind, one.stage, one.year, one.wave, number)
        for one, number in zip(numbers, lacking, strict=True)
        if number > 0
    ]


def list_wholes(record: Record, inner: Number, numbers: Sequence[Number]) -> list[int]:
    """Of which numbers one is part, by their places: that of its year or of the other years; then, if it has
    no year, those of the years that it is promised for.
    """
    wholes = [at for at, one in enumerate(numbers) if is_part(inner, one, numbers)]
    rows = [row for row in record.content.get("quotas", ()) if row["id"] in inner.quotas]
    of_years = [
        (one.year, at)
        for at, one in enumerate(numbers)
        if (one.programme, one.kind) == (inner.inner, inner.kind)
        and inner.year is None
        and one.year is not None
        and any(covers(row, one.year) for row in rows)
    ]
    return wholes + [at for _, at in sorted(of_years)]


def merge_rests(numbers: Iterable[Number]) -> list[Number]:
    """What several numbers in all leave for other years is one number: no site tells them apart."""
    merged: dict[tuple[object, ...], Number] = {}
    for one in numbers:
        key = one[:6]
        before = merged.get(key)
        merged[key] = (
            one
            if before is None
            else before._replace(quantity=before.quantity + one.quantity, quotas=before.quotas + one.quotas)
        )
    return list(merged.values())


def is_part(inner: Number, one: Number, numbers: Sequence[Number]) -> bool:
    """Whether a number is within another programme's: that of its year, or else of the other years; a site is
    named for whichever stage is promised.
    """
    if (inner.inner, inner.kind) != (one.programme, one.kind) or one.wave is not None:
        return False
    same_year = any(
        (other.programme, other.kind, other.year, other.wave) == (one.programme, one.kind, inner.year, None)
        for other in numbers
    )
    return one.year == (inner.year if same_year else None)


def list_promised_sites(record: Record, one: Number, numbers: Sequence[Number], moment: Moment) -> list[str]:
    """The named sites that a number was promised for: those of its year or wave; of the other years those
    that no other number is for, if the number in all covers their year.
    """
    alike = [
        other
        for other in numbers
        if (other.programme, other.kind, other.stage) == (one.programme, one.kind, one.stage)
    ]
    years, waves = {other.year for other in alike} - {None}, {other.wave for other in alike} - {None}
    totals = [row for row in list_quotas(record, moment) if row["id"] in one.quotas]
    sites = []
    for site in list_named(record, moment):
        if find_programme(record, site) != one.programme or record.projects[site]["kind"] != one.kind:
            continue
        year, wave = find_year(record, site), find_wave(record, site)
        if wave in waves:
            is_for = wave == one.wave
        elif year in years:
            is_for = year == one.year
        else:
            is_rest = (one.year, one.wave) == (None, None)
            is_for = is_rest and (year is None or any(covers(row, year) for row in totals))
        if is_for:
            sites.append(site)
    return sites


def list_not_started(record: Content, moment: Moment) -> list[str]:
    """Which places have not broken ground; nothing of what is cancelled is lacking."""
    record = read(record)
    states = {site: state(record, site, moment) for site in list_named(record, moment)}
    return [site for site, one in states.items() if not one.started and not one.is_cancelled]


def list_not_opened(record: Content, moment: Moment) -> list[str]:
    """Which places have not opened; nothing of what is cancelled is lacking."""
    record = read(record)
    states = {site: state(record, site, moment) for site in list_named(record, moment)}
    return [site for site, one in states.items() if one.opened is None and not one.is_cancelled]


# ---- contradictions


class Conflict(NamedTuple):
    """Two claims of a project that contradict each other, by id; `other` can be a site's id."""

    project: str
    conflict: str
    one: str
    other: str


def list_conflicts(record: Content, moment: Moment) -> list[Conflict]:
    """**contradicted**: the pairs of claims that cannot both be true."""
    record = read(record)
    found = []
    for project in list_present(record, moment):
        judged = Judged(record, project, moment)
        found += [
            *list_disjoint(judged),
            *list_in_use_and_idle(judged),
            *list_voided(judged),
            *list_complete_without_sites(judged),
            *list_falling_counts(judged),
            *list_exceeded_counts(judged),
        ]
    return found


def make_conflict(judged: Judged, conflict: str, one: Claim, other: Claim) -> Conflict:
    return Conflict(judged.project, conflict, one.row["id"], other.row["id"])


def is_before(one: Claim, other: Claim) -> bool:
    """Whether the dates are disjoint, in this order. `../D` contradicts only what is later than D."""
    return one.when.end < other.when.start


def list_disjoint(judged: Judged) -> list[Conflict]:
    """Two `completed`, or two `groundbroken`, whose dates are disjoint, with no halt, void or new work
    between (`operating` and `building` are sightings and never contradict their like).
    """
    return [
        make_conflict(judged, f"two {status}", *sorted(pair, key=lambda claim: claim.order))
        for status in ("completed", "groundbroken")
        for pair in combinations([claim for claim in judged.standing if claim.status == status], 2)
        if (is_before(*pair) or is_before(*reversed(pair))) and not is_broken_between(judged, *pair)
    ]


def is_broken_between(judged: Judged, one: Claim, other: Claim) -> bool:
    """Whether there is a halt, void or new work between two claims: what makes the second another event."""
    first, second = sorted((one, other), key=lambda claim: claim.order)
    between = [claim for claim in judged.claims if first.order < claim.order < second.order]
    halts = ("paused", "cancelled", "closed")
    new_work = UNFINISHED if first.status == "completed" else (*BEFORE_WORK, *OPENINGS)
    is_other = {*halts, *new_work}
    return any(
        claim in judged.void or (claim in judged.setting and claim.status in is_other) for claim in between
    )


def list_in_use_and_idle(judged: Judged) -> list[Conflict]:
    """In use and idle on one day."""
    days = [claim for claim in judged.claims if claim.when.start == claim.when.end]
    return [
        make_conflict(judged, "in use and idle", one, other)
        for one in days
        for other in days
        if one.status == "operating" and other.status == "idle" and one.when.start == other.when.start
    ]


def list_voided(judged: Judged) -> list[Conflict]:
    """An opening and what makes it void."""
    return [
        make_conflict(judged, "void", opening, claim)
        for opening in judged.void
        for claim in judged.claims
        if is_voided_by(judged, opening, claim)
    ]


def is_voided_by(judged: Judged, opening: Claim, claim: Claim) -> bool:
    seen_open = [one for one in judged.known if one.is_observation and one.is_opening]
    return is_void(opening, [*seen_open, claim])


def list_complete_without_sites(judged: Judged) -> list[Conflict]:
    """A cohort or programme called complete while its sites are not: each claim that it is complete or in
    use, with each site that had not opened by the day of that and was not cancelled by then.
    """
    record, moment = judged.record, judged.moment
    if record.projects[judged.project]["type"] == "site":
        return []
    sites = [site for site in list_named(record, moment) if judged.project in list_line(record, site)]
    states = {site: state(record, site, moment) for site in sites}
    return [
        Conflict(judged.project, "complete without sites", claim.row["id"], site)
        for claim in judged.claims
        if claim.status in {"completed", "operating"}
        for site, one in states.items()
        if claim.effective < min(one.opened_first or date.max, one.cancelled_day or date.max)
    ]


def list_counts(judged: Judged) -> list[Claim]:
    """The counts that something follows from."""
    return [claim for claim in judged.claims if "count" in claim.row]


def list_falling_counts(judged: Judged) -> list[Conflict]:
    """Counts compare when project, status and unit agree; a `bound` never contradicts. Only counts of what is
    completed may not fall.
    """
    completed = [
        claim
        for claim in list_counts(judged)
        if claim.row["status"] == "completed" and "bound" not in claim.row
    ]
    return [
        make_conflict(judged, "a count falls", one, other)
        for one in completed
        for other in completed
        if one.row.get("unit") == other.row.get("unit")
        and is_before(one, other)
        and one.row["count"] > other.row["count"]
    ]


def list_exceeded_counts(judged: Judged) -> list[Conflict]:
    """Named sites contradict a count only when, on its day and by its class, they are more."""
    found = []
    for claim in list_counts(judged):
        if "unit" in claim.row or "bound" in claim.row:
            continue
        sites = list_named_by(judged.record, claim, judged.moment)
        if len(sites) > claim.row["count"]:
            found += [Conflict(judged.project, "more sites", claim.row["id"], site) for site in sites]
    return found


def list_named_by(record: Record, claim: Claim, moment: Moment) -> list[str]:
    """The named sites that, on the day of a count and by its class, have come as far as what it counts."""
    then = moment._replace(as_of=min(claim.effective, moment.as_of or claim.effective))
    sites = []
    for site in list_sites(record):
        if claim.row["project"] in list_line(record, site)[1:]:
            judged = state(record, site, then)
            status = judged.status
            if claim.is_promisers:
                status = judged.claimed
            elif claim.is_observation:
                status = judged.verified
            if has_come_to(status, claim.row["status"]):
                sites.append(site)
    return sites


def has_come_to(status: str | None, counted: str) -> bool:
    """Whether a site of a status is among what a count of another counts."""
    if status is None:
        return False
    if counted == "announced":
        return True  # At whatever stage, as Ghana's record has it.
    if counted == "completed":
        return is_complete(status)
    if counted == "groundbroken":
        return status in {"groundbroken", "building"} or is_complete(status)
    return status == counted


# ---- counts and changes


class Count(NamedTuple):
    """A count beside the named sites of its day, by its class."""

    project: str
    update: str
    status: str
    unit: str | None
    number: float
    of: float | None
    bound: str | None
    sites: tuple[str, ...]


def report_counts(record: Content, moment: Moment) -> list[Count]:
    """Beside the named sites stand the counts, never added to them; one of low confidence or of an interested
    party is shown like any other.
    """
    record = read(record)
    return [
        Count(
            project,
            claim.row["id"],
            claim.row["status"],
            claim.row.get("unit"),
            claim.row["count"],
            claim.row.get("of"),
            claim.row.get("bound"),
            tuple(list_named_by(record, claim, moment)),
        )
        for project in list_present(record, moment)
        for claim in Judged(record, project, moment).happened
        if "count" in claim.row
    ]


class Change(NamedTuple):
    """What moved of a project: facts by name, before and now, and how many counts are new."""

    project: str
    before: dict[str, object]
    now: dict[str, object]
    counts: int = 0


MOVING = ("status", "claimed", "verified", "progress", "start", "opened")
"""What of a project can change, beside the dates that are promised for it."""


def list_changes(record: Content, moment: Moment, since: str) -> list[Change]:
    """What changed since a day: what was known before its first day beside what is known now."""
    record = read(record)
    before = moment._replace(known_on=parse_date(since).start - ONE_DAY)
    changes = []
    for project in record.projects:
        if project not in list_present(record, moment):
            continue
        was, is_ = (find_facts(record, project, each) for each in (before, moment))
        earlier, later = (
            {claim.row["id"]: claim for claim in Judged(record, project, each).happened if claim.is_news}
            for each in (before, moment)
        )
        new = [claim for id_, claim in later.items() if id_ not in earlier]
        counts = sum("count" in claim.row for claim in new)
        was_known = project in list_present(record, before) and Judged(record, project, before).happened
        is_first = bool(new) and not was_known
        if was != is_ or counts or is_first:
            changes.append(Change(project, was, is_, counts))
    return changes


def find_facts(record: Record, project: str, moment: Moment) -> dict[str, object]:
    """What can move of a project; empty if it is not in the record."""
    if project not in list_present(record, moment):
        return dict.fromkeys((*MOVING, *STAGES, AGAIN))
    one, judged = state(record, project, moment), Judged(record, project, moment)
    facts: dict[str, object] = {name: getattr(one, name) for name in MOVING}
    facts["start"], facts["opened"] = (
        write_by(one.start, one.start_first),
        write_by(one.opened, one.opened_first),
    )
    return facts | {stage: judged.find_promised(stage) for stage in (*STAGES, AGAIN)}


def write_by(written: str | None, first: date | None) -> str | None:
    """`../D`, seen by D, where it can have been before the day as written."""
    if written is None or first is None or first >= parse_date(written).start:
        return written
    start, _, end = written.partition("/")
    return f"../{start if end in {'', '..'} else end}"


# ---- promises, regions, and what to look at


class Outcome(NamedTuple):
    """What became of a number: the sites that it covers, or in a unit the latest counts of each class."""

    sites: Counted | None = None
    claimed: float | None = None
    verified: float | None = None


def list_outcomes(record: Content, moment: Moment) -> dict[str, Outcome]:
    """What became of each promise of a number, by the id of the quota."""
    record = read(record)
    return {row["id"]: find_outcome(record, row, moment) for row in list_quotas(record, moment)}


def find_outcome(record: Record, quota: Row, moment: Moment) -> Outcome:
    """A number in a unit has the promiser's latest count of the stage and the latest observed one. The others
    have the sites of their kind that they cover: of a cohort all; of a year those of the year; in all also
    those without a year, but not those of a cohort whose number is beside it.
    """
    owner = quota["project"]
    if "unit" in quota:
        counts = [
            claim
            for claim in list_counts(Judged(record, owner, moment))
            if claim.row.get("unit") == quota["unit"]
        ]
        counts.sort(key=lambda claim: (claim.effective, claim.row["count"]))
        claimed = find_latest_count([claim for claim in counts if claim.is_promisers], get_stage(quota))
        observed = find_latest_count([claim for claim in counts if claim.is_observation], get_stage(quota))
        return Outcome(None, claimed, observed)
    own = [
        site
        for site in list_named(record, moment)
        if owner in list_line(record, site)[1:] and record.projects[site]["kind"] == quota["kind"]
    ]
    years = {site: find_year(record, site) for site in own}
    covered = own
    if record.projects[owner]["type"] == "programme":
        beside = {
            row["project"]
            for row in list_quotas(record, moment)
            if row["kind"] == quota["kind"] and "beside" in row
        }
        covered = [
            site
            for site, year in years.items()
            if (quota["per"] == "total" and year is None and find_cohort(record, site) not in beside)
            or (
                year is not None
                and covers(quota, year)
                and (quota["per"] == "year" or find_cohort(record, site) not in beside)
            )
        ]
    return Outcome(count_sites(record, covered, moment))


def find_latest_count(counts: Sequence[Claim], stage: str) -> float | None:
    """The latest count of a stage, or else of what reaches further and so shows it too."""
    exact = [claim.row["count"] for claim in counts if claim.row["status"] == stage]
    further = [claim.row["count"] for claim in counts if reach(claim.row["status"]) > reach(stage)]
    found: list[float] = exact or further
    return found[-1] if found else None


def is_unknown(record: Record, quota: Row, moment: Moment) -> bool:
    """Whether nobody knows which sites a number is for: none of the project has a year or is in it."""
    sites = [site for site in list_named(record, moment) if quota["project"] in list_line(record, site)[1:]]
    outcome = find_outcome(record, quota, moment).sites
    return record.projects[quota["project"]]["type"] == "site" or (
        outcome is not None
        and not outcome.named
        and any(record.projects[site]["kind"] == quota["kind"] for site in sites)
        and all(find_year(record, site) is None for site in sites)
    )


def list_announced(record: Record, moment: Moment) -> list[str]:
    """An announcement is known from its own day."""
    return [
        id_
        for id_, row in record.announcements.items()
        if find_announced_day(record, row) <= min(moment.happened_by or date.max, moment.known_by or date.max)
    ]


class Coverage(NamedTuple):
    """The places directly in a region that have a site named, started or opened, and all its sites."""

    named: frozenset[str]
    started: frozenset[str]
    opened: frozenset[str]
    sites: frozenset[str]


def list_coverage(record: Content, moment: Moment) -> dict[str, Coverage]:
    """Which regions and places are covered; a region without places of its own is one place."""
    record = read(record)
    parents = {row["id"]: row.get("parent") for row in record.content.get("places", ())}
    found = {}
    for region in [id_ for id_, parent in parents.items() if parent is None]:
        places = {id_ for id_, parent in parents.items() if parent == region} or {region}
        where: dict[str, list[str]] = {}
        for site in list_named(record, moment):
            if (place := record.projects[site].get("place")) is not None:
                line = [place]
                while parent := parents[line[-1]]:
                    line.append(parent)
                if line[-1] == region:
                    where[site] = line
        states = {site: state(record, site, moment) for site in where}
        reached = [(place, states[site]) for site, line in where.items() for place in line if place in places]
        found[region] = Coverage(
            frozenset(place for place, _ in reached),
            frozenset(place for place, one in reached if one.started),
            frozenset(place for place, one in reached if one.opened is not None),
            frozenset(where),
        )
    return found


def list_reasons(record: Content, moment: Moment) -> dict[str, set[str]]:
    """Why a site is worth a look."""
    record = read(record)
    conflicts = {one.project for one in list_conflicts(record, moment)}
    late = {one.project for one in list_overdue(record, moment)}
    unverified, silent = set(list_unverified(record, moment)), set(list_silent(record, moment))
    found: dict[str, set[str]] = {}
    for site in list_named(record, moment):
        judged = Judged(record, site, moment)
        status = state(record, site, moment).status
        sources = {claim.row.get("source") for claim in judged.claims if claim.status == status} - {None}
        reasons = {
            "contradicted": site in conflicts,
            "overdue": site in late,
            "unverified": site in unverified,
            "silent": site in silent,
            "single source": status is not None and len(sources) < 2,
        }
        found[site] = {reason for reason, holds in reasons.items() if holds}
    return {site: reasons for site, reasons in found.items() if reasons}
