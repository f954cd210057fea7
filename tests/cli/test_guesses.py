"""What people type first: each gives the answer, or a refusal with the command that gives it.

tests/first_guesses.tsv has one a line, most of them written down before anything was built: what is typed,
the exit code, and a text that the answer or the refusal has.
"""

import re
import shlex
from pathlib import Path

import pytest
from program import ROOT, run

GUESSES = [
    line.split("\t") for line in (ROOT / "tests" / "first_guesses.tsv").read_text("utf-8").splitlines()[1:]
]


@pytest.mark.parametrize(
    ("typed", "code", "answer"), GUESSES, ids=[typed or "nothing" for typed, *_ in GUESSES]
)
def test_the_first_guess_is_answered_or_refused_with_what_would_work(
    record: Path, typed: str, code: str, answer: str
) -> None:
    done = run(record, *shlex.split(typed))
    assert done.code == int(code), done
    assert answer in done.out + done.err
    if code == "0":
        assert done.out or "nkplan " in done.err
        return
    assert done.out == ""
    # Each command that a refusal names works.
    for command in re.findall(r"nkplan (?:[a-z]+(?: [^\s`;,]+)*)", done.err.removeprefix("nkplan: ")):
        words = shlex.split(command)[1:]
        if words[0] not in {"update", "add", "undo", "init"}:
            assert run(record, *words).code == 0, command
