"""`nkplan search`: every text that contains the words searched for."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from nkplan.cli.completion import complete_several, complete_words
from nkplan.cli.filters import split_values
from nkplan.cli.options import Db, Limit, OutputOptions, grouped
from nkplan.cli.output import choose_limit, open_answer, pick_format
from nkplan.cli.session import database_path, explain_empty
from nkplan.dates import PartialDate, find_days
from nkplan.errors import BadInput
from nkplan.model.hit import Hit, SearchList
from nkplan.queries.search import count_found, count_texts, find_near_word, search, search_days
from nkplan.render.formats import Format, write_grid
from nkplan.reports.hits import make_hits
from nkplan.text import list_words
from nkplan.values import read_word
from nkplan.words import Word, read_search

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader


@grouped
def run(
    *,
    text: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT...", help='Words or beginnings of words; an exact phrase in "double quotes".'
        ),
    ],
    list_: Annotated[
        list[str] | None,
        typer.Option(
            "--list",
            metavar="LIST,...",
            help=f"Search only these lists: {', '.join(SearchList)}.",
            autocompletion=complete_several(complete_words(SearchList)),
        ),
    ] = None,
    limit: Limit = None,
    options: OutputOptions,
    db: Db = None,
) -> None:
    """Search all names, notes, titles and statements for words; the best matches come first.

    A day or month finds what was announced and what happened then.

    \b
    nkplan search poultry feed
    nkplan search '"thermal image"' --list update -f csv
    """
    typed = " ".join(text)
    words, days = read_search(typed), _read_days(typed)
    wanted = _read_lists(list_)
    format_ = pick_format(options)
    most = choose_limit(limit, options.output)
    with open_answer(db, None, options) as (reader, answer):
        of_days = [] if days is None else search_days(reader, days, wanted)
        if of_days:
            # A row can have the day in its text, too.
            found = {hit.key for hit in of_days}
            of_days += [hit for hit in search(reader, words, wanted, 0) if hit.key not in found]
        counter = _Counter(of_days[: most or None] or search(reader, words, wanted, most))
        answer.write(lambda out: _write(counter, words, format_, out, exact=options.exact))
        if not counter.given:
            answer.note(_explain_empty(reader, words, wanted, database_path(db)))
        elif counter.given == most:
            total = len(of_days) or count_found(reader, words, wanted)
            if total > most:
                answer.note(f"{most} of {total} shown; --limit 0 for all")


def _read_days(text: str) -> PartialDate | None:
    """Return the day or month that is searched for, if it is one."""
    with suppress(ValueError):
        return find_days(text)
    return None


def _write(found: Iterable[Hit], words: Sequence[Word], format_: Format, out: TextIO, *, exact: bool) -> None:
    if format_ is Format.TABLE:
        from nkplan.render.terminal.hits import write_hits

        write_hits(found, words, out)
    else:
        write_grid(make_hits(found, words), format_, out, exact=exact)


class _Counter:
    """Passes on what was found and counts it."""

    def __init__(self, found: Iterable[Hit]) -> None:
        self._found = found
        self.given = 0

    def __iter__(self) -> Iterator[Hit]:
        for one in self._found:
            self.given += 1
            yield one


def _read_lists(typed: Sequence[str] | None) -> list[SearchList] | None:
    if not typed:
        return None
    try:
        found = [read_word(word, SearchList, "list") for one in typed for word in split_values("--list", one)]
    except ValueError as error:
        raise BadInput(f"--list: {error}") from None
    return list(dict.fromkeys(found))


def _explain_empty(
    reader: "Reader", words: Sequence[Word], lists: Sequence[SearchList] | None, path: Path
) -> str:
    """Say why nothing was found: how often each word occurs without the others."""
    where = f"in the {_name_lists(lists)} of {{path}}" if lists else "in {path}"
    texts = count_texts(reader, lists)
    counts = {word: count_found(reader, [word], lists) for word in words}
    near = {
        word: meant
        for word, number in counts.items()
        if texts and not number and (meant := find_near_word(reader, word, lists))
    }
    given = _name(words[0])
    if len(words) == 1:
        advice = f"did you mean {near[words[0]]}?" if near else "write only its beginning"
        filtered = f"none of the {texts} texts {where} contains {{given}}; {advice}"
    else:
        advice = f"; did you mean {list_words(near.values())}?" if near else ""
        filtered = (
            f"none of the {texts} texts {where} contains all of these; matches for each alone: {{given}}"
            f"{advice}"
        )
        given = list_words(f"{_name(word)} {number}" for word, number in counts.items())
    unfiltered = f"there is no text {where} to search"
    return explain_empty(path, [given] if texts else [], filtered=filtered, unfiltered=unfiltered)


def _name_lists(lists: Sequence[SearchList]) -> str:
    return f"{'list' if len(lists) == 1 else 'lists'} {list_words(lists)}"


def _name(word: Word) -> str:
    return f'"{word.text}"' if word.is_phrase else word.text
