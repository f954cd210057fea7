"""Loading JSON Lines: everything works as it does in JSON, and memory does not grow with the file."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from conftest import SHIPPED, TODAY
from long_files import HEAD, SITE, UPDATE, feed, make_many
from program import make_environment, run, show
from tables import list_columns, query

from nkplan.errors import BadInput
from nkplan.formats import jsonl
from nkplan.formats.json import read_file
from nkplan.model.batch import Update
from nkplan.store.record import record as record_batch
from nkplan.store.schema import create_schema
from nkplan.store.transaction import Recorder, writing


def write(path: Path, *rows: Any, head: Any = HEAD) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in (head, *rows)), "utf-8")
    return path


def dump(db: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row that a file can add or that is derived from one, without when it was recorded."""
    tables = (
        "settings", "kinds", "publishers", "places", "place_names", "sources", "announcements",
        "announcement_details", "announcement_figures", "projects", "tags", "identifiers", "organisations",
        "quotas", "updates", "update_figures", "dates", "states", "texts",
    )  # fmt: skip
    found = {}
    for name in tables:
        columns = set(list_columns(db, name).split(", ")) - {"change_id", "number"}
        chosen = ", ".join(f'"{column}"' for column in sorted(columns))
        found[name] = sorted(query(db, f"SELECT {chosen} FROM {name}"), key=repr)
    return found


def list_rows(path: Path) -> Iterator[Any]:
    """Yield the rows of a JSON file as lines, the last list first."""
    for name, rows in reversed(list(json.loads(path.read_text("utf-8")).items())):
        if name == "settings":
            yield {"list": name, **rows}
        elif isinstance(rows, list):
            yield from ({"list": name, **(row if isinstance(row, dict) else {"id": row})} for row in rows)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Make a database of empty tables."""
    path = tmp_path / "bare.db"
    with writing(path, create=True) as connection:
        create_schema(connection)
    return path


def test_the_shipped_record_loads_the_same_as_json_lines_in_reverse_order(
    bare: Path, seeded: Path, tmp_path: Path
) -> None:
    rows = [row for path in reversed(SHIPPED) for row in list_rows(path)]
    done = run(bare, "load", str(write(tmp_path / "all.jsonl", *rows)))
    assert (done.code, done.err) == (0, "")
    assert dump(bare) == dump(seeded)
    assert query(bare, "PRAGMA foreign_key_check") == []
    assert query(bare, "SELECT command, summary FROM changes") == [
        ("load", f"{tmp_path / 'all.jsonl'}: by lines")
    ]


def test_loading_lines_that_are_already_recorded_changes_nothing(record: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "seed.jsonl", *list_rows(SHIPPED[1]))
    before = record.read_bytes()
    done = run(record, "load", str(file))
    assert (done.code, done.err) == (0, "")
    assert "nothing new; already recorded: " in done.out
    assert record.read_bytes() == before


def test_standard_input_is_read_as_json_lines_if_its_first_line_is_a_whole_object(
    record: Path, tmp_path: Path
) -> None:
    file = write(tmp_path / "some.jsonl", UPDATE, SITE)
    done = run(record, "load", "-", stdin=file.read_bytes())
    assert done.out.splitlines() == [
        "standard input: recorded: 1 project and 1 update",
        "new-site  New",
        "  status        none -> building",
        "  last evidence none -> 2025-01",
    ]


def test_a_dry_run_of_json_lines_reports_the_same_and_writes_nothing(record: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "some.jsonl", UPDATE, SITE)
    before = record.read_bytes()
    done = run(record, "load", str(file), "--dry-run")
    assert done.out.startswith(f"{file}: would be recorded: 1 project and 1 update\nnew-site  New\n")
    assert record.read_bytes() == before


def test_every_fault_is_reported_with_its_line_and_nothing_is_written(record: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "faulty.jsonl",
        UPDATE,  # Its site is further below.
        {**UPDATE, "status": "done"},
        {"project": "new-site", "event_date": "2025"},
        {"list": "updats", "project": "new-site"},
        SITE,
        {**SITE, "id": "faulty-site", "year": 20},
        {**UPDATE, "project": "faulty-site"},
        {**UPDATE, "project": "nowhere"},
        {**UPDATE, "note": "Another note of the same claim."},
        {"list": "updates", "project": "new-site", "event_date": "2025"},
        [1],
        {"list": "kinds", "id": "a b"},
        {**UPDATE, "event_date": "2027"},
        head={"format": "nkplan/3", "abut": "x"},
    )
    with file.open("ab") as out:
        out.write(b'{"list": "updates", "project": \n{"list": "updates", "note": "\xff"}\n\n')
        out.write(json.dumps({**UPDATE, "source": "no-source"}).encode())
    before = record.read_bytes()
    done = run(record, "load", str(file))
    assert done.code == 2
    told = [line.strip() for line in done.err.splitlines()]
    assert told[0] == f"nkplan: {file}: 15 faults, so nothing was written"
    for line, start in zip(
        told[1:],
        [
            "line 1: format: this program reads nkplan/2 and nkplan/1, not 'nkplan/3'",
            "line 1: there is no field 'abut'; did you mean about?",
            "updates, line 3: status: there is no status 'done'",
            "line 4: list is missing; write it as the first field",
            "line 5: there is no list 'updats'; did you mean updates?",
            "projects, line 7: year: 20 is not a year",
            "updates, line 9: project: there is no project nowhere",
            "updates, line 10: the same claim by the same source appears earlier (updates, line 2): note is",
            "updates, line 11: it is empty",
            "line 12: it is a list; write an object in braces on each line",
            "kinds, line 13: 'a b' is not an id",
            "updates, line 14: event_date: 2027 is in the future",
            "line 15: column 31: it is not JSON: expecting value",
            "line 16: it is not UTF-8 text",
            "updates, line 18: source: there is no source no-source",
        ],
        strict=True,
    ):
        assert line.startswith(start), (line, start)
    assert record.read_bytes() == before


def test_a_clash_shows_both_values_and_a_retracted_update_stays_retracted(
    record: Path, tmp_path: Path
) -> None:
    id_ = "0195e7a1-7000-7000-8000-000000000001"
    assert run(record, "load", str(write(tmp_path / "a.jsonl", SITE, {**UPDATE, "id": id_}))).code == 0
    clashing = write(tmp_path / "b.jsonl", {**UPDATE, "id": id_, "status": "idle"})
    done = run(record, "load", str(clashing))
    assert "status is 'idle' here and 'building' in the database" in done.err
    assert run(record, "undo", id_).code == 0
    done = run(record, "load", str(tmp_path / "a.jsonl"))
    assert "including 1 update retracted and not put back" in done.out
    assert query(record, f"SELECT undone_in IS NULL FROM updates WHERE id = '{id_}'") == [(0,)]


def test_an_undone_load_can_be_loaded_again_with_other_content(record: Path, tmp_path: Path) -> None:
    id_ = "0195e7a1-7000-7000-8000-000000000001"
    assert run(record, "load", str(write(tmp_path / "a.jsonl", SITE, {**UPDATE, "id": id_}))).code == 0
    assert run(record, "undo").code == 0
    again = write(tmp_path / "b.jsonl", SITE, {**UPDATE, "id": id_, "status": "idle"})
    assert run(record, "load", str(again)).code == 0
    assert query(record, f"SELECT status, undone_in FROM updates WHERE id = '{id_}'") == [("idle", None)]
    ((content,),) = query(record, f"SELECT content FROM former_rows WHERE id = '{id_}'")
    assert json.loads(content)["status"] == "building"
    assert query(record, "SELECT status FROM states WHERE project = 'new-site'") == [("idle",)]


def test_an_update_in_json_lines_has_the_same_id_and_class_as_in_json(record: Path, tmp_path: Path) -> None:
    source = {"list": "sources", "id": "some-paper", "published": "2025-02", "evidence": "promiser"}
    update = {**UPDATE, "source": "some-paper", "percent": 80}
    assert run(record, "load", str(write(tmp_path / "a.jsonl", update, source, SITE))).code == 0
    rows = {row["list"]: [{key: row[key] for key in row if key != "list"}] for row in (update, source, SITE)}
    whole = {"format": "nkplan/2"} | rows
    done = run(record, "load", "-", stdin=json.dumps(whole, indent=1).encode())
    assert done.out == "standard input: nothing new; already recorded: 1 source, 1 project and 1 update\n"
    assert query(record, "SELECT evidence, known_day FROM updates WHERE source = 'some-paper'") == [
        ("promiser", "2025-02-28")
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "format is missing; write"),
        (b"\n", "line 1: format is missing; write"),
        (b'{"list": "updates"}\n', "line 1: format is missing; write"),
        (b'{"format": "nkplan/2", "format": "nkplan/2"}', "line 1: format: it appears twice"),
        (b'\xef\xbb\xbf{"format": "nkplan/2"}\n' + b"[" * 100_000, "line 2: it is nested too deeply"),
        (b'{"format": "nkplan/2"}\n{"list": "updates", "list": "updates"}', "list: it appears twice"),
        (b'{"format": "nkplan/2"}\n"' + b"x" * 5_000_000 + b'"\n', "line 2: it is longer than 4000000 bytes"),
        (b'{"format": "nkplan/2"}\n{"list": 3}', "line 2: list: it is a number"),
        (b'{"format": "nkplan/2"}\n' + b"7" * 5_000, "line 2: it is a number of 5000 digits"),
        (
            b'{"format": "nkplan/2"}\n{"list": "updates", "project": "a", "event_date": "2024", "percent": '
            + b"7" * 5_000
            + b"}",
            "updates, line 2: percent: it is a number of 5000 digits",
        ),
    ],
    ids=range(10),
)
def test_a_malformed_file_is_refused_with_the_reason(content: bytes, fault: str) -> None:
    batch = jsonl.read_file(BytesIO(content), TODAY)
    updates = list(batch.stream)
    assert not any(isinstance(one, Update) for one in updates)
    assert fault in "\n".join(map(str, (*batch.faults, *updates)))


@pytest.mark.parametrize("by_lines", [True, False])
def test_of_very_many_faults_the_first_are_listed_and_the_rest_counted(
    record: Path, tmp_path: Path, by_lines: bool
) -> None:
    # Of every three rows one is faulty, one names a faulty row (not a fault), and one names a missing row.
    rows = [
        row
        for at in range(1_500)
        for row in (
            {"list": "projects", "id": f"faulty-{at}", "name": "", "type": "site", "kind": "factory"},
            {**UPDATE, "project": f"faulty-{at}"},
            {**UPDATE, "project": f"nowhere-{at}"},
        )
    ]
    if by_lines:
        file = write(tmp_path / "faulty.jsonl", *rows)
    else:
        lists = {name: [] for name in ("projects", "updates")}  # type: dict[str, list[Any]]
        for row in rows:
            lists[row["list"]].append({key: row[key] for key in row if key != "list"})
        file = tmp_path / "faulty.json"
        file.write_text(json.dumps(HEAD | lists, indent=1), "utf-8")
    before = record.read_bytes()
    done = run(record, "load", str(file))
    assert (done.code, done.out) == (2, "")
    first, *told, last = done.err.splitlines()
    assert first == f"nkplan: {file}: 3000 faults, so nothing was written"
    assert len(told) == 1_000
    assert last == "  and 2000 more; fix these and load the file again to see the rest"
    if by_lines:
        assert [line.split(": ")[0] for line in told[:3]] == [
            "  projects, line 2", "  updates, line 4", "  projects, line 5",
        ]  # fmt: skip
    else:
        assert [line.split(",")[0] for line in told] == [f"  projects[{at}]" for at in range(1_000)]
    assert record.read_bytes() == before


def test_rows_of_every_list_are_read_as_they_are_in_json(tmp_path: Path) -> None:
    file = write(tmp_path / "seed.jsonl", *list_rows(SHIPPED[1]))
    batch = jsonl.read_file(BytesIO(file.read_bytes()), TODAY)
    whole = read_file(SHIPPED[1].read_bytes(), TODAY)
    assert (batch.faults, batch.faulty_ids) == ((), frozenset())
    for name in ("settings", "kinds", "publishers", "sources", "announcements", "projects", "quotas"):
        assert getattr(batch, name) == getattr(whole, name)
    assert tuple(batch.stream) == whole.updates
    assert len(batch.stream) == len(whole.updates)


def test_an_update_is_recognised_however_its_line_is_written(record: Path, tmp_path: Path) -> None:
    rows = [
        '{"list": "updates", "project": "new-site", "event_date": "2025-01", "note": "a"}',
        ' {"list":"updates","project":"new-site","event_date":"2025-02","note":"say \\"list\\""}',
        '\t{ "list" :"updates" , "project":"new-site", "event_date":"2025-03", "note":"c"}\r',
        '{"l\\u0069st": "upd\\u0061tes", "project": "new-site", "event_date": "2025-04", "note": "d"}',
    ]
    file = tmp_path / "spelled.jsonl"
    file.write_text("\n".join([json.dumps(HEAD), *rows, json.dumps(SITE)]), "utf-8", newline="")
    batch = jsonl.read_file(BytesIO(file.read_bytes()), TODAY)
    assert (batch.faults, len(batch.stream)) == ((), 4)
    done = run(record, "load", str(file))
    assert done.out.startswith(f"{file}: recorded: 1 project and 4 updates\n")
    assert query(record, "SELECT note FROM updates WHERE project = 'new-site' ORDER BY effective_day") == [
        ("a",), ('say "list"',), ("c",), ("d",),
    ]  # fmt: skip


def test_a_line_that_names_two_lists_is_a_fault_reported_once(tmp_path: Path) -> None:
    for first, second in (("updates", "projects"), ("projects", "updates"), ("updates", "updates")):
        content = f'{{"format": "nkplan/2"}}\n{{"list": "{first}", "list": "{second}", "id": "a"}}'
        batch = jsonl.read_file(BytesIO(content.encode()), TODAY)
        told = [str(one) for one in (*batch.faults, *batch.stream)]
        assert told.count(f"{second}, line 2: list: it appears twice; keep one") == 1
        assert len(set(told)) == len(told)


def measure_memory(command: Sequence[str], db: Path) -> int:
    """Return the peak memory of a command, in KiB."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], env=make_environment(db), capture_output=True, check=True
    )
    return int(done.stdout)


def test_a_long_file_is_not_kept_in_memory(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import date\n"
        "from nkplan.formats.jsonl import read_file\n"
        "batch = read_file(open(sys.argv[1], 'rb'), date(2026, 11, 24))\n"
        "assert sum(1 for _ in batch.stream) == int(sys.argv[2])\n"
    )
    least = [
        measure_memory(
            [sys.executable, "-c", code, str(make_many(tmp_path / f"{n}.jsonl", n)), str(n)], tmp_path
        )
        for n in (1, 20_000)
    ]
    # The second file has 10 MiB.
    assert least[1] - least[0] < 4 * 1024


def test_a_long_load_shows_a_progress_bar_on_a_terminal_and_removes_it(record: Path, tmp_path: Path) -> None:
    file = make_many(tmp_path / "many.jsonl", 10_000)
    copy = Path(shutil.copy(record, tmp_path / "copy.db"))
    # A pipe that pauses for over a second in the middle, so that the load is long on any machine.
    slow = tmp_path / "long.jsonl"
    os.mkfifo(slow)
    writer = Thread(target=feed, args=(file.read_bytes(), slow))
    writer.start()
    # Wide enough for the name of any folder of a test: the space at the end of a full line is not read.
    shown = show(record, 200, "load", str(slow))
    writer.join()
    assert shown.code == 0
    assert "━".encode() in shown.raw
    assert b"[progress" not in shown.raw
    assert not [line for line in shown.lines if "━" in line]
    # Where the line wraps depends on how long the name of the file is.
    assert "recorded:1projectand10000updatesnew-siteNew" in "".join("".join(shown.lines).split())
    piped = run(copy, "load", str(file))
    assert (piped.code, piped.err) == (0, "")


def test_a_short_load_shows_no_progress_bar(record: Path, tmp_path: Path) -> None:
    shown = show(record, 100, "load", str(write(tmp_path / "short.jsonl", SITE, UPDATE)))
    assert "━".encode() not in shown.raw


def make_updates(number: int) -> list[bytes]:
    update = {"list": "updates", "project": "grand-canal", "event_date": "2024"}
    return [json.dumps({**update, "note": f"{at}", "percent": at}).encode() for at in range(number)]


@pytest.mark.parametrize("change", ["cut", "grown", "rewritten"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    record: Path, tmp_path: Path, recorder: Recorder, change: str
) -> None:
    """Its updates are read when they are recorded, after all other rows."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\n".join([b'{"format": "nkplan/2"}', *make_updates(50)]) + b"\n")
    before = record.read_bytes()
    with path.open("rb") as file:
        batch = jsonl.read_file(file, TODAY)
        with path.open("r+b") as other:
            if change == "cut":
                other.truncate(2_000)
            elif change == "grown":
                other.seek(0, 2)
                other.write(b"\n".join(make_updates(1)) + b"\n")
            else:
                other.write(b'{"format": "nkplan/2"}\n')
                other.write(b"\n".join(reversed(make_updates(50))) + b"\n")
                # Two writes within one tick of the clock leave no trace.
                os.utime(path, ns=(1, 1))
        with pytest.raises(BadInput, match="the file changed while it was read"):
            record_batch(record, batch, "load", recorder, summary="x", chunk_size=5)
    assert record.read_bytes() == before
