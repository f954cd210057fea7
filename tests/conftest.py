"""Fixtures that many tests use: a day, a recorder, and the shipped record in a database."""

import gc
import lzma
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlite_memory  # noqa: F401  # Before sqlite3.
from each import sample_items
from examples import example_count
from hypothesis import settings

from nkplan.formats.json import read_file
from nkplan.model.batch import Batch
from nkplan.store.create import create_database
from nkplan.store.transaction import Recorder

if TYPE_CHECKING:
    from browser import Browser, Chromium

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests"
TODAY = date(2026, 11, 24)
SHIPPED = (ROOT / "nkplan" / "data" / "gazetteer.json", ROOT / "seed.json")
GHANA = TESTS / "data" / "ghana.json"


IN_MEMORY = Path("/dev/shm")  # noqa: S108
ENOUGH = 1 << 30
"""More bytes than the tests use at once, even if some fail and keep their files."""
LONGEST = ("test_architecture.py", "test_compare.py", "test_row_filters.py")


def pytest_configure() -> None:
    """Prepare what every test needs, before the workers of pytest-xdist start and inherit it."""
    _use_memory()
    # Tests may be started from any shell; what they use beside the program, such as `cat`, is the system's.
    # None reads the config file of whoever runs the tests.
    os.environ["NKPLAN_CONFIG"] = ""
    os.environ["PATH"] = os.pathsep.join(filter(None, (os.environ.get("PATH"), os.defpath)))


def pytest_xdist_auto_num_workers() -> int:
    """Run one worker more than there are cores: some tests wait for a terminal, a lock or a process."""
    return (os.cpu_count() or 1) + 1


PROGRAMS = {"zsh": "completion", "fish": "completion", "mandoc": "the man page", "chromium": "a page"}
"""The programs that tests use where they are, each with what it tests."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud what was not tested because a program is missing."""
    for name, tested in PROGRAMS.items():
        if shutil.which(name) is None:
            terminalreporter.write_line(f"There is no {name} here: {tested} was not tested with it.")


def pytest_collection(session: pytest.Session) -> None:
    """Let each worker of pytest-xdist begin with other modules: only the first to import one compiles it."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None or {ROOT, TESTS}.isdisjoint(Path(one).resolve() for one in session.config.args):
        return
    paths = sorted(TESTS.rglob("test_*.py"))
    begin = len(paths) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for path in paths[begin:] + paths[:begin]:
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        # What is wrong with a module is said when its tests are collected.
        with suppress(Exception, pytest.skip.Exception):
            import_module(path.stem)


def _use_memory() -> None:
    """Keep the tests' files in memory if there is a folder for that: every commit would wait for the disk.

    No test cuts the power, so none can tell the difference. Set TMPDIR to use another folder.
    """
    if "TMPDIR" not in os.environ and IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK):
        room = os.statvfs(IN_MEMORY)
        if room.f_bavail * room.f_frsize > ENOUGH and not room.f_flag & os.ST_NOEXEC:
            os.environ["TMPDIR"] = str(IN_MEMORY)  # The workers of pytest-xdist inherit it.
            tempfile.tempdir = None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose some cases of the tests that are `sampled`, and begin with the longest tests.

    So no worker is left with one of those at the end.
    """
    chosen = sample_items(items)
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = sorted(chosen, key=lambda item: item.path.name not in LONGEST)


def pytest_collection_finish() -> None:
    """Collect garbage as rarely as the program does; the loaded modules, which stay to the end, never."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000)


# The time of an example means nothing on a noisy machine. The short form draws the same examples in each run,
# the long form draws new ones.
settings.register_profile(
    "untimed",
    deadline=None,
    max_examples=example_count(12, 20),
    derandomize="NKPLAN_EXAMPLES" not in os.environ,
)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shipped() -> tuple[Batch, ...]:
    """Return the gazetteer and the seed, as read."""
    return tuple(read_file(path.read_bytes(), TODAY) for path in SHIPPED)


@pytest.fixture(scope="session")
def seeded(shipped: tuple[Batch, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with the shipped record; tests must not write to it."""
    path = tmp_path_factory.mktemp("seeded") / "nkplan.db"
    recorder = Recorder("first", datetime(2026, 11, 1, tzinfo=UTC))
    assert create_database(path, shipped, recorder) is not None
    return path


@pytest.fixture
def record(seeded: Path, tmp_path: Path) -> Path:
    """Return a database with the shipped record, for one test only."""
    return Path(shutil.copy(seeded, tmp_path / "nkplan.db"))


@pytest.fixture(scope="session")
def ghana(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with Ghana's record and nothing else; tests must not write to it."""
    path = tmp_path_factory.mktemp("ghana") / "ghana.db"
    recorder = Recorder("first", datetime(2026, 11, 1, tzinfo=UTC))
    assert create_database(path, (read_file(GHANA.read_bytes(), TODAY),), recorder) is not None
    return path


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Return a database that nkplan 0.1 created and wrote updates, undos and retractions to."""
    path = tmp_path / "nkplan.db"
    path.write_bytes(lzma.decompress((ROOT / "tests" / "schemas" / "v1.db.xz").read_bytes()))
    return path


@pytest.fixture
def recorder() -> Recorder:
    """Return a user who writes at a known instant."""
    return Recorder("kim", datetime(2026, 11, 24, 10, 0, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def chromium() -> Iterator["Chromium"]:
    """Return Chromium, started; one for each process that runs tests which need it."""
    if shutil.which("chromium") is None:
        pytest.skip("there is no chromium here")
    # Loading it takes a quarter of a second, of which most processes have no use.
    from browser import start_chromium  # noqa: PLC0415

    with start_chromium() as chromium:
        yield chromium


@pytest.fixture
def browser(chromium: "Chromium") -> Iterator["Browser"]:
    """Return what opens pages in Chromium, and close them at the end of the test."""
    from browser import Browser  # noqa: PLC0415

    browser = Browser(chromium)
    yield browser
    browser.close()
