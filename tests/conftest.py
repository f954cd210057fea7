"""What many tests start from: a day, a recorder, and the shipped record in a file of the test's own."""

import gc
import lzma
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from examples import some
from hypothesis import settings

from nkplan.formats.json import read_file
from nkplan.model.batch import Batch
from nkplan.store.create import create_database
from nkplan.store.transaction import Recorder

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 24)
SHIPPED = (ROOT / "nkplan" / "data" / "gazetteer.json", ROOT / "seed.json")


def pytest_collection_finish() -> None:
    """Leave out of every search for garbage what has been loaded, which is there to the end."""
    gc.collect()
    gc.freeze()


# How long an example takes says nothing here: these machines are noisy.
settings.register_profile("untimed", deadline=None, max_examples=some(40))
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shipped() -> tuple[Batch, ...]:
    """Give the gazetteer and the seed, as read."""
    return tuple(read_file(path.read_bytes(), TODAY) for path in SHIPPED)


@pytest.fixture(scope="session")
def seeded(shipped: tuple[Batch, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database with the shipped record, not to be written to."""
    path = tmp_path_factory.mktemp("seeded") / "nkplan.db"
    recorder = Recorder("first", datetime(2026, 11, 1, tzinfo=UTC))
    assert create_database(path, shipped, recorder) is not None
    return path


@pytest.fixture
def record(seeded: Path, tmp_path: Path) -> Path:
    """Give a database with the shipped record for one test alone."""
    return Path(shutil.copy(seeded, tmp_path / "nkplan.db"))


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Give what nkplan 0.1 made of its record, and of updates, undos and retractions after that."""
    path = tmp_path / "nkplan.db"
    path.write_bytes(lzma.decompress((ROOT / "tests" / "schemas" / "v1.db.xz").read_bytes()))
    return path


@pytest.fixture
def recorder() -> Recorder:
    """Give somebody who writes at a known instant."""
    return Recorder("kim", datetime(2026, 11, 24, 10, 0, 0, tzinfo=UTC))
