"""Recording a file in a format of nkplan: what `load` and `init` share."""

import os
import shlex
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from nkplan.cli.progress import showing_progress
from nkplan.cli.session import make_recorder, read_latest_day
from nkplan.errors import BadFile, BadInput, Unusable
from nkplan.model.batch import Batch
from nkplan.text import clean

if TYPE_CHECKING:
    from nkplan.formats.geojson import FindPlaces
    from nkplan.store.record import Edition, Recorded, ReportProgress

_READ_AT_ONCE = 1 << 20

LARGEST_FILE = 512 << 20
"""The most bytes that a file read whole may have."""


def name_file(file: str) -> str:
    """Return what messages call a file that was named on the command line."""
    return "standard input" if file == "-" else file


def record_file(
    file: str,
    path: Path | None,
    find_other: Callable[[], Path],
    *,
    command: str = "load",
    dry_run: bool = False,
    edition: "Edition | None" = None,
    credit: str | None = None,
) -> tuple["Recorded", bool]:
    """Record a file, all of it or nothing; return what it added, and whether a database was created for it.

    The database is created at a path, with what the file says and nothing else. Without a path, or if another
    process creates the database in the meantime, the file is recorded in the database that `find_other`
    returns. `command` is what the journal says was done, `edition` how a later edition is recorded, `credit`
    whom to name for the outlines of a GeoJSON file. Raises BadFile with every fault, BadInput, Unusable and
    ForeignDatabase.
    """
    with _open(file) as content:
        try:
            return _record(
                content,
                file,
                path,
                find_other,
                command=command,
                dry_run=dry_run,
                edition=edition,
                credit=credit,
            )
        except BadFile as error:
            raise BadFile(f"{name_file(file)}: {error}", error.faults, error.more) from error


def _record(
    content: BinaryIO,
    file: str,
    path: Path | None,
    find_other: Callable[[], Path],
    *,
    command: str,
    dry_run: bool,
    edition: "Edition | None",
    credit: str | None,
) -> tuple["Recorded", bool]:
    from nkplan.cli.echo import MOST_LINES
    from nkplan.store.record import FIRST, record

    other = find_other() if path is None else None
    name = name_file(file)
    recorder = make_recorder()
    with ExitStack() as stack:
        report_progress = stack.enter_context(showing_progress())
        batch = _read(content, file, other, stack, report_progress, credit)

        def record_in(place: Path) -> "Recorded":
            return record(
                place,
                batch,
                command,
                recorder,
                # A file name may contain any bytes, and the journal is shown on a screen.
                summary=clean(f"{name}: {batch.about}" if batch.about else name),
                dry_run=dry_run,
                most_changes=MOST_LINES,
                report_progress=report_progress,
                edition=edition or FIRST,
            )

        if path is not None:
            from nkplan.store.create import EMPTY, create_database, create_whole

            def make(place: Path) -> "Recorded":
                create_database(place, [Batch()], recorder, summary=EMPTY)
                return record_in(place)

            if (made := create_whole(path, make, dry_run=dry_run)) is not None:
                return made, not dry_run
        return record_in(other or find_other()), False


def _read(
    content: BinaryIO,
    file: str,
    db: Path | None,
    stack: ExitStack,
    report_progress: "ReportProgress",
    credit: str | None,
) -> Batch:
    """Read the content of a file: JSON Lines or GeoJSON if it looks like that, else JSON.

    `db` is the database with the places that a GeoJSON file names, if there is one already.
    """
    from nkplan.formats import geojson, json, jsonl

    name = name_file(file)
    if Path(file).suffix.casefold() in _OTHER_MAPS:
        raise BadInput(
            f"{name} is no GeoJSON, the only format of outlines that is read; convert it, as with"
            f" ogr2ogr -t_srs EPSG:4326 NEW.geojson {shlex.quote(file)}"
        )
    start = content.tell() if content.seekable() else None
    first = content.readline(jsonl.LONGEST_LINE + 1)
    is_named_so = file.casefold().endswith(".jsonl") and not geojson.is_geojson(first)
    if is_named_so or jsonl.is_lines(first):
        _refuse_credit(credit)
        if start is None:
            content = _keep(first, content, name, stack, report_progress)
        else:
            content.seek(start)
        return jsonl.read_file(content, read_latest_day(), lambda share: report_progress("reading", share))
    whole = _read_whole(first, content, name)
    if file.casefold().endswith(".geojson") or geojson.is_geojson(whole):
        with _finding_places(db) as find:
            return geojson.read_file(whole, find, credit)
    _refuse_credit(credit)
    return json.read_file(whole, read_latest_day())


_OTHER_MAPS = {".gml", ".gpkg", ".kml", ".kmz", ".shp"}
"""The endings of other files that have outlines."""


def _refuse_credit(credit: str | None) -> None:
    if credit is not None:
        raise BadInput(
            "--credit is for GeoJSON; in other files an outline has a field credit: write it there"
        )


@contextmanager
def _finding_places(db: Path | None) -> Iterator["FindPlaces"]:
    """Yield how to find places in a database; without one there are none."""
    from nkplan.formats.geojson import FindPlaces, is_code

    if db is None:
        yield FindPlaces(lambda _: None, lambda _: ())
        return
    from nkplan.queries.names import find_present_id, list_region_ids, match_place_names
    from nkplan.queries.reader import reading

    with reading(db) as reader:
        yield FindPlaces(
            lambda id_: find_present_id(reader, "places", id_),
            lambda name: [*match_place_names(reader, name)],
            has_codes=any(map(is_code, list_region_ids(reader))),
        )


def _read_whole(first: bytes, rest: BinaryIO, name: str) -> bytes:
    # The size of a pipe is not known until that much has been read.
    size = _measure(rest) or 0
    whole = b"" if size > LARGEST_FILE else first + rest.read(LARGEST_FILE + 1 - len(first))
    if max(size, len(whole)) > LARGEST_FILE:
        raise BadInput(
            f"{name} is larger than {LARGEST_FILE >> 20} MiB, and JSON is read whole; write it as JSON Lines"
            " (as `nkplan export -f jsonl` does), which is read line by line"
        )
    return whole


def _keep(
    first: bytes, rest: BinaryIO, name: str, stack: ExitStack, report_progress: "ReportProgress"
) -> BinaryIO:
    """Copy what can be read only once to a temporary file, to read it again. Raises Unusable."""
    try:
        kept = stack.enter_context(TemporaryFile())  # noqa: SIM115
        kept.write(first)
        # A line at a time, so that on a terminal one Ctrl-D ends the input.
        while part := rest.readline(_READ_AT_ONCE):
            kept.write(part)
            report_progress("reading", None)
        kept.seek(0)
    except OSError as error:
        raise Unusable(
            f"cannot copy {name} to a temporary file: {error.strerror}; name a file instead"
        ) from error
    return kept


@contextmanager
def _open(file: str) -> Iterator[BinaryIO]:
    """Open a file for reading. Raises BadInput if it cannot be opened."""
    if file == "-":
        if sys.stdin is None:
            raise BadInput("standard input is closed; name a file")
        yield sys.stdin.buffer
        return
    try:
        opened = Path(file).open("rb")  # noqa: SIM115
    except OSError as error:
        raise BadInput(f"cannot read {file}: {error.strerror}; name another file") from error
    try:
        yield opened
    finally:
        # What it says may be recorded by now.
        with suppress(OSError):
            opened.close()


def _measure(content: BinaryIO) -> int | None:
    """Return the size of a file in bytes, or None for a pipe."""
    try:
        status = os.fstat(content.fileno())
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None
