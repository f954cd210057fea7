"""`nkplan export`: everything on record, in the format nkplan/2."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from nkplan.cli.options import Db, NoPager, Output, OutputOptions
from nkplan.cli.output import STANDARD_OUTPUT, open_answer, pick_format
from nkplan.cli.session import database_path
from nkplan.errors import BadInput
from nkplan.model.record import Content, Record
from nkplan.render.formats import Format
from nkplan.values import read_text


class _ExportFormat(StrEnum):
    """The output formats that `nkplan load` reads."""

    JSON = "json"
    JSONL = "jsonl"


def run(
    about: Annotated[
        str | None, typer.Option("--about", metavar="TEXT", help="What the file is, in a sentence.")
    ] = None,
    format_: Annotated[
        _ExportFormat | None,
        typer.Option(
            "--format", "-f", help="One indented object (json, the default), or one line per row (jsonl)."
        ),
    ] = None,
    output: Output = None,
    datasette: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            readable=False,
            help="Write instead what Datasette shows of the database: descriptions and ready queries.",
        ),
    ] = None,
    no_pager: NoPager = False,
    db: Db = None,
) -> None:
    """Export everything on record, in the format that load reads; the same record always gives the same text.

    What was undone or retracted is left out, and so is who recorded what, and when.
    `nkplan init --from FILE` creates a database from it.

    \b
    nkplan export -o record.json
    nkplan export -f jsonl --about "Before the review" | gzip > record.jsonl.gz
    nkplan export --datasette metadata.json
    """
    said = _read_about(about)
    if datasette is not None:
        if format_ is not None:
            raise BadInput("--datasette writes JSON of its own; leave out -f")
        if output is not None:
            raise BadInput("--datasette names the file to write; leave out -o")
        _describe_for_datasette(said, OutputOptions(output=datasette, no_pager=no_pager), db)
        return
    from nkplan.cli.echo import count_rows
    from nkplan.identity import derive_quota_id, derive_update_id
    from nkplan.queries.export import list_everything

    write_record = import_module(f"nkplan.formats.{_pick_export_format(format_, output)}").write_record
    counts: Counter[str] = Counter()
    options = OutputOptions(output=output, no_pager=no_pager)
    with open_answer(db, None, options, may_be_changed=True) as (reader, answer):
        record = Record(said, _count(list_everything(reader, derive_update_id, derive_quota_id), counts))
        answer.write(lambda out: write_record(record, out))
        if not counts:
            answer.note(f"nothing is on record in {database_path(db)}, so the lists are left out")
        elif output not in {None, STANDARD_OUTPUT}:
            answer.note(f"{output}: exported {count_rows(counts.items())}")


def _describe_for_datasette(about: str | None, options: OutputOptions, db: Path | None) -> None:
    """Write the file for Datasette, and say how to show the database with it."""
    from shlex import quote

    from nkplan.formats.datasette import TABLES, About, write_metadata
    from nkplan.queries.export import list_columns
    from nkplan.queries.settings import list_settings

    path = database_path(db)
    with open_answer(db, None, options) as (reader, answer):
        settings = list_settings(reader)
        texts = About(*(settings.get(name) for name in About._fields))
        if about is not None:
            texts = texts._replace(about=about)
        columns = list_columns(reader, TABLES)
        answer.write(lambda out: write_metadata(texts, path.stem, columns, out))
        if options.output != STANDARD_OUTPUT:
            words = map(quote, ("datasette", str(path), "-m", str(options.output)))
            answer.note(f"{options.output}: written for Datasette; try: {' '.join(words)}")


def _read_about(text: str | None) -> str | None:
    try:
        return None if text is None else read_text(text)
    except ValueError as error:
        raise BadInput(f"--about: {error}") from None


def _pick_export_format(asked: _ExportFormat | None, output: Path | None) -> _ExportFormat | Format:
    if asked is not None:
        return asked
    if output is None or output == STANDARD_OUTPUT:
        return _ExportFormat.JSON
    # `Path.is_dir` fails for a name that no file can have, and where it cannot know.
    if os.path.isdir(output) or output.suffix.casefold().removeprefix(".") in set(_ExportFormat):  # noqa: PTH112
        return pick_format(OutputOptions(output=output))
    raise BadInput(
        f"{output}: an export is .json or .jsonl; use one of these endings, or name the format with -f"
    )


def _count_settings(settings: Mapping[str, Any]) -> int:
    """Count the settings in the object that a file has for them."""
    return len(settings) - ("labels" in settings) + len(settings.get("labels", ()))


def _count(
    lists: Iterable[tuple[str, Iterator[Content]]], counts: Counter[str]
) -> Iterator[tuple[str, Iterator[Content]]]:
    """Pass the lists on and count their rows on the way."""

    def count(name: str, rows: Iterator[Content]) -> Iterator[Content]:
        for row in rows:
            # All settings are one object; each label in it is a setting too.
            counts[name] += _count_settings(row) if name == "settings" and not isinstance(row, str) else 1
            yield row

    for name, rows in lists:
        yield name, count(name, rows)
