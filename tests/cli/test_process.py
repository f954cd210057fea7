"""A run in the test's own process behaves as a separate process does, which most tests rely on."""

import re
import shutil
from pathlib import Path

import pytest
from durability import dump
from each import sample, spread
from program import run, run_process, show, show_process

from nkplan.cli.app import COMMANDS

UPDATE = '{"list": "updates", "project": "grand-canal", "event_date": "2026", "note": "성천"}'
LINES = f'{{"format": "nkplan/2"}}\n{UPDATE}\n'.encode()
KINDS = b'{"format": "nkplan/2"}\n{"list": "kinds", "id": "dam"}\n'
CASES: list[tuple[tuple[str, ...], bytes, dict[str, str]]] = [
    ((), b"", {}),
    (("--help",), b"", {"COLUMNS": "60"}),
    (("list", "--unverified"), b"", {}),
    (("list", "-f", "table"), b"", {"COLUMNS": "90", "NO_COLOR": "1", "TERM": "dumb"}),
    (("list", "--limit", "2", "-o", "list.csv"), b"", {}),
    (("show", "kp-02-songchon"), b"", {}),
    (("report", "--by", "region", "-f", "md"), b"", {}),
    (("chart", "sites", "--programme", "20x10", "-f", "table"), b"", {"COLUMNS": "90"}),
    (("map", "-f", "table"), b"", {"COLUMNS": "90"}),
    (("publish", "grand-canal", "-o", "page.html"), b"", {}),
    (("search", "성천"), b"", {}),
    (("check",), b"", {}),
    (("add", "Dam", "--kind", "canal", "--on", "2026", "--evidence", "expert"), b"", {"USER": "kim"}),
    (("update", "grand-canal", "idle", "--on", "2026-10"), b"", {"LOGNAME": "kim"}),
    (("undo",), b"", {}),
    (("redo",), b"", {}),
    (("log", "-f", "tsv"), b"", {}),
    (("edit", "grand-canal", "note=Dug."), b"", {"USER": "kim"}),
    (("tag", "grand-canal", "followed"), b"", {}),
    (("init",), b"", {}),
    (("init",), b"", {"NKPLAN_DB": "new.db"}),
    (("init", "--empty", "--db", "new.db"), b"", {}),
    (("init", "--from", "-", "--db", "new.db"), KINDS, {}),
    (("load", "-"), LINES, {}),
    (("load", "-", "--db", "new.db"), KINDS, {}),
    (("load", "-", "--dry-run"), LINES.replace(b"\n", b"\r\n"), {}),
    (("load", "-"), LINES + b"\xff\n", {}),
    (("load", "-", "--amend", "--gone", "--yes"), KINDS.replace(b'2"}', b'2", "data_set": "dams"}', 1), {}),
    (("load", "-"), b"", {}),
    (("export", "-f", "jsonl"), b"", {}),
    (("backup", "copy.db"), b"", {}),
    (("restore", "nowhere.db"), b"", {}),
    (("help", "words"), b"", {}),
    (("list", "--db", "new.db"), b"", {}),
    (("list", "--db", "nowhere/new.db"), b"", {}),
    (("list",), b"", {"NKPLAN_TODAY": "soon"}),
    (("list",), b"", {"NKPLAN_DB": "/dev/full"}),
    (("lst", "a\x1bb\udcff"), b"", {}),
    ((), b"", {"_NKPLAN_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "nkplan show song"}),
]
"""Arguments, standard input and environment: each command, each exit code, and bytes that are not text."""


def list_kinds(case: tuple[tuple[str, ...], bytes, dict[str, str]]) -> tuple[object, ...]:
    """Return what a case is of: its command, and the variables of its environment."""
    arguments, _, environment = case
    return (arguments[0] if arguments else "", tuple(environment))


VARYING = re.compile(
    r"\b[0-9a-f]{12}\b|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?Z?|\b\d{8}T\d{6}Z|(?<=\x1b\]8;)id=[0-9-]+"
)
"""What differs from run to run: random ids, instants, and the numbers that Rich gives to links."""


# Of the commands the short form has one in two: each shows what all of them rely on.
@pytest.mark.parametrize(
    ("arguments", "stdin", "environment"),
    spread(sample(CASES, list_kinds), 12),
    ids=lambda case: ascii(case)[:60],
)
def test_a_process_and_a_run_in_this_process_have_the_same_result(
    record: Path, arguments: tuple[str, ...], stdin: bytes, environment: dict[str, str]
) -> None:
    start = record.read_bytes()
    done, files, rows = [], [], []
    for run_it in (run, run_process):
        folder = record.parent / "folder"
        folder.mkdir()
        db = folder / record.name
        db.write_bytes(start)
        if arguments == ("undo",):
            assert run(db, "update", "grand-canal", "building", "--on", "2026-03").code == 0
        done.append(run_it(db, *arguments, stdin=stdin, **environment))
        files.append({path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".csv"})
        written = [path for path in folder.glob("*.db") if path.read_bytes() != start]
        rows.append({path.name: dump(path) for path in written})
        shutil.rmtree(folder)
    one, other = (VARYING.sub("", repr(each)) for each in done)
    assert one == other
    assert files[0] == files[1]
    assert rows[0] == rows[1]


def test_every_command_is_compared() -> None:
    assert {arguments[0] for arguments, _, _ in CASES if arguments} >= set(COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    spread(
        [
            ("list",), ("report",), ("show", "20x10-2024"), ("search", "canal"), ("check",), ("chart",),
            ("--help",), ("export", "--no-pager"), ("lst",), ("undo", "--dry-run"),
            ("update", "grand-canal", "idle", "2026-10", "--evidence", "press"),
            ("add", "Dam", "--kind", "canal", "--on", "2026", "--evidence", "press"),
            ("load", "more.jsonl"), ("backup", "copy.db"),
            ("restore", "there.db"), ("init", "--empty", "--db", "new.db"),
        ],
        8,
    ),
    ids=" ".join,
)  # fmt: skip
def test_a_started_and_a_forked_program_show_the_same_on_a_terminal(
    record: Path, arguments: tuple[str, ...]
) -> None:
    shown = []
    for show_it in (show_process, show):
        folder = record.parent / "folder"
        folder.mkdir()
        db = Path(shutil.copy(record, folder))
        shutil.copy(record, folder / "there.db")
        (folder / "more.jsonl").write_bytes(LINES)
        shown.append(show_it(db, 80, *arguments))
        shutil.rmtree(folder)
    one, other = (VARYING.sub("", each.raw.decode()) for each in shown)
    assert one == other
    assert shown[0].code == shown[1].code
