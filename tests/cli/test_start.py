"""However little the system grants it, and whenever it is interrupted, the program ends and says why."""

import errno
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from processes import SOON
from program import NKPLAN, ROOT, Done, make_environment, run
from tables import query

IDLE = ("update", "grand-canal", "idle", "--on", "2026", "--evidence", "expert")
SHORT_OF_MEMORY = "nkplan: there is not enough memory; free some and try again\n"
TOO_MANY_FILES = "nkplan: too many files are open; raise the limit of open files and try again\n"
SHORTAGES = {
    "memory": (MemoryError(), SHORT_OF_MEMORY),
    "library": (ImportError("_x.so: failed to map segment from shared object"), SHORT_OF_MEMORY),
    "files": (OSError(errno.EMFILE, "Too many open files", "names.sql"), TOO_MANY_FILES),
}


def start_python(script: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a new Python that finds the package."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=SOON,
        env=environment,
    )


def test_nothing_is_loaded_before_an_interrupt_is_handled() -> None:
    """Python shows a traceback for an interrupt while the module is loaded that defines `main`."""
    done = start_python(
        "import sys; before = set(sys.modules)\nimport nkplan.cli; print(*set(sys.modules) - before)"
    )
    assert set(done.stdout.split()) <= {"nkplan", "nkplan.cli", "gc", "errno"}, done


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        ("KeyboardInterrupt", 130, ""),
        ("MemoryError", 4, SHORT_OF_MEMORY),
        ("ImportError('_x.so: failed to map segment from shared object')", 4, SHORT_OF_MEMORY),
        ("OSError(24, 'Too many open files')", 4, TOO_MANY_FILES),
    ],
)
def test_what_stops_the_program_while_it_loads_is_no_traceback(fault: str, code: int, said: str) -> None:
    done = start_python(
        "import sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == 'typer': raise {fault}\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from nkplan.cli import main\n"
        "main()"
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", said)


def test_an_interrupt_that_python_would_only_print_ends_the_program() -> None:
    """In a callback of Python's own, as an import has some, an exception cannot be raised."""
    done = start_python(
        "import sys\n"
        "class Interrupted:\n"
        "    def __del__(self): raise KeyboardInterrupt\n"
        "class Finder:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'typer': Interrupted()\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from nkplan.cli import main\n"
        "main()"
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def raising(error: BaseException) -> Callable[..., None]:
    """Return a function that raises an error, whatever it is given."""

    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("short_of", SHORTAGES)
def test_a_command_that_runs_short_of_something_says_of_what(
    record: Path, monkeypatch: pytest.MonkeyPatch, short_of: str
) -> None:
    error, said = SHORTAGES[short_of]
    monkeypatch.setattr("nkplan.queries.reader.Reader.fetch", raising(error))
    assert (done := run(record, "list")).code == 4
    assert (done.out, done.err) == ("", said)


@pytest.mark.parametrize("short_of", SHORTAGES)
def test_what_runs_short_before_the_commit_records_nothing(
    record: Path, monkeypatch: pytest.MonkeyPatch, short_of: str
) -> None:
    error, said = SHORTAGES[short_of]
    monkeypatch.setattr("nkplan.store.record.judge_touched", raising(error))
    before = query(record, "SELECT count(*) FROM updates")
    done = run(record, *IDLE)
    assert (done.code, done.out, done.err) == (4, "", said)
    assert query(record, "SELECT count(*) FROM updates") == before


@pytest.mark.parametrize("short_of", SHORTAGES)
def test_what_runs_short_after_the_commit_says_that_it_was_recorded(
    record: Path, monkeypatch: pytest.MonkeyPatch, short_of: str
) -> None:
    error, said = SHORTAGES[short_of]
    monkeypatch.setattr("nkplan.cli.echo.write_to_stdout", raising(error))
    ((before,),) = query(record, "SELECT count(*) FROM updates")
    done = run(record, *IDLE)
    problem = said.removeprefix("nkplan: ").partition(";")[0]
    assert (done.code, done.err) == (4, f"nkplan: it was recorded, but {problem}; do not repeat it\n")
    assert query(record, "SELECT count(*) FROM updates") == [(before + 1,)]


@pytest.mark.parametrize(
    "command",
    [("load", "new.json"), ("list", "-o", "list.csv"), ("backup", "copy.db")],
    ids=lambda one: one[0],
)
def test_no_other_file_is_advised_if_too_many_are_open(
    record: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    record.with_name("new.json").write_text('{"format": "nkplan/2"}', "utf-8")
    path_open, os_open = Path.open, os.open

    def fail(path: Any, *how: Any, **more: Any) -> Any:
        if any(name in str(path) for name in ("new.json", ".part")):
            raise OSError(errno.EMFILE, "Too many open files", str(path))
        return (path_open if isinstance(path, Path) else os_open)(path, *how, **more)

    monkeypatch.setattr(Path, "open", fail)
    monkeypatch.setattr(os, "open", fail)
    done = run(record, *command)
    assert (done.code, done.out, done.err) == (4, "", TOO_MANY_FILES)


def start_in_shell(db: Path, prepare: str, *arguments: str, err: int | None = None) -> Done:
    """Start the program by a shell that first prepares the process."""
    done = subprocess.run(
        ["sh", "-c", f'{prepare} exec "$@"', "sh", *NKPLAN, *arguments],
        env=make_environment(db),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if err is None else err,
        text=True,
        check=False,
        timeout=SOON,
    )
    return Done(done.returncode, done.stdout, done.stderr or "")


def test_a_process_that_may_open_few_files_says_so(record: Path) -> None:
    """One file more than the standard streams and the one that Python reads a module from."""
    before = query(record, "SELECT count(*) FROM updates")
    done = start_in_shell(record, "ulimit -n 5;", *IDLE)
    assert (done.code, done.out, done.err) == (4, "", TOO_MANY_FILES)
    assert query(record, "SELECT count(*) FROM updates") == before


@pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full", "2</dev/null", "terminal", "pipe"])
def test_a_broken_stderr_changes_no_outcome(record: Path, stderr: str) -> None:
    """Closed, full, not writable, or without anybody at its other end, when there is a notice to print."""
    if stderr in {"terminal", "pipe"}:
        reader, err = pty.openpty() if stderr == "terminal" else os.pipe()
        os.close(reader)
        done = start_in_shell(record, "", *IDLE, err=err)
        os.close(err)
    else:
        done = start_in_shell(record, f"exec {stderr};", *IDLE)
    assert done.code == 0
    assert "grand-canal" in done.out
    assert query(record, "SELECT command FROM changes ORDER BY id DESC LIMIT 1") == [("update",)]


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("command", "told"),
    [
        (IDLE, "nkplan.cli.claims.reporting_write"),
        (("undo",), "nkplan.cli.reversing.reporting_write"),
        (("backup", "copy.db"), "nkplan.cli.echo.reporting_write"),
        (("restore", "kept.db"), "nkplan.cli.echo.reporting_write"),
        (("init", "--empty", "--db", "new.db"), "nkplan.cli.echo.reporting_write"),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else "",
)
@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError()], ids=["interrupt", "memory"])
def test_what_stops_a_command_once_it_has_written_says_so(
    record: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], told: str, error: BaseException
) -> None:
    run(record, "update", "grand-canal", "paused", "--on", "2025", "--evidence", "expert")
    run(record, "backup", "kept.db")

    monkeypatch.setattr(told, raising(error))
    done = run(record, *command)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("nkplan: everything was written")
    assert done.err.endswith("; do not repeat the command\n")


@pytest.mark.parametrize("command", [("list",), (*IDLE, "--dry-run")], ids=["read", "dry run"])
def test_an_interrupt_of_what_writes_nothing_says_nothing(
    record: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    run(record, *IDLE)

    monkeypatch.setattr("nkplan.cli.claims.reporting_write", raising(KeyboardInterrupt()))
    monkeypatch.setattr("nkplan.cli.output.Answer.deliver", raising(KeyboardInterrupt()))
    assert (done := run(record, *command)).code == 130
    assert (done.out, done.err.replace("nkplan: dry run: nothing was recorded\n", "")) == ("", "")


def test_an_interrupt_once_a_first_run_has_made_the_database_is_none_of_the_write(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nkplan.cli.commands.update.write", raising(KeyboardInterrupt()))
    new = record.with_name("first.db")
    assert run(new, *IDLE).code == 130
    assert query(new, "SELECT command FROM changes") == [("first run",)]
