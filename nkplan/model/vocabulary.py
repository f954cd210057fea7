"""The vocabularies: what a status, an evidence class and the like can be, with the facts about each word."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

FILE_FORMAT = "nkplan/2"
"""The format of the files that this program writes."""

OLD_FILE_FORMAT = "nkplan/1"
"""The format of the files that versions before 0.3 wrote, which this program reads."""


Phase = Literal["before", "work", "open", "halted", "ended"]
"""What a status says about the work: not begun, under way, open, halted for now, or ended for good."""


class StatusFacts(NamedTuple):
    """What a status means: a row of the table `statuses`.

    `reach` is how far it shows a project to have come, from 0 (nothing at a site) to 5 (in use); a halt shows
    nothing. `event` is what happens on its day, if it has a day of its own: the `start` of work, an `opening`
    or the first `use`. `percent` is the progress that it implies, if any. `oc4ids`, `iati` and `gem` are its
    codes in OC4IDS 0.9.5, in IATI 2.03 and in the trackers of the Global Energy Monitor.
    """

    phase: Phase
    reach: int
    event: str | None
    percent: float | None
    meaning: str
    oc4ids: str
    iati: str
    gem: str


class Status(StrEnum):
    """What evidence says of a project, in the usual order of progress; moving back is allowed."""

    ANNOUNCED = "announced"
    PREPARING = "preparing"
    GROUNDBROKEN = "groundbroken"
    BUILDING = "building"
    COMPLETED = "completed"
    OPERATING = "operating"
    IDLE = "idle"
    CLOSED = "closed"
    PAUSED = "paused"
    CANCELLED = "cancelled"

    @property
    def facts(self) -> StatusFacts:
        """What the status means."""
        return STATUSES[self]

    @property
    def rank(self) -> int:
        """The position in the order of statuses, from 0."""
        return _RANK[self]

    @property
    def reach(self) -> int:
        """How far the status shows a project to have come, from 0 to 5."""
        return STATUSES[self].reach

    @property
    def is_started(self) -> bool:
        """Whether the status itself shows work at a site."""
        return self.reach >= _WORK_BEGUN

    @property
    def is_complete(self) -> bool:
        """Whether the project has been inaugurated or handed over."""
        return self.reach >= _COMPLETE

    @property
    def is_open(self) -> bool:
        """Whether the project has opened and has not ended."""
        return self.facts.phase == "open"

    @property
    def is_start(self) -> bool:
        """Whether it is the start of work, on a day of its own."""
        return self.facts.event == "start"

    @property
    def as_aim(self) -> str:
        """How it is named where it is what was promised, as in `to be started`."""
        return _AIMS.get(self.facts.event or "", f"to be {self}")

    @property
    def is_inauguration(self) -> bool:
        """Whether it is an opening that shows no use."""
        return self.facts.event == "opening"

    @property
    def is_in_use(self) -> bool:
        """Whether the project is in use."""
        return self.facts.event == "use"

    @property
    def is_unused(self) -> bool:
        """Whether the project has opened, has not ended, and is not in use."""
        return self.is_open and self.facts.event is None

    @property
    def is_step(self) -> bool:
        """Whether it is a step forward; a halt, an end and an idle site are not."""
        return self.facts.phase in {"before", "work"} or self.facts.event is not None

    @property
    def is_ended(self) -> bool:
        """Whether completion is no longer expected."""
        return self.is_complete or self.facts.phase == "ended"

    @property
    def is_seen_afterwards(self) -> bool:
        """Whether it begins on a day of its own, so that who sees it knows only that it has begun by then.

        A groundbreaking or an opening seen on 20 May is of `../2024-05-20`. What is seen unfinished, idle or
        halted on a day is so on that day.
        """
        return self.facts.event is not None

    @property
    def is_halted(self) -> bool:
        """Whether the project was stopped, for now or for good, so that no further news is expected."""
        return self.facts.phase in {"halted", "ended"}


# fmt: off
STATUSES: Mapping[Status, StatusFacts] = {
    Status.ANNOUNCED: StatusFacts(
        "before", 0, None, 0, "it was announced; nothing at a site", "identification", "1", "announced"),
    Status.PREPARING: StatusFacts(
        "before", 1, None, 0, "the site is named, surveyed or cleared; no ceremony",
        "preparation", "1", "pre-construction"),
    Status.GROUNDBROKEN: StatusFacts(
        "work", 2, "start", None, "a ceremony or blasting, nothing more",
        "implementation", "2", "pre-construction"),
    Status.BUILDING: StatusFacts(
        "work", 3, None, None, "foundations or structures", "implementation", "2", "construction"),
    Status.COMPLETED: StatusFacts(
        "open", 4, "opening", 100, "inaugurated or handed over; use not shown",
        "completion", "3", "operating"),
    Status.OPERATING: StatusFacts(
        "open", 5, "use", 100, "in use after opening", "maintenance", "4", "operating"),
    Status.IDLE: StatusFacts(
        "open", 4, None, 100, "complete or opened, then shown not to be in use",
        "maintenance", "4", "mothballed"),
    Status.CLOSED: StatusFacts(
        "ended", 4, None, 100, "was in use, ended for good", "decommissioned", "4", "retired"),
    Status.PAUSED: StatusFacts(
        "halted", 0, None, None, "a stated or observed halt", "implementation", "6", "shelved"),
    Status.CANCELLED: StatusFacts(
        "ended", 0, None, None, "stated or definitive end before it opened",
        "cancelled", "5", "cancelled"),
}
"""The one list of statuses with their facts; every database of this version has its rows."""
# fmt: on

_AIMS = {"start": "to be started", "use": "to be in use"}
_RANK = {status: rank for rank, status in enumerate(Status)}
_WORK_BEGUN = min(facts.reach for facts in STATUSES.values() if facts.phase == "work")
_COMPLETE = min(facts.reach for facts in STATUSES.values() if facts.phase == "open")


Weight = Literal["claim", "observation", "neither", "nothing"]
"""What an evidence class counts as: the promiser's claim, an observation that verifies, or neither.

What counts as `nothing` is shown, and sets no status.
"""


class Evidence(StrEnum):
    """How a claim is known, not who printed it: the evidence class. When in doubt, the weaker."""

    PROMISER = "promiser"
    IMAGERY = "imagery"
    ON_SITE = "on-site"
    AUTHORITY = "authority"
    PRESS = "press"
    EXPERT = "expert"
    INTERESTED = "interested"

    @property
    def facts(self) -> "EvidenceFacts":
        """What the class means."""
        return EVIDENCE_CLASSES[self]

    @property
    def verifies(self) -> bool:
        """Whether the class is an observation."""
        return self.facts.counts_as == "observation"

    @property
    def sets_status(self) -> bool:
        """Whether a status that is known in this way can be the status of a project."""
        return self.facts.counts_as != "nothing"


class EvidenceFacts(NamedTuple):
    """What an evidence class counts as, how such a claim is known, and the words that are read as it too."""

    counts_as: Weight
    meaning: str
    synonyms: tuple[str, ...] = ()


# fmt: off
EVIDENCE_CLASSES: Mapping[Evidence, EvidenceFacts] = {
    Evidence.PROMISER: EvidenceFacts(
        "claim", "the promiser's own word (government, its agencies, media, contractors), also when relayed",
        ("state-media",)),
    Evidence.IMAGERY: EvidenceFacts(
        "observation", "seen from above or in dated pictures", ("satellite-imagery", "satellite")),
    Evidence.ON_SITE: EvidenceFacts(
        "observation", "somebody there: a resident, a visitor, a reporter's own visit",
        ("ground-source", "ground")),
    Evidence.AUTHORITY: EvidenceFacts(
        "observation", "the own finding of an authority that does not answer to the promiser: an auditor, "
        "a court, another government, the UN"),
    Evidence.PRESS: EvidenceFacts(
        "observation", "a newsroom's own reporting, not a relay", ("foreign-media",)),
    Evidence.EXPERT: EvidenceFacts("neither", "analysis that rests on what others observed or said"),
    Evidence.INTERESTED: EvidenceFacts(
        "nothing", "the word of an opposition, a competitor or another interested party"),
}
"""The evidence classes with their facts; every database of this version has their rows."""
# fmt: on


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Bound(StrEnum):
    """How exact a count is, if it is not the exact number."""

    ABOUT = "about"
    AT_LEAST = "at least"
    AT_MOST = "at most"


class ProjectType(StrEnum):
    """The three levels of the tree of projects; only sites are counted."""

    PROGRAMME = "programme"
    COHORT = "cohort"
    SITE = "site"


class QuotaPeriod(StrEnum):
    """What a quota's number is promised for: each of its years, or all of them together."""

    YEAR = "year"
    TOTAL = "total"


REGION = "region"
LABELLED = (*map(str, Evidence), REGION)
"""The words that a record can give labels of its own."""

LONGEST_LABEL = 40
"""The most characters of a label, which has to fit a heading or a cell."""
