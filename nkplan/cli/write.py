"""The commands that write: add, update, undo, load."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from nkplan.cli.app import app
from nkplan.cli.complete import complete_project
from nkplan.cli.options import (
    ConfidenceOption,
    Db,
    DryRun,
    EvidenceOption,
    Kind,
    Note,
    On,
    PlaceOption,
    ProgrammeOption,
    ProjectId,
    Promised,
    Published,
    Publisher,
    SourceOption,
    StatusArgument,
    Title,
)
from nkplan.cli.session import make_recorder, notice, open_reader, prepare_database, read_today
from nkplan.errors import BadFile, BadInput
from nkplan.model import Batch, Confidence, Evidence, Project, ProjectType, Source, Status, Update
from nkplan.text import make_slug
from nkplan.values import (
    looks_like_url,
    read_date,
    read_event_date,
    read_id,
    read_percent,
    read_text,
    read_url,
    read_word,
    read_year,
)

if TYPE_CHECKING:
    from nkplan.queries import Reader

Given = TypeVar("Given")
Read = TypeVar("Read")


def _read(option: str, value: Given | None, read: Callable[[Given], Read]) -> Read | None:
    """Read an option's value by its rule. Raises BadInput, naming the option."""
    if value is None:
        return None
    try:
        return read(value)
    except ValueError as error:
        raise BadInput(f"{option}: {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class _SourceWords:
    """What the options say of a source."""

    source: str | None
    title: str | None
    publisher: str | None
    published: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cited:
    """A source as an update cites it: `new` where it has to be recorded with it."""

    id: str | None = None
    new: Source | None = None
    published: str | None = None
    usual: Evidence | None = None


def _cite(reader: "Reader", words: _SourceWords, evidence: Evidence | None, today: date) -> _Cited:
    """Find the source that is meant, or make a new one from its link."""
    about = {
        "--title": _read("--title", words.title, read_text),
        "--publisher": _read("--publisher", words.publisher, read_text),
        "--published": _read("--published", words.published, lambda text: read_event_date(text, today)),
    }
    given = [option for option, value in about.items() if value is not None]
    if words.source is None:
        if given:
            raise BadInput(f"{given[0]} describes a new source; give its link with --source")
        return _Cited()
    url = _read("--source", words.source, read_url) if looks_like_url(words.source) else None
    known = reader.find_source_by_url(url) if url else reader.find_source(words.source)
    if known is not None:
        if given:
            raise BadInput(f"{given[0]} describes a new source, and {known} is known already; leave it out")
        source = reader.read_source(known).source
        return _Cited(id=known, published=source.published, usual=source.evidence)
    assert url is not None
    new = Source(
        id=_make_source_id(url, about["--published"], reader.list_ids("sources")),
        title=about["--title"],
        publisher=about["--publisher"],
        published=about["--published"],
        url=url,
        evidence=evidence,
    )
    return _Cited(id=new.id, new=new, published=new.published, usual=evidence)


def _make_source_id(url: str, published: str | None, taken: Sequence[str]) -> str:
    """Make an id from the site and the date of publication, with a number where there are several."""
    from urllib.parse import urlsplit

    host = (urlsplit(url).hostname or "").removeprefix("www.").rpartition(".")[0]
    return _make_free(
        "-".join(filter(None, [make_slug(host) or "source", make_slug(published or "")])), taken
    )


def _make_free(slug: str, taken: Sequence[str]) -> str:
    number = 1
    free = slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def _date_event(on: str | None, cited: _Cited, today: date) -> str:
    """Give the date given, else that of its source's publication, else today; say so where none was given."""
    given = _read("--on", on, lambda text: read_event_date(text, today))
    if given is not None:
        return given
    if cited.published is not None:
        notice(f"without --on it is dated {cited.published}, when its source was published")
        return cited.published
    notice(f"without --on it is dated today, {today}")
    return today.isoformat()


def _settle_evidence(evidence: Evidence | None, cited: _Cited) -> Evidence | None:
    settled = evidence or cited.usual
    if settled is None:
        notice("without an evidence class it counts neither as claimed nor as verified; --evidence gives one")
    return settled


def _write(path: Path, batch: Batch, command: str, summary: str, *, dry_run: bool) -> None:
    """Record what a command line says, and say what changed."""
    from nkplan import store
    from nkplan.cli.echo import describe_moves, describe_row, say

    try:
        recorded = store.record(path, batch, command, make_recorder(), summary=summary, dry_run=dry_run)
    except BadFile as error:
        # Of a command line there is no file to point into; its faults are the message.
        raise BadInput("; ".join(error.faults)) from error
    if dry_run:
        notice("dry run: nothing was written")
    new = recorded.new
    say(describe_row(row) for row in (*new.kinds, *new.sources, *new.projects))
    say(describe_moves(recorded.moves))
    say(f"  {'recorded':<13} {describe_row(update)}" for update in new.updates)


@app.command(short_help="A newly announced project.")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    kind: Kind = None,
    place: PlaceOption = None,
    programme: ProgrammeOption = None,
    year: Annotated[
        int | None, typer.Option("--year", metavar="YEAR", help="The year of its cohort.")
    ] = None,
    promised: Promised = None,
    on: On = None,
    source: SourceOption = None,
    title: Title = None,
    publisher: Publisher = None,
    published: Published = None,
    evidence: EvidenceOption = None,
    confidence: ConfidenceOption = None,
    note: Note = None,
    id_: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Its id for good; else made from its name.")
    ] = None,
    type_: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="site, cohort or programme; only sites are counted.")
    ] = "site",
    new_kind: Annotated[
        bool, typer.Option("--new-kind", help="Let --kind be one that is not there yet.")
    ] = False,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Add a newly announced project, with the update that announces it.

    With --programme and --year a site joins the cohort of that year, which is added where it is missing.

    \b
    nkplan add "Koksan regional factories" --kind factory --place Koksan --programme 20x10 --year 2025
    nkplan add "Hoeyang power station" --kind power-station --place Hoeyang --promised 2025 --on 2023-01-25 \\
        --source https://example.org/hoeyang --title "Tunnelling is done" --evidence state-media
    """
    today = read_today()
    its_name = _read("NAME", name, read_text) or ""
    its_type = _read("--type", type_, lambda text: read_word(text, ProjectType, "project type"))
    its_year = _read("--year", year, read_year)
    by_when = _read("--promised", promised, read_date)
    how_known = _read("--evidence", evidence, lambda text: read_word(text, Evidence, "evidence class"))
    how_sure = _read("--confidence", confidence, lambda text: read_word(text, Confidence, "confidence"))
    its_note = _read("--note", note, read_text)
    wanted_id = _read("--id", id_, read_id)
    path = prepare_database(db or context.obj)
    with open_reader(path) as reader:
        taken = reader.list_ids("projects")
        if wanted_id in taken:
            raise BadInput(f"--id: {wanted_id} is taken already; `nkplan show {wanted_id}` shows by what")
        its_id = wanted_id or _make_free(make_slug(its_name), taken)
        if not its_id:
            raise BadInput(f"no id can be made from {its_name!r}; give one in Latin letters with --id")
        its_programme = (
            reader.find_project(programme, ProjectType.PROGRAMME) if programme is not None else None
        )
        its_kind, kinds = _choose_kind(reader, kind, its_programme, new_kind=new_kind)
        its_place = reader.find_place(place) if place is not None else None
        cohorts, parent = _choose_parent(
            reader, its_type or ProjectType.SITE, its_programme, its_year, its_kind
        )
        cited = _cite(
            reader,
            _SourceWords(source=source, title=title, publisher=publisher, published=published),
            how_known,
            today,
        )
    event_date = _date_event(on, cited, today)
    recorder = make_recorder()
    from nkplan.store import make_update_id

    batch = Batch(
        kinds=kinds,
        sources=(cited.new,) if cited.new else (),
        projects=(
            *cohorts,
            Project(
                id=its_id,
                name=its_name,
                type=its_type or ProjectType.SITE,
                kind=its_kind,
                parent=parent,
                place=its_place,
                # A site's year is its cohort's.
                year=None if cohorts or (parent and parent != its_programme) else its_year,
            ),
        ),
        updates=(
            Update(
                id=make_update_id(recorder.now),
                project=its_id,
                event_date=event_date,
                status=Status.ANNOUNCED,
                promised=by_when,
                evidence=_settle_evidence(how_known, cited),
                confidence=how_sure,
                source=cited.id,
                note=its_note,
            ),
        ),
    )
    _write(path, batch, "add", f"{its_id}, {its_name}", dry_run=dry_run)


def _choose_kind(
    reader: "Reader", kind: str | None, programme: str | None, *, new_kind: bool
) -> tuple[str, tuple[str, ...]]:
    """Give the kind, that of the programme where none is named, and the new kinds that this needs."""
    if kind is None:
        if programme is None:
            raise BadInput("--kind is missing; name one, as in --kind factory")
        return reader.read_project(programme).project.kind, ()
    if new_kind and make_slug(kind) not in reader.list_kinds():
        made = _read("--kind", kind, read_id) or ""
        return made, (made,)
    try:
        return reader.find_kind(kind), ()
    except BadInput as error:
        raise BadInput(f"--kind: {error}; --new-kind makes it one") from None


def _choose_parent(
    reader: "Reader", type_: ProjectType, programme: str | None, year: int | None, kind: str
) -> tuple[tuple[Project, ...], str | None]:
    """Give the cohort to be added, if one is missing, and what the new project belongs to."""
    if programme is None or year is None or type_ is not ProjectType.SITE:
        return (), programme
    detail = reader.read_project(programme)
    for cohort in detail.cohorts:
        if cohort.year == year:
            return (), cohort.id
    new = Project(
        id=_make_free(f"{programme}-{year}", reader.list_ids("projects")),
        name=f"{detail.project.name}, {year}",
        type=ProjectType.COHORT,
        kind=kind,
        parent=programme,
        year=year,
    )
    return (new,), new.id


@app.command(short_help="A dated, sourced update of a project.")
def update(
    context: typer.Context,
    id_: ProjectId,
    status: StatusArgument = None,
    on: On = None,
    percent: Annotated[
        float | None, typer.Option("--percent", metavar="0..100", help="How much is claimed to be done.")
    ] = None,
    promised: Promised = None,
    source: SourceOption = None,
    title: Title = None,
    publisher: Publisher = None,
    published: Published = None,
    evidence: EvidenceOption = None,
    confidence: ConfidenceOption = None,
    note: Note = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also",
            metavar="ID",
            help="Another project that the same update is about; all are recorded or none.",
            autocompletion=complete_project,
        ),
    ] = None,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Record a dated update of a project: a status, percentage, promised date or note, with its source.

    \b
    nkplan update songchon operating --on 2025-09 --source kcnaw-ownproducts
    nkplan update kusong --also hamju building --percent 80 --on 2024-08-25 --evidence state-media \\
        --source https://example.org/80-percent --title "Works pass 80 percent" --published 2024-08-28
    """
    today = read_today()
    its_status = _read("STATUS", status, lambda text: read_word(text, Status, "status"))
    so_far = _read("--percent", percent, read_percent)
    by_when = _read("--promised", promised, read_date)
    how_known = _read("--evidence", evidence, lambda text: read_word(text, Evidence, "evidence class"))
    how_sure = _read("--confidence", confidence, lambda text: read_word(text, Confidence, "confidence"))
    its_note = _read("--note", note, read_text)
    if its_status is None and so_far is None and by_when is None and its_note is None:
        raise BadInput("the update says nothing; give it a status, --percent, --promised or --note")
    path = prepare_database(db or context.obj)
    with open_reader(path) as reader:
        projects = list(dict.fromkeys(reader.find_project(one) for one in (id_, *(also or ()))))
        cited = _cite(
            reader,
            _SourceWords(source=source, title=title, publisher=publisher, published=published),
            how_known,
            today,
        )
        event_date = _date_event(on, cited, today)
        claim = Update(
            project="",
            event_date=event_date,
            status=its_status,
            percent=so_far,
            promised=by_when,
            evidence=_settle_evidence(how_known, cited),
            confidence=how_sure,
            source=cited.id,
            note=its_note,
        )
        fresh = [project for project in projects if not _is_known(reader, project, claim)]
    if not fresh:
        return
    recorder = make_recorder()
    from dataclasses import replace

    from nkplan.cli.echo import describe_claim
    from nkplan.store import make_update_id

    updates = tuple(replace(claim, id=make_update_id(recorder.now), project=project) for project in fresh)
    batch = Batch(sources=(cited.new,) if cited.new else (), updates=updates)
    _write(path, batch, "update", "; ".join(map(describe_claim, updates)), dry_run=dry_run)


def _is_known(reader: "Reader", project: str, claim: Update) -> bool:
    """Tell, and say, whether the very same update of a project stands already."""
    from dataclasses import replace

    for entry in reader.read_project(project).timeline:
        if entry.retracted is None and replace(entry.update, id="", project="", announcement=None) == claim:
            notice(f"{project} has this update already, as {entry.update.id}; nothing changed there")
            return True
    return False


@app.command(short_help="Take back what was recorded.")
def undo(
    context: typer.Context,
    updates: Annotated[
        list[str] | None,
        typer.Argument(metavar="[UPDATE]...", help="Part of an update's id, as `nkplan show` lists it."),
    ] = None,
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Take back the last add, update or load, or the updates named; they stay in the history.

    \b
    nkplan undo
    nkplan undo 14a3d1b9dc69 --dry-run
    """
    from nkplan import store
    from nkplan.cli.echo import describe_undone, say

    path = prepare_database(db or context.obj)
    undone = store.undo(path, updates or (), make_recorder(), dry_run=dry_run)
    if dry_run:
        notice("dry run: nothing was written")
    say(describe_undone(undone))


@app.command(short_help="Record a file like seed.json.")
def load(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A file in the format nkplan/1, or - for standard input.")
    ],
    dry_run: DryRun = False,
    db: Db = None,
) -> None:
    """Load announcements, projects and updates from a file like seed.json: all of it, or nothing.

    \b
    nkplan load updates.json --dry-run
    nkplan load - < updates.json
    """
    from nkplan import store
    from nkplan.cli.echo import count_batch, count_rows, describe_moves, say
    from nkplan.seed import read_file

    name = "standard input" if file == "-" else file
    batch = read_file(_read_bytes(file), read_today())
    path = prepare_database(db or context.obj)
    summary = f"{name}: {batch.about}" if batch.about else name
    try:
        recorded = store.record(path, batch, "load", make_recorder(), summary=summary, dry_run=dry_run)
    except BadFile as error:
        raise BadFile(f"{name}: {error}", error.faults) from error
    if recorded.is_empty:
        say([f"{name}: nothing new; {count_rows(recorded.same.items())} are there already"])
        return
    if dry_run:
        notice("dry run: nothing was written")
    there = f"; {count_rows(recorded.same.items())} are there already" if recorded.same else ""
    say([f"{name}: {count_batch(recorded.new)} recorded{there}"])
    say(describe_moves(recorded.moves, only_changed=True))


def _read_bytes(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise BadInput(f"{file} can not be read: {error.strerror}; name another file") from error
