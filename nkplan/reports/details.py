"""The page of one project, announcement, place, source or publisher: facts, then sections."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from nkplan.dates import parse_date
from nkplan.judgement import age_in_months, choose_promise, find_overdue, is_silent, is_unverified
from nkplan.layout.grid import Column, Grid, Structured, Value, Verified, make_grid
from nkplan.layout.page import Fact, Page, Section
from nkplan.layout.report import describe_moment
from nkplan.model.batch import Announcement, Figure, Place, Project, Update
from nkplan.model.detail import (
    AnnouncementDetail,
    DaysDetail,
    Detail,
    Entry,
    PlaceDetail,
    ProjectDetail,
    PublisherDetail,
    SourceDetail,
)
from nkplan.model.moment import Moment
from nkplan.model.outline import describe_geometry
from nkplan.model.promise import DatedQuota
from nkplan.model.question import Grouping
from nkplan.model.state import Site
from nkplan.model.vocabulary import Confidence, ProjectType, QuotaPeriod
from nkplan.reports.claims import describe_figure
from nkplan.reports.counting import COUNT_COLUMNS, PROMISED
from nkplan.reports.progress import count_cohort, count_progress, write_replaced
from nkplan.reports.sites import list_values, make_list, pick_columns

_CLAIM = (
    Column("event_date", "Date"),
    Column("status", "Status"),
    Column("count", "Count", is_number=True),
    Column("of", "Of", is_number=True),
    Column("unit", "Unit"),
    Column("bound", "Bound"),
    Column("percent", "%", is_number=True),
    Column("promised", "Promised"),
    Column("promised_status", "Promised status"),
    Column("figures", "Figures"),
    Column("speaker", "Said by"),
    Column("evidence", "Evidence", is_word=True),
    Column("confidence", "Confidence"),
    Column("withdrawn", "Withdrawn"),
    Column("withdrawn_source", "Withdrawn in"),
    Column("note", "Note"),
    Column("source", "Source ID"),
    Column("title", "Source"),
    Column("publisher", "Publisher"),
    Column("published", "Published"),
    Column("url", "Link"),
    Column("announcement", "Announcement"),
)
_PROJECT = (Column("project", "Project ID"), Column("project_name", "Project"))
_RECORDED = (
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


def make_page(detail: Detail, moment: Moment, silent_months: int) -> Page:
    """Make the page of a project, announcement, place, source or publisher, judged on the day of a moment.

    A site is silent after so many months without evidence.
    """
    page = _make_page(detail, moment.day, silent_months)
    days = (("as_of", "As of", moment.as_of), ("known_on", "Known on", moment.known_on))
    facts = tuple(Fact(key, title, day.isoformat()) for key, title, day in days if day is not None)
    return page._replace(facts=(*facts, *page.facts), when=describe_moment(moment))


def _make_page(detail: Detail, today: date, silent_months: int) -> Page:
    match detail:
        case ProjectDetail():
            return _project_page(detail, today, silent_months)
        case AnnouncementDetail():
            return _announcement_page(detail)
        case PlaceDetail():
            return _place_page(detail, today, silent_months)
        case SourceDetail():
            return _source_page(detail)
        case PublisherDetail():
            return _publisher_page(detail)
        case DaysDetail():
            return _days_page(detail)


def _project_page(detail: ProjectDetail, today: date, silent_months: int) -> Page:
    project = detail.project
    facts = [
        Fact("name", "Name", project.name),
        Fact("kind", "Kind", project.kind),
        *_parent_facts(detail),
        *_place_facts(detail.place, detail.region_name, detail.region),
        Fact("model", "Modelled on", project.model, detail.model and _name_project(detail.model)),
        *_named_facts(project),
        Fact("note", "Note", project.note),
        *_state_facts(detail, today, silent_months),
    ]
    sections = [_announcements_section(detail.announcements)]
    if detail.programme and project.type is not ProjectType.SITE:
        own = [dated for dated in detail.programme.quotas if _holds_for(dated, project)]
        sections.append(_quotas_section(own))
        sections.append(_progress_section(detail))
    if project.type is not ProjectType.SITE:
        sections.append(_sites_section(detail.sites, today, silent_months))
    sections.append(_projects_section("model_of", "Model of", detail.modelled))
    sections.append(_timeline_section(detail.timeline, with_project=False))
    return _page(project.type, project.id, project.name, facts, sections)


def _holds_for(dated: DatedQuota, project: Project) -> bool:
    """Return whether a quota of a programme or its cohorts applies to this programme or cohort."""
    if project.type is ProjectType.PROGRAMME or dated.quota.project == project.id:
        return True
    return (
        dated.is_of_programme
        and dated.quota.per is QuotaPeriod.YEAR
        and project.year is not None
        and dated.quota.covers(project.year)
    )


def _state_facts(detail: ProjectDetail, today: date, silent_months: int) -> Iterator[Fact]:
    state = detail.state
    promise = choose_promise(state)
    # A status claimed for a programme or cohort itself is not the state of its sites; its counts show that.
    own = "" if detail.project.type is ProjectType.SITE else "Own "
    yield Fact("status", f"{own}status".capitalize(), state.status, is_status=True)
    yield Fact("claimed", f"{own}claimed".capitalize(), state.claimed, is_status=True)
    shown = None if state.verified else "no"
    yield Fact(
        "verified", f"{own}verified".capitalize(), state.verified, shown, is_status=True, is_verified=True
    )
    yield Fact("unverified", "Unverified", is_unverified(state))
    if detail.project.type is ProjectType.SITE or state.progress:
        # A programme that is only announced is not at 0 percent: its sites may be complete.
        yield Fact("progress", "Progress (%)", state.progress)
    yield Fact("last_evidence", f"{own}last evidence".capitalize(), state.last_date)
    yield Fact("age_months", "Months ago", age_in_months(state, today))
    yield Fact("promised", "Promised for", promise and promise.date)
    if detail.project.type is ProjectType.SITE:
        yield Fact("overdue", "Overdue", find_overdue(state, today) is not None)
        yield Fact("silent", "Silent", is_silent(state, today, silent_months))


def _parent_facts(detail: ProjectDetail) -> Iterator[Fact]:
    parents = {parent.type: parent for parent in detail.parents}
    for type_ in (ProjectType.COHORT, ProjectType.PROGRAMME):
        parent = parents.get(type_)
        shown = _name_project(parent) if parent else None
        yield Fact(type_, type_.capitalize(), parent.id if parent else None, shown)
    years = (project.year for project in (detail.project, *detail.parents) if project.year)
    yield Fact("year", "Year", next(years, None))


def _name_project(project: Project) -> str:
    return f"{project.id} ({project.name})"


def _place_facts(place: Place | None, region_name: str | None, region: str | None) -> Iterator[Fact]:
    name = shown = None
    if place is not None:
        name = place.full_name or place.name
        around = f", {region_name}" if region_name and region_name != place.name else ""
        local = f" {place.local_name}" if place.local_name else ""
        shown = f"{name}{around}{local} ({place.id})"
    yield Fact("place", "Place", place.id if place else None, shown)
    yield Fact("place_name", "", name)
    yield Fact("region", "", region)
    yield Fact("region_name", "", region_name)


def _named_facts(project: Project) -> Iterator[Fact]:
    """Yield the tags of a project, the ids that others give it, and who takes part in it."""
    named: tuple[tuple[str, str, str, list[object]], ...] = (
        ("tags", "Tags", ", ".join(project.tags), list(project.tags)),
        (
            "identifiers",
            "Also known as",
            ", ".join(f"{scheme}:{id_}" for scheme, id_ in project.identifiers),
            [{"scheme": scheme, "id": id_} for scheme, id_ in project.identifiers],
        ),
        (
            "organisations",
            "Organisations",
            "; ".join(f"{role}: {name}" for role, name in project.organisations),
            [{"role": role, "name": name} for role, name in project.organisations],
        ),
    )
    for key, title, text, parts in named:
        yield Fact(key, title, Structured(text, parts) if parts else None)


def _announcements_section(announcements: Sequence[Announcement]) -> Section:
    columns = (
        Column("announced", "Date"),
        Column("id", "ID"),
        Column("title", "Title"),
        Column("speaker", "By"),
        Column("occasion", "Occasion"),
        Column("said", "What was said"),
        Column("source", "Source ID"),
    )
    rows = tuple(
        (one.announced, one.id, one.title, one.speaker, one.occasion, one.said, one.source)
        for one in announcements
    )
    return Section("announcements", "Announced", Grid(columns, rows), style="announcements")


def _quotas_section(quotas: Iterable[DatedQuota]) -> Section:
    columns = (
        Column("announced", "Date"),
        Column("quantity", "Number", is_number=True),
        Column("unit", "Unit"),
        Column("label", "Of"),
        Column("per", "Per"),
        Column("kind", "Kind"),
        Column("promised_status", "Promised status"),
        Column("first_year", "From", is_number=True),
        Column("last_year", "To", is_number=True),
        Column("project", "Project"),
        Column("beside", "Beside its programme's"),
        Column("within", "Part of the number of"),
        Column("announcement", "Announcement"),
        Column("note", "Note"),
    )
    values = ({**dated.quota._asdict(), "announced": dated.announced} for dated in quotas)
    return Section("quotas", "Quotas", make_grid(columns, values), style="quotas")


def _progress_section(detail: ProjectDetail) -> Section:
    """Count a programme's sites against its promise, cohort by cohort; a cohort shows only its own row.

    A cohort without a year is measured by its own quotas alone.
    """
    programme = detail.programme
    assert programme is not None
    is_undated = detail.project.type is ProjectType.COHORT and detail.project.year is None
    if detail.project.type is ProjectType.COHORT:
        progress = count_cohort(detail.sites, programme, detail.project)
    else:
        progress = count_progress(detail.sites, [programme], Grouping.PROGRAMME_AND_YEAR)
    columns = (
        Column("cohort", "Cohort", drop=1),
        # The name identifies a row of counts, so it wraps instead of being shortened.
        Column("name", "Name", wraps=True, min_width=16, drop=3),
        Column("year", "Year", is_number=True, drop=11),
        PROMISED,
        *COUNT_COLUMNS,
        Column("replaced", "Replaced", wraps=True, min_width=16, drop=2),
    )
    values = (
        row.counts._asdict()
        | {
            "cohort": row.cohort,
            "name": detail.project.name if is_undated else row.name,
            "year": row.year,
            "replaced": write_replaced(row),
        }
        for row in progress.rows
    )
    return Section("progress_by_year", "Progress", make_grid(columns, values))


def _sites_section(sites: Iterable[Site], today: date, silent_months: int) -> Section:
    grid = make_list((list_values(site, today, silent_months) for site in sites), _SITE_KEYS)
    return Section("sites", "Sites", Grid(grid.columns, tuple(grid.rows)))


def _projects_section(key: str, title: str, projects: Sequence[Project]) -> Section:
    columns = (
        Column("id", "ID"),
        *pick_columns("name"),
        Column("type", "Type"),
        *pick_columns("kind"),
    )
    return Section(
        key, title, Grid(columns, tuple((one.id, one.name, one.type, one.kind) for one in projects))
    )


def _timeline_section(timeline: Iterable[Entry], *, with_project: bool) -> Section:
    columns = (*_CLAIM, *(_PROJECT if with_project else ()), *_RECORDED)
    return Section("timeline", "Timeline", make_grid(columns, map(_entry_values, timeline)), style="updates")


def _is_verified(update: Update) -> bool:
    """Return whether the status of an update is one that an observation shows."""
    return (
        update.status is not None
        and update.evidence is not None
        and update.evidence.verifies
        and update.confidence is not Confidence.LOW
    )


def _entry_values(entry: Entry) -> dict[str, Value]:
    update, source = entry.update, entry.source
    return {
        "event_date": update.event_date,
        "status": Verified(update.status) if _is_verified(update) else update.status,
        "count": update.count,
        "of": update.of,
        "unit": update.unit,
        "bound": update.bound,
        "percent": update.percent,
        "promised": update.promised,
        "promised_status": update.promised_status,
        "figures": _write_figures(update.figures),
        "speaker": update.speaker,
        "evidence": update.evidence,
        "confidence": update.confidence,
        "withdrawn": update.withdrawn,
        "withdrawn_source": update.withdrawn_source,
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


def _write_figures(figures: Sequence[Figure]) -> Structured | None:
    """Write figures as one text, such as `cost: 12 million USD (2017); jobs: 300 people`."""
    if not figures:
        return None
    return Structured("; ".join(map(describe_figure, figures)), [figure._asdict() for figure in figures])


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
            Column("year", "Year", is_number=True, drop=11),
            Column("source", "Source ID"),
            Column("note", "Note", wraps=True, min_width=24, drop=1),
        ),
        tuple(
            (figure.item, figure.value, figure.unit, figure.year, figure.source, figure.note)
            for figure in one.figures
        ),
    )
    sections = [
        Section("terms", "Terms", texts=one.terms),
        Section("context", "Context", texts=one.context),
        Section("figures", "Figures", figures),
        _quotas_section(detail.quotas),
        _timeline_section(detail.timeline, with_project=True),
    ]
    return _page("announcement", one.id, one.title, facts, sections)


def _place_page(detail: PlaceDetail, today: date, silent_months: int) -> Page:
    place, outline = detail.place, detail.outline
    facts = [
        Fact("name", "Name", place.full_name or place.name),
        Fact("local_name", "Local name", place.local_name),
        Fact("place_type", "Type", place.type),
        Fact("in", "In", ", ".join(around.full_name or around.name for around in detail.around) or None),
        Fact("names", "Also written", ", ".join(place.names) or None),
        Fact("population", "Population", place.population),
        Fact("population_year", "Population year", place.population_year),
        Fact("latitude", "Latitude", place.latitude),
        Fact("longitude", "Longitude", place.longitude),
        Fact("outline", "Outline", outline and describe_geometry(outline.geometry)),
        Fact("outline_credit", "Outline by", outline and outline.credit),
        Fact("note", "Note", place.note),
    ]
    sections = [
        _sites_section(detail.sites, today, silent_months),
        _timeline_section(detail.timeline, with_project=True),
    ]
    return _page("place", place.id, place.full_name or place.name, facts, sections)


def _source_page(detail: SourceDetail) -> Page:
    source = detail.source
    facts = [
        Fact("title", "Title", source.title),
        Fact("publisher", "Publisher", source.publisher),
        Fact("published", "Published", source.published),
        Fact("retrieved", "Retrieved", source.retrieved),
        Fact("url", "Link", source.url),
        Fact("archive", "Archived", source.archive),
        Fact("evidence", "Usual evidence", source.evidence, is_word=True),
        Fact("note", "Note", source.note),
    ]
    sections = [
        _announcements_section(detail.announcements),
        _timeline_section(detail.timeline, with_project=True),
    ]
    return _page("source", source.id, source.title or source.id, facts, sections)


def _publisher_page(detail: PublisherDetail) -> Page:
    publisher = detail.publisher
    facts = [
        Fact("name", "Name", publisher.name),
        Fact("domain", "Domain", publisher.domain),
        Fact("evidence", "Usual evidence", publisher.evidence, is_word=True),
    ]
    columns = (
        Column("id", "ID"),
        Column("published", "Published"),
        Column("retrieved", "Retrieved", drop=3),
        Column("title", "Title", wraps=True, min_width=24),
        Column("evidence", "Evidence", is_word=True, drop=4),
        Column("publisher", "Publisher", drop=2),
        Column("url", "Link", drop=1),
    )
    sources = make_grid(columns, (source._asdict() for source in detail.sources))
    return _page(
        "publisher", publisher.domain, publisher.name, facts, [Section("sources", "Sources", sources)]
    )


def _days_page(detail: DaysDetail) -> Page:
    sections = [
        _announcements_section(detail.announcements),
        _timeline_section(detail.timeline, with_project=True),
    ]
    days = parse_date(detail.written)
    return _page("day" if days.start == days.end else "month", detail.written, detail.written, [], sections)


def _page(type_: str, id_: str, title: str, facts: Iterable[Fact], sections: Iterable[Section]) -> Page:
    return Page(type=type_, id=id_, title=title, facts=tuple(facts), sections=tuple(sections))
