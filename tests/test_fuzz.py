"""Short forms of `python tests/fuzz.py 100000`: a shorter one, and that of the long form of the tests."""

from pathlib import Path

import pytest
from each import is_long
from fuzz import fuzz, make_readers

NUMBERS = {
    "loader": (30, 150),
    "line loader": (30, 150),
    "map loader": (60, 300),
    "date parser": (60, 300),
    "typed dates": (60, 300),
    "id matcher": (12, 60),
    "search query": (20, 100),
    "argument line": (20, 60),
}
"""How many inputs each reader gets in the short and in the long form."""


@pytest.mark.parametrize("name", NUMBERS)
def test_a_reader_fails_only_in_documented_ways(
    seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for variable in ("NKPLAN_DB", "NKPLAN_TODAY", "HOME"):
        monkeypatch.setenv(variable, "")  # monkeypatch restores them at the end.
    monkeypatch.chdir(tmp_path)
    fuzz(make_readers(tmp_path, seeded), name, NUMBERS[name][is_long()])
