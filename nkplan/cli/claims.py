"""What add and update share: reading options by their rules, citing a source, recording the claim."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from nkplan.cli.echo import describe_claim, describe_row, describe_state_changes, reporting_write, say
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
from nkplan.layout.labels import NO_LABELS, Labels
from nkplan.links import find_host, find_page
from nkplan.model.batch import Batch, Source, Update
from nkplan.model.vocabulary import Confidence, Evidence, Status
from nkplan.queries.details import read_source, read_timeline
from nkplan.queries.names import find_source, find_source_by_url, find_sources_of_page, is_taken
from nkplan.queries.reader import Reader, reading
from nkplan.queries.settings import read_settings
from nkplan.text import make_slug
from nkplan.values import (
    RESERVED,
    looks_like_url,
    read_date,
    read_event_date,
    read_evidence,
    read_percent,
    read_seen_date,
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
    """How a claim is known: its source, what describes a new one, evidence, confidence and note, as typed."""

    source: SourceOption = None
    title: Title = None
    publisher: Publisher = None
    published: Published = None
    evidence: EvidenceOption = None
    confidence: ConfidenceOption = None
    note: Note = None


class Claim(NamedTuple):
    """An update that still lacks its project and source, and the description of a new source."""

    update: Update
    on: str | None
    source: str | None
    about: dict[str, str | None]


class Draft(NamedTuple):
    """The rows that a command line would record, its line in the journal, and notices about it."""

    batch: Batch
    summary: str
    remarks: tuple[str, ...] = ()


class _Cited(NamedTuple):
    """A source as an update cites it; `new` if it has to be recorded with the update, with a remark on it."""

    id: str | None = None
    new: Source | None = None
    published: str | None = None
    usual: Evidence | None = None
    remark: str | None = None


def read_claim(
    citation: CitationOptions,
    latest: date,
    *,
    status: str | None = None,
    on: str | None = None,
    seen: str | None = None,
    percent: float | None = None,
    promised: str | None = None,
) -> Claim:
    """Read the options of an update by their rules. Raises BadInput, naming the option.

    `latest` is the last day on which something can have happened.
    """

    def read_past(text: str) -> str:
        return read_event_date(text, latest)

    if on is not None and seen is not None:
        raise BadInput(
            "--on and --seen are both given; keep --on if the source says when it happened, or --seen if it "
            "says when it was seen"
        )
    update = Update(
        project="",
        event_date="",
        status=read_option("STATUS", status, lambda text: read_word(text, Status, "status")),
        percent=read_option("--percent", percent, read_percent),
        promised=read_option("--promised", promised, read_date),
        evidence=read_option("--evidence", citation.evidence, read_evidence),
        confidence=read_option(
            "--confidence", citation.confidence, lambda text: read_word(text, Confidence, "confidence")
        ),
        note=read_option("--note", citation.note, read_text),
    )
    is_afterwards = update.status is not None and update.status.is_seen_afterwards
    day = read_option("--on", on, read_past) or read_option(
        "--seen", seen, lambda text: read_seen_date(text, latest, is_afterwards=is_afterwards)
    )
    about = {
        "--title": read_option("--title", citation.title, read_text),
        "--publisher": read_option("--publisher", citation.publisher, read_text),
        "--published": read_option("--published", citation.published, read_past),
    }
    return Claim(update, day, citation.source, about)


def complete_claim(
    reader: Reader, claim: Claim, today: date
) -> tuple[Update, tuple[Source, ...], tuple[str, ...]]:
    """Return the update with its source, date and evidence class, and the new source that it needs, if any.

    The third value holds notices: about defaults used for options that were not given, and about sources that
    may be the new one. Raises BadInput, NotFound and Ambiguous.
    """
    cited = _cite(reader, claim)
    day, remark = (claim.on, None) if claim.on else _date_event(cited, today)
    update = claim.update._replace(
        event_date=day, evidence=claim.update.evidence or cited.usual, source=cited.id
    )
    remarks = [sentence for sentence in (cited.remark, remark) if sentence]
    if update.evidence is None:
        remarks.append(
            "without an evidence class it counts neither as claimed nor as verified; give one with --evidence"
        )
    return update, (cited.new,) if cited.new else (), tuple(remarks)


def find_recorded(reader: Reader, claims: Iterable[Update]) -> dict[str, str]:
    """Return the ids of the claims that are on record as they are, by project.

    An older nkplan gave a typed claim a random id, so that the content is compared. A claim that was undone
    or retracted is not on record.
    """
    found: dict[str, str] = {}
    for claim in claims:
        for entry in read_timeline(reader, projects=[claim.project]):
            if entry.retracted is None and entry.update._replace(id="", announcement=None) == claim:
                found.setdefault(claim.project, entry.update.id)
    return found


def _cite(reader: Reader, claim: Claim) -> _Cited:
    """Find the source that is meant, or create one from its link."""
    given = [option for option, value in claim.about.items() if value is not None]
    if claim.source is None:
        if given:
            raise BadInput(f"{given[0]} describes a new source; give its link with --source")
        return _Cited()
    if looks_like_url(claim.source):
        url = read_option("--source", claim.source, read_url) or ""
        known = find_source_by_url(reader, url)
    else:
        url, known = "", find_source(reader, claim.source)
    if known is not None:
        if given:
            raise BadInput(
                f"{given[0]} describes a new source, but {known} is already on record; leave it out"
            )
        source = read_source(reader, known).source
        return _Cited(id=known, published=source.published, usual=source.evidence)
    published = claim.about["--published"]
    new = Source(
        id=_make_source_id(url, published, partial(is_taken, reader, "sources")),
        title=claim.about["--title"],
        publisher=claim.about["--publisher"],
        published=published,
        url=url,
        evidence=claim.update.evidence,
    )
    remark = _explain_same_page(find_sources_of_page(reader, find_page(url)))
    return _Cited(id=new.id, new=new, published=published, remark=remark)


def _explain_same_page(found: Mapping[str, str]) -> str | None:
    """Say which sources on record may be the new one, because a link of theirs leads to the same page."""
    if not found:
        return None
    id_, link = next(iter(found.items()))
    others = len(found) - 1
    more = f" ({others} more {'has' if others == 1 else 'have'} the same page)" if others else ""
    return (
        f"{id_} has the link {link}{more}: is it the same page?"
        f" to cite that source, write --source {id_} instead"
    )


def _make_source_id(url: str, published: str | None, taken: Callable[[str], bool]) -> str:
    """Make an id from a link's website, the date of publication and a digest of the link.

    Two links have two ids, whoever records them; the same link and date have the same id on every machine.
    """
    from nkplan.digest import make_digest

    website = make_slug(find_host(url).rpartition(".")[0]) or "source"
    tail = "".join(f"-{part}" for part in (make_slug(published or ""), make_digest(url)) if part)
    return make_free_id(website[: 80 - len(tail)].strip("-") + tail, taken)


def make_free_id(slug: str, taken: Callable[[str], bool]) -> str:
    """Return an id that is neither taken nor reserved, at most 80 characters: the slug, or with a number."""
    free = slug[:80].strip("-")
    number = 1
    while taken(free) or free in RESERVED:
        number += 1
        tail = f"-{number}"
        free = slug[: 80 - len(tail)].strip("-") + tail
    return free


def _date_event(cited: _Cited, today: date) -> tuple[str, str]:
    """Return a date for an event without one, and a notice: when its source was published, or else today."""
    if cited.published is not None:
        return cited.published, f"without --on it is dated {cited.published}, when its source was published"
    return today.isoformat(), f"no --on is given; it is dated today, {today}"


_OPTIONS = {"parent": "--programme", "year": "--year"}
"""The options for the fields that can conflict with what is on record."""


def write(
    path: Path,
    make: Callable[[Reader], Draft],
    command: str,
    recorder: "Recorder",
    *,
    dry_run: bool,
) -> None:
    """Record what a command line says, and print what changed. Raises BadInput, Unusable and ForeignDatabase.

    `make` reads the database inside the write transaction: what it finds, such as a free id, still holds when
    the batch is written. Remarks are printed after the transaction, because printing may block.
    """
    from nkplan.store.record import record_made

    remarks: tuple[str, ...] = ()
    labels = NO_LABELS

    def read_and_make() -> tuple[Batch, str]:
        nonlocal remarks, labels
        # Only SQLite may open the file here: closing any other descriptor would release the writer's lock.
        with reading(path) as reader:
            draft = make(reader)
            labels = Labels(read_settings(reader).labels)
            remarks = (*reader.remarks, *draft.remarks)
        return draft.batch, draft.summary

    try:
        recorded = record_made(path, read_and_make, command, recorder, dry_run=dry_run)
    except NkplanError as error:
        _print_remarks(remarks)
        if isinstance(error, BadFile):
            raise _explain_faults(error) from error
        raise
    new = recorded.new
    verb = "would record" if dry_run else "recorded"
    with reporting_write(dry_run=dry_run or recorded.is_empty):
        _print_remarks(remarks)
        say(describe_row(row) for row in (*new.kinds, *new.sources, *new.projects))
        # A source that several projects cite has them all judged again; only what changed is worth a line.
        named = {update.project for update in new.updates}
        say(
            describe_state_changes(
                [m for m in recorded.state_changes if m.project in named or m.before != m.after]
            )
        )
        say(f"  {verb:<13} {describe_claim(update, labels)}  {update.id[-12:]}" for update in new.updates)
    if dry_run:
        notice("dry run: nothing was recorded")


def _print_remarks(remarks: Iterable[str]) -> None:
    for remark in remarks:
        notice(remark)


def _explain_faults(error: BadFile) -> BadInput:
    """Say what is wrong with a command line, which has no position in a file to point to."""
    sentences = (fault.describe(_OPTIONS.get(fault.field, fault.field)) for fault in error.faults)
    return BadInput("; ".join(sentences))
