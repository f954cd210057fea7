"""`nkplan search`: every text that has the words looked for."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nkplan.cli.options import Db, Exact, FormatOption, Limit, Output
from nkplan.cli.output import choose_limit, emit, pick_format
from nkplan.cli.session import database_path, notice, open_reader
from nkplan.errors import BadInput
from nkplan.model.hit import Hit, SearchList
from nkplan.queries.search import count_found, count_texts, search
from nkplan.render.forms import Format, write_grid
from nkplan.reports.hits import make_found
from nkplan.text import list_words
from nkplan.values import read_word
from nkplan.words import Word, read_search

if TYPE_CHECKING:
    from nkplan.queries.reader import Reader


def run(
    context: typer.Context,
    text: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT...", help='Words, or beginnings of words; between "double quotes" as they stand.'
        ),
    ],
    list_: Annotated[
        str | None,
        typer.Option(
            "--list",
            metavar="LIST",
            help=f"Only one of {', '.join(SearchList)}.",
            autocompletion=lambda: list(map(str, SearchList)),
        ),
    ] = None,
    limit: Limit = None,
    format_: FormatOption = None,
    output: Output = None,
    exact: Exact = False,
    db: Db = None,
) -> None:
    """Search all names, notes, titles and statements for words; the nearest come first.

    \b
    nkplan search poultry feed
    nkplan search '"thermal image"' --list update -f csv
    """
    words = read_search(" ".join(text))
    wanted = _read_list(list_)
    form = pick_format(format_, output)
    most = choose_limit(limit, output)
    with open_reader(db or context.obj, output=output) as reader:
        counter = _Counter(search(reader, words, wanted, most))
        if form is Format.TABLE:
            from nkplan.render.terminal.hits import write_found

            emit(lambda out: write_found(counter, words, out), output)
        else:
            emit(lambda out: write_grid(make_found(counter, words), form, out, exact=exact), output)
        if not counter.given:
            _explain_nothing(reader, words, wanted, database_path(db or context.obj))
        elif counter.given == most and (total := count_found(reader, words, wanted)) > most:
            notice(f"{most} of {total} shown; --limit 0 for all")


class _Counter:
    """Gives what was found and counts it."""

    def __init__(self, found: Iterator[Hit]) -> None:
        self._found = found
        self.given = 0

    def __iter__(self) -> Iterator[Hit]:
        for one in self._found:
            self.given += 1
            yield one


def _read_list(text: str | None) -> SearchList | None:
    try:
        return None if text is None else read_word(text, SearchList, "list")
    except ValueError as error:
        raise BadInput(f"--list: {error}") from None


def _explain_nothing(reader: "Reader", words: Sequence[Word], list_: SearchList | None, path: Path) -> None:
    """Say why nothing was found: how often each word is there without the others."""
    where = f"of the list {list_} in {path}" if list_ else f"in {path}"
    texts = count_texts(reader, list_)
    if not texts:
        notice(f"there is no text {where} to search in")
    elif len(words) == 1:
        notice(f"none of the {texts} texts {where} has {_name(words[0])}; write only its beginning")
    else:
        counts = list_words(f"{_name(word)} {count_found(reader, [word], list_)}" for word in words)
        notice(f"none of the {texts} texts {where} has all of these; alone {counts}")


def _name(word: Word) -> str:
    return f'"{word.text}"' if word.is_phrase else word.text
