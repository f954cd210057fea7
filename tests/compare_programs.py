"""Shows that two programs behave the same, except as intended: `python tests/compare_programs.py OLD NEW`.

    python tests/compare_programs.py old/bin/nkplan new/bin/nkplan
    python tests/compare_programs.py old/bin/nkplan new/bin/nkplan undo    only cases with "undo" in them

OLD and NEW are two programs named nkplan. Each case of compare_cases.py is run by OLD and then by NEW, in a
fresh folder of the same path: by OLD with a copy of one database that it created, by NEW with a copy that it
upgraded. The results of each command line have to be identical, byte for byte: standard output, standard
error, the exit code, and every new or changed file. Two things are compared by content:

* a database by its schema, every row and every word of the search index; NEW first upgrades a copy of one
  that OLD created;
* an export in an older format by what NEW exports after it has loaded it into an empty database.

Ids, instants and the like differ from run to run or from OLD to NEW, and are replaced by names on both sides:

* the id of an update recorded in the case is `<update 1>`, and the end of it that is shown
  `<end of update 1>`, numbered as recorded; an end that only a dry run shows is `<end of an update>`; if one
  command recorded several updates, and undo lists them by id, the lines are sorted;
* the id of a source that the program made from a link in the case is `<source 1>`;
* an instant between the start and the end of the case is `<now>`, also in the name of a dated copy;
* the number by which a terminal distinguishes links is `<link>`.

An intended difference has a rule in MEANT, in compare_cases.py: what NEW has in some cases where OLD has
something else, or what is the same although it is written in two ways. A difference without a rule is a
failure, and so is a rule that no case needs. Text for people (help, tables, all of standard error) may also
differ by the sentences in sentences.tsv; data may not. The exit code is 1 if something failed.
"""

import argparse
import fcntl
import hashlib
import json
import os
import pty
import re
import select
import shlex
import shutil
import sqlite3
import stat
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from fnmatch import fnmatchcase
from functools import partial
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import NamedTuple

from compare_cases import BASE, CASES, FILES, MEANT, Alike, Meant
from compare_steps import STEPS
from sentences import have_same_words, read_pairs

TODAY = "2026-11-24"
PAIRS = read_pairs()
WORKERS = 2
TIMEOUT = 120.0
"""The seconds after which a command line counts as hanging."""

DATABASE = "nkplan.db"
UNPRIVILEGED = (
    ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    if os.geteuid() == 0 and shutil.which("setpriv")
    else ()
)
"""Runs a command without the privileges by which root ignores file permissions."""


# ---- reading cases


@dataclass(frozen=True)
class Line:
    """A command line: its words, and how it is run; or a step of compare_steps.py."""

    words: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    screen: tuple[int, int] | None = None
    stdin: str | None = None
    step: str | None = None


@dataclass(frozen=True)
class Case:
    """Command lines to run one after the other, for OLD and for NEW."""

    text: str
    old: tuple[Line, ...]
    new: tuple[Line, ...]


def read_cases(text: str) -> list[Case]:
    """Read cases, one a line; a line that begins with spaces continues the one before."""
    lines = re.sub(r"\n +", " ", text).splitlines()
    written = [one for line in lines if line and not line.startswith("#") for one in expand(line)]
    twice = [one for one, number in Counter(written).items() if number > 1]
    assert not twice, f"these cases appear twice: {twice}"
    return [_read_case(one) for one in written]


def expand(line: str) -> Iterator[str]:
    """Yield a line once for each of the words in braces, as a shell does."""
    if (found := re.search(r"\{([^{}]*,[^{}]*)\}", line)) is None:
        yield line
        return
    for word in found[1].split(","):
        yield from expand(f"{line[: found.start()]}{word}{line[found.end() :]}")


def _read_case(text: str) -> Case:
    old, _, new = text.partition(" => ")
    return Case(text, read_lines(old), read_lines(new or old))


def read_lines(text: str) -> tuple[Line, ...]:
    """Read command lines with ; between them."""
    lines: list[list[str]] = [[]]
    for word in shlex.split(text):
        if word == ";":
            lines.append([])
        else:
            lines[-1].append(word)
    return tuple(map(_read_line, lines))


def _read_line(words: list[str]) -> Line:
    if words[0].startswith("!"):
        return Line(step=words[0][1:])
    environment, screen, stdin = {}, None, None
    while words and (found := re.fullmatch(r"([A-Z_]+)=(.*)|(\d+)x(\d+)", words[0], re.DOTALL)):
        if found[1]:
            environment[found[1]] = found[2]
        else:
            screen = int(found[3]), int(found[4])
        del words[0]
    if "<" in words:
        at = words.index("<")
        stdin = words[at + 1]
        del words[at : at + 2]
    return Line(tuple(words), environment, screen, stdin)


# ---- running cases


class Result(NamedTuple):
    """The result of a command line, each part as text; `files` are those created, removed or changed."""

    code: str
    stdout: str
    stderr: str
    files: str


@dataclass(frozen=True)
class Setting:
    """What all cases share: the programs, the database of each, the ids in it, and the folder to work in."""

    programs: Mapping[str, Path]
    bases: Mapping[str, Path]
    known: frozenset[str]
    version: int
    room: Path


class Names:
    """Replaces ids, instants and other text that differs from run to run by names."""

    _INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
    _DATED = re.compile(r"-(backup|before-restore|before-upgrade)-\d{8}T\d{6}Z(-\d+)?")
    _LINK = re.compile(r"(?<=\x1b]8;id=)[\d-]+")
    _SOURCE = re.compile(r"^source (\S+)  (?=.*https?://)", re.MULTILINE)
    _LISTED = re.compile(r"(?:^  update .*  <end of update \d+>\r?\n){2,}", re.MULTILINE)
    # The id is the last word, and on a terminal the line ends with \r\n.
    _DRY = re.compile(r"^(  would record .*  )[0-9a-f]{12}(?=\r?$)", re.MULTILINE)

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self._began = datetime.now(UTC) - timedelta(seconds=1)
        self._names: dict[str, str] = {}
        self._sources: dict[str, str] = {}

    def learn_updates(self, ids: Iterable[str]) -> None:
        """Assign numbers to the ids of updates that add or update recorded."""
        for id_ in ids:
            if id_ not in self._known and id_ not in self._names:
                number = len(self._names) // 2 + 1
                self._names[id_] = f"<update {number}>"
                self._names[id_[-12:]] = f"<end of update {number}>"

    def learn_sources(self, text: str) -> None:
        """Assign numbers to the ids of sources that the program says it made."""
        for id_ in self._SOURCE.findall(text):
            self._sources.setdefault(id_, f"<source {len(self._sources) + 1}>")

    def put(self, text: str) -> str:
        """Return a text with the names put in."""
        for varying, name in self._names.items():
            text = text.replace(varying, name)
        for varying, name in self._sources.items():
            text = re.sub(rf"(?<![\w-]){re.escape(varying)}(?![\w-])", name, text)
        text = self._LISTED.sub(lambda found: "".join(sorted(found[0].splitlines(keepends=True))), text)
        text = self._DRY.sub(r"\1<end of an update>", text)
        text = self._INSTANT.sub(self._name_instant, text)
        text = self._DATED.sub(r"-\1-<now>", text)
        return self._LINK.sub("<link>", text)

    def _name_instant(self, found: re.Match[str]) -> str:
        is_now = self._began <= datetime.fromisoformat(found[0]) <= datetime.now(UTC)
        return "<now>" if is_now else found[0]


def run_case(program: str, lines: Sequence[Line], folder: Path, setting: Setting) -> list[Result]:
    """Have OLD or NEW run the command lines of a case in a fresh folder, and return the result of each."""
    make_folder(folder, lines, setting.bases[program])
    names = Names(setting.known)
    results = []
    try:
        with ExitStack() as stack:
            before = fingerprint_all(folder)
            for line in lines:
                if line.step is not None:
                    STEPS[line.step](folder / DATABASE, stack)
                    before = fingerprint_all(folder)
                    continue
                code, stdout, stderr = run_line(setting.programs[program], line, folder)
                after = fingerprint_all(folder)
                names.learn_sources(decode(stdout))
                changed = describe_changes(folder, before, after, names, setting)
                texts = (str(code), renew_export(decode(stdout), setting), decode(stderr), changed)
                results.append(Result(*map(names.put, texts)))
                before = after
    finally:
        remove_folder(folder)
    return results


def make_folder(folder: Path, lines: Iterable[Line], base: Path | None) -> None:
    """Create the folder of a case: the database, a home, and the files that its command lines name."""
    (folder / "home").mkdir(parents=True)
    if base is not None:
        shutil.copy(base, folder / DATABASE)
    named = {word for line in lines for word in (*line.words, line.stdin)}
    for name, content in FILES.items():
        if name in named:
            (folder / name).write_bytes(content)


def remove_folder(folder: Path) -> None:
    """Remove the folder of a case, even if parts of it are not writable."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


def make_environment(folder: Path, line: Line) -> dict[str, str]:
    """Return an environment that does not depend on the machine or its user."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "home"),
        "USER": "kim",
        "LOGNAME": "kim",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONUTF8": "1",
        "NKPLAN_CONFIG": "",
        "NKPLAN_DB": str(folder / DATABASE),
        "NKPLAN_TODAY": TODAY,
        # A pager would stop at the end of each screen; cat prints everything.
        "NKPLAN_PAGER": "cat",
        "PAGER": "cat",
        **({"TERM": "xterm-256color"} if line.screen else {}),
        **line.environment,
    }


def run_line(program: Path, line: Line, folder: Path) -> tuple[int, bytes, bytes]:
    """Run a command line; return its exit code, stdout and stderr. A terminal shows both as stdout."""
    command = [*UNPRIVILEGED, str(program), *line.words]
    environment = make_environment(folder, line)
    if line.screen:
        return *_run_on_screen(command, line.screen, environment, folder), b""
    with (folder / line.stdin if line.stdin else Path(os.devnull)).open("rb") as stdin:
        done = subprocess.run(
            command,
            stdin=stdin,
            capture_output=True,
            env=environment,
            cwd=folder,
            timeout=TIMEOUT,
            check=False,
        )
    return done.returncode, done.stdout, done.stderr


def _run_on_screen(
    command: Sequence[str], screen: tuple[int, int], environment: Mapping[str, str], folder: Path
) -> tuple[int, bytes]:
    leader, follower = pty.openpty()
    width, height = screen
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    process = subprocess.Popen(
        command,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=environment,
        cwd=folder,
        start_new_session=True,
    )
    os.close(follower)
    raw = b""
    end = time.monotonic() + TIMEOUT
    while chunk := _read(leader, end):
        raw += chunk
    os.close(leader)
    if time.monotonic() >= end:
        process.kill()
    return process.wait(), raw


def _read(leader: int, end: float) -> bytes:
    try:
        ready, _, _ = select.select([leader], [], [], max(0.0, end - time.monotonic()))
        return os.read(leader, 65536) if ready else b""
    except OSError:
        return b""  # The other end has closed: the program is done.


def decode(content: bytes) -> str:
    """Decode bytes so that equal texts mean equal bytes."""
    return content.decode("utf-8", "surrogateescape")


# ---- the contents of a folder


def fingerprint_all(folder: Path) -> dict[str, str]:
    """Return a fingerprint of everything in a folder, by name."""
    return {path.relative_to(folder).as_posix(): _fingerprint(path) for path in sorted(folder.rglob("*"))}


def _fingerprint(path: Path) -> str:
    status = path.lstat()
    mode = stat.filemode(status.st_mode)
    if path.is_symlink():
        return f"{mode} to {path.readlink()}"
    if not stat.S_ISREG(status.st_mode):
        return mode
    try:
        return f"{mode} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    except PermissionError:
        return f"{mode}, unreadable"


def describe_changes(
    folder: Path, before: Mapping[str, str], after: Mapping[str, str], names: Names, setting: Setting
) -> str:
    """Describe each file that was created, removed or changed, with its content."""
    described = []
    for name in sorted({*before, *after}):
        if before.get(name) == after.get(name):
            continue
        if name not in after:
            described.append(f"{name}: gone\n")
            continue
        mark = after[name]
        mode, _, digest = mark.partition(" ")
        is_file = len(digest) == hashlib.sha256().digest_size * 2
        text = f"{mode}\n{_describe_content(folder / name, names, setting)}" if is_file else mark
        # The second of two copies made in one second has a number in its name, which is left out.
        described.append(names.put(f"{name}: {text}\n"))
    return "".join(sorted(described))


def _describe_content(path: Path, names: Names, setting: Setting) -> str:
    content = path.read_bytes()
    if not content.startswith(b"SQLite format 3\0"):
        return renew_export(decode(content), setting)
    with tempfile.TemporaryDirectory() as name:
        # Opening a database that has a journal changes it, so a copy is opened.
        for end in ("", "-journal", "-wal"):
            if Path(f"{path}{end}").exists():
                shutil.copy(f"{path}{end}", Path(name) / f"copy.db{end}")
        try:
            renew_database(Path(name) / "copy.db", setting)
            return "\n".join(dump(Path(name) / "copy.db", names))
        except sqlite3.Error as error:
            return f"not a readable database: {error}"


def read_version(path: Path) -> int:
    """Return the version of a database's schema."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def renew_database(path: Path, setting: Setting) -> None:
    """Have NEW upgrade a copy of a database, if an older program made it and it can be upgraded.

    Whether it was upgraded makes no difference to when upgrades were applied, nor to the UUIDs of changes.
    """
    path.chmod(0o600)
    if 0 < read_version(path) < setting.version:
        run_line(setting.programs["NEW"], Line(("list", "--limit", "1", "--db", str(path))), path.parent)
    if read_version(path) == setting.version:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE _sqlite_migrations SET applied_at = 'some time'")
            connection.execute("UPDATE changes SET uuid = 'the UUID of change ' || id")


_OLD_EXPORT = re.compile(r'\{\s*"format": "nkplan/1",?(?:\s*"about": ("(?:[^"\\]|\\.)*"))?')


def renew_export(text: str, setting: Setting) -> str:
    """Return what NEW exports after it has loaded an export in an older format; any other text as it is."""
    if (head := _OLD_EXPORT.match(text)) is None:
        return text
    about = ("--about", json.loads(head[1])) if head[1] else ()
    format_ = "jsonl" if text.startswith('{"') else "json"
    lines = Line(("load", f"old.{format_}", "--bare")), Line(("export", "-f", format_, *about))
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / f"old.{format_}").write_bytes(text.encode("utf-8", "surrogateescape"))
        results = [run_line(setting.programs["NEW"], line, Path(name)) for line in lines]
    return decode(results[-1][1]) if not any(code for code, *_ in results) else text


_DERIVED = {"states": "*", "texts": "list, title, text, title_words, text_words, id"}
"""The columns to compare of tables that are derived: the order of their rows is not on record."""


def dump(path: Path, names: Names) -> list[str]:
    """Return everything in a database as text: settings, schema, rows as recorded, words to search for."""
    with closing(sqlite3.connect(path)) as connection:
        ask = connection.execute
        pragmas = ("user_version", "application_id", "journal_mode", "page_size", "encoding")
        lines = [f"{name}: {ask(f'PRAGMA {name}').fetchone()[0]}" for name in pragmas]
        lines += [f"unsound: {row}" for row in ask("PRAGMA integrity_check").fetchall() if row != ("ok",)]
        lines += [f"unsound: {row}" for row in ask("PRAGMA foreign_key_check").fetchall()]
        lines += map(repr, ask("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name, type"))
        tables = ask("SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' ORDER BY name")
        kinds = {name: (type_, bool(is_without_rowid)) for name, type_, is_without_rowid in tables.fetchall()}
        for name, (type_, is_without_rowid) in kinds.items():
            if type_ == "table" and name != "sqlite_schema":
                order = "1, 2, 3" if is_without_rowid or name in _DERIVED else "rowid"
                rows = ask(f"SELECT {_DERIVED.get(name, '*')} FROM {name} ORDER BY {order}").fetchall()
                lines += [f"{name}: {row!r}" for row in rows]
        if kinds.get("words") == ("virtual", False):
            ask("CREATE VIRTUAL TABLE temp.found USING fts5vocab ('main', 'words', 'col')")
            found = hashlib.sha256(repr(ask("SELECT * FROM temp.found").fetchall()).encode())
            lines.append(f"words: {found.hexdigest()}")
        if {"updates", "changes"} <= {*kinds}:
            typed = "SELECT id FROM changes WHERE command IN ('add', 'update')"
            ids = ask(f"SELECT id FROM updates WHERE change_id IN ({typed}) ORDER BY rowid").fetchall()
            names.learn_updates(id_ for (id_,) in ids)
    return lines


# ---- comparing results


class Outcome(NamedTuple):
    """The outcome of a case: what failed, which rules were needed, how many command lines were run."""

    case: str
    failures: tuple[str, ...]
    needed: frozenset[int]
    lines: int


def compare(case: Case, number: int, *, setting: Setting, meant: Sequence[Meant | Alike]) -> Outcome:
    """Run a case with both programs and compare the results."""
    folder = setting.room / f"{number:04}"
    rules = [
        (at, rule)
        for at, rule in enumerate(meant)
        if any(fnmatchcase(case.text, one) for one in rule.cases.split(" | "))
    ]
    needed: set[int] = set()
    failures = []
    old = run_case("OLD", case.old, folder, setting)
    new = run_case("NEW", case.new, folder, setting)
    if len(old) != len(new):
        failures.append(f"OLD has {len(old)} command lines and NEW {len(new)}")
    lines = [line for line in case.new if line.step is None]
    for number_, (before, after) in enumerate(zip(old, new, strict=False), start=1):
        for stream in Result._fields:
            one, other = getattr(before, stream), getattr(after, stream)
            line = lines[number_ - 1]
            is_reworded = is_for_people(line, stream) and one != other and have_same_words(one, other, PAIRS)
            for at, rule in rules if not is_reworded else ():
                if one != other and fnmatchcase(stream, rule.stream):
                    pair = one, other
                    one, other = _allow(rule, one, other)
                    needed |= {at} if (one, other) != pair else set()
            if one == other or is_reworded:
                continue
            if not (is_for_people(line, stream) and have_same_words(one, other, PAIRS)):
                failures.append(f"{stream} of command line {number_}:\n{show_difference(one, other)}")
    return Outcome(case.text, tuple(failures), frozenset(needed), len(new))


_DATA = {"list", "show", "report", "search", "export"}
"""The commands that print data in a pipe. A finding of `check` is a sentence in every format."""

_FOR_PEOPLE = {"table", "md"}


def is_for_people(line: Line, stream: str) -> bool:
    """Return whether a stream of a command line is text for people; everything else is data."""
    if stream != "stdout":
        return stream == "stderr" or (stream == "files" and any(word.endswith(".md") for word in line.words))
    asked = dict(pairwise(line.words))
    format_ = asked.get("-f") or asked.get("--format")
    command = next((word for word in line.words if not word.startswith("-")), None)
    is_help = bool({"-h", "--help"} & {*line.words})
    return command not in _DATA or is_help or line.screen is not None or format_ in _FOR_PEOPLE


def _allow(rule: Meant | Alike, old: str, new: str) -> tuple[str, str]:
    """Return both texts without an intended difference."""
    if isinstance(rule, Alike):
        alike = re.compile(rule.pattern, re.MULTILINE)
        return alike.sub(rule.put, old), alike.sub(rule.put, new)
    if rule.stream == "code":
        return (new, new) if (old, new) == (rule.old, rule.new) else (old, new)
    # On a terminal a line ends with \r\n.
    pairs = [(rule.old.replace("\n", end), rule.new.replace("\n", end)) for end in ("\n", "\r\n")]
    for one, other in dict.fromkeys(pairs):
        # What OLD has too was not added.
        if one in old and (one or other not in old):
            old, new = (old, new.replace(other, one)) if other else (old.replace(one, ""), new)
    return old, new


_MOST_LINES = 40
_WIDEST = 150


def show_difference(old: str, new: str) -> str:
    """Show where two texts differ, in a limited number of lines of limited width."""
    lines = list(unified_diff(old.splitlines(), new.splitlines(), "OLD", "NEW", "", "", 2, ""))
    # Of long lines only the part around the first difference is shown.
    gone = next((line for line in lines[2:] if line.startswith("-")), "")
    come = next((line for line in lines[2:] if line.startswith("+")), "")
    pairs = zip_longest(gone[1:], come[1:])
    differing = next((at for at, (one, other) in enumerate(pairs, start=1) if one != other), 0)
    start = max(0, differing - _WIDEST // 2) if differing > _WIDEST // 2 else 0
    shown = [
        line if len(line) <= _WIDEST else f"{line[0]}{line[1:][start : start + _WIDEST]}" for line in lines
    ]
    if not lines:
        shown = ["the same lines with other ends"]
    if len(shown) > _MOST_LINES:
        shown = [*shown[:_MOST_LINES], f"and {len(shown) - _MOST_LINES} lines more"]
    return "\n".join(f"    {_show(line)}" for line in shown)


def _show(line: str) -> str:
    """Escape, as Python does, what would control a terminal or cannot be shown."""
    shown = re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", lambda found: ascii(found[0])[1:-1], line)
    return shown.encode("utf-8", "backslashreplace").decode()


def make_bases(old: Path, new: Path, room: Path) -> Setting:
    """Have OLD create the database that every case starts from, and NEW upgrade a copy of it."""
    folder = room / "base"
    lines = read_lines(BASE)
    make_folder(folder, lines, None)
    for line in lines:
        _run_for_base(old, line, folder)
    base, upgraded = folder / DATABASE, folder / "upgraded.db"
    with closing(sqlite3.connect(base)) as connection, connection:
        # Earlier instants are fixed, so that they differ from those of a case.
        connection.execute("UPDATE changes SET recorded = printf('2026-10-%02dT09:30:00Z', id)")
        known = frozenset(id_ for (id_,) in connection.execute("SELECT id FROM updates"))
    shutil.copy(base, upgraded)
    _run_for_base(new, Line(("list", "--limit", "1", "--db", str(upgraded))), folder)
    bases = {"OLD": base, "NEW": upgraded}
    return Setting({"OLD": old, "NEW": new}, bases, known, read_version(upgraded), room)


def _run_for_base(program: Path, line: Line, folder: Path) -> None:
    code, _, stderr = run_line(program, line, folder)
    if code:
        failed = f"{program} could not make the database: {shlex.join(line.words)}: {decode(stderr)}"
        raise SystemExit(failed)


def compare_all(
    old: Path, new: Path, cases: Sequence[Case], meant: Sequence[Meant | Alike]
) -> Iterator[Outcome]:
    """Compare two programs, two cases at a time."""
    with tempfile.TemporaryDirectory(prefix="nkplan-compare-") as name:
        setting = make_bases(old, new, Path(name))
        with ProcessPoolExecutor(WORKERS) as pool:
            yield from pool.map(
                partial(compare, setting=setting, meant=meant), cases, range(len(cases)), chunksize=1
            )


_MOST_FAILURES = 10
_REPORT_EVERY = 50


def judge(outcomes: Iterable[Outcome], total: int, meant: Sequence[Meant | Alike], *, all_run: bool) -> bool:
    """Print the progress, the failures and the totals; return whether nothing failed."""
    failed: list[Outcome] = []
    needed: set[int] = set()
    lines = 0
    for number, outcome in enumerate(outcomes, start=1):
        needed |= outcome.needed
        lines += outcome.lines
        if outcome.failures:
            failed.append(outcome)
        if number % _REPORT_EVERY == 0 or number == total:
            print(f"{number} of {total} cases, {len(failed)} differ", flush=True)
    for outcome in failed[:_MOST_FAILURES]:
        print(f"\n{_show(outcome.case)}")
        for failure in outcome.failures:
            print(f"  {failure}")
    if len(failed) > _MOST_FAILURES:
        print(f"\nand {len(failed) - _MOST_FAILURES} cases more:")
        for outcome in failed[_MOST_FAILURES:]:
            print(f"  {_show(outcome.case)}")
    # If only some cases were run, which rules the others need is not known.
    stale = [rule for at, rule in enumerate(meant) if all_run and at not in needed]
    for rule in stale:
        print(f"\nno case needs the rule for {rule.cases} any more: {rule.reason}")
    told = f"{total} cases, {lines} command lines: {len(failed)} differ beyond what is intended"
    print(f"\n{told}; {len(needed)} rules were needed, {len(stale)} are stale")
    return not failed and not stale


def _read_program(text: str) -> Path:
    path = Path(text).absolute()
    if not os.access(path, os.X_OK) or path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is not an executable program")
    return path


def main() -> int:
    """Compare the two programs named on the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("old", type=_read_program, metavar="OLD")
    parser.add_argument("new", type=_read_program, metavar="NEW")
    parser.add_argument("word", nargs="?", default="", metavar="WORD", help="only cases with this in them")
    asked = parser.parse_args()
    cases = [case for case in read_cases(CASES) if asked.word in case.text]
    outcomes = compare_all(asked.old, asked.new, cases, MEANT)
    return 0 if judge(outcomes, len(cases), MEANT, all_run=not asked.word) else 1


if __name__ == "__main__":
    sys.exit(main())
