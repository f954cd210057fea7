"""What commands share: which database, which day, which user."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from nkplan.cli.wrapping import wrap_for
from nkplan.dates import PartialDate, parse_date
from nkplan.errors import BadInput, CommittedAnyway, NotFound, Unusable
from nkplan.model.moment import Moment
from nkplan.text import clean, shorten
from nkplan.written import forget_written

if TYPE_CHECKING:
    from nkplan.cli.options import MomentOptions
    from nkplan.model.batch import Batch
    from nkplan.store.transaction import Recorder
    from nkplan.store.upgrade import Upgraded


_FURTHEST_AHEAD = timezone(timedelta(hours=14))
"""The time of the Line Islands, where each day begins first."""


def database_path(given: Path | None) -> Path:
    """Return the database's path: the one given, else of NKPLAN_DB, the config file, the user's data folder.

    Raises Unusable if that folder does not exist and cannot be created, as for a user without a home, and
    BadInput for a fault in the config file.
    """
    if given is not None:
        return given
    if named := os.environ.get("NKPLAN_DB"):
        return Path(named)
    from nkplan.cli.config import read_config

    config = read_config()
    if config.database is not None:
        if not (folder := config.database.parent).is_dir():
            raise Unusable(
                f"there is no folder {folder} for the database that {config.path} names;"
                " create it or correct database there"
            )
        return config.database
    import platformdirs

    folder = platformdirs.user_data_path("nkplan", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(
            f"cannot create the folder {folder} for the database: {error.strerror}; name a database with --db"
        ) from error
    return folder / "nkplan.db"


def read_today() -> date:
    """Return the day to judge by: today, or NKPLAN_TODAY if it is set, so that output can be reproduced."""
    if not (named := os.environ.get("NKPLAN_TODAY")):
        return _read_clock()
    try:
        return date.fromisoformat(named)
    except ValueError:
        raise BadInput(f"NKPLAN_TODAY: {named!r} is not a day; write it as 2024-03-15 or unset it") from None


def read_latest_day() -> date:
    """Return the last day on which something can have happened: the one that has begun where it is latest.

    It is never before the day to judge by, and with NKPLAN_TODAY it is that day.
    """
    today = read_today()
    return today if os.environ.get("NKPLAN_TODAY") else max(today, datetime.now(_FURTHEST_AHEAD).date())


def _read_clock() -> date:
    """Return the day where the user is; in UTC if TZ names an offset that no clock can have."""
    try:
        return datetime.now().astimezone().date()
    except (ValueError, OverflowError, OSError):
        return datetime.now(UTC).date()


def read_typed(text: str, today: date, latest: date | None = None, *, may_come: bool = False) -> str:
    """Return the stored form of a date as a person types it, such as `yesterday` (see typed_dates).

    Raises ValueError.
    """
    try:
        return parse_date(text).written
    except ValueError:
        from nkplan.typed_dates import read_typed_date

        return read_typed_date(text, today, latest, may_come=may_come)


def read_day_option(option: str, text: str, today: date) -> PartialDate:
    """Read the date of an option that means one day, month, quarter, half-year or year. Raises BadInput."""
    try:
        parsed = parse_date(read_typed(text, today))
    except ValueError as error:
        raise BadInput(f"{option}: {error}") from None
    if not (parsed.has_start and parsed.has_end):
        named = parsed.written.replace("../", "").replace("/..", "")
        raise BadInput(f"{option}: {parsed} has an open side; name one day, as in {named}")
    return parsed


def read_moment(days: "MomentOptions") -> Moment:
    """Read the options --as-of and --known-on; a date less precise than a day means its last day.

    For today or later, nothing is excluded, because there is nothing later. Raises BadInput.
    """
    today = read_today()
    return Moment(
        today, _read_day("--as-of", days.as_of, today), _read_day("--known-on", days.known_on, today)
    )


def _read_day(option: str, text: str | None, today: date) -> date | None:
    if text is None:
        return None
    parsed = read_day_option(option, text, today)
    if parsed.start > today:
        raise BadInput(
            f"{option}: {parsed} is in the future (today is {today}); name today or an earlier day"
        )
    return None if parsed.end >= today else parsed.end


def make_recorder() -> "Recorder":
    """Return who records, the author of the config file or else the system's user, and when.

    Raises BadInput for a fault in the config file.
    """
    from nkplan.cli.config import read_config
    from nkplan.store.transaction import Recorder, find_user_name

    return Recorder(read_config().author or find_user_name(), datetime.now(UTC))


def notice(sentence: str) -> None:
    """Print a notice to stderr."""
    print_line(f"nkplan: {shorten(clean(sentence))}")


def print_line(line: str, *, may_break: bool = True) -> None:
    """Write a line to stderr if that is possible: no command fails because of a notice.

    On a terminal it is broken between words, unless it is to be copied.
    """
    # If stderr is closed, `print` would write to standard output, among the data.
    if sys.stderr is not None:
        with suppress(OSError):
            print(wrap_for(sys.stderr, line) if may_break else line, file=sys.stderr, flush=True)


def prepare_database(given: Path | None) -> Path:
    """Return the path of a database that exists: on the first run it is created, with a notice.

    Only the database of NKPLAN_DB, the config file or the user's data folder is created; if there is none
    with the name that was `given`, raises NotFound. A database made by an older nkplan is first upgraded,
    also with a notice.
    """
    path = database_path(given)
    from nkplan.database import check_path, is_new, is_outdated

    if is_new(path):
        if given is not None:
            from shlex import quote

            # In a folder that no longer exists, that is what has to be corrected; asking for it raises.
            check_path(path.absolute())
            raise NotFound(
                f"there is no database {path};"
                f" correct --db, or make one with nkplan init --db {quote(str(path))}"
            )
        _make_database(path)
    elif is_outdated(path):
        _upgrade_database(path)
    return path


def refuse_overwriting(path: Path, output: Path | None) -> None:
    """Refuse to write over the database, by any of its names, or over SQLite's files beside it."""
    if output is None:
        return
    target, place = os.path.realpath(output), os.path.realpath(path)
    beside = {f"{place}{suffix}" for suffix in ("", "-journal", "-wal", "-shm")}
    try:
        is_same = os.path.samefile(target, place)  # noqa: PTH121
    except (OSError, ValueError):
        is_same = False
    if is_same or target in beside:
        raise BadInput(
            f"--output: {output} is the database or one of SQLite's files beside it; name another file"
        )


def _upgrade_database(path: Path) -> None:
    from nkplan.cli.progress import showing_progress
    from nkplan.store.migrations import migrate

    with showing_progress() as report_progress, _saying_what_was_written("upgraded"):
        done = migrate(path, datetime.now(UTC), report_progress)
    if done is not None:
        notice(f"upgraded {path}, made by an older nkplan; {done.copy} is a copy from before the upgrade")
        tell_upgraded(done.upgraded)


def tell_upgraded(upgraded: "Upgraded") -> None:
    """Say of each row that an upgrade renamed what its id is now, and what the upgrade dropped."""
    for list_, former, id_ in upgraded.renamed:
        notice(
            f"the id {former} in {list_} is reserved or that of another row in other letters; it is now {id_}"
        )
    for one in upgraded.dropped:
        notice(f"the upgrade dropped the {one}, which nkplan did not make")


def _make_database(path: Path) -> None:
    from nkplan.store.create import SHIPPED, create_database

    with _saying_what_was_written("created"):
        created = create_database(path, read_shipped(), make_recorder())
    if created is not None:
        notice(f"created {path} with {SHIPPED}")


@contextmanager
def _saying_what_was_written(done: str) -> Iterator[None]:
    """Say that the database was written, and not yet what the command itself is to do. Raises Unusable."""
    try:
        yield
    except CommittedAnyway as error:
        raise Unusable(
            f"{error.problem}; that was the database being {done}, and nothing else was done",
            "run the command again",
        ) from error
    finally:
        forget_written()


def read_shipped() -> "list[Batch]":
    """Read the record that comes with nkplan."""
    from nkplan.formats.json import read_file

    # The shipped record reports what has happened, whatever the clock of this machine says.
    return [read_file(file.read_bytes(), date.max) for file in _list_shipped_files()]


def _list_shipped_files() -> Iterator[Path]:
    """Yield the files that a new database starts with, the places first.

    An installed nkplan has seed.json in its data folder, a checkout in its top folder.
    """
    package = Path(__file__).parent.parent
    yield package / "data" / "gazetteer.json"
    seed = package / "data" / "seed.json"
    yield seed if seed.exists() else package.parent / "seed.json"


def explain_empty(path: Path, given: Iterable[str], *, filtered: str, unfiltered: str) -> str:
    """Say why an answer is empty: nothing matches what was given, or there is nothing at all.

    If something was given the sentence is `filtered`, else `unfiltered`; in it, `{given}` and `{path}` are
    replaced by what was given and by the path of the database.
    """
    words = " ".join(given)
    return (filtered if words else unfiltered).format(given=words, path=path)


def write_options(given: Mapping[str, object]) -> Iterator[str]:
    """Yield the options that were given, as they are typed; one that can be repeated has several values."""
    for name, value in given.items():
        option = f"--{name.replace('_', '-')}"
        if isinstance(value, list | tuple):
            yield from (f"{option} {one}" for one in value)
        elif value is not None and value is not False:
            yield option if value is True else f"{option} {value}"


def tell_time(recorded: str) -> str:
    """Tell an instant by the clock here, to the minute."""
    try:
        instant = datetime.fromisoformat(recorded)
        return instant.astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return recorded
