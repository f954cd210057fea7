"""An independent judge: what section 3 of the design says of a record, in plain Python.

Written from the sentences of that section and not from the program, which is compared with it. It reads the
content of an nkplan/2 file, a plain dict, and does not care how long that takes. Each function has the
sentences that it follows as its docstring.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from nkplan.dates import PartialDate, parse_date
from nkplan.model.vocabulary import Evidence, Status

Row = Mapping[str, Any]

ONE_DAY = timedelta(days=1)
UNFINISHED = ("announced", "preparing", "groundbroken", "building")
BEFORE_WORK = ("announced", "preparing")
WORK_OR_NAMED = ("preparing", "groundbroken", "building")
OPENINGS = ("completed", "operating", "idle", "closed")
BY_ITS_DAY = ("building", "idle", "closed")
SET_ASIDE = ("idle", "closed")
TAKEN_UP_AFTER = ("cancelled", "closed")
NOTHING_UNVERIFIED_AFTER = ("idle", "closed", "paused", "cancelled")
STAGES = ("groundbroken", "completed", "operating")
AGAIN = "again"


class Moment(NamedTuple):
    """When a record is judged: on the day `today`, or as of a day, and with what was known on a day."""

    today: date
    as_of: date | None = None
    known_on: date | None = None

    @property
    def happened_by(self) -> date | None:
        """The day asked: a day of today or later equals no option."""
        return None if self.as_of is None or self.as_of >= self.today else self.as_of

    @property
    def known_by(self) -> date | None:
        """The day of knowledge asked: a day of today or later equals no option."""
        return None if self.known_on is None or self.known_on >= self.today else self.known_on

    @property
    def day(self) -> date:
        """The day that promises and silence are measured at: that asked, or else the day of knowledge."""
        return self.happened_by or self.known_by or self.today

    @property
    def is_plain(self) -> bool:
        return self.happened_by is None and self.known_by is None


# ---- what is on record


class Claim(NamedTuple):
    """An update with its class, its date, and the days by which it had happened and was known."""

    row: Row
    evidence: Evidence | None
    when: PartialDate
    effective: date
    known: date

    @property
    def status(self) -> str | None:
        """*counts*: a count's status says what is counted and is never a status of its project."""
        return None if "count" in self.row else self.row.get("status")

    @property
    def is_promisers(self) -> bool:
        return self.evidence is not None and self.evidence.counts_as == "claim"

    @property
    def is_observation(self) -> bool:
        return self.evidence is not None and self.evidence.counts_as == "observation"

    @property
    def is_interested(self) -> bool:
        return self.evidence is not None and self.evidence.counts_as == "nothing"

    @property
    def can_promise(self) -> bool:
        """Only the promiser's word (or a class-less update) promises."""
        return self.evidence is None or self.is_promisers

    @property
    def counts(self) -> bool:
        """Whether anything but news follows from it.

        `interested` is shown and judged for nothing. An update of low confidence, unless it is the promiser's
        own claim, is shown and counts as news; it sets no status, progress, start or opening, and promises,
        verifies, voids and contradicts nothing.
        """
        return not self.is_interested and (self.row.get("confidence") != "low" or self.is_promisers)

    @property
    def is_news(self) -> bool:
        """One that is only a note, with neither source nor class (a note of one's own), moves nothing; a
        figure is never judged.
        """
        said = {"status", "percent", "promised", "count"} & self.row.keys()
        is_own_note = not said and self.evidence is None and "source" not in self.row
        return not self.is_interested and not is_own_note

    @property
    def reach(self) -> int:
        return reach(self.status)

    @property
    def is_opening(self) -> bool:
        """`completed`, `operating`; `idle` and `closed` show one by their day."""
        return self.status in OPENINGS

    @property
    def is_by(self) -> bool:
        """`../D`, seen by D; a `building` is "by" its day, `idle` and `closed` show an opening by theirs."""
        return not self.when.has_start or self.status in BY_ITS_DAY

    @property
    def order(self) -> tuple[Any, ...]:
        """Order is by the day of happening, then the status lower in the table, then content."""
        rank = -1 if self.status is None else Status(self.status).rank
        return (self.effective, rank, self.row.get("percent", -1), content(self.row))

    @property
    def precision(self) -> tuple[Any, ...]:
        """Sorts the most precise date first: the shortest interval; a day of its own before a "by"."""
        is_open = self.is_by or not self.when.has_end
        length = date.max - date.min if is_open else self.when.end - self.when.start
        first = date.min if self.is_by else self.when.start
        return (length, date.max - first, self.status in BY_ITS_DAY, self.when.written, content(self.row))


def content(row: Row) -> tuple[tuple[str, str], ...]:
    """What a row says, whatever its id is: the last word of every order."""
    return tuple(sorted((name, str(value)) for name, value in row.items() if name != "id"))


def reach(status: str | None) -> int:
    return 0 if status is None else Status(status).reach


class Record(NamedTuple):
    """The rows of a file by id, and the claims about each project."""

    content: Row
    sources: Mapping[str, Row]
    announcements: Mapping[str, Row]
    projects: Mapping[str, Row]
    claims: Mapping[str, tuple[Claim, ...]]


def read(content: Row | Record) -> Record:
    """Read the content of an nkplan/2 file."""
    if isinstance(content, Record):
        return content
    sources, announcements, projects = (
        {row["id"]: row for row in content.get(name, ())} for name in ("sources", "announcements", "projects")
    )
    record = Record(content, sources, announcements, projects, {})
    claims: dict[str, list[Claim]] = {id_: [] for id_ in projects}
    for row in content.get("updates", ()):
        claims[row["project"]].append(read_claim(record, row))
    kept = {id_: tuple(sorted(those, key=lambda claim: claim.order)) for id_, those in claims.items()}
    return record._replace(claims=kept)


def read_claim(record: Record, row: Row) -> Claim:
    source = record.sources.get(row.get("source", ""), {})
    evidence = row.get("evidence") or source.get("evidence")
    happened = parse_date(row["event_date"])
    announcement = record.announcements.get(row.get("announcement", ""))
    known = (
        find_known_day(happened, source) if announcement is None else find_announced_day(record, announcement)
    )
    return Claim(row, evidence and Evidence(evidence), happened, find_effective_day(happened, source), known)


def find_source_date(source: Row) -> PartialDate | None:
    """source: published or else retrieved."""
    written = source.get("published") or source.get("retrieved")
    return None if written is None else parse_date(written)


def find_effective_day(happened: PartialDate, source: Row) -> date:
    """An event had surely happened by the end of its interval, or by the day its source was published or
    retrieved, whichever is earliest; a source older than the interval settles nothing. `D/..` counts from D.
    """
    end = happened.end if happened.has_end else parse_date(happened.written.removesuffix("/..")).end
    published = find_source_date(source)
    if published is None or published.effective_day < happened.start:
        return end
    return min(end, published.effective_day)


def find_known_day(happened: PartialDate, source: Row) -> date:
    """*Known on D*: what was published (else retrieved, else had happened) by D."""
    published = find_source_date(source)
    return find_effective_day(happened, source) if published is None else published.effective_day


def find_announced_day(record: Record, announcement: Row) -> date:
    """An announcement, its quotas and the updates that record it are known from its own day."""
    source = record.sources.get(announcement.get("source", ""), {})
    return find_effective_day(parse_date(announcement["announced"]), source)


# ---- what counts at a moment


def is_withdrawn(row: Row, moment: Moment) -> bool:
    """A claim or promised date that its source took back counts for what was known before the end of that
    date, not from it on: decided by `--known-on`, and without that at once.
    """
    if "withdrawn" not in row:
        return False
    return moment.known_by is None or parse_date(row["withdrawn"]).effective_day <= moment.known_by


def list_known(record: Record, project: str, moment: Moment) -> list[Claim]:
    """*Known on D*: what was published (else retrieved, else had happened) by D."""
    known_by = moment.known_by or date.max
    return [
        claim
        for claim in record.claims[project]
        if claim.known <= known_by and not is_withdrawn(claim.row, moment)
    ]


def list_happened(claims: Iterable[Claim], moment: Moment) -> list[Claim]:
    """*As of D*: what had surely happened by D. With no day asked, or today, everything that has begun (and
    nothing else is on record) counts.
    """
    happened_by = moment.happened_by or date.max
    return [claim for claim in claims if claim.effective <= happened_by]


def is_void(opening: Claim, known: Iterable[Claim]) -> bool:
    """An opening is *void* when an observation shows it unfinished (`announced` to `building`), or the
    promiser's own word does (`preparing` to `building`), on a date that begins after the opening's interval
    has ended, unless an observation had shown it open by then: what is built later is new work.
    """
    known = [claim for claim in known if claim.counts]
    seen_open = [claim.effective for claim in known if claim.is_observation and claim.is_opening]
    return any(
        claim.when.start > opening.when.end and not any(day <= claim.when.start for day in seen_open)
        for claim in known
        if (claim.is_observation and claim.status in UNFINISHED)
        or (claim.is_promisers and claim.status in WORK_OR_NAMED)
    )


def is_step_back(claim: Claim, before: Sequence[Claim]) -> bool:
    """Whoever is no observer does not move a status back with `announced` once work was shown; after
    `cancelled` or `closed` it takes the project up again. `before` has what set a status before it.
    """
    return (
        claim.status == "announced"
        and not claim.is_observation
        and any(earlier.reach >= reach("groundbroken") for earlier in before)
        and before[-1].status not in TAKEN_UP_AFTER
    )


def list_forward(claims: Iterable[Claim]) -> list[Claim]:
    """List the claims that set a status, in order, without those that do not move it back."""
    setting: list[Claim] = []
    for claim in claims:
        if claim.status is not None and not is_step_back(claim, setting):
            setting.append(claim)
    return setting


def get_status(setting: Sequence[Claim]) -> str | None:
    return setting[-1].status if setting else None


class Judged:
    """The claims about one project that count at a moment."""

    def __init__(self, record: Record, project: str, moment: Moment) -> None:
        self.record = record
        self.project = project
        self.moment = moment
        self.known = list_known(record, project, moment)
        self.happened = list_happened(self.known, moment)
        self.news = [claim for claim in self.happened if claim.is_news]
        self.claims = [claim for claim in self.happened if claim.counts]

    @cached_property
    def void(self) -> list[Claim]:
        """Whether a claim is void is a matter of what is known: decided before `--as-of` is applied."""
        return [claim for claim in self.claims if claim.is_opening and is_void(claim, self.known)]

    @cached_property
    def standing(self) -> list[Claim]:
        """A void opening stays a claim and is no status."""
        return [claim for claim in self.claims if claim not in self.void]

    @cached_property
    def setting(self) -> list[Claim]:
        """**status**: the latest by any evidence."""
        return list_forward(self.standing)

    @property
    def claimed(self) -> str | None:
        """**claimed**: the latest of `promiser`. A void opening stays a claim."""
        return get_status(list_forward(claim for claim in self.claims if claim.is_promisers))

    @property
    def verified(self) -> str | None:
        """**verified**: the latest observation."""
        return get_status(list_forward(claim for claim in self.claims if claim.is_observation))

    @property
    def progress(self) -> float | None:
        """**progress** in percent as before: the latest percentage said; 100 at an opening, 0 before work,
        where none was said. A 0 or 100 from before other news of the work says nothing about it any more.
        """
        progress: float | None = None
        moving = [
            claim
            for claim in self.standing
            if claim.status is None or claim in self.setting or "percent" in claim.row
        ]
        for claim in moving:
            implied = None if claim.status is None else Status(claim.status).percent
            if (said := claim.row.get("percent", implied)) is not None:
                progress = said
            elif claim.status is not None and progress in {0, 100}:
                progress = None
        return progress

    @cached_property
    def start(self) -> Claim | None:
        """**start of work**: the earlier of the first `groundbroken` and the first `building` on record, by
        anyone who counts.
        """
        return find_first(claim for claim in self.claims if claim.status in {"groundbroken", "building"})

    @cached_property
    def opening(self) -> Claim | None:
        """**opened**: the first opening that is not void; of one such day the most precise date."""
        return find_first(claim for claim in self.standing if claim.is_opening)

    def find_earliest(self, event: Claim, unfinished: Sequence[str]) -> date:
        """`../D`: the earliest day is the one after the last update that shows the thing unfinished."""
        if not event.is_by:
            return event.when.start
        shown = [
            claim.effective
            for claim in self.claims
            if claim.status in unfinished and claim.effective < event.effective
        ]
        return max(shown) + ONE_DAY if shown else date.min

    def is_only_by(self, event: Claim, unfinished: Sequence[str]) -> bool:
        """Whether an event is only known to have happened by its date: `../D`, or what is seen by its day and
        can have happened before its date. It gives no exact duration, and "at most" for lateness.
        """
        earliest = self.find_earliest(event, unfinished)
        return not event.when.has_start or (event.is_by and earliest < event.when.start)

    @property
    def cancelled_since(self) -> date | None:
        """**cancelled**: from the day a project is cancelled (until it is taken up again)."""
        since = None
        for claim in self.setting:
            if claim.status != "cancelled":
                since = None
            elif since is None:
                since = claim.effective
        return since

    def list_promises(self, stage: str) -> list[Claim]:
        """For each `promised_status` the dates said, by the day said, then the later end."""
        said = [claim for claim in self.claims if "promised" in claim.row and claim.can_promise]
        mine = [claim for claim in said if self.find_stage(claim) == stage]
        return sorted(mine, key=lambda claim: (claim.effective, *rate_promised(claim)))

    def find_stage(self, claim: Claim) -> str:
        """`groundbroken`: start; `completed`, the default; `operating`: use, the default after `idle` or
        `closed`. A date promised after `idle` or `closed` promises use again, until it is open again: a halt
        or work in between changes nothing. After `paused` the chain goes on.
        """
        shown = [other for other in self.setting if other.is_opening and other.effective <= claim.effective]
        latest = get_status(shown)
        if latest in SET_ASIDE:
            return AGAIN
        return str(claim.row.get("promised_status", "completed"))

    def find_promised(self, stage: str) -> str | None:
        """The latest date holds."""
        promises = self.list_promises(stage)
        return get_promised(promises[-1]).written if promises else None


def get_promised(claim: Claim) -> PartialDate:
    return parse_date(claim.row["promised"])


def rate_promised(claim: Claim) -> tuple[date, date, str]:
    promised = get_promised(claim)
    return promised.end, promised.start, promised.written


def find_first(claims: Iterable[Claim]) -> Claim | None:
    """The first by the day of happening; of one such day the most precise date."""
    return min(claims, key=lambda claim: (claim.effective, claim.precision), default=None)


def judge(record: Row | Record, project: str, moment: Moment) -> Judged:
    return Judged(read(record), project, moment)


def list_line(record: Record, project: str) -> list[str]:
    """The project, its cohort and its programme."""
    line = [project]
    while parent := record.projects[line[-1]].get("parent"):
        if record.projects[parent]["type"] == "site" or parent in line:
            break
        line.append(parent)
    return line


def find_cohort(record: Record, project: str) -> str | None:
    parent = record.projects[project].get("parent")
    is_cohort = parent is not None and record.projects[parent]["type"] == "cohort"
    return parent if is_cohort and record.projects[project]["type"] == "site" else None


# ---- the state of one project


class State(NamedTuple):
    """What is judged of one project at a moment; dates as written are texts, days are dates.

    `start_first` is the earliest possible day of the start of work (`date.min` if nothing tells), `start_day`
    the day by which it had surely happened; `opened_first` and `opened_day` are those of the opening.
    """

    status: str | None = None
    claimed: str | None = None
    verified: str | None = None
    started: bool = False
    started_seen: bool = False
    progress: float | None = None
    last_day: date | None = None
    start: str | None = None
    start_first: date | None = None
    start_day: date | None = None
    start_is_by: bool = False
    opened: str | None = None
    opened_first: date | None = None
    opened_day: date | None = None
    opened_is_by: bool = False
    used: bool = False
    cancelled_day: date | None = None
    promised_start: str | None = None
    promised: str | None = None
    promised_use: str | None = None
    promised_again: str | None = None

    @property
    def is_unverified(self) -> bool:
        """*Unverified*: claimed reaches further than verified; an observed `paused` reaches as far as
        `preparing`; while the promiser's latest word is idle, closed, paused or cancelled, nothing is
        unverified.
        """
        seen = reach("preparing" if self.verified == "paused" else self.verified)
        return self.claimed not in NOTHING_UNVERIFIED_AFTER and reach(self.claimed) > seen

    @property
    def is_complete(self) -> bool:
        return is_complete(self.status)

    @property
    def is_cancelled(self) -> bool:
        """**cancelled**: what is on record by the day that is asked has begun."""
        return self.cancelled_day is not None


def is_complete(status: str | None) -> bool:
    return status in OPENINGS


def is_in_use(status: str | None) -> bool:
    return status == "operating"


def state(record: Row | Record, project: str, moment: Moment) -> State:
    """Judge one project of a record at a moment."""
    record = read(record)
    judged = Judged(record, project, moment)
    start, opening = judged.start, judged.opening
    cohort = find_cohort(record, project)
    outer = None if cohort is None else Judged(record, cohort, moment)
    promised = {
        stage: judged.find_promised(stage) or (None if outer is None else outer.find_promised(stage))
        for stage in (*STAGES, AGAIN)
    }
    cancelled = [Judged(record, one, moment).cancelled_since for one in list_line(record, project)]
    return State(
        status=get_status(judged.setting),
        claimed=judged.claimed,
        verified=judged.verified,
        started=any(claim.reach >= reach("groundbroken") for claim in judged.standing),
        started_seen=any(
            claim.reach >= reach("groundbroken") for claim in judged.standing if claim.is_observation
        ),
        progress=judged.progress,
        last_day=max((claim.effective for claim in judged.news), default=None),
        start=start and start.when.written,
        start_first=start and judged.find_earliest(start, BEFORE_WORK),
        start_day=start and start.effective,
        start_is_by=start is not None and judged.is_only_by(start, BEFORE_WORK),
        opened=opening and opening.when.written,
        opened_first=opening and judged.find_earliest(opening, UNFINISHED),
        opened_day=opening and opening.effective,
        opened_is_by=opening is not None and judged.is_only_by(opening, UNFINISHED),
        used=any(is_in_use(claim.status) for claim in judged.standing),
        cancelled_day=min((day for day in cancelled if day is not None), default=None),
        promised_start=promised["groundbroken"],
        promised=promised["completed"],
        promised_use=promised["operating"],
        promised_again=promised[AGAIN],
    )
