"""Whichever system call fails, the exit code and what is said agree with what is in the files.

These are a few of them; `python tests/faults.py` fails each call of each command.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from durability import dump
from faults import (
    CASES,
    DB,
    TEMPORARY,
    Case,
    Folder,
    Injection,
    Outcome,
    check,
    explain_unavailable,
    judge,
    list_injections,
    look,
)
from program import Done


class Chosen(NamedTuple):
    """An injection at the last of the calls on something, and how the command has to end."""

    call: str
    what: str
    event: str
    code: int
    words: str = ""


CHOSEN: dict[str, Sequence[Chosen]] = {
    "update": (
        Chosen("pread64", f"<{DB}>", "EIO", 4, "could not be read"),
        Chosen("unlink", f"{DB}-journal", "EACCES", 4, "cannot be read or written"),
        Chosen("fcntl", "l_type=F_RDLCK", "EIO", 4, "do not repeat"),
    ),
    "load": (Chosen("close", "updates.json", "EIO", 0),),
    "backup": (
        Chosen("mkdir", ".part", "INT", 130),
        Chosen("link", "copy.db", "INT", 130),
        Chosen("rmdir", ".part", "INT", 4, "do not repeat"),
    ),
    "restore": (
        Chosen("rename", DB, "EIO", 4, "cannot be written"),
        Chosen("fsync", "<.>", "EIO", 4, "do not repeat"),
    ),
    "export over a file": (
        Chosen("rename", "out.json", "EACCES", 4, "cannot write to"),
        Chosen("rename", "out.json", "KILL", -9),
    ),
    "upgrade": (Chosen("link", "before-upgrade", "EIO", 4, "cannot be"),),
}


@pytest.mark.parametrize("case", [case for case in CASES if case.name in CHOSEN], ids=lambda case: case.name)
def test_where_a_call_fails_what_is_said_is_what_is_there(case: Case) -> None:
    if why := explain_unavailable():
        pytest.skip(f"cannot fail system calls: {why}")
    wanted = CHOSEN[case.name]

    def choose(every: list[Injection]) -> list[Injection]:
        return [
            [one for one in every if (one.call, one.event) == (call, event) and what in one.what][-1]
            for call, what, event, *_ in wanted
        ]

    outcomes, faults = check(case, choose)
    assert [str(fault) for fault in faults] == []
    for outcome, chosen in zip(outcomes, wanted, strict=True):
        assert outcome.done.code == chosen.code, str(outcome)
        assert chosen.words in outcome.done.err


ALL: dict[str, object] = {DB: "new"}
OLD: dict[str, object] = {DB: "old"}
PART: dict[str, object] = {DB: "neither"}


@pytest.mark.parametrize(
    ("event", "done", "content", "kinds"),
    [
        ("EIO", Done(0, "recorded", ""), ALL, []),
        ("EIO", Done(0, "", ""), ALL, ["exit code 0, and another answer"]),
        ("EIO", Done(0, "recorded", ""), OLD, ["exit code 0, and not done"]),
        ("EIO", Done(4, "", "it cannot be read"), OLD, []),
        ("EIO", Done(4, "", "it cannot be read"), ALL, ["done, and not said"]),
        ("EIO", Done(4, "", "it cannot be read"), PART, ["failed, and something is left or changed"]),
        ("EIO", Done(4, "", "it was recorded, but ...; do not repeat it"), ALL, []),
        ("EIO", Done(4, "", "it was recorded, but ..."), ALL, ["done, and not told not to repeat it"]),
        ("ENOSPC+", Done(4, "recorded", ""), ALL, []),
        ("EIO", Done(4, "", "do not repeat it"), OLD, ["said to be done, and not done"]),
        ("EIO", Done(4, "", "it is damaged"), OLD, ["wrong reason"]),
        ("EIO", Done(4, "", ""), OLD, ["silence"]),
        ("EIO", Done(3, "", "no project matches"), OLD, ["exit code"]),
        ("EIO", Done(1, "", "Traceback"), OLD, ["traceback"]),
        ("EAGAIN", Done(4, "", "it is in use"), OLD, []),
        ("INT", Done(130, "", ""), OLD, []),
        ("INT", Done(130, "", ""), ALL, ["done, and not said"]),
        ("KILL", Done(-9, "", ""), ALL, []),
        ("KILL", Done(-9, "", ""), OLD | {"nkplan-before-restore-TIME.db": "old"}, []),
        ("KILL", Done(-9, "", ""), PART, ["half done"]),
    ],
)
def test_the_judge_finds_what_is_said_and_not_so(
    event: str, done: Done, content: dict[str, object], kinds: list[str]
) -> None:
    case = CASES[0]
    outcome = Outcome(
        case,
        Injection("write", 1, event),
        done,
        Folder(content, [], []),
        Folder(OLD, [], []),
        Done(0, "recorded", ""),
        Folder(ALL, [], []),
        Folder(OLD, [], []),
    )
    assert [fault.kind for fault in judge(outcome)] == kinds


def test_only_calls_on_the_files_and_the_output_are_failed(tmp_path: Path) -> None:
    calls = [
        'openat(AT_FDCWD</>, "/etc/passwd", O_RDONLY) = 3</etc/passwd>',
        f'openat(AT_FDCWD</>, "{tmp_path}/{DB}", O_RDONLY) = 3<{tmp_path}/{DB}>',
        "--- SIGCHLD {si_signo=SIGCHLD} ---",
        'write(1<pipe:[7]>, ""..., 3) = 3',
    ]
    assert {(one.call, one.occurrence) for one in list_injections(calls, tmp_path)} == {
        ("openat", 2),
        ("write", 1),
    }


def test_what_is_half_made_and_what_is_damaged_is_seen(tmp_path: Path) -> None:
    (tmp_path / TEMPORARY).mkdir()
    (tmp_path / ".out.csv.part").mkdir()
    CASES[0].prepare(tmp_path)
    found = look(tmp_path)
    assert (found.damage, found.hidden) == ([], [".out.csv.part"])
    assert found.content == {DB: dump(tmp_path / DB)}
    with closing(sqlite3.connect(tmp_path / DB)) as connection, connection:
        connection.execute("UPDATE states SET progress = 7 WHERE project = 'grand-canal'")
    assert look(tmp_path).damage == [f"{DB}: states are not what the updates give"]
