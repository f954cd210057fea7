"""The long forms of what the tests prove in short: `python tests/long.py kills 2000`, and so on.

    kills N       N commands killed at random instants, each looked after (a third of a second each)
    writers       16 writers and 8 readers at one database, 100 commands each; 8 first runs at once
    sequences N   N random sequences of writes, each taken back by as many undos

Each prints figures, and exits with 1 where something is not as it is to be.
"""

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from durability import Figures, crowd, kill_many, run_first
from program import run
from test_undo import answer, make_batch

from nkplan.model.vocabulary import Status
from nkplan.store import record, undo
from nkplan.store.transaction import Recorder

WORKERS = 3
_PART = 50


@contextmanager
def making_room() -> Iterator[tuple[Path, Path]]:
    """Give a folder for a worker, and a database with the shipped record."""
    with tempfile.TemporaryDirectory(prefix="nkplan-long-") as name:
        seeded = Path(name) / "seeded.db"
        assert run(seeded, "list").code == 0
        folder = Path(name) / "work"
        folder.mkdir()
        yield folder, seeded


def _kill_part(count: int, seed: int) -> Figures:
    with making_room() as (folder, seeded):
        return kill_many(folder, seeded, count, seed)


def kill(count: int) -> bool:
    """Kill a number of commands."""
    parts = [min(_PART, count - start) for start in range(0, count, _PART)]
    figures = Figures()
    with ProcessPoolExecutor(WORKERS) as pool:
        for part in pool.map(_kill_part, parts, range(len(parts))):
            figures.add(part)
            print(f"{figures.kills.total()} of {count}, {len(figures.faults)} faults", flush=True)
    print("\n".join(figures.tell()))
    return not figures.faults


def gather(_: int) -> bool:
    """Let 16 writers and 8 readers at one database, and 8 first runs at another."""
    with making_room() as (folder, seeded):
        seconds, faults = crowd(seeded, 16, 8, 100)
        print(f"16 writers and 8 readers, 100 commands each: {seconds:.0f} s, {len(faults)} faults")
        first = run_first(folder, 8)
        print(f"8 first runs at once: {len(first)} faults")
        for fault in (*faults, *first):
            print(f"  {fault}")
        return not faults and not first


def take_back(count: int) -> bool:
    """Write at random and take all of it back as often, and compare every answer with that of before."""
    faults = 0
    with making_room() as (folder, seeded):
        recorder = Recorder("long", datetime(2026, 11, 24, tzinfo=UTC))
        path = folder / "nkplan.db"
        for seed in range(count):
            chance = random.Random(seed)  # noqa: S311
            shutil.copy(seeded, path)
            answers = [answer(path)]
            for number in range(1, chance.randint(2, 9)):
                batch = make_batch(number, chance.choice(list(Status)))
                record(path, batch, "load", recorder, summary=str(number))
                answers.append(answer(path))
                if chance.random() < 0.3:
                    undo(path, [], recorder)
                    answers.pop()
                    faults += answer(path) != answers[-1]
            while len(answers) > 1:
                undo(path, [], recorder)
                answers.pop()
                faults += answer(path) != answers[-1]
    print(f"{count} sequences, {faults} answers that differ from those of before")
    return faults == 0


def main(arguments: Sequence[str]) -> int:
    """Run what is named, and give the exit code."""
    forms: dict[str, Callable[[int], bool]] = {"kills": kill, "writers": gather, "sequences": take_back}
    if not arguments or arguments[0] not in forms:
        print(__doc__, file=sys.stderr)
        return 2
    began = time.monotonic()
    is_well = forms[arguments[0]](int(arguments[1]) if len(arguments) > 1 else 0)
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
