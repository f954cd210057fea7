"""What add and update share: reading options by their rules, citing a source, recording the claim."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from nkplan.cli.echo import describe_claim, describe_row, describe_state_changes, reporting_write, say
from nkplan.cli.options import ClaimOptions
from nkplan.cli.questions import confirm_doubts, is_interactive
from nkplan.cli.session import notice, read_typed
from nkplan.dates import parse_date
from nkplan.doubts import Doubt
from nkplan.errors import BadFile, BadInput, NkplanError, NotFound
from nkplan.layout.labels import NO_LABELS, Labels
from nkplan.links import find_host, find_page, list_domains
from nkplan.model.batch import Batch, Figure, Publisher, Source, Update
from nkplan.model.vocabulary import Bound, Confidence, Evidence, Status
from nkplan.queries.details import read_source, read_timeline
from nkplan.queries.names import (
    find_last_source,
    find_publisher,
    find_source,
    find_source_by_url,
    find_sources_of_page,
    is_taken,
)
from nkplan.queries.reader import Reader, reading
from nkplan.queries.settings import read_settings
from nkplan.text import make_slug, quote
from nkplan.values import (
    RESERVED,
    looks_like_url,
    read_date,
    read_event_date,
    read_evidence,
    read_number,
    read_percent,
    read_seen_date,
    read_stage,
    read_text,
    read_url,
    read_word,
)

if TYPE_CHECKING:
    from nkplan.store.record import Recorded
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


class Claim(NamedTuple):
    """An update that still lacks its project and source, and the description of a new source.

    `about` has the fields of that source that were given, each after its option.
    """

    update: Update
    on: str | None
    source: str | None
    about: Mapping[str, str | None]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is claimed."""
        said = (self.update.status, self.update.percent, self.update.promised, self.update.note)
        return all(one is None for one in said)

    @property
    def is_own_note(self) -> bool:
        """Whether it is a note of one's own: it has neither source nor class, and claims nothing else."""
        return self.source is None and self.update.counts_as == "nothing" and self.update.evidence is None


class Draft(NamedTuple):
    """The rows that a command line would record, its line in the journal, and notices about it.

    The `doubts` are reasons to ask whether that is meant.
    """

    batch: Batch
    summary: str
    remarks: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class _Cited(NamedTuple):
    """A source as an update cites it; `new` if it has to be recorded with the update, with a doubt on it."""

    id: str | None = None
    new: Source | None = None
    published: str | None = None
    usual: Evidence | None = None
    doubt: Doubt | None = None


_STATUSES = frozenset(map(str, Status))


def sort_words(words: Sequence[str], options: ClaimOptions) -> tuple[str | None, ClaimOptions]:
    """Sort the words after a project: a link is the source, `80%` the percentage, a date when it happened.

    A date can have several words. Returns the word that is left, the status, and the options with the others.
    Raises BadInput.
    """
    sorted_: dict[str, Any] = {}
    for name, word in _recognize_all(words):
        if name in sorted_ and name == "status":
            unknown = next((one for one in (sorted_[name], word) if one.casefold() not in _STATUSES), None)
            if unknown is not None:
                raise BadInput(
                    f"{quote(unknown)} is no status, date, percentage or link;"
                    " a link starts with https://, and a note is written --note TEXT"
                )
        if name in sorted_:
            raise BadInput(f"{quote(sorted_[name])} and {quote(word)} are both given as the {name}; keep one")
        if (typed := getattr(options, name, None)) is not None:
            # The shell takes the first word of a date alone for the option's value.
            is_part = name == "on" and not _is_plain(name, typed)
            advice = f'; write --on "{typed} {word}" if that is one date' if is_part else "; keep one"
            raise BadInput(f"--{name} {typed} and {quote(word)} are both given{advice}")
        sorted_[name] = word
    return sorted_.pop("status", None), options._replace(**sorted_)


def _recognize_all(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each word after what it is; the words of one date, such as `24 Nov 2026`, as one."""
    every = [(_recognize(word), word) for word in words]
    if all(name not in {"status", "on"} or _is_plain(name, word) for name, word in every):
        yield from every
        return
    from nkplan.typed_dates import join_words, looks_like_part

    def is_part(one: tuple[str, str]) -> bool:
        name, word = one
        return name == "on" or (
            name == "status" and word.casefold() not in _STATUSES and looks_like_part(word)
        )

    for may_be_date, group in groupby(every, is_part):
        several = list(group)
        date_ = join_words([word for _, word in several]) if may_be_date else None
        yield from several if date_ is None else [("on", date_)]


def _is_plain(name: str, word: str) -> bool:
    """Return whether a word is a status, or a date in its stored form."""
    if name == "status":
        return word.casefold() in _STATUSES
    with suppress(ValueError):
        return bool(parse_date(word))
    return False


def _recognize(word: str) -> str:
    """Return what a word after a project is: one of an update's options, else the status."""
    if looks_like_url(word):
        return "source"
    if re.fullmatch(r"[0-9.]+ ?%", word):
        return "percent"
    return "on" if word[:1].isdigit() or word.startswith("..") else "status"


def read_claim(options: ClaimOptions, today: date, latest: date, status: str | None = None) -> Claim:
    """Read the options of an update by their rules. Raises BadInput, naming the option.

    `latest` is the last day on which something can have happened.
    """

    def read_past(text: str) -> str:
        return read_event_date(read_typed(text, today, latest), latest)

    def read_seen(text: str) -> str:
        return read_seen_date(read_typed(text, today, latest), latest, is_afterwards=is_afterwards)

    if options.on is not None and options.seen is not None:
        raise BadInput(
            "--on and --seen are both given; keep --on if the source says when it happened, or --seen if it "
            "says when it was seen"
        )
    update = Update(
        project="",
        event_date="",
        status=read_option("STATUS", status, lambda text: read_word(text, Status, "status")),
        percent=read_option("--percent", options.percent, _read_percent),
        promised=read_option(
            "--promised",
            options.promised,
            lambda text: read_date(read_typed(text, today, latest, may_come=True)),
        ),
        promised_status=read_option("--promised-status", options.promised_status, read_stage),
        count=read_option("--count", options.count, read_number),
        of=read_option("--of", options.of, read_number),
        unit=read_option("--unit", options.unit, read_text),
        bound=read_option("--bound", options.bound, lambda text: read_word(text, Bound, "bound")),
        figures=read_option("--figure", options.figure, _read_figures) or (),
        speaker=read_option("--speaker", options.speaker, read_text),
        evidence=read_option("--evidence", options.evidence, read_evidence),
        confidence=read_option(
            "--confidence", options.confidence, lambda text: read_word(text, Confidence, "confidence")
        ),
        note=read_option("--note", options.note, read_text),
    )
    is_afterwards = update.status is not None and update.status.is_seen_afterwards and update.count is None
    day = read_option("--on", options.on, read_past) or read_option("--seen", options.seen, read_seen)
    about = {
        "--title": read_option("--title", options.title, read_text),
        "--publisher": read_option("--publisher", options.publisher, read_text),
        "--published": read_option("--published", options.published, read_past),
        "--retrieved": read_option("--retrieved", options.retrieved, read_past),
        "--archive": read_option("--archive", options.archive, read_url),
    }
    _refuse_stray(update)
    return Claim(update, day, options.source, about)


def _refuse_stray(update: Update) -> None:
    """Refuse an option that says nothing without another. Raises BadInput."""
    if update.count is None:
        for option, value in (("--of", update.of), ("--unit", update.unit), ("--bound", update.bound)):
            if value is not None:
                raise BadInput(f"{option} describes a count; give the number with --count")
    elif update.status is None:
        raise BadInput("--count is given without a status; say what is counted, as in completed --count 106")
    if update.promised is None and update.promised_status is not None:
        raise BadInput("--promised-status is given without a date; give the date with --promised")


def _read_percent(text: str) -> float:
    try:
        return read_percent(read_number(text.strip().removesuffix("%")))
    except ValueError:
        raise ValueError(f"{quote(text)} is not a percentage; write a number from 0 to 100") from None


def _read_figures(texts: Iterable[str]) -> tuple[Figure, ...]:
    # Few claims state figures, and the rules of files take as long to load as all of this.
    from nkplan.formats.written import read_written_figure

    return tuple(map(read_written_figure, texts))


class Completed(NamedTuple):
    """Updates with their source, date and class, and the new sources and publishers that they need.

    The `remarks` are about defaults used for options that were not given; the `doubts` are reasons to ask.
    """

    updates: tuple[Update, ...]
    sources: tuple[Source, ...]
    publishers: tuple[Publisher, ...]
    remarks: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def complete_claims(reader: Reader, claims: Iterable[Claim], today: date) -> Completed:
    """Complete claims, of which several can cite one new source. Raises BadInput, NotFound and Ambiguous."""
    citing = _Citing(reader, today)
    updates = tuple(citing.complete(claim) for claim in claims)
    return Completed(
        updates,
        tuple(citing.new.values()),
        tuple(citing.publishers.values()),
        tuple(dict.fromkeys(citing.remarks)),
        tuple(dict.fromkeys(citing.doubts)),
    )


def find_missing(reader: Reader, claim: Claim, today: date) -> tuple[str, ...]:
    """List the options that have no value and no default: `on`, the date, and `evidence`, the class.

    Raises BadInput, NotFound and Ambiguous.
    """
    cited = _Citing(reader, today).cite(claim)
    is_undated = claim.on is None and cited.published is None and not claim.is_own_note
    is_unclassed = (claim.update.evidence or cited.usual) is None and not claim.is_own_note
    return tuple(name for name, lacks in (("on", is_undated), ("evidence", is_unclassed)) if lacks)


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


class _Citing:
    """Finds the source that each claim means, or makes one of its link: one for claims with one link."""

    def __init__(self, reader: Reader, today: date) -> None:
        self.new: dict[str, Source] = {}
        """The new sources by link."""
        self.publishers: dict[str, Publisher] = {}
        """Who publishes on a domain that is not on record, as was said of a new source."""
        self.remarks: list[str] = []
        self.doubts: list[Doubt] = []
        self._reader = reader
        self._today = today

    def complete(self, claim: Claim) -> Update:
        """Return the update of a claim with its source, date and class. Raises BadInput."""
        cited = self.cite(claim)
        update = claim.update._replace(
            event_date=claim.on or self._date(claim, cited),
            evidence=claim.update.evidence or cited.usual,
            source=cited.id,
        )
        self.doubts += filter(None, [cited.doubt])
        if cited.published is not None:
            event, published = parse_date(update.event_date), parse_date(cited.published)
            if event.has_start and event.start > published.end:
                self.doubts.append(
                    Doubt(f"{update.event_date} is after {cited.published}, when its source was published")
                )
        if update.evidence is None and not claim.is_own_note:
            self.remarks.append(
                "without an evidence class it counts neither as claimed nor as verified;"
                " give one with --evidence"
            )
        return update

    def cite(self, claim: Claim) -> _Cited:
        """Find the source of a claim, or make it. Raises BadInput, NotFound and Ambiguous."""
        given = [option for option, value in claim.about.items() if value is not None]
        if claim.source is None:
            if given:
                raise BadInput(f"{given[0]} describes a new source; give its link with --source")
            return _Cited()
        known, url = self._find(claim.source)
        if known is not None:
            source = read_source(self._reader, known).source
            for option in given:
                # The same command again is the same source.
                if claim.about[option] != getattr(source, option.removeprefix("--")):
                    raise BadInput(
                        f"{option} describes a new source, but {known} is already on record; leave it out"
                    )
            return _Cited(id=known, published=source.published, usual=source.evidence)
        if url not in self.new:
            self.new[url] = self._make(claim, url)
        elif given:
            self.new[url] = self._describe_again(claim, url)
        self._learn_publisher(url, claim.about["--publisher"])
        new = self.new[url]
        doubt = explain_same_page(find_sources_of_page(self._reader, find_page(url)))
        return _Cited(id=new.id, new=new, published=new.published, usual=new.evidence, doubt=doubt)

    def _find(self, typed: str) -> tuple[str | None, str]:
        """Return the id of the source that is meant, or else the link of a new one."""
        if looks_like_url(typed):
            url = read_option("--source", typed, read_url) or ""
            return (None if url in self.new else find_source_by_url(self._reader, url)), url
        if typed.strip().casefold() != "last":
            return find_source(self._reader, typed), ""
        if (last := find_last_source(self._reader)) is None:
            raise NotFound("--source last: no source has been cited or added yet; write its link")
        return last, ""

    def _make(self, claim: Claim, url: str) -> Source:
        """Make a new source; what is not said of it is what is known of its publisher."""
        about = claim.about
        source = Source(
            id="",
            title=about["--title"],
            publisher=about["--publisher"],
            published=about["--published"],
            retrieved=about["--retrieved"],
            url=url,
            evidence=claim.update.evidence,
            archive=about["--archive"],
        )
        return complete_source(self._reader, source, self._today)

    def _learn_publisher(self, url: str, name: str | None) -> None:
        """Keep who publishes on a website that is not on record, so that nobody has to type it again."""
        domains = list_domains(url)
        if name is not None and domains and find_publisher(self._reader, url) is None:
            self.publishers.setdefault(domains[0], Publisher(domains[0], name))

    def _describe_again(self, claim: Claim, url: str) -> Source:
        """Return the new source of several claims, as a later one says it is too. Raises BadInput."""
        said: dict[str, Any] = {
            option.removeprefix("--"): value for option, value in claim.about.items() if value is not None
        }
        for field, value in said.items():
            if (before := getattr(self.new[url], field)) not in {None, value}:
                raise BadInput(f"--{field}: {quote(value)} is not what was said of {url} before: {before}")
        return self.new[url]._replace(**said)

    def _date(self, claim: Claim, cited: _Cited) -> str:
        """Return the date of an event without one: when its source was published. Raises BadInput."""
        if claim.is_own_note:
            return self._today.isoformat()
        if cited.published is None:
            raise BadInput("--on is missing; say when it happened, as in --on 2026-09")
        self.remarks.append(f"without --on it is dated {cited.published}, when its source was published")
        return cited.published


def complete_source(reader: Reader, source: Source, today: date) -> Source:
    """Give a new source with a link an id, and what is not said of it: what is known of its publisher."""
    url = source.url or ""
    usual = find_publisher(reader, url)
    return source._replace(
        id=source.id or _make_source_id(url, source.published, partial(is_taken, reader, "sources")),
        publisher=source.publisher or (usual.name if usual else None),
        retrieved=source.retrieved or (None if source.published else today.isoformat()),
        evidence=source.evidence or (usual.evidence if usual else None),
    )


def explain_same_page(found: Mapping[str, str]) -> Doubt | None:
    """Say which sources on record may be the new one, because a link of theirs leads to the same page."""
    if not found:
        return None
    id_, link = next(iter(found.items()))
    others = len(found) - 1
    more = f" ({others} more {'has' if others == 1 else 'have'} the same page)" if others else ""
    return Doubt(
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


_OPTIONS = {"parent": "--programme", "year": "--year"}
"""The options for the fields that can conflict with what is on record."""


ROWS = ("kinds", "publishers", "places", "sources", "announcements", "projects", "quotas")
"""The lists whose new rows are printed one by one, in this order."""


def write(
    path: Path,
    make: Callable[[Reader], Draft],
    command: str,
    recorder: "Recorder",
    *,
    dry_run: bool,
    may_be_doubtful: bool = False,
    options: Mapping[str, str] = _OPTIONS,
) -> "Recorded":
    """Record what a command line says, and print what changed. Raises BadInput, Unusable and ForeignDatabase.

    On a terminal it asks first whether doubtful claims are meant, unless they `may_be_doubtful`; elsewhere it
    records them and says what is doubtful.

    `make` reads the database inside the write transaction: what it finds, such as a free id, still holds when
    the batch is written. Remarks are printed after the transaction, because printing may block. `options` has
    the option of each field that messages are not to call by its name.
    """
    from nkplan.store.record import record_made

    asked: tuple[Doubt, ...] = ()
    if is_interactive() and not may_be_doubtful:
        with reading(path) as reader:
            asked = make(reader).doubts
        confirm_doubts(asked)
    remarks: tuple[str, ...] = ()
    labels = NO_LABELS

    def read_and_make() -> tuple[Batch, str]:
        nonlocal remarks, labels
        # Only SQLite may open the file here: closing any other descriptor would release the writer's lock.
        with reading(path) as reader:
            draft = make(reader)
            labels = Labels(read_settings(reader).labels)
        doubts = (doubt.sentence for doubt in draft.doubts if doubt not in asked)
        remarks = (*reader.remarks, *draft.remarks, *doubts)
        return draft.batch, draft.summary

    try:
        recorded = record_made(path, read_and_make, command, recorder, dry_run=dry_run)
    except NkplanError as error:
        _print_remarks(remarks)
        if isinstance(error, BadFile):
            raise _explain_faults(error, options) from error
        raise
    new = recorded.new
    verb = "would record" if dry_run else "recorded"
    with reporting_write(dry_run=dry_run or recorded.is_empty):
        _print_remarks(remarks)
        say(describe_row(row, labels) for name in ROWS for row in getattr(new, name))
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
    return recorded


def _print_remarks(remarks: Iterable[str]) -> None:
    for remark in remarks:
        notice(remark)


def _explain_faults(error: BadFile, options: Mapping[str, str]) -> BadInput:
    """Say what is wrong with a command line, which has no position in a file to point to."""
    sentences = (fault.describe(options.get(fault.field, fault.field)) for fault in error.faults)
    return BadInput("; ".join(sentences))
