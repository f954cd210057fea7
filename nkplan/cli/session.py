"""What commands share: which database, what day it is, who is at the keyboard."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nkplan.dates import parse_date
from nkplan.errors import BadInput, Unusable
from nkplan.model.moment import Moment
from nkplan.text import clean, shorten

if TYPE_CHECKING:
    from nkplan.cli.options import MomentOptions
    from nkplan.store.transaction import Recorder


def database_path(given: Path | None) -> Path:
    """Give the database's path: the one given, else NKPLAN_DB, else in the user's data folder.

    Raises Unusable where there is no such folder and none can be made, as for a user without a home.
    """
    if given is not None:
        return given
    if named := os.environ.get("NKPLAN_DB"):
        return Path(named)
    import platformdirs

    folder = platformdirs.user_data_path("nkplan", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(
            f"the folder {folder} for the database can not be made: {error.strerror};"
            " name a database with --db"
        ) from error
    return folder / "nkplan.db"


def read_today() -> date:
    """Give the day to judge by: today, or NKPLAN_TODAY where output has to be the same on another day."""
    if not (named := os.environ.get("NKPLAN_TODAY")):
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(named)
    except ValueError:
        raise BadInput(f"NKPLAN_TODAY: {named!r} is no day; write it as 2024-03-15 or unset it") from None


def read_moment(days: "MomentOptions") -> Moment:
    """Read the options --as-of and --known-on; a date that is no day means its last day.

    At today's day both let everything through, for there is nothing later. Raises BadInput.
    """
    today = read_today()
    return Moment(
        today, _read_day("--as-of", days.as_of, today), _read_day("--known-on", days.known_on, today)
    )


def _read_day(option: str, text: str | None, today: date) -> date | None:
    if text is None:
        return None
    try:
        parsed = parse_date(text)
    except ValueError as error:
        raise BadInput(f"{option}: {error}") from None
    if parsed.start > today:
        raise BadInput(f"{option}: {parsed} is in the future (today is {today}); name a day that has been")
    return None if parsed.end >= today else parsed.end


def make_recorder() -> "Recorder":
    """Give who writes, and when."""
    from nkplan.store.transaction import Recorder, name_person

    return Recorder(name_person(), datetime.now(UTC))


def notice(sentence: str) -> None:
    """Tell a person something beside the output, on stderr."""
    tell(f"nkplan: {shorten(clean(sentence))}")


def tell(line: str) -> None:
    """Write a line to stderr, where there is one that can be written: no command fails for a remark."""
    # With a closed stderr `print` would write to standard output, among the data.
    if sys.stderr is not None:
        with suppress(OSError):
            print(line, file=sys.stderr, flush=True)


def prepare_database(given: Path | None, *, bare: bool = False) -> Path:
    """Give the path of a database that is there: on the first run it is made, and that is said.

    A bare one is made without the record that comes with nkplan. Raises BadInput where it has to be bare and
    something was recorded in it before. One of an older nkplan is upgraded first, which is said too.
    """
    path = database_path(given)
    from nkplan.database import is_new, is_outdated

    if is_new(path):
        _make_database(path, bare=bare)
    elif is_outdated(path):
        _upgrade_database(path)
    if bare:
        _refuse_record(path)
    return path


def keep_apart(path: Path, output: Path | None) -> None:
    """Refuse to write over the database, by any of its names, or over what SQLite keeps beside it."""
    if output is None:
        return
    target, place = os.path.realpath(output), os.path.realpath(path)
    beside = {f"{place}{suffix}" for suffix in ("", "-journal", "-wal", "-shm")}
    try:
        is_same = os.path.samefile(target, place)  # noqa: PTH121
    except (OSError, ValueError):
        is_same = False
    if is_same or target in beside:
        raise BadInput(f"--output: {output} is the database, or SQLite's beside it; name another file")


def _refuse_record(path: Path) -> None:
    from nkplan.queries.journal import holds_record
    from nkplan.queries.reader import reading

    with reading(path) as reader:
        if holds_record(reader):
            raise BadInput(
                f"--bare: {path} has a record already; name a new file with --db, or leave --bare out"
            )


def _upgrade_database(path: Path) -> None:
    from nkplan.store import migrate

    done = migrate(path, datetime.now(UTC))
    if done is not None:
        notice(f"upgraded {path}, which an older nkplan had made; {done.copy} is a copy of it as it was")


def _make_database(path: Path, *, bare: bool) -> None:
    from nkplan.formats.json import read_file
    from nkplan.model.batch import Batch
    from nkplan.store import create_database

    if not path.parent.is_dir():
        raise Unusable(f"{path} can not be made: there is no folder {path.parent}; make it or mend --db")
    # What is shipped has happened, whatever the clock of this machine says.
    shipped = (read_file(file.read_bytes(), date.max) for file in _list_shipped_files())
    batches = [Batch()] if bare else list(shipped)
    summary = f"{'nothing of ' if bare else ''}the record that comes with nkplan"
    made = create_database(path, batches, make_recorder(), summary=summary)
    if made is not None:
        notice(f"made {path} with {summary}")


def _list_shipped_files() -> Iterator[Path]:
    """Go through the files that every new database starts with, the places first.

    An installed nkplan has seed.json among its data; a checkout has it at the top.
    """
    package = Path(__file__).parent.parent
    yield package / "data" / "gazetteer.json"
    seed = package / "data" / "seed.json"
    yield seed if seed.exists() else package.parent / "seed.json"


def explain_nothing(path: Path, given: Iterable[str], *, filtered: str, unfiltered: str) -> str:
    """Say why an answer is empty: what was given lets nothing through, or there is nothing of the kind.

    The one sentence or the other is taken by whether something was given; `{given}` and `{path}` stand in it
    for what was and for the database.
    """
    words = " ".join(given)
    return (filtered if words else unfiltered).format(given=words, path=path)


def spell_options(given: Mapping[str, object]) -> Iterator[str]:
    """Spell options as they are typed, but those that were not given."""
    for name, value in given.items():
        if value is not None and value is not False:
            yield f"--{name.replace('_', '-')}{'' if value is True else f' {value}'}"
