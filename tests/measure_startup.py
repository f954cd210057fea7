"""Measures what starting a command costs, as paired ratios, and prints the medians.

    python tests/measure_startup.py [ROUNDS]

In every round each command runs once beside its floor, in the same environment and in alternating order, so
that a noisy machine disturbs both alike. Nothing is asserted here: the test suite checks the causes.
"""

import os
import pty
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

NKPLAN = [str(Path(sys.executable).with_name("nkplan"))]
TYPER = [sys.executable, "-c", "import typer"]
RICH = [sys.executable, "-c", "import typer, rich.console, rich.table"]


def run_piped(command: list[str]) -> None:
    """Run a command with its output in a pipe."""
    subprocess.run(command, check=True, stdout=subprocess.PIPE)


def run_on_terminal(command: list[str]) -> None:
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
        raise subprocess.CalledProcessError(process.returncode, command)


def measure(run: Callable[[list[str]], None], command: list[str]) -> float:
    """Give the seconds that a command takes."""
    start = time.perf_counter()
    run(command)
    return time.perf_counter() - start


def compare(
    run: Callable[[list[str]], None], command: list[str], floor: list[str], rounds: int
) -> tuple[float, float, float]:
    """Give the median of the command, of its floor, and of their ratio round by round."""
    pairs = []
    for number in range(rounds):
        if number % 2:
            own = measure(run, command)
            least = measure(run, floor)
        else:
            least = measure(run, floor)
            own = measure(run, command)
        pairs.append((own, least))
    return (
        statistics.median(own for own, _ in pairs),
        statistics.median(least for _, least in pairs),
        statistics.median(own / least for own, least in pairs),
    )


def main() -> None:
    """Measure each case and print a line of figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 41
    cases = [
        ("list, piped", run_piped, [*NKPLAN, "list"], TYPER, "import typer"),
        ("report, piped", run_piped, [*NKPLAN, "report"], TYPER, "import typer"),
        ("--help", run_piped, [*NKPLAN, "--help"], TYPER, "import typer"),
        ("list, terminal", run_on_terminal, [*NKPLAN, "list"], RICH, "import typer, rich"),
        ("report, terminal", run_on_terminal, [*NKPLAN, "report"], RICH, "import typer, rich"),
        ("show, terminal", run_on_terminal, [*NKPLAN, "show", "songchon"], RICH, "import typer, rich"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NKPLAN_DB"] = str(Path(folder) / "nkplan.db")
        run_piped([*NKPLAN, "list"])
        print(f"{'command':<18}{'ms':>6}  {'floor':<20}{'ms':>6}  {'ratio':>5}")
        for name, run, command, floor, floor_name in cases:
            own, least, ratio = compare(run, command, floor, rounds)
            print(f"{name:<18}{own * 1000:>6.0f}  {floor_name:<20}{least * 1000:>6.0f}  {ratio:>5.2f}")


if __name__ == "__main__":
    main()
