"""Measures how long a command takes to start, as paired ratios, and prints the medians.

    python tests/measure_startup.py [ROUNDS] [PROGRAM ...]

A PROGRAM is the path of an installed `nkplan`, by default the one beside this Python; several are measured in
one run. In every round each command runs once next to its floor, which is the time that its Python takes to
import the modules that the command cannot do without, in the same environment and in alternating order, so
that a noisy machine disturbs both equally. Nothing is asserted here: the test suite checks the causes.
Compile the installed package (`pip install --compile`): without that it measures 30 percent slower.
"""

import os
import pty
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

Command = Sequence[str]
TYPER = ("-c", "import typer")
RICH = ("-c", "import typer, rich.console, rich.table")
UPDATE = ("update", "grand-canal", "building", "--on", "2026-03", "--evidence", "expert", "--percent")


def run_piped(command: Command) -> None:
    """Run a command with its output in a pipe."""
    subprocess.run(command, check=True, stdout=subprocess.PIPE)


def run_on_terminal(command: Command) -> None:
    """Run a command with its output on a pseudo-terminal."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    try:
        while os.read(leader, 65536):
            pass
    except OSError:
        pass  # The other end has closed: the command is done.
    os.close(leader)
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, list(command))


class Case(NamedTuple):
    """A command and its floor; one that `writes` gets a new note each time, or it would change nothing."""

    name: str
    run: Callable[[Command], None]
    arguments: Command
    floor: Command
    writes: bool = False


CASES = (
    Case("list, piped", run_piped, ["list"], TYPER),
    Case("report, piped", run_piped, ["report"], TYPER),
    Case("--help", run_piped, ["--help"], TYPER),
    Case("update, piped", run_piped, UPDATE, TYPER, writes=True),
    Case("publish, piped", run_piped, ["publish", "20x10"], TYPER),
    Case("list, terminal", run_on_terminal, ["list"], RICH),
    Case("report, terminal", run_on_terminal, ["report"], RICH),
    Case("show, terminal", run_on_terminal, ["show", "songchon"], RICH),
    Case("map, terminal", run_on_terminal, ["map"], RICH),
)


def measure(run: Callable[[Command], None], command: Command) -> float:
    """Return the seconds that a command takes."""
    start = time.perf_counter()
    run(command)
    return time.perf_counter() - start


def compare(case: Case, program: str, number: int) -> tuple[float, float]:
    """Return the seconds of a command and of its floor in one round."""
    python = str(Path(program).with_name("python"))
    command = [program, *case.arguments, *([str(number % 100)] if case.writes else [])]
    floor = [python, *case.floor]
    if number % 2:
        own = measure(case.run, command)
        return own, measure(case.run, floor)
    least = measure(case.run, floor)
    return measure(case.run, command), least


def main() -> None:
    """Measure each case with each program and print a line of figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 41
    programs = sys.argv[2:] or [str(Path(sys.executable).with_name("nkplan"))]
    with tempfile.TemporaryDirectory() as folder:
        # A pager would wait for a key at the end of a screen; cat prints everything.
        os.environ |= {"NKPLAN_PAGER": "cat", "PAGER": "cat"}
        # The config file is looked for, as it is for every user, in a folder where there is none.
        os.environ.pop("NKPLAN_CONFIG", None)
        os.environ["XDG_CONFIG_HOME"] = folder
        databases = {one: str(Path(folder) / f"{number}.db") for number, one in enumerate(programs)}
        for one in programs:
            os.environ["NKPLAN_DB"] = databases[one]
            run_piped([one, "list"])
        print(f"{'command':<18}{'ms':>6}  {'floor ms':>8}  {'ratio':>5}  program")
        for case in CASES:
            pairs: dict[str, list[tuple[float, float]]] = {one: [] for one in programs}
            for number in range(rounds):
                for one in programs:
                    os.environ["NKPLAN_DB"] = databases[one]
                    pairs[one].append(compare(case, one, number))
            for one in programs:
                own = statistics.median(pair[0] for pair in pairs[one])
                least = statistics.median(pair[1] for pair in pairs[one])
                ratio = statistics.median(pair[0] / pair[1] for pair in pairs[one])
                print(
                    f"{case.name:<18}{own * 1000:>6.0f}  {least * 1000:>8.0f}  {ratio:>5.2f}  {one}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
