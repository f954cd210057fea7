"""Long forms of tests that the suite runs in short: `python tests/long.py kills 2000`, and so on.

    tests         every test, with all cases and examples of those that the suite runs in short
    kills N       kill N commands at random instants, and check what each leaves (a third of a second each)
    writers       16 writers and 8 readers on one database, 100 commands each; 8 first runs at once
    sequences N   N random sequences of writes, each undone write by write

Each prints figures, and exits with 1 if something is wrong.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from durability import Figures, correct_concurrently, find_damage, kill_many, run_concurrently, run_first
from program import ROOT, run
from sequences import make_batch as make_reworded
from undoing import answer, make_batch

from nkplan.errors import BadFile
from nkplan.model.batch import Batch
from nkplan.model.vocabulary import Status
from nkplan.store.record import record
from nkplan.store.transaction import Recorder
from nkplan.store.undo import undo

WORKERS = 3
_PART = 50
RECORDER = Recorder("long", datetime(2026, 11, 24, tzinfo=UTC))


@contextmanager
def workspace() -> Iterator[tuple[Path, Path]]:
    """Yield a folder for a worker, and a database with the shipped record."""
    with tempfile.TemporaryDirectory(prefix="nkplan-long-") as name:
        seeded = Path(name) / "seeded.db"
        assert run(seeded, "list").code == 0
        folder = Path(name) / "work"
        folder.mkdir()
        yield folder, seeded


def _kill_part(count: int, seed: int) -> Figures:
    with workspace() as (folder, seeded):
        return kill_many(folder, seeded, count, seed)


def kill(count: int) -> bool:
    """Kill a number of commands; return whether no fault was found."""
    parts = [min(_PART, count - start) for start in range(0, count, _PART)]
    figures = Figures()
    with ProcessPoolExecutor(WORKERS) as pool:
        for part in pool.map(_kill_part, parts, range(len(parts))):
            figures.add(part)
            print(f"{figures.kills.total()} of {count}, {len(figures.faults)} faults", flush=True)
    print("\n".join(figures.tell()))
    return not figures.faults


def run_together(_: int) -> bool:
    """Run 16 writers and 8 readers on one database, 8 first runs on another, 8 that correct on a third."""
    with workspace() as (folder, seeded):
        seconds, faults = run_concurrently(seeded, 16, 8, 100)
        print(f"16 writers and 8 readers, 100 commands each: {seconds:.0f} s, {len(faults)} faults")
        first = run_first(folder, 8)
        print(f"8 first runs at once: {len(first)} faults")
    with workspace() as (_folder, seeded):
        counted, wrong = correct_concurrently(seeded, 8, 100, 0)
        ended = ", ".join(f"{name} {number} with {code}" for (name, code), number in sorted(counted.items()))
        print(f"8 writers that correct, undo and redo, 100 commands each: {ended}: {len(wrong)} faults")
    every = [*faults, *first, *wrong]
    for fault in every:
        print(f"  {fault}")
    return not every


def _make_any_batch(chance: random.Random, number: int) -> Batch:
    """Make a batch of new rows, or one of the few that have the same rows in other words."""
    if chance.random() < 0.5:
        return make_batch(number, chance.choice(list(Status)))
    return make_reworded(chance.randint(1, 3), chance.randint(0, 1))


class Sequence:
    """Random writes to one database, each to be undone, and the answers before each of them."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path = path
        self.name = f"sequence {seed}"
        self.chance = random.Random(seed)  # noqa: S311
        self.answers = [answer(path)]
        self.done: Counter[str] = Counter(sequences=1)
        self.faults: list[str] = []

    def run(self) -> None:
        """Write, undo some writes in between, and undo the rest at the end."""
        for number in range(1, self.chance.randint(2, 9)):
            self.write(number)
            if self.chance.random() < 0.3 and len(self.answers) > 1:
                self.undo_last()
        while len(self.answers) > 1:
            self.undo_last()
        self.faults += [f"{self.name}: {fault}" for fault in find_damage(self.path)]

    def write(self, number: int) -> None:
        """Record a batch, unless it conflicts with an active row."""
        batch = _make_any_batch(self.chance, number)
        try:
            recorded = record(self.path, batch, "load", RECORDER, summary=str(number))
        except BadFile:
            self.done["refused"] += 1
            return
        if not recorded.is_empty:
            self.done["writes"] += 1
            self.answers.append(answer(self.path))

    def undo_last(self) -> None:
        """Undo the last write, and compare the answers with those before it."""
        undo(self.path, [], RECORDER)
        self.answers.pop()
        self.done["undos"] += 1
        if answer(self.path) != self.answers[-1]:
            self.faults.append(f"{self.name}: the answers differ from those before the last write")


def _run_sequences_part(seeds: range) -> tuple[Counter[str], list[str]]:
    done: Counter[str] = Counter()
    faults = []
    with workspace() as (folder, seeded):
        for seed in seeds:
            sequence = Sequence(Path(shutil.copy(seeded, folder / "nkplan.db")), seed)
            sequence.run()
            done += sequence.done
            faults += sequence.faults
    return done, faults


def run_sequences(count: int) -> bool:
    """Run random sequences of writes and undos, and compare the answers after each undo with those before."""
    every: Counter[str] = Counter()
    faults = []
    parts = [range(start, min(start + _PART, count)) for start in range(0, count, _PART)]
    with ProcessPoolExecutor(WORKERS) as pool:
        for done, wrong in pool.map(_run_sequences_part, parts):
            every += done
            faults += wrong
            told = ", ".join(f"{number} {name}" for name, number in every.items())
            print(f"{told}: {len(faults)} faults", flush=True)
    for fault in faults[:20]:
        print(f"  {fault}")
    return not faults


def run_tests(_: int) -> bool:
    """Run the suite in its long form; return whether it passed."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest"], cwd=ROOT, env=os.environ | {"NKPLAN_LONG": "1"}, check=False
    )
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """Run the form named on the command line, and return the exit code."""
    forms: dict[str, Callable[[int], bool]] = {
        "tests": run_tests,
        "kills": kill,
        "writers": run_together,
        "sequences": run_sequences,
    }
    if not arguments or arguments[0] not in forms:
        print(__doc__, file=sys.stderr)
        return 2
    began = time.monotonic()
    has_passed = forms[arguments[0]](int(arguments[1]) if len(arguments) > 1 else 0)
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if has_passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
