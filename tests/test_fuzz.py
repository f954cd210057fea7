"""The short form of `python tests/fuzz.py 100000`."""

from pathlib import Path

import pytest
from fuzz import fuzz, make_readers

NUMBERS = {
    "loader": 150,
    "line loader": 150,
    "date parser": 300,
    "typed dates": 300,
    "id matcher": 60,
    "search query": 100,
    "argument line": 60,
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_reader_fails_only_in_documented_ways(
    seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for variable in ("NKPLAN_DB", "NKPLAN_TODAY", "HOME"):
        monkeypatch.setenv(variable, "")  # monkeypatch restores them at the end.
    monkeypatch.chdir(tmp_path)
    fuzz(make_readers(tmp_path, seeded), name, NUMBERS[name])
