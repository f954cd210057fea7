"""All that a page about programmes, cohorts and sites says, read at one moment."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from nkplan.model.detail import ProjectDetail
from nkplan.model.filters import Filters
from nkplan.model.question import Question
from nkplan.model.vocabulary import ProjectType
from nkplan.queries import conflicts, counts, progress, slips
from nkplan.queries import map as sites_on_map
from nkplan.queries.charts.ticks import Ticks
from nkplan.queries.details import read_project, read_sources
from nkplan.queries.programmes import list_programmes
from nkplan.queries.reader import Reader
from nkplan.queries.sites import list_sites
from nkplan.reports.charts.progress import Reached, add_rows
from nkplan.reports.progress import ProgressRow, count_progress
from nkplan.reports.publication import Facts, PartFacts

NO_PROGRAMME = Filters(programmes=("",))


def fetch(reader: Reader, question: Question, projects: Sequence[str]) -> Facts:
    """Read what is said of projects by id; without any, of every programme and all sites without one.

    What belongs to another of them is read as part of that. The reader must have been opened for a day.
    """
    within: dict[str, str] = {}
    if projects:
        details = [read_project(reader, id_) for id_ in dict.fromkeys(projects)]
        for detail in details:
            within.update((detail.project.id, one.id) for one in detail.parents if one.id in projects)
        parts = [_read_part(reader, question, one) for one in details if one.project.id not in within]
    else:
        programmes = [read_project(reader, one.id) for one in list_programmes(reader)]
        parts = [_read_part(reader, question, one) for one in programmes]
        parts += _read_rest(reader, question)
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


def _read_part(reader: Reader, question: Question, detail: ProjectDetail) -> PartFacts:
    project = detail.project
    own = question._replace(filters=_filter_own(detail))
    is_site = project.type is ProjectType.SITE
    return PartFacts(
        detail,
        detail.sites,
        () if is_site else tuple(read_project(reader, site.id) for site in detail.sites),
        () if is_site else tuple(read_project(reader, one.id) for one in detail.cohorts),
        (),
        sites_on_map.fetch(reader, own),
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


def _add_steps(reader: Reader, question: Question, parts: Sequence[PartFacts]) -> Iterator[PartFacts]:
    """Add what the report counts at the end of each period: it is judged for all parts at once."""

    def judge(reader: Reader, question: Question) -> tuple[ProgressRow, ...]:
        return count_progress(*progress.fetch(reader, question), question.by).rows

    if all(one.detail is not None and one.detail.project.type is ProjectType.SITE for one in parts):
        yield from parts
        return
    families = [json.dumps(_list_family(one)) for one in parts]
    together = json.dumps([id_ for one in parts for id_ in _list_family(one)])
    ticks = Ticks(reader, question, judge, together)
    for part, family in zip(parts, families, strict=True):
        count = partial(_count_reached, part)
        is_measured = count(ticks.judge(question.day)).is_measured

        def is_begun(
            rows: Sequence[ProgressRow],
            count: Callable[[Sequence[ProgressRow]], Reached] = count,
            is_measured: bool = is_measured,
        ) -> bool:
            return count(rows).has(is_measured=is_measured)

        earliest = reader.fetch("charts.find_first_day", projects=family).fetchone()["day"]
        periods = ticks.list_periods(None, is_begun, earliest, _MOST_PERIODS)
        yield part._replace(reached=tuple((period, count(rows)) for period, rows in periods))


def _list_family(part: PartFacts) -> list[str]:
    """Return the projects that what is judged of a part depends on: its own, and its cohorts and sites."""
    own = [] if part.detail is None else [part.detail, *part.of_cohorts]
    parents = [] if part.detail is None else part.detail.parents
    return [*(one.project.id for one in own), *(one.id for one in parents), *(site.id for site in part.sites)]


def _count_reached(part: PartFacts, rows: Iterable[ProgressRow]) -> Reached:
    """Add the rows of the report that are of a programme, of a cohort, or of the sites of no programme."""
    detail = part.detail
    if detail is not None and detail.programme is None:
        return Reached()  # No report counts a cohort of no programme apart.
    programme = None if detail is None or detail.programme is None else detail.programme.id
    own = [row for row in rows if row.id == programme]
    if detail is not None and detail.project.type is ProjectType.COHORT:
        year = detail.project.year
        own = [row for row in own if row.year == year and (year or row.cohort == detail.project.id)]
    return add_rows(own)


def _read_rest(reader: Reader, question: Question) -> Iterator[PartFacts]:
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
            sites_on_map.fetch(reader, own),
            tuple(slips.fetch(reader, own)),
            tuple(conflicts.fetch(reader, own)),
            counts.fetch(reader, own),
        )
