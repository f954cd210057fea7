"""What a file may set, and what is said of what it may not."""

import json
from pathlib import Path

import pytest
from program import run


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"labels": {"region": "x" * 41}}, "labels: region: it has 41 characters; write at most 40"),
        ({"labels": {"region": "x" * 4000}}, "labels: region: it has 4000 characters; write at most 40"),
        ({"labels": {"region": ""}}, "labels: region: it is empty"),
        ({"labels": {"completed": "done"}}, "there is no field 'completed'"),
        ({"silent_months": 0}, "silent_months: 0 is out of range; write a whole number from 1"),
        ({"region_level": 0}, "region_level: 0 is out of range; write a whole number from 1"),
    ],
    ids=("41", "4000", "empty", "no-word", "no-month", "no-level"),
)
def test_a_setting_that_cannot_be_is_refused(tmp_path: Path, settings: object, said: str) -> None:
    file = json.dumps({"format": "nkplan/2", "settings": settings}).encode()
    done = run(tmp_path / "new.db", "load", "--bare", "-", stdin=file)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_label_of_forty_characters_is_recorded(tmp_path: Path) -> None:
    file = json.dumps({"format": "nkplan/2", "settings": {"labels": {"region": "x" * 40}}}).encode()
    db = tmp_path / "new.db"
    done = run(db, "load", "--bare", "-", stdin=file)
    assert (done.code, done.out) == (0, "standard input: recorded: 1 setting\n")
    assert json.loads(run(db, "export").out)["settings"]["labels"]["region"] == "x" * 40
