"""What a file holds and a command records: rows, and the batch that contains them."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from nkplan.model.faults import NOWHERE, Fault, Origin
from nkplan.model.promise import Quota
from nkplan.model.vocabulary import Confidence, Evidence, ProjectType, Status

# The rows below are what a file holds and what a command records. They are named tuples because
# defining a dataclass takes ten times as long, and every `show` has to do it.


class Place(NamedTuple):
    """A province, city, county, district or smaller; `parent` is the place around it.

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
    """A document. `evidence` is its usual class; an update may differ from it. `archive` is a second URL."""

    id: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    evidence: Evidence | None = None
    archive: str | None = None
    note: str | None = None
    origin: Origin = NOWHERE


class Figure(NamedTuple):
    """A number that an announcement states; `unit` says of what ("percent of spending").

    `source` is set if it is not the announcement's.
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
    """Something announced. `model` is the project it is modelled on; `year` is a cohort's year."""

    id: str
    name: str
    type: ProjectType
    kind: str
    parent: str | None = None
    model: str | None = None
    place: str | None = None
    year: int | None = None
    note: str | None = None
    origin: Origin = NOWHERE


class Update(NamedTuple):
    """One dated claim about a project. `announcement` is the promise that it records, if any.

    `id` is empty until the update is recorded or its id derived.
    """

    project: str
    event_date: str
    id: str = ""
    status: Status | None = None
    percent: float | None = None
    promised: str | None = None
    evidence: Evidence | None = None
    confidence: Confidence | None = None
    source: str | None = None
    announcement: str | None = None
    note: str | None = None
    origin: Origin = NOWHERE


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
    `faulty_ids` are the ids of rows left out because of their own faults, so that rows which name them are
    not reported as faults too.
    """

    about: str | None = None
    kinds: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    sources: tuple[Source, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    projects: tuple[Project, ...] = ()
    quotas: tuple[Quota, ...] = ()
    updates: tuple[Update, ...] = ()
    stream: UpdateStream = ()
    faults: tuple[Fault, ...] = ()
    more_faults: int = 0
    faulty_ids: frozenset[str] = frozenset()
