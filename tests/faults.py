"""Fails one system call of a command, at each of its occurrences, and checks what that leaves.

    python tests/faults.py                        every command, every call, every error
    python tests/faults.py restore load           only commands whose names begin so
    python tests/faults.py --calls fsync,unlink   only these calls, or these errors and signals
    python tests/faults.py --most 3               at most 3 occurrences of a call on a file

A command is run once, and the calls that concern its files and its output are recorded. Then it is run once
for each of them, and for each error that this call can return; or it gets a signal there. What is in the
files then has to agree with the exit code and with what was said. It needs strace, and a folder of memory
as TMPDIR makes it quick. It prints what is wrong, and exits with 1 if anything is.
"""

import argparse
import hashlib
import json
import lzma
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from durability import RELEASED, dump, find_damage, make_target, run_unkilled
from forking import fork_held
from program import Done, make_environment, run

DB = "nkplan.db"
TEMPORARY = "tmp"
"""The folder for temporary files, in that of the database."""

LONGEST = 40.0
"""How many seconds a run may take: longer than a writer waits for another."""

ERRORS = {
    "openat": "EACCES EIO EMFILE ENOSPC EMFILE+",
    "newfstatat": "EACCES EIO",
    "access": "EACCES",
    "read": "EIO EIO+",
    "pread64": "EIO EIO+",
    "write": "EIO ENOSPC ENOSPC+",
    "pwrite64": "EIO ENOSPC EIO+ ENOSPC+",
    "sendfile": "EIO ENOSPC",
    "ftruncate": "EIO ENOSPC",
    "fallocate": "EIO ENOSPC",
    "fsync": "EIO EINVAL ENOSPC EIO+",
    "fdatasync": "EIO ENOSPC EIO+",
    "rename": "EIO EACCES ENOSPC",
    "link": "EIO EPERM ENOSPC",
    "unlink": "EIO EACCES EACCES+",
    "unlinkat": "EIO EACCES EACCES+",
    "mkdir": "EACCES ENOSPC",
    "rmdir": "EACCES",
    "fcntl": "EIO ENOLCK EAGAIN",
    "close": "EIO",
    "lseek": "EIO",
    "ioctl": "EIO",
    "getdents64": "EIO",
    "readlink": "EIO",
    "statfs": "EIO",
    "chmod": "EPERM",
    "chown": "EPERM",
    "fchmod": "EPERM",
    "fchown": "EPERM",
    "mmap": "ENOMEM",
}
"""The calls that may fail, by their names on Linux, and how: once or, with a +, from one occurrence on."""

SIGNALS = ("KILL", "INT")
"""What arrives at each of the calls besides."""

_HELD = ("EAGAIN", "ENOLCK")
"""The errors by which a program may believe that another has the file locked."""

_CALL = re.compile(r"(\w+)\((?:AT_FDCWD<[^>]*>, )?(.*)")
_TIME = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
_UNTRUE = re.compile(
    r"damaged|unsound|of another program|newer|no database|not an nkplan|is in use|no (file|folder)"
)
"""Reasons that a failing disk is not."""

_NEVERTHELESS = re.compile(r"do not repeat")


class Case(NamedTuple):
    """A command to run, on files that `prepare` makes in a folder; in its arguments FOLDER is that folder."""

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path], None]
    said: str = "(?!)"
    """A pattern of what it prints when it is done; what only reads prints nothing that says so."""
    refusals: tuple[int, ...] = (4,)
    """The exit codes with which it may fail."""
    repeatable: bool = False
    """Whether to repeat it does no harm, so that nothing need be said of what was done before a Ctrl-C."""
    first: tuple[str, ...] = ()
    """A command whose work it does first, which may be done when the rest is not."""


class Injection(NamedTuple):
    """What happens at a call: an error or a signal, at one occurrence of all the calls of this name."""

    call: str
    occurrence: int
    event: str
    what: str = ""

    def __str__(self) -> str:
        """Return it as a report names it."""
        return f"{self.call} {self.occurrence} ({self.what}): {self.event}"

    @property
    def option(self) -> str:
        """The option of strace."""
        event = self.event.removesuffix("+")
        kind = "signal" if event in SIGNALS else "error"
        onward = "+" if event != self.event else ""
        return f"inject={self.call}:{kind}={event}:when={self.occurrence}{onward}"


class Folder(NamedTuple):
    """What a folder holds: the content of each file, what is wrong in databases, and what is half made.

    Names are without the time in them; a database's content is its rows.
    """

    content: dict[str, object]
    damage: list[str]
    hidden: list[str]


class Outcome(NamedTuple):
    """How a command ended and what it left: with an injection, and in a good run."""

    case: Case
    injection: Injection
    done: Done
    found: Folder
    before: Folder
    good: Done
    after: Folder
    first: Folder

    @property
    def is_whole(self) -> bool:
        """Whether all is there that a good run leaves."""
        return self.found.content == self.after.content

    @property
    def is_as_before(self) -> bool:
        """Whether nothing has changed; who is ended, or fails on and on, may leave a copy made first."""
        is_ended = self.injection.event in SIGNALS or self.injection.event.endswith("+")
        contents = (
            {name: one for name, one in folder.content.items() if not (is_ended and "-before-" in name)}
            for folder in (self.found, self.before, self.first)
        )
        return next(contents) in contents

    @property
    def is_told(self) -> bool:
        """Whether it said not to repeat what was done nevertheless."""
        return bool(_NEVERTHELESS.search(self.done.err))

    @property
    def is_mute(self) -> bool:
        """Whether it could say nothing, because what it says could not be written either."""
        is_onward = self.injection.call == "write" and self.injection.event.endswith("+")
        return self.injection.event == "KILL" or is_onward or self.injection.what.startswith("2<")

    def __str__(self) -> str:
        """Return it in one line."""
        said = " | ".join(self.done.out.splitlines()[:1] + self.done.err.splitlines()[-2:])
        return f"{self.case.name}: {self.injection}: exit code {self.done.code}; {said}"


class Fault(NamedTuple):
    """What is wrong: its kind, and what was found."""

    kind: str
    outcome: Outcome
    found: str

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.kind}: {self.outcome}; {self.found}"


def explain_unavailable() -> str:
    """Say why nothing can be traced here, or return an empty text."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    done = subprocess.run(
        ["strace", "-e", f"trace={','.join(ERRORS)}", "-o", os.devnull, "true"],
        capture_output=True,
        text=True,
        check=False,
    )
    return f"strace may not trace: {done.stderr.strip()[:200]}" if done.returncode else ""


def trace(folder: Path, case: Case, injection: Injection | None = None) -> tuple[Done, list[str]]:
    """Run a command under strace; return what it printed, and a line for each call that was traced."""
    arguments = [one.replace("FOLDER", str(folder)) for one in case.arguments]
    environment = make_environment(folder / DB, TMPDIR=str(folder / TEMPORARY))
    with tempfile.TemporaryDirectory() as apart:
        out, err, calls = (Path(apart, name) for name in ("out", "err", "calls"))
        streams = [
            os.open(os.devnull, os.O_RDONLY),
            *(os.open(path, os.O_WRONLY | os.O_CREAT) for path in (out, err)),
        ]
        process, wait = fork_held(arguments, environment, Path("/"), streams)
        for stream in streams:
            os.close(stream)
        options = ["-y", "-s", "0", "-o", str(calls), "-p", str(process)]
        options += ["-e", f"trace={injection.call if injection else ','.join(ERRORS)}"]
        options += ["-e", injection.option] if injection else []
        with subprocess.Popen(["strace", *options], stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None
            assert "attached" in (line := tracer.stderr.readline()), line
            os.kill(process, signal.SIGUSR1)
            try:
                tracer.communicate(timeout=LONGEST)
            except subprocess.TimeoutExpired:
                os.kill(process, signal.SIGKILL)
        code = wait()
        texts = [path.read_text("utf-8", "surrogateescape") for path in (out, err, calls)]
    return Done(code, texts[0], texts[1]), texts[2].splitlines()


def list_injections(calls: Sequence[str], folder: Path) -> Iterator[Injection]:
    """Yield an injection for each event at each recorded call that concerns a folder or the output."""
    numbers: Counter[str] = Counter()
    for line in calls:
        if found := _CALL.match(line):
            call, what = found[1], found[2]
            numbers[call] += 1
            if str(folder) in what or (call == "write" and what.startswith(("1<", "2<"))):
                named = what.replace(f"{folder}/", "").replace(str(folder), ".").split(") ")[0][:90]
                for event in (*ERRORS[call].split(), *SIGNALS):
                    yield Injection(call, numbers[call], event, named)


def thin(injections: Sequence[Injection], most: int) -> list[Injection]:
    """Return at most a number of the injections of one event at a call on a file, spread over them."""
    groups: dict[tuple[str, str, str], list[Injection]] = {}
    for one in injections:
        groups.setdefault((one.call, one.event, one.what.split(",")[0]), []).append(one)
    return [
        group[number * (len(group) - 1) // max(most - 1, 1)] if len(group) > most else group[number]
        for group in groups.values()
        for number in range(min(most, len(group)))
    ]


def look(folder: Path) -> Folder:
    """Look into a folder as somebody would who knows nothing of the program."""
    found = Folder({}, [], [f"{TEMPORARY}/{path.name}" for path in (folder / TEMPORARY).iterdir()])
    for path in sorted(folder.iterdir()):
        name = _TIME.sub("TIME", path.name)
        if path.name.startswith(".") or path.name.endswith(("-journal", "-wal", "-shm")):
            found.hidden.append(path.name)
        elif path.suffix == ".db":
            # What SQLite reads depends on the journal, too.
            has_journal = Path(f"{path}-journal").exists()
            key = os.urandom(8) if has_journal else hashlib.sha256(path.read_bytes()).digest()
            rows, damage = _read_database(key, path)
            if rows is not None:
                found.content[name] = rows
            found.damage.extend(f"{name}: {one}" for one in damage)
        elif path.name != TEMPORARY:
            found.content[name] = path.read_bytes()
    return found


@lru_cache(16)
def _read_database(key: bytes, path: Path) -> tuple[object, list[str]]:
    """Return the rows of a database, or None if it is empty, and what is wrong; `key` tells two apart."""
    del key
    try:
        with closing(sqlite3.connect(path)) as connection:
            if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                return None, []
        return dump(path), find_damage(path)
    except sqlite3.DatabaseError as error:
        return str(error), []


def judge(outcome: Outcome) -> Iterator[Fault]:
    """Yield each disagreement of the exit code, of what was said, and of what was found."""
    describe = _describe(outcome)
    for kind in (_judge_code(outcome), _judge_content(outcome)):
        if kind:
            yield Fault(kind, outcome, describe)
    case, done = outcome.case, outcome.done
    untrue = (
        None if outcome.injection.event in _HELD or _UNTRUE.search(case.name) else _UNTRUE.search(done.err)
    )
    if untrue:
        yield Fault("wrong reason", outcome, f"'{untrue[0]}' is not the reason")
    if damage := [one for one in outcome.found.damage if one not in outcome.before.damage]:
        yield Fault("damage", outcome, "; ".join(damage[:3]))


def _judge_code(outcome: Outcome) -> str:
    """Return what is wrong with the exit code, or an empty text."""
    done, refusals = outcome.done, outcome.case.refusals
    allowed = {"KILL": (-signal.SIGKILL,), "INT": (130, *refusals)}.get(outcome.injection.event, refusals)
    if "Traceback" in done.err:
        return "traceback"
    if done.code not in (0, *allowed):
        return "exit code"
    if done.code not in (0, 130) and not done.err and not outcome.is_mute:
        return "silence"
    return ""


def _judge_content(outcome: Outcome) -> str:
    """Return where what was said and what is there disagree, or an empty text."""
    case, done = outcome.case, outcome.done
    if done.code == 0:
        printed, wanted = (_TIME.sub("TIME", one.out) for one in (done, outcome.good))
        if not outcome.is_whole:
            return "exit code 0, and not done"
        return "" if printed == wanted else "exit code 0, and another answer"
    if outcome.injection.event == "KILL":
        return "" if outcome.is_whole or outcome.is_as_before else "half done"
    if outcome.is_told or re.search(case.said, done.out + done.err):
        if not outcome.is_whole:
            return "said to be done, and not done"
        is_excused = outcome.is_told or case.repeatable or outcome.is_mute
        return "" if is_excused else "done, and not told not to repeat it"
    if outcome.is_as_before or outcome.is_mute:
        return ""
    if not outcome.is_whole:
        return "failed, and something is left or changed"
    return "" if case.repeatable and done.code == 130 else "done, and not said"


def _describe(outcome: Outcome) -> str:
    """Say which files are as before a run and which as after it."""
    words = []
    before, after, found = outcome.before.content, outcome.after.content, outcome.found.content
    for name in sorted({*found, *before, *after}):
        ends = {"before": before.get(name), "after": after.get(name)}
        same = [word for word, one in ends.items() if one == found.get(name)]
        words.append(f"{name} as {' and '.join(same)}" if same else f"{name} neither as before nor as after")
    return ", ".join(words)


def _sweep(folder: Path, outcome: Outcome) -> Iterator[Fault]:
    """Yield a fault if a write, which sweeps a journal, and a backup, which sweeps the rest, leave any."""
    if outcome.found.hidden:
        run_unkilled(folder / DB, make_target("update", 90))
        run(folder / DB, "backup")
        swept = look(folder)
        if swept.hidden or swept.damage:
            yield Fault("litter", outcome, f"{swept.hidden} {swept.damage}")


def check(
    case: Case, choose: Callable[[list[Injection]], Sequence[Injection]]
) -> tuple[list[Outcome], list[Fault]]:
    """Run a command with the injections that are chosen of all; return how each ended, and the faults."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        template, folder = Path(name, "template"), Path(name, "folder")
        (template / TEMPORARY).mkdir(parents=True)
        case.prepare(template)

        def renew() -> None:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(template, folder)

        renew()
        before = first = look(folder)
        if case.first:
            assert run(folder / DB, *case.first).code == 0
            first = look(folder)
            renew()
        good, calls = trace(folder, case)
        after = look(folder)
        assert good.code == 0, good
        assert case.said == "(?!)" or re.search(case.said, good.out + good.err), good
        assert [*before.hidden, *after.hidden, *after.damage] == []
        outcomes: list[Outcome] = []
        faults: list[Fault] = []
        for injection in choose(list(list_injections(calls, folder))):
            renew()
            done, _ = trace(folder, case, injection)
            outcome = Outcome(case, injection, done, look(folder), before, good, after, first)
            outcomes.append(outcome)
            faults += [*judge(outcome), *_sweep(folder, outcome)]
    return outcomes, faults


SMALL = {
    "format": "nkplan/2",
    "kinds": ["canal"],
    "projects": [{"id": "grand-canal", "type": "site", "name": "Grand canal", "kind": "canal"}],
    "updates": [
        {"project": "grand-canal", "event_date": f"{year}", "note": f"aimed {year}", "status": "announced"}
        for year in range(2020, 2026)
    ],
}
"""A record that has what the commands of `make_target` need."""


@lru_cache(1)
def _make_small() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder, DB)
        done = run(db, "init", "--from", "-", stdin=json.dumps(SMALL).encode())
        assert done.code == 0, done
        return db.read_bytes()


def _make_record(folder: Path) -> None:
    (folder / DB).write_bytes(_make_small())


def _add_update(folder: Path) -> None:
    assert run_unkilled(folder / DB, make_target("update", 1)).code == 0


def _add_backup(folder: Path) -> None:
    (folder / "kept.db").write_bytes(_make_small())


def _add_old_backup(folder: Path) -> None:
    (folder / "kept.db").write_bytes(lzma.decompress(RELEASED.read_bytes()))


def _make_old(folder: Path) -> None:
    (folder / DB).write_bytes(lzma.decompress(RELEASED.read_bytes()))


def _add_file(folder: Path) -> None:
    (folder / "updates.json").write_text(make_target("load", 2).stdin, "utf-8")


def _add_edition(folder: Path) -> None:
    (folder / "updates.json").write_text(make_target("amend", 2).stdin, "utf-8")


def _add_whole_file(folder: Path) -> None:
    (folder / "record.json").write_text(json.dumps(SMALL), "utf-8")


def _add_output(folder: Path) -> None:
    (folder / "out.json").write_text("as it was", "utf-8")


def _damage(folder: Path) -> None:
    with (folder / DB).open("r+b") as file:
        file.seek(100)
        file.write(b"\0\xff" * 2000)


def _make_stale(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DB)) as connection, connection:
        connection.execute("UPDATE states SET progress = 7 WHERE project = 'grand-canal'")


def _making(*steps: Callable[[Path], None]) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        for step in steps:
            step(folder)

    return make


_BAD_FILE = (2, 4)
"""The exit codes if a file cannot be read: it is wrong input."""

_FILE = ("load", "FOLDER/updates.json")
_AMEND = (*_FILE, "--amend", "--yes")
_NEW = ("load", "FOLDER/record.json", "--db", f"FOLDER/{DB}")
_FROM = ("init", "--from", "FOLDER/record.json")
_RESTORE = ("restore", "FOLDER/kept.db")
_EXPORT = ("export", "-o", "FOLDER/out.json")
_REPAIR = ("check", "--repair")

CASES = [
    Case("update", make_target("update", 2).arguments, _make_record, "recorded"),
    Case("add", make_target("add", 2).arguments, _make_record, "recorded"),
    Case("tag", make_target("tag", 2).arguments, _make_record, "  tags "),
    Case("edit", make_target("edit", 2).arguments, _make_record, "->"),
    Case("undo", ("undo",), _making(_make_record, _add_update), "undid"),
    Case("update on a first run", make_target("update", 2).arguments, _making(), "recorded", first=("list",)),
    Case(
        "update after an upgrade", make_target("update", 2).arguments, _make_old, "recorded", first=("list",)
    ),
    Case("load", _FILE, _making(_make_record, _add_file), ": recorded: ", _BAD_FILE),
    Case("amend", _AMEND, _making(_make_record, _add_edition), ": corrected: ", _BAD_FILE),
    Case("load into a new database", _NEW, _add_whole_file, "created", _BAD_FILE),
    Case("init", ("init",), _making(), "created"),
    Case("init from a file", _FROM, _add_whole_file, "created", _BAD_FILE),
    Case("first run", ("list",), _making(), "created", repeatable=True),
    Case("backup", ("backup", "FOLDER/copy.db"), _make_record, "backed up"),
    Case("backup by date", ("backup",), _make_record, "backed up"),
    Case("restore", _RESTORE, _making(_make_record, _add_update, _add_backup), "restored", _BAD_FILE),
    Case("restore where nothing is", _RESTORE, _add_backup, "restored", _BAD_FILE),
    Case(
        "restore over damaged", _RESTORE, _making(_make_record, _damage, _add_backup), "restored", _BAD_FILE
    ),
    Case("restore an older one", _RESTORE, _making(_make_record, _add_old_backup), "restored", _BAD_FILE),
    Case("export", _EXPORT, _make_record, "exported", repeatable=True),
    Case("export over a file", _EXPORT, _making(_make_record, _add_output), "exported", repeatable=True),
    Case("export to a pipe", ("export",), _make_record, repeatable=True),
    Case("show", ("show", "grand-canal"), _make_record, repeatable=True),
    Case("report", ("report",), _make_record, repeatable=True),
    Case("search", ("search", "canal"), _make_record, repeatable=True),
    # Damage to the record is one of its findings: exit code 1.
    Case("check", ("check",), _make_record, refusals=(1, 4), repeatable=True),
    Case("list", ("list", "-o", "FOLDER/out.csv"), _make_record, repeatable=True),
    Case("upgrade", ("list",), _make_old, "(?m)^nkplan: upgraded|being upgraded", repeatable=True),
    # The check after it finds what was not repaired: exit code 1.
    Case("repair", _REPAIR, _making(_make_record, _make_stale), "nkplan: rebuilt", (1, 4), repeatable=True),
]


def main(arguments: Sequence[str]) -> int:
    """Check the commands named, by default all, and print what is wrong; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*")
    parser.add_argument("--calls", default="")
    parser.add_argument("--most", type=int, default=0)
    given = parser.parse_args(arguments)
    if why := explain_unavailable():
        parser.exit(2, f"{why}\n")
    wanted = given.calls.split(",") if given.calls else ()

    def choose(every: list[Injection]) -> Sequence[Injection]:
        some = [one for one in every if not wanted or {one.call, one.event} & set(wanted)]
        return thin(some, given.most) if given.most else some

    total = 0
    for case in CASES:
        if given.names and not case.name.startswith(tuple(given.names)):
            continue
        began = time.monotonic()
        outcomes, faults = check(case, choose)
        total += len(faults)
        seconds = time.monotonic() - began
        print(f"{case.name}: {len(outcomes)} injections, {len(faults)} faults, {seconds:.0f} s", flush=True)
        for fault in sorted(map(str, faults)):
            print(f"  {fault}", flush=True)
    print(f"{total} faults")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
