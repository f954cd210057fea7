"""Shell completion: ids and names from the database, or nothing if it cannot be read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from nkplan.cli.session import database_path, tell_time
from nkplan.errors import NkplanError, NotFound
from nkplan.model.vocabulary import Evidence, Status
from nkplan.text import clean, compose

if TYPE_CHECKING:
    from nkplan.model.journal import Change
    from nkplan.queries.reader import Reader


Offer = tuple[str, str]
"""What is offered to be typed, and a description of it, which may be empty."""

Complete = Callable[[typer.Context, str], list[Offer]]

_MOST_DESCRIBED = 5000
"""The most ids that are described; more are a list that nobody reads."""

_LONGEST = 100
"""The most characters of a description: a line of a wide terminal."""


@contextmanager
def _reading(context: typer.Context) -> "Iterator[Reader]":
    """Open the database that the command line names. Raises NkplanError."""
    from nkplan.database import is_new
    from nkplan.queries.reader import reading

    given = context.params.get("db") or context.find_root().params.get("db")
    path = database_path(Path(given) if given else None)
    if is_new(path):
        raise NotFound(f"there is no database {path}")
    with reading(path) as reader:
        yield reader


def _offer(
    context: typer.Context,
    incomplete: str,
    list_: Callable[[Any, "Reader"], Iterable[str | Offer]],
    named: Sequence[str] = (),
) -> list[Offer]:
    """List what begins with the typed part, or else what contains it.

    Ids of the lists `named` are described. Their former ids follow: a command that gets one says what the
    row is called now. A shell is given only what begins with the typed part.
    """
    from nkplan.queries import names

    typed = compose(incomplete).casefold()
    try:
        with _reading(context) as reader:
            every = dict(one if isinstance(one, tuple) else (one, "") for one in list_(names, reader))
            former = [one for name in named for one in names.list_former_ids(reader, name).items()]
            found = (
                [one for one in every if one.casefold().startswith(typed)]
                or [one for one, id_ in former if one.casefold().startswith(typed) and id_ in every]
                or [one for one in every if typed in one.casefold()]
            )
            if named and len(found) <= _MOST_DESCRIBED:
                every |= names.describe_ids(reader, named, found)
    except NkplanError:
        return []
    return [(one, describe(every.get(one, ""))) for one in found if _is_plain(one)]


def describe(text: str) -> str:
    """Return a description as a line that no shell can take for anything else."""
    line = " ".join(clean(text).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


def complete_words(words: Iterable[str] | Mapping[Any, str]) -> Complete:
    """Return a completion that offers words that are always the same, or these with their descriptions."""
    described = words if isinstance(words, Mapping) else dict.fromkeys(words, "")

    def complete(_ctx: typer.Context, incomplete: str) -> list[Offer]:
        return [
            (str(word), describe(text))
            for word, text in described.items()
            if str(word).startswith(incomplete)
        ]

    return complete


def complete_several(complete: Complete) -> Complete:
    """Return a completion of an option that takes `a,b`: it goes on after each comma.

    Values that are written already are not offered again.
    """

    def complete_last(ctx: typer.Context, incomplete: str) -> list[Offer]:
        written, comma, last = incomplete.rpartition(",")
        if not comma:
            return complete(ctx, incomplete)
        # What was typed is offered again as part of each value, so the shell reads it a second time.
        if not _is_plain(written):
            return []
        already = {one.strip().casefold() for one in written.split(",")}
        # A value with a comma in it can only be written alone.
        return [
            (f"{written},{one}", text)
            for one, text in complete(ctx, last)
            if one.casefold() not in already and "," not in one
        ]

    return complete_last


def _is_plain(word: str) -> bool:
    """Return whether a word has no character special to a shell: Typer's scripts quote too little.

    zsh evaluates the completions, and bash expands a word with a * to file names.
    """
    return word.isprintable() and not set(word) & set('\\"$`*?[]{}!<>|;&~#')


def complete_project(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the ids of projects."""
    return _offer(ctx, incomplete, lambda names, reader: names.list_ids(reader, "projects"), ["projects"])


def complete_status(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the statuses."""
    return complete_words({one: one.meaning for one in Status})(ctx, incomplete)


def complete_evidence(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the evidence classes."""
    return complete_words({one: one.meaning for one in Evidence})(ctx, incomplete)


def complete_programme(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the ids of programmes."""
    from nkplan.queries.programmes import list_programmes

    return _offer(
        ctx, incomplete, lambda _, reader: [one.id for one in list_programmes(reader)], ["projects"]
    )


_THINGS = ("projects", "announcements", "places", "sources", "publishers")


def complete_thing(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the ids of everything that `show` can show."""
    return _offer(ctx, incomplete, lambda names, reader: _list_ids(names, reader, _THINGS), _THINGS)


def complete_row(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the ids of everything that `edit` can edit, but for those that are derived."""
    lists = ("projects", "announcements", "places", "sources")

    def list_all(names: Any, reader: "Reader") -> Iterable[str]:
        kinds, publishers = names.list_kinds(reader), names.list_publishers(reader)
        return ["settings", *_list_ids(names, reader, lists), *kinds, *publishers]

    return _offer(ctx, incomplete, list_all, (*lists, "publishers", "kinds"))


def _list_ids(names: Any, reader: "Reader", lists: Iterable[str]) -> list[str]:
    return [one for name in lists for one in names.list_ids(reader, name)]


def complete_change(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the fields of the row to edit, each with its `=`, and the words that a field can have."""
    from nkplan.formats.written import list_fields, list_words_of
    from nkplan.queries.rows import find_row

    try:
        with _reading(ctx) as reader:
            name, _ = find_row(reader, str(ctx.params.get("id_") or ""))
    except NkplanError:
        return []
    field, equals, value = compose(incomplete).partition("=")
    if equals:
        return [(f"{field}={word}", "") for word in list_words_of(field) if word.startswith(value)]
    return [(f"{one}=", "") for one in list_fields(name) if one.startswith(field) and " " not in one]


def complete_added(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the nouns after `add`, then the fields of the noun, and the words that a field can have."""
    from nkplan.cli.nouns import NOUNS, SITE
    from nkplan.formats.written import list_words_of

    noun = ctx.params.get("name")
    if noun is None:
        return [(one, "") for one in (SITE, *NOUNS) if one.startswith(incomplete)]
    if noun not in NOUNS:
        return []
    field, equals, value = compose(incomplete).partition("=")
    if not equals:
        return [(f"{one}=", "") for one in NOUNS[noun].fields if one.startswith(field)]
    named: dict[str, Complete] = {
        "kind": complete_kind,
        "parent": complete_programme if noun == "cohort" else complete_place,
        "place": complete_place,
        "project": complete_project,
        "source": complete_source,
        "within": complete_programme,
    }
    if field in named:
        return [(f"{field}={id_}", text) for id_, text in named[field](ctx, value)]
    words = list_words_of(field) if (noun, field) != ("place", "type") else []
    return [(f"{field}={word}", "") for word in words if word.startswith(value)]


def complete_place(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the ids of places; once something is typed, also the names that only one place has."""
    typed = compose(incomplete)

    def list_all(names: Any, reader: "Reader") -> Iterable[str | Offer]:
        yield from names.list_ids(reader, "places")
        if not typed:
            return
        # A name is found in whatever case: it goes on as it was begun, or the shell would drop it.
        spelled = {
            typed + name[len(typed) :]: id_
            for name, id_ in names.list_spellings(reader).items()
            if name[: len(typed)].casefold() == typed.casefold()
        }
        texts = names.describe_ids(reader, ["places"], spelled.values())
        yield from ((name, texts.get(id_, "")) for name, id_ in spelled.items())

    return _offer(ctx, incomplete, list_all, ["places"])


def complete_source(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the ids of sources."""
    return _offer(ctx, incomplete, lambda names, reader: names.list_ids(reader, "sources"), ["sources"])


def complete_kind(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the kinds."""
    return _offer(ctx, incomplete, lambda names, reader: names.list_kinds(reader), ["kinds"])


def complete_tag(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the tags that projects have, each with how many have it."""

    def list_all(names: Any, reader: "Reader") -> Iterator[Offer]:
        for tag, number in names.count_tags(reader).items():
            yield tag, "1 project" if number == 1 else f"{number} projects"

    return _offer(ctx, incomplete, list_all)


def complete_year(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the years that sites and cohorts belong to."""
    return _offer(ctx, incomplete, lambda names, reader: map(str, names.list_years(reader)))


def complete_region(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the names of regions."""
    return _offer(ctx, incomplete, lambda names, reader: names.list_regions(reader))


def complete_author(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the users who recorded something."""
    from nkplan.queries.journal import list_authors

    return _offer(ctx, incomplete, lambda _, reader: list_authors(reader))


def complete_view(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the views of `report`, and the own reports of the config file with what they stand for."""
    from shlex import join

    from nkplan.cli.config import read_config
    from nkplan.reports.views import VIEWS

    try:
        own = {name: join(args) for name, args in read_config().reports.items() if _is_plain(name)}
    except NkplanError:
        own = {}
    return complete_words({name: view.question for name, view in VIEWS.items()} | own)(ctx, incomplete)


def complete_chart(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the views of `chart`."""
    from nkplan.reports.charts.views import CHARTS

    return complete_words({name: view.shows for name, view in CHARTS.items()})(ctx, incomplete)


_MOST_CHANGES = 30
"""The most changes that are offered, the last ones, and the most updates."""

_LEAST_OF_UPDATE = 3
"""How much of an update's id has to be typed: fewer signs are those of a change, or begin too many."""


def _offer_changes(
    ctx: typer.Context, incomplete: str, is_meant: Callable[["Change"], bool], *, more: bool
) -> list[Offer]:
    """Offer the numbers of changes, the last first, each with when, who and what.

    If `more`, updates and projects follow once something is typed.
    """
    from nkplan.queries.journal import list_changes, list_updates_from

    def list_all(names: Any, reader: "Reader") -> Iterator[str | Offer]:
        changes = (one for one in list_changes(reader) if str(one.id).startswith(incomplete))
        meant = (one for one in changes if is_meant(one))
        for one in islice(meant, _MOST_CHANGES):
            yield str(one.id), f"{tell_time(one.recorded)} {one.recorded_by}, {one.command}: {one.summary}"
        if more and incomplete:
            if len(incomplete) >= _LEAST_OF_UPDATE:
                yield from list_updates_from(reader, incomplete, _MOST_CHANGES).items()
            yield from names.list_ids(reader, "projects")

    return _offer(ctx, incomplete, list_all, ["projects"] if more else [])


def complete_undo(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer what can be undone: changes that were not, and, once something is typed, updates and projects."""
    return _offer_changes(
        ctx, incomplete, lambda one: one.undone_in is None and one.command != "undo", more=True
    )


def complete_redo(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer what can be redone: what was undone, and the undos that did it."""
    return _offer_changes(
        ctx, incomplete, lambda one: (one.undone_in is None) == (one.command == "undo"), more=False
    )


def complete_logged(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer what `log` tells of: changes, and, once something is typed, everything that has an id."""
    changes = _offer_changes(ctx, incomplete, lambda _: True, more=False)
    begun = [one for one in changes if one[0].startswith(incomplete)]
    return [*begun, *(complete_thing(ctx, incomplete) if incomplete else [])]


def complete_publisher(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the publishers of sources."""
    from nkplan.queries.lists import list_source_publishers

    return _offer(ctx, incomplete, lambda _, reader: list_source_publishers(reader))


def complete_speaker(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer who said what was announced or claimed."""
    from nkplan.queries.lists import list_speakers

    return _offer(ctx, incomplete, lambda _, reader: list_speakers(reader))


def complete_listed(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the nouns that can be listed, and the kinds, as their first word."""
    from nkplan.reports.lists import NOUNS, make_plural

    if ctx.params.get("text"):
        return []
    nouns = [(noun.name, "") for noun in NOUNS if noun.name.startswith(incomplete)]
    return nouns + _offer(ctx, incomplete, lambda names, reader: map(make_plural, names.list_kinds(reader)))


def complete_column(ctx: typer.Context, incomplete: str) -> list[Offer]:
    """Offer the columns of what is listed; after a minus, too."""
    from nkplan.reports.lists import BY_NAME, SITES

    # Of a line that ends in an option, the words before it are still arguments that nothing has taken.
    text = [*(ctx.params.get("text") or ()), *ctx.args]
    noun = BY_NAME.get(text[0].casefold(), SITES) if text else SITES
    sign = "-" if incomplete.startswith("-") else ""
    return [(f"{sign}{key}", "") for key in noun.keys if key.startswith(incomplete.removeprefix("-"))]
