"""What add and update share: reading options by their rules, citing a source, recording what was said."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

from nkplan.cli.echo import describe_moves, describe_row, say
from nkplan.cli.session import make_recorder, notice
from nkplan.errors import BadFile, BadInput
from nkplan.model.batch import Batch, Source
from nkplan.model.vocabulary import Evidence
from nkplan.queries.details import read_source
from nkplan.queries.names import find_source, find_source_by_url, list_ids
from nkplan.queries.reader import Reader
from nkplan.text import make_slug
from nkplan.values import looks_like_url, read_event_date, read_text, read_url

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


class SourceWords(NamedTuple):
    """What the options say of a source."""

    source: str | None
    title: str | None
    publisher: str | None
    published: str | None


class Cited(NamedTuple):
    """A source as an update cites it: `new` where it has to be recorded with it."""

    id: str | None = None
    new: Source | None = None
    published: str | None = None
    usual: Evidence | None = None


def cite(reader: Reader, words: SourceWords, evidence: Evidence | None, today: date) -> Cited:
    """Find the source that is meant, or make a new one from its link."""
    about = {
        "--title": read_option("--title", words.title, read_text),
        "--publisher": read_option("--publisher", words.publisher, read_text),
        "--published": read_option("--published", words.published, lambda text: read_event_date(text, today)),
    }
    given = [option for option, value in about.items() if value is not None]
    if words.source is None:
        if given:
            raise BadInput(f"{given[0]} describes a new source; give its link with --source")
        return Cited()
    url = read_option("--source", words.source, read_url) if looks_like_url(words.source) else None
    known = find_source_by_url(reader, url) if url else find_source(reader, words.source)
    if known is not None:
        if given:
            raise BadInput(f"{given[0]} describes a new source, and {known} is known already; leave it out")
        source = read_source(reader, known).source
        return Cited(id=known, published=source.published, usual=source.evidence)
    assert url is not None
    new = Source(
        id=_make_source_id(url, about["--published"], list_ids(reader, "sources")),
        title=about["--title"],
        publisher=about["--publisher"],
        published=about["--published"],
        url=url,
        evidence=evidence,
    )
    return Cited(id=new.id, new=new, published=new.published, usual=evidence)


def _make_source_id(url: str, published: str | None, taken: Sequence[str]) -> str:
    """Make an id from the site and the date of publication, with a number where there are several."""
    from urllib.parse import urlsplit

    host = (urlsplit(url).hostname or "").removeprefix("www.").rpartition(".")[0]
    return make_free("-".join(filter(None, [make_slug(host) or "source", make_slug(published or "")])), taken)


def make_free(slug: str, taken: Sequence[str]) -> str:
    number = 1
    free = slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def date_event(on: str | None, cited: Cited, today: date) -> str:
    """Give the date given, else that of its source's publication, else today; say so where none was given."""
    given = read_option("--on", on, lambda text: read_event_date(text, today))
    if given is not None:
        return given
    if cited.published is not None:
        notice(f"without --on it is dated {cited.published}, when its source was published")
        return cited.published
    notice(f"without --on it is dated today, {today}")
    return today.isoformat()


def settle_evidence(evidence: Evidence | None, cited: Cited) -> Evidence | None:
    settled = evidence or cited.usual
    if settled is None:
        notice("without an evidence class it counts neither as claimed nor as verified; --evidence gives one")
    return settled


def write(path: Path, batch: Batch, command: str, summary: str, *, dry_run: bool) -> None:
    """Record what a command line says, and say what changed."""
    from nkplan import store

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
