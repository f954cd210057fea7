"""A page about programmes, cohorts and sites, to be sent on: all that the reports and `show` say of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from nkplan.layout.grid import Column, Grid, Phrase, Value, drop_repeated, make_grid
from nkplan.layout.head import Head, Number
from nkplan.layout.labels import NO_LABELS, Labels
from nkplan.layout.page import Fact, Page, Section, is_empty
from nkplan.layout.picture import Meaning
from nkplan.layout.report import Report
from nkplan.model.batch import Source
from nkplan.model.detail import ProjectDetail
from nkplan.model.moment import Moment
from nkplan.model.question import Grouping, Question
from nkplan.model.settings import Settings
from nkplan.model.state import Site
from nkplan.model.vocabulary import ProjectType, Status
from nkplan.reports import conflicts, counts, slips
from nkplan.reports import map as map_of_sites
from nkplan.reports.charts import progress as chart
from nkplan.reports.charts.periods import Period
from nkplan.reports.charts.progress import Reached
from nkplan.reports.conflicts import Conflict
from nkplan.reports.counting import BARS, COUNT_COLUMNS, PROMISED, Counts
from nkplan.reports.counts import Counted
from nkplan.reports.details import make_page
from nkplan.reports.progress import Progress, ProgressRow, count_cohort, count_progress, explain_numbers
from nkplan.reports.publishing import make_public
from nkplan.reports.sites import list_values, make_list
from nkplan.reports.slips import PromisedDate

Steps = tuple[tuple[Period, Reached], ...]
"""The periods of a chart, and what the report counts at the end of each."""


class PartFacts(NamedTuple):
    """What was read of a programme, a cohort or a site; without `detail`, of the sites of no programme.

    `of_sites` are its sites and `of_cohorts` its cohorts, each with all that is known of it.
    """

    detail: ProjectDetail | None
    sites: tuple[Site, ...]
    of_sites: tuple[ProjectDetail, ...]
    of_cohorts: tuple[ProjectDetail, ...]
    reached: Steps
    on_map: map_of_sites.Facts
    promised: tuple[PromisedDate, ...]
    conflicts: tuple[Conflict, ...]
    counted: Counted


class Facts(NamedTuple):
    """What was read, the question that it answers, and the sources that it names, by id.

    `within` has each project that was asked for and is part of another one, with that one.
    """

    question: Question
    parts: tuple[PartFacts, ...]
    sources: Mapping[str, Source]
    within: Mapping[str, str]


class SiteRow(NamedTuple):
    """A row of the table of sites: its id, its place and its values."""

    id: str
    place: str | None
    values: tuple[Value, ...]


class Table(NamedTuple):
    """The table of sites; it can be filtered by the values of some columns, of which the keys are given."""

    columns: tuple[Column, ...]
    rows: tuple[SiteRow, ...]
    filters: frozenset[str]


class Said(NamedTuple):
    """What was said, as of when, on what evidence and by which source, by its id."""

    date: str
    said: str
    evidence: str | None
    source: str | None


class ShownContradiction(NamedTuple):
    """Claims about a project that cannot all be true.

    `sites` are those at odds with what is said of them together.
    """

    project: str
    what: str
    claims: tuple[Said, ...]
    about_sites: str | None = None
    sites: tuple[tuple[str, str], ...] = ()


class ShownPromise(NamedTuple):
    """The dates promised for a stage of a project, one after another, and what became of them."""

    project: str
    to_be: str
    dates: tuple[Said, ...]
    kept: str
    moved: Value
    late: Value
    is_late: bool


class History(NamedTuple):
    """What is known of a project: where it is, its state, the facts beside that, and its updates."""

    id: str
    name: str
    type: str
    place: str | None
    status: Status | None
    claimed: Status | None
    verified: Status | None
    facts: tuple[Fact, ...]
    updates: Grid | None


class Part(NamedTuple):
    """What a page says of a programme, a cohort or a site, in this order. What there is none of is empty."""

    type: str
    id: str
    title: str
    note: str | None = None
    head: Head = Head()
    facts: Page | None = None
    progress: Report | None = None
    promises: tuple[Section, ...] = ()
    sites: Table | None = None
    dates: tuple[ShownPromise, ...] = ()
    contradictions: tuple[ShownContradiction, ...] = ()
    counts: Report | None = None
    together: tuple[History, ...] = ()
    histories: tuple[History, ...] = ()


class Publication(NamedTuple):
    """The page: its title, the days that it is about, its parts, and what the record says of itself.

    `within` are the names of what its one part belongs to, the outermost first.
    """

    title: str
    moment: Moment
    parts: tuple[Part, ...]
    record: str | None = None
    about: str | None = None
    licence: str | None = None
    credit: str | None = None
    sources: Mapping[str, Source] = MappingProxyType({})
    names: Mapping[tuple[str, str], str] = MappingProxyType({})
    labels: Labels = NO_LABELS
    within: tuple[str, ...] = ()


MAP_SIZE, CHART_SIZE, CHART_ALONE = (72, 42), (64, 32), (84, 20)
"""The columns and rows of pictures on a page: of a map, of a chart beside one, and of a chart without one."""

NO_PROGRAMME = "Sites of no programme"


def make_publication(facts: Facts, settings: Settings) -> Publication:
    """Lay out a page; people read it, so it has the labels of the record."""
    labels = Labels(settings.labels)
    question = facts.question._replace(silent_months=settings.silent_months)
    parts = tuple(_make_part(one, question, labels) for one in facts.parts)
    title = parts[0].title if len(parts) == 1 else settings.title or "Announced projects"
    only = facts.parts[0].detail if len(parts) == 1 else None
    return Publication(
        title,
        question.moment,
        parts,
        settings.title,
        settings.about,
        settings.licence,
        settings.credit,
        sources=facts.sources,
        names=dict(_name_rows(facts.parts)),
        labels=labels,
        within=tuple(one.name for one in reversed(only.parents)) if only else (),
    )


def _name_rows(parts: Iterable[PartFacts]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the projects and announcements of a page, each as its list and its id, with its name."""
    for part in parts:
        own = [] if part.detail is None else [part.detail]
        for detail in (*own, *part.of_cohorts, *part.of_sites):
            for project in (detail.project, *detail.parents, *([detail.model] if detail.model else [])):
                yield ("projects", project.id), project.name
            for one in detail.announcements:
                yield ("announcements", one.id), one.title


def _make_part(facts: PartFacts, question: Question, labels: Labels) -> Part:
    detail = facts.detail
    is_site = detail is not None and detail.project.type is ProjectType.SITE
    progress = None if is_site else count_part(detail, facts.sites, question)
    page = None if detail is None else _make_page(detail, question, labels)
    part = Part(
        "rest" if detail is None else detail.project.type,
        "" if detail is None else detail.project.id,
        NO_PROGRAMME if detail is None else detail.project.name,
        None if detail is None else detail.project.note,
        make_head(progress, facts.reached, facts.on_map, labels),
        dates=tuple(_list_promises(facts, question, labels)),
        contradictions=tuple(_list_contradictions(facts, labels)),
        counts=_report(counts.make_report(facts.counted, question), labels),
    )
    if progress is None:
        return part._replace(facts=page)
    together = (_tell(one, question, labels) for one in ((detail, *facts.of_cohorts) if detail else ()))
    return part._replace(
        progress=_lay_out_progress(progress, facts, labels),
        promises=tuple(_choose_sections(page, "announcements", "quotas", "model_of")),
        sites=_make_table(facts, question, labels) if facts.sites else None,
        together=tuple(one for one in together if one.updates is not None),
        histories=tuple(
            _tell(one, question, labels) for one in sorted(facts.of_sites, key=lambda one: one.project.id)
        ),
    )


def make_head(progress: Progress | None, reached: Steps, on_map: map_of_sites.Facts, labels: Labels) -> Head:
    """Make what a page about sites begins with; without `progress`, that of one site, it has no numbers."""
    head = Head()
    if any(map_of_sites.find_place(site, on_map.places) for site in on_map.sites):
        drawn = map_of_sites.make_chart(on_map, labels)
        head = head._replace(map=drawn.draw(*MAP_SIZE), map_credits=drawn.credits)
    if progress is None:
        return head
    size = CHART_SIZE if head.map else CHART_ALONE
    beside = chart.split_counts(progress).others
    total = make_grid((PROMISED, *COUNT_COLUMNS), (), progress.total._asdict())
    return head._replace(
        numbers=_list_numbers(progress.total),
        bar=Report("Progress", total, bars=BARS),
        beside=chart.describe_beside(beside) if progress.is_divided and beside.named else None,
        chart=chart.make_chart(reached, labels).draw(*size) if reached else None,
    )


_FACTS = {"note", "tags", "identifiers", "organisations", "progress", "overdue", "silent"}
"""The facts of a history that neither the line above it nor the table of sites shows."""


def _tell(detail: ProjectDetail, question: Question, labels: Labels) -> History:
    """Tell the history of a site, or what was said of a programme or cohort itself."""
    page = _make_page(detail, question, labels)
    state, project = detail.state, detail.project
    updates = next((one.grid for one in _choose_sections(page, "timeline")), None)
    return History(
        project.id,
        project.name,
        project.type,
        _describe_place(detail),
        state.status,
        state.claimed,
        state.verified,
        tuple(fact for fact in page.facts if fact.key in _FACTS and fact.value not in {None, False}),
        updates,
    )


def _make_page(detail: ProjectDetail, question: Question, labels: Labels) -> Page:
    return labels.fill_page(make_public(make_page(detail, question.moment, question.silent_months)))


def _choose_sections(page: Page | None, *keys: str) -> Iterator[Section]:
    """Yield the sections of a page with these keys that have anything to show."""
    for section in page.sections if page else ():
        if section.key in keys and not is_empty(section):
            yield section


def _report(report: Report, labels: Labels) -> Report | None:
    """Return a report as people read it; None if it is empty."""
    grid = report.screen or report.grid
    rows = tuple(grid.rows)
    if not rows:
        return None
    return labels.fill_report(report._replace(grid=grid._replace(rows=rows), screen=None))


def _list_promises(facts: PartFacts, question: Question, labels: Labels) -> Iterator[ShownPromise]:
    """Yield the dates that were promised, those that were moved, missed or met first."""
    every = slips.sort_slips(slips.find_slips(facts.promised, question.day))
    for one in every:
        values = slips.name_slip(one)
        dates = (
            Said(given.said, given.promised, given.evidence and labels.name(given.evidence), given.source)
            for given in one.chain
        )
        is_late = one.late is not None and one.late.most > 0
        yield ShownPromise(
            one.project,
            slips.STAGES[one.stage],
            tuple(dates),
            slips.describe_end(one),
            values["moved"],
            values["late"],
            is_late,
        )


def _list_contradictions(facts: PartFacts, labels: Labels) -> Iterator[ShownContradiction]:
    for one in facts.conflicts:
        claims = (
            Said(
                claim.event_date,
                conflicts.describe_said(claim),
                claim.evidence and labels.name(claim.evidence),
                claim.source,
            )
            for claim in one.claims
        )
        project = one.claims[0].project
        sites = ((site.id, f"opened {site.opened_on}" if site.opened else "not opened") for site in one.sites)
        yield ShownContradiction(
            project, one.contradiction, tuple(claims), conflicts.describe_sites(one), tuple(sites)
        )


def count_part(detail: ProjectDetail | None, sites: Sequence[Site], question: Question) -> Progress:
    """Count the sites of a programme or cohort against what was promised; of sites without one, alone."""
    if detail is None or detail.programme is None:
        return count_progress(sites, [], Grouping.PROGRAMME_AND_YEAR)
    programme = detail.programme._replace(begun=question.day.year)
    if detail.project.type is ProjectType.COHORT:
        return count_cohort(sites, programme, detail.project)
    return count_progress(sites, [programme], Grouping.PROGRAMME_AND_YEAR)


def _list_numbers(total: Counts) -> tuple[Number, ...]:
    return (
        Number(total.promised, "promised", Meaning.PROMISED),
        Number(total.named, "named", Meaning.TEXT),
        Number(total.started, "started", Meaning.STARTED),
        Number(total.complete_claimed, "claimed complete", Meaning.CLAIMED),
        Number(total.complete_verified, "verified complete", Meaning.VERIFIED),
    )


def _lay_out_progress(progress: Progress, facts: PartFacts, labels: Labels) -> Report:
    """Lay out the rows of the report as a table of years or waves, with what they add up to."""
    columns = (Column("name", "Year"), PROMISED._replace(drop=None), *COUNT_COLUMNS)

    def name_counts(row: ProgressRow, name: str) -> dict[str, Value]:
        counts: dict[str, Value] = dict(row.counts._asdict())
        return counts | {"name": name}

    named = [(row, row.part or (str(row.year) if row.year else "no year")) for row in progress.rows]
    above = [name_counts(*one) for one in named if one[0].is_measured or not progress.is_divided]
    below = [name_counts(*one) for one in named if not (one[0].is_measured or not progress.is_divided)]
    sums = name_counts(ProgressRow(None, "", counts=progress.total), "Total")
    grid = drop_repeated(make_grid(columns, above, sums, below))
    programmes = [facts.detail.programme] if facts.detail and facts.detail.programme else []
    return labels.fill_report(
        Report("Progress", grid, notes=tuple(explain_numbers(progress, programmes)), bars=BARS)
    )


_SITE_KEYS = (
    "name",
    "kind",
    "region_name",
    "year",
    "status",
    "claimed",
    "verified",
    "opened",
    "promised",
    "last_evidence",
)
_ALWAYS = {"name", "status", "claimed", "verified"}
_FILTERED = frozenset({"kind", "region_name", "year", "status", "claimed", "verified"})


def _make_table(facts: PartFacts, question: Question, labels: Labels) -> Table:
    """Make the table of sites, by year; a column in which all have the same value is left out."""
    sites = sorted(facts.sites, key=lambda site: (site.year is None, site.year or 0, site.id))
    places = {one.project.id: _name_place(one) for one in facts.of_sites}
    every = make_list([list_values(site, question.day, question.silent_months) for site in sites], _SITE_KEYS)
    rows = tuple(every.rows)
    shown = [
        at
        for at, column in enumerate(every.columns)
        if column.key in _ALWAYS or len({row[at] for row in rows}) > 1
    ]
    grid = labels.fill_grid(
        Grid(
            tuple(_rename(every.columns[at]) for at in shown),
            tuple(tuple(row[at] for at in shown) for row in rows),
        )
    )
    made = (SiteRow(site.id, places.get(site.id), row) for site, row in zip(sites, grid.rows, strict=True))
    return Table(grid.columns, tuple(made), _FILTERED & {column.key for column in grid.columns})


def _rename(column: Column) -> Column:
    """Give the columns of names short headings: there are none of ids beside them."""
    titles = {"name": "Site", "region_name": Phrase.of("{}", "Region")}
    return column._replace(title=titles.get(column.key, column.title))


def _name_place(detail: ProjectDetail) -> str | None:
    """Name the place of a project, in the local script too."""
    place = detail.place
    return place and " ".join(filter(None, [place.full_name or place.name, place.local_name]))


def _describe_place(detail: ProjectDetail) -> str | None:
    """Name the place of a project and its region."""
    named, region = _name_place(detail), detail.region_name
    is_region = detail.place is not None and detail.place.name == region
    return f"{named}, {region}" if named and region and not is_region else named
