"""The vocabularies: what a status, an evidence class and the like can be, with the facts about each word."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

FILE_FORMAT = "nkplan/2"
"""The format of the files that this program writes."""

OLD_FILE_FORMAT = "nkplan/1"
"""The format of the files that versions before 0.3 wrote, which this program reads."""


if TYPE_CHECKING:
    # Every command reads these lines, and only a type checker needs them.
    from typing import Literal

    Phase = Literal["before", "work", "open", "halted", "ended"]
    Weight = Literal["claim", "observation", "neither", "nothing"]


class Status(StrEnum):
    """What evidence says of a project, in the usual order of progress; moving back is allowed.

    Each has its facts beside it, in this order:

    - `phase` is what it says about the work: `before` it has begun, `work` under way, `open`, `halted` for
      now, or `ended` for good.
    - `reach` is how far it shows a project to have come, from 0 (nothing at a site) to 5 (in use); a halt
      shows nothing.
    - `event` is what happens on its day, if it has a day of its own: the `start` of work, an `opening` or the
      first `use`.
    - `percent` is the progress that it implies, if any.
    - `meaning` is a short definition.
    - `oc4ids`, `iati` and `gem` are its codes in OC4IDS 0.9.5, in IATI 2.03 and in the trackers of the Global
      Energy Monitor.

    This is the one list of statuses; every database of this version has its rows.
    """

    phase: "Phase"
    reach: int
    event: str | None
    percent: float | None
    meaning: str
    oc4ids: str
    iati: str
    gem: str

    def __new__(cls, word: str, *facts: Any) -> Self:
        """Make a status of its word and its facts."""
        made = str.__new__(cls, word)
        made._value_ = word
        made.phase, made.reach, made.event, made.percent, made.meaning, *codes = facts
        made.oc4ids, made.iati, made.gem = codes
        return made

    # fmt: off
    ANNOUNCED = (
        "announced", "before", 0, None, 0, "it was announced; nothing at a site",
        "identification", "1", "announced")
    PREPARING = (
        "preparing", "before", 1, None, 0, "the site is named, surveyed or cleared; no ceremony",
        "preparation", "1", "pre-construction")
    GROUNDBROKEN = (
        "groundbroken", "work", 2, "start", None, "a ceremony or blasting, nothing more",
        "implementation", "2", "pre-construction")
    BUILDING = (
        "building", "work", 3, None, None, "foundations or structures",
        "implementation", "2", "construction")
    COMPLETED = (
        "completed", "open", 4, "opening", 100, "inaugurated or handed over; use not shown",
        "completion", "3", "operating")
    OPERATING = (
        "operating", "open", 5, "use", 100, "in use after opening",
        "maintenance", "4", "operating")
    IDLE = (
        "idle", "open", 4, None, 100, "complete or opened, then shown not to be in use",
        "maintenance", "4", "mothballed")
    CLOSED = (
        "closed", "ended", 4, None, 100, "was in use, ended for good",
        "decommissioned", "4", "retired")
    PAUSED = (
        "paused", "halted", 0, None, None, "a stated or observed halt",
        "implementation", "6", "shelved")
    CANCELLED = (
        "cancelled", "ended", 0, None, None, "stated or definitive end before it opened",
        "cancelled", "5", "cancelled")
    # fmt: on

    @property
    def rank(self) -> int:
        """The position in the order of statuses, from 0."""
        return _RANK[self]

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
        return self.phase == "open"

    @property
    def is_start(self) -> bool:
        """Whether it is the start of work, on a day of its own."""
        return self.event == "start"

    @property
    def as_aim(self) -> str:
        """How it is named where it is what was promised, as in `to be started`."""
        return _AIMS.get(self.event or "", f"to be {self}")

    @property
    def is_inauguration(self) -> bool:
        """Whether it is an opening that shows no use."""
        return self.event == "opening"

    @property
    def is_in_use(self) -> bool:
        """Whether the project is in use."""
        return self.event == "use"

    @property
    def is_unused(self) -> bool:
        """Whether the project has opened, has not ended, and is not in use."""
        return self.is_open and self.event is None

    @property
    def is_step(self) -> bool:
        """Whether it is a step forward; a halt, an end and an idle site are not."""
        return self.phase in {"before", "work"} or self.event is not None

    @property
    def is_seen_afterwards(self) -> bool:
        """Whether it begins on a day of its own, so that who sees it knows only that it has begun by then.

        A groundbreaking or an opening seen on 20 May is of `../2024-05-20`. What is seen unfinished, idle or
        halted on a day is so on that day.
        """
        return self.event is not None

    @property
    def is_halted(self) -> bool:
        """Whether the project was stopped, for now or for good, so that no further news is expected."""
        return self.phase in {"halted", "ended"}


FIRST = next(iter(Status))
"""The status of what has only been announced."""

START = next(status for status in Status if status.is_start)
"""The stage that is promised if the start of work is."""

COMPLETION = next(status for status in Status if status.is_inauguration)
"""The stage that is promised if a promise names none."""

_AIMS = {"start": "to be started", "use": "to be in use"}
_RANK = {status: rank for rank, status in enumerate(Status)}
_WORK_BEGUN = min(status.reach for status in Status if status.phase == "work")
_COMPLETE = min(status.reach for status in Status if status.phase == "open")


class Evidence(StrEnum):
    """How a claim is known, not who printed it: the evidence class. When in doubt, the weaker.

    Each has its facts beside it, in this order:

    - `counts_as` is what it counts as: the promiser's `claim`, an `observation`, which verifies, `neither`,
      or `nothing`, which is shown and sets no status.
    - `meaning` is a short definition.
    - `synonyms` are the words that are read as it too.

    This is the one list of evidence classes; every database of this version has its rows.
    """

    counts_as: "Weight"
    meaning: str
    synonyms: tuple[str, ...]

    def __new__(cls, word: str, *facts: Any) -> Self:
        """Make a class of its word and its facts."""
        made = str.__new__(cls, word)
        made._value_ = word
        made.counts_as, made.meaning, *synonyms = facts
        made.synonyms = tuple(synonyms)
        return made

    # fmt: off
    PROMISER = (
        "promiser", "claim",
        "the promiser's own word (government, its agencies, media, contractors), also when relayed",
        "state-media")
    IMAGERY = (
        "imagery", "observation", "seen from above or in dated pictures", "satellite-imagery", "satellite")
    ON_SITE = (
        "on-site", "observation", "somebody there: a resident, a visitor, a reporter's own visit",
        "ground-source", "ground")
    AUTHORITY = (
        "authority", "observation",
        ("the own finding of an authority that does not answer to the promiser: an auditor, "
         "a court, another government, the UN"))
    PRESS = ("press", "observation", "a newsroom's own reporting, not a relay", "foreign-media")
    EXPERT = ("expert", "neither", "analysis that rests on what others observed or said")
    INTERESTED = (
        "interested", "nothing", "the word of an opposition, a competitor or another interested party")
    # fmt: on

    @property
    def verifies(self) -> bool:
        """Whether the class is an observation."""
        return self.counts_as == "observation"


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
