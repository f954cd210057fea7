"""The steps by which compare_programs.py damages, hides or locks the database of a case, by name."""

import lzma
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

Step = Callable[[Path, ExitStack], None]
"""Does something to the database of a case; the stack cleans up when the case is over."""

FIRST_VERSION = Path(__file__).parent / "schemas" / "v1.db.xz"


def _no_database(db: Path, _: ExitStack) -> None:
    db.unlink()


def _empty_file(db: Path, _: ExitStack) -> None:
    db.write_bytes(b"")


def _other_program(db: Path, stack: ExitStack) -> None:
    db.unlink()
    _write("CREATE TABLE mine (x)")(db, stack)


def _text_file(db: Path, _: ExitStack) -> None:
    db.write_text("These are my notes, and no database at all. " * 20, "utf-8")


def _folder(db: Path, _: ExitStack) -> None:
    db.unlink()
    db.mkdir()


def _pipe(db: Path, _: ExitStack) -> None:
    db.unlink()
    os.mkfifo(db)


def _link(db: Path, _: ExitStack) -> None:
    db.rename(db.with_name("real.db"))
    db.symlink_to("real.db")


def _first_version(db: Path, _: ExitStack) -> None:
    db.write_bytes(lzma.decompress(FIRST_VERSION.read_bytes()))


def _damaged(db: Path, _: ExitStack) -> None:
    """Overwrite the first page of the updates."""
    with closing(sqlite3.connect(db)) as connection:
        asked = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'updates'")
        page = int(asked.fetchone()[0]) - 1
    content = bytearray(db.read_bytes())
    content[page * 4096 : (page + 1) * 4096] = b"\xff" * 4096
    db.write_bytes(content)


def _damaged_head(db: Path, _: ExitStack) -> None:
    content = bytearray(db.read_bytes())
    content[100:4096] = bytes(3996)
    db.write_bytes(content)


def _cut(db: Path, _: ExitStack) -> None:
    content = db.read_bytes()
    db.write_bytes(content[: len(content) // 2])


def _copy(db: Path, _: ExitStack) -> None:
    shutil.copy(db, db.with_name("copy.db"))


def _mode(file: int, folder: int) -> Step:
    def change(db: Path, _: ExitStack) -> None:
        db.chmod(file)
        db.parent.chmod(folder)

    return change


_HOLDING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def _held(db: Path, stack: ExitStack) -> None:
    """Have another process hold the write lock; this one would release it by opening and closing the file."""
    command = [sys.executable, "-c", _HOLDING, str(db)]
    holder = stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"


def _locked_output(db: Path, _: ExitStack) -> None:
    """Create an output file that is not writable, in a folder that is."""
    output = db.with_name("kept.csv")
    output.write_text("as it was\n", "utf-8")
    output.chmod(0o444)


_OLD_NAMES = {"former_rows": "replaced_rows", "effective_day": "settled", "region": "province"}
"""What some tables and columns are called in version 2 of the schema."""

_RENAMED = re.compile("|".join(_OLD_NAMES))


def _write(*statements: str, only_new: str | None = None) -> Step:
    """Write to the database with SQL, including what the program would refuse.

    `only_new` is a statement that a database of version 2 does not need.
    """

    def write(db: Path, _: ExitStack) -> None:
        with closing(sqlite3.connect(db, isolation_level=None)) as connection:
            is_old = connection.execute("PRAGMA user_version").fetchone() == (2,)
            if only_new is not None and not is_old:
                connection.execute(only_new)
            for statement in statements:
                known = _RENAMED.sub(lambda found: _OLD_NAMES[found[0]], statement) if is_old else statement
                connection.execute(known)

    return write


STEPS: dict[str, Step] = {
    "no-database": _no_database,
    "empty-file": _empty_file,
    "other-program": _other_program,
    "text-file": _text_file,
    "folder": _folder,
    "pipe": _pipe,
    "link": _link,
    "first-version": _first_version,
    "newer": _write("PRAGMA user_version = 99"),
    "write-ahead": _write("PRAGMA journal_mode = WAL"),
    "damaged": _damaged,
    "damaged-head": _damaged_head,
    "cut": _cut,
    "copy": _copy,
    "read-only": _mode(0o444, 0o555),
    "read-only-file": _mode(0o444, 0o755),
    "read-only-folder": _mode(0o644, 0o555),
    "unreadable": _mode(0o000, 0o755),
    "held": _held,
    "locked-output": _locked_output,
    "no-index": _write("DROP INDEX updates_in_order", "DROP VIEW sites"),
    "no-table": _write("DROP TABLE former_rows"),
    "stale-state": _write("UPDATE states SET status = 'paused', updates = 1 WHERE project LIKE 's%'"),
    "stale-days": _write(
        "UPDATE updates SET effective_day = '2020-01-01' WHERE project = 'songchon-factories'"
    ),
    "stale-names": _write("UPDATE place_names SET folded = 'x' WHERE name LIKE 'Un%'"),
    "stale-search": _write("UPDATE texts SET title = 'another' WHERE id LIKE '%77%'"),
    "wrong-region": _write("UPDATE places SET region = 'KP-01' WHERE id = 'kp-02-songchon'"),
    "broken-reference": _write(
        "PRAGMA foreign_keys = OFF", "UPDATE projects SET place = 'nowhere' WHERE id = 'unpha-factories'"
    ),
    "unsafe-text": _write(
        "UPDATE updates SET note = 'a' || char(27) || '[31mred' || char(8238) || char(10) || 'b' || char(9)"
        " WHERE project = 'unpha-factories' AND note IS NOT NULL",
        "UPDATE projects SET name = 'x' || char(7) || char(8203) || 'y' WHERE id = 'usi-factories'",
        "UPDATE sources SET url = 'https://e.org/' || char(27) || 'x' WHERE id = 'kcnaw-unsan'",
        only_new="UPDATE sources SET page = 'e.org/' || char(27) || 'x' WHERE id = 'kcnaw-unsan'",
    ),
    "future": _write(
        "UPDATE updates SET event_date = '2027-03' WHERE project = 'usi-factories'",
        only_new="INSERT INTO dates (date) VALUES ('2027-03')",
    ),
}
"""The steps by name."""
