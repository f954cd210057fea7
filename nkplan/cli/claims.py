"""What add and update share: reading options by their rules, citing a source, recording what was said."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from nkplan.cli.echo import acknowledging, describe_claim, describe_moves, describe_row, say
from nkplan.cli.options import (
    ConfidenceOption,
    EvidenceOption,
    Note,
    Published,
    Publisher,
    SourceOption,
    Title,
)
from nkplan.cli.session import notice
from nkplan.errors import BadFile, BadInput, NkplanError
from nkplan.model.batch import Batch, Source, Update
from nkplan.model.vocabulary import Confidence, Evidence, Status
from nkplan.queries.details import read_source
from nkplan.queries.names import find_source, find_source_by_url, is_taken
from nkplan.queries.reader import Reader, reading
from nkplan.text import make_slug
from nkplan.values import (
    looks_like_url,
    read_date,
    read_event_date,
    read_percent,
    read_text,
    read_url,
    read_word,
)

if TYPE_CHECKING:
    from nkplan.store.transaction import Recorder

Given = TypeVar("Given")
Read = TypeVar("Read")


def read_option(option: str, value: Given | None, read: Callable[[Given], Read]) -> Read | None:
    """Read an option's value by its rule. Raises BadInput, naming the option."""
    if value is None:
        return None
    try:
        return read(value)
    except ValueError as error:
        raise BadInput(f"{option}: {error}") from None


class CitationOptions(NamedTuple):
    """How a claim is known: its source, what describes a new one, and what is said of the claim, as typed."""

    source: SourceOption = None
    title: Title = None
    publisher: Publisher = None
    published: Published = None
    evidence: EvidenceOption = None
    confidence: ConfidenceOption = None
    note: Note = None


class Claim(NamedTuple):
    """An update read but for its project and its source, and what describes a new source."""

    update: Update
    on: str | None
    source: str | None
    about: dict[str, str | None]


class Draft(NamedTuple):
    """What a command line would record, its line in the journal, and what is to be remarked on it."""

    batch: Batch
    summary: str
    remarks: tuple[str, ...] = ()


class _Cited(NamedTuple):
    """A source as an update cites it: `new` where it has to be recorded with it."""

    id: str | None = None
    new: Source | None = None
    published: str | None = None
    usual: Evidence | None = None


def read_claim(
    citation: CitationOptions,
    today: date,
    *,
    status: str | None = None,
    on: str | None = None,
    percent: float | None = None,
    promised: str | None = None,
) -> Claim:
    """Read the options of an update by their rules. Raises BadInput, naming the option."""

    def read_past(text: str) -> str:
        return read_event_date(text, today)

    update = Update(
        project="",
        event_date="",
        status=read_option("STATUS", status, lambda text: read_word(text, Status, "status")),
        percent=read_option("--percent", percent, read_percent),
        promised=read_option("--promised", promised, read_date),
        evidence=read_option(
            "--evidence", citation.evidence, lambda text: read_word(text, Evidence, "evidence class")
        ),
        confidence=read_option(
            "--confidence", citation.confidence, lambda text: read_word(text, Confidence, "confidence")
        ),
        note=read_option("--note", citation.note, read_text),
    )
    about = {
        "--title": read_option("--title", citation.title, read_text),
        "--publisher": read_option("--publisher", citation.publisher, read_text),
        "--published": read_option("--published", citation.published, read_past),
    }
    return Claim(update, read_option("--on", on, read_past), citation.source, about)


def complete_claim(
    reader: Reader, claim: Claim, today: date
) -> tuple[Update, tuple[Source, ...], tuple[str, ...]]:
    """Give the update with its source, date and evidence class, and the new source that it needs, if any.

    The last is what is to be remarked: what was chosen for want of an option. Raises BadInput, NotFound and
    Ambiguous.
    """
    cited = _cite(reader, claim)
    day, remark = (claim.on, None) if claim.on else _date_event(cited, today)
    update = claim.update._replace(
        event_date=day, evidence=claim.update.evidence or cited.usual, source=cited.id
    )
    remarks = [remark] if remark else []
    if update.evidence is None:
        remarks.append(
            "without an evidence class it counts neither as claimed nor as verified; --evidence gives one"
        )
    return update, (cited.new,) if cited.new else (), tuple(remarks)


def _cite(reader: Reader, claim: Claim) -> _Cited:
    """Find the source that is meant, or make a new one from its link."""
    given = [option for option, value in claim.about.items() if value is not None]
    if claim.source is None:
        if given:
            raise BadInput(f"{given[0]} describes a new source; give its link with --source")
        return _Cited()
    url = read_option("--source", claim.source, read_url) if looks_like_url(claim.source) else None
    known = find_source_by_url(reader, url) if url else find_source(reader, claim.source)
    if known is not None:
        if given:
            raise BadInput(f"{given[0]} describes a new source, and {known} is known already; leave it out")
        source = read_source(reader, known).source
        return _Cited(id=known, published=source.published, usual=source.evidence)
    published = claim.about["--published"]
    new = Source(
        id=_make_source_id(url or "", published, partial(is_taken, reader, "sources")),
        title=claim.about["--title"],
        publisher=claim.about["--publisher"],
        published=published,
        url=url,
        evidence=claim.update.evidence,
    )
    return _Cited(id=new.id, new=new, published=published)


def _make_source_id(url: str, published: str | None, taken: Callable[[str], bool]) -> str:
    """Make an id from the site and the date of publication, with a number where there are several."""
    from urllib.parse import urlsplit

    host = (urlsplit(url).hostname or "").removeprefix("www.").rpartition(".")[0]
    return make_free("-".join(filter(None, [make_slug(host) or "source", make_slug(published or "")])), taken)


def make_free(slug: str, taken: Callable[[str], bool]) -> str:
    """Give an id that is not taken, of at most 80 signs: the slug, or with a number behind it."""
    free = slug[:80].strip("-")
    number = 1
    while taken(free):
        number += 1
        tail = f"-{number}"
        free = slug[: 80 - len(tail)].strip("-") + tail
    return free


def _date_event(cited: _Cited, today: date) -> tuple[str, str]:
    """Date an event that was given no date: when its source was published, or else today; and say so."""
    if cited.published is not None:
        return cited.published, f"without --on it is dated {cited.published}, when its source was published"
    return today.isoformat(), f"without --on it is dated today, {today}"


_OPTIONS = {"parent": "--programme", "year": "--year"}
"""What gives a field that can be wrong beside the record."""


def write(
    path: Path,
    make: Callable[[Reader], Draft],
    command: str,
    recorder: "Recorder",
    *,
    dry_run: bool,
) -> None:
    """Record what a command line says, and say what changed. Raises BadInput, Unusable and NotOurs.

    `make` drafts it by what it reads: what it finds there, such as an id that is free, still holds when the
    batch is written. Remarks are told when others may write again, for nobody may be there to read them.
    """
    from nkplan.store.record import record_made

    remarks: tuple[str, ...] = ()

    def read_and_make() -> tuple[Batch, str]:
        nonlocal remarks
        # The file is not opened but by SQLite here: to close it again would let go of the writer's lock.
        with reading(path) as reader:
            draft = make(reader)
        remarks = draft.remarks
        return draft.batch, draft.summary

    try:
        recorded = record_made(path, read_and_make, command, recorder, dry_run=dry_run)
    except NkplanError as error:
        _tell(remarks)
        if isinstance(error, BadFile):
            raise _explain_faults(error) from error
        raise
    new = recorded.new
    verb = "would record" if dry_run else "recorded"
    with acknowledging(dry_run=dry_run or recorded.is_empty):
        _tell(remarks)
        say(describe_row(row) for row in (*new.kinds, *new.sources, *new.projects))
        say(describe_moves(recorded.moves))
        say(f"  {verb:<13} {describe_claim(update)}  {update.id[-12:]}" for update in new.updates)
    if dry_run:
        notice("dry run: nothing was recorded")


def _tell(remarks: Iterable[str]) -> None:
    for remark in remarks:
        notice(remark)


def _explain_faults(error: BadFile) -> BadInput:
    """Say of a command line what is wrong with it: there is no file to point into."""
    told = (fault.describe(_OPTIONS.get(fault.field, fault.field)) for fault in error.faults)
    return BadInput("; ".join(told))
