"""What list, report and show put out, before it takes a form: a grid of named columns, or a page of sections.

The keys of columns, facts and sections are the names in JSON, CSV and TSV, and do not change.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from nkplan.model import (
    Announcement,
    AnnouncementDetail,
    DatedQuota,
    Detail,
    Entry,
    Place,
    PlaceDetail,
    Project,
    ProjectDetail,
    ProjectType,
    QuotaPeriod,
    Site,
    SourceDetail,
)
from nkplan.report import (
    SILENT_MONTHS,
    Counts,
    Grouping,
    Progress,
    age_in_months,
    is_overdue,
    is_silent,
    is_unverified,
    report_progress,
)
from nkplan.text import clean

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` is its lasting name, `title` what a person reads over it."""

    key: str
    title: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of values under columns; `total`, where there is one, is a last row set apart."""

    columns: tuple[Column, ...]
    rows: Iterable[tuple[Value, ...]]
    total: tuple[Value, ...] | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing said of what a page shows; `key` is its lasting name, `title` what a person reads."""

    key: str
    title: str
    value: Value


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: a grid, or a list of texts."""

    key: str
    title: str
    grid: Grid | None = None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """All that is known of one thing: `type` says what it is."""

    type: str
    id: str
    title: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]


def show(value: Value) -> str:
    """Give a value as clean text on one line: yes or no, a number without zeros behind it, or nothing."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.15g}"
        case str():
            return clean(value)
    return str(value)


# ---- the list

LIST_COLUMNS = (
    Column("id", "ID"),
    Column("name", "Name"),
    Column("kind", "Kind"),
    Column("place", "Place ID"),
    Column("place_name", "Place"),
    Column("province", "Province ID"),
    Column("province_name", "Province"),
    Column("programme", "Programme"),
    Column("cohort", "Cohort"),
    Column("year", "Year", is_number=True),
    Column("status", "Status"),
    Column("claimed", "Claimed"),
    Column("verified", "Verified"),
    Column("unverified", "Unverified"),
    Column("progress", "%", is_number=True),
    Column("last_evidence", "Last evidence"),
    Column("age_months", "Months ago", is_number=True),
    Column("promised", "Promised"),
    Column("overdue", "Overdue"),
    Column("silent", "Silent"),
    Column("updates", "Updates", is_number=True),
)
"""Every column that `nkplan list` can show."""

SCREEN_COLUMNS = (
    "id",
    "name",
    "kind",
    "place_name",
    "province_name",
    "claimed",
    "verified",
    "progress",
    "last_evidence",
    "age_months",
    "promised",
    "overdue",
)
"""The columns that a terminal shows where none are asked for and there is room."""


def list_values(site: Site, today: date, silent_months: int = SILENT_MONTHS) -> dict[str, Value]:
    """Give the value of every column for a site, judged on a day."""
    state = site.state
    return {
        "id": site.id,
        "name": site.name,
        "kind": site.kind,
        "place": site.place,
        "place_name": site.place_name,
        "province": site.province,
        "province_name": site.province_name,
        "programme": site.programme,
        "cohort": site.cohort,
        "year": site.year,
        "status": state.status,
        "claimed": state.claimed,
        "verified": state.verified,
        "unverified": is_unverified(state),
        "progress": state.progress,
        "last_evidence": state.last_date,
        "age_months": age_in_months(state, today),
        "promised": site.promised,
        "overdue": is_overdue(site, today),
        "silent": is_silent(state, today, silent_months),
        "updates": state.updates,
    }


def make_list(rows: Iterable[dict[str, Value]], keys: Sequence[str]) -> Grid:
    """Make the grid of a list from the values of its sites, with the columns of these keys in this order."""
    by_key = {column.key: column for column in LIST_COLUMNS}
    return Grid(
        columns=tuple(by_key[key] for key in keys), rows=(tuple(row[key] for key in keys) for row in rows)
    )


# ---- the progress report

_COUNT_COLUMNS = (
    Column("named", "Named", is_number=True),
    Column("started", "Started", is_number=True),
    Column("claimed_complete", "Claimed complete", is_number=True),
    Column("verified_complete", "Verified complete", is_number=True),
    Column("operating", "Operating", is_number=True),
)
_PROMISED = Column("promised", "Promised", is_number=True)
_GROUP_TITLES = {
    Grouping.PROGRAMME: "Programme",
    Grouping.YEAR: "Year",
    Grouping.KIND: "Kind",
    Grouping.PROVINCE: "Province",
    Grouping.STATUS: "Status",
}


def make_report(progress: Progress) -> Grid:
    """Make the grid of a progress report."""
    by = progress.by
    heads: tuple[Column, ...]
    if by is Grouping.PROGRAMME_AND_YEAR:
        heads = (
            Column("programme", "Programme ID"),
            Column("name", "Programme"),
            Column("year", "Year", is_number=True),
        )
    else:
        heads = (Column(by.value, f"{_GROUP_TITLES[by]} ID"), Column("name", _GROUP_TITLES[by]))
    promised = (_PROMISED,) if by.has_promises else ()

    def make_row(head: tuple[Value, ...], counts: Counts) -> tuple[Value, ...]:
        return (
            *head,
            *((counts.promised,) if by.has_promises else ()),
            counts.named,
            counts.started,
            counts.claimed_complete,
            counts.verified_complete,
            counts.operating,
        )

    def make_head(id_: str | None, name: str, year: int | None) -> tuple[Value, ...]:
        return (id_, name, year) if by is Grouping.PROGRAMME_AND_YEAR else (id_, name)

    return Grid(
        columns=(*heads, *promised, *_COUNT_COLUMNS),
        rows=tuple(make_row(make_head(row.id, row.name, row.year), row.counts) for row in progress.rows),
        total=make_row(make_head(None, "Total", None), progress.total),
    )


# ---- the page of one thing

TIMELINE_COLUMNS = (
    Column("event_date", "Date"),
    Column("status", "Status"),
    Column("percent", "%", is_number=True),
    Column("promised", "Promised"),
    Column("evidence", "Evidence"),
    Column("confidence", "Confidence"),
    Column("note", "Note"),
    Column("source", "Source ID"),
    Column("title", "Source"),
    Column("publisher", "Publisher"),
    Column("published", "Published"),
    Column("url", "Link"),
    Column("announcement", "Announcement"),
    Column("project", "Project ID"),
    Column("project_name", "Project"),
    Column("id", "Update ID"),
    Column("recorded", "Recorded"),
    Column("recorded_by", "Recorded by"),
    Column("retracted", "Retracted"),
)

_SITE_KEYS = (
    "id",
    "name",
    "kind",
    "place_name",
    "status",
    "claimed",
    "verified",
    "last_evidence",
    "promised",
    "overdue",
)


def make_page(detail: Detail, today: date) -> Page:
    """Make the page of a project, announcement, place or source, judged on a day."""
    match detail:
        case ProjectDetail():
            return _project_page(detail, today)
        case AnnouncementDetail():
            return _announcement_page(detail)
        case PlaceDetail():
            return _place_page(detail, today)
        case SourceDetail():
            return _source_page(detail)


def _project_page(detail: ProjectDetail, today: date) -> Page:
    project = detail.project
    facts = [
        Fact("name", "Name", project.name),
        Fact("kind", "Kind", project.kind),
        *(
            Fact(parent.type, parent.type.capitalize(), f"{parent.id} ({parent.name})")
            for parent in detail.parents
        ),
        Fact(
            "year",
            "Year",
            project.year or next((parent.year for parent in detail.parents if parent.year), None),
        ),
        Fact("place", "Place", _describe_place(detail.place, detail.province_name)),
        Fact("model", "Built after", project.model),
        Fact("note", "Note", project.note),
        *_state_facts(detail, today),
    ]
    sections = [_announcements_section(detail.announcements)]
    if detail.programme and project.type is not ProjectType.SITE:
        own = [dated for dated in detail.programme.quotas if _holds_for(dated, project)]
        sections.append(_quotas_section(own))
        sections.append(_progress_section(detail))
    if project.type is not ProjectType.SITE:
        sections.append(_sites_section(detail.sites, today))
    sections.append(_projects_section("model_of", "Model of", detail.modelled))
    sections.append(_timeline_section(detail.timeline, with_project=False))
    return _page(project.type, project.id, project.name, facts, sections)


def _holds_for(dated: DatedQuota, project: Project) -> bool:
    """Tell whether a quota of a programme or its cohorts says something of one of them."""
    if project.type is ProjectType.PROGRAMME or dated.quota.project == project.id:
        return True
    quota = dated.quota
    year = project.year or 0
    return (
        dated.cohort_year is None
        and quota.per is QuotaPeriod.YEAR
        and (quota.first_year or year) <= year <= (quota.last_year or year)
    )


def _state_facts(detail: ProjectDetail, today: date) -> Iterator[Fact]:
    state = detail.state
    promised = state.promised or detail.inherited_promise
    yield Fact("status", "Status", state.status)
    yield Fact("claimed", "Claimed", state.claimed)
    yield Fact("verified", "Verified", state.verified)
    yield Fact("unverified", "Unverified", is_unverified(state))
    yield Fact("progress", "Progress (%)", state.progress)
    yield Fact("last_evidence", "Last evidence", state.last_date)
    yield Fact("age_months", "Months ago", age_in_months(state, today))
    yield Fact("promised", "Promised for", promised)
    if detail.project.type is ProjectType.SITE:
        site = Site(
            id=detail.project.id,
            name=detail.project.name,
            kind=detail.project.kind,
            promised=promised,
            state=state,
        )
        yield Fact("overdue", "Overdue", is_overdue(site, today))
        yield Fact("silent", "Silent", is_silent(state, today))


def _describe_place(place: Place | None, province_name: str | None) -> str | None:
    if place is None:
        return None
    name = place.full_name or place.name
    around = f", {province_name}" if province_name and province_name != place.name else ""
    local = f" {place.local_name}" if place.local_name else ""
    return f"{name}{around}{local} ({place.id})"


def _announcements_section(announcements: Sequence[Announcement]) -> Section:
    columns = (
        Column("announced", "Date"),
        Column("id", "ID"),
        Column("speaker", "By"),
        Column("said", "What was said"),
        Column("source", "Source ID"),
    )
    rows = tuple((one.announced, one.id, one.speaker, one.said, one.source) for one in announcements)
    return Section("announcements", "Announced", Grid(columns, rows))


def _quotas_section(quotas: Iterable[DatedQuota]) -> Section:
    columns = (
        Column("announced", "Date"),
        Column("quantity", "Number", is_number=True),
        Column("unit", "Of"),
        Column("per", "For"),
        Column("kind", "Kind"),
        Column("first_year", "From", is_number=True),
        Column("last_year", "To", is_number=True),
        Column("project", "Project"),
        Column("announcement", "Announcement"),
        Column("note", "Note"),
    )
    rows = tuple(
        (
            dated.announced,
            dated.quota.quantity,
            dated.quota.unit,
            "each year" if dated.quota.per is QuotaPeriod.YEAR else "all years",
            dated.quota.kind,
            dated.quota.first_year,
            dated.quota.last_year,
            dated.quota.project,
            dated.quota.announcement,
            dated.quota.note,
        )
        for dated in quotas
    )
    return Section("quotas", "Quotas", Grid(columns, rows))


def _progress_section(detail: ProjectDetail) -> Section:
    """Count a programme's sites against its promise, cohort by cohort; of a cohort, its own row alone."""
    programme = detail.programme
    assert programme is not None
    progress = report_progress(detail.sites, [programme], Grouping.PROGRAMME_AND_YEAR)
    cohorts = {cohort.year: cohort.id for cohort in detail.cohorts}
    if detail.project.type is ProjectType.COHORT:
        cohorts = {detail.project.year: detail.project.id}
    rows = [
        row for row in progress.rows if detail.project.type is ProjectType.PROGRAMME or row.year in cohorts
    ]
    columns = (
        Column("cohort", "Cohort"),
        Column("year", "Year", is_number=True),
        _PROMISED,
        *_COUNT_COLUMNS,
    )
    return Section(
        "progress",
        "Progress",
        Grid(
            columns,
            tuple(
                (
                    cohorts.get(row.year),
                    row.year,
                    row.counts.promised,
                    row.counts.named,
                    row.counts.started,
                    row.counts.claimed_complete,
                    row.counts.verified_complete,
                    row.counts.operating,
                )
                for row in rows
            ),
        ),
    )


def _sites_section(sites: Iterable[Site], today: date) -> Section:
    grid = make_list((list_values(site, today) for site in sites), _SITE_KEYS)
    return Section("sites", "Sites", Grid(grid.columns, tuple(grid.rows)))


def _projects_section(key: str, title: str, projects: Sequence[Project]) -> Section:
    columns = (Column("id", "ID"), Column("name", "Name"), Column("type", "Type"), Column("kind", "Kind"))
    return Section(
        key, title, Grid(columns, tuple((one.id, one.name, one.type, one.kind) for one in projects))
    )


def _timeline_section(timeline: Iterable[Entry], *, with_project: bool) -> Section:
    columns = (
        TIMELINE_COLUMNS if with_project else tuple(c for c in TIMELINE_COLUMNS if "project" not in c.key)
    )
    rows = tuple(tuple(_entry_values(entry)[column.key] for column in columns) for entry in timeline)
    return Section("timeline", "Timeline", Grid(columns, rows))


def _entry_values(entry: Entry) -> dict[str, Value]:
    update, source = entry.update, entry.source
    return {
        "event_date": update.event_date,
        "status": update.status,
        "percent": update.percent,
        "promised": update.promised,
        "evidence": update.evidence,
        "confidence": update.confidence,
        "note": update.note,
        "source": update.source,
        "title": source.title if source else None,
        "publisher": source.publisher if source else None,
        "published": source.published if source else None,
        "url": source.url if source else None,
        "announcement": update.announcement,
        "project": update.project,
        "project_name": entry.project_name,
        "id": update.id,
        "recorded": entry.recorded,
        "recorded_by": entry.recorded_by,
        "retracted": entry.retracted,
    }


def _announcement_page(detail: AnnouncementDetail) -> Page:
    one, source = detail.announcement, detail.source
    facts = [
        Fact("announced", "Announced", one.announced),
        Fact("speaker", "By", one.speaker),
        Fact("occasion", "Occasion", one.occasion),
        Fact("said", "What was said", one.said),
        Fact("source", "Source", one.source),
        Fact("source_title", "Source title", source.title if source else None),
        Fact("publisher", "Publisher", source.publisher if source else None),
        Fact("published", "Published", source.published if source else None),
        Fact("url", "Link", source.url if source else None),
    ]
    figures = Grid(
        (
            Column("item", "Item"),
            Column("value", "Value", is_number=True),
            Column("unit", "Unit"),
            Column("year", "Year", is_number=True),
            Column("note", "Note"),
        ),
        tuple((figure.item, figure.value, figure.unit, figure.year, figure.note) for figure in one.figures),
    )
    sections = [
        Section("terms", "Terms", texts=one.terms),
        Section("context", "Context", texts=one.context),
        Section("figures", "Figures", figures),
        _quotas_section(detail.quotas),
        _timeline_section(detail.timeline, with_project=True),
    ]
    return _page("announcement", one.id, one.title, facts, sections)


def _place_page(detail: PlaceDetail, today: date) -> Page:
    place = detail.place
    facts = [
        Fact("name", "Name", place.full_name or place.name),
        Fact("local_name", "Local name", place.local_name),
        Fact("type", "Type", place.type),
        Fact("in", "In", ", ".join(around.full_name or around.name for around in detail.around) or None),
        Fact("names", "Also written", ", ".join(place.names) or None),
        Fact("population", "Population", place.population),
        Fact("population_year", "Counted in", place.population_year),
        Fact("latitude", "Latitude", place.latitude),
        Fact("longitude", "Longitude", place.longitude),
        Fact("note", "Note", place.note),
    ]
    return _page(
        "place", place.id, place.full_name or place.name, facts, [_sites_section(detail.sites, today)]
    )


def _source_page(detail: SourceDetail) -> Page:
    source = detail.source
    facts = [
        Fact("title", "Title", source.title),
        Fact("publisher", "Publisher", source.publisher),
        Fact("published", "Published", source.published),
        Fact("url", "Link", source.url),
        Fact("archive", "Archived", source.archive),
        Fact("evidence", "Usual evidence", source.evidence),
        Fact("note", "Note", source.note),
    ]
    sections = [
        _announcements_section(detail.announcements),
        _timeline_section(detail.timeline, with_project=True),
    ]
    return _page("source", source.id, source.title or source.id, facts, sections)


def _page(type_: str, id_: str, title: str, facts: Iterable[Fact], sections: Iterable[Section]) -> Page:
    return Page(type=type_, id=id_, title=title, facts=tuple(facts), sections=tuple(sections))


def is_empty(section: Section) -> bool:
    """Tell whether a section has nothing to show."""
    return not section.texts and (section.grid is None or not section.grid.rows)
