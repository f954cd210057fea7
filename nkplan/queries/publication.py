"""All that a page about programmes, cohorts and sites says, read at one moment."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from nkplan.model.detail import ProjectDetail
from nkplan.model.filters import Filters
from nkplan.model.question import Question
from nkplan.model.state import Site
from nkplan.model.vocabulary import ProjectType
from nkplan.queries import conflicts, counts, progress, slips
from nkplan.queries import map as sites_on_map
from nkplan.queries.charts.ticks import Ticks
from nkplan.queries.details import read_project, read_sources
from nkplan.queries.programmes import list_programmes
from nkplan.queries.reader import Reader
from nkplan.queries.sites import list_sites
from nkplan.reports.charts.progress import Counted, Reached
from nkplan.reports.publication import Facts, PartFacts, Steps

NO_PROGRAMME = Filters(programmes=("",))


def fetch(reader: Reader, question: Question, projects: Sequence[str]) -> Facts:
    """Read what is said of projects by id; without any, of every programme and all sites without one.

    What belongs to another of them is read as part of that. The reader must have been opened for a day.
    """
    within: dict[str, str] = {}
    ground = sites_on_map.read_ground(reader)
    if projects:
        details = [read_project(reader, id_) for id_ in dict.fromkeys(projects)]
        for detail in details:
            within.update((detail.project.id, one.id) for one in detail.parents if one.id in projects)
        parts = [_read_part(reader, question, one, ground) for one in details if one.project.id not in within]
    else:
        programmes = [read_project(reader, one.id) for one in list_programmes(reader)]
        parts = [_read_part(reader, question, one, ground) for one in programmes]
        parts += _read_rest(reader, question, ground)
    parts = list(_add_steps(reader, question, parts))
    return Facts(question, tuple(parts), read_sources(reader, _list_sources(parts)), within)


def _list_sources(parts: Iterable[PartFacts]) -> Iterator[str]:
    """Yield the ids of the sources that are named; those of updates are among them."""
    for part in parts:
        own = [] if part.detail is None else [part.detail]
        for detail in (*own, *part.of_cohorts, *part.of_sites):
            named = [one.source for one in detail.announcements]
            named += [one.update.source for one in detail.timeline]
            named += [one.update.withdrawn_source for one in detail.timeline]
            yield from filter(None, named)


def _read_part(
    reader: Reader, question: Question, detail: ProjectDetail, ground: sites_on_map.Ground
) -> PartFacts:
    project = detail.project
    own = question._replace(filters=_filter_own(detail))
    is_site = project.type is ProjectType.SITE
    return PartFacts(
        detail,
        detail.sites,
        () if is_site else tuple(read_project(reader, site.id) for site in detail.sites),
        () if is_site else tuple(read_project(reader, one.id) for one in detail.cohorts),
        (),
        sites_on_map.fetch(reader, own, ground),
        tuple(slips.fetch(reader, own)),
        tuple(conflicts.fetch(reader, own)),
        counts.fetch(reader, own),
    )


def _filter_own(detail: ProjectDetail) -> Filters:
    """Return the filters that choose what belongs to a project."""
    id_ = detail.project.id
    match detail.project.type:
        case ProjectType.PROGRAMME:
            return Filters(programmes=(id_,))
        case ProjectType.COHORT:
            return Filters(cohort=id_)
    return Filters(named=(id_,))


_MOST_PERIODS = 24
"""The most periods of a chart on a page: it takes longer to judge them than to read all else."""


class StepReader:
    """Reads what the report counts at the end of each period: it is judged for all charts at once.

    What counts depends on some `projects`, if they are given. The reader must be one that can be moved.
    """

    def __init__(self, reader: Reader, question: Question, projects: Iterable[str] | None = None) -> None:
        def judge(reader: Reader, question: Question) -> Counted:
            tallies, programmes = progress.fetch(reader, question)
            return Counted(tuple(tallies), programmes)

        self._reader, self._day = reader, question.day
        self._ticks = Ticks(reader, question, judge, None if projects is None else json.dumps([*projects]))

    def read_part(
        self, detail: ProjectDetail | None, sites: Iterable[Site], last: date | None = None
    ) -> Steps:
        """Read the steps of a programme, of a cohort, or of the sites of no programme, up to a day.

        That is the last day on which something changed, if not the day asked about.
        """
        if detail is not None and detail.programme is None:
            return ()  # No report counts a cohort of no programme apart.
        family = json.dumps(_list_family(detail, sites))
        earliest = self._reader.fetch("charts.find_first_day", projects=family).fetchone()["day"]
        programme = None if detail is None or detail.programme is None else detail.programme.id
        cohort = None if detail is None or detail.project.id == programme else detail.project
        return self._read(lambda counted: counted.add(programme, cohort), earliest, last)

    def read_all(self, last: date | None = None) -> Steps:
        """Read the steps of the whole record, as `read_part` does."""
        earliest = None
        if self._ticks.judge(self._day).whole.is_measured:
            earliest = self._reader.fetch("charts.find_first_number").fetchone()["day"]
        return self._read(lambda counted: counted.whole, earliest, last)

    def _read(self, count: Callable[[Counted], Reached], earliest: str | None, last: date | None) -> Steps:
        is_measured = count(self._ticks.judge(self._day)).is_measured

        def is_begun(counted: Counted) -> bool:
            return count(counted).has(is_measured=is_measured)

        periods = self._ticks.list_periods(None, is_begun, earliest, _MOST_PERIODS, last)
        return tuple((period, count(counted)) for period, counted in periods)


def _add_steps(reader: Reader, question: Question, parts: Sequence[PartFacts]) -> Iterator[PartFacts]:
    """Add the steps of the chart of each part that has one."""
    if all(one.detail is not None and one.detail.project.type is ProjectType.SITE for one in parts):
        yield from parts
        return
    together = (id_ for one in parts for id_ in _list_family(one.detail, one.sites))
    steps = StepReader(reader, question, together)
    for part in parts:
        yield part._replace(reached=steps.read_part(part.detail, part.sites))


def _list_family(detail: ProjectDetail | None, sites: Iterable[Site]) -> list[str]:
    """Return the projects that what is judged of a part depends on: its own, and its cohorts and sites."""
    own = [] if detail is None else [detail.project, *detail.cohorts, *detail.parents]
    return [*(one.id for one in own), *(site.id for site in sites)]


def _read_rest(reader: Reader, question: Question, ground: sites_on_map.Ground) -> Iterator[PartFacts]:
    """Read what is said of the sites that belong to no programme, if there are any."""
    sites = tuple(list_sites(reader, NO_PROGRAMME))
    if sites:
        own = question._replace(filters=NO_PROGRAMME)
        yield PartFacts(
            None,
            sites,
            tuple(read_project(reader, site.id) for site in sites),
            (),
            (),
            sites_on_map.fetch(reader, own, ground),
            tuple(slips.fetch(reader, own)),
            tuple(conflicts.fetch(reader, own)),
            counts.fetch(reader, own),
        )
