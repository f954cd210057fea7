"""Six reports of a morning, in questions on a terminal, one form, or flags in a pipe: all record the same."""

import json
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from dialogue import Dialogue
from forking import find_launcher
from program import make_environment, run, run_json

MOST_KEYS = 600
"""So many keys may the session on a terminal take."""

QUESTIONS = {
    "when": "When did it happen",
    "said": "When was it said",
    "how": "How is it known",
    "against": "Record what contradicts the opening of kusong-hospital? [Y/n]",
}

SESSION: list[tuple[str, list[tuple[str, str]]]] = [
    # A new site at its groundbreaking. KCNA's class is known.
    ("nkplan add 'Anju hospital' --kind hospital --place Anju --status groundbroken --source kcna.kp/1",
     [("when", "2026-11-23")]),
    # A status that changes, by a website that is new.
    ("nkplan update songchon idle https://a.example/2", [("when", "2026-11-20"), ("how", "on")]),
    # A claim that contradicts an opening.
    ("nkplan update kusong-h building 2026-11 https://b.example/3", [("how", "im"), ("against", "")]),
    # A correction: the day was another.
    ("nkplan edit last event_date=2026-10", []),
    # A promised date that is moved.
    ("nkplan update grand-canal --promised 2030 https://kcna.kp/4", [("said", "2026-11-22")]),
    # A new source for an old claim.
    ("nkplan update musan-h groundbroken 2026-02-06 https://c.example/5", [("how", "pre")]),
]  # fmt: skip
"""What is typed at the prompt of the shell, and the answers to what is asked."""

FORM = """\
name: Anju hospital
kind: hospital
place: Anju
status: groundbroken
on: 2026-11-23
source: https://kcna.kp/1

project: songchon
status: idle
on: 2026-11-20
source: https://a.example/2
evidence: on-site

project: kusong-h
status: building
on: 2026-10
source: https://b.example/3
evidence: imagery

project: grand-canal
promised: 2030
on: 2026-11-22
source: https://kcna.kp/4

project: musan-h
status: groundbroken
on: 2026-02-06
source: https://c.example/5
evidence: press
"""

FLAGS = [
    ("add", "Anju hospital", "--kind", "hospital", "--place", "Anju", "--status", "groundbroken",
     "--on", "2026-11-23", "--source", "https://kcna.kp/1"),
    ("update", "songchon", "idle", "--on", "2026-11-20", "--source", "https://a.example/2",
     "--evidence", "on-site"),
    ("update", "kusong-h", "building", "--on", "2026-11", "--source", "https://b.example/3",
     "--evidence", "imagery"),
    ("edit", "last", "event_date=2026-10"),
    ("update", "grand-canal", "--promised", "2030", "--on", "2026-11-22", "--source", "https://kcna.kp/4"),
    ("update", "musan-h", "groundbroken", "--on", "2026-02-06", "--source", "https://c.example/5",
     "--evidence", "press"),
]  # fmt: skip


def list_claims(db: Path) -> dict[str, Any]:
    """Return what the morning recorded: the site, the sources, and the claims without their ids."""
    content = json.loads(run(db, "export", "-f", "json").out)
    sources = [one for one in content["sources"] if one.get("url", "").partition("://")[2][:7] in {
        "kcna.kp", "a.examp", "b.examp", "c.examp"} and len(one["url"]) < 24]  # fmt: skip
    cited = {one["id"] for one in sources}
    claims = [one | {"id": ""} for one in content["updates"] if one.get("source") in cited]
    return {
        "site": [one for one in content["projects"] if one["id"] == "anju-hospital"],
        "sources": sorted(sources, key=str),
        "claims": sorted(claims, key=lambda one: one["project"]),
    }


@pytest.fixture
def by_flags(record: Path) -> dict[str, Any]:
    """Return what the flags record in a copy."""
    copy = record.with_name("flags.db")
    copy.write_bytes(record.read_bytes())
    for words in FLAGS:
        done = run(copy, *words)
        assert done.code == 0, done.err
    claims = list_claims(copy)
    assert (len(claims["site"]), len(claims["sources"]), len(claims["claims"])) == (1, 5, 5)
    return claims


def test_a_session_on_a_terminal_takes_few_keys(record: Path, by_flags: dict[str, Any]) -> None:
    folder = record.with_name("bin")
    folder.mkdir()
    script = folder / "nkplan"
    script.write_text(f'#!/bin/sh\nexec {find_launcher()} "$@"\n')
    script.chmod(0o755)
    environment = make_environment(record, PS1="$ ")
    shell = Dialogue(
        record,
        command=("bash", "--norc", "--noprofile"),
        PS1="$ ",
        PATH=f"{folder}:{environment['PATH']}",
    )
    for line, answers in SESSION:
        shell.expect("$ ")
        shell.type(line.replace("--source kcna.kp/1", "--source https://kcna.kp/1"))
        for question, answer in answers:
            shell.expect(QUESTIONS[question])
            shell.type(answer)
    shell.expect("$ ")
    keys = shell.typed
    shell.press("\x04")
    shell.end()
    assert list_claims(record) == by_flags
    assert keys <= MOST_KEYS, keys
    print(f"{keys} keys")


def test_one_form_records_the_same(record: Path, tmp_path: Path, by_flags: dict[str, Any]) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(f"import pathlib, sys\npathlib.Path(sys.argv[1]).write_text({FORM!r})\n")
    with patch("tempfile.tempdir", str(tmp_path)):
        done = run(record, "update", "--edit", VISUAL=f"{sys.executable} -IS {editor}")
    assert done.code == 0, done.err
    assert list_claims(record) == by_flags
    # It is one change.
    assert run(record, "undo").code == 0
    assert list_claims(record) == {"site": [], "sources": [], "claims": []}


def test_what_was_recorded_is_judged(record: Path) -> None:
    for words in FLAGS:
        assert run(record, *words).code == 0
    assert run_json(record, "show", "anju-hospital")["claimed"] == "groundbroken"
    assert run_json(record, "show", "songchon")["verified"] == "idle"
    assert run_json(record, "show", "grand-canal")["promised"] == "2030"
    assert "kusong-hospital" in run(record, "report", "conflicts").out
