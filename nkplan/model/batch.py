"""What a file holds and a command records: rows, and the batch that contains them."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from nkplan.model.faults import NOWHERE, Fault, Origin
from nkplan.model.outline import Outline
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Bound, Confidence, Evidence, ProjectType, Status

# The rows below are what a file holds and what a command records. They are named tuples because
# defining a dataclass takes ten times as long, and every `show` has to do it.


class SettingRow(NamedTuple):
    """What the record says of itself: a field of Settings or, as in `label region`, its own word."""

    id: str
    value: str
    origin: Origin = NOWHERE


class Publisher(NamedTuple):
    """Who publishes on a web domain, and the usual evidence class of what it publishes."""

    domain: str
    name: str
    evidence: Evidence | None = None
    origin: Origin = NOWHERE


class Place(NamedTuple):
    """A region, city, county, district or smaller; `parent` is the place around it.

    `local_name` is the name in the country's own script, `names` every other spelling that sources use.
    """

    id: str
    name: str
    full_name: str | None = None
    local_name: str | None = None
    type: str | None = None
    parent: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    population_year: int | None = None
    names: tuple[str, ...] = ()
    note: str | None = None
    origin: Origin = NOWHERE


class Source(NamedTuple):
    """A document. `evidence` is its usual class; an update may differ from it. `archive` is a second URL.

    `retrieved` is when it was read, which counts if it is not known when it was published.
    """

    id: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    retrieved: str | None = None
    url: str | None = None
    evidence: Evidence | None = None
    archive: str | None = None
    note: str | None = None
    origin: Origin = NOWHERE

    @property
    def day(self) -> str | None:
        """The date of what it says: when it was published or else retrieved."""
        return self.published or self.retrieved


class Figure(NamedTuple):
    """A number that an announcement or an update states; `unit` says of what ("percent of spending").

    `source` is set if it is not that of the announcement or update.
    """

    item: str
    value: float
    unit: str
    year: int | None = None
    source: str | None = None
    note: str | None = None


class Announcement(NamedTuple):
    """A statement in which something is promised; `said` is what, in one sentence, `announced` is when.

    `terms` are the conditions that the speaker set, `context` is the background given with it.
    """

    id: str
    title: str
    announced: str
    said: str
    speaker: str | None = None
    occasion: str | None = None
    source: str | None = None
    terms: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    origin: Origin = NOWHERE


class Project(NamedTuple):
    """Something announced. `model` is the project it is modelled on; `year` is that of a cohort, if any.

    `identifiers` are the ids that others give it, each after its scheme; `organisations` are the names of
    those who take part in it, each after its role.
    """

    id: str
    name: str
    type: ProjectType
    kind: str
    parent: str | None = None
    model: str | None = None
    place: str | None = None
    year: int | None = None
    tags: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    organisations: tuple[tuple[str, str], ...] = ()
    note: str | None = None
    origin: Origin = NOWHERE


class Update(NamedTuple):
    """One dated claim about a project. `announcement` is the promise that it records, if any.

    `promised_status` is the stage that is promised by the date `promised`; None stands for completion. With
    a `count`, it says how many have the status (`of` how many, in which `unit` if they are not sites).
    `withdrawn` is when its source took it back, as `withdrawn_source` says. `id` is empty until it is
    derived.
    """

    project: str
    event_date: str
    id: str = ""
    status: Status | None = None
    percent: float | None = None
    promised: str | None = None
    promised_status: Status | None = None
    count: float | None = None  # type: ignore[assignment]  # It hides the method of a tuple.
    of: float | None = None
    unit: str | None = None
    bound: Bound | None = None
    figures: tuple[Figure, ...] = ()
    speaker: str | None = None
    withdrawn: str | None = None
    withdrawn_source: str | None = None
    evidence: Evidence | None = None
    confidence: Confidence | None = None
    source: str | None = None
    announcement: str | None = None
    note: str | None = None
    origin: Origin = NOWHERE

    @property
    def counts_as(self) -> str:
        """What it counts as: its class's weight, or `unclassed`, `news` (of low confidence) or `nothing`.

        A note of one's own, with neither source nor class, counts as nothing. Low confidence weakens all but
        the promiser's own claim.
        """
        if self.evidence is None:
            said = (self.source, self.status, self.percent, self.promised)
            if all(one is None for one in said):
                return "nothing"
        elif self.evidence.counts_as == "nothing":
            return "nothing"
        weight = "unclassed" if self.evidence is None else self.evidence.counts_as
        return "news" if self.confidence is Confidence.LOW and weight != "claim" else weight

    @property
    def sets_status(self) -> bool:
        """Whether its status can be that of its project; a count's is not."""
        return self.status is not None and self.count is None and self.counts_as not in {"news", "nothing"}


class UpdateStream(Protocol):
    """Updates that are read in file order at each iteration, and are never all in memory."""

    def __len__(self) -> int:
        """Count the updates, including the faulty ones."""

    def __iter__(self) -> Iterator[Update | Fault]:
        """Iterate over the updates; a faulty one is replaced by everything that is wrong with it."""


class Batch(NamedTuple):
    """Everything that one file or one command records: all of it or nothing.

    `stream` has the updates of a file that need not be in memory, instead of `updates` or after them. A batch
    with `faults` is never recorded; `more_faults` counts the further faults of a file that has very many.
    `data_set` is the data set that the rows belong to, `remark` what else is to be said of reading the file.
    `faulty_ids` are the ids of rows left out because of their own faults, so that rows which name them are
    not reported as faults too. A batch that a person `typed` brings back the rows in it that were undone or
    retracted; of a file only those whose whole change was undone come back.
    """

    about: str | None = None
    data_set: str | None = None
    remark: str | None = None
    settings: tuple[SettingRow, ...] = ()
    kinds: tuple[str, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    places: tuple[Place, ...] = ()
    outlines: tuple[Outline, ...] = ()
    sources: tuple[Source, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    projects: tuple[Project, ...] = ()
    quotas: tuple[Quota, ...] = ()
    updates: tuple[Update, ...] = ()
    stream: UpdateStream = ()
    faults: tuple[Fault, ...] = ()
    more_faults: int = 0
    faulty_ids: frozenset[str] = frozenset()
    typed: bool = False
