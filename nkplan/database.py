"""The database file: check its owner and version, open it, and translate SQLite's errors."""

import os
import re
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from nkplan.errors import Damaged, ForeignDatabase, NkplanError, Unusable
from nkplan.sql import read_sql
from nkplan.sql.schema import (
    Difference,
    compare_schema,
    find_computing_index,
    find_stopping_index,
    find_view_for_table,
    list_own_tables,
)

APPLICATION_ID = int.from_bytes(b"nkpl", "big")
"""The application id that marks a SQLite file as nkplan's."""

VERSION = 3
"""The version of the schema that this program reads and writes."""

OLDEST_SQLITE = (3, 37)
"""The first SQLite with STRICT tables."""

BUSY_TIMEOUT = 30.0
"""How many seconds to wait for another program to finish writing or, before a write, reading."""


REPAIR = "run nkplan check --repair"
"""The advice for a file that lacks only what can be rebuilt from the rest."""

CHOOSE_ANOTHER = "choose another file with --db"
"""The advice for a file that is not nkplan's."""


def is_new(path: Path, timeout: float = BUSY_TIMEOUT) -> bool:
    """Return whether a path has no database yet; a first run that was cut off leaves an empty file.

    What a killed writer left half written is rolled back first; it waits for a live one for up to `timeout`
    seconds. Raises Unusable and ForeignDatabase.
    """
    try:
        if path.stat().st_size == 0:
            return True
        has_journal = Path(name_journal(path)).exists()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise Unusable(f"{path} cannot be opened: {error.strerror}", CHOOSE_ANOTHER) from error
    if has_journal and path.is_file():
        # A first run that was killed leaves a file with pages in it; rolling back its journal empties it.
        roll_back_journal(path, timeout)
        return path.stat().st_size == 0
    return False


@contextmanager
def explaining_access(path: Path) -> Iterator[None]:
    """Say why what is at a path cannot be looked at: pathlib raises that where it can answer no question."""
    try:
        yield
    except OSError as error:
        raise Unusable(
            f"{path} cannot be opened: {error.strerror}", "check its folder and permissions or name another"
        ) from error


def is_outdated(path: Path) -> bool:
    """Return whether a database has the schema of an older nkplan, judging by its first bytes alone."""
    owner, version = _find_marks(_read_head(path))
    return owner == APPLICATION_ID and 0 < version < VERSION


def _read_head(path: Path) -> bytes:
    """Read the database header of SQLite's file format; return nothing if the file cannot be read.

    Do not call this while this process has the file open through SQLite: POSIX releases all of a process's
    locks on a file when the process closes any descriptor of it.
    """
    try:
        with path.open("rb") as file:
            return file.read(100)
    except OSError:
        return b""


def _find_marks(head: bytes) -> tuple[int, int]:
    """Return the application id and the version that a header contains."""
    return int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")


def check_path(path: Path) -> None:
    """Refuse a path that cannot hold a database: a directory, a device or a pipe. Raises Unusable."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return  # Opening it will report the reason.
    if stat.S_ISDIR(mode):
        raise Unusable(f"{path} is a directory; name a file with --db")
    if not stat.S_ISREG(mode):
        raise Unusable(f"{path} is a device or a pipe; name a file with --db")


def connect(path: Path, mode: str, timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """Open the file in SQLite's mode `ro`, `rw` or `rwc`. The caller begins and ends transactions.

    If another program has locked the file, statements wait for up to `timeout` seconds.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise Unusable(f"this Python has SQLite {sqlite3.sqlite_version}; nkplan needs {oldest} or newer")
    check_path(path)
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=timeout, isolation_level=None
    )


def roll_back_journal(path: Path, timeout: float = BUSY_TIMEOUT) -> None:
    """Let SQLite roll back what a killed writer left half written, if there is any such change.

    A killed writer leaves its journal, which holds the previous content of the file. SQLite does not roll it
    back through a read-only connection. Raises ForeignDatabase for a file that this program may not change,
    and Unusable if the file or its folder cannot be written.
    """
    with translating_errors(path):
        try:
            _open_once(path, "ro", timeout)
        except sqlite3.OperationalError as error:
            if not needs_rollback(error):
                raise
            _check_half_written(path)
            try:
                _open_once(path, "rw", timeout)
            except sqlite3.OperationalError as fault:
                raise Unusable(
                    f"{path} was left half written by a program that was killed, and cannot be recovered"
                    " while it or its folder cannot be written; make both writable and try again"
                ) from fault


def needs_rollback(error: sqlite3.Error) -> bool:
    """Return whether reading failed because a killed writer left a journal that has to be rolled back."""
    return getattr(error, "sqlite_errorname", "") == "SQLITE_READONLY_ROLLBACK"


def _open_once(path: Path, mode: str, timeout: float) -> None:
    connection = connect(path, mode, timeout)
    try:
        connection.execute("PRAGMA user_version").fetchone()
    finally:
        connection.close()


def _check_half_written(path: Path) -> None:
    """Refuse another program's file, judging by its bytes alone: SQLite would change the file to read it."""
    owner, version = _find_marks(_read_head(path))
    with Path(name_journal(path)).open("rb") as journal:
        before = journal.read(20)[16:]
    # If the file was empty before that write, it has no content of another program.
    if any(before):
        _check_marks(path, owner, version, is_marked=True)


def name_journal(path: Path) -> str:
    """Return the name of the journal that SQLite keeps beside a file."""
    # SQLite keeps the journal beside the file itself, not beside a link to it.
    return f"{os.path.realpath(path)}-journal"


def check_owner(
    connection: sqlite3.Connection, path: Path, *, may_be_empty: bool = False, may_be_older: bool = False
) -> None:
    """Refuse a database of another program, or one whose schema has another version.

    Raises ForeignDatabase, and Unusable if the schema is an older one that has to be upgraded. A file without
    a schema is accepted if it `may_be_empty`, an older schema if it `may_be_older`.
    """
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    _check_marks(path, owner, version, is_marked=bool(tables or owner))
    if not version and not may_be_empty:
        raise ForeignDatabase(f"{path} is an empty database with no record in it", CHOOSE_ANOTHER)
    if 0 < version < VERSION and not may_be_older:
        raise Unusable(
            f"{path} was written by an older nkplan (schema {version}; this one reads {VERSION}); "
            "run `nkplan list` to upgrade it"
        )


def _check_marks(path: Path, owner: int, version: int, *, is_marked: bool) -> None:
    if owner != APPLICATION_ID and is_marked:
        raise ForeignDatabase(f"{path} is the database of another program", CHOOSE_ANOTHER)
    if not 0 <= version <= VERSION:
        raise ForeignDatabase(
            f"{path} was written by a newer nkplan (schema {version}; this one reads {VERSION});"
            " upgrade nkplan"
        )


def check_schema(
    connection: sqlite3.Connection, path: Path, *, is_written: bool = False, advice: str = REPAIR
) -> None:
    """Refuse a database whose schema is not this version's, before anything in it is used.

    A view that somebody replaced may give other answers, or never end, and a trigger that somebody added to
    a table of nkplan's may change what is written there: it is refused if the database `is_written`. Of an
    older version, it refuses views in the place of tables. The `advice` says how to rebuild what can be.
    Raises Unusable.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == VERSION:
        differences = [one for one in compare_schema(connection) if is_written or not one.is_added]
        if differences:
            raise _describe_schema(path, differences, advice)
    elif version and (view := find_view_for_table(connection)) is not None:
        raise Unusable(
            f"{path} is damaged (a view has the name of its table {view}); restore it from a backup"
        )


def check_index(connection: sqlite3.Connection, path: Path, advice: str = REPAIR) -> None:
    """Refuse a database whose index of words cannot be searched, if one search tells. Raises Unusable."""
    try:
        connection.execute(read_sql("search.try_index")).fetchall()
    except sqlite3.DatabaseError as error:
        if not is_of_content(error):
            raise
        raise refuse_broken_words(path, advice) from error


def is_of_content(error: Exception) -> bool:
    """Return whether the content of a file can be the cause of an error, not its disk or another program."""
    name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
    return name == "SQLITE_ERROR" or name.startswith("SQLITE_CORRUPT")


@contextmanager
def translating_errors(path: Path) -> Iterator[None]:
    """Turn errors caused by the file into this program's; on a sound file other errors are bugs and pass."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if refusal := translate(error, path):
            raise refusal from error
        _refuse_damaged(path, error)
        raise
    except DAMAGE_ERRORS as error:
        _refuse_damaged(path, error)
        raise


_AT_ONCE = 1 << 20
_ERROR_CODE = re.compile(r"error code=(\d+)")

DAMAGE_ERRORS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError)
"""The errors that reading a row can raise if nkplan did not write it."""


def _refuse_damaged(path: Path, error: Exception) -> None:
    if (refusal := find_damage(path, error)) is not None:
        raise refusal from error


def find_bad_page(connection: sqlite3.Connection) -> str | None:
    """Return what SQLite finds wrong with the pages of a file, or None. It reads the whole file.

    What newer versions of SQLite find wrong with the index of words is left out. Raises OperationalError if
    the disk cannot read a page: SQLite counts that among what it finds.
    """
    try:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if is_of_index(str(error)):
            return None
        raise
    raise_unread(found)
    # The index is checked last.
    return None if found == "ok" or is_of_index(found) else str(found)


def raise_unread(found: str) -> None:
    """Raise OperationalError if what an integrity check found is a page that the disk cannot read."""
    if (code := _ERROR_CODE.search(found)) and int(code[1]) & 0xFF == sqlite3.SQLITE_IOERR:
        unread = sqlite3.OperationalError("disk I/O error")
        unread.sqlite_errorname = "SQLITE_IOERR_READ"
        raise unread


def is_of_index(message: str) -> bool:
    """Return whether a message of SQLite's is about its index of words."""
    return "fts5" in message.lower() or message == "vtable constructor failed: words"


def find_broken_reference(connection: sqlite3.Connection) -> str | None:
    """Describe a row of nkplan's that names a row which does not exist; return None if there is none."""
    for table in list_own_tables(connection):
        broken = connection.execute(
            "SELECT rowid, parent FROM pragma_foreign_key_check(?)", [table]
        ).fetchone()
        if broken is not None:
            return f"row {broken[0]} of {table} names a row of {broken[1]} that does not exist"
    return None


def find_damage(path: Path, error: Exception) -> NkplanError | None:
    """Return what in a file can be the cause of an error, or None.

    That is its pages, schema, index of words, references or stored days and states, or an added index. It
    reads the whole file.
    """
    try:
        with closing(connect(path, "ro")) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            # The schema of an older version is not this one's.
            if version == VERSION:
                check_schema(connection, path)
                if (index := find_stopping_index(connection, error)) is not None:
                    return _refuse_index(path, index, error)
            fault = find_bad_page(connection)
            if not fault and version == VERSION and _has_broken_words(connection):
                return refuse_broken_words(path)
            fault = fault or find_broken_reference(connection)
            if version == VERSION and not fault:
                return _find_stale(connection, path) or _find_computing_index(connection, path, error)
    except Unusable as refused:
        return refused
    except sqlite3.DatabaseError as other:
        # What cannot be read is not damaged: it may be the disk, or another program.
        if (refusal := translate(other, path)) is not None:
            return refusal
        fault = str(other)
    except UnicodeError as other:
        fault = str(other)
    if not fault:
        return None
    return Damaged(f"{path} is damaged ({' '.join(fault.split())[:120]})", "restore it from a backup")


def _find_computing_index(connection: sqlite3.Connection, path: Path, error: Exception) -> Unusable | None:
    """Return the error for an added index that may be the cause of one for which there is no other."""
    is_computed = getattr(error, "sqlite_errorname", "") == "SQLITE_ERROR"
    index = find_computing_index(connection) if is_computed else None
    return _refuse_index(path, index, error) if index is not None else None


def _refuse_index(path: Path, index: str, error: Exception) -> Unusable:
    return Unusable(
        f"{path} has an index that nkplan did not make and that stops this command"
        f" ({index}: {error}), and nothing was written; drop it"
    )


def _refuse_corrupt(path: Path, error: sqlite3.DatabaseError) -> Unusable:
    """Return the error for a file that SQLite calls malformed.

    It says so too if the disk cannot read the file, or could not, and if its index of words alone is damaged.
    This reads the whole file.
    """
    try:
        with path.open("rb", buffering=0) as file:
            at = 0
            while read := len(os.pread(file.fileno(), _AT_ONCE, at)):
                at += read
        with closing(connect(path, "ro")) as connection:
            check_schema(connection, path)
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            fault = find_bad_page(connection)
            if fault is None and version == VERSION and _has_broken_words(connection):
                return refuse_broken_words(path)
        if fault is None and error.sqlite_errorname == "SQLITE_CORRUPT":
            return Unusable(
                f"{path} could not be read once ({error}), but is sound; check the disk it is on and"
                " try again"
            )
    except OSError as refused:
        return Unusable(f"{path} cannot be read: {refused.strerror}; check the disk it is on")
    except (Unusable, sqlite3.Error, UnicodeError):
        pass  # It is damaged.
    return Damaged(f"{path} is damaged ({error})", "restore it from a backup")


def _has_broken_words(connection: sqlite3.Connection) -> bool:
    """Return whether the index of words of this version is damaged. It copies the whole file."""
    try:
        check_index(connection, Path())
        # SQLite checks it on a writable connection alone.
        with closing(sqlite3.connect("")) as copy:
            connection.backup(copy)
            copy.execute(read_sql("checks.compare_index"))
    except Unusable:
        return True
    except sqlite3.DatabaseError as error:
        if not is_of_content(error):
            raise
        return True
    return False


def refuse_broken_words(path: Path, advice: str = REPAIR) -> Unusable:
    """Return the error for a file whose index of words is damaged, and may be alone in that."""
    return Unusable(f"the search index of {path} is damaged, which loses nothing on record; {advice}")


def _find_stale(connection: sqlite3.Connection, path: Path) -> Unusable | None:
    """Return the error if the stored days and states differ from what the dates and updates give, or None."""
    is_stale = any(
        connection.execute(read_sql(query)).fetchone() is not None
        for query in ("checks.find_stale_days", "checks.find_stale_state")
    )
    problem = f"{path} has days or states that do not follow from its updates"
    return Unusable(f"{problem}; run nkplan check --repair") if is_stale else None


def _describe_schema(path: Path, differences: Sequence[Difference], advice: str) -> Unusable:
    first = differences[0]
    more = f", and {len(differences) - 1} more" if len(differences) > 1 else ""
    if all(one.is_added for one in differences):
        return Unusable(
            f"{path} has a trigger that nkplan did not make and that can change what is written"
            f" ({first.name} on {first.table}{more}), and nothing was written; drop it, or {advice}"
        )
    if lost := [one for one in differences if not one.is_derived]:
        first, advice = lost[0], "see nkplan check, and restore it from a backup"
    return Unusable(f"{path} is damaged (its schema is not this version's: {first}{more}); {advice}")


def _refuse_unwritable(error: sqlite3.DatabaseError, path: Path) -> Unusable:
    """Return the error for a file that cannot be written; the file must be closed already."""
    if error.sqlite_errorname == "SQLITE_AUTH":
        return Unusable(
            f"{path} has a trigger that nkplan did not make and that this command would run ({error}), and"
            " nothing was written; drop it"
        )
    # With read version 2 in its header, the file needs a log beside it even to be read.
    if error.sqlite_errorname == "SQLITE_READONLY_DIRECTORY" and _read_head(path)[19:20] == b"\x02":
        return Unusable(
            f"{path} was put into write-ahead mode by another tool, and cannot be read while its folder"
            " cannot be written; make its folder writable or copy it elsewhere"
        )
    return Unusable(f"{path} cannot be written; make it and its folder writable or choose another --db")


def refuse_in_use(path: Path) -> Unusable:
    """Return the error for a file that another program does not release."""
    return Unusable(
        f"{path} is in use: another program is writing to it, or has not finished reading it;"
        " try again when it is done"
    )


def _translate_message(message: str, path: Path) -> Unusable | None:
    """Return the error for what SQLite has no code for, or None."""
    if "no such module: fts5" in message:
        return Unusable(
            "the SQLite of this Python has no full-text search (FTS5), which nkplan needs; use another Python"
        )
    # Functions of ours are given text alone, which Python decodes first.
    if "Could not decode to UTF-8" in message or "user-defined function raised exception" in message:
        return Unusable(f"{path} is damaged: it holds text that is not UTF-8; restore it from a backup")
    if message.startswith("foreign key mismatch"):
        return Unusable(
            f"{path} has a table that nkplan did not make, with a foreign key to what is no key ({message});"
            " drop or correct that table"
        )
    return None


def name_error(error: sqlite3.Error) -> str:
    """Return SQLite's name of an error; one of Python's module, as for text that is no UTF-8, has none."""
    return getattr(error, "sqlite_errorname", "")


def translate(error: sqlite3.DatabaseError, path: Path) -> NkplanError | None:
    """Return this program's error for one of SQLite's that the file or its disk causes, else None."""
    if (refusal := _translate_message(str(error), path)) is not None:
        return refusal
    # An extended code such as SQLITE_IOERR_WRITE begins with its kind.
    kind = "_".join(name_error(error).split("_")[:2])
    match kind:
        case "SQLITE_NOTADB":
            return ForeignDatabase(f"{path} is not an nkplan database", CHOOSE_ANOTHER)
        case "SQLITE_BUSY" | "SQLITE_LOCKED":
            return refuse_in_use(path)
        case "SQLITE_READONLY" | "SQLITE_PERM" | "SQLITE_AUTH":
            return _refuse_unwritable(error, path)
        case "SQLITE_CANTOPEN":
            return Unusable(
                f"{path} cannot be opened; check its folder and permissions or choose another --db"
            )
        case "SQLITE_FULL":
            return Unusable(
                f"the disk that holds {path} is full, and nothing was written; make room and try again"
            )
        case "SQLITE_IOERR":
            return Unusable(f"{path} cannot be read or written ({error}); check the disk it is on")
        case "SQLITE_CORRUPT":
            return _refuse_corrupt(path, error)
    return None
