"""Shell completion: ids and names from the database, or nothing if it cannot be read."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from nkplan.cli.session import database_path
from nkplan.errors import NkplanError
from nkplan.text import compose

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader


def _offer(
    context: typer.Context,
    incomplete: str,
    list_: Callable[[Any, "Reader"], Iterable[str]],
    named: Iterable[str] = (),
) -> list[str]:
    """List what begins with the typed part, or else what contains it.

    Of the lists `named`, former ids follow: a command that gets one says what the row is called now. A shell
    is given only what begins with the typed part.
    """
    from nkplan.database import is_new
    from nkplan.queries import names
    from nkplan.queries.reader import reading

    root = context.find_root()
    given = context.params.get("db") or root.params.get("db")
    try:
        path = database_path(Path(given) if given else None)
        if is_new(path):
            return []
        with reading(path) as reader:
            every = [one for one in list_(names, reader) if _is_plain(one)]
            former = [one for name in named for one in names.list_former_ids(reader, name).items()]
    except NkplanError:
        return []
    typed = compose(incomplete).casefold()
    return (
        [one for one in every if one.casefold().startswith(typed)]
        or [one for one, id_ in former if one.casefold().startswith(typed) and id_ in every]
        or [one for one in every if typed in one.casefold()]
    )


Complete = Callable[[typer.Context, str], list[str]]


def complete_words(words: Iterable[str]) -> Complete:
    """Return a completion that offers words that are always the same."""

    def complete(_ctx: typer.Context, incomplete: str) -> list[str]:
        return [word for word in map(str, words) if word.startswith(incomplete)]

    return complete


def complete_several(complete: Complete) -> Complete:
    """Return a completion of an option that takes `a,b`: it goes on after each comma.

    Values that are written already are not offered again.
    """

    def complete_last(ctx: typer.Context, incomplete: str) -> list[str]:
        written, comma, last = incomplete.rpartition(",")
        if not comma:
            return complete(ctx, incomplete)
        # What was typed is offered again as part of each value, so the shell reads it a second time.
        if not _is_plain(written):
            return []
        already = {one.strip().casefold() for one in written.split(",")}
        # A value with a comma in it can only be written alone.
        return [
            f"{written},{one}"
            for one in complete(ctx, last)
            if one.casefold() not in already and "," not in one
        ]

    return complete_last


def _is_plain(word: str) -> bool:
    """Return whether a word has no character special to a shell: Typer's scripts quote too little.

    zsh evaluates the completions, and bash expands a word with a * to file names.
    """
    return word.isprintable() and not set(word) & set('\\"$`*?[]{}!<>|;&~#')


def complete_project(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the ids of projects."""
    return _offer(ctx, incomplete, lambda names, reader: names.list_ids(reader, "projects"), ["projects"])


def complete_status(_ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the statuses."""
    from nkplan.model.vocabulary import Status

    return [str(status) for status in Status if status.startswith(incomplete)]


def complete_programme(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the ids of programmes."""
    from nkplan.queries.programmes import list_programmes

    return _offer(
        ctx, incomplete, lambda _, reader: [one.id for one in list_programmes(reader)], ["projects"]
    )


def complete_thing(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the ids of everything that `show` can show."""
    lists = ("projects", "announcements", "places", "sources", "publishers")
    return _offer(ctx, incomplete, lambda names, reader: _list_ids(names, reader, lists), lists)


def complete_row(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the ids of everything that `edit` can edit, but for those that are derived."""
    lists = ("projects", "announcements", "places", "sources")

    def list_all(names: Any, reader: "Reader") -> Iterable[str]:
        kinds, publishers = names.list_kinds(reader), names.list_publishers(reader)
        return ["settings", *_list_ids(names, reader, lists), *kinds, *publishers]

    return _offer(ctx, incomplete, list_all, (*lists, "kinds"))


def _list_ids(names: Any, reader: "Reader", lists: Iterable[str]) -> list[str]:
    return [one for name in lists for one in names.list_ids(reader, name)]


def complete_change(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the fields of the row to edit, each with its `=`, and the words that a field can have."""
    from nkplan.database import is_new
    from nkplan.formats.written import list_fields, list_words_of
    from nkplan.queries.reader import reading
    from nkplan.queries.rows import find_row

    given = ctx.params.get("db") or ctx.find_root().params.get("db")
    try:
        path = database_path(Path(given) if given else None)
        if is_new(path):
            return []
        with reading(path) as reader:
            name, _ = find_row(reader, str(ctx.params.get("id_") or ""))
    except NkplanError:
        return []
    field, equals, value = compose(incomplete).partition("=")
    if equals:
        return [f"{field}={word}" for word in list_words_of(field) if word.startswith(value)]
    return [f"{one}=" for one in list_fields(name) if one.startswith(field) and " " not in one]


def complete_added(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the nouns after `add`, then the fields of the noun, and the words that a field can have."""
    from nkplan.cli.nouns import NOUNS, SITE
    from nkplan.formats.written import list_words_of

    noun = ctx.params.get("name")
    if noun is None:
        return [one for one in (SITE, *NOUNS) if one.startswith(incomplete)]
    if noun not in NOUNS:
        return []
    field, equals, value = compose(incomplete).partition("=")
    if not equals:
        return [f"{one}=" for one in NOUNS[noun].fields if one.startswith(field)]
    named: dict[str, Complete] = {
        "kind": complete_kind,
        "parent": complete_programme if noun == "cohort" else complete_place,
        "place": complete_place,
        "project": complete_project,
        "source": complete_source,
        "within": complete_programme,
    }
    if field in named:
        return [f"{field}={id_}" for id_ in named[field](ctx, value)]
    words = list_words_of(field) if (noun, field) != ("place", "type") else []
    return [f"{field}={word}" for word in words if word.startswith(value)]


def complete_place(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the ids of places."""
    return _offer(ctx, incomplete, lambda names, reader: names.list_ids(reader, "places"), ["places"])


def complete_source(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the ids of sources."""
    return _offer(ctx, incomplete, lambda names, reader: names.list_ids(reader, "sources"), ["sources"])


def complete_kind(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the kinds."""
    return _offer(ctx, incomplete, lambda names, reader: names.list_kinds(reader), ["kinds"])


def complete_tag(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the tags that projects have."""
    return _offer(ctx, incomplete, lambda names, reader: names.list_tags(reader))


def complete_year(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the years that sites and cohorts belong to."""
    return _offer(ctx, incomplete, lambda names, reader: map(str, names.list_years(reader)))


def complete_region(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the names of regions."""
    return _offer(ctx, incomplete, lambda names, reader: names.list_regions(reader))


def complete_author(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the users who recorded something."""
    from nkplan.queries.journal import list_authors

    return _offer(ctx, incomplete, lambda _, reader: list_authors(reader))


def complete_publisher(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the publishers of sources."""
    from nkplan.queries.lists import list_source_publishers

    return _offer(ctx, incomplete, lambda _, reader: list_source_publishers(reader))


def complete_speaker(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer who said what was announced or claimed."""
    from nkplan.queries.lists import list_speakers

    return _offer(ctx, incomplete, lambda _, reader: list_speakers(reader))


def complete_listed(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the nouns that can be listed, and the kinds, as their first word."""
    from nkplan.reports.lists import NOUNS, make_plural

    if ctx.params.get("text"):
        return []
    nouns = [noun.name for noun in NOUNS if noun.name.startswith(incomplete)]
    return nouns + _offer(ctx, incomplete, lambda names, reader: map(make_plural, names.list_kinds(reader)))


def complete_column(ctx: typer.Context, incomplete: str) -> list[str]:
    """Offer the columns of what is listed; after a minus, too."""
    from nkplan.reports.lists import BY_NAME, SITES

    # Of a line that ends in an option, the words before it are still arguments that nothing has taken.
    text = [*(ctx.params.get("text") or ()), *ctx.args]
    noun = BY_NAME.get(text[0].casefold(), SITES) if text else SITES
    sign = "-" if incomplete.startswith("-") else ""
    return [f"{sign}{key}" for key in noun.keys if key.startswith(incomplete.removeprefix("-"))]
