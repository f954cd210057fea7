"""Fails a chosen system call of a command at each of its occurrences, and checks what that leaves.

    python tests/faults.py                 every command, every call, every error
    python tests/faults.py restore load    these commands only
    python tests/faults.py --calls fsync,unlink restore

Needs strace. A run of a command is recorded first; then the command is run once for each recorded call that
concerns its files or its output, and that call fails, or a signal arrives at it. Whatever is then in the files
has to agree with the exit code and with what was said.
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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from durability import KNOWN, RELEASED, dump, find_damage, make_target
from forking import fork_held
from program import Done, make_environment, run

from nkplan.formats.json import read_file
from nkplan.store.create import create_database
from nkplan.store.transaction import Recorder

ROOT = Path(__file__).parent.parent
DB = "nkplan.db"
LONGEST = 40.0
"""How many seconds a run may take: longer than a writer waits for another."""

EVENTS = {
    "openat": ("EACCES", "EIO", "EMFILE", "ENOSPC", "EMFILE+"),
    "newfstatat": ("EACCES", "EIO"),
    "statx": ("EACCES", "EIO"),
    "fstat": ("EIO",),
    "access": ("EACCES",),
    "read": ("EIO", "EIO+"),
    "pread64": ("EIO", "EIO+"),
    "write": ("EIO", "ENOSPC", "ENOSPC+"),
    "pwrite64": ("EIO", "ENOSPC", "ENOSPC+", "EIO+"),
    "fsync": ("EIO", "EINVAL", "ENOSPC", "EIO+"),
    "fdatasync": ("EIO", "ENOSPC", "EIO+"),
    "rename": ("EIO", "EACCES", "ENOSPC"),
    "renameat": ("EIO", "EACCES", "ENOSPC"),
    "link": ("EIO", "EPERM", "ENOSPC"),
    "linkat": ("EIO", "EPERM", "ENOSPC"),
    "unlink": ("EIO", "EACCES", "EACCES+"),
    "unlinkat": ("EIO", "EACCES", "EACCES+"),
    "mkdir": ("EACCES", "ENOSPC"),
    "rmdir": ("EACCES",),
    "ftruncate": ("EIO", "ENOSPC"),
    "fallocate": ("EIO", "ENOSPC"),
    "fcntl": ("EIO", "ENOLCK", "EAGAIN"),
    "close": ("EIO",),
    "lseek": ("EIO",),
    "getdents64": ("EIO",),
    "ioctl": ("EIO",),
    "chmod": ("EPERM",),
    "fchmod": ("EPERM",),
    "fchmodat": ("EPERM",),
    "chown": ("EPERM",),
    "fchown": ("EPERM",),
    "utimensat": ("EPERM",),
    "statfs": ("EIO",),
    "getcwd": ("ENOENT",),
    "sendfile": ("EIO", "ENOSPC"),
    "copy_file_range": ("EIO", "ENOSPC"),
    "readlink": ("EIO",),
    "mmap": ("ENOMEM",),
}
"""The calls that may fail, and how: with an error, at one occurrence or, with a +, from there on."""

SIGNALS = ("KILL", "INT")
"""What arrives at each call besides."""

_TRACED = re.compile(r"(\w+)\((.*)")

Content = dict[str, object]
"""What is in each file of a folder, by its name without the time in it."""


@dataclass(frozen=True)
class Case:
    """A command on files that `prepare` makes in a folder; `said` finds the words that say it was done."""

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path], None]
    said: str
    codes: tuple[int, ...] = (0,)
    others: tuple[int, ...] = ()
    may_repeat: bool = False
    """Whether to repeat it does no harm, so that nothing needs to be said after Ctrl-C."""


@dataclass(frozen=True)
class Injection:
    """An event at a call: its occurrence, counted from 1 among all of the calls of this name."""

    call: str
    occurrence: int
    event: str
    what: str = ""

    def __str__(self) -> str:
        """Return it as a report names it."""
        return f"{self.call} {self.occurrence}, {self.event} ({self.what})"

    @property
    def expression(self) -> str:
        """Return it as strace's option names it."""
        error = self.event.removesuffix("+")
        kind = "signal" if error in SIGNALS else "error"
        onward = "+" if self.event.endswith("+") else ""
        return f"inject={self.call}:{kind}={error}:when={self.occurrence}{onward}"


@dataclass
class Fault:
    """What is wrong after an injection: its kind, and the run."""

    kind: str
    case: str
    injection: Injection
    done: Done
    found: str

    def __str__(self) -> str:
        """Return it in one line."""
        said = " | ".join((self.done.out.splitlines()[:1] + self.done.err.splitlines()[-2:]))
        return f"{self.case}: {self.injection}: exit code {self.done.code}; said: {said[:400]}; {self.found}"


def is_available() -> str:
    """Return why nothing can be traced here, or an empty text."""
    if shutil.which("strace") is None:
        return "there is no strace"
    done = subprocess.run(
        ["strace", "-e", "trace=none", "true"], capture_output=True, text=True, check=False
    )
    return f"strace may not trace: {done.stderr.strip()}" if done.returncode else ""


def trace(folder: Path, case: Case, injection: Injection | None = None) -> tuple[Done, list[str]]:
    """Run a command under strace, with an injection; return the result, and the calls that were traced."""
    db = folder / DB
    calls = ",".join(EVENTS) if injection is None or injection.call == "any" else injection.call
    arguments = [one.replace("FOLDER", str(folder)) for one in case.arguments]
    environment = make_environment(db, TMPDIR=str(folder / "tmp"))
    with tempfile.TemporaryDirectory() as apart:
        paths = [Path(apart, name) for name in ("out", "err", "calls")]
        nothing = os.open(os.devnull, os.O_RDONLY)
        out, err = (os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND) for path in paths[:2])
        pid, wait = fork_held(arguments, environment, Path("/"), (nothing, out, err))
        for number in (nothing, out, err):
            os.close(number)
        options = [] if injection is None else ["-e", injection.expression]
        with subprocess.Popen(
            ["strace", "-y", "-s", "0", "-o", str(paths[2]), "-e", f"trace={calls}", *options, "-p", str(pid)],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        ) as tracer:  # fmt: skip
            assert tracer.stderr is not None
            line = tracer.stderr.readline()
            assert "attached" in line, line
            os.kill(pid, signal.SIGUSR1)
            try:
                tracer.communicate(timeout=LONGEST)
            except subprocess.TimeoutExpired:
                os.kill(pid, signal.SIGKILL)
        code = wait()
        texts = [path.read_text("utf-8", "surrogateescape") for path in paths]
    return Done(code, texts[0], texts[1]), texts[2].splitlines()


def thin(injections: Sequence[Injection], most: int) -> list[Injection]:
    """Return at most a number of the injections of one event at one call on one file, spread over them."""
    groups: dict[tuple[str, str, str], list[Injection]] = {}
    for one in injections:
        groups.setdefault((one.call, one.event, one.what.split(",")[0]), []).append(one)
    return [
        one
        for group in groups.values()
        for number, one in enumerate(group)
        if len(group) <= most or number * (most - 1) // (len(group) - 1) != (number - 1) * (most - 1) // (len(group) - 1)
    ]


def list_injections(calls: Sequence[str], folder: Path, wanted: Sequence[str]) -> Iterator[Injection]:
    """Yield an injection for each recorded call that concerns a folder or the output, and each event."""
    numbers: Counter[str] = Counter()
    for line in calls:
        found = _TRACED.match(line)
        if not found:
            continue
        call, rest = found[1], found[2].removeprefix("AT_FDCWD</>, ")
        numbers[call] += 1
        is_output = call == "write" and rest.startswith(("1<", "2<"))
        if str(folder) not in rest and not is_output:
            continue
        what = rest.replace(f"{folder}/", "").split(") ")[0][:90]
        for event in (*EVENTS[call], *SIGNALS):
            if call in wanted or event in wanted or not wanted:
                yield Injection(call, numbers[call], event, what)


@lru_cache(16)
def _dump_content(digest: str, path: Path) -> tuple[object, list[str]]:
    """Return what a database says, None if it is empty, and what is wrong with it."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            if not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                return None, []
        return dump(path), find_damage(path)
    except sqlite3.DatabaseError as error:
        return str(error), []


_STAMP = re.compile(r"\d{8}T\d{6}Z(-\d+)?")


def look(folder: Path) -> tuple[Content, list[str], list[str]]:
    """Return the content of a folder, what is wrong with its databases, and what else lies in it."""
    content: Content = {}
    wrong, others = [], []
    names = sorted(path.name for path in folder.iterdir() if not path.is_dir())
    others += [f"tmp/{path.name}" for path in (folder / "tmp").iterdir()]
    for name in names:
        path = folder / name
        if name.startswith(".") or name.endswith(("-journal", "-wal", "-shm")):
            others.append(name)
        elif name.endswith(".db"):
            if not (folder / f"{name}-journal").exists():
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                digest = os.urandom(8).hex()
            found, damage = _dump_content(digest, path)
            if found is not None:
                content[_STAMP.sub("TIME", name)] = found
            wrong += [f"{name}: {one}" for one in damage]
        else:
            content[_STAMP.sub("TIME", name)] = path.read_bytes()
    return content, wrong, others


_WRONG_REASON = re.compile(
    r"is damaged|another program|newer nkplan|no database|not an nkplan|in use|unsound|is a directory|there is no"
)
"""What no fault of the disk can be the reason for, unless it is EAGAIN, which says that a lock is held."""
_DONE_NEVERTHELESS = re.compile(r"do not repeat|everything was written")


def judge(
    case: Case, injection: Injection, done: Done, ends: tuple[Content, Content, list[str]], folder: Path
) -> list[Fault]:
    """List what is wrong after a run, given the contents of the folder before it and after a whole run."""
    before, after, known = ends
    left = sorted(path.name for path in folder.iterdir())
    content, wrong, others = look(folder)
    faults: list[Fault] = []

    def add(kind: str, found: str) -> None:
        faults.append(Fault(kind, case.name, injection, done, found))

    state = _name_state(content, before, after)
    if "Traceback" in done.err:
        add("traceback", f"in the folder: {state}")
    expected = {*case.codes, 4, *case.others}
    if injection.event == "KILL":
        expected = {-signal.SIGKILL, *case.codes}
    elif injection.event == "INT":
        expected |= {130}
    elif done.code not in expected:
        add("exit code", f"in the folder: {state}")
    said = bool(re.search(case.said, done.out + done.err))
    nevertheless = bool(_DONE_NEVERTHELESS.search(done.err))
    if wrong := [one for one in wrong if one not in known]:
        add("damage", f"{wrong[:3]}")
    if done.code in case.codes and content != after:
        add("exit 0 and not done", f"in the folder: {state}")
    elif done.code not in case.codes and (said or nevertheless) and content != after:
        add("said to be done and not done", f"in the folder: {state}")
    elif done.code not in case.codes and injection.event == "KILL":
        kept = {name for name in content if "before-" in name}
        if content != after and {name: one for name, one in content.items() if name not in kept} != before:
            add("killed halfway", f"in the folder: {state}")
    elif injection.call == "write" and injection.event.endswith("+"):
        pass  # Nothing can be said either.
    elif content == after and done.code == 130 and case.may_repeat:
        pass
    elif done.code not in case.codes and not (said or nevertheless) and content != before:
        kind = "done and not said" if content == after else "failed, and something is left or changed"
        add(kind, f"in the folder: {state}")
    elif done.code not in case.codes and said and not (nevertheless or case.may_repeat) and injection.event != "KILL":
        add("done, and not told not to repeat it", f"in the folder: {state}")
    if done.code not in (0, *case.codes, 130, -signal.SIGKILL) and not done.err and injection.event[-1] != "+":
        if "2<" not in injection.what:
            add("silence", f"in the folder: {state}")
    if injection.event not in ("EAGAIN", "ENOLCK") and "damaged" not in case.name:
        if found := _WRONG_REASON.search(done.err):
            add("wrong reason", f"{found[0]}")
    if others:
        run(folder / DB, *make_target("update", 90).arguments)
        run(folder / DB, "backup", str(folder / "tmp" / "swept.db"))
        (folder / "tmp" / "swept.db").unlink(missing_ok=True)
        _, wrong, others = look(folder)
        if others or wrong:
            add("litter", f"{others} {wrong}; before the next command: {left}")
    return faults


def _name_state(content: Content, before: Content, after: Content) -> str:
    if content == before:
        return "as before" + (", which is as after" if before == after else "")
    if content == after:
        return "all of it"
    parts = []
    for name in sorted({*content, *before, *after}):
        now = content.get(name)
        if now == before.get(name) == after.get(name):
            continue
        was = [word for word, one in (("as before", before), ("as after", after)) if now == one.get(name)]
        if not was:
            was = ["gone" if name not in content else "neither"]
        parts.append(f"{name} {' and '.join(was)}")
    return "; ".join(parts)


def check(
    case: Case, wanted: Sequence[str] = (), choose: Callable[[list[Injection]], list[Injection]] = list
) -> tuple[int, list[Fault]]:
    """Run a case with each injection; return how many there were, and the faults."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        template, folder = Path(name, "template"), Path(name, "work")
        (template / "tmp").mkdir(parents=True)
        case.prepare(template)

        def renew() -> None:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(template, folder)

        renew()
        before, known, others = look(folder)
        assert not others
        renew()
        done, calls = trace(folder, case)
        assert done.code in case.codes, done
        assert case.said == "(?!)" or re.search(case.said, done.out + done.err), done
        after, wrong, others = look(folder)
        assert not wrong, wrong
        assert not others, others
        injections = choose(list(list_injections(calls, folder, wanted)))
        faults = []
        for injection in injections:
            renew()
            done, _ = trace(folder, case, injection)
            faults += judge(case, injection, done, (before, after, known), folder)
    return len(injections), faults


SMALL = json.dumps(
    {
        "format": "nkplan/2",
        "kinds": ["canal"],
        "projects": [{"id": "grand-canal", "type": "site", "name": "Grand canal", "kind": "canal"}],
        "updates": [
            {"project": "grand-canal", "event_date": f"202{year}", "note": f"aimed {year}", "status": "announced"}
            for year in range(6)
        ],
    }
)


@lru_cache(1)
def _make_seeded() -> Path:
    path = Path(tempfile.mkdtemp(prefix="faults-seeded-")) / DB
    done = run(path, "init", "--from", "-", stdin=SMALL.encode())
    assert done.code == 0, done
    return path


def _seed(folder: Path) -> None:
    shutil.copy(_make_seeded(), folder / DB)


def _seed_with_update(folder: Path) -> None:
    _seed(folder)
    assert run(folder / DB, *make_target("update", 1).arguments).code == 0


def _seed_with_file(folder: Path) -> None:
    _seed(folder)
    (folder / "updates.json").write_text(make_target("load", 2).stdin, "utf-8")


def _seed_with_backup(folder: Path) -> None:
    _seed(folder)
    assert run(folder / DB, "backup", str(folder / "kept.db")).code == 0
    assert run(folder / DB, *make_target("update", 3).arguments).code == 0


def _only_backup(folder: Path) -> None:
    _seed(folder)
    (folder / DB).rename(folder / "kept.db")


def _damaged(folder: Path) -> None:
    _seed_with_backup(folder)
    with (folder / DB).open("r+b") as file:
        file.seek(100)
        file.write(b"\0\xff" * 2000)


def _released(folder: Path) -> None:
    (folder / DB).write_bytes(lzma.decompress(RELEASED.read_bytes()))


def _released_backup(folder: Path) -> None:
    _seed(folder)
    (folder / "kept.db").write_bytes(lzma.decompress(RELEASED.read_bytes()))


def _stale(folder: Path) -> None:
    _seed(folder)
    with closing(sqlite3.connect(folder / DB)) as connection, connection:
        connection.execute("UPDATE states SET progress = 7 WHERE project = 'grand-canal'")
        connection.execute("DROP INDEX IF EXISTS updates_project")


def _with_output(folder: Path) -> None:
    _seed(folder)
    (folder / "out.json").write_text("as it was", "utf-8")


def _only_file(folder: Path) -> None:
    (folder / "updates.json").write_text(SMALL, "utf-8")


def _nothing(folder: Path) -> None:
    assert folder.is_dir()


RECORDED = r"(?m)^  recorded |was recorded"
CASES = [
    Case("update", make_target("update", 2).arguments, _seed, RECORDED),
    Case("add", make_target("add", 2).arguments, _seed, r"(?m)^  recorded |was recorded|recorded"),
    Case("undo", ("undo",), _seed_with_update, r"undid|was recorded"),
    Case("load", ("load", "FOLDER/updates.json"), _seed_with_file, r": recorded: |was recorded"),
    Case("backup", ("backup", "FOLDER/copy.db"), _seed, r"backed up"),
    Case("backup, dated", ("backup",), _seed, r"backed up"),
    Case("restore", ("restore", "FOLDER/kept.db"), _seed_with_backup, r"restored"),
    Case("restore, new", ("restore", "FOLDER/kept.db"), _only_backup, r"restored"),
    Case("restore, damaged", ("restore", "FOLDER/kept.db"), _damaged, r"restored"),
    Case("restore, older", ("restore", "FOLDER/kept.db"), _released_backup, r"restored"),
    Case("export -o", ("export", "-o", "FOLDER/out.json"), _seed, r"exported", may_repeat=True),
    Case("export -o, replacing", ("export", "-o", "FOLDER/out.json"), _with_output, r"exported", may_repeat=True),
    Case("list -o", ("list", "-o", "FOLDER/out.csv"), _seed, r"(?!)", may_repeat=True),
    Case("upgrade", ("list",), _released, r"nkplan: upgraded", may_repeat=True),
    Case("repair", ("check", "--repair"), _stale, r"nkplan: rebuilt", others=(1,), may_repeat=True),
    Case("first run", ("list",), _nothing, r"nkplan: created", may_repeat=True),
    Case("init", ("init",), _nothing, r"created"),
    Case("init --from", ("init", "--from", "FOLDER/updates.json"), _only_file, r"created"),
    Case("load, new", ("load", "FOLDER/updates.json", "--db", "FOLDER/nkplan.db"), _only_file, r"created|recorded"),
]


def main(arguments: Sequence[str]) -> int:
    """Run the cases named, by default all, and print the faults; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--calls", default="")
    parser.add_argument("--most", type=int, default=0)
    given = parser.parse_args(arguments)
    wanted = given.calls.split(",") if given.calls else []
    if why := is_available():
        print(why, file=sys.stderr)
        return 2
    total = 0
    for case in CASES:
        if given.cases and case.name.split(",")[0].split()[0] not in given.cases and case.name not in given.cases:
            continue
        began = time.monotonic()
        number, faults = check(case, wanted, (lambda every: thin(every, given.most)) if given.most else list)
        total += len(faults)
        print(f"{case.name}: {number} injections, {len(faults)} faults, {time.monotonic() - began:.0f} s", flush=True)
        for fault in sorted(faults, key=lambda one: one.kind):
            print(f"  {fault.kind}: {fault}", flush=True)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
